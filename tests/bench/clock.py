"""Taking time and memory: interleaved rounds, medians, fresh processes."""

import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_A_WAY = 3.0
"""After so long a slow way sits out the rounds that are left."""
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
OWN = Path("/proc/self")


def apart(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What `function` gives in a fresh process of its own, so that memory and imports of others do not count."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(function, *arguments, **named).result()


def peak() -> int:
    """The most memory this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT


def growth(function: Callable[[], T]) -> tuple[T, int | None]:
    """What `function` gives, and by how many bytes the process grew at the most meanwhile; None but on Linux."""
    if not (OWN / "clear_refs").exists():
        return function(), None
    (OWN / "clear_refs").write_text("5")
    before = _status("VmRSS")
    return function(), max(0, _status("VmHWM") - before)


def race(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each way, all of them in turn, round after round."""
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, call in ways.items():
            if sum(taken[way]) < SECONDS_A_WAY:
                taken[way].append(seconds(call))
    return {way: statistics.median(times) for way, times in taken.items()}


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def _status(field: str) -> int:
    text = (OWN / "status").read_text(encoding="utf-8")
    return int(text.split(f"{field}:")[1].split()[0]) * 1024
