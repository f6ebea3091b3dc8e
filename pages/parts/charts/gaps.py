"""Gaps: how far a group lies from others, with the interval and what it lets one say."""

from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.charts.uptake import HIDDEN
from pages.parts.look import Look, Say

ROW, TALL_ROW, NAME_UNITS = 25, 36, 10
BEYOND = ("higher", "lower")
STEPS = (0.05, 0.1, 0.2, 0.4)


def gaps(table: pd.DataFrame, *, say: Say, look: Look, narrow: bool = False) -> Figure:
    """Draw a difference of shares a row with its interval, first row at the top, and say what can be told.

    `table`: name, part (rows of one part stand together), points_ahead, low, high (parts of 1), finding (higher, lower,
    alike, too_few; empty where suppressed), share, other_share, suppressed. In a `narrow` card long names and what is
    said take two lines.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    shown = rows[rows["points_ahead"].notna()]
    long = narrow and canvas.width(rows["name"].tolist(), 1) > NAME_UNITS
    words = [_words(row, say, "<br>" if long else "  ") for row in rows.to_dict("records")]
    names = _two_lines(rows["name"].tolist()) if long else rows["name"].tolist()
    left = canvas.width(names, BODY) + 14
    right = canvas.width(words, SMALL) + 14
    most = max([STEPS[0], *shown["high"].abs(), *shown["low"].abs()]) * 1.06
    step = max(step for step in STEPS if step <= most)
    return canvas.figure(
        [_dots(shown, say, look)],
        look,
        height=(TALL_ROW if long else ROW) * len(rows) + 34,
        margin={"l": left, "r": right, "t": 6, "b": 26},
        shapes=[
            canvas.line(look.muted, x0=0, x1=0, y0=-0.6, y1=len(rows) - 0.4),
            *_partings(rows, look),
            *_intervals(shown, look),
        ],
        annotations=[
            *canvas.row_labels(
                names, look, left=left, strong=[False] * len(rows), quiet=False
            ),
            *_said(rows, words, look),
        ],
        xaxis=canvas.bare_axis(
            range=[-most, most],
            showticklabels=True,
            tickvals=[-step, 0, step],
            ticktext=[points(at, places=0) for at in (-step, 0, step)],
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )  # fmt: skip


def _two_lines(names: list[str]) -> list[str]:
    """Break names at the narrowest width at which none takes more than two lines."""
    broken = ([canvas.wrap(name, units, fewest=True) for name in names] for units in range(NAME_UNITS, 3 * NAME_UNITS))
    return next((each for each in broken if max(name.count("<br>") for name in each) < 2), names)  # noqa: PLR2004


def finding(code: str, say: Say) -> str:
    """Say what the interval lets one tell."""
    return {
        "higher": say("higher"),
        "lower": say("lower"),
        "alike": say("no clear difference"),
        "too_few": say("too few to tell"),
    }[code]


def points(difference: float, *, places: int = 1) -> str:
    """Write a difference of shares in percentage points with its sign: +6.1, −12.0, 0.0."""
    rounded = round(float(difference), places + 2) + 0.0
    return ("+" if rounded > 0 else "") + numerals.percent(rounded, places=places).removesuffix("%")


def _words(row: Any, say: Say, between: str) -> str:
    if pd.isna(row["points_ahead"]):
        return HIDDEN if row["suppressed"] else say("nobody to compare with")
    return f"{points(row['points_ahead'])}{between}{finding(row['finding'], say)}"


def _partings(rows: pd.DataFrame, look: Look) -> list[Shape]:
    """Draw a hairline between parts."""
    ends = [y for y in range(1, len(rows)) if rows["part"].iloc[y] != rows["part"].iloc[y - 1]]
    return [canvas.line(look.hairline, y0=y - 0.5, y1=y - 0.5, x0=0, x1=1, xref="x domain") for y in ends]


def _colour(code: str, look: Look) -> str:
    return {"higher": look.blue, "lower": look.ochre}.get(code, look.slate)


def _intervals(shown: pd.DataFrame, look: Look) -> list[Shape]:
    return [
        canvas.line(
            _colour(code, look), width=2.4 if code in BEYOND else 1.4, x0=float(low), x1=float(high), y0=y, y1=y
        )
        for y, low, high, code in zip(shown.index, shown["low"], shown["high"], shown["finding"], strict=True)
    ]


def _dots(shown: pd.DataFrame, say: Say, look: Look) -> Trace:
    colours = [_colour(code, look) for code in shown["finding"]]
    grounds = [
        colour if code in BEYOND else look.surface for colour, code in zip(colours, shown["finding"], strict=True)
    ]
    return canvas.trace(
        "scatter",
        x=shown["points_ahead"].tolist(),
        y=shown.index.tolist(),
        mode="markers",
        marker={"size": 9, "color": grounds, "line": {"color": colours, "width": 1.6}},
        hovertext=[_hover(row, say) for row in shown.to_dict("records")],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(row: Any, say: Say) -> str:
    shares = say("{share} against {other}").format(
        share=numerals.percent(row["share"]), other=numerals.percent(row["other_share"])
    )
    return (
        f"<b>{row['name'].strip()}</b><br>{shares}<br>{points(row['points_ahead'])}"
        f" ({points(row['low'])} – {points(row['high'])})<br>{finding(row['finding'], say)}"
    )


def _said(rows: pd.DataFrame, words: list[str], look: Look) -> list[Note]:
    place: Note = {"x": 1, "xref": "x domain", "xanchor": "left", "xshift": 8, "align": "left"}
    return [
        canvas.note(
            canvas.bold(text) if row["finding"] in BEYOND else text,
            look,
            size=SMALL,
            colour=look.ink if row["finding"] in BEYOND else look.muted,
            y=y,
            **place,
        )
        for y, (text, row) in enumerate(zip(words, rows.to_dict("records"), strict=True))
        if text
    ]
