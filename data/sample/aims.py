"""The final settling: births around the age lines and a few sexes and parties change, so that each status is seen."""

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Careers, Spells
from data.sample.city import PEOPLE_A_CITY
from data.sample.ladder import CHIEFS, DEPUTIES, DIVISIONS, ROLES, RUNG, TEAM, Bools, Ints

SPARE = {
    "township_principals_around_35": 4,
    "township_secretaries_around_35": 1,
    "township_principals_35": 0,
    "township_secretaries_35": -6,
    "township_team_35": -14,
    "county_departments_around_35": -1,
    "municipal_divisions_40": 150,
    "municipal_divisions_around_35": -38,
}
"""People above (below) the need of a target in a city of 10,000; a smaller city scales it, but never to none."""
NEEDED = {("female", "government"): 1, ("female", "party"): 1, ("female", "congress"): 1, ("female", "consultative"): 1}
NEEDED |= {("outside", "congress"): 1, ("outside", "government"): 1, ("outside", "consultative"): 3}
"""Women and people outside the Party in each of a county's four teams."""
LACKING = {("female", "government"): 5, ("outside", "congress"): 2, ("outside", "consultative"): 7}
"""The county (by its place) in which one of them is lacking."""

PARTIES = tuple(f"{number:02d}" for number in range(1, 14))
MEMBER, PROBATIONARY, OUTSIDE = 0, 1, 3
PROBATION = 0.01
"""Share of probationary members."""
OUTSIDERS = (0.3, 0.085)
"""Share outside the Party among councillors and among all others."""


STRETCH = 8 * YEAR
"""Months on either side of an age line over which ages are stretched and squeezed, so that none bunch at it."""


class Aim(NamedTuple):
    """How many of those in some posts shall be younger than an age in years; ages from `settled` on stay."""

    body: str
    roles: tuple[str, ...]
    age: int
    young: int
    settled: int | None = None


def settle_ages(careers: Careers, known: Bools, exact: Bools, today: int) -> None:
    """Stretch and squeeze the ages around each age line until today's teams stand as SPARE says.

    Only a birth that is known to the month (`exact`) moves; one `known` to the year counts as it is.
    """
    birth = careers.people.birth
    for aim in (*_township_aims(careers), *_department_aims(careers)):
        people, line = _in_post(careers, aim.body, aim.roles), today - aim.age * YEAR
        rest = people[known[people] & ~exact[people]]
        moving = people[exact[people]]
        young = aim.young - int(np.count_nonzero(birth[rest] > line))
        room = (aim.settled - aim.age) * YEAR if aim.settled else None
        birth[moving] = line + _stretched(birth[moving] - line, young, room)


def _stretched(inside: Ints, young: int, room: int | None) -> Ints:
    """Months inside a line, in the same order, so that as many as are young are above 0; those below -room stay."""
    if not len(inside):
        return inside
    order = np.argsort(-inside, kind="stable")
    spread = _spread(inside[order])
    between = np.concatenate([spread[:1] + 1, spread, spread[-1:] - 1])
    place = min(max(young, 0), len(inside))
    edge = (between[place] + between[place + 1]) / 2
    above, below = max(STRETCH, 2 * edge), max(STRETCH, -2 * edge) if room is None else room
    ends = [-below, max(edge, 0.5 - below), above]
    moved = np.where((-below < spread) & (spread < above), np.interp(spread, ends, [-below, 0, above]), spread)
    settled = inside.copy()
    settled[order] = np.ceil(moved).astype(np.int64)
    return settled


def _spread(months: Ints) -> npt.NDArray[np.float64]:
    """Descending months with those of one month spread evenly over it."""
    first, end = (np.searchsorted(-months, -months, side) for side in ("left", "right"))
    spread: npt.NDArray[np.float64] = months.astype(np.float64) - (np.arange(len(months)) - first + 0.5) / (end - first)
    return spread


