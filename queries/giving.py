"""What a build is given: all that has landed, the rules in force, and what the contracts' checks find in both."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from data import contract, landed, policy
from data.store import Manifest, StoreError
from queries import statements
from queries.warehouse import WarehouseError

GIVEN = "given"


def give(connection: duckdb.DuckDBPyConnection, name: str, manifest: Manifest, rules: Mapping[str, pa.Table]) -> None:
    """Attach the database `given` with every source, every rule, and the `name` and data month of the build."""
    connection.execute(f"set enable_progress_bar = false; attach ':memory:' as {GIVEN}")
    for source in contract.SOURCES:
        if files := _files(manifest, source):
            landed.give(connection, f"{GIVEN}.{source}", source, files)
        else:
            _give_table(connection, source, contract.load(source).arrow_schema.empty_table())
    for table, rows in rules.items():
        _give_table(connection, table, rows)
    connection.execute(
        "create table given.build as select $name as build_id, $made_by as made_by, $month::integer as data_month",
        {"name": name, "made_by": statements.version(), "month": manifest.month},
    )
    connection.execute("create table given.part as select 0 as number, 1 as parts")


def audit(connection: duckdb.DuckDBPyConnection, rules: Mapping[str, pa.Table]) -> None:
    """Run every contract's checks over all that is given; what they find is given as a table of its own."""
    ((database, schema),) = connection.execute("select current_database(), current_schema()").fetchall()
    connection.execute(f"use {GIVEN}")
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
    connection.execute(f'use "{database}"."{schema}"')


def _files(manifest: Manifest, source: str) -> tuple[Path, ...]:
    try:
        return manifest.files(source)
    except StoreError as error:
        raise WarehouseError(str(error)) from error


def _give_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("arrived", rows)
    connection.execute(f"create table {GIVEN}.{name} as from arrived")
    connection.unregister("arrived")
