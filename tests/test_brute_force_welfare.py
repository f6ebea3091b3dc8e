"""Every question on welfare against a count in plain Python, on random rosters and random use."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data.access import LOCAL
from queries import building, warehouse
from tests.counting.age_ladder import City, Unit
from tests.counting.welfare import DAYS, ITEMS, QUESTIONS, Care, Use, without_right
from tests.random_cities import LEVELS, agree, career, land, on_random_cities, person, rarely, taken, throw, tree

pytestmark = pytest.mark.promise("answers.brute_force")

ASKED = [*QUESTIONS] * 3
YEARS = (2024, 2025, 2026)
TRIGGERS = tuple(DAYS)


def city(seed: int, people: int) -> City:
    """A small city with county departments, in some month."""
    dice = throw(seed, "welfare")
    units = tree(dice)
    counties = [unit.unit_id for unit in units if unit.body == "county"]
    units += [Unit(f"{county}.d", county, "county_department") for county in counties]
    codes = [f"P{number:02d}" for number in range(people)]
    places = [unit for unit in units if unit.body not in {"city", "county"}]
    own = {code: throw(seed, code) for code in codes}
    members = [person(own[code], code) for code in codes]
    held = [each for code in codes for each in career(own[code], code, places, 202610)]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in held}
    return City(dice.choice((202512, 202610)), units, members, list(once.values()), [])


def some_date(dice: Random, year: int) -> int:
    """A date of a year or near it, known to the day, to the month or to the year."""
    month = rarely(dice, year * 100 + 101, *(year * 100 + each for each in (0, 1, 3, 6, 9, 10, 11, 12)))
    return int(month) * 100 + (dice.choice((0, 1, 15, 28)) if month % 100 else 0)


def used(dice: Random, code: str) -> list[Use]:
    """What someone used in some years."""
    rows = []
    for year in YEARS:
        for item in ITEMS:
            times = dice.choice((0, 1, 1, 1)) if item != "talk" else dice.choice((0, 1, 2, 3))
            rows += [_use(dice, code, year, item, number) for number in range(1, times + 1)]
    return rows


def _use(dice: Random, code: str, year: int, item: str, number: int) -> Use:
    days = item in {"leave", "time_off", "recuperation"}
    trigger = dice.choice((None, *TRIGGERS)) if item == "talk" else None
    amount = dice.choice((0, 3, 5, 10, 15)) if days else dice.choice((0, 1))
    return Use(
        person_id=code,
        year=year,
        item=item,
        number=number,
        entitled=rarely(dice, None, *((5, 10, 15) if days else (0, 1))),
        used=amount,
        date=rarely(dice, None, some_date(dice, year)) if amount else None,
        excluded=item == "leave" and dice.random() < 0.1,
        trigger=trigger,
        trigger_date=some_date(dice, year) if trigger else None,
    )


def build(given: City, began: dict[str, int | None], uses: list[Use], root: Path) -> warehouse.Warehouse:
    """Land and build a city under the shipped rules."""
    store = land(
        root,
        given.month,
        unit=[each._asdict() for each in given.units],
        member=[{**each._asdict(), "work_start": began[each.person_id]} for each in given.members],
        posting=[each._asdict() for each in given.postings],
        welfare_use=[each._asdict() for each in uses],
    )
    return warehouse.open_for(building.build(store), LOCAL)


def words(dice: Random, name: str, given: City) -> dict[str, Any]:
    """What a question is asked with."""
    known = {
        "year": dice.choice((2025, 2025, 2026, 2024, 2023)),
        "min_group": dice.choice((1, 1, 2, 3, 5)),
        "item": dice.choice(ITEMS),
        "unit": dice.choice(given.units).unit_id,
        "body": dice.choice(("township", "county_department")),
        "level": dice.choice(LEVELS),
        "sex": dice.choice(("male", "female")),
    }
    return taken(dice, f"welfare/{name}", known, 0.3)


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city, and what its checks find."""
    made, dice = city(seed, people), throw(seed)
    began = {m.person_id: rarely(dice, None, 19980700, 20061100, 20061200, 20160000, 20160115) for m in made.members}
    reported = {(year, item) for year in YEARS for item in ITEMS if dice.random() < 0.8}
    rows = [use for m in made.members for use in used(throw(seed, m.person_id, "used"), m.person_id)]
    uses = [use for use in rows if (use.year, use.item) in reported]
    care = Care(made, began, uses)
    with tempfile.TemporaryDirectory() as folder:
        opened = build(made, began, uses, Path(folder))
        found = warehouse.finding_table(opened.path)
        amiss = set(found[found["rule"] == "used_without_entitlement"]["record"])
        assert amiss == without_right(care)
        if amiss:
            yield "without_right"
        for name in ASKED:
            if agree(opened, f"welfare/{name}", QUESTIONS[name], care, words(dice, name, made), within=1e-6):
                yield name


def test_every_question_on_welfare_is_answered_as_a_count_person_by_person_answers_it() -> None:
    on_random_cities(compared, range(10, 26), ("without_right", *QUESTIONS))
