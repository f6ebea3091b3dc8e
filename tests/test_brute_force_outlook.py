"""The pool below each target against a count in plain Python, on random rosters, targets and rules of promotion."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data import month
from data.access import LOCAL
from queries import building, warehouse
from tests.counting.outlook import QUESTIONS, Ground, Pool, Rule, pool
from tests.random_cities import (
    DIVISIONS,
    IN_FORCE,
    LEADERS,
    LEVELS,
    TIERS,
    Rows,
    agree,
    city,
    land,
    on_random_cities,
    rarely,
    rules,
    some,
    some_month,
    taken,
    throw,
)

pytestmark = pytest.mark.promise("answers.brute_force")

BODIES = tuple(TIERS)
ROLES = (*LEADERS, *DIVISIONS)
READY = QUESTIONS["outlook/pool_person"][1].split().index("ready_month")


def rule(dice: Random, place: int) -> Rule:
    """A rule that fills some posts from some others and may require nothing."""
    valid_from, valid_to = dice.choice(IN_FORCE)
    return Rule(
        rule_id=f"r{place}",
        place=place,
        bodies=some(dice, BODIES),
        roles=some(dice, ROLES),
        from_bodies=dice.choice((None, some(dice, BODIES))),
        from_roles=some(dice, (*ROLES, "other")),
        from_levels=dice.choice((None, some(dice, LEVELS))),
        months=dice.choice((None, 6, 24, 36, 60)),
        work_months=dice.choice((None, None, 60, 240)),
        grassroots_rule=dice.choice((None, None, "g", "h")),
        document="示例",
        clause=f"{place}",
        confirmed=dice.choice(("law", "law", "to_confirm")),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def grounds(dice: Random) -> list[Ground]:
    """Two rules on the grass roots, the second of which may begin late, or end early and perhaps be renewed."""
    first = Ground("g", dice.choice((6, 24)), some(dice, BODIES), 201601, None)
    second = Ground("h", dice.choice((6, 24)), some(dice, BODIES), *dice.choice(IN_FORCE))
    if not second.valid_to or dice.random() < 0.5:
        return [first, second]
    return [first, second, second._replace(months=12, valid_from=second.valid_to, valid_to=None)]


def build(asked: Pool, root: Path) -> warehouse.Warehouse:
    """Land and build a city under the shipped rules with its own targets and rules of promotion."""
    made = asked.count.city
    store = land(
        root,
        made.month,
        unit=[each._asdict() for each in made.units],
        member=[{**each._asdict(), "work_start": asked.began[each.person_id]} for each in made.members],
        posting=[each._asdict() for each in made.postings],
    )
    ground = {"place": 1, "basis": "grassroots", "force": "expected"}
    own = rules(
        root,
        age_target=[each._asdict() for each in made.targets],
        promotion_rule=[each._asdict() for each in asked.rules],
        rotation_rule=[{**ground, **each._asdict()} for each in asked.grounds],
    )
    return warehouse.open_for(building.build(store, folder=own), LOCAL)


def words(dice: Random, name: str, asked: Pool) -> dict[str, Any]:
    """What a question is asked with."""
    near = some_month(dice, 202401, 202801)
    known = {
        "as_of": near,
        "until": month.add(near, dice.choice((0, 4, 4, 15, 60))),
        "target": dice.choice(asked.count.city.targets).target_id,
        "unit": dice.choice(asked.count.city.units).unit_id,
    }
    return taken(dice, name, known)


def from_then_on(as_of: int, rows: Rows) -> Rows:
    """The rows of people, with what was there before a month as there in it."""
    return [(*row[:READY], row[READY] and max(row[READY], as_of), *row[READY + 1 :]) for row in rows]


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold both questions against the count in one city."""
    made, dice = city(seed, people), throw(seed, "promotion")
    began = {m.person_id: rarely(dice, None, 19980700, 20061100, 20200000, 20230115) for m in made.members}
    asked = Pool(made, began, [rule(dice, place) for place in range(1, 7)], grounds(dice))
    with tempfile.TemporaryDirectory() as folder:
        opened = build(asked, Path(folder))
        for name in ["outlook/pool", *["outlook/pool_person"] * 4] * 3:
            given = words(dice, name, asked)
            read = partial(from_then_on, given["as_of"]) if name == "outlook/pool_person" else list
            if agree(opened, name, QUESTIONS[name], asked, given, read=read):
                yield name
            if name == "outlook/pool" and any(ready for _, _, ready, *_ in pool(asked, **given)):
                yield "ready"


def test_the_pool_is_the_one_that_a_count_month_by_month_finds() -> None:
    on_random_cities(compared, range(10, 26), (*QUESTIONS, "ready"))
