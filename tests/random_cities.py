"""What every comparison with a count in plain Python starts from: dice, random cities, and how answers are compared.

Hypothesis draws how many people there are and a seed; the seed makes each of them, the tree, the targets and what is
asked. So a failure shrinks to the first few people of the same city, and two cities are never nearly alike.
"""

import csv
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import queries
from data import contract, month, policy
from data.batches import batch
from data.store import Store
from queries import warehouse
from tests import plain
from tests.counting.age_ladder import OPEN, City, Member, Posting, Target, Unit

Rows = list[tuple[Any, ...]]

CITIES = 25
COMMON = (1, 6, 10)
"""Months of the year in which most things happen, so that they meet."""
ORGANS = ("party", "congress", "government")
LEADERS = ("secretary", "chief", "deputy", "member")
DIVISIONS = ("division_head", "division_deputy")
ROLES = {"township": LEADERS, "county_leadership": LEADERS, "municipal_department": DIVISIONS}
ASKED_ROLES = {
    LEADERS: ("|".join(LEADERS), "secretary|chief", "secretary", "deputy|member"),
    DIVISIONS: ("|".join(DIVISIONS), "division_head"),
}
TIERS = {"township": "township", "county_leadership": "county", "municipal_department": "city"}
LEVELS = ("1A31", "1A32", "1A41", "1A42")
STANDS = ((None, None), (None, None), (None, None), (201906, None), (None, 202406), (202001, 202801))
IN_FORCE = ((201601, None), (201601, None), (202306, None), (201601, 202606))
TURNS = (202110, 202306, 202606, 202702, 203202)
"""Months in which a term changes or is full, or a target begins or ends."""
UNKNOWN_UNIT = Unit("9", None, "township")
UNKNOWN_PERSON = "nobody"
WRITTEN = {
    "name_en": "a", "name_zh": "甲", "band_en": "b", "band_zh": "乙",
    "document": "示例", "clause": "一", "confirmed": "to_confirm",
}  # fmt: skip
"""What a row of a rule says where it does not matter."""


# --- comparing --------------------------------------------------------------------------------------------------------


def on_random_cities(
    compare: Callable[[int, int], Iterable[str]],
    people: Sequence[int],
    needed: Iterable[str],
    cities: int = CITIES,
    *,
    also_empty: bool = False,
) -> None:
    """Run `compare(seed, people)`, which says what it found an answer to; all that is `needed` has to be, once."""
    answered = Counter[str]()

    def count(seed: int, people: int) -> None:
        answered.update(compare(seed, people))

    drawn = given(seed=st.integers(0, 2**20), people=st.sampled_from(people))(count)
    settings(
        max_examples=cities,
        deadline=None,
        derandomize="CI" in os.environ,
        phases=set(Phase) - {Phase.explain},
        suppress_health_check=[HealthCheck.too_slow],
    )(example(seed=0, people=0)(drawn) if also_empty else drawn)()
    assert all(answered[name] for name in needed), f"something was never answered: {answered}"


def agree(
    opened: warehouse.Warehouse,
    name: str,
    counted: tuple[Callable[..., Rows], str],
    by: Any,
    asked: Mapping[str, Any],
    *,
    read: Callable[[Rows], Rows] = list,
    within: float | None = None,
) -> bool:
    """Hold an answer (its columns counted, as `read`) against the count of `by`; whether it has any rows."""
    by_count, columns = counted
    expected = by_count(by, **asked)
    told = plain.rows(opened.ask(name, **asked), *columns.split())
    assert read(told) == near(expected, within), (name, asked, opened.viewer.units)
    return bool(expected)


def near(rows: Rows, within: float | None = None) -> Rows:
    """The same rows, with fractions compared as far as two ways of multiplying agree, or `within` a distance."""
    return [tuple(pytest.approx(cell, abs=within) if isinstance(cell, float) else cell for cell in row) for row in rows]


def taken(dice: Random, name: str, known: Mapping[str, Any], optional: float = 0.2) -> dict[str, Any]:
    """Of what is known all that a question takes; what it can do without only now and then."""
    takes = queries.load(name).takes
    return {each.name: known[each.name] if not each.optional or dice.random() < optional else None for each in takes}


# --- building ---------------------------------------------------------------------------------------------------------


