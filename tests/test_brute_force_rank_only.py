"""Every question on civil servants with a rank only against a count in plain Python, on random careers and tasks."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data.access import LOCAL
from queries import building, warehouse
from tests.counting.age_ladder import City, Posting
from tests.counting.capability import Course
from tests.counting.rank_only import QUESTIONS, Grade, Ranks, Task
from tests.counting.welfare import Care
from tests.random_cities import agree, career, land, on_random_cities, person, some_month, taken, throw, tree
from tests.test_brute_force_welfare import used

pytestmark = pytest.mark.promise("answers.brute_force")

YEARS = (2023, 2024, 2025, 2026)
BODIES = ("township", "county_leadership", "municipal_department")
RANKS = ("二级巡视员", "四级调研员", "一级主任科员", "一级科员", "专门职务", None)
KINDS = ("project", "research", "own_work")


def city(seed: int, people: int) -> City:
    """A small city in some month, in which half of the posts carry no leadership."""
    dice = throw(seed, "rank_only")
    units = tree(dice)
    codes = [f"P{number:02d}" for number in range(people)]
    places = [unit for unit in units if unit.body in BODIES]
    own = {code: throw(seed, code) for code in codes}
    members = [person(own[code], code) for code in codes]
    held = [_perhaps_other(dice, each) for code in codes for each in career(own[code], code, places, 202610)]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in held}
    return City(dice.choice((202512, 202610)), units, members, list(once.values()), [])


def _perhaps_other(dice: Random, post: Posting) -> Posting:
    return post._replace(role="other") if dice.random() < 0.5 else post


def tasks(dice: Random, code: str) -> list[Task]:
    """What somebody was given, some of it after the data month."""
    made = []
    for _ in range(dice.choice((0, 1, 1, 3))):
        start = some_month(dice, 202301, 202612)
        end = dice.choice((None, some_month(dice, start, 202706) * 100 + 1))
        made.append(Task(code, dice.choice(KINDS), start * 100 + dice.choice((0, 15)), end))
    return list({each[:3]: each for each in made}.values())


def grades(dice: Random, code: str) -> list[Grade]:
    """What somebody was assessed as; some years have no grade."""
    kinds = [("annual", None), ("peacetime", 1), ("peacetime", 2)]
    drawn = [(year, *kind) for year in YEARS[:-1] for kind in kinds if dice.random() < 0.4]
    return [Grade(code, *each, dice.choice(("excellent", "competent", "probation"))) for each in drawn]


def courses(dice: Random, code: str) -> list[Course]:
    """What somebody was trained in."""
    drawn = [(some_month(dice, 202401, 202612) * 100, dice.choice((40, 90))) for _ in range(dice.choice((0, 1, 3)))]
    return list({start: Course(code, "online", start, hours) for start, hours in drawn}.values())


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city."""
    made, dice = city(seed, people), throw(seed)
    ranks = {post: dice.choice(RANKS) for post in made.postings}
    given = [task for each in made.members for task in tasks(throw(seed, each.person_id, "tasks"), each.person_id)]
    told = [grade for each in made.members for grade in grades(throw(seed, each.person_id, "grades"), each.person_id)]
    took = [course for each in made.members for course in courses(throw(seed, each.person_id, "took"), each.person_id)]
    began = {each.person_id: dice.choice((None, 20061100, 20160000)) for each in made.members}
    uses = [use for each in made.members for use in used(throw(seed, each.person_id, "used"), each.person_id)]
    count = Ranks(made, ranks, given, told, took, Care(made, began, uses))
    with tempfile.TemporaryDirectory() as folder:
        store = land(
            Path(folder),
            made.month,
            unit=[each._asdict() for each in made.units],
            member=[{**each._asdict(), "work_start": began[each.person_id]} for each in made.members],
            posting=[{**each._asdict(), "rank": ranks[each]} for each in made.postings],
            rank_task=[each._asdict() for each in given],
            assessment=[each._asdict() for each in told],
            training=[each._asdict() for each in took],
            welfare_use=[each._asdict() for each in uses],
        )
        opened = warehouse.open_for(building.build(store), LOCAL)
        for name in [*QUESTIONS] * 2:
            known = {
                "year": dice.choice((2025, 2025, 2026, 2024)),
                "as_of": some_month(dice, 202301, 202712),
                "min_group": dice.choice((1, 2, 5)),
                "unit": dice.choice(made.units).unit_id,
            }
            asked: dict[str, Any] = taken(dice, f"rank_only/{name}", known, 0.4)
            if agree(opened, f"rank_only/{name}", QUESTIONS[name], count, asked, within=1e-6):
                yield name


def test_every_question_on_those_with_a_rank_only_is_answered_as_a_count_person_by_person_answers_it() -> None:
    on_random_cities(compared, range(10, 26), QUESTIONS, cities=5)
