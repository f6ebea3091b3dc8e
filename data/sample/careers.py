"""Who sits in which seat of a synthetic city and since when, from the first day on, and the spells that have ended."""

from typing import NamedTuple

import numpy as np

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.city import Layout
from data.sample.ladder import JUNIOR, LEVELS, RUNG, RUNGS, STAFF, Ints
from data.sample.people import People

REASONS = ("promoted", "moved", "retired", "other", "resigned", "died", "dismissed", "expelled")
SERVED = 18
"""Months in a seat before the next move."""
FIRST_SPREAD = 7.0
"""Years by which the ages on one rung differ on the first day."""
MIDDLE_AGE, STAFF_LEVELS = 45, (0, 0, 0.12, 0.23, 0.65)
"""Age from which people without a post may have held one before, and the LEVELS that they kept on the first day."""


class Spells(NamedTuple):
    """Stays in a seat, an array a property; months are counted from year 0, and `end` is 0 where it goes on."""

    person: Ints
    seat: Ints
    level: Ints
    start: Ints
    end: Ints
    reason: Ints


class Postings(NamedTuple):
    """Spells in the order of people and months; `second` is the row of Layout.beside of a second posting, or -1."""

    person: Ints
    seat: Ints
    level: Ints
    start: Ints
    end: Ints
    reason: Ints
    second: Ints


class Careers:
    """Who sits where, since when, and the spells that have ended: people leave seats and take seats, nothing else."""

    def __init__(self, city: Layout, rng: np.random.Generator, today: int) -> None:
        """Fill every seat on the first day with people of the age that its rung stands at."""
        self.city, self.rng = city, rng
        self.people = _first_people(city, rng, today)
        self.holder = np.arange(len(city.unit))
        grown_up = today - self.people.birth - 22 * YEAR
        self.since = today - np.minimum(rng.integers(1, 8 * YEAR, len(city.unit)), grown_up)
        self.held = self.people.level.copy()
        self.ended: list[Ints] = []

    def leave(self, seats: Ints, month: int | Ints, reason: str | Ints) -> Ints:
        """Empty seats at a month for a reason; return who sat there."""
        people = self.holder[seats]
        code = REASONS.index(reason) if isinstance(reason, str) else reason
        spells = np.empty((len(Spells._fields), len(seats)), np.int64)
        for column, values in enumerate((people, seats, self.held[seats], self.since[seats], month, code)):
            spells[column] = values
        self.ended.append(spells)
        self.holder[seats] = -1
        return people

    def take(self, seats: Ints, people: Ints, month: int) -> None:
        """Seat people from a month on; a seat without level of its own keeps the level they have reached."""
        self.people.level[people] = np.minimum(self.people.level[people], self.city.level[seats])
        staff = self.city.rung[seats] == RUNG[STAFF]
        self.held[seats] = np.where(staff, self.people.level[people], self.city.level[seats])
        self.holder[seats], self.since[seats] = people, month

    def move(self, seats: Ints, to: Ints, month: int) -> None:
        """Move the holders of seats to others, which are empty or left at the same time."""
        higher = self.city.level[to] < self.held[seats]
        reason = np.where(higher, REASONS.index("promoted"), REASONS.index("moved"))
        self.take(to, self.leave(seats, month, reason), month)

    def empty(self, rung: str) -> Ints:
        """The empty seats of a rung."""
        seats = self.city.of_rungs((rung,))
        return seats[self.holder[seats] < 0]

    def ready(self, rungs: tuple[str, ...], now: int) -> Ints:
        """The seats of some rungs whose holders have sat there long enough to move."""
        seats = self.city.of_rungs(rungs)
        return seats[(self.holder[seats] >= 0) & (self.since[seats] <= now - SERVED)]

    def spells(self) -> Spells:
        """All spells, those that have ended first."""
        seats = np.flatnonzero(self.holder >= 0)
        none = np.zeros(len(seats), np.int64)
        now = np.stack([self.holder[seats], seats, self.held[seats], self.since[seats], none, none])
        return Spells(*np.concatenate([*self.ended, now], axis=1))


def _first_people(city: Layout, rng: np.random.Generator, today: int) -> People:
    staff = city.rung == RUNG[STAFF]
    age = _first_ages(city, rng)
    people = People.born(today - (age * YEAR).astype(np.int64), rng)
    grown = np.where(age > MIDDLE_AGE, rng.choice(len(LEVELS), len(age), p=STAFF_LEVELS), JUNIOR)
    people.level = np.where(staff, grown, city.level)
    people.birth[people.due() <= today] += 6 * YEAR
    return people


def _first_ages(city: Layout, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Ages in years: of a leading post around what its rung stands at, of the staff anything."""
    spans = ((rung.standing, rung.age - 2 * rung.spread, rung.line) for rung in RUNGS)
    standing, youngest, line = (np.array(ages)[city.rung] for ages in zip(*spans, strict=True))
    leading = np.clip(rng.normal(standing, FIRST_SPREAD), youngest, line)
    return np.where(city.rung == RUNG[STAFF], rng.uniform(23, 59, len(leading)), leading)