def _township_aims(careers: Careers) -> Iterator[Aim]:
    """Of two lines of the same people the older comes first."""
    around = _young(careers, "township_principals_around_35", "1/5", len(careers.city.seats("township", CHIEFS)))
    under = _young(careers, "township_principals_35", "3/20", len(careers.city.seats("township", CHIEFS)))
    for age, settled, principals, target in (
        (37, None, around, "township_secretaries_around_35"),
        (36, 37, under, "township_secretaries_35"),
    ):
        secretaries = _young(careers, target, "1/3", principals)
        yield Aim("township", ("secretary",), age, secretaries, settled)
        yield Aim("township", ("chief",), age, principals - secretaries, settled)
    team = _young(careers, "township_team_35", "3/10", len(_in_post(careers, "township", TEAM)))
    yield Aim("township", DEPUTIES, 36, team - under)


def _department_aims(careers: Careers) -> Iterator[Aim]:
    """Of two lines of the same people the older comes first."""
    for target, body, roles, age, settled in (
        ("county_departments_around_35", "county_department", TEAM, 37, None),
        ("municipal_divisions_40", "municipal_department", DIVISIONS, 41, None),
        ("municipal_divisions_around_35", "municipal_department", DIVISIONS, 37, 41),
    ):
        yield Aim(body, roles, age, _young(careers, target, "3/20", len(_in_post(careers, body, roles))), settled)


def _young(careers: Careers, target: str, share: str, of: int) -> int:
    """How many shall be young of so many: the share that the target asks for, and what is SPARE."""
    spare, scale = SPARE[target], min(1.0, len(careers.holder) / PEOPLE_A_CITY)
    scaled = int(math.copysign(max(1, round(abs(spare) * scale)), spare)) if spare else 0
    return max(0, math.ceil(of * Fraction(share)) + scaled)


def _in_post(careers: Careers, body: str, roles: tuple[str, ...]) -> Ints:
    """The people in some posts of a body today."""
    people = careers.holder[careers.city.seats(body, roles)]
    return people[people >= 0]


def parties(careers: Careers, spells: Spells, rng: np.random.Generator) -> Ints:
    """The place in PARTIES of each person; settles the women and the people outside the Party of the county teams."""
    count = len(careers.people)
    outside = _outside(careers, spells, rng)
    _settle_teams(careers, {"female": careers.people.female, "outside": outside})
    inside = np.where(rng.random(count) < PROBATION, PROBATIONARY, MEMBER)
    return np.where(outside, rng.integers(OUTSIDE, len(PARTIES), count), inside)


def _outside(careers: Careers, spells: Spells, rng: np.random.Generator) -> Bools:
    """Who is outside the Party; nobody who was a secretary or in a Party unit."""
    city, count = careers.city, len(careers.people)
    councillor = np.bincount(spells.person, city.rung[spells.seat] == RUNG["councillor"], count) > 0
    of_party = np.array([unit.organ == "party" for unit in city.units])[city.unit[spells.seat]]
    secretary = city.role[spells.seat] == ROLES.index("secretary")
    in_party = np.bincount(spells.person, of_party | secretary, count) > 0
    return (rng.random(count) < np.where(councillor, *OUTSIDERS)) & ~in_party


def _settle_teams(careers: Careers, flags: dict[str, Bools]) -> None:
    for (kind, organ), need in NEEDED.items():
        for county, team in enumerate(_county_teams(careers, organ)):
            _settle_flag(flags[kind], team, need, lacking=LACKING.get((kind, organ)) == county)


def _county_teams(careers: Careers, organ: str) -> Iterator[Ints]:
    """The people of one organ in each county, those with a second posting first."""
    city = careers.city
    for place, unit in enumerate(city.units):
        if unit.body == "county_leadership" and unit.organ == organ:
            beside = city.beside[city.beside[:, 1] == place, 0]
            people = careers.holder[np.append(beside, np.flatnonzero(city.unit == place))]
            yield people[people >= 0]


def _settle_flag(flag: Bools, team: Ints, need: int, *, lacking: bool) -> None:
    if lacking:
        flag[team] = False
    if lacking or flag[team].sum() < need:
        flag[team[len(team) - need + lacking :]] = True
