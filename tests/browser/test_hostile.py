"""Names that were given to do harm, in a real browser: read as they are written, on pages and in what is printed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from data.store import Store
from pages.parts import document
from queries import warehouse
from tests import briefings, hostile
from tests.browser.visit import Visit
from tests.server import serving

pytestmark = pytest.mark.promise("names.literal")

BORN = (
    "[data-planted], [onerror], [onload], [href*='planted'], [src*='planted'], [href^='javascript'], [src='x'], .katex"
)
ADDRESSES = (
    *(
        "overview?lang=en",
        "age_ladder?more=people&target=team_35",
        "outlook?lang=en",
        "assessment",
        "rotation",
        "welfare",
    ),
    *("capability", "reserve", "rank_only", "up_down", "grass_roots", "tasks", "open"),
    *("timetable?tier=county", "briefing", "intake", "quality", "settings", "present?template=季度分析"),
)
WIDE = str.maketrans("＜＞＆", "<>&")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = hostile.planted(tmp_path_factory.mktemp("hostile"))
    path = warehouse.newest(store)
    assert path is not None
    hostile.entered(store, warehouse.facts(path)[0])
    return store


@pytest.fixture(scope="module")
def visit(browser: Browser, planted: Store) -> Iterator[Visit]:
    with serving(planted.root) as url:
        page = browser.new_page(viewport={"width": 1366, "height": 4000})
        page.set_default_timeout(60_000)
        yield Visit(page, url)
        page.close()


def harm(page: Page) -> list[str]:
    """What came of the names but text."""
    born = page.evaluate("signs => [...document.querySelectorAll(signs)].map(each => each.outerHTML)", BORN)
    ran = page.evaluate("window.planted")
    return [*born, *([f"window.planted = {ran}"] if ran is not None else [])]


def read(page: Page) -> set[str]:
    """Which of the payloads stand on a page as they are written."""
    text = page.evaluate("document.body.innerText + [...document.querySelectorAll('svg text')].map(t => t.textContent)")
    shown = "".join(text.replace("\u2060", "").translate(WIDE).split())
    return {sign for sign in hostile.PAYLOADS if "".join(sign.split()) in shown}


def test_no_name_does_anything_on_any_page_and_is_read_as_it_is_written(visit: Visit) -> None:
    dialogs: list[str] = []

    def hear(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visit.page.on("dialog", hear)
    seen: set[str] = set()
    for address in ADDRESSES:
        page = visit.open(address)
        page.wait_for_timeout(300)
        assert harm(page) == [], address
        assert page.get_by_test_id("stException").count() == 0, address
        assert not re.search("故障编号|fault number", page.inner_text("body")), address
        seen |= read(page)
    assert dialogs == []
    assert visit.complaints == []
    assert visit.strangers() == []
    assert len(seen) >= 10, set(hostile.PAYLOADS) - seen


def test_no_name_does_anything_in_a_web_page_that_is_handed_on(
    browser: Browser, planted: Store, tmp_path: Path
) -> None:
    file = tmp_path / "briefing.html"
    file.write_bytes(document.html(briefings.made(planted, briefings.EVERYTHING)))
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert harm(page) == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len(read(page)) >= len(hostile.PAYLOADS) - 1
    page.close()
