"""A real browser on the real dashboard."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.visit import Visit

PageAt = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; they are skipped, saying how to get one, where there is none."""
    with sync_playwright() as playwright:
        try:
            browser = chromium.launch(playwright)
        except FileNotFoundError as missing:
            pytest.skip(str(missing))
        yield browser
        browser.close()


@pytest.fixture
def page_at(browser: Browser, app_url: str) -> Iterator[PageAt]:
    """Open a window: `page_at(390, 844, dark=True).open("age_ladder?lang=en")`.

    Whatever a test does, at its end no window may have asked for anything outside this machine.
    """
    visits: list[Visit] = []

    def open_window(width: int = 1366, height: int = 768, *, dark: bool = False) -> Visit:
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="zh-CN"
        )
        visits.append(Visit(page, app_url))
        return visits[-1]

    yield open_window
    for visit in visits:
        visit.page.close()
    assert [stranger for visit in visits for stranger in visit.strangers()] == []
