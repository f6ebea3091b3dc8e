"""Measure the speed and print ratios: python -m tests.bench [--people 10000 1000000] [--rounds 15] [--keep].

Every figure comes from one run; ways to the same answer are timed in turn and their answers are equal.
A city of 10000000 takes about ten minutes to make, half an hour in all, 14 GB of memory and 20 GB of disk.
"""

import argparse
import datetime as dt
import importlib.metadata
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from data.store import Store
from tests.bench import clock, making, outlook, page, parts, questions, table

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("duckdb", "pandas", "numpy", "streamlit", "plotly")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size and print its rows as they come."""
    given = _parser().parse_args(arguments)
    printed: list[str] = []
    for line in _report(given.people, given.rounds):
        say(line)
        printed.append(line)
    if given.keep:
        RESULTS.mkdir(exist_ok=True)
        name = f"{_today()}-{'-'.join(map(str, given.people))}.md"
        (RESULTS / name).write_text("\n".join(printed) + "\n", encoding="utf-8")


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _report(sizes: Sequence[int], rounds: int) -> Iterable[str]:
    yield from (_machine(), "", "Ratios are times against the first row of the same thing.", "")
    for place, people in enumerate(sizes):
        yield from table.lines(people, (), headed=place == 0)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            for rows in _rows(Path(folder), people, rounds):
                yield from table.lines(people, rows, headed=False)
    yield from ("", f"Load of the machine at the end: {_load()}.")


def _rows(folder: Path, people: int, rounds: int) -> Iterable[list[table.Row]]:
    yield making.measure(folder, people)
    now = Store(folder).manifest().month
    assert now is not None
    yield clock.apart(questions.measure, folder, rounds)
    yield clock.apart(outlook.measure, folder)
    yield clock.apart(page.measure, folder, now)
    yield clock.apart(parts.measure, folder, now)


def _machine() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return (
        f"{_today()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}, {versions}; load {_load()}."
    )


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 1_000_000], help="sizes of the city")
    parser.add_argument("--rounds", type=int, default=15, help="the most rounds of each comparison")
    parser.add_argument("--keep", action="store_true", help="write the table to tests/bench/results too")
    return parser


if __name__ == "__main__":
    main()
