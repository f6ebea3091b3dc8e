"""Promises of the forms that look ahead: the fan, the curve of reach, the cost of lateness and the sensitivity bars."""

import re

import pandas as pd
import pytest

from data import month as calendar
from pages.parts import charts
from pages.parts.charts import Figure
from pages.parts.look import LIGHT


def said(text: str) -> str:
    """Leave source text as it is, as the English view does."""
    return text


def fan_table() -> pd.DataFrame:
    """Three months of history at 100, then four months up by one under the plan and down by one in practice."""
    rows: list[tuple[object, ...]] = [
        ("history", at, None, None, 100, None, None, True) for at in (202608, 202609, 202610)
    ]
    for mode, step in (("plan", 1), ("practice", -1)):
        for ahead in (1, 2, 3, 4):
            middle = 100 + step * ahead
            bounds = (middle - 2 * ahead, middle - ahead, middle, middle + ahead, middle + 2 * ahead)
            rows.append((mode, calendar.add(202610, ahead), *bounds, ahead <= 3))
    return pd.DataFrame(rows, columns=["mode", "month", "low80", "low50", "middle", "high50", "high80", "tested"])


def curve_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Chances of 0 to 5 appointments a year in three scenarios, and the least for 5, 8 and 9 in 10 in the first."""
    chances = {
        "as estimated": (0.0, 0.1, 0.55, 0.92, 0.999, 1.0),
        "more leave": (0.0, 0.05, 0.4, 0.85, 0.998, 1.0),
        "fewer made": (0.0, 0.02, 0.3, 0.8, 0.997, 1.0),
    }
    table = pd.DataFrame(
        [(name, n, chance) for name, row in chances.items() for n, chance in enumerate(row)],
        columns=["scenario", "n", "chance"],
    )
    names = ["5 in 10", "8 in 10", "9 in 10"]
    marks = {"name": names, "probability": [0.5, 0.8, 0.9], "n": [2, 3, 3], "chance": [0.55, 0.92, 0.92]}
    return table, pd.DataFrame(marks)


def late_table() -> pd.DataFrame:
    """The example of the method: 13 × 4, 17 × 3, 25 × 2, 48 × 1, and a start that is too late."""
    rows = [("2026", 4, 13, 52), ("2027", 3, 17, 51), ("2028", 2, 25, 50), ("2029", 1, 48, 48), ("2030", 1, None, None)]
    return pd.DataFrame(rows, columns=["start", "years", "a_year", "total"])


def lever_table() -> pd.DataFrame:
    """Three levers about a base of 98: ten, four and no people wide."""
    rows = [
        ("early", "0%", "30%", 98, 98, 98),
        ("exits", "−30%", "+30%", 104, 94, 98),
        ("age", "−1", "+1", 100, 96, 98),
    ]
    return pd.DataFrame(rows, columns=["lever", "low_at", "high_at", "low", "high", "base"])


def drawn_fan(needed: int | None = 103) -> Figure:
    return charts.fan(fan_table(), say=said, look=LIGHT, needed=needed, term=(202702, "term change"))


def drawn_curve(holds: int | None = 4) -> Figure:
    table, marks = curve_tables()
    return charts.reach_curve(table, marks, say=said, look=LIGHT, holds=holds)


def texts(figure: Figure) -> list[str]:
    """Give the words of a figure's annotations without their marks."""
    return [re.sub(r"<(?!br)[^>]+>", "", note.text) for note in figure.layout.annotations]


# --- the fan ---


def test_a_fan_begins_in_the_last_recorded_point_and_ends_at_what_was_projected() -> None:
    plan = [trace for trace in drawn_fan().data if trace.xaxis == "x"]
    start = calendar.number(202610)
    recorded, middle, beyond = (
        next(t for t in plan if t.name == name) for name in ("recorded", "middle", "middle beyond")
    )
    assert list(recorded.y) == [100, 100, 100]
    assert list(zip(middle.x, middle.y, strict=True)) == [
        (start, 100),
        (start + 1, 101),
        (start + 2, 102),
        (start + 3, 103),
    ]
    assert list(zip(beyond.x, beyond.y, strict=True)) == [(start + 3, 103), (start + 4, 104)]


