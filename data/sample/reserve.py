"""The reserve of young cadres of a synthetic city: who is kept for which posts, since when, and why no longer.

People are taken in from the rungs below the posts, and leave when they are appointed, pass the age or are taken out at
a review; of some of those who should have left, the file does not say so yet.
"""

from typing import NamedTuple

import numpy as np

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Careers, Spells
from data.sample.ladder import RUNG, STAFF, Bools, Ints

DRAWS = 11
"""What sets the draws of this topic apart from those of others."""
YEARS = 6
"""The years of which the reserve is known, the running one among them."""
REASONS = ("appointed", "aged", "adjusted", "other")


class Kind(NamedTuple):
    """From which rungs, and staff of which bodies, people are kept for the posts of which rungs."""

    name: str
    below: tuple[str, ...]
    staff_of: tuple[str, ...]
    posts: tuple[str, ...]
    age: int
    share: float


KINDS = (
    Kind("county_principal", ("county_deputy", "municipal_deputy"), (), ("county_head", "municipal_head"), 47, 0.16),
    Kind(
        "county_deputy",
        ("township_secretary", "division_head", "department_head"),
        (),
        ("county_deputy", "municipal_deputy"),
        42,
        0.22,
    ),
    Kind("township_principal", ("township_deputy",), (), ("township_chief", "township_secretary"), 37, 0.28),
    Kind("department_principal", ("department_deputy",), (), ("department_head",), 42, 0.06),
    Kind(
        "section_deputy",
        (),
        ("township", "county_department"),
        ("township_deputy", "department_deputy"),
        37,
        0.05,
    ),
    Kind("division", (), ("municipal_department",), ("division_head", "division_deputy"), 41, 0.05),
)
EARLIEST, LATEST = 6, 30
"""Months in a post after which one is taken in, and those before which all are who are."""
TOLD, REVIEWED, REVIEWED_AFTER = 0.88, 0.12, (12, 48)
"""Shares of those appointed or too old whose file says so, and of those taken out at a review, after so many months."""
NEVER = 10**6


class Stays(NamedTuple):
    """Stays in the reserve, an array a property: places in KINDS and REASONS, months from year 0, 0 for none."""

    person: Ints
    kind: Ints
    start: Ints
    end: Ints
    reason: Ints


def stays(careers: Careers, spells: Spells, rng: np.random.Generator, today: int) -> Stays:
    """Who was kept for what in the last years up to `today`, a month counted from year 0; one stay a kind."""
    order = np.lexsort((spells.start, spells.person))
    held = Spells(*(column[order] for column in spells))
    made = [_of_kind(place, kind, careers, held, rng, today) for place, kind in enumerate(KINDS)]
    return Stays(*(np.concatenate(column) for column in zip(*made, strict=True)))


def _of_kind(
    place: int, kind: Kind, careers: Careers, held: Spells, rng: np.random.Generator, today: int
) -> Stays:  # fmt: skip
    count = len(held.person)
    first = (today // YEAR - YEARS + 1) * YEAR
    start = np.maximum(held.start + rng.integers(EARLIEST, LATEST, count), first + rng.integers(0, YEAR, count))
    birth = careers.people.birth[held.person]
    aged = birth + kind.age * YEAR
    taken = _below(kind, careers, held) & (rng.random(count) < kind.share) & (start < aged - YEAR)
    taken &= (start <= today) & ((held.end == 0) | (start < held.end))
    told = rng.random(count) < TOLD
    ends = np.stack(
        [
            np.where(_appointed(kind, careers, held) & told, held.end, NEVER),
            np.where(told, aged, NEVER),
            np.where(rng.random(count) < REVIEWED, start + rng.integers(*REVIEWED_AFTER, count), NEVER),
        ]
    )
    rows = np.flatnonzero(taken)
    rows = rows[np.unique(held.person[rows], return_index=True)[1]]
    end, reason = ends.min(axis=0)[rows], ends.argmin(axis=0)[rows]
    over = end <= today
    return Stays(
        person=held.person[rows],
        kind=np.full(len(rows), place),
        start=start[rows],
        end=np.where(over, end, 0),
        reason=np.where(over, reason, 0),
    )


def _below(kind: Kind, careers: Careers, held: Spells) -> Bools:
    """Which spells are ones from which people are taken in."""
    rung = careers.city.rung[held.seat]
    body = np.array([unit.body for unit in careers.city.units])[careers.city.unit[held.seat]]
    below: Bools = np.isin(rung, [RUNG[name] for name in kind.below]) | (
        (rung == RUNG[STAFF]) & np.isin(body, kind.staff_of)
    )
    return below


def _appointed(kind: Kind, careers: Careers, held: Spells) -> Bools:
    """After which spells the person went on to one of the posts."""
    posts = np.isin(careers.city.rung[held.seat], [RUNG[name] for name in kind.posts])
    goes_on = np.append(held.person[1:] == held.person[:-1], False)
    appointed: Bools = np.append(posts[1:], False) & goes_on & (held.end > 0)
    return appointed
