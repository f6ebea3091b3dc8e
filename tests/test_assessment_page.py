"""The page of the assessment as the server runs it: its address takes effect, and names are for those who may."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from data import landing
from pages.parts import show
from tests.test_pages import DOOR, GUEST, PATIENCE, charts, names_in, said, title, well

OpenPage = Callable[..., AppTest]


@pytest.fixture
def page(cadre_store: landing.Store, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open the page of the twelve people at an address: `page(lang="en", unit="001.002")`."""
    monkeypatch.setenv("CADRE_STORE", str(cadre_store.root))

    def at(**codes: str) -> AppTest:
        app = AppTest.from_file(DOOR, default_timeout=PATIENCE)
        for name, code in codes.items():
            app.query_params[name] = code
        app.run()
        return well(app.switch_page("assessment.py").run())

    return at


def test_the_page_opens_at_the_last_year_and_the_largest_group(page: OpenPage) -> None:
    app = page(lang="en")
    assert title(app) == "一组, 2025: too noisy to tell who moved"
    assert {"assessment-years", "assessment-intervals", "assessment-slope"} <= charts(app)


def test_year_group_and_unit_are_taken_from_the_address(page: OpenPage) -> None:
    assert title(page(lang="en", year="2023", group="二组")) == "二组, 2023: no year before to compare with"
    app = page(lang="en", unit="001.002", more="unit")
    assert "市发展局" in " ".join(said(app, "card-title"))
    assert "市计划局" in " ".join(said(app, "table-box"))


def test_both_languages_say_the_same_finding(page: OpenPage) -> None:
    assert title(page()) == "一组 2025 年：误差过大，无法判断升降"


@pytest.mark.parametrize("part", ["moves", "links", "people", "weights"])
def test_every_part_opens(page: OpenPage, part: str) -> None:
    assert said(page(more=part), "card-title")


@pytest.mark.parametrize("part", ["moves", "links", "people", "weights"])
def test_whoever_may_not_see_names_sees_none(page: OpenPage, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "LOCAL", GUEST)
    assert not names_in(page(more=part))


def test_whoever_may_see_names_finds_them_in_the_lists(page: OpenPage) -> None:
    assert names_in(page(more="people"))