def land(root: Path, last: int, **sources: list[dict[str, Any]]) -> Store:
    """Land the rows of each source in a new store whose data stand at a month; units and people need no names."""
    store = Store(root / "store")
    with batch(store, month=last) as writer:
        for source, rows in sources.items():
            writer.write(source, _table(source, [{**_implied(source, row), **row} for row in rows]))
    return store


def _implied(source: str, row: dict[str, Any]) -> dict[str, Any]:
    if source == "posting":
        return {"counted": True}
    key = {"unit": "unit_id", "member": "person_id"}.get(source)
    return {"name": row[key]} if key else {}


def _table(source: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as they land; numbers become decimals only by a cast."""
    schema = contract.load(source).arrow_schema
    loose = pa.schema([(f.name, pa.float64() if pa.types.is_decimal(f.type) else f.type) for f in schema])
    return pa.Table.from_pylist(rows, schema=loose).cast(schema)


def rules(root: Path, **tables: list[dict[str, Any]]) -> Path:
    """The shipped rules, some tables of which have other rows."""
    folder = Path(shutil.copytree(policy.FOLDER, root / "policy"))
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, contract.load(name).arrow_schema.names, extrasaction="ignore")
            table.writeheader()
            table.writerows({**WRITTEN, **row} for row in rows)
    return folder


# --- throwing ---------------------------------------------------------------------------------------------------------


def throw(*seeds: object) -> Random:
    """Dice that fall the same way for the same seeds."""
    return Random(" ".join(map(str, seeds)))  # noqa: S311 - dice keep no secret


def rarely(dice: Random, other: Any, *usual: Any) -> Any:
    """One of the usual, or now and then the other."""
    return other if dice.random() < 0.1 else dice.choice(usual)


def some(dice: Random, words: Sequence[str]) -> str:
    """A few of some words, as a rule lists them."""
    return "|".join(dice.sample(words, dice.randint(1, len(words))))


def some_month(dice: Random, first: int, last: int) -> int:
    """A month of a span, both ends included; more often than not a common one."""
    every = [month.add(first, step) for step in range(month.between(first, last) + 1)]
    common = [at for at in every if at % 100 in COMMON]
    return dice.choice(common if common and dice.random() < 0.7 else every)


def tree(dice: Random) -> list[Unit]:
    """A city with one or two counties, their leadership and townships, and its own departments, in any order."""
    counties = [f"1.{number}" for number in range(1, dice.randint(1, 2) + 1)]
    places = [Unit(f"{c}.{organ}", c, "county_leadership", organ) for c in counties for organ in ORGANS]
    places = dice.sample(places, dice.randint(1, len(places)))
    places += [Unit(f"{c}.{number}", c, "township") for c in counties for number in range(dice.randint(1, 3))]
    places += [Unit(f"1.d{number}", "1", "municipal_department") for number in range(dice.randint(1, 2))]
    units = [Unit("1", None, "city"), *(Unit(county, "1", "county") for county in counties)]
    units += [_with_posts(dice, unit) for unit in places]
    return dice.sample(units, len(units))


def _with_posts(dice: Random, unit: Unit) -> Unit:
    chiefs, deputies, divisions = (rarely(dice, None, 0, 1, 2, 4) for _ in range(3))
    valid_from, valid_to = dice.choice(STANDS)
    return Unit(*unit[:4], chiefs, deputies, divisions, valid_from, valid_to)


def person(dice: Random, code: str) -> Member:
    """A person, whose birth is known to the day, the month, the year or not at all."""
    year = dice.choice((dice.randint(1984, 1998), dice.randint(1963, 1972)))
    born = year * 10000 + dice.choice((*COMMON, *COMMON, 2, 12)) * 100
    return Member(
        person_id=code,
        sex=dice.choice(("male", "female")),
        birth=rarely(dice, None, year * 10000, born, born + 1, born + 1, born + 20),
        party=dice.choice((None, "01", "03", "05", "12")),
        identity=dice.choice((None, "cadre", "worker")),
        retire_month=rarely(dice, dice.choice(TURNS), None),
        age_limit=rarely(dice, 58, None, 55, 60),
    )


def spell(dice: Random, code: str, units: list[Unit], last: int) -> Posting:
    """A spell in a post, which may take no time, begin or end after the data month."""
    unit = dice.choice(units)
    start = some_month(dice, 201801, month.add(last, 6))
    return Posting(
        person_id=code,
        unit_id=unit.unit_id,
        post=dice.choice(("甲职", "乙职")),
        role=rarely(dice, "other", *ROLES.get(unit.body, LEADERS)),
        level=rarely(dice, None, *LEVELS),
        start=start * 100 + dice.choice((0, 1, 15)),
        end=dice.choice((None, some_month(dice, start, month.add(last, 12)) * 100 + dice.choice((0, 20)))),
        primary=dice.random() < 0.75,
    )


def career(dice: Random, code: str, units: list[Unit], last: int) -> list[Posting]:
    """One to four spells, which may overlap, or go on in the same unit where the one before ends."""
    held = [spell(dice, code, units, last)]
    for _ in range(dice.randint(0, 3)):
        ended, after = held[-1].end, spell(dice, code, units, last)
        if ended is not None and ended < (after.end or OPEN * 100) and dice.random() < 0.5:
            after = after._replace(unit_id=held[-1].unit_id, role=held[-1].role, start=ended)
        held.append(after)
    return held


def target(dice: Random, place: int, body: str) -> Target:
    """A share, or a number of people in each unit or county."""
    per_unit = dice.random() < 0.5
    age = rarely(dice, None, *range(30, 41))
    valid_from, valid_to = dice.choice(IN_FORCE)
    return Target(
        target_id=f"t{place}",
        place=place,
        tier=TIERS[body],
        body=body,
        organ=dice.choice((None, None, *ORGANS)) if body == "county_leadership" else None,
        roles=dice.choice(ASKED_ROLES[ROLES[body]]),
        posts=dice.choice(("primary", "any")),
        sex=dice.choice((None, None, "female")),
        party=dice.choice((None, None, "outside")),
        upper_age=age,
        other_upper_age=age and dice.choice((None, age - 1, age + 1)),
        kind="per_unit" if per_unit else "share",
        value=dice.choice(("1", "2", "3") if per_unit else ("3/20", "1/5", "3/10", "1/3", "1")),
        denominator="units" if per_unit else dice.choice(("in_post", "approved", "approved", "units")),
        posts_a_unit=dice.choice((None, 1, 2, 3)),
        group_by=dice.choice(("unit", "county") if per_unit else (None, "county")),
        parent_id=None,
        clause=f"{place}",
        valid_from=valid_from,
        valid_to=valid_to,
    )


def within(dice: Random, place: int, parent: Target) -> Target:
    """A share within another target, which may begin or end apart from it."""
    valid_from, valid_to = dice.choice(IN_FORCE)
    return parent._replace(
        target_id=f"t{place}",
        place=place,
        roles=dice.choice(ASKED_ROLES[ROLES[parent.body]]),
        kind="sub_share",
        value="1/3",
        denominator="parent",
        group_by=None,
        parent_id=parent.target_id,
        clause=f"{place}",
        valid_from=valid_from,
        valid_to=valid_to,
    )


def scheme(dice: Random, bodies: list[str]) -> list[Target]:
    """Targets, shares within some of them, and a new row of most that end: another value, or another line too."""
    first = [target(dice, place, dice.choice(bodies)) for place in range(dice.randint(2, 5))]
    parents = dice.sample(first, 2)
    shares = [within(dice, len(first) + place, parent) for place, parent in enumerate(parents)]
    endings = [(each, each.valid_to) for each in (*first, *shares) if each.valid_to and dice.random() < 0.8]
    return [*first, *shares, *(renewed(dice, each, since) for each, since in endings)]


def renewed(dice: Random, ended: Target, since: int) -> Target:
    """What takes the place of a target that ended."""
    return ended._replace(
        valid_from=since,
        valid_to=None,
        value="1",
        upper_age=ended.upper_age and ended.upper_age + dice.choice((-2, 0, 0, 3)),
        clause=f"{ended.clause} anew",
    )


def city(seed: int, people: int) -> City:
    """A small city in some month; a few postings name a person or a unit that nobody knows."""
    dice = throw(seed)
    last, units = dice.choice((202512, 202610, 202701)), tree(dice)
    targets = scheme(dice, sorted({unit.body for unit in units} & set(TIERS)))
    places = [*units, UNKNOWN_UNIT, *[unit for unit in units if unit.body in TIERS] * 3]
    codes = [f"P{number:02d}" for number in range(people)]
    own = {code: throw(seed, code) for code in (*codes, UNKNOWN_PERSON)}
    members = [person(own[code], code) for code in codes]
    held = [each for code in own for each in career(own[code], code, places, last)]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in held}
    return City(last, units, members, list(once.values()), targets)
