"""A server or a network that goes and comes back: the page says so in its own words, and stands again as it was."""

import pytest
from playwright.sync_api import Browser

from data.store import Store
from tests.browser.visit import Visit
from tests.server import free_port, started

A_MINUTE = 60_000
CONNECTED = "[data-testid='stApp'][data-test-connection-state='CONNECTED']"
SAYS = "at => getComputedStyle(at, '::after').content"
CHOSEN = "age_ladder?unit=001.001&month=2026-08&target=township_team_35"
LOST = {
    "": ["正在重新连接……", "暂时无法连接服务器，已选内容不会丢失。"],
    "&lang=en": ["Connecting again …", "The server cannot be reached; what you chose here stays as it is."],
}


@pytest.mark.promise("faults.network")
@pytest.mark.parametrize("lang", LOST)
def test_a_page_comes_back_as_it_was_when_its_server_does(browser: Browser, small_city: Store, lang: str) -> None:
    port = free_port()
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    with started(small_city.root, port=port) as server:
        server.wait()
        visit = Visit(page, server.url)
        visit.open(f"{CHOSEN}{lang}")
        address, title = page.url, page.locator(".page-title").inner_text()
        server.kill()
    dialog = page.get_by_role("dialog")
    dialog.wait_for(timeout=A_MINUTE)
    places = [dialog.locator(place) for place in ("h2", "h2 + div")]
    assert [place.evaluate(SAYS).strip('"') for place in places] == LOST[lang]
    assert {place.evaluate("at => getComputedStyle(at).fontSize") for place in places} == {"0px"}
    with started(small_city.root, port=port) as server:
        server.wait()
        page.wait_for_selector(CONNECTED, state="attached", timeout=A_MINUTE)
        visit.settle()
        assert (page.url, page.locator(".page-title").inner_text()) == (address, title)
        assert dialog.count() == page.get_by_test_id("stException").count() == page.get_by_role("alert").count() == 0
    page.close()
