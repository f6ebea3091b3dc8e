"""The statutory month of retirement, exact by birth month.

The rule (国务院关于渐进式延迟法定退休年龄的办法, 2024-09-13, article 1): from the month in which the reform starts on,
every `step` months of later birth put the original age `base` off by one month, up to `cap` months. The rows stand
in data/policy/retirement.csv, with what a department amended. For age limits other than 50, 55 and 60 no formula has
been published.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from data import month

Months = npt.NDArray[np.integer[Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class StatutoryRule:
    """One class of the reform: age before it (years), step and cap (months), and its first month (YYYYMM)."""

    base: int
    step: int
    cap: int
    reform_start: int


@dataclasses.dataclass(frozen=True, slots=True)
class Age:
    """A completed age in months, written as 61y5m."""

    months: int

    @classmethod
    def at(cls, reference: int, birth: int) -> Self:
        """The age that someone born in the month `birth` has in the month `reference` (both YYYYMM, day ignored)."""
        return cls(month.between(birth, reference))

    def __str__(self) -> str:
        """Years and months."""
        years, months = divmod(self.months, month.MONTHS_A_YEAR)
        return f"{years}y{months}m"


def published_rules(rows: Iterable[Mapping[str, Any]]) -> dict[int, StatutoryRule]:
    """The statutory classes by the age before the reform; there is none for 63, 65 and 66, which have no formula.

    `rows` are those of the policy table `retirement`, typed as its contract says; of several the newest holds.
    """
    statutory = [row for row in rows if row["kind"] == "statutory" and row["step"] and row["reform_start"]]
    return {row["age"]: _rule(row) for row in sorted(statutory, key=lambda row: row["valid_from"])}


def retirement_month(birth: int, rule: StatutoryRule | None, stored: int | None = None) -> int | None:
    """The month of retirement (YYYYMM) of someone born in the month `birth` (YYYYMM).

    A month `stored` in the person's file (到龄年月) is right before any rule; with neither it is unknown (None).
    """
    if stored is not None or rule is None:
        return stored
    return int(retirement_months(np.array(birth), rule))


def retirement_months(births: Months, rule: StatutoryRule) -> Months:
    """The months of retirement (YYYYMM) for birth months (YYYYMM, integers of any shape) under one rule."""
    original = births // 100 * 12 + births % 100 - 1 + rule.base * 12
    touched = original - month.number(rule.reform_start) + 1
    reached: Months = original + np.clip(-(-touched // rule.step), 0, rule.cap)
    return reached // 12 * 100 + reached % 12 + 1


def _rule(row: Mapping[str, Any]) -> StatutoryRule:
    return StatutoryRule(row["age"], row["step"], row["cap"] or 0, row["reform_start"])
