"""What people see, entered into the audit log behind them: no page waits for the disk, and what is not written waits.

An entry is stamped with the moment of the act and written within moments; a process that is killed in between loses it.
What leaves the program (a file) is entered before it is handed over, by `audit.note`.
"""

import atexit
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Any

from data import audit, keeping
from data.audit import Act
from data.sealing import SealError
from data.store import Store

AGAIN_SECONDS = 5.0
"""How long it is waited before a log that took no entry is tried again."""


class Trail:
    """The acts of this process that wait for the log, written by one thread as soon as they come."""

    def __init__(self) -> None:
        """Have nothing wait."""
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._waiting: deque[tuple[Store, Act]] = deque()
        self._refused: dict[Path, OSError | SealError] = {}
        self._thread: threading.Thread | None = None

    def enter(self, store: Store, act: str, who: str, what: str, **more: Any) -> None:
        """Have an act entered that is done now."""
        with self._changed:
            self._waiting.append((store, Act(who, act, what, more, keeping.now())))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="trail", daemon=True)
                self._thread.start()
            self._changed.notify()

    def refused(self, store: Store) -> OSError | SealError | None:
        """Why the log of a store takes no entries at present; None where it does."""
        return self._refused.get(store.root)

    def flush(self) -> int:
        """Write what waits; give how many acts the log did not take, which go on waiting."""
        with self._writing:
            with self._changed:
                taken = list(self._waiting)
                self._waiting.clear()
            left = [pair for store in {store for store, _ in taken} for pair in self._left(store, taken)]
            with self._changed:
                self._waiting.extendleft(reversed(left))
            return len(left)

    def _left(self, store: Store, taken: list[tuple[Store, Act]]) -> list[tuple[Store, Act]]:
        own = [pair for pair in taken if pair[0] == store]
        try:
            audit.note_all(store, [act for _, act in own])
        except (OSError, SealError) as error:
            self._refused[store.root] = error
            return own
        self._refused.pop(store.root, None)
        return []

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting))
            if self.flush():
                threading.Event().wait(AGAIN_SECONDS)


TRAIL = Trail()


def _at_the_end() -> None:
    if left := TRAIL.flush():
        sys.stderr.write(f"{left} entries could not be written into the audit log. 有{left}条审计记录未能写入。\n")


atexit.register(_at_the_end)
