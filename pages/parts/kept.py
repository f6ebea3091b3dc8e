"""What was worked out, kept for whoever asks next: so many things, those not asked for longest going first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """At most `most` things by key. Threads may share it: of those who ask for the same, one works and all wait."""

    def __init__(self, most: int) -> None:
        """Keep nothing yet."""
        self.most = most
        self._things: OrderedDict[Hashable, tuple[T]] = OrderedDict()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        """Whether `get` would give at once what is kept."""
        with self._guard:
            return key in self._things

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what is kept under a key, made now where nothing is; what `make` raises is raised and nothing kept."""
        if kept := self._look(key):
            return kept[0]
        with self._guard:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:
            if kept := self._look(key):
                return kept[0]
            try:
                return self._keep(key, make())
            finally:
                self._turns.pop(key, None)

    def _look(self, key: Hashable) -> tuple[T] | None:
        with self._guard:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def _keep(self, key: Hashable, thing: T) -> T:
        with self._guard:
            self._things[key] = (thing,)
            if len(self._things) > self.most:
                self._things.popitem(last=False)
        return thing
