"""Shapes, notes and names of axes of a figure as lines and text boxes, placed by the same coordinates."""

from collections.abc import Iterator, Mapping
from typing import Any

from pages.parts.slides import rich
from pages.parts.slides.frame import Axis, Frame
from pages.parts.slides.plot import colour
from pages.parts.slides.rich import Box, Numbers, Style

Place = Mapping[str, Any]
CORNER = {"left": 0.0, "center": 0.5, "right": 1.0, "top": 0.0, "middle": 0.5, "bottom": 1.0}
ALIGN = {"left": "l", "center": "ctr", "right": "r"}
THIRD = 1 / 3
TICK_AIR = 5


def below(frame: Frame, numbers: Numbers) -> Iterator[str]:
    """Give the lines of the grid and the shapes that lie under the charts."""
    yield from _grid(frame, numbers)
    for each in frame.layout.get("shapes", ()):
        if each.get("layer") == "below":
            yield from _shape(each, frame, numbers)


def above(frame: Frame, numbers: Numbers) -> Iterator[str]:
    """Give the shapes, notes and names of axes that lie over the charts."""
    for each in frame.layout.get("shapes", ()):
        if each.get("layer") != "below":
            yield from _shape(each, frame, numbers)
    yield from _ticks(frame, numbers)
    for note in frame.layout.get("annotations", ()):
        yield from note_of(note, frame, numbers)


def _axes(frame: Frame) -> Iterator[tuple[str, Axis]]:
    for name in frame.layout:
        if name.startswith(("xaxis", "yaxis")):
            short = name[0] + name[5:]
            yield short, frame.axis(short)


def _grid(frame: Frame, numbers: Numbers) -> Iterator[str]:
    for short, axis in _axes(frame):
        if axis.layout.get("showgrid"):
            other = frame.axis(str(axis.layout.get("anchor", ("y" if short[0] == "x" else "x") + short[1:])))
            line = rich.pen(str(axis.layout.get("gridcolor", "#e2e5e9")), 0.75)
            for value, _ in axis.ticks:
                at = frame.along(short, value)
                yield rich.straight(numbers, *_across(frame, short, other, at), line)


