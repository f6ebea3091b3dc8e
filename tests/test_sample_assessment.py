"""The assessments of the example city: every situation occurs, and grades mostly keep to the caps."""

import pandas as pd
import pytest

from data import sample
from data.store import Store
from queries import building
from queries.warehouse import Warehouse
from tests.conftest import opened

YEAR = 2025


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The default city of 10,000 people, landed and built."""
    store = Store(tmp_path_factory.mktemp("example"))
    sample.generate(store)
    building.build(store)
    return opened(store)


def asked(example: Warehouse, name: str, year: int = YEAR) -> pd.DataFrame:
    return example.ask(f"assessment/{name}", year=year).table


def test_units_are_compared_through_reforms_or_not_at_all_with_a_reason(example: Warehouse) -> None:
    rows = asked(example, "years")
    assert {"first_year", "new", "merged", "group_changed"} <= set(rows["reason"].dropna())
    assert set(rows["before_id"].notna() & rows["places"].notna()) == {True, False}, "one was renamed"


def test_units_move_far_both_ways_and_some_are_to_be_reminded_for_either_reason(example: Warehouse) -> None:
    assert set(asked(example, "mover")["direction"]) == {"up", "down"}
    assert set(asked(example, "reminder")["reason"]) == {"fall", "poor"}


def test_most_caps_are_kept_and_some_are_exceeded_by_one(example: Warehouse) -> None:
    shares = asked(example, "grade_share")
    assert set(shares["about"]) == {"people", "leaders", "teams"}
    bodies, over = shares["bodies"].sum(), shares["bodies_over"].sum()
    assert 0 < over < bodies / 10
    assert set(shares.loc[shares["about"] == "teams", "over"]) == {0, 1}


def test_most_grades_keep_to_the_result_of_the_unit_and_some_heads_do_not(example: Warehouse) -> None:
    teams = asked(example, "place_shift")
    assert 0 < len(asked(example, "cap_link")) < len(teams) / 3
    assert {"fair", "poor"} == set(asked(example, "head_above")["unit_grade"])


def test_streaks_are_due_rewarded_one_year_short_and_used_up(example: Warehouse) -> None:
    assert set(asked(example, "streak")["standing"]) == {"due", "rewarded", "next", "used_up"}


def test_the_staff_of_enterprises_think_better_of_their_team_than_its_leaders_do(example: Warehouse) -> None:
    gaps = asked(example, "source_gap").query("category == 'team'").set_index("peer_group")
    apart = gaps["democratic"] - gaps["leader"]
    assert apart.idxmax() == "国有企业"
    assert apart.max() > 1


def test_all_kinds_of_assessment_and_all_grades_occur(example: Warehouse) -> None:
    kinds = pd.concat([asked(example, "other_kinds", year) for year in (2021, YEAR)])
    assert set(kinds["assessment_kind"]) == {"peacetime", "special", "term"}
    grades = {"excellent", "competent", "basically", "incompetent"}
    assert grades <= set(kinds["annual_grade"])
    assert set(asked(example, "place_shift")["unit_grade"]) == {"excellent", "good", "fair", "poor"}
