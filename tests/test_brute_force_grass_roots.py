"""Every question on the grass roots against a count in plain Python, on random careers, checks and pay."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.access import LOCAL
from queries import building, warehouse
from tests.counting.age_ladder import City
from tests.counting.grass_roots import KINDS, QUESTIONS, Check, Grass, Origin, Pay
from tests.random_cities import agree, career, land, on_random_cities, person, some_month, taken, throw, tree

pytestmark = pytest.mark.promise("answers.brute_force")

YEARS = (2024, 2025)
ORIGINS = ("career_staff", "village_cadre", "graduate_official", "civil_servant", "other")


def city(seed: int, people: int) -> City:
    """A small city in some month, whose people move between townships and what is above them."""
    dice = throw(seed, "grass_roots")
    units = tree(dice)
    codes = [f"P{number:02d}" for number in range(people)]
    places = [unit for unit in units if unit.body not in ("city", "county")]
    own = {code: throw(seed, code) for code in codes}
    members = [person(own[code], code) for code in codes]
    held = [each for code in codes for each in career(own[code], code, places, 202610)]
    held = [each._replace(role="other") if dice.random() < 0.2 else each for each in held]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in held}
    return City(dice.choice((202512, 202610)), units, members, list(once.values()), [])


def told(seed: int, made: City) -> Grass:
    """What was reported: most origins, checks of some townships and years, pay of some counties and levels."""
    dice = throw(seed, "told")
    origins = {
        (post.person_id, post.start // 100): Origin(
            post.person_id, post.start // 100 * 100, dice.choice(ORIGINS), dice.choice((None, 3, 8, 15))
        )
        for post in made.postings
        if dice.random() < 0.7
    }
    checks = [
        Check(unit.unit_id, year, kind, dice.choice((0, 2, 3, 5, 9)))
        for unit in made.units
        for year in YEARS
        for kind in KINDS
        if unit.body == "township" and dice.random() < 0.6
    ]
    pay = [
        Pay(unit.unit_id, year, paid_in, level, dice.choice((4, 12, 60)), dice.choice((90_000, 120_000)), None)
        for unit in made.units
        for year in YEARS
        for paid_in in ("township", "county_department")
        for level in ("1A41", "1A42")
        if unit.body == "county" and dice.random() < 0.8
    ]
    return Grass(made, origins.values(), checks, pay)


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city."""
    made, dice = city(seed, people), throw(seed)
    grass = told(seed, made)
    with tempfile.TemporaryDirectory() as folder:
        store = land(
            Path(folder),
            made.month,
            unit=[each._asdict() for each in made.units],
            member=[each._asdict() for each in made.members],
            posting=[each._asdict() for each in made.postings],
            team_origin=[each._asdict() for each in grass.origins],
            unit_burden=[
                Check(unit, year, kind, items)._asdict() for (unit, year, kind), items in grass.checks.items()
            ],
            local_pay=[each._asdict() for each in grass.pay.values()],
        )
        opened = warehouse.open_for(building.build(store), LOCAL)
        for name in [*QUESTIONS] * 2:
            since = some_month(dice, 201801, 202312)
            known = {
                "year": dice.choice((2025, 2025, 2024)),
                "since": since,
                "until": some_month(dice, since, 202612),
                "min_group": dice.choice((1, 10)),
                "unit": dice.choice(made.units).unit_id,
            }
            asked: dict[str, Any] = taken(dice, f"grass_roots/{name}", known, 0.4)
            if agree(opened, f"grass_roots/{name}", QUESTIONS[name], grass, asked, within=1e-6):
                yield name


def test_every_question_on_the_grass_roots_is_answered_as_a_count_one_by_one_answers_it() -> None:
    on_random_cities(compared, range(10, 26), QUESTIONS, cities=5)
