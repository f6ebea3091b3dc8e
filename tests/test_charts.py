"""Promises of the drawn forms: the geometry is the table, the words are readable, no colour is anybody else's."""

import datetime as dt
import json
import re
import time
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from data import month as calendar
from models import rates
from pages.parts import charts, ledger, look, numerals, tables, timeline, trouble, words
from pages.parts.charts import canvas, picture
from pages.parts.look import DARK, GLYPH, LIGHT, Look
from tests import test_charts_outlook as outlook

ROOT = Path(__file__).parent.parent
LOOKS = pytest.mark.parametrize("seen", [LIGHT, DARK], ids=["light", "dark"])
PLOTLY = ["#636efa", "#ef553b", "#00cc96", "#ab63fa", "#ffa15a", "#19d3f3", "#1f77b4", "#ff7f0e", "#2a3f5f", "#e5ecf6"]


def said(text: str) -> str:
    """Leave source text as it is, as the English view does."""
    return text


def ladder_table() -> pd.DataFrame:
    """Three bands, the youngest given last; today differs from the counts in two places."""
    rows = [
        ("41 and over", 41, None, "male", 120, 110),
        ("41 and over", 41, None, "female", 30, 30),
        ("36-40", 36, 41, "male", 90, 90),
        ("36-40", 36, 41, "female", 40, 45),
        ("35 and under", None, 36, "male", 60, 60),
        ("35 and under", None, 36, "female", 2, 2),
    ]
    return pd.DataFrame(rows, columns=["name", "lower_age", "upper_age", "sex", "people", "people_today"])


def share_table() -> pd.DataFrame:
    """Four months of shares about a target of 30%."""
    shares = {202609: 0.31, 202610: 0.30, 202611: 0.29, 202612: 0.27}
    return pd.DataFrame(
        [
            {"month": month, "share": share, "target_share": 0.3, "needed": 30, "have": share * 100}
            for month, share in shares.items()
        ]
    )


def bridge_table() -> pd.DataFrame:
    """From 398 to 371 people: -27 -6 -3 +9."""
    names = ["today", "turned 36", "promoted", "left", "appointed", "term change"]
    return pd.DataFrame({"step": names, "name": names, "people": [398, -27, -6, -3, 9, 371]})


def heat_table() -> pd.DataFrame:
    """Two units by two targets, one cell missing."""
    rows = [
        ("A", "Team 35", -3, "missed", "−3", 10, 7),
        ("B", "Team 35", 0, "at_risk", "0", 10, 10),
        ("A", "Heads 40", 2, "met", "+2", 4, 6),
    ]
    return pd.DataFrame(rows, columns=["unit", "target", "spare", "status", "text", "needed", "have"])


def unit_table() -> pd.DataFrame:
    """Three units: short, even, spare."""
    return pd.DataFrame({"unit": ["North", "South", "West"], "spare": [-11, 0, 3]})


def month_table() -> pd.DataFrame:
    """Four months over a new year."""
    return pd.DataFrame({"month": [202611, 202612, 202701, 202702], "people": [6, 9, 7, 5]})


def uptake_table() -> pd.DataFrame:
    """Two items in two groups, one cell suppressed."""
    rows = [
        ("Leave", "All", 100, 64, 0.64, 0.54, 0.73, False),
        ("Leave", "Women", 40, 30, 0.75, 0.6, 0.86, False),
        ("Talk", "All", 50, 50, 1.0, 0.93, 1.0, False),
        ("Talk", "Women", None, None, None, None, None, True),
    ]
    return pd.DataFrame(
        rows, columns=["item", "group", "people", "full_use", "share", "low", "high", "suppressed"]
    )  # fmt: skip


