"""Promises of the audit log: what is written stays, and whatever is altered, forged or taken out is found."""

import hashlib
import hmac
import json
import os
import re
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from data import archive, audit, batches, history, keeping, landing, steps
from data.__main__ import main
from data.audit import AuditError, Entry
from data.keeping import WriteError
from data.store import Store
from queries import pruning
from tests import apart
from tests.server import HOUSE

pytestmark = pytest.mark.promise("audit.chain")

ACTS = [("listed", "甲", "age_ladder/boundary"), ("exported", "乙", "deck.pptx"), ("changed", "甲", "age_target")]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.delenv(audit.KEY, raising=False)
    return Store(tmp_path)


@pytest.fixture
def written(store: Store) -> list[Entry]:
    """Three entries in order."""
    return [audit.note(store, act, who, what, rows=place) for place, (act, who, what) in enumerate(ACTS)]


def tampered(store: Store, *statements: str) -> None:
    """Do to the file what somebody can who may write it."""
    with sqlite3.connect(store.audit) as log:
        log.executescript(f"DROP TRIGGER never_altered; DROP TRIGGER never_deleted; {';'.join(statements)};")


def test_entries_are_given_as_they_were_written_the_newest_first(store: Store, written: list[Entry]) -> None:
    assert [(entry.number, entry.act, entry.who, entry.what, entry.more) for entry in audit.of(store)] == [
        (3, "changed", "甲", "age_target", {"rows": 2}),
        (2, "exported", "乙", "deck.pptx", {"rows": 1}),
        (1, "listed", "甲", "age_ladder/boundary", {"rows": 0}),
    ]
    assert audit.of(store)[::-1] == written
    assert [entry.number for entry in audit.of(store, who="甲")] == [3, 1]
    assert [entry.number for entry in audit.of(store, act="exported")] == [2]
    assert [entry.number for entry in audit.of(store, last=1)] == [3]


def test_a_seal_is_the_hash_of_the_entry_and_the_seal_before_it(written: list[Entry]) -> None:
    first, second, _ = written
    told = [2, second.at, "乙", "exported", "deck.pptx", {"rows": 1}, first.seal]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    assert second.seal == hmac.new(b"", text, hashlib.sha256).hexdigest()
    assert (first.before, second.before) == ("", first.seal)


def test_a_whole_chain_verifies(store: Store, written: list[Entry]) -> None:
    assert audit.verify(store) == audit.Verified(3, 3, written[-1].seal)
    assert audit.verify(store, (2, written[1].seal)).entries == 3


def test_no_log_is_an_empty_chain_unless_somebody_knows_better(store: Store) -> None:
    assert audit.verify(store) == audit.Verified(0, 0, "")
    assert audit.of(store) == []
    assert not store.audit.exists()
    with pytest.raises(AuditError, match="Entry 3 of the audit log is gone"):
        audit.verify(store, (3, "00"))


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ("UPDATE entry SET who = '丙' WHERE number = 2", "Entry 2 of the audit log is not as it was written"),
        ("UPDATE entry SET more = '{\"rows\": 7}' WHERE number = 1", "Entry 1 of the audit log is not as"),
        ("UPDATE entry SET at = '2020-01-01' WHERE number = 3", "Entry 3 of the audit log is not as"),
        ("DELETE FROM entry WHERE number = 2", "Entry 2 of the audit log is gone"),
        ("DELETE FROM entry WHERE number = 1", "Entry 1 of the audit log is gone"),
        ("DELETE FROM entry WHERE number = 3", "Entry 3 of the audit log is gone"),
        ("DELETE FROM entry WHERE number = 2; UPDATE entry SET number = 2 WHERE number = 3", "Entry 2 .* is not as"),
        ("UPDATE entry SET seal = (SELECT seal FROM entry WHERE number = 1) WHERE number = 2", "Entry 2 .* is not as"),
    ],
)
@pytest.mark.usefixtures("written")
def test_whatever_is_done_to_an_entry_is_found(store: Store, done: str, found: str) -> None:
    tampered(store, done)
    with pytest.raises(AuditError, match=found):
        audit.verify(store)


