"""Welfare and care in a synthetic city: since when people have worked, and what they used, at rates that are known.

The rates are the truth that the answers are held to: groups differ by as much as `chance` says, one office is far
off the others, and one county pays fewer of its townships' allowances.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Careers, Spells
from data.sample.city import Layout
from data.sample.ladder import CHIEFS, LEVELS, ROLES, TEAM, Bools, Ints

Floats = npt.NDArray[np.float64]

DRAWS = 5
"""What sets the draws of this topic apart from those of others."""
YEARS = 5
"""The years of which welfare is known, the running one among them."""
FIRST_JOB = (20, 25)
"""Ages in years between which people begin to work, unless they took a seat before."""
STEPS = ((1, 5), (10, 10), (20, 15))
"""Full years of work from which so many days of leave are given, as the regulation has it."""

ITEMS = (
    "leave", "time_off", "checkup", "recuperation", "counselling", "talk",
    "relocation_allowance", "township_allowance", "hardship_aid",
)  # fmt: skip
TRIGGERS = ("early_sign", "held_to_account", "cleared", "family_hardship", "post_change")
DAYS_TO_ANSWER = (15, 30, 15, 30, 30)

RATES = {
    "leave": 0.76, "time_off": 0.62, "checkup": 0.91, "recuperation": 0.85, "counselling": 0.05, "talk": 0.86,
    "relocation_allowance": 0.9, "township_allowance": 0.97, "hardship_aid": 0.88,
}  # fmt: skip
"""How likely someone uses all of an item, before what follows is added."""
BODIES = {
    ("leave", "township"): -0.2, ("leave", "county_department"): -0.06, ("leave", "county_leadership"): -0.22,
    ("leave", "enterprise"): 0.08, ("time_off", "township"): -0.2, ("checkup", "township"): -0.12,
    ("checkup", "enterprise"): 0.04, ("counselling", "township"): 0.02, ("talk", "municipal_department"): 0.08,
}  # fmt: skip
WOMEN = {"leave": 0.06, "checkup": 0.03, "counselling": 0.03}
CHIEF = {"leave": -0.15, "checkup": 0.02}
YOUNG, YOUNG_AGE = {"leave": -0.08, "checkup": -0.06}, 31
A_YEAR = {"leave": 0.02, "checkup": 0.01, "counselling": 0.004, "talk": 0.02}
"""What each year before the last takes away."""
BUSY_OFFICE, BUSY_LEAVE = "municipal_department", 0.3
"""The first unit of this body, where leave is taken by so few."""
SHORT_COUNTY, SHORT_ALLOWANCE = 3, 0.6
"""The county in which so few of the townships' people are paid their allowance."""

OVERTIME, MOST_OVERTIME = 0.3, 8
CHOSEN_EVERY, STAY = 25, 5
"""Years from one recuperation of a person to the next, and its days."""
AWAY, HARDSHIP, UNDER_NO_RIGHT, SLIP = 0.06, 0.008, 0.005, 0.0005
"""Shares of those who serve away, need aid, have no leave this year, and whose file has the wrong entitlement."""
MORE_TALKS, OTHER_TALKS, CALLED = 0.25, 0.08, 0.012
"""Shares of a second talk, of talks outside the yearly round, and of calls for a talk."""
ANSWERED, IN_TIME = 0.9, 0.82


class Uses(NamedTuple):
    """Rows of use, an array a property: places in ITEMS and TRIGGERS (-1 for none), dates YYYYMMDD (0 for none).

    `entitled` is -1 where the file says nothing of it.
    """

    person: Ints
    year: Ints
    item: Ints
    number: Ints
    entitled: Ints
    used: Ints
    date: Ints
    excluded: Ints
    trigger: Ints
    called: Ints


class Staff(NamedTuple):
    """Everyone in post at the end of a year, an array a property; age in years, work in months up to December."""

    person: Ints
    unit: Ints
    body: npt.NDArray[np.str_]
    role: Ints
    level: Ints
    region: Ints
    female: Bools
    age: Ints
    worked: Ints


