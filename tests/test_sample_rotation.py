"""The example city shows every situation of rotation at least once, and no other row of it has changed for that."""

from typing import Any

import pytest

from data import contract, policy, sample
from data.store import Store
from queries import building
from queries.warehouse import Warehouse
from tests.conftest import opened

NOW = 202610
PEOPLE = 10_000
CLOCKS = [rule["rule_id"] for rule in policy.read("rotation_rule").to_pylist() if rule["force"] != "expected"]
SELDOM = {"near_ten", "home_duty", "discipline_term", "post_ten", "place_level_ten"}
"""Clocks that a city of 800 people, with one county, need not show."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The example city of 10,000 people, built."""
    store = Store(tmp_path_factory.mktemp("whole"))
    sample.generate(store, people=PEOPLE)
    building.build(store)
    return opened(store)


def postings() -> list[dict[str, Any]]:
    """Every posting of the example city."""
    rows: list[dict[str, Any]] = next(sample.chunks(people=PEOPLE, years=10, seed=1, month=NOW))["posting"].to_pylist()
    return rows


@pytest.mark.parametrize("rule", CLOCKS)
def test_every_clock_runs_out_for_somebody(rule: str, whole: Warehouse) -> None:
    assert len(whole.ask("rotation/clock", as_of=NOW, until=202712, rule=rule).table) > 0


def test_the_small_city_shows_most_clocks(city: Warehouse) -> None:
    shown = set(city.ask("rotation/clock", as_of=NOW, until=202712).table["rule_id"])
    assert set(CLOCKS) - SELDOM <= shown


def test_the_states_overdue_due_and_reminder_are_all_seen(whole: Warehouse) -> None:
    shown = set(whole.ask("rotation/clock", as_of=NOW, until=202712).table["state"])
    assert shown == {"overdue", "soon", "ahead", "reminder"}


def test_few_clocks_have_run_out_beside_those_in_post(whole: Warehouse) -> None:
    table = whole.ask("rotation/clock", as_of=NOW).table
    must = table[(table["state"] == "overdue") & (table["force"] == "must")]
    assert 0 < len(must) < PEOPLE / 100


def test_every_programme_has_people_away_people_due_and_people_back(whole: Warehouse) -> None:
    table = whole.ask("rotation/programme", as_of=NOW).table.groupby("programme_id")[["active", "due", "past"]].sum()
    assert set(table.index) == {row["programme_id"] for row in policy.read("programme").to_pylist()}
    assert (table[["active", "past"]] > 0).all().all()
    assert (table["due"] > 0).sum() >= len(table) - 1


def test_those_who_came_back_were_promoted_stayed_left_or_are_followed(whole: Warehouse) -> None:
    table = whole.ask("rotation/after_return", as_of=NOW).table
    assert (table[["promoted", "left_service", "same_level", "followed"]].sum() > 0).all()


def test_every_kind_and_reason_of_exchange_and_every_duty_is_seen() -> None:
    rows = postings()
    kinds = {"to_enterprise", "to_institution", "transfer", "internal_rotation", "secondment"}
    assert {row["exchange_kind"] for row in rows} - {None} == kinds
    reasons = {choice.key for choice in contract.load("posting").column("exchange_reason").choices}
    assert {row["exchange_reason"] for row in rows} - {None} == reasons
    duties = {choice.key for choice in contract.load("posting").column("duty").choices}
    assert {row["duty"] for row in rows} - {None} == duties


def test_postings_under_programmes_stand_beside_a_primary_post_and_are_not_counted() -> None:
    rows = postings()
    away = [row for row in rows if row["programme"] and not row["primary"]]
    first: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        if row["primary"]:
            first.setdefault(row["person_id"], []).append((row["start"], row["end"] or 99999999))
    assert away
    assert not any(row["counted"] for row in away)
    assert all(any(start <= row["start"] < end for start, end in first[row["person_id"]]) for row in away)
