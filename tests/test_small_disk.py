"""On a full disk or in a store that may not be written a command says what to do, and all that was there serves on."""

import sys
from functools import partial
from pathlib import Path

import pytest

from data.store import Store
from tests import apart, small_disk
from tests.small_disk import Told
from tests.stages import Stages, copied

pytestmark = pytest.mark.promise("disk.full")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has such disks, limits and rights.")

FULL = ("所在磁盘已满，请清理空间后重试", "is full; free space there and try again")
BARRED = ("没有写入权限，请开放写入权限", "may not be written; allow writing there")
PAGE = 4096
PLENTY = 1 << 25
LANDING_ROOMS = (*range(0, 16 * PAGE, PAGE), PLENTY)
LANDING_SIZES = (0, 500, 1000, 2000, 4000, 8000, PLENTY)
BUILD_SIZES = (0, 10**4, 10**5, 10**6, 10**7, PLENTY)
BUILD_ROOMS = (0, 10**5, 10**6, 2 * 10**6, 5 * 10**6, 10**7, 16 * 10**6, PLENTY)


def on_a_disk(disk: Path, store: Path, rooms: tuple[int, ...], *words: str) -> list[Told]:
    """What a command told with each room on the disk; skips where no disk of its own can be had."""
    disk.mkdir()
    try:
        return apart.given_by(partial(small_disk.with_room, disk, store, rooms, *words))
    except PermissionError as error:
        pytest.skip(f"Only root can have a small disk of its own ({error}); limits on files stand in for it.")


def refused(told: Told, because: tuple[str, str]) -> bool:
    """Whether a command ended with one line that says why and what to do."""
    return told.code == 2 and told.complained.count("\n") == 1 and all(words in told.complained for words in because)


def landing(stages: Stages) -> tuple[str, ...]:
    """The command that lands what comes after the first build."""
    return "data", "land", *map(str, stages.files), "--month", "2026-10"


def check(outcomes: list[Told], before: apart.Seen, after: apart.Seen, had: frozenset[str]) -> None:
    """Refused in words, with nothing changed, until there is room; and then it went well."""
    went_well = [told.code == 0 for told in outcomes]
    assert went_well == sorted(went_well)
    assert went_well[-1]
    for told in outcomes[: went_well.index(True)]:
        assert refused(told, FULL), told
        assert (told.seen, told.files) == (before, had)
    for told in outcomes[went_well.index(True) :]:
        assert told.seen.answer == after.answer
    assert outcomes[went_well.index(True)].seen == after
    assert went_well.count(False) > 1


def test_a_landing_on_a_full_disk_says_so_and_lands_when_there_is_room(stages: Stages, tmp_path: Path) -> None:
    outcomes = on_a_disk(tmp_path / "disk", stages.first.root, LANDING_ROOMS, *landing(stages))
    check(outcomes, stages.before, stages.landed, small_disk.files(stages.first))


def test_a_build_on_a_full_disk_says_so_and_is_built_when_there_is_room(stages: Stages, tmp_path: Path) -> None:
    outcomes = on_a_disk(tmp_path / "disk", stages.second.root, BUILD_ROOMS, "queries", "build")
    check(outcomes, stages.landed, stages.built, small_disk.files(stages.second))


def test_where_files_may_not_grow_a_landing_says_so_and_lands_when_they_may(stages: Stages, tmp_path: Path) -> None:
    store = copied(stages.first, tmp_path / "store")
    outcomes = apart.given_by(partial(small_disk.with_files_of, store.root, LANDING_SIZES, *landing(stages)))
    check(outcomes, stages.before, stages.landed, small_disk.files(stages.first))


def test_where_files_may_not_grow_a_build_says_so_and_is_built_when_they_may(stages: Stages, tmp_path: Path) -> None:
    store = copied(stages.second, tmp_path / "store")
    outcomes = apart.given_by(partial(small_disk.with_files_of, store.root, BUILD_SIZES, "queries", "build"))
    check(outcomes, stages.landed, stages.built, small_disk.files(stages.second))


def closed(store: Store) -> Store:
    """The same store, closed to writing."""
    for path in (store.root, *store.root.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return store


@pytest.mark.parametrize("command", ["land", "build", "step"])
def test_a_store_that_may_not_be_written_says_so_and_serves_on(stages: Stages, tmp_path: Path, command: str) -> None:
    words = {
        "land": landing(stages),
        "build": ("queries", "build"),
        "step": ("data", "step", "township", "2026", "decision", "--state", "planned", "--by", "示例甲"),
    }[command]
    store = closed(copied(stages.second, tmp_path / "store"))
    told = apart.given_by(partial(small_disk.without_rights, store.root, *words))
    assert refused(told, BARRED), told
    assert (told.seen, told.files) == (stages.landed, small_disk.files(stages.second))


def test_where_what_has_landed_is_built_a_build_needs_nothing_written(stages: Stages, tmp_path: Path) -> None:
    store = closed(copied(stages.first, tmp_path / "store"))
    told = apart.given_by(partial(small_disk.without_rights, store.root, "queries", "build"))
    assert (told.code, told.complained, told.seen) == (0, "", stages.before)
