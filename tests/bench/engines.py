"""What one would take instead of this program, on the same rows: DuckDB without marts, Polars, SQLite, PostgreSQL."""

import contextlib
import functools
import importlib.util
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

import duckdb
import pandas as pd

from data.speeds import Row
from tests.bench import clock, shared_sql
from tests.bench.polars_way import Frames
from tests.bench.question import Way

Tables = Mapping[str, duckdb.DuckDBPyRelation]
Ask = Callable[[str], pd.DataFrame]
ROWS_AT_ONCE = 100_000
LARGEST = 1_000_000
"""The largest city for which rows are also put into SQLite and PostgreSQL, and those of LONG tables in memory."""
LONG = ("grades", "welfare")
"""The tables with several rows a person and year, which of ten million people do not fit memory beside the others."""
TYPES = {"INTEGER": "integer", "BIGINT": "bigint", "DOUBLE": "double precision", "VARCHAR": "varchar"}
PLACES = "/usr/lib/postgresql/*/bin"
POSTGRES = ("fsync=off", "shared_buffers=1GB", "work_mem=512MB", "listen_addresses=", "max_wal_size=8GB")
ACCOUNT = "postgres"
PATIENCE = 60.0


def fits(people: int, table: str) -> bool:
    """Whether the rows of a table are also held in memory, in a city so large."""
    return people <= LARGEST or table not in LONG


def holding(most: str) -> AbstractContextManager[object]:
    """While this holds, every DuckDB that is opened writes to disk beyond so much memory ("12GB")."""
    connect = duckdb.connect

    def bounded(
        to: str | Path = ":memory:", *, read_only: bool = False, config: Mapping[str, Any] = MappingProxyType({})
    ) -> duckdb.DuckDBPyConnection:
        return connect(to, read_only=read_only, config={**config, "memory_limit": most})

    return mock.patch.object(duckdb, "connect", bounded)


class LeftOutError(RuntimeError):
    """An engine that is not on this machine, and how to get it."""


class Engines:
    """The engines that are there, each with the rows in tables of its own; `rows` say what loading them took."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, given: Mapping[str, Any], people: int) -> None:
        """Take the rows from an open build, for questions asked of `given`."""
        self.rows: list[Row] = []
        self.given = given
        self.exported = {name: sql for name, sql in shared_sql.EXPORTED.items() if fits(people, name)}
        texts = shared_sql.questions(given)
        self.texts = {name: text for name, text in texts.items() if fits(people, shared_sql.READS[name])}
        self._open = ExitStack()
        self._asks: dict[str, Ask] = {}
        self._frames: Frames | None = None
        tables = self._exported(connection)
        self.counts = {name: rows.num_rows for name, rows in tables.items()}
        for name, load in {"DuckDB": _duckdb, "SQLite": _sqlite, "PostgreSQL": _postgres}.items():
            if people <= LARGEST or name == "DuckDB":
                self._try(name, lambda load=load: load(self._open, tables))  # type: ignore[misc]
            else:
                self.rows.append(_left_out(name, f"above {LARGEST:,} people: loading takes longer than all the rest"))
        self._try("Polars", lambda: self._take_frames(tables))

    def _exported(self, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
        def asked(text: str) -> Any:
            named = {name: value for name, value in self.given.items() if f"${name}" in text}
            return connection.execute(text, named).to_arrow_table()

        return {name: asked(text) for name, text in self.exported.items()}

    def _take_frames(self, tables: Mapping[str, Any]) -> None:
        if importlib.util.find_spec("polars") is None:
            message = "not installed: pip install -r tests/bench/requirements.txt"
            raise LeftOutError(message)
        self._frames = Frames(tables, self.given)

    def _try(self, name: str, load: Callable[[], Ask | None]) -> None:
        """Load an engine; where it is not there, say so."""
        try:
            start = time.perf_counter()
            ask, grown = clock.growth(load)
        except LeftOutError as error:
            self.rows.append(_left_out(name, str(error)))
            return
        if ask is not None:
            self._asks[name] = ask
        self.rows.append(Row("tables of its own", name, time.perf_counter() - start, memory=grown))

    def ways(self, question: str) -> dict[str, Way]:
        """The ways to a question's answer."""
        if question not in self.texts:
            return {}
        found: dict[str, Way] = {name: functools.partial(ask, self.texts[question]) for name, ask in self._asks.items()}
        return {**found, "Polars": self._frames.ways()[question]} if self._frames else found

    def close(self) -> None:
        """Stop what was started, and remove its files."""
        self._open.close()