def funnel_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three units, one below the outer limits, and the limits at their sizes."""
    units = pd.DataFrame(
        [("North", 20, 13, 0.65, "inside"), ("South", 40, 12, 0.3, "below_99_8"), ("West", 60, 46, 0.77, "above_95")],
        columns=["unit", "people", "full_use", "share", "verdict"],
    )
    return units, rates.funnel_limits(0.6, [20, 40, 60])


def growing_table() -> pd.DataFrame:
    """Two years by month, the later one strong."""
    rows = [
        (str(year), at, at / 12 * end, year == 2026) for year, end in ((2025, 0.6), (2026, 0.62)) for at in (1, 6, 12)
    ]
    table = pd.DataFrame(rows, columns=["series", "place", "share", "strong"])
    return table.assign(low=table["share"] - 0.01, high=table["share"] + 0.01)


def days_table() -> pd.DataFrame:
    """One to three days, two of them too few."""
    return pd.DataFrame({"owed": [1, 2, 5], "people": [30, None, None], "suppressed": [False, True, True]})


def gap_table() -> pd.DataFrame:
    """A group clearly lower, one of too few, one suppressed."""
    rows = [
        ("A", "sex", -0.12, -0.2, -0.04, "lower", 0.5, 0.62, False),
        ("B", "band", 0.1, -0.1, 0.3, "too_few", 0.6, 0.5, False),
        ("C", "band", None, None, None, None, None, None, True),
    ]
    names = ["name", "part", "points_ahead", "low", "high", "finding", "share", "other_share", "suppressed"]
    return pd.DataFrame(rows, columns=names)


def step_table() -> pd.DataFrame:
    """Four steps back from 1 December 2026, one in each state."""
    rows = [
        ("survey", "Survey", "2025-12-01", "2026-08-31", "done", "2026-08-20"),
        ("review", "Joint review", "2026-09-01", "2026-11-23", "overdue", None),
        ("publicity", "Notice", "2026-11-24", "2026-11-30", "soon", None),
        ("election", "Election", "2026-12-01", "2026-12-01", "ahead", None),
    ]
    table = pd.DataFrame(rows, columns=["step_id", "name", "begin", "finish", "state", "done_on"])
    for column in ("begin", "finish", "done_on"):
        table[column] = pd.Series(
            [dt.date.fromisoformat(day) if isinstance(day, str) else None for day in table[column]], dtype="object"
        )
    return table.assign(span=table["begin"].astype(str), state_name=table["state"], detail=table["name"])


def corridor_table() -> pd.DataFrame:
    """Three year-ends: above, in the amber part, and below."""
    rows = [(202612, 40, 36, 42), (202712, 44, 41, 41), (202812, 50, 45, 44)]
    return pd.DataFrame(rows, columns=["month", "needed_low", "needed_amber", "have"])


def timetable_of(seen: Look, today: str = "2026-10-31") -> go.Figure:
    """The four steps, looked at on a day."""
    return charts.timetable(
        step_table(),
        today=dt.date.fromisoformat(today),
        term=dt.date(2026, 12, 1),
        term_name="term change",
        say=said,
        look=seen,
    )


FORMS: dict[str, Callable[[Look], go.Figure]] = {
    "ladder": lambda seen: charts.ladder(
        ladder_table(), say=said, look=seen, band_upper=36, bracket=["a 62", "b 70", "c"], status="missed"
    ),
    "levels": lambda seen: charts.levels_side_by_side(
        pd.concat([ladder_table().assign(level_name=name) for name in ("city", "county")]), say=said, look=seen
    ),
    "over_time": lambda seen: charts.over_time(
        share_table(), say=said, look=seen, as_of=202611, data_month=202610, term_changes=[(202611, "2026")]
    ),
    "bridge": lambda seen: charts.bridge(bridge_table(), say=said, look=seen, needed=412),
    "heat": lambda seen: charts.heat(heat_table(), say=said, look=seen),
    "unit_bars": lambda seen: charts.unit_bars(unit_table(), say=said, look=seen),
    "columns": lambda seen: charts.columns(month_table(), say=said, look=seen),
    "uptake": lambda seen: charts.uptake(uptake_table(), say=said, look=seen),
    "funnel": lambda seen: charts.funnel(*funnel_tables(), whole=0.6, say=said, look=seen),
    "by_month": lambda seen: charts.by_month(growing_table(), say=said, look=seen, aim=(1.0, "everyone")),
    "days": lambda seen: charts.days(days_table(), say=said, look=seen),
    "gaps": lambda seen: charts.gaps(gap_table(), say=said, look=seen),
    "timetable": timetable_of,
    "corridor": lambda seen: charts.corridor(corridor_table(), say=said, look=seen),
    "fan": lambda seen: charts.fan(outlook.fan_table(), say=said, look=seen, needed=103, term=(202702, "term change")),
    "reach_curve": lambda seen: charts.reach_curve(*outlook.curve_tables(), say=said, look=seen, holds=4),
    "lateness": lambda seen: charts.lateness(outlook.late_table(), say=said, look=seen),
    "sensitivity": lambda seen: charts.sensitivity(outlook.lever_table(), say=said, look=seen, needed=107),
}


EVERY_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def texts(figure: go.Figure) -> list[str]:
    """Give the words of a figure's annotations without their marks."""
    return [re.sub(r"<(?!br)[^>]+>", "", note.text) for note in figure.layout.annotations]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2: 1 to 21."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


# --- every form ---


