"""The funnel: units by size and share, between the limits that chance alone would keep equal ones in."""

from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, Figure, Note, Trace
from pages.parts.look import Look, Say

HEIGHT, LABELLED, LONGEST = 540, 6, 12
LIMITS = {"95": ("95%", "4px,3px"), "99_8": ("99.8%", "solid")}


def funnel(units: pd.DataFrame, limits: pd.DataFrame, *, whole: float, say: Say, look: Look) -> Figure:
    """Draw each unit at its size and share, with the limits about `whole`, the share of all of them together.

    `units`: unit (name), people, full_use, share, verdict (inside, below_95, above_95, below_99_8, above_99_8).
    `limits`: people (rising), low_95, high_95, low_99_8, high_99_8. Only units outside the outer limits are named,
    at most LABELLED of them, in the order given; nobody is put in order of the share.
    """
    right = canvas.width(["99.8%"], SMALL) + 16
    end = float(limits["people"].max())
    low, high = _span(units, limits)
    return canvas.figure(
        [*_limit_lines(limits, look), *_dots(units, say, look)],
        look,
        height=HEIGHT,
        margin={"l": 46, "r": right, "t": 22, "b": 40},
        shapes=[canvas.line(look.muted, x0=0, x1=end, y0=whole, y1=whole)],
        annotations=[
            *_end_notes(limits, whole, say, look, (low, high)),
            *_names(units, look, end),
            canvas.note(
                say("people entitled"), look, size=SMALL, colour=look.muted, x=1, xref="x domain", xanchor="right",
                y=0, yref="y domain", yanchor="top", yshift=-20,
            ),
        ],
        xaxis=canvas.bare_axis(
            range=[0, end * 1.01], showticklabels=True, nticks=6, tickfont=canvas.tick_font(look), rangemode="tozero"
        ),
        yaxis=canvas.bare_axis(
            range=[low, high], showgrid=True, gridcolor=look.hairline, showticklabels=True,
            tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0% ", "25% ", "50% ", "75% ", "100% "],
            tickfont=canvas.tick_font(look),
        ),
    )  # fmt: skip


def _span(units: pd.DataFrame, limits: pd.DataFrame) -> tuple[float, float]:
    """Give the ends of the axis, with room for what lies furthest from the middle."""
    sized = limits[limits["people"] >= units["people"].min()]
    low = min(units["share"].min(), sized["low_95"].min())
    high = max(units["share"].max(), sized["high_95"].max())
    return max(-0.02, float(low) - 0.06), min(1.02, float(high) + 0.06)


def _limit_lines(limits: pd.DataFrame, look: Look) -> list[Trace]:
    return [
        canvas.trace(
            "scatter",
            x=limits["people"].tolist(),
            y=limits[f"{end}_{name}"].tolist(),
            mode="lines",
            name=f"{end} {text}",
            line={"color": look.muted, "width": 1.2, "dash": dash},
            hoverinfo="skip",
        )
        for name, (text, dash) in LIMITS.items()
        for end in ("low", "high")
    ]


def _dots(units: pd.DataFrame, say: Say, look: Look) -> list[Trace]:
    """Mark units: pale inside, ringed beyond the inner limits, full beyond the outer ones."""
    kinds = {
        "inside": {"color": look.blue_pale, "size": 8, "line": {"color": look.slate, "width": 0.8}},
        "_95": {"color": look.blue_pale, "size": 9, "line": {"color": look.blue, "width": 1.8}},
        "_99_8": {"color": look.blue, "size": 10, "line": {"color": look.surface, "width": 1.2}},
    }
    return [
        canvas.trace(
            "scatter",
            x=part["people"].tolist(),
            y=part["share"].tolist(),
            mode="markers",
            name=name,
            marker=marker,
            customdata=part[["unit"]].to_numpy().tolist(),
            hovertext=[_hover(row, say) for row in part.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
            unselected={"marker": {"opacity": 0.6}},
        )
        for name, marker in kinds.items()
        for part in [units[units["verdict"].str.endswith(name)]]
    ]


def _hover(row: Any, say: Say) -> str:
    counts = say("{hits} of {people}").format(
        hits=numerals.whole(row["full_use"]), people=numerals.whole(row["people"])
    )
    return f"<b>{row['unit']}</b><br>{numerals.percent(row['share'])}  {counts}<br>{verdict(row['verdict'], say)}"


def verdict(code: str, say: Say) -> str:
    """Say where a unit lies in the funnel."""
    return {
        "inside": say("within what chance leaves"),
        "below_95": say("below the 95% limit, which chance alone may do"),
        "above_95": say("above the 95% limit, which chance alone may do"),
        "below_99_8": say("below, beyond chance"),
        "above_99_8": say("above, beyond chance"),
    }[code]


def _names(units: pd.DataFrame, look: Look, end: float) -> list[Note]:
    """Name the units beyond the outer limits, to the side that has room."""
    named = units[units["verdict"].str.endswith("_99_8")].head(LABELLED)
    return [
        canvas.note(
            canvas.bold(unit if len(unit) <= LONGEST else unit[:LONGEST] + "…"),
            look,
            size=SMALL,
            x=float(people),
            y=float(share),
            xanchor="left" if people < 0.6 * end else "right",
            xshift=9 if people < 0.6 * end else -9,
        )
        for unit, people, share in named[["unit", "people", "share"]].itertuples(index=False)
    ]


def _end_notes(limits: pd.DataFrame, whole: float, say: Say, look: Look, span: tuple[float, float]) -> list[Note]:
    """Name the limits where their lines end, those above the middle above and those below under their line."""
    last = limits.iloc[-1]
    place: Note = {"x": 1, "xref": "x domain", "xanchor": "left", "xshift": 4}
    apart = float(last["high_99_8"] - last["high_95"]) / (span[1] - span[0]) * (HEIGHT - 62)
    push = max(0.0, 14 - apart) / 2
    notes = [
        canvas.note(
            text,
            look,
            size=SMALL,
            colour=look.muted,
            y=float(last[f"{end}_{name}"]),
            yshift=(push if (name == "99_8") == (end == "high") else -push),
            **place,
        )
        for name, (text, _) in LIMITS.items()
        for end in ("low", "high")
    ]
    told = say("all of them {share}").replace("{share}", numerals.percent(whole))
    top: Note = {
        "x": 0,
        "xref": "x domain",
        "xanchor": "left",
        "xshift": 4,
        "y": whole,
        "yanchor": "bottom",
        "yshift": 1,
    }
    return [*notes, canvas.note(told, look, size=SMALL, colour=look.ink, **top)]
