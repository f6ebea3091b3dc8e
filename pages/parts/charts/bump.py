"""The bump chart: places year by year, moves beyond noise drawn strong; and the slope of scores between two years."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

ROW, FEWEST_ROWS, MOST_NAMED, MOST_YEARS = 20, 8, 45, 10
TONES = {"higher": "pine", "lower": "vermilion", "chosen": "blue"}
"""The colours of lines that stand out; every other line is faint."""
SLOPE_HEIGHT, NAME_APART = 372, 16


def bump(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw a line a unit through its places, 1 on top, with its name where it ends.

    `table`: line, name, year, row (the height of the place, from 1; equal places stand one under the other), place,
    tone (higher, lower, chosen, or empty for a faint line). A chosen point gives its `code` as customdata.
    """
    years = sorted(table["year"].unique())
    rows = max(FEWEST_ROWS, int(table["row"].max()))
    last = table[table["year"] == years[-1]]
    named = last if len(last) <= MOST_NAMED else last[last["tone"] != ""]
    right = canvas.width([f"00  {name}" for name in named["name"]], BODY) + 18
    order = table.assign(strong=table["tone"] != "").sort_values(["strong", "line", "year"], kind="stable")
    lines = [_line(part, say, look) for _, part in order.groupby(["strong", "line"], sort=True)]
    return canvas.figure(
        lines,
        look,
        height=ROW * rows + 34,
        margin={"l": 10, "r": right, "t": 4, "b": 26},
        shapes=_years(years, look),
        annotations=_ends(named, years[-1], look),
        xaxis=canvas.bare_axis(
            range=[years[0] - 0.15, years[-1] + 0.05],
            showticklabels=True,
            tickvals=_named_years(years),
            ticktext=[str(year) for year in _named_years(years)],
            tickfont=canvas.tick_font(look),
            tickangle=0,
        ),
        yaxis=canvas.bare_axis(range=[rows + 0.7, 0.3]),
        hovermode="closest",
    )


def _named_years(years: Sequence[int]) -> list[int]:
    """Name the last year and, going back, as many as stand apart."""
    every = -(-len(years) // MOST_YEARS)
    return [int(year) for year in years[::-1][::every]][::-1]


def _line(part: pd.DataFrame, say: Say, look: Look) -> Trace:
    tone = part["tone"].iloc[-1]
    strong = tone in TONES
    colour = getattr(look, TONES[tone]) if strong else look.blue_pale
    stands = say("place {place} of {units}")
    texts = [
        f"<b>{row['name']}</b><br>{row['year']}  {stands.format(place=row['place'], units=row['units'])}"
        for row in part.to_dict("records")
    ]
    return canvas.trace(
        "scatter",
        x=[int(year) for year in part["year"]],
        y=[int(row) for row in part["row"]],
        mode="lines+markers",
        line={"color": colour, "width": 3 if strong else 1.2, "shape": "linear"},
        marker={"color": colour, "size": 8 if strong else 4, "line": {"color": look.surface, "width": 1}},
        customdata=[[code] for code in part["code"]],
        hovertext=texts,
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        unselected={"marker": {"opacity": 1}},
    )


def _years(years: Sequence[int], look: Look) -> list[Shape]:
    place: Shape = {"y0": 0, "y1": 1, "yref": "y domain", "layer": "below"}
    return [canvas.line(look.wash, x0=int(year), x1=int(year), **place) for year in years]


def _ends(named: pd.DataFrame, year: int, look: Look) -> list[Note]:
    """Write place and name beside the last point; those that stand out in their colour."""
    notes = []
    for row in named.to_dict("records"):
        strong = row["tone"] in TONES
        text = f"{row['place']}  {row['name']}"
        colour = getattr(look, TONES[row["tone"]]) if strong else look.muted
        at: Note = {"x": int(year), "y": int(row["row"]), "xanchor": "left", "xshift": 10}
        notes.append(canvas.note(canvas.bold(text) if strong else text, look, size=BODY if strong else SMALL,
                                 colour=colour, **at))  # fmt: skip
    return notes


def slope(table: pd.DataFrame, *, years: tuple[int, int], say: Say, look: Look) -> Figure:
    """Draw each unit's score in two years as a slope, taken from the group's mean; the names of those that stand out.

    `table`: name, before, after (points from the mean of the group), tone as for a bump, and `code`.
    """
    named = table[table["tone"] != ""].sort_values("after")
    right = canvas.width([f"{name} +00.0" for name in named["name"]], BODY) + 16
    values = pd.concat([table["before"], table["after"]])
    low, high = float(values.min()), float(values.max())
    air = (high - low or 1) * 0.06
    order = table.assign(strong=table["tone"] != "").sort_values("strong", kind="stable")
    return canvas.figure(
        [_slope_line(row, say, look) for row in order.to_dict("records")],
        look,
        height=SLOPE_HEIGHT,
        margin={"l": 12, "r": right if len(named) else 12, "t": 6, "b": 26},
        shapes=[canvas.line(look.muted, dash="4px,4px", x0=0, x1=1, y0=0, y1=0, layer="below")],
        annotations=[*_slope_names(named, (low - air, high + air), look), _mean(say, look)],
        xaxis=canvas.bare_axis(
            range=[-0.02, 1.02],
            showticklabels=True,
            tickvals=[0.03, 0.97],
            ticktext=[str(year) for year in years],
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[low - air, high + air]),
        hovermode="closest",
    )


def _mean(say: Say, look: Look) -> Note:
    place: Note = {"x": 0.5, "y": 0, "yanchor": "bottom", "yshift": 2}
    return canvas.note(say("mean of the group"), look, size=SMALL, colour=look.muted, **place)


def _slope_line(row: dict[Any, Any], say: Say, look: Look) -> Trace:
    strong = row["tone"] in TONES
    colour = getattr(look, TONES[row["tone"]]) if strong else look.blue_pale
    moved = numerals.signed_point(row["after"] - row["before"])
    against = say("{points} points against the group").format(points=moved)
    text = f"<b>{row['name']}</b><br>{against}"
    return canvas.trace(
        "scatter",
        x=[0, 1],
        y=[float(row["before"]), float(row["after"])],
        mode="lines+markers",
        line={"color": colour, "width": 3 if strong else 1.2},
        marker={"color": colour, "size": 7 if strong else 4},
        customdata=[[row["code"]], [row["code"]]],
        hovertext=[text, text],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        unselected={"marker": {"opacity": 1}},
    )


def _slope_names(named: pd.DataFrame, low_high: tuple[float, float], look: Look) -> list[Note]:
    """Name the slopes that stand out, from the bottom up, each clear of the one below."""
    points = (SLOPE_HEIGHT - 32) / (low_high[1] - low_high[0])
    notes, taken = [], float("-inf")
    for row in named.to_dict("records"):
        at = (float(row["after"]) - low_high[0]) * points
        push = max(0.0, taken + NAME_APART - at)
        taken = at + push
        moved = numerals.signed_point(row["after"] - row["before"])
        place: Note = {"x": 1, "y": float(row["after"]), "xanchor": "left", "xshift": 8, "yshift": push}
        notes.append(canvas.note(canvas.bold(f"{row['name']} {moved}"), look, size=SMALL,
                                 colour=getattr(look, TONES[row["tone"]]), **place))  # fmt: skip
    return notes
