"""How a file is written into the store: there as a whole or not at all, and on the disk once it is said to be kept.

In a sealed store all of it is sealed; this is the one way to write there.

A process may be killed and a disk be full at any moment: a lock dies with its holder, a refusal says how to go on.
"""

import contextlib
import datetime as dt
import errno
import io
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Literal

from data import sealing
from data.sealing import Seal

ANYBODY, OWNER_ONLY = 0o666, 0o600
"""Who may read a file, less what the system takes away from everyone's new files."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
BARRED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class WriteError(OSError):
    """What cannot be written, why, and how to mend it, in one sentence of each language."""

    def __init__(self, en: str, zh: str) -> None:
        """Say both."""
        super().__init__(f"{en} {zh}")
        self.en, self.zh = en, zh


class DoneElsewhereError(Exception):
    """What was to be done is done, but is not on this machine yet: whoever notes what is done notes it too."""


class BusyError(RuntimeError):
    """Another process holds a lock for too long."""


def now() -> str:
    """The present moment, as what people keep is stamped with it: ISO, UTC, to the microsecond, so that it sorts."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def text(given: Mapping[str, Any]) -> str:
    """JSON that people can read too: Chinese as it is, an item a line."""
    return json.dumps(given, ensure_ascii=False, indent=1)


def quoted(text: str) -> str:
    """A text as TOML writes it; a JSON string of it is one."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def stamped(folder: Path, moment: str) -> Path:
    """A file that nobody else has, named by its place among those there and by a moment as `now` gives it."""
    before = sum(1 for _ in folder.glob("*.json"))
    return folder / f"{before + 1:07d}_{moment.translate(str.maketrans('', '', ':-+'))}-{secrets.token_hex(4)}.json"


def place(path: Path) -> int:
    """The place that a file `stamped` has in its folder, whatever the clock said; 0 of those that are named by none."""
    number, named, _ = path.name.partition("_")
    return int(number) if named and number.isdecimal() else 0


def numbered(folder: Path, *endings: str) -> list[Path]:
    """The files of a folder with these endings that are called by a number, in the order of their numbers."""
    files = [path for path in folder.glob("*") if path.suffix in endings and path.stem.isdecimal()]
    return sorted(files, key=lambda path: int(path.stem))


def enter(root: Path) -> None:
    """Begin to use a store: one in which nothing lies yet is sealed from now on where a key is given.

    SealError where the store and the key in force do not go together.
    """
    secret = sealing.key()
    if secret is not None and not sealing.holds_anything(root):
        put_first(root / sealing.MARK, sealing.new_mark(secret))
    sealing.verify(root)


def put(path: Path, content: str, mode: int = ANYBODY, *, plain: bool = False) -> None:
    """Write a file; one that was there before gives way. What tells of nobody may be `plain` in a sealed store too."""
    with _aside(path, content, mode, plain=plain) as fresh:
        fresh.replace(path)


def put_first(path: Path, content: str) -> bool:
    """Write a file where nobody has written one; False where somebody has, and theirs stays."""
    with _aside(path, content, ANYBODY) as fresh:
        try:
            os.link(fresh, path)
        except FileExistsError:
            return False
        return True


def created(path: Path, mode: Literal["xb", "wb"] = "xb") -> IO[bytes]:
    """Open a new file of a folder that nobody looks into yet."""
    seal = sealing.of(path)
    return sealing.onto(path.open(mode), path, seal)


@contextlib.contextmanager
def sink(path: Path, seal: Seal | None) -> Iterator[Path | IO[bytes]]:
    """Give a new file as libraries write it: a plain one by its path, one to be sealed opened."""
    if seal is None:
        yield path
        return
    with sealing.onto(path.open("xb"), path, seal) as file:
        yield file


def waiting(path: Path) -> IO[bytes]:
    """Open a new file that waits outside the store until it lands; sealed where a key is in force."""
    seal = sealing.waiting()
    return sealing.onto(path.open("wb"), path, seal)


def copied(path: Path, to: Path) -> None:
    """Copy a file that was given into a folder of the store."""
    if sealing.key() is None:
        shutil.copyfile(path, to)
        return
    with sealing.opened(path) as given, created(to) as kept:
        shutil.copyfileobj(given, kept, sealing.BLOCK)


def renamed(path: Path, to: Path) -> None:
    """Give a file of the store another name."""
    if sealing.of(path) is None:
        path.rename(to)
        return
    put(to, sealing.read_text(path))
    path.unlink()


@contextlib.contextmanager
def refusal(
    en: str,
    zh: str,
    folder: Path,
    error: Callable[[str, str], Exception],
    refused: type[Exception] | tuple[type[Exception], ...] = OSError,
) -> Iterator[None]:
    """Say of what the disk does not take, named in both languages, that the rest is as it was, and what to do.

    `error` makes what is raised of the two sentences, the English one first. `refused` is what tells of the disk.
    """
    try:
        yield
    except refused as given:
        why_en, why_zh = why(given, folder)
        told_en = f"{en} was not kept, all earlier ones are as they were. {why_en}"
        raise error(told_en, f"{zh}未保存，此前保存的不受影响。{why_zh}") from given


@contextlib.contextmanager
def writing(where: Path) -> Iterator[None]:
    """Say why `where` cannot be written and what to do, as a WriteError."""
    try:
        yield
    except OSError as error:
        raise WriteError(*why(error, where)) from error


def why(error: Exception, where: Path) -> tuple[str, str]:
    """Why `where` could not be written and how to mend that, in English and Chinese, whichever library says so."""
    if isinstance(error, WriteError):
        return error.en, error.zh
    code = _code(error)
    if code in FULL:
        return (
            f"The disk of {where} is full; free space there and try again.",
            f"{where}所在磁盘已满，请清理空间后重试。",
        )
    if code in BARRED:
        return (
            f"{where} may not be written; allow writing there, or take another folder.",
            f"{where}没有写入权限，请开放写入权限或改用其他目录。",
        )
    reason = str(error).split("\n", 1)[0] or type(error).__name__
    return (
        f"{where} cannot be written ({reason}); check the disk and try again.",
        f"{where}无法写入（{reason}），请检查磁盘后重试。",
    )


@contextlib.contextmanager
def locked(lock: Path, seconds: float, busy: str) -> Iterator[None]:
    """Be the only one inside; BusyError(`busy`) when another stays longer than `seconds`.

    SQLite's lock works on every system and dies with its holder; the empty file stays.
    """
    with contextlib.closing(_opened(lock, seconds)) as held:
        try:
            held.execute("pragma journal_mode = memory")
            held.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise BusyError(busy) from error
            raise OSError(errno.EIO, str(error), str(lock)) from error
        yield


def _opened(lock: Path, seconds: float) -> sqlite3.Connection:
    try:
        return sqlite3.connect(lock, timeout=seconds, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError:
        lock.touch()  # raises with the system's own reason
        raise


def _code(error: Exception) -> int | None:
    """The system's number of an error; DuckDB gives only its text."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    return next((code for code in (*FULL, *BARRED) if os.strerror(code) in str(error)), None)


@contextlib.contextmanager
def _aside(path: Path, content: str, mode: int, *, plain: bool = False) -> Iterator[Path]:
    """A file beside the one that is meant, under a name of its own, gone when the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}.fresh")
    try:
        seal = None if path.name == sealing.MARK else sealing.of(path)
        fresh.touch(mode, exist_ok=False)
        with io.TextIOWrapper(sealing.onto(fresh.open("wb"), path, None if plain else seal), encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
