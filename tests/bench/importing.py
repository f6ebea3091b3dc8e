"""Files that come in: checked and landed by this program, against reading and writing them unchecked."""

import importlib
import importlib.util
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data import landing
from data.speeds import Row
from data.store import Store
from tests.bench import clock, rosters
from tests.bench.run import tried

MOST_CELLS = 100_000
"""Rows of the workbook, as writing one takes minutes."""
NEEDS: Mapping[str, str] = {"Polars, unchecked": "polars", "pandas by openpyxl, unchecked": "openpyxl"}


def measure(people: int) -> list[Row]:
    """Bring in a CSV of as many postings as there are people, and a workbook; rows that differ are said, not timed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        whole, part = Path(made) / "a.csv", Path(made) / "a.xlsx"
        rosters.write_csv(whole, people)
        rosters.write_workbook(part, min(people, MOST_CELLS))
        return [*_rows(whole, people), *_rows(part, min(people, MOST_CELLS))]


def _rows(path: Path, number: int) -> list[Row]:
    what = f"{path.suffix} of postings to Parquet"
    rows: list[Row] = []
    for how in WAYS[path.suffix]:
        rows += tried(what, partial(_timed, path, number, how, what))
    ours = rows[0].seconds or 1
    return [replace(row, ratio=row.seconds and row.seconds / ours) for row in rows]


def _timed(path: Path, number: int, how: str, what: str) -> list[Row]:
    if how in NEEDS and importlib.util.find_spec(NEEDS[how]) is None:
        return [Row(what, how, remark="left out, not installed: pip install -r tests/bench/requirements.txt")]
    seconds, memory, rows = clock.apart(brought_in, path, how)
    assert rows == number, f"{rows} of {number} rows are there by {how}."
    return [Row(what, how, seconds, memory=memory, size=path.stat().st_size, remark=f"{rows:,} rows")]


def brought_in(path: Path, how: str) -> tuple[float, int, int]:
    """Seconds, memory and rows of one way to get a file into Parquet."""
    if how in NEEDS:
        importlib.import_module(NEEDS[how])
    load, start = WAYS[path.suffix][how], time.perf_counter()
    rows = load(path, path.with_suffix(".parquet"))
    return time.perf_counter() - start, clock.peak(), rows


def _landed(path: Path, to: Path) -> int:
    return landing.land(Store(to.parent / f"store of {path.name}"), [path]).landed


def _by_duckdb(path: Path, to: Path) -> int:
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"copy (from read_csv('{path}', all_varchar = true)) to '{to}'")
    return int(pq.read_metadata(to).num_rows)


def _by_pandas(path: Path, to: Path) -> int:
    read: Any = pd.read_csv if path.suffix == ".csv" else partial(pd.read_excel, engine="openpyxl")
    table = read(path, dtype=str)
    table.to_parquet(to)
    return len(table)


def _by_polars(path: Path, to: Path) -> int:
    polars: Any = importlib.import_module("polars")
    table = polars.read_csv(path, infer_schema=False) if path.suffix == ".csv" else polars.read_excel(path)
    table.write_parquet(to)
    return int(table.height)


def _by_fastexcel(path: Path, to: Path) -> int:
    rows = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow()
    pq.write_table(pa.Table.from_batches([rows]), to)
    return int(rows.num_rows)


Way = Callable[[Path, Path], int]
WAYS: Mapping[str, Mapping[str, Way]] = {
    ".csv": {
        "checked and landed": _landed,
        "pandas, unchecked": _by_pandas,
        "DuckDB, unchecked": _by_duckdb,
        "Polars, unchecked": _by_polars,
    },
    ".xlsx": {
        "checked and landed": _landed,
        "pandas by openpyxl, unchecked": _by_pandas,
        "Polars, unchecked": _by_polars,
        "fastexcel, unchecked": _by_fastexcel,
    },
}
