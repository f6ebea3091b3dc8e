"""Rules are dated rows of policy with their clause: no question, relation or mart holds a rule's number itself."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import queries
from data import contract, policy
from data.store import Store
from queries import building
from queries.warehouse import Warehouse
from tests import plain
from tests.conftest import CADRE, opened
from tests.test_answers import worked

Rows = list[tuple[Any, ...]]

pytestmark = pytest.mark.promise("rules.rows")

OF_THE_CALENDAR = {"1", "12", "100", "10000", "999912", "99991200"}
"""Months of a year, YYYYMM and YYYYMMDD taken apart, and the month and day that never come."""
OF_COUNTING = {"0", "2", "100.0", "1e9"}
"""Nobody, a pair (one group hidden is two), a hundred per cent, and a limit above every count."""
NUMBER = re.compile(r"(?<![\w.$])\d+(?:\.\d+)?(?:e\d+)?(?![\w(])")
ORDER = r"\b(?:then|else|select '\w+' as \w+,|select '\w+',) [1-9]\b"
"""What a `case` or a list of steps puts in order: grades, sources, tiers."""
PLACES = r"\bround\((?:[^()]|\([^()]*\))*, [1-9]\)"
NO_RULE = re.compile(
    rf"'[^']*'(?! as \w+, \d|, \d)|decimal\(9, ?4\)|split_part\([^)]*\)|{PLACES}|{ORDER}", re.IGNORECASE
)
OTHER_TOPICS = ("age_ladder/", "roster/", "relations/age_target", "relations/target_", "relations/month")
STATEMENTS = [name for name in (*queries.names(), *queries.built()) if not name.startswith(OTHER_TOPICS)]
OTHER_TABLES = {"age_band", "age_target", "retirement", "target_status", "term_change"} | policy.ASKED_OF_READERS
TABLES = sorted(set(policy.names()) - OTHER_TABLES)


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_holds_a_number_of_a_rule(name: str) -> None:
    sql = NO_RULE.sub("", queries.load(name).sql)
    assert set(NUMBER.findall(sql)) <= OF_THE_CALENDAR | OF_COUNTING


def test_a_number_of_a_rule_is_found() -> None:
    sql = NO_RULE.sub("", "select months_between(since, $as_of) >= 120 as due, round(share, 4), 'then 5' from tenure")
    assert set(NUMBER.findall(sql)) - OF_THE_CALENDAR - OF_COUNTING == {"120"}


@pytest.mark.parametrize("name", TABLES)
def test_every_rule_says_where_it_comes_from_and_who_stands_behind_it(name: str) -> None:
    columns = contract.load(name).columns
    required = {column.name for column in columns if column.required}
    assert {"document", "confirmed"} <= required


@pytest.mark.parametrize("name", TABLES)
def test_without_its_rows_an_answer_changes(
    name: str, before: dict[str, Rows], cadre_store: Store, tmp_path: Path
) -> None:
    rules = Path(shutil.copytree(CADRE / "policy", tmp_path / "policy"))
    head, *_ = (rules / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (rules / f"{name}.csv").write_text(head, encoding="utf-8")
    store = Store(Path(shutil.copytree(cadre_store.root, tmp_path / "store")))
    building.build(store, folder=rules)
    after = opened(store)
    assert any(answer(after, asked) != told for asked, told in before.items())


def test_what_was_judged_by_a_rule_that_has_ended_since_is_still_told(
    before: dict[str, Rows], cadre_store: Store, tmp_path: Path
) -> None:
    rules = Path(shutil.copytree(CADRE / "policy", tmp_path / "policy"))
    for name in ("down_reason", "effect_rule", "protection_rule"):
        head, *rows = (rules / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        ended = [f"{row.rpartition(',')[0]},2026-10" for row in rows]
        (rules / f"{name}.csv").write_text("\n".join([head, *ended]), encoding="utf-8")
    store = Store(Path(shutil.copytree(cadre_store.root, tmp_path / "store")))
    building.build(store, folder=rules)
    after = opened(store)
    for name in ("effect", "effect_person", "effect_ahead", "reason", "reason_year"):
        assert answer(after, f"up_down/{name}") == before[f"up_down/{name}"] != []
    # what begins in the month itself has no rule any more
    assert {row[0] for row in answer(after, "up_down/stage")} >= {"tolerance_verified", "clearing_verified"}
    assert "held_to_account" in {row[0] for row in answer(after, "up_down/talk")}


@pytest.fixture(scope="module")
def before(twelve: Warehouse) -> dict[str, Rows]:
    """Every question's rows under the rules as they are."""
    return {name: answer(twelve, name) for name in queries.names()}


def answer(house: Warehouse, name: str) -> Rows:
    """A question's rows, asked as in the answer that was worked by hand."""
    return plain.rows(house.ask(name, **worked(name)[0]))