def test_a_log_cut_short_with_its_counter_is_found_by_who_knows_a_later_entry(
    store: Store, written: list[Entry]
) -> None:
    tampered(store, "DELETE FROM entry WHERE number = 3", "UPDATE sqlite_sequence SET seq = 2")
    assert audit.verify(store).entries == 2
    with pytest.raises(AuditError, match="Entry 3 of the audit log is gone"):
        audit.verify(store, (3, written[2].seal))


def forged(store: Store) -> None:
    """Write the second entry anew, and every seal after it, as somebody does who knows how but not the key."""
    entries = audit.of(store)[::-1]
    before, made = entries[0].seal, []
    for entry in entries[1:]:
        told = Entry(entry.number, entry.at, "丙", entry.act, entry.what, entry.more, before, "")
        before = told.sealed(b"")
        made.append(
            f"UPDATE entry SET who = '丙', before = '{told.before}', seal = '{before}' WHERE number = {entry.number}"
        )
    tampered(store, *made)


def test_without_a_key_who_knows_how_can_forge_a_chain_but_not_against_an_entry_written_down(
    store: Store, written: list[Entry]
) -> None:
    forged(store)
    assert audit.verify(store).without_key == 3
    with pytest.raises(AuditError, match="Entry 3 of the audit log is not as it was written"):
        audit.verify(store, (3, written[2].seal))


