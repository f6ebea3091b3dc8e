"""The corridor: for each year-end on the way to a term change, how many people are enough, and how many there are."""

from typing import Any

import pandas as pd

from data import month as months
from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, Figure, Note, Shape, Trace
from pages.parts.look import GLYPH, Look, Say, status_word

HEIGHT, HEAD, FOOT = 260, 14, 48
ABOVE = 0.12
"""Part of the height that stays free above the highest mark."""


def corridor(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw a column a month: red below needed_amber, amber up to needed_low, green above; a line of those there are.

    `table`: month (YYYYMM), needed_amber and needed_low (fewest people from which the chance is a little below, and is,
    what was asked for), have (people, now or projected).
    """
    rows = table.sort_values("month", ignore_index=True)
    lowest = int(rows[["needed_amber", "have"]].to_numpy().min())
    highest = int(rows[["needed_low", "have"]].to_numpy().max())
    room = max(2, round((highest - lowest) * 2 * ABOVE))
    foot, top = max(0, lowest - 2 * room), highest + room + 1
    return canvas.figure(
        [_marks(rows, say, look)],
        look,
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": HEAD, "b": FOOT},
        shapes=_zones(rows, foot, top, look),
        annotations=_labels(rows, look),
        xaxis=canvas.bare_axis(
            range=[-0.5, len(rows) - 0.5],
            showticklabels=True,
            tickvals=list(range(len(rows))),
            ticktext=[_under(row) for row in rows.to_dict("records")],
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[foot, top]),
    )


def standing(have: float, needed_low: float, needed_amber: float) -> str:
    """Where people stand in the corridor: met above it, at_risk in its amber part, missed below."""
    return "met" if have >= needed_low else "at_risk" if have >= needed_amber else "missed"


def _statuses(rows: pd.DataFrame) -> list[str]:
    return [
        standing(have, low, amber)
        for have, low, amber in zip(rows["have"], rows["needed_low"], rows["needed_amber"], strict=True)
    ]


def _zones(rows: pd.DataFrame, foot: float, top: float, look: Look) -> list[Shape]:
    """Colour each column in its three parts; the line at the asked chance is drawn strong."""
    zones: list[Shape] = []
    for place, (amber, low) in enumerate(zip(rows["needed_amber"], rows["needed_low"], strict=True)):
        across: dict[str, Any] = {"x0": place - 0.42, "x1": place + 0.42}
        for colour, y0, y1 in (
            (look.vermilion_pale, foot, amber),
            (look.ochre_pale, amber, low),
            (look.pine_pale, low, top),
        ):
            zones.append(
                {
                    "type": "rect",
                    "layer": "below",
                    "line": {"width": 0},
                    "fillcolor": colour,
                    "y0": y0,
                    "y1": y1,
                    **across,
                }
            )
        zones.append(canvas.line(look.pine, width=1.5, y0=low, y1=low, **across))
    return zones


def _marks(rows: pd.DataFrame, say: Say, look: Look) -> Trace:
    statuses = _statuses(rows)
    said = say("{month}: {have} people, {low} are enough")
    return canvas.trace(
        "scatter",
        x=rows.index.tolist(),
        y=rows["have"].tolist(),
        mode="lines+markers",
        line={"color": look.ink, "width": 1.5},
        marker={"size": 9, "color": [look.status(status) for status in statuses]},
        hovertext=[
            said.format(month=months.text(int(at)), have=numerals.whole(have), low=numerals.whole(low))
            + say(": {state}").format(state=status_word(status, say))
            for at, have, low, status in zip(rows["month"], rows["have"], rows["needed_low"], statuses, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )


def _under(row: Any) -> str:
    """Name the month, and under it from how many people on it is green, and below how many red."""
    low, amber = numerals.whole(row["needed_low"]), numerals.whole(row["needed_amber"])
    return f"{months.text(int(row['month']))}<br>{GLYPH['met']} ≥ {low}　{GLYPH['missed']} &lt; {amber}"


def _labels(rows: pd.DataFrame, look: Look) -> list[Note]:
    """Write how many there are, with the sign of where that stands."""
    return [
        canvas.note(
            canvas.bold(f"{GLYPH[status]} {numerals.whole(have)}"), look, size=SMALL, colour=look.status(status),
            x=place, y=have, yanchor="bottom", yshift=6,
        )
        for place, have, status in zip(rows.index, rows["have"], _statuses(rows), strict=True)
    ]  # fmt: skip
