"""What every form stands on: the ground of a figure, axes, lines and notes, and measuring and breaking text.

Sizes are pixels; a text is measured in Chinese characters, as wide as its size.
"""

import functools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

import pandas as pd
import plotly.graph_objects as go
from plotly.basedatatypes import BaseFigure

from pages.parts.look import FONTS, Look

SMALL, BODY, STRONG = 12, 13, 15
WIDE = 0x2E80
BESIDE = 16
"""Pixels between the names of rows and what is drawn."""
LATIN = {**dict.fromkeys(" ijlIftr.,:;'|!()[]{}-/", 0.36), **dict.fromkeys("mwMW%@", 0.92), **dict.fromkeys("“”", 1.0)}
LATIN_CAPITAL, LATIN_OTHER = 0.7, 0.59
"""How wide signs are of Chinese characters; measured in bold, which is the wider, of what the pages are set in."""
WRAPPED = re.compile(r"(?<=[\u2e80-\uffff])<br>(?=[\u2e80-\uffff])")
"""A break within Chinese words, where no space belongs."""
MARKS = re.compile(r"</?(?:b|span)\b[^>]*>")
OWN = r"</?b>|<br>|</span>|<span style=\"[^\"<>]*\">|</?extra>"
STRAY = re.compile(rf"(?!{OWN})<")
"""A sign that would begin a mark which no form of ours sets: it came with a name."""
ENTITY = re.compile(r"&(?=#?\w+;)")
SIGNS = "[<>&]"
CLOSING = "）)，。；、%"
DASHES = re.compile(r"\d+(?:\.\d+)?")
PIXELS = frozenset(("size", "height", "xshift", "yshift", "borderpad", "xgap", "ygap", "standoff", "arrowwidth"))
PIXELS_WITHIN = {
    "margin": ("l", "r", "t", "b", "pad"),
    "line": ("width",),
    "error_x": ("width", "thickness"),
    "error_y": ("width", "thickness"),
    "node": ("pad", "thickness"),
}
"""What Plotly measures in pixels: everywhere by these names, and by these within a part; elsewhere they are data."""
Shape = dict[str, Any]
Note = dict[str, Any]
Trace = dict[str, Any]


class Figure(BaseFigure):  # type: ignore[misc]
    """A figure as plain data: what is drawn with it pays for no validation, which is most of a page's time.

    Whoever looks into `data` or `layout` gets Plotly's validated objects, so that a wrong attribute is found there.
    """

    def __init__(self, traces: Sequence[Trace], layout: dict[str, Any]) -> None:
        """Keep the traces and the layout as they are, but for marks that are not ours."""
        self._spec: dict[str, Any] = {"data": _ours(list(traces)), "layout": _ours(layout)}

    def coded(self, codes: Mapping[str, str]) -> Self:
        """Put codes in the place of the names that a click on the figure would give; other texts stay."""
        for drawn in self._spec["data"]:
            if "customdata" in drawn:
                drawn["customdata"] = [[codes.get(name, name) for name in names] for names in drawn["customdata"]]
        return self

    def to_dict(self) -> dict[str, Any]:
        """Give the figure as it is sent to the browser."""
        return self._spec

    @functools.cached_property
    def _validated(self) -> go.Figure:
        return go.Figure(self._spec)

    @property
    def data(self) -> tuple[Any, ...]:
        """Give the traces as Plotly's objects."""
        return tuple(self._validated.data)

    @property
    def layout(self) -> go.Layout:
        """Give the layout as Plotly's object."""
        return self._validated.layout


def _ours(part: Any) -> Any:
    """Give a part of a figure with the signs in its texts written wide that would begin a mark which is not ours."""
    if isinstance(part, str):
        return STRAY.sub("＜", part) if "<" in part else part
    if isinstance(part, dict):
        return {name: _ours(value) for name, value in part.items()}
    return [_ours(each) for each in part] if isinstance(part, list | tuple) else part


def literal(text: str) -> str:
    """Write a name so that it is read as it is spelt among texts in which signs have a meaning."""
    return ENTITY.sub("＆", text).replace("<", "＜").replace(">", "＞")


