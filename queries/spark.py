"""A build that is past one machine: the same statements on Apache Spark, and what they make put into the warehouse.

Spark reads what has landed where it lies and writes every relation and mart as Parquet beside the build, which is then
filled from that: every machine of the cluster finds the store under the same path. What draws lots is made on this
machine, which the key of the store never leaves.
"""

import contextlib
import importlib
import re
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from data import contract, landed, sealing
from data.store import Manifest
from queries import statements
from queries.building import Maker, Progress
from queries.warehouse import WarehouseError

LOCK = "`pip install --require-hashes -r requirements-spark.lock`"
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.cteRecursionLevelLimit": "-1",
    "spark.sql.cteRecursionRowLimit": "-1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}
"""What the statements rely on; all else, such as memory, is Spark's own: `spark-defaults.conf` in SPARK_CONF_DIR."""
AT_ONCE = 4
"""Relations that are made at the same time, where none of them reads another: small ones leave a cluster idle."""
MACRO = re.compile(r"create macro (\w+)\(([^)]*)\) as\s+(.*?);", re.DOTALL)
CALLED = re.compile(r"(\w+)\(")
DRAWS = "lot"


def maker(master: str) -> Maker:
    """A maker that has the statements run by the Spark at `master` (spark://host:7077, local[2]).

    WarehouseError where Spark is not installed, does not answer or does not take a statement, and where the store is
    sealed, as Spark does not read what is.
    """

    def make(connection: duckdb.DuckDBPyConnection, manifest: Manifest, progress: Progress) -> None:
        if sealing.key() is not None:
            raise _sealed()
        folder = _folder(connection)
        with _session(master, folder) as session:
            _Making(session, connection, folder).make(manifest, progress)

    return make


def helpers() -> dict[str, str]:
    """Every helper that relations and marts call, directly or through another, as a function of whole numbers."""
    macros = {name: (takes, body) for name, takes, body in MACRO.findall(statements.MACROS)}
    found, open_ = (
        set[str](),
        {name for made in statements.built_from() for name in _calls(statements.of(made).sql)},
    )
    while open_ := (open_ & macros.keys()) - found:
        found |= open_
        open_ = {name for helper in open_ for name in _calls(macros[helper][1])}
    return {
        name: f"{name}({', '.join(f'{word.strip()} bigint' for word in takes.split(','))}) returns bigint return {body}"
        for name, (takes, body) in macros.items()
        if name in found
    }


def _calls(sql: str) -> set[str]:
    return set(CALLED.findall(sql))


