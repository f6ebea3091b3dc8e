"""The one table that a run prints."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("people", "what", "how", "time", "p95", "ratio", "memory", "")
RULE = "| ---: | --- | --- | ---: | ---: | ---: | ---: | --- |"
MEGA = 1e6
WHOLE_FROM = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One way of doing one thing.

    `seconds` is a median and `slow` the 95th percentile; `ratio` is the time against the first row of the same
    thing; `memory` is bytes, of a process at its peak or of a file.
    """

    what: str
    how: str
    seconds: float | None = None
    slow: float | None = None
    ratio: float | None = None
    memory: int | None = None
    remark: str = ""


def lines(people: int, rows: Sequence[Row], *, headed: bool) -> Iterable[str]:
    """The rows as Markdown; with headings above them where `headed`."""
    if headed:
        yield _line(HEADINGS)
        yield RULE
    for row in rows:
        yield _line((f"{people:,}", row.what, row.how, *_measures(row), row.remark))


def show(people: int, rows: Sequence[Row], *, headed: bool = True) -> None:
    """Print the rows at once."""
    for line in lines(people, rows, headed=headed):
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _measures(row: Row) -> tuple[str, str, str, str]:
    memory = "" if row.memory is None else megabytes(row.memory)
    ratio = "" if row.ratio is None else f"{significant(row.ratio)} ×"
    return duration(row.seconds), duration(row.slow), ratio, memory


def duration(seconds: float | None) -> str:
    """Seconds as a person writes them: 3.2 s, 14 ms, 0.21 ms."""
    if seconds is None:
        return ""
    return f"{significant(seconds)} s" if seconds >= 1 else f"{significant(seconds * 1000)} ms"


def megabytes(size: int) -> str:
    """Bytes in MB, with a decimal where they are few."""
    return f"{size / MEGA:,.{int(size < WHOLE_FROM * MEGA)}f} MB"


def significant(value: float) -> str:
    """A number in two or three digits: 0.21, 3.2, 14, 1,200."""
    return f"{value:,.0f}" if value >= WHOLE_FROM else f"{value:.2g}"
