"""The fan: people by month up to today, and what may come after it, under a plan and under recent practice."""

import math
from typing import Any

import pandas as pd

from data import month as months
from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, STRONG, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

HEIGHT, LEFT, TOP, BOTTOM, APART = 300, 46, 44, 44, 17
MODES = ("plan", "practice")
BANDS = (("low80", "high80", 0.55), ("low50", "high50", 1.0))
PALER, GRIDLINES, MOST_YEARS = 0.35, 4, 6
LEAST_PAST, PAST_TO_FUTURE = 4, 2
"""Months of the past that are drawn at least, and how much longer than the future it may be."""
SHORT, MOST_MONTHS = 24, 4
"""Months up to which the axis names months, and how many of them."""


def fan(
    table: pd.DataFrame, *, say: Say, look: Look, needed: int | None, term: tuple[int, str] | None = None
) -> Figure:
    """Draw people in the band up to today and, a panel each, what comes under the plan and under recent practice.

    `table`: mode (history, plan, practice), month (YYYYMM), low80, low50, middle, high50, high80 (people; history has
    only the middle), tested (false beyond the tested horizon). The dashed line is `needed`; `term` is the month of the
    term change and what it is called.
    """
    rows = _recent(table.assign(at=[months.number(int(month)) for month in table["month"]]).sort_values("at"))
    history = rows[rows["mode"] == "history"]
    shown = [mode for mode in MODES if mode in set(rows["mode"])]
    span, low_high = (rows["at"].min(), rows["at"].max()), _range(rows, needed)
    fans = [_joined(history, rows[rows["mode"] == mode]) for mode in shown]
    ends = [_end_notes(each, look, place, low_high, needed) for place, each in enumerate(fans)]
    right = max(canvas.width([canvas.plain(end["text"])], end["font"]["size"]) for part in ends for end in part) + 14
    return canvas.figure(
        [part for place, each in enumerate(fans) for part in _panel(history, each, place, say, look)],
        look,
        height=HEIGHT,
        margin={"l": LEFT, "r": right, "t": TOP, "b": BOTTOM},
        shapes=[shape for place in range(len(shown)) for shape in _lines(history, needed, term, place, look)],
        annotations=[
            *(part for each in ends for part in each),
            *(part for place, mode in enumerate(shown) for part in _heads(mode, fans[place], place, say, look)),
            *([] if needed is None else [_need_note(needed, fans[0], low_high, say, look)]),
            *(_term_note(term, place, look) for place in range(len(shown)) if term),
        ],
        hovermode="closest",
        **_axes(span, low_high, len(shown), look),
    )


