"""The bridge: how one count of people became another."""

from collections.abc import Sequence

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, STRONG, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

PHONE_PLOT, FEW_BARS, LOWER_ROOM = 330, 6, 1.7


def bridge(table: pd.DataFrame, *, say: Say, look: Look, needed: int | None = None) -> Figure:
    """Draw a waterfall from the count of the first row to that of the last; the rows between are signed parts.

    `table`: step, name, people. The dashed line is `needed`.
    Raises ValueError where the parts do not sum to the change.
    """
    people = [int(count) for count in table["people"]]
    _sum_or_raise(people)
    levels = _levels(people)
    floor = _floor(levels, needed)
    top = max([*levels, needed or 0])
    names = _step_names(table["name"].tolist())
    lines = max(name.count("<br>") + 1 for name in names)
    bottom = min(floor, *levels)
    span = (top - bottom) or 1
    losses = [level for part, level in zip(people[1:-1], levels[1:], strict=False) if part < 0]
    low = min([bottom, *(level - 0.09 * span for level in losses)])
    return canvas.figure(
        [_bridge_bars(people, levels, floor, table["name"].tolist(), needed, look)],
        look,
        height=270 + 15 * lines,
        margin={"l": 4, "r": 4, "t": 26, "b": 10 + 16 * lines},
        shapes=_steps(levels, look) + _cuts(len(people), floor, span, look) + _needed_line(needed, look),
        annotations=_bridge_counts(people, levels, needed, span, look) + _needed_note(needed, people, say, look),
        xaxis=canvas.bare_axis(
            range=[-0.5, len(people) - 0.5],
            showticklabels=True,
            tickvals=list(range(len(people))),
            ticktext=names,
            tickangle=0,
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[low - 0.02 * span, top + 0.16 * span]),
    )


def _step_names(names: Sequence[str]) -> list[str]:
    """Break the names under the bars; where a phone has no room for them in one row, set every other one lower."""
    room = 4.6 if len(names) <= FEW_BARS else 3.6
    broken = [canvas.wrap(name, room) for name in names]
    if canvas.width(broken, SMALL) * len(names) <= PHONE_PLOT:
        return broken
    broken = [canvas.wrap(name, LOWER_ROOM * room) for name in names]
    drop = "<br>" * max(name.count("<br>") + 1 for name in broken[::2])
    return [drop + name if place % 2 else name for place, name in enumerate(broken)]


def _sum_or_raise(people: list[int]) -> None:
    if sum(people[:-1]) != people[-1]:
        message = f"The parts of a bridge must sum to the change: {people[0]} with {people[1:-1]} is not {people[-1]}."
        raise ValueError(message)


def _levels(people: list[int]) -> list[int]:
    """Give the count after each row: the first, then running, then the last."""
    return [sum(people[: row + 1]) for row in range(len(people) - 1)] + [people[-1]]


def _floor(levels: list[int], needed: int | None) -> float:
    """Cut the axis where the parts would be too small to see; 0 where they can be seen."""
    low, high = min(levels), max([*levels, needed or 0])
    return 0.0 if high - low > 0.35 * high else max(0.0, low - 0.9 * max(high - low, 1))


def _bridge_colours(people: list[int], needed: int | None, look: Look) -> list[str]:
    """Colour totals pale, gains pine, losses slate; the greatest loss is vermilion where the target is missed."""
    parts = people[1:-1]
    worst = min(parts, default=0) if needed is not None and people[-1] < needed else 0
    colours = [look.vermilion if part == worst < 0 else look.pine if part > 0 else look.slate for part in parts]
    return [look.blue_pale, *colours, look.blue_pale]


def _bridge_bars(
    people: list[int], levels: list[int], floor: float, names: list[str], needed: int | None, look: Look
) -> Trace:
    ends = range(1, len(people) - 1)
    base = [floor, *(levels[row - 1] for row in ends), floor]
    tall = [people[0] - floor, *people[1:-1], people[-1] - floor]
    return canvas.trace(
        "bar",
        x=list(range(len(people))),
        y=tall,
        base=base,
        width=0.7,
        marker={"color": _bridge_colours(people, needed, look), "line": {"width": 0}},
        text=_bridge_texts(people),
        textposition="none",
        customdata=names,
        hovertemplate="%{customdata}<br><b>%{text}</b><extra></extra>",
    )


def _bridge_texts(people: list[int]) -> list[str]:
    return [numerals.whole(people[0]), *map(numerals.signed, people[1:-1]), numerals.whole(people[-1])]


def _bridge_counts(people: list[int], levels: list[int], needed: int | None, span: float, look: Look) -> list[Note]:
    """Write totals and gains above their bars, losses below; under the top of a bar where the line of need is near."""
    notes = []
    colours = _bridge_colours(people, needed, look)
    for row, text in enumerate(_bridge_texts(people)):
        total = row in {0, len(people) - 1}
        loss = not total and people[row] < 0
        at = levels[row] if total or loss else max(levels[row], levels[row - 1])
        crossed = not loss and needed is not None and 0 <= needed - at < 0.1 * span
        if crossed and not total:
            at = min(levels[row], levels[row - 1])
        below = loss or crossed
        place: Note = {"yanchor": "top" if below else "bottom", "yshift": -3 if below else 3}
        colour = look.ink if total or colours[row] == look.slate else colours[row]
        notes.append(
            canvas.note(canvas.bold(text), look, size=STRONG if total else BODY, colour=colour, x=row, y=at, **place)
        )
    return notes


def _steps(levels: list[int], look: Look) -> list[Shape]:
    """Join each bar to the next at the level where one ends and the other begins."""
    return [
        canvas.line(look.muted, width=0.8, x0=row + 0.35, x1=row + 0.65, y0=level, y1=level)
        for row, level in enumerate(levels[:-1])
    ]


def _cuts(bars: int, floor: float, span: float, look: Look) -> list[Shape]:
    """Break the two totals above a cut axis with a chevron in the colour of the ground."""
    if floor <= 0:
        return []
    low, high = floor + 0.05 * span, floor + 0.075 * span
    rise = 0.025 * span
    return [
        {
            "type": "path",
            "path": f"M{bar - 0.36},{low} L{bar},{low + rise} L{bar + 0.36},{low} "
            f"L{bar + 0.36},{high} L{bar},{high + rise} L{bar - 0.36},{high} Z",
            "fillcolor": look.surface,
            "line": {"width": 0},
        }
        for bar in (0, bars - 1)
    ]


def _needed_line(needed: int | None, look: Look) -> list[Shape]:
    place: Note = {"x0": 0, "x1": 1, "xref": "x domain"}
    return [] if needed is None else [canvas.line(look.ink, width=1.3, dash="5px,4px", y0=needed, y1=needed, **place)]


def _needed_note(needed: int | None, people: list[int], say: Say, look: Look) -> list[Note]:
    """Name the line of need at its right; at its left where the last bar stands across it and the first below."""
    if needed is None:
        return []
    left = people[0] < needed <= people[-1]
    text = f"{say('needed')} {numerals.whole(needed)}"
    place: Note = {"x": 0 if left else 1, "xref": "x domain", "xanchor": "left" if left else "right"}
    return [canvas.note(canvas.bold(text), look, y=needed, yanchor="bottom", yshift=3, **place)]
