"""The forms that figures are drawn in: pure functions from a table to a Plotly figure.

Every form takes `say`, which turns English source text into the reader's language, and `look`, the set of colours.
Names in the table come in the reader's language already. Months are YYYYMM, ages completed years, shares parts of 1.
Widths are unknown when a figure is made (340 to 1400 pixels), so labels stand at pixel offsets and heights are fixed.
"""

import math
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from data import month as months
from pages.parts import numerals
from pages.parts.look import FONTS, GLYPH, Look, Say, status_word

SMALL, BODY, STRONG = 12, 13, 15
ROW = 38
WIDE = 0x2E80
WIDE_HEAT, PHONE_PLOT = 720, 330
MOST_GRIDLINES, FINE = 4.2, 0.01
FEW_BARS, FEW_MONTHS, YEAR, MANY_MONTHS, THREE_YEARS = 6, 8, 12, 18, 36
MARKS = re.compile(r"</?(?:b|span)[^>]*>")
CLOSING = "）)，。；、%"
Shape = dict[str, Any]
Note = dict[str, Any]


# --- what every form stands on -------------------------------------------------------------------------------------


def _figure(traces: Sequence[Any], look: Look, *, height: float, margin: dict[str, float], **layout: Any) -> go.Figure:
    """Put traces on our own ground: no template, no legend, no modebar colours of Plotly's."""
    ground = {
        "height": round(height),
        "margin": {"pad": 0, **margin},
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [look.blue, look.plum, look.pine, look.ochre, look.slate],
        "font": {"family": FONTS, "size": BODY, "color": look.ink},
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.34,
        "hoverlabel": _hover_label(look),
    }
    figure = go.Figure(list(traces), {**ground, **layout})
    figure.layout.template = None
    return figure


def _hover_label(look: Look) -> dict[str, Any]:
    font = {"family": FONTS, "size": BODY, "color": look.ink}
    return {"bgcolor": look.surface, "bordercolor": look.hairline, "font": font, "align": "left"}


def _bare_axis(**axis: Any) -> dict[str, Any]:
    """Give an axis that draws nothing by itself and cannot be dragged."""
    bare = {"showgrid": False, "zeroline": False, "showline": False, "ticks": "", "fixedrange": True}
    return {**bare, "showticklabels": False, **axis}


def _tick_font(look: Look) -> dict[str, Any]:
    return {"family": FONTS, "size": SMALL, "color": look.muted}


def _note(text: str, look: Look, *, size: float = BODY, colour: str | None = None, **place: Any) -> Note:
    """Give a text that stands by itself; `place` is x, y and their anchors and shifts."""
    font = {"family": FONTS, "size": size, "color": colour or look.ink}
    return {"text": text, "showarrow": False, "font": font, "borderpad": 0, **place}


def _line(colour: str, *, width: float = 1, dash: str = "solid", **place: Any) -> Shape:
    return {"type": "line", "line": {"color": colour, "width": width, "dash": dash}, **place}


def _units(text: str) -> float:
    """Measure a text in Chinese characters: a Latin letter is a little over half of one."""
    return sum(1.0 if ord(sign) >= WIDE else 0.57 for sign in text)


def _width(texts: Sequence[str], size: float) -> float:
    """Measure the longest of these texts, line by line, in pixels."""
    return max((_units(line) for text in texts for line in text.split("<br>")), default=0.0) * size


def _plain(text: str) -> str:
    """Take marks of weight and colour off a text, leaving its lines."""
    return MARKS.sub("", text)


def _words(text: str) -> list[str]:
    """Part a text where a line may break: at spaces, and round every Chinese character."""
    parts: list[str] = []
    for sign in text:
        breakable = ord(sign) >= WIDE
        if parts and not breakable and not _ends_wide(parts[-1]):
            parts[-1] += sign
        else:
            parts.append(sign)
        if sign == " ":
            parts.append("")
    return [part for part in parts if part]


def _ends_wide(part: str) -> bool:
    return bool(part) and ord(part[-1]) >= WIDE


def _wrap(text: str, units: float) -> str:
    """Break a text into even lines no wider than `units` Chinese characters where words allow it."""
    aside = _units(text) > units and text.endswith("）")
    whole = text.replace("（", "<br>（") if aside else text
    return "<br>".join(_wrap_line(line, units) for line in whole.split("<br>") if line)


def _wrap_line(text: str, units: float) -> str:
    even = _units(text) / math.ceil(_units(text) / units) + 0.6
    lines = [""]
    for part in _words(text):
        full = _units(lines[-1] + part.rstrip()) > min(units, even)
        if lines[-1] and full and part not in CLOSING:
            lines.append("")
        lines[-1] += part
    return "<br>".join(line.strip() for line in lines)


def _bold(text: str) -> str:
    return f"<b>{text}</b>"


def _suffix(panel: int) -> str:
    """Name the axes of a panel as Plotly does: x, x2, x3."""
    return "" if panel == 0 else str(panel + 1)


def _row_labels(
    texts: Sequence[str],
    look: Look,
    *,
    left: float,
    bold: Sequence[bool],
    panel: int = 0,
    size: float = BODY,
    quiet: bool = False,
) -> list[Note]:
    """Write the names of rows, left-aligned at the outer edge of a margin `left` pixels wide."""
    place: Note = {"x": 0, "xref": f"x{_suffix(panel)} domain", "xanchor": "left", "xshift": -left, "align": "left"}
    return [
        _note(
            _bold(text) if strong else text,
            look,
            size=size,
            colour=look.muted if quiet and not strong else look.ink,
            y=row,
            yref=f"y{_suffix(panel)}",
            **place,
        )
        for row, (text, strong) in enumerate(zip(texts, bold, strict=True))
    ]


