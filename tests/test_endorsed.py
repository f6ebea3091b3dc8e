"""Endorsed briefings: there as a whole or not at all, unchanged from then on, and withdrawn by a mark alone."""

import dataclasses
import hashlib
import os
import stat
import threading
import tomllib
from pathlib import Path

import pytest

from data import audit, endorsed
from data.endorsed import Endorsed, EndorsedError
from data.store import Store

pytestmark = pytest.mark.promise("endorsed.unchanged")

RECORD = Endorsed(
    title="季度“分析”",
    template="季度分析",
    shows='[title]\nzh = "\\季度"\n',
    as_of=202610,
    language="zh_CN",
    viewer="local",
    units=("*",),
    names=True,
    build="0123456789ab",
    version="abc",
    since="",
    who="张样甲",
    endorsed="2026-11-22T08:00:00.000000+00:00",
)
FILES = {"briefing.pptx": b"slides", "figures.json": b"[]"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path)


def test_what_was_kept_is_read_back_as_it_was(store: Store) -> None:
    kept = endorsed.keep(store, RECORD, FILES)
    assert endorsed.every(store) == (kept,)
    assert kept == dataclasses.replace(RECORD, id="0001", files=kept.files)
    assert {name: (file.sha256, file.size) for name, file in kept.files.items()} == {
        name: (hashlib.sha256(content).hexdigest(), len(content)) for name, content in FILES.items()
    }
    assert {name: endorsed.content(store, kept, name) for name in FILES} == FILES


def test_the_record_names_the_build_for_whoever_tidies_builds(store: Store) -> None:
    kept = endorsed.keep(store, RECORD, FILES)
    record = tomllib.loads((store.briefings / kept.id / "record.toml").read_text(encoding="utf-8"))
    assert record["build"] == "0123456789ab"


def test_no_file_of_it_can_be_written(store: Store) -> None:
    kept = endorsed.keep(store, RECORD, FILES)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (store.briefings / kept.id).iterdir()]
    assert modes == [0o444] * 3


def test_a_number_is_given_once(store: Store) -> None:
    kept: list[str] = []
    threads = [threading.Thread(target=lambda: kept.append(endorsed.keep(store, RECORD, FILES).id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [f"{number:04d}" for number in range(1, 9)]
    assert [record.id for record in endorsed.every(store)] == sorted(kept, reverse=True)


def test_a_number_is_not_given_again_where_only_its_mark_is_left(store: Store) -> None:
    gone = endorsed.keep(store, RECORD, FILES)
    endorsed.withdraw(store, gone.id, who="张样甲", reason="作废")
    (store.briefings / gone.id).rename(store.root / "moved")
    kept = endorsed.keep(store, RECORD, FILES)
    assert (kept.id, endorsed.one(store, kept.id).withdrawn) == ("0002", None)


def test_the_log_says_by_its_hash_what_was_endorsed(store: Store) -> None:
    endorsed.keep(store, RECORD, FILES)
    (entry,) = audit.of(store)
    files = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    assert (entry.act, entry.who, entry.more) == ("endorsed", "张样甲", {"build": "0123456789ab", "files": files})


def test_a_file_that_was_changed_is_never_given_as_endorsed(store: Store) -> None:
    kept = endorsed.keep(store, RECORD, FILES)
    path = store.briefings / kept.id / "briefing.pptx"
    path.unlink()
    path.write_bytes(b"sliced")
    with pytest.raises(EndorsedError, match="no longer what was endorsed"):
        endorsed.content(store, kept, "briefing.pptx")


def test_withdrawing_leaves_a_mark_and_everything_else(store: Store) -> None:
    kept = endorsed.keep(store, RECORD, FILES)
    endorsed.withdraw(store, kept.id, who="李样乙", reason="数据有误")
    (found,) = endorsed.every(store)
    assert (found.withdrawn_by, found.reason) == ("李样乙", "数据有误")
    assert found.withdrawn is not None
    assert dataclasses.replace(found, withdrawn=None, withdrawn_by="", reason="") == kept
    assert endorsed.content(store, found, "briefing.pptx") == b"slides"
    with pytest.raises(EndorsedError, match="withdrawn already"):
        endorsed.withdraw(store, kept.id, who="王样丙", reason="")


@pytest.mark.parametrize("who", ["", "  "])
def test_nobody_endorses_without_a_name(store: Store, who: str) -> None:
    with pytest.raises(EndorsedError, match="Nobody is named"):
        endorsed.keep(store, dataclasses.replace(RECORD, who=who), FILES)
    assert endorsed.every(store) == ()


@pytest.mark.parametrize("number", ["0002", "../0001", "", "x"])
def test_a_number_that_was_not_given_is_named(store: Store, number: str) -> None:
    endorsed.keep(store, RECORD, FILES)
    with pytest.raises(EndorsedError, match=r"there are: 0001\."):
        endorsed.one(store, number)


def test_a_full_disk_leaves_nothing_of_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EndorsedError, match="is full"):
        endorsed.keep(store, RECORD, FILES)
    assert list(store.briefings.iterdir()) == []


def test_what_a_killed_process_left_is_swept_up_and_never_listed(store: Store) -> None:
    left = [store.briefings / name for name in ("old.fresh", "young.fresh")]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "record.toml").write_text("id = ", encoding="utf-8")
    os.utime(left[0], (0, 0))
    kept = endorsed.keep(store, RECORD, FILES)
    assert endorsed.every(store) == (kept,)
    assert [folder.exists() for folder in left] == [False, True]


def test_a_damaged_record_is_named(store: Store) -> None:
    kept = endorsed.keep(store, RECORD, FILES)
    path = store.briefings / kept.id / "record.toml"
    path.unlink()
    path.write_text("id = ", encoding="utf-8")
    with pytest.raises(EndorsedError, match=r"record\.toml cannot be read"):
        endorsed.every(store)
