"""The page of the reserve: it says the numbers worked by hand, in either language, of any unit and date."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import landing
from data.reading import ReadingError
from data.store import Store
from pages.exhibits import Exhibit
from pages.exhibits import reserve as exhibits
from pages.exhibits.reserve import EXHIBITS, SHAPE_SIDES, ReserveScene
from pages.parts import look, rows, words
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH, OpenPage
from tests.test_pages import names_in, title

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
PAGE = "reserve"


class Stage(figures.Stage):
    """The scenes of one warehouse."""

    def scene(self, **chosen: Any) -> ReserveScene:
        """What the page shows of all kinds at their next term change, unless chosen otherwise."""
        usual: dict[str, Any] = {
            "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
            "look": look.LIGHT, "until": None, "reserve": None, "year": 2026, "side": "band",
        }  # fmt: skip
        return ReserveScene(**(usual | chosen))


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    return Stage(twelve)


@pytest.mark.parametrize(
    ("exhibit", "sentence"),
    [
        (
            exhibits.ECHELON,
            (
                "10 posts are or fall vacant; 2 people in the reserve could be appointed to its posts. Lacking: "
                "County-level principals (2), County-level deputies (5), Municipal divisions (3)."
            ),
        ),
        (exhibits.PEOPLE, "In the reserve: County-level deputies 4, Township principals 4."),
        (
            exhibits.YEARS_LEFT,
            "2 of 4 have the years required by then; 2 still need some, 0 cannot be told.",
        ),
        (
            exhibits.EXPERIENCE,
            "Of all kinds together: Township principal 50.0%, Sent to a project 37.5%, Two kinds of post 12.5%.",
        ),
        (exhibits.FLOW, "2026: 0 taken in, 0 left, 0 of them appointed."),
        (exhibits.PERSON, "8 stays, in the order of kinds and units; nobody is placed before another."),
    ],
    ids=lambda each: getattr(each, "key", ""),
)
def test_a_takeaway_says_the_numbers_worked_by_hand(
    stage: Stage, exhibit: Exhibit[ReserveScene], sentence: str
) -> None:
    scene = stage.scene()
    assert exhibit.takeaway(scene, stage.tables(exhibit, scene)) == sentence


def test_comings_and_goings_are_of_the_kind_and_year_that_are_chosen(stage: Stage) -> None:
    scene = stage.scene(reserve="township_principal", year=2025)
    told = stage.tables(exhibits.FLOW, scene)
    assert exhibits.FLOW.takeaway(scene, told) == "2025: 1 taken in, 1 left, 0 of them appointed."
    assert len(stage.tables(exhibits.PERSON, scene)["person"]) == 4


def test_nobody_is_ready_where_nothing_is_to_come_for_years(stage: Stage) -> None:
    # by December 2031 all four who could be appointed are past the line of their kind but P02 and P03
    scene = stage.scene(until=203112)
    people = stage.tables(exhibits.YEARS_LEFT, scene)["years_left"]
    assert people[["reserve", "state", "people"]].to_numpy().tolist() == [
        ["county_deputy", "ready", 1],
        ["township_principal", "ready", 1],
    ]


@pytest.mark.parametrize("said_in", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda each: each.key)
@pytest.mark.parametrize("unit", [None, "001.001", "001.003"])
def test_every_figure_is_drawn_of_any_unit_and_side_and_says_no_missing_value(
    stage: Stage, exhibit: Exhibit[ReserveScene], said_in: words.Words, unit: str | None
) -> None:
    for side in SHAPE_SIDES:
        at = stage.scene(words=said_in, unit=unit, side=side, look=look.DARK)
        texts = figures.said(exhibit, at, stage.tables(exhibit, at))
        assert [text for text in texts if figures.NEVER_SAID.search(text)] == []


@pytest.mark.parametrize(
    ("findings", "chinese", "english"),
    [
        (
            ["thin", "empty", "enough", "thin", "enough", "not_needed"],
            "{0}：县处级副职；{1}：县处级正职、县直单位正职；2 类职务储备充足",
            (
                "{0}: County-level deputies; {1}: County-level principals, Heads of county departments; "
                "enough for 2 kinds of post"
            ),
        ),
        (["enough", "not_needed"], "1 类职务储备充足", "Enough for 1 kind of post"),
    ],
)
def test_the_finding_names_the_posts_that_lack_people_and_counts_the_others(
    stage: Stage, findings: list[str], chinese: str, english: str
) -> None:
    kinds = [
        "county_principal",
        "county_deputy",
        "township_principal",
        "department_principal",
        "section_deputy",
        "division",
    ]
    echelon = pd.DataFrame({"reserve": kinds[: len(findings)], "finding": findings, "people": 3})
    for said_in, told in ((CHINESE, chinese), (ENGLISH, english)):
        empty, thin = (rows.spoken(each, said_in) for each in ("empty", "thin"))
        headline = exhibits.headline(stage.scene(words=said_in), echelon)
        assert headline == told.format(empty[:1].upper() + empty[1:], thin)


def test_a_unit_without_a_reserve_says_so(stage: Stage) -> None:
    scene = stage.scene(unit="001.003", unit_name="市计划局")
    echelon = stage.tables(exhibits.ECHELON, scene)["echelon"]
    assert exhibits.headline(scene, echelon) == "No reserve of 市计划局 was reported"


def test_the_page_says_its_finding_and_names_nobody_to_those_who_may_not_see_names(page: OpenPage) -> None:
    app = page(PAGE, lang="zh_CN")
    assert title(app) == "无人具备条件：县处级正职、市直单位中层职务；储备偏少：县处级副职"
    assert names_in(app) == {"赵样甲", "钱样乙", "吴样己", "褚样子", "孙样丙", "李样丁", "周样戊", "郑样庚"}


def test_a_city_that_reported_no_reserve_is_not_called_empty(stage: Stage) -> None:
    scene = stage.scene()
    nobody = {"echelon": stage.tables(exhibits.ECHELON, scene)["echelon"].assign(people=0)}
    assert exhibits.ECHELON.takeaway(scene, nobody) == "No reserve was reported."
    assert exhibits.ECHELON.draw
    assert exhibits.ECHELON.draw(scene, nobody) is None


@pytest.mark.promise("kept.never")
def test_an_order_or_an_appraisal_beside_the_stays_lands_nothing(tmp_path: Path) -> None:
    file = tmp_path / "reserve.csv"
    file.write_text("person_id,kind,start,end,end_reason,排序\nP02,township_principal,2024-06,,,1\n", encoding="utf-8")
    store = Store(tmp_path / "store")
    with pytest.raises(ReadingError, match="takes no other column"):
        landing.land(store, [file], month=CADRE_MONTH)
    assert not store.manifest().batches
