"""Text as PowerPoint writes it: runs in one set of fonts for Latin and Chinese, paragraphs, boxes."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from lxml import etree

from pages.parts.charts import canvas

FONT = "Microsoft YaHei"
"""What every computer in an office has; LibreOffice takes another of its kind."""
POINT = 12_700
"""English metric units of a point."""
LEADING = 1.25
WIDER = 1.08
"""How much wider than measured a text may come out in another font."""
TOKEN = re.compile(rf"({canvas.OWN})")
COLOUR = re.compile(r"color:\s*(#[0-9a-fA-F]{6})")
SANE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
FACES = f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/><a:cs typeface="{FONT}"/>'


def faces() -> "list[etree._Element]":
    """Give the fonts of both scripts as elements."""
    return list(etree.fromstring(f"<x {NAMESPACES}>{FACES}</x>"))


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is set: points, #rrggbb, weight."""

    size: float
    colour: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide in English metric units."""

    x: float
    y: float
    wide: float
    high: float

    @property
    def xfrm(self) -> str:
        """The rectangle as a shape's frame."""
        return (
            f'<a:xfrm><a:off x="{round(self.x)}" y="{round(self.y)}"/>'
            f'<a:ext cx="{max(0, round(self.wide))}" cy="{max(0, round(self.high))}"/></a:xfrm>'
        )


def run(text: str, style: Style) -> str:
    """Write a run of text."""
    return f"<a:r>{properties(style)}<a:t>{escape(SANE.sub('', text))}</a:t></a:r>"


def properties(style: Style, tag: str = "rPr") -> str:
    """Write what a run looks like, with the fonts of both scripts."""
    weight = ' b="1"' if style.bold else ""
    return (
        f'<a:{tag} lang="zh-CN" altLang="en-US" sz="{round(style.size * 100)}"{weight} dirty="0">'
        f"{solid(style.colour)}{FACES}</a:{tag}>"
    )


def solid(colour: str, opacity: float = 1) -> str:
    """Write a fill of one colour."""
    alpha = f'<a:alpha val="{round(opacity * 100_000)}"/>' if opacity < 1 else ""
    return f'<a:solidFill><a:srgbClr val="{colour.lstrip("#")}">{alpha}</a:srgbClr></a:solidFill>'


def paragraphs(text: str, style: Style, align: str = "l") -> str:
    """Write a text with marks of weight and colour and its lines as paragraphs."""
    leading = round(style.size * LEADING * 100)
    return "".join(
        f'<a:p><a:pPr marL="0" indent="0" algn="{align}"><a:lnSpc><a:spcPts val="{leading}"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/></a:pPr>'
        f"{''.join(run(*piece) for piece in pieces) or properties(style, 'endParaRPr')}</a:p>"
        for pieces in _lines(text, style)
    )


def _lines(text: str, style: Style) -> Iterator[list[tuple[str, Style]]]:
    pieces: list[tuple[str, Style]] = []
    stack = [style]
    for part in TOKEN.split(text.replace("\n", "<br>")):
        if part == "<br>":
            yield pieces
            pieces = []
        elif part in ("</b>", "</span>"):
            stack = stack[:-1] or stack
        elif TOKEN.fullmatch(part):
            found = COLOUR.search(part)
            colour = found[1] if found else stack[-1].colour
            stack.append(replace(stack[-1], bold=stack[-1].bold or part == "<b>", colour=colour))
        elif part:
            pieces.append((part, stack[-1]))
    yield pieces


def extent(text: str, size: float) -> tuple[float, float]:
    """Measure a text: how wide and high it is in the unit of `size`, a little more than its letters take."""
    lines = canvas.plain(text.replace("\n", "<br>")).split("<br>")
    return canvas.width(lines, size) * 1.04 + 0.2 * size, len(lines) * size * LEADING


