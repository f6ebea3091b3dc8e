"""What a late start costs: the appointments a year that are needed, by the year in which they begin."""

from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, STRONG, Figure, Note, Trace
from pages.parts.look import Look, Say

HEIGHT, NARROW_UNITS, FEWEST, FEW = 250, 5, 3, 4


def lateness(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw the appointments a year for each start, the earliest first, "13 × 4" above its bar.

    `table`: start (name), years (in which appointments are made), a_year (people), total; a_year and total are empty
    where no number of appointments is enough, which is said in the place of the bar.
    """
    rows = table.reset_index(drop=True)
    known = rows["a_year"].dropna().astype(float)
    top = max([1.0, *known])
    return canvas.figure(
        [_bars(rows, say, look)],
        look,
        height=HEIGHT,
        margin={"l": 4, "r": 4, "t": 12, "b": 56},
        shapes=[canvas.line(look.muted, width=1.3, x0=0, x1=1, xref="x domain", y0=0, y1=0)],
        annotations=_products(rows, look) + _not_attainable(rows, say, look),
        xaxis=canvas.bare_axis(
            range=[-0.6, max(len(rows), FEWEST) - 0.4],
            showticklabels=True,
            tickvals=list(range(len(rows))),
            ticktext=[_under(row) for row in rows.to_dict("records")],
            tickangle=0,
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[0, top * 1.2]),
    )


def _bars(rows: pd.DataFrame, say: Say, look: Look) -> Trace:
    tall = rows["a_year"].astype(float).fillna(0.0).tolist()
    return canvas.trace(
        "bar",
        x=list(range(len(rows))),
        y=tall,
        width=0.58,
        marker={"color": [look.blue] + [look.blue_pale] * (len(rows) - 1), "line": {"width": 0}},
        hovertext=[_said(row, say) for row in rows.to_dict("records")],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _said(row: Any, say: Say) -> str:
    if pd.isna(row["a_year"]):
        return f"{row['start']}<br>" + say("not attainable")
    return f"{row['start']}<br><b>{_times(row)}</b> = {numerals.whole(row['total'])} {say('people')}"


def _times(row: Any) -> str:
    return f"{numerals.whole(row['a_year'])} × {numerals.whole(row['years'])}"


def _products(rows: pd.DataFrame, look: Look) -> list[Note]:
    """Write the product above each bar."""
    return [
        canvas.note(
            canvas.bold(_times(row)), look, size=STRONG if len(rows) <= FEW else BODY, x=place, y=float(row["a_year"]),
            yanchor="bottom", yshift=3,
        )
        for place, row in enumerate(rows.to_dict("records"))
        if pd.notna(row["a_year"])
    ]  # fmt: skip


def _not_attainable(rows: pd.DataFrame, say: Say, look: Look) -> list[Note]:
    """Say once, over all the starts side by side that are too late, that no number is enough."""
    late = rows.index[rows["a_year"].isna()].to_series()
    if late.empty:
        return []
    runs = late.groupby(late.diff().ne(1).cumsum())
    return [
        canvas.note(
            canvas.wrap("■ " + say("not attainable"), NARROW_UNITS * len(run)), look, size=SMALL,
            colour=look.vermilion, x=float(run.mean()), y=0, yanchor="bottom", yshift=3,
        )
        for _, run in runs
    ]  # fmt: skip


def _under(row: Any) -> str:
    """Name the start, and how many people it comes to under it."""
    return f"{row['start']}" if pd.isna(row["total"]) else f"{row['start']}<br>= {numerals.whole(row['total'])}"
