"""The page of up and down and protection: it says the numbers worked by hand, in either language, of any unit."""

import re
from typing import Any

import pandas as pd
import pytest

from pages.exhibits import Exhibit
from pages.exhibits import up_down as exhibits
from pages.exhibits.up_down import EXHIBITS, UpDownScene
from pages.parts import look, words
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH, OpenPage
from tests.test_pages import names_in, said, title

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
NEVER_SAID = re.compile(r"\bnan\b|<NA>|\bNone\b|[{}]|--")
PAGE = "up_down"


class Stage(figures.Stage):
    """The scenes of one warehouse."""

    def scene(self, **chosen: Any) -> UpDownScene:
        """What the page shows of the last five years to planners, unless chosen otherwise."""
        usual: dict[str, Any] = {
            "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
            "look": look.LIGHT, "year": None, "side": "level", "min_group": 1,
        }  # fmt: skip
        return UpDownScene(**(usual | chosen))


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    return Stage(twelve)


@pytest.mark.parametrize(
    ("exhibit", "sentence"),
    [
        (
            exhibits.MOVES,
            (
                "2025: of 11 in leading posts 0 moved up, 0 sideways; "
                "0 came down by level, 0 went aside, 0 out."
            ),
        ),
        (exhibits.LEVELS, "Most came down, aside or out of Section (township), deputy: 1."),
        (exhibits.ENDED, "Most posts ended for Resigned from public office: 1 of 1."),
        (exhibits.REASON_YEAR, "Decisions: 2024: 1; 2025: 1; 2026: 3."),
        (
            exhibits.REASON,
            (
                "6 decisions, by 1 of which somebody lost the post; most: Held to account (3), "
                "Decisions carried out half-heartedly (1), Duties done badly (1)."
            ),
        ),
        (
            exhibits.EFFECT,
            (
                "2 in effect, 1 of them soon end; 2 lifted, 1 over and not lifted; "
                "after it was over 1 moved up, 1 while it ran."
            ),
        ),
        (exhibits.EFFECT_AHEAD, "2 measures end by Oct 2028."),
        (
            exhibits.PROTECTED,
            (
                "Tolerance 2, upheld 1, complete 1; Correction 1, complete 0; "
                "Clearing of names 2, upheld 1, complete 1."
            ),
        ),
        (
            exhibits.STAGE,
            "Overdue 2, reached late 2; least in time: Tolerance: Decided, 15 days, 0.0%, half within 21 days.",
        ),
        (
            exhibits.TALK,
            (
                "After 3 decisions: a talk in time 1, later 1, none 1; "
                "2 fall in years of which no talks were reported."
            ),
        ),
        (exhibits.EFFECT_LIST, "Soon ends 1, over and not lifted 1, raised while it ran 1."),
        (exhibits.OVERDUE_LIST, "2 cases are overdue."),
    ],
    ids=lambda each: getattr(each, "key", ""),
)  # fmt: skip
def test_a_takeaway_says_the_numbers_worked_by_hand(stage: Stage, exhibit: Exhibit[UpDownScene], sentence: str) -> None:
    scene = stage.scene()
    assert exhibit.takeaway(scene, stage.tables(exhibit, scene)) == sentence


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        (
            {"other": 5, "moved": 3, "resigned": 2, None: 1},
            "The reason most often named is Exchanged: 3 of 11; other or not known: 6.",
        ),
        ({"other": 5}, "Most posts ended for Other: 5 of 5."),
    ],
)
def test_the_reason_that_is_told_is_one_that_was_named(
    stage: Stage, reasons: dict[str | None, int], sentence: str
) -> None:
    columns = {"moved_down": 0, "moved_aside": 0, "moved_out": list(reasons.values())}
    ended = pd.DataFrame({"end_reason": list(reasons), **columns})
    assert exhibits.ENDED.takeaway(stage.scene(), {"ended": ended}) == sentence


def test_one_year_is_told_apart(stage: Stage) -> None:
    scene = stage.scene(year=2026)
    assert exhibits.REASON.takeaway(scene, stage.tables(exhibits.REASON, scene)) == (
        "3 decisions, by 1 of which somebody lost the post; most: Held to account (2), Own request (1)."
    )
    assert exhibits.REASON.caption(scene).startswith("2026 ·")
    assert exhibits.REASON.caption(stage.scene()).startswith("2022–2026 ·")


def test_who_may_not_see_few_is_told_of_no_decision_and_of_no_person(stage: Stage) -> None:
    scene = stage.scene(min_group=10)
    hidden = {
        each.name: each.takeaway(scene, stage.tables(each, scene))
        for each in (exhibits.REASON, exhibits.EFFECT, exhibits.PROTECTED, exhibits.STAGE, exhibits.TALK)
    }
    assert set(hidden.values()) == {"Too few to be shown."}
    for listed in (exhibits.EFFECT_LIST, exhibits.OVERDUE_LIST):
        assert all(table.empty for table in stage.tables(listed, scene).values())
    figure = exhibits.REASON.draw(scene, stage.tables(exhibits.REASON, scene)) if exhibits.REASON.draw else None
    assert figure
    assert set(figure.data[1].text) <= {"*", "·"}


@pytest.mark.parametrize("said_in", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda each: each.key)
@pytest.mark.parametrize("unit", [None, "001.001", "001.003"])
def test_every_figure_is_drawn_of_any_unit_and_year_and_says_no_missing_value(
    stage: Stage, exhibit: Exhibit[UpDownScene], said_in: words.Words, unit: str | None
) -> None:
    for year, side, least in ((2026, "level", 1), (2021, "body", 1), (None, "body", 3)):
        at = stage.scene(words=said_in, unit=unit, year=year, side=side, min_group=least, look=look.DARK)
        found = stage.tables(exhibit, at)
        texts = [exhibit.title(at), exhibit.caption(at), exhibit.takeaway(at, found), *exhibit.evidence(at, found)]
        drawn = exhibit.draw(at, found) if exhibit.draw else None
        if exhibit.draw and not next(iter(found.values())).empty and least == 1 and exhibit is not exhibits.STAGE:
            assert drawn is not None or exhibit is exhibits.TALK
        assert [text for text in texts if NEVER_SAID.search(text)] == []


def test_the_page_says_its_finding_and_names_nobody_before_it_is_asked(page: OpenPage) -> None:
    app = page(PAGE, lang="zh_CN")
    assert title(app) == "2025年提拔 0 人，降低层次、改任非领导职务和离任 0 人"
    assert names_in(app) == set()
    assert names_in(page(PAGE, lang="zh_CN", more="effects")) == {"钱样乙", "郑样庚", "褚样子"}
    assert names_in(page(PAGE, lang="zh_CN", more="overdue")) == {"李样丁", "周样戊"}
    assert said(app, "takeaway")
