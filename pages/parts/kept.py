"""What was worked out, kept for whoever asks next: up to a weight, those not asked for longest going first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Turn(Generic[T]):
    """One makes a thing while others wait for it; what is made is theirs too, kept or not."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made: tuple[T] | None = None


class Kept(Generic[T]):
    """Things by key that weigh at most `most` together. Of threads that ask for the same, one works and all wait."""

    def __init__(self, most: int, weigh: Callable[[T], int] = lambda _: 1) -> None:
        """Keep nothing yet. What weighs more than `most` by itself is given and not kept; each thing is 1 as a rule."""
        self.most = most
        self._weigh = weigh
        self._weight = 0
        self._things: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._turns: dict[Hashable, _Turn[T]] = {}
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
            turn = self._turns.setdefault(key, _Turn())
        with turn.lock:
            if turn.made:
                return turn.made[0]
            if kept := self._look(key):
                return kept[0]
            try:
                turn.made = (make(),)
                return self._keep(key, turn.made[0])
            finally:
                self._turns.pop(key, None)

    def _look(self, key: Hashable) -> tuple[T, int] | None:
        with self._guard:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def _keep(self, key: Hashable, thing: T) -> T:
        weight = self._weigh(thing)
        if weight > self.most:
            return thing
        with self._guard:
            _, before = self._things.pop(key, (thing, 0))
            self._things[key] = thing, weight
            self._weight += weight - before
            while self._weight > self.most:
                _, (_, gone) = self._things.popitem(last=False)
                self._weight -= gone
        return thing
