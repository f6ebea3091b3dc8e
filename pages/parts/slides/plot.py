"""The traces of a figure as native charts: bars, areas, dots and lines, each with its workbook inside."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pages.parts.charts import canvas
from pages.parts.slides.frame import Frame
from pages.parts.slides.rich import Box, pen, solid
from pages.parts.slides.series import NO_MARKER, UNSEEN, Native, Series, marker

Trace = Mapping[str, Any]
AIR = 14
"""Pixels round a plot that marks at its edge may take."""
NO_LINE = "<a:ln><a:noFill/></a:ln>"
RGBA = re.compile(r"rgba?\((\d+),\s*(\d+),\s*(\d+)(?:,\s*([\d.]+))?\)")


class NoTwinError(ValueError):
    """A figure is drawn in a way that has no native twin yet; says which."""


def charts(traces: Sequence[Trace], frame: Frame, title: str) -> list[Native]:
    """Give the native charts of a figure, in the order in which they lie on each other."""
    drawn: list[Native] = []
    for x, y in frame.panels(traces):
        own = [each for each in traces if (each.get("xaxis", "x"), each.get("yaxis", "y")) == (x, y)]
        panel = _Panel(frame, x, y, title)
        drawn += panel.areas([each for each in own if each.get("fill")])
        drawn += panel.bars([each for each in own if each["type"] == "bar"])
        drawn += panel.dots([each for each in own if each["type"] == "scatter" and not each.get("fill")])
    return drawn


def values(given: Any) -> list[float | None]:
    """Give numbers as plain ones, None where there is none."""
    return [None if cell is None or pd.isna(cell) else float(cell) for cell in given]


def each_of(given: Any, number: int, default: Any) -> list[Any]:
    """Give an attribute for every point, whether it was given once or for each."""
    if given is None:
        return [default] * number
    return [given] * number if isinstance(given, str | int | float) else list(given)


def colour(given: str) -> tuple[str, float]:
    """Give a colour as #rrggbb with its opacity."""
    found = RGBA.fullmatch(given)
    if not found:
        return given, 1.0
    red, green, blue = (int(found[place]) for place in (1, 2, 3))
    return f"#{red:02x}{green:02x}{blue:02x}", float(found[4] or 1)


def row_names(frame: Frame, axis: str) -> dict[float, str]:
    """Give what the places of an axis are called: by its ticks, or by the notes that stand beside its rows."""
    ticks = frame.axis(axis).ticks if frame.axis(axis).layout.get("ticktext") else []
    names = {value: canvas.plain(text) for value, text in ticks}
    if axis.startswith("y"):
        for note in frame.layout.get("annotations", ()):
            if note.get("yref", "y") == axis and str(note.get("xref", "")).endswith("domain") and note["x"] == 0:
                names.setdefault(float(note["y"]), canvas.plain(str(note["text"])))
    return {value: text.replace("<br>", " ").strip() for value, text in names.items()}


