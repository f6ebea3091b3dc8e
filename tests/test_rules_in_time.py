"""Rules, units and posts that begin and end: each month is judged by what held in it, worked by hand on the twelve."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data import landing
from data.access import LOCAL
from data.store import Store
from queries import building, warehouse
from queries.warehouse import Warehouse
from tests import plain
from tests.conftest import CADRE, CADRE_MONTH

pytestmark = pytest.mark.promise("rules.dated")

Row = dict[str, str]
Twelve = Callable[..., Warehouse]
AT_TERM = ("term_month", "needed_at_term", "have_at_term", "spare_at_term", "status_at_term")


@pytest.fixture
def altered(tmp_path: Path) -> Twelve:
    """The twelve people built anew, with some tables altered: each change takes a table's rows and gives others."""

    def build(**changes: Callable[[list[Row]], list[Row]]) -> Warehouse:
        cadre = shutil.copytree(CADRE, tmp_path / "cadre")
        for table, change in changes.items():
            (path,) = cadre.rglob(f"{table}.csv")
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(change(rows))
        store = Store(tmp_path / "store")
        landing.land(store, sorted(cadre.glob("*.csv")), month=CADRE_MONTH)
        return warehouse.open_for(building.build(store, folder=cadre / "policy"), LOCAL)

    return build


def amended(key: str, code: str, *new: Row) -> Callable[[list[Row]], list[Row]]:
    """Put new rows, each a copy of a row with other cells, in the place of the one that has a code."""
    return lambda rows: [{**row, **each} for row in rows for each in (new if row[key] == code else ({},))]


def renewed(target: str, **second: str) -> Callable[[list[Row]], list[Row]]:
    """End a target's row at the turn of 2026, and let another take its place."""
    return amended("target_id", target, {"valid_to": "2027-01"}, {"valid_from": "2027-01", **second})


def quota(opened: Warehouse, target: str, *columns: str, **asked: Any) -> tuple[Any, ...]:
    """Some columns of a target's line in the ledger."""
    answer = opened.ask("age_ladder/quota", **{"as_of": CADRE_MONTH, **asked})
    (line,) = (row[1:] for row in plain.rows(answer, "target_id", *columns) if row[0] == target)
    return line


def test_the_term_change_is_judged_by_the_target_then_in_force(altered: Twelve) -> None:
    opened = altered(age_target=renewed("team_35", value="50%"))
    assert quota(opened, "team_35", "base", "needed", "spare") == (8, 3, 0)
    assert quota(opened, "team_35", *AT_TERM) == (202702, 4, 3, -1, "missed")


def test_a_target_that_has_ended_by_the_term_change_asks_nothing_then(altered: Twelve) -> None:
    opened = altered(age_target=amended("target_id", "team_35", {"valid_to": "2027-01"}))
    assert quota(opened, "team_35", *AT_TERM) == (202702, None, None, None, None)


def test_a_share_within_a_target_is_taken_of_the_row_in_force_in_each_month(altered: Twelve) -> None:
    opened = altered(age_target=renewed("principals_35", upper_age="41"))
    answer = opened.ask("age_ladder/over_time", since=202611, until=202702, target="secretaries_35")
    assert plain.rows(answer, "month", "base", "needed", "have") == [
        (202611, 1, 1, 0), (202612, 1, 1, 0), (202701, 2, 1, 0), (202702, 2, 1, 0),
    ]  # fmt: skip


def test_a_share_within_a_target_that_nobody_meets_stays_in_the_ledger(twelve: Warehouse) -> None:
    columns = ("base", "needed", "have", "spare", "status")
    assert quota(twelve, "secretaries_35", *columns, as_of=202711) == (0, 0, 0, 0, "at_risk")
    departments = twelve.ask("age_ladder/quota", as_of=202711, unit="001.002").table
    assert set(departments["target_id"]) == {"divisions_40"}


def test_before_a_target_is_in_force_people_are_counted_and_nothing_is_needed(altered: Twelve) -> None:
    opened = altered(age_target=amended("target_id", "team_35", {"valid_from": "2026-03"}))
    answer = opened.ask("age_ladder/over_time", since=202601, until=202604, target="team_35")
    assert plain.rows(answer, "month", "base", "needed", "have", "target_share") == [
        (202601, 9, None, 5, None), (202602, 9, None, 5, None), (202603, 8, 3, 4, 0.3), (202604, 8, 3, 4, 0.3),
    ]  # fmt: skip
    assert "team_35" not in set(opened.ask("age_ladder/quota", as_of=202602).table["target_id"])


