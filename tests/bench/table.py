"""The one table that a run prints, and its goals under it."""

import sys
from collections.abc import Iterable, Mapping, Sequence

from data.speeds import Goal, Row
from pages.parts.numerals import measure, megabytes

__all__ = ["Row", "goal_lines", "lines", "megabytes", "show"]

HEADINGS = ("people", "what", "how", "time", "p95", "ratio", "growth", "memory", "bytes", "")
RULE = "| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
GOAL_HEADINGS = ("goal", "set at", "measured", "", "why")
GOAL_RULE = "| --- | ---: | ---: | --- | --- |"
MET = {True: "met", False: "missed", None: "not measured"}
Before = Mapping[tuple[str, str], float]
"""The seconds of the next smaller city, by what was done and how."""


def lines(people: int, rows: Sequence[Row], *, headed: bool, before: Before | None = None) -> Iterable[str]:
    """The rows as Markdown; with headings above them where `headed`.

    Growth is the time against the same `before`, in the next smaller city.
    """
    if headed:
        yield _line(HEADINGS)
        yield RULE
    for row in rows:
        yield _line((f"{people:,}", row.what, row.how, *_measures(row, before or {}), row.remark))


def goal_lines(goals: Iterable[Goal]) -> Iterable[str]:
    """The goals as Markdown."""
    yield _line(GOAL_HEADINGS)
    yield GOAL_RULE
    for goal in goals:
        why = "" if goal.is_met else goal.reason_en
        measured = _said(goal.measured, goal.unit)
        sign = "≤" if goal.bound == "most" else "≥"
        yield _line((goal.en, f"{sign} {measure(goal.value, goal.unit)}", measured, MET[goal.is_met], why))


def show(people: int, rows: Sequence[Row], *, headed: bool = True) -> None:
    """Print the rows at once."""
    for line in lines(people, rows, headed=headed):
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _measures(row: Row, before: Before) -> tuple[str, ...]:
    smaller = before.get((row.what, row.how))
    growth = row.seconds / smaller if row.seconds is not None and smaller else None
    told = ((row.seconds, "seconds"), (row.slow, "seconds"), (row.ratio, "ratio"), (growth, "ratio"))
    return tuple(_said(*each) for each in (*told, (row.memory, "bytes"), (row.size, "bytes")))


def _said(number: float | None, unit: str) -> str:
    return "" if number is None else measure(number, unit)