class _Panel:
    """One pair of axes of a figure."""

    def __init__(self, frame: Frame, x: str, y: str, title: str) -> None:
        self.frame, self.x, self.y, self.title = frame, x, y, title

    # --- where it stands ---

    def _laid(self, left: float, right: float, top: float, bottom: float, **chart: Any) -> Native:
        """Lay a chart whose plot fills a rectangle, with air round it for marks at the edge."""
        air = AIR * self.frame.scale
        box = Box(left - air, top - air, right - left + 2 * air, bottom - top + 2 * air)
        inner = (air / box.wide, air / box.high, (right - left) / box.wide, (bottom - top) / box.high)
        return Native(box=box, inner=inner, **chart)

    def _whole(self, **chart: Any) -> Native:
        x, y = self.frame.axis(self.x), self.frame.axis(self.y)
        edges = [self.frame.along(self.x, x.low), self.frame.along(self.x, x.high)]
        ends = [self.frame.along(self.y, y.high), self.frame.along(self.y, y.low)]
        return self._laid(*edges, *ends, across=(x.low, x.high), upward=(y.low, y.high), **chart)

    def _name(self, trace: Trace, place: int, number: int) -> str:
        return str(trace.get("name") or (self.title if number == 1 else f"{self.title} {place + 1}"))

    # --- bars ---

    def bars(self, traces: Sequence[Trace]) -> Iterator[Native]:
        """Give a chart for every direction and width of bars."""
        kinds: dict[tuple[str, float], list[Trace]] = defaultdict(list)
        for each in traces:
            width = each.get("width", 1 - float(self.frame.layout.get("bargap", 0.2)))
            kinds[str(each.get("orientation", "v")), float(width)].append(each)
        for (way, width), own in kinds.items():
            yield self._bars(own, lying=way == "h", width=width)

    def _bars(self, traces: Sequence[Trace], *, lying: bool, width: float) -> Native:
        along, up = (self.y, self.x) if lying else (self.x, self.y)
        at, size = ("y", "x") if lying else ("x", "y")
        places = _places([float(value) for each in traces for value in each[at]])
        names = row_names(self.frame, along)
        categories = [names.get(place, f"{place:g}") for place in places]
        rows = {place: row for row, place in enumerate(places)}
        based = any(pd.Series(each.get("base", 0)).any() for each in traces)
        if based:
            series = list(self._segments(traces, rows, at, size))
        else:
            series = [
                self._plain(each, rows, at, size, self._name(each, place, len(traces)))
                for place, each in enumerate(traces)
            ]
        start, end = self.frame.along(along, places[0] - 0.5), self.frame.along(along, places[-1] + 0.5)
        low, high = (self.frame.along(up, end_) for end_ in (self.frame.axis(up).low, self.frame.axis(up).high))
        edges = (low, high, end, start) if lying else (start, end, high, low)
        axis = self.frame.axis(up)
        return self._laid(
            *edges,
            kind="bars" if lying else "columns",
            series=series,
            upward=(axis.low, axis.high),
            categories=categories,
            gap=min(500, round((1 - width) / width * 100)),
            stacked=based,
        )

    def _plain(self, trace: Trace, rows: Mapping[float, int], at: str, size: str, name: str) -> Series:
        """Give bars that stand on zero."""
        counts: list[float | None] = [None] * len(rows)
        looks = [""] * len(rows)
        for place, number, look in zip(trace[at], values(trace[size]), _looks(trace), strict=True):
            counts[rows[float(place)]], looks[rows[float(place)]] = number, look
        return _series(name, counts, looks)

    def _segments(self, traces: Sequence[Trace], rows: Mapping[float, int], at: str, size: str) -> Iterator[Series]:
        """Give bars that stand on bases as stacks of gaps, which are not seen, and bars."""
        stacks: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
        for trace in traces:
            bases = values(each_of(trace.get("base"), len(trace[at]), 0))
            for place, base, number, look in zip(trace[at], bases, values(trace[size]), _looks(trace), strict=True):
                start, end = sorted([base or 0.0, (base or 0.0) + (number or 0.0)])
                if end > start:
                    stacks[rows[float(place)]] += _by_sign(start, end, look)
        named = str(next((each["name"] for each in traces if each.get("name")), self.title))
        for side in (1, -1):
            ends = {
                row: sorted(
                    ((side * low, side * high, look) for low, high, look in own if side * (low + high) > 0),
                    key=lambda each: min(abs(each[0]), abs(each[1])),
                )
                for row, own in stacks.items()
            }
            for layer in range(max((len(own) for own in ends.values()), default=0)):
                gaps: list[float | None] = [None] * len(rows)
                bars: list[float | None] = [None] * len(rows)
                looks = [""] * len(rows)
                for row, own in ends.items():
                    if layer < len(own):
                        low, high = sorted(map(abs, own[layer][:2]))
                        before = max(map(abs, own[layer - 1][:2])) if layer else 0.0
                        gaps[row], bars[row], looks[row] = side * (low - before), side * (high - low), own[layer][2]
                if any(gaps):
                    yield Series(f"({named})", gaps, fill=UNSEEN, line=NO_LINE)
                yield _series(named if layer == 0 else f"{named} {layer + 1}", bars, looks)

    # --- areas ---

    def areas(self, traces: Sequence[Trace]) -> Iterator[Native]:
        """Give a chart for every area: what is under it, which is not seen, and what it covers."""
        for place, trace in enumerate(traces):
            x, y = values(trace["x"]), values(trace["y"])
            days, low, high = _band(x, y)
            fill, opacity = colour(str(trace["fillcolor"]))
            name = self._name(trace, place, len(traces))
            axis = self.frame.axis(self.y)
            edges = (self.frame.along(self.x, days[0]), self.frame.along(self.x, days[-1]))
            ends = (self.frame.along(self.y, axis.high), self.frame.along(self.y, axis.low))
            yield self._laid(
                *edges,
                *ends,
                kind="areas",
                days=[round(day) for day in days],
                upward=(axis.low, axis.high),
                series=[
                    Series(f"({name})", low, fill=UNSEEN),
                    Series(
                        name,
                        [top - foot for foot, top in zip(low, high, strict=True)],
                        fill=solid(fill, opacity * float(trace.get("opacity", 1))),
                    ),
                ],
            )

    # --- dots and lines ---

    def dots(self, traces: Sequence[Trace]) -> Iterator[Native]:
        """Give one chart with all dots and lines."""
        series = [
            part
            for place, each in enumerate(traces)
            for part in self._strokes(each, self._name(each, place, len(traces)))
        ]
        if series:
            yield self._whole(kind="dots", series=series)

    def _strokes(self, trace: Trace, name: str) -> Iterator[Series]:
        mode = str(trace.get("mode", "lines"))
        if mode == "text" or float(trace.get("marker", {}).get("opacity", 1)) == 0:
            return
        line = dict(trace.get("line", {})) if "lines" in mode else {}
        drawn = NO_LINE
        if line.get("width", 2) and line:
            tone, seen = colour(str(line["color"]))
            opacity = float(trace.get("opacity", 1)) * seen
            points = float(line.get("width", 2)) * self.frame.points
            drawn = pen(tone, points, str(line.get("dash", "solid")), opacity)
        for x, y in _unbroken(values(trace["x"]), values(trace["y"])):
            xs, ys = _stepped(x, y) if line.get("shape") == "hv" else (x, y)
            signs = self._signs(trace, len(xs)) if "markers" in mode else []
            yield Series(name, ys, xs, line=drawn, marker=signs[0] if signs else NO_MARKER,
                         points=signs if len(set(signs)) > 1 else ())  # fmt: skip

    def _signs(self, trace: Trace, number: int) -> list[str]:
        given = trace["marker"]
        edge = given.get("line", {})
        whole = float(given.get("opacity", 1)) * float(trace.get("opacity", 1))
        looks = zip(
            each_of(given.get("symbol"), number, "circle"),
            each_of(given.get("size"), number, 6),
            each_of(given.get("color"), number, "#000000"),
            each_of(edge.get("color"), number, "#000000"),
            each_of(edge.get("width"), number, 0),
            strict=True,
        )
        return [
            marker(symbol, size * self.frame.points, *_toned(fill, whole, rim, thick * self.frame.points))
            for symbol, size, fill, rim, thick in looks
        ]