@EVERY_FORM
@LOOKS
def test_no_form_carries_a_template_or_a_colour_of_plotlys(form: Callable[[Look], go.Figure], seen: Look) -> None:
    written = form(seen).to_json().lower()
    assert "template" not in json.loads(written)["layout"]
    assert [colour for colour in PLOTLY if colour in written] == []


@EVERY_FORM
@LOOKS
def test_every_colour_of_a_form_is_one_of_the_looks(form: Callable[[Look], go.Figure], seen: Look) -> None:
    used = set(re.findall(r"#[0-9a-fA-F]{6}", form(seen).to_json()))
    assert used <= set(asdict(seen).values())


@EVERY_FORM
@LOOKS
def test_every_word_standing_on_the_card_can_be_read(form: Callable[[Look], go.Figure], seen: Look) -> None:
    for note in form(seen).layout.annotations:
        if note.font.color == seen.on_strong:
            assert min(contrast(note.font.color, ground) for ground in (seen.blue, seen.plum)) >= 4.5
        else:
            assert contrast(note.font.color, seen.surface) >= 4.5


@EVERY_FORM
def test_no_form_writes_a_hyphen_for_a_minus(form: Callable[[Look], go.Figure]) -> None:
    assert [text for text in texts(form(LIGHT)) if re.search(r"(^|\s)-\d", text)] == []


@EVERY_FORM
def test_every_form_fits_itself_to_its_width_and_leaves_a_phone_room(form: Callable[[Look], go.Figure]) -> None:
    layout = form(LIGHT).layout
    assert layout.width is None
    assert layout.autosize
    assert layout.margin.l + layout.margin.r < 340 * 0.6


# --- timetable ---


def test_bars_of_the_timetable_are_the_days_of_the_steps_the_first_at_the_top() -> None:
    bars = timetable_of(LIGHT).data[0]
    assert [code for (code,) in bars.customdata] == ["election", "publicity", "review", "survey"]
    assert list(bars.x) == [1, 7, 84, 274]
    assert bars.base[3] == dt.date(2025, 12, 1).toordinal()


def test_a_state_is_told_by_sign_and_word_and_colour() -> None:
    notes = [note for note in timetable_of(LIGHT).layout.annotations if note.xanchor == "left" and note.x == 1]
    assert [note.text for note in notes] == ["○ ahead", "▲ soon", "■ overdue", "✓ done"]
    assert [note.font.color for note in notes] == [LIGHT.muted, LIGHT.ochre, LIGHT.vermilion, LIGHT.pine]


def test_what_was_done_and_what_takes_a_day_are_marked_on_their_day() -> None:
    marks = timetable_of(LIGHT).data[1]
    days = [dt.date.fromordinal(int(at)) for at in marks.x]
    assert sorted(days) == [dt.date(2026, 8, 20), dt.date(2026, 12, 1)]


def test_today_and_the_term_change_are_named_away_from_each_other_and_a_far_today_is_left_out() -> None:
    def heads(today: str) -> dict[str, str]:
        notes = timetable_of(LIGHT, today).layout.annotations
        return {re.sub("<.*?>", "", note.text): note.xanchor for note in notes if note.yanchor == "bottom"}

    assert heads("2026-10-31") == {"now": "right", "term change": "left"}
    assert heads("2027-03-31") == {"now": "left", "term change": "right"}
    assert heads("2022-10-31") == {"term change": "left"}


def test_the_corridor_colours_each_column_and_says_where_people_stand() -> None:
    figure = charts.corridor(corridor_table(), say=said, look=LIGHT)
    zones = [(shape.fillcolor, shape.y0, shape.y1) for shape in figure.layout.shapes if shape.type == "rect"][:3]
    assert [(colour, edge) for colour, _, edge in zones[:2]] == [(LIGHT.vermilion_pale, 36), (LIGHT.ochre_pale, 40)]
    assert zones[2][:2] == (LIGHT.pine_pale, 40)
    assert texts(figure) == ["● 42", "▲ 41", "■ 44"]
    under = [text.replace("&lt;", "<").split("<br>")[1] for text in figure.layout.xaxis.ticktext]
    assert under == ["● ≥ 40　■ < 36", "● ≥ 44　■ < 41", "● ≥ 50　■ < 45"]
    assert list(figure.data[0].y) == [42, 41, 44]


# --- welfare ---


