"""The uptake map: items of welfare by groups of people, the share in each cell that used all of it."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import BODY, SMALL, Figure, Note, Shape, Trace
from pages.parts.look import Look, Say

ROW, HEAD = 34, 17
HEAD_UNITS, UPRIGHT_UNITS, MANY = 5, 8, 7
WIDE_HEADS = 540
HIDDEN = "*"


def uptake(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw items in rows and groups in columns, the share of those entitled who used all in each cell.

    `table`: item, group (names), people, full_use, share (of 1), low, high, suppressed. Order of rows and columns is
    that of first appearance. A suppressed cell holds a star and no number; one that the table lacks stays empty.
    """
    items = table["item"].drop_duplicates().tolist()
    groups = table["group"].drop_duplicates().tolist()
    flat, heads = _heads(groups)
    top = _deep(heads) if flat else canvas.width(heads, SMALL) + 8
    left = canvas.width(items, BODY) + 14
    cells = table.assign(x=table["group"].map(groups.index), y=table["item"].map(lambda item: _row(items, item)))
    return canvas.figure(
        [_grounds(cells, len(items), len(groups), look), _answers(cells, say)],
        look,
        height=ROW * len(items) + top + 10,
        margin={"l": left, "r": 2, "t": top + 4, "b": 6},
        annotations=[
            *canvas.row_labels(items[::-1], look, left=left, strong=[False] * len(items)),
            *_texts(cells, look, size=BODY if len(groups) <= MANY else SMALL),
        ],
        shapes=_hidden_cells(cells, look),
        xaxis=canvas.bare_axis(
            range=[-0.5, len(groups) - 0.5],
            side="top",
            showticklabels=True,
            tickvals=list(range(len(groups))),
            ticktext=heads,
            tickangle=0 if flat else -90,
            tickfont=canvas.tick_font(look),
        ),
        yaxis=canvas.bare_axis(range=[-0.5, len(items) - 0.5]),
    )


def _row(items: list[str], item: str) -> int:
    return len(items) - 1 - items.index(item)


def _heads(groups: list[str]) -> tuple[bool, list[str]]:
    """Break the names of columns; those too wide to stand beside each other are turned upright."""
    heads = [canvas.wrap(group, HEAD_UNITS) for group in groups]
    if len(heads) * (canvas.width(heads, SMALL) + 6) <= WIDE_HEADS:
        return True, heads
    return False, [canvas.wrap(group, UPRIGHT_UNITS) for group in groups]


def _deep(heads: list[str]) -> int:
    return HEAD * max(head.count("<br>") + 1 for head in heads) + 4


def _grounds(cells: pd.DataFrame, rows: int, columns: int, look: Look) -> Trace:
    """Colour each cell by its share, from the card's own ground at none to the pale accent at all."""
    grid: list[list[float | None]] = [[None] * columns for _ in range(rows)]
    for x, y, share, hidden in cells[["x", "y", "share", "suppressed"]].itertuples(index=False):
        grid[y][x] = None if hidden else float(share)
    return canvas.trace(
        "heatmap",
        z=grid,
        zmin=0,
        zmax=1,
        colorscale=[[0, look.wash], [1, look.blue_pale]],
        showscale=False,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
        hoverongaps=False,
    )


def _hidden_cells(cells: pd.DataFrame, look: Look) -> list[Shape]:
    """Outline what is suppressed, so that it is not taken for a cell that does not exist."""
    frame = {"type": "rect", "line": {"color": look.hairline, "width": 1, "dash": "dot"}, "layer": "below"}
    hidden = cells[cells["suppressed"].astype(bool)]
    return [
        {**frame, "x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.46, "y1": y + 0.46}
        for x, y in zip(hidden["x"].tolist(), hidden["y"].tolist(), strict=True)
    ]


def _answers(cells: pd.DataFrame, say: Say) -> Trace:
    """Let every cell be pointed at."""
    return canvas.trace(
        "scatter",
        x=cells["x"].tolist(),
        y=cells["y"].tolist(),
        mode="markers",
        marker={"size": 26, "opacity": 0},
        hovertext=[_hover(row, say) for row in cells.to_dict("records")],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(row: Mapping[Hashable, Any], say: Say) -> str:
    head = f"<b>{row['item']}</b> · {row['group']}"
    if row["suppressed"]:
        return f"{head}<br>{say('too few people to be shown')}"
    counts = say("{hits} of {people}").format(
        hits=numerals.whole(row["full_use"]), people=numerals.whole(row["people"])
    )
    interval = f"{numerals.percent(row['low'])} – {numerals.percent(row['high'])}"
    return f"{head}<br><b>{numerals.percent(row['share'])}</b>  {counts}<br>{interval}"


def _texts(cells: pd.DataFrame, look: Look, *, size: int) -> list[Note]:
    return [
        canvas.note(
            HIDDEN if hidden else numerals.percent(share, places=0),
            look,
            size=size,
            colour=look.muted if hidden else look.ink,
            x=x,
            y=y,
        )
        for x, y, share, hidden in cells[["x", "y", "share", "suppressed"]].itertuples(index=False)
    ]