# --- ladder: people by age band, men to the left, women to the right ------------------------------------------------

SIDE = {"male": -1, "female": 1}


@dataclass(frozen=True, slots=True)
class _Panel:
    """Where one ladder stands: its place, how many stand across, its range, left margin, and if bands are named."""

    place: int
    sides: list[float]
    left: float
    across: int = 1
    named: bool = True


def ladder(
    table: pd.DataFrame,
    *,
    say: Say,
    look: Look,
    band_upper: int | None = None,
    bracket: Sequence[str] = (),
    status: str = "met",
    scale: float | None = None,
) -> go.Figure:
    """Draw people by band and sex, youngest at the bottom, with today's counts as thin marks.

    `table`: name, lower_age, upper_age (exclusive; empty above the last), sex (male, female), people, people_today.
    Bands wholly below `band_upper` (exclusive age) are strong; `bracket` holds up to three lines said beside them, the
    second in the colour of `status`. `scale` is the count that half a figure stands for, to share among figures.
    """
    bands = _bands(table)
    sides = _sides(table, 1) if scale is None else [-scale, scale]
    left = _width(bands["name"].tolist(), BODY) + 14
    lines = [_wrap(line, 10.5) for line in bracket]
    right = _width(lines, BODY) + 38 if lines else 8
    traces, shapes, notes = _ladder_panel(table, bands, say, look, band_upper, _Panel(0, sides, left))
    young = _young(bands, band_upper)
    if lines and young:
        shapes += _bracket_lines(young, look.status(status))
        notes.append(_bracket_note(lines, young, look, look.status(status)))
    return _figure(
        traces,
        look,
        height=ROW * len(bands) + 40,
        margin={"l": left, "r": right, "t": 28, "b": 12},
        shapes=shapes,
        annotations=notes,
        barmode="overlay",
        xaxis=_bare_axis(range=sides),
        yaxis=_bare_axis(range=[-0.6, len(bands) - 0.4]),
    )