def test_the_uptake_map_holds_the_shares_and_a_star_where_there_are_too_few() -> None:
    figure = charts.uptake(uptake_table(), say=said, look=LIGHT)
    assert [[None if cell is None else round(cell, 2) for cell in row] for row in figure.data[0].z] == [
        [1.0, None],
        [0.64, 0.75],
    ]
    assert texts(figure) == ["Talk", "Leave", "64%", "75%", "100%", "*"]
    assert "too few" in figure.data[1].hovertext[3]


def test_the_funnel_names_units_beyond_the_outer_limits_and_no_other() -> None:
    figure = charts.funnel(*funnel_tables(), whole=0.6, say=said, look=LIGHT)
    assert [name for name in ("North", "South", "West") if name in " ".join(texts(figure))] == ["South"]
    assert {trace.name: len(trace.x) for trace in figure.data[4:]} == {"inside": 1, "_95": 1, "_99_8": 1}


def test_the_last_share_of_each_year_is_written_and_names_stand_apart() -> None:
    figure = charts.by_month(growing_table(), say=said, look=LIGHT)
    assert texts(figure) == ["2025 60.0%", "2026 62.0%"]
    drawn, top = figure.layout.height - 46, figure.layout.yaxis.range[1]
    lower, upper = (note.y / top * drawn + note.yshift for note in figure.layout.annotations)
    assert round(upper - lower, 6) >= 17


def test_a_column_of_too_few_is_a_star_without_height() -> None:
    figure = charts.days(days_table(), say=said, look=LIGHT)
    assert list(figure.data[0].y) == [30, 0, 0]
    assert texts(figure)[:3] == ["30", "*", "*"]


def test_a_gap_says_what_its_interval_lets_one_tell() -> None:
    figure = charts.gaps(gap_table(), say=said, look=LIGHT)
    assert [text for text in texts(figure) if text[0] in "+−*"] == ["*", "+10.0  too few to tell", "−12.0  lower"]
    assert list(figure.layout.xaxis.ticktext) == ["−20", "0", "+20"]


# --- colours ---


@LOOKS
def test_text_colours_hold_four_and_a_half_to_one(seen: Look) -> None:
    for name in ("ink", "muted", "blue", "pine", "ochre", "vermilion", "plum"):
        for ground in (seen.paper, seen.surface):
            assert contrast(getattr(seen, name), ground) >= 4.5, name
    for ground in (seen.wash, seen.blue_pale, seen.plum_pale, seen.pine_pale, seen.ochre_pale, seen.vermilion_pale):
        assert contrast(seen.ink, ground) >= 4.5
    assert contrast(seen.muted, seen.wash) >= 4.5
    for status in GLYPH:
        assert contrast(seen.status(status), seen.status_ground(status)) >= 4.5
        assert contrast(seen.status(status), seen.wash) >= 4.5


def test_statuses_differ_by_sign_and_word_as_well_as_colour() -> None:
    assert len(set(GLYPH.values())) == 3
    assert len({look.status_word(status, said) for status in GLYPH}) == 3
    assert len({LIGHT.status(status) for status in GLYPH}) == 3


def test_an_unknown_status_is_named() -> None:
    with pytest.raises(ValueError, match="'amber' is no status"):
        LIGHT.status("amber")


@LOOKS
def test_the_theme_of_the_pages_has_the_colours_of_the_figures(seen: Look) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][seen.name]
    pairs = {
        "primary": "blue",
        "background": "paper",
        "secondaryBackground": "surface",
        "text": "ink",
        "border": "hairline",
    }
    hues = {"blue": "blue", "red": "vermilion", "orange": "ochre", "green": "pine", "violet": "plum"}
    pairs |= hues | {f"{hue}Text": ours for hue, ours in hues.items()}
    pairs |= {f"{hue}Background": f"{ours}_pale" for hue, ours in hues.items()}
    pairs |= {"gray": "muted", "grayText": "muted", "grayBackground": "wash"}
    assert {key: theme[f"{key}Color"] for key in pairs} == {key: getattr(seen, ours) for key, ours in pairs.items()}
    assert config["theme"]["font"] == look.FONTS


@LOOKS
def test_the_style_sheet_uses_only_variables_that_every_page_writes(seen: Look) -> None:
    sheet = look.stylesheet(seen) + picture.variables("Picture") + trouble.of_connection(words.of("en"))
    assert set(re.findall(r"var\((--[a-z-]+)", sheet)) <= set(re.findall(r"(--[a-z-]+):", sheet))
    assert "url(" not in sheet
    assert "@import" not in sheet


# --- numerals ---


def test_differences_carry_a_true_sign() -> None:
    assert [numerals.signed(number) for number in (-1234, -1, 0, 4)] == ["−1,234", "−1", "0", "+4"]
    assert numerals.percent(0.27) == "27.0%"
    assert numerals.percent_short(0.3) == "30%"
    assert numerals.percent_short(1 / 3) == "33.3%"


