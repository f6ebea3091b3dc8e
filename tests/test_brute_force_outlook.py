"""The pool below each target against a count in plain Python, on random rosters, targets and rules of promotion."""

import csv
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import queries
from data import contract, landing, month, policy
from data.access import LOCAL
from queries import warehouse
from tests import plain
from tests.counting.outlook import QUESTIONS, Ground, Pool, Rule
from tests.test_brute_force_age_ladder import (
    DIVISIONS,
    IN_FORCE,
    LEADERS,
    LEVELS,
    TIERS,
    WRITTEN,
    _table,
    city,
    rarely,
    some_month,
    throw,
)

CITIES = 25
BODIES = tuple(TIERS)
ROLES = (*LEADERS, *DIVISIONS)
READY = QUESTIONS["outlook/pool_person"][1].split().index("ready_month")


def some(dice: Random, words: tuple[str, ...]) -> str:
    """A few of some words."""
    return "|".join(dice.sample(words, dice.randint(1, len(words))))


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
    made, store = asked.count.city, landing.Store(root / "store")
    members = [{"name": m.person_id, **m._asdict(), "work_start": asked.began[m.person_id]} for m in made.members]
    with landing.batch(store, month=made.month) as writer:
        writer.write("unit", _table("unit", [{"name": unit.unit_id, **unit._asdict()} for unit in made.units]))
        writer.write("member", _table("member", members))
        writer.write("posting", _table("posting", [{"counted": True, **each._asdict()} for each in made.postings]))
    rules = Path(shutil.copytree(policy.FOLDER, root / "policy"))
    ground = {"place": 1, "basis": "grassroots", "force": "expected", "clause": "一"}
    _write(rules, "age_target", [each._asdict() for each in made.targets])
    _write(rules, "promotion_rule", [each._asdict() for each in asked.rules])
    _write(rules, "rotation_rule", [{**ground, **each._asdict()} for each in asked.grounds])
    return warehouse.open_for(warehouse.build(store, folder=rules), LOCAL)


def _write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, contract.load(name).arrow_schema.names, extrasaction="ignore")
        table.writeheader()
        table.writerows({**WRITTEN, "confirmed": "to_confirm", **row} for row in rows)


def words(dice: Random, name: str, asked: Pool) -> dict[str, Any]:
    """What a question is asked with."""
    near = some_month(dice, 202401, 202801)
    known = {
        "as_of": near,
        "until": month.add(near, dice.choice((0, 4, 4, 15, 60))),
        "target": dice.choice(asked.count.city.targets).target_id,
        "unit": dice.choice(asked.count.city.units).unit_id,
    }
    takes = queries.load(name).takes
    return {each.name: known[each.name] if not each.optional or dice.random() < 0.2 else None for each in takes}


def from_then_on(name: str, rows: list[tuple[Any, ...]], as_of: int) -> list[tuple[Any, ...]]:
    """The rows, with what was there before a month as there in it."""
    if name != "outlook/pool_person":
        return rows
    return [(*row[:READY], row[READY] and max(row[READY], as_of), *row[READY + 1 :]) for row in rows]


def test_the_pool_is_the_one_that_a_count_month_by_month_finds() -> None:
    answered = Counter[str]()

    @settings(
        max_examples=CITIES,
        deadline=None,
        derandomize="CI" in os.environ,
        phases=set(Phase) - {Phase.explain},
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(seed=st.integers(0, 2**20), people=st.sampled_from(range(10, 26)))
    def compare(seed: int, people: int) -> None:
        made, dice = city(seed, people), throw(seed, "promotion")
        began = {m.person_id: rarely(dice, None, 19980700, 20061100, 20200000, 20230115) for m in made.members}
        asked = Pool(made, began, [rule(dice, place) for place in range(1, 7)], grounds(dice))
        with tempfile.TemporaryDirectory() as folder:
            opened = build(asked, Path(folder))
            for name in ["outlook/pool", *["outlook/pool_person"] * 4] * 3:
                given = words(dice, name, asked)
                by_count, columns = QUESTIONS[name]
                expected = by_count(asked, **given)
                told = plain.rows(opened.ask(name, **given), *columns.split())
                assert from_then_on(name, told, given["as_of"]) == expected, (name, given)
                answered[name] += bool(expected)
                answered["ready"] += name == "outlook/pool" and any(row[2] for row in expected)

    compare()
    assert all(answered[name] for name in (*QUESTIONS, "ready")), f"something was never answered: {answered}"