def _toned(fill: str, whole: float, rim: str, thick: float) -> tuple[str, str, float, float]:
    tone, seen = colour(str(fill))
    return tone, colour(str(rim))[0], thick, whole * seen


def _series(name: str, counts: Sequence[float | None], looks: Sequence[str]) -> Series:
    """Give bars that look alike, or each as itself where they differ."""
    seen = list(dict.fromkeys(filter(None, looks)))
    usual = next(iter(seen), "")
    points = [look or usual for look in looks] if len(seen) > 1 else ()
    return Series(name, counts, fill=usual, points=points)


def _looks(trace: Trace) -> list[str]:
    """Give the fill and the edge of every bar."""
    number = len(trace["x"])
    given = trace.get("marker", {})
    edge = given.get("line", {})
    whole = float(trace.get("opacity", 1)) * float(given.get("opacity", 1))
    looks = zip(
        each_of(given.get("color"), number, "#5d6875"),
        each_of(edge.get("color"), number, "#5d6875"),
        each_of(edge.get("width"), number, 0),
        strict=True,
    )
    told = []
    for fill, rim, thick in looks:
        tone, seen = colour(str(fill))
        told.append(solid(tone, whole * seen) + pen(colour(str(rim))[0], float(thick)))
    return told


def _by_sign(start: float, end: float, look: str) -> list[tuple[float, float, str]]:
    """Part a bar at zero, from where stacks grow both ways."""
    if start < 0 < end:
        return [(start, 0.0, look), (0.0, end, look)]
    return [(start, end, look)]


def _places(given: Sequence[float]) -> list[float]:
    """Give the places of bars from the first to the last, one apart, also those where none stands."""
    first, last = min(given), max(given)
    places = [first + step for step in range(round(last - first) + 1)]
    found = {places[round(value - first)]: value for value in given}
    if any(abs(place - value) > 1e-6 for place, value in found.items()):  # noqa: PLR2004 (rounding)
        message = "Bars that are not one apart have no native twin."
        raise NoTwinError(message)
    return [found.get(place, place) for place in places]


def _band(x: Sequence[float | None], y: Sequence[float | None]) -> tuple[list[float], list[float], list[float]]:
    """Part an outline that goes along one side and back along the other into places, lower and upper side."""
    outline = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]
    turn = max(range(len(outline)), key=lambda place: (outline[place][0], -place))
    there, back = dict(outline[: turn + 1]), dict(outline[turn + 1 :])
    if set(there) != set(back) or any(at != round(at) for at in there):
        message = "An area whose sides are not told at the same whole places has no native twin."
        raise NoTwinError(message)
    days = sorted(there)
    pairs = [sorted([there[day], back[day]]) for day in days]
    return days, [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _unbroken(x: Sequence[float | None], y: Sequence[float | None]) -> Iterator[tuple[list[float], list[float]]]:
    """Part a line where it is broken."""
    xs: list[float] = []
    ys: list[float] = []
    for a, b in [*zip(x, y, strict=True), (None, None)]:
        if a is None or b is None:
            if xs:
                yield xs, ys
            xs, ys = [], []
        else:
            xs.append(a)
            ys.append(b)


def _stepped(x: list[float], y: list[float]) -> tuple[list[float], list[float]]:
    """Draw steps: each value holds up to the next place."""
    xs, ys = x[:1], y[:1]
    for place in range(1, len(x)):
        xs += [x[place], x[place]]
        ys += [y[place - 1], y[place]]
    return xs, ys
