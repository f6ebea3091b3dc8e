"""The rounds of appointments through the years: people leave by age and chance, others follow, newcomers enter."""

import itertools

import numpy as np

from data import month as months
from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import REASONS, SERVED, Careers
from data.sample.city import Layout
from data.sample.ladder import RUNG, RUNGS, STAFF, Bools, Ints
from data.sample.people import People

STEP = 3
"""Months between two rounds of appointments."""
WAVES = {"township": (201611, 202110), "county": (201612, 202112), "city": (201702, 202203)}
"""Months in which the teams of a tier change for a new term."""
WAVE_YOUTH = 2.0
"""Years by which those appointed at a term change are younger than otherwise."""
VACANT = 0.1
"""Chance that an empty seat stays empty for another step."""
AWAY = 0.12
"""Chance that a seat is filled from another county."""
TURN = {False: 0.012, True: 0.2}
"""Share of a rung that changes places among itself, at an ordinary step and at a term change."""
PAST_LINE = 0.6
"""Chance at each step that one who is past the line of the post leaves it."""
PAST_ROOM = {False: 0.03, True: 0.45}
"""Chance that one old enough to make room does, at an ordinary step and at a term change."""
RECRUITS = ((0.85, 25, 2), (0.15, 33, 4))
"""Newcomers from school and from elsewhere: share, mean age and spread, in years."""
EXITS_A_YEAR = 0.012
EXITS = {"resigned": 0.35, "moved": 0.4, "died": 0.15, "dismissed": 0.06, "expelled": 0.04}

PLACE_BITS = 24
PLACE = (1 << PLACE_BITS) - 1
"""How many bits hold a place among the seats of a city, and the mask of these bits."""


def careers_of(city: Layout, rng: np.random.Generator, today: int, span: int) -> Careers:
    """Careers of the `span` months up to and with today, a month counted from year 0."""
    careers = Careers(city, rng, today - span)
    for before, now in itertools.pairwise(_steps(today, span)):
        _round(careers, before, now)
    return careers


def _steps(today: int, span: int) -> list[int]:
    """The months of the rounds, among them all term changes."""
    first = today - span
    waves = {months.number(wave) for waves in WAVES.values() for wave in waves}
    return sorted({*range(today, first - 1, -STEP), first} | {wave for wave in waves if first < wave <= today})


def _round(careers: Careers, before: int, now: int) -> None:
    waves = [months.from_number(now) in WAVES[rung.tier] for rung in RUNGS]
    new_term = np.array(waves)
    _retire(careers, before, now)
    _exit(careers, before, now)
    aside = _step_down(careers, new_term, now)
    _turn(careers, new_term, now)
    for rung in range(RUNG[STAFF]):
        _promote(careers, rung, now, new_term=waves[rung])
    _set_aside(careers, *aside, now)
    _recruit(careers, now)


def _retire(careers: Careers, before: int, now: int) -> None:
    old = np.flatnonzero((careers.holder >= 0) & (now - careers.people.birth[careers.holder] >= 50 * YEAR))
    month = careers.people.due(careers.holder[old])
    reached = month <= now
    careers.leave(old[reached], np.maximum(month[reached], before + 1), "retired")


def _exit(careers: Careers, before: int, now: int) -> None:
    rate = EXITS_A_YEAR * (now - before) / YEAR
    seats = np.flatnonzero((careers.holder >= 0) & (careers.rng.random(len(careers.holder)) < rate))
    month = careers.rng.integers(before + 1, now + 1, len(seats))
    reason = careers.rng.choice([REASONS.index(name) for name in EXITS], len(seats), p=list(EXITS.values()))
    careers.leave(seats, month, reason)


def _step_down(careers: Careers, new_term: Bools, now: int) -> tuple[Ints, Ints]:
    """Leading posts left by age; who left them and in which county."""
    rung = careers.city.rung
    line, room = (np.array(ages)[rung] for ages in zip(*((each.line, each.room) for each in RUNGS), strict=True))
    age = (now - careers.people.birth[careers.holder]) / YEAR
    chance = np.where(new_term[rung], PAST_ROOM[True], PAST_ROOM[False])
    chance = np.where(age >= line, PAST_LINE, np.where(age >= room, chance, 0))
    seats = np.flatnonzero((careers.holder >= 0) & (rung != RUNG[STAFF]) & (careers.rng.random(len(rung)) < chance))
    return careers.leave(seats, now, "other"), careers.city.region[seats]


