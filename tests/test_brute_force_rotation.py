"""Every question of rotation against a count in plain Python, on random rosters, rules and programmes.

The same questions are then held against a few people of the example city under the shipped rules.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import queries
from data import month, policy, sample
from data.access import LOCAL
from queries import building, warehouse
from tests.counting.rotation import QUESTIONS, City, Count, Member, Posting, Programme, Rule, Unit
from tests.random_cities import agree, land, on_random_cities, rarely, rules, some, some_month, taken, throw

pytestmark = pytest.mark.promise("answers.brute_force")

NOW = 202610
BODIES = ("township", "county_leadership", "county_department", "municipal_department")
ORGANS = ("party", "government", "consultative")
ROLES = ("secretary", "chief", "deputy", "member", "other")
LEVELS = ("1A31", "1A32", "1A41", "1A42")
DUTIES = ("discipline_head", "personnel", "funds")
FORCES = ("must", "should", "no_renomination")
BASES = ("post", "duty", "place_level", "level", "home", "secondment", "post", "level")
IN_FORCE = ((201601, None), (201601, None), (202306, None), (201601, 202606))
ELSEWHERE, UNKNOWN_UNIT, UNKNOWN_PERSON = "990000", "9", "nobody"


def tree(dice: Random) -> list[Unit]:
    """A city with one or two counties, their teams, departments and townships, and its own departments, any order."""
    counties = [f"1.{number}" for number in range(1, dice.randint(1, 2) + 1)]
    units = [Unit("1", None, "city"), *(Unit(county, "1", "county") for county in counties)]
    for county in counties:
        units += [Unit(f"{county}.{organ}", county, "county_leadership", organ) for organ in ORGANS]
        units += [Unit(f"{county}.d", county, "county_department", dice.choice((None, *ORGANS)))]
        units += [Unit(f"{county}.t{number}", county, "township") for number in range(dice.randint(1, 2))]
    units += [Unit(f"1.d{number}", "1", "municipal_department", "government") for number in range(dice.randint(1, 2))]
    return dice.sample(units, len(units))


def member(dice: Random, code: str, units: list[Unit]) -> Member:
    """A person, whose birth and growth place may be unknown."""
    counties = [unit.unit_id for unit in units if unit.body == "county"]
    born = dice.randint(1963, 1998) * 10000 + dice.choice((100, 600, 1012))
    grown = dice.choice((None, ELSEWHERE, "1", *counties, *counties))
    return Member(code, dice.choice(("male", "female")), rarely(dice, None, born), grown)


def posting(dice: Random, code: str, units: list[Unit], last: int) -> Posting:
    """A spell in a post, which may take no time, begin or end after the data month, or belong to a programme."""
    start = some_month(dice, 201301, month.add(last, 4))
    long = month.add(start, dice.choice((dice.randint(0, 30), dice.randint(20, 130))))
    sent = dice.random() < 0.3
    return Posting(
        person_id=code,
        unit_id=rarely(dice, UNKNOWN_UNIT, *(unit.unit_id for unit in units if unit.body in BODIES)),
        post=dice.choice(("甲职", "乙职")),
        role=dice.choice(ROLES),
        level=rarely(dice, None, *LEVELS),
        start=start * 100 + dice.choice((0, 1, 15)),
        end=dice.choice((None, long * 100 + dice.choice((0, 20)), long * 100)),
        end_reason=None,
        primary=dice.random() < (0.2 if sent else 0.9),
        exchange_kind=dice.choice((None, "transfer", "secondment")),
        exchange_reason=dice.choice((None, "training")),
        programme=dice.choice(("p0", "p1", "p2")) if sent else None,
        duty=dice.choice((None, *DUTIES)),
    )


def career(dice: Random, code: str, units: list[Unit], last: int) -> list[Posting]:
    """One to five spells, which may overlap, follow after a gap, or go on in the same unit and role."""
    held = [posting(dice, code, units, last)]
    for _ in range(dice.randint(0, 4)):
        before, after = held[-1], posting(dice, code, units, last)
        if before.end is not None and dice.random() < 0.6:
            start = month.add(before.end // 100, dice.choice((0, 0, 1, 2, 3, 4, 9)))
            end = dice.choice((None, month.add(start, dice.randint(1, 80)) * 100))
            place = before if dice.random() < 0.6 else after
            after = after._replace(unit_id=place.unit_id, role=place.role, level=place.level, duty=place.duty)
            after = after._replace(start=start * 100, end=end)
        held.append(after)
    return held


def rule(dice: Random, place: int, basis: str) -> Rule:
    """A rule on some basis, which may be asked of anybody or of few."""
    valid_from, valid_to = dice.choice(IN_FORCE)
    terms = dice.choice((None, 1, 2)) if basis in ("post", "duty") else None
    force = dice.choice((*FORCES, "remind")) if basis == "post" and not terms else dice.choice(FORCES)
    months = 0 if basis == "home" else dice.choice((12, 24, 54, 120))
    return Rule(
        rule_id=f"r{place}",
        place=place,
        basis=basis,
        force=force,
        months=None if basis == "secondment" else months,
        below_months=months + 30 if force == "remind" else None,
        terms=terms,
        term_months=terms and dice.choice((24, 36)),
        tier=dice.choice(("township", "county", "city")) if terms else None,
        gap_months=dice.choice((None, 0, 1, 3)),
        notice_months=0 if basis == "home" else dice.choice((None, 0, 3, 12)),
        bodies=_some(dice, BODIES),
        organs=_some(dice, ORGANS) if dice.random() < 0.2 else None,
        roles=_some(dice, ROLES),
        levels=_some(dice, LEVELS),
        duties=_some(dice, DUTIES) if basis == "duty" else None,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _some(dice: Random, words: tuple[str, ...]) -> str | None:
    return dice.choice((None, some(dice, words)))


def scheme(dice: Random) -> list[Rule]:
    """Rules on several bases, with the grass roots and the months after a return."""
    made = [rule(dice, place, basis) for place, basis in enumerate(dice.sample(BASES, 6))]
    blank = rule(dice, len(made), "home")._replace(
        levels=None, roles=None, organs=None, valid_from=201601, valid_to=None
    )
    grassroots = blank._replace(
        rule_id="g",
        basis="grassroots",
        force="expected",
        months=dice.choice((6, 24)),
        bodies="township|county_leadership",
    )
    after = blank._replace(
        rule_id="a", place=99, basis="return", force="expected", months=dice.choice((6, 24)), bodies=None
    )
    return [*made, grassroots, after]


def programmes(dice: Random) -> list[Programme]:
    """Three programmes, the last of which may begin late or end early."""
    late = (dice.choice((201601, 202306)), dice.choice((None, 202606)))
    spans = ((200001, None), (200001, None), late)
    ways = ("up", "down", "out")
    return [Programme(f"p{at}", at, ways[at], dice.choice((6, 12, 24)), *spans[at]) for at in range(3)]


def city(seed: int, people: int) -> City:
    """A small city in some month; a few postings name a person or a unit that nobody knows."""
    dice = throw(seed)
    last, units = dice.choice((202512, 202610)), tree(dice)
    codes = [f"P{number:02d}" for number in range(people)]
    own = {code: throw(seed, code) for code in (*codes, UNKNOWN_PERSON)}
    members = [member(own[code], code, units) for code in codes]
    held = [each for code in own for each in career(own[code], code, units, last)]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in held}
    return City(last, units, members, list(once.values()), scheme(dice), programmes(dice))


def words(dice: Random, name: str, made: City) -> dict[str, Any]:
    """What a question is asked with."""
    since, until = sorted(some_month(dice, 201401, 202912) for _ in ("since", "until"))
    near = some_month(dice, 202401, 202801)
    known = {
        "as_of": near,
        "since": near if name == "clock_ahead" else since,
        "until": month.add(near, dice.randint(0, 30)) if name in ("clock", "clock_ahead") else until,
        "unit": dice.choice(made.units).unit_id,
        "rule": dice.choice(made.rules).rule_id,
        "programme": dice.choice(made.programmes).programme_id,
        "person": dice.choice([each.person_id for each in made.members] or ["P00"]),
        "role": dice.choice(ROLES),
        "level": dice.choice(LEVELS),
        "body": dice.choice(BODIES),
        "from_body": dice.choice(BODIES),
    }
    return taken(dice, f"rotation/{name}", known)


def build(made: City, root: Path) -> warehouse.Warehouse:
    """Land and build a city under the shipped policy with its own rules and programmes."""
    store = land(
        root,
        made.month,
        unit=[each._asdict() for each in made.units],
        member=[each._asdict() for each in made.members],
        posting=[each._asdict() for each in made.postings],
    )
    own = rules(
        root,
        rotation_rule=[each._asdict() for each in made.rules],
        programme=[{**p._asdict(), "name_zh": f"项目{p.place}", "name_en": f"项目{p.place}"} for p in made.programmes],
    )
    return warehouse.open_for(building.build(store, folder=own), LOCAL)


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city."""
    made, dice = city(seed, people), throw(seed, "asked")
    count = Count(made)
    with tempfile.TemporaryDirectory() as folder:
        opened = build(made, Path(folder))
        for name in [*QUESTIONS] * 3:
            if agree(opened, f"rotation/{name}", QUESTIONS[name], count, words(dice, name, made)):
                yield name


