"""A page of four charts as this dashboard draws them, against go.Figure and Plotly Express with usual settings."""

import asyncio
import statistics
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from data.speeds import Row
from tests.bench import clock
from tests.bench.page import EMPTY
from tests.bench.session import crowd, session
from tests.server import serving

PAGE = ("streamlit", "run", "tests/bench/four_charts.py", "--server.port")
USUAL = ("streamlit", "run", "tests/bench/four_charts.py", "--runner.postScriptGC", "true", "--server.port")
"""With the collection of garbage after every run that Streamlit does unless it is told otherwise."""
OURS, OBJECTS, EXPRESS, FLOOR = "our figures", "go.Figure", "Plotly Express", "empty page"
BY: Mapping[str, str] = {OURS: "figures", OBJECTS: "go", EXPRESS: "express", FLOOR: ""}
WARM, RERUNS = 2, 20
READERS, VISITS, THINK = 8, 12, 0.2


def measure(store: Path) -> list[Row]:
    """Rerun the pages in turn, each time with other numbers; then each of them with several readers."""
    with ExitStack() as servers:
        commands = {OURS: PAGE, OBJECTS: USUAL, EXPRESS: USUAL, FLOOR: EMPTY}
        urls = {way: servers.enter_context(serving(store, command)) for way, command in commands.items()}
        alone = asyncio.run(_alone(urls))
        many = {
            way: asyncio.run(crowd(url, "", READERS, _queries(way, VISITS), THINK)).reruns for way, url in urls.items()
        }
    return [
        *_rows("page of four charts, rerun", alone),
        *_rows(f"page of four charts, rerun, {READERS} readers who think {THINK} s", many),
    ]


def _queries(way: str, number: int) -> list[str]:
    return [f"by={BY[way]}&seed={seed}" if BY[way] else f"seed={seed}" for seed in range(number)]


async def _alone(urls: Mapping[str, str]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {way: [] for way in urls}
    async with AsyncExitStack() as stack:
        readers = {way: await stack.enter_async_context(session(url)) for way, url in urls.items()}
        asked = zip(*(_queries(way, WARM + RERUNS) for way in urls), strict=True)
        for number, queries in enumerate(asked):
            for (way, reader), query in zip(readers.items(), queries, strict=True):
                spent = await reader.rerun(query)
                if number >= WARM:
                    taken[way].append(spent)
    return taken


def _rows(what: str, times: Mapping[str, list[float]]) -> list[Row]:
    medians = {way: statistics.median(taken) for way, taken in times.items()}
    return [
        Row(what, way, medians[way], clock.p95(taken), medians[way] / medians[OURS]) for way, taken in times.items()
    ]