def _recent(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out a past that would leave the future no room to be read."""
    past = rows.loc[rows["mode"] == "history", "at"]
    if past.empty:
        return rows
    first = past.max() - max(LEAST_PAST, PAST_TO_FUTURE * (rows["at"].max() - past.max()))
    recent: pd.DataFrame = rows[rows["at"] >= first]
    return recent


def _joined(history: pd.DataFrame, ahead: pd.DataFrame) -> pd.DataFrame:
    """Let a fan begin where history ends, in a point."""
    last = history.tail(1)
    point = last.assign(**dict.fromkeys(("low80", "low50", "high50", "high80"), last["middle"]), tested=True)
    columns = ["month", "at", "low80", "low50", "middle", "high50", "high80", "tested"]
    later = ahead[ahead["at"] > last["at"].max()] if len(last) else ahead
    joined: pd.DataFrame = pd.concat([point[columns], later[columns]], ignore_index=True)
    return joined


def _range(rows: pd.DataFrame, needed: int | None) -> tuple[float, float]:
    ends = rows[["middle", "low80", "high80"]].astype(float)
    known = [float(end) for end in (*ends.min(), *ends.max()) if pd.notna(end)] + ([needed] if needed else [])
    low, high = min(known), max(known)
    air = max(0.08 * (high - low), 1.0)
    return max(0.0, low - air), high + air


def _axes(span: tuple[int, int], low_high: tuple[float, float], panels: int, look: Look) -> dict[str, Any]:
    """Give each panel its months, and both the same people."""
    axes: dict[str, Any] = {}
    ticks = _people_ticks(*low_high)
    named = _month_ticks(*span)
    for place in range(panels):
        name = canvas.suffix(place)
        axes[f"xaxis{name}"] = canvas.bare_axis(
            range=[span[0] - 0.5, span[1] + 0.5],
            domain=_domain(place, panels),
            anchor=f"y{name}",
            showticklabels=True,
            tickvals=list(named),
            ticktext=list(named.values()),
            tickangle=0,
            tickfont=canvas.tick_font(look),
        )
        axes[f"yaxis{name}"] = canvas.bare_axis(
            range=list(low_high),
            anchor=f"x{name}",
            showgrid=True,
            gridcolor=look.hairline,
            showticklabels=place == 0,
            tickvals=ticks,
            ticktext=[numerals.whole(tick) + " " for tick in ticks],
            tickfont=canvas.tick_font(look),
        )
    return axes


def _month_ticks(first: int, last: int) -> dict[int, str]:
    """Name a few months of the axis: years where there are many, else months."""
    if last - first > SHORT:
        years = [at for at in range(first, last + 1) if at % months.MONTHS_A_YEAR == 0]
        return {at: str(at // months.MONTHS_A_YEAR) for at in years[:: max(1, math.ceil(len(years) / MOST_YEARS))]}
    every = max(1, math.ceil((last - first) / MOST_MONTHS))
    return {at: months.text(months.from_number(at)) for at in range(first, last + 1, every)}


def _domain(place: int, panels: int) -> list[float]:
    """Leave the first panel room at its right for what its fan ends at."""
    if panels == 1:
        return [0.0, 1.0]
    return [0.0, 0.42] if place == 0 else [0.58, 1.0]


def _people_ticks(low: float, high: float) -> list[int]:
    """Give at most a few round numbers of whole people."""
    rough = max(1.0, (high - low) / GRIDLINES)
    scale = 10 ** math.floor(math.log10(rough))
    step = next(int(max(1, part * scale)) for part in (1, 2, 5, 10) if part * scale >= rough)
    return list(range(math.ceil(low / step) * step, math.floor(high) + 1, step))


def _panel(history: pd.DataFrame, ahead: pd.DataFrame, place: int, say: Say, look: Look) -> list[Trace]:
    axis = {"xaxis": f"x{canvas.suffix(place)}", "yaxis": f"y{canvas.suffix(place)}"}
    tested = ahead[ahead["tested"].astype(bool)]
    beyond = ahead[ahead["at"] >= tested["at"].max()]
    parts = [(tested, False)] + ([(beyond, True)] if len(beyond) > 1 else [])
    return [
        *(_band(part, band, axis, look, beyond=far) for band in BANDS for part, far in parts),
        canvas.trace(
            "scatter",
            x=history["at"].tolist(),
            y=history["middle"].tolist(),
            mode="lines",
            name="recorded",
            line={"color": look.blue, "width": 2.2},
            hovertext=[_said(row, say) for row in history.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
            **axis,
        ),
        *(_middle(part, axis, say, look, beyond=far) for part, far in parts),
    ]


def _band(part: pd.DataFrame, band: tuple[str, str, float], axis: dict[str, str], look: Look, *, beyond: bool) -> Trace:
    """Fill the space between two quantiles; beyond the tested range it is hatched and paler."""
    low, high, strong = band
    hatched = {"shape": "/", "fgcolor": look.slate, "bgcolor": look.blue_pale, "size": 7, "solidity": 0.12}
    return canvas.trace(
        "scatter",
        x=[*part["at"], *part["at"][::-1]],
        y=[*part[high].astype(float), *part[low][::-1].astype(float)],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=look.blue_pale,
        fillpattern=hatched if beyond and low == "low80" else None,
        opacity=strong * (PALER if beyond else 1),
        name=f"{low[3:]} beyond" if beyond else low[3:],
        hoverinfo="skip",
        **axis,
    )


def _middle(part: pd.DataFrame, axis: dict[str, str], say: Say, look: Look, *, beyond: bool) -> Trace:
    return canvas.trace(
        "scatter",
        x=part["at"].tolist(),
        y=part["middle"].astype(float).tolist(),
        mode="lines",
        name="middle beyond" if beyond else "middle",
        line={"color": look.blue, "width": 2.2, "dash": "2px,4px" if beyond else "4px,3px"},
        hovertext=[_said(row, say) for row in part.to_dict("records")],
        hovertemplate="%{hovertext}<extra></extra>",
        **axis,
    )


def _said(row: Any, say: Say) -> str:
    head = f"{months.text(int(row['month']))}<br><b>{numerals.whole(round(row['middle']))}</b> {say('people')}"
    if pd.isna(row.get("low80")) or row["low80"] == row["high80"]:
        return head
    return f"{head}<br>{_interval(row, say)}"


def _interval(row: Any, say: Say) -> str:
    """Say between which numbers eight in ten of what may come lie."""
    return say("8 in 10 within {bounds}").format(bounds=_bounds(row))


def _bounds(row: Any) -> str:
    return f"{numerals.whole(math.floor(row['low80']))}–{numerals.whole(math.ceil(row['high80']))}"


def _lines(
    history: pd.DataFrame, needed: int | None, term: tuple[int, str] | None, place: int, look: Look
) -> list[Shape]:
    """Draw the need across a panel, and today and the term change down it."""
    axis = canvas.suffix(place)
    down: Note = {"yref": f"y{axis} domain", "xref": f"x{axis}", "y0": 0, "y1": 1}
    across: Note = {"xref": f"x{axis} domain", "yref": f"y{axis}", "x0": 0, "x1": 1}
    today = int(history["at"].max())
    drawn = [canvas.line(look.hairline, width=1.4, x0=today, x1=today, **down)]
    if needed is not None:
        drawn.append(canvas.line(look.ink, width=1.3, dash="5px,4px", y0=needed, y1=needed, **across))
    if term is not None:
        at = months.number(term[0])
        drawn.append(canvas.line(look.muted, width=1, x0=at, x1=at, **down))
    return drawn


def _heads(mode: str, ahead: pd.DataFrame, place: int, say: Say, look: Look) -> list[Note]:
    """Name a panel above it, and say over its months what has not been tested."""
    axis = canvas.suffix(place)
    title = {"plan": say("with this plan"), "practice": say("if recent practice goes on")}[mode]
    top: Note = {"yref": f"y{axis} domain", "y": 1, "yanchor": "bottom"}
    notes = [
        canvas.note(canvas.bold(title), look, size=BODY, x=0, xref=f"x{axis} domain", xanchor="left", yshift=20, **top)
    ]
    beyond = ahead[~ahead["tested"].astype(bool)]
    if len(beyond):
        at: Note = {"x": 1, "xref": f"x{axis} domain", "xanchor": "right", "yshift": 2}
        notes.append(canvas.note(say("beyond tested range"), look, size=SMALL, colour=look.muted, **at, **top))
    return notes


def _term_note(term: tuple[int, str], place: int, look: Look) -> Note:
    """Name the term change under the months, at its line."""
    axis = canvas.suffix(place)
    at: Note = {"x": months.number(term[0]), "xref": f"x{axis}", "y": 0, "yref": f"y{axis} domain"}
    at |= {"xanchor": "right", "xshift": 6, "yanchor": "top", "yshift": -20}
    return canvas.note(term[1], look, size=SMALL, **at)


def _end_notes(
    ahead: pd.DataFrame, look: Look, place: int, low_high: tuple[float, float], needed: int | None
) -> list[Note]:
    """Write what a fan ends at beside its end: the middle, and under it what eight in ten lie between."""
    last, axis = ahead.iloc[-1], canvas.suffix(place)
    at: Note = {"x": 1, "xref": f"x{axis} domain", "xanchor": "left", "xshift": 8, "align": "left"}
    at |= {"y": float(last["middle"]), "yref": f"y{axis}"}
    high = HEIGHT - TOP - BOTTOM
    pixels = (float(last["middle"]) - low_high[0]) / (low_high[1] - low_high[0]) * high
    lift = min(max(0.0, APART - pixels), APART) - min(max(0.0, APART - (high - pixels)), APART)
    middle = numerals.whole(round(last["middle"]))
    colour = look.vermilion if needed is not None and round(last["middle"]) < needed else look.ink
    return [
        canvas.note(canvas.bold(middle), look, size=STRONG, colour=colour, yshift=lift + 8, **at),
        canvas.note(
            _bounds(last),
            look,
            size=SMALL,
            colour=look.muted,
            yanchor="top",
            yshift=lift - 1,
            **at,
        ),
    ]


def _need_note(needed: int | None, ahead: pd.DataFrame, low_high: tuple[float, float], say: Say, look: Look) -> Note:
    """Name the need beside its line's end, or over its beginning where what the fan ends at stands there."""
    apart = abs(float(ahead["middle"].iloc[-1]) - (needed or 0)) / (low_high[1] - low_high[0]) * (HEIGHT - TOP - BOTTOM)
    place: Note = {"x": 1, "xref": "x domain", "xanchor": "left", "xshift": 9}
    if apart < 2 * APART:
        place = {"x": 0, "xref": "x domain", "xanchor": "left", "xshift": 4, "yanchor": "bottom", "yshift": 2}
        place["bgcolor"] = look.surface
    text = f"{say('needed')} {numerals.whole(needed or 0)}"
    return canvas.note(text, look, size=SMALL, y=needed, yref="y", **place)
