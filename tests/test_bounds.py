"""Each ratio says between which numbers it lies while records are not known, one way everywhere, and else nothing."""

from typing import Any

import pytest

from data.access import LOCAL
from pages.exhibits import age_ladder, assessment, rotation
from pages.parts import bounds, ledger, look, words
from queries import building, warehouse
from queries.warehouse import Warehouse
from tests import plain
from tests.conftest import CADRE_MONTH, OpenPage
from tests.random_cities import land
from tests.test_pages import said, title

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
PAGE = "age_ladder"
BASE: dict[str, Any] = {
    "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
    "look": look.LIGHT,
}  # fmt: skip


def test_a_figure_is_said_with_its_bounds_and_why() -> None:
    assert bounds.share(0.182, (0.179, 0.186), "12 人出生年月不明", CHINESE) == "18.2%（17.9–18.6%，12 人出生年月不明）"
    assert bounds.people(1398, (1398, 1401), "3 births", ENGLISH) == "1,398 (1,398–1,401, 3 births)"


@pytest.mark.parametrize("said_in", [ENGLISH, CHINESE])
def test_a_figure_that_nothing_can_move_is_said_alone(said_in: words.Words) -> None:
    assert bounds.share(0.182, (0.182, 0.182), "why", said_in) == "18.2%"
    assert bounds.people(5, (5, 5), "why", said_in) == "5"


def test_the_ledger_says_how_many_could_count(twelve: Warehouse) -> None:
    asked = {"as_of": CADRE_MONTH}
    quota = age_ladder.with_bounds(
        twelve.ask("age_ladder/quota", **asked).table, twelve.ask("age_ladder/bounds", **asked).table
    )
    told = age_ladder.named(quota, ENGLISH)
    cells = {row["id"]: row["have"] for row in ledger.rows(told, say=ENGLISH)["rows"]}
    assert cells == {
        "principals_35": "1–2", "secretaries_35": "0–1", "team_35": "3–5", "team_30": "1–2", "party_women": "1",
        "divisions_40": "1",
    }  # fmt: skip


def test_the_page_says_the_bounds_of_people_share_and_need(page: OpenPage) -> None:
    told = " ".join(said(page(lang="zh_CN", target="team_35"), "takeaway"))
    assert "实配 3（3–5，2 人出生年月不明）；占比 37.5%（37.5–62.5%，2 人出生年月不明）" in told


def test_a_target_that_no_birth_can_move_says_no_bounds(page: OpenPage) -> None:
    assert not any("实配" in text for text in said(page(lang="zh_CN", target="divisions_40"), "takeaway"))


def test_of_the_year_before_five_leaders_in_post_are_not_assessed(twelve: Warehouse) -> None:
    told = twelve.ask("assessment/grade_share", year=2024)
    rows = {(row[0], row[1]): row[2:] for row in plain.rows(told, *_CAPS)}
    assert rows["leaders", "一组"] == (4, 4, 5, 4 / 9, 1.0)
    assert rows["leaders", None] == (1, 1, 0, 1.0, 1.0)


_CAPS = ("about", "peer_group", "taking_part", "given", "unassessed", "share_low", "share_high")


def test_the_caps_say_what_the_missing_results_could_make_of_the_share(twelve: Warehouse) -> None:
    table = twelve.ask("assessment/grade_share", year=2024).table
    scene = assessment.AssessmentScene(**BASE, year=2024, group="一组")
    told = assessment.CAPS.takeaway(scene, {"caps": table})
    assert told.endswith(" Leading cadres: 100.0% (50.0–100.0%, 5 people without a result) excellent.")


def test_leave_says_what_an_unknown_start_of_work_could_make_of_its_share(twelve: Warehouse, page: OpenPage) -> None:
    row = twelve.ask("welfare/uptake", year=2025, min_group=1, item="leave").table.query("side == 'all'").iloc[0]
    assert (row["people"], row["full_use"], row["unknown"]) == (11, 2, 1)
    assert "18.2%（16.7–25.0%，1 人参加工作时间不明）" in title(page("welfare", lang="zh_CN", year="2025", group="1"))


def test_a_group_says_what_an_unknown_start_of_work_in_it_could_make_of_its_share(twelve: Warehouse) -> None:
    table = twelve.ask("welfare/uptake", year=2025, min_group=1, item="leave").table
    unknown = table[table["unknown"] > 0].set_index("side")[["body", "sex", "level", "band_id"]]
    # P07, a deputy of a township, of whom neither birth nor start of work is known
    assert unknown.loc["body", "body"] == "township"
    assert unknown.loc["sex", "sex"] == "male"
    row = table[table["sex"] == "male"].iloc[0]
    people, full = int(row["people"]), int(row["full_use"])
    assert (row["share_low"], row["share_high"]) == (full / (people + 1), (full + 1) / (people + 1))


