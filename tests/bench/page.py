"""The server's time for a rerun of the age ladder's page, against an empty page of the same server."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]

from data import month
from tests.bench import clock
from tests.bench.session import LONGEST, Session, crowd, session
from tests.bench.table import Row
from tests.server import serving

EMPTY = ("streamlit", "run", "tests/bench/empty.py", "--server.port")
RERUNS = 25
READERS, THINK = 50, 5.0
TARGETS = ("township_team_35", "county_departments_around_35", "municipal_divisions_40")
KNOWN = 5
"""How many visits the cached page goes round."""
Times = dict[str, list[float]]


def visits(now: int, number: int, skipped: int = 0) -> list[str]:
    """Queries of the address, each with a month of its own going back from `now`, after `skipped` of them."""
    targets = itertools.cycle(TARGETS)
    return [
        urlencode({"month": month.text(month.add(now, -back)), "target": next(targets)})
        for back in range(skipped, skipped + number)
    ]


def measure(store: Path, now: int) -> list[Row]:
    """Serve the store and an empty page, and tell the times of reruns and the memory of the server."""
    with serving(store) as page, serving(store, EMPTY) as empty:
        alone = asyncio.run(_alone(empty, page, now))
        many = asyncio.run(_many(empty, page, now))
        held = max(process.memory_info().rss for process in psutil.Process().children())
    return [
        *_rows("page rerun", alone),
        *_rows(f"page rerun, {READERS} readers who think {THINK:.0f} s", many),
        Row("page server", "after all of this", memory=held),
    ]


async def _alone(empty: str, page: str, now: int) -> Times:
    """One reader, the three kinds of rerun in turn."""
    known, fresh = visits(now, KNOWN), visits(now, RERUNS, KNOWN)
    async with session(empty) as floor, session(page) as reader:
        await _all(reader, known)
        taken: Times = {"empty page": [], "answers cached": [], "a new month each time": []}
        end = time.perf_counter() + LONGEST
        for old, new in zip(itertools.cycle(known), fresh, strict=False):
            if time.perf_counter() > end:
                break
            taken["empty page"].append(await floor.rerun())
            taken["answers cached"].append(await reader.rerun(old))
            taken["a new month each time"].append(await reader.rerun(new))
    return taken


async def _all(reader: Session, queries: Sequence[str]) -> None:
    for query in queries:
        await reader.rerun(query)


async def _many(empty: str, page: str, now: int) -> Times:
    known = visits(now, KNOWN) * 2
    return {
        "empty page": await crowd(empty, READERS, known, THINK),
        "answers cached": await crowd(page, READERS, known, THINK),
    }


def _rows(what: str, times: Mapping[str, list[float]]) -> list[Row]:
    medians = {how: statistics.median(taken) for how, taken in times.items()}
    floor = next(iter(medians.values()))
    return [Row(what, how, medians[how], clock.p95(taken), medians[how] / floor) for how, taken in times.items()]
