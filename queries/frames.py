"""The rows of an answer as pandas holds them, in columns that Arrow lays down: millions of texts fit memory."""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

TEXT = pd.StringDtype(na_value=np.nan)
MASKED: Mapping[Any, Any] = {pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
"""What holds a column of each kind of which some cells are empty."""


def fetched(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every row that a statement gave. Decimals are left to DuckDB, which rounds them as a reader would."""
    if any(str(column[1]).startswith("DECIMAL") for column in cursor.description):
        return cursor.df()
    table = cursor.to_arrow_table()
    return pd.DataFrame({name: _series(table[name]) for name in table.column_names}, copy=False)


def _series(column: pa.ChunkedArray) -> "pd.Series[Any]":
    kind = TEXT if pa.types.is_string(column.type) else MASKED.get(column.type) if column.null_count else None
    found: pd.Series[Any] = column.to_pandas(types_mapper=lambda _: kind)
    return found
