"""The builds that a store has, who made them and when, and which of them is served: any can be, at once."""

import contextlib
import datetime as dt
import functools
import threading
from dataclasses import dataclass
from pathlib import Path

from data import history, keeping
from data.history import Event
from data.store import Store
from queries import building, checksums, pruning, warehouse
from queries.warehouse import WarehouseError

PROGRAM = "-"
"""Who finds damage, in the history: nobody, but the program as it serves."""
WHOLE, DAMAGED, GONE, UNKNOWN = "whole", "damaged", "gone", "without a checksum: made before there were any"
_noting = threading.Lock()
_noticed: dict[tuple[Store, str], str] = {}


@dataclass(frozen=True, slots=True)
class Build:
    """One warehouse file: when it was made (ISO, UTC) and by whom ("" where the history does not say), what it holds.

    `batches` are those that it was made of, `month` where its data stand, `size` its bytes. `served` is the one that
    pages show; `whole` says whether its file is as it was made, `fits` whether this version of the program serves it.
    """

    id: str
    path: Path
    made: str
    who: str
    batches: tuple[str, ...]
    month: int | None
    size: int
    served: bool
    whole: bool
    fits: bool


@dataclass(frozen=True, slots=True)
class Damage:
    """The chosen build cannot be served, as its file is damaged or `gone`; `since` when that is known (ISO, UTC).

    `served` is the one that is served meanwhile, None where none is whole.
    """

    id: str
    gone: bool
    since: str
    served: str | None


def every(store: Store) -> tuple[Build, ...]:
    """Every build of a store, the latest first."""
    events = history.of(store)
    made, places = history.last(events, history.BUILT), history.places(events, history.BUILT)
    newest = warehouse.newest(store)
    found = []
    for path in store.warehouse.glob("*.duckdb"):
        with contextlib.suppress(FileNotFoundError):  # builds that nobody needs go meanwhile
            found.append(_build(path, made.get(path.stem), served=path == newest))
    return tuple(sorted(found, key=lambda build: (places.get(build.id, 0), build.made), reverse=True))


def serve(store: Store, build_id: str, who: str = "") -> Path:
    """Serve a build from now on, until another is served or made; WarehouseError where it cannot be."""
    found = next((build for build in every(store) if build.id == build_id), None)
    if found is None:
        message = f"{store.root} has no build {build_id!r}. 没有这个版本。"
        raise WarehouseError(message)
    if not found.whole:
        message = (
            f"Build {build_id} is damaged; choose another, or build again. "
            "该版本的文件已损坏，请选用其他版本或重新生成。"
        )
        raise WarehouseError(message)
    if not found.fits:
        message = (
            f"Build {build_id} was made by another version of the program; build again. "
            "该版本由其他版本的程序生成，请重新生成。"
        )
        raise WarehouseError(message)
    pruning.note_reading(found.path)
    warehouse.point(store, build_id, who)
    return found.path


def damage(store: Store) -> Damage | None:
    """What is wrong with the chosen build; None where it is whole or none was ever chosen. The history gets to know."""
    path = warehouse.chosen(store)
    if path is None or checksums.is_whole(path):
        return None
    served = warehouse.newest(store)
    return Damage(path.stem, not path.exists(), _damaged_since(store, path.stem), served.stem if served else None)


def condition(path: Path) -> str:
    """What a build is found to be as its file is hashed anew: WHOLE, DAMAGED, GONE or UNKNOWN."""
    if not path.exists():
        return GONE
    if not checksums.is_known(path):
        return UNKNOWN
    return WHOLE if checksums.is_whole(path, afresh=True) else DAMAGED


def _damaged_since(store: Store, build_id: str) -> str:
    """When a build was first found damaged after it was made: by the history, else by this process."""
    with _noting:
        with contextlib.suppress(ValueError, OSError):
            event = Event.now(history.DAMAGED, build_id, PROGRAM)
            for known in reversed(history.of(store)):
                if known.what == build_id and known.kind in (history.BUILT, history.DAMAGED):
                    if known.kind == history.DAMAGED:
                        return known.at
                    break
            with history.noted(store, event):
                return event.at
        return _noticed.setdefault((store, build_id), keeping.now())


def is_latest(store: Store) -> bool:
    """Whether what is served is what has landed under the rules in force; AmendmentError where these cannot be read."""
    kept = (store.manifest_path, store.amendments)
    changed = tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in kept)
    return warehouse.newest(store) == _due(store, changed)


def is_of_example_city(store: Store) -> bool:
    """Whether the served build was made of an invented city."""
    served, manifest = warehouse.newest(store), store.manifest()
    made = history.last(history.of(store), history.BUILT).get(served.stem) if served else None
    if made is None or not made.batches:
        return manifest.invented
    return all(batch.invented for batch in manifest.batches if batch.id in made.batches)


@functools.lru_cache(maxsize=8)
def _due(store: Store, _: tuple[int, ...]) -> Path:
    """The build that is due, named once for what has landed and was amended at the same moments."""
    return building.due(store)


def _build(path: Path, event: Event | None, *, served: bool) -> Build:
    try:
        month: int | None = warehouse.facts(path)[1]
    except WarehouseError:
        month = event.month if event else None
        fits = False
    else:
        fits = True
    held, whole = path.stat(), checksums.is_whole(path)
    written = dt.datetime.fromtimestamp(held.st_mtime, dt.UTC).isoformat(timespec="microseconds")
    made, who, batches = (event.at, event.who, event.batches) if event else (written, "", ())
    return Build(path.stem, path, made, who, batches, month, held.st_size, served, whole, fits)