def levels_side_by_side(
    table: pd.DataFrame, *, say: Say, look: Look, band_upper: int | None = None, columns: int = 0
) -> go.Figure:
    """Draw one ladder a level on a shared scale; `table` is that of `ladder` with level_name.

    `columns` panels stand in a row (0: all of them). On a narrow screen give one or two.
    """
    bands = _bands(table)
    levels = table["level_name"].drop_duplicates().tolist()
    columns = min(columns or len(levels), len(levels))
    sides = _sides(table, columns)
    left = _width(bands["name"].tolist(), BODY) + 14
    traces: list[go.Bar | go.Scatter] = []
    shapes: list[Shape] = []
    notes: list[Note] = []
    axes: dict[str, Any] = {}
    for panel, level in enumerate(levels):
        part = table[table["level_name"] == level]
        stands = _Panel(panel, sides, left, across=columns, named=panel % columns == 0)
        drawn = _ladder_panel(part, bands, say, look, band_upper, stands)
        traces += drawn[0]
        shapes += drawn[1]
        notes += [*drawn[2], _panel_title(level, look, panel)]
        axes |= _panel_axes(panel, len(levels), columns, sides, len(bands))
    rows = -(-len(levels) // columns)
    height = rows * (0.8 * ROW * len(bands) + 56)
    margin = {"l": left, "r": 8.0, "t": 48.0, "b": 12.0}
    return _figure(
        traces, look, height=height, margin=margin, shapes=shapes, annotations=notes, barmode="overlay", **axes
    )


def _bands(table: pd.DataFrame) -> pd.DataFrame:
    """Give the bands once each, youngest first."""
    bands = table[["name", "lower_age", "upper_age"]].drop_duplicates("name")
    return bands.sort_values("lower_age", na_position="first").reset_index(drop=True)


def _young(bands: pd.DataFrame, band_upper: int | None) -> list[int]:
    """Give the rows whose band lies wholly below the target's exclusive age."""
    uppers = bands["upper_age"]
    return (
        []
        if band_upper is None
        else [row for row, upper in enumerate(uppers) if pd.notna(upper) and upper <= band_upper]
    )


def _sides(table: pd.DataFrame, panels: int) -> list[float]:
    """Give the range from the longest bar of men to the longest of women, with room for a number outside."""
    longest = table.groupby("sex")[["people", "people_today"]].max().max(axis=1)
    men, women = (float(longest.get(sex, 0) or 0) for sex in SIDE)
    air = min(0.34, 0.08 + 0.06 * panels) * ((men + women) or 1.0)
    return [-men - air, women + air]


def _ladder_panel(
    table: pd.DataFrame, bands: pd.DataFrame, say: Say, look: Look, band_upper: int | None, panel: _Panel
) -> tuple[list[Any], list[Shape], list[Note]]:
    """Draw one ladder: bars, marks of today and texts."""
    young = set(_young(bands, band_upper))
    span = (panel.sides[1] - panel.sides[0]) * panel.across
    end = _suffix(panel.place)
    traces: list[Any] = []
    notes: list[Note] = []
    for sex, side in SIDE.items():
        people, today = _by_band(table, bands, sex)
        traces.append(_side_bars(people, today, bands, sex, say, look, young, panel.place))
        traces.append(_today_marks(people, today, side, look, panel.place))
        notes += _side_counts(people, today, side, span, young, look, panel.place)
        notes.append(_side_title(sex, sum(people), len(bands), say, look, panel.place))
    if panel.named:
        bold = [row in young for row in range(len(bands))]
        names = bands["name"].tolist()
        notes += _row_labels(names, look, left=panel.left, bold=bold, panel=panel.place, quiet=True)
    middle: Note = {"x0": 0, "x1": 0, "y0": -0.5, "y1": len(bands) - 0.5, "xref": f"x{end}", "yref": f"y{end}"}
    return traces, [_line(look.surface, width=3, **middle)], notes


def _by_band(table: pd.DataFrame, bands: pd.DataFrame, sex: str) -> tuple[list[int], list[int]]:
    """Give people and people today of one sex for every band, 0 where the table has no row."""
    side = table[table["sex"] == sex].groupby("name")[["people", "people_today"]].sum()
    whole = side.reindex(bands["name"]).fillna(0).astype(int)
    return whole["people"].tolist(), whole["people_today"].tolist()


def _side_bars(
    people: list[int],
    today: list[int],
    bands: pd.DataFrame,
    sex: str,
    say: Say,
    look: Look,
    young: set[int],
    panel: int,
) -> go.Bar:
    strong, pale = (look.blue, look.blue_pale) if sex == "male" else (look.plum, look.plum_pale)
    word = _sex_word(sex, say)
    return go.Bar(
        x=[SIDE[sex] * count for count in people],
        y=list(range(len(bands))),
        orientation="h",
        name=sex,
        width=0.64,
        marker={"color": [strong if row in young else pale for row in range(len(bands))], "line": {"width": 0}},
        customdata=list(zip(bands["name"], map(numerals.whole, people), map(numerals.whole, today), strict=True)),
        hovertemplate=f"%{{customdata[0]}} · {word}<br>%{{customdata[1]}} ({say('today')} %{{customdata[2]}})"
        "<extra></extra>",
        xaxis=f"x{_suffix(panel)}",
        yaxis=f"y{_suffix(panel)}",
    )


def _sex_word(sex: str, say: Say) -> str:
    return say("men") if sex == "male" else say("women")


def _today_marks(people: list[int], today: list[int], side: int, look: Look, panel: int) -> go.Scatter:
    """Draw a thin upright mark at today's count of every band where it differs."""
    rows = [row for row, count in enumerate(today) if count != people[row]]
    return go.Scatter(
        x=[at for row in rows for at in (side * today[row], side * today[row], None)],
        y=[at for row in rows for at in (row - 0.4, row + 0.4, None)],
        mode="lines",
        name="today",
        line={"color": look.ink, "width": 1.5},
        hoverinfo="skip",
        xaxis=f"x{_suffix(panel)}",
        yaxis=f"y{_suffix(panel)}",
    )


def _side_counts(
    people: list[int], today: list[int], side: int, span: float, young: set[int], look: Look, panel: int
) -> list[Note]:
    """Write each count: beside the middle where the bar holds it, else beyond bar and mark."""
    notes = []
    for row, count in enumerate(people):
        text = numerals.whole(count)
        holds = min(count, today[row] or count) > span * (0.05 + 0.1 * len(text))
        at = 0 if holds else side * max(count, today[row])
        outward = "left" if side > 0 else "right"
        colour = look.on_strong if holds and row in young else look.ink
        place: Note = {"x": at, "y": row, "xref": f"x{_suffix(panel)}", "yref": f"y{_suffix(panel)}"}
        notes.append(_note(text, look, colour=colour, xanchor=outward, xshift=side * (7 if holds else 5), **place))
    return notes


def _side_title(sex: str, people: int, bands: int, say: Say, look: Look, panel: int) -> Note:
    side = SIDE[sex]
    place: Note = {
        "x": 0,
        "xref": f"x{_suffix(panel)}",
        "yref": f"y{_suffix(panel)}",
        "y": bands - 0.5,
        "yanchor": "bottom",
    }
    text = f"{_sex_word(sex, say)} {numerals.whole(people)}"
    anchor = "left" if side > 0 else "right"
    return _note(text, look, size=SMALL, colour=look.muted, xanchor=anchor, xshift=side * 8, **place)


def _bracket_lines(young: list[int], colour: str) -> list[Shape]:
    """Draw a square bracket beside the young bands, in pixels right of the plot."""
    low, high = min(young) - 0.36, max(young) + 0.36
    place: Note = {"xref": "paper", "yref": "y", "xsizemode": "pixel", "xanchor": 1}
    ends = [(16, 24, high, high), (24, 24, low, high), (16, 24, low, low)]
    return [_line(colour, width=1.6, x0=x0, x1=x1, y0=y0, y1=y1, **place) for x0, x1, y0, y1 in ends]


def _bracket_note(lines: Sequence[str], young: list[int], look: Look, colour: str) -> Note:
    said = [_bold(lines[0])]
    said += [f'<span style="color:{colour}"><b>{line}</b></span>' for line in lines[1:2]]
    said += [f'<span style="color:{look.muted}">{line}</span>' for line in lines[2:]]
    place: Note = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 32, "yref": "y", "align": "left"}
    return _note("<br>".join(said), look, y=(min(young) + max(young)) / 2, **place)


