"""Building: a warehouse is made once of what has landed and the rules in force, and never changed."""

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow as pa

from data import amendments, batches, contract, engine, history, keeping, key, policy
from data.batches import LandingError
from data.history import Event, HistoryError
from data.store import Manifest, Store
from queries import carried, checksums, gate, giving, pruning, statements
from queries.altering import altered
from queries.warehouse import WarehouseError, chosen, newest, opens, point, refusal

PREVIEW_SECONDS = 86_400
UNFINISHED = ".building"
LOCK_SECONDS = 3600.0
PARTS, LARGE = 12, 5_000_000
"""In how many parts a relation that reads `given.part` is made where some source has more rows than LARGE: what is
sorted and joined of a part stays in memory, which of the whole of a nation would fill the disk."""
Progress = Callable[[str], None]
Maker = Callable[[duckdb.DuckDBPyConnection, Manifest, Progress], None]
"""Fills the schema `whole` of a connection with every relation and mart, from what its schema `given` holds."""


def here(connection: duckdb.DuckDBPyConnection, manifest: Manifest, progress: Progress) -> None:
    """The maker that needs no other machine: every statement runs on the connection, or its table is taken over."""
    taken = carried.same(connection)
    needed = carried.needed(taken)
    if max(map(manifest.rows, contract.SOURCES)) > LARGE:
        connection.execute("update given.part set parts = $parts", {"parts": PARTS})
    for relation in TopologicalSorter(statements.built_from()).static_order():
        if relation in needed:
            progress(relation)
            statements.make(
                connection, relation, f"from {carried.EARLIER}.whole.{relation}" if relation in taken else None
            )


def build(
    store: Store,
    progress: Progress = lambda _: None,
    folder: Path = policy.FOLDER,
    who: str = "",
    maker: Maker = here,
) -> Path:
    """Build the warehouse of what has landed in `store` under its rules, `folder` as amended there; give its path.

    The file is named by its content: the same rows, rules and SQL give the same build, whoever is its `maker`, which is
    then not made again. It is served from then on; the history says that `who` had it made. Builds that nobody needs
    any more go.
    """
    with refusal("The build", "数据版本", store):
        batches.pull(store)
    manifest, rules = _whole_manifest(store), amendments.tables(store, folder)
    name = _build_name(manifest, rules)
    path = store.warehouse / f"{name}.duckdb"
    if chosen(store) != path or not checksums.is_whole(path):
        with _alone(store):
            if not checksums.is_whole(path):
                made_of = tuple(batch.id for batch in manifest.current)
                event = Event.now(history.BUILT, name, who, batches=made_of, month=manifest.month)
                with (
                    _tried_or_written(store, path, manifest, rules, progress, maker) as whole,
                    history.noted(store, event),
                ):
                    _put(whole, path)
            with contextlib.suppress(pruning.PruningError, HistoryError):  # `prune` says why none goes
                pruning.prune(store, path, newest(store))
            point(store, name, who)
    return path


def prune(store: Store) -> tuple[Path, ...]:
    """Delete the builds that nobody needs any more, and name them; PruningError where that cannot be told."""
    with _alone(store):
        return pruning.prune(store, chosen(store), newest(store))


def due(store: Store, folder: Path = policy.FOLDER) -> Path:
    """The build that what has landed and the rules in force give, whether it is made yet or not."""
    return store.warehouse / f"{_build_name(store.manifest(), amendments.tables(store, folder))}.duckdb"


def is_up_to_date(store: Store, folder: Path = policy.FOLDER) -> bool:
    """Whether what has landed has been built, and a build that opens is served: that one, or another by choice."""
    served = chosen(store)
    return served is not None and opens(served) and checksums.is_whole(due(store, folder))


def preview(store: Store, rules: Mapping[str, pa.Table], progress: Progress = lambda _: None) -> Path:
    """Make the warehouse that `build` would make under other rules, serve nobody from it, and give its path.

    Where these rules are then kept, `build` takes it over; what nobody kept goes after a day. One is made at a time.
    WarehouseError where the disk does not take it; nothing that is served is touched.
    """
    for old in store.previews.glob("*.duckdb"):
        # Where it is still open it may stay: some systems delete no open file.
        with contextlib.suppress(OSError):
            if abs(time.time() - old.stat().st_mtime) > PREVIEW_SECONDS:
                checksums.delete(old)
    manifest = _whole_manifest(store)
    name = _build_name(manifest, rules)
    built, tried = store.warehouse / f"{name}.duckdb", store.previews / f"{name}.duckdb"
    if checksums.is_whole(built):
        return built
    if not checksums.is_whole(tried):
        with _alone(store), _written(store, tried, manifest, rules, progress) as fresh:
            _put(fresh, tried)
    return tried


