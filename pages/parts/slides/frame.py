"""Where things of a figure stand on a slide: its axes, domains and paper in English metric units."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pages.parts.charts import canvas
from pages.parts.slides.rich import LEADING, POINT, WIDER, Box

SMALLEST, LARGEST = 0.85, 1.15
"""Points of a pixel: small type is still read, and no figure shouts."""
Layout = Mapping[str, Any]


@dataclass(frozen=True)
class Axis:
    """One axis: its range, the part of the plot it takes and what it names."""

    low: float
    high: float
    domain: tuple[float, float]
    layout: Layout

    def part(self, value: float) -> float:
        """Give how far along the whole plot a value lies, 0 to 1."""
        along = (float(value) - self.low) / (self.high - self.low)
        return self.domain[0] + along * (self.domain[1] - self.domain[0])

    @cached_property
    def ticks(self) -> list[tuple[float, str]]:
        """The values that are named, with their names."""
        values = self.layout.get("tickvals")
        if values is not None:
            low, high = sorted((self.low, self.high))
            texts = self.layout.get("ticktext") or [f"{value:g}" for value in values]
            named = zip(map(float, values), map(str, texts), strict=True)
            return [(value, text) for value, text in named if low <= value <= high]
        return [(value, f"{value:,g}") for value in rounded(self.low, self.high, int(self.layout.get("nticks", 5)))]


def rounded(low: float, high: float, most: int) -> list[float]:
    """Give round values between two ends, at most so many."""
    span = abs(high - low)
    unit = 10 ** math.floor(math.log10(span / most))
    step = next(unit * times for times in (1, 2, 5, 10, 20) if span / (unit * times) <= most)
    first = math.ceil(min(low, high) / step)
    return [round(step * place, 10) for place in range(first, math.floor(max(low, high) / step) + 1)]


Note = Mapping[str, Any]
FEWEST_ROWS = 3
"""Notes that make a column beside the rows."""


def of_rows(layout: Layout, box: Box) -> "Frame":
    """Lay a figure into a box, the names of rows in one line where rows are too close for several.

    Pages wrap names for the narrowest screen; a slide is wide, and its margins follow.
    """
    frame = Frame(layout, box)
    notes = layout.get("annotations", ())
    beside = [note for note in notes if frame.is_beside_rows(note)]
    sides = Counter((note["x"], note.get("xref")) for note in beside)
    beside = [note for note in beside if sides[note["x"], note.get("xref")] >= FEWEST_ROWS]
    places = sorted({float(note["y"]) for note in beside})
    if len(places) < FEWEST_ROWS or not any("<br>" in str(note["text"]) for note in beside):
        return frame
    pitch = abs(frame.y(beside[0], places[0]) - frame.y(beside[0], places[1])) / frame.scale
    if max(_high(note) for note in beside) <= pitch:
        return frame
    told = [{**note, "text": canvas.joined(str(note["text"]))} if note in beside else note for note in notes]
    named = [{**note, "text": canvas.joined(str(note["text"]))} for note in beside]
    margin = dict(layout["margin"])
    left = max((_wide(note) for note in named if not note["x"]), default=0) + 12
    right = [float(note["xshift"]) + _wide(note) for note in named if note["x"]]
    shift = max(0.0, left - float(margin["l"]))
    moved = [
        {**note, "xshift": float(note.get("xshift", 0)) - shift} if _at_left(note, float(margin["l"])) else note
        for note in told
    ]
    margin |= {"l": float(margin["l"]) + shift, "r": max([float(margin["r"]), *right])}
    return Frame({**layout, "margin": margin, "annotations": moved}, box)


def _at_left(note: Note, margin: float) -> bool:
    """Whether a note stands at the outer edge of the left margin."""
    return str(note.get("xref", "x")) != "x" and abs(float(note.get("xshift", 0)) + margin) < 1


def _high(note: Note) -> float:
    return (str(note["text"]).count("<br>") + 1) * float(note["font"]["size"]) * LEADING


def _wide(note: Note) -> float:
    return canvas.width([canvas.plain(str(note["text"]))], float(note["font"]["size"])) * WIDER


@dataclass(frozen=True)
class Frame:
    """A figure's layout laid into a box of a slide; `scale` is how many units a pixel is."""

    layout: Layout
    box: Box

    @cached_property
    def points(self) -> float:
        """The points that a pixel of type takes."""
        return min(LARGEST, max(SMALLEST, self.box.high / POINT / float(self.layout["height"])))

    @property
    def scale(self) -> float:
        """The English metric units that a pixel takes."""
        return self.points * POINT

    @cached_property
    def plot(self) -> Box:
        """Where the plot stands inside its margins."""
        margin = self.layout["margin"]
        left, right, top, bottom = (float(margin[side]) * self.scale for side in "lrtb")
        return Box(self.box.x + left, self.box.y + top, self.box.wide - left - right, self.box.high - top - bottom)

    def axis(self, name: str) -> Axis:
        """Give an axis by Plotly's short name: x, y2."""
        layout: Layout = self.layout.get(f"{name[0]}axis{name[1:]}", {})
        low, high = layout.get("range", (0, 1))
        first, last = layout.get("domain", (0, 1))
        return Axis(float(low), float(high), (float(first), float(last)), layout)

    def along(self, ref: str, value: float) -> float:
        """Give the place of a value on an axis, its domain or the paper."""
        across = ref.startswith("x") or ref == "paper x"
        part = float(value)
        if ref.endswith(" domain"):
            first, last = self.axis(ref.split(" ", maxsplit=1)[0]).domain
            part = first + part * (last - first)
        elif not ref.startswith("paper"):
            part = self.axis(ref).part(part)
        if across:
            return self.plot.x + part * self.plot.wide
        return self.plot.y + (1 - part) * self.plot.high

    def x(self, place: Mapping[str, Any], value: float) -> float:
        """Give where a value stands from the left, measured on what the shape or note says."""
        ref = str(place.get("xref", "x"))
        return self.along("paper x" if ref == "paper" else ref, value)

    def y(self, place: Mapping[str, Any], value: float) -> float:
        """Give where a value stands from the top, measured on what the shape or note says."""
        ref = str(place.get("yref", "y"))
        return self.along("paper y" if ref == "paper" else ref, value)

    def is_beside_rows(self, note: Note) -> bool:
        """Whether a note stands beside a row, left or right of the plot."""
        ref = str(note.get("xref", "x"))
        beside = (ref.endswith("domain") or ref == "paper") and float(note["x"]) in {0.0, 1.0}
        return beside and str(note.get("yref", "y")) == "y" and bool(note.get("xshift"))

    def panels(self, traces: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
        """Give the pairs of axes that traces are drawn on, in order."""
        return list(dict.fromkeys((str(each.get("xaxis", "x")), str(each.get("yaxis", "y"))) for each in traces))
