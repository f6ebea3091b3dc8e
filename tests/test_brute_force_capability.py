"""Every question on training and on what duties ask against a count in plain Python, on random rosters and courses."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data.access import LOCAL
from queries import building, warehouse
from tests.counting.age_ladder import City
from tests.counting.capability import KINDS, QUESTIONS, Ability, Course, Need, Skill
from tests.random_cities import (
    LEADERS,
    ORGANS,
    agree,
    career,
    land,
    on_random_cities,
    person,
    rarely,
    rules,
    some,
    some_month,
    taken,
    throw,
    tree,
)  # fmt: skip

pytestmark = pytest.mark.promise("answers.brute_force")

YEARS = (2022, 2023, 2024, 2025, 2026)
FIELDS = ("economics", "agriculture", "township")
BODIES = ("township", "county_leadership", "municipal_department")


def city(seed: int, people: int) -> City:
    """A small city in some month."""
    dice = throw(seed, "capability")
    units = tree(dice)
    codes = [f"P{number:02d}" for number in range(people)]
    places = [unit for unit in units if unit.body in BODIES]
    own = {code: throw(seed, code) for code in codes}
    members = [person(own[code], code) for code in codes]
    held = [each for code in codes for each in career(own[code], code, places, 202610)]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in held}
    return City(dice.choice((202512, 202610)), units, members, list(once.values()), [])


def courses(dice: Random, code: str, years: list[int]) -> list[Course]:
    """What someone took, some of it after the data month; few take nothing."""
    made = [
        Course(code, dice.choice(KINDS), some_month(dice, years[0] * 100 + 1, years[-1] * 100 + 12) * 100 + day, hours)
        for day, hours in dice.choices(((0, 8), (9, 50), (0, 90), (28, 300)), k=dice.choice((0, 0, 1, 3, 6)))
    ]
    made = [course for course in made if course.start // 10_000 in years]
    return list({course[:3]: course for course in made}.values())


def skills(dice: Random, code: str) -> list[Skill]:
    """What someone has studied and worked in; of some nothing is reported."""
    made = [Skill(code, dice.choice(FIELDS), dice.choice(("study", "work"))) for _ in range(dice.choice((0, 1, 1, 2)))]
    return list(dict.fromkeys(made))


def need(dice: Random, place: int) -> Need:
    """What some teams are asked for."""
    return Need(
        rule_id=f"n{place}",
        place=place,
        bodies=some(dice, BODIES),
        organs=dice.choice((None, None, some(dice, ORGANS))),
        unit_word=rarely(dice, "1.2", None),
        roles=dice.choice(("|".join((*LEADERS, "division_head")), "secretary|chief")),
        field=dice.choice(FIELDS),
        basis=dice.choice((None, "study", "work")),
        people=dice.choice((1, 1, 2, 3)),
        valid_from=dice.choice((201601, 202306)),
        valid_to=dice.choice((None, None, 202606)),
    )


def build(
    given: City, took: list[Course], known: list[Skill], needs: list[Need], root: Path
) -> warehouse.Warehouse:  # fmt: skip
    """Land and build a city under the shipped rules with its own matrix of duties."""
    store = land(
        root,
        given.month,
        unit=[each._asdict() for each in given.units],
        member=[each._asdict() for each in given.members],
        posting=[each._asdict() for each in given.postings],
        training=[each._asdict() for each in took],
        expertise=[each._asdict() for each in known],
    )
    own = rules(root, duty_need=[each._asdict() for each in needs])
    return warehouse.open_for(building.build(store, folder=own), LOCAL)


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city."""
    made, dice = city(seed, people), throw(seed)
    years = [year for year in YEARS if dice.random() < 0.9] or [2025]
    took = [course for m in made.members for course in courses(throw(seed, m.person_id, "took"), m.person_id, years)]
    known = [skill for m in made.members for skill in skills(throw(seed, m.person_id, "knows"), m.person_id)]
    needs = [need(dice, place) for place in range(4)]
    ability = Ability(made, took, known, needs)
    with tempfile.TemporaryDirectory() as folder:
        opened = build(made, took, known, needs, Path(folder))
        for name in [*QUESTIONS] * 3:
            given = {
                "year": dice.choice((2025, 2025, 2026, 2024)),
                "as_of": some_month(dice, 202301, 202712),
                "unit": dice.choice(made.units).unit_id,
            }
            asked: dict[str, Any] = taken(dice, f"capability/{name}", given, 0.4)
            if agree(opened, f"capability/{name}", QUESTIONS[name], ability, asked, within=1e-6):
                yield name


def test_every_question_on_capability_is_answered_as_a_count_person_by_person_answers_it() -> None:
    on_random_cities(compared, range(10, 26), QUESTIONS, cities=6)
