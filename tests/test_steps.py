"""Promises of what people enter of a step: kept beside all that came before, whole or not at all."""

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from data import landing, sample, steps
from data.__main__ import main
from data.steps import Entry, StepError
from data.store import Store
from tests.conftest import CADRE, CADRE_MONTH

ENTRY = Entry(
    tier="county", round=2026, organ=None, step_id="survey", state="done", day=20260420, owner="一科", note="=1+1",
    who="示例甲", written="2026-04-21T01:00:00.000001+00:00",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    landing.land(store, [CADRE / "unit.csv"], month=CADRE_MONTH)
    return store


def test_an_entry_is_read_as_it_was_kept(store: Store) -> None:
    steps.record(store, ENTRY)
    assert steps.history(store) == (ENTRY,)


@pytest.mark.promise("entries.stay")
def test_a_later_entry_counts_and_the_earlier_one_stays(store: Store) -> None:
    later = replace(ENTRY, state="under_way", day=None, written="2026-05-01T00:00:00+00:00")
    steps.record(store, ENTRY)
    steps.record(store, later)
    assert steps.history(store) == (ENTRY, later)
    assert steps.latest(steps.history(store)) == {"survey": later}


@pytest.mark.promise("entries.stay")
def test_many_who_enter_at_once_all_find_theirs(store: Store) -> None:
    entries = [replace(ENTRY, note=str(number)) for number in range(40)]
    with ThreadPoolExecutor(8) as together:
        list(together.map(lambda entry: steps.record(store, entry), entries))
    assert sorted(int(entry.note) for entry in steps.history(store)) == list(range(40))


@pytest.mark.promise("entries.stay")
@pytest.mark.parametrize(
    ("error", "mend"),
    [(errno.ENOSPC, "is full; free space"), (errno.EROFS, "allow writing"), (errno.EACCES, "allow writing")],
)
def test_a_store_that_takes_nothing_says_so_and_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, error: int, mend: str
) -> None:
    steps.record(store, ENTRY)

    def refuse(_: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StepError, match=f"was not kept.*{mend}"):
        steps.record(store, replace(ENTRY, note="second"))
    assert steps.history(store) == (ENTRY,)
    assert [path.suffix for path in store.steps.iterdir()] == [".json"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"state": "nearly"}, "'nearly' is no state of a step; write one of planned, under_way, done"),
        ({"day": None}, "not since when"),
        ({"day": 20260231}, "20260231 is not a day"),
        ({"who": " "}, "who enters it"),
        ({"note": "长" * 501}, "501 characters; write at most 500"),
        ({"tier": "moon"}, "has no value 'moon'"),
        ({"organ": "zoo"}, "has no value 'zoo'"),
    ],
)
def test_an_entry_that_says_nothing_sound_is_refused(store: Store, wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises((StepError, ValueError), match=sentence):
        steps.record(store, replace(ENTRY, **wrong))  # type: ignore[arg-type]
    assert steps.history(store) == ()


@pytest.mark.parametrize("text", ["{", "[]", '{"tier": "county"}', json.dumps({**asdict(ENTRY), "state": "nearly"})])
def test_an_entry_that_cannot_be_read_is_named(store: Store, text: str) -> None:
    steps.record(store, ENTRY)
    (store.steps / "0.json").write_text(text, encoding="utf-8")
    with pytest.raises(StepError, match=r"0\.json cannot be read.*mend it or move it away"):
        steps.history(store)


def test_the_example_citys_entries_give_way_to_real_data(tmp_path: Path) -> None:
    store = Store(tmp_path)
    sample.generate(store, people=200, years=1)
    invented = steps.history(store)
    # At October 2026: townships change in December (12, 9, 6 and 3 months have begun), counties in February, the city
    # in April (12, 9 and 6 months each)
    assert {(entry.tier, entry.step_id, entry.state) for entry in invented} == {
        ("township", "survey", "done"), ("township", "scheme", "done"), ("township", "recommendation", "done"),
        ("township", "review", "under_way"), ("county", "survey", "done"), ("county", "scheme", "done"),
        ("county", "recommendation", "under_way"), ("city", "survey", "done"), ("city", "scheme", "done"),
        ("city", "recommendation", "under_way"), ("tasks", "reminder_talks", "done"),
        ("tasks", "recuperation", "under_way"), ("tasks", "front_line", "under_way"),
    }  # fmt: skip
    sample.generate(store, people=200, years=1)
    assert steps.history(store) == invented
    landing.land(store, [CADRE / "unit.csv"], month=CADRE_MONTH)
    assert steps.history(store) == ()


def test_a_step_is_entered_at_the_command_line(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["step", "county", "2026", "survey", "--state", "done", "--by", "示例甲", "--day", "2026-04-20"]
    assert main([*words, "--store", str(store.root)]) == 0
    assert capsys.readouterr().out.startswith("Entered: survey of county 2026 is done")
    (entry,) = steps.history(store)
    assert (entry.step_id, entry.state, entry.day, entry.who, entry.invented) == (
        "survey",
        "done",
        20260420,
        "示例甲",
        False,
    )
    (kept,) = store.steps.iterdir()
    assert json.loads(kept.read_text(encoding="utf-8"))["who"] == "示例甲"


def test_a_step_that_nobody_knows_is_refused_at_the_command_line(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["step", "county", "2026", "party", "--state", "planned", "--by", "示例甲", "--store", str(store.root)]
    assert main(words) == 2
    assert "no step 'party'; there are decision, duties" in capsys.readouterr().err
    assert steps.history(store) == ()
