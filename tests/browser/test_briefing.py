"""A briefing as a person makes one: figures put in order, files made in one click while the page can be used."""

from pptx import Presentation

from tests.browser.conftest import PageAt

A_WHILE = 120_000


def test_one_click_makes_slides_in_the_order_of_the_page(page_at: PageAt) -> None:
    visit = page_at()
    page = visit.open("briefing?lang=en&show=age_ladder/quota|age_ladder/heat")
    page.locator(".st-key-down_age_ladder-quota-0 button").first.click()
    page.wait_for_url("**/briefing?lang=en&show=age_ladder*heat*age_ladder*quota")
    visit.settle()  # before the page has run again, its button prints what stood on it
    page.get_by_role("button", name="Make the files").click()
    slides = page.get_by_role("button", name="Slides (.pptx)").first
    slides.wait_for(timeout=A_WHILE)
    with page.expect_download() as downloaded:
        slides.click()
    assert downloaded.value.suggested_filename.endswith(".pptx")
    titles = [slide.shapes.title for slide in Presentation(str(downloaded.value.path())).slides]
    said = [title.text_frame.text for title in titles if title is not None]
    assert said[0] == "Quarterly analysis"
    assert "Cells short" in said[1]
    assert "targets" in said[2]
    assert visit.complaints == []
