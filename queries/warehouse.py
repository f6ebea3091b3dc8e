"""The warehouse: built once from what has landed, never changed, and opened for one viewer at a time."""

import contextlib
import functools
import hashlib
import hmac
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

import queries
from data import amendments, batches, contract, digest, engine, history, keeping, key, landed, month, policy, sealing
from data.access import Viewer
from data.batches import LandingError
from data.history import Event, HistoryError
from data.store import Manifest, Store, StoreError
from queries import carried, checksums, gate, pruning

BUILD_NAME_LENGTH = 12
PREVIEW_SECONDS = 86_400
UNFINISHED = ".building"
LOCK_SECONDS = 3600.0
REFUSED = (OSError, duckdb.OperationalError, duckdb.FatalException)
"""How a disk that takes no more is told of; the last is DuckDB's when it would finish a file."""
MACROS = """
create macro months_between(earlier, later) as
    (cast(floor(later / 100) as integer) * 12 + cast(mod(later, 100) as integer))
    - (cast(floor(earlier / 100) as integer) * 12 + cast(mod(earlier, 100) as integer));
create macro days_to(year, month, day) as
    365 * year + floor(year / 4) - floor(year / 100) + floor(year / 400) + floor((month * 306 + 5) / 10) + day;
create macro day_number(day) as cast(days_to(
    floor(day / 10000) - case when mod(floor(day / 100), 100) < 3 then 1 else 0 end,
    mod(greatest(mod(floor(day / 100), 100), 1) + 9, 12), greatest(mod(day, 100), 1)) as integer);
create macro wilson_low(hits, people) as case when people > 0 then greatest(0.0::double,
    (hits + 1.9207294103470447e0 - 1.959963984540054e0
    * sqrt(hits * (people - hits)::double / people + 0.9603647051735224e0))
    / (people + 3.8414588206940894e0)) end;
create macro wilson_high(hits, people) as case when people > 0 then least(1.0::double,
    (hits + 1.9207294103470447e0 + 1.959963984540054e0
    * sqrt(hits * (people - hits)::double / people + 0.9603647051735224e0))
    / (people + 3.8414588206940894e0)) end;
create macro newcombe_low(hits, people, other_hits, others) as
    hits / people::double - other_hits / others::double - sqrt(
    power(hits / people::double - wilson_low(hits, people), 2)
    + power(wilson_high(other_hits, others) - other_hits / others::double, 2));
create macro newcombe_high(hits, people, other_hits, others) as
    hits / people::double - other_hits / others::double + sqrt(
    power(wilson_high(hits, people) - hits / people::double, 2)
    + power(other_hits / others::double - wilson_low(other_hits, others), 2));
create macro withheld(people, tie, side, least) as people < least or (
    min(people) over (partition by side) < least and (
    row_number() over (partition by side order by people, tie) <= 2
    or coalesce(sum(people) over (
        partition by side order by people, tie rows between unbounded preceding and 1 preceding), 0) < least));
create macro add_months(month, months) as
    cast(floor((floor(month / 100) * 12 + mod(month, 100) - 1 + months) / 12) as integer) * 100
    + cast(mod(cast(floor(month / 100) * 12 + mod(month, 100) as integer) - 1 + months, 12) as integer) + 1;
create macro last_day_number(day) as case
    when mod(day, 100) > 0 then day_number(day)
    when mod(floor(day / 100), 100) > 0 then day_number(add_months(floor(day / 100), 1) * 100 + 1) - 1
    else day_number((floor(day / 10000) + 1) * 10000) - 1 end;
"""
READ_ONLY: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


CHOICES = {
    "body": "unit.body",
    "organ": "unit.organ",
    "tier": "age_target.tier",
    "from_body": "unit.body",
    "level": "posting.level",
    "role": "posting.role",
    "sex": "member.sex",
    "item": "welfare_use.item",
    "reserve": "reserve.kind",
}
MONTHS = ("as_of", "since", "until")
NUMBERS = ("line", "min_group", "year")
COUNTED_BY_MONTH = {"target_month", "ladder", "month"}
CODES = {
    "unit": "select unit_id from whole.unit",
    "target": "select target_id from whole.age_target",
    "group": "select distinct peer_group from whole.assessment_place",
    "rule": "select rule_id from whole.rotation_rule",
    "programme": "select programme_id from whole.programme",
    "doubt": "select rule_id from whole.record_rule",
    "band": "select band_id from whole.age_band",
}