def test_every_question_is_answered_as_a_count_month_by_month_answers_it() -> None:
    on_random_cities(compared, range(8, 18), QUESTIONS, also_empty=True)


def example() -> City:
    """Some people of the example city under the shipped rules and programmes."""
    tables = next(sample.chunks(people=200, years=10, seed=1, month=NOW))
    few = set(tables["member"]["person_id"].to_pylist()[::5])
    return City(
        NOW,
        [Unit(*_only(Unit, row)) for row in tables["unit"].to_pylist()],
        [Member(*_only(Member, row)) for row in tables["member"].to_pylist() if row["person_id"] in few],
        [Posting(*_only(Posting, row)) for row in tables["posting"].to_pylist() if row["person_id"] in few],
        [Rule(*_only(Rule, row)) for row in policy.read("rotation_rule").to_pylist()],
        [Programme(*_only(Programme, row)) for row in policy.read("programme").to_pylist()],
    )


def _only(kind: Any, row: dict[str, Any]) -> Iterator[Any]:
    return (row[name] for name in kind._fields)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_example_city_is_answered_as_a_count_answers_it(name: str, tmp_path: Path) -> None:
    made = example()
    given = {"as_of": NOW, "since": NOW if name == "clock_ahead" else 202110, "until": 202712}
    takes = {each.name: given.get(each.name) for each in queries.load(f"rotation/{name}").takes}
    assert agree(build(made, tmp_path), f"rotation/{name}", QUESTIONS[name], Count(made), takes)
