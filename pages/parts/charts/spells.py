"""Spells: one line a post, and on it those who held it one after the other."""

import pandas as pd

from data import month as months
from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

ROW, LETTER = 30, 13
MANY_MONTHS = 150
NARROW = 420
"""Pixels across which the months are spread on a narrow card."""


def spells(table: pd.DataFrame, *, since: int, until: int, data_month: int, say: Say, look: Look) -> Figure:
    """Draw who held each post between two months, posts in rows in order of first appearance, the first at the top.

    `table`: row (its name), label (what the bar says), start_month, end_month (empty while open), person_id, soft (true
    for a posting beside a primary post). A chosen bar gives its person_id as customdata.
    """
    rows = table["row"].drop_duplicates().tolist()
    wrapped = [canvas.wrap(name, 16, fewest=True) for name in rows]
    left = canvas.width(wrapped, SMALL) + 14
    row_of = {name: len(rows) - 1 - place for place, name in enumerate(rows)}
    first, last = months.number(since), months.number(until)
    held = table.assign(
        y=table["row"].map(row_of),
        begins=[max(first, months.number(int(at))) for at in table["start_month"]],
        ends=[last if pd.isna(at) else min(last, months.number(int(at))) for at in table["end_month"]],
    )
    held = held[held["ends"] > held["begins"]]
    years = list(range(since // 100 + 1, until // 100 + 1, 1 if last - first <= MANY_MONTHS else 2))
    return canvas.figure(
        [_bars(held, say, look)],
        look,
        height=ROW * len(rows) + 34,
        margin={"l": left, "r": 4, "t": 4, "b": 30},
        shapes=[
            _today(data_month, look),
            *(
                canvas.line(look.hairline, x0=0, x1=1, xref="x domain", y0=row - 0.5, y1=row - 0.5)
                for row in range(len(rows))
            ),
        ],
        annotations=canvas.row_labels(wrapped[::-1], look, left=left, strong=[False] * len(rows), size=SMALL)
        + _labels(held, last - first, look),
        barmode="overlay",
        xaxis=canvas.bare_axis(
            range=[first, last],
            showticklabels=True,
            tickvals=[year * 12 for year in years],
            ticktext=[str(year) for year in years],
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[-0.5, len(rows) - 0.5]),
    )


def _today(data_month: int, look: Look) -> Shape:
    at = months.number(data_month)
    return canvas.line(look.ink, dash="dot", x0=at, x1=at, y0=0, y1=1, yref="y domain")


def _bars(held: pd.DataFrame, say: Say, look: Look) -> Trace:
    now = say("now")
    return canvas.trace(
        "bar",
        base=held["begins"].tolist(),
        x=(held["ends"] - held["begins"]).tolist(),
        y=held["y"].tolist(),
        orientation="h",
        width=0.66,
        marker={
            "color": [look.plum_pale if soft else look.blue_pale for soft in held["soft"]],
            "line": {"width": 1, "color": look.surface},
        },
        customdata=held[["person_id"]].to_numpy().tolist(),
        hovertext=[
            f"<b>{row['label']}</b><br>{row['row']}<br>{months.text(int(row['start_month']))} – "
            + (now if pd.isna(row["end_month"]) else months.text(int(row["end_month"])))
            for row in held.to_dict("records")
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 0.5}},
    )


def _labels(held: pd.DataFrame, span: int, look: Look) -> list[Note]:
    """Write a name on each bar that has room for it on a narrow card."""
    room = span / NARROW
    return [
        canvas.note(row["label"], look, size=SMALL, x=row["begins"], y=row["y"], xanchor="left", xshift=5)
        for row in held.to_dict("records")
        if row["ends"] - row["begins"] >= canvas.width([row["label"]], LETTER) * room
    ]
