"""What was done to a store, by whom and when: batches landed and withdrawn, builds made, served and found damaged.

It is only added to.

An event is stamped with the clock, which nothing that is counted is: a build is named by what is in it, whenever made.
In which order things were done tells the place of an event among the others, as a clock may be set back.
"""

import contextlib
import dataclasses
import getpass
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from data import audit, keeping, sealing
from data.store import Store

LANDED, WITHDRAWN, RESTORED, BUILT, SERVED, DAMAGED = "landed", "withdrawn", "restored", "built", "served", "damaged"
KINDS = (LANDED, WITHDRAWN, RESTORED, BUILT, SERVED, DAMAGED)
LONGEST_NAME = 100


class HistoryError(ValueError):
    """A note in the history that cannot be read."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing done: `kind` is one of KINDS, `what` the batch or build, `who` did it, `at` when (ISO, UTC).

    Of a batch landed, `rows` tells the rows by source, `rejected` those that did not land, `findings` how many things
    were found, `files` what was given. Of a build, `batches` tells what it holds and `month` (YYYYMM) where it stands.
    """

    kind: str
    what: str
    who: str
    at: str
    rows: Mapping[str, int] = dataclasses.field(default_factory=dict)
    rejected: int = 0
    findings: int = 0
    files: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    month: int | None = None

    @classmethod
    def now(cls, kind: str, what: str, who: str, **more: Any) -> Self:
        """Something done at this moment; without a name, by whoever runs this process."""
        return cls(
            kind=kind, what=what, who=who.strip()[:LONGEST_NAME] or whoever_runs_this(), at=keeping.now(), **more
        )

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """The event that `dataclasses.asdict` wrote."""
        return cls(**{**given, "files": tuple(given["files"]), "batches": tuple(given["batches"])})


def whoever_runs_this() -> str:
    """The name under which this process runs."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"


@contextlib.contextmanager
def noted(store: Store, event: Event) -> Iterator[None]:
    """Note an event that the block makes come true; what raises has not happened and is not noted.

    OSError where the history or the audit log takes no note: then the block does not begin.
    """
    path = keeping.stamped(store.history, event.at)
    keeping.put(path, keeping.text(dataclasses.asdict(event)))
    try:
        with audit.entered(store, event.kind, event.who, event.what):
            yield
    except keeping.DoneElsewhereError:
        raise
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def of(store: Store) -> tuple[Event, ...]:
    """Every event, oldest first, less what was noted of a batch and then died with its process.

    Of a build that is not known: one that is not there may have been deleted since.
    """
    read = ((keeping.place(path), _read(path)) for path in store.history.glob("*.json"))
    events = [event for _, event in sorted(read, key=lambda placed: (placed[0], placed[1].at))]
    withdrawn = {batch.id: batch.withdrawn for batch in store.manifest().batches}
    return tuple(reversed([*_happened(reversed(events), withdrawn)]))


def _happened(latest_first: Iterable[Event], withdrawn: dict[str, bool]) -> Iterator[Event]:
    """The events that led to which batches are `withdrawn`: only what counts is withdrawn, only what does not restored.

    Of several that say the same in a row, one has happened; it is taken to be the last.
    """
    for event in latest_first:
        if event.kind in (WITHDRAWN, RESTORED):
            if withdrawn.get(event.what) != (event.kind == WITHDRAWN):
                continue
            withdrawn[event.what] = event.kind == RESTORED
        if event.kind != LANDED or event.what in withdrawn:
            yield event


def last(events: tuple[Event, ...], kind: str) -> dict[str, Event]:
    """The last event of one kind for each batch or build."""
    return {event.what: event for event in events if event.kind == kind}


def places(events: tuple[Event, ...], kind: str) -> dict[str, int]:
    """The place among all events, from 1, of the last one of a kind for each batch or build: which came later."""
    return {event.what: place for place, event in enumerate(events, 1) if event.kind == kind}


def _read(path: Path) -> Event:
    try:
        return Event.from_json(json.loads(sealing.read_text(path)))
    except (OSError, ValueError, TypeError, KeyError) as error:
        message = f"{path} cannot be read ({error}); mend it or move it away. 历史记录文件损坏，请修复或移走。"
        raise HistoryError(message) from error
