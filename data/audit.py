"""Who saw which names, took which file, landed, changed and endorsed what: a chain in which no entry can be altered.

Each entry carries the SHA-256 of itself and of the one before it, under the key that CADRE_AUDIT_KEY holds where it is
set: then nobody without the key can write an entry that verifies, not even who may write the file. A log that was cut
short, or is gone as a whole, is told only by whoever knows a later entry. It is kept for good; a network operator keeps
it for six months at least (Cybersecurity Law, article 21).
"""

import contextlib
import dataclasses
import errno
import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data import keeping, sealing
from data.sealing import Seal, SealError
from data.store import Store

KEY = "CADRE_AUDIT_KEY"
BEFORE_THE_FIRST = ""
FOREVER = "9999"
ASKED = "who = coalesce(?, who) AND act = coalesce(?, act) AND at >= ? AND at < ?"
WAIT_SECONDS = 10
PROBED = 64 * 1024
"""Bytes that are written to learn why the log takes none: as much as an entry may make it grow."""
TOLD, NOTHING = ("who", "act", "what", "more"), "{}"
"""What is sealed of an entry where the store is, and what is read of it where it is damaged."""
LAID = """
CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, what TEXT NOT NULL, more TEXT NOT NULL,
    before TEXT NOT NULL, seal TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS never_altered BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER IF NOT EXISTS never_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
"""


class AuditError(ValueError):
    """The log is not the one that was written; says which entry and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One act: `who` did `act` to `what` at a moment (ISO, UTC); `more` holds what else is to be known of it.

    `seal` closes the entry over `before`, the seal of the one before it.
    """

    number: int
    at: str
    who: str
    act: str
    what: str
    more: Mapping[str, Any]
    before: str
    seal: str

    def sealed(self, key: bytes) -> str:
        """The seal that this entry must have under a key."""
        told = [self.number, self.at, self.who, self.act, self.what, self.more, self.before]
        return hmac.new(key, json.dumps(told, ensure_ascii=False, sort_keys=True).encode(), hashlib.sha256).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True)
class Verified:
    """What a whole chain holds: its entries, how many at the beginning are under no key, and the seal of the last."""

    entries: int
    without_key: int
    seal: str


@dataclasses.dataclass(frozen=True, slots=True)
class Act:
    """What is to be entered: `who` did `act` to `what`, `at` a moment (ISO, UTC), now where that is not said."""

    who: str
    act: str
    what: str
    more: Mapping[str, Any]
    at: str = ""


def note(store: Store, act: str, who: str, what: str, **more: Any) -> Entry:
    """Write an entry, which is on the disk when this returns; WriteError where it cannot be written."""
    return note_all(store, [Act(who, act, what, more)])[-1]


def note_all(store: Store, acts: Sequence[Act]) -> list[Entry]:
    """Write several entries in order, all or none; WriteError where they cannot be written."""
    made: list[Entry] = []
    with _opened(store) as log, log:
        log.execute("BEGIN IMMEDIATE")
        sealing.verify(store.root)  # it may have been sealed while this waited
        seal, last = sealing.of(store.audit), _last(log)
        for act in acts:
            last = _following(last, act)
            _insert(log, last, seal)
            made.append(last)
    return made


@contextlib.contextmanager
def entered(store: Store, act: str, who: str, what: str, **more: Any) -> Iterator[None]:
    """Enter an act that the block does, before it is done; what raises was not done, and that is entered too.

    WriteError where it cannot be entered: then the block does not begin.
    """
    note(store, act, who, what, **more)
    try:
        yield
    except keeping.DoneElsewhereError:
        raise
    except BaseException:
        with contextlib.suppress(OSError):
            note(store, f"not {act}", who, what, **more)
        raise