def _turn(careers: Careers, new_term: Bools, now: int) -> None:
    """Some of each rung change places, each to the next one's seat, mostly within the county."""
    rung = careers.city.rung
    share = np.where(new_term[rung], TURN[True], TURN[False])
    served = (careers.holder >= 0) & (now - careers.since >= SERVED) & (rung != RUNG[STAFF])
    seats = np.flatnonzero(served & (careers.rng.random(len(rung)) < share))
    seats = seats[np.lexsort((careers.rng.random(len(seats)), careers.city.region[seats], rung[seats]))]
    to = _next_in_turn(seats, rung[seats])
    moving = to != seats
    careers.move(seats[moving], to[moving], now)


def _next_in_turn(seats: Ints, rung: Ints) -> Ints:
    """The next seat of the same rung, after the last the first; the rungs are in order."""
    last = np.flatnonzero(np.diff(rung, append=-1))
    first = np.append(0, last[:-1] + 1) if len(last) else last
    to = np.roll(seats, -1)
    to[last] = seats[first]
    return to


def _promote(careers: Careers, rung: int, now: int, *, new_term: bool) -> None:
    """Fill the empty seats of a rung from those below, nearest to the wanted age, mostly from the same county."""
    rng, city, rule = careers.rng, careers.city, RUNGS[rung]
    seats = careers.empty(rule.name)
    seats = seats[rng.random(len(seats)) >= VACANT]
    pool = careers.ready(rule.sources, now) if len(seats) else seats
    seats = seats[: len(pool)]
    if not len(seats):
        return
    away = rng.random(len(seats)) < AWAY
    region = np.where(away, city.region[pool[rng.integers(0, len(pool), len(seats))]], city.region[seats])
    wanted = rng.normal(rule.age - WAVE_YOUTH * new_term, rule.spread, len(seats)) * YEAR
    age = now - careers.people.birth[careers.holder[pool]]
    taken, places = _match(_key(city.region[pool], age), _key(region, wanted.astype(np.int64)))
    careers.move(pool[taken], seats[places], now)


def _set_aside(careers: Careers, people: Ints, region: Ints, now: int) -> None:
    """Those who stepped down take seats without leadership near where they were; for whom there is none retires."""
    seats = careers.empty(STAFF)
    people, region = people[: len(seats)], region[: len(seats)]
    taken, places = _match(careers.city.region[seats], region)
    careers.take(seats[taken], people[places], now)


def _recruit(careers: Careers, now: int) -> None:
    """Fill every seat at the foot with newcomers: most from school, some from elsewhere."""
    rng, seats = careers.rng, careers.empty(STAFF)
    share, mean, spread = zip(*RECRUITS, strict=True)
    kind = rng.choice(len(RECRUITS), len(seats), p=share)
    age = rng.normal(np.array(mean)[kind], np.array(spread)[kind])
    careers.people.join(People.born(now - (np.clip(age, 22, 45) * YEAR).astype(np.int64), rng))
    careers.take(seats, np.arange(len(careers.people) - len(seats), len(careers.people)), now)


def _key(region: Ints, age: Ints) -> Ints:
    """One number to sort by region and then by age in months (under 100 years)."""
    return region * (100 * YEAR) + age


def _match(pool: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Pair each wanted key with another of the pool, the next not below it as far as there are: places in both.

    The pool must hold as many as are wanted. Both are walked in order, so no place of the pool is used twice.
    """
    keys, wishes = _sorted(pool), _sorted(wanted)
    count = np.arange(len(wishes))
    found = np.maximum.accumulate(np.searchsorted(keys, wishes & ~PLACE) - count) + count
    return keys[np.minimum(found, len(keys) - len(wishes) + count)] & PLACE, wishes & PLACE


def _sorted(keys: Ints) -> Ints:
    """The keys in order, each with its place in the PLACE bits: faster to sort than argsort, and stable."""
    both = keys << PLACE_BITS
    both += np.arange(len(keys))
    both.sort()
    return both