NAMED = {"person_id", "name"}
"""The columns by which an answer lists people one by one."""
RECORD = "record"
"""The column that calls a record by its key."""
NO_LIMIT = 99
"""Filters that an open question takes where no rule is in force; there are no open figures then."""
PART = "part"
MADE = {"build", "finding", PART}
"""What a build is given beside sources and rules."""
PARTS, LARGE = 12, 5_000_000
"""In how many parts a relation that reads `given.part` is made where some source has more rows than LARGE: what is
sorted and joined of a part stays in memory, which of the whole of a nation would fill the disk."""


Progress = Callable[[str], None]
Maker = Callable[[duckdb.DuckDBPyConnection, Manifest, Progress], None]
"""Fills the schema `whole` of a connection with every relation and mart, from what its schema `given` holds."""


class WarehouseError(RuntimeError):
    """A warehouse that cannot be built or opened."""


def here(connection: duckdb.DuckDBPyConnection, manifest: Manifest, progress: Progress) -> None:
    """The maker that needs no other machine: every statement runs on the connection, or its table is taken over."""
    taken = carried.same(connection)
    needed = carried.needed(taken)
    if max(map(manifest.rows, contract.SOURCES)) > LARGE:
        connection.execute("update given.part set parts = $parts", {"parts": PARTS})
    for relation in TopologicalSorter(built_from()).static_order():
        if relation in needed:
            progress(relation)
            make(connection, relation, f"from {carried.EARLIER}.whole.{relation}" if relation in taken else None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's rows, with everything needed to say where they come from.

    `withheld` is how many rows of a named list stay closed to the viewer: their own record and those of relatives.
    """

    query: queries.Query
    parameters: dict[str, Any]
    build_id: str
    data_month: int
    table: pd.DataFrame
    withheld: int = 0

    @property
    def names_people(self) -> bool:
        """Whether its rows name people."""
        return not self.table.empty and {*self.table.columns} >= NAMED


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
    with _refusal("The build", "数据版本", store):
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


def chosen(store: Store) -> Path | None:
    """The build that the store points at, whether it is there and whole or not; None before the first."""
    sealing.verify(store.root)
    pointer = store.pointer
    if not pointer.is_file():
        return None
    return store.warehouse / f"{pointer.read_text(encoding='utf-8', errors='replace').strip()}.duckdb"


def newest(store: Store) -> Path | None:
    """The build that is served: the chosen one, or while that is damaged or gone the whole one served last before it.

    None before the first, and where none is whole.
    """
    path = chosen(store)
    if path is None or checksums.is_whole(path):
        return path
    return next((other for other in _served_before(store) if other != path and opens(other)), None)


def opens(path: Path) -> bool:
    """Whether a build is there, whole, and of this version of the program."""
    try:
        return checksums.is_whole(path) and bool(facts(path))
    except WarehouseError:
        return False


def point(store: Store, name: str, who: str = "") -> None:
    """Serve a build that is there from now on; the history says who chose so."""
    served = chosen(store)
    if served and served.stem == name:
        return
    with (
        _refusal("The choice of a build", "所选数据版本", store),
        history.noted(store, Event.now(history.SERVED, name, who)),
    ):
        keeping.put(store.pointer, name, plain=True)


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
    connection.execute("set enable_progress_bar = false")
    gate.install(connection, secret)
    connection.execute(f"attach ':memory:' as given; create schema whole; {MACROS}")
    _give(connection, name, manifest, rules)
    _audit(connection, rules)
    carried.keep(connection, manifest, name, _fixed(secret))
    if earlier:
        engine.beside(connection, earlier, carried.EARLIER)
    maker(connection, manifest, progress)


class Warehouse:
    """One build as one viewer may see it: every table a question reads is a view of their rows only."""

    def __init__(self, path: Path, viewer: Viewer) -> None:
        """Open `path` read-only; connections to one path are shared, what a viewer sees is not."""
        self.path = path
        self.viewer = viewer
        self.build_id, self.data_month = facts(path)
        pruning.note_reading(path)

    def ask(self, name: str, **given: Any) -> Answer:
        """Ask the question `name` ("age_ladder/quota"); QueryError on a wrong name or parameter."""
        query = queries.load(name)
        parameters = query.bind(given)
        self._refuse_unknown_codes(parameters)
        self._refuse_months_after_the_calendar(query, parameters)
        if name.startswith(gate.TOPIC):
            gate.refuse_too_many(query, parameters, _filters(self.path))
        with _connection(self.path).cursor() as cursor:
            for relation in query.reads:
                cursor.execute(self._view(relation))
            table = self._rows_of(cursor, query.sql, parameters)
        return self._without_closed(Answer(query, parameters, self.build_id, self.data_month, table))

    def _without_closed(self, answer: Answer) -> Answer:
        """Leave out of a named list whose records stay closed to the viewer; nothing that is counted changes."""
        table = answer.table
        called = "person_id" if {*table.columns} >= NAMED else RECORD
        if not self.viewer.closed or called not in table:
            return answer
        opened = table[called].fillna("").map(self.viewer.opens).astype(bool)
        return replace(answer, table=table[opened].reset_index(drop=True), withheld=int((~opened).sum()))

    def _rows_of(self, cursor: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any]) -> pd.DataFrame:
        try:
            return cursor.execute(sql, parameters).df()
        except duckdb.Error as error:
            if checksums.is_whole(self.path, afresh=True):
                raise
            raise WarehouseError(_damaged(self.path)) from error

    def _refuse_months_after_the_calendar(self, query: queries.Query, parameters: dict[str, Any]) -> None:
        if not COUNTED_BY_MONTH.intersection(query.reads):
            return
        last = _last_month(self.path)
        for name in MONTHS:
            if (parameters.get(name) or 0) > last:
                message = (
                    f"{month.text(parameters[name])} lies after the last month that is counted, {month.text(last)}."
                )
                raise queries.QueryError(message)

    def _refuse_unknown_codes(self, parameters: dict[str, Any]) -> None:
        for name, value in parameters.items():
            if value is None:
                continue
            if name in CHOICES:
                contract.label(CHOICES[name], str(value), "en")
            if name in CODES and value not in _codes(self.path, name):
                message = f"There is no {name} {value!r} in this build."
                raise queries.QueryError(message)

    def _view(self, relation: str) -> str:
        query = built_query(relation)
        masked = (
            ""
            if self.viewer.names or not query.names
            else f" replace ({', '.join(f'null as {n}' for n in query.names)})"
        )
        return f"create temp view {relation} as select *{masked} from whole.{relation}{self._rows(query)}"

    def _rows(self, query: queries.Query) -> str:
        if self.viewer.sees_whole or query.scope == "open":
            return ""
        if query.scope == "everyone":
            return "" if self.viewer.units or not _is_of_people(query.name.split("/")[1]) else " where false"
        if query.scope != "unit_no":
            return " where false"
        units = ", ".join("'" + unit.replace("'", "''") + "'" for unit in self.viewer.units) or "null"
        return (
            " where unit_no in (select lower.unit_no from whole.unit as lower inner join whole.unit as upper"
            f" on lower.unit_no between upper.unit_no and upper.last_no where upper.unit_id in ({units}))"
        )


def open_for(path: Path, viewer: Viewer) -> Warehouse:
    """Open a build with the rights of `viewer`."""
    return Warehouse(path, viewer)


def typed(name: str, written: str) -> str | int:
    """A parameter's value from the way it is written: months as 2026-10, numbers in digits, all else is a code."""
    if name in MONTHS:
        return month.parse(written)
    return int(written) if name in NUMBERS else written


def finding_table(path: Path) -> pd.DataFrame:
    """What the contracts' checks found across everything that landed, rows that some answers leave out.

    One row a record and rule: source, rule, record, value, and the sentence in English (en) and Chinese (zh).
    """
    with _connection(path).cursor() as cursor:
        return cursor.execute("select * from whole.finding order by source, rule, record").df()


@functools.cache
def built_query(relation: str) -> queries.Query:
    """The statement of a relation or mart."""
    for name in queries.built():
        if name.split("/")[1] == relation:
            return queries.load(name)
    message = f"No relation or mart is called {relation!r}."
    raise queries.QueryError(message)


def _connection(path: Path) -> engine.Opened:
    """The one connection to a file; a new one where the file is another one than it was, as where it was made anew."""
    mark = digest.mark(path)
    if mark and _marks.setdefault(path, mark) != mark:
        _marks[path] = mark
        for kept in (_opened, _facts, _codes, _last_month):
            kept.cache_clear()
    return _opened(path)


@functools.lru_cache(maxsize=8)
def _opened(path: Path) -> engine.Opened:
    if path.exists() and not checksums.is_whole(path):
        raise WarehouseError(_damaged(path))
    try:
        return engine.read(path, READ_ONLY)
    except duckdb.Error as error:
        message = f"The warehouse {path.name} does not open ({error}); build it again with `python -m queries build`."
        raise WarehouseError(message) from error


def facts(path: Path) -> tuple[str, int]:
    """The id of a build and its data month (YYYYMM); WarehouseError where this version cannot open it."""
    _connection(path)
    return _facts(path)


@functools.lru_cache(maxsize=8)
def _facts(path: Path) -> tuple[str, int]:
    with _connection(path).cursor() as cursor:
        row = cursor.execute("select * from whole.build").fetchdf().to_dict("records")
    if not row or row[0].get("made_by") != _statements():
        message = f"The warehouse {path.name} is of another version; build it again with `python -m queries build`."
        raise WarehouseError(message)
    return str(row[0]["build_id"]), int(row[0]["data_month"])


@functools.lru_cache(maxsize=8)
def _codes(path: Path, name: str) -> frozenset[str]:
    with _connection(path).cursor() as cursor:
        return frozenset(code for (code,) in cursor.execute(CODES[name]).fetchall())


@functools.cache
def _is_of_people(relation: str) -> bool:
    """Whether anything of a person stands behind a relation, however far back."""
    kept = queries.given(built_query(relation).name)
    return any("person_id" in {column.name for column in contract.load(source).columns} for source in kept - MADE)


@functools.lru_cache(maxsize=8)
def _filters(path: Path) -> int:
    with _connection(path).cursor() as cursor:
        found = cursor.execute("select min(filters) from whole.open_rule").fetchone()
    return int(found[0]) if found and found[0] is not None else NO_LIMIT


@functools.lru_cache(maxsize=8)
def _last_month(path: Path) -> int:
    with _connection(path).cursor() as cursor:
        return int(cursor.execute("select max(month) from whole.month").fetchall()[0][0])


_marks: dict[Path, object] = {}


def _damaged(path: Path) -> str:
    return (
        f"The warehouse {path.name} is damaged; make it anew with `python -m queries build`. "
        f"数据版本 {path.stem} 的文件已损坏，请运行 python -m queries build 重新生成。"
    )


def _served_before(store: Store) -> list[Path]:
    """The builds that are there, those that were served last first."""
    served: list[str] = []
    with contextlib.suppress(ValueError):  # an unreadable history names none, and then the time of a file counts
        served = [event.what for event in reversed(history.of(store)) if event.kind == history.SERVED]
    order = {name: place for place, name in reversed([*enumerate(served)])}

    def place(path: Path) -> tuple[int, float]:
        return order.get(path.stem, len(served)), -path.stat().st_mtime

    return sorted(store.warehouse.glob("*.duckdb"), key=place)


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
    return _short_hash([manifest.fingerprint, _statements(), *written])


def _statements() -> str:
    """Name the statements that a build is made by: another version of them makes another build."""
    return _short_hash(
        [MACROS, *((queries.ROOM / f"{name}.sql").read_text(encoding="utf-8") for name in queries.built())]
    )


def _short_hash(texts: list[str]) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:BUILD_NAME_LENGTH]