@pytest.fixture(scope="module")
def two_heads(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A county led by a secretary of whom nobody knows where they grew up, and a head of government who is at home."""
    root = tmp_path_factory.mktemp("two_heads")
    places: list[tuple[str, str | None, str, str | None]] = [("1", None, "city", None), ("1.1", "1", "county", None)]
    places += [(f"1.1.{organ}", "1.1", "county_leadership", organ) for organ in ("party", "government")]
    held = {"post": "甲职", "level": "1A31", "start": 202401 * 100, "primary": True}
    store = land(
        root,
        CADRE_MONTH,
        unit=[dict(zip(("unit_id", "parent_id", "body", "organ"), place, strict=True)) for place in places],
        member=[
            {"person_id": "A", "sex": "male", "growth_place": None},
            {"person_id": "B", "sex": "male", "growth_place": "1.1"},
        ],
        posting=[
            {**held, "person_id": "A", "unit_id": "1.1.party", "role": "secretary"},
            {**held, "person_id": "B", "unit_id": "1.1.government", "role": "chief"},
        ],
    )
    return warehouse.open_for(building.build(store), LOCAL)


def test_a_clock_that_an_unknown_growth_place_keeps_from_running_is_in_the_upper_bound(two_heads: Warehouse) -> None:
    told = {row[0]: row[1:] for row in plain.rows(two_heads.ask("rotation/unknown", as_of=CADRE_MONTH))}
    assert told["home_principal"] == (1, 1, 2)
    assert {row for rule, row in told.items() if rule != "home_principal"} == {(0, 0, 0)}
    of_one = plain.rows(two_heads.ask("rotation/unknown", as_of=CADRE_MONTH, unit="1.1.government"))
    assert ("home_principal", 1, 0, 1) in of_one


def test_a_place_for_somebody_outside_the_party_may_be_filled_by_whom_that_is_not_known_of(
    two_heads: Warehouse,
) -> None:
    asked = {"as_of": CADRE_MONTH}
    quota = two_heads.ask("age_ladder/quota", **asked).table
    known = age_ladder.with_bounds(quota, two_heads.ask("age_ladder/bounds", **asked).table).set_index("target_id")
    target = {str(name): value for name, value in known.loc["county_government_outside"].to_dict().items()}
    assert [target[name] for name in ("unknown", "births", "parties", "have", "have_high")] == [1, 0, 1, 0, 1]
    scene = age_ladder.AgeScene(
        **{**BASE, "words": CHINESE}, since=CADRE_MONTH, until=CADRE_MONTH, target_id="county_government_outside",
        target=target, body=None, level=None, sex=None, term_changes=(),
    )  # fmt: skip
    assert age_ladder.bounded(scene).startswith("实配 0（0–1，1 人政治面貌不明）")
    assert known.loc["county_government_women", "have_high"] == 0


def test_a_cell_of_the_matrix_says_between_which_differences_it_lies(twelve: Warehouse) -> None:
    table = twelve.ask("age_ladder/by_unit", as_of=CADRE_MONTH, unit="001.001").table
    cells = list(zip(table["unit_id"], table["spare"], table["spare_low"], table["spare_high"], strict=True))
    # of 柳溪乡 the secretary is born in 1990, in which month is not known, and a deputy nobody knows when
    assert [cell[1:] for cell in cells if cell[0] == "001.001.003"] == [(-1, -1, 0), (-1, -1, 1), (-1, -1, 0)]
    assert [cell[1:] for cell in cells if cell[0] == "001.001.002"] == [(0, 0, 0), (-1, -1, -1), (0, 0, 0), (0, 0, 0)]


def test_the_board_says_that_upper_bound(two_heads: Warehouse) -> None:
    ahead = two_heads.ask("rotation/clock_ahead", since=CADRE_MONTH, until=202810).table
    unknown = two_heads.ask("rotation/unknown", as_of=CADRE_MONTH).table
    scene = rotation.RotationScene(
        **BASE, since=202110, rule_id="home_principal", rule="Principal at home", programme=None, level=None,
        from_body=None, body=None, post_unit=None, post_unit_name="", person=None, person_name="",
    )  # fmt: skip
    said_of_it = rotation.BOARD.takeaway(scene, {"ahead": ahead, "unknown": unknown})
    assert "1 (1–2, of 1 person the place of growth or the level is not known)" in said_of_it


def test_welfare_of_a_year_in_which_everything_is_known_says_no_bounds(page: OpenPage) -> None:
    assert "（" not in title(page("welfare", lang="zh_CN", year="2026", group="1"))


def test_the_outlook_says_between_which_numbers_it_starts(page: OpenPage) -> None:
    told = " ".join(said(page("outlook", lang="zh_CN", target="team_35")))
    assert "起点实配 3（3–5，2 人出生年月不明）" in told
    assert "起点" not in " ".join(said(page("outlook", lang="zh_CN", target="divisions_40")))
