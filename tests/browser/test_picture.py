"""The picture of a figure: one button, twice the pixels, the card's head inside it and no second head on the page."""

import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator

from pages.parts.charts import picture
from tests.browser.conftest import PageAt

HEIGHT = "chart => JSON.stringify(chart.querySelector('.js-plotly-plot').layout.height)"
HEAD_ABOVE = """frame => frame.querySelector('.gtitle').getBoundingClientRect().bottom
    - frame.getBoundingClientRect().top"""


def taken(chart: Locator, folder: Path) -> Path:
    """The picture of a figure, as the browser saves it."""
    chart.hover()
    with chart.page.expect_download() as download:
        chart.locator(".modebar-btn").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_has_twice_the_pixels_and_its_head(page_at: PageAt, tmp_path: Path, dark: bool) -> None:
    page = page_at(1366, 768, dark=dark).open("age_ladder?lang=en&month=2026-10")
    chart = page.locator(".st-key-plot_age_ladder-ladder")
    path = taken(chart, tmp_path)
    assert path.name == "age_ladder-ladder-2026-10.png"
    with Image.open(path) as saved:
        image = saved.convert("RGB")
    assert image.size == (2 * picture.WIDE, 2 * json.loads(chart.evaluate(HEIGHT)))
    head = image.crop((0, 0, image.width, 2 * picture.HEAD))
    below = image.crop((0, 2 * picture.HEAD, image.width, image.height))
    assert all(len(part.getcolors(part.width * part.height) or ()) > 30 for part in (head, below))
    edges = {image.getpixel((x, y)) for x in (0, image.width - 1) for y in (0, image.height - 1)}
    assert edges == {(28, 33, 40) if dark else (255, 255, 255)}


def test_the_head_of_a_picture_is_not_seen_on_the_page(page_at: PageAt) -> None:
    page = page_at(1366, 768).open("age_ladder?lang=en")
    frame = page.locator(".st-key-plot-age_ladder-ladder")
    frame.locator(".gtitle").wait_for(state="attached")
    assert 0 < frame.evaluate(HEAD_ABOVE) <= picture.HEAD
    shown = page.locator(".st-key-card-age_ladder-ladder .card-title").bounding_box()
    drawn = page.locator(".st-key-plot-age_ladder-ladder").bounding_box()
    assert shown
    assert drawn
    assert shown["y"] + shown["height"] <= drawn["y"] + picture.HEAD
    assert frame.evaluate("frame => getComputedStyle(frame).clipPath").startswith(f"inset({picture.HEAD}px 0px")
