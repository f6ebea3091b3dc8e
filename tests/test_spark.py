"""A build on Apache Spark: its helpers, and who is told what where Spark cannot be asked."""

import sys
from pathlib import Path

import duckdb
import pytest

from data import policy, sealing
from data.store import Store
from queries import spark, warehouse
from queries.warehouse import WarehouseError


def fill(store: Store, file: Path) -> None:
    """Make every table of a store on Spark."""
    with duckdb.connect(file) as connection:
        rules = policy.all_tables(policy.FOLDER)
        warehouse.fill(connection, "making", store.manifest(), rules, b"any", maker=spark.maker("local[1]"))


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
