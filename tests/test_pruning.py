"""Old builds: which of them go, which stay though they are old, and that whoever reads one reads on."""

import dataclasses
import os
import shutil
import time
from pathlib import Path

import pytest

from data import endorsed, history, keeping
from data.access import LOCAL
from data.store import Store
from queries import __main__ as command
from queries import building, checksums, pruning, warehouse
from queries.pruning import PruningError
from tests.test_endorsed import FILES, RECORD

pytestmark = pytest.mark.promise("builds.pruned")

DAY = 86_400


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with five builds made on five days, all read last two days ago, which keeps the last two."""
    made = Store(tmp_path / "store")
    made.warehouse.mkdir(parents=True)
    for number in range(5):
        event = history.Event(kind=history.BUILT, what=f"b{number}", who="示例甲", at=f"2026-01-0{number + 1}T08:00:00")
        keeping.put(made.history / f"{number}.json", keeping.text(dataclasses.asdict(event)))
        read(made, f"b{number}", 2 * DAY)
    keeps(made, "builds_kept = 2")
    return made


def read(store: Store, name: str, ago: float) -> None:
    """Let a build be there that was read so many seconds ago."""
    path = store.warehouse / f"{name}.duckdb"
    path.touch()
    os.utime(path, (time.time() - ago,) * 2)


def keeps(store: Store, text: str) -> None:
    """Set what is set for a store."""
    store.settings.write_text(text, encoding="utf-8")


def going(store: Store, served: str | None = None) -> list[str]:
    """The builds that may go."""
    return [path.stem for path in pruning.superfluous(store, store.warehouse / f"{served}.duckdb")]


def test_all_but_the_last_builds_go(store: Store) -> None:
    assert going(store) == ["b0", "b1", "b2"]
    assert [path.stem for path in pruning.prune(store, None)] == ["b0", "b1", "b2"]
    assert sorted(path.stem for path in store.warehouse.glob("*")) == ["b3", "b4"]
    assert pruning.prune(store, None) == ()


def test_the_served_one_stays_and_what_a_briefing_was_made_from_and_what_was_read_within_a_day(store: Store) -> None:
    assert going(store, "b0") == ["b1", "b2"]
    endorsed.keep(store, dataclasses.replace(RECORD, build="b1"), FILES)
    assert going(store, "b0") == ["b2"]
    read(store, "b2", DAY - 60)
    assert going(store, "b0") == []


def test_where_nothing_is_set_twenty_stay(store: Store) -> None:
    store.settings.unlink()
    assert going(store) == []
    for number in range(17):
        read(store, f"older{number}", 2 * DAY)
    assert len(going(store)) == 2
    assert not {"b0", "b1", "b2", "b3", "b4"} & set(going(store))


@pytest.mark.parametrize("text", ["builds_kept = 0", 'builds_kept = "3"', "builds_kept = true", "builds_kept ="])
def test_a_setting_that_is_none_deletes_nothing_and_says_so(store: Store, text: str) -> None:
    keeps(store, text)
    with pytest.raises(PruningError, match=r"settings\.toml"):
        pruning.prune(store, None)
    assert len(list(store.warehouse.glob("*.duckdb"))) == 5


def test_where_a_briefing_cannot_be_read_nothing_is_deleted_and_that_is_said(store: Store) -> None:
    keeping.put(store.briefings / "0001" / "record.toml", "build =")
    with pytest.raises(PruningError, match=r"record\.toml"):
        pruning.prune(store, None)
    assert len(list(store.warehouse.glob("*.duckdb"))) == 5


def test_the_command_line_tells_sizes_says_what_would_go_and_deletes_it(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    (store.warehouse / "b4.duckdb").write_bytes(b"0" * 1_240_000)
    asked = ["--store", str(store.root)]
    assert command.main(["builds", *asked]) == 0
    assert "1.2 MB" in capsys.readouterr().out.splitlines()[0]
    assert command.main(["prune", "--tell", *asked]) == 0
    assert capsys.readouterr().out.splitlines() == ["would go: b0", "would go: b1", "would go: b2"]
    assert command.main(["prune", *asked]) == 0
    assert capsys.readouterr().out.splitlines() == ["deleted: b0", "deleted: b1", "deleted: b2"]
    assert command.main(["prune", *asked]) == 0
    assert capsys.readouterr().out == "No build is to go.\n"
    keeps(store, "builds_kept = 0")
    assert command.main(["prune", *asked]) == 2
    assert "write a whole number from 1 on" in capsys.readouterr().err


def test_a_build_deletes_older_ones_but_that_which_it_takes_over_from_and_who_reads_a_deleted_one_reads_on(
    cadre_store: Store, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store")
    shutil.copytree(cadre_store.root, store.root)
    keeps(store, "builds_kept = 1")
    before = warehouse.newest(store)
    assert before
    reader = warehouse.open_for(before, LOCAL)
    os.utime(checksums.of(before), (time.time() - 2 * DAY,) * 2)
    read(store, "long_ago", 9 * DAY)
    land_again(store)
    made = building.build(store)
    assert {*store.warehouse.glob("*.duckdb")} == {before, made}
    assert building.prune(store) == (before,)
    assert {*store.warehouse.glob("*.duckdb")} == {made}
    assert len(reader.ask("roster/units").table) == 4


def land_again(store: Store) -> None:
    """Let the data stand a month later, so that another build is due."""
    manifest = store.manifest_path.read_text(encoding="utf-8")
    store.manifest_path.write_text(manifest.replace("202610", "202611"), encoding="utf-8")


def test_opening_a_build_keeps_it_for_a_day(cadre_store: Store) -> None:
    path = warehouse.newest(cadre_store)
    assert path
    kept = checksums.of(path)
    os.utime(kept, (time.time() - 2 * DAY,) * 2)
    warehouse.open_for(path, LOCAL)
    assert time.time() - kept.stat().st_mtime < DAY
