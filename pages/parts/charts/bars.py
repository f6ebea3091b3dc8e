"""Bars: spare or short people of each unit, and people by month as columns."""

from typing import Any

import pandas as pd

from data import month as months
from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, STRONG, Figure, Note, Trace
from pages.parts.look import GLYPH, Look, Say, status_word

FEW_MONTHS, YEAR, MANY_MONTHS, THREE_YEARS = 8, 12, 18, 36


# --- unit bars: spare or short people of each unit ------------------------------------------------------------------


def unit_bars(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw spare (right) or short (left) people of each unit, first row at the top.

    `table`: unit, spare, and status where known; without it a unit short of people is missed and any other met.
    A chosen bar gives its unit as customdata.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    spares = [int(spare) for spare in rows["spare"]]
    low, high = min([0, *spares]), max([0, *spares])
    below, above = (canvas.width([numerals.signed(end)], BODY) + 16 for end in (low, high))
    left = canvas.width(rows["unit"].tolist(), BODY) + 14 + (below if low < 0 else 0)
    return canvas.figure(
        [_spare_bars(rows, spares, say, look)],
        look,
        height=25 * len(rows) + 16,
        margin={"l": left, "r": above, "t": 4, "b": 8},
        shapes=[canvas.line(look.muted, x0=0, x1=0, y0=-0.6, y1=len(rows) - 0.4)],
        annotations=canvas.row_labels(rows["unit"].tolist(), look, left=left, strong=[False] * len(rows))
        + _spare_counts(spares, look),
        xaxis=canvas.bare_axis(range=[low, high if high > low else low + 1]),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _spare_bars(rows: pd.DataFrame, spares: list[int], say: Say, look: Look) -> Trace:
    statuses = rows["status"].tolist() if "status" in rows else ["missed" if spare < 0 else "met" for spare in spares]
    said = [
        f"<b>{unit}</b><br>{GLYPH[status]} {status_word(status, say)}  {numerals.signed(spare)}"
        for unit, status, spare in zip(rows["unit"], statuses, spares, strict=True)
    ]
    return canvas.trace(
        "bar",
        x=spares,
        y=list(range(len(rows))),
        orientation="h",
        width=0.62,
        marker={"color": [look.status(status) for status in statuses], "line": {"width": 0}},
        customdata=[[unit] for unit in rows["unit"]],
        hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 0.5}},
    )


def _spare_counts(spares: list[int], look: Look) -> list[Note]:
    return [
        canvas.note(
            canvas.bold(numerals.signed(spare)),
            look,
            x=spare,
            y=row,
            xanchor="right" if spare < 0 else "left",
            xshift=-6 if spare < 0 else 6,
        )
        for row, spare in enumerate(spares)
    ]


# --- columns: people by month ---------------------------------------------------------------------------------------


def columns(table: pd.DataFrame, *, say: Say, look: Look, height: int = 190) -> Figure:
    """Draw people by month as columns on a bare baseline, each with its number; `table`: month (YYYYMM), people."""
    rows = table.sort_values("month").reset_index(drop=True)
    people = [int(count) for count in rows["people"]]
    top = max([*people, 1])
    return canvas.figure(
        [_month_bars(rows, people, say, look)],
        look,
        height=height,
        margin={"l": 4, "r": 4, "t": 8, "b": 40},
        shapes=[canvas.line(look.muted, width=1.3, x0=0, x1=1, xref="x domain", y0=0, y1=0)],
        annotations=_month_counts(people, look),
        xaxis=canvas.bare_axis(
            range=[-0.6, len(people) - 0.4],
            showticklabels=True,
            tickangle=0,
            tickfont=canvas.tick_font(look),
            **_month_ticks(rows["month"].astype(int).tolist()),
        ),
        yaxis=canvas.bare_axis(range=[0, top * 1.22]),
    )


def _month_bars(rows: pd.DataFrame, people: list[int], say: Say, look: Look) -> Trace:
    texts = [
        f"{months.text(int(month))}<br><b>{numerals.whole(count)}</b> {say('people')}"
        for month, count in zip(rows["month"], people, strict=True)
    ]
    return canvas.trace(
        "bar",
        x=list(range(len(people))),
        y=people,
        width=0.58,
        marker={"color": look.blue_pale, "line": {"width": 0}},
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
    )


def _month_counts(people: list[int], look: Look) -> list[Note]:
    """Number each column; where columns stand close, zeros stay unsaid and figures are smaller."""
    size = STRONG if len(people) <= FEW_MONTHS else SMALL if len(people) <= MANY_MONTHS else 10
    return [
        canvas.note(canvas.bold(numerals.whole(count)), look, size=size, x=at, y=count, yanchor="bottom", yshift=2)
        for at, count in enumerate(people)
        if count or len(people) <= FEW_MONTHS
    ]


def _month_ticks(months_drawn: list[int]) -> dict[str, Any]:
    """Name months by number, the year under the first and under each January; thin where there are many."""
    every = 1 if len(months_drawn) <= YEAR else 3 if len(months_drawn) <= THREE_YEARS else YEAR
    ticks = [at for at, month in enumerate(months_drawn) if (month % 100 - 1) % every == 0 or (at == 0 and every == 1)]
    texts = [f"{months_drawn[at] % 100}" for at in ticks]
    named = [
        text + (f"<br>{months_drawn[at] // 100}" if rank == 0 or months_drawn[at] % 100 == 1 else "")
        for rank, (at, text) in enumerate(zip(ticks, texts, strict=True))
    ]
    return {"tickvals": ticks, "ticktext": named}
