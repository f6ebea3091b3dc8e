"""What a question only lists or adds up, taken once more from the rows: shipped rules, and gaps in people."""

from typing import Any

import pyarrow.parquet as pq
import pytest

from data import month
from data.store import Store
from queries import warehouse
from queries.warehouse import Warehouse
from tests import plain
from tests.conftest import CADRE_MONTH, opened
from tests.counting import overview
from tests.counting.age_ladder import OPEN, City, Count, Member, Posting, Unit, rules

SAID = {"待组织部门确认": "to_confirm", "law": "law"}
SOURCED = ("document", "clause", "confirmed")
YEARS = range(2010, 2031)


def in_force(table: str, year: int) -> list[dict[str, str]]:
    """The shipped rows of a policy table that hold at the end of a year."""
    last = 100 * year + 12
    held = [
        row
        for row in rules(table)
        if month.parse(row["valid_from"]) <= last < (month.parse(row["valid_to"]) if row["valid_to"] else OPEN)
    ]
    return [{**row, "confirmed": SAID[row["confirmed"]]} for row in held]


@pytest.mark.promise("rules.dated")
@pytest.mark.parametrize("year", YEARS)
def test_the_numbers_that_judge_a_year_are_the_rows_in_force_in_it(city: Warehouse, year: int) -> None:
    rows = sorted(in_force("assessment_rule", year), key=lambda row: row["rule_id"])
    expected = [
        (row["rule_id"], row["name_en"], row["name_zh"], float(row["value"]), *(row[name] for name in SOURCED))
        for row in rows
    ]
    assert plain.rows(city.ask("assessment/rule", year=year)) == expected


@pytest.mark.parametrize("year", YEARS)
def test_the_weights_of_a_year_are_the_rows_in_force_in_it_and_the_nominal_ones_come_first(
    city: Warehouse, year: int
) -> None:
    codes = ("scheme", "category", "source")
    expected = [
        (*(row[name] for name in codes), int(row["percent"]), *(row[name] for name in SOURCED))
        for row in in_force("assessment_weight", year)
    ]
    expected.sort(key=lambda row: (row[0] != "nominal", *row[:3]))
    assert plain.rows(city.ask("assessment/weight", year=year)) == expected


def test_the_shipped_rules_begin_within_the_years_that_are_asked() -> None:
    for table in ("assessment_rule", "assessment_weight"):
        assert len(in_force(table, YEARS[0])) < len(in_force(table, YEARS[-1]))


def landed(store: Store, source: str, kind: Any) -> list[Any]:
    """The rows that have landed of a source."""
    rows = (row for file in store.manifest().files(source) for row in pq.read_table(file).to_pylist())
    return [kind(*(row[name] for name in kind._fields)) for row in rows]


@pytest.mark.promise("answers.brute_force")
@pytest.mark.parametrize("name", ["cadre_store", "small_city"])
def test_gaps_in_people_in_post_and_findings_are_counted_from_the_rows(
    name: str, request: pytest.FixtureRequest
) -> None:
    store: Store = request.getfixturevalue(name)
    seen = opened(store)
    units, members = landed(store, "unit", Unit), landed(store, "member", Member)
    count = Count(City(seen.data_month, units, members, landed(store, "posting", Posting), []))
    found = warehouse.finding_table(seen.path)
    for as_of in (201611, 202112, CADRE_MONTH, 203006):
        expected = overview.quality(count, list(zip(found["source"], found["rule"], strict=True)), as_of)
        assert len({source for source, _, records in expected if records}) > 1
        assert plain.rows(seen.ask("overview/quality", as_of=as_of), "sheet", "rule", "records") == expected