def of(
    store: Store,
    *,
    who: str | None = None,
    act: str | None = None,
    since: str = "",
    until: str = FOREVER,
    last: int | None = None,
) -> list[Entry]:
    """Give entries, newest first: of somebody, of one kind of act, the `last` so many; WriteError where unreadable.

    `since` a moment and before `until` another, each as entries are stamped or as the beginning of that: 2026-10-31.
    """
    if not store.audit.is_file():
        return []
    asked = f"SELECT * FROM entry WHERE {ASKED} ORDER BY number DESC LIMIT ?"
    with _opened(store) as log:
        return [_read(row) for row in log.execute(asked, (who, act, since, until, -1 if last is None else last))]


def count(
    store: Store, *, who: str | None = None, act: str | None = None, since: str = "", until: str = FOREVER
) -> int:
    """Give how many entries `of` would give; WriteError where unreadable."""
    if not store.audit.is_file():
        return 0
    with _opened(store) as log:
        (found,) = log.execute(f"SELECT count(*) FROM entry WHERE {ASKED}", (who, act, since, until)).fetchone()
        return int(found)


def first(store: Store) -> Entry | None:
    """Give the first entry; None where there is none yet; WriteError where it is unreadable."""
    if not store.audit.is_file():
        return None
    with _opened(store) as log:
        row = log.execute("SELECT * FROM entry ORDER BY number LIMIT 1").fetchone()
        return _read(row) if row else None


def known(store: Store) -> tuple[list[str], list[str]]:
    """Give everybody whom entries name, and every kind of act, each in order; WriteError where unreadable."""
    if not store.audit.is_file():
        return [], []
    with _opened(store) as log:
        who = log.execute("SELECT DISTINCT who FROM entry ORDER BY who").fetchall()
        acts = log.execute("SELECT DISTINCT act FROM entry ORDER BY act").fetchall()
        return [name for (name,) in who], [name for (name,) in acts]


def verify(store: Store, known: tuple[int, str] | None = None) -> Verified:
    """Go over the whole chain; AuditError names the first entry that was altered, forged or taken out.

    `known` is the number and seal of an entry that somebody wrote down: a log cut short or written anew lacks it. Where
    a key is set, entries from before it count only up to one that is known: anybody could have written them.
    """
    if not store.audit.is_file():
        if known:
            raise AuditError(_gone(known[0]))
        return Verified(0, 0, BEFORE_THE_FIRST)
    with _opened(store) as log:
        written = log.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").fetchone()
        found = _chained(_read(row) for row in log.execute("SELECT * FROM entry ORDER BY number"))
        if written and written[0] > found.entries:
            raise AuditError(_gone(found.entries + 1))
        if known:
            row = log.execute("SELECT seal FROM entry WHERE number = ?", known[:1]).fetchone()
            if row is None:
                raise AuditError(_gone(known[0]))
            if row[0] != known[1]:
                raise AuditError(_altered(known[0]))
        if _key() and found.without_key > (known[0] if known else 0):
            raise AuditError(_without_key(found.without_key))
        return found


def _chained(entries: Iterator[Entry]) -> Verified:
    key, number, without_key, before = _key(), 0, 0, BEFORE_THE_FIRST
    for entry in entries:
        if entry.number != number + 1:
            raise AuditError(_gone(number + 1))
        number += 1
        plain = key and without_key == number - 1 and hmac.compare_digest(entry.seal, entry.sealed(b""))
        if entry.before != before or not (plain or hmac.compare_digest(entry.seal, entry.sealed(key))):
            raise AuditError(_altered(number))
        without_key += bool(plain) or not key
        before = entry.seal
    return Verified(number, without_key, before)


def _key() -> bytes:
    return os.environ.get(KEY, "").encode()


def _gone(number: int) -> str:
    return (
        f"Entry {number} of the audit log is gone; keep the file as it is and ask who could write it. "
        f"审计日志第{number}条缺失，请保留现场并核查有写入权限的人员。"
    )


def _without_key(number: int) -> str:
    return (
        f"Entries 1 to {number} of the audit log are under no key: whoever may write the file could have written them. "
        f"Give the last of them as it was written down (--known {number}:SEAL). "
        f"审计日志第1至{number}条未用密钥封存，可能被他人改写；"
        f"请以当时记下的第{number}条封印核对（--known {number}:封印）。"
    )


