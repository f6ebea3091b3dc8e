"""A large file lands in parts as it would as a whole, holds little of itself at a time, and leaves nothing behind."""

import functools
import gc
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import landing, reading
from data.landing import Look, land
from data.reading import ReadingError
from data.store import Store
from tests import apart, small_disk
from tests.stages import Stages, copied
from tests.test_blocks import HEADINGS, messy

POSTINGS = "人员编码,单位编码,职务名称,成员类别,任职时间\n"
PLENTY = 1 << 25


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every csv is large, and is read seven rows at a time."""
    for name, value in {"LARGE": 0, "ROWS_A_BLOCK": 7, "BLOCKS_A_PART": 1}.items():
        monkeypatch.setattr(reading, name, value)


def postings(path: Path, rows: int, *more: str) -> Path:
    """So many people with a post each, and more lines."""
    lines = [f"P{number},001.002,副局长,副职,2021.{number % 12 + 1:02d}" for number in range(rows)]
    path.write_text(POSTINGS + "\n".join([*lines, *more]) + "\n", encoding="utf-8")
    return path


def table(look: Look) -> pa.Table:
    """All good rows together."""
    return pa.concat_tables([part.table for part in look.parts])


def left(store: Store) -> list[Path]:
    """What lies where large files pass."""
    return sorted(store.root.glob("passing/**/*"))


def test_parts_and_the_whole_give_the_same(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_bytes(messy(150).replace("情况表", "情况表（截至2021年12月）").encode("gb18030"))
    other.write_bytes((HEADINGS + "P2,001,书记、局长,正职,2021.10,x\nP9,001,镇长,正职,2021.10,\n").encode())
    whole = landing.look(Store(tmp_path / "store"), [path, other])
    request.getfixturevalue("parts")
    pieces = landing.look(Store(tmp_path / "store"), [path, other])
    assert (len(whole.parts), len(pieces.parts)) == (2, 23 + 1)
    assert pieces.report == whole.report
    assert table(pieces).equals(table(whole))
    assert landing.data_month(Store(tmp_path / "none").manifest(), pieces.parts, replace=False) == 202110


@pytest.mark.usefixtures("parts")
def test_what_stands_beyond_the_headings_is_told_once_wherever_it_begins(tmp_path: Path) -> None:
    path = postings(tmp_path / "a.csv", 30, "P30,001.002,副局长,副职,2021.10,,beyond", "P31,001.002,局长,正职,2021.10")
    report = landing.look(Store(tmp_path / "store"), [path]).report
    assert [(count.rows_in, count.landed) for count in report.counts] == [(32, 32)]
    assert [(each.row, each.column, each.problem_zh) for each in report.findings] == [
        (1, "(7)", reading.UNKNOWN_COLUMN.problem_zh)
    ]


@pytest.mark.usefixtures("parts")
def test_a_missing_column_is_told_once_and_nothing_lands(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("人员编码,单位编码,职务名称\n" + "P1,001,局长\n" * 20, encoding="utf-8")
    report = landing.look(Store(tmp_path / "store"), [path]).report
    assert [(count.rows_in, count.landed) for count in report.counts] == [(20, 0)]
    assert [each.column for each in report.findings] == ["成员类别", "任职时间"]


@pytest.mark.usefixtures("parts")
def test_a_key_that_comes_again_in_a_later_part_or_file_lands_once(tmp_path: Path) -> None:
    again = "P3,001.002,副局长,副职,2021.04"
    first, second = postings(tmp_path / "a.csv", 30, again), postings(tmp_path / "b.csv", 0, again)
    store = Store(tmp_path / "store")
    report = land(store, [first, second])
    assert [(count.rows_in, count.landed) for count in report.counts] == [(31, 30), (1, 0)]
    assert [(each.file, each.row) for each in report.findings] == [("a.csv", 32), ("b.csv", 2)]
    assert all("a.csv第5行" in each.problem_zh for each in report.findings)
    (landed,) = store.manifest().files("posting")
    assert pq.read_table(landed, columns=["person_id"]).to_pydict() == {"person_id": [f"P{at}" for at in range(30)]}


@pytest.mark.usefixtures("parts")
def test_nothing_stays_where_a_large_file_passed(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    land(store, [postings(tmp_path / "a.csv", 30)])
    assert left(store) == []
    with pytest.raises(ReadingError, match="seen at line"):
        land(store, [postings(tmp_path / "b.csv", 30, 'P9,"001')])
    assert left(store) == []
    seen = landing.look(store, [postings(tmp_path / "c.csv", 30)])
    assert (len(left(store)) > 2, seen.parts[1].table.num_rows) == (True, 7)
    del seen
    gc.collect()
    assert left(store) == []


@pytest.mark.usefixtures("parts")
def test_a_look_into_no_store_makes_none(tmp_path: Path) -> None:
    seen = landing.look(Store(tmp_path / "store"), [postings(tmp_path / "a.csv", 30)])
    assert table(seen).num_rows == 30
    assert not (tmp_path / "store").exists()


def in_parts(store: Store, path: Path) -> None:
    """Land a file in parts, in a process of its own."""
    reading.LARGE, reading.ROWS_A_BLOCK, reading.BLOCKS_A_PART = 0, 50, 1
    land(store, [path], month=202610)


def test_a_landing_in_parts_killed_anywhere_is_whole_or_not_there_and_the_next_one_clears_up(
    stages: Stages, tmp_path: Path
) -> None:
    path = postings(tmp_path / "a.csv", 200)
    undisturbed = copied(stages.first, tmp_path / "undisturbed")
    touches = apart.touches(undisturbed.root, functools.partial(in_parts, undisturbed, path))
    landed, ends, behind = apart.seen(undisturbed), set(), False
    store = copied(stages.first, tmp_path / "store")
    for touch in range(3, touches, max(1, touches // 6)):
        apart.killed_at(touch, store.root, functools.partial(in_parts, store, path))
        ends.add(apart.seen(store))
        behind = behind or bool(left(store))
        if landed in ends:
            break
    assert (ends <= {stages.before, landed}, behind) == (True, True)
    apart.given_by(functools.partial(in_parts, store, postings(tmp_path / "b.csv", 201)))
    assert left(store) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has such limits.")
def test_where_files_may_not_grow_parts_say_so_and_leave_nothing(stages: Stages, tmp_path: Path) -> None:
    store = copied(stages.first, tmp_path / "store")
    words = ("data", "land", str(postings(tmp_path / "a.csv", 2_000)), "--month", "2026-10")
    outcomes = apart.given_by(functools.partial(with_files_of, store.root, (0, 2_000, PLENTY), *words))
    *refused, landed = outcomes
    assert landed.code == 0
    for told in refused:
        assert (told.code, told.complained.count("\n")) == (2, 1)
        assert "所在磁盘已满，请清理空间后重试" in told.complained
        assert (told.seen, told.files - {"passing"}) == (stages.before, small_disk.files(stages.first))


def with_files_of(store: Path, sizes: tuple[int, ...], *words: str) -> list[small_disk.Told]:
    """Land in parts where no file may be larger than so many bytes."""
    reading.LARGE, reading.ROWS_A_BLOCK, reading.BLOCKS_A_PART = 0, 500, 1
    return small_disk.with_files_of(store, sizes, *words)


def most_held(path: Path, store: Store) -> int:
    """The most that tables took at one time while a file landed in parts."""
    reading.LARGE, reading.ROWS_A_BLOCK, reading.BLOCKS_A_PART = 0, 2_000, 1
    land(store, [path])
    return int(pa.default_memory_pool().max_memory())


def test_five_times_the_rows_take_no_more_room_at_a_time(tmp_path: Path) -> None:
    held = [
        apart.given_by(
            functools.partial(most_held, postings(tmp_path / f"{rows}.csv", rows), Store(tmp_path / f"{rows}"))
        )
        for rows in (10_000, 50_000)
    ]
    assert held[1] < 1.5 * held[0]
