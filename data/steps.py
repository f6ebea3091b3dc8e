"""What people enter of the steps to a term change and of the task list: who said when how far a step or task is.

Nothing is ever overwritten: an entry is a file of its own under a name that nobody else has, so that two who enter at
once both find theirs.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

from data import audit, contract, keeping, sealing
from data.store import Store

STATES = ("planned", "under_way", "done")
LONGEST = 500
TASKS = ("tasks", 0, None)
"""The plan that entries of the task list are about; their steps are the measures of the policies."""


class StepError(RuntimeError):
    """An entry that cannot be kept or read; the others stay as they are."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How far a step of one term change is: of a tier and round, of one nature of organ or (None) of the whole tier.

    Or how far a task is, where tier, round and organ are those of `TASKS`.

    `state` is one of STATES, `day` (YYYYMMDD) the day it holds from, `owner` who answers for the step where that is not
    its usual owner. `who` entered it, at `written` (ISO, UTC). An `invented` one belongs to an example city.
    """

    tier: str
    round: int
    organ: str | None
    step_id: str
    state: str
    day: int | None = None
    owner: str = ""
    note: str = ""
    who: str
    written: str
    invented: bool = False

    @property
    def plan(self) -> tuple[str, int, str | None]:
        """The term change that it is about, or TASKS."""
        return self.tier, self.round, self.organ


def record(store: Store, entry: Entry) -> None:
    """Keep an entry beside all earlier ones; StepError where it says nothing sound or the store does not take it.

    Whether it is `invented` the store knows.
    """
    _verify(entry)
    made = dataclasses.replace(entry, invented=store.manifest().invented)
    step = f"{made.tier} {made.round} {made.step_id}"
    with (
        keeping.refusal("The entry", "进展", store.steps, lambda en, zh: StepError(f"{en} {zh}")),
        audit.entered(store, "entered", made.who, step, state=made.state),
    ):
        keeping.put(keeping.stamped(store.steps, made.written), keeping.text(dataclasses.asdict(made)))


def history(store: Store) -> tuple[Entry, ...]:
    """Every entry, oldest first; those of an example city only while the store holds nothing real."""
    read = ((keeping.place(path), _read(path)) for path in store.steps.glob("*.json"))
    invented = store.manifest().invented
    entries = sorted(read, key=lambda placed: (placed[0], placed[1].written))
    return tuple(entry for _, entry in entries if invented or not entry.invented)


def latest(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The last entry of each step; give the entries of one term change, oldest first."""
    return {entry.step_id: entry for entry in entries}


def _verify(entry: Entry) -> None:
    if entry.plan != TASKS:
        contract.label("age_target.tier", entry.tier, "en")
    if entry.organ is not None:
        contract.label("unit.organ", entry.organ, "en")
    if entry.state not in STATES:
        message = f"{entry.state!r} is no state of a step; write one of {', '.join(STATES)}."
        raise StepError(message)
    if entry.state == "done" and entry.day is None:
        message = f"Step {entry.step_id} is done, but not since when; give the day, as 2026-10-31."
        raise StepError(message)
    if not entry.step_id.strip() or not entry.who.strip():
        message = "An entry names its step and who enters it."
        raise StepError(message)
    if entry.day is not None and not _is_day(entry.day):
        message = f"{entry.day!r} is not a day; write it as 20261031."
        raise StepError(message)
    for name, text in (("owner", entry.owner), ("note", entry.note), ("who", entry.who)):
        if len(text) > LONGEST:
            message = f"The {name} has {len(text)} characters; write at most {LONGEST}."
            raise StepError(message)


def _read(path: Path) -> Entry:
    try:
        entry = Entry(**json.loads(sealing.read_text(path)))
        _verify(entry)
    except (OSError, ValueError, TypeError, AttributeError, StepError) as error:
        message = f"The entry {path} cannot be read ({error}); mend it or move it away."
        raise StepError(message) from error
    return entry


def _is_day(day: int) -> bool:
    try:
        dt.date.fromisoformat(str(day))
    except ValueError:
        return False
    return True