def _altered(number: int) -> str:
    return (
        f"Entry {number} of the audit log is not as it was written, or was written under another key ({KEY}); keep the "
        f"file as it is and ask who could write it. 审计日志第{number}条与写入时不一致，或密钥（{KEY}）不同，"
        "请保留现场并核查有写入权限的人员。"
    )


def _following(last: Entry | None, act: Act) -> Entry:
    """The entry of an act, closed over the one before it."""
    number, before = (last.number + 1, last.seal) if last else (1, BEFORE_THE_FIRST)
    whole = json.loads(json.dumps(act.more, ensure_ascii=False))
    open_entry = Entry(number, act.at or keeping.now(), act.who, act.act, act.what, whole, before, "")
    return dataclasses.replace(open_entry, seal=open_entry.sealed(_key()))


def _insert(log: sqlite3.Connection, entry: Entry, seal: Seal | None) -> None:
    log.execute("INSERT INTO main.entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _written(entry, seal))


def _written(entry: Entry, seal: Seal | None) -> tuple[Any, ...]:
    told = [entry.who, entry.act, entry.what, json.dumps(entry.more, ensure_ascii=False)]
    if seal:
        told = [seal.words(text, f"{entry.number} {name}") for name, text in zip(TOLD, told, strict=True)]
    return entry.number, entry.at, *told, entry.before, entry.seal


def _unsealed(log: sqlite3.Connection, seal: Seal) -> None:
    """Let `entry` give what was told, in the memory of this connection; `main.entry` holds it sealed."""

    def told(written: str, place: str) -> str:
        try:
            return seal.read_words(written, place)
        except SealError:
            return NOTHING  # `verify` names the entry

    log.create_function("told", 2, told, deterministic=True)
    log.execute("PRAGMA temp_store = MEMORY")
    shown = ", ".join(f"told({name}, number || ' {name}') AS {name}" for name in TOLD)
    log.execute(f"CREATE TEMP VIEW entry AS SELECT number, at, {shown}, before, seal FROM main.entry")


def _read(row: tuple[Any, ...]) -> Entry:
    number, at, who, act, what, more, before, seal = row
    return Entry(number, at, who, act, what, json.loads(more), before, seal)


def _last(log: sqlite3.Connection) -> Entry | None:
    row = log.execute("SELECT * FROM entry ORDER BY number DESC LIMIT 1").fetchone()
    return _read(row) if row else None


@contextlib.contextmanager
def copied(store: Store, to: Path, seal: Seal | None, act: Act) -> Iterator[None]:
    """Copy the log under another seal, with one act more; whoever has something to enter waits until the block ends."""
    with _opened(store, entering=False) as log, contextlib.closing(sqlite3.connect(to, isolation_level=None)) as copy:
        log.execute("BEGIN IMMEDIATE")
        copy.executescript(f"BEGIN; {LAID}")
        for row in log.execute("SELECT * FROM entry ORDER BY number"):
            _insert(copy, _read(row), seal)
        _insert(copy, _following(_last(log), act), seal)
        copy.execute("COMMIT")
        yield
        log.execute("ROLLBACK")


@contextlib.contextmanager
def _opened(store: Store, *, entering: bool = True) -> Iterator[sqlite3.Connection]:
    """Open the log; WriteError where the disk or the file refuses, whichever of both says so."""
    with keeping.writing(store.audit):
        try:
            store.root.mkdir(parents=True, exist_ok=True)
            if entering:
                keeping.enter(store.root)
            with contextlib.closing(sqlite3.connect(store.audit, timeout=WAIT_SECONDS, isolation_level=None)) as log:
                log.execute("PRAGMA synchronous = FULL")
                log.executescript(LAID)
                if seal := sealing.of(store.audit):
                    _unsealed(log, seal)
                yield log
        except sqlite3.Error as error:
            probe = store.audit.with_suffix(".probe")
            try:
                probe.write_bytes(bytes(PROBED))  # raises with the system's own reason
            finally:
                probe.unlink(missing_ok=True)
            raise OSError(errno.EIO, str(error), str(store.audit)) from error