@pytest.mark.parametrize(
    ("texts", "figures"),
    [
        (["47", "−35", "+11", "", "1,234", "30%", "0.5"], True),
        (["47", "达标"], False),
        (["1/3 of them"], False),
        (["2026-10"], False),
        (["", ""], False),
    ],
)
def test_a_column_of_figures_is_known_by_its_cells(texts: list[str], *, figures: bool) -> None:
    assert numerals.are_figures(texts) is figures


def test_a_moment_is_told_by_the_clock_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as here:
        here.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        told = numerals.moment("2026-10-31T20:05:59.000001+00:00")
    time.tzset()
    assert told == "2026-11-01 04:05"


# --- ladder ---


def test_bars_of_the_ladder_are_as_long_as_the_table_says_with_the_youngest_at_the_bottom() -> None:
    figure = FORMS["ladder"](LIGHT)
    bars = {trace.name: list(trace.x) for trace in figure.data if trace.type == "bar"}
    assert bars == {"male": [-60, -90, -120], "female": [2, 40, 30]}


def test_only_bands_below_the_target_are_strong() -> None:
    bars = [trace for trace in FORMS["ladder"](LIGHT).data if trace.type == "bar"]
    assert list(bars[0].marker.color) == [LIGHT.blue, LIGHT.blue_pale, LIGHT.blue_pale]
    assert list(bars[1].marker.color) == [LIGHT.plum, LIGHT.plum_pale, LIGHT.plum_pale]


def test_today_is_marked_only_where_it_differs() -> None:
    marks = [trace for trace in FORMS["ladder"](LIGHT).data if trace.name == "today"]
    assert [at for at in marks[0].x if at is not None] == [-110, -110]
    assert [at for at in marks[1].x if at is not None] == [45, 45]


def test_every_count_of_the_ladder_is_written_beside_its_bar() -> None:
    written = texts(FORMS["ladder"](LIGHT))
    for count in (60, 90, 120, 2, 40, 30):
        assert str(count) in written
    assert "men 270" in written
    assert "women 72" in written


def test_a_count_too_long_for_its_bar_stands_outside_bar_and_mark() -> None:
    notes = [note for note in FORMS["ladder"](LIGHT).layout.annotations if note.xref == "x"]
    places = {note.text: note.x for note in notes}
    assert places["2"] == 2
    assert places["40"] == 45
    assert places["120"] == 0


def test_a_bracket_taller_than_its_steps_stands_on_their_edge_in_the_colour_of_the_status() -> None:
    figure = FORMS["ladder"](LIGHT)
    bracket = next(note for note in figure.layout.annotations if "a 62" in note.text)
    assert f'<span style="color:{LIGHT.vermilion}"><b>b 70</b></span>' in bracket.text
    assert (bracket.y, bracket.yanchor) == (-0.5, "bottom")
    assert [shape.line.color for shape in figure.layout.shapes if shape.xsizemode == "pixel"] == [LIGHT.vermilion] * 3


def test_levels_stand_side_by_side_on_one_scale() -> None:
    layout = FORMS["levels"](LIGHT).layout
    assert layout.xaxis.range == layout.xaxis2.range
    assert layout.xaxis.domain[1] < layout.xaxis2.domain[0]
    assert {"city", "county"} <= set(texts(FORMS["levels"](LIGHT)))


# --- over time ---


def test_the_line_is_solid_to_the_data_month_and_dotted_after_it() -> None:
    recorded, projected = FORMS["over_time"](LIGHT).data[:2]
    assert list(recorded.y) == [0.31, 0.30]
    assert list(projected.y) == [0.30, 0.29, 0.27]
    assert recorded.line.dash == "solid"
    assert projected.line.dash != "solid"
    assert recorded.x[-1] == projected.x[0] == calendar.number(202610)


def test_last_share_target_month_and_term_change_are_written_at_their_place() -> None:
    written = texts(FORMS["over_time"](LIGHT))
    assert {"27.0%", "29.0%", "target 30%", "2026-11", "2026"} <= set(written)


def test_labels_at_the_end_are_pushed_apart_where_they_would_touch() -> None:
    table = share_table().assign(share=0.3001)
    figure = charts.over_time(table, say=said, look=LIGHT, as_of=202612, data_month=202612)
    ends = [note for note in figure.layout.annotations if note.xref == "x domain"]
    low, high = sorted(note.yshift for note in ends)
    assert high - low >= 16