def spelt(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give tables whose names can be drawn, whatever people are called."""
    return {role: table.assign(**dict(_spelt(table))) for role, table in tables.items()}


def _spelt(table: pd.DataFrame) -> Iterator[tuple[str, list[Any]]]:
    for name in table.select_dtypes(include=["object", "str"]):
        if table[name].astype("str").str.contains(SIGNS).any():
            yield str(name), [literal(cell) if isinstance(cell, str) else cell for cell in table[name]]


def trace(kind: str, **drawn: Any) -> Trace:
    """Give a trace of Plotly's kind: bar, scatter, heatmap; what is None is left out."""
    return {"type": kind, **{name: value for name, value in drawn.items() if value is not None}}


def figure(traces: Sequence[Trace], look: Look, *, height: float, margin: dict[str, float], **layout: Any) -> Figure:
    """Put traces on our own ground: no template, no legend, no modebar colours of Plotly's."""
    ground = {
        "height": round(height),
        "margin": {"pad": 0, **margin},
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [look.blue, look.plum, look.pine, look.ochre, look.slate],
        "font": {"family": FONTS, "size": BODY, "color": look.ink},
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.34,
        "hoverlabel": {**_hover_label(look), "align": "left"},
    }
    return Figure(traces, {**ground, **layout})


def enlarged(drawn: Figure, by: float) -> Figure:
    """Give the same figure with all that is measured in pixels `by` times as large, for who sits far from it."""
    spec = drawn.to_dict()
    return Figure([_enlarged(each, by) for each in spec["data"]], _enlarged(spec["layout"], by))


def _enlarged(part: dict[str, Any], by: float, parent: str = "") -> dict[str, Any]:
    pixels = {*PIXELS, *PIXELS_WITHIN.get(parent, ())}
    pixels |= {end for side in "xy" if part.get(f"{side}sizemode") == "pixel" for end in (f"{side}0", f"{side}1")}
    return {name: _times(value, by, name, measured=name in pixels) for name, value in part.items()}


def _times(value: Any, by: float, name: str, *, measured: bool) -> Any:
    if isinstance(value, dict):
        return _enlarged(value, by, name)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_enlarged(each, by, name) for each in value]
    if name == "dash":
        return DASHES.sub(lambda number: f"{float(number[0]) * by:g}", value)
    if not measured or value is None:
        return value
    return [each * by for each in value] if isinstance(value, list) else value * by


def _hover_label(look: Look) -> dict[str, Any]:
    font = {"family": FONTS, "size": BODY, "color": look.ink}
    return {"bgcolor": look.surface, "bordercolor": look.hairline, "font": font}


def bare_axis(**axis: Any) -> dict[str, Any]:
    """Give an axis that draws nothing by itself and cannot be dragged."""
    bare = {"showgrid": False, "zeroline": False, "showline": False, "ticks": "", "fixedrange": True}
    return {**bare, "showticklabels": False, **axis}


def tick_font(look: Look) -> dict[str, Any]:
    """Give the type that axes are named in."""
    return {"family": FONTS, "size": SMALL, "color": look.muted}


def note(text: str, look: Look, *, size: float = BODY, colour: str | None = None, **place: Any) -> Note:
    """Give a text that stands by itself; `place` is x, y and their anchors and shifts."""
    font = {"family": FONTS, "size": size, "color": colour or look.ink}
    return {"text": text, "showarrow": False, "font": font, "borderpad": 0, **place}


def line(colour: str, *, width: float = 1, dash: str = "solid", **place: Any) -> Shape:
    """Give a straight line; `place` is x0, x1, y0, y1 and what they are measured on."""
    return {"type": "line", "line": {"color": colour, "width": width, "dash": dash}, **place}


def _units(text: str) -> float:
    """Measure a text in Chinese characters."""
    return sum(_unit(sign) for sign in text)


def _unit(sign: str) -> float:
    if ord(sign) >= WIDE:
        return 1.0
    return LATIN.get(sign, LATIN_CAPITAL if sign.isupper() else LATIN_OTHER)


def width(texts: Sequence[str], size: float) -> float:
    """Measure the longest of these texts, line by line, in pixels."""
    return max((_units(row) for text in texts for row in text.split("<br>")), default=0.0) * size


