"""Which builds of a store go: all but the last that were made, those that are still needed, and those read lately."""

import contextlib
import os
import time
from pathlib import Path

from data import endorsed, history
from data.endorsed import EndorsedError
from data.store import Store, StoreError
from queries import checksums

USUAL = 20
"""Builds kept where the store's settings do not say how many (`builds_kept = 20`)."""
READ_LATELY_SECONDS = 86_400
NOTED_AGAIN_SECONDS = 3_600


class PruningError(ValueError):
    """What keeps builds from being deleted: it cannot be told which are still needed."""


def superfluous(store: Store, *served: Path | None) -> tuple[Path, ...]:
    """The builds that may go, the oldest first; PruningError where it cannot be told.

    The last ones made stay, those that are `served`, those that an endorsed briefing was made from, and those that
    somebody opened within a day.
    """
    made = history.places(history.of(store), history.BUILT)
    found = sorted(store.warehouse.glob("*.duckdb"), key=lambda path: made.get(path.stem, 0))
    needed = {*found[-_kept(store) :], *served}
    pinned = _named_by_briefings(store)
    return tuple(path for path in found if path not in needed and path.stem not in pinned and not _read_lately(path))


def prune(store: Store, *served: Path | None) -> tuple[Path, ...]:
    """Delete the builds that may go, and name those that went; whoever has one open reads on in it.

    A build that the system does not let go of, as it is open, stays until the next time.
    """
    return tuple(path for path in superfluous(store, *served) if _deleted(path))


def note_reading(path: Path) -> None:
    """Let a file's time say that a build is read now, where it may be changed."""
    with contextlib.suppress(OSError):
        noted = _noting(path)
        if abs(time.time() - noted.stat().st_mtime) > NOTED_AGAIN_SECONDS:
            os.utime(noted)


def _noting(path: Path) -> Path:
    """The file whose time tells when a build was read: its checksum, as with a new time the build is hashed again."""
    return checksums.of(path) if checksums.is_known(path) else path


def _deleted(path: Path) -> bool:
    with contextlib.suppress(OSError):
        if not _read_lately(path):
            checksums.delete(path)
            return True
    return False


def _read_lately(path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return (
            abs(time.time() - _noting(path).stat().st_mtime) < READ_LATELY_SECONDS
        )  # a clock set back may have it read in time to come
    return False


def _kept(store: Store) -> int:
    """How many of the last builds stay."""
    try:
        kept = store.setting("builds_kept", USUAL)
    except StoreError as error:
        raise PruningError(str(error)) from error
    if type(kept) is not int or kept < 1:
        message = (
            f"{store.settings}: builds_kept is {kept!r}; write a whole number from 1 on. "
            "builds_kept 应为不小于 1 的整数。"
        )
        raise PruningError(message)
    return kept


def _named_by_briefings(store: Store) -> set[str]:
    try:
        return {record.build for record in endorsed.every(store)}
    except EndorsedError as error:
        raise PruningError(str(error)) from error
