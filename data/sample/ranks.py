"""Tasks of a synthetic city's civil servants without a leading post: who was given which kind in which year.

The rates are the truth that the answers are held to: those of county level and above have fewer tasks, and in one
county in so many few are given at all.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Careers, Spells
from data.sample.ladder import JUNIOR, ROLES, SENIOR, Ints
from data.sample.welfare import Floats, Staff, staff

DRAWS = 9
"""What sets the draws of this topic apart from those of others."""
YEARS = 3
"""The years of which tasks are known, the running one among them."""
KINDS = ("project", "supervision", "research", "mentoring", "mediation", "village", "own_work", "other")
SHARES = (0.14, 0.1, 0.12, 0.12, 0.1, 0.12, 0.26, 0.04)
RATE, SENIORS, A_YEAR = 0.88, -0.14, 0.05
"""How likely someone has a task in the last year, what county level and above has less, and each year before."""
QUIET_COUNTY, QUIET = 3, 0.55
"""The county in which fewer tasks are given, and how likely one is there."""
SECOND = 0.3
"""Chance of a second task in a year."""
GOES_ON = 0.25
"""Share of tasks of the running year without a last day."""
RANK_AGE, NO_RANKS = 32, ("enterprise", "institution")
"""Age from which those of no level hold a rank that counts, and the bodies without ranks."""


class Tasks(NamedTuple):
    """Rows of tasks, an array a property: places in KINDS, days YYYYMMDD, 0 for no last one."""

    person: Ints
    kind: Ints
    start: Ints
    end: Ints


def tasks(careers: Careers, spells: Spells, worked: Ints, rng: np.random.Generator, today: int) -> Tasks:
    """What was given in the last years up to `today`, a month counted from year 0."""
    last = today // YEAR
    rows = [
        given
        for year in range(last - YEARS + 1, last + 1)
        for given in _year(staff(careers, spells, worked, year, today), rng, year, today)
    ]
    return Tasks(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def chance(of: Staff, *, years_ago: int) -> Floats:
    """How likely each of the staff has a task in a full year, so many years before the last."""
    rate = np.full(len(of.person), RATE - A_YEAR * years_ago) + SENIORS * (of.level <= SENIOR)
    rate[of.region == QUIET_COUNTY] = QUIET
    ranked = (of.role == ROLES.index("other")) & ~np.isin(of.body, NO_RANKS)
    chances: Floats = np.where(ranked & ((of.level < JUNIOR) | (of.age >= RANK_AGE)), rate, 0.0)
    return chances


def _year(of: Staff, rng: np.random.Generator, year: int, today: int) -> Iterator[Tasks]:
    """A task of the year's first half for most, and for some another kind after it."""
    rate, kind = chance(of, years_ago=today // YEAR - year), rng.choice(len(KINDS), len(of.person), p=SHARES)
    again = rng.random(len(of.person)) < SECOND
    given = rng.random(len(of.person)) < rate
    for turn, who in enumerate((given, given & again)):
        start = year * YEAR + turn * (YEAR // 2) + rng.integers(0, YEAR // 2, len(of.person))
        end = start + rng.integers(1, YEAR // 2, len(of.person))
        open_end = (rng.random(len(of.person)) < GOES_ON) & (year == today // YEAR)
        row = np.flatnonzero(who & (start <= today))
        yield Tasks(
            of.person[row],
            (kind[row] + turn) % len(KINDS),
            _day(start[row]),
            np.where(open_end[row], 0, _day(end[row])),
        )


def _day(month: Ints) -> Ints:
    return month // YEAR * 10_000 + (month % YEAR + 1) * 100
