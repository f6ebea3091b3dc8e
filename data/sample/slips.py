"""Slips of the pen in a synthetic city's records, each of a kind that the rules of records find: few, and harmless.

They are made so that no target, clock or share of the city moves: mostly in the records of people who are gone.
"""

import numpy as np
import pyarrow as pa

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import REASONS, Postings
from data.sample.cells import date, day, ids, ints, table, words
from data.sample.city import STAFF_TITLE, Layout
from data.sample.ladder import JUNIOR, LEVELS, ROLES, Bools, Ints
from data.sample.people import People

DRAWS = 11
"""The stream of random numbers that is this topic's own."""
SHARE = 0.0008
"""Share of the people in whose records each slip is made."""
CHILD, GROWN, JOINS = 15 * YEAR, 25 * YEAR, (20 * YEAR, 28 * YEAR)
"""Months of age at which work begins by a slip, of work beyond which that changes no leave, of age at joining."""
LATE = 2
"""Months by which an end is recorded too late."""
AWAY, BEFORE = 2 * YEAR, 4 * YEAR
"""Months that an earlier post lasts, and from its beginning to the first post that follows."""
GAP_BODY, OPEN_TEAM, OPEN_TITLE = "county_department", ("county_leadership", "government"), "兼职顾问"
GONE = tuple(REASONS.index(reason) for reason in ("resigned", "died", "dismissed", "expelled"))
OTHER = ROLES.index("other")


def _few(chosen: Bools, people: int, rng: np.random.Generator) -> Ints:
    """Some of those chosen, as places: SHARE of all the people, at least one."""
    places: Ints = rng.permutation(np.flatnonzero(chosen))[: max(1, round(people * SHARE))]
    return places


def _first(of: Postings, people: int) -> Ints:
    """The place of each person's first posting."""
    first = np.zeros(people, np.int64)
    first[of.person[::-1]] = np.arange(len(of.person))[::-1]
    return first


def _last(of: Postings, people: int) -> Ints:
    """The place of each person's last posting as a first one, not beside another."""
    last = np.zeros(people, np.int64)
    own = np.flatnonzero(of.second < 0)
    last[of.person[own]] = own
    return last


def began_work(worked: Ints, people: People, of: Postings, rng: np.random.Generator, today: int) -> Ints:
    """The months in which people began to work: some as children, some of those who are gone after their first post."""
    count, slipped = len(people), worked.copy()
    long = (today - worked > GROWN) & (of.end[_last(of, count)] == 0)
    young = _few(long, count, rng)
    slipped[young] = people.birth[young] + CHILD
    start = of.start[_first(of, count)]
    late = _few((of.end[_last(of, count)] > 0) & (worked == start), count, rng)
    slipped[late] = start[late] + LATE
    return slipped


def joined(people: People, member: Bools, rng: np.random.Generator) -> pa.Array:
    """The months in which members joined the Party, some too young."""
    month = people.birth + rng.integers(*JOINS, len(people))
    young = _few(member, len(people), rng)
    month[young] = people.birth[young] + CHILD
    return ints(date(month, 0), ~member)


def without_party(of: Postings, people: int, rng: np.random.Generator) -> Bools:
    """Whose political status nobody wrote down: some of those who are gone."""
    unsaid = np.zeros(people, np.bool_)
    unsaid[_few(of.end[_last(of, people)] > 0, people, rng)] = True
    return unsaid


def ended(of: Postings, role: Ints, people: int, rng: np.random.Generator) -> Ints:
    """The months in which posts ended, some of them recorded too late by people who took a leading post."""
    first = np.flatnonzero(of.second < 0)
    here, after = first[:-1], first[1:]
    rose = (of.person[here] == of.person[after]) & (role[here] == OTHER) & (role[after] != OTHER)
    stayed = (of.end[after] == 0) | (of.end[after] > of.start[after] + LATE)
    late = here[_few(rose & stayed & (of.end[here] == of.start[after]), people, rng)]
    end = of.end.copy()
    end[late] += LATE
    return end


def postings(
    city: Layout, of: Postings, places: Ints, worked: Ints, rng: np.random.Generator, number: int, known: int
) -> pa.Table:
    """More rows: a post long before the first one, with nothing between, and one left open by somebody who is gone.

    `places` are unit, role and title of each posting.
    """
    count = len(worked)
    first, last = _first(of, count), _last(of, count)
    office = np.array([unit.body == GAP_BODY for unit in city.units])[places[0, first]]
    early = first[_few(office & (worked <= of.start[first] - BEFORE) & (of.end[last] == 0), count, rng)]
    left = last[_few(np.isin(of.reason[last], GONE) & (of.end[last] > 0), count, rng)]
    teams = [at for at, unit in enumerate(city.units) if (unit.body, unit.organ) == OPEN_TEAM]
    row, opened = np.concatenate([early, left]), np.repeat((False, True), (len(early), len(left)))
    start = np.where(opened, of.start[row], of.start[row] - BEFORE)
    return table(
        "posting",
        {
            "person_id": ids(of.person[row], known),
            "unit_id": words(
                np.where(opened, rng.choice(teams, len(row)), places[0, row]),
                [f"{number:03d}{unit.code}" for unit in city.units],
            ),
            "post": words(opened, (STAFF_TITLE, OPEN_TITLE)),
            "role": words(np.zeros(len(row)), ("other",)),
            "level": words(np.where(opened, of.level[row], JUNIOR), LEVELS),
            "start": ints(date(start, np.where(opened, day(of.person[row], start), 0))),
            "end": ints(date(of.start[row] - BEFORE + AWAY, 0), opened),
            "end_reason": words(np.zeros(len(row)), ("other",), opened),
            "primary": pa.array(~opened),
            "counted": pa.array(~opened),
        },
    )
