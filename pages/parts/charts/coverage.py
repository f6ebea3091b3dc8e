"""Counts in a grid: programmes by units, kinds left by kinds joined; and shares of people as bars."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note
from pages.parts.look import FONTS, Look, Say

ROOM, ROW = 400, 30
"""Pixels that all columns have on a small screen, and those of a row."""
HEADING, LINE = 4, 16
"""Chinese characters in a line of a column's name where the names do not fit in one, and its pixels."""
NAME, THIN = 12, 26
"""Chinese characters in a line of the name beside a bar, and the pixels of a row whose name takes one."""
DEEP = 0.8
"""Part of the most people from which a cell is dark."""


def coverage(table: pd.DataFrame, *, say: Say, look: Look, whole: str | None = None) -> Figure:
    """Draw people in a grid, the deeper the more; a cell of nobody stays empty and can still be seen as such.

    `table`: row, column (names), people, and `detail` for the hover. Order is that of first appearance; first at the
    top. A cell without a number is one that may not be shown, and holds a star. `whole` names what is counted where
    that is not people. A chosen cell gives the names of its row and column as customdata.
    """
    rows, columns = table["row"].drop_duplicates().tolist(), table["column"].drop_duplicates().tolist()
    left = canvas.width(rows, SMALL) + 14
    heads = columns if _fit(columns) else [canvas.wrap(name, HEADING) for name in columns]
    flat = _fit(heads)
    top = 12 + LINE * max(name.count("<br>") + 1 for name in heads) if flat else canvas.width(columns, SMALL) + 12
    row_of = {name: len(rows) - 1 - place for place, name in enumerate(rows)}
    column_of = {name: place for place, name in enumerate(columns)}
    cells = table.assign(x=table["column"].map(column_of), y=table["row"].map(row_of))
    most = max(int(table["people"].fillna(0).max()), 1)
    strong = cells["people"].fillna(0) > DEEP * most
    shown = cells[cells["people"].fillna(0) > 0]
    return canvas.figure(
        [
            canvas.trace(
                "heatmap",
                z=_grid(shown, len(rows), len(columns)),
                zmin=0,
                zmax=most,
                colorscale=[[0, look.wash], [0.6, look.blue_pale], [1, look.blue]],
                showscale=False,
                xgap=2,
                ygap=2,
                hoverinfo="skip",
            ),
            canvas.trace(
                "scatter",
                x=cells["x"].tolist(),
                y=cells["y"].tolist(),
                mode="text",
                text=[_cell(people) for people in cells["people"]],
                textfont={
                    "family": FONTS,
                    "size": SMALL,
                    "color": [look.on_strong if deep else look.ink for deep in strong],
                },
                customdata=cells[["row", "column"]].to_numpy().tolist(),
                hovertext=[_hover(row, say, whole or say("people")) for row in cells.to_dict("records")],
                hoverinfo="text",
                cliponaxis=False,
            ),
        ],
        look,
        height=top + ROW * len(rows) + 8,
        margin={"l": left, "r": 4, "t": top, "b": 8},
        annotations=canvas.row_labels(rows[::-1], look, left=left, strong=[False] * len(rows), size=SMALL),
        xaxis=canvas.bare_axis(
            range=[-0.5, len(columns) - 0.5],
            side="top",
            showticklabels=True,
            tickvals=list(range(len(columns))),
            ticktext=heads if flat else columns,
            tickfont=canvas.tick_font(look),
            tickangle=0 if flat else -90,
        ),
        yaxis=canvas.bare_axis(range=[-0.5, len(rows) - 0.5]),
    )


def _fit(heads: Sequence[str]) -> bool:
    return len(heads) * (canvas.width(heads, SMALL) + 8) <= ROOM


def _grid(cells: pd.DataFrame, rows: int, columns: int) -> list[list[int | None]]:
    grid: list[list[int | None]] = [[None] * columns for _ in range(rows)]
    for row in cells.to_dict("records"):
        grid[row["y"]][row["x"]] = int(row["people"])
    return grid


def _cell(people: Any) -> str:
    if pd.isna(people):
        return "*"
    return numerals.whole(people) if people else "·"


def _hover(row: Mapping[Hashable, Any], say: Say, whole: str) -> str:
    people = say("too few") if pd.isna(row["people"]) else f"<b>{numerals.whole(row['people'])}</b> {whole}"
    return f"<b>{row['row']}</b> · {row['column']}<br>{people}<br>{row['detail']}"


def share_bars(table: pd.DataFrame, *, say: Say, look: Look, whole: str | None = None) -> Figure:
    """Draw a share of people in each row as a bar on its whole, the first row at the top.

    `table`: name, reached and people; the share stands beside the bar with both numbers, and after them what `aside`
    says, where there is such a column. `whole` names what is counted where that is not people.
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    rows = rows if "aside" in rows else rows.assign(aside="")
    names = [canvas.wrap(name, NAME, fewest=True) for name in rows["name"]]
    left = canvas.width(names, BODY) + 14
    high = THIN + LINE * max((name.count("<br>") for name in names), default=0)
    parts = [int(reached) / int(people) for reached, people in zip(rows["reached"], rows["people"], strict=True)]
    told = [_share_told(row, part) for row, part in zip(rows.to_dict("records"), parts, strict=True)]
    right = canvas.width([canvas.plain(each) for each in told], SMALL) + 20
    bars = [(look.wash, [1.0] * len(rows)), (look.blue, parts)]
    counted = whole or say("people")
    said = [
        f"<b>{row['name']}</b><br>{numerals.whole(row['reached'])} / {numerals.whole(row['people'])} {counted}"
        for row in rows.to_dict("records")
    ]
    return canvas.figure(
        [
            canvas.trace(
                "bar",
                x=lengths,
                y=list(range(len(rows))),
                orientation="h",
                width=0.56,
                marker={"color": colour, "line": {"width": 0}},
                hovertext=said,
                hovertemplate="%{hovertext}<extra></extra>",
            )
            for colour, lengths in bars
        ],
        look,
        height=high * len(rows) + 14,
        margin={"l": left, "r": right, "t": 4, "b": 8},
        barmode="overlay",
        annotations=canvas.row_labels(names, look, left=left, strong=[False] * len(rows)) + _share_notes(told, look),
        xaxis=canvas.bare_axis(range=[0, 1]),
        yaxis=canvas.bare_axis(range=[-0.6, len(rows) - 0.4]),
    )


def _share_notes(told: list[str], look: Look) -> list[Note]:
    return [
        canvas.note(each, look, size=SMALL, x=1, y=place, xanchor="left", xshift=8) for place, each in enumerate(told)
    ]


def _share_told(row: Mapping[Hashable, Any], part: float) -> str:
    numbers = f"{numerals.whole(row['reached'])} / {numerals.whole(row['people'])}"
    return "  ".join(filter(None, (canvas.bold(numerals.percent(part)), numbers, row["aside"])))
