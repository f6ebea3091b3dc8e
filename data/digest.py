"""The SHA-256 of a file, worked out when it is first asked for and again when the file's size or time has changed."""

import hashlib
import io
import threading
from collections.abc import Callable
from pathlib import Path

Mark = tuple[int, int, int]
Opener = Callable[[Path], io.BufferedReader]
_found: dict[Path, tuple[Mark, str]] = {}
_guard = threading.Lock()


def _as_it_lies(path: Path) -> io.BufferedReader:
    return path.open("rb")


def mark(path: Path) -> Mark | None:
    """What changes when a file is written to or replaced; None where there is none."""
    try:
        held = path.stat()
    except (OSError, ValueError):  # a damaged file may name what no file can be called
        return None
    return held.st_ino, held.st_size, held.st_mtime_ns


def of(path: Path, *, afresh: bool = False, opened: Opener = _as_it_lies) -> str:
    """The hash of a file as `opened` gives it, `afresh` whatever is known; empty where that or the disk gives none."""
    now = mark(path)
    if now is None:
        return ""
    if afresh or path not in _found or _found[path][0] != now:
        with _guard:  # so that of many readers one hashes
            if afresh or path not in _found or _found[path][0] != now:
                _found[path] = now, _hashed(path, opened)
    return _found[path][1]


def _hashed(path: Path, opened: Opener) -> str:
    try:
        with opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # what is sealed and damaged does not open
        return ""
