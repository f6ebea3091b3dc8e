"""The page of civil servants with a rank only: it says the numbers worked by hand, in either language, of any unit."""

import re
from typing import Any

import pytest

from pages.exhibits import Exhibit
from pages.exhibits import rank_only as exhibits
from pages.exhibits.rank_only import EXHIBITS, RankScene
from pages.parts import look, words
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH, OpenPage
from tests.test_pages import names_in, title

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
NEVER_SAID = re.compile(r"\bnan\b|<NA>|\bNone\b|[{}]|--")
PAGE = "rank_only"


class Stage(figures.Stage):
    """The scenes of one warehouse."""

    def scene(self, **chosen: Any) -> RankScene:
        """What the page shows of 2018, unless chosen otherwise."""
        usual: dict[str, Any] = {
            "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
            "look": look.LIGHT, "year": 2018, "side": "body", "min_group": 1,
        }  # fmt: skip
        return RankScene(**(usual | chosen))


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    return Stage(twelve)


@pytest.mark.parametrize(
    ("exhibit", "chosen", "sentence"),
    [
        (exhibits.STOCK, {}, "2 of 5 in post (40.0%): Principal staff members 2."),
        (exhibits.OVER_TIME, {}, "In 2020 0 came and 1 went; 0 in Dec 2020."),
        (exhibits.ASKED, {}, "Tasks given: 1 of 2 without."),
        (exhibits.TASK, {}, "Most have Key project (50.0%); several kinds count each."),
        (exhibits.CARE, {"year": 2026}, "There are too few to compare, or nothing was reported."),
        (
            exhibits.AHEAD,
            {},
            "By the term changes of Feb 2027 to May 2027: leaving leading posts 1, with a rank only 1.",
        ),
        (exhibits.UNITS, {}, "1 unit has somebody with fewer tasks than are asked."),
        (exhibits.IDLE_LIST, {}, "1 person has fewer tasks than are asked."),
    ],
    ids=lambda each: getattr(each, "key", ""),
)
def test_a_takeaway_says_the_numbers_worked_by_hand(
    stage: Stage, exhibit: Exhibit[RankScene], chosen: dict[str, Any], sentence: str
) -> None:
    scene = stage.scene(**chosen)
    assert exhibit.takeaway(scene, stage.tables(exhibit, scene)) == sentence


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({}, "2 with a rank only, 1 of them from leading posts · 2018: Tasks given 50.0%"),
        ({"words": CHINESE}, "职级公务员 2 人，其中退出领导岗位 1 人；2018年工作任务达标 50.0%"),
        ({"data_month": 201808}, "2 with a rank only, 1 of them from leading posts · 2018 so far: Tasks given 50.0%"),
        ({"year": 2026}, "nobody holds a counted rank without a leading post"),
    ],
)
def test_a_line_says_of_which_year_it_tells(stage: Stage, chosen: dict[str, Any], sentence: str) -> None:
    scene = stage.scene(**chosen)
    tables = {**stage.tables(exhibits.STOCK, scene), **stage.tables(exhibits.ASKED, scene)}
    assert exhibits.standing(scene, tables) == sentence


@pytest.mark.parametrize("said_in", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda each: each.key)
@pytest.mark.parametrize("unit", [None, "001.001", "001.003"])
def test_every_figure_is_told_of_any_unit_and_year_and_says_no_missing_value(
    stage: Stage, exhibit: Exhibit[RankScene], said_in: words.Words, unit: str | None
) -> None:
    for year in (2026, 2018):
        at = stage.scene(words=said_in, unit=unit, year=year, side="band", look=look.DARK)
        found = stage.tables(exhibit, at)
        texts = [exhibit.title(at), exhibit.caption(at), exhibit.takeaway(at, found), *exhibit.evidence(at, found)]
        if exhibit.draw and (drawn := exhibit.draw(at, found)):
            texts += [str(note.text) for note in drawn.layout.annotations]
        assert [text for text in texts if NEVER_SAID.search(text)] == []


def test_the_page_says_its_finding_and_names_nobody_before_it_is_asked(page: OpenPage) -> None:
    app = page(PAGE, lang="zh_CN", year="2018")
    assert title(app) == "示例市，2018年12月：职级公务员 2 人，其中退出领导岗位 1 人"
    assert names_in(app) == set()
    assert names_in(page(PAGE, lang="zh_CN", year="2018", more="people")) == {"郑样庚"}