def test_a_band_lies_between_its_quantiles() -> None:
    bands = {trace.name: list(trace.y) for trace in drawn_fan().data if trace.xaxis == "x2" and trace.fill == "toself"}
    assert bands["80"] == [100, 101, 102, 103, 91, 94, 97, 100]
    assert bands["50"] == [100, 100, 100, 100, 94, 96, 98, 100]
    assert bands["80 beyond"] == [103, 104, 88, 91]


def test_what_was_never_tested_is_hatched_paler_and_said() -> None:
    hatched = [trace for trace in drawn_fan().data if trace.fillpattern.shape]
    assert [trace.name for trace in hatched] == ["80 beyond", "80 beyond"]
    assert all(trace.opacity < 0.5 for trace in hatched)
    assert texts(drawn_fan()).count("beyond tested range") == 2
    tested = fan_table().assign(tested=True)
    assert "beyond tested range" not in texts(charts.fan(tested, say=said, look=LIGHT, needed=103))


def test_a_fan_says_what_it_ends_at_and_is_red_only_where_people_are_missing() -> None:
    notes = drawn_fan().layout.annotations
    ends = {re.sub("<[^>]+>", "", note.text): note.font.color for note in notes if note.xshift == 8}
    assert ends == {"104": LIGHT.ink, "96–112": LIGHT.muted, "96": LIGHT.vermilion, "88–104": LIGHT.muted}
    assert "needed 103" in texts(drawn_fan())


def test_both_fans_stand_on_the_same_people() -> None:
    layout = drawn_fan().layout
    assert layout.yaxis.range == layout.yaxis2.range
    assert layout.xaxis.range == layout.xaxis2.range
    assert layout.yaxis.range[0] <= 88
    assert layout.yaxis.range[1] >= 112


def test_the_need_and_the_term_change_are_lines_of_each_panel() -> None:
    shapes = drawn_fan().layout.shapes
    assert [shape.y0 for shape in shapes if shape.y0 == shape.y1] == [103, 103]
    assert [shape.x0 for shape in shapes].count(calendar.number(202702)) == 2
    assert not [shape for shape in drawn_fan(None).layout.shapes if shape.y0 == shape.y1]


def test_the_future_has_a_third_of_the_months_at_least() -> None:
    # five years recorded, two months ahead: four months of the past are left; of a far future nothing is left out
    past = pd.DataFrame({"mode": "history", "month": [calendar.from_number(24321 - back) for back in range(61)]})
    ends = dict.fromkeys(("low80", "low50", "high50", "high80"), 50.0)
    for months_ahead, first in ((2, 24321 - 4), (62, 24321 - 60)):
        ahead = pd.DataFrame([{"mode": "plan", "month": calendar.from_number(24321 + months_ahead), **ends}])
        table = pd.concat([past, ahead], ignore_index=True).assign(middle=50.0, tested=True)
        axis = charts.fan(table, say=said, look=LIGHT, needed=60).layout.xaxis
        assert list(axis.range) == [first - 0.5, 24321 + months_ahead + 0.5]
        assert len(axis.tickvals) <= 6
    assert list(axis.ticktext) == ["2022", "2024", "2026", "2028", "2030"]


def test_a_near_future_is_read_by_months() -> None:
    assert list(drawn_fan().layout.xaxis.ticktext) == ["2026-08", "2026-10", "2026-12", "2027-02"]


# --- the curve of reach ---


def test_a_curve_is_drawn_over_the_numbers_that_make_a_difference() -> None:
    figure = drawn_curve()
    estimated = next(trace for trace in figure.data if trace.name == "as estimated")
    assert list(zip(estimated.x, estimated.y, strict=True)) == [(0, 0.0), (1, 0.1), (2, 0.55), (3, 0.92), (4, 0.999)]
    assert {trace.name for trace in figure.data} == {"as estimated", "more leave", "fewer made", "marks"}


