"""Measure the speed and print one table of ratios, and how far the goals are.

python -m tests.bench [--people 10000 1000000] [--rounds 15] [--only questions] [--continue] [--keep | --add]

Every size of city is measured in one run; ways to the same answer are timed in turn and their answers are equal. What
fails says so in its row, the rest goes on, and the run ends with 1; `--continue` then measures only what is missing.
A city of 10000000 takes more than an hour, 16 GB of memory and 60 GB of disk.
"""

import argparse
import dataclasses
import importlib.metadata
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from data import speeds
from data.speeds import Report
from tests.bench import goals, quoted, sections, table
from tests.bench.run import City, Run

PACKAGES = ("duckdb", "pandas", "numpy", "streamlit", "plotly")
CPU = Path("/proc/cpuinfo")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size and print its rows as they come; 0, or 1 where something could not be measured."""
    given = _parser().parse_args(arguments)
    facts, kept = _machine(), speeds.latest() if given.add else None
    if kept:
        speeds.refuse_another_machine(kept, facts["machine"])
    run = Run(goes_on=given.goes_on)
    for line in (*(f"{name}: {fact}" for name, fact in facts.items()), "", *table.lines(0, (), headed=True)):
        say(line)
    for people in sorted(given.people):
        _measure(run, people, given)
    reached = goals.reached(run.rows)
    for line in ("", *table.goal_lines(reached), "", f"Load of the machine at the end: {_load()}."):
        say(line)
    report = Report(run.at, run.version, facts, tuple(reached), tuple(run.rows))
    if given.keep:
        _keep(report)
    elif kept:
        whole = speeds.joined(kept, report)
        _keep(dataclasses.replace(whole, goals=tuple(goals.reached(whole.rows))))
    run.end()
    return int(any(row.failed for row in run.rows))


def _keep(report: Report) -> None:
    path = speeds.FOLDER / f"{report.began[:10]}.json"
    speeds.write(path, report)
    quoted.quote(speeds.read(path))


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _measure(run: Run, people: int, given: argparse.Namespace) -> None:
    before = speeds.before(run.rows, people)
    city = City(run.folder / str(people), people, given.rounds)
    wanted = given.only or (
        sections.SECTIONS if people == min(given.people) else sections.SECTIONS.keys() - sections.ONCE
    )
    for name, measure in sections.SECTIONS.items():
        if name == sections.MAKING or name in wanted:
            for line in table.lines(people, run.section(name, city, measure), headed=False, before=before):
                say(line)


def _machine() -> dict[str, str]:
    return {
        "machine": f"{platform.system()} · {_processor()} · {os.cpu_count()} CPU · {_memory() / 2**30:.0f} GiB",
        "Python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
        "load": _load(),
    }


def _processor() -> str:
    named = [line.partition(": ")[2] for line in _lines(CPU) if line.startswith("model name")]
    return (named or [platform.machine()])[0]


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 1_000_000], help="sizes of the city")
    parser.add_argument("--rounds", type=int, default=15, help="the most rounds of each comparison")
    parser.add_argument("--only", nargs="+", choices=[*sections.SECTIONS], help="sections, beside making the city")
    parser.add_argument("--continue", dest="goes_on", action="store_true", help="what the run before left to be done")
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--keep", action="store_true", help="keep the run as the one of its day, for the page Assurance")
    kept.add_argument("--add", action="store_true", help="add it to the newest run that is kept, for another size")
    return parser


if __name__ == "__main__":
    sys.exit(main())
