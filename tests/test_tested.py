"""The back-test that a page makes in the background: once a build, one at a time, and what went wrong is said."""

import threading
from collections.abc import Iterator

import pandas as pd
import pytest

from data import backtests
from data.access import LOCAL
from data.store import Store, default_store
from models import backtest
from pages.parts import answers, look, tested, words
from queries import warehouse

ENGLISH = words.of("en")
DONE = pd.DataFrame({"mode": ["practice"], "mae": [1.0]})


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[tested.Making]:
    """A process that makes back-tests by itself and has made none yet; its store is empty."""
    made = tested.Making()
    monkeypatch.setattr(tested, "MAKING", made)
    monkeypatch.setattr(tested, "stand_back", lambda: None)
    monkeypatch.delenv(tested.SWITCH)
    monkeypatch.setenv("CADRE_STORE", str(tmp_path))
    yield made
    if made.thread is not None:
        made.thread.join()


@pytest.fixture
def here(small_city: Store) -> answers.Here:
    """Somebody who looks at the small city."""
    build = warehouse.newest(small_city)
    assert build is not None
    opened = warehouse.open_for(build, LOCAL)
    return answers.Here(build, LOCAL, ENGLISH, look.LIGHT, opened.build_id, opened.data_month)


def made_of(making: tested.Making) -> None:
    """Wait for what is being made."""
    assert making.thread is not None
    making.thread.join()


def test_a_back_test_is_made_once_and_kept(
    making: tested.Making, here: answers.Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, calls = threading.Event(), []

    def of_roster(postings: pd.DataFrame, _: pd.DataFrame, last: int, asked: backtest.Asked) -> pd.DataFrame:
        calls.append((len(postings) > 0, last, asked.paths))
        going.wait(30)
        return DONE

    monkeypatch.setattr(backtest, "of_roster", of_roster)
    monkeypatch.setattr(backtest, "summary", lambda made: made)
    for _ in range(3):
        assert tested.missing(here).startswith("Past projections are being tested")
    going.set()
    made_of(making)
    assert calls == [(True, here.data_month, tested.PATHS)]
    kept = backtests.kept(default_store(), here.build_id)
    assert kept is not None
    assert kept.errors.to_dict("records") == DONE.to_dict("records")
    assert tested.how(here, kept) == "Tested with 60 paths of each projection, seed 0."


def test_what_went_wrong_is_said(making: tested.Making, here: answers.Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def of_roster(*_: object) -> pd.DataFrame:
        message = "the disk is full"
        raise OSError(message)

    monkeypatch.setattr(backtest, "of_roster", of_roster)
    tested.missing(here)
    made_of(making)
    assert tested.missing(here) == "The test on past data failed: the disk is full"


def test_a_roster_with_too_few_years_is_said(
    making: tested.Making, here: answers.Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tested.what_is_asked(here)
    late = asked["posting"].query("start_month > 202401")
    monkeypatch.setattr(tested, "what_is_asked", lambda _: {**asked, "posting": late})
    tested.missing(here)
    made_of(making)
    assert tested.missing(here).startswith("The roster holds no six whole years")


def test_targets_without_an_age_line_have_nothing_to_be_tested(
    making: tested.Making, here: answers.Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tested.what_is_asked(here)
    women = asked["target"].query("upper_age.isna()")
    monkeypatch.setattr(tested, "what_is_asked", lambda _: {**asked, "target": women})
    assert tested.missing(here) == "No target has an age line: nothing can be tested."
    assert making.thread is None


def test_where_it_is_to_be_made_by_hand_the_command_is_said(
    making: tested.Making, here: answers.Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tested.SWITCH, tested.BY_HAND)
    assert tested.missing(here).startswith("Make the test by `python -m models backtest --store ")
    assert making.thread is None
