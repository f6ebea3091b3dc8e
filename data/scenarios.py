"""Scenarios that people keep: each version a file of its own, never overwritten, with the numbers it gave then.

A version takes the first number that was never given, withdrawn ones counted, so that two who save at once both find
theirs. Endorsing writes a second file beside it; what was endorsed stays.
"""

import contextlib
import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from data import audit, history, keeping, sealing
from data.access import EVERY_UNIT
from data.store import Store

LONGEST_NAME = 60
LEVERS = ("exits", "entry_age", "slip", "early")
COUNTS = ("have", "needed", "projected", "low80", "high80")
KEPT, WITHDRAWN, ENDORSED = ".json", ".withdrawn", ".endorsed"
NOT_WRITTEN = {"number", "endorsed_by", "endorsed"}
"""What of a version its own file does not say, but its name and the endorsement beside it."""

BEFORE_TOLD: Mapping[str, Any] = {"invented": False, "units": [EVERY_UNIT]}
"""What files do not say that were kept before this was asked of them."""


class ScenarioFileError(RuntimeError):
    """A scenario that cannot be kept or read; all others stay as they are."""


class _TakenError(Exception):
    """Somebody else has saved under this number meanwhile."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a scenario, as it was saved.

    `levers` holds exits, entry_age, slip and early (numbers), plan (people a year), start and date (YYYYMM), the last
    three perhaps None. `figures` holds what it gave then: have, needed, projected, low80, high80 (people) and chance.
    `who` saved it, at `written` (ISO, UTC), on the build `build_id` of data to the month `as_of`. `endorsed_by` and
    `endorsed` say who endorsed it and when; None where nobody has. An `invented` one belongs to an example city.
    `units` are those that whoever saved it sees: its figures count their people alone.
    """

    number: int = 0
    version: int = 0
    name: str
    target_id: str
    unit: str | None
    levers: Mapping[str, Any]
    figures: Mapping[str, Any]
    build_id: str
    as_of: int
    who: str
    written: str
    endorsed_by: str | None = None
    endorsed: str | None = None
    invented: bool = False
    units: tuple[str, ...] = (EVERY_UNIT,)


def save(store: Store, version: Version) -> Version:
    """Keep a version beside all earlier ones of its name, and give it as kept; ScenarioFileError where it cannot be.

    Its numbers are given here, and whether it is `invented` the store knows.
    """
    _verify(version, "the scenario")
    mine = dataclasses.replace(version, endorsed_by=None, endorsed=None, invented=store.manifest().invented)
    while True:
        every = _ever(store)
        same = [each.version for each in every if each.name == version.name]
        number = max((each.number for each in every), default=0) + 1
        made = dataclasses.replace(mine, number=number, version=max(same, default=0) + 1)
        with _writing(store), contextlib.suppress(_TakenError):
            told = {"target": made.target_id, "unit": made.unit}
            with audit.entered(store, "kept", made.who, f"scenario {number}", **told):
                if not keeping.put_first(_path(store, number), _text(made)):
                    raise _TakenError
            return made


def kept(store: Store) -> tuple[Version, ...]:
    """Every version that was saved and not withdrawn, oldest first; those of an example city while nothing is real.

    ScenarioFileError names a file that is no scenario.
    """
    invented = store.manifest().invented
    return tuple(
        version for version in map(_read, keeping.numbered(store.scenarios, KEPT)) if invented or not version.invented
    )


def endorse(store: Store, number: int, *, who: str, written: str) -> Version:
    """Endorse a version as it is; ScenarioFileError where there is none or it has been endorsed already."""
    found = _one(store, number)
    with _writing(store), audit.entered(store, "endorsed", who, f"scenario {number}"):
        text = keeping.text({"endorsed_by": who, "endorsed": written})
        if not who.strip() or not keeping.put_first(_path(store, number, ENDORSED), text):
            message = (
                f"Version {found.version} of {found.name!r} is endorsed already, or nobody is named who endorses it."
            )
            raise ScenarioFileError(message)
    return _one(store, number)


def withdraw(store: Store, number: int, who: str = "") -> None:
    """Take a version that nobody endorsed out of the list; ScenarioFileError where it is endorsed."""
    found = _one(store, number)
    if found.endorsed:
        message = f"Version {found.version} of {found.name!r} is endorsed and stays; save a new version beside it."
        raise ScenarioFileError(message)
    who = who or history.whoever_runs_this()
    with _writing(store), audit.entered(store, history.WITHDRAWN, who, f"scenario {number}"):
        keeping.renamed(_path(store, number), _path(store, number, WITHDRAWN))


