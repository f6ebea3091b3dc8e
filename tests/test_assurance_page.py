"""The page of assurance: it says of each promise what its tests gave, and checks the log and the build as it opens."""

import sqlite3
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import audit, backtests, promises
from data.access import Viewer
from data.backtests import Backtest
from data.promises import FAILED, PASSED, Promise, Result
from data.store import Store
from models import backtest
from pages.parts import answers, assured, words
from pages.parts.audited import Chain
from queries import builds, checksums
from tests.conftest import OpenPage
from tests.test_pages import said, title

PAGE = "assurance"
EN = words.of("en")
ROWS = (
    Promise("a.one", "true", "One holds.", "其一成立。"),
    Promise("a.two", "true", "Two holds.", "其二成立。"),
    Promise("b.three", "fast", "Three holds.", "其三成立。"),
)
RAN: dict[str, Any] = {"outcome": PASSED, "version": "abc", "machine": "Linux"}


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Result]:
    """Three promises: of two tests that passed, of one that failed and one that was not run, and of none that ran."""
    tests = {
        "t::1": Result(promises=("a.one",), at="2026-10-30T08:00:00+00:00", measured={"rerun": "1.5 ms"}, **RAN),
        "t::2": Result(promises=("a.one", "a.two"), at="2026-10-31T08:00:00+00:00", **RAN),
        "t::3": Result(promises=("a.two",), **{**RAN, "outcome": FAILED}, at="2026-10-29T08:00:00+00:00"),
        "t::4": Result(promises=("b.three", "a.two")),
    }
    monkeypatch.setattr(promises, "every", lambda: ROWS)
    monkeypatch.setattr(promises, "LATEST", tmp_path / "assurance.json")
    promises.write(promises.LATEST, tests)
    return tests


def test_the_headline_counts_promises_by_their_worst_test(three: dict[str, Result]) -> None:
    assert assured.headline(three, EN) == "1 of 3 promises are broken, 1 not tested whole"
    assert assured.headline({**three, "t::3": three["t::2"]}, EN) == (
        "1 of 3 promises are held by their tests, 2 not tested whole"
    )
    all_ran = dict.fromkeys(three, three["t::2"]) | {"t::4": Result(promises=("b.three",), at="1", **RAN)}
    assert assured.headline(all_ran, EN) == "All 3 promises are held by their tests"


def test_a_row_says_how_many_tests_passed_when_and_what_they_measured(three: dict[str, Result]) -> None:
    table = assured.of_theme("true", three, EN).drop(columns="Last run")
    assert table.to_numpy().tolist() == [
        ["● held", "One holds.", "rerun 1.5 ms", "2", "2", "a.one"],
        ["■ broken", "Two holds.", "", "3", "1", "a.two"],
    ]
    assert assured.of_theme("fast", three, EN).to_numpy().tolist() == [
        ["▲ untested", "Three holds.", "", "1", "0", "", "b.three"]
    ]


def test_results_of_another_version_say_so(three: dict[str, Result]) -> None:
    assert "version abc · Linux" in assured.last_run(three, "abc", EN)
    assert "another one" not in assured.last_run(three, "abc", EN)
    assert assured.last_run(three, "def", EN).endswith("this is version def: some results are of another one")
    assert assured.last_run({"t::4": three["t::4"]}, "abc", EN) == "the tests have not been run"


@pytest.mark.usefixtures("three")
def test_the_page_says_every_promise_in_either_language(page: OpenPage) -> None:
    chinese, english = page(), page(lang="en")
    assert (title(chinese), title(english)) == (
        "3 项承诺中 1 项未通过测试，1 项尚未测全",
        "1 of 3 promises are broken, 1 not tested whole",
    )
    for app, sentences in (
        (chinese, "其一成立。 其二成立。 其三成立。"),
        (english, "One holds. Two holds. Three holds."),
    ):
        tables = " ".join(said(app, "table-box"))
        assert [each for each in sentences.split(" ") if each not in tables] == []


def test_whoever_sees_but_some_units_is_told_nothing_of_records(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "records to be looked at" in " ".join(said(page(lang="en"), "table-box"))
    monkeypatch.setattr(answers, "LOCAL", Viewer("auditor"))
    told = " ".join(said(page(lang="en"), "table-box"))
    assert "Audit log" in told
    assert "to be looked at" not in told


def test_damaged_results_are_said_and_the_page_stands(
    page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "LATEST", tmp_path / "assurance.json")
    promises.LATEST.write_text("{", encoding="utf-8")
    app = page(lang="en")
    assert "holds no results of tests" in app.error[0].value
    assert title(app).startswith("0 of ")


def test_the_log_is_checked_as_the_page_opens(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert assured.of_log(Chain.of(store), EN) == ("open", "no entry yet")
    for what in ("0001", "0002"):
        audit.note(store, "landed", "甲", what)
    state, told = assured.of_log(Chain.of(store), EN)
    assert (state, told.split("; ")[0]) == ("held", "2 entries, all as they were written")
    with sqlite3.connect(store.audit) as log:
        log.executescript("DROP TRIGGER never_altered; UPDATE entry SET who = '丙' WHERE number = 1;")
    state, told = assured.of_log(Chain.of(store), EN)
    assert (state, told.split(" is ")[0]) == ("broken", "Entry 1 of the audit log")


def test_the_file_of_the_build_is_told_as_it_is_found(tmp_path: Path) -> None:
    build = tmp_path / "abc.duckdb"
    build.write_bytes(b"as it was made")
    assert assured.of_file(builds.condition(build), EN)[0] == "open"
    checksums.write(build, build)
    assert assured.of_file(builds.condition(build), EN) == ("held", "as it was made, by its checksum")
    build.write_bytes(b"as it was Made")
    assert assured.of_file(builds.condition(build), EN)[0] == "broken"


def test_a_back_test_tells_how_many_outcomes_lay_in_its_intervals(tmp_path: Path) -> None:
    errors = pd.DataFrame(
        {
            "mode": [backtest.PRACTICE, backtest.PRACTICE, backtest.PLAN],
            "forecasts": [30, 10, 40],
            "cover_80": [80, 60, 85],
        }
    )
    backtests.keep(Store(tmp_path), "abc", Backtest(errors, 60, 0))
    told = assured.of_back_test(backtests.kept(Store(tmp_path), "abc"), "", EN)
    assert told == (
        "held",
        "of 40 past outcomes, 75% lay in the interval of 80% told from the past, 85% in that told with the plan",
    )
    assert assured.of_back_test(None, "Make it by hand.", EN) == ("open", "Make it by hand.")
