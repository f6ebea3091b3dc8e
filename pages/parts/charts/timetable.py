"""The timetable: steps in rows, each a bar from its last day to begin to its last day to finish, back from the term."""

import datetime as dt
from typing import Any

import pandas as pd

from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, Figure, Note, Shape, Trace
from pages.parts.look import GLYPH, Look, Say

ROW, LINE, HEAD, FOOT = 16, 15, 26, 26
NAME_UNITS = 11
ROOM = dt.timedelta(days=12)
"""What is left free at either end."""
HALF, YEAR = 6, 12
MANY_DAYS = 1000
"""Days from which only years are marked."""
FAR = dt.timedelta(days=200)
"""How far from all steps today is left out."""
STATE_SIGNS = {"done": "✓", "overdue": GLYPH["missed"], "soon": GLYPH["at_risk"], "ahead": "○"}
"""What each state is told by beside its word and colour."""


def timetable(
    table: pd.DataFrame,
    *,
    today: dt.date,
    term: dt.date,
    term_name: str,
    say: Say,
    look: Look,
    name_units: float = NAME_UNITS,
) -> Figure:
    """Draw steps in rows, the first at the top, with today and the term change as lines across.

    `table`: step_id, name, span (its days in words), begin and finish (dates), state (done, overdue, soon or ahead),
    state_name, done_on (date or none), detail (what a reader sees on pointing at it). A chosen bar gives its step_id
    as customdata. A line of a name takes at most `name_units` Chinese characters.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    names = [
        f'{canvas.wrap(name, name_units)}<br><span style="color:{look.muted}">{span}</span>'
        for name, span in zip(rows["name"], rows["span"], strict=True)
    ]
    states = [f"{STATE_SIGNS[state]} {name}" for state, name in zip(rows["state"], rows["state_name"], strict=True)]
    left = canvas.width([canvas.plain(name) for name in names], SMALL) + 10
    right = canvas.width(states, SMALL) + 14
    first, last = min([*rows["begin"], term]) - ROOM, max([*rows["finish"], term]) + ROOM
    near = first - FAR <= today <= last + FAR
    if near:
        first, last = min(first, today - ROOM), max(last, today + ROOM)
    row = ROW + LINE * max((name.count("<br>") + 1 for name in names), default=1)
    return canvas.figure(
        [_bars(rows, look), _ends(rows, look)],
        look,
        height=HEAD + FOOT + row * len(rows),
        margin={"l": left, "r": right, "t": HEAD, "b": FOOT},
        shapes=[
            *([_across(today, look.ink, "dot")] if near else []),
            _across(term, look.blue, "solid"),
            *_rules(len(rows), look),
        ],
        annotations=canvas.row_labels(names, look, left=left, strong=[False] * len(rows), size=SMALL)
        + [_state(text, place, rows["state"].iloc[place], look) for place, text in enumerate(states)]
        + [_head(term, canvas.bold(term_name), look.blue, look, right=today <= term)]
        + ([_head(today, say("now"), look.ink, look, right=today > term)] if near else []),
        xaxis=canvas.bare_axis(
            range=[first.toordinal(), last.toordinal()],
            showticklabels=True,
            tickangle=0,
            tickfont=canvas.tick_font(look),
            **_ticks(first, last),
        ),
        yaxis=canvas.bare_axis(range=[-0.5, len(rows) - 0.5]),
        barmode="overlay",
    )


def _bars(rows: pd.DataFrame, look: Look) -> Trace:
    """Give each step its days, the last one included."""
    begins = [day.toordinal() for day in rows["begin"]]
    ends = [day.toordinal() + 1 for day in rows["finish"]]
    return canvas.trace(
        "bar",
        base=begins,
        x=[end - begin for begin, end in zip(begins, ends, strict=True)],
        y=list(range(len(rows))),
        orientation="h",
        width=0.46,
        marker={
            "color": [_ground(state, look) for state in rows["state"]],
            "line": {"width": 1, "color": [_colour(state, look) for state in rows["state"]]},
        },
        customdata=rows[["step_id"]].to_numpy().tolist(),
        hovertext=rows["detail"].tolist(),
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )


def _ends(rows: pd.DataFrame, look: Look) -> Trace:
    """Mark where a step was done in fact; a step of one day is a mark by itself."""
    marks = [
        (day, place, rows["state"].iloc[place])
        for place, (done, begin, finish) in enumerate(zip(rows["done_on"], rows["begin"], rows["finish"], strict=True))
        if (day := done if pd.notna(done) else begin if begin == finish else None) is not None
    ]
    return canvas.trace(
        "scatter",
        x=[day.toordinal() + 0.5 for day, _, _ in marks],
        y=[place for _, place, _ in marks],
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 11,
            "color": [_colour(state, look) for _, _, state in marks],
            "line": {"width": 1, "color": look.surface},
        },
        hoverinfo="skip",
        cliponaxis=False,
    )


def _ground(state: str, look: Look) -> str:
    return {"done": look.pine_pale, "overdue": look.vermilion_pale, "soon": look.ochre_pale}.get(state, look.blue_pale)


def _colour(state: str, look: Look) -> str:
    return {"done": look.pine, "overdue": look.vermilion, "soon": look.ochre}.get(state, look.blue)


def _state(text: str, place: int, state: str, look: Look) -> Note:
    quiet = look.muted if state == "ahead" else _colour(state, look)
    return canvas.note(
        text, look, size=SMALL, colour=quiet, x=1, xref="x domain", xanchor="left", xshift=8, y=place, yref="y"
    )


def _across(day: dt.date, colour: str, dash: str) -> Shape:
    at = day.toordinal() + 0.5
    return canvas.line(colour, dash=dash, width=1.5, x0=at, x1=at, y0=0, y1=1, yref="y domain")


def _rules(rows: int, look: Look) -> list[Shape]:
    return [canvas.line(look.hairline, x0=0, x1=1, xref="paper", y0=row - 0.5, y1=row - 0.5) for row in range(1, rows)]


def _head(day: dt.date, text: str, colour: str, look: Look, *, right: bool) -> Note:
    """Name a line across, on its side away from the other."""
    return canvas.note(
        text,
        look,
        size=SMALL,
        colour=colour,
        x=day.toordinal() + 0.5,
        xanchor="left" if right else "right",
        xshift=4 if right else -4,
        y=1,
        yref="y domain",
        yanchor="bottom",
        yshift=5,
    )


def _ticks(first: dt.date, last: dt.date) -> dict[str, Any]:
    """Mark the years and half-years; over many years the years alone."""
    step = HALF if (last - first).days < MANY_DAYS else YEAR
    months = [dt.date(year, at, 1) for year in range(first.year, last.year + 1) for at in range(1, YEAR + 1, step)]
    shown = [day for day in months if first <= day <= last]
    return {
        "tickvals": [day.toordinal() for day in shown],
        "ticktext": [f"{day:%Y}" if day.month == 1 else f"{day:%m}" for day in shown],
    }
