"""The age ladder and the overview's colours against a count in plain Python, on random rosters and targets.

Hypothesis draws how many people there are and a seed; the seed makes each of them, the tree, the targets and what is
asked. So a failure shrinks to the first few people of the same city, and two cities are never nearly alike.
"""

import csv
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import queries
from data import contract, landing, month, policy
from data.access import LOCAL, Viewer
from queries import warehouse
from tests import plain
from tests.counting import age_ladder, overview
from tests.counting.age_ladder import OPEN, City, Count, Member, Posting, Target, Unit

CITIES = 25
QUESTIONS = age_ladder.QUESTIONS | {
    "overview/status": (overview.status, "unit_id place targets met at_risk missed colour"),
}
ASKED = [*QUESTIONS] * 4 + ["age_ladder/boundary", "age_ladder/crossing", "age_ladder/change"] * 8
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
WRITTEN = {"name_en": "a", "name_zh": "甲", "band_en": "b", "band_zh": "乙", "document": "示例"}


def throw(*seeds: object) -> Random:
    """Dice that fall the same way for the same seeds."""
    return Random(" ".join(map(str, seeds)))  # noqa: S311 - dice keep no secret


def rarely(dice: Random, other: Any, *usual: Any) -> Any:
    """One of the usual, or now and then the other."""
    return other if dice.random() < 0.1 else dice.choice(usual)


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
    takes = queries.load(name).takes
    return {each.name: given[each.name] if not each.optional or dice.random() < 0.2 else None for each in takes}


def build(given: City, root: Path) -> Path:
    """Land and build a city under the shipped rules and its own targets."""
    store, rules = landing.Store(root / "store"), shutil.copytree(policy.FOLDER, root / "policy")
    with landing.batch(store, month=given.month) as writer:
        writer.write("unit", _table("unit", [{"name": unit.unit_id, **unit._asdict()} for unit in given.units]))
        writer.write("member", _table("member", [{"name": each.person_id, **each._asdict()} for each in given.members]))
        writer.write("posting", _table("posting", [{"counted": True, **each._asdict()} for each in given.postings]))
    with (rules / "age_target.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, contract.load("age_target").arrow_schema.names)
        table.writeheader()
        table.writerows({**WRITTEN, "confirmed": "to_confirm", **each._asdict()} for each in given.targets)
    return warehouse.build(store, folder=rules)


def eyes(dice: Random, given: City) -> list[tuple[Viewer, Count]]:
    """Someone who may see everything and someone who may see a unit or two, each with the count of what they see."""
    codes = tuple(unit.unit_id for unit in dice.sample(given.units, min(2, len(given.units))))
    whole = Count(given)
    return [(LOCAL, whole), (Viewer("part", codes, names=True), Count(given, set().union(*map(whole.area, codes))))]


def _table(source: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=contract.load(source).arrow_schema)


def test_every_question_is_answered_as_a_count_month_by_month_answers_it() -> None:
    answered = Counter[str]()

    @settings(
        max_examples=CITIES,
        deadline=None,
        derandomize="CI" in os.environ,
        phases=set(Phase) - {Phase.explain},
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(seed=st.integers(0, 2**20), people=st.sampled_from(range(10, 26)))
    @example(seed=0, people=0)
    def compare(seed: int, people: int) -> None:
        made, dice = city(seed, people), throw(seed)
        seen = eyes(dice, made)
        with tempfile.TemporaryDirectory() as folder:
            path = build(made, Path(folder))
            for name in ASKED:
                viewer, count = dice.choice((seen[0], *seen))
                if asked := words(dice, name, count):
                    by_count, columns = QUESTIONS[name]
                    expected = by_count(count, **asked)
                    answered[name] += bool(expected)
                    answer = warehouse.open_for(path, viewer).ask(name, **asked)
                    assert plain.rows(answer, *columns.split()) == expected, (name, asked, viewer.units)

    compare()
    assert all(answered[name] for name in QUESTIONS), f"some question was never answered: {answered}"
