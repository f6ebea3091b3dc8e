"""The page of welfare and care: it says the numbers worked by hand, in either language, and hides what is too small."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import contract, landing
from data.store import Store
from pages.exhibits import Exhibit
from pages.exhibits import welfare as exhibits
from pages.exhibits.welfare import EXHIBITS, SIDES, WelfareScene
from pages.parts import answers, look, rows, words
from queries import building
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE, CADRE_MONTH, OpenPage
from tests.test_pages import GUEST, MONTH, NUMBER, charts, names_in, said, title

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
PAGE = "welfare"
LEAST_AND_MOST = (
    "Annual leave is taken in full by 0.0% in County leadership and by 57.1% in Townships and subdistricts."
)


class Stage(figures.Stage):
    """The scenes of one warehouse."""

    def scene(self, **chosen: Any) -> WelfareScene:
        """What the page shows of leave in 2026, everyone shown, unless chosen otherwise."""
        usual: dict[str, Any] = {
            "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
            "look": look.LIGHT, "year": 2026, "item": "leave", "side": "body", "body": None, "min_group": 1, "least": 1,
        }  # fmt: skip
        known = self.ask("roster/welfare_years", ())
        reported = frozenset(known.loc[known["year"] == chosen.get("year", 2026), "item"])
        return WelfareScene(**({"reported": reported} | usual | chosen))

    def uptake(self, **chosen: Any) -> pd.DataFrame:
        """The answer that the page's title is made of."""
        return self.tables(exhibits.UPTAKE, self.scene(**chosen))["uptake"]

    def takeaway(self, exhibit: Exhibit[WelfareScene], **chosen: Any) -> str:
        """The sentence under a figure."""
        scene = self.scene(**chosen)
        return exhibit.takeaway(scene, self.tables(exhibit, scene))


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    return Stage(twelve)


@pytest.fixture(scope="module")
def town(city: Warehouse) -> Stage:
    return Stage(city)


def test_the_title_is_the_finding(stage: Stage) -> None:
    # 10 people are entitled to 115 days, 5 took all of theirs, 68 days were taken
    scene, table = stage.scene(), stage.uptake()
    assert exhibits.headline(scene, table) == "2026: 50.0% took all of their annual leave, 47 days are owed"
    said_ = exhibits.headline(stage.scene(words=CHINESE, unit="001", unit_name="示例市"), table)
    assert said_ == "示例市2026年足额休年休假的占 50.0%，应休未休 47 天"
    assert exhibits.tally(scene, table) == (
        "check-ups taken 81.8% · talked to in the yearly round 70.0% · township allowance paid 87.5%"
        " · the year runs, counted to Oct 2026"
    )


@pytest.mark.parametrize(
    ("exhibit", "sentence"),
    [
        (exhibits.UPTAKE, LEAST_AND_MOST),
        (exhibits.TREND, "50.0% by Oct 2026; a year before 18.2%; no clear change."),
        (exhibits.FUNNEL, "The 4 units shown differ no more than chance allows."),
        (exhibits.OWED, "5 people are owed 47 days; in lieu, 141 daily wages."),
        (exhibits.TALK, "City-managed: 1 of 2 not yet; County-managed: 2 of 8 not yet."),
        (exhibits.TRIGGER, "Of 3 calls, 1 were answered in time and 1 not at all."),
        (exhibits.TOWNSHIP, "There are no townships with peers in county departments here."),
        (exhibits.OWED_LIST, "5 people are owed leave."),
        (exhibits.OVERDUE_LIST, "3 people have not been talked to in the year."),
    ],
)  # fmt: skip
def test_a_takeaway_says_the_numbers_worked_by_hand(
    stage: Stage, exhibit: Exhibit[WelfareScene], sentence: str
) -> None:
    assert stage.takeaway(exhibit) == sentence


