"""The warehouse: one build as one viewer may see it, and which build is served."""

import contextlib
import functools
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

import queries
from data import contract, digest, engine, history, keeping, month, sealing
from data.access import Viewer
from data.history import Event
from data.store import Store
from queries import checksums, frames, gate, pruning, statements

REFUSED = (OSError, duckdb.OperationalError, duckdb.FatalException)
"""How a disk that takes no more is told of; the last is DuckDB's when it would finish a file."""
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
LONG = {"outlook/posting"}
"""Questions that are answered by millions of rows of a nation, which are learnt from and not kept."""
NO_LIMIT = 99
"""Filters that an open question takes where no rule is in force; there are no open figures then."""


class WarehouseError(RuntimeError):
    """A warehouse that cannot be built or opened."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a question's rows that is asked for: some of its `columns`, in no order, or the first `most` rows."""

    columns: tuple[str, ...] = ()
    most: int | None = None

    def of(self, sql: str) -> str:
        """Write the statement that gives no more than the part."""
        if self.columns:
            return f"select {', '.join(self.columns)} from (\n{sql}\n)"
        return sql if self.most is None else f"{sql}\nlimit {self.most}"

    def out_of(self, table: pd.DataFrame) -> pd.DataFrame:
        """Take the part out of all rows."""
        return table[list(self.columns)] if self.columns else table.head(len(table) if self.most is None else self.most)


WHOLE = Part()


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
        refusal("The choice of a build", "所选数据版本", store),
        history.noted(store, Event.now(history.SERVED, name, who)),
    ):
        keeping.put(store.pointer, name, plain=True)


def refusal(en: str, zh: str, store: Store) -> AbstractContextManager[None]:
    """Raise WarehouseError, which names what was not done in both languages, where the disk does not take it."""
    return keeping.refusal(en, zh, store.warehouse, lambda en, zh: WarehouseError(f"{en} {zh}"), REFUSED)


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
        return self.ask_for(WHOLE, name, **given)

    def ask_for(self, part: Part, name: str, **given: Any) -> Answer:
        """Ask a question for a part of its rows.

        Where records are closed to the viewer, all rows are looked through for them before the part is taken.
        """
        query = queries.load(name)
        parameters = query.bind(given)
        self._refuse_unknown_codes(parameters)
        self._refuse_months_after_the_calendar(query, parameters)
        if name.startswith(gate.TOPIC):
            gate.refuse_too_many(query, parameters, _filters(self.path))
        with _connection(self.path).cursor() as cursor:
            for relation in query.reads:
                cursor.execute(self._view(relation))
            asked = query.sql if self.viewer.closed else part.of(query.sql)
            table = self._rows_of(name, cursor, asked, parameters)
        answer = self._without_closed(Answer(query, parameters, self.build_id, self.data_month, table))
        return replace(answer, table=part.out_of(answer.table)) if self.viewer.closed else answer

    def _without_closed(self, answer: Answer) -> Answer:
        """Leave out of a named list whose records stay closed to the viewer; nothing that is counted changes."""
        table = answer.table
        called = "person_id" if {*table.columns} >= NAMED else RECORD
        if not self.viewer.closed or called not in table:
            return answer
        opened = table[called].fillna("").map(self.viewer.opens).astype(bool)
        return replace(answer, table=table[opened].reset_index(drop=True), withheld=int((~opened).sum()))

    def _rows_of(
        self, name: str, cursor: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any]
    ) -> pd.DataFrame:
        try:
            asked = cursor.execute(sql, parameters)
            return frames.fetched(asked) if name in LONG else asked.df()
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
        query = statements.of(relation)
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
    if not row or row[0].get("made_by") != statements.version():
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
    kept = queries.given(statements.of(relation).name)
    return any(
        "person_id" in {column.name for column in contract.load(source).columns} for source in kept - statements.MADE
    )


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