def _refusal(en: str, zh: str, store: Store) -> AbstractContextManager[None]:
    return keeping.refusal(en, zh, store.warehouse, lambda en, zh: WarehouseError(f"{en} {zh}"), REFUSED)


@contextlib.contextmanager
def _alone(store: Store) -> Iterator[None]:
    """One builds at a time; WarehouseError where another builds for too long or the disk does not take it."""
    busy = f"Another build goes on in {store.root}; try again when it is done. 正在重建，请稍后再试。"
    try:
        with _refusal("The build", "数据版本", store):
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
    try:
        with engine.written(fresh) as connection:
            fill(connection, path.stem, manifest, rules, secret, progress, maker, _earlier(store))
            connection.execute("checkpoint")  # closing would do it too, and keep silent where the disk is full
        yield fresh
    finally:
        with contextlib.suppress(OSError):
            _clear(path.parent)


def _earlier(store: Store) -> Path | None:
    """The build that another takes over from: the served one, where it is whole and of this version."""
    path = newest(store)
    return path if path and opens(path) else None


def _fixed(secret: bytes) -> str:
    """What every table of a build hangs on: the helpers, and the key by which open figures are drawn, not told."""
    return hmac.digest(secret, MACROS.encode(), "sha256").hex()


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


def _give(connection: duckdb.DuckDBPyConnection, name: str, manifest: Manifest, rules: Mapping[str, pa.Table]) -> None:
    for source in contract.SOURCES:
        if files := _files(manifest, source):
            landed.give(connection, f"given.{source}", source, files)
        else:
            _give_table(connection, source, contract.load(source).arrow_schema.empty_table())
    for table, rows in rules.items():
        _give_table(connection, table, rows)
    connection.execute(
        "create table given.build as select $name as build_id, $made_by as made_by, $month::integer as data_month",
        {"name": name, "made_by": _statements(), "month": manifest.month},
    )
    connection.execute("create table given.part as select 0 as number, 1 as parts")


