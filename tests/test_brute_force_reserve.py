"""Every question on the reserve against a count in plain Python, on random rosters, stays and rules."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data import contract, month
from data.access import LOCAL
from queries import building, warehouse
from tests.counting.outlook import Pool
from tests.counting.reserve import PAIRS, QUESTIONS, REASONS, Experience, Kind, Reserve, Stay
from tests.random_cities import (
    IN_FORCE,
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
from tests.test_brute_force_outlook import grounds, rule

pytestmark = pytest.mark.promise("answers.brute_force")

KINDS = tuple(choice.key for choice in contract.load("reserve").column("kind").choices)[:4]
BODIES = tuple(TIERS)
READY = QUESTIONS["person"][1].split().index("ready_month")


def kind(dice: Random, place: int) -> list[Kind]:
    """A kind of post that people are kept for; now and then its row is renewed."""
    valid_from, valid_to = dice.choice(IN_FORCE)
    made = Kind(
        kind=KINDS[place],
        place=place,
        tier=dice.choice(("township", "county", "city")),
        bodies=some(dice, BODIES),
        roles="|".join(role for pair in dice.sample(PAIRS, dice.choice((1, 1, 2))) for role in pair),
        upper_age=dice.choice((31, 36, 42, 60)),
        people=dice.choice((1, 2, 3)),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    renewed = made._replace(upper_age=made.upper_age + 3, valid_from=valid_to or 0, valid_to=None)
    return [made, renewed] if valid_to and dice.random() < 0.5 else [made]


def experience(dice: Random, place: int) -> Experience:
    """An experience that some postings show."""
    valid_from, valid_to = dice.choice(IN_FORCE)
    return Experience(
        rule_id=f"e{place}",
        place=place,
        name_zh=f"经历{place}",
        basis=("posts", "programmes", "bodies")[place % 3],
        least=dice.choice((1, 1, 2, 3)),
        bodies=dice.choice((None, None, some(dice, BODIES))),
        roles=dice.choice((None, None, some(dice, ("secretary", "chief", "deputy", "member", "division_head")))),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def stays(dice: Random, person: str, last: int) -> list[Stay]:
    """None to four stays, which may overlap, follow each other in one month, or begin or end after the data month."""
    made: dict[tuple[str, int], Stay] = {}
    for _ in range(dice.choice((0, 1, 1, 2, 4))):
        start = some_month(dice, 201801, month.add(last, 3))
        end = dice.choice((None, None, some_month(dice, start, month.add(last, 6)) * 100 + dice.choice((0, 20))))
        of, day = dice.choice(KINDS), start * 100 + dice.choice((0, 1, 15))
        made[of, day] = Stay(person, of, day, end, dice.choice(REASONS) if end else None)
    return list(made.values())


def reserve(seed: int, people: int) -> Reserve:
    """A small city with its reserve, the rules on it and those of promotion."""
    drawn, dice = city(seed, people), throw(seed, "reserve")
    soon = month.add(drawn.month, 2)
    made = drawn._replace(units=[unit._replace(valid_to=unit.valid_to and soon) for unit in drawn.units])
    began = {m.person_id: rarely(dice, None, 19980700, 20061100, 20200000, 20230115) for m in made.members}
    pool = Pool(made, began, [rule(dice, place) for place in range(1, 7)], grounds(dice))
    return Reserve(
        pool,
        [stay for m in made.members for stay in stays(throw(seed, m.person_id, "stays"), m.person_id, made.month)],
        [row for place in range(len(KINDS)) for row in kind(dice, place)],
        [experience(dice, place) for place in range(4)],
        {post: dice.choice(("aid", "shadowing")) for post in made.postings if dice.random() < 0.3},
    )


def build(asked: Reserve, root: Path) -> warehouse.Warehouse:
    """Land and build a city under the shipped rules with its own of promotion and of the reserve."""
    made = asked.count.city
    store = land(
        root,
        made.month,
        unit=[each._asdict() for each in made.units],
        member=[{**each._asdict(), "work_start": asked.pool.began[each.person_id]} for each in made.members],
        posting=[{**each._asdict(), "programme": asked.sent.get(each)} for each in made.postings],
        reserve=[each._asdict() for each in asked.stays],
    )
    ground = {"place": 1, "basis": "grassroots", "force": "expected"}
    own = rules(
        root,
        promotion_rule=[each._asdict() for each in asked.pool.rules],
        rotation_rule=[{**ground, **each._asdict()} for each in asked.pool.grounds],
        reserve_kind=[each._asdict() for each in asked.kinds],
        reserve_experience=[each._asdict() for each in asked.experiences],
    )
    return warehouse.open_for(building.build(store, folder=own), LOCAL)


def from_then_on(as_of: int, rows: Rows) -> Rows:
    """The rows of people, with what was there before a month as there in it."""
    return [(*row[:READY], row[READY] and max(row[READY], as_of), *row[READY + 1 :]) for row in rows]


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city."""
    asked, dice = reserve(seed, people), throw(seed, "asked")
    with tempfile.TemporaryDirectory() as folder:
        opened = build(asked, Path(folder))
        for name in [*QUESTIONS] * 2:
            as_of = some_month(dice, 202401, 202712)
            known: dict[str, Any] = {
                "as_of": as_of,
                "until": month.add(as_of, dice.choice((0, 4, 15, 60))),
                "reserve": dice.choice(KINDS),
                "unit": dice.choice(asked.count.city.units).unit_id,
            }
            given = taken(dice, f"reserve/{name}", known, 0.4)
            read = partial(from_then_on, as_of) if name == "person" else list
            if agree(opened, f"reserve/{name}", QUESTIONS[name], asked, given, read=read):
                yield name
            if name == "years_left":
                yield from {state for _, state, *_ in QUESTIONS[name][0](asked, **given)}


def test_every_question_on_the_reserve_is_answered_as_a_count_person_by_person_answers_it() -> None:
    on_random_cities(compared, range(14, 27), (*QUESTIONS, "ready", "waiting"), cities=6)