def fill(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    manifest: Manifest,
    rules: Mapping[str, pa.Table],
    secret: bytes,
    progress: Progress = lambda _: None,
    maker: Maker = here,
    earlier: Path | None = None,
) -> None:
    """Make every relation and mart in the empty file of `connection`; those of scope build go when it closes.

    The open figures are rounded by lots drawn with `secret`, which is kept nowhere in it. What would come out as in the
    `earlier` build is copied from it.
    """
    gate.install(connection, secret)
    connection.execute(f"create schema whole; {statements.MACROS}")
    giving.give(connection, name, manifest, rules)
    giving.audit(connection, rules)
    connection.execute("use whole")
    carried.keep(connection, carried.keys(connection, manifest, name, rules, secret), manifest)
    if earlier:
        engine.beside(connection, earlier, carried.EARLIER)
    maker(connection, manifest, progress)


def _whole_manifest(store: Store) -> Manifest:
    manifest = store.manifest()
    missing = [source for source in contract.REQUIRED if not manifest.parts(source)]
    if missing or manifest.month is None:
        lacking = ", ".join(missing) or "no month that the data stand at (--month)"
        named = "、".join(contract.load(source).title_zh for source in missing) or "数据年月"
        message = (
            f"Nothing to build in {store.root}: {lacking} has not landed. Use `python -m data land FILE`. "
            f"尚缺{named}，无法重建；补充入库后即可，已入库的数据不受影响。"
        )
        raise WarehouseError(message)
    return manifest


def _build_name(manifest: Manifest, rules: Mapping[str, pa.Table]) -> str:
    asked = sorted(rules.keys() - policy.ASKED_OF_READERS)
    written = [json.dumps(policy.rows(rules[name], name)) for name in asked]
    return statements.hashed([manifest.fingerprint, statements.version(), *written])[: statements.NAME_LENGTH]


@contextlib.contextmanager
def _alone(store: Store) -> Iterator[None]:
    """One builds at a time; WarehouseError where another builds for too long or the disk does not take it."""
    busy = f"Another build goes on in {store.root}; try again when it is done. 正在重建，请稍后再试。"
    try:
        with refusal("The build", "数据版本", store):
            store.warehouse.mkdir(parents=True, exist_ok=True)
            with keeping.locked(store.root / "build.lock", LOCK_SECONDS, busy):
                yield
    except keeping.BusyError as error:
        raise WarehouseError(str(error)) from error


@contextlib.contextmanager
def _tried_or_written(
    store: Store, path: Path, manifest: Manifest, rules: Mapping[str, pa.Table], progress: Progress, maker: Maker
) -> Iterator[Path]:
    """A whole build that was made as a preview, else a new one."""
    tried = store.previews / path.name
    if checksums.is_whole(tried):
        yield tried
    else:
        with _written(store, path, manifest, rules, progress, maker) as fresh:
            yield fresh


@contextlib.contextmanager
def _written(
    store: Store,
    path: Path,
    manifest: Manifest,
    rules: Mapping[str, pa.Table],
    progress: Progress,
    maker: Maker = here,
) -> Iterator[Path]:
    """A whole build beside the place where it is meant to stand, gone when the block ends.

    What an earlier one left when it was killed is nobody's, as one builds at a time, and goes too.
    """
    fresh, secret = path.with_suffix(UNFINISHED), _secret(store)
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear(path.parent)
    earlier = _earlier(store)
    try:
        if not (maker is here and earlier and _altered(fresh, earlier, manifest, rules, secret, progress)):
            with engine.written(fresh) as connection:
                fill(connection, path.stem, manifest, rules, secret, progress, maker, earlier)
                connection.execute("checkpoint")  # closing would do it too, and keep silent where the disk is full
        yield fresh
    finally:
        with contextlib.suppress(OSError):
            _clear(path.parent)


def _altered(
    fresh: Path, earlier: Path, manifest: Manifest, rules: Mapping[str, pa.Table], secret: bytes, progress: Progress
) -> bool:
    """Whether a copy of the earlier build became the new one; of more than memory holds, nothing of it is left."""
    try:
        return altered(fresh, earlier, fresh.stem, manifest, rules, secret, progress)
    except duckdb.OutOfMemoryException:
        _clear(fresh.parent)
        return False


def _earlier(store: Store) -> Path | None:
    """The build that another takes over from: the served one, where it is whole and of this version."""
    path = newest(store)
    return path if path and opens(path) else None


def _put(fresh: Path, path: Path) -> None:
    """Let a whole file be seen under the name of a build; its checksum is there before it."""
    checksums.write(path, fresh)
    fresh.replace(path)


def _secret(store: Store) -> bytes:
    try:
        return key.kept(store)
    except LandingError as error:
        raise WarehouseError(str(error)) from error


def _clear(folder: Path) -> None:
    for left in folder.glob(f"*{UNFINISHED}*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
