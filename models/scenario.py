"""A scenario: what is assumed of exits, ages and appointments on the way to a date, and how far each may be moved.

The bounds are rows of data/policy/scenario_range.csv, dated as every rule is.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Self

from data import month, scenarios

LEVERS = (*scenarios.LEVERS, "plan")
TINY = 1e-9


class ScenarioError(ValueError):
    """A scenario that assumes more than the rules let one assume, or nothing that can be counted."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """How far a lever may be moved, in which steps, where it stands by itself, and the settings tried at its ends."""

    lever: str
    written_as: str
    least: float
    most: float
    step_size: float
    usual: float | None = None
    low_setting: float | None = None
    high_setting: float | None = None

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Self:
        """The range that a row of the rule table gives; an empty cell is None."""
        names = [field.name for field in dataclasses.fields(cls)]
        return cls(**{name: _plain(row[name]) for name in names})

    @property
    def settings(self) -> tuple[float, ...]:
        """Every value that the lever can be set to, from the least to the most."""
        steps = round((self.most - self.least) / self.step_size)
        return tuple(round(self.least + place * self.step_size, 4) for place in range(steps + 1))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is assumed between today and a date, beside what recent years tell.

    `exits` multiplies every rate of leaving; `entry_age` makes appointees so many years older (younger, where below
    zero); `slip` is the share of planned appointments that is not made, `early` the yearly share of those who go among
    those who may retire early. `plan` is how many are appointed in the band each year (None: as few as reach nine in
    ten), from the month `start` on (YYYYMM; None: at once) up to `date` (None: the term change of the target).
    """

    name: str = ""
    exits: float = 1.0
    entry_age: float = 0.0
    slip: float = 0.0
    early: float = 0.0
    plan: int | None = None
    start: int | None = None
    date: int | None = None

    def with_lever(self, lever: str, value: float) -> Self:
        """The same scenario with one lever at another value."""
        if lever not in LEVERS:
            message = f"{lever!r} is no lever of a scenario; there are {', '.join(LEVERS)}."
            raise ScenarioError(message)
        moved: dict[str, Any] = {lever: value}
        return dataclasses.replace(self, **moved)


def ranges(rows: Iterable[Mapping[Any, Any]]) -> dict[str, Range]:
    """The ranges by lever, from the answer to `outlook/lever`; ScenarioError where one is no lever or comes twice."""
    found: dict[str, Range] = {}
    for each in map(Range.of, rows):
        if each.lever not in LEVERS or each.lever in found:
            message = f"scenario_range.csv gives the range of {each.lever!r} twice or for no lever; mend its rows."
            raise ScenarioError(message)
        found[each.lever] = each
    return found


def verified(scenario: Scenario, within: Mapping[str, Range]) -> Scenario:
    """The same scenario; ScenarioError says which lever is out of its bounds, and what they are."""
    for lever, bounds in within.items():
        value = getattr(scenario, lever)
        if value is not None and not bounds.least - TINY <= value <= bounds.most + TINY:
            message = (
                f"The scenario {scenario.name!r} sets {lever} to {value:g}; "
                f"the rules allow {bounds.least:g} to {bounds.most:g} (scenario_range.csv)."
            )
            raise ScenarioError(message)
    if scenario.start is not None and scenario.date is not None and scenario.start >= scenario.date:
        message = (
            f"The scenario {scenario.name!r} begins to appoint in {month.text(scenario.start)}, not before its date "
            f"{month.text(scenario.date)}; start earlier or look further ahead."
        )
        raise ScenarioError(message)
    return scenario


def _plain(cell: Any) -> Any:
    """A cell as plain data: a decimal as a number, an empty one of any kind as None."""
    if cell is None or isinstance(cell, str):
        return cell
    number = float(cell) if isinstance(cell, Decimal) else cell
    return None if math.isnan(number) else float(number)
