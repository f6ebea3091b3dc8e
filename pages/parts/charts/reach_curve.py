"""The curve of reach: how sure it is that a target is met, by how many are appointed in the band each year."""

import math
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, STRONG, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

HEIGHT, FEW_POINTS, TICKS, NAME_UNITS = 300, 40, 6, 11
HEIGHTS = (0.28, 0.1, 0.46)
"""How high (chance) the names of curves stand, in turn: away from the lines that the reader looks for."""
LEFT_ROOM, ROOM = 0.34, 0.16
SHALLOW, STEEP = 0.02, 0.995


def reach_curve(
    table: pd.DataFrame, marks: pd.DataFrame, *, say: Say, look: Look, holds: int | None = None, once: bool = False
) -> Figure:
    """Draw the chance of meeting a target by appointments a year, a curve a scenario, the first one strong.

    `table`: scenario (name), n (whole people a year), chance (0 to 1). `marks`: name ("8 in 10"), probability, n, the
    least that reaches it in the first scenario, and the chance it gives, both empty where none does. `holds` is the n
    that is enough in all. `once` says that there is one round of appointments only.
    """
    table = _window(table, holds)
    names = table["scenario"].drop_duplicates().tolist()
    curves = {name: table[table["scenario"] == name].sort_values("n") for name in names}
    low, high = int(table["n"].min()), int(table["n"].max())
    colours = dict(zip(names, (look.blue, look.ochre, look.plum, look.pine), strict=False))
    ticks = [tick for tick in _ticks(low, high) if tick >= low]
    left = canvas.width(marks["name"].tolist(), SMALL) + 12
    a_round = say("{n} appointments") if once else say("{n} a year")
    in_all = say("{n} hold in all three") if once else say("{n} a year holds in all three")
    under = say("appointments in the band") if once else say("appointments in the band a year")
    return canvas.figure(
        [_curve(curves[name], name, colours[name], a_round, strong=name == names[0]) for name in reversed(names)]
        + [_dots(marks, look)],
        look,
        height=HEIGHT,
        margin={"l": left, "r": 12, "t": 26, "b": 46},
        shapes=_levels(marks, look) + _holding_line(holds, look),
        annotations=[
            *_names(curves, colours, look),
            *_mark_notes(marks, look),
            *_holding_note(holds, (low, high), in_all, look),
            canvas.note(
                under, look, size=SMALL, colour=look.muted,
                x=1, xref="x domain", xanchor="right", y=0, yref="y domain", yanchor="top", yshift=-26,
            ),
        ],
        hovermode="closest",
        xaxis=canvas.bare_axis(
            range=[low - 0.6, high + 0.6 + ROOM * (high - low)],
            showticklabels=True,
            tickvals=ticks,
            ticktext=[numerals.whole(tick) for tick in ticks],
            tickangle=0,
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(
            range=[-0.02, 1.04],
            showticklabels=True,
            tickvals=marks["probability"].tolist(),
            ticktext=[f"{name} " for name in marks["name"]],
            tickfont=canvas.tick_font(look),
        ),
    )  # fmt: skip


def _window(table: pd.DataFrame, holds: int | None) -> pd.DataFrame:
    """Leave out the numbers that are too few in every scenario, and those that are more than enough in every one."""
    sure = table.groupby("n")["chance"].agg(["min", "max"])
    few, many = sure.index[sure["max"] < SHALLOW], sure.index[sure["min"] > STEEP]
    low = max(few) if 0 < len(few) < len(sure) else int(table["n"].min())
    high = max(min(many), holds or 0) if len(many) else int(table["n"].max())
    return table[table["n"].between(low, max(high, low + 1))]


def _ticks(low: int, high: int) -> list[int]:
    rough = max(1.0, (high - low) / TICKS)
    scale = 10 ** math.floor(math.log10(rough))
    step = next(int(max(1, part * scale)) for part in (1, 2, 5, 10) if part * scale >= rough)
    return list(range(math.floor(low / step) * step, high + 1, step))


def _curve(part: pd.DataFrame, name: str, colour: str, a_round: str, *, strong: bool) -> Trace:
    return canvas.trace(
        "scatter",
        x=part["n"].tolist(),
        y=part["chance"].astype(float).tolist(),
        mode="lines+markers" if len(part) <= FEW_POINTS else "lines",
        name=name,
        line={"color": colour, "width": 2.4 if strong else 1.4},
        marker={"color": colour, "size": 5 if strong else 4},
        hovertext=[f"<b>{name}</b><br>{a_round.format(n=numerals.whole(n))}" for n in part["n"]],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _levels(marks: pd.DataFrame, look: Look) -> list[Shape]:
    place: Note = {"x0": 0, "x1": 1, "xref": "x domain", "layer": "below"}
    drawn = [canvas.line(look.hairline, y0=at, y1=at, **place) for at in marks["probability"]]
    return [*drawn, canvas.line(look.muted, y0=0, y1=0, **place)]


def _reached(marks: pd.DataFrame) -> dict[int, float]:
    """Give each number that is marked with its chance."""
    known = marks.dropna(subset="n")
    return {int(n): float(chance) for n, chance in zip(known["n"], known["chance"], strict=True)}


def _dots(marks: pd.DataFrame, look: Look) -> Trace:
    reached = _reached(marks)
    return canvas.trace(
        "scatter",
        x=list(reached),
        y=list(reached.values()),
        mode="markers",
        name="marks",
        marker={"color": look.blue, "size": 11, "line": {"color": look.surface, "width": 1.6}},
        hoverinfo="skip",
        cliponaxis=False,
    )


def _mark_notes(marks: pd.DataFrame, look: Look) -> list[Note]:
    """Write beside each dot how many a year it stands for."""
    place: Note = {"xanchor": "right", "yanchor": "bottom", "xshift": -6, "yshift": 0}
    return [
        canvas.note(canvas.bold(numerals.whole(n)), look, size=STRONG, colour=look.blue, x=n, y=chance, **place)
        for n, chance in _reached(marks).items()
    ]


def _names(curves: dict[str, pd.DataFrame], colours: dict[str, str], look: Look) -> list[Note]:
    """Name the leftmost curve at its left where there is room, the others at the right, each led to its curve."""
    order = sorted(curves, key=lambda name: _crossing(curves[name], HEIGHTS[0]))
    whole = next(iter(curves.values()))["n"]
    room = (_crossing(curves[order[0]], HEIGHTS[0]) - whole.min()) / max(whole.max() - whole.min(), 1)
    end = max(_crossing(curves[name], HEIGHTS[-1]) for name in order)
    notes = []
    for place, name in enumerate(reversed(order)):
        height = HEIGHTS[place % len(HEIGHTS)]
        at = _crossing(curves[name], height)
        if name == order[0] and room > LEFT_ROOM:
            notes.append(_name(name, colours[name], at, height, look, xanchor="right", xshift=-8))
        else:
            notes.append(_led(name, colours[name], (at, end), height, look))
    return notes


def _crossing(curve: pd.DataFrame, height: float) -> float:
    """Give where a curve first reaches a height, between whole numbers; its nearer end where it never does."""
    before = None
    for n, chance in zip(curve["n"], curve["chance"], strict=True):
        if chance >= height:
            if before is None:
                return float(n)
            return float(before[0] + (n - before[0]) * (height - before[1]) / (chance - before[1]))
        before = (n, chance)
    return float(curve["n"].max())


def _name(name: str, colour: str, at: float, height: float, look: Look, **place: Any) -> Note:
    return canvas.note(
        canvas.wrap(name, NAME_UNITS, fewest=True), look, size=SMALL, colour=colour, x=at, y=height, **place
    )


def _led(name: str, colour: str, between: tuple[float, float], height: float, look: Look) -> Note:
    """Put a name right of all curves, with a thin line to its own."""
    at, end = between
    far = max(end, at) - at
    note = _name(name, colour, at, height, look, xanchor="left", align="left", bgcolor=look.surface)
    if not far:
        return {**note, "xshift": 10}
    arrow = {"showarrow": True, "arrowhead": 0, "arrowwidth": 0.8, "arrowcolor": colour, "axref": "x", "ayref": "y"}
    return {**note, **arrow, "ax": end + 0.02 * max(end, 1), "ay": height, "standoff": 3}


def _holding_line(holds: int | None, look: Look) -> list[Shape]:
    if holds is None:
        return []
    place: Note = {"y0": 0, "y1": 1, "yref": "y domain", "layer": "below"}
    return [canvas.line(look.ink, width=1.3, dash="5px,4px", x0=holds, x1=holds, **place)]


def _holding_note(holds: int | None, span: tuple[int, int], all_three: str, look: Look) -> list[Note]:
    if holds is None:
        return []
    late = holds > (span[0] + span[1]) / 2
    text = all_three.format(n=numerals.whole(holds))
    place: Note = {"y": 1, "yref": "y domain", "yanchor": "bottom", "yshift": 3}
    place |= {"xanchor": "right" if late else "left", "xshift": 8 if late else -8}
    return [canvas.note(canvas.bold(text), look, size=BODY, x=holds, **place)]
