"""Briefings that people endorsed: each a folder with its files and its record, kept as it was and never changed.

A briefing comes in as a whole or not at all, under the first number that was never given. Withdrawing one writes a
dated mark beside it; the folder stays.
"""

import contextlib
import dataclasses
import hashlib
import os
import secrets
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from data import audit, history, keeping, sealing
from data.keeping import quoted
from data.store import Store

RECORD, MARK, UNFINISHED = "record.toml", ".withdrawn.toml", ".fresh"
LONGEST = 100
READ_ONLY = 0o444
STALE_SECONDS = 3600
NOT_WRITTEN = {"files", "withdrawn", "withdrawn_by", "reason"}
"""What the record says in a way of its own, or the mark beside the folder."""


class EndorsedError(RuntimeError):
    """An endorsed briefing that cannot be kept or read; all others stay as they are. Says so in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        """Say both."""
        super().__init__(f"{en} {zh}")
        self.en, self.zh = en, zh


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """One file of an endorsed briefing: its SHA-256 and its size in bytes."""

    sha256: str
    size: int

    @classmethod
    def of(cls, content: bytes) -> "File":
        """What a file is known by."""
        return cls(hashlib.sha256(content).hexdigest(), len(content))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Endorsed:
    """What the record of an endorsed briefing says.

    `template` is its name and `shows` that template as it was (TOML). It was rendered in `language` as of `as_of`
    (YYYYMM) from `build` by `version` of the program, for `viewer`, who sees `units` and, where `names`, names of
    people, those of `closed` left out; where `exact`, small groups too. `tested` is the SHA-256 of the back-test that
    the build had then, "" where it had none: it widens what is told of the outlook. `since` is the endorsed briefing
    that it tells the changes from, "" where it tells none. `who` endorsed it, at `endorsed` (ISO, UTC); `withdrawn`
    says when `withdrawn_by` took it back, None while it stands, and `reason` why.
    """

    id: str = ""
    title: str
    template: str
    shows: str
    as_of: int
    language: str
    viewer: str
    units: tuple[str, ...]
    names: bool
    build: str
    version: str
    since: str
    who: str
    endorsed: str
    exact: bool = False
    closed: tuple[str, ...] = ()
    files: Mapping[str, File] = dataclasses.field(default_factory=dict)
    tested: str = ""
    withdrawn: str | None = None
    withdrawn_by: str = ""
    reason: str = ""


def keep(store: Store, record: Endorsed, files: Mapping[str, bytes]) -> Endorsed:
    """Keep a briefing with its files (bytes by name) under a number of its own, and give its record as kept.

    EndorsedError where nobody is named who endorses it, or the disk does not take it; then nothing of it is left.
    """
    _verify_who(record.who)
    told = {name: File.of(content) for name, content in files.items()}
    of = {"build": record.build, "files": {name: file.sha256 for name, file in told.items()}}
    with _refusal(store), audit.entered(store, "endorsed", record.who, record.title, **of):
        store.briefings.mkdir(parents=True, exist_ok=True)
        _sweep(store)
        fresh = store.briefings / f"{secrets.token_hex(6)}{UNFINISHED}"
        try:
            fresh.mkdir()
            to_write = files
            while True:
                made = dataclasses.replace(record, id=_next(store), files=told)
                place = store.briefings / made.id
                for name, content in {**to_write, RECORD: _text(made).encode()}.items():
                    _write(fresh / name, content, place / name)
                if _renamed(fresh, place):
                    return made
                to_write = files if sealing.of(place) else {}  # a sealed file is bound to its place
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def every(store: Store) -> tuple[Endorsed, ...]:
    """Every endorsed briefing, withdrawn ones too, the latest first; EndorsedError names a record that is damaged."""
    records = (_read(path) for path in store.briefings.glob(f"*/{RECORD}") if path.parent.name.isdecimal())
    return tuple(sorted(records, key=lambda record: int(record.id), reverse=True))


def one(store: Store, number: str) -> Endorsed:
    """An endorsed briefing by its number; EndorsedError where there is none."""
    path = store.briefings / number / RECORD
    if not number.isdecimal() or not path.is_file():
        there = ", ".join(record.id for record in every(store)) or "none"
        message = f"There is no endorsed briefing {number!r}; there are: {there}."
        raise EndorsedError(message, f"没有审定稿 {number!r}。")
    return _read(path)


def content(store: Store, record: Endorsed, name: str) -> bytes:
    """The bytes of a file as it was endorsed; EndorsedError where it is gone or no longer what it was."""
    path = store.briefings / record.id / name
    try:
        held = sealing.read(path)
    except (OSError, sealing.SealError) as error:
        message = f"{path} cannot be read ({error}); take it from a backup."
        raise EndorsedError(message, f"{path}无法读取（{error}），请从备份恢复。") from error
    if File.of(held) != record.files[name]:
        message = f"{path} is no longer what was endorsed: its SHA-256 differs from the record. Take it from a backup."
        raise EndorsedError(message, f"{path}与审定时不一致（SHA-256 不符），请从备份恢复。")
    return held


def withdraw(store: Store, number: str, *, who: str, reason: str) -> None:
    """Mark a briefing as withdrawn by somebody for a reason; the briefing stays. EndorsedError where it is already."""
    _verify_who(who)
    record = one(store, number)
    mark = {"withdrawn": keeping.now(), "withdrawn_by": who.strip()[:LONGEST], "reason": reason.strip()}
    with _refusal(store), audit.entered(store, history.WITHDRAWN, who.strip()[:LONGEST], f"briefing {number}"):
        lines = (f"{name} = {quoted(text)}\n" for name, text in mark.items())
        if record.withdrawn or not keeping.put_first(store.briefings / f"{number}{MARK}", "".join(lines)):
            message = f"Briefing {number} is withdrawn already."
            raise EndorsedError(message, f"审定稿 {number} 已撤回。")


def _verify_who(who: str) -> None:
    if not who.strip():
        message = "Nobody is named who does this; give a name."
        raise EndorsedError(message, "未填写办理人，请填写姓名。")


def _sweep(store: Store) -> None:
    """Remove what was left by processes that died while they kept a briefing."""
    for left in store.briefings.glob(f"*{UNFINISHED}"):
        if left.stat().st_mtime < time.time() - STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _next(store: Store) -> str:
    """The first number that was never given; a mark tells of a briefing that is no longer there."""
    there = (path.name for path in store.briefings.glob("*") if path.suffix != UNFINISHED)
    given = [int(number) for name in there if (number := name.partition(".")[0]).isdecimal()]
    return f"{max(given, default=0) + 1:04d}"


def _write(path: Path, content: bytes, at: Path) -> None:
    """Write a file that is to stand at another place, which it is sealed for."""
    path.unlink(missing_ok=True)
    with sealing.onto(path.open("xb"), at, sealing.of(at)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(READ_ONLY)


def _renamed(fresh: Path, path: Path) -> bool:
    """Make a folder visible under a number; False where another took the number first."""
    try:
        fresh.rename(path)
    except OSError:
        if path.exists():
            return False
        raise
    return True


def _text(record: Endorsed) -> str:
    lines = [
        f"{field.name} = {_value(getattr(record, field.name))}"
        for field in dataclasses.fields(record)
        if field.name not in NOT_WRITTEN
    ]
    for name, file in record.files.items():
        lines += ["", f"[files.{quoted(name)}]", f"sha256 = {quoted(file.sha256)}", f"size = {file.size}"]
    return "\n".join([*lines, ""])


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case tuple():
            return f"[{', '.join(map(quoted, value))}]"
    return quoted(value)


def _read(path: Path) -> Endorsed:
    with _damage(path):
        given = tomllib.loads(sealing.read_text(path))
        files = {name: File(**told) for name, told in given.pop("files").items()}
        told = {"units": tuple(given["units"]), "closed": tuple(given.get("closed", ()))}
        record = Endorsed(**{**given, **told}, files=files)
    mark = path.parent.with_name(f"{path.parent.name}{MARK}")
    if not mark.is_file():
        return record
    with _damage(mark):
        return dataclasses.replace(record, **tomllib.loads(sealing.read_text(mark)))


@contextlib.contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError, KeyError) as error:
        message = f"{path} cannot be read ({error}); mend it or move it away."
        raise EndorsedError(message, f"{path}无法读取（{error}），请修复或移走。") from error


def _refusal(store: Store) -> AbstractContextManager[None]:
    made: Callable[[str, str], Exception] = EndorsedError
    return keeping.refusal("The endorsed briefing", "审定稿", store.briefings, made)
