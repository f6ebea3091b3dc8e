"""Files dropped by a person: from a messy roster to the new build on the age ladder, and back again."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data.store import Store
from queries import building
from tests.browser.visit import Visit
from tests.server import serving
from tests.test_intake_page import MESSY

BUILT_WITHIN = 60_000


@pytest.fixture
def visit(browser: Browser, cadre_store: Store, tmp_path: Path) -> Iterator[Visit]:
    """A window on the twelve people in a store of their own, built under the rules of the house."""
    store = Store(Path(shutil.copytree(cadre_store.root, tmp_path / "house")))
    building.build(store)
    with serving(store.root) as url:
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        yield Visit(page, url)
        page.close()


def test_from_dropping_a_messy_file_to_the_new_build_and_back(visit: Visit, tmp_path: Path) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text(MESSY, encoding="utf-8")
    page = visit.open("intake?lang=en")
    corner = page.locator(".st-key-corner .house-note")
    before = corner.inner_text()
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(roster)
    title = page.locator("h1.page-title")
    expect(title).to_have_text("1 file: records that can land 0, rejected 4")
    meaning = page.locator("[class*='st-key-meaning_']").get_by_role("combobox")
    meaning.scroll_into_view_if_needed()  # a list that is opened while the page still scrolls closes again
    visit.settle()
    meaning.click()
    page.get_by_role("option", name="Person code", exact=True).click()
    page.get_by_role("button", name="Correct", exact=True).click()
    expect(title).to_have_text("1 file: records that can land 2, rejected 2")
    page.reload()
    visit.settle()
    expect(title).to_have_text("1 file: records that can land 2, rejected 2")
    with page.expect_download() as download:
        page.get_by_role("button", name="Workbook with the cells marked").click()
    assert download.value.suggested_filename == "findings.xlsx"
    page.get_by_role("textbox", name="Done by").fill("示例员")
    page.get_by_role("button", name="Land and build").click()
    expect(page.get_by_text("示例员 landed batch 0002; the new build is served.")).to_be_visible(timeout=BUILT_WITHIN)
    expect(corner).not_to_have_text(before)
    page.reload()
    visit.settle()
    expect(page.get_by_text("示例员 landed batch 0002; the new build is served.")).to_be_visible()
    page.get_by_role("button", name="Serve this one").first.click()
    expect(corner).to_have_text(re.compile(re.escape(before)))
    assert visit.complaints == []
    assert visit.strangers() == []
