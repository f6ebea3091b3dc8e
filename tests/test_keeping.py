"""Promises of keeping: a file is there as a whole or not at all, and what was there stays until it is."""

import os
import stat
from pathlib import Path

import pandas as pd
import pytest

from data import backtests, keeping
from data.backtests import Backtest
from data.store import Store


def test_what_is_put_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.json"
    keeping.put(path, "一")
    keeping.put(path, "二")
    assert path.read_text(encoding="utf-8") == "二"
    assert list(path.parent.iterdir()) == [path]


def test_what_was_put_first_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert keeping.put_first(path, "one")
    assert not keeping.put_first(path, "two")
    assert path.read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fills_up_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.json"
    keeping.put(path, "one")
    monkeypatch.setattr(os, "fsync", full)
    said = (
        rf"^The note was not kept, .*{tmp_path.name} is full; free space there and try again\. "
        "便条未保存，此前保存的不受影响。.*所在磁盘已满，请清理空间后重试。$"
    )
    with (
        pytest.raises(LookupError, match=said),
        keeping.refusal("The note", "便条", tmp_path, lambda *said: LookupError(" ".join(said))),
    ):
        keeping.put(path, "two")
    assert path.read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits")
def test_what_is_the_owners_only_is_read_by_nobody_else(tmp_path: Path) -> None:
    keeping.put(tmp_path / "key", "secret", keeping.OWNER_ONLY)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_back_test_is_kept_by_build_with_what_was_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    errors = pd.DataFrame({"mode": ["plan"], "size": [41], "horizon": [1], "mae": [1.25]})
    backtests.keep(store, "abc", Backtest(errors, paths=60, seed=7))
    kept = backtests.kept(store, "abc")
    assert kept is not None
    pd.testing.assert_frame_equal(kept.errors, errors)
    assert (kept.paths, kept.seed) == (60, 7)
    assert backtests.kept(store, "other") is None


def test_of_two_back_tests_of_a_build_the_one_of_more_paths_stays(tmp_path: Path) -> None:
    store, errors = Store(tmp_path), pd.DataFrame({"mae": [1.25]})
    paths = []
    for given in (60, 300, 60, 300):
        backtests.keep(store, "abc", Backtest(errors, paths=given, seed=0))
        kept = backtests.kept(store, "abc")
        paths.append(kept and kept.paths)
    assert paths == [60, 300, 300, 300]


@pytest.mark.parametrize("content", ["{", "[]", '{"paths": 60}'])
def test_a_damaged_back_test_is_as_if_none_had_been_made(tmp_path: Path, content: str) -> None:
    store = Store(tmp_path)
    keeping.put(store.backtest_of("abc"), content)
    assert backtests.kept(store, "abc") is None
    backtests.keep(store, "abc", Backtest(pd.DataFrame({"mae": [1.25]}), paths=60, seed=0))
    assert backtests.kept(store, "abc") is not None
