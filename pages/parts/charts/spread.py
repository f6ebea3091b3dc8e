"""Several measures of one thing on one scale: a row of dots each, the widest apart first."""

from collections.abc import Mapping

import pandas as pd

from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look

ROW, NARROW = 27, 260
COLOURS = ("blue", "plum", "ochre", "pine")
SYMBOLS = ("circle", "square", "triangle-up", "diamond")
GLYPHS = ("●", "■", "▲", "◆")


def spread(table: pd.DataFrame, measures: Mapping[str, str], *, middle: str, look: Look) -> Figure:
    """Draw a dot a measure in each row, joined by a line, around a middle of 0; first row on top.

    `table`: name and a column for each of `measures`, which names it for the reader; `middle` says what 0 is.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    left = canvas.width(rows["name"].tolist(), BODY) + 16
    given = rows[list(measures)].astype(float)
    far = max(1.0, float(given.abs().max().max())) * 1.08
    return canvas.figure(
        [_dots(rows, name, place, look) for place, name in enumerate(measures)],
        look,
        height=ROW * len(rows) + (68 if _is_long(measures) else 52),
        margin={"l": left, "r": 12, "t": 42 if _is_long(measures) else 26, "b": 26},
        shapes=[_zero(look), *_spans(given, look)],
        annotations=[
            *canvas.row_labels(rows["name"].tolist(), look, left=left, strong=[False] * len(rows)),
            _key(measures, left, look),
            canvas.note(middle, look, size=SMALL, colour=look.muted, x=0, y=0, yref="paper", yanchor="top", yshift=-6),
        ],
        xaxis=canvas.bare_axis(range=[-far, far]),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _dots(rows: pd.DataFrame, name: str, place: int, look: Look) -> Trace:
    return canvas.trace(
        "scatter",
        x=rows[name].astype(float).tolist(),
        y=rows.index.tolist(),
        mode="markers",
        marker={
            "color": getattr(look, COLOURS[place]),
            "symbol": SYMBOLS[place],
            "size": 10,
            "line": {"color": look.surface, "width": 1},
        },
        hoverinfo="skip",
        cliponaxis=False,
    )


def _zero(look: Look) -> Shape:
    return canvas.line(look.hairline, x0=0, x1=0, y0=0, y1=1, yref="paper", layer="below")


def _spans(given: pd.DataFrame, look: Look) -> list[Shape]:
    lows, highs = given.min(axis=1), given.max(axis=1)
    return [
        canvas.line(look.wash, width=7, x0=float(low), x1=float(high), y0=at, y1=at, layer="below")
        for at, low, high in zip(given.index.tolist(), lows, highs, strict=True)
    ]


def _is_long(measures: Mapping[str, str]) -> bool:
    """Whether the names of the measures are too long for one line of a narrow card."""
    return canvas.width(["   ".join(measures.values())], SMALL) > NARROW


def _key(measures: Mapping[str, str], left: float, look: Look) -> Note:
    """Name the dots above the plot, in their colours and signs."""
    named = [
        f'<span style="color:{getattr(look, colour)}">{glyph} {name}</span>'
        for colour, glyph, name in zip(COLOURS, GLYPHS, measures.values(), strict=False)
    ]
    text = "<br>".join("   ".join(part) for part in (named[:2], named[2:])) if _is_long(measures) else "   ".join(named)
    place: Note = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -left, "y": 1, "yref": "paper"}
    return canvas.note(text, look, size=SMALL, yanchor="bottom", yshift=6, align="left", **place)
