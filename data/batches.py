"""How a batch comes into the store: streamed to Parquet, and visible in one atomic step or not at all."""

import contextlib
import dataclasses
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data import contract, history, keeping, lake, sealing
from data.bundle import Received
from data.history import Event
from data.store import Batch, Part, Store

LOCK_SECONDS = 10.0
CLAIM_BYTES = 16


class LandingError(RuntimeError):
    """Something that keeps a batch from landing; nothing of it is visible."""


class OnlyInLakeError(LandingError, keeping.DoneElsewhereError):
    """A change that the shared lake has taken and this machine has not."""


class Writer:
    """An open batch: takes tables of any source in any order and streams them to Parquet."""

    def __init__(self, store: Store, batch_id: str) -> None:
        """Write under landed/<batch_id>, which exists and is empty."""
        self.store = store
        self.id = batch_id
        self._open: dict[str, pq.ParquetWriter] = {}
        self._files = contextlib.ExitStack()
        self._rows: dict[str, int] = {}

    def write(self, source: str, table: pa.Table) -> None:
        """Add rows to a source; LandingError where the columns are not those of its contract."""
        schema = contract.load(source).arrow_schema
        conformed = _conform(source, table, schema)
        if source not in self._open:
            path = self._path(source)
            sink = self._files.enter_context(keeping.sink(path, sealing.of(path)))
            self._open[source] = pq.ParquetWriter(sink, schema, compression="zstd")
            self._rows[source] = 0
        self._open[source].write_table(conformed)
        self._rows[source] += conformed.num_rows

    def close(self) -> None:
        """Finish the files."""
        with self._files, contextlib.ExitStack() as every:
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
    lands only where none has. LandingError where the disk does not take it.
    """
    if invented and not store.manifest().invented:
        message = (
            f"{store.root} holds real data; invent a city in another store (--store)."
            f" {store.root}中已有真实数据，请在其他目录（--store）生成示例。"
        )
        raise LandingError(message)
    with refusal(store):
        keeping.enter(store.root)
        writer = Writer(store, _new_id(store))
        try:
            with contextlib.closing(writer):
                _receive(store.inbox / writer.id, received)
                yield writer
            if parts := writer.parts():
                landed = Batch(writer.id, month, replace, parts, invented, tuple(digests))
                if shared := lake.of(store):
                    shared.send([landed])
                rewrite(store, lambda batches: (*batches, landed))
        except BaseException:
            _undo(store, writer.id)
            raise


def refusal(store: Store) -> AbstractContextManager[None]:
    """Say as a LandingError when the disk does not take a batch, or what comes before one."""
    return keeping.refusal("The batch", "本批数据", store.root, lambda en, zh: LandingError(f"{en} {zh}"))


@contextlib.contextmanager
def alone(store: Store, seconds: float) -> Iterator[None]:
    """Fill or build this store alone; LandingError where another process still does after so many seconds."""
    busy = "Another process fills or builds this store; try again later. 其他程序正在入库或重建，请稍后再试。"
    with _locked(store, "filling.lock", seconds, busy):
        yield


@contextlib.contextmanager
def locked(store: Store) -> Iterator[None]:
    """Change what has landed alone, for a moment; LandingError where another is at it for longer than LOCK_SECONDS."""
    busy = f"Another batch is landing in {store.root}; try again later. 其他批次正在入库，请稍后再试。"
    with _locked(store, "landing.lock", LOCK_SECONDS, busy):
        yield


@contextlib.contextmanager
def still(store: Store, seconds: float, *, entering: bool = True) -> Iterator[None]:
    """Let nothing land, be withdrawn or be built meanwhile, by whatever command; LandingError where that goes on.

    `entering` says whether the key in force is to fit the store.
    """
    busy = f"{store.root} is being filled or built; try again later. 正在入库或重建数据，请稍后再试。"
    with contextlib.ExitStack() as held:
        for name in ("filling.lock", "build.lock", "landing.lock"):
            held.enter_context(_locked(store, name, seconds, busy, entering=entering))
        yield


@contextlib.contextmanager
def _locked(store: Store, name: str, seconds: float, busy: str, *, entering: bool = True) -> Iterator[None]:
    with contextlib.ExitStack() as held:
        try:
            with keeping.writing(store.root):
                store.root.mkdir(parents=True, exist_ok=True)
                if entering:
                    keeping.enter(store.root)
                held.enter_context(keeping.locked(store.root / name, seconds, busy))
        except (keeping.BusyError, keeping.WriteError) as error:
            raise LandingError(str(error)) from error
        yield


def _conform(source: str, table: pa.Table, schema: pa.Schema) -> pa.Table:
    if set(table.column_names) != set(schema.names):
        message = (
            f"{source} needs the columns {', '.join(schema.names)}; the table has {', '.join(table.column_names)}."
            f" {source}的列与数据约定不符，未入库。"
        )
        raise LandingError(message)
    try:
        return table.select(schema.names).cast(schema)
    except pa.ArrowException as error:
        message = f"{source} does not fit its contract: {error}. {source}的内容与数据约定不符，未入库。"
        raise LandingError(message) from error


def _new_id(store: Store) -> str:
    store.landed.mkdir(parents=True, exist_ok=True)
    kept = (path for room in (store.landed, store.inbox, store.findings) for path in room.glob("*"))
    last = max((int(path.stem) for path in kept if path.stem.isdecimal()), default=0)
    shared = lake.of(store)
    while True:
        last += 1
        if shared and not shared.claim(f"{last:04d}", secrets.token_bytes(CLAIM_BYTES)):
            continue
        with contextlib.suppress(FileExistsError):
            (store.landed / f"{last:04d}").mkdir()
            return f"{last:04d}"


def _undo(store: Store, batch_id: str) -> None:
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
        keeping.copied(path, inbox / (f"{number}-{path.name}" if taken else path.name))


def rewrite(store: Store, change: Callable[[tuple[Batch, ...]], tuple[Batch, ...]]) -> None:
    """Change the list of batches in one atomic step, alone; what `change` raises leaves it as it was.

    OnlyInLakeError where the shared lake has taken the change and this machine's disk then does not.
    """
    with locked(store):
        shared = lake.of(store)
        batches = shared.change(change) if shared else change(store.manifest().batches)
        with _after_the_lake(store) if shared else contextlib.nullcontext():
            _list(store, batches)


def pull(store: Store) -> None:
    """Take over what other machines have landed; nothing where the store shares no lake. WriteError as `Lake.bring`."""
    shared = lake.of(store)
    if shared and shared.bring() != store.manifest().batches:
        with locked(store):
            _list(store, shared.bring())


@contextlib.contextmanager
def _after_the_lake(store: Store) -> Iterator[None]:
    """Say where this machine does not take what its lake already has."""
    try:
        yield
    except OSError as error:
        en, zh = keeping.why(error, store.root)
        message = (
            f"The shared lake has taken this change; this machine has not: {en} `python -m data pull` then brings it."
            f" 共享数据区已保存本次变动，本机尚未保存：{zh}处理后运行 python -m data pull 即可同步。"
        )
        raise OnlyInLakeError(message) from error


def _list(store: Store, batches: tuple[Batch, ...]) -> None:
    keeping.put(store.manifest_path, lake.listed(batches))


def withdraw(store: Store, batch_id: str, who: str = "") -> None:
    """Let a batch count for nothing from the next build on; LandingError where there is none that counts."""
    _mark(store, batch_id, history.WITHDRAWN, who)


def restore(store: Store, batch_id: str, who: str = "") -> None:
    """Let a withdrawn batch count again, at its old place; LandingError where there is none."""
    _mark(store, batch_id, history.RESTORED, who)


def _mark(store: Store, batch_id: str, kind: str, who: str) -> None:
    withdrawn = kind == history.WITHDRAWN

    def marked(batches: tuple[Batch, ...]) -> tuple[Batch, ...]:
        if not any(each.id == batch_id and each.withdrawn != withdrawn for each in batches):
            message = (
                f"No batch {batch_id!r} can be {kind} in {store.root}. 没有可{'撤回' if withdrawn else '恢复'}的批次。"
            )
            raise LandingError(message)
        return tuple(
            dataclasses.replace(each, withdrawn=withdrawn) if each.id == batch_id else each for each in batches
        )

    with history.noted(store, Event.now(kind, batch_id, who)):
        rewrite(store, marked)


def _digest(path: Path) -> str:
    """The SHA-256 of what a file holds, sealed or not; it is on the disk when this returns."""
    with path.open("r+b") as kept:
        os.fsync(kept.fileno())
    with sealing.opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
