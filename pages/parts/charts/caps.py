"""People against a cap: a bar of those given, a mark where the cap stands, whole numbers on both."""

from typing import Any

import pandas as pd

from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look

ROW = 116
WIDEST = 24
"""Chinese characters in a line of the text under a bar."""


def caps(table: pd.DataFrame, *, look: Look) -> Figure:
    """Draw a row a cap as a bar on its own scale of those who take part, the mark where no more are allowed.

    `table`: name, given, allowed, taking_part (whole people), over (given above the cap), text (the sentence under the
    name). First row on top.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    shares = rows["given"] / rows["taking_part"].where(rows["taking_part"] > 0)
    lines = rows["allowed"] / rows["taking_part"].where(rows["taking_part"] > 0)
    most = max(float(pd.concat([shares, lines]).max()) * 1.12, 0.05)
    return canvas.figure(
        [_bars(rows, shares, look)],
        look,
        height=ROW * len(rows) + 8,
        margin={"l": 2, "r": 2, "t": 2, "b": 4},
        shapes=_marks(lines, look),
        annotations=[note for at, row in enumerate(rows.to_dict("records")) for note in _texts(at, row, look)],
        xaxis=canvas.bare_axis(range=[0, most]),
        yaxis=canvas.bare_axis(range=[-0.5, len(rows) - 0.5]),
    )


def _bars(rows: pd.DataFrame, shares: "pd.Series[float]", look: Look) -> Trace:
    return canvas.trace(
        "bar",
        x=shares.fillna(0).tolist(),
        y=[at - 0.12 for at in range(len(rows))],
        orientation="h",
        width=0.2,
        marker={"color": [look.vermilion if over else look.blue for over in rows["over"]], "line": {"width": 0}},
        hoverinfo="skip",
    )


def _marks(lines: "pd.Series[float]", look: Look) -> list[Shape]:
    return [
        canvas.line(look.ink, width=2, x0=float(line), x1=float(line), y0=at - 0.27, y1=at + 0.03)
        for at, line in enumerate(lines)
        if pd.notna(line)
    ]


def _texts(at: int, row: dict[Any, Any], look: Look) -> list[Note]:
    place: Note = {"xref": "paper", "x": 0, "xanchor": "left", "align": "left", "y": at}
    colour = look.vermilion if row["over"] else look.muted
    return [
        canvas.note(row["name"], look, size=BODY, yanchor="bottom", **place),
        canvas.note(
            canvas.wrap(row["text"], WIDEST, fewest=True),
            look,
            size=SMALL,
            colour=colour,
            yanchor="top",
            yshift=-38,
            **place,
        ),
    ]