def _panel_title(level: str, look: Look, panel: int) -> Note:
    place: Note = {"x": 0.5, "xref": f"x{_suffix(panel)} domain", "y": 1, "yref": f"y{_suffix(panel)} domain"}
    return _note(_bold(level), look, yanchor="bottom", yshift=18, **place)


def _panel_axes(panel: int, panels: int, columns: int, sides: list[float], bands: int) -> dict[str, Any]:
    """Place a panel in the grid, first row at the top."""
    rows = -(-panels // columns)
    row, column = divmod(panel, columns)
    gap, air = 0.05, 0.16 if rows > 1 else 0.0
    wide, high = (1 - gap * (columns - 1)) / columns, (1 - air * (rows - 1)) / rows
    x0, y0 = column * (wide + gap), (rows - 1 - row) * (high + air)
    end = _suffix(panel)
    return {
        f"xaxis{end}": _bare_axis(range=sides, domain=[x0, min(1.0, x0 + wide)], anchor=f"y{end}"),
        f"yaxis{end}": _bare_axis(range=[-0.6, bands - 0.4], domain=[y0, min(1.0, y0 + high)], anchor=f"x{end}"),
    }


# --- over time: a share by month against its target -----------------------------------------------------------------


def over_time(
    table: pd.DataFrame,
    *,
    say: Say,
    look: Look,
    as_of: int,
    data_month: int,
    term_changes: Sequence[tuple[int, str]] = (),
) -> go.Figure:
    """Draw a share by month: solid up to `data_month`, dotted after it, where nobody moves.

    `table`: month (YYYYMM), share and target_share (of 1; the target may be empty), needed, have (people).
    `term_changes` are (YYYYMM, label), set as ticks. `as_of` is marked with its value; so is the last month.
    """
    table = table.sort_values("month").assign(at=lambda rows: rows["month"].map(months.number))
    height, low_high = 250, _share_range(table)
    ends = _end_notes(table, as_of, say, look, height, low_high)
    right = max((_width([_plain(note["text"])], note["font"]["size"]) for note in ends), default=0.0) + 14
    changes = [(months.number(month), label) for month, label in term_changes]
    here = months.number(as_of)
    shapes = [_line(look.muted, x0=here, x1=here, y0=0, y1=1, yref="y domain")]
    return _figure(
        [*_share_lines(table, data_month, say, look), _target_line(table, look), _as_of_dot(table, as_of, look)],
        look,
        height=height,
        margin={"l": 46, "r": right, "t": 24, "b": 34},
        shapes=shapes + _term_ticks(changes, look),
        annotations=ends + _as_of_notes(table, as_of, look) + _term_notes(changes, table, look),
        hovermode="x",
        xaxis=_bare_axis(range=[table["at"].min(), table["at"].max() + 0.5]),
        yaxis=_share_axis(low_high, look),
    )


def _share_range(table: pd.DataFrame) -> tuple[float, float]:
    values = pd.concat([table["share"], table["target_share"]]).dropna().astype(float)
    if values.empty:
        return 0.0, 1.0
    low, high = values.min(), values.max()
    air = max(0.12 * (high - low), 0.01)
    return max(0.0, low - air) if low > 0 else 0.0, high + air


def _share_axis(low_high: tuple[float, float], look: Look) -> dict[str, Any]:
    """Give three or four gridlines at round percentages."""
    low, high = low_high
    steps = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
    step = next((step for step in steps if (high - low) / step <= MOST_GRIDLINES), 1.0)
    ticks = [step * count for count in range(int(low / step), int(high / step) + 1) if low <= step * count <= high]
    texts = [numerals.percent(tick) if step < FINE else numerals.percent(tick, places=0) for tick in ticks]
    return _bare_axis(
        range=[low, high],
        showgrid=True,
        gridcolor=look.hairline,
        showticklabels=True,
        tickvals=ticks,
        ticktext=[text + " " for text in texts],
        tickfont=_tick_font(look),
    )


def _share_lines(table: pd.DataFrame, data_month: int, say: Say, look: Look) -> list[go.Scatter]:
    """Draw what was and, joined to it, what would be."""
    parts = (table[table["month"] <= data_month], table[table["month"] >= data_month])
    said = [[_share_hover(row, say) for row in part.to_dict("records")] for part in parts]
    return [
        go.Scatter(
            x=part["at"].tolist(),
            y=part["share"].tolist(),
            mode="lines",
            name=name,
            line={"color": look.blue, "width": 2.2, "dash": dash},
            text=text,
            hovertemplate="%{text}<extra></extra>",
        )
        for part, text, name, dash in zip(parts, said, ("recorded", "nobody moving"), ("solid", "2px,3px"), strict=True)
    ]


def _share_hover(row: Mapping[Hashable, Any], say: Say) -> str:
    counts = f"{say('have')} {numerals.whole(row['have'])}"
    if pd.notna(row["needed"]):
        counts += f" · {say('needed')} {numerals.whole(row['needed'])}"
    return f"{months.text(int(row['month']))}<br><b>{numerals.percent(row['share'])}</b><br>{counts}"


def _target_line(table: pd.DataFrame, look: Look) -> go.Scatter:
    target = table[table["target_share"].notna()]
    return go.Scatter(
        x=target["at"].tolist(),
        y=target["target_share"].astype(float).tolist(),
        mode="lines",
        name="target",
        line={"color": look.ink, "width": 1.3, "dash": "5px,4px", "shape": "hv"},
        hoverinfo="skip",
    )


def _as_of_dot(table: pd.DataFrame, as_of: int, look: Look) -> go.Scatter:
    row = table[table["month"] == as_of]
    return go.Scatter(
        x=row["at"].tolist(),
        y=row["share"].tolist(),
        mode="markers",
        name="as of",
        marker={"color": look.blue, "size": 9, "line": {"color": look.surface, "width": 1.5}},
        hoverinfo="skip",
    )


def _end_notes(
    table: pd.DataFrame, as_of: int, say: Say, look: Look, height: int, low_high: tuple[float, float]
) -> list[Note]:
    """Label the last share and the target right of the plot, moved apart where they would touch."""
    last = table.iloc[-1]
    labels = [(float(last["share"]), _last_text(last, as_of), BODY)]
    if pd.notna(last["target_share"]):
        text = say("target {share}").replace("{share}", numerals.percent_short(last["target_share"]))
        labels.append((float(last["target_share"]), text, SMALL))
    labels.sort(key=lambda label: label[0])
    apart = (labels[-1][0] - labels[0][0]) / (low_high[1] - low_high[0]) * (height - 58)
    push = max(0.0, 18 - apart) / 2 if len(labels) > 1 else 0.0
    place: Note = {"x": 1, "xref": "x domain", "xanchor": "left", "xshift": 8, "align": "left"}
    return [
        _note(text, look, size=size, y=value, yshift=push * (1 if rank else -1), **place)
        for rank, (value, text, size) in enumerate(labels)
    ]


def _last_text(last: Any, as_of: int) -> str:
    text = numerals.percent(last["share"])
    return _bold(text) if int(last["month"]) == as_of else text


def _as_of_notes(table: pd.DataFrame, as_of: int, look: Look) -> list[Note]:
    """Name the month at the top of its line and its value where the line leaves room: under it left, over it right."""
    here = months.number(as_of)
    top = _note(months.text(as_of), look, size=SMALL, x=here, y=1, yref="y domain", yanchor="bottom", yshift=2)
    row = table[table["month"] == as_of]
    if row.empty or as_of == int(table["month"].max()):
        return [top]
    share = float(row["share"].iloc[0])
    falls = float(table[table["month"] > as_of]["share"].iloc[0]) <= share
    early = here < table["at"].min() + 0.25 * (table["at"].max() - table["at"].min())
    above = falls == early
    place: Note = {"xanchor": "left" if early else "right", "xshift": 7 if early else -7}
    place |= {"yanchor": "bottom" if above else "top", "yshift": 5 if above else -5}
    return [top, _note(_bold(numerals.percent(share)), look, size=STRONG, x=here, y=share, **place)]


def _term_ticks(changes: Sequence[tuple[int, str]], look: Look) -> list[Shape]:
    place: Note = {"yref": "y domain", "ysizemode": "pixel", "yanchor": 0, "y0": 0, "y1": -6}
    return [_line(look.muted, x0=at, x1=at, **place) for at, _ in changes]


def _term_notes(changes: Sequence[tuple[int, str]], table: pd.DataFrame, look: Look) -> list[Note]:
    """Name term changes under their ticks, leaving out a name that would run into the one before."""
    first, last = table["at"].min(), table["at"].max()
    notes: list[Note] = []
    taken = float("-inf")
    for at, label in sorted(changes):
        if not first <= at <= last or at - taken < 0.2 * (last - first):
            continue
        taken = at
        place: Note = {"y": 0, "yref": "y domain", "yanchor": "top", "yshift": -9, "xanchor": "center"}
        notes.append(_note(label, look, size=SMALL, colour=look.muted, x=at, **place))
    return notes


# --- bridge: how one count became another ---------------------------------------------------------------------------


def bridge(table: pd.DataFrame, *, say: Say, look: Look, needed: int | None = None) -> go.Figure:
    """Draw a waterfall from the count of the first row to that of the last; the rows between are signed parts.

    `table`: step, name, people. The dashed line is `needed`.
    Raises ValueError where the parts do not sum to the change.
    """
    people = [int(count) for count in table["people"]]
    _sum_or_raise(people)
    levels = _levels(people)
    floor = _floor(levels, needed)
    top = max([*levels, needed or 0])
    names = _step_names(table["name"].tolist())
    lines = max(name.count("<br>") + 1 for name in names)
    span = (top - floor) or 1
    return _figure(
        [_bridge_bars(people, levels, floor, table["name"].tolist(), needed, look)],
        look,
        height=270 + 15 * lines,
        margin={"l": 4, "r": 4, "t": 26, "b": 10 + 16 * lines},
        shapes=_steps(levels, look) + _cuts(len(people), floor, span, look) + _needed_line(needed, look),
        annotations=_bridge_counts(people, levels, needed, span, look) + _needed_note(needed, say, look),
        xaxis=_bare_axis(
            range=[-0.5, len(people) - 0.5],
            showticklabels=True,
            tickvals=list(range(len(people))),
            ticktext=names,
            tickangle=0,
            tickfont=_tick_font(look),
        ),
        yaxis=_bare_axis(range=[floor - 0.02 * span, top + 0.16 * span]),
    )


def _step_names(names: Sequence[str]) -> list[str]:
    """Break the names under the bars; where a phone has no room for them in one row, set every other one lower."""
    broken = [_wrap(name, 4.6 if len(names) <= FEW_BARS else 3.6) for name in names]
    if _width(broken, SMALL) * len(names) <= PHONE_PLOT:
        return broken
    drop = "<br>" * max(name.count("<br>") + 1 for name in broken[::2])
    return [drop + name if place % 2 else name for place, name in enumerate(broken)]


def _sum_or_raise(people: list[int]) -> None:
    if sum(people[:-1]) != people[-1]:
        message = f"The parts of a bridge must sum to the change: {people[0]} with {people[1:-1]} is not {people[-1]}."
        raise ValueError(message)


def _levels(people: list[int]) -> list[int]:
    """Give the count after each row: the first, then running, then the last."""
    return [sum(people[: row + 1]) for row in range(len(people) - 1)] + [people[-1]]


def _floor(levels: list[int], needed: int | None) -> float:
    """Cut the axis where the parts would be too small to see; 0 where they can be seen."""
    low, high = min(levels), max([*levels, needed or 0])
    return 0.0 if high - low > 0.35 * high else max(0.0, low - 0.9 * max(high - low, 1))


def _bridge_colours(people: list[int], needed: int | None, look: Look) -> list[str]:
    """Colour totals pale, gains pine, losses slate; the greatest loss is vermilion where the target is missed."""
    parts = people[1:-1]
    worst = min(parts, default=0) if needed is not None and people[-1] < needed else 0
    colours = [look.vermilion if part == worst < 0 else look.pine if part > 0 else look.slate for part in parts]
    return [look.blue_pale, *colours, look.blue_pale]


def _bridge_bars(
    people: list[int], levels: list[int], floor: float, names: list[str], needed: int | None, look: Look
) -> go.Bar:
    ends = range(1, len(people) - 1)
    base = [floor, *(levels[row - 1] for row in ends), floor]
    tall = [people[0] - floor, *people[1:-1], people[-1] - floor]
    return go.Bar(
        x=list(range(len(people))),
        y=tall,
        base=base,
        width=0.7,
        marker={"color": _bridge_colours(people, needed, look), "line": {"width": 0}},
        text=_bridge_texts(people),
        textposition="none",
        customdata=names,
        hovertemplate="%{customdata}<br><b>%{text}</b><extra></extra>",
    )


def _bridge_texts(people: list[int]) -> list[str]:
    return [numerals.whole(people[0]), *map(numerals.signed, people[1:-1]), numerals.whole(people[-1])]


def _bridge_counts(people: list[int], levels: list[int], needed: int | None, span: float, look: Look) -> list[Note]:
    """Write totals and gains above their bars, losses below; under the top of a bar where the line of need is near."""
    notes = []
    colours = _bridge_colours(people, needed, look)
    for row, text in enumerate(_bridge_texts(people)):
        total = row in {0, len(people) - 1}
        loss = not total and people[row] < 0
        at = levels[row] if total or loss else max(levels[row], levels[row - 1])
        crossed = not loss and needed is not None and 0 <= needed - at < 0.1 * span
        if crossed and not total:
            at = min(levels[row], levels[row - 1])
        below = loss or crossed
        place: Note = {"yanchor": "top" if below else "bottom", "yshift": -3 if below else 3}
        colour = look.ink if total or colours[row] == look.slate else colours[row]
        notes.append(_note(_bold(text), look, size=STRONG if total else BODY, colour=colour, x=row, y=at, **place))
    return notes


def _steps(levels: list[int], look: Look) -> list[Shape]:
    """Join each bar to the next at the level where one ends and the other begins."""
    return [
        _line(look.muted, width=0.8, x0=row + 0.35, x1=row + 0.65, y0=level, y1=level)
        for row, level in enumerate(levels[:-1])
    ]


def _cuts(bars: int, floor: float, span: float, look: Look) -> list[Shape]:
    """Break the two totals above a cut axis with a chevron in the colour of the ground."""
    if floor <= 0:
        return []
    low, high = floor + 0.05 * span, floor + 0.075 * span
    rise = 0.025 * span
    return [
        {
            "type": "path",
            "path": f"M{bar - 0.36},{low} L{bar},{low + rise} L{bar + 0.36},{low} "
            f"L{bar + 0.36},{high} L{bar},{high + rise} L{bar - 0.36},{high} Z",
            "fillcolor": look.surface,
            "line": {"width": 0},
        }
        for bar in (0, bars - 1)
    ]


def _needed_line(needed: int | None, look: Look) -> list[Shape]:
    place: Note = {"x0": 0, "x1": 1, "xref": "x domain"}
    return [] if needed is None else [_line(look.ink, width=1.3, dash="5px,4px", y0=needed, y1=needed, **place)]


def _needed_note(needed: int | None, say: Say, look: Look) -> list[Note]:
    if needed is None:
        return []
    text = f"{say('needed')} {numerals.whole(needed)}"
    place: Note = {"x": 1, "xref": "x domain", "xanchor": "right", "yanchor": "bottom", "yshift": 3}
    return [_note(_bold(text), look, y=needed, **place)]


# --- heat: units by targets -----------------------------------------------------------------------------------------

GROUND = {"met": 0, "at_risk": 1, "missed": 2}


def heat(table: pd.DataFrame, *, say: Say, look: Look) -> go.Figure:
    """Draw targets in rows and units in columns, the whole people spare or short in each cell.

    `table`: unit, target (names), spare (people, may be empty), status, text (what the cell says); needed and have
    where there are any, for the hover. Order of rows and columns is that of first appearance; first at the top.
    A chosen cell gives its unit and target as customdata.
    """
    targets = table["target"].drop_duplicates().tolist()
    units = table["unit"].drop_duplicates().tolist()
    names = [_target_lines(name, look) for name in targets]
    left = _width([_plain(name) for name in names], SMALL) + 12
    flat = len(units) * (_width(units, SMALL) + 6) <= WIDE_HEAT
    top = 26 if flat else _width(units, SMALL) + 12
    row_of = {name: len(targets) - 1 - row for row, name in enumerate(targets)}
    column_of = {name: column for column, name in enumerate(units)}
    cells = table.assign(x=table["unit"].map(column_of), y=table["target"].map(row_of))
    deep = max(name.count("<br>") + 1 for name in names)
    return _figure(
        [_grounds(cells, targets, units, say, look), *_cell_texts(cells, say, look), *_cell_signs(cells, look)],
        look,
        height=top + len(targets) * max(30, 15 * deep + 6) + 8,
        margin={"l": left, "r": 4, "t": top, "b": 8},
        annotations=_row_labels(names[::-1], look, left=left, bold=[False] * len(names), size=SMALL),
        xaxis=_bare_axis(
            range=[-0.5, len(units) - 0.5],
            side="top",
            showticklabels=True,
            tickvals=list(range(len(units))),
            ticktext=units,
            tickfont=_tick_font(look),
            tickangle=0 if flat else -90,
        ),
        yaxis=_bare_axis(range=[-0.5, len(targets) - 0.5]),
    )


def _target_lines(name: str, look: Look) -> str:
    """Set a target's band, its last word, under its name in a quieter colour."""
    head, *band = (_wrap(part, 12) for part in name.split("\n"))
    return "<br>".join([head, *(f'<span style="color:{look.muted}">{part}</span>' for part in band)])


def _grounds(cells: pd.DataFrame, targets: list[str], units: list[str], say: Say, look: Look) -> go.Heatmap:
    """Colour each cell by status; a cell that the table lacks stays empty."""
    grid: list[list[int | None]] = [[None] * len(units) for _ in targets]
    said = [[""] * len(units) for _ in targets]
    for row in cells[cells["status"].notna()].to_dict("records"):
        grid[row["y"]][row["x"]] = GROUND[row["status"]]
        said[row["y"]][row["x"]] = _cell_hover(row, say)
    colours = [look.status_ground(status) for status in GROUND]
    steps = [[at / 3, colours[index]] for index in range(3) for at in (index, index + 1)]
    return go.Heatmap(
        z=grid,
        zmin=-0.5,
        zmax=2.5,
        colorscale=steps,
        showscale=False,
        xgap=2,
        ygap=2,
        text=said,
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
    )


def _cell_hover(row: Mapping[Hashable, Any], say: Say) -> str:
    status = str(row["status"])
    lines = [f"<b>{row['unit']}</b> · {row['target']}", f"{GLYPH[status]} {status_word(status, say)}  {row['text']}"]
    have, needed = row.get("have"), row.get("needed")
    if pd.notna(have) and pd.notna(needed):
        lines.append(f"{say('needed')} {numerals.whole(needed)} · {say('have')} {numerals.whole(have)}")
    return "<br>".join(lines)


def _cell_texts(cells: pd.DataFrame, say: Say, look: Look) -> list[go.Scatter]:
    """Write the numbers: bold in the colour of the status where missed, ink elsewhere."""
    traces = []
    for status in GROUND:
        part = cells[cells["status"] == status]
        missed = status == "missed"
        texts = [_bold(text) if missed else text for text in part["text"]]
        colour = look.vermilion if missed else look.ink
        trace = _mark_trace(part, status, mode="text", text=texts, font=(SMALL, colour))
        traces.append(_answering(trace, part, colour, say))
    return traces


def _answering(trace: go.Scatter, part: pd.DataFrame, colour: str, say: Say) -> go.Scatter:
    """Let a cell be pointed at and chosen: its unit and target come with a click as customdata."""
    trace.customdata = part[["unit", "target"]].to_numpy().tolist()
    trace.hovertext = [_cell_hover(row, say) for row in part.to_dict("records")]
    trace.hoverinfo = "text"
    trace.unselected = {"textfont": {"color": colour}}
    return trace


def _cell_signs(cells: pd.DataFrame, look: Look) -> list[go.Scatter]:
    """Set a small square in a missed cell and a triangle in one at the edge, so that colour is not alone."""
    traces = []
    for status, symbol in (("at_risk", "triangle-up"), ("missed", "square")):
        part = cells[cells["status"] == status]
        part = part.assign(x=part["x"] + 0.36, y=part["y"] + 0.3)
        trace = _mark_trace(part, f"{status} sign", mode="markers")
        trace.marker = {"symbol": symbol, "size": 5, "color": look.status(status), "line": {"width": 0}}
        traces.append(trace)
    return traces


def _mark_trace(
    part: pd.DataFrame,
    name: str,
    *,
    mode: str,
    text: Sequence[str] | None = None,
    font: tuple[float, str] | None = None,
) -> go.Scatter:
    face = {"family": FONTS, "size": font[0], "color": font[1]} if font else None
    place: Note = {"x": part["x"].tolist(), "y": part["y"].tolist()}
    return go.Scatter(name=name, mode=mode, text=text, textfont=face, hoverinfo="skip", cliponaxis=False, **place)


# --- unit bars: spare or short people of each unit ------------------------------------------------------------------


def unit_bars(table: pd.DataFrame, *, say: Say, look: Look) -> go.Figure:
    """Draw spare (right) or short (left) people of each unit, first row at the top.

    `table`: unit, spare, and status where known; without it a unit short of people is missed and any other met.
    A chosen bar gives its unit as customdata.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    spares = [int(spare) for spare in rows["spare"]]
    left = _width(rows["unit"].tolist(), BODY) + 14
    number = max(_width([numerals.signed(spare)], BODY) for spare in spares)
    low, high = min(0, *spares), max(0, *spares)
    air = (high - low or 1) * (0.06 + number / 300)
    return _figure(
        [_spare_bars(rows, spares, say, look)],
        look,
        height=25 * len(rows) + 16,
        margin={"l": left, "r": 6, "t": 4, "b": 8},
        shapes=[_line(look.muted, x0=0, x1=0, y0=-0.6, y1=len(rows) - 0.4)],
        annotations=_row_labels(rows["unit"].tolist(), look, left=left, bold=[False] * len(rows))
        + _spare_counts(spares, look),
        xaxis=_bare_axis(range=[low - (air if low < 0 else 0), high + air]),
        yaxis=_bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _spare_bars(rows: pd.DataFrame, spares: list[int], say: Say, look: Look) -> go.Bar:
    statuses = rows["status"].tolist() if "status" in rows else ["missed" if spare < 0 else "met" for spare in spares]
    said = [
        f"<b>{unit}</b><br>{GLYPH[status]} {status_word(status, say)}  {numerals.signed(spare)}"
        for unit, status, spare in zip(rows["unit"], statuses, spares, strict=True)
    ]
    return go.Bar(
        x=spares,
        y=list(range(len(rows))),
        orientation="h",
        width=0.62,
        marker={"color": [look.status(status) for status in statuses], "line": {"width": 0}},
        customdata=[[unit] for unit in rows["unit"]],
        hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 0.5}},
    )


def _spare_counts(spares: list[int], look: Look) -> list[Note]:
    return [
        _note(
            _bold(numerals.signed(spare)),
            look,
            x=spare,
            y=row,
            xanchor="right" if spare < 0 else "left",
            xshift=-6 if spare < 0 else 6,
        )
        for row, spare in enumerate(spares)
    ]


# --- columns: people by month ---------------------------------------------------------------------------------------


def columns(table: pd.DataFrame, *, say: Say, look: Look) -> go.Figure:
    """Draw people by month as columns on a bare baseline, each with its number; `table`: month (YYYYMM), people."""
    rows = table.sort_values("month").reset_index(drop=True)
    people = [int(count) for count in rows["people"]]
    top = max([*people, 1])
    return _figure(
        [_month_bars(rows, people, say, look)],
        look,
        height=190,
        margin={"l": 4, "r": 4, "t": 8, "b": 40},
        shapes=[_line(look.muted, width=1.3, x0=0, x1=1, xref="x domain", y0=0, y1=0)],
        annotations=_month_counts(people, look),
        xaxis=_bare_axis(
            range=[-0.6, len(people) - 0.4],
            showticklabels=True,
            tickangle=0,
            tickfont=_tick_font(look),
            **_month_ticks(rows["month"].astype(int).tolist()),
        ),
        yaxis=_bare_axis(range=[0, top * 1.22]),
    )


def _month_bars(rows: pd.DataFrame, people: list[int], say: Say, look: Look) -> go.Bar:
    texts = [
        f"{months.text(int(month))}<br><b>{numerals.whole(count)}</b> {say('people')}"
        for month, count in zip(rows["month"], people, strict=True)
    ]
    return go.Bar(
        x=list(range(len(people))),
        y=people,
        width=0.58,
        marker={"color": look.blue_pale, "line": {"width": 0}},
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
    )


def _month_counts(people: list[int], look: Look) -> list[Note]:
    """Number each column; where columns stand close, zeros stay unsaid and figures are smaller."""
    size = STRONG if len(people) <= FEW_MONTHS else SMALL if len(people) <= MANY_MONTHS else 10
    return [
        _note(_bold(numerals.whole(count)), look, size=size, x=at, y=count, yanchor="bottom", yshift=2)
        for at, count in enumerate(people)
        if count or len(people) <= FEW_MONTHS
    ]


def _month_ticks(months_drawn: list[int]) -> dict[str, Any]:
    """Name months by number, the year under the first and under each January; thin where there are many."""
    every = 1 if len(months_drawn) <= YEAR else 3 if len(months_drawn) <= THREE_YEARS else YEAR
    ticks = [at for at, month in enumerate(months_drawn) if (month % 100 - 1) % every == 0 or (at == 0 and every == 1)]
    texts = [f"{months_drawn[at] % 100}" for at in ticks]
    named = [
        text + (f"<br>{months_drawn[at] // 100}" if rank == 0 or months_drawn[at] % 100 == 1 else "")
        for rank, (at, text) in enumerate(zip(ticks, texts, strict=True))
    ]
    return {"tickvals": ticks, "ticktext": named}
