"""The projections that pages share: nobody waits for them, and every page says the same of a target."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from data.access import LOCAL
from data.store import Store
from models import backtest, projection
from models.scenario import Scenario
from pages.exhibits import age_ladder, outlook
from pages.parts import answers, chance, ledger, look, projected, show, tested, words
from pages.parts.kept import Kept
from pages.parts.projected import Place
from queries import warehouse
from tests.invented import RANGES

CHINESE = words.of("zh_CN")
WHOLE, TEAM = Place(None, "示例市"), "township_team_35"
MOST = 60
Later = list[Callable[[], None]]


@pytest.fixture
def here(small_city: Store, monkeypatch: pytest.MonkeyPatch) -> answers.Here:
    """Somebody who looks at the small city in Chinese."""
    monkeypatch.setenv("CADRE_STORE", str(small_city.root))
    build = warehouse.newest(small_city)
    assert build is not None
    opened = warehouse.open_for(build, LOCAL)
    return answers.Here(build, LOCAL, CHINESE, look.LIGHT, opened.build_id, opened.data_month)


@pytest.fixture
def quota(here: answers.Here) -> pd.DataFrame:
    """Every target in the month of the data."""
    table: pd.DataFrame = here.ask("age_ladder/quota", as_of=here.data_month).table
    return table


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """What a page leaves to be done once it stands; nothing is known yet."""
    left: Later = []
    monkeypatch.setattr(show, "later", left.append)
    for name in ("_tables", "_made", "_learnt"):
        monkeypatch.setattr(answers, name, Kept(MOST))
    return left


def filled_in(here: answers.Here, quota: pd.DataFrame, later: Later) -> list[dict[str, str]]:
    """What the page says each time it is shown again, until nothing is left to be done."""
    said = [projected.chances(here, WHOLE, quota)]
    while later:
        assert len(said) < MOST
        later.pop()()
        said.append(projected.chances(here, WHOLE, quota))
    return said


def test_a_page_waits_for_nothing_and_is_filled_in_row_by_row(
    here: answers.Here, quota: pd.DataFrame, later: Later
) -> None:
    said = filled_in(here, quota, later)
    assert said[:2] == [{}, {}]  # neither the rates nor any target is known at first
    assert [len(each) for each in said] == sorted(len(each) for each in said)
    ahead = projected.ahead(here, WHOLE)
    assert ahead is not None
    have = dict(zip(quota["target_id"], quota["have"], strict=True))
    posts = {target: outlook.people(ahead.learnt, target, None) for target in have}
    enough = {target for target in have if posts[target] >= 10 and have[target] not in (1, 2)}
    assert set(said[-1]) == enough
    assert 0 < len(enough) < len(have)


def test_a_chance_is_what_the_model_gives_at_the_targets_own_term_change(
    here: answers.Here, quota: pd.DataFrame, later: Later
) -> None:
    team = quota[quota["target_id"] == TEAM]
    said = filled_in(here, team, later)[-1]
    at = here.ask("age_ladder/quota", as_of=202612).table.set_index("target_id")
    wanted = projection.Wanted(*(int(at[column].to_dict()[TEAM]) for column in ("needed", "base")))
    fitted = projected.learnt(here)
    assert fitted is not None
    told = fitted.project(TEAM, 202612, wanted, Scenario(date=202612), ranges=RANGES)
    assert said == {TEAM: chance.in_words(told.summed_up[backtest.PRACTICE]["chance"], CHINESE)}


def test_what_the_server_learns_as_it_starts_is_known_to_the_first_reader(
    here: answers.Here, quota: pd.DataFrame, later: Later
) -> None:
    assert not projected.is_learnt(here)
    projected.learn_beforehand()
    assert projected.is_learnt(here)
    assert projected.chances(here, WHOLE, quota[quota["target_id"] == TEAM]) == {}
    assert len(later) == 1  # the target is left to be worked out, the rates are not
    later.pop()()
    assert set(projected.chances(here, WHOLE, quota[quota["target_id"] == TEAM])) == {TEAM}


def test_a_reader_whose_own_record_stays_closed_finds_what_was_worked_out_for_others(
    here: answers.Here, quota: pd.DataFrame, later: Later
) -> None:
    team = quota[quota["target_id"] == TEAM]
    said = filled_in(here, team, later)[-1]
    other = replace(here, viewer=replace(LOCAL, closed=("P0000001",)), words=words.of("en"))
    assert set(projected.chances(other, WHOLE, team)) == set(said) == {TEAM}
    assert later == []


def test_a_roster_without_targets_is_learnt_from_without_a_word(
    here: answers.Here, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = answers.Here.ask

    def without(who: answers.Here, name: str, **given: Any) -> Any:
        answer = ask(who, name, **given)
        return replace(answer, table=answer.table.head(0)) if name == "outlook/target" else answer

    monkeypatch.setattr(answers.Here, "ask", without)
    projected.learn_beforehand()
    assert projected.is_learnt(here)
    assert projected.learnt(here) is None
    assert later == []


def test_nothing_is_said_of_term_changes_that_are_over(here: answers.Here, quota: pd.DataFrame, later: Later) -> None:
    over = quota.assign(term_month=here.data_month)
    assert filled_in(here, over, later) == [{}]


def test_of_a_roster_with_too_few_years_the_ledger_stays_as_it_is(
    here: answers.Here, quota: pd.DataFrame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlook, "learn", lambda *_: None)
    assert filled_in(here, quota, later) == [{}, {}]


def test_of_a_roster_that_is_too_large_nothing_is_learnt_and_that_is_said(
    here: answers.Here, quota: pd.DataFrame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlook, "MOST_POSTINGS", 100)
    projected.learn_beforehand()
    assert projected.is_learnt(here)
    assert filled_in(here, quota, later) == [{}]
    assert projected.ahead(here, WHOLE) is None
    said = projected.why_nothing(replace(here, words=words.of("en")))
    assert re.fullmatch(
        r"[\d,]+ postings are more than the 100 that can be learnt from; "
        r"project a store that holds a part of the units\.",
        said,
    )
    of_one_unit = replace(LOCAL, units=("001.001.003",))
    monkeypatch.setattr(outlook, "MOST_POSTINGS", 1_000)
    assert projected.too_many(replace(here, viewer=of_one_unit)) == 0
    assert " than the 1,000 " in tested.missing(replace(here, viewer=of_one_unit, words=words.of("en")))


def test_what_was_worked_out_in_one_language_is_known_in_the_other(
    here: answers.Here, quota: pd.DataFrame, later: Later
) -> None:
    team = quota[quota["target_id"] == TEAM]
    filled_in(here, team, later)
    other = replace(here, words=words.of("en"), look=look.DARK)
    assert len(filled_in(other, team, later)) == 1


def test_the_ledger_says_the_chance_beside_if_nobody_moves(quota: pd.DataFrame) -> None:
    scene: Any = type("Scene", (), {"words": CHINESE})
    told = {TEAM: "约七成把握"}
    drawn = ledger.rows(age_ladder.ledger(scene, quota, told), say=CHINESE, later=age_ladder.later_heading(scene, told))
    rows = {row["id"]: row for row in drawn["rows"]}
    spare = int(quota.set_index("target_id")["spare_at_term"].to_dict()[TEAM])
    assert rows[TEAM]["chance"] == "约七成把握"
    assert rows[TEAM]["spareAtChange"].replace("−", "-") == (f"{spare:+d}" if spare else "0")
    assert {row["chance"] for target, row in rows.items() if target != TEAM} == {""}
    assert drawn["words"]["later"] == "不调整；按近年做法"
    without = ledger.rows(age_ladder.ledger(scene, quota), say=CHINESE, later=age_ladder.later_heading(scene, {}))
    assert (without["chances"], without["words"]["later"]) == (False, "换届时")
