"""Months of a year: how far each of a few series had come by the end of each month."""

import itertools
from collections.abc import Sequence

import pandas as pd

from data.month import MONTHS_A_YEAR
from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Trace
from pages.parts.look import Look, Say

HEIGHT, APART, AIR = 260, 17, 1.06
STEPS = (0.02, 0.05, 0.1, 0.2, 0.25)
MOST_LINES, END_UNITS = 5, 4


def by_month(
    table: pd.DataFrame, *, say: Say, look: Look, aim: tuple[float, str] | None = None, height: int = HEIGHT
) -> Figure:
    """Draw shares that grow month by month through a year, a line a series, the strong ones in colour.

    `table`: series (name), place (month of the year, 1 to 12), share (of 1), low and high (its interval), strong.
    `aim` is a share that the year is to end at, and what the line to it is called.
    """
    names = table["series"].drop_duplicates().tolist()
    top = max([float(table["high"].max()), *([aim[0]] if aim else [])])
    strong = {name: bool(table.loc[table["series"] == name, "strong"].iloc[0]) for name in names}
    colours = _colours([name for name in names if strong[name]], look)
    ends = _ends(table, names, strong, look, (height, top))
    right = canvas.width([canvas.plain(note["text"]) for note in ends], BODY) + 12
    return canvas.figure(
        [
            *_bands(table, [name for name in names if strong[name]], colours, look),
            *(_line(table[table["series"] == name], name, colours.get(name, look.slate)) for name in names),
        ],
        look,
        height=height,
        margin={"l": 46, "r": right, "t": 20, "b": 26},
        shapes=[canvas.line(look.ink, width=1.3, dash="5px,4px", x0=1, x1=12, y0=aim[0], y1=aim[0])] if aim else [],
        annotations=[*ends, *(_aim_note(aim, look) if aim else [])],
        hovermode="closest",
        xaxis=canvas.bare_axis(
            range=[0.8, MONTHS_A_YEAR + 0.2],
            showticklabels=True,
            tickvals=[1, 3, 6, 9, 12],
            ticktext=[_month_name(at, say) for at in (1, 3, 6, 9, 12)],
            tickfont=canvas.tick_font(look),
        ),
        yaxis=_axis(top, look),
    )


def _month_name(at: int, say: Say) -> str:
    return {1: say("Jan"), 3: say("Mar"), 6: say("Jun"), 9: say("Sep"), 12: say("Dec")}[at]


def _colours(strong: Sequence[str], look: Look) -> dict[str, str]:
    return dict(zip(strong, (look.blue, look.plum, look.pine), strict=False))


def _axis(top: float, look: Look) -> dict[str, object]:
    step = next((step for step in STEPS if top / step <= MOST_LINES), STEPS[-1])
    ticks = [step * count for count in range(int(top / step + 1e-9) + 1)]
    return canvas.bare_axis(
        range=[0, top * AIR],
        showgrid=True,
        gridcolor=look.hairline,
        showticklabels=True,
        tickvals=ticks,
        ticktext=[numerals.percent(tick, places=0) + " " for tick in ticks],
        tickfont=canvas.tick_font(look),
    )


def _bands(table: pd.DataFrame, names: Sequence[str], colours: dict[str, str], look: Look) -> list[Trace]:
    """Lay the interval of each strong series under its line."""
    grounds = {look.blue: look.blue_pale, look.plum: look.plum_pale, look.pine: look.pine_pale}
    drawn = []
    for name in names:
        part = table[table["series"] == name].dropna(subset="share")
        drawn.append(
            canvas.trace(
                "scatter",
                x=[*part["place"], *part["place"][::-1]],
                y=[*part["high"], *part["low"][::-1]],
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillcolor=grounds[colours[name]],
                opacity=0.6,
                name=f"{name} interval",
                hoverinfo="skip",
            )
        )
    return drawn


def _line(part: pd.DataFrame, name: str, colour: str) -> Trace:
    part = part.dropna(subset="share")
    strong = bool(part["strong"].any())
    said = [
        f"<b>{name}</b> · {at}<br>{numerals.percent(share)}"
        for at, share in zip(part["place"], part["share"], strict=True)
    ]
    return canvas.trace(
        "scatter",
        x=part["place"].tolist(),
        y=part["share"].tolist(),
        mode="lines",
        name=name,
        line={"color": colour, "width": 2.4 if strong else 1.2},
        hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _ends(
    table: pd.DataFrame, names: list[str], strong: dict[str, bool], look: Look, scale: tuple[int, float]
) -> list[Note]:
    """Name each series where it ends, moved apart where names would touch; `scale` is height and share at the top."""
    high = scale[0] - 46
    last = table.dropna(subset="share").groupby("series", sort=False)["share"].last().reindex(names).dropna()
    last = last.sort_values(kind="stable")
    texts = [_end_text(str(name), numerals.percent(share)) for name, share in last.items()]
    deep = max([text.count("<br>") + 1 for text in texts], default=1)
    own = [float(share) * high / (scale[1] * AIR) for share in last]
    shifts = [moved - at for moved, at in zip(_apart(own, high, APART * deep), own, strict=True)]
    place: Note = {"x": 1, "xref": "x domain", "xanchor": "left", "xshift": 6, "align": "left"}
    return [
        canvas.note(
            canvas.bold(text) if strong[str(name)] else text,
            look,
            size=BODY if strong[str(name)] else SMALL,
            colour=look.ink if strong[str(name)] else look.muted,
            y=float(share),
            yshift=shift,
            **place,
        )
        for (name, share), text, shift in zip(last.items(), texts, shifts, strict=True)
    ]


def _end_text(name: str, share: str) -> str:
    """Write a short name before its share, a long one above it."""
    short = canvas.width([name], 1) <= END_UNITS
    return f"{name} {share}" if short else f"{name}<br>{share}"


def _apart(heights: list[float], high: float, gap: float) -> list[float]:
    """Leave rising heights (pixels) that lie apart; else stack them about their middle, within the figure."""
    room = gap * (len(heights) - 1)
    if all(above - below >= gap for below, above in itertools.pairwise(heights)):
        return heights
    start = min(max(0.0, sum(heights) / len(heights) - room / 2), high + 8 - room)
    return [start + gap * place for place in range(len(heights))]


def _aim_note(aim: tuple[float, str], look: Look) -> list[Note]:
    return [canvas.note(aim[1], look, size=SMALL, x=1, xanchor="left", y=aim[0], yanchor="bottom", yshift=1)]