def began_work(careers: Careers, spells: Spells, rng: np.random.Generator) -> Ints:
    """The month in which each person began to work, counted from year 0."""
    count = len(careers.people)
    first_seat = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first_seat, spells.person, spells.start)
    grown_up = careers.people.birth + rng.integers(FIRST_JOB[0] * YEAR, FIRST_JOB[1] * YEAR, count)
    month: Ints = np.minimum(grown_up, first_seat)
    return month


def uses(careers: Careers, spells: Spells, worked: Ints, rng: np.random.Generator, today: int) -> Uses:
    """What everyone used in the last years up to `today`, a month counted from year 0."""
    chosen = rng.integers(0, CHOSEN_EVERY, len(careers.people))
    last = today // YEAR
    years = [
        rows
        for year in range(last - YEARS + 1, last + 1)
        for rows in _year(careers.city, staff(careers, spells, worked, year, today), chosen, rng, year, today)
    ]
    return Uses(*(np.concatenate(column) for column in zip(*years, strict=True)))


def staff(careers: Careers, spells: Spells, worked: Ints, year: int, today: int) -> Staff:
    """Everyone in post in December of a year, in the running year today."""
    at = min(year * YEAR + YEAR - 1, today)
    held = np.flatnonzero((spells.start <= at) & ((spells.end == 0) | (spells.end > at)))
    person, seat, city = spells.person[held], spells.seat[held], careers.city
    unit = city.unit[seat]
    return Staff(
        person=person,
        unit=unit,
        body=np.array([each.body for each in city.units])[unit],
        role=city.role[seat],
        level=spells.level[held],
        region=city.region[seat],
        female=careers.people.female[person],
        age=(at - careers.people.birth[person]) // YEAR,
        worked=year * YEAR + YEAR - 1 - worked[person],
    )


def chance(item: str, of: Staff, city: Layout, *, years_ago: int) -> Floats:
    """How likely each of the staff uses all of an item in a full year, so many years before the last."""
    rate = np.full(len(of.person), RATES[item] - A_YEAR.get(item, 0) * years_ago)
    for body, more in ((body, more) for (of_item, body), more in BODIES.items() if of_item == item):
        rate += more * (of.body == body)
    rate += WOMEN.get(item, 0) * of.female + YOUNG.get(item, 0) * (of.age < YOUNG_AGE)
    rate += CHIEF.get(item, 0) * np.isin(of.role, [ROLES.index(role) for role in CHIEFS])
    if item == "leave":
        rate[of.unit == busy_office(city)] = BUSY_LEAVE
    if item == "township_allowance":
        rate[of.region == SHORT_COUNTY] = SHORT_ALLOWANCE
    clipped: Floats = np.clip(rate, 0.01, 0.99)
    return clipped


def busy_office(city: Layout) -> int:
    """The place of the unit in which leave is hardly taken."""
    return next(place for place, unit in enumerate(city.units) if unit.body == BUSY_OFFICE)


def _year(city: Layout, of: Staff, chosen: Ints, rng: np.random.Generator, year: int, today: int) -> Iterator[Uses]:
    ago = today // YEAR - year
    months = YEAR if ago else today % YEAR + 1
    rate = {item: chance(item, of, city, years_ago=ago) for item in ITEMS}
    for item, who, days in _rights(of, chosen, rng, year):
        yield _used(item, of.person[who], days, rate[item][who], rng, year, months)
    yield from _talks(of, rate["talk"], rng, year, months)
    yield _calls(of, rng, year, months)


def _rights(of: Staff, chosen: Ints, rng: np.random.Generator, year: int) -> Iterator[tuple[str, Ints, Ints]]:
    """Each item with who is entitled to it and to how much."""
    count = len(of.person)
    leave = np.zeros(count, np.int64)
    for years, days in STEPS:
        leave[of.worked > years * YEAR] = days
    yield "leave", np.flatnonzero(leave), leave[leave > 0]
    overtime = np.flatnonzero(rng.random(count) < OVERTIME)
    yield "time_off", overtime, rng.integers(1, MOST_OVERTIME + 1, len(overtime))
    stay = np.flatnonzero(chosen[of.person] == year % CHOSEN_EVERY)
    yield "recuperation", stay, np.full(len(stay), STAY)
    leading = np.isin(of.role, [ROLES.index(role) for role in TEAM]) & (of.region > 0)
    entitled = {
        "checkup": np.full(count, fill_value=True),
        "counselling": np.full(count, fill_value=True),
        "relocation_allowance": leading & (rng.random(count) < AWAY),
        "township_allowance": of.body == "township",
        "hardship_aid": rng.random(count) < HARDSHIP,
    }
    for item, right in entitled.items():
        who = np.flatnonzero(right)
        yield item, who, np.ones(len(who), np.int64)


