"""Which part of the age ladder's rerun is ours: the real application in this process, with clocks around its parts."""

import asyncio
import contextlib
import functools
import importlib
import inspect
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from streamlit.navigation.page import StreamlitPage

from tests.bench.page import CROWDED, NEW, visits
from tests.bench.session import session
from tests.bench.table import Row
from tests.server import HOUSE, LOOPBACK, free_port

ELEMENTS = ("html", "container", "columns", "selectbox", "button", "plotly_chart", "popover", "navigation")
RERUNS = 10


class Stopwatch:
    """Seconds by part; a timed call within another counts for the inner part only."""

    def __init__(self) -> None:
        """Begin with nothing spent."""
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._within = 0.0

    def around(self, owner: Any, name: str, part: str) -> None:
        """Time every call of `owner.name` for a part."""
        setattr(owner, name, self._timed(part, getattr(owner, name)))

    def _timed(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def timed(*arguments: Any, **named: Any) -> Any:
            before, self._within = self._within, 0.0
            start = time.perf_counter()
            try:
                return call(*arguments, **named)
            finally:
                whole = time.perf_counter() - start
                self.spent[part] += whole - self._within
                self._within = before + whole

        return timed


def measure(store: Path, now: int) -> list[Row]:
    """Time the parts of reruns with known and with new months, for a fresh process of its own."""
    os.environ["CADRE_STORE"] = str(store)
    os.chdir(HOUSE)
    watch = Stopwatch()
    with _application() as url:
        _watch(watch)
        return asyncio.run(_measure(url, watch, now))


def _watch(watch: Stopwatch) -> None:
    answers, charts = map(importlib.import_module, ("pages.parts.answers", "pages.parts.charts"))
    watch.around(answers.Here, "ask", "asks")
    for name in [name for name, form in vars(charts).items() if inspect.isfunction(form) and not name.startswith("_")]:
        watch.around(charts, name, "figures")
    for name in ELEMENTS:
        watch.around(st, name, "Streamlit's elements")
    watch.around(StreamlitPage, "run", "words, tables and the rest of the page")


@contextlib.contextmanager
def _application() -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config("dashboard:app", host=LOOPBACK, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        server.should_exit = True
        thread.join()


async def _measure(url: str, watch: Stopwatch, now: int) -> list[Row]:
    fresh = visits(now, RERUNS)
    async with session(url, CROWDED) as reader:
        rows = []
        for how in (NEW, "answers cached"):
            watch.spent.clear()
            whole = sum([await reader.rerun(query) for query in fresh])
            rows += _rows(f"page {CROWDED}, rerun, its parts, {how}", watch, whole)
    return rows


def _rows(what: str, watch: Stopwatch, whole: float) -> list[Row]:
    parts = {**watch.spent, "Streamlit's server and the door": whole - sum(watch.spent.values())}
    return [
        Row(what, "whole", whole / RERUNS, ratio=1.0),
        *(Row(what, part, spent / RERUNS, ratio=spent / whole) for part, spent in parts.items()),
    ]
