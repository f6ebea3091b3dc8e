"""The overview on the twelve people: each tile says what was worked by hand."""

from typing import Any

import pytest

from pages.exhibits import Exhibit, overview
from pages.exhibits.overview import OverviewScene
from pages.parts import look, words
from queries.warehouse import Warehouse
from tests.conftest import CADRE_MONTH

CHINESE, ENGLISH = words.of("zh_CN"), words.of("en")


def scene(said: words.Words = ENGLISH, **chosen: Any) -> OverviewScene:
    """What the overview shows of the whole in October 2026, unless chosen."""
    given: dict[str, Any] = {
        "as_of": CADRE_MONTH,
        "data_month": CADRE_MONTH,
        "unit": None,
        "unit_name": "示例市",
        "until": 202803,
        "assessment_year": 2025,
        "welfare_year": 2026,
        "min_group": 3,
        "words": said,
        "look": look.LIGHT,
    }
    return OverviewScene(**(given | chosen))


def takeaway(twelve: Warehouse, exhibit: Exhibit[OverviewScene], seen: OverviewScene) -> str:
    """The sentence under a tile."""
    asked = exhibit.asks(seen).items()
    return exhibit.takeaway(seen, {role: twelve.ask(name, **given).table for role, (name, given) in asked})


TILES = [
    (
        overview.WARNINGS,
        {"unit": "001.001"},
        "1 red, 0 yellow, 1 blue and 1 without a warning.",
        "红色 1 个、黄色 0 个、蓝色 1 个，无预警 1 个。",
    ),
    (
        overview.MOVERS,
        {},
        "1 far up, 1 far down by the rule; noise is weighed on its page.",
        "按规则大幅前移 1 个、大幅后退 1 个；是否超出误差见考核页。",
    ),
    (
        overview.CLOCKS,
        {},
        "3 clocks have run out; 6 more do by Mar 2028.",
        "已到期 3 人次，到2028年3月还将到期 6 人次。",
    ),
    (
        # leave 5 of 10 and time off, of two people, too few to be shown; counselling, 1 of 11, is nobody's due
        overview.UPTAKE,
        {},
        "Least used of what is due: Paid annual leave, 50%.",
        "应落实事项中落实率最低：带薪年休假，50%。",
    ),
    (
        overview.UPTAKE,
        {"min_group": 50},
        "Too few groups can be shown to compare them.",
        "可显示的分组过少，不作比较。",
    ),
]


@pytest.mark.parametrize(("exhibit", "chosen", "english", "chinese"), TILES)
def test_a_tile_says_what_was_worked_by_hand(
    twelve: Warehouse, exhibit: Exhibit[OverviewScene], chosen: dict[str, Any], english: str, chinese: str
) -> None:
    assert takeaway(twelve, exhibit, scene(ENGLISH, **chosen)) == english
    assert takeaway(twelve, exhibit, scene(CHINESE, **chosen)) == chinese


def test_the_headline_counts_targets_and_people_now_and_at_the_term_change(twelve: Warehouse) -> None:
    quota = twelve.ask("age_ladder/quota", as_of=CADRE_MONTH).table
    assert overview.headline(scene(), quota) == (
        "1 of 6 targets met, 3 at the edge, 2 short by 2; if nobody moves, 2 short by 3 at the term change"
    )


def test_the_colour_of_a_unit_is_said_as_well_as_drawn(twelve: Warehouse) -> None:
    seen = scene(unit="001.001")
    figure = overview.WARNINGS.draw and overview.WARNINGS.draw(
        seen, {"status": twelve.ask("overview/status", as_of=CADRE_MONTH, unit="001.001").table}
    )
    assert figure
    numbers = [note.text for note in figure.layout.annotations if note.text.startswith("<b>")]
    assert numbers == ["<b>0</b>  none missed", "<b>1</b>  blue", "<b>3</b>  red"]


def test_rules_that_differ_only_by_whom_they_are_asked_of_are_one_row(city: Warehouse) -> None:
    seen = scene()
    tables = {"clocks": city.ask("rotation/clock_ahead", since=CADRE_MONTH, until=202803).table}
    assert overview.CLOCKS.draw
    figure = overview.CLOCKS.draw(seen, tables)
    assert figure
    names = [note.text for note in figure.layout.annotations if not note.text.startswith("<b>")]
    assert len(names) == len(set(names))
    assert not any("(" in name for name in names)


def test_assessments_are_of_the_last_year_that_is_over(twelve: Warehouse) -> None:
    groups = twelve.ask("assessment/groups").table
    assert [overview.last_year(groups, as_of) for as_of in (202503, 202512, 202610, 202001)] == [2024, 2025, 2025, 2019]


def test_what_leaves_numbers_in_doubt_is_counted(twelve: Warehouse) -> None:
    quality = twelve.ask("overview/quality", as_of=CADRE_MONTH).table
    assert overview.doubts(scene(), quality) == (
        "data to Oct 2026 · births missing: 1, known to the year only: 1 · records that the checks found: 4"
    )
