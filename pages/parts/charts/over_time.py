"""The series: a share by month against its target."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from data import month as months
from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, STRONG, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

MOST_GRIDLINES, FINE = 4.2, 0.01
BOUNDS = ("share_low", "share_high")


def over_time(
    table: pd.DataFrame,
    *,
    say: Say,
    look: Look,
    as_of: int,
    data_month: int,
    term_changes: Sequence[tuple[int, str]] = (),
) -> Figure:
    """Draw a share by month: solid up to `data_month`, dotted after it, where nobody moves.

    `table`: month (YYYYMM), share and target_share (of 1; the target may be empty), needed, have (people). Where there
    are share_low and share_high, between which it lies as not everything is known, they are a pale ground behind it.
    `term_changes` are (YYYYMM, label), set as ticks. `as_of` is marked with its value; so is the last month.
    """
    table = table.sort_values("month").assign(at=lambda rows: rows["month"].map(months.number))
    height, low_high = 250, _share_range(table)
    ends = _end_notes(table, as_of, say, look, height, low_high)
    right = max((canvas.width([canvas.plain(note["text"])], note["font"]["size"]) for note in ends), default=0.0) + 14
    changes = [(months.number(month), label) for month, label in term_changes]
    here = months.number(as_of)
    shapes = [canvas.line(look.muted, x0=here, x1=here, y0=0, y1=1, yref="y domain")]
    return canvas.figure(
        [
            *_grounds(table, look),
            *_share_lines(table, data_month, say, look),
            _target_line(table, look),
            _as_of_dot(table, as_of, look),
        ],
        look,
        height=height,
        margin={"l": 46, "r": right, "t": 24, "b": 34},
        shapes=shapes + _term_ticks(changes, look),
        annotations=ends + _as_of_notes(table, as_of, look) + _term_notes(changes, table, look),
        hovermode="x",
        xaxis=canvas.bare_axis(range=[table["at"].min(), table["at"].max() + 0.5]),
        yaxis=_share_axis(low_high, look),
    )


def _share_range(table: pd.DataFrame) -> tuple[float, float]:
    drawn = [table[name] for name in ("share", "target_share", *BOUNDS) if name in table]
    values = pd.concat(drawn).dropna().astype(float)
    if values.empty:
        return 0.0, 1.0
    low, high = values.min(), values.max()
    air = max(0.12 * (high - low), 0.01)
    return max(0.0, low - air) if low > 0 else 0.0, high + air


def _share_axis(low_high: tuple[float, float], look: Look) -> dict[str, Any]:
    """Give three or four gridlines at round percentages."""
    low, high = low_high
    steps = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
    step = next((step for step in steps if (high - low) / step <= MOST_GRIDLINES), 1.0)
    ticks = [step * count for count in range(int(low / step), int(high / step) + 1) if low <= step * count <= high]
    texts = [numerals.percent(tick) if step < FINE else numerals.percent(tick, places=0) for tick in ticks]
    return canvas.bare_axis(
        range=[low, high],
        showgrid=True,
        gridcolor=look.hairline,
        showticklabels=True,
        tickvals=ticks,
        ticktext=[text + " " for text in texts],
        tickfont=canvas.tick_font(look),
    )


def _grounds(table: pd.DataFrame, look: Look) -> list[Trace]:
    """Draw between which shares the line may lie, a piece for each run of months in which it may lie elsewhere."""
    if not set(BOUNDS) <= set(table):
        return []
    open_ = (table["share_low"] < table["share_high"]).astype(bool)
    runs = (open_ != open_.shift()).cumsum()[open_]
    return [
        canvas.trace(
            "scatter",
            x=[*part["at"], *part["at"][::-1]],
            y=[*part["share_low"], *part["share_high"][::-1]],
            mode="none",
            name="bounds",
            fill="toself",
            fillcolor=look.blue_pale,
            hoverinfo="skip",
        )
        for _, part in table[open_].groupby(runs)
    ]


def _share_lines(table: pd.DataFrame, data_month: int, say: Say, look: Look) -> list[Trace]:
    """Draw what was and, joined to it, what would be."""
    parts = (table[table["month"] <= data_month], table[table["month"] >= data_month])
    said = [[_share_hover(row, say) for row in part.to_dict("records")] for part in parts]
    return [
        canvas.trace(
            "scatter",
            x=part["at"].tolist(),
            y=part["share"].tolist(),
            mode="lines",
            name=name,
            line={"color": look.blue, "width": 2.2, "dash": dash},
            text=text,
            hovertemplate="%{text}<extra></extra>",
        )
        for part, text, name, dash in zip(parts, said, ("recorded", "nobody moving"), ("solid", "2px,3px"), strict=True)
    ]


def _share_hover(row: Mapping[Hashable, Any], say: Say) -> str:
    counts = f"{say('have')} {numerals.whole(row['have'])}"
    if pd.notna(row["needed"]):
        counts += f" · {say('needed')} {numerals.whole(row['needed'])}"
    between = [numerals.percent(row[name]) for name in BOUNDS if pd.notna(row.get(name))]
    lies = f" ({between[0].removesuffix('%')}–{between[1]})" if len(set(between)) > 1 else ""
    return f"{months.text(int(row['month']))}<br><b>{numerals.percent(row['share'])}</b>{lies}<br>{counts}"


def _target_line(table: pd.DataFrame, look: Look) -> Trace:
    target = table[table["target_share"].notna()]
    return canvas.trace(
        "scatter",
        x=target["at"].tolist(),
        y=target["target_share"].astype(float).tolist(),
        mode="lines",
        name="target",
        line={"color": look.ink, "width": 1.3, "dash": "5px,4px", "shape": "hv"},
        hoverinfo="skip",
    )


def _as_of_dot(table: pd.DataFrame, as_of: int, look: Look) -> Trace:
    row = table[table["month"] == as_of]
    return canvas.trace(
        "scatter",
        x=row["at"].tolist(),
        y=row["share"].tolist(),
        mode="markers",
        name="as of",
        marker={"color": look.blue, "size": 9, "line": {"color": look.surface, "width": 1.5}},
        hoverinfo="skip",
    )


def _end_notes(
    table: pd.DataFrame, as_of: int, say: Say, look: Look, height: int, low_high: tuple[float, float]
) -> list[Note]:
    """Label the last share and the target right of the plot, moved apart where they would touch."""
    last, labels = table.iloc[-1], []
    if pd.notna(last["share"]):
        labels.append((float(last["share"]), _last_text(last, as_of), BODY))
    if pd.notna(last["target_share"]):
        text = say("target {share}").replace("{share}", numerals.percent_short(last["target_share"]))
        labels.append((float(last["target_share"]), text, SMALL))
    labels.sort(key=lambda label: label[0])
    apart = (labels[-1][0] - labels[0][0] if labels else 0.0) / (low_high[1] - low_high[0]) * (height - 58)
    push = max(0.0, 18 - apart) / 2 if len(labels) > 1 else 0.0
    place: Note = {"x": 1, "xref": "x domain", "xanchor": "left", "xshift": 8, "align": "left"}
    return [
        canvas.note(text, look, size=size, y=value, yshift=push * (1 if rank else -1), **place)
        for rank, (value, text, size) in enumerate(labels)
    ]


def _last_text(last: Any, as_of: int) -> str:
    text = numerals.percent(last["share"])
    return canvas.bold(text) if int(last["month"]) == as_of else text


def _as_of_notes(table: pd.DataFrame, as_of: int, look: Look) -> list[Note]:
    """Name the month at the top of its line, and its value beside it: above the line where that is lower there."""
    here = months.number(as_of)
    top = canvas.note(months.text(as_of), look, size=SMALL, x=here, y=1, yref="y domain", yanchor="bottom", yshift=2)
    row = table[table["month"] == as_of].dropna(subset="share")
    if row.empty or as_of == int(table["month"].max()):
        return [top]
    share = float(row["share"].iloc[0])
    early = here < table["at"].min() + 0.25 * (table["at"].max() - table["at"].min())
    beside = table[table["month"] > as_of].head(1) if early else table[table["month"] < as_of].tail(1)
    above = bool((beside["share"] <= share).all())
    place: Note = {"xanchor": "left" if early else "right", "xshift": 7 if early else -7}
    place |= {"yanchor": "bottom" if above else "top", "yshift": 5 if above else -5}
    return [top, canvas.note(canvas.bold(numerals.percent(share)), look, size=STRONG, x=here, y=share, **place)]


def _term_ticks(changes: Sequence[tuple[int, str]], look: Look) -> list[Shape]:
    place: Note = {"yref": "y domain", "ysizemode": "pixel", "yanchor": 0, "y0": 0, "y1": -6}
    return [canvas.line(look.muted, x0=at, x1=at, **place) for at, _ in changes]


def _term_notes(changes: Sequence[tuple[int, str]], table: pd.DataFrame, look: Look) -> list[Note]:
    """Name term changes under their ticks, leaving out a name that would run into the one before."""
    first, last = table["at"].min(), table["at"].max()
    notes: list[Note] = []
    taken = float("-inf")
    for at, label in sorted(changes):
        if not first <= at <= last or at - taken < 0.2 * (last - first):
            continue
        taken = at
        place: Note = {"y": 0, "yref": "y domain", "yanchor": "top", "yshift": -9, "xanchor": "center"}
        notes.append(canvas.note(label, look, size=SMALL, colour=look.muted, x=at, **place))
    return notes
