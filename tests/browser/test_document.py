"""A briefing as a file in a real browser: every figure drawn, nothing asked of anybody, and read on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pages.parts import document
from pages.parts.briefing import Briefing

DRAWN = "() => document.querySelectorAll('.drawn .main-svg').length"
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_a_briefing_is_drawn_whole_and_asks_nothing(
    browser: Browser, everything: Briefing, tmp_path: Path, width: int, height: int
) -> None:
    file = tmp_path / "briefing.html"
    file.write_bytes(document.html(everything))
    page = browser.new_page(viewport={"width": width, "height": height})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    figures = sum(leaf.figure is not None for leaf in everything.leaves)
    assert page.evaluate(DRAWN) >= figures
    assert page.evaluate(TOO_WIDE) <= 0
    page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
