"""Every question of the assessment against a count in plain Python, on random results, grades and unit histories."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import queries
from data import month
from data.access import LOCAL
from queries import building, warehouse
from tests.counting.age_ladder import City, Member, Posting, Unit
from tests.counting.assessment import QUESTIONS, SOURCES, Assessed, Indicator, Judged, Lineage, PersonYear, UnitYear
from tests.random_cities import agree, land, on_random_cities, taken, throw

pytestmark = pytest.mark.promise("answers.brute_force")

CITIES = 30
YEARS = (2021, 2022, 2023, 2024, 2025)
GROUPS = ("甲组", "乙组")
UNIT_GRADES = (None, "excellent", "good", "good", "fair", "poor")
GRADES = ("excellent", "excellent", "competent", "basically", "incompetent", "probation", "on_leave")
UNKNOWN = "nowhere"


def tree(dice: Any) -> list[Unit]:
    """A county with its committee, congress and government, townships, and departments of the city."""
    units = [Unit("1", None, "city"), Unit("1.1", "1", "county")]
    units += [Unit(f"1.1.{organ}", "1.1", "county_leadership", organ) for organ in ("party", "congress", "government")]
    units += [Unit(f"1.1.{number}", "1.1", "township") for number in range(dice.randint(1, 3))]
    units += [Unit(f"1.d{number}", "1", "municipal_department") for number in range(dice.randint(2, 5))]
    return dice.sample(units, len(units))


def four(dice: Any) -> tuple[Any, Any, Any, Any]:
    """Four sources from few values, so that totals meet; now and then one is missing."""
    scores = [dice.choice((70.0, 80.0, 80.5, 85.25, 90.0)) for _ in SOURCES]
    if dice.random() < 0.25:
        scores[dice.randrange(len(scores))] = None
    return (scores[0], scores[1], scores[2], scores[3])


def results(dice: Any, units: list[Unit]) -> list[UnitYear]:
    """Some years of most units, each mostly in one group; one unit that nobody knows."""
    rows = []
    for unit in [*(each for each in units if each.body != "county_leadership"), Unit(UNKNOWN, None, "other")]:
        own = dice.choice(GROUPS)
        for year in YEARS:
            if dice.random() < 0.8:
                group = dice.choice(GROUPS) if dice.random() < 0.1 else own
                total = dice.choice((None, 70.5, 80.0, 85.0, 90.0))
                rows.append(UnitYear(unit.unit_id, year, group, four(dice), total, dice.choice(UNIT_GRADES)))
    return rows


def histories(dice: Any, rows: list[UnitYear]) -> tuple[list[UnitYear], list[Lineage]]:
    """Units that became others: some rows end with the reform or begin with it, some do not."""
    units = sorted({row.unit_id for row in rows})
    lineage = {}
    for _ in range(dice.randint(0, 5)):
        before, after = dice.choice(units), dice.choice(units)
        year = dice.choice(YEARS)
        lineage[before, after] = Lineage(before, after, year * 100 + 1, dice.choice(("renamed", "merged", "split")))
        if dice.random() < 0.7 and before != after:
            rows = [row for row in rows if row.unit_id != before or row.year < year]
            rows = [row for row in rows if row.unit_id != after or row.year >= year or dice.random() < 0.3]
    return rows, list(lineage.values())


def career(dice: Any, code: str, units: list[Unit], last: int) -> list[Posting]:
    """One or two spells, mostly leading."""
    held = []
    for _ in range(dice.randint(1, 2)):
        start = month.add(201901, dice.randint(0, 60))
        end = dice.choice((None, None, month.add(start, dice.randint(1, 60)) * 100))
        role = dice.choice(("secretary", "chief", "deputy", "member", "other"))
        unit = dice.choice(units).unit_id
        held.append(Posting(code, unit, f"职{start}", role, None, start * 100, end, dice.random() < 0.9))
    return [each for each in held if each.start // 100 <= last]


def judgements(dice: Any, code: str, units: list[Unit]) -> list[PersonYear]:
    """Some assessments of a person, mostly excellent ones of consecutive years."""
    category = dice.choice((None, "chief", "chief", "deputy", "dispatched"))
    rows = {}
    for year in YEARS:
        for kind in ("annual", "annual", "peacetime", "special", "term"):
            if dice.random() < (0.85 if kind == "annual" else 0.15):
                given_unit = dice.choice((None,) * 8 + (dice.choice(units).unit_id, UNKNOWN))
                grade = "excellent" if kind == "annual" and dice.random() < 0.6 else dice.choice(GRADES)
                occasion = dice.choice((1, 1, 1, 2))
                sources = four(dice) if category or dice.random() < 0.5 else (None,) * 4
                rewarded = grade == "excellent" and dice.random() < 0.2
                key = (code, year, kind, occasion)
                rows[key] = PersonYear(*key, given_unit, category, sources, grade, rewarded)
    return list(rows.values())


def judged(seed: int, people: int) -> Judged:
    """A small city with its assessments."""
    dice = throw("assessment", seed)
    last, units = dice.choice((202506, 202512, 202610)), tree(dice)
    rows, lineage = histories(dice, results(dice, units))
    codes = [f"P{number:02d}" for number in range(people)]
    members = [Member(code, "male", None, None, None, None, None) for code in codes]
    own = {code: throw("assessment", seed, code) for code in [*codes, "nobody"]}
    postings = [each for code in codes for each in career(own[code], code, units, last)]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in postings}
    assessments = [each for code in own for each in judgements(own[code], code, units)]
    city = City(last, units, members, list(once.values()), [])
    return Judged(city, rows, assessments, lineage, indicators(throw("indicators", seed), units))


def indicators(dice: Any, units: list[Unit]) -> list[Indicator]:
    """Indicators of some units in some years, also where the unit was not assessed or nobody knows it."""
    codes = [*(unit.unit_id for unit in units), UNKNOWN]
    keys = [(code, year, name) for code in codes for year in YEARS for name in ("发展", "党建", "民生")]
    return [
        Indicator(*key, score=dice.randint(60, 100), weight=dice.choice((20, 30, 50)))
        for key in keys if dice.random() < 0.4
    ]  # fmt: skip


def build(made: Judged, root: Path) -> warehouse.Warehouse:
    """Land and build a judged city under the shipped rules."""
    store = land(
        root,
        made.city.month,
        unit=[each._asdict() for each in made.city.units],
        member=[each._asdict() for each in made.city.members],
        posting=[each._asdict() for each in made.city.postings],
        unit_assessment=[_flat(row) for row in made.units],
        unit_indicator=[row._asdict() for row in made.indicators],
        assessment=[_flat(row) for row in made.people],
        unit_lineage=[row._asdict() for row in made.lineage],
    )
    return warehouse.open_for(building.build(store), LOCAL)


def _flat(row: UnitYear | PersonYear) -> dict[str, Any]:
    return {**row._asdict(), **dict(zip(SOURCES, row.sources, strict=True))}


def words(dice: Any, name: str, assessed: Assessed) -> dict[str, Any]:
    """What a question is asked with."""
    known = {"year": dice.choice(YEARS), "unit": dice.choice(sorted(assessed.count.units))}
    known["group"] = dice.choice([row.peer_group for row in assessed.units.values()])
    known["assessed"] = dice.choice([row.unit_id for row in assessed.units.values()])
    return taken(dice, f"assessment/{name}", known, 0.25)


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city; fractions within what rounding does."""
    made, dice = judged(seed, people), throw("words", seed)
    assessed = Assessed(made)
    with tempfile.TemporaryDirectory() as folder:
        opened = build(made, Path(folder))
        for name in [*QUESTIONS] * 3:
            asked = words(dice, name, assessed)
            if agree(opened, f"assessment/{name}", QUESTIONS[name], assessed, asked, within=1e-4):
                yield name


def test_every_question_is_answered_as_a_count_unit_by_unit_answers_it() -> None:
    on_random_cities(compared, range(4, 16), QUESTIONS, CITIES)


def test_every_question_of_the_topic_is_counted_but_those_that_only_list_rules() -> None:
    listed = {"assessment/rule", "assessment/weight"}
    assert set(queries.names("assessment")) - listed == {f"assessment/{name}" for name in QUESTIONS}
