"""The goals of speed, rows of goals.csv, and how far a run is from each.

A goal compares two rows (`of` against `to`, by "what|how"), or takes one as it is. `quantity` is what of the rows is
taken: seconds, slow (the 95th percentile), memory or size. `at` is the size of city it is set for: "largest" or
"smallest" at which both were measured, a number of people, or "growth": the largest against the next smaller.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from data.speeds import Goal, Row

ROWS = Path(__file__).with_suffix(".csv")
GROWTH, LARGEST, SMALLEST = "growth", "largest", "smallest"
Given = dict[str, str]


def given() -> list[Given]:
    """The goals as they are written."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reached(rows: Sequence[Row], goals: Iterable[Given] | None = None) -> list[Goal]:
    """Every goal with what the rows of a run give for it."""
    return [_goal(goal, rows) for goal in (given() if goals is None else goals)]


def _goal(goal: Given, rows: Sequence[Row]) -> Goal:
    own = {name: goal[name] for name in ("code", "en", "zh", "bound", "unit", "reason_en", "reason_zh")}
    return Goal(**cast("Any", own), value=float(goal["value"]), measured=_measured(goal, rows))


def _measured(goal: Given, rows: Sequence[Row]) -> float | None:
    compared = [{row.people for row in rows if _place(row) == goal[side]} for side in ("of", "to") if goal[side]]
    at = _sizes(goal["at"], sorted(set.intersection(*compared)))
    if not at:
        return None
    found = _quantity(goal["of"], goal["quantity"], at[-1], rows)
    if not goal["to"]:
        return found
    against = _quantity(goal["to"], goal["quantity"], at[0], rows)
    return found / against if found is not None and against else None


def _sizes(at: str, sizes: list[int]) -> list[int]:
    """The size of the city that `of` is taken of, the last, and `to`, the first; none where it was not measured."""
    if at == GROWTH:
        return sizes[-2:] if len(sizes) > 1 else []
    if at in (LARGEST, SMALLEST):
        return sizes[-1:] if at == LARGEST else sizes[:1]
    return [int(at)] if int(at) in sizes else []


def _quantity(place: str, quantity: str, people: int, rows: Iterable[Row]) -> float | None:
    found = [getattr(row, quantity) for row in rows if (row.people, _place(row)) == (people, place)]
    return found[0] if found else None


def _place(row: Row) -> str:
    return f"{row.what}|{row.how}"
