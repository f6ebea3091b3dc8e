"""The page of the assessment as the server runs it: its address takes effect, and names are for those who may."""

import pytest

from pages.parts import answers
from tests.conftest import OpenPage
from tests.test_pages import GUEST, charts, names_in, said, title

PAGE = "assessment"


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
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    assert not names_in(page(more=part))


def test_whoever_may_see_names_finds_them_in_the_lists(page: OpenPage) -> None:
    assert names_in(page(more="people"))