def _across(frame: Frame, short: str, other: Axis, at: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give the ends of a line across the whole panel at a place of an axis."""
    plot = frame.plot
    if short[0] == "y":
        left, right = (plot.x + part * plot.wide for part in other.domain)
        return (left, at), (right, at)
    top, bottom = (plot.y + (1 - part) * plot.high for part in reversed(other.domain))
    return (at, top), (at, bottom)


def _ticks(frame: Frame, numbers: Numbers) -> Iterator[str]:
    for short, axis in _axes(frame):
        if not axis.layout.get("showticklabels"):
            continue
        font = axis.layout.get("tickfont") or frame.layout["font"]
        style = Style(float(font["size"]) * frame.points, str(font["color"]))
        across = short[0] == "x"
        other = str(axis.layout.get("anchor", ("y" if across else "x") + short[1:]))
        on_top = axis.layout.get("side") == "top"
        first, last = frame.axis(other).domain
        edge = frame.plot.y + (1 - (last if on_top else first)) * frame.plot.high
        left = frame.plot.x + first * frame.plot.wide
        for value, text in axis.ticks:
            wide, high = (size * rich.POINT for size in rich.extent(text, style.size))
            at, air = frame.along(short, value), TICK_AIR * frame.scale
            if across:
                box = Box(at - wide / 2, edge - high - air if on_top else edge + air, wide, high)
            else:
                box = Box(left - wide - air, at - high / 2, wide, high)
            body = rich.paragraphs(text.strip(), style, "ctr" if across else "r")
            yield rich.text_box(numbers, box, body, anchor="b" if on_top else "t" if across else "ctr")


def note_of(note: Place, frame: Frame, numbers: Numbers) -> Iterator[str]:
    """Give a note as a box of text, and a line where it points at something."""
    x, y = frame.x(note, float(note["x"])), frame.y(note, float(note["y"]))
    font = note["font"]
    style = Style(float(font["size"]) * frame.points, str(font["color"]))
    wide, high = (size * rich.POINT for size in rich.extent(str(note["text"]), style.size))
    upright = abs(float(note.get("textangle", 0))) == 90  # noqa: PLR2004 (degrees)
    if upright:
        wide, high = high, wide
    points = bool(note.get("showarrow"))
    if points:
        tip = (x, y)
        x, y = x + float(note.get("ax", 0)) * frame.scale, y + float(note.get("ay", 0)) * frame.scale
        yield rich.straight(
            numbers, (x, y), tip, rich.pen(str(note.get("arrowcolor", font["color"])), float(note.get("arrowwidth", 1)))
        )
    x += float(note.get("xshift", 0)) * frame.scale
    y -= float(note.get("yshift", 0)) * frame.scale
    across = _anchor(note, "x", points=points)
    upward = _anchor(note, "y", points=points)
    box = Box(x - CORNER[across] * wide, y - CORNER[upward] * high, wide, high)
    usual = "center" if "<br>" in str(note["text"]) else across
    body = rich.paragraphs(str(note["text"]), style, ALIGN[str(note.get("align", usual))])
    ground = note.get("bgcolor")
    fill = colour(str(ground))[0] if ground and colour(str(ground))[1] else ""
    yield rich.text_box(numbers, box, body, anchor="ctr", upright="vert270" if upright else "", fill=fill)


def _anchor(note: Place, way: str, *, points: bool) -> str:
    """Give the side of a note that stands at its place; what is not said, Plotly takes from where it stands."""
    given = str(note.get(f"{way}anchor", "auto"))
    if given != "auto":
        return given
    low, middle, high = ("left", "center", "right") if way == "x" else ("bottom", "middle", "top")
    ref = str(note.get(f"{way}ref", way))
    if points or not (ref == "paper" or ref.endswith("domain")):
        return middle
    at = float(note[way])
    return low if at < THIRD else high if at > 1 - THIRD else middle


def _shape(each: Place, frame: Frame, numbers: Numbers) -> Iterator[str]:
    drawn = each.get("line", {})
    tone, seen = colour(str(drawn.get("color", "#5d6875")))
    opacity = seen * float(each.get("opacity", 1))
    line = rich.pen(tone, float(drawn.get("width", 1)) * frame.points, str(drawn.get("dash", "solid")), opacity)
    fill = ""
    if each.get("fillcolor"):
        ground, thick = colour(str(each["fillcolor"]))
        fill = rich.solid(ground, thick * float(each.get("opacity", 1)))
    if each["type"] == "path":
        yield from _path(each, frame, numbers, fill, line)
        return
    (x0, y0), (x1, y1) = (_corner(each, frame, end) for end in "01")
    if each["type"] == "line":
        yield rich.straight(numbers, (x0, y0), (x1, y1), line)
    else:
        yield rich.shape(numbers, Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)), fill, line)


def _corner(each: Place, frame: Frame, end: str) -> tuple[float, float]:
    x, y = float(each[f"x{end}"]), float(each[f"y{end}"])
    if each.get("xsizemode") == "pixel":
        across = frame.x(each, float(each["xanchor"])) + x * frame.scale
    else:
        across = frame.x(each, x)
    if each.get("ysizemode") == "pixel":
        return across, frame.y(each, float(each["yanchor"])) - y * frame.scale
    return across, frame.y(each, y)


def _path(each: Place, frame: Frame, numbers: Numbers, fill: str, line: str) -> Iterator[str]:
    """Give a path of straight parts: M and L with coordinates."""
    paths: list[list[tuple[float, float]]] = []
    for command in str(each["path"]).replace("M", "|M").replace("L", "|L").split("|"):
        if command.strip() in {"", "Z"}:
            continue
        x, y = (float(part) for part in command[1:].replace("Z", "").replace(",", " ").split())
        spot = _spot(each, frame, x, y)
        if command[0] == "M":
            paths.append([])
        paths[-1].append(spot)
    xs, ys = [x for path in paths for x, _ in path], [y for path in paths for _, y in path]
    box = Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    yield rich.polygon(numbers, box, paths, fill, line)


def _spot(each: Place, frame: Frame, x: float, y: float) -> tuple[float, float]:
    return _corner({**each, "x0": x, "y0": y}, frame, "0")
