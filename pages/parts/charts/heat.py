"""The heat map: units by targets, the whole people spare or short in each cell."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.charts import canvas
from pages.parts.charts.canvas import SMALL, Figure, Trace
from pages.parts.look import FONTS, GLYPH, Look, Say, status_word

WIDE_HEAT = 720
NAME_UNITS, NAME_LINES = range(12, 17), 2
GROUND = {"met": 0, "at_risk": 1, "missed": 2}


def heat(table: pd.DataFrame, *, say: Say, look: Look) -> Figure:
    """Draw targets in rows and units in columns, the whole people spare or short in each cell.

    `table`: unit, target (names), spare (people, may be empty), status, text (what the cell says); needed and have
    where there are any, for the hover. Order of rows and columns is that of first appearance; first at the top.
    A chosen cell gives its unit and target as customdata.
    """
    targets = table["target"].drop_duplicates().tolist()
    units = table["unit"].drop_duplicates().tolist()
    wide = _name_units(targets)
    names = [_target_lines(name, wide, look) for name in targets]
    left = canvas.width([canvas.plain(name) for name in names], SMALL) + 12
    flat = len(units) * (canvas.width(units, SMALL) + 6) <= WIDE_HEAT
    top = 26 if flat else canvas.width(units, SMALL) + 12
    row_of = {name: len(targets) - 1 - row for row, name in enumerate(targets)}
    column_of = {name: column for column, name in enumerate(units)}
    cells = table.assign(x=table["unit"].map(column_of), y=table["target"].map(row_of))
    deep = max(map(_lines, names))
    return canvas.figure(
        [_grounds(cells, targets, units, say, look), *_cell_texts(cells, say, look), *_cell_signs(cells, look)],
        look,
        height=top + len(targets) * max(30, 15 * deep + 6) + 8,
        margin={"l": left, "r": 4, "t": top, "b": 8},
        annotations=canvas.row_labels(names[::-1], look, left=left, strong=[False] * len(names), size=SMALL),
        xaxis=canvas.bare_axis(
            range=[-0.5, len(units) - 0.5],
            side="top",
            showticklabels=True,
            tickvals=list(range(len(units))),
            ticktext=units,
            tickfont=canvas.tick_font(look),
            tickangle=0 if flat else -90,
        ),
        yaxis=canvas.bare_axis(range=[-0.5, len(targets) - 0.5]),
    )


def _name_units(targets: Sequence[str]) -> int:
    """Give the narrowest column, in Chinese characters, whose longest name needs no line beyond NAME_LINES in it."""
    heads = [name.split("\n")[0] for name in targets]
    return min(NAME_UNITS, key=lambda units: max([NAME_LINES, *(_lines(_head(head, units)) for head in heads)]))


def _head(name: str, units: int) -> str:
    return canvas.wrap(name, units, fewest=True)


def _lines(text: str) -> int:
    return text.count("<br>") + 1


def _target_lines(name: str, units: int, look: Look) -> str:
    """Set a target's band, its last word, under its name in a quieter colour."""
    head, *band = (_head(part, units) for part in name.split("\n"))
    return "<br>".join([head, *(f'<span style="color:{look.muted}">{part}</span>' for part in band)])


def _grounds(cells: pd.DataFrame, targets: list[str], units: list[str], say: Say, look: Look) -> Trace:
    """Colour each cell by status; a cell that the table lacks stays empty."""
    grid: list[list[int | None]] = [[None] * len(units) for _ in targets]
    said = [[""] * len(units) for _ in targets]
    for row in cells[cells["status"].notna()].to_dict("records"):
        grid[row["y"]][row["x"]] = GROUND[row["status"]]
        said[row["y"]][row["x"]] = _cell_hover(row, say)
    colours = [look.status_ground(status) for status in GROUND]
    steps = [[at / 3, colours[index]] for index in range(3) for at in (index, index + 1)]
    return canvas.trace(
        "heatmap",
        z=grid,
        zmin=-0.5,
        zmax=2.5,
        colorscale=steps,
        showscale=False,
        xgap=2,
        ygap=2,
        text=said,
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
    )


def _cell_hover(row: Mapping[Hashable, Any], say: Say) -> str:
    status = str(row["status"])
    lines = [f"<b>{row['unit']}</b> · {row['target']}", f"{GLYPH[status]} {status_word(status, say)}  {row['text']}"]
    have, needed = row.get("have"), row.get("needed")
    if pd.notna(have) and pd.notna(needed):
        lines.append(f"{say('needed')} {numerals.whole(needed)} · {say('have')} {numerals.whole(have)}")
    return "<br>".join(lines)


def _cell_texts(cells: pd.DataFrame, say: Say, look: Look) -> list[Trace]:
    """Write the numbers: bold in the colour of the status where missed, ink elsewhere."""
    traces = []
    for status in GROUND:
        part = cells[cells["status"] == status]
        missed = status == "missed"
        texts = [canvas.bold(text) if missed else text for text in part["text"]]
        colour = look.vermilion if missed else look.ink
        font = {"family": FONTS, "size": SMALL, "color": colour}
        answering = _answering(part, colour, say)
        traces.append(_marks(part, name=status, mode="text", text=texts, textfont=font, **answering))
    return traces


def _answering(part: pd.DataFrame, colour: str, say: Say) -> dict[str, Any]:
    """Let cells be pointed at and chosen: their unit and target come with a click as customdata."""
    return {
        "customdata": part[["unit", "target"]].to_numpy().tolist(),
        "hovertext": [_cell_hover(row, say) for row in part.to_dict("records")],
        "hoverinfo": "text",
        "unselected": {"textfont": {"color": colour}},
    }


def _cell_signs(cells: pd.DataFrame, look: Look) -> list[Trace]:
    """Set a small square in a missed cell and a triangle in one at the edge, so that colour is not alone."""
    traces = []
    for status, symbol in (("at_risk", "triangle-up"), ("missed", "square")):
        part = cells[cells["status"] == status]
        part = part.assign(x=part["x"] + 0.36, y=part["y"] + 0.3)
        marker = {"symbol": symbol, "size": 5, "color": look.status(status), "line": {"width": 0}}
        traces.append(_marks(part, name=f"{status} sign", mode="markers", marker=marker, hoverinfo="skip"))
    return traces


def _marks(part: pd.DataFrame, **drawn: Any) -> Trace:
    return canvas.trace("scatter", x=part["x"].tolist(), y=part["y"].tolist(), cliponaxis=False, **drawn)
