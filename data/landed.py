"""What has landed, as one SELECT a source: where batches share a key, the row of the later one is right."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from data import contract, sealing

SQL = {pa.string(): "string", pa.int32(): "integer", pa.bool_(): "boolean", pa.decimal128(9, 4): "decimal(9, 4)"}


def give(
    connection: duckdb.DuckDBPyConnection, name: str, source: str, files: Sequence[Path], *, copied: bool = False
) -> None:
    """Make `name` of all landed rows of a source from its Parquet files, oldest first; there is at least one file.

    It is a view of the files, or where it is to be `copied` or the files are sealed, a table.
    """
    sealed = {file: f"landed_{place}" for place, file in enumerate(files) if sealing.is_sealed(file)}
    for file, arrived in sealed.items():
        held = parquet.ParquetFile(sealing.opened(file))
        connection.register(arrived, pa.RecordBatchReader.from_batches(held.schema_arrow, held.iter_batches()))
        if file != files[0]:  # a stream is read once, and only the oldest file is
            connection.execute(f"create temp table {arrived}_kept as from {arrived}")
    kind = "table" if copied or sealed else "view"
    places = {file: _place(file, sealed, files[0]) for file in files}
    connection.execute(f"create {kind} {name} as {rows(source, places)}")
    for arrived in sealed.values():
        connection.execute(f"drop table if exists {arrived}_kept")
        connection.unregister(arrived)


def _place(file: Path, sealed: Mapping[Path, str], oldest: Path) -> str:
    if file not in sealed:
        return "read_parquet('" + str(file).replace("'", "''") + "')"
    return sealed[file] if file == oldest else f"{sealed[file]}_kept"


def rows(source: str, places: Mapping[Path, str]) -> str:
    """The SELECT of all landed rows of a source, from its files, oldest first, and the places to read them from.

    DuckDB takes it, and Spark where double quotes are about names. What is remembered of them while they stream by is
    only which keys came again later: the oldest costs nothing but its own reading, however large it is.
    """
    batches = [
        f"select {_columns(source, file)}, {number} as batch from {place}"
        for number, (file, place) in enumerate(places.items())
    ]
    names = [f'"{column.name}"' for column in contract.load(source).columns]
    key = [f'"{column}"' for column in contract.load(source).key]
    again = " union all ".join(f"select {', '.join(key)}, batch from ({batch})" for batch in batches[1:])
    if not again:
        return f"select {', '.join(names)} from ({batches[0]})"
    same = " and ".join(f"every.{column} is not distinct from again.{column}" for column in key)
    return (
        f"select {', '.join(f'every.{name}' for name in names)} from ({' union all '.join(batches)}) as every"
        f" left join (select {', '.join(key)}, max(batch) as last from ({again}) group by all) as again on {same}"
        " where every.batch >= coalesce(again.last, every.batch)"
    )


def _columns(source: str, file: Path) -> str:
    """The contract's columns; one that the contract had not yet when the file landed is its default, else empty."""
    had = set(parquet.read_schema(sealing.source(file)).names)
    return ", ".join(
        f'"{column.name}"' if column.name in had else f'{_default(column)} as "{column.name}"'
        for column in contract.load(source).columns
    )


def _default(column: contract.Column) -> str:
    value = "null" if column.default is None else "'" + str(column.default).replace("'", "''") + "'"
    return f"cast({value} as {SQL[column.arrow_type]})"
