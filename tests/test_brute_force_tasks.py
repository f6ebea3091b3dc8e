"""Every question on the task list against a count in plain Python, on random registers of clauses."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data.access import LOCAL
from queries import building, warehouse
from tests.counting.tasks import QUESTIONS, Measure
from tests.random_cities import agree, land, on_random_cities, rules, throw

pytestmark = pytest.mark.promise("answers.brute_force")

TURNS = (202401, 202506, 202607)
"""Months in which a measure begins or ends."""
ASKED = (202312, 202401, 202505, 202506, 202610)
OWNED = {
    "rules": None, "owner_en": "a", "owner_zh": "甲", "notice": 30, "document": "示例", "clause": "一",
    "confirmed": "to_confirm",
}  # fmt: skip


def register(dice: Random, measures: int) -> list[Measure]:
    """Measures of a few points, each with one row of the rules or a second that follows the first."""
    listed = []
    for number in range(measures):
        paper, point, turn = dice.choice(("opinions", "two_duties")), dice.randint(1, 3), dice.choice(TURNS)
        lasts = dice.choice(((turn, None), (201901, turn), (201901, None)))
        spells = dice.choice(([lasts], [(201901, turn), (turn, None)]))
        listed += [row(dice, f"m{number}", (paper, point), spell) for spell in spells]
    return listed


def row(dice: Random, measure: str, of: tuple[str, int], spell: tuple[int, int | None]) -> Measure:
    """One row of the rules; places come twice, so that codes decide."""
    served = dice.choice(("yes", "partly", "no"))
    indicator = dice.choice((None, "leave"))
    return Measure(
        measure_id=measure,
        place=dice.randint(1, 4),
        paper=of[0],
        point=of[1],
        served=served,
        questions=None if served == "no" else "welfare/uptake",
        why_en=None if served == "yes" else "a",
        every=dice.choice((3, 12)),
        indicator=indicator,
        most=dice.choice((0, 10)) if indicator else None,
        valid_from=spell[0],
        valid_to=spell[1],
    )


def compared(seed: int, measures: int) -> Iterator[str]:
    """Hold each question against the count in one register."""
    dice = throw(seed, "register")
    listed = register(dice, measures)
    written: list[dict[str, Any]] = [{**OWNED, **each._asdict(), "why_zh": each.why_en and "甲"} for each in listed]
    with tempfile.TemporaryDirectory() as folder:
        store = land(Path(folder), 202610, unit=[{"unit_id": "1", "body": "city"}], member=[], posting=[])
        built = building.build(store, folder=rules(Path(folder), measure=written))
        opened = warehouse.open_for(built, LOCAL)
        for as_of in ASKED:
            for name in QUESTIONS:
                if agree(opened, f"tasks/{name}", QUESTIONS[name], listed, {"as_of": as_of}):
                    yield name


def test_every_question_on_the_task_list_is_answered_as_a_count_one_by_one_answers_it() -> None:
    on_random_cities(compared, range(12), QUESTIONS, cities=4)
