"""The ladder of days: how many people are owed how many days."""

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, Figure, Note, Trace
from pages.parts.charts.uptake import HIDDEN
from pages.parts.look import Look, Say

HEIGHT = 260
FEW_COLUMNS, MANY_COLUMNS, LONG_NUMBER, TINY = 16, 12, 1000, 10


def days(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw people by the days that they are owed, a column a number of days, in the order of the days.

    `table`: owed (days, above 0), people (may be empty), suppressed. A suppressed column is a star on the ground.
    """
    people = [0 if hidden else int(count) for count, hidden in zip(table["people"], table["suppressed"], strict=True)]
    places = list(range(len(people)))
    ticks = [place for place in places if len(places) <= FEW_COLUMNS or int(table["owed"].iloc[place]) % 5 == 0]
    return canvas.figure(
        [_columns(table, people, say, look)],
        look,
        height=HEIGHT,
        margin={"l": 4, "r": 4, "t": 20, "b": 42},
        shapes=[canvas.line(look.muted, x0=-0.6, x1=len(places) - 0.4, y0=0, y1=0)],
        annotations=[*_counts(table, people, look), _unit(say, look)],
        xaxis=canvas.bare_axis(
            range=[-0.6, len(places) - 0.4],
            showticklabels=True,
            tickvals=ticks,
            ticktext=[str(int(table["owed"].iloc[place])) for place in ticks],
            tickfont=canvas.tick_font(look),
            tickangle=0,
        ),
        yaxis=canvas.bare_axis(range=[0, max(people, default=0) * 1.15 + 1]),
    )


def _columns(table: pd.DataFrame, people: list[int], say: Say, look: Look) -> Trace:
    told = [
        say("{days} days owed").format(days=int(owed)) + f"<br><b>{HIDDEN if hidden else numerals.whole(count)}</b>"
        for owed, count, hidden in zip(table["owed"], people, table["suppressed"], strict=True)
    ]
    return canvas.trace(
        "bar",
        x=list(range(len(people))),
        y=people,
        width=0.7,
        marker={"color": look.blue_pale, "line": {"width": 0}},
        hovertext=told,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _counts(table: pd.DataFrame, people: list[int], look: Look) -> list[Note]:
    """Write the counts over their columns: smaller over many, upright where they would touch."""
    many = len(people) > MANY_COLUMNS
    upright = many and max(people) >= LONG_NUMBER
    return [
        canvas.note(
            HIDDEN if hidden else numerals.whole(count),
            look,
            size=TINY if many else SMALL,
            colour=look.muted if hidden else look.ink,
            x=place,
            y=count,
            yanchor="bottom",
            yshift=1,
            textangle=-90 if upright and not hidden else 0,
        )
        for place, (count, hidden) in enumerate(zip(people, table["suppressed"], strict=True))
    ]


def _unit(say: Say, look: Look) -> Note:
    place: Note = {"x": 1, "xref": "x domain", "xanchor": "right", "y": 0, "yref": "y domain", "yanchor": "top"}
    return canvas.note(say("days owed"), look, size=SMALL, colour=look.muted, yshift=-22, **place)
