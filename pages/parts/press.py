"""The press: briefings printed behind the pages, a few at once, each seen by whoever ordered it.

Printing reads one build, which never changes: it waits for no landing and no build, and none of them waits for it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from data.store import Store
from pages.parts import briefing, changes, printed
from pages.parts.answers import Here
from pages.parts.background import stand_back
from pages.parts.briefing import Briefing
from pages.parts.scenes import Scenes

AT_ONCE = 2
KEPT = 24
"""Pieces of work that are remembered with what came of them."""
Progress = Callable[[int, int], None]


def unheard(_done: int, _total: int) -> None:
    """Tell nobody how far the work is."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be printed: a template by its name and text (TOML), for a reader of a build, as of a month (YYYYMM).

    `since` is the endorsed briefing that the first page tells the changes from, "" where there is no such page.
    `whom` it is for is told in it, so those who see the same have each their own.
    """

    store: Store
    here: Here
    name: str
    shows: str
    as_of: int
    since: str = ""
    whom: str = field(init=False)

    def __post_init__(self) -> None:
        """Take the name of whom it is for, which `here` is not told apart by."""
        object.__setattr__(self, "whom", self.here.viewer.name)


@dataclass(frozen=True, slots=True)
class Printed:
    """A briefing and its files, by their endings."""

    briefing: Briefing
    files: Mapping[str, bytes]


def made(order: Order, progress: Progress = unheard) -> Briefing:
    """Make the briefing of an order; BriefingError or EndorsedError where it cannot be."""
    template = briefing.parse(order.shows, order.name)
    found = briefing.made(template, Scenes(order.here, order.as_of), progress)
    return changes.told_first(found, order.store, order.since) if order.since else found


def carried_out(order: Order, endings: Sequence[str], progress: Progress = unheard) -> Printed:
    """Make the briefing of an order and print it as files of these endings."""
    total = len(briefing.parse(order.shows, order.name).items) + len(endings)
    found = made(order, lambda done, _: progress(done, total))
    files = {}
    for left, ending in zip(range(len(endings), 0, -1), endings, strict=True):
        progress(total - left, total)
        files[ending] = printed.PRINTED[ending](found)
    return Printed(found, files)


@dataclass(frozen=True, slots=True)
class State:
    """How far some work is: `done` of `total` steps; then its `result`, or what went wrong."""

    done: int = 0
    total: int = 0
    ended: bool = False
    result: Any = None
    error: Exception | None = None


@dataclass
class Press:
    """The work of this process, by keys; of those who ask for the same, one works and all take what comes of it."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    states: OrderedDict[Hashable, State] = field(default_factory=OrderedDict)

    def print(self, order: Order) -> None:
        """Print an order as everything that is ready at once, unless that is being done."""
        self._forget_beside(order)
        self.begin(order, partial(carried_out, order, tuple(printed.OWN)))

    def print_as(self, order: Order, ending: str) -> None:
        """Print an order as what takes longer, under a key of its own (the order, the ending)."""
        self.begin((order, ending), partial(carried_out, order, [ending]))

    def begin(self, key: Hashable, work: Callable[[Progress], Any]) -> None:
        """Do some work unless it is being done."""
        with self.guard:
            before = self.states.pop(key, None)
            self.states[key] = before if before and not before.ended else State()
            self._forget()
            if self.states[key] is before:
                return
        threading.Thread(target=self._do, args=(key, work), name="printing", daemon=True).start()

    def state(self, key: Hashable) -> State | None:
        """How far some work is; None where nobody asked for it lately."""
        return self.states.get(key)

    def _do(self, key: Hashable, work: Callable[[Progress], Any]) -> None:
        stand_back()
        with self.turns:
            try:
                self._now(key, ended=True, result=work(lambda done, total: self._now(key, done=done, total=total)))
            except Exception as error:  # noqa: BLE001 (nobody waits for this thread: what went wrong is said on the page)
                self._now(key, ended=True, error=error)

    def _now(self, key: Hashable, **changed: object) -> None:
        with self.guard:
            self.states[key] = replace(self.states.get(key, State()), **changed)  # type: ignore[arg-type]

    def _forget_beside(self, order: Order) -> None:
        """Forget what was printed of an order in other ways, so that all its files are of one moment."""
        with self.guard:
            for key in [(order, ending) for ending in printed.PRINTED]:
                if key in self.states and self.states[key].ended:
                    del self.states[key]

    def _forget(self) -> None:
        """Forget what ended, those first that nobody asked for longest."""
        ended = [key for key, state in self.states.items() if state.ended]
        for key in ended[: max(0, len(self.states) - KEPT)]:
            del self.states[key]


PRESS = Press()