def test_with_a_key_nobody_else_can_forge_a_chain(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(audit.KEY, "钥匙")
    for act, who, what in ACTS:
        audit.note(store, act, who, what)
    assert audit.verify(store).without_key == 0
    forged(store)
    with pytest.raises(AuditError, match="Entry 2 of the audit log is not as it was written, or was written under"):
        audit.verify(store)


def test_a_key_that_comes_later_leaves_what_was_written_before_it_told_apart(
    store: Store, written: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(audit.KEY, "钥匙")
    last = audit.note(store, "listed", "丁", "rotation/clock")
    with pytest.raises(AuditError, match="Entries 1 to 3 of the audit log are under no key"):
        audit.verify(store)
    assert audit.verify(store, (3, written[2].seal)) == audit.Verified(4, 3, last.seal)
    monkeypatch.setenv(audit.KEY, "别的")
    with pytest.raises(AuditError, match=f"Entry 4 .* another key \\({audit.KEY}\\)"):
        audit.verify(store)


@pytest.mark.parametrize("statement", ["UPDATE entry SET who = '丙'", "DELETE FROM entry"])
def test_the_log_itself_refuses_to_be_altered(store: Store, written: list[Entry], statement: str) -> None:
    with sqlite3.connect(store.audit) as log, pytest.raises(sqlite3.IntegrityError, match="only added to"):
        log.execute(statement)
    assert audit.verify(store).entries == len(written)


def many(root: Path, who: str, number: int) -> None:
    for place in range(number):
        audit.note(Store(root), "listed", who, str(place))


def test_processes_that_write_at_once_make_one_chain(store: Store) -> None:
    writers = [apart.started(partial(many, store.root, who, 15)) for who in "甲乙丙"]
    for writer in writers:
        writer.join(60)
    assert audit.verify(store).entries == 45
    assert [len(audit.of(store, who=who)) for who in "甲乙丙"] == [15, 15, 15]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_writer_that_is_killed_leaves_a_chain_that_verifies_and_goes_on(store: Store) -> None:
    audit.note(store, "listed", "甲", "before")
    writer = apart.started(partial(many, store.root, "乙", 10_000))
    while len(audit.of(store)) < 5:
        assert writer.is_alive()
    writer.kill()
    writer.join(10)
    whole = audit.verify(store).entries
    assert audit.note(store, "listed", "甲", "after").number == whole + 1 == audit.verify(store).entries


def test_a_file_that_is_no_log_is_said_in_a_sentence(store: Store) -> None:
    store.audit.write_bytes(b"not a database, but long enough to be taken for one" * 40)
    for use in (lambda: audit.note(store, "listed", "甲", "x"), lambda: audit.verify(store), lambda: audit.of(store)):
        with pytest.raises(WriteError, match=r"audit.sqlite cannot be written .*file is not a database"):
            use()


def test_the_command_line_verifies_and_lists(
    store: Store, written: list[Entry], capsys: pytest.CaptureFixture[str]
) -> None:
    run: Callable[..., int] = lambda *said: main(["audit", *said, "--store", str(store.root)])  # noqa: E731
    assert run("verify") == 0
    assert capsys.readouterr().out.startswith(f"3 entries, all as they were written; the last is 3:{written[2].seal}\n")
    assert run("verify", "--known", f"3:{written[2].seal}") == 0
    assert run("list", "--who", "乙") == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("乙  exported deck.pptx  rows=1")
    tampered(store, "DELETE FROM entry WHERE number = 2")
    assert run("verify") == 2
    assert "Entry 2 of the audit log is gone" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("verify", "--known", "three")
    assert "'three' names no entry" in capsys.readouterr().err


def test_what_is_done_to_a_store_is_entered_and_what_fails_is_too(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("单位编码,单位名称,班子类别\n1,示例市,city\n", encoding="utf-8")
    landing.land(store, [path], who="甲")
    batches.withdraw(store, "0001", "乙")
    with pytest.raises(RuntimeError), history.noted(store, history.Event.now(history.SERVED, "abc", "丙")):
        raise RuntimeError
    steps.record(store, steps.Entry(tier="city", round=2026, organ=None, step_id="scheme", state="done",
                                    day=20260501, who="丁", written=keeping.now()))  # fmt: skip
    assert [(entry.who, entry.act, entry.what) for entry in reversed(audit.of(store))] == [
        ("甲", "landed", "0001"),
        ("乙", "withdrawn", "0001"),
        ("丙", "served", "abc"),
        ("丙", "not served", "abc"),
        ("丁", "entered", "city 2026 scheme"),
    ]
    assert audit.verify(store).entries == 5


@pytest.mark.promise("audit.kept")
def test_entries_of_years_ago_stay_whatever_is_done_to_the_store(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        then.setattr(keeping, "now", lambda: "2019-01-01T08:00:00.000000+00:00")
        old = [audit.note(store, act, who, what) for act, who, what in ACTS]
    path = tmp_path / "units.csv"
    path.write_text("单位编码,单位名称,班子类别\n1,示例市,city\n", encoding="utf-8")
    landing.land(store, [path], who="甲")
    landing.land(store, [path], who="甲", replace=True)
    batches.withdraw(store, "0001", "乙")
    pruning.prune(store)
    saved, elsewhere = tmp_path.parent / f"{tmp_path.name}.tar", Store(tmp_path / "elsewhere")
    archive.save(store, saved)
    archive.restore(saved, elsewhere)
    for kept in (store, elsewhere):
        assert audit.of(kept)[::-1][: len(old)] == old
        audit.verify(kept, (old[-1].number, old[-1].seal))


@pytest.mark.promise("audit.kept")
def test_no_line_of_the_program_touches_the_file_of_the_log_but_to_add_and_to_copy() -> None:
    rooms = [path for room in ("data", "queries", "models", "pages") for path in (HOUSE / room).rglob("*.py")]
    touching = {
        path.name for path in rooms if re.search(r"store\.audit\b|audit\.sqlite", path.read_text(encoding="utf-8"))
    }
    assert touching == {"audit.py", "archive.py", "resealing.py", "store.py"}
    statements = re.findall(
        r"\b(DELETE FROM|UPDATE entry|REPLACE INTO|DROP)\b", Path(audit.__file__).read_text("utf-8")
    )
    assert statements == []