def test_an_organ_changes_its_term_in_its_own_month_and_a_team_as_a_whole_in_the_earliest(altered: Twelve) -> None:
    def later(rows: list[Row]) -> list[Row]:
        own = [row for row in rows if (row["tier"], row["organ"], row["round"]) == ("county", "party", "2026")]
        return [{**row, "month": "2027-04"} if row in own else row for row in rows]

    opened = altered(term_change=later)
    assert quota(opened, "party_women", "term_month") == (202704,)
    assert quota(opened, "divisions_40", "term_month") == (202704,)
    months = {
        organ: dict(plain.rows(opened.ask("roster/term_changes", organ=organ), "tier", "month"))["county"]
        for organ in (None, "party", "congress", "government")
    }
    assert months == {None: 202703, "party": 202704, "congress": 202703, "government": 202703}


@pytest.mark.parametrize(
    ("organ", "due"), [("", 202702), ("party", 202702), ("congress", 202704), ("government", 202702)]
)
def test_a_clock_of_terms_is_due_at_the_term_change_of_the_organ_itself(altered: Twelve, organ: str, due: int) -> None:
    def own(rows: list[Row]) -> list[Row]:
        (party,) = (row for row in rows if (row["tier"], row["round"]) == ("township", "2026"))
        return [*rows, {**party, "organ": "congress", "month": "2027-04"}]

    opened = altered(term_change=own, unit=amended("unit_id", "001.001.003", {"organ": organ}))
    answer = opened.ask("rotation/clock", as_of=CADRE_MONTH, rule="discipline_term", until=202712)
    assert plain.rows(answer, "person_id", "due_month") == [("P08", due)]


def test_nobody_stands_in_a_unit_that_is_abolished_and_the_finding_stays(altered: Twelve) -> None:
    opened = altered(unit=amended("unit_id", "001.001.003", {"valid_to": "2026-06"}))
    columns = ("base", "needed", "have")
    assert quota(opened, "team_35", *columns, as_of=202605) == (8, 3, 4)
    assert quota(opened, "team_35", *columns) == (4, 2, 2)
    assert quota(opened, "principals_35", *columns) == (2, 1, 1)
    assert opened.ask("age_ladder/ladder", as_of=202605).table["people"].sum() == 11
    assert opened.ask("age_ladder/ladder", as_of=CADRE_MONTH).table["people"].sum() == 7
    assert sum("001.001.003 is abolished" in found for found in warehouse.finding_table(opened.path)["en"]) == 4


def test_who_crosses_a_line_is_named_with_the_post_and_level_of_that_month(altered: Twelve) -> None:
    opened = altered(
        age_target=amended("target_id", "principals_35", {"upper_age": "42"}),
        posting=amended("post", "松林镇镇长", {"level": "1A42"}),
    )
    asked = {"since": 202001, "until": 202012, "target": "principals_35"}
    assert plain.rows(opened.ask("age_ladder/crossing", **asked), "month", "person_id", "post") == [
        (202005, "P01", "松林镇镇长")
    ]
    assert len(opened.ask("age_ladder/crossing", **asked, level="1A42").table) == 1
    assert opened.ask("age_ladder/crossing", **asked, level="1A41").table.empty


def test_whose_age_is_in_doubt_is_named_with_the_post_and_level_of_that_month(altered: Twelve) -> None:
    after = {"start": "2026-06", "post": "柳溪乡党工委书记"}
    opened = altered(posting=amended("person_id", "P05", {"end": "2026-06"}, after))
    held = [
        plain.rows(opened.ask("age_ladder/boundary", as_of=202603, target="team_35", **only), "person_id", "post")
        for only in ({}, {"level": "1A42"}, {"level": "1A41"}, {"sex": "female"})
    ]
    reading, month, birth = ("P04", "松林镇党委委员"), ("P05", "柳溪乡党委书记"), ("P07", "柳溪乡副乡长")
    assert held == [[reading, month, birth], [reading, birth], [month], []]


def test_who_is_young_again_under_a_new_line_crosses_that_too(altered: Twelve) -> None:
    opened = altered(age_target=renewed("team_35", upper_age="37"))
    answer = opened.ask("age_ladder/crossing", since=202609, until=202712, target="team_35")
    assert plain.rows(answer, "month", "upper_age", "person_id") == [
        (202610, 36, "P04"), (202701, 37, "P05"), (202710, 37, "P04"),
    ]  # fmt: skip


def pool(opened: Warehouse, target: str, until: int) -> list[tuple[Any, ...]]:
    """How many people stand below a target, and how many have the time required by a date; nothing without a rule."""
    rows = plain.rows(opened.ask("outlook/pool", as_of=CADRE_MONTH, until=until), "target_id", "people", "ready")
    return [row[1:] for row in rows if row[0] == target]


def test_the_pool_is_asked_what_the_rule_in_force_at_the_date_requires(altered: Twelve) -> None:
    shorter = {"valid_to": "2027-01"}, {"valid_from": "2027-01", "months": "24"}
    opened = altered(promotion_rule=amended("rule_id", "county_deputies", *shorter))
    assert [pool(opened, "party_women", until) for until in (202612, 202701)] == [[(2, 1)], [(2, 2)]]


