"""Where good rows land: a store of Parquet batches that become visible in one atomic step."""

import contextlib
import csv
import dataclasses
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data import bundle, contract, mapping, matching, personnel, reading, spreadsheet
from data.bundle import Bundle, Received
from data.checking import Cells, Checked, Finding, check, unrepeated
from data.matching import Person, Unit
from data.reading import ReadingError, Sheet

FINGERPRINT_LENGTH = 12
LOCK_SECONDS = 10.0
KEY_BYTES = 32


class LandingError(RuntimeError):
    """Something that keeps a batch from landing; nothing of it is visible."""


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """The rows of one source in one batch: a Parquet file under landed/, its row count and its content hash."""

    path: str
    rows: int
    digest: str


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """What landed together: the data month (YYYYMM) and one part a source.

    `received` tells of the personnel files in it, of which no copy is kept.
    """

    id: str
    month: int | None
    replace: bool
    parts: Mapping[str, Part]
    invented: bool = False
    received: tuple[Received, ...] = ()

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """The batch that `dataclasses.asdict` wrote."""
        parts = {source: Part(**part) for source, part in given["parts"].items()}
        received = tuple(Received(**each) for each in given.get("received", ()))
        return cls(given["id"], given["month"], given["replace"], parts, given.get("invented", False), received)


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that has landed, oldest batch first."""

    landed: Path
    batches: tuple[Batch, ...] = ()

    @property
    def invented(self) -> bool:
        """Whether everything here is an invented city."""
        return all(batch.invented for batch in self.batches)

    @property
    def current(self) -> tuple[Batch, ...]:
        """The batches that count: an invented city gives way to the first real one."""
        return self.batches if self.invented else tuple(batch for batch in self.batches if not batch.invented)

    @property
    def month(self) -> int | None:
        """The data month (YYYYMM) of the newest batch that names one."""
        return next((batch.month for batch in reversed(self.current) if batch.month), None)

    def parts(self, source: str) -> tuple[Part, ...]:
        """The current parts of a source, oldest first: those since the last batch that replaced it."""
        current: list[Part] = []
        for batch in self.current:
            if source in batch.parts:
                current = [*([] if batch.replace else current), batch.parts[source]]
        return tuple(current)

    def files(self, source: str) -> tuple[Path, ...]:
        """The current Parquet files of a source, oldest first; where a key repeats, the later file is right."""
        return tuple(self.landed / part.path for part in self.parts(source))

    def rows(self, source: str) -> int:
        """How many rows the current files of a source hold."""
        return sum(part.rows for part in self.parts(source))

    @property
    def fingerprint(self) -> str:
        """A short hash of the current content: the same rows landed in the same order give the same one anywhere."""
        content = {source: [part.digest for part in self.parts(source)] for source in contract.SOURCES}
        text = json.dumps({"month": self.month, "content": content}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:FINGERPRINT_LENGTH]


@dataclasses.dataclass(frozen=True, slots=True)
class Store:
    """One folder with all the data of one city: received files, landed Parquet, findings, built warehouses."""

    root: Path

    @property
    def inbox(self) -> Path:
        """The files as they were received, a folder a batch; no personnel file and none that holds a closed source."""
        return self.root / "inbox"

    @property
    def landed(self) -> Path:
        """The Parquet files, a folder a batch, and the manifest."""
        return self.root / "landed"

    @property
    def warehouse(self) -> Path:
        """The built DuckDB files."""
        return self.root / "warehouse"

    @property
    def findings(self) -> Path:
        """What was found in the files of each batch, a CSV a batch."""
        return self.root / "findings"

    @property
    def steps(self) -> Path:
        """What people entered of the steps to a term change, a file an entry."""
        return self.root / "steps"

    @property
    def key_path(self) -> Path:
        """What person codes are made with from identifiers; whoever has it could try ID numbers out."""
        return self.root / "person.key"

    def findings_of(self, batch_id: str) -> Path:
        """What was found in the files of one batch."""
        return self.findings / f"{batch_id}.csv"

    @property
    def manifest_path(self) -> Path:
        """The one file that makes batches visible."""
        return self.landed / "manifest.json"

    def manifest(self) -> Manifest:
        """What has landed so far."""
        if not self.manifest_path.is_file():
            return Manifest(self.landed)
        given = json.loads(self.manifest_path.read_text(encoding="utf-8"))
        return Manifest(self.landed, tuple(map(Batch.from_json, given["batches"])))


class Writer:
    """An open batch: takes tables of any source in any order and streams them to Parquet."""

    def __init__(self, store: Store, batch_id: str) -> None:
        """Write under landed/<batch_id>, which exists and is empty."""
        self.store = store
        self.id = batch_id
        self._open: dict[str, pq.ParquetWriter] = {}
        self._rows: dict[str, int] = {}

    def write(self, source: str, table: pa.Table) -> None:
        """Add rows to a source; LandingError where the columns are not those of its contract."""
        schema = contract.load(source).arrow_schema
        conformed = _conform(source, table, schema)
        if source not in self._open:
            self._open[source] = pq.ParquetWriter(self._path(source), schema, compression="zstd")
            self._rows[source] = 0
        self._open[source].write_table(conformed)
        self._rows[source] += conformed.num_rows

    def close(self) -> None:
        """Finish the files."""
        with contextlib.ExitStack() as every:
            for writer in self._open.values():
                every.callback(writer.close)

    def parts(self) -> dict[str, Part]:
        """What the finished files hold, by source."""
        return {source: self._part(source) for source in self._open}

    def _part(self, source: str) -> Part:
        path = self._path(source)
        return Part(f"{self.id}/{path.name}", self._rows[source], _digest(path))

    def _path(self, source: str) -> Path:
        return self.store.landed / self.id / f"{source}.parquet"


@dataclasses.dataclass(frozen=True, slots=True)
class Count:
    """The account of one sheet (or one block of a map): no row may be missing from it."""

    file: str
    sheet: str
    source: str
    rows_in: int
    landed: int
    rejected: int

    def __post_init__(self) -> None:
        """Hold the invariant: rows in = landed + rejected."""
        if self.rows_in != self.landed + self.rejected:
            message = f"{self.file}: {self.rows_in} rows in are not {self.landed} landed and {self.rejected} rejected."
            raise LandingError(message)

    def __str__(self) -> str:
        """One line for a person to read."""
        place = f"{self.file}/{self.sheet}" if self.sheet else self.file
        return f"{self.source}  {place}  {self.rows_in} rows in = {self.landed} landed + {self.rejected} rejected"


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What became of the files: the account of every sheet and everything found; `batch` is None after a mere check."""

    counts: tuple[Count, ...]
    findings: tuple[Finding, ...]
    batch: str | None = None
    month: int | None = None
    findings_path: Path | None = None

    @property
    def landed(self) -> int:
        """How many rows landed in all."""
        return sum(count.landed for count in self.counts)

    @property
    def rejected(self) -> int:
        """How many rows were rejected in all."""
        return sum(count.rejected for count in self.counts)


