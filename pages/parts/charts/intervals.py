"""Places with the interval in which they truly lie, a row a unit, and the verdict on the move in words."""

from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.bump import TONES
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look

ROW = 21
GLYPHS = {"higher": "▲", "lower": "▼", "no_clear_change": "–", "too_noisy": "?", "not_compared": "·"}


def intervals(table: pd.DataFrame, *, look: Look) -> Figure:
    """Draw each unit's place as a dot on its interval, first row on top, with its move and the verdict on the right.

    `table`: name, place, low, high (places; the interval may be empty), places (gained, may be empty), verdict, word
    (the verdict in words), chosen (drawn strong), and `code`, which a chosen dot gives as customdata.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    count = max(int(rows["place"].max()), int(rows["high"].max()) if rows["high"].notna().any() else 1, 2)
    left = canvas.width(rows["name"].tolist(), BODY) + 14
    said = [_said(row) for row in rows.to_dict("records")]
    right = canvas.width(said, SMALL) + 18
    return canvas.figure(
        [_dots(rows, look)],
        look,
        height=ROW * len(rows) + 34,
        margin={"l": left, "r": right, "t": 4, "b": 26},
        shapes=_spans(rows, look),
        annotations=canvas.row_labels(rows["name"].tolist(), look, left=left, strong=rows["chosen"].tolist())
        + _words(rows, said, look),
        xaxis=canvas.bare_axis(
            range=[0.4, count + 0.6],
            showticklabels=True,
            tickvals=[1, (count + 1) // 2, count],
            ticktext=[str(at) for at in (1, (count + 1) // 2, count)],
            tickfont=canvas.tick_font(look),
            tickangle=0,
        ),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _said(row: dict[Any, Any]) -> str:
    moved = "" if pd.isna(row["places"]) else f"{numerals.signed(row['places'])}  "
    return f"{moved}{GLYPHS[row['verdict']]} {row['word']}"


def _hover(row: dict[Any, Any]) -> str:
    between = "" if pd.isna(row["low"]) else f"  ({int(row['low'])}–{int(row['high'])})"
    return f"<b>{row['name']}</b><br>{int(row['place'])}{between}<br>{row['word']}"


def _colour(row: dict[Any, Any], look: Look) -> str:
    if row["verdict"] in TONES:
        return str(getattr(look, TONES[row["verdict"]]))
    return look.blue if row["chosen"] else look.slate


def _dots(rows: pd.DataFrame, look: Look) -> Trace:
    return canvas.trace(
        "scatter",
        x=[int(place) for place in rows["place"]],
        y=rows.index.tolist(),
        mode="markers",
        marker={"color": [_colour(row, look) for row in rows.to_dict("records")], "size": 9, "line": {"width": 0}},
        customdata=[[code] for code in rows["code"]],
        hovertext=[_hover(row) for row in rows.to_dict("records")],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        unselected={"marker": {"opacity": 1}},
    )


def _spans(rows: pd.DataFrame, look: Look) -> list[Shape]:
    known = rows[rows["low"].notna()]
    return [
        canvas.line(
            look.pine_pale if row["verdict"] == "higher" else look.vermilion_pale if row["verdict"] == "lower"
            else look.blue_pale if row["chosen"] else look.wash,
            width=11, x0=float(row["low"]) - 0.3, x1=float(row["high"]) + 0.3, y0=at, y1=at, layer="below",
        )
        for at, row in zip(known.index.tolist(), known.to_dict("records"), strict=True)
    ]  # fmt: skip


def _words(rows: pd.DataFrame, said: list[str], look: Look) -> list[Note]:
    place: Note = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 12, "align": "left"}
    return [
        canvas.note(
            canvas.bold(text) if row["verdict"] in TONES else text,
            look,
            size=SMALL,
            colour=_colour(row, look) if row["verdict"] in TONES else look.muted,
            y=at,
            **place,
        )
        for at, (row, text) in enumerate(zip(rows.to_dict("records"), said, strict=True))
    ]
