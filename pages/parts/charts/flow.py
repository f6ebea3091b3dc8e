"""Moves between kinds of unit: the stream of everyone who moved, and the two ways between pairs."""

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Trace
from pages.parts.look import FONTS, Look, Say

LINE, GAP, PAIR_UNITS = 15, 13, 16
AIR = 1.6
"""How much further than its longest bar a side reaches, for the number beside it."""


def flow(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw moves as a stream from the kinds of unit left (left) to the kinds joined (right).

    `table`: left, joined (names), way (up, down, across), people. Moves within a kind are drawn too.
    """
    lefts, joins = table["left"].drop_duplicates().tolist(), table["joined"].drop_duplicates().tolist()
    colours = {"up": look.blue_pale, "down": look.ochre_pale, "across": look.wash}
    names, moves = [*lefts, *joins], say("moves")
    moved = f"%{{value:,}} {moves}<extra></extra>"
    return canvas.figure(
        [
            canvas.trace(
                "sankey",
                arrangement="snap",
                textfont={"family": FONTS, "size": SMALL, "color": look.ink},
                node={
                    "label": names,
                    "color": [look.blue] * len(names),
                    "pad": 14,
                    "thickness": 10,
                    "line": {"width": 0},
                    "hovertemplate": f"%{{label}}: {moved}",
                },
                link={
                    "source": [lefts.index(name) for name in table["left"]],
                    "target": [len(lefts) + joins.index(name) for name in table["joined"]],
                    "value": [int(people) for people in table["people"]],
                    "color": [colours[way] for way in table["way"]],
                    "hovertemplate": f"%{{source.label}} → %{{target.label}}: {moved}",
                },
            )
        ],
        look,
        height=330,
        margin={"l": 4, "r": 4, "t": 8, "b": 8},
    )


def two_ways(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw the moves of each pair one way (right) and back (left), the first pair at the top.

    `table`: one, other (names), there (from the one to the other) and back (people).
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    pairs = zip(rows["one"], rows["other"], strict=True)
    names = [canvas.wrap(f"{one} → {other}", PAIR_UNITS, fewest=True) for one, other in pairs]
    row = LINE * max(name.count("<br>") + 1 for name in names) + GAP
    left = canvas.width(names, SMALL) + 14
    most = max([*rows["there"], *rows["back"], 1])
    bars = [_bars(rows, "there", 1, look.blue, names, say), _bars(rows, "back", -1, look.plum, names, say)]
    return canvas.figure(
        bars,
        look,
        height=row * len(rows) + 40,
        margin={"l": left, "r": 6, "t": 30, "b": 6},
        barmode="overlay",
        shapes=[canvas.line(look.muted, x0=0, x1=0, y0=-0.6, y1=len(rows) - 0.4)],
        annotations=canvas.row_labels(names, look, left=left, strong=[False] * len(rows), size=SMALL)
        + _counts(rows, look)
        + _heads(say, look),
        xaxis=canvas.bare_axis(range=[-most * AIR, most * AIR]),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _bars(rows: pd.DataFrame, way: str, side: int, colour: str, names: list[str], say: Say) -> Trace:
    said = {"there": say("there"), "back": say("back")}
    return canvas.trace(
        "bar",
        x=[side * int(people) for people in rows[way]],
        y=list(range(len(rows))),
        orientation="h",
        width=0.56,
        marker={"color": colour, "line": {"width": 0}},
        hovertext=[
            f"{name}<br>{said[way]}: <b>{numerals.whole(people)}</b>"
            for name, people in zip(names, rows[way], strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _counts(rows: pd.DataFrame, look: Look) -> list[Note]:
    return [
        canvas.note(
            numerals.whole(people),
            look,
            size=BODY,
            x=side * int(people),
            y=row,
            xanchor="left" if side > 0 else "right",
            xshift=side * 6,
        )
        for way, side in (("there", 1), ("back", -1))
        for row, people in enumerate(rows[way])
    ]


def _heads(say: Say, look: Look) -> list[Note]:
    place: Note = {"x": 0, "y": 1, "yref": "y domain", "yanchor": "bottom", "yshift": 6}
    there = canvas.note(say("there") + " →", look, size=SMALL, colour=look.blue, xanchor="left", xshift=8, **place)
    back = canvas.note("← " + say("back"), look, size=SMALL, colour=look.plum, xanchor="right", xshift=-8, **place)
    return [there, back]
