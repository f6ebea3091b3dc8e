"""Every page, in either language and theme and on every screen: it opens, complains of nothing and asks nobody else."""

import pytest

from tests.browser.conftest import PageAt
from tests.server import PAGES

A_MINUTE = 60_000
"""Milliseconds that the rates may take to be learnt once the page stands."""
SCREENS = ((1920, 1080), (1366, 768), (390, 844))


@pytest.mark.promise("pages.open")
@pytest.mark.promise("network.none")
@pytest.mark.parametrize(("language", "dark"), [("zh_CN", False), ("en", True)], ids=["zh_CN-light", "en-dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_a_complaint(page_at: PageAt, name: str, language: str, dark: bool) -> None:
    visit = page_at(dark=dark)
    page = visit.open(f"{name}?lang={language}")
    assert page.get_by_test_id("stException").count() == 0
    assert visit.complaints == []


@pytest.mark.promise("pages.open")
@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_never_wider_than_its_screen(page_at: PageAt, name: str, width: int, height: int) -> None:
    page = page_at(width, height).open(name)
    widest = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert widest <= page.evaluate("document.querySelector('[data-testid=stMain]').clientWidth")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_overview_is_seen_at_once_in_a_meeting_room(page_at: PageAt, language: str) -> None:
    page = page_at(1920, 1080).open(f"overview?lang={language}")
    page.locator(".ledger .chance").first.wait_for(timeout=A_MINUTE)
    # a busy machine paints its last lines late: what counts is the page once it stands still
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollHeight <= 1080")


def test_the_menu_takes_language_unit_and_month_along(page_at: PageAt) -> None:
    visit = page_at()
    page = visit.open("age_ladder?lang=en&unit=001.001&month=2026-08&target=township_team_35")
    page.get_by_role("link", name="Rotation").click()
    page.wait_for_url("**/rotation?lang=en&unit=001.001&month=2026-08")
    visit.settle()
    page.get_by_test_id("stSidebarNavLink").first.wait_for()
    assert page.get_by_role("link", name="Overview").count() == 1
