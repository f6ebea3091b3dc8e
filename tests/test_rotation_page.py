"""The rotation page: what its figures say of the twelve people, and that every code in its address takes effect."""

import re
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.access import EVERY_UNIT, Viewer
from pages.exhibits import Exhibit
from pages.exhibits import rotation as exhibits
from pages.exhibits.rotation import RotationScene
from pages.parts import answers, charts, look, words
from queries.warehouse import Warehouse
from tests.conftest import CADRE, CADRE_MONTH, OpenPage

NEVER_SAID = re.compile(r"\bnan\b|<NA>|\bNone\b|[{}]|--")
NAMES = [line.split(",")[1] for line in (CADRE / "member.csv").read_text(encoding="utf-8").splitlines()[1:]]
ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
PAGE = "rotation"


def scene(said: words.Words = ENGLISH, seen: look.Look = look.LIGHT, **chosen: Any) -> RotationScene:
    """What the page would show of the twelve in October 2026, unless something else is chosen."""
    given = {
        "as_of": CADRE_MONTH,
        "data_month": CADRE_MONTH,
        "unit": None,
        "unit_name": "示例市",
        "words": said,
        "look": seen,
        "since": 202110,
        "rule_id": "place_level_ten",
        "rule": "Same place and level, ten years",
        "programme": None,
        "level": None,
        "from_body": None,
        "body": None,
        "post_unit": "001.001.003",
        "post_unit_name": "柳溪乡",
        "person": None,
        "person_name": "",
    }
    return RotationScene(**(given | chosen))


def tables(opened: Warehouse, exhibit: Exhibit[RotationScene], at: RotationScene) -> dict[str, pd.DataFrame]:
    """What a figure is made of."""
    return {role: opened.ask(name, **given).table for role, (name, given) in exhibit.asks(at).items()}


TAKEAWAYS = [
    (exhibits.BOARD, "Same place and level, ten years: 0 past or in the band, 1 more within a year."),
    (
        exhibits.CLOCKS,
        "Same place and level, ten years: 2 people to Oct 2028, of whom 0 past or in the band and 1 about to run out.",
    ),
    (exhibits.FLOW, "1 moves, 1 of them between kinds of unit; 0 up the tiers, 1 down."),
    (exhibits.MOVERS, "1 arrival."),
    (exhibits.BALANCE, "City to Township: 1 there, 0 back."),
    (exhibits.PROGRAMME, "3 people are away under programmes, 2 of them due back; 2 postings have ended."),
    (exhibits.AWAY, "3 people away, 1 of them past the usual length."),
    (exhibits.AFTER_RETURN, "Of 2 followed for 24 months, 1 were promoted and 0 left."),
    (exhibits.TIME_IN_POST, "Half leave their post within 6.1 years."),
    (exhibits.GRASSROOTS, "9 of 11 in leading posts have 24 months at the grass roots (81.8%)."),
]


@pytest.mark.parametrize(("exhibit", "english"), TAKEAWAYS, ids=lambda each: getattr(each, "key", ""))
def test_a_takeaway_says_the_numbers_worked_by_hand(
    twelve: Warehouse, exhibit: Exhibit[RotationScene], english: str
) -> None:
    assert exhibit.takeaway(scene(), tables(twelve, exhibit, scene())) == english


