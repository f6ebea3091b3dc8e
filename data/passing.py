"""Rows of a large file on their way into the store: checked some at a time and written aside, never held together.

They lie in a folder of their own under the store, which goes when they have landed or nobody looks at them any more;
what a killed process left behind goes with the next large file.
"""

import contextlib
import dataclasses
import os
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data import engine, keeping, sealing
from data.batches import LandingError
from data.checking import Checked
from data.store import Store

LOCK = ".lock"
MOST_MEMORY = "256MB"
"""What is held of the keys of all rows while they are compared; the rest is on the disk."""


class Passing:
    """The folder of one look or landing, there from the first need; `close`, or the end of all in it, removes it."""

    def __init__(self, store: Store) -> None:
        """Lie under this store; where it may not be written, among the system's temporary files."""
        self.store = store
        self._folder: Path | None = None
        self._held = contextlib.ExitStack()
        self.close = weakref.finalize(self, self._held.close)

    def keep(self, checked: Checked) -> Checked:
        """The same sheet, its good rows written aside; LandingError where the disk does not take them."""
        if isinstance(checked.good, Aside):
            return checked
        with self._refusal():
            path = self._place() / f"{secrets.token_hex(6)}.parquet"
            with keeping.sink(path, sealing.waiting()) as sink:
                pq.write_table(checked.good, sink, compression="lz4")
        return dataclasses.replace(checked, good=Aside(path, checked.good.num_rows, self))

    def suspects(self, parts: Sequence[Checked]) -> list[NDArray[np.bool_]]:
        """For the sheets of one source, which of their good rows may share a key: all that do, and hardly another."""
        kept = [part.good for part in map(self.keep, parts) if isinstance(part.good, Aside)]
        names = parts[0].cells.contract.key
        key = ", ".join(f'"{name}"' for name in names)
        with self._refusal(), engine.aside() as connection:
            connection.execute("set memory_limit = $most", {"most": MOST_MEMORY})
            connection.execute("set temp_directory = $place", {"place": str(self._place())})
            every = _every(connection, [each.path for each in kept], names)
            found = connection.execute(
                f"select filename, file_row_number from {every} where hash({key}) in"
                f" (select hash({key}) from {every} group by all having count(*) > 1)"
            ).fetchall()
        places: dict[str, list[int]] = {str(each.path): [] for each in kept}
        for file, place in found:
            places[file].append(place)
        return [each.among(places[str(each.path)]) for each in kept]

    def _place(self) -> Path:
        if self._folder is None:
            with self._refusal():
                self._folder = _taken(_room(self.store, self._held), self._held)
        return self._folder

    def _refusal(self) -> contextlib.AbstractContextManager[None]:
        def error(en: str, zh: str) -> LandingError:
            return LandingError(f"{en} {zh}")

        return keeping.refusal("The batch", "本批数据", self.store.root, error, (OSError, duckdb.Error))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Aside:
    """Rows of one source in a file; `kept` is true on those that still are to land, and None where all are."""

    path: Path
    height: int
    within: Passing
    kept: NDArray[np.bool_] | None = None

    @property
    def num_rows(self) -> int:
        """How many rows are to land."""
        return self.height if self.kept is None else int(np.count_nonzero(self.kept))

    def select(self, names: Sequence[str]) -> pa.Table:
        """These columns of the rows that are to land."""
        table = pq.read_table(sealing.source(self.path), columns=list(names))
        return table if self.kept is None else table.filter(pa.array(self.kept))

    def filter(self, kept: pa.Array) -> "Aside":
        """Some of the rows that are to land."""
        still = np.ones(self.height, bool) if self.kept is None else self.kept.copy()
        still[np.flatnonzero(still)] = np.asarray(kept)
        return dataclasses.replace(self, kept=still)

    def among(self, places: Sequence[int]) -> NDArray[np.bool_]:
        """True for each row that is to land and stands at one of these places of the file."""
        found = np.zeros(self.height, bool)
        found[list(places)] = True
        return found if self.kept is None else found[self.kept]


def _every(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], names: Sequence[str]) -> str:
    """The rows of all files to be asked, each with its file and its place there; of sealed ones the columns `names`."""
    if sealing.waiting() is None:
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        return f"read_parquet([{listed}], filename = true, file_row_number = true)"
    for number, file in enumerate(files):
        connection.register("arrived", _placed(file, names))
        kind = "insert into" if number else "create table"
        connection.execute(f"{kind} every {'' if number else 'as'} from arrived")
        connection.unregister("arrived")
    return "every"


def _placed(file: Path, names: Sequence[str]) -> pa.RecordBatchReader:
    rows = pq.ParquetFile(sealing.opened(file))
    place = {"filename": pa.string(), "file_row_number": pa.int64()}
    schema = pa.schema([*(rows.schema_arrow.field(name) for name in names), *place.items()])

    def batches() -> Iterator[pa.RecordBatch]:
        begins = 0
        for batch in rows.iter_batches(columns=list(names)):
            at = pa.array(range(begins, begins + len(batch)), pa.int64())
            yield pa.record_batch([*batch.columns, pa.repeat(str(file), len(batch)), at], schema=schema)
            begins += len(batch)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _room(store: Store, held: contextlib.ExitStack) -> Path:
    """Where folders are made, what killed processes left there gone."""
    if not os.access(store.root, os.W_OK):
        return Path(held.enter_context(tempfile.TemporaryDirectory(prefix="cadre-passing-")))
    store.passing.mkdir(exist_ok=True)
    for lock in store.passing.glob(f"*{LOCK}"):
        with contextlib.suppress(keeping.BusyError, OSError), keeping.locked(lock, 0, ""):
            _removed(lock)
    return store.passing


def _taken(room: Path, held: contextlib.ExitStack) -> Path:
    """A new folder in a room, locked for as long as it is `held` and then gone."""
    while True:
        lock = room / f"{secrets.token_hex(6)}{LOCK}"
        with contextlib.suppress(keeping.BusyError):  # who sweeps up may hold it before this does
            taken = contextlib.ExitStack()
            taken.enter_context(keeping.locked(lock, 0, ""))
            break
    held.callback(_removed, lock)
    held.enter_context(taken)
    folder = lock.with_suffix("")
    folder.mkdir()
    return folder


def _removed(lock: Path) -> None:
    shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
    with contextlib.suppress(OSError):
        lock.unlink(missing_ok=True)