def test_a_rule_of_promotion_holds_while_the_one_on_the_grass_roots_does(altered: Twelve) -> None:
    opened = altered(rotation_rule=amended("rule_id", "grassroots_two", {"valid_to": "2027-01"}))
    assert [pool(opened, "party_women", until) for until in (202612, 202701)] == [[(2, 1)], []]


def test_a_rule_that_names_a_rule_that_is_not_there_fills_nothing_and_is_found(altered: Twelve) -> None:
    opened = altered(promotion_rule=amended("rule_id", "county_deputies", {"grassroots_rule": "nothing"}))
    assert pool(opened, "party_women", 202702) == []
    assert found(opened, "grassroots_rule_exists") == [("county_deputies", "nothing")]


def shares(opened: Warehouse) -> list[tuple[Any, ...]]:
    """Who took part in 2025 and how many of them were excellent, cap by cap."""
    answer = opened.ask("assessment/grade_share", year=2025)
    return plain.rows(answer, "cap_id", "peer_group", "taking_part", "given")


def found(opened: Warehouse, rule: str) -> list[tuple[Any, ...]]:
    """What a contract's check found: the record and the value that it names."""
    findings = warehouse.finding_table(opened.path)
    return [tuple(row) for row in findings.loc[findings["rule"] == rule, ["record", "value"]].to_numpy()]


def test_who_left_before_december_is_assessed_where_they_last_stood_and_heads_nothing_then(
    altered: Twelve, twelve: Warehouse
) -> None:
    opened = altered(posting=amended("post", "松林镇党委书记", {"end": "2025-06", "end_reason": "moved"}))
    assert shares(opened) == shares(twelve)
    above = opened.ask("assessment/head_above", year=2025)
    assert plain.rows(above, "person_id") == [("P02",)]
    assert found(opened, "assessment_has_a_unit") == []


def test_an_assessment_of_a_year_without_a_post_or_unit_counts_nowhere_and_is_found(altered: Twelve) -> None:
    opened = altered(posting=amended("post", "柳溪乡党委委员", {"start": "2026-01"}))
    assert ("leaders", "一组", 9, 4) in shares(opened)
    assert found(opened, "assessment_has_a_unit") == [(f"P08 {year}", "P08") for year in (2023, 2024, 2025)]


def test_a_leader_is_assessed_as_what_the_post_says_where_the_sheet_says_nothing(
    altered: Twelve, twelve: Warehouse
) -> None:
    opened = altered(assessment=lambda rows: [{**row, "category": ""} for row in rows])
    assert shares(opened) == shares(twelve)
    for name in ("cap_link", "head_above", "source_gap"):
        told = [house.ask(f"assessment/{name}", year=2025).table for house in (opened, twelve)]
        assert told[0].equals(told[1]), name


@pytest.mark.parametrize(("tolerance", "times"), [("0.006", 1), ("9", 0)])
def test_a_score_is_checked_once_by_the_tolerance_of_its_year(tolerance: str, times: int, altered: Twelve) -> None:
    renewed_in_2025 = {"valid_to": "2025-01"}, {"valid_from": "2025-01", "value": tolerance}
    opened = altered(assessment_rule=amended("rule_id", "score_tolerance", *renewed_in_2025))
    assert found(opened, "score_follows_from_sources") == [("P02 2025", "72.25")] * times
    assert found(opened, "total_follows_from_sources") == [("001.001 2025", "84.00")] * times


def test_a_team_needs_a_total_or_all_four_sources(altered: Twelve) -> None:
    def bare(rows: list[Row]) -> list[Row]:
        return [{**row, "total": "" if row["year"] == "2025" else row["total"]} for row in rows]

    opened = altered(unit_assessment=bare)
    assert found(opened, "unit_has_a_total") == [("001.001.003 2025", "001.001.003")]
    placed = opened.ask("assessment/place_shift", year=2025, group="一组")
    assert sorted(plain.rows(placed, "unit_id", "now_place")) == [
        ("001.001", 2), ("001.001.002", 3), ("001.001.003", None), ("001.002", 1),
    ]  # fmt: skip


def test_whose_result_of_a_year_is_missing_is_judged_by_the_rule_of_that_year(altered: Twelve) -> None:
    ended, longer = {"valid_to": "2025-01"}, {"valid_from": "2025-01", "months": "600"}
    opened = altered(record_rule=amended("rule_id", "assessment_missing", ended, longer))
    told = plain.rows(opened.ask("assessment/grade_share", year=2024), "about", "peer_group", "unassessed")
    assert ("leaders", "一组", 5) in told
    assert ("assessment_missing", 0) in plain.rows(opened.ask("quality/rule"), "rule_id", "records")
