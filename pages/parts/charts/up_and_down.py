"""Up and down: moves up above a baseline and moves down below it, year by year."""

from collections.abc import Iterator

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, STRONG, Figure, Note, Trace
from pages.parts.look import Look, Say

UP, BELOW = "moved_up", ("moved_aside", "moved_out", "moved_down")
"""What is drawn over the baseline, and under it the nearest first."""
HIGH, AIR = 270, 0.16
FEW_YEARS = 6


def up_and_down(table: pd.DataFrame, *, running: int | None, say: Say, look: Look) -> Figure:
    """Draw people who moved up above the baseline, and who came down, aside or out below it, a column a year.

    `table`: year, moved_up, moved_aside, moved_out, moved_down (people). `running` is a year that is not over.
    """
    rows = table.sort_values("year").reset_index(drop=True)
    top, low = int(rows[UP].max()), int(rows[list(BELOW)].sum(axis=1).max())
    whole = max(top + low, 1)
    names = dict(zip((UP, *BELOW), (say("risen"), say("aside"), say("out"), say("lowered")), strict=True))
    colours = dict(zip((UP, *BELOW), (look.blue, look.slate, look.ochre, look.plum), strict=True))
    return canvas.figure(
        list(_bars(rows, names, colours, say)),
        look,
        height=HIGH,
        margin={"l": 4, "r": 4, "t": 30, "b": 26},
        barmode="overlay",
        shapes=[canvas.line(look.muted, width=1.3, x0=0, x1=1, xref="x domain", y0=0, y1=0)],
        annotations=[_key(names, colours, look), *_numbers(rows, look)],
        xaxis=canvas.bare_axis(
            range=[-0.6, len(rows) - 0.4],
            showticklabels=True,
            tickvals=list(range(len(rows))),
            ticktext=[f"{year}*" if year == running else str(year) for year in rows["year"]],
            tickangle=0,
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[-low - AIR * whole, top + AIR * whole]),
    )


def _bars(rows: pd.DataFrame, names: dict[str, str], colours: dict[str, str], say: Say) -> Iterator[Trace]:
    """Give a trace of each direction; those below stand under one another."""
    under = [0] * len(rows)
    for direction in (UP, *BELOW):
        people = [int(count) for count in rows[direction]]
        signed = people if direction == UP else [-count for count in people]
        yield canvas.trace(
            "bar",
            x=list(range(len(rows))),
            y=signed,
            base=None if direction == UP else list(under),
            width=0.58,
            marker={"color": colours[direction], "line": {"width": 0}},
            hovertext=[
                f"{year}<br><b>{numerals.whole(count)}</b> {say('people')} · {names[direction]}"
                for year, count in zip(rows["year"], people, strict=True)
            ],
            hoverinfo="text",
        )
        if direction != UP:
            under = [at - count for at, count in zip(under, people, strict=True)]


def _numbers(rows: pd.DataFrame, look: Look) -> Iterator[Note]:
    """Write how many moved up over the bars, and how many came down in all under them."""
    for at, row in enumerate(rows.to_dict("records")):
        down = sum(int(row[direction]) for direction in BELOW)
        up = int(row[UP])
        place: Note = {"size": STRONG if len(rows) <= FEW_YEARS else SMALL, "x": at}
        yield canvas.note(canvas.bold(numerals.whole(up)), look, y=up, yanchor="bottom", yshift=2, **place)
        yield canvas.note(canvas.bold(numerals.whole(down)), look, y=-down, yanchor="top", yshift=-2, **place)


def _key(names: dict[str, str], colours: dict[str, str], look: Look) -> Note:
    """Name the colours, in the order in which they stand from the top down."""
    told = "   ".join(f'<span style="color:{colours[each]}">■</span> {names[each]}' for each in (UP, *BELOW))
    return canvas.note(
        told, look, size=SMALL, xref="paper", yref="paper", x=0, y=1, xanchor="left", yanchor="bottom", yshift=8
    )
