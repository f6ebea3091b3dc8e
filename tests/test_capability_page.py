"""The page of capability: it says the numbers worked by hand, in either language, of any unit."""

import re
from typing import Any

import pytest

from pages.exhibits import Exhibit
from pages.exhibits import capability as exhibits
from pages.exhibits.capability import EXHIBITS, CapabilityScene
from pages.parts import look, words
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH, OpenPage
from tests.test_pages import names_in, said, title

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
NEVER_SAID = re.compile(r"\bnan\b|<NA>|\bNone\b|[{}]|--")
PAGE = "capability"


class Stage(figures.Stage):
    """The scenes of one warehouse."""

    def scene(self, **chosen: Any) -> CapabilityScene:
        """What the page shows of 2026, unless chosen otherwise."""
        usual: dict[str, Any] = {
            "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
            "look": look.LIGHT, "year": 2026, "side": "body", "rule_id": None,
        }  # fmt: skip
        return CapabilityScene(**(usual | chosen))


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    return Stage(twelve)


@pytest.mark.parametrize(
    ("exhibit", "sentence"),
    [
        (
            exhibits.HOURS,
            (
                "County level, five years: 1 of 2 short of 550 hours; "
                "Others, each year: 5 of 9 short of 90 hours; "
                "Online, each year: 9 of 11 short of 50 hours."
            ),
        ),
        (exhibits.OVER_TIME, "County level, five years: 50.0% in 2026."),
        (exhibits.REACH, "Most were in Online learning (27.3%), fewest in Other training (9.1%)."),
        (exhibits.SILENT, "2 of 10 in post for 3 years had no training in them (20.0%)."),
        (
            exhibits.NEED,
            (
                "Teams lack 0 to 3 people with a field; most: Townships and subdistricts: "
                "Agriculture and the countryside (2), County leadership: Work in a township (1); "
                "1 of 3 requirements met in every team."
            ),
        ),
        (exhibits.NEED_LIST, "3 teams lack somebody."),
        (exhibits.SILENT_LIST, "2 people without any training for years."),
    ],
    ids=lambda each: getattr(each, "key", ""),
)
def test_a_takeaway_says_the_numbers_worked_by_hand(
    stage: Stage, exhibit: Exhibit[CapabilityScene], sentence: str
) -> None:
    scene = stage.scene()
    assert exhibit.takeaway(scene, stage.tables(exhibit, scene)) == sentence


def test_only_years_that_were_wholly_reported_are_compared(stage: Stage) -> None:
    scene = stage.scene(rule_id="yearly_hours")
    found = stage.tables(exhibits.OVER_TIME, scene)
    assert exhibits.OVER_TIME.takeaway(scene, found) == "Others, each year: 44.4% in 2026; 2025: 10.0%."
    five = stage.scene()
    figure = exhibits.OVER_TIME.draw(five, found) if exhibits.OVER_TIME.draw else None
    assert figure
    assert any("2022 (1 of 5 years)" in str(note.text) for note in figure.layout.annotations)


def test_requirements_are_drawn_that_are_not_met_everywhere_the_most_lacking_first(stage: Stage) -> None:
    scene = stage.scene()
    told = figures.said(exhibits.NEED, scene, stage.tables(exhibits.NEED, scene))
    # drawn from the bottom up
    assert [text for text in told if text.endswith(" lacking")] == [
        "<b>0.0%</b>  0 / 1  0 to 1 lacking",
        "<b>0.0%</b>  0 / 2  0 to 2 lacking",
    ]
    assert [text for text in told if "Economics" in text] == []


def test_years_that_were_not_reported_are_said(stage: Stage) -> None:
    scene = stage.scene(year=2024)
    told = exhibits.HOURS.takeaway(scene, stage.tables(exhibits.HOURS, scene))
    assert told.startswith("County level, five years: 1 of 2 short of 550 hours, of 5 years 3 reported;")
    # of nine in post since January 2022, P02, P04, P07 and P08 had taken nothing by the end of 2024
    assert exhibits.SILENT.takeaway(scene, stage.tables(exhibits.SILENT, scene)) == (
        "4 of 9 in post for 3 years had no training in them (44.4%)."
    )
    early = stage.scene(year=2023)
    assert exhibits.SILENT.takeaway(early, stage.tables(exhibits.SILENT, early)).startswith("It cannot be told")


@pytest.mark.parametrize("said_in", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda each: each.key)
@pytest.mark.parametrize("unit", [None, "001.001", "001.003"])
def test_every_figure_is_drawn_of_any_unit_and_year_and_says_no_missing_value(
    stage: Stage, exhibit: Exhibit[CapabilityScene], said_in: words.Words, unit: str | None
) -> None:
    for year in (2026, 2021):
        at = stage.scene(words=said_in, unit=unit, year=year, side="band", look=look.DARK)
        found = stage.tables(exhibit, at)
        texts = [exhibit.title(at), exhibit.caption(at), exhibit.takeaway(at, found), *exhibit.evidence(at, found)]
        drawn = exhibit.draw(at, found) if exhibit.draw else None
        assert (drawn is not None) == (exhibit.draw is not None and not next(iter(found.values())).empty)
        assert [text for text in texts if NEVER_SAID.search(text)] == []


def test_the_page_says_its_finding_and_names_nobody_before_it_is_asked(page: OpenPage) -> None:
    app = page(PAGE, lang="zh_CN")
    assert title(app) == "2026年学时达标率：县处级以上五年脱产培训50.0%；其他干部年度培训44.4%；年度网络培训18.2%"
    assert names_in(app) == set()
    assert names_in(page(PAGE, lang="zh_CN", more="people")) == {"周样戊", "郑样庚"}
    assert said(app, "takeaway")
