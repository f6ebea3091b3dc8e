"""Matrices, flows and lists as native tables: a text, a fill and a side a cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from pages.parts.charts import canvas
from pages.parts.look import Look
from pages.parts.slides import rich
from pages.parts.slides.frame import Frame
from pages.parts.slides.plot import each_of, values
from pages.parts.slides.rich import NAMESPACES, POINT, Box, Numbers, Style

SIGNS = {"triangle-up": "▲", "square": "■", "diamond": "◆", "circle": "●"}
MARGIN = 3.0
"""Points between the text of a cell and its sides."""


@dataclass(frozen=True)
class Cell:
    """One cell: what it says (with marks of weight and colour), its type, side and ground, and points left of it."""

    text: str
    style: Style
    align: str = "l"
    fill: str = ""
    upright: bool = False
    left: float = MARGIN


@dataclass(frozen=True)
class Grid:
    """A table on a slide: columns and rows in English metric units, a row of heads first."""

    box: Box
    wide: Sequence[float]
    high: Sequence[float]
    cells: Sequence[Sequence[Cell]]


def is_matrix(traces: Sequence[Mapping[str, Any]]) -> bool:
    """Whether traces are a matrix, which is a table on a slide."""
    return any(each["type"] in {"heatmap", "sankey"} for each in traces)


def matrix(traces: Sequence[Mapping[str, Any]], frame: Frame, look: Look) -> Grid:
    """Give the table of a heat map, its rows from the top, or of the streams of a flow."""
    if traces[0]["type"] == "sankey":
        return _streams(traces[0], frame, look)
    heat = next(each for each in traces if each["type"] == "heatmap")
    tall, wide = len(heat["z"]), len(heat["z"][0])
    texts = _texts(traces, frame)
    muted = Style(canvas.SMALL * frame.points, look.muted)
    heads = dict(frame.axis("x").ticks)
    marks = {float(note["y"]): note for note in frame.layout.get("annotations", ()) if _names_a_row(note)}
    top, bottom = frame.along("y", tall - 0.5), frame.along("y", -0.5)
    cell = (bottom - top) / tall
    firsts = [_row_head(marks.get(row), frame, muted, cell / POINT) for row in range(tall)]
    rows = [
        [firsts[row], *(_cell(heat, texts.get((column, row)), row, column, frame, look) for column in range(wide))]
        for row in range(tall)
    ]
    left = max(rich.extent(each.text, each.style.size)[0] for each in firsts) * POINT + 3 * MARGIN * POINT
    column = (frame.box.wide - left) / wide
    texts_of_heads = [heads.get(place, "") for place in range(wide)]
    flat = [_flat(text, column / POINT - 2 * MARGIN, muted.size) for text in texts_of_heads]
    upright = max(rich.extent(text, muted.size)[0] for text in flat) > column / POINT
    head = [Cell(text, muted, "ctr", upright=upright) for text in (texts_of_heads if upright else flat)]
    if not upright:
        top = frame.box.y + (max(rich.extent(text, muted.size)[1] for text in flat) + 2 * MARGIN) * POINT
    return Grid(
        Box(frame.box.x, frame.box.y, frame.box.wide, bottom - frame.box.y),
        [left, *[column] * wide],
        [top - frame.box.y, *[(bottom - top) / tall] * tall],
        [[Cell("", muted), *head], *reversed(rows)],
    )


def _flat(head: str, points: float, size: float) -> str:
    """Break a head into lines of so many points."""
    whole = canvas.joined(head)
    return canvas.wrap(whole, max(1.0, points / size)) if whole else ""


def _names_a_row(note: Mapping[str, Any]) -> bool:
    return str(note.get("xref", "")).endswith("domain") and note["x"] == 0 and note.get("yref", "y") == "y"


def is_in_cell(note: Mapping[str, Any]) -> bool:
    """Whether a note of a matrix stands in a cell or names a row, and so in the table already."""
    in_cell = note.get("xref", "x") == "x" and note.get("yref", "y") == "y"
    return in_cell or _names_a_row(note)


def _row_head(note: Mapping[str, Any] | None, frame: Frame, style: Style, high: float) -> Cell:
    """Name a row, in one line where the lines it has do not fit into `high` points."""
    if note is None:
        return Cell("", style)
    own = Style(float(note["font"]["size"]) * frame.points, str(note["font"]["color"]))
    text = str(note["text"])
    if rich.extent(text, own.size)[1] > high:
        text = canvas.joined(text)
    return Cell(text, own)


def _texts(traces: Sequence[Mapping[str, Any]], frame: Frame) -> dict[tuple[int, int], tuple[str, Style]]:
    """Give what stands in each cell: written texts and notes, with the small signs beside them."""
    found: dict[tuple[int, int], tuple[str, Style]] = {}
    for each in traces:
        if each["type"] == "scatter" and each.get("mode") == "text":
            font = each["textfont"]
            colours = each_of(font["color"], len(each["x"]), "")
            for x, y, text, tone in zip(each["x"], each["y"], each["text"], colours, strict=True):
                found[round(x), round(y)] = str(text), Style(float(font["size"]) * frame.points, str(tone))
    for note in frame.layout.get("annotations", ()):
        if note.get("xref", "x") == "x" and note.get("yref", "y") == "y":
            font = note["font"]
            place = round(float(note["x"])), round(float(note["y"]))
            found[place] = str(note["text"]), Style(float(font["size"]) * frame.points, str(font["color"]))
    for each in traces:
        if each["type"] == "scatter" and each.get("mode") == "markers" and each["marker"].get("opacity", 1):
            for x, y in zip(each["x"], each["y"], strict=True):
                place = round(x), round(y)
                if place in found:
                    text, style = found[place]
                    found[place] = f"{text} {SIGNS[str(each['marker'].get('symbol', 'circle'))]}", style
    return found


def _cell(
    heat: Mapping[str, Any], text: tuple[str, Style] | None, row: int, column: int, frame: Frame, look: Look
) -> Cell:
    said, style = text or ("", Style(canvas.SMALL * frame.points, look.ink))
    value = values([heat["z"][row][column]])[0]
    return Cell(said, style, "ctr", "" if value is None else _shade(heat, value))


def _shade(heat: Mapping[str, Any], value: float) -> str:
    """Give the colour of a value on the scale of a heat map."""
    low, high = float(heat["zmin"]), float(heat["zmax"])
    part = min(1.0, max(0.0, (value - low) / ((high - low) or 1)))
    for (start, first), (end, last) in pairwise(heat["colorscale"]):
        if part <= end:
            return _between(first, last, (part - start) / ((end - start) or 1))
    return str(heat["colorscale"][-1][1])


def _between(first: str, last: str, part: float) -> str:
    ends = [np.array([int(tone[place : place + 2], 16) for place in (1, 3, 5)]) for tone in (first, last)]
    mixed = ends[0] + (ends[1] - ends[0]) * part
    return "#" + "".join(f"{round(value):02x}" for value in mixed)


def _streams(flow: Mapping[str, Any], frame: Frame, look: Look) -> Grid:
    """Give streams as a matrix: from rows to columns."""
    names, link = flow["node"]["label"], flow["link"]
    sources, sinks = list(dict.fromkeys(link["source"])), list(dict.fromkeys(link["target"]))
    count = {(a, b): n for a, b, n in zip(link["source"], link["target"], link["value"], strict=True)}
    most = max(count.values())
    body, muted = Style(canvas.BODY * frame.points, look.ink), Style(canvas.SMALL * frame.points, look.muted)
    scale = {"zmin": 0, "zmax": most, "colorscale": [[0, look.wash], [1, look.blue_pale]]}
    head = [Cell("", muted), *(Cell(str(names[sink]), muted, "ctr") for sink in sinks)]
    rows = [
        [Cell(str(names[source]), body)]
        + [
            Cell(f"{count[source, sink]:,}", body, "ctr", _shade(scale, count[source, sink]))
            if (source, sink) in count
            else Cell("·", muted, "ctr")
            for sink in sinks
        ]
        for source in sources
    ]
    first = canvas.width([str(names[each]) for each in sources], body.size) * POINT + 4 * MARGIN * POINT
    rest = (frame.box.wide - first) / len(sinks)
    row = min(frame.box.high / (len(rows) + 1), 40 * POINT)
    high = row * (len(rows) + 1)
    box = replace(frame.box, high=high)
    return Grid(box, [first, *[rest] * len(sinks)], [row] * (len(rows) + 1), [head, *rows])


def drawn(grid: Grid, numbers: Numbers, paper: str, name: str) -> str:
    """Write a table with gaps in the colour of the paper between its cells."""
    columns = "".join(f'<a:gridCol w="{round(wide)}"/>' for wide in grid.wide)
    rows = "".join(
        f'<a:tr h="{round(high)}">{"".join(_drawn_cell(cell, paper) for cell in row)}</a:tr>'
        for high, row in zip(grid.high, grid.cells, strict=True)
    )
    box = grid.box
    return (
        f'<p:graphicFrame {NAMESPACES}><p:nvGraphicFramePr><p:cNvPr id="{next(numbers)}" name="{name}"/>'
        '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
        f'<p:xfrm><a:off x="{round(box.x)}" y="{round(box.y)}"/>'
        f'<a:ext cx="{round(sum(grid.wide))}" cy="{round(sum(grid.high))}"/></p:xfrm>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl>'
        f'<a:tblPr firstRow="1"/><a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic>'
        "</p:graphicFrame>"
    )


def _drawn_cell(cell: Cell, paper: str) -> str:
    """Write a cell; a text of one character of paper stays where there is none, so that rows keep their height."""
    left, right = round(cell.left * POINT), round(MARGIN * POINT)
    turned = ' vert="vert270"' if cell.upright else ""
    sides = "".join(
        f'<a:{edge} w="{round(1.5 * POINT)}">{rich.solid(paper)}</a:{edge}>' for edge in ("lnL", "lnR", "lnT", "lnB")
    )
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{rich.paragraphs(cell.text, cell.style, cell.align)}</a:txBody>"
        f'<a:tcPr marL="{left}" marR="{right}" marT="0" marB="0" anchor="ctr"{turned}>{sides}'
        f"{rich.solid(cell.fill) if cell.fill else '<a:noFill/>'}</a:tcPr></a:tc>"
    )


def texts_of(grid: Grid) -> Iterator[str]:
    """Give everything that a table says, without its marks."""
    return (canvas.plain(cell.text) for row in grid.cells for cell in row)
