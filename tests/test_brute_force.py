"""Every question of the age ladder against a count in plain Python, on random rosters and random targets."""

import csv
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import queries
from data import contract, landing, month, policy
from data.access import LOCAL
from queries import warehouse
from tests import plain
from tests.counting import QUESTIONS, City, Count, Member, Posting, Target, Unit

TIMES = 4
WAVES = (202006, 202110, 202610)
WRITTEN = {"name_en": "a", "name_zh": "甲", "band_en": "b", "band_zh": "乙", "document": "示例", "clause": "一"}

ORGANS = ("party", "congress", "government")
LEADERS = ("secretary", "chief", "deputy", "member")
DIVISIONS = ("division_head", "division_deputy")
ROLES = {"township": LEADERS, "county_leadership": LEADERS, "municipal_department": DIVISIONS}
ASKED_ROLES = {
    LEADERS: ("|".join(LEADERS), "secretary|chief", "secretary", "deputy|member"),
    DIVISIONS: ("|".join(DIVISIONS), "division_head"),
}
TIERS = {"township": "township", "county_leadership": "county", "municipal_department": "city"}
LEVELS = ("1A31", "1A32", "1A41", "1A42", None)
STANDS = ((None, None), (None, None), (None, None), (201906, None), (None, 202403), (202001, 202801))
IN_FORCE = ((201601, None), (201601, None), (202305, None), (201601, 202606))
UNKNOWN_UNIT = Unit("9", None, "township")
UNKNOWN_PERSON = "nobody"

posts = st.none() | st.integers(0, 4)
stays = st.none() | st.sampled_from((0, 1, 12, 60)) | st.integers(0, 72)