def plain(text: str) -> str:
    """Take marks of weight and colour off a text, leaving its lines."""
    return MARKS.sub("", text)


def joined(text: str) -> str:
    """Write the lines of a text as one."""
    return WRAPPED.sub("", text).replace("<br>", " ")


def _words(text: str) -> list[str]:
    """Part a text where a line may break: at spaces, and round every Chinese character."""
    parts: list[str] = []
    for sign in text:
        breakable = ord(sign) >= WIDE
        if parts and not breakable and not _ends_wide(parts[-1]):
            parts[-1] += sign
        else:
            parts.append(sign)
        if sign == " ":
            parts.append("")
    return [part for part in parts if part]


def _ends_wide(part: str) -> bool:
    return bool(part) and ord(part[-1]) >= WIDE


def wrap(text: str, units: float, *, fewest: bool = False) -> str:
    """Break a text into even lines no wider than `units` Chinese characters where words allow it.

    Even lines may be one more than would do; with `fewest` they are then left uneven.
    """
    aside = _units(text) > units and text.endswith("）")
    whole = text.replace("（", "<br>（") if aside else text
    return "<br>".join(_wrap_line(row, units, fewest=fewest) for row in whole.split("<br>") if row)


def _wrap_line(text: str, units: float, *, fewest: bool) -> str:
    even = _units(text) / math.ceil(_units(text) / units) + 0.6
    lines, full = filled(text, min(units, even)), filled(text, units)
    return "<br>".join(full if fewest and len(full) < len(lines) else lines)


def filled(text: str, units: float) -> list[str]:
    """Part a text into lines, each taking as many words as `units` Chinese characters hold."""
    lines = [""]
    for part in _words(text):
        full = _units(lines[-1] + part.rstrip()) > units
        if lines[-1] and full and part not in CLOSING:
            lines.append("")
        lines[-1] += part
    return [row.strip() for row in lines]


def shortened(text: str, units: float) -> str:
    """Cut a text that is wider than `units` Chinese characters, showing that it was cut."""
    if _units(text) <= units:
        return text
    kept = text
    while _units(kept) > units - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def bold(text: str) -> str:
    """Mark a text as strong."""
    return f"<b>{text}</b>"


def suffix(panel: int) -> str:
    """Name the axes of a panel as Plotly does: x, x2, x3."""
    return "" if panel == 0 else str(panel + 1)


def row_labels(
    texts: Sequence[str],
    look: Look,
    *,
    left: float,
    strong: Sequence[bool],
    panel: int = 0,
    size: float = BODY,
    quiet: bool = False,
    whole: Sequence[str] = (),
) -> list[Note]:
    """Write the names of rows, left-aligned at the outer edge of a margin `left` pixels wide.

    `whole` are the names where they are written shortened; pointing at one says it.
    """
    place: Note = {"x": 0, "xref": f"x{suffix(panel)} domain", "xanchor": "left", "xshift": -left, "align": "left"}
    return [
        note(
            bold(text) if stands_out else text,
            look,
            size=size,
            colour=look.muted if quiet and not stands_out else look.ink,
            y=row,
            yref=f"y{suffix(panel)}",
            **place,
            **({"hovertext": whole[row], "hoverlabel": _hover_label(look)} if text not in (whole or texts) else {}),
        )
        for row, (text, stands_out) in enumerate(zip(texts, strong, strict=True))
    ]


def named_in_full(figure: Figure) -> Figure:
    """Give a figure with the names of its rows that a page shortens in full, on a margin as broad as that takes."""
    layout = figure.to_dict()["layout"]
    margin = layout["margin"]
    names = [note for note in layout.get("annotations", ()) if note.get("xshift") == -margin["l"]]
    if not any("hovertext" in note for note in names):
        return figure
    told = {id(note): note.get("hovertext", note["text"]) for note in names}
    left = max(width([plain(told[id(note)])], note["font"]["size"]) for note in names) + BESIDE
    written = [
        {**note, "text": told[id(note)], "xshift": -left} if id(note) in told else note
        for note in layout["annotations"]
    ]
    return Figure(figure.to_dict()["data"], {**layout, "margin": {**margin, "l": left}, "annotations": written})
