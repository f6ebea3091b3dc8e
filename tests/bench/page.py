"""The server's time for a rerun of each page, against an empty page of the same server."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]

from data import contract, month
from data.access import LOCAL
from data.store import Store
from queries import warehouse
from tests.bench import clock
from tests.bench.session import LONGEST, Session, session
from tests.bench.table import Row
from tests.server import serving

EMPTY = ("streamlit", "run", "tests/bench/empty.py", "--server.port")
VISITS = 30
NEW = "other answers each time"
CROWDED = "age_ladder"
"""The page that many readers have open at once."""
WELFARE_YEARS = 5
TARGETS = ("township_team_35", "county_departments_around_35", "municipal_divisions_40")
KNOWN = 5
"""How many visits the cached page goes round."""
Times = dict[str, list[float]]


def visits(now: int, number: int) -> list[str]:
    """Queries of the age ladder's address, each with a month of its own going back from `now`."""
    months = (month.text(month.add(now, -back)) for back in range(number))
    return [urlencode({"month": at, "target": target}) for at, target in zip(months, itertools.cycle(TARGETS))]


def _addresses(store: Path, now: int) -> dict[str, list[str]]:
    """Of each page so many queries of its address that a reader never sees the same twice."""
    months = [urlencode({"month": month.text(month.add(now, -back))}) for back in range(VISITS)]
    build = warehouse.newest(Store(store))
    assert build is not None
    groups = warehouse.open_for(build, LOCAL).ask("assessment/groups").table
    items = [choice.key for choice in contract.load("welfare_use").column("item").choices]
    years = range(now // 100, now // 100 - WELFARE_YEARS, -1)
    asked = {
        "overview": months,
        "age_ladder": visits(now, VISITS),
        "assessment": [urlencode({"year": row.year, "group": row.peer_group}) for row in groups.itertuples()],
        "rotation": months,
        "welfare": [urlencode({"year": year, "item": item}) for item in items for year in years],
    }
    return {page: queries[:VISITS] for page, queries in asked.items()}


def measure(store: Path, now: int) -> list[Row]:
    """Serve the store and an empty page, and tell the times of reruns and the memory of the server."""
    addresses = _addresses(store, now)
    with serving(store) as url, serving(store, EMPTY) as empty:
        alone = {page: asyncio.run(_alone(empty, url, page, queries)) for page, queries in addresses.items()}
        held = max(process.memory_info().rss for process in psutil.Process().children())
    return [
        *(row for page, times in alone.items() for row in _rows(f"page {page}, rerun", times)),
        Row("page server", "after all of this", memory=held),
    ]


async def _alone(empty: str, url: str, page: str, queries: Sequence[str]) -> Times:
    """One reader, the three kinds of rerun in turn."""
    known, fresh = queries[:KNOWN], queries[KNOWN:]
    async with session(empty) as floor, session(url, page) as reader:
        await _all(reader, known)
        taken: Times = {"empty page": [], "answers cached": [], NEW: []}
        end = time.perf_counter() + LONGEST
        for old, new in zip(itertools.cycle(known), fresh, strict=False):
            if time.perf_counter() > end:
                break
            taken["empty page"].append(await floor.rerun())
            taken["answers cached"].append(await reader.rerun(old))
            taken[NEW].append(await reader.rerun(new))
    return taken


async def _all(reader: Session, queries: Sequence[str]) -> None:
    for query in queries:
        await reader.settle(query)


def _rows(what: str, times: Mapping[str, list[float]]) -> list[Row]:
    medians = {how: statistics.median(taken) for how, taken in times.items()}
    floor = next(iter(medians.values()))
    return [Row(what, how, medians[how], clock.p95(taken), medians[how] / floor) for how, taken in times.items()]