def rarely(*usual: Any, else_: Any) -> st.SearchStrategy[Any]:
    """One of the usual values, or now and then the other one."""
    return st.sampled_from((*usual * (8 // len(usual) + 1), else_))


@st.composite
def births(draw: st.DrawFn) -> int | None:
    """A birth date, known to the day, the month, the year or not at all."""
    year = draw(st.integers(1984, 1998) | st.integers(1963, 1972))
    born = year * 10000 + draw(st.sampled_from((1, 2, 6, 10, 12))) * 100
    return draw(rarely(year * 10000, born, born + 1, born + 20, born + 20, else_=None))


@st.composite
def trees(draw: st.DrawFn) -> list[Unit]:
    """A city with one or two counties, their leadership and townships, and its own departments."""
    counties = [f"1.{number}" for number in range(1, draw(st.integers(1, 2)) + 1)]
    places = [
        (f"{c}.{organ}", c, "county_leadership", organ) for c in counties for organ in ORGANS if draw(st.booleans())
    ]
    places += [(f"{c}.{number}", c, "township", None) for c in counties for number in range(draw(st.integers(1, 3)))]
    places += [(f"1.d{number}", "1", "municipal_department", None) for number in range(draw(st.integers(0, 2)))]
    units = [Unit(*place, draw(posts), draw(posts), draw(posts), *draw(st.sampled_from(STANDS))) for place in places]
    return draw(
        st.permutations([Unit("1", None, "city"), *(Unit(county, "1", "county") for county in counties), *units])
    )


@st.composite
def members(draw: st.DrawFn, number: int) -> Member:
    """A person."""
    return Member(
        person_id=f"P{number:02d}",
        sex=draw(st.sampled_from(("male", "female"))),
        birth=draw(births()),
        party=draw(st.sampled_from((None, "01", "03", "05", "12"))),
        identity=draw(st.sampled_from((None, "cadre", "worker"))),
        retire_month=draw(rarely(None, else_=202801)),
        age_limit=draw(rarely(None, 55, 60, else_=58)),
    )


@st.composite
def postings(draw: st.DrawFn, person: str, units: list[Unit], last: int) -> Posting:
    """A spell in a post, which may overlap others, take no time, begin or end after the data month."""
    unit = draw(st.sampled_from(units))
    first = draw(
        st.integers(month.number(201801), month.number(last) + 6).map(month.from_number) | st.sampled_from(WAVES)
    )
    stay = draw(stays)
    return Posting(
        person_id=person,
        unit_id=unit.unit_id,
        post=draw(st.sampled_from(("甲职", "乙职"))),
        role=draw(rarely(*ROLES.get(unit.body, LEADERS), else_="other")),
        level=draw(st.sampled_from(LEVELS)),
        start=first * 100 + draw(st.sampled_from((0, 1, 15))),
        end=None if stay is None else month.add(first, stay) * 100 + draw(st.sampled_from((0, 20))),
        primary=draw(st.sampled_from((True, True, True, False))),
    )


@st.composite
def targets(draw: st.DrawFn, place: int, bodies: list[str]) -> Target:
    """A share, or a number of people in each unit or county."""
    body, per_unit = draw(st.sampled_from(bodies)), draw(st.booleans())
    age = draw(st.sampled_from((None, *range(30, 41))))
    valid_from, valid_to = draw(st.sampled_from(IN_FORCE))
    return Target(
        target_id=f"t{place}",
        place=place,
        tier=TIERS[body],
        body=body,
        organ=draw(st.sampled_from((None, None, *ORGANS))) if body == "county_leadership" else None,
        roles=draw(st.sampled_from(ASKED_ROLES[ROLES[body]])),
        posts=draw(st.sampled_from(("primary", "any"))),
        sex=draw(st.sampled_from((None, None, "female"))),
        party=draw(st.sampled_from((None, None, "outside"))),
        upper_age=age,
        other_upper_age=age and draw(st.sampled_from((None, age - 1, age + 1))),
        kind="per_unit" if per_unit else "share",
        value=draw(st.sampled_from(("1", "2", "3") if per_unit else ("3/20", "1/5", "3/10", "1/3", "1"))),
        denominator="units" if per_unit else draw(st.sampled_from(("in_post", "approved", "units"))),
        posts_a_unit=draw(st.none() | st.integers(1, 3)),
        group_by=draw(st.sampled_from(("unit", "county") if per_unit else (None, "county"))),
        parent_id=None,
        valid_from=valid_from,
        valid_to=valid_to,
    )


@st.composite
def within(draw: st.DrawFn, place: int, parent: Target) -> Target:
    """A share within another target."""
    return parent._replace(
        target_id=f"t{place}",
        place=place,
        roles=draw(st.sampled_from(ASKED_ROLES[ROLES[parent.body]])),
        kind="sub_share",
        value="1/3",
        denominator="parent",
        group_by=None,
        parent_id=parent.target_id,
    )


@st.composite
def schemes(draw: st.DrawFn, bodies: list[str]) -> list[Target]:
    """Targets, shares within those that last, and a new value of each that ends."""
    first = [draw(targets(place, bodies)) for place in range(draw(st.integers(2, 5)))]
    lasting = [target for target in first if (target.valid_from, target.valid_to) == IN_FORCE[0]]
    shares = [draw(within(len(first) + place, parent)) for place, parent in enumerate(lasting[:2])]
    changed = [t._replace(valid_from=t.valid_to, valid_to=None, value="1") for t in first if t.valid_to]
    return [*first, *shares, *changed]


@st.composite
def cities(draw: st.DrawFn) -> City:
    """A small city in some month; a few postings name a person or a unit that nobody knows."""
    last = draw(st.sampled_from((202512, 202610, 202701)))
    units = draw(trees())
    people = [draw(members(number)) for number in range(draw(st.sampled_from((0, *range(8, 26)))))]
    places = [unit for unit in units if unit.body in TIERS] * 3 + [*units, UNKNOWN_UNIT]
    holders = [*(each.person_id for each in people), UNKNOWN_PERSON]
    held = [draw(postings(who, places, last)) for who in holders for _ in range(draw(st.integers(1, 4)))]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in held}
    bodies = sorted({unit.body for unit in units} & set(TIERS)) or ["township"]
    return City(last, units, people, list(once.values()), draw(schemes(bodies)))


def rarely_given(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Something optional, left out three times of four."""
    return st.integers(0, 3).flatmap(lambda dice: values if dice == 0 else st.none())


@st.composite
def asked(draw: st.DrawFn, name: str, count: Count) -> dict[str, Any] | None:
    """Parameters for a question; None where it needs a target and none is in force."""
    often = [at for at in (*WAVES, count.city.month, 202802) if at in count.calendar]
    months = st.sampled_from(count.calendar) | st.sampled_from(often)
    since, until = sorted((draw(months), draw(months)))
    codes = [target.target_id for target in (count.valid(until) if name == "change" else count.city.targets)]
    known = {
        "as_of": st.just(since),
        "since": st.just(since),
        "until": st.just(until),
        "target": st.sampled_from(codes) if codes else st.none(),
        "unit": st.sampled_from(sorted(count.units)),
        "sex": st.sampled_from(("male", "female")),
        "level": st.sampled_from(LEVELS[:-1]),
        "body": st.sampled_from(tuple(TIERS)),
        "organ": st.sampled_from(ORGANS),
        "roles": st.sampled_from(("secretary|chief", "deputy", "member|other")),
    }
    takes = queries.load(f"age_ladder/{name}").takes
    words = {p.name: draw(rarely_given(known[p.name]) if p.optional else known[p.name]) for p in takes}
    return None if any(words[p.name] is None for p in takes if not p.optional) else words


def build(city: City, root: Path) -> warehouse.Warehouse:
    """Land and build a city under the shipped rules and its own targets."""
    store, rules = landing.Store(root / "store"), shutil.copytree(policy.FOLDER, root / "policy")
    with landing.batch(store, month=city.month) as writer:
        writer.write("unit", _table("unit", [{"name": unit.unit_id, **unit._asdict()} for unit in city.units]))
        writer.write("member", _table("member", [{"name": each.person_id, **each._asdict()} for each in city.members]))
        writer.write("posting", _table("posting", [{"counted": True, **each._asdict()} for each in city.postings]))
    with (rules / "age_target.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, contract.load("age_target").arrow_schema.names)
        table.writeheader()
        table.writerows({**WRITTEN, "confirmed": "to_confirm", **target._asdict()} for target in city.targets)
    return warehouse.open_for(warehouse.build(store, folder=rules), LOCAL)


def _table(source: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=contract.load(source).arrow_schema)


def test_every_question_is_answered_as_a_count_month_by_month_answers_it() -> None:
    answered = Counter[str]()

    @settings(
        max_examples=30,
        deadline=None,
        derandomize="CI" in os.environ,
        phases=set(Phase) - {Phase.explain},
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(city=cities(), data=st.data())
    def compare(city: City, data: st.DataObject) -> None:
        count = Count(city)
        with tempfile.TemporaryDirectory() as folder:
            opened = build(city, Path(folder))
            for name in [*QUESTIONS] * TIMES:
                words = data.draw(asked(name, count), label=name)
                if words is not None:
                    by_count, columns = QUESTIONS[name]
                    expected = by_count(count, **words)
                    answered[name] += bool(expected)
                    assert plain.rows(opened.ask(f"age_ladder/{name}", **words), *columns.split()) == expected, name

    compare()
    assert {name for name in QUESTIONS if answered[name]} == set(QUESTIONS), "some question never had an answer"
