"""Tallies: rows of counts as short bars, each with its number."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, Figure, Note, Trace
from pages.parts.look import Look

ROW = 27


def tallies(table: pd.DataFrame, *, look: Look) -> Figure:
    """Draw a row of counts as a bar: what is so now in the row's colour, what will be after it pale; first row on top.

    `table`: name, now, later (counts), tone (the name of a colour of the look: vermilion, ochre, blue, slate, pine).
    A chosen bar gives the row's `code` as customdata, where the table has one.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    left = canvas.width(rows["name"].tolist(), BODY) + 16
    texts = [_tally_text(now, later) for now, later in zip(rows["now"], rows["later"], strict=True)]
    right = canvas.width([canvas.plain(text) for text in texts], BODY) + 14
    most = max([*(rows["now"] + rows["later"]), 1])
    return canvas.figure(
        [_tally_bars(rows, "now", 0, look), _tally_bars(rows, "later", rows["now"].tolist(), look)],
        look,
        height=ROW * len(rows) + 14,
        margin={"l": left, "r": right, "t": 4, "b": 6},
        barmode="overlay",
        annotations=canvas.row_labels(rows["name"].tolist(), look, left=left, strong=[False] * len(rows))
        + _tally_counts(rows, texts, look),
        xaxis=canvas.bare_axis(range=[0, most]),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _tally_text(now: Any, later: Any) -> str:
    """Say "23 +4": so many now, so many more to come."""
    text = canvas.bold(numerals.whole(now))
    return f"{text}  {numerals.signed(later)}" if later else text


def _tally_bars(rows: pd.DataFrame, column: str, base: Any, look: Look) -> Trace:
    colours = [getattr(look, tone) for tone in rows["tone"]]
    return canvas.trace(
        "bar",
        x=rows[column].tolist(),
        y=list(range(len(rows))),
        base=base,
        orientation="h",
        width=0.56,
        marker={"color": colours, "opacity": 1 if column == "now" else 0.35, "line": {"width": 0}},
        customdata=[[code] for code in rows["code"]] if "code" in rows else None,
        hoverinfo="skip",
        unselected={"marker": {"opacity": 0.5}},
    )


def _tally_counts(rows: pd.DataFrame, texts: Sequence[str], look: Look) -> list[Note]:
    ends = rows["now"] + rows["later"]
    return [
        canvas.note(text, look, x=end, y=row, xanchor="left", xshift=6)
        for row, (text, end) in enumerate(zip(texts, ends, strict=True))
    ]