def test_marks_stand_where_the_first_curve_first_reaches_them() -> None:
    figure = drawn_curve()
    marks = next(trace for trace in figure.data if trace.name == "marks")
    assert list(zip(marks.x, marks.y, strict=True)) == [(2, 0.55), (3, 0.92)]
    assert list(figure.layout.yaxis.tickvals) == [0.5, 0.8, 0.9]
    assert [text.strip() for text in figure.layout.yaxis.ticktext] == ["5 in 10", "8 in 10", "9 in 10"]


def test_every_curve_is_named_at_its_side_and_the_number_for_all_three_is_said() -> None:
    found = [text.replace("<br>", " ") for text in texts(drawn_curve())]
    assert {"as estimated", "more leave", "fewer made", "4 a year holds in all three"} <= set(found)
    assert not [text for text in texts(drawn_curve(None)) if "holds" in text]


def test_a_target_that_no_number_reaches_has_no_mark() -> None:
    table, marks = curve_tables()
    never = table.assign(chance=table["chance"] / 4)
    figure = charts.reach_curve(never, marks.assign(n=None), say=said, look=LIGHT)
    assert list(next(trace for trace in figure.data if trace.name == "marks").x) == []


# --- the cost of lateness ---


def test_a_bar_of_lateness_is_as_tall_as_its_year_and_says_the_product() -> None:
    figure = charts.lateness(late_table(), say=said, look=LIGHT)
    assert list(figure.data[0].y) == [13, 17, 25, 48, 0]
    assert texts(figure)[:4] == ["13 × 4", "17 × 3", "25 × 2", "48 × 1"]
    assert texts(figure)[4].replace("<br>", " ") == "■ not attainable"
    assert figure.layout.xaxis.ticktext[0] == "2026<br>= 52"


# --- the sensitivity bars ---


def test_the_widest_lever_stands_at_the_top_and_bars_run_between_their_settings() -> None:
    figure = charts.sensitivity(lever_table(), say=said, look=LIGHT, needed=107)
    bars = figure.data[0]
    assert list(zip(bars.base, bars.x, strict=True)) == [(98, 0), (96, 4), (94, 10)]
    assert texts(figure)[:3] == ["early", "age", "exits"]


def test_each_end_of_a_bar_says_its_people_and_its_setting_and_a_lever_that_moves_nobody_says_so_once() -> None:
    figure = charts.sensitivity(lever_table(), say=said, look=LIGHT, needed=107)
    assert texts(figure)[3:8] == ["98<br>30%", "96<br>+1", "100<br>−1", "94<br>+30%", "104<br>−30%"]
    assert texts(figure)[8:] == ["projected 98", "needed 107"]


@pytest.mark.parametrize("needed", [None, 90])
def test_the_lines_are_the_base_and_the_need(needed: int | None) -> None:
    figure = charts.sensitivity(lever_table(), say=said, look=LIGHT, needed=needed)
    assert [shape.x0 for shape in figure.layout.shapes] == ([98] if needed is None else [98, 90])


def test_starts_side_by_side_that_are_too_late_are_said_once() -> None:
    rows = [("at once", 3, 9, 27), ("2027", 2, None, None), ("2028", 1, None, None)]
    table = pd.DataFrame(rows, columns=["start", "years", "a_year", "total"])
    notes = charts.lateness(table, say=said, look=LIGHT).layout.annotations
    assert [(re.sub("<[^>]+>", " ", note.text), note.x) for note in notes] == [
        (" 9 × 3 ", 0),
        ("■ not attainable", 1.5),
    ]


@pytest.mark.parametrize(("end", "side"), [(371, "right"), (430, "left")])
def test_the_need_of_a_bridge_is_named_where_no_bar_stands_across_it(end: int, side: str) -> None:
    table = pd.DataFrame({"step": ["a", "b", "c"], "name": ["a", "b", "c"], "people": [398, end - 398, end]})
    figure = charts.bridge(table, say=said, look=LIGHT, needed=412)
    (need,) = (note for note in figure.layout.annotations if "needed" in note.text)
    assert need.xanchor == side