class Numbers:
    """The numbers of shapes on one slide, each given once."""

    def __init__(self, first: int = 1000) -> None:
        """Begin beyond those that python-pptx gives."""
        self._count = itertools.count(first)

    def __next__(self) -> int:
        """Give the next one."""
        return next(self._count)


def text_box(
    numbers: Numbers, box: Box, body: str, *, name: str = "text", anchor: str = "t", upright: str = "", fill: str = ""
) -> str:
    """Write a box of paragraphs that neither wraps nor grows; `upright` turns it (vert270)."""
    turned = f' vert="{upright}"' if upright else ""
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{next(numbers)}" name="{escape(name)}"/><p:cNvSpPr txBox="1"/>'
        f"<p:nvPr/></p:nvSpPr><p:spPr>{box.xfrm}"
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{solid(fill) if fill else "<a:noFill/>"}</p:spPr>'
        f'<p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"{turned} rtlCol="0">'
        f"<a:noAutofit/></a:bodyPr><a:lstStyle/>{body}</p:txBody></p:sp>"
    )


def straight(numbers: Numbers, start: tuple[float, float], end: tuple[float, float], line: str) -> str:
    """Write a straight line between two points in English metric units."""
    (x0, y0), (x1, y1) = start, end
    flips = (' flipH="1"' if x1 < x0 else "") + (' flipV="1"' if y1 < y0 else "")
    box = Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
    return (
        f'<p:cxnSp {NAMESPACES}><p:nvCxnSpPr><p:cNvPr id="{next(numbers)}" name="line"/><p:cNvCxnSpPr/><p:nvPr/>'
        f"</p:nvCxnSpPr><p:spPr>{box.xfrm.replace('<a:xfrm', f'<a:xfrm{flips}', 1)}"
        f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{line}</p:spPr></p:cxnSp>'
    )


def shape(numbers: Numbers, box: Box, fill: str, line: str) -> str:
    """Write a rectangle."""
    return _geometry(numbers, box, '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>', fill, line)


def polygon(numbers: Numbers, box: Box, points: list[list[tuple[float, float]]], fill: str, line: str) -> str:
    """Write open paths with corners in English metric units."""
    paths = "".join(
        f'<a:path w="{max(1, round(box.wide))}" h="{max(1, round(box.high))}">'
        + "".join(
            f"<a:{'lnTo' if place else 'moveTo'}>"
            f'<a:pt x="{round(x - box.x)}" y="{round(y - box.y)}"/></a:{"lnTo" if place else "moveTo"}>'
            for place, (x, y) in enumerate(path)
        )
        + "</a:path>"
        for path in points
    )
    drawn = (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>{paths}</a:pathLst></a:custGeom>'
    )
    return _geometry(numbers, box, drawn, fill, line)


def _geometry(numbers: Numbers, box: Box, drawn: str, fill: str, line: str) -> str:
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{next(numbers)}" name="shape"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f"<p:spPr>{box.xfrm}{drawn}{fill or '<a:noFill/>'}{line}</p:spPr></p:sp>"
    )


DASHES = {"dot": "sysDot", "dash": "dash", "dashdot": "dashDot"}


def pen(colour: str, points: float, dash: str = "solid", opacity: float = 1) -> str:
    """Write a line's colour, width in points and dashes, which are Plotly's names or pixels (5px,4px)."""
    if not points:
        return "<a:ln><a:noFill/></a:ln>"
    return f'<a:ln w="{round(points * POINT)}" cap="flat">{solid(colour, opacity)}{_dashes(dash)}<a:round/></a:ln>'


def _dashes(dash: str) -> str:
    if dash in {"", "solid"}:
        return ""
    if dash in DASHES:
        return f'<a:prstDash val="{DASHES[dash]}"/>'
    first = float(dash.split(",", maxsplit=1)[0].removesuffix("px"))
    return f'<a:prstDash val="{"sysDash" if first > 2 else "sysDot"}"/>'  # noqa: PLR2004 (pixels of a dot)