def _one(store: Store, number: int) -> Version:
    for version in kept(store):
        if version.number == number:
            return version
    message = f"There is no scenario number {number} in {store.scenarios}."
    raise ScenarioFileError(message)


def _path(store: Store, number: int, kind: str = KEPT) -> Path:
    return store.scenarios / f"{number:04d}{kind}"


def _ever(store: Store) -> list[Version]:
    """Every version that was ever saved, withdrawn ones and those of an example city too."""
    return [_read(path) for path in keeping.numbered(store.scenarios, KEPT, WITHDRAWN)]


def _text(version: Version) -> str:
    given = dataclasses.asdict(version)
    written = {name: value for name, value in given.items() if name not in NOT_WRITTEN}
    return keeping.text(written)


def _writing(store: Store) -> AbstractContextManager[None]:
    return keeping.refusal("The scenario", "情景", store.scenarios, lambda en, zh: ScenarioFileError(f"{en} {zh}"))


def _read(path: Path) -> Version:
    given = {**BEFORE_TOLD, **_json(path)}
    known = {field.name for field in dataclasses.fields(Version)} - NOT_WRITTEN
    if set(given) != known:
        wrong = ", ".join(sorted(known ^ set(given)))
        message = f"{path.name} is no scenario: {wrong} is missing or not known. Move the file out of {path.parent}."
        raise ScenarioFileError(message)
    stamp = path.with_suffix(ENDORSED)
    endorsed = _json(stamp) if stamp.is_file() else {"endorsed_by": None, "endorsed": None}
    if set(endorsed) != {"endorsed_by", "endorsed"}:
        message = f"{stamp.name} does not say who endorsed what when. Move the file out of {path.parent}."
        raise ScenarioFileError(message)
    version = Version(number=int(path.stem), **{**given, "units": tuple(given["units"])}, **endorsed)
    _verify(version, path.name)
    return version


def _json(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(sealing.read_text(path))
    except (OSError, ValueError) as error:
        message = f"{path.name} cannot be read as JSON ({error}). Move the file out of {path.parent}."
        raise ScenarioFileError(message) from error
    if not isinstance(given, dict):
        message = f"{path.name} holds no JSON object. Move the file out of {path.parent}."
        raise ScenarioFileError(message)
    return given


def _verify(version: Version, what: str) -> None:
    """Hold a version to what it must be; ScenarioFileError names the first thing that it is not."""
    sound: list[tuple[str, bool]] = [
        (f"name must be a text of 1 to {LONGEST_NAME} characters", _is_text(version.name, LONGEST_NAME)),
        ("target_id, build_id, who and written must be texts", all(map(_is_text, _texts(version)))),
        ("units must be codes", all(map(_is_text, version.units))),
        ("unit must be a code or empty", version.unit is None or _is_text(version.unit)),
        ("version must be a whole number", isinstance(version.version, int)),
        ("invented must be true or false", isinstance(version.invented, bool)),
        ("as_of must be a month as 202610", _is_month(version.as_of)),
        ("levers must hold exits, entry_age, slip, early, plan, start and date", _are_levers(version.levers)),
        ("figures must hold whole people and a chance from 0 to 1", _are_figures(version.figures)),
    ]
    for rule, holds in sound:
        if not holds:
            message = f"{what} cannot stand: {rule}."
            raise ScenarioFileError(message[0].upper() + message[1:])


def _texts(version: Version) -> tuple[str, ...]:
    return version.target_id, version.build_id, version.who, version.written


def _is_text(value: Any, longest: int = 200) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= longest and value.isprintable()


def _is_month(value: Any) -> bool:
    return isinstance(value, int) and 1 <= value % 100 <= 12 and 190001 <= value <= 999912  # noqa: PLR2004


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _are_levers(levers: Any) -> bool:
    optional: dict[str, Callable[[Any], bool]] = {"plan": _is_whole, "start": _is_month, "date": _is_month}
    return (
        isinstance(levers, Mapping)
        and set(levers) == {*LEVERS, *optional}
        and all(_is_number(levers[name]) for name in LEVERS)
        and all(levers[name] is None or holds(levers[name]) for name, holds in optional.items())
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_figures(figures: Any) -> bool:
    return (
        isinstance(figures, Mapping)
        and set(figures) == {*COUNTS, "chance"}
        and all(_is_whole(figures[name]) for name in COUNTS)
        and _is_number(figures["chance"])
        and 0 <= figures["chance"] <= 1
    )