def default_store() -> Store:
    """The store in the folder that CADRE_STORE names, else the one beside this file, which git ignores."""
    return Store(Path(os.environ.get("CADRE_STORE") or Path(__file__).parent / "store"))


@contextlib.contextmanager
def batch(
    store: Store,
    *,
    month: int | None = None,
    replace: bool = False,
    received: Sequence[Path] = (),
    digests: Sequence[Received] = (),
    invented: bool = False,
) -> Iterator[Writer]:
    """Open a batch; it becomes visible as a whole when the block ends, or not at all.

    `month` is the data month (YYYYMM; None keeps the earlier one). `replace` makes the sources written here replace
    what landed of them before; otherwise both stay and the later row of a key is right. `received` files are copied
    into the inbox; of others the manifest keeps only `digests`. An `invented` batch is never mixed with real ones: it
    lands only where none has.
    """
    if invented and not store.manifest().invented:
        message = f"{store.root} holds real data; invent a city in another store (--store)."
        raise LandingError(message)
    writer = Writer(store, _new_id(store))
    try:
        with contextlib.closing(writer):
            _receive(store.inbox / writer.id, received)
            yield writer
        if parts := writer.parts():
            _commit(store, Batch(writer.id, month, replace, parts, invented, tuple(digests)))
    except BaseException:
        _withdraw(store, writer.id)
        raise


def land(
    store: Store,
    paths: Sequence[Path],
    *,
    map_path: Path | None = None,
    month: int | None = None,
    replace: bool = False,
    whose: Path | None = None,
) -> Report:
    """Read, check and land files; the good rows become visible together, the others are told about.

    `month` is the data month (YYYYMM); without it, the latest month in which a landed posting starts, else the
    earlier one. `whose` is a CSV of personnel files and whose they are, where people had to decide. Raises
    ReadingError where a file or the map cannot be read; then nothing lands.
    """
    given = bundle.sort(paths)
    key = _kept_key(store) if given.sources else b""
    parts, stray = _examine(given, map_path, Held(store.manifest(), key, _whose(whose), replaced=replace))
    manifest = store.manifest()
    month = month or _data_month(manifest, parts, replace=replace)
    closed = {part.cells.file for part in parts if part.cells.contract.closed}
    received = [path for path in (*given.tables, map_path) if path and path.name not in closed]
    with batch(store, month=month, replace=replace, received=received, digests=given.received) as writer:
        for part in parts:
            if part.table.num_rows:
                writer.write(part.cells.contract.source, part.table)
        report = _report(parts, stray, batch_id=writer.id, month=month, path=store.findings_of(writer.id))
        write_findings(report.findings, store.findings_of(writer.id))
    return report


