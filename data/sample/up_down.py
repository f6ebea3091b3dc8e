"""Who came down and why in a synthetic city, what lasted how long, and how cases of tolerance and clearing went.

Whoever was held to account or cleared is whoever welfare's talks were called for by that, so that the two tell of the
same days; who gave up a leading post is whose spell in it ended so.
"""

from typing import NamedTuple

import numpy as np

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import REASONS, Careers, Spells
from data.sample.cells import date, day
from data.sample.ladder import ROLES, Bools, Ints
from data.sample.welfare import TRIGGERS, Uses

DRAWS = 13
"""What sets the draws of this topic apart from those of others."""
YEARS = 5
"""The years of which cases are known, the running one among them."""
WAYS = (
    "removed", "transferred", "to_rank", "demoted", "made_to_resign", "discharged",
    "admonished", "warned", "demerit", "major_demerit",
)  # fmt: skip
IN_POST, IN_POST_SHARES = ("admonished", "warned", "demerit", "major_demerit"), (0.62, 0.2, 0.12, 0.06)
MONTHS = {"admonished": 6, "warned": 6, "demerit": 12, "major_demerit": 18, "discharged": 24, "made_to_resign": 24}
"""How long a measure lasts; all others for a year."""
FAULTS = ("half_hearted", "ineffective", "mediocre", "not_bold", "inactive", "held_to_account", "unfit", "discipline")
WHY = (*FAULTS, "age", "term", "own_request", "other")
OF_SPELL = {
    "retired": ("removed", "age"), "other": ("to_rank", "age"), "resigned": ("removed", "own_request"),
    "dismissed": ("removed", "unfit"), "expelled": ("discharged", "discipline"),
    "moved": ("transferred", "ineffective"),
}  # fmt: skip
"""How and why somebody left a leading post, by how the spell in it ended."""
FOR_FAULT, BY_TERM = {"moved": 0.04}, 0.3
"""Share of moves that were no mere moves, and of those aside who went at the end of a term."""
LIFTED, EARLY, LIFT_SPREAD = 0.86, 0.03, 3
"""Shares of effects that were lifted when over and before, and months in which they were."""

KINDS = ("tolerance", "correction", "clearing")
STAGES = ("accepted", "verified", "decided", "informed", "corrected", "cleared")
TAKEN_UP, UPHELD, STOPS = 0.004, 0.7, 0.05
"""Share of those in leading posts with a case of tolerance a year, of cases upheld, and of stages not reached."""
UNFOUNDED = 0.0015
"""Share of them with a case of clearing a year that is not upheld."""
COURSES = {
    "tolerance": {"accepted": (0, 1), "verified": (8, 36), "decided": (4, 19), "informed": (1, 9)},
    "correction": {"accepted": (0, 9), "corrected": (35, 100)},
    "clearing": {"accepted": (0, 1), "verified": (8, 36), "decided": (4, 18), "cleared": (1, 19)},
}
"""The stages of each kind: fewest days from the one before, and the number below which all lie."""
SETTLED = 3
"""Months in post from which somebody may have been held to account or cleared."""
DECIDED = 2
"""The place of the decision among the stages."""
NEVER = 10**7
"""A day that never comes, in days from 1970."""


class Downs(NamedTuple):
    """Rows of moves down, an array a property: places in WAYS and WHY, dates YYYYMMDD (0 for none)."""

    person: Ints
    date: Ints
    way: Ints
    reason: Ints
    lifted: Ints


class Cases(NamedTuple):
    """Rows of stages, an array a property: places in KINDS and STAGES; `upheld` is -1 where it is not said."""

    case: Ints
    person: Ints
    kind: Ints
    stage: Ints
    date: Ints
    upheld: Ints


def downs(careers: Careers, spells: Spells, uses: Uses, rng: np.random.Generator, today: int) -> Downs:
    """Who came down or was held to account in the last years up to `today`, a month counted from year 0."""
    person, decided = _called(careers, spells, uses, "held_to_account")
    way = rng.choice([WAYS.index(name) for name in IN_POST], len(person), p=IN_POST_SHARES)
    why = rng.integers(0, WHY.index("unfit"), len(person))
    left = _left(careers, spells, rng, today)
    person, decided, way, why = (np.concatenate(pair) for pair in zip((person, decided, way, why), left, strict=True))
    return Downs(person, decided, way, why, _lifted(decided, way, why, rng, today))


