"""The physical limit of a question: the bytes it cannot do without, read once at the speed of this machine's memory."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from data.speeds import Row
from tests.bench import clock
from tests.bench.shared_sql import READS

ARRAY_BYTES = 1_000_000_000
ROUNDS = 5
WIDTHS: Mapping[str, int] = {
    "age_ladder/ladder": 4 + 4 + 4 + 1 + 1 + 1,
    "age_ladder/over_time": 4 + 4 + 4 + 1 + 1 + 1,
    "welfare/uptake": 2 + 2 + 1 + 1 + 1 + 1 + 1,
    "assessment/streak": 4 + 2 + 1 + 1,
}
"""The bytes each question must read of a row: 4 a month or person, 2 a year or amount, 1 a code."""


def bandwidth() -> float:
    """Bytes a second that are read from memory when every core adds up numbers."""
    cores = os.cpu_count() or 1
    numbers = np.ones(ARRAY_BYTES // 8)
    parts = np.array_split(numbers, cores)
    with ThreadPoolExecutor(cores) as threads:
        times = [clock.seconds(lambda: list(threads.map(np.sum, parts))) for _ in range(ROUNDS)]
    return numbers.nbytes / min(times)


def row(question: str, rows: Mapping[str, int], ours: float, speed: float) -> list[Row]:
    """The limit of a question over tables of so many rows, against `ours`, in seconds; none where none is known."""
    if question not in WIDTHS or (table := READS[question]) not in rows:
        return []
    width = WIDTHS[question]
    size = rows[table] * width
    limit = size / speed
    remark = f"{rows[table]:,} rows of {width} bytes at {speed / 1e9:.1f} GB/s"
    return [Row(question, "memory read once", limit, ratio=limit / ours, size=size, remark=remark)]
