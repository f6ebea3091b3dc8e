"""The age ladder and the overview's colours against a count in plain Python, on random rosters and targets."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data import month
from data.access import LOCAL, Viewer
from queries import building, warehouse
from tests.counting import age_ladder, overview
from tests.counting.age_ladder import City, Count
from tests.random_cities import (
    LEVELS,
    ORGANS,
    TIERS,
    TURNS,
    agree,
    city,
    land,
    on_random_cities,
    rules,
    some_month,
    taken,
    throw,
)

pytestmark = pytest.mark.promise("answers.brute_force")

QUESTIONS = age_ladder.QUESTIONS | {
    "overview/status": (overview.status, "unit_id place targets met at_risk missed colour"),
}
ASKED = [*QUESTIONS] * 4 + ["age_ladder/boundary", "age_ladder/crossing", "age_ladder/change"] * 8


def asked_month(dice: Random, count: Count) -> int:
    """A month of the calendar: any, one near the data month, or one in which something happens to somebody."""
    first, last = count.calendar[0], count.calendar[-1]
    held, line = dice.choice(count.city.postings), dice.choice(count.city.targets).upper_age
    births = [born for each in count.members if (born := count.born(each))]
    happens = (
        some_month(dice, first, last),
        some_month(dice, month.add(count.city.month, -24), month.add(count.city.month, 24)),
        *dice.sample(TURNS, 2),
        held.start // 100,
        (held.end or held.start) // 100,
        dice.choice(births) + 100 * line if births and line else count.city.month,
    )
    return min(max(dice.choice(happens), first), last)


def words(dice: Random, name: str, count: Count) -> dict[str, Any] | None:
    """What a question is asked with; None where it needs a target in force and there is none."""
    since, until = sorted(asked_month(dice, count) for _ in ("since", "until"))
    codes = [each.target_id for each in (count.valid(until) if name == "age_ladder/change" else count.city.targets)]
    if not codes:
        return None
    known = {
        "target": dice.choice(codes),
        "line": dice.randint(28, 60),
        "unit": dice.choice(count.city.units).unit_id,
        "sex": dice.choice(("male", "female")),
        "level": dice.choice(LEVELS),
        "body": dice.choice(tuple(TIERS)),
        "organ": dice.choice(ORGANS),
        "roles": dice.choice(("secretary|chief", "deputy", "member|other")),
    }
    given = {"as_of": since, "since": since, "until": until, **known}
    return taken(dice, name, given)


def build(given: City, root: Path) -> Path:
    """Land and build a city under the shipped rules and its own targets."""
    store = land(
        root,
        given.month,
        unit=[each._asdict() for each in given.units],
        member=[each._asdict() for each in given.members],
        posting=[each._asdict() for each in given.postings],
    )
    return building.build(store, folder=rules(root, age_target=[each._asdict() for each in given.targets]))


def eyes(dice: Random, given: City) -> list[tuple[Viewer, Count]]:
    """Someone who may see everything and someone who may see a unit or two, each with the count of what they see."""
    codes = tuple(unit.unit_id for unit in dice.sample(given.units, min(2, len(given.units))))
    whole = Count(given)
    return [(LOCAL, whole), (Viewer("part", codes, names=True), Count(given, set().union(*map(whole.area, codes))))]


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city, as one or another may see it."""
    made, dice = city(seed, people), throw(seed)
    seen = eyes(dice, made)
    with tempfile.TemporaryDirectory() as folder:
        path = build(made, Path(folder))
        for name in ASKED:
            viewer, count = dice.choice((seen[0], *seen))
            asked = words(dice, name, count)
            opened = warehouse.open_for(path, viewer)
            if asked and agree(opened, name, QUESTIONS[name], count, asked, within=0):
                yield name


def test_every_question_is_answered_as_a_count_month_by_month_answers_it() -> None:
    on_random_cities(compared, range(10, 26), QUESTIONS, also_empty=True)