def test_a_share_without_target_is_drawn_without_one() -> None:
    table = share_table().assign(target_share=None, needed=None)
    figure = charts.over_time(table, say=said, look=LIGHT, as_of=202612, data_month=202612)
    assert not any("target" in text for text in texts(figure))


# --- bridge ---


def test_the_parts_of_the_bridge_lead_from_have_to_have() -> None:
    bars = FORMS["bridge"](LIGHT).data[0]
    tops = [base + tall for base, tall in zip(bars.base, bars.y, strict=True)]
    assert tops == [398, 371, 365, 362, 371, 371]
    assert list(bars.base[1:-1]) == [398, 371, 365, 362]
    assert texts(FORMS["bridge"](LIGHT))[:6] == ["398", "−27", "−6", "−3", "+9", "371"]
    assert "needed 412" in texts(FORMS["bridge"](LIGHT))


def test_every_bar_of_a_bridge_and_the_number_under_a_loss_lie_within_its_axis() -> None:
    below_nobody = bridge_table().assign(people=[113, -174, -8, -3, 137, 65])
    figure = charts.bridge(below_nobody, say=said, look=LIGHT)
    low, _ = figure.layout.yaxis.range
    deepest = min(bar.base[row] + bar.y[row] for bar in figure.data for row in range(1, 5))
    assert deepest == -72
    assert low < deepest - 0.08 * (113 - deepest)


def test_a_bridge_whose_parts_do_not_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="must sum to the change"):
        charts.bridge(bridge_table().assign(people=[398, -27, -6, -3, 9, 372]), say=said, look=LIGHT)


def test_a_cut_axis_shows_its_cut_and_a_whole_one_none() -> None:
    cut = [shape for shape in FORMS["bridge"](LIGHT).layout.shapes if shape.type == "path"]
    assert len(cut) == 2
    small = bridge_table().iloc[[0, 1, 5]].assign(people=[10, -6, 4])
    whole = charts.bridge(small, say=said, look=LIGHT)
    assert [shape for shape in whole.layout.shapes if shape.type == "path"] == []
    assert whole.data[0].base[0] == 0


def test_names_too_wide_for_a_phone_stand_in_two_rows() -> None:
    wide = bridge_table().assign(name=["Today", "Turned 36", "Promoted", "Left", "Appointed", "Term change"])
    names = charts.bridge(wide, say=said, look=LIGHT).layout.xaxis.ticktext
    assert [name.startswith("<br>") for name in names] == [False, True, False, True, False, True]
    short = bridge_table().assign(name=["今日", "满36岁", "转出", "离开", "新任", "换届时"])
    assert not any("<br>" in name for name in charts.bridge(short, say=said, look=LIGHT).layout.xaxis.ticktext)


def test_the_greatest_loss_is_red_only_where_the_target_is_missed() -> None:
    assert FORMS["bridge"](LIGHT).data[0].marker.color[1] == LIGHT.vermilion
    met = charts.bridge(bridge_table(), say=said, look=LIGHT, needed=360)
    assert LIGHT.vermilion not in met.data[0].marker.color


# --- heat, unit bars, columns ---


def test_heat_puts_the_first_target_on_top_and_leaves_an_absent_cell_empty() -> None:
    heat = FORMS["heat"](LIGHT).data[0]
    assert [list(row) for row in heat.z] == [[0, None], [2, 1]]
    assert "needed 10 · have 7" in heat.text[1][0]


def named_heat(*targets: str) -> go.Figure:
    """One unit by targets of these names."""
    rows = [("A", target, 2, "met", "+2") for target in targets]
    table = pd.DataFrame(rows, columns=["unit", "target", "spare", "status", "text"])
    return charts.heat(table, say=said, look=LIGHT)


def test_a_long_target_name_widens_its_column_until_it_takes_two_lines() -> None:
    long, fitting = "County political consultative conferences", "County people's congresses"
    notes = texts(named_heat(f"{long}\nwomen", fitting))
    assert notes == ["County people's<br>congresses", "County political<br>consultative conferences<br>women"]
    assert named_heat(long).layout.margin.l > named_heat(fitting).layout.margin.l
    narrow = sum(sign in "lttifr " for sign in "consultative conferences")
    assert named_heat(long).layout.margin.l == pytest.approx((narrow * 0.36 + (24 - narrow) * 0.59) * 12 + 12)


def test_the_column_of_target_names_widens_no_further_than_sixteen_characters() -> None:
    name = "四套班子" * 12
    assert texts(named_heat(name)) == ["<br>".join([name[:16]] * 3)]
    assert named_heat(name).layout.margin.l == 16 * 12 + 12