def _files(manifest: Manifest, source: str) -> tuple[Path, ...]:
    try:
        return manifest.files(source)
    except StoreError as error:
        raise WarehouseError(str(error)) from error


def _give_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("arrived", rows)
    connection.execute(f"create table given.{name} as from arrived")
    connection.unregister("arrived")


def _audit(connection: duckdb.DuckDBPyConnection, rules: Mapping[str, pa.Table]) -> None:
    """Run every contract's checks over all that has landed; what they find is given as a table of its own."""
    connection.execute("use given")
    connection.execute(
        "create table finding (source varchar, rule varchar, record varchar, value varchar, en varchar, zh varchar)"
    )
    for source in contract.names():
        for check in contract.load(source).checks:
            if check.when == "build" and not policy.is_own_check(check):
                connection.execute(
                    "insert into finding select $source, $rule, record, value,"
                    " replace($en, '{value}', value), replace($zh, '{value}', value)"
                    f" from ({check.sql})",
                    {"source": source, "rule": check.name, "en": check.en, "zh": check.zh},
                )
    for flaw in policy.broken(rules):
        found = [flaw.table, flaw.rule, flaw.record, flaw.value, flaw.en, flaw.zh]
        connection.execute("insert into finding values (?, ?, ?, ?, ?, ?)", found)
    connection.execute(f"use {_warehouse_catalog(connection)}.whole")


def _warehouse_catalog(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute("select database_name from duckdb_databases() where path is not null").fetchall()
    return f'"{rows[0][0]}"'


def built_from() -> dict[str, tuple[str, ...]]:
    """Every relation and mart of a build, and which of the others it reads."""
    made = [built_query(name.split("/")[1]) for name in queries.built()]
    return {
        query.name.split("/")[1]: tuple(read for read in query.reads if not read.startswith("given.")) for query in made
    }


def make(connection: duckdb.DuckDBPyConnection, relation: str, select: str | None = None) -> None:
    """Make a relation or mart of what its own statement gives, or another `select`; of scope build, until it closes."""
    query = built_query(relation)
    table = f"temp table {relation}" if query.scope == "build" else f"table whole.{relation}"
    ((parts,),) = connection.execute("select parts from given.part").fetchall()
    if select or parts == 1 or f"given.{PART}" not in query.reads:
        connection.execute(f"create {table} as {select or query.sql}")
        return
    connection.execute(f"create {table} as {query.sql} with no data")
    for number in range(parts):
        connection.execute("update given.part set number = $number", {"number": number})
        connection.execute(f"insert into {relation} {query.sql}")
