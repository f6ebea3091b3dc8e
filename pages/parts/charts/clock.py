"""The clock board: rules in rows, when their clocks run out in columns, people in the cells."""

from collections.abc import Sequence

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, STRONG, Figure, Trace
from pages.parts.look import FONTS, GLYPH, Look, Say

LINE, GAP, HEAD = 15, 10, 40
NAME_UNITS, SPAN_UNITS = 21, 5


def clock_board(
    table: pd.DataFrame, columns: Sequence[str], *, say: Say, look: Look, selected: str | None = None
) -> Figure:
    """Draw people whose clocks run out, rules in rows and spans of months in columns, the first row at the top.

    `table`: rule_id, rule and force (names), reminds (true where the first column only reminds), and for each of
    `columns` a column `at_0`, `at_1`, ... of people. The first holds those whose clock has run out,
    the second those next. A chosen cell gives its rule_id as customdata.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    names = [_name(rule, force, look) for rule, force in zip(rows["rule"], rows["force"], strict=True)]
    left = canvas.width([canvas.plain(name) for name in names], SMALL) + 16
    row = LINE * max(name.count("<br>") + 1 for name in names) + GAP
    counts = [[int(rows[f"at_{place}"].iloc[at]) for place in range(len(columns))] for at in range(len(rows))]
    return canvas.figure(
        [_grounds(rows, counts, look), _texts(rows, counts, columns, say, look)],
        look,
        height=HEAD + row * len(rows) + 6,
        margin={"l": left, "r": 2, "t": HEAD, "b": 6},
        annotations=canvas.row_labels(
            names, look, left=left, strong=[rule == selected for rule in rows["rule_id"]], size=SMALL
        ),
        xaxis=canvas.bare_axis(
            range=[-0.5, len(columns) - 0.5],
            side="top",
            showticklabels=True,
            tickvals=list(range(len(columns))),
            ticktext=[canvas.wrap(name, SPAN_UNITS, fewest=True) for name in columns],
            tickangle=0,
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[-0.5, len(rows) - 0.5]),
    )


def _name(rule: str, force: str, look: Look) -> str:
    """Set what the rule asks under its name in a quieter colour."""
    return f'{canvas.wrap(rule, NAME_UNITS, fewest=True)}<br><span style="color:{look.muted}">{force}</span>'


def _grounds(rows: pd.DataFrame, counts: list[list[int]], look: Look) -> Trace:
    """Colour what has run out and what runs out next or reminds; a cell of nobody stays as the card is."""
    shades = [look.vermilion_pale, look.ochre_pale, look.wash]
    grid = [
        [min(max(place, int(reminds)), 2) if people else None for place, people in enumerate(row)]
        for row, reminds in zip(counts, rows["reminds"], strict=True)
    ]
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
    reminds = rows["reminds"].tolist()
    colours = [
        _colour(place, count, look, reminds=reminds[row]) for (place, row), count in zip(cells, people, strict=True)
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
        text=[_count(place, count, reminds=reminds[row]) for (place, row), count in zip(cells, people, strict=True)],
        textfont={"family": FONTS, "size": STRONG, "color": colours},
        customdata=[[rows["rule_id"].iloc[row]] for _, row in cells],
        hovertext=said,
        hoverinfo="text",
        cliponaxis=False,
        unselected={"textfont": {"color": look.ink}},
    )


def _colour(place: int, people: int, look: Look, *, reminds: bool) -> str:
    if not people:
        return look.muted
    return look.ink if place else look.ochre if reminds else look.vermilion


def _count(place: int, people: int, *, reminds: bool) -> str:
    """Write people, with a square where the clock has run out and a triangle where it reminds: colour is not alone."""
    if not people:
        return "·"
    sign = GLYPH["at_risk" if reminds else "missed"]
    return canvas.bold(f"{sign} {numerals.whole(people)}") if place == 0 else numerals.whole(people)