def examine(
    paths: Sequence[Path], *, map_path: Path | None = None, store: Store | None = None, whose: Path | None = None
) -> Report:
    """Read and check files as `land` would into this store, and land nothing."""
    given = bundle.sort(paths)
    held = store or default_store()
    key = _read_key(held.key_path) if held.key_path.is_file() else secrets.token_bytes(KEY_BYTES)
    return _report(*_examine(given, map_path, Held(held.manifest(), key, _whose(whose))))


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """What personnel files are matched with: what landed, what people decided; `replaced` where the files take over."""

    manifest: Manifest
    key: bytes = dataclasses.field(repr=False)
    whose: Mapping[str, str] = dataclasses.field(default_factory=dict)
    replaced: bool = False

    def rows(self, source: str, parts: Sequence[Checked], names: list[str]) -> Iterator[pa.Table]:
        """The rows that landed before or come with the files, the later row of a key last."""
        given = [part.table.select(names) for part in parts if part.cells.contract.source == source]
        forgotten = self.replaced and (source == "member" or bool(given))
        for path in () if forgotten else self.manifest.files(source):
            yield pq.read_table(path, columns=names)
        yield from given


def _examine(given: Bundle, map_path: Path | None, held: Held) -> tuple[list[Checked], list[Finding]]:
    parts, stray = _tables(given.tables, map_path)
    if given.sources:
        read = personnel.read(given, _units(held, parts), _people(held, parts), held.key, held.whose)
        if not parts and not any(part.cells.rows.size for part in read):
            raise ReadingError(_no_personnel(given))
        parts.extend(read)
    return _each_key_once(parts), [*stray, *given.findings]


def _tables(paths: Sequence[Path], map_path: Path | None) -> tuple[list[Checked], list[Finding]]:
    blocks = mapping.load(map_path) if map_path else None
    stray: list[Finding] = []
    parts: list[Checked] = []
    for path in paths:
        unread: list[Finding] = []
        known = [cells for sheet in reading.sheets(path) for cells in _cells(sheet, blocks, unread)]
        if not known:
            raise ReadingError(_nothing_known(path, map_path))
        if unread and (closed := next((cells.contract for cells in known if cells.contract.closed), None)):
            raise ReadingError(_nothing_beside(path, closed, unread))
        stray.extend(unread)
        parts.extend(map(check, known))
    return parts, stray


def _whose(path: Path | None) -> dict[str, str]:
    """What people decided: a CSV with the columns file and person_id, in UTF-8."""
    if path is None:
        return {}
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        return {row["file"].strip(): row["person_id"].strip() for row in rows}
    except (OSError, ValueError, KeyError, AttributeError, csv.Error) as error:
        message = f"{path} cannot be read; it is a CSV in UTF-8 with the columns file and person_id."
        raise ReadingError(message) from error


def _units(held: Held, parts: Sequence[Checked]) -> Iterator[Unit]:
    for table in held.rows("unit", parts, ["unit_id", "name", "parent_id", "body", "organ"]):
        yield from (Unit(*row.values()) for row in table.to_pylist())


