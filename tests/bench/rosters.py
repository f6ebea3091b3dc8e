"""Rosters, measured: python -m tests.bench.rosters [--rows 1000000] [--workbook 100000]; written, then read."""

import argparse
import itertools
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from data import landing
from data.store import Store
from tests.bench import clock, table
from tests.bench.table import Row

HEADINGS = ("人员编码", "单位编码", "职务名称", "成员类别", "职务层次", "任职时间", "免职时间")
POSTS = ("镇长", "党委书记", "副镇长", "党委委员")
ROLES = ("正职", "正职", "副职", "副职")
POSTS_A_PERSON = 3
PEOPLE_A_UNIT = 50


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one table: a large CSV and a workbook of postings, checked and landed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rosters", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the CSV")
    parser.add_argument("--workbook", type=int, default=100_000, help="rows of the workbook")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        for rows, write, name in ((given.workbook, write_workbook, "a.xlsx"), (given.rows, write_csv, "a.csv")):
            path = Path(made) / name
            write(path, rows)
            table.show(rows, list(_measured(path, rows)), headed=name == "a.xlsx")


def _measured(path: Path, rows: int) -> Iterable[Row]:
    for what, work in (("checked", checked), ("checked and landed", landed)):
        seconds, memory, good = clock.apart(work, path)
        if good != rows:
            message = f"{good} of {rows} rows of {path.name} are good."
            raise RuntimeError(message)
        yield Row(f"postings {what}", f"{path.suffix}, {table.megabytes(path.stat().st_size)}", seconds, memory=memory)


def checked(path: Path) -> tuple[float, int, int]:
    """Seconds and memory to check a file, and how many rows are good."""
    start = time.perf_counter()
    report = landing.examine([path], store=Store(path.parent / "none"))
    return time.perf_counter() - start, clock.peak(), report.landed


def landed(path: Path) -> tuple[float, int, int]:
    """Seconds and memory to land a file, and how many rows did."""
    start = time.perf_counter()
    report = landing.land(Store(path.parent / f"store of {path.name}"), [path])
    return time.perf_counter() - start, clock.peak(), report.landed


def _postings(rows: int) -> Iterable[tuple[str, ...]]:
    for number in range(rows):
        person, post = divmod(number, POSTS_A_PERSON)
        kind, start = person % len(POSTS), 2010 + 4 * post + person % 4
        end = f"{start + 4}.{1 + person % 12:02d}" if post < POSTS_A_PERSON - 1 else ""
        unit = f"{1 + person // PEOPLE_A_UNIT:06d}"
        yield f"P{person:08d}", unit, POSTS[kind], ROLES[kind], "", f"{start}.{1 + person % 12:02d}", end


def write_csv(path: Path, rows: int) -> None:
    """Write so many postings, three a person."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(",".join(row) + "\n" for row in itertools.chain([HEADINGS], _postings(rows)))


def write_workbook(path: Path, rows: int) -> None:
    """Write so many postings, three a person."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("任职")
        for place, row in enumerate((HEADINGS, *_postings(rows))):
            sheet.write_row(place, 0, row)


if __name__ == "__main__":
    main()