def _left_out(name: str, why: str) -> Row:
    return Row("tables of its own", name, remark=f"left out, {why}")


def _duckdb(opened: ExitStack, tables: Mapping[str, Any]) -> Ask:
    connection = opened.enter_context(duckdb.connect())
    connection.execute("set enable_progress_bar = false")
    for name, rows in tables.items():
        connection.register("arrived", rows)
        connection.execute(f"create table {name} as from arrived")
        connection.unregister("arrived")
    return lambda text: connection.execute(text).df()


def _sqlite(opened: ExitStack, tables: Mapping[str, Any]) -> Ask:
    folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="bench-sqlite-"))
    connection = opened.enter_context(contextlib.closing(sqlite3.connect(Path(folder) / "city.sqlite")))
    connection.executescript("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000;")
    for name, rows in tables.items():
        marks = ", ".join("?" * rows.num_columns)
        connection.execute(_created(name, rows))
        for part in rows.to_batches(ROWS_AT_ONCE):
            connection.executemany(f"insert into {name} values ({marks})", zip(*part.to_pydict().values(), strict=True))
    for index in (*shared_sql.INDEXES, "analyze"):
        connection.execute(index)
    connection.commit()
    return lambda text: _table(connection.execute(text))


def _created(name: str, rows: Any) -> str:
    made = duckdb.from_arrow(rows.slice(0, 0))
    columns = [f"{column} {TYPES[str(kind)]}" for column, kind in zip(made.columns, made.types, strict=True)]
    return f"create table {name} ({', '.join(columns)})"


def _table(cursor: Any) -> pd.DataFrame:
    return pd.DataFrame(cursor.fetchall(), columns=[column[0] for column in cursor.description])


def _postgres(opened: ExitStack, tables: Mapping[str, Any]) -> Ask:
    psycopg: Any = _psycopg()
    folder = opened.enter_context(_postgres_server())
    connection = opened.enter_context(psycopg.connect(host=folder, user=ACCOUNT, dbname="postgres", autocommit=True))
    cursor = connection.cursor()
    for name, rows in tables.items():
        cursor.execute(_created(name, rows))
        with cursor.copy(f"copy {name} from stdin (format csv)") as copy, tempfile.TemporaryDirectory() as made:
            file = Path(made) / "rows.csv"
            duckdb.from_arrow(rows).write_csv(str(file), header=False)
            with file.open("rb") as written:
                while part := written.read(1 << 20):
                    copy.write(part)
    for index in (*shared_sql.INDEXES, "vacuum analyze"):
        cursor.execute(index)
    return lambda text: _table(cursor.execute(text))


def _psycopg() -> Any:
    if importlib.util.find_spec("psycopg") is None:
        message = "not installed: pip install -r tests/bench/requirements.txt"
        raise LeftOutError(message)
    return importlib.import_module("psycopg")


@contextlib.contextmanager
def _postgres_server() -> Iterator[str]:
    """The folder in which a server of this run's own listens, gone when the block ends."""
    programs = sorted(Path("/").glob(PLACES.lstrip("/")))
    if not programs:
        message = "not installed: apt-get install postgresql"
        raise LeftOutError(message)
    account = {"user": ACCOUNT} if os.geteuid() == 0 else {}  # PostgreSQL refuses to be run by root
    held = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []  # it ends with us, however we end
    folder = tempfile.mkdtemp(prefix="bench-postgres-")
    if account:
        shutil.chown(folder, ACCOUNT)
    try:
        made = [programs[-1] / "initdb", "--auth=trust", f"--username={ACCOUNT}", "--no-sync", f"{folder}/city"]
        subprocess.run(
            [*map(str, made), "--locale=C", "--encoding=UTF8"], check=True, capture_output=True, cwd=folder, **account
        )  # type: ignore[call-overload]
        settings = [part for setting in (*POSTGRES, f"unix_socket_directories={folder}") for part in ("-c", setting)]
        command = [*held, str(programs[-1] / "postgres"), "-D", f"{folder}/city", *settings]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL, **account) as server:  # type: ignore[call-overload]
            try:
                _wait(Path(folder), server)
                yield folder
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder)


def _wait(folder: Path, server: "subprocess.Popen[bytes]") -> None:
    psycopg: Any = _psycopg()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(folder), user=ACCOUNT, dbname="postgres").close()
            return
        time.sleep(0.2)
    message = f"PostgreSQL does not answer in {folder}."
    raise RuntimeError(message)