class _Making:
    """One build: Spark's session, the connection that is filled, and the folder in which they hand tables over."""

    def __init__(self, session: Any, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.session, self.connection, self.folder = session, connection, folder

    def make(self, manifest: Manifest, progress: Progress) -> None:
        self._define()
        self._give(manifest)
        order = TopologicalSorter(statements.built_from())
        order.prepare()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            running: dict[Future[None], str] = {}
            while order.is_active():
                for relation in order.get_ready():
                    progress(relation)
                    running[pool.submit(self._write, relation)] = relation
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    future.result()
                    relation = running.pop(future)
                    self._take(relation)
                    order.done(relation)

    def _define(self) -> None:
        """Define the helpers; one that calls no other may be called as a function that Spark has."""
        known = helpers()
        leaves = {name for name, body in known.items() if not _calls(body) & (known.keys() - {name})}
        for names in (leaves, known.keys() - leaves):
            for name in (name for name in known if name in names):
                self.session.sql(f"create temporary function {known[name]}")
            self.session.sql("set spark.sql.functionResolution.sessionOrder = first")

    def _give(self, manifest: Manifest) -> None:
        """Give Spark what has landed where it lies, and rules, findings and the build itself as files."""
        self.session.sql("create schema given")
        for source in contract.SOURCES:
            if files := manifest.files(source):
                select = landed.rows(source, {file: _parquet(file) for file in files})
                self.session.sql(f"create view given.{source} as {select}")
        tables = "select table_name from duckdb_tables() where database_name = 'given'"
        for (table,) in self.connection.execute(tables).fetchall():
            file = self.folder / "given" / f"{table}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            self.connection.execute(f"copy given.{table} to '{_escaped(file)}'")
            self.session.sql(f"create view given.{table} as select * from {_parquet(file)}")

    def _write(self, relation: str) -> None:
        if not self._is_drawn(relation):
            rows = self.session.sql(statements.of(relation).sql)
            rows.write.parquet(str(self.folder / relation))
            self._show(relation)

    def _take(self, relation: str) -> None:
        if self._is_drawn(relation):
            statements.make(self.connection, relation)
            (self.folder / relation).mkdir()
            self.connection.execute(f"copy {relation} to '{_escaped(self.folder / relation)}/drawn.parquet'")
            self._show(relation)
        elif self._is_kept(relation):
            columns = ", ".join(
                f'cast("{column.name}" as {column.type}) as "{column.name}"'
                for column in statements.of(relation).columns
            )
            files = f"'{_escaped(self.folder / relation)}/*.parquet'"
            statements.make(self.connection, relation, f"select {columns} from read_parquet({files})")

    def _show(self, relation: str) -> None:
        self.session.read.parquet(str(self.folder / relation)).createOrReplaceTempView(relation)

    def _is_drawn(self, relation: str) -> bool:
        return DRAWS in _calls(statements.of(relation).sql)

    def _is_kept(self, relation: str) -> bool:
        """Whether the warehouse needs it: for those who ask, or for what is drawn."""
        read = {read for other, reads in statements.built_from().items() if self._is_drawn(other) for read in reads}
        return relation in read or statements.of(relation).scope != "build"


@contextlib.contextmanager
def _session(master: str, folder: Path) -> Iterator[Any]:
    """A session of the Spark at `master`, which ends with the block; WarehouseError for all that Spark raises in it."""
    try:
        sql, errors, java = (
            importlib.import_module(name) for name in ("pyspark.sql", "pyspark.errors", "py4j.protocol")
        )
    except ImportError as error:
        raise _not_installed() from error
    try:
        builder = sql.SparkSession.builder.master(master).appName("cadre")
        for name, value in {**SETTINGS, "spark.sql.warehouse.dir": str(folder)}.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()
    except (errors.PySparkException, java.Py4JError) as error:
        raise _failed(master, error) from error


def _folder(connection: duckdb.DuckDBPyConnection) -> Path:
    """A folder beside the file that is filled, which goes with it where the build is broken off or done."""
    rows = connection.execute("select path from duckdb_databases() where database_name = current_database()").fetchall()
    return Path(f"{rows[0][0]}.spark")


def _parquet(file: Path) -> str:
    return "parquet.`" + str(file).replace("`", "``") + "`"


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def _not_installed() -> WarehouseError:
    return WarehouseError(
        f"A build on Spark needs pyspark and Java 17: `make spark` (or {LOCK}) and a package of your system; or leave "
        f"--engine out. 使用 Spark 重建需要 pyspark 和 Java 17：运行 `make spark`（或 {LOCK}），并用系统软件包安装 "
        "Java；也可不加 --engine。"
    )


def _sealed() -> WarehouseError:
    return WarehouseError(
        "Spark does not read a sealed store; leave --engine out. Spark 无法读取加密的数据目录，请不加 --engine。"
    )


def _failed(master: str, error: Exception) -> WarehouseError:
    told = str(getattr(error, "java_exception", error)).strip().splitlines()
    return WarehouseError(
        f"Spark at {master} did not make the build ({told[0] if told else type(error).__name__}); see that it runs and "
        f"that each of its machines finds the store under this path, or leave --engine out. "
        f"Spark（{master}）未能完成重建；请确认其正在运行，且各节点能以相同路径访问数据目录，或不加 --engine。"
    )