def test_missed_and_at_risk_cells_carry_a_sign_of_their_own() -> None:
    signs = {
        trace.name: (trace.marker.symbol, len(trace.x))
        for trace in FORMS["heat"](LIGHT).data
        if trace.type == "scatter" and trace.mode == "markers"
    }
    assert signs == {"at_risk sign": ("triangle-up", 1), "missed sign": ("square", 1)}


def test_unit_bars_are_as_long_as_people_are_spare_or_short_first_at_the_top() -> None:
    figure = FORMS["unit_bars"](LIGHT)
    assert list(figure.data[0].x) == [3, 0, -11]
    assert list(figure.data[0].marker.color) == [LIGHT.pine, LIGHT.pine, LIGHT.vermilion]
    assert {"−11", "0", "+3"} <= set(texts(figure))


def test_numbers_beside_bars_have_room_of_their_own_however_narrow_the_card_is() -> None:
    table = pd.DataFrame({"unit": ["a long name", "b"], "spare": [-4876, 7984]})
    figure = charts.unit_bars(table, say=said, look=LIGHT)
    name, below, above = (canvas.width([text], 13) for text in ("a long name", "−4,876", "+7,984"))
    assert figure.layout.xaxis.range == (-4876, 7984)
    assert figure.layout.margin.l >= name + below + 14
    assert figure.layout.margin.r >= above + 6


def test_columns_are_numbered_and_say_the_year_where_it_begins() -> None:
    figure = FORMS["columns"](LIGHT)
    assert list(figure.data[0].y) == [6, 9, 7, 5]
    assert texts(figure) == ["6", "9", "7", "5"]
    assert list(figure.layout.xaxis.ticktext) == ["11<br>2026", "12", "1<br>2027", "2"]


# --- ledger, timeline, tables ---


def ledger_table() -> pd.DataFrame:
    """A target missed, and one of a single post with three people and no term change."""
    return pd.DataFrame(
        [
            {
                "target_id": "a",
                "name": "Team",
                "band": "35",
                "status": "missed",
                "needed": 400,
                "have": 380,
                "spare": -20,
            }
            | {"needed_at_change": 400, "have_at_change": 300, "spare_at_change": -100, "status_at_change": "missed"},
            {"target_id": "b", "name": "Heads", "band": "40", "status": "met", "needed": 1, "have": 3, "spare": 2},
        ]
    )


def test_the_ledger_aligns_targets_and_holds_far_points_at_the_end_of_the_line() -> None:
    data = ledger.rows(ledger_table(), say=said, selected="a")
    first, second = data["rows"]
    assert data["mark"] == pytest.approx(1 / 2)
    assert first["now"] == pytest.approx(380 / 400 / 2)
    assert first["change"] == pytest.approx(300 / 400 / 2)
    assert second["now"] == 1.0
    assert second["change"] is None


def test_the_ledger_says_numbers_and_statuses_in_words() -> None:
    first, second = ledger.rows(ledger_table(), say=said)["rows"]
    assert (first["needed"], first["have"], first["spare"], first["spareAtChange"]) == ("400", "380", "−20", "−100")
    assert (first["glyph"], first["word"]) == ("■", "short")
    assert second["spareAtChange"] == "—"
    json.dumps(first)


def test_the_timeline_counts_months_from_its_first() -> None:
    changes = [timeline.TermChange(202702, "this round", this_round=True), timeline.TermChange(209901, "far")]
    data = timeline.months(first=201601, last=203203, as_of=202702, data_month=202610, changes=changes, say=said)
    assert data["months"][0] == 201601
    assert data["months"][data["asOf"]] == 202702
    assert data["months"][data["dataMonth"]] == 202610
    assert [tick["label"] for tick in data["ticks"]] == [str(year) for year in range(2016, 2033, 2)]
    assert data["changes"] == [{"at": data["asOf"], "label": "this round", "now": True}]


def test_a_timeline_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="must end after it begins"):
        timeline.months(first=202602, last=202601, as_of=202601, data_month=202601, changes=[], say=said)


@pytest.mark.parametrize("element", [ledger, timeline], ids=["ledger", "timeline"])
def test_elements_are_inline_texts_that_ask_for_nothing(element: Any) -> None:
    for text in (element.CSS, element.JS):
        assert "\n" in text.strip()
        assert "http" not in text
        assert "url(" not in text
    assert "innerHTML" not in element.JS


