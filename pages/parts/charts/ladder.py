"""The ladder: people by age band, men to the left and women to the right, alone or one a level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

ROW = 38
LINE = 18
SIDE = {"male": -1, "female": 1}


@dataclass(frozen=True, slots=True)
class _Panel:
    """Where one ladder stands: its place, how many stand across, its range, left margin, and if bands are named.

    `few` is written for a count of none where few are not told from none, and sides have no sum then.
    """

    place: int
    sides: list[float]
    left: float
    across: int = 1
    named: bool = True
    few: str = ""

    def written(self, count: int) -> str:
        """A count as it is written."""
        return self.few if self.few and not count else numerals.whole(count)


def ladder(
    table: pd.DataFrame,
    *,
    say: Say,
    look: Look,
    band_upper: int | None = None,
    bracket: Sequence[str] = (),
    status: str = "met",
    scale: float | None = None,
    few: str = "",
) -> Figure:
    """Draw people by band and sex, youngest at the bottom, with today's counts as thin marks.

    `table`: name, lower_age, upper_age (exclusive; empty above the last), sex (male, female), people, people_today.
    Bands wholly below `band_upper` (exclusive age) are strong; `bracket` holds up to three lines said beside them, the
    second in the colour of `status`. `scale` is the count that half a figure stands for, to share among figures.
    `few` is written instead of 0, where few people are not told from none.
    """
    bands = _bands(table)
    sides = _sides(table, 1) if scale is None else [-scale, scale]
    left = canvas.width(bands["name"].tolist(), BODY) + 14
    lines = [canvas.wrap(line, 10.5) for line in bracket]
    right = canvas.width(lines, BODY) + 38 if lines else 8
    traces, shapes, notes = _ladder_panel(table, bands, say, look, band_upper, _Panel(0, sides, left, few=few))
    young = _young(bands, band_upper)
    if lines and young:
        shapes += _bracket_lines(young, look.status(status))
        notes.append(_bracket_note(lines, young, look, look.status(status)))
    return canvas.figure(
        traces,
        look,
        height=ROW * len(bands) + 40,
        margin={"l": left, "r": right, "t": 28, "b": 12},
        shapes=shapes,
        annotations=notes,
        barmode="overlay",
        xaxis=canvas.bare_axis(range=sides),
        yaxis=canvas.bare_axis(range=[-0.6, len(bands) - 0.4]),
    )


def levels_side_by_side(
    table: pd.DataFrame, *, say: Say, look: Look, band_upper: int | None = None, columns: int = 0
) -> Figure:
    """Draw one ladder a level on a shared scale; `table` is that of `ladder` with level_name.

    `columns` panels stand in a row (0: all of them). On a narrow screen give one or two.
    """
    bands = _bands(table)
    levels = table["level_name"].drop_duplicates().tolist()
    columns = min(columns or len(levels), len(levels))
    sides = _sides(table, columns)
    left = canvas.width(bands["name"].tolist(), BODY) + 14
    traces: list[Trace] = []
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
    return canvas.figure(
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
    end = canvas.suffix(panel.place)
    traces: list[Any] = []
    notes: list[Note] = []
    for sex, side in SIDE.items():
        people, today = _by_band(table, bands, sex)
        traces.append(_side_bars(people, today, bands, sex, say, look, young, panel))
        traces.append(_today_marks(people, today, side, look, panel.place))
        notes += _side_counts(people, today, side, span, young, look, panel)
        notes.append(_side_title(sex, sum(people), len(bands), say, look, panel))
    if panel.named:
        strong = [row in young for row in range(len(bands))]
        names = bands["name"].tolist()
        notes += canvas.row_labels(names, look, left=panel.left, strong=strong, panel=panel.place, quiet=True)
    middle: Note = {"x0": 0, "x1": 0, "y0": -0.5, "y1": len(bands) - 0.5, "xref": f"x{end}", "yref": f"y{end}"}
    return traces, [canvas.line(look.surface, width=3, **middle)], notes


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
    panel: _Panel,
) -> Trace:
    strong, pale = (look.blue, look.blue_pale) if sex == "male" else (look.plum, look.plum_pale)
    word = _sex_word(sex, say)
    return canvas.trace(
        "bar",
        x=[SIDE[sex] * count for count in people],
        y=list(range(len(bands))),
        orientation="h",
        name=sex,
        width=0.64,
        marker={"color": [strong if row in young else pale for row in range(len(bands))], "line": {"width": 0}},
        customdata=list(zip(bands["name"], map(panel.written, people), map(numerals.whole, today), strict=True)),
        hovertemplate=f"%{{customdata[0]}} · {word}<br>%{{customdata[1]}}"
        + ("" if panel.few else f" ({say('today')} %{{customdata[2]}})")
        + "<extra></extra>",
        xaxis=f"x{canvas.suffix(panel.place)}",
        yaxis=f"y{canvas.suffix(panel.place)}",
    )


def _sex_word(sex: str, say: Say) -> str:
    return say("men") if sex == "male" else say("women")


def _today_marks(people: list[int], today: list[int], side: int, look: Look, panel: int) -> Trace:
    """Draw a thin upright mark at today's count of every band where it differs."""
    rows = [row for row, count in enumerate(today) if count != people[row]]
    return canvas.trace(
        "scatter",
        x=[at for row in rows for at in (side * today[row], side * today[row], None)],
        y=[at for row in rows for at in (row - 0.4, row + 0.4, None)],
        mode="lines",
        name="today",
        line={"color": look.ink, "width": 1.5},
        hoverinfo="skip",
        xaxis=f"x{canvas.suffix(panel)}",
        yaxis=f"y{canvas.suffix(panel)}",
    )


