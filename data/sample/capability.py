"""Training and fields of a synthetic city: who took which course in which year, and what people studied and worked in.

The rates are the truth that the answers are held to: levels and ages differ by as much as `chance` says, and some
people are out of every course.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Careers, Spells
from data.sample.ladder import LEVELS, Bools, Ints
from data.sample.welfare import Floats, Staff, staff

DRAWS = 6
"""What sets the draws of this topic apart from those of others."""
YEARS = 5
"""The years of which training is known, the running one among them."""
KINDS = ("party_school", "professional", "named", "on_site", "shadowing", "online", "other")
RATES = {
    "party_school": 0.3, "professional": 0.16, "named": 0.05, "on_site": 0.35, "shadowing": 0.015, "online": 0.86,
    "other": 0.3,
}  # fmt: skip
"""How likely someone takes a course of a kind in a year, before what follows is added."""
HOURS = {
    "party_school": (60, 240), "professional": (24, 80), "named": (40, 120), "on_site": (8, 24),
    "shadowing": (240, 480), "online": (30, 80), "other": (8, 24),
}  # fmt: skip
"""Least hours of a course and the number below which all lie."""
SENIOR = {"party_school": 0.25, "named": 0.06}
"""What people of county level and above have more."""
TOWNSHIPS = {"party_school": -0.1, "professional": -0.06, "on_site": -0.08}
OLD, OLD_AGE = {"party_school": -0.12, "professional": -0.08, "online": -0.1}, 55
YOUNG_AGE, YOUNG = 36, {"professional": 0.08, "shadowing": 0.03}
LEFT_OUT = 0.03
"""Share of people who are in no course at all."""

FIELDS = (
    "economics", "finance", "law", "construction", "agriculture", "industry", "education", "medicine", "environment",
    "emergency", "party_affairs", "township",
)  # fmt: skip
BASES = ("study", "work")
STUDIED = (0.16, 0.12, 0.12, 0.12, 0.12, 0.12, 0.12, 0.04, 0.04, 0.02, 0.02, 0.0)
WORKED = (0.12, 0.1, 0.06, 0.12, 0.14, 0.08, 0.1, 0.03, 0.04, 0.05, 0.16, 0.0)
SILENT = 0.04
"""Share of people of whom no field is reported."""
WORDS = {
    "发展": "economics", "财政": "finance", "审计": "finance", "法院": "law", "检察": "law", "住房": "construction",
    "农业": "agriculture", "卫生": "medicine", "教育": "education", "生态": "environment", "应急": "emergency",
}  # fmt: skip
"""A word in the name of a unit, and the field in which most of its people have worked."""
AT_HOME = 0.6


class Courses(NamedTuple):
    """Rows of training, an array a property: places in KINDS, first days YYYYMMDD."""

    person: Ints
    kind: Ints
    start: Ints
    hours: Ints


class Fields(NamedTuple):
    """Rows of fields, an array a property: places in FIELDS and BASES."""

    person: Ints
    field: Ints
    basis: Ints


def courses(careers: Careers, spells: Spells, worked: Ints, rng: np.random.Generator, today: int) -> Courses:
    """What everyone took in the last years up to `today`, a month counted from year 0."""
    out = rng.random(len(careers.people)) < LEFT_OUT
    last = today // YEAR
    rows = [
        taken
        for year in range(last - YEARS + 1, last + 1)
        for taken in _year(staff(careers, spells, worked, year, today), out, rng, year, today)
    ]
    return Courses(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def chance(kind: str, of: Staff) -> Floats:
    """How likely each of the staff takes a course of a kind in a full year."""
    rate = np.full(len(of.person), RATES[kind])
    rate += SENIOR.get(kind, 0) * (of.level <= LEVELS.index("1A32"))
    rate += TOWNSHIPS.get(kind, 0) * (of.body == "township")
    rate += OLD.get(kind, 0) * (of.age >= OLD_AGE) + YOUNG.get(kind, 0) * (of.age < YOUNG_AGE)
    clipped: Floats = np.clip(rate, 0.0, 0.99)
    return clipped


def _year(of: Staff, out: Bools, rng: np.random.Generator, year: int, today: int) -> Iterator[Courses]:
    """A course of each kind at most; what would begin after today is not there yet."""
    for place, kind in enumerate(KINDS):
        month = rng.integers(0, YEAR, len(of.person))
        takes = (rng.random(len(of.person)) < chance(kind, of)) & ~out[of.person] & (year * YEAR + month <= today)
        person, count = of.person[takes], int(takes.sum())
        start = year * 10_000 + (month[takes] + 1) * 100 + rng.integers(1, 29, count)
        yield Courses(person, np.full(count, place), start, rng.integers(*HOURS[kind], count))


def fields(careers: Careers, spells: Spells, rng: np.random.Generator) -> Fields:
    """What each has studied, and worked in: most in the field of the unit of the last post, where it has one."""
    count = len(careers.people)
    known = rng.random(count) >= SILENT
    studied = rng.choice(len(FIELDS), count, p=STUDIED)
    home = _home(careers, spells)
    drawn = rng.choice(len(FIELDS), count, p=WORKED)
    worked = np.where((home >= 0) & (rng.random(count) < AT_HOME), home, drawn)
    person = np.flatnonzero(known)
    return Fields(
        person=np.concatenate([person, person]),
        field=np.concatenate([studied[person], worked[person]]),
        basis=np.repeat(np.arange(len(BASES)), len(person)),
    )


def _home(careers: Careers, spells: Spells) -> Ints:
    """The field of the unit in which each person holds the last post; -1 where its name tells none."""
    of_unit = np.array(
        [
            next((FIELDS.index(field) for word, field in WORDS.items() if word in unit.name), -1)
            for unit in careers.city.units
        ]
    )
    home = np.full(len(careers.people), -1)
    order = np.argsort(spells.start, kind="stable")
    home[spells.person[order]] = of_unit[careers.city.unit[spells.seat[order]]]
    return home
