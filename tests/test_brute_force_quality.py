"""Every question on records in doubt against a count in plain Python, on random rosters with every kind of slip."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data.access import LOCAL
from queries import building, warehouse
from tests.counting.age_ladder import City
from tests.counting.quality import QUESTIONS, RULES, Doubts, Records
from tests.random_cities import Rows, agree, city, land, on_random_cities, rarely, taken, throw

pytestmark = pytest.mark.promise("answers.brute_force")

REASONS = (None, "promoted", "moved", "retired", "resigned", "died")
CITIES = 12
YEARS = (2015, 2024, 2025)


def records(seed: int, people: int) -> Records:
    """A random city's people with when they began and joined, why their posts ended, and years assessed."""
    made = slipped(city(seed, people), throw(seed, "slipped"))
    own = {each.person_id: throw(seed, each.person_id, "records") for each in made.members}
    return Records(
        made,
        {code: _when(dice, made, code, 14, 34) for code, dice in own.items()},
        {code: dice.choice((None, _when(dice, made, code, 16, 30))) for code, dice in own.items()},
        {each: throw(seed, each).choice(REASONS) if each.end else None for each in made.postings},
        {(code, year) for code, dice in own.items() for year in YEARS if dice.random() < 0.7},
    )


def slipped(made: City, dice: Random) -> City:
    """The same city, where somebody is too young for any post, and somebody has none."""
    first, second, *rest = dice.sample(made.members, len(made.members))
    young = first._replace(birth=dice.choice((20040000, 20050600)))
    held = [each for each in made.postings if each.person_id != second.person_id]
    return made._replace(members=[young, second, *rest], postings=held)


def _when(dice: Random, made: City, code: str, youngest: int, oldest: int) -> int | None:
    """A date at some age, known to the day, the month, the year or not at all."""
    birth = next(each.birth for each in made.members if each.person_id == code) or 19800000
    year = birth // 10_000 + dice.randint(youngest, oldest)
    return rarely(dice, None, year * 10_000, year * 10_000 + 100, year * 10_000 + 715, year * 10_000 + 1200)


def build(given: Records, root: Path) -> warehouse.Warehouse:
    """Land and build the records under the shipped rules."""
    store = land(
        root,
        given.city.month,
        unit=[each._asdict() for each in given.city.units],
        member=[
            {**each._asdict(), "work_start": given.began[each.person_id], "joined": given.joined[each.person_id]}
            for each in given.city.members
        ],
        posting=[{**each._asdict(), "end_reason": given.reasons[each]} for each in given.city.postings],
        assessment=[
            {"person_id": code, "year": year, "kind": "annual", "occasion": 1, "grade": "competent"}
            for code, year in sorted(given.assessed)
        ],
    )
    return warehouse.open_for(building.build(store), LOCAL)


def in_order(rows: Rows) -> Rows:
    """The rows by rule and person, whatever the order of units."""
    return sorted(
        rows,
        key=lambda row: (
            RULES.index(row[0]),
            not row[3],
            row[2],
            row[6] or 0,
            row[5] or "",
            row[7] or 0,
            row[8] or 0,
            row[4] or "",
        ),
    )


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city."""
    given, dice = records(seed, people), throw(seed, "asked")
    doubts = Doubts(given)
    with tempfile.TemporaryDirectory() as folder:
        opened = build(given, Path(folder))
        for name in [*QUESTIONS] * 2:
            known: dict[str, Any] = {"unit": dice.choice(given.city.units).unit_id, "doubt": dice.choice(RULES)}
            read = in_order if name == "person" else list
            if agree(
                opened, f"quality/{name}", QUESTIONS[name], doubts, taken(dice, f"quality/{name}", known), read=read
            ):
                yield name
    yield from {rule for rule, *_ in doubts.found}


def test_every_record_in_doubt_is_the_one_that_a_count_person_by_person_doubts() -> None:
    on_random_cities(compared, range(8, 20), (*QUESTIONS, *RULES), CITIES)
