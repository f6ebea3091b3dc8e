"""The record of promises: what came of a test is taken down, the worst counts, and what was not run says so."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from data import promises
from data.promises import FAILED, PASSED, SKIPPED, Promise, PromiseError, Result
from tests import promises as kept

ONE = "tests/test_audit.py::test_a_whole_chain_verifies"
OTHER = "tests/test_audit.py::test_whatever_is_done_to_an_entry_is_found"
PROMISE = Promise("audit.chain", "private", "It is found.", "会被发现。")


def told(name: str, outcome: str, when: str = "call", **measured: str) -> pytest.TestReport:
    """What pytest says of one step of a test."""
    return pytest.TestReport(name, ("", 0, ""), {}, outcome, None, when, user_properties=[*measured.items()])  # type: ignore[arg-type]


def test_marks_are_read_of_a_module_and_of_a_test() -> None:
    marked = kept.marked()
    assert marked[ONE] == ("audit.chain",)
    both = marked[
        "tests/test_landing.py::test_a_disc_that_fails_at_any_touch_leaves_a_batch_landed_whole_or_not_at_all"
    ]
    assert both == ("landing.killed",)


def test_of_the_cases_and_steps_of_a_test_the_worst_counts() -> None:
    recorder = kept.Recorder()
    recorder.pytest_runtest_logreport(told(f"{OTHER}[1]", FAILED))
    for report in (told(f"{OTHER}[2]", PASSED), told(ONE, PASSED, "setup"), told(ONE, PASSED, rerun="1.5 ms"),
                   told(ONE, PASSED, "teardown"), told("tests/test_house.py::gone", FAILED)):  # fmt: skip
        recorder.pytest_runtest_logreport(report)
    assert {name: result.outcome for name, result in recorder.found.items()} == {OTHER: FAILED, ONE: PASSED}
    assert recorder.found[ONE].measured == {"rerun": "1.5 ms"}
    recorder.pytest_runtest_logreport(told(ONE, FAILED, "teardown"))
    assert recorder.found[ONE].outcome == FAILED
    assert recorder.found[ONE].measured == {"rerun": "1.5 ms"}


def test_a_part_of_the_tests_leaves_the_results_of_the_others_and_none_of_a_test_that_is_gone() -> None:
    carried = {"one": ("a",), "two": ("b", "c"), "three": ("a",)}
    before = {"one": Result(promises=("a",), outcome=PASSED, at="1"), "two": Result(promises=("a",), outcome=FAILED),
              "gone": Result(promises=("a",), outcome=FAILED)}  # fmt: skip
    now = {"one": Result(promises=("a",), outcome=SKIPPED, at="2")}
    assert kept.together(carried, before, now) == {
        "one": Result(promises=("a",), outcome=SKIPPED, at="2"),
        "two": Result(promises=("b", "c"), outcome=FAILED),
        "three": Result(promises=("a",)),
    }


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ([PASSED, PASSED], "held"),
        ([PASSED, FAILED, None], "broken"),
        ([PASSED, None], "open"),
        ([PASSED, SKIPPED], "open"),
        ([None], "open"),
        ([], "open"),
    ],
)
def test_a_promise_is_held_only_where_every_test_of_it_passed(outcomes: list[str | None], state: str) -> None:
    assert promises.state(Result(promises=("a",), outcome=outcome) for outcome in outcomes) == state


def test_results_are_read_as_they_were_written_and_the_later_of_two_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, latest = tmp_path / "shipped.json", tmp_path / "build" / "latest.json"
    monkeypatch.setattr(promises, "SHIPPED", shipped)
    monkeypatch.setattr(promises, "LATEST", latest)
    assert promises.results() == {}
    ran = Result(promises=("audit.chain",), outcome=PASSED, at="2026-10-31T08:00:00+00:00", measured={"rerun": "1 ms"})
    first = {ONE: ran, OTHER: Result(promises=("audit.chain",))}
    promises.write(latest, first)
    assert promises.results() == first
    assert promises.holding(PROMISE, first) == [*first.values()]
    kept.keep_as_shipped()
    latest.unlink()
    assert promises.results() == first
    later = replace(ran, outcome=FAILED, at="2026-11-01T08:00:00+00:00")
    for path, other in ((latest, shipped), (shipped, latest)):
        promises.write(path, {ONE: later})
        promises.write(other, {ONE: ran})
        assert promises.results() == {ONE: later}


@pytest.mark.parametrize("text", ["", "[]", "{}x", json.dumps({ONE: {"outcome": PASSED}}), json.dumps({ONE: 1})])
def test_a_damaged_file_of_results_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "assurance.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PromiseError, match=r"holds no results of tests .* run the tests again"):
        promises.read(path)
