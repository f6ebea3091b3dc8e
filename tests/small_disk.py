"""The command line on a disk that is full, or in a store that may not be written; each in a process of its own."""

import contextlib
import ctypes
import io
import os
import resource
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from data import __main__ as data_door
from data.store import Store
from queries import __main__ as queries_door
from tests import apart

DOORS: dict[str, Callable[[list[str]], int]] = {"data": data_door.main, "queries": queries_door.main}
OWN_MOUNTS = 0x20000
PRIVATE_BELOW = 0x44000
RIGHTS_VERSION = 0x20080522
SYSTEM = ctypes.CDLL(None, use_errno=True)


class Told(NamedTuple):
    """What a command ended with: its code, what it said on either stream, what a reader then finds, and every file."""

    code: int
    said: str
    complained: str
    seen: apart.Seen
    files: frozenset[str]


def told(store: Store, *words: str) -> Told:
    """Run `python -m WORDS … --store STORE` in this process, whose doors are open already."""
    door, *rest = words
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(io.StringIO()) as complained:
        code = DOORS[door]([*rest, "--store", str(store.root)])
    return Told(code, said.getvalue(), complained.getvalue(), apart.seen(store), files(store))


def files(store: Store) -> frozenset[str]:
    """Every file of a store but the empty ones that locks leave."""
    every = (path for path in store.root.rglob("*") if path.suffix != ".lock")
    return frozenset(str(path.relative_to(store.root)) for path in every)


def with_room(disk: Path, store: Path, rooms: Sequence[int], *words: str) -> list[Told]:
    """Run a command again and again on a disk of its own with so many bytes left, on which a copy of the store lies."""
    mount(max(rooms) + 2 * sum(path.stat().st_size for path in store.rglob("*")), disk)
    copy = Store(Path(shutil.copytree(store, disk / "store")))
    return [_told_in(_filled(disk, room), copy, words) for room in rooms]


def with_files_of(store: Path, sizes: Sequence[int], *words: str) -> list[Told]:
    """Run a command again and again where no file may be larger than so many bytes."""
    return [_told_in(_limited(size), Store(store), words) for size in sizes]


def _told_in(narrow: AbstractContextManager[None], store: Store, words: Sequence[str]) -> Told:
    with narrow:
        return told(store, *words)


@contextlib.contextmanager
def _filled(disk: Path, room: int) -> Iterator[None]:
    state = os.statvfs(disk)
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(state.f_bavail * state.f_frsize - room))
    yield
    ballast.unlink()


@contextlib.contextmanager
def _limited(size: int) -> Iterator[None]:
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def without_rights(store: Path, *words: str) -> Told:
    """Run a command without the rights of root, whom no permission stops."""
    give_up_rights()
    return told(Store(store), *words)


def give_up_rights() -> None:
    """Let this process be stopped by permissions as everybody is."""
    _done(SYSTEM.capset((ctypes.c_uint32 * 2)(RIGHTS_VERSION, 0), (ctypes.c_uint32 * 6)()))


def mount(size: int, folder: Path) -> None:
    """Put a new disk of so many bytes at a folder, for this process only; PermissionError where that is not allowed."""
    _done(SYSTEM.unshare(OWN_MOUNTS))
    _done(SYSTEM.mount(b"none", b"/", None, PRIVATE_BELOW, None))
    _done(SYSTEM.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, f"size={size}".encode()))


def _done(outcome: int) -> None:
    if outcome:
        raise PermissionError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