def test_the_groups_furthest_from_the_others_are_named_and_the_rest_counted(stage: Stage) -> None:
    scene = stage.scene()
    gap = stage.tables(exhibits.GAP, scene)["gap"]
    bands = gap[gap["side"] == "band"].head(5).assign(
        finding=["lower", "lower", "higher", "lower", "lower"], points_ahead=[-3.0, -9.0, 4.0, -1.0, -5.0]
    )  # fmt: skip
    names = bands["band_en"].tolist()
    sentence = f"Lower: {names[1]}, {names[4]}, {names[0]} and 1 more; higher: {names[2]}"
    assert exhibits.GAP.takeaway(scene, {"gap": bands}).startswith(sentence)


def test_what_is_too_small_is_counted_and_not_named(stage: Stage) -> None:
    assert "11 groups are not shown" in stage.takeaway(exhibits.GAP, min_group=3)
    scene = stage.scene(min_group=50)
    assert exhibits.headline(scene, stage.uptake(min_group=50)) == "示例市, 2026: too few people to be shown"
    assert "under 50 people" in exhibits.reading(scene)
    assert "*" not in exhibits.reading(stage.scene())


@pytest.mark.parametrize(
    "exhibit",
    [exhibits.UPTAKE, exhibits.TREND, exhibits.FUNNEL, exhibits.GAP, exhibits.OWED, exhibits.TALK, exhibits.TRIGGER],
    ids=lambda exhibit: exhibit.key,
)
def test_what_is_all_too_small_is_not_said_to_be_none(stage: Stage, exhibit: Exhibit[WelfareScene]) -> None:
    assert stage.takeaway(exhibit, min_group=50) == "Too few groups can be shown to compare them."


def test_days_owed_by_too_few_are_not_said_to_be_none(stage: Stage) -> None:
    # of six rungs only that of the 5 who are owed nothing is shown; the 5 others hold one person each
    assert stage.takeaway(exhibits.OWED, min_group=3) == "Too few groups can be shown to compare them."


def test_townships_that_are_all_too_small_to_compare_are_not_said_to_be_alike(town: Stage) -> None:
    assert town.takeaway(exhibits.TOWNSHIP, min_group=10_000) == "Too few groups can be shown to compare them."


def test_what_was_not_reported_is_not_said_to_be_none(stage: Stage) -> None:
    # of 2025 nothing but leave and talks was reported
    assert (
        stage.takeaway(exhibits.TREND, year=2025, item="checkup") == "Yearly check-up taken of 2025 was not reported."
    )
    assert stage.takeaway(exhibits.FUNNEL, year=2025, item="checkup", words=CHINESE) == "2025年年度体检未上报。"
    scene, table = stage.scene(year=2025), stage.uptake(year=2025)
    assert set(table["item"]) == {"leave", "talk"}
    assert "not reported: Time off for overtime, Yearly check-up taken" in exhibits.tally(scene, table)
    none = table[table["item"] != "leave"]
    talks = stage.scene(year=2025, reported=frozenset({"talk"}))
    assert exhibits.headline(talks, none) == "示例市, 2025: annual leave was not reported"
    assert exhibits.OWED_LIST.takeaway(talks, {"owed_person": none.head(0)}).endswith("was not reported.")


def test_an_offer_is_told_from_what_is_due(stage: Stage) -> None:
    scene = stage.scene()
    figure = exhibits.UPTAKE.draw(scene, stage.tables(exhibits.UPTAKE, scene)) if exhibits.UPTAKE.draw else None
    assert figure
    marked = [note.text for note in figure.layout.annotations if "(offer)" in note.text]
    assert len(marked) == 1
    assert "Counselling service" in marked[0]


def test_a_difference_of_shares_is_written_in_percentage_points(twelve: Warehouse) -> None:
    answer = twelve.ask("welfare/gap", year=2026, item="leave", min_group=3)
    written = rows.readable(answer, CHINESE)["相差百分点"]
    assert set(written) == {"", "+20.0", "+23.8", "−23.8"}


