"""Time in post: the share still there after each number of months, with the people under watch."""

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape
from pages.parts.look import Look, Say

YEAR = 12
QUANTILES = (0.5, 0.2)
"""Shares still in post at which half, and four in five, have left."""


def quantile(table: pd.DataFrame, share: float) -> int | None:
    """The first month after which no more than `share` are still in post; None where so many never left."""
    reached = table.loc[table["survival"] <= share, "month"]
    return None if reached.empty else int(reached.iloc[0])


def survival(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw the share still in post by months; `table`: month, observed, survival, in order of month."""
    months = [0, *(int(at) for at in table["month"])]
    shares = [1.0, *(float(share) for share in table["survival"])]
    last, still = months[-1], say("still in post")
    years = list(range(0, last // YEAR + 1, 1 if last <= 12 * YEAR else 2))
    return canvas.figure(
        [
            canvas.trace(
                "scatter",
                x=months,
                y=shares,
                mode="lines",
                line={"color": look.blue, "width": 2.4, "shape": "hv"},
                hovertext=[
                    f"{_span(at, say)}: <b>{numerals.percent(share)}</b> {still}"
                    for at, share in zip(months, shares, strict=True)
                ],
                hoverinfo="text",
            )
        ],
        look,
        height=330,
        margin={"l": 46, "r": 16, "t": 12, "b": 74},
        shapes=[*_grid(look), *_drops(table, look)],
        annotations=_quantile_notes(table, say, look) + _observed(table, years, say, look),
        xaxis=canvas.bare_axis(
            range=[0, last * 1.02],
            showticklabels=True,
            tickvals=[year * YEAR for year in years],
            ticktext=[str(year) for year in years],
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(
            range=[0, 1.03],
            showticklabels=True,
            tickvals=[0, 0.2, 0.5, 0.8, 1],
            ticktext=["0%", "20%", "50%", "80%", "100%"],
            tickfont=canvas.tick_font(look),
        ),
    )


def _span(months: int, say: Say) -> str:
    return say("{years} years").format(years=f"{months / YEAR:.1f}")


def _grid(look: Look) -> list[Shape]:
    return [
        canvas.line(look.hairline, x0=0, x1=1, xref="x domain", y0=share, y1=share, layer="below")
        for share in (0, 0.2, 0.5, 0.8, 1)
    ]


def _drops(table: pd.DataFrame, look: Look) -> list[Shape]:
    found = [(share, at) for share in QUANTILES if (at := quantile(table, share)) is not None]
    return [canvas.line(look.ink, dash="dot", x0=at, x1=at, y0=0, y1=share) for share, at in found]


def _quantile_notes(table: pd.DataFrame, say: Say, look: Look) -> list[Note]:
    names = {0.5: say("half have left"), 0.2: say("four in five have left")}
    return [
        canvas.note(
            f"{canvas.bold(_span(at, say))} {names[share]}",
            look,
            size=BODY,
            x=at,
            y=share,
            xanchor="left",
            yanchor="bottom",
            xshift=7,
            yshift=3,
        )
        for share in QUANTILES
        if (at := quantile(table, share)) is not None
    ]


def _observed(table: pd.DataFrame, years: list[int], say: Say, look: Look) -> list[Note]:
    """Say under the axis how many people are under watch after each so many years."""
    place: Note = {"yref": "y domain", "y": 0, "yanchor": "top"}
    counts = [
        canvas.note(
            numerals.whole(seen["observed"].iloc[0]),
            look,
            size=SMALL,
            colour=look.muted,
            x=year * YEAR,
            xanchor="center",
            yshift=-42,
            **place,
        )
        for year in years
        if not (seen := table[table["month"] > year * YEAR]).empty
    ]
    left: Note = {"x": 0, "xref": "x domain", "xanchor": "left"}
    return [
        canvas.note(
            say("years in post"),
            look,
            size=SMALL,
            colour=look.muted,
            yshift=-22,
            **(left | {"x": 1, "xanchor": "right"}),
            **place,
        ),
        canvas.note(say("people under watch"), look, size=SMALL, colour=look.muted, yshift=-58, **left, **place),
        *counts,
    ]