@pytest.mark.parametrize("said", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("exhibit", exhibits.EXHIBITS, ids=lambda each: each.key)
@pytest.mark.parametrize("unit", [None, "001.001", "001.001.003", "001.002"])
def test_every_figure_is_drawn_of_any_unit_and_says_no_missing_value(
    twelve: Warehouse, exhibit: Exhibit[RotationScene], said: words.Words, unit: str | None
) -> None:
    at = scene(said, look.DARK, unit=unit)
    found = tables(twelve, exhibit, at)
    texts = [exhibit.title(at), exhibit.caption(at), exhibit.takeaway(at, found), *exhibit.evidence(at, found)]
    if exhibit.draw and not next(iter(found.values())).empty and (figure := exhibit.draw(at, found)):
        texts += [str(note.text) for note in figure.layout.annotations]
        assert figure.data
    assert [text for text in texts if NEVER_SAID.search(text)] == []


def confirmed(ahead: pd.DataFrame, **by: str) -> pd.DataFrame:
    """The same clocks, with others standing behind some rules."""
    return ahead.assign(confirmed=ahead["rule_id"].map(by).fillna(ahead["confirmed"]))


def test_the_headline_counts_whole_people_by_the_rules_that_bind_and_names_them(twelve: Warehouse) -> None:
    asked = twelve.ask("rotation/clock_ahead", since=CADRE_MONTH, until=202810).table
    ahead = confirmed(asked, post_ten="law", home_principal="department")
    assert exhibits.headline(scene(), ahead) == "1 person must move (Same post, ten years); 0 more within a year"
    assert exhibits.headline(scene(CHINESE), ahead) == "同一职位满10年须交流 1 人；一年内再增 0 人"
    assert exhibits.headline(scene(CHINESE, unit="001.002", unit_name="市发展局"), ahead) == (
        "市发展局同一职位满10年须交流 1 人；一年内再增 0 人"
    )
    assert exhibits.tally(scene(), ahead) == (
        "clocks that have run out: 2 by rules that bind, 1 by rules to be confirmed; within 3 months: 0 and 3; rules: 6"
    )


def test_the_headline_follows_the_names_of_the_rules_and_says_each_apart(twelve: Warehouse) -> None:
    ahead = twelve.ask("rotation/clock_ahead", since=CADRE_MONTH, until=202810).table
    five = ahead[ahead["rule_id"] == "sensitive_five"].assign(force="must", clock_zh="同一职位满8年（正职）")
    ahead = confirmed(pd.concat([ahead, five]), post_ten="law", sensitive_five="law")
    assert exhibits.headline(scene(CHINESE), ahead) == (
        "同一职位满10年须交流 1 人；一年内再增 0 人；同一职位满8年须交流 0 人；一年内再增 1 人"
    )


def test_no_rule_that_is_to_be_confirmed_binds_anybody(twelve: Warehouse) -> None:
    ahead = twelve.ask("rotation/clock_ahead", since=CADRE_MONTH, until=202810).table
    assert exhibits.headline(scene(), ahead) == "Nobody must move by a rule that binds, now or within a year"
    assert exhibits.headline(scene(), ahead[:0]) == "Nobody must move by a rule that binds, now or within a year"
    assert exhibits.tally(scene(CHINESE), ahead) == (
        "已到期：已明确的规则 0 人次、待确认的规则 3 人次；3 个月内再到期：0 人次、3 人次；共 6 项规则"
    )


def test_a_click_on_the_board_gives_the_rule_and_on_the_map_programme_and_unit(twelve: Warehouse) -> None:
    board, grid = (
        exhibit.draw(scene(), tables(twelve, exhibit, scene())) if exhibit.draw else None
        for exhibit in (exhibits.BOARD, exhibits.PROGRAMME)
    )
    assert board is not None
    assert grid is not None
    rules = {code for trace in board.to_dict()["data"] for (code,) in trace.get("customdata", ())}
    cells = {tuple(codes) for trace in grid.to_dict()["data"] for codes in trace.get("customdata", ())}
    assert {"post_ten", "home_principal", "over_ten"} <= rules
    assert ("secondment", "001.002") in cells


def test_those_who_hold_one_post_at_once_stand_on_lines_of_their_own(twelve: Warehouse) -> None:
    drawn = exhibits.SPELLS.draw(scene(), tables(twelve, exhibits.SPELLS, scene())) if exhibits.SPELLS.draw else None
    assert drawn is not None
    bars = drawn.to_dict()["data"][0]
    spans = sorted(zip(bars["y"], bars["base"], bars["x"], strict=True))
    assert all(one[0] != other[0] or one[1] + one[2] <= other[1] for one, other in pairwise(spans))


def test_the_median_is_the_first_month_at_which_half_have_left() -> None:
    table = pd.DataFrame({"month": [10, 20, 30], "survival": [0.8, 0.5, 0.1]})
    assert charts.quantile(table, 0.5) == 20
    assert charts.quantile(table, 0.2) == 30
    assert charts.quantile(table, 0.05) is None


def said(app: AppTest) -> str:
    """All that the page lays as HTML."""
    return "\n".join(element.proto.body for element in app.get("html"))


def drawn(app: AppTest) -> set[str]:
    """The figures on the page, by their exhibits' keys."""
    return {str(chart.key).removeprefix("plot_rotation-") for chart in app.get("plotly_chart")}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("part", "figures"),
    [
        ("flows", {"flow", "flow_table"}),
        ("programmes", {"programme"}),
        ("posts", {"spell"}),
        ("time", {"time_in_post", "grassroots"}),
    ],
)
def test_the_page_shows_the_board_and_the_part_that_is_chosen(
    page: OpenPage, part: str, figures: set[str], language: str
) -> None:
    assert drawn(page(more=part, lang=language)) == {"clock_ahead", "balance"} | figures


@pytest.mark.parametrize(
    ("codes", "tells"),
    [
        ({"rule": "home_principal"}, "冯样壬"),
        ({"month": "2028-12", "rule": "level_fifteen"}, "陈样癸"),
        ({"unit": "001.001.002", "rule": "sensitive_five"}, "李样丁"),
        ({"more": "flows", "from_body": "municipal_department", "body": "township"}, "钱样乙"),
        ({"more": "programmes", "programme": "first_secretary"}, "褚样子"),
        ({"more": "posts", "person": "P10"}, "陈样癸 · 截至2026年10月的近十年"),
    ],
)
def test_every_code_in_the_address_takes_effect(page: OpenPage, codes: dict[str, str], tells: str) -> None:
    assert tells in said(page(**codes))


def test_every_clock_is_offered_once(page: OpenPage) -> None:
    for codes in ({}, {"rule": "post_ten"}, {"rule": "over_ten"}):
        offered = page(**codes).selectbox(key="choose_rule").options
        assert len(offered) == len(set(offered)) == 8


def test_a_code_that_nobody_knows_is_passed_over(page: OpenPage) -> None:
    assert said(page(rule="nothing", programme="nothing", unit="nothing")) == said(page())


def test_whoever_may_not_see_names_sees_none_and_no_list_of_people(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LOCAL", Viewer("guest", (EVERY_UNIT,), may=frozenset({"read"})))
    for part in ("flows", "programmes", "posts", "time"):
        told = said(page(more=part))
        assert not [name for name in NAMES if name in told]
        assert "Who" not in told
