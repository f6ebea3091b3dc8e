"""What has landed, as one SELECT a source: where batches share a key, the row of the later one is right."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from data import contract, sealing

SQL = {pa.string(): "varchar", pa.int32(): "integer", pa.bool_(): "boolean", pa.decimal128(9, 4): "decimal(9, 4)"}


def give(
    connection: duckdb.DuckDBPyConnection, name: str, source: str, files: Sequence[Path], *, copied: bool = False
) -> None:
    """Make `name` of all landed rows of a source from its Parquet files, oldest first; there is at least one file.

    It is a view of the files, or where it is to be `copied` or the files are sealed, a table.
    """
    sealed = {file: f"landed_{place}" for place, file in enumerate(files) if sealing.is_sealed(file)}
    for file, arrived in sealed.items():
        rows = parquet.ParquetFile(sealing.opened(file))
        connection.register(arrived, pa.RecordBatchReader.from_batches(rows.schema_arrow, rows.iter_batches()))
    kind = "table" if copied or sealed else "view"
    places = {file: sealed.get(file) or _parquet(file) for file in files}
    connection.execute(f"create {kind} {name} as {_rows_sql(source, places)}")
    for arrived in sealed.values():
        connection.unregister(arrived)


def _rows_sql(source: str, places: Mapping[Path, str]) -> str:
    """The rows of files, oldest first, each to be read from its place."""
    if len(places) == 1:
        ((file, place),) = places.items()
        return f"select {_columns(source, file)} from {place}"
    batches = " union all ".join(
        f"select {_columns(source, file)}, {number} as batch from {place}"
        for number, (file, place) in enumerate(places.items())
    )
    key = ", ".join(f'"{column}"' for column in contract.load(source).key)
    return (
        f"select * exclude (batch) from ({batches})"
        f" qualify row_number() over (partition by {key} order by batch desc) = 1"
    )


def _parquet(file: Path) -> str:
    return "read_parquet('" + str(file).replace("'", "''") + "')"


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