def _left(careers: Careers, spells: Spells, rng: np.random.Generator, today: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Leading posts that were left in these years: who, when, how and why."""
    leading = careers.city.role[spells.seat] != ROLES.index("other")
    recent = leading & (spells.end > (today // YEAR - YEARS + 1) * YEAR - 1)
    shares = np.array([FOR_FAULT.get(reason, float(reason in OF_SPELL)) for reason in REASONS])
    rows = np.flatnonzero(recent & (rng.random(len(recent)) < shares[spells.reason]))
    ways, whys = np.array(
        [
            [WAYS.index(way), WHY.index(why)]
            for way, why in (OF_SPELL.get(reason, ("removed", "other")) for reason in REASONS)
        ]
    ).T
    reason, end, person = spells.reason[rows], spells.end[rows], spells.person[rows]
    by_term = (reason == REASONS.index("other")) & (rng.random(len(rows)) < BY_TERM)
    why = np.where(by_term, WHY.index("term"), whys[reason])
    why = np.where(reason == REASONS.index("moved"), rng.integers(0, len(FAULTS) - 1, len(rows)), why)
    return person, date(end, day(person, end)), ways[reason], why


def _lifted(decided: Ints, way: Ints, why: Ints, rng: np.random.Generator, today: int) -> Ints:
    """When the effect of what was done for a fault was lifted: mostly soon after it was over."""
    lasts = np.array([MONTHS.get(name, YEAR) for name in WAYS])[way]
    over = decided // 10_000 * YEAR + decided // 100 % 100 - 1 + lasts
    drawn = rng.random(len(over))
    month = np.where(drawn < EARLY, over - 1, over + rng.integers(0, LIFT_SPREAD, len(over)))
    fault: Bools = (why < len(FAULTS)) & (drawn < LIFTED) & (month <= today)
    lifted: Ints = np.where(fault, date(month, 0), 0)
    return lifted


def cases(careers: Careers, spells: Spells, uses: Uses, rng: np.random.Generator, today: int) -> Cases:
    """How far each case had come by the end of `today`, a month counted from year 0."""
    person, begun = _taken_up(careers, spells, rng, today, TAKEN_UP)
    upheld = rng.random(len(person)) < UPHELD
    tolerance = _course("tolerance", begun, rng)
    correction = _course("correction", np.where(upheld, tolerance[DECIDED], NEVER), rng)
    cleared, called = _called(careers, spells, uses, "cleared")
    decided = _days(called)
    clearing = _course("clearing", np.zeros_like(decided), rng, stops=0)
    clearing += decided - clearing[DECIDED]
    other, at = _taken_up(careers, spells, rng, today, UNFOUNDED)
    refused = _course("clearing", at, rng)[: DECIDED + 1]
    told = [
        _told("tolerance", 0, person, tolerance, upheld),
        _told("correction", 0, person, correction, upheld),
        _told("clearing", len(person), cleared, clearing, np.ones_like(cleared)),
        _told("clearing", len(person) + len(cleared), other, refused, np.zeros_like(other)),
    ]
    made = Cases(*(np.concatenate(column) for column in zip(*told, strict=True)))
    kept = made.date < (today // YEAR * 100 + today % YEAR + 2) * 100
    return Cases(*(column[kept] for column in made))


def _taken_up(careers: Careers, spells: Spells, rng: np.random.Generator, today: int, rate: float) -> tuple[Ints, Ints]:
    """People in leading posts whose case is taken up, and the day, in days from 1970."""
    leading = careers.city.role[spells.seat] != ROLES.index("other")
    first = today - (YEARS - 1) * YEAR - today % YEAR
    start = np.maximum(spells.start + 1, first)
    months = np.where(spells.end == 0, today + 1, spells.end) - start
    rows = np.flatnonzero(leading & (rng.random(len(months)) < rate * np.maximum(months, 0) / YEAR))
    month = start[rows] + (rng.random(len(rows)) * months[rows]).astype(np.int64)
    return spells.person[rows], _days(date(month, rng.integers(1, 29, len(rows))))


def _called(careers: Careers, spells: Spells, uses: Uses, trigger: str) -> tuple[Ints, Ints]:
    """Whom a talk was called for by this, and the day, of those who had been in post for long enough."""
    entered = np.full(len(careers.people), np.iinfo(np.int64).max)
    np.minimum.at(entered, spells.person, spells.start)
    month = uses.called // 10_000 * YEAR + uses.called // 100 % 100 - 1
    called = (uses.trigger == TRIGGERS.index(trigger)) & (month >= entered[uses.person] + SETTLED)
    return uses.person[called], uses.called[called]


def _course(kind: str, begun: Ints, rng: np.random.Generator, stops: float = STOPS) -> Ints:
    """The day of each stage of each case; NEVER from the one on that is not reached."""
    at = [begun]
    for span in COURSES[kind].values():
        stopped = (rng.random(len(begun)) < stops) & (span[0] > 0)
        at.append(np.where(stopped, NEVER, at[-1] + rng.integers(*span, len(begun))))
    return np.stack(at[1:])


def _told(kind: str, first: int, person: Ints, at: Ints, upheld: Ints | Bools) -> Cases:
    """A row each of the stages reached, of cases numbered from `first` on."""
    place, who = np.nonzero(at < NEVER)
    stage = np.array([STAGES.index(name) for name in COURSES[kind]])[place]
    said = np.where(stage == DECIDED, upheld[who], -1)
    return Cases(first + who, person[who], np.full(len(who), KINDS.index(kind)), stage, _dates(at[place, who]), said)


def _days(dates: Ints) -> Ints:
    """Days from 1970 of dates YYYYMMDD."""
    months = (dates // 10_000 - 1970) * YEAR + dates // 100 % 100 - 1
    days: Ints = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + dates % 100 - 1
    return days


def _dates(days: Ints) -> Ints:
    """Dates YYYYMMDD of days from 1970."""
    at = days.astype("datetime64[D]")
    months = at.astype("datetime64[M]")
    of_month = (at - months.astype("datetime64[D]")).astype(np.int64) + 1
    return date(months.astype(np.int64) + 1970 * YEAR, of_month)
