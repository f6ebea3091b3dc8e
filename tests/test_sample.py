"""The sample city keeps its promises: seats, careers, ages and targets, counted here row by row."""

import csv
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from data import contract, policy, sample
from data.store import Store

NOW = 202610
SLIPS = 11
"""Records with each kind of slip in the default city: 8 in 10,000 of everyone who ever held a seat."""
TEAM = ("secretary", "chief", "deputy", "member")
Row = dict[str, Any]
City = dict[str, pa.Table]


def city(people: int = 10_000, *, years: int = 10, seed: int = 1, cities: int = 16) -> City:
    chunks = list(sample.chunks(people=people, years=years, seed=seed, month=NOW, cities=cities))
    return {source: pa.concat_tables(chunk[source] for chunk in chunks) for source in contract.SOURCES}


def spells(of: City) -> list[Row]:
    """Every posting with its unit, its person, and the months as integers."""
    units = {unit["unit_id"]: unit for unit in of["unit"].to_pylist()}
    members = {member["person_id"]: member for member in of["member"].to_pylist()}
    return [
        row
        | {"body": units[row["unit_id"]]["body"], "organ": units[row["unit_id"]]["organ"]}
        | {"sex": members[row["person_id"]]["sex"], "party": members[row["person_id"]]["party"]}
        | {"birth": birth_month(members[row["person_id"]]["birth"])}
        | {"from": row["start"] // 100, "to": row["end"] // 100 if row["end"] else 999999}
        for row in of["posting"].to_pylist()
    ]


def birth_month(date: int | None) -> int | None:
    """The month of a birth; a year alone counts as its January."""
    if date is None:
        return None
    return date // 100 if date // 100 % 100 else date // 100 + 1


@pytest.fixture(scope="module")
def default() -> City:
    return city()


@pytest.fixture(scope="module")
def history(default: City) -> list[Row]:
    return spells(default)


@pytest.fixture(scope="module")
def standing(history: list[Row]) -> list[Row]:
    return [row for row in history if row["from"] <= NOW < row["to"]]


def young(rows: list[Row], age: int, month: int = NOW) -> set[str]:
    return {row["person_id"] for row in rows if row["birth"] and month - row["birth"] < 100 * age}


def test_the_same_seed_gives_the_same_rows_and_another_gives_others() -> None:
    first, again, other = city(600), city(600), city(600, seed=2)
    assert all(first[source].equals(again[source]) for source in contract.SOURCES)
    assert not first["posting"].equals(other["posting"])


def test_chunks_do_not_change_the_rows() -> None:
    together, apart = city(25_000), city(25_000, cities=1)
    assert all(together[source].equals(apart[source]) for source in contract.SOURCES)


@pytest.mark.parametrize("people", [200, 1_500, 10_000, 24_000])
def test_people_in_post_are_as_many_as_asked_within_one_in_a_hundred(people: int) -> None:
    rows = city(people)["posting"].to_pylist()
    in_post = {row["person_id"] for row in rows if row["start"] // 100 <= NOW and row["end"] is None and row["primary"]}
    assert abs(len(in_post) - people) <= people / 100


@pytest.mark.parametrize("source", contract.SOURCES)
def test_every_value_fits_its_contract(default: City, source: str) -> None:
    table, rules = default[source], contract.load(source)
    assert table.schema.equals(rules.arrow_schema)
    for column in rules.columns:
        values = [value for value in table[column.name].to_pylist() if value is not None]
        assert len(values) == table.num_rows or not column.required
        if column.choices:
            assert set(values) <= {choice.key for choice in column.choices}
        if column.type in {"date", "month", "integer"}:
            assert min(values, default=0) >= (column.min or 0)
            assert max(values, default=0) <= (column.max or 99991231)
        if column.type in {"date", "month"}:
            months = {value // (100 if column.type == "date" else 1) % 100 for value in values}
            assert months <= set(range(0 if column.name == "birth" else 1, 13))
    keys = list(zip(*(table[name].to_pylist() for name in rules.key), strict=True))
    assert len(set(keys)) == len(keys)


def test_no_audit_of_the_contracts_finds_a_row(default: City) -> None:
    with duckdb.connect() as connection:
        for source, table in default.items():
            number = pa.array(range(table.num_rows))
            connection.register(source, table.append_column("row", number))
        for name, rules in policy.all_tables().items():
            connection.register(name, rules)
        connection.execute("create table build as select 202610 as data_month")
        for name, rules in policy.all_tables().items():
            connection.register(name, rules)
        for source in contract.SOURCES:
            for check in contract.load(source).checks:
                assert connection.execute(check.sql).fetchall() == [], check.name


def test_references_resolve_also_over_many_cities() -> None:
    several = city(24_000)
    units, people = set(several["unit"]["unit_id"].to_pylist()), set(several["member"]["person_id"].to_pylist())
    assert set(several["unit"]["parent_id"].to_pylist()) - {None} <= units
    assert set(several["posting"]["unit_id"].to_pylist()) <= units
    assert set(several["posting"]["person_id"].to_pylist()) == people


def test_nobody_but_by_a_slip_holds_two_first_posts_at_once_and_all_posts_end_after_they_begin(
    history: list[Row],
) -> None:
    careers = defaultdict(list)
    for row in history:
        assert row["from"] < row["to"]
        assert row["from"] <= NOW
        if row["primary"]:
            careers[row["person_id"]].append(row)
    overlaps = 0
    for career in careers.values():
        for earlier, later in itertools.pairwise(sorted(career, key=lambda row: row["from"])):
            assert earlier["to"] <= later["from"] or later["role"] != "other"
            overlaps += earlier["to"] > later["from"]
    assert overlaps == SLIPS


def test_nobody_begins_as_a_child_or_stays_past_the_statutory_month(history: list[Row]) -> None:
    ages = [row["from"] - row["birth"] for row in history if row["birth"]]
    assert min(ages) >= 1800
    assert all(NOW - row["birth"] < 6300 for row in history if row["birth"] and row["to"] > NOW)


def test_a_township_never_has_two_secretaries_or_two_principals(history: list[Row]) -> None:
    seats = defaultdict(list)
    for row in history:
        if row["body"] == "township" and row["role"] in {"secretary", "chief"}:
            seats[row["unit_id"], row["role"]].append(row)
    assert len(seats) == 264
    for seat in seats.values():
        for earlier, later in itertools.pairwise(sorted(seat, key=lambda row: row["from"])):
            assert earlier["to"] <= later["from"]


def test_the_city_is_as_large_as_a_prefecture(default: City, standing: list[Row]) -> None:
    units: dict[str, int] = defaultdict(int)
    for unit in default["unit"].to_pylist():
        units[unit["body"]] += unit["valid_to"] is None
    assert units == {
        "city": 1, "county": 9, "county_leadership": 36, "county_department": 135, "township": 132,
        "municipal_department": 54, "enterprise": 8, "institution": 10,
    }  # fmt: skip
    teams: dict[tuple[str, str], int] = defaultdict(int)
    for row in standing:
        if row["primary"] and row["role"] != "other":
            teams[row["body"], "team" if row["role"] in TEAM else "division"] += 1
    wanted = {
        ("township", "team"): 1373, ("county_department", "team"): 1240, ("municipal_department", "team"): 480,
        ("municipal_department", "division"): 1520, ("county_leadership", "team"): 279,
    }  # fmt: skip
    assert all(abs(teams[key] - seats) <= max(2, seats / 100) for key, seats in wanted.items())


def test_every_body_keeps_its_strength_within_one_in_twenty_through_the_years(history: list[Row]) -> None:
    months = [year * 100 + month for year in range(2016, 2027) for month in range(1, 13)]
    months = [month for month in months if 201610 <= month <= NOW]
    strength: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(months), int))
    for row in history:
        if row["primary"]:
            strength[row["body"]] += [row["from"] <= month < row["to"] for month in months]
    assert len(strength) == 6
    for counts in strength.values():
        assert np.all(np.abs(counts - counts[-1]) <= max(2, counts[-1] / 20))


def test_the_young_share_jumps_at_each_term_change_and_falls_between(history: list[Row]) -> None:
    def share(month: int) -> float:
        team = [row for row in history if row["body"] == "township" and row["role"] in TEAM and row["primary"]]
        team = [row for row in team if row["from"] <= month < row["to"]]
        return len(young(team, 36, month)) / len(team)

    assert share(201612) > share(201610) + 0.04
    assert share(202109) < share(201612) - 0.02
    assert share(202112) > share(202109) + 0.04
    assert share(NOW) < share(202112) - 0.02


def test_second_postings_come_with_a_first_one(history: list[Row]) -> None:
    second = [row for row in history if not row["primary"] and not row["programme"]]
    first = {(row["person_id"], row["start"]) for row in history if row["primary"]}
    assert second
    assert all((row["person_id"], row["start"]) in first and not row["counted"] for row in second)
    assert {row["organ"] for row in second} == {"party", "government"}


@pytest.fixture(scope="module")
def spare(standing: list[Row], default: City) -> dict[str, int]:
    """People above the need of each target (or units short, below zero), counted from its row in the scheme."""
    counted: dict[str, int] = {}
    have: dict[str, int] = {}
    for target in targets():
        rows = [row for row in standing if concerned(target, row)]
        met = {row["person_id"] for row in rows if matches(target, row)}
        have[target["target_id"]] = len(met)
        counted[target["target_id"]] = len(met) - needed(target, rows, have, default)
        if target["kind"] == "per_unit":
            counted[target["target_id"]] = -lacking(target, rows, default)
    return counted


def targets() -> Iterator[Row]:
    path = Path(contract.FOLDER).parent / "policy" / "age_target.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def concerned(target: Row, row: Row) -> bool:
    return (
        row["body"] == target["body"]
        and target["organ"] in ("", row["organ"])
        and row["role"] in target["roles"].split("|")
        and (row["primary"] or target["posts"] == "any")
    )


def matches(target: Row, row: Row) -> bool:
    if target["upper_age"]:
        return row["birth"] is not None and NOW - row["birth"] < 100 * int(target["upper_age"])
    return row["sex"] == target["sex"] if target["sex"] else row["party"] not in ("01", "02", "03")


def share_of(target: Row) -> Fraction:
    value = target["value"]
    return Fraction(int(value[:-1]), 100) if value.endswith("%") else Fraction(value)


def needed(target: Row, rows: list[Row], have: dict[str, int], of: City) -> int:
    if target["kind"] == "sub_share":
        return math.ceil(share_of(target) * have[target["parent_id"]])
    units = of["unit"]["body"].to_pylist().count(target["body"])
    whole = (
        units * int(target["posts_a_unit"] or 1)
        if target["denominator"] == "units"
        else len({r["person_id"] for r in rows})
    )
    return math.ceil(share_of(target) * whole)


def lacking(target: Row, rows: list[Row], of: City) -> int:
    length = len("001.001") if target["group_by"] == "county" else None
    group_of = {
        unit["unit_id"][:length]
        for unit in of["unit"].to_pylist()
        if unit["body"] == target["body"] and target["organ"] in ("", unit["organ"] or "")
    }
    people: dict[str, set[str]] = {group: set() for group in group_of}
    for row in rows:
        if matches(target, row):
            people[row["unit_id"][:length]].add(row["person_id"])
    return sum(max(0, int(target["value"]) - len(group)) for group in people.values())


def test_the_targets_of_the_default_city_show_every_status(spare: dict[str, int]) -> None:
    assert -20 <= spare["township_team_35"] <= -10
    assert spare["county_departments_around_35"] == -1
    assert spare["township_principals_35"] == 0
    assert spare["township_principals_around_35"] > 0
    assert spare["township_secretaries_around_35"] > 0
    assert spare["municipal_divisions_40"] > 0
    assert spare["township_secretaries_35"] < -3
    assert spare["municipal_divisions_around_35"] < -20
    assert spare["township_team_30"] < -20
    assert spare["township_principals_30"] < 0


def test_no_band_of_a_target_loses_more_than_three_in_a_hundred_people_in_a_month_above_its_rate(
    standing: list[Row],
) -> None:
    seen = set()
    for target in (target for target in targets() if target["upper_age"]):
        rows = [row for row in standing if concerned(target, row) and row["birth"]]
        ahead = [months_ahead(row["birth"], int(target["upper_age"])) for row in rows]
        band = sum(months > 0 for months in ahead)
        lost = [ahead.count(month) for month in range(1, 37)]
        if band >= 100:
            seen.add(target["target_id"])
            assert max(lost) - sum(lost) / len(lost) <= 0.03 * band
    assert {"township_team_35", "county_departments_around_35", "municipal_divisions_40"} <= seen


def months_ahead(birth: int, age: int) -> int:
    """Months from now until a person born then reaches an age; 0 and below where that is past."""
    return (birth // 100 + age - NOW // 100) * 12 + birth % 100 - NOW % 100


def test_three_county_teams_lack_one_woman_or_one_outsider(spare: dict[str, int]) -> None:
    county = {name: people for name, people in spare.items() if name.startswith("county_") and "around" not in name}
    short = {name for name, people in county.items() if people}
    assert short == {"county_government_women", "county_congress_outside", "county_consultative_outside"}
    assert set(county.values()) == {0, -1}


@pytest.mark.parametrize(
    ("birth", "female", "worker", "month"),
    [
        ((1965, 1), False, False, (2025, 2)),
        ((1970, 5), False, False, (2031, 10)),
        ((1976, 9), False, False, (2039, 9)),
        ((1970, 6), True, False, (2025, 8)),
        ((1976, 6), True, True, (2027, 3)),
        ((1963, 12), False, False, (2023, 12)),
    ],
)
def test_the_retirement_month_is_that_of_the_published_table(
    birth: tuple[int, int], month: tuple[int, int], *, female: bool, worker: bool
) -> None:
    number = np.array([birth[0] * 12 + birth[1] - 1])
    due = sample.due(number, np.array([female]), np.array([worker]), np.array([False]))
    assert due.tolist() == [month[0] * 12 + month[1] - 1]


def test_a_city_too_small_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="at least 200 people"):
        next(sample.chunks(people=10, years=10, seed=1, month=NOW))


def test_generate_lands_one_batch_that_replaces_the_one_before(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for seed in (1, 2):
        sample.generate(store, people=300, years=3, seed=seed)
    manifest = store.manifest()
    assert manifest.month == NOW
    assert [len(manifest.files(source)) for source in contract.SOURCES] == [1] * len(contract.SOURCES)
    assert manifest.rows("member") == city(300, years=3, seed=2)["member"].num_rows
