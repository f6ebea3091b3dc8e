"""The clock board: rules in rows, when their clocks run out in columns, people in the cells."""

from collections.abc import Sequence

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, STRONG, Figure, Trace
from pages.parts.look import FONTS, Look, Say

ROW, HEAD = 34, 30


def clock_board(
    table: pd.DataFrame, columns: Sequence[str], *, say: Say, look: Look, selected: str | None = None
) -> Figure:
    """Draw people whose clocks run out, rules in rows and spans of months in columns, the first row at the top.

    `table`: rule_id, rule and force (names), and for each of `columns` a column `at_0`, `at_1`, ... of people. The
    first holds those whose clock has run out, the second those next. A chosen cell gives its rule_id as customdata.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    names = [_name(rule, force, look) for rule, force in zip(rows["rule"], rows["force"], strict=True)]
    left = canvas.width([canvas.plain(name) for name in names], SMALL) + 16
    counts = [[int(rows[f"at_{place}"].iloc[row]) for place in range(len(columns))] for row in range(len(rows))]
    return canvas.figure(
        [_grounds(counts, look), _texts(rows, counts, columns, say, look)],
        look,
        height=HEAD + ROW * len(rows) + 6,
        margin={"l": left, "r": 2, "t": HEAD, "b": 6},
        annotations=canvas.row_labels(
            names, look, left=left, strong=[rule == selected for rule in rows["rule_id"]], size=SMALL
        ),
        xaxis=canvas.bare_axis(
            range=[-0.5, len(columns) - 0.5],
            side="top",
            showticklabels=True,
            tickvals=list(range(len(columns))),
            ticktext=list(columns),
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[-0.5, len(rows) - 0.5]),
    )


def _name(rule: str, force: str, look: Look) -> str:
    """Set what the rule asks under its name in a quieter colour."""
    return f'{canvas.wrap(rule, 16, fewest=True)}<br><span style="color:{look.muted}">{force}</span>'


def _grounds(counts: list[list[int]], look: Look) -> Trace:
    """Colour what has run out and what runs out next; a cell of nobody stays as the card is."""
    shades = [look.vermilion_pale, look.ochre_pale, look.wash]
    grid = [[min(place, 2) if people else None for place, people in enumerate(row)] for row in counts]
    steps = [[at / 3, shades[index]] for index in range(3) for at in (index, index + 1)]
    return canvas.trace(
        "heatmap",
        z=grid,
        zmin=-0.5,
        zmax=2.5,
        colorscale=steps,
        showscale=False,
        xgap=3,
        ygap=3,
        hoverinfo="skip",
    )


def _texts(rows: pd.DataFrame, counts: list[list[int]], columns: Sequence[str], say: Say, look: Look) -> Trace:
    cells = [(place, row) for row in range(len(counts)) for place in range(len(columns))]
    people = [counts[row][place] for place, row in cells]
    colours = [
        look.vermilion if place == 0 and count else look.ink if count else look.muted
        for (place, _), count in zip(cells, people, strict=True)
    ]
    said = [
        f"<b>{rows['rule'].iloc[row]}</b><br>{columns[place]}: <b>{numerals.whole(count)}</b> {say('people')}"
        for (place, row), count in zip(cells, people, strict=True)
    ]
    return canvas.trace(
        "scatter",
        x=[place for place, _ in cells],
        y=[row for _, row in cells],
        mode="text",
        text=[_count(place, count) for (place, _), count in zip(cells, people, strict=True)],
        textfont={"family": FONTS, "size": STRONG, "color": colours},
        customdata=[[rows["rule_id"].iloc[row]] for _, row in cells],
        hovertext=said,
        hoverinfo="text",
        cliponaxis=False,
        unselected={"textfont": {"color": look.ink}},
    )


def _count(place: int, people: int) -> str:
    """Write people, those whose clock has run out with a square, so that colour is not alone."""
    if not people:
        return "·"
    return canvas.bold(f"■ {numerals.whole(people)}") if place == 0 else numerals.whole(people)
