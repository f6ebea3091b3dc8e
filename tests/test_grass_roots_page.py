"""The page of the grass roots: it says the numbers worked by hand, in either language, of any unit."""

from typing import Any

import pytest

from pages.exhibits import Exhibit
from pages.exhibits import grass_roots as exhibits
from pages.exhibits.grass_roots import EXHIBITS, GrassScene
from pages.parts import look, words
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH, OpenPage
from tests.test_pages import names_in, title

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
PAGE = "grass_roots"


class Stage(figures.Stage):
    """The scenes of one warehouse."""

    def scene(self, **chosen: Any) -> GrassScene:
        """What the page shows of 2025, unless chosen otherwise."""
        usual: dict[str, Any] = {
            "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
            "look": look.LIGHT, "year": 2025, "min_group": 10,
        }  # fmt: skip
        return GrassScene(**(usual | chosen))


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    return Stage(twelve)


@pytest.mark.parametrize(
    ("exhibit", "sentence"),
    [
        (
            exhibits.UPWARD,
            "0 moved out of townships and 1 into them; 0 principals into the teams of city departments.",
        ),
        (exhibits.ORIGIN, "2025: of 1 reported, 0 career staff, 0 village cadres, 1 graduates."),
        (
            exhibits.BURDEN,
            "Inspections 20 → 26; One-vote vetoes 2 → 1; 1 township above the most of One-vote vetoes (2).",
        ),
        (
            exhibits.PAY,
            (
                "Townships earn more at 1 of 2 levels of counties; "
                "甲县, Section (township), principal: −2,500 yuan a year."
            ),
        ),
        (exhibits.BURDEN_LIST, "2 townships reported more than before, or more than the most."),
    ],
    ids=lambda each: getattr(each, "key", ""),
)
def test_a_takeaway_says_the_numbers_worked_by_hand(stage: Stage, exhibit: Exhibit[GrassScene], sentence: str) -> None:
    scene = stage.scene()
    assert exhibit.takeaway(scene, stage.tables(exhibit, scene)) == sentence


def test_pay_of_few_people_is_not_told(stage: Stage) -> None:
    scene = stage.scene(min_group=30)
    assert exhibits.PAY.takeaway(scene, stage.tables(exhibits.PAY, scene)) == (
        "Townships earn more at 1 of 1 levels of counties; 甲县, Section (township), deputy: +5,000 yuan a year."
    )


@pytest.mark.parametrize("said_in", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda each: each.key)
@pytest.mark.parametrize("unit", [None, "001.001.002", "001.002"])
def test_every_figure_is_told_of_any_unit_and_year_and_says_no_missing_value(
    stage: Stage, exhibit: Exhibit[GrassScene], said_in: words.Words, unit: str | None
) -> None:
    for year in (2026, 2025):
        at = stage.scene(words=said_in, unit=unit, year=year, look=look.DARK)
        found = stage.tables(exhibit, at)
        assert [text for text in figures.said(exhibit, at, found) if figures.NEVER_SAID.search(text)] == []


def test_the_page_says_its_finding_and_names_nobody(page: OpenPage) -> None:
    app = page(PAGE, lang="zh_CN")
    assert title(app) == "示例市：五年来 0 名乡镇党政正职选任市直单位班子成员"
    assert names_in(app) == set()