def _side_counts(
    people: list[int], today: list[int], side: int, span: float, young: set[int], look: Look, panel: _Panel
) -> list[Note]:
    """Write each count: beside the middle where the bar holds it, else beyond bar and mark."""
    notes = []
    for row, count in enumerate(people):
        text = panel.written(count)
        holds = min(count, today[row] or count) > span * (0.05 + 0.1 * len(text))
        at = 0 if holds else side * max(count, today[row])
        outward = "left" if side > 0 else "right"
        colour = look.on_strong if holds and row in young else look.ink
        place: Note = {
            "x": at,
            "y": row,
            "xref": f"x{canvas.suffix(panel.place)}",
            "yref": f"y{canvas.suffix(panel.place)}",
        }
        notes.append(
            canvas.note(text, look, colour=colour, xanchor=outward, xshift=side * (7 if holds else 5), **place)
        )
    return notes


def _side_title(sex: str, people: int, bands: int, say: Say, look: Look, panel: _Panel) -> Note:
    side = SIDE[sex]
    place: Note = {
        "x": 0,
        "xref": f"x{canvas.suffix(panel.place)}",
        "yref": f"y{canvas.suffix(panel.place)}",
        "y": bands - 0.5,
        "yanchor": "bottom",
    }
    text = _sex_word(sex, say) if panel.few else f"{_sex_word(sex, say)} {numerals.whole(people)}"
    anchor = "left" if side > 0 else "right"
    return canvas.note(text, look, size=SMALL, colour=look.muted, xanchor=anchor, xshift=side * 8, **place)


def _bracket_lines(young: list[int], colour: str) -> list[Shape]:
    """Draw a square bracket beside the young bands, in pixels right of the plot."""
    low, high = min(young) - 0.36, max(young) + 0.36
    place: Note = {"xref": "paper", "yref": "y", "xsizemode": "pixel", "xanchor": 1}
    ends = [(16, 24, high, high), (24, 24, low, high), (16, 24, low, low)]
    return [canvas.line(colour, width=1.6, x0=x0, x1=x1, y0=y0, y1=y1, **place) for x0, x1, y0, y1 in ends]


def _bracket_note(lines: Sequence[str], young: list[int], look: Look, colour: str) -> Note:
    said = [canvas.bold(lines[0])]
    said += [f'<span style="color:{colour}"><b>{line}</b></span>' for line in lines[1:2]]
    said += [f'<span style="color:{look.muted}">{line}</span>' for line in lines[2:]]
    text = "<br>".join(said)
    place: Note = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 32, "yref": "y", "align": "left"}
    if (text.count("<br>") + 1) * LINE > len(young) * ROW:
        return canvas.note(text, look, y=min(young) - 0.5, yanchor="bottom", **place)
    return canvas.note(text, look, y=(min(young) + max(young)) / 2, **place)


def _panel_title(level: str, look: Look, panel: int) -> Note:
    place: Note = {
        "x": 0.5,
        "xref": f"x{canvas.suffix(panel)} domain",
        "y": 1,
        "yref": f"y{canvas.suffix(panel)} domain",
    }
    return canvas.note(canvas.bold(level), look, yanchor="bottom", yshift=18, **place)


def _panel_axes(panel: int, panels: int, columns: int, sides: list[float], bands: int) -> dict[str, Any]:
    """Place a panel in the grid, first row at the top."""
    rows = -(-panels // columns)
    row, column = divmod(panel, columns)
    gap, air = 0.05, 0.16 if rows > 1 else 0.0
    wide, high = (1 - gap * (columns - 1)) / columns, (1 - air * (rows - 1)) / rows
    x0, y0 = column * (wide + gap), (rows - 1 - row) * (high + air)
    end = canvas.suffix(panel)
    return {
        f"xaxis{end}": canvas.bare_axis(range=sides, domain=[x0, min(1.0, x0 + wide)], anchor=f"y{end}"),
        f"yaxis{end}": canvas.bare_axis(range=[-0.6, bands - 0.4], domain=[y0, min(1.0, y0 + high)], anchor=f"x{end}"),
    }
