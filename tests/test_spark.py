"""A build on Apache Spark: the same tables as one machine makes, and who is told what where Spark cannot be asked."""

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data import landing, policy, sealing
from data.store import Store
from queries import building, spark, statements, warehouse
from queries.warehouse import WarehouseError
from tests import cluster
from tests.conftest import CADRE, CADRE_MONTH

MISSING = cluster.missing()
needs_spark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))


def fill(store: Store, file: Path) -> None:
    """Make every table of a store on Spark."""
    with duckdb.connect(file) as connection:
        rules = policy.all_tables(policy.FOLDER)
        building.fill(connection, "making", store.manifest(), rules, b"any", maker=spark.maker("local[1]"))


def test_the_helpers_of_spark_are_those_that_built_statements_call() -> None:
    assert set(spark.helpers()) == {"months_between", "add_months", "days_to", "day_number", "last_day_number"}
    assert spark.helpers()["days_to"].startswith(
        "days_to(year bigint, month bigint, day bigint) returns bigint return 365"
    )


def test_without_spark_one_is_told_how_to_get_it(
    cadre_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(WarehouseError, match="pip install --require-hashes -r requirements-spark"):
        fill(cadre_store, tmp_path / "making.duckdb")


def test_a_sealed_store_is_not_handed_to_spark(
    cadre_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = cadre_store.manifest()
    monkeypatch.setattr(sealing, "key", lambda: b"any")
    with pytest.raises(WarehouseError, match="Spark does not read a sealed store"):
        spark.maker("local[1]")(duckdb.connect(tmp_path / "making.duckdb"), manifest, print)


@pytest.fixture(scope="module")
def twice(small_city: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The small city, and the twelve people as a later batch in it: built on DuckDB (here) and on Spark (there)."""
    folder = tmp_path_factory.mktemp("spark")
    here, there = Store(folder / "here"), Store(folder / "there")
    shutil.copytree(small_city.root, here.root, ignore=shutil.ignore_patterns("warehouse"))
    landing.land(here, sorted(CADRE.glob("*.csv")), month=CADRE_MONTH)
    shutil.copytree(here.root, there.root)
    building.build(here)
    (folder / "cluster").mkdir()
    with cluster.running(folder / "cluster") as running, both(here, there, running) as connection:
        yield connection


@contextlib.contextmanager
def both(here: Store, there: Store, running: cluster.Cluster) -> Iterator[duckdb.DuckDBPyConnection]:
    """One connection to the build that a store has and to the one that Spark makes of another."""
    running.build((there, policy.FOLDER))
    assert running.log.read_text(encoding="utf-8").count("Launching executor") == 2
    with duckdb.connect() as connection:
        for name, each in (("here", here), ("there", there)):
            connection.execute(f"attach '{warehouse.newest(each)}' as {name} (read_only)")
        yield connection


def differences(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows of a relation are in one build and not in the other, or have other sums of fractions.

    Neither engine adds fractions in a fixed order, so that these are alike to ten digits; all else is the same.
    """
    query = statements.of(relation)
    exact = ", ".join(f'"{column.name}"' for column in query.columns if column.type != "DOUBLE")
    rows = [f"select {exact} from {place}.whole.{relation}" for place in ("here", "there")]
    same = " and ".join(f"here.{name} is not distinct from there.{name}" for name in query.grain)
    apart = " or ".join(
        f"abs(here.{name} - there.{name}) > 1e-10 * greatest(abs(here.{name}), 1)"
        f" or (here.{name} is null) <> (there.{name} is null)"
        for name in (column.name for column in query.columns if column.type == "DOUBLE")
    )
    found = connection.execute(
        f"select (select count(*) from ({rows[0]} except all {rows[1]}))"
        f" + (select count(*) from ({rows[1]} except all {rows[0]}))"
        f" + (select count(*) from here.whole.{relation} as here inner join there.whole.{relation} as there on {same}"
        f" where {apart or 'false'})"
    ).fetchone()
    assert found
    return int(found[0])


@needs_spark
@pytest.mark.promise("spark.same")
def test_spark_makes_every_table_as_one_machine_does_cell_by_cell(
    twice: duckdb.DuckDBPyConnection,
) -> None:
    kept = [relation for relation in statements.built_from() if statements.of(relation).scope != "build"]
    assert {relation: differences(twice, relation) for relation in kept} == dict.fromkeys(kept, 0)


@needs_spark
def test_a_difference_of_one_cell_is_found(twice: duckdb.DuckDBPyConnection) -> None:
    path = "select path from duckdb_databases() where database_name = 'here'"
    (here,) = twice.execute(path).fetchone() or ("",)
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{here}' as here (read_only); attach ':memory:' as there; create schema there.whole"
        )
        connection.execute("create table there.whole.source_score as from here.whole.source_score")
        assert differences(connection, "source_score") == 0
        connection.execute("update there.whole.source_score set gap = gap + 1e-6 where rowid = 3")
        assert differences(connection, "source_score") == 1
        connection.execute("update there.whole.source_score set year = 1900 where rowid = 4")
        assert differences(connection, "source_score") == 3
