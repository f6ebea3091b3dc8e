"""What this process does to a store while everybody reads on: one thing at a time, seen by every session."""

import itertools
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import queries
from data import keeping
from data.batches import alone
from data.store import Store
from queries import building

Tell = Callable[[str, int, int], None]
"""Told how far the work is: what is being done, how much of it is done, of how much."""
Task = Callable[[Tell], str]
"""Does the work; gives what came of it, as the one who asked for it wants to remember it."""
READING, BUILDING = "reading", "building"
"""Steps of the work: files are read, what has landed is built."""
WAIT_SECONDS = 5
LOW = 10
"""How far the work stands back behind what readers wait for, as `nice` counts."""


@dataclass(frozen=True, slots=True)
class State:
    """How far a piece of work is: what it is (`name`, by `who`), the present step, and how it ended.

    `number` tells one piece of work of a store from the next.
    """

    number: int
    name: str
    who: str
    step: str = ""
    done: int = 0
    total: int = 0
    ended: bool = False
    result: str = ""
    error: str = ""


@dataclass
class Works:
    """The last piece of work of each store in this process."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    states: dict[Path, State] = field(default_factory=dict)

    def begin(self, store: Store, name: str, who: str, task: Task) -> bool:
        """Do a piece of work on a store; False where another is being done, and then this one is not."""
        root = store.root.resolve()
        with self.guard:
            before = self.states.get(root)
            if before and not before.ended:
                return False
            self.states[root] = State(before.number + 1 if before else 1, name, who)
        threading.Thread(target=self._do, args=(root, task), name=f"work {name}", daemon=True).start()
        return True

    def state(self, store: Store) -> State | None:
        """How far the last piece of work on a store is; None before the first."""
        return self.states.get(store.root.resolve())

    def _do(self, root: Path, task: Task) -> None:
        stand_back()
        try:
            with alone(Store(root), WAIT_SECONDS):
                self._now(root, ended=True, result=task(lambda step, done, total: self._tell(root, step, done, total)))
        except OSError as error:
            self._now(root, ended=True, error=" ".join(keeping.why(error, root)))
        except Exception as error:  # noqa: BLE001 (nobody waits for this thread: what went wrong is said on the page)
            self._now(root, ended=True, error=str(error) or type(error).__name__)

    def _tell(self, root: Path, step: str, done: int, total: int) -> None:
        self._now(root, step=step, done=done, total=total)

    def _now(self, root: Path, **changed: object) -> None:
        self.states[root] = replace(self.states[root], **changed)  # type: ignore[arg-type]


WORKS = Works()


def stand_back() -> None:
    """Let this thread work behind the others, where the system can."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW)


def build(store: Store, tell: Tell, who: str) -> str:
    """Build what has landed under the rules in force, and tell by tables how far it is; give the name of the build."""
    done = itertools.count(1)
    return building.build(store, lambda _: tell(BUILDING, next(done), len(queries.built())), who=who).stem
