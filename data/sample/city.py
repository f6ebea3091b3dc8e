"""The seats of a synthetic city: an array a property, over the posts of its teams and the places of its staff."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.sample.ladder import ROLES, RUNG, RUNG_LEVEL, STAFF, Ints
from data.sample.units import STAFF_WEIGHT, Unit, tree

PEOPLE_A_CITY = 10_000
STAFF_TITLE = "管理人员"


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The units of one city and an array over its seats for each property, as places in `units`, ROLES, RUNGS, ..."""

    units: tuple[Unit, ...]
    titles: tuple[str, ...]
    unit: Ints
    role: Ints
    rung: Ints
    title: Ints
    region: Ints
    level: Ints
    beside: Ints
    """Seats with a second posting, a row each: seat, unit, role, title."""

    @functools.cache  # noqa: B019 - layouts are few and live as long as the module
    def of_rungs(self, rungs: tuple[str, ...]) -> Ints:
        """The seats of some rungs."""
        return np.flatnonzero(np.isin(self.rung, [RUNG[name] for name in rungs]))

    def seats(self, body: str, roles: Sequence[str], organ: str | None = None) -> Ints:
        """The seats of some roles in every unit of a body (and organ)."""
        units = [each.body == body and organ in (None, each.organ) for each in self.units]
        return np.flatnonzero(np.array(units)[self.unit] & np.isin(self.role, [ROLES.index(role) for role in roles]))


class Seat(NamedTuple):
    """One seat: the place of its unit, the role, the rung, the title, and the second postings that come with it."""

    unit: int
    role: str
    rung: str
    title: str
    beside: Sequence[tuple[str, str, str]] = ()


class Second(NamedTuple):
    """A second posting: the place of the seat that it comes with, the place of its unit, its role and title."""

    seat: int
    unit: int
    role: str
    title: str


@functools.cache
def layout(people: int) -> Layout:
    """The units and seats of a city with so many seats; one of fewer than 10,000 is a small copy."""
    units = tree(min(1.0, people / PEOPLE_A_CITY))
    seats = list(_leading(units))
    seconds = list(_seconds(units, seats))
    seats += [Seat(unit, "other", STAFF, STAFF_TITLE) for unit in _spread(people - len(seats), units)]
    titles = tuple(dict.fromkeys([STAFF_TITLE, *(seat.title for seat in seats), *(second.title for second in seconds)]))
    unit, rung = np.array([seat.unit for seat in seats]), np.array([RUNG[seat.rung] for seat in seats])
    return Layout(
        units=units,
        titles=titles,
        unit=unit,
        role=np.array([ROLES.index(seat.role) for seat in seats]),
        rung=rung,
        title=np.array([titles.index(seat.title) for seat in seats]),
        region=np.array([each.region for each in units])[unit],
        level=RUNG_LEVEL[rung],
        beside=np.array([(seat, at, ROLES.index(role), titles.index(title)) for seat, at, role, title in seconds]),
    )


def _leading(units: Sequence[Unit]) -> Iterator[Seat]:
    for place, unit in enumerate(units):
        for post, count in unit.team:
            for number in range(count):
                title = post.titles[min(number, len(post.titles) - 1)]
                yield Seat(place, post.role, post.rung, title.format(head=unit.head), post.beside)


def _seconds(units: Sequence[Unit], seats: Sequence[Seat]) -> Iterator[Second]:
    for place, seat in enumerate(seats):
        for organ, role, title in seat.beside:
            other = _team_beside(units, units[seat.unit].region, organ)
            yield Second(place, other, role, title.format(head=units[other].head))


def _team_beside(units: Sequence[Unit], region: int, organ: str) -> int:
    wanted = (region, "county_leadership", organ)
    return next(other for other, unit in enumerate(units) if (unit.region, unit.body, unit.organ) == wanted)


def _spread(people: int, units: Sequence[Unit]) -> list[int]:
    """A unit for each of the people, in proportion to STAFF_WEIGHT."""
    weight = np.array([STAFF_WEIGHT.get(unit.body, 0) for unit in units])
    edges = np.cumsum(weight) * people // weight.sum()
    places: list[int] = np.repeat(np.arange(len(weight)), np.diff(edges, prepend=0)).tolist()
    return places
