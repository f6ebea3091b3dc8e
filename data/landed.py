"""What has landed, as one SELECT a source: where batches share a key, the row of the later one is right."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from data import contract

SQL = {pa.string(): "varchar", pa.int32(): "integer", pa.bool_(): "boolean", pa.decimal128(9, 4): "decimal(9, 4)"}


def rows_sql(source: str, files: Sequence[Path]) -> str:
    """All landed rows of a source from its Parquet files, oldest first; there is at least one file."""
    if len(files) == 1:
        return f"select {_columns(source, files[0])} from {_parquet(files[0])}"
    batches = " union all ".join(
        f"select {_columns(source, file)}, {place} as batch from {_parquet(file)}" for place, file in enumerate(files)
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
    had = set(parquet.read_schema(file).names)
    return ", ".join(
        f'"{column.name}"' if column.name in had else f'{_default(column)} as "{column.name}"'
        for column in contract.load(source).columns
    )


def _default(column: contract.Column) -> str:
    value = "null" if column.default is None else "'" + str(column.default).replace("'", "''") + "'"
    return f"cast({value} as {SQL[column.arrow_type]})"
