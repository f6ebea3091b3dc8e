"""What moves a projection: the people in the band when one assumption at a time is set low or high."""

from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

ROW, NAME_UNITS, AIR = 46, 9, 0.26


def sensitivity(table: pd.DataFrame, *, say: Say, look: Look, needed: int | None = None) -> Figure:
    """Draw a bar a lever from the people at its low setting to those at its high one, the widest at the top.

    `table`: lever (name), low_at and high_at (what the settings are called), low, high and base (people at the date).
    The solid line is the base, the dashed one `needed`.
    """
    swing = (table["high"] - table["low"]).abs()
    rows = table.assign(swing=swing).sort_values("swing", kind="stable").reset_index(drop=True)
    base = int(rows["base"].iloc[0])
    names = [canvas.wrap(name, NAME_UNITS, fewest=True) for name in rows["lever"]]
    left = canvas.width(names, BODY) + 14
    people = [base, *rows["low"].astype(int), *rows["high"].astype(int), *([needed] if needed is not None else [])]
    span = (max(people) - min(people)) or 1
    return canvas.figure(
        [_bars(rows, base, say, look)],
        look,
        height=ROW * len(rows) + 48,
        margin={"l": left, "r": 8, "t": 38, "b": 10},
        shapes=_lines(base, needed, len(rows), look),
        annotations=[
            *canvas.row_labels(names, look, left=left, strong=[False] * len(rows)),
            *(note for place, row in enumerate(rows.to_dict("records")) for note in _ends(row, place, look)),
            *_heads(base, needed, say, look),
        ],
        xaxis=canvas.bare_axis(range=[min(people) - AIR * span, max(people) + AIR * span]),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _bars(rows: pd.DataFrame, base: int, say: Say, look: Look) -> Trace:
    low, high = rows[["low", "high"]].min(axis=1), rows[["low", "high"]].max(axis=1)
    return canvas.trace(
        "bar",
        x=[int(width) for width in high - low],
        base=[int(start) for start in low],
        y=list(range(len(rows))),
        orientation="h",
        width=0.4,
        marker={"color": look.blue_pale, "line": {"width": 0}},
        hovertext=[_said(row, base, say) for row in rows.to_dict("records")],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _said(row: Any, base: int, say: Say) -> str:
    ends = [
        f"{row[f'{end}_at']}: <b>{numerals.whole(row[end])}</b> ({numerals.signed(int(row[end]) - base)})"
        for end in ("low", "high")
    ]
    return f"<b>{row['lever']}</b> · {say('people')}<br>" + "<br>".join(ends)


def _ends(row: Any, place: int, look: Look) -> list[Note]:
    """Write at each end of a bar the people there over the setting that leads there; once where nothing moves."""
    sides = sorted((int(row[end]), str(row[f"{end}_at"])) for end in ("low", "high"))
    if sides[0][0] == sides[1][0]:
        return [_end(sides[1], place, look, right=True)]
    return [_end(side, place, look, right=bool(rank)) for rank, side in enumerate(sides)]


def _end(side: tuple[int, str], place: int, look: Look, *, right: bool) -> Note:
    people, setting = side
    text = f'{canvas.bold(numerals.whole(people))}<br><span style="color:{look.muted}">{setting}</span>'
    at: Note = {"xanchor": "left", "align": "left", "xshift": 6}
    if not right:
        at = {"xanchor": "right", "align": "right", "xshift": -6}
    return canvas.note(text, look, size=SMALL, x=people, y=place, bgcolor=look.surface, **at)


def _lines(base: int, needed: int | None, rows: int, look: Look) -> list[Shape]:
    place: Note = {"y0": -0.6, "y1": rows - 0.4}
    drawn = [canvas.line(look.muted, x0=base, x1=base, **place)]
    if needed is not None:
        drawn.append(canvas.line(look.ink, width=1.3, dash="5px,4px", x0=needed, x1=needed, **place))
    return drawn


def _heads(base: int, needed: int | None, say: Say, look: Look) -> list[Note]:
    """Name the two lines above their tops, the need higher, and leaning inwards."""
    top: Note = {"y": 1, "yref": "y domain", "yanchor": "bottom"}
    projected = say("projected") + f" {numerals.whole(base)}"
    notes = [canvas.note(canvas.bold(projected), look, size=SMALL, x=base, yshift=3, **top)]
    if needed is not None:
        text = canvas.bold(f"{say('needed')} {numerals.whole(needed)}")
        lean: Note = {"xanchor": "right", "xshift": 4} if needed >= base else {"xanchor": "left", "xshift": -4}
        notes.append(canvas.note(text, look, size=SMALL, x=needed, yshift=18, **lean, **top))
    return notes