def test_a_table_escapes_its_cells_and_aligns_its_numbers() -> None:
    table = pd.DataFrame({"Who": ["<b>x</b>"], "People": ["1,234"], "Share": [""], "left": ["out"]})
    columns = [tables.Column("Who"), tables.Column("People", number=True), tables.Column("Share", number=True)]
    html = tables.table_html(table, columns, caption="All")
    assert '<td class="words">&lt;b&gt;x&lt;/b&gt;</td>' in html
    assert '<td class="number">1,234</td>' in html
    assert '<td class="number absent">—</td>' in html
    assert "out" not in html


def test_a_table_lets_only_long_texts_break_where_it_is_narrow() -> None:
    table = pd.DataFrame({"Unit": ["甲县人民代表大会"], "Post": ["市委常委、组织部部长"], "Months": ["1,234,567,890"]})
    html = tables.table_html(
        table, [tables.Column("Unit"), tables.Column("Post"), tables.Column("Months", number=True)]
    )
    assert '<td class="words">甲县人民代表大会</td>' in html
    assert '<td class="words long">市委常委、组织部部长</td>' in html
    assert '<td class="number">1,234,567,890</td>' in html


# --- tallies and shares ---


def test_names_that_a_page_shortens_are_written_in_full_where_there_is_room() -> None:
    long = "A rule with a name that is far longer than a page has room for"
    table = pd.DataFrame({"name": [long, "b"], "now": [3, 1], "later": [0, 0], "tone": ["vermilion", "slate"]})
    figure = charts.tallies(table, look=LIGHT)
    whole = canvas.named_in_full(figure)
    assert [note.text for note in figure.layout.annotations[:2]] == ["b", "A rule with a name that is far…"]
    assert [note.text for note in whole.layout.annotations] == ["b", long, "<b>1</b>", "<b>3</b>"]
    assert whole.layout.margin.l == pytest.approx(canvas.width([long], 13) + 16)
    assert {note.xshift for note in whole.layout.annotations[:2]} == {-whole.layout.margin.l}
    short = charts.tallies(table.tail(1), look=LIGHT)
    assert canvas.named_in_full(short) is short


def test_names_are_broken_into_lines_where_rows_may_be_higher() -> None:
    long = "Principals → County departments"
    table = pd.DataFrame({"name": [long, "b"], "now": [3, 1], "later": [0, 0], "tone": ["vermilion", "slate"]})
    figure = charts.tallies(table, look=LIGHT, broken=True)
    assert [note.text for note in figure.layout.annotations[:2]] == ["b", "Principals → County<br>departments"]
    assert figure.layout.height == 2 * (24 + 14) + 14
    assert charts.tallies(table.tail(1), look=LIGHT, broken=True).layout.height == 24 + 14


def test_a_tally_is_what_is_so_now_and_what_will_be_after_it() -> None:
    table = pd.DataFrame({"name": ["a", "b"], "now": [3, 0], "later": [0, 47], "tone": ["vermilion", "slate"]})
    figure = charts.tallies(table, look=LIGHT)
    now, later = figure.data
    assert (list(now.x), list(later.x), list(later.base)) == ([0, 3], [47, 0], [0, 3])
    assert list(now.marker.color) == [LIGHT.slate, LIGHT.vermilion]
    assert texts(figure) == ["b", "a", "0  +47", "3"]
    assert figure.layout.xaxis.range == (0, 47)


def test_a_share_stands_on_its_interval_and_a_group_too_small_has_neither() -> None:
    table = pd.DataFrame({"name": ["a", "b"], "share": [0.64, None], "low": [0.6, None], "high": [0.68, None]})
    figure = charts.shares(table, say=said, look=LIGHT)
    assert list(figure.data[0].x) == [0.64]
    spans = [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.line.color == LIGHT.blue_pale]
    assert spans == [(0.6, 0.68)]
    assert texts(figure) == ["b", "a", "too few", "64%"]


def test_between_which_shares_a_line_may_lie_is_a_ground_behind_it_where_it_may_lie_elsewhere() -> None:
    table = share_table()
    table = table.assign(share_low=table["share"], share_high=table["share"] + [0.0, 0.1, 0.2, 0.0][: len(table)])
    figure = charts.over_time(table, say=said, look=LIGHT, as_of=202612, data_month=202612)
    ground, recorded = figure.data[:2]
    assert list(ground.x) == [calendar.number(month) for month in (202610, 202611, 202611, 202610)]
    assert list(ground.y) == pytest.approx([0.30, 0.29, 0.49, 0.40])
    assert recorded.name == "recorded"
    assert "(30.0–40.0%)" in recorded.text[1]
    assert figure.layout.yaxis.range[1] > 0.49
