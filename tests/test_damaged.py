"""A build whose file is damaged is found out and not served: the one before it is, and everybody is told."""

import hashlib
import os
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from data import batches, digest, history
from data.access import LOCAL
from data.store import Store, StoreError
from pages.parts import numerals
from queries import __main__ as command
from queries import building, builds, checksums, pruning, warehouse
from queries.warehouse import WarehouseError
from tests import apart
from tests.conftest import OpenPage
from tests.stages import Stages, build, copied, land

pytestmark = pytest.mark.promise("faults.damaged_build")
PAGE = "overview"
FLIPS = int(os.environ.get("CADRE_FLIPS", "40"))
Harm = Callable[[Path], object]


def flipped(place: float) -> Harm:
    """Flip one bit, so far into the file."""

    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(place * (len(content) - 1))] ^= 1
        path.write_bytes(content)

    return flip


def cut(path: Path) -> None:
    """Leave the first half."""
    os.truncate(path, path.stat().st_size // 2)


HARMS: dict[str, Harm] = {
    "its head": flipped(0),
    "its middle": flipped(0.5),
    "its end": flipped(1),
    "cut short": cut,
    "emptied": lambda path: path.write_bytes(b""),
    "gone": Path.unlink,
}


@pytest.fixture(scope="module")
def both(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with two builds, of which the second is served."""
    made = copied(stages.second, tmp_path_factory.mktemp("both") / "store")
    build(made)()
    return made


@pytest.fixture
def store(both: Store, tmp_path: Path) -> Store:
    """The same store, to be damaged."""
    return copied(both, tmp_path / "store")


@pytest.fixture
def page_store(store: Store) -> Store:
    """What the pages show."""
    return store


def served(store: Store) -> Path:
    """The build that pages are served from."""
    path = warehouse.newest(store)
    assert path is not None
    return path


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_build_gives_way_to_the_one_before(stages: Stages, store: Store, harm: str) -> None:
    second = served(store)
    HARMS[harm](second)
    assert apart.seen(store) == stages.landed
    found = builds.damage(store)
    assert found is not None
    assert (found.id, found.gone, found.served) == (second.stem, harm == "gone", stages.before.build)
    assert not building.is_up_to_date(store)


def test_any_flipped_bit_is_found(store: Store) -> None:
    path = served(store)
    whole, draw = path.read_bytes(), random.Random(FLIPS)  # noqa: S311 - the same bits in every run
    for _ in range(FLIPS):
        content = bytearray(whole)
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        path.write_bytes(content)
        assert not checksums.is_whole(path)
    path.write_bytes(whole)
    assert checksums.is_whole(path)


def test_a_build_that_is_damaged_while_it_is_read_gives_way_and_is_read_anew_once_it_is_mended(
    stages: Stages, store: Store
) -> None:
    second = served(store)
    assert apart.seen(store) == stages.built
    flipped(0.3)(second)
    assert apart.seen(store) == stages.landed
    with pytest.raises(WarehouseError, match=r"is damaged.*已损坏"):
        warehouse.open_for(second, LOCAL)
    apart.given_by(build(store))
    assert builds.damage(store) is None
    assert apart.seen(store) == stages.built


def test_a_build_that_does_not_answer_any_more_is_hashed_at_once(store: Store) -> None:
    second, kept = served(store), served(store).stat()
    opened = warehouse.open_for(second, LOCAL)
    body = bytearray(second.read_bytes())
    body[4096 * 3 :] = bytes(len(body) - 4096 * 3)
    second.write_bytes(body)
    os.utime(second, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert checksums.is_whole(second)
    with pytest.raises(WarehouseError, match=r"is damaged.*已损坏"):
        opened.ask("age_ladder/quota", as_of=opened.data_month)
    assert served(store) != second


def test_where_no_build_is_whole_none_is_served_and_the_next_build_mends_it(stages: Stages, store: Store) -> None:
    for path in store.warehouse.glob("*.duckdb"):
        cut(path)
    assert warehouse.newest(store) is None
    found = builds.damage(store)
    assert found is not None
    assert (found.id, found.served) == (stages.built.build, None)
    dashboard.fill(store)
    assert apart.seen(store) == stages.built


def test_a_damaged_choice_gives_way_to_what_was_served_before_it(store: Store, stages: Stages) -> None:
    builds.serve(store, stages.before.build)
    cut(store.warehouse / f"{stages.before.build}.duckdb")
    assert served(store).stem == stages.built.build
    with pytest.raises(WarehouseError, match=r"is damaged.*已损坏"):
        builds.serve(store, stages.before.build)
    dashboard.fill(store)
    assert (builds.damage(store), served(store).stem) == (None, stages.built.build)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"../../elsewhere"])
def test_a_damaged_pointer_gives_way_to_what_was_served_before(store: Store, stages: Stages, text: bytes) -> None:
    store.pointer.write_bytes(text)
    assert served(store).stem == stages.built.build
    build(store)()
    assert (builds.damage(store), served(store).stem) == (None, stages.built.build)


def test_the_history_says_once_since_when_a_build_is_damaged(store: Store) -> None:
    cut(served(store))
    found = [builds.damage(store) for _ in range(3)]
    noted = [event for event in history.of(store) if event.kind == history.DAMAGED]
    assert [damage.since for damage in found if damage] == [noted[0].at] * 3
    assert len(noted) == 1


def test_a_preview_that_was_damaged_is_not_kept(stages: Stages, store: Store) -> None:
    due = served(store)
    store.previews.mkdir()
    for path in (due, checksums.of(due)):
        shutil.move(path, store.previews / path.name)
    warehouse.point(store, stages.before.build)
    cut(store.previews / due.name)
    build(store)()
    assert apart.seen(store) == stages.built


def test_the_checksum_is_the_files_own_as_any_system_checks_it(store: Store) -> None:
    path = served(store)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert checksums.of(path).read_text(encoding="ascii") == f"{digest}  {path.name}\n"


def test_a_file_is_hashed_once_and_not_again_because_it_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path, hashed = served(store), mock.Mock(wraps=digest._hashed)  # noqa: SLF001 - it is counted how often
    monkeypatch.setattr(digest, "_found", {})
    monkeypatch.setattr(digest, "_hashed", hashed)
    for _ in range(9):
        assert served(store) == path
        os.utime(checksums.of(path), (0, 0))
        pruning.note_reading(path)
        assert checksums.of(path).stat().st_mtime > 1
    assert hashed.mock_calls == [mock.call(path, mock.ANY)]
    flipped(0.9)(path)
    assert served(store) != path
    assert hashed.mock_calls.count(mock.call(path, mock.ANY)) == 2


def test_a_build_from_before_there_were_checksums_is_served(store: Store) -> None:
    path = served(store)
    checksums.of(path).unlink()
    assert (served(store), builds.condition(path)) == (path, builds.UNKNOWN)


def test_verify_lists_every_build_and_says_what_to_do(
    store: Store, stages: Stages, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["verify", "--store", str(store.root)]
    lines = sorted([f"* {stages.built.build}  whole", f"  {stages.before.build}  whole"], key=lambda line: line[2:])
    assert (command.main(words), capsys.readouterr().out.splitlines()) == (0, lines)
    path, held = served(store), served(store).stat()
    flipped(0.7)(path)
    os.utime(path, ns=(held.st_atime_ns, held.st_mtime_ns))
    assert command.main(words) == 2
    *listed, mend = capsys.readouterr().err.splitlines()
    assert listed == [line.replace("* " + path.stem + "  whole", "* " + path.stem + "  damaged") for line in lines]
    assert "`python -m queries build`" in mend


@pytest.mark.promise("faults.damaged_files")
@pytest.mark.parametrize("harm", ["its head", "cut short", "emptied", "gone"])
def test_a_damaged_manifest_is_told_of_and_neither_landed_over_nor_taken_for_an_empty_store(
    stages: Stages, store: Store, harm: str
) -> None:
    HARMS[harm](store.manifest_path)
    for work in (store.manifest, land(store, stages.files), build(store), partial(dashboard.fill, store)):
        with pytest.raises(StoreError, match=r"manifest\.json.*take it from the last backup.*请从最近的备份中取回"):
            work()
    assert {path.name for path in store.landed.iterdir() if path.is_dir()} == {"0001", "0002"}
    assert served(store).stem == stages.built.build
    shutil.copy(stages.second.manifest_path, store.manifest_path)
    assert apart.seen(store) == stages.built


@pytest.mark.promise("faults.damaged_files")
@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_batch_is_named_and_withdrawing_it_is_enough(stages: Stages, store: Store, harm: str) -> None:
    shutil.rmtree(store.warehouse)
    HARMS[harm](store.landed / "0002" / "posting.parquet")
    with pytest.raises(WarehouseError, match=r"posting\.parquet.*data withdraw 0002.*撤回该批次"):
        build(store)()
    with pytest.raises(StoreError, match=r"batch 0002"):
        store.manifest().verify()
    batches.withdraw(store, "0002")
    store.manifest().verify()
    assert building.due(store).stem == stages.before.build


def test_readiness_says_which_build_is_damaged(store: Store, monkeypatch: pytest.MonkeyPatch, stages: Stages) -> None:
    monkeypatch.setenv("CADRE_STORE", str(store.root))
    assert dashboard.standing() == f"ready {stages.built.build}"
    cut(served(store))
    since = (
        next(event.at for event in history.of(store) if event.kind == history.DAMAGED) if builds.damage(store) else ""
    )
    assert dashboard.standing() == f"ready {stages.before.build}\n{stages.built.build} is damaged since {since}"


@pytest.mark.parametrize("name", ["overview", "intake", "present"])
def test_every_page_says_which_build_is_damaged_since_when_and_what_to_do(
    store: Store, stages: Stages, page: OpenPage, name: str
) -> None:
    assert alarms(page(name, lang="en")) == []
    cut(served(store))
    (english,), (chinese,) = alarms(page(name, lang="en")), alarms(page(name))
    since = numerals.moment(next(event.at for event in history.of(store) if event.kind == history.DAMAGED))
    for text in (english, chinese):
        for said in (stages.built.build, stages.before.build, since, "python -m queries build"):
            assert said in text
    assert "is damaged" in english
    assert "已损坏" in chinese


def alarms(page: AppTest) -> list[str]:
    """What a page says aloud of its own accord."""
    return [element.proto.body for element in page.get("html") if 'role="alert"' in element.proto.body]
