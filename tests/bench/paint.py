"""First paint: bytes, requests and time until a real browser has drawn a page's first figure.

Cold is a browser that was never here, warm one that opens the page again. Both are held against a page of Streamlit's
with one empty figure. A link carries 100 Mbit/s at 10 ms, as between an office and its server.
"""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, sync_playwright

from data.speeds import Row
from tests.bench import clock
from tests.browser import chromium
from tests.server import serving

EMPTY = ("streamlit", "run", "tests/bench/figure.py", "--server.port")
PAGES = ("overview", "age_ladder")
ROUNDS = 5
OFFICE = {"offline": False, "latency": 10, "downloadThroughput": 12_500_000, "uploadThroughput": 12_500_000}
PATIENCE = 120_000
FIGURE = ".js-plotly-plot .main-svg"
PAINTED = "html[data-painted]"
# The moment after the one in which the figure stands in the page is the one in which it has been painted.
WATCH = f"""
const look = () => document.querySelector({FIGURE!r})
  ? requestAnimationFrame(() => setTimeout(() => {{ document.documentElement.dataset.painted = performance.now() }}))
  : requestAnimationFrame(look)
look()
"""


@dataclass(frozen=True, slots=True)
class Paint:
    """One opening of a page: seconds until its first figure, and what the browser was sent by then and soon after."""

    seconds: float
    size: int
    requests: int


class Wire:
    """What a window is sent."""

    def __init__(self, session: CDPSession) -> None:
        """Listen to a window's own account of the network."""
        self.size, self.requests = 0, 0
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketFrameReceived", self._framed)

    def _finished(self, told: dict[str, float]) -> None:
        self.requests += told["encodedDataLength"] > 0
        self.size += int(told["encodedDataLength"])

    def _framed(self, told: dict[str, dict[str, str]]) -> None:
        # binary frames are told as base64, four letters for three bytes
        self.size += len(told["response"]["payloadData"]) * 3 // 4


def measure(store: Path) -> list[Row]:
    """Serve the store and an empty figure, and open pages by turns, cold and warm."""
    with serving(store) as url, serving(store, EMPTY) as empty, browser() as opened:
        return _rows(
            taken(opened, {"a page with an empty figure": empty, **{f"page {p}": f"{url}/{p}" for p in PAGES}})
        )


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser of the tests."""
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


def taken(browser: Browser, urls: dict[str, str], rounds: int = ROUNDS) -> dict[tuple[str, str], list[Paint]]:
    """Open each address cold, then warm, all of them by turns, round after round."""
    found: dict[tuple[str, str], list[Paint]] = {}
    for url in urls.values():
        cold_and_warm(browser, url)  # what the server does once is done
    for _ in range(rounds):
        for name, url in urls.items():
            for how, paint in zip(("cold", "warm"), cold_and_warm(browser, url), strict=True):
                found.setdefault((name, how), []).append(paint)
    return found


def cold_and_warm(browser: Browser, url: str) -> tuple[Paint, Paint]:
    """Open a page as somebody who was never here, and once more."""
    context = browser.new_context()
    paints = first_paint(context, url), first_paint(context, url)
    context.close()
    return paints


def first_paint(context: BrowserContext, url: str) -> Paint:
    """Open a page in a window of its own and close it once its first figure is drawn and nothing more is fetched."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", OFFICE)
    wire = Wire(session)
    page.add_init_script(WATCH)
    page.goto(url, timeout=PATIENCE)
    painted = page.locator(PAINTED)
    painted.wait_for(state="attached", timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    paint = Paint(float(painted.get_attribute("data-painted") or "nan") / 1000, wire.size, wire.requests)
    page.close()
    return paint


def _rows(found: dict[tuple[str, str], list[Paint]]) -> list[Row]:
    floors = {how: _median(times) for (_, how), times in list(found.items())[:2]}
    return [_row(name, how, times, floors[how]) for (name, how), times in found.items()]


def _row(name: str, how: str, paints: Sequence[Paint], floor: float) -> Row:
    seconds = [paint.seconds for paint in paints]
    last = paints[-1]
    middle = statistics.median(seconds)
    remark = f"{last.requests} requests"
    return Row(f"first figure, {name}", how, middle, clock.p95(seconds), middle / floor, size=last.size, remark=remark)


def _median(paints: Sequence[Paint]) -> float:
    return statistics.median(paint.seconds for paint in paints)
