"""The physical limit of a question: the bytes it cannot do without, read once at the speed of this machine's memory."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from data.speeds import Row
from tests.bench import clock

ARRAY_BYTES = 1_000_000_000
ROUNDS = 5
WIDTHS: Mapping[str, tuple[str, int]] = {
    "age_ladder/ladder": ("standing", 4 + 4 + 4 + 1 + 1 + 1),
    "age_ladder/over_time": ("standing", 4 + 4 + 4 + 1 + 1 + 1),
    "welfare/uptake": ("welfare", 2 + 2 + 1 + 1 + 1 + 1 + 1),
    "assessment/streak": ("grades", 4 + 2 + 1 + 1),
}
"""The table each question must read, and the bytes of a row: 4 a month or person, 2 a year or amount, 1 a code."""


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
    table, width = WIDTHS.get(question, ("", 0))
    if table not in rows:
        return []
    size = rows[table] * width
    limit = size / speed
    remark = f"{rows[table]:,} rows of {width} bytes at {speed / 1e9:.1f} GB/s"
    return [Row(question, "memory read once", limit, ratio=limit / ours, size=size, remark=remark)]