def scenes(stage: Stage) -> Iterator[WelfareScene]:
    """Some of what a reader may choose."""
    for place, item in enumerate(("leave", "checkup", "talk", "hardship_aid", "recuperation")):
        yield stage.scene(
            item=item,
            side=SIDES[place % len(SIDES)],
            year=(2026, 2025, 2024)[place % 3],
            min_group=(1, 10, 30)[place % 3],
            words=(ENGLISH, CHINESE)[place % 2],
            look=(look.LIGHT, look.DARK)[place % 2],
            body=(None, "township")[place % 2],
        )


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.key)
@pytest.mark.parametrize("house", ["stage", "town"])
def test_every_figure_draws_and_speaks_in_whole_sentences(
    exhibit: Exhibit[WelfareScene], house: str, request: pytest.FixtureRequest
) -> None:
    opened: Stage = request.getfixturevalue(house)
    for scene in scenes(opened):
        tables = opened.tables(exhibit, scene)
        figure = exhibit.draw(scene, tables) if exhibit.draw else None
        written = [exhibit.title(scene), exhibit.caption(scene), exhibit.takeaway(scene, tables)]
        written += [*exhibit.evidence(scene, tables)]
        written += [note.text for note in figure.layout.annotations] if figure else []
        assert [text for text in written if figures.NEVER_SAID.search(text) or not text.strip()] == []
        assert written[2].endswith((".", "。"))


def test_every_question_of_welfare_is_shown_once_under_its_own_name(stage: Stage) -> None:
    shown = [next(iter(exhibit.asks(stage.scene()).values()))[0] for exhibit in EXHIBITS]
    assert shown == [exhibit.name for exhibit in EXHIBITS]


def test_evidence_cites_the_clause_of_each_item(stage: Stage) -> None:
    scene = stage.scene(words=CHINESE)
    behind = " ".join(exhibits.UPTAKE.evidence(scene, stage.tables(exhibits.UPTAKE, scene)))
    assert "职工带薪年休假条例" in behind
    assert "第19条" in behind


def test_the_page_says_the_same_numbers_in_either_language(page: OpenPage) -> None:
    chinese, english = (page(lang=language, year="2026", group="1") for language in ("zh_CN", "en"))
    for kind in ("page-title", "takeaway"):
        for one, other in zip(said(chinese, kind), said(english, kind), strict=True):
            assert sorted(NUMBER.findall(MONTH.sub("", one))) == sorted(NUMBER.findall(MONTH.sub("", other)))


def test_year_unit_and_group_in_the_address_take_effect(page: OpenPage) -> None:
    assert title(page()) == "2025年足额休年休假的占 18.2%（16.7–25.0%，1 人参加工作时间不明），应休未休 90 天"
    assert (
        title(page(year="2026", group="1", unit="001.001.002")) == "松林镇2026年足额休年休假的占 50.0%，应休未休 14 天"
    )
    assert title(page(unit="001.001.002")) == "松林镇2025年：人数过少，不显示"


def test_a_code_that_nobody_knows_is_passed_over(page: OpenPage) -> None:
    assert title(page(year="1900", item="nothing", by="name", body="x", group="0")) == title(page())


def test_lists_of_people_are_for_those_who_may_see_names(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"褚样子", "冯样壬"} <= names_in(page(year="2026", more="people"))
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    guest = page(year="2026", more="people", group="1")
    assert names_in(guest) == set()
    assert title(guest) == title(page(year="2026"))
    assert "welfare-uptake" in charts(guest)


def test_where_nothing_of_welfare_is_known_the_page_says_so(
    page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    landing.land(store, [CADRE / f"{source}.csv" for source in contract.REQUIRED], month=CADRE_MONTH)
    building.build(store)
    monkeypatch.setenv("CADRE_STORE", str(tmp_path))
    bare = page(more="people")
    assert title(bare) == "示例市2026年无关心关爱数据"
    assert charts(bare) == set()
