"""Whether a build's file is still the one that was made: its SHA-256 stands beside it, as `sha256sum -c` reads it.

A file is hashed when it is first asked about and again when its size or time has changed, not at every opening.
"""

import contextlib
import hashlib
import threading
from pathlib import Path

from data import keeping

ENDING = ".sha256"
_Mark = tuple[int, int, int]
_found: dict[Path, tuple[_Mark, str]] = {}
_guard = threading.Lock()


def of(path: Path) -> Path:
    """Where the checksum of a build stands."""
    return path.with_name(path.name + ENDING)


def write(path: Path, held: Path) -> None:
    """Write for `path` the checksum of the file that is about to be put there, which now is `held`."""
    keeping.put(of(path), f"{_digest(held)}  {path.name}\n", plain=True)


def delete(path: Path) -> None:
    """Delete a file and its checksum; OSError where the system does not let go of the file."""
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        of(path).unlink(missing_ok=True)


def mark(path: Path) -> _Mark | None:
    """What changes when a file is written to or replaced; None where there is none."""
    try:
        held = path.stat()
    except (OSError, ValueError):  # a damaged pointer may name what no file can be called
        return None
    return held.st_ino, held.st_size, held.st_mtime_ns


def is_known(path: Path) -> bool:
    """Whether a file has a checksum; builds of earlier versions of the program have none."""
    return of(path).is_file()


def is_whole(path: Path, *, afresh: bool = False) -> bool:
    """Whether a file is there as it was made; one without a checksum is taken for whole. `afresh` hashes it anyway."""
    now = mark(path)
    if now is None:
        return False
    written = _written(path)
    if written is None:
        return True
    if not afresh and path in _found and _found[path][0] == now:
        return _found[path][1] == written
    with _guard:
        if afresh or path not in _found or _found[path][0] != now:
            _found[path] = now, _read_digest(path)
        return _found[path][1] == written


def _written(path: Path) -> str | None:
    try:
        return of(path).read_text(encoding="utf-8", errors="replace").partition(" ")[0]
    except FileNotFoundError:
        return None
    except OSError:
        return "unreadable"


def _read_digest(path: Path) -> str:
    """The hash of a file; empty where the disk does not give it any more."""
    try:
        return _digest(path)
    except OSError:
        return ""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