def _people(held: Held, parts: Sequence[Checked]) -> Iterator[Person]:
    for table in held.rows("member", parts, ["person_id", "name", "sex", "birth"]):
        columns = (table[name].to_pylist() for name in table.column_names)
        for code, name, sex, birth in zip(*columns, strict=True):
            yield Person(code, matching.same_name(name), sex, (birth or 0) // 100)


def _kept_key(store: Store) -> bytes:
    """The key of the store, made at the first need; two who need it at once get the same one."""
    store.root.mkdir(parents=True, exist_ok=True)
    with _locked(store.root / "person.lock"):
        if not store.key_path.is_file():
            fresh = store.key_path.with_suffix(".fresh")
            fresh.touch(mode=0o600)
            _write_through(fresh, secrets.token_hex(KEY_BYTES))
            fresh.replace(store.key_path)
    return _read_key(store.key_path)


def _read_key(path: Path) -> bytes:
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if not re.fullmatch(f"[0-9a-f]{{{2 * KEY_BYTES}}}", text):
        message = f"{path} is damaged, and with another one nobody would be known again; bring it back from a copy."
        raise LandingError(message)
    return bytes.fromhex(text)


def _no_personnel(given: Bundle) -> str:
    return f"{given.name} holds no personnel file (.lrmx, .lrm) and no table. 没有任免审批表或表格。"


def _nothing_known(path: Path, map_path: Path | None) -> str:
    if map_path:
        return f"{path.name} holds nothing that {map_path.name} knows."
    return f"{path.name} holds nothing that any contract knows; give it the headings of `python -m data template`."


def _nothing_beside(path: Path, closed: contract.Contract, unread: Sequence[Finding]) -> str:
    sheets = "、".join(finding.sheet for finding in unread)
    return (
        f"{path.name}: {closed.title_zh}所在文件不得含无法识别的工作表“{sheets}”，文件未接收。"
        f" A file with {closed.title_en} holds no sheet that no source knows ({sheets});"
        " delete it and send the file again."
    )


def _cells(sheet: Sheet, blocks: Sequence[mapping.Block] | None, stray: list[Finding]) -> list[Cells]:
    if blocks is None:
        cells = reading.recognise(sheet)
        known = [] if cells is None else [cells]
    else:
        known = [mapping.translate(block, sheet) for block in blocks if mapping.applies(block, sheet)]
    if not known:
        stray.append(reading.unrecognised(sheet))
    return known


def _each_key_once(parts: Sequence[Checked]) -> list[Checked]:
    by_source = ([part for part in parts if part.cells.contract.source == source] for source in contract.SOURCES)
    return [part for same in by_source for part in unrepeated(same)]


def _report(
    parts: Sequence[Checked],
    stray: Sequence[Finding],
    *,
    batch_id: str | None = None,
    month: int | None = None,
    path: Path | None = None,
) -> Report:
    findings = (*stray, *(finding for part in parts for finding in part.findings))
    return Report(tuple(map(_count, parts)), findings, batch_id, month, path)


def _count(part: Checked) -> Count:
    cells = part.cells
    rejected = int(np.count_nonzero(~np.isin(cells.rows, part.rows)))
    return Count(cells.file, cells.sheet, cells.contract.source, len(cells.rows), part.table.num_rows, rejected)


def _data_month(manifest: Manifest, parts: Sequence[Checked], *, replace: bool) -> int | None:
    starts = [pc.max(part.table["start"]).as_py() for part in parts if part.cells.contract.source == "posting"]
    months = [start // 100 for start in starts if start]
    known = manifest.month and not manifest.invented
    earlier = [manifest.month] if known and not (replace and months) else []
    return max([*months, *earlier], default=None)


def write_findings(findings: Sequence[Finding], path: Path) -> None:
    """Write findings as a CSV that a spreadsheet opens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in dataclasses.fields(Finding))
        writer.writerows(map(spreadsheet.disarmed, dataclasses.astuple(finding)) for finding in findings)


def _conform(source: str, table: pa.Table, schema: pa.Schema) -> pa.Table:
    if set(table.column_names) != set(schema.names):
        message = (
            f"{source} needs the columns {', '.join(schema.names)}; the table has {', '.join(table.column_names)}."
        )
        raise LandingError(message)
    try:
        return table.select(schema.names).cast(schema)
    except pa.ArrowException as error:
        message = f"{source} does not fit its contract: {error}"
        raise LandingError(message) from error


def _new_id(store: Store) -> str:
    store.landed.mkdir(parents=True, exist_ok=True)
    kept = (path for room in (store.landed, store.inbox, store.findings) for path in room.glob("*"))
    last = max((int(path.stem) for path in kept if path.stem.isdecimal()), default=0)
    while True:
        last += 1
        with contextlib.suppress(FileExistsError):
            (store.landed / f"{last:04d}").mkdir()
            return f"{last:04d}"


def _withdraw(store: Store, batch_id: str) -> None:
    """Remove all that a batch made, unless it is visible; its folder under landed/ goes last, as it holds the id."""
    if batch_id in {batch.id for batch in store.manifest().batches}:
        return
    with contextlib.suppress(OSError):
        store.findings_of(batch_id).unlink(missing_ok=True)
    for room in (store.inbox, store.landed):
        shutil.rmtree(room / batch_id, ignore_errors=True)


def _receive(inbox: Path, received: Sequence[Path]) -> None:
    inbox.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(received, start=1):
        taken = (inbox / path.name).exists()
        shutil.copyfile(path, inbox / (f"{number}-{path.name}" if taken else path.name))


def _commit(store: Store, landed: Batch) -> None:
    with _locked(store.landed / "manifest.lock"):
        batches = (*store.manifest().batches, landed)
        text = json.dumps({"batches": [dataclasses.asdict(each) for each in batches]}, indent=1, ensure_ascii=False)
        fresh = store.manifest_path.with_suffix(".fresh")
        try:
            _write_through(fresh, text)
            fresh.replace(store.manifest_path)
        finally:
            fresh.unlink(missing_ok=True)


def _write_through(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _locked(lock: Path) -> Iterator[None]:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            lock.mkdir()
            break
        except FileExistsError:
            if time.monotonic() > deadline:
                message = f"Another batch is landing in this store. If none is, remove the folder {lock} and try again."
                raise LandingError(message) from None
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.rmdir()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
