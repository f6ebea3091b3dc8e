"""Shares as dots with their intervals, a row each."""

from collections.abc import Sequence

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

ROW = 24


def shares(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw a share a row as a dot on its 95 % interval, on one axis from 0 to 100 %; first row on top.

    `table`: name, share, low, high (parts of 1; share empty where the group is too small to be shown), and `text` where
    the share is to be written otherwise.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    left = canvas.width(rows["name"].tolist(), BODY) + 16
    told = (
        rows["text"]
        if "text" in rows
        else [say("too few") if pd.isna(share) else numerals.percent(share, places=0) for share in rows["share"]]
    )
    texts = list(told)
    right = canvas.width(texts, BODY) + 18
    return canvas.figure(
        [_share_dots(rows, look)],
        look,
        height=ROW * len(rows) + 30,
        margin={"l": left, "r": right, "t": 4, "b": 26},
        shapes=[*_share_grid(look), *_share_spans(rows, look)],
        annotations=canvas.row_labels(rows["name"].tolist(), look, left=left, strong=[False] * len(rows))
        + _share_texts(rows, texts, right, look),
        xaxis=canvas.bare_axis(
            range=[0, 1],
            showticklabels=True,
            tickvals=[0, 0.5, 1],
            ticktext=["0%", "50%", "100%"],
            tickangle=0,
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _share_dots(rows: pd.DataFrame, look: Look) -> Trace:
    known = rows[rows["share"].notna()]
    return canvas.trace(
        "scatter",
        x=known["share"].tolist(),
        y=known.index.tolist(),
        mode="markers",
        marker={"color": look.blue, "size": 8, "line": {"width": 0}},
        hoverinfo="skip",
        cliponaxis=False,
    )


def _share_grid(look: Look) -> list[Shape]:
    return [canvas.line(look.hairline, x0=at, x1=at, y0=0, y1=1, yref="y domain", layer="below") for at in (0, 0.5, 1)]


def _share_spans(rows: pd.DataFrame, look: Look) -> list[Shape]:
    known = rows[rows["low"].notna()]
    return [
        canvas.line(look.blue_pale, width=9, x0=span.low, x1=span.high, y0=span.Index, y1=span.Index, layer="below")
        for span in known.itertuples()
    ]


def _share_texts(rows: pd.DataFrame, texts: Sequence[str], right: float, look: Look) -> list[Note]:
    """Write the shares right-aligned beside the plot; a group too small to be shown says so."""
    place: Note = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": right - 2}
    return [
        canvas.note(
            canvas.bold(text) if known else text,
            look,
            size=BODY if known else SMALL,
            colour=None if known else look.muted,
            y=row,
            **place,
        )
        for row, (text, known) in enumerate(zip(texts, rows["share"].notna(), strict=True))
    ]