def _used(
    item: str, person: Ints, entitled: Ints, rate: Floats, rng: np.random.Generator, year: int, months: int
) -> Uses:
    """A row each of those entitled; of days, who does not use all of them uses some."""
    count = len(person)
    excluded = (rng.random(count) < UNDER_NO_RIGHT) & (item == "leave")
    some = (entitled * rng.random(count)).astype(np.int64)
    date = _dates(rng, count, year, yearly=item.endswith("allowance"))
    known = ~excluded & (date // 100 % 100 <= months)
    used = np.where(known, np.where(rng.random(count) < rate, entitled, some), 0)
    slip = np.where((rng.random(count) < SLIP) & (item == "leave"), 5, 0)
    kept = np.flatnonzero((used > 0) | (item != "counselling"))
    return _rows(
        person[kept],
        year,
        item,
        entitled=np.where(excluded, 0, entitled + slip)[kept],
        used=used[kept],
        date=np.where(used > 0, date, 0)[kept],
        excluded=excluded[kept],
    )


def _talks(of: Staff, rate: Floats, rng: np.random.Generator, year: int, months: int) -> Iterator[Uses]:
    """A talk for most of the teams, a second for some, and for a few of all others."""
    team = np.isin(of.role, [ROLES.index(role) for role in TEAM]) & (of.level < LEVELS.index("1A50"))
    first = rng.random(len(of.person)) < np.where(team, rate, OTHER_TALKS)
    second = first & (rng.random(len(of.person)) < MORE_TALKS)
    for number, talked in enumerate((first, second), start=1):
        date = _dates(rng, len(talked), year)
        known = talked & (date // 100 % 100 <= months)
        person, date = of.person[known], date[known]
        entitled = np.where(team[known] & (number == 1), 1, -1)
        yield _rows(person, year, "talk", number=number, entitled=entitled, used=np.ones(len(person)), date=date)


def _calls(of: Staff, rng: np.random.Generator, year: int, months: int) -> Uses:
    """What called for a talk, and the talk that answered it, in time or late."""
    person = of.person[rng.random(len(of.person)) < CALLED]
    trigger = rng.integers(0, len(TRIGGERS), len(person))
    days = np.array(DAYS_TO_ANSWER)[trigger]
    within = rng.integers(0, days + 1)
    waited = np.where(rng.random(len(person)) < IN_TIME, within, days + 1 + within)
    called = rng.integers(0, months * 28, len(person))
    answered = (rng.random(len(person)) < ANSWERED) & (called + waited + waited // 14 < months * 28)
    return _rows(
        person,
        year,
        "talk",
        number=3,
        entitled=np.full(len(person), -1),
        used=answered,
        date=np.where(answered, _day(year, called + waited), 0),
        trigger=trigger,
        called=_day(year, called),
    )


def _dates(rng: np.random.Generator, count: int, year: int, *, yearly: bool = False) -> Ints:
    """Days of a year, more of them in summer; what is settled `yearly` is so in January."""
    month = np.zeros(count) if yearly else rng.random((2, count)).sum(axis=0) * YEAR / 2
    return year * 10_000 + (month.astype(np.int64) + 1) * 100 + rng.integers(1, 29, count)


def _day(year: int, days: Ints) -> Ints:
    """The date so many days into a year of months of 28 days."""
    return year * 10_000 + (np.minimum(days // 28, YEAR - 1) + 1) * 100 + days % 28 + 1


def _rows(person: Ints, year: int, item: str, **given: npt.ArrayLike) -> Uses:
    """Rows of one item; what is not given is left out."""
    usual: dict[str, npt.ArrayLike] = {
        "person": person, "year": year, "item": ITEMS.index(item), "number": 1, "excluded": 0,
        "trigger": -1, "called": 0,
    }  # fmt: skip
    columns = {name: np.broadcast_to(value, len(person)).astype(np.int64) for name, value in (usual | given).items()}
    return Uses(**columns)
