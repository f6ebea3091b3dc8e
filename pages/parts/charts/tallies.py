"""Tallies: rows of counts as short bars, each with its number."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, Figure, Note, Trace
from pages.parts.look import Look

ROW, LINE, LONGEST_NAME, LONGEST_LINE = 24, 14, 16, 12


def tallies(table: pd.DataFrame, *, look: Look, broken: bool = False) -> Figure:
    """Draw a row of counts as a bar: what is so now in the row's colour, what will be after it pale; first row on top.

    `table`: name, now, later (counts), tone (the name of a colour of the look: vermilion, ochre, blue, slate, pine).
    `word`, where the table has it, is said after the number, and `text` instead of both. A chosen bar gives the row's
    `code` as customdata. A long name is cut, or `broken` into lines where there is room for higher rows.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    names = [
        canvas.wrap(name, LONGEST_LINE, fewest=True) if broken else canvas.shortened(name, LONGEST_NAME)
        for name in rows["name"]
    ]
    row = ROW + LINE * max((name.count("<br>") for name in names), default=0)
    left = canvas.width(names, BODY) + 16
    words = rows["word"] if "word" in rows else [""] * len(rows)
    told = rows["text"] if "text" in rows else map(_tally_text, rows["now"], rows["later"], words)
    texts = list(told)
    right = canvas.width([canvas.plain(text) for text in texts], BODY) + 14
    most = max([*(rows["now"] + rows["later"]), 1])
    return canvas.figure(
        [_tally_bars(rows, "now", 0, look), _tally_bars(rows, "later", rows["now"].tolist(), look)],
        look,
        height=row * len(rows) + 14,
        margin={"l": left, "r": right, "t": 4, "b": 6},
        barmode="overlay",
        annotations=canvas.row_labels(names, look, left=left, strong=[False] * len(rows), whole=rows["name"].tolist())
        + _tally_counts(rows, texts, look),
        xaxis=canvas.bare_axis(range=[0, most]),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _tally_text(now: Any, later: Any, word: str) -> str:
    """Say "23 +4": so many now, so many more to come."""
    parts = [canvas.bold(numerals.whole(now)), numerals.signed(later) if later else "", word]
    return "  ".join(filter(None, parts))


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
        hovertext=rows["name"].tolist(),
        hoverinfo="text",
        unselected={"marker": {"opacity": 0.5}},
    )


def _tally_counts(rows: pd.DataFrame, texts: Sequence[str], look: Look) -> list[Note]:
    ends = rows["now"] + rows["later"]
    return [
        canvas.note(text, look, x=end, y=row, xanchor="left", xshift=6)
        for row, (text, end) in enumerate(zip(texts, ends, strict=True))
    ]
