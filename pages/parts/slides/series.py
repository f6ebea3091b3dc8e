"""Charts as PowerPoint keeps them: their XML, and the workbook inside that somebody edits them by."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from data import spreadsheet
from pages.parts.slides.rich import FACES, Box, pen, solid

SHEET = "Sheet1"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
ROUND = 10
UNSEEN = "<a:noFill/>"
Numbers = Sequence[float | None]


@dataclass(frozen=True)
class Series:
    """One row of marks. `x` are positions of dots and lines; bars and areas share the categories of their chart."""

    name: str
    y: Numbers
    x: Numbers = ()
    fill: str = ""
    line: str = ""
    marker: str = ""
    points: Sequence[str] = ()
    """What single points look like where they differ: the properties of each, in order."""


@dataclass(frozen=True)
class Native:
    """A chart to be laid on a slide: python-pptx takes it where it takes its own chart data."""

    kind: str
    box: Box
    inner: tuple[float, float, float, float]
    """Where the plot lies in the box: left, top, width and height as parts of it."""
    series: Sequence[Series]
    across: tuple[float, float] = (0, 1)
    upward: tuple[float, float] = (0, 1)
    categories: Sequence[str] = ()
    days: Sequence[int] = ()
    gap: int = 50
    stacked: bool = False
    title: str = field(default="", compare=False)

    @property
    def columns(self) -> list[tuple[str, Sequence[Any]]]:
        """The columns of the workbook: categories first, or the x and y of each series."""
        if self.kind == "dots":
            return [column for each in self.series for column in (("x", each.x), (each.name, each.y))]
        return [("", self.days or self.categories), *((each.name, each.y) for each in self.series)]

    def in_workbook(self, book: Any, sheet: str, title: str) -> Any:
        """Give the same chart in a workbook whose `sheet` holds the columns."""
        kinds = {"bars": "bar", "columns": "column", "areas": "area", "dots": "scatter"}
        more = {"subtype": "stacked"} if self.stacked or self.kind == "areas" else {}
        chart = book.add_chart(
            {
                "type": kinds[self.kind],
                **(more or ({"subtype": "straight_with_markers"} if self.kind == "dots" else {})),
            }
        )
        for place, each in enumerate(self.series):
            x, y = (2 * place, 2 * place + 1) if self.kind == "dots" else (0, place + 1)
            hidden = each.fill == UNSEEN
            chart.add_series(
                {
                    "name": each.name,
                    "categories": [sheet, 1, x, max(1, len(each.y)), x],
                    "values": [sheet, 1, y, max(1, len(each.y)), y],
                    **({"fill": {"none": True}, "border": {"none": True}} if hidden else {}),
                    **({"overlap": 100, "gap": self.gap} if self.kind in {"bars", "columns"} else {}),
                }
            )
        low, high = sorted(self.upward)
        value = {"min": low, "max": high, "major_gridlines": {"visible": True, "line": {"color": "#e2e5e9"}}}
        (chart.set_x_axis if self.kind == "bars" else chart.set_y_axis)(value)
        if self.kind == "dots":
            chart.set_x_axis({"min": min(self.across), "max": max(self.across)})
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"} if len(self.series) > 1 else {"none": True})
        chart.set_size({"width": 900, "height": 420})
        return chart

    def xml_bytes(self, _: Any) -> bytes:
        """Write the chart's part."""
        return _space(self).encode()

    @property
    def _workbook_writer(self) -> "Native":
        return self

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook inside."""
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, OPTIONS) as book:
            book.set_properties({"created": EPOCH})
            sheet = book.add_worksheet(SHEET)
            for column, (heading, cells) in enumerate(self.columns):
                sheet.write_string(0, column, _safe(heading))
                for row, cell in enumerate(cells, start=1):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, _safe(cell))
                    elif cell is not None:
                        sheet.write_number(row, column, cell)
        return file.getvalue()


def _safe(text: str) -> str:
    return str(spreadsheet.disarmed(text))


def _letter(column: int) -> str:
    high, low = divmod(column, 26)
    return (chr(64 + high) if high else "") + chr(65 + low)


def _reference(column: int, rows: int) -> str:
    return f"{SHEET}!${_letter(column)}$2:${_letter(column)}${rows + 1}"


def _number(value: float) -> str:
    return f"{value:.{ROUND}f}".rstrip("0").rstrip(".") or "0"


def _numbers(tag: str, column: int, values: Numbers, rows: int = 0) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{_number(float(value))}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:{tag}><c:numRef><c:f>{_reference(column, rows or len(values))}</c:f><c:numCache><c:formatCode>General"
        f'</c:formatCode><c:ptCount val="{rows or len(values)}"/>{points}</c:numCache></c:numRef></c:{tag}>'
    )


def _texts(column: int, texts: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{place}"><c:v>{escape(_safe(text))}</c:v></c:pt>' for place, text in enumerate(texts))
    return (
        f"<c:cat><c:strRef><c:f>{_reference(column, len(texts))}</c:f><c:strCache>"
        f'<c:ptCount val="{len(texts)}"/>{points}</c:strCache></c:strRef></c:cat>'
    )


def _space(chart: Native) -> str:
    left, top, wide, high = chart.inner
    drawn = {"bars": _bars, "columns": _bars, "areas": _areas, "dots": _dots}[chart.kind](chart)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout>'
        '<c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{left:.6f}"/><c:y val="{top:.6f}"/><c:w val="{wide:.6f}"/><c:h val="{high:.6f}"/>'
        f"</c:manualLayout></c:layout>{drawn}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000">{FACES}</a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="zh-CN">{FACES}</a:endParaRPr></a:p></c:txPr></c:chartSpace>'
    )


def _head(place: int, column: int, name: str) -> str:
    return (
        f'<c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:strRef><c:f>{SHEET}!${_letter(column)}$1</c:f>'
        f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(_safe(name))}</c:v></c:pt></c:strCache>'
        "</c:strRef></c:tx>"
    )


def _axis(kind: str, own: int, other: int, ends: tuple[float, float] | None, side: str, more: str = "") -> str:
    """Write an axis that draws nothing: the figure's own names stand beside it as text."""
    scaling = '<c:orientation val="minMax"/>'
    if ends:
        low, high = sorted(ends)
        turned = "maxMin" if ends[0] > ends[1] else "minMax"
        scaling = f'<c:orientation val="{turned}"/><c:max val="{_number(high)}"/><c:min val="{_number(low)}"/>'
    return (
        f'<c:{kind}><c:axId val="{own}"/><c:scaling>{scaling}</c:scaling><c:delete val="1"/>'
        f'<c:axPos val="{side}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="none"/><c:crossAx val="{other}"/>'
        f'<c:crosses val="autoZero"/>{more}</c:{kind}>'
    )


def _bars(chart: Native) -> str:
    lying = chart.kind == "bars"
    series = "".join(
        f"<c:ser>{_head(place, place + 1, each.name)}<c:spPr>{each.fill}{each.line}</c:spPr>"
        f'<c:invertIfNegative val="0"/>{_points(each)}{_texts(0, chart.categories)}'
        f"{_numbers('val', place + 1, each.y)}</c:ser>"
        for place, each in enumerate(chart.series)
    )
    return (
        f'<c:barChart><c:barDir val="{"bar" if lying else "col"}"/>'
        f'<c:grouping val="{"stacked" if chart.stacked else "clustered"}"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="{chart.gap}"/><c:overlap val="100"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        + _axis("catAx", 1, 2, None, "l" if lying else "b", '<c:auto val="0"/><c:noMultiLvlLbl val="1"/>')
        + _axis("valAx", 2, 1, chart.upward, "b" if lying else "l", '<c:crossBetween val="between"/>')
    )


def _points(series: Series) -> str:
    return "".join(
        f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"<c:spPr>{look}</c:spPr></c:dPt>"
        for place, look in enumerate(series.points)
    )


def _areas(chart: Native) -> str:
    series = "".join(
        f"<c:ser>{_head(place, place + 1, each.name)}<c:spPr>{each.fill}<a:ln><a:noFill/></a:ln></c:spPr>"
        f"{_numbers('cat', 0, chart.days)}{_numbers('val', place + 1, each.y)}</c:ser>"
        for place, each in enumerate(chart.series)
    )
    return (
        f'<c:areaChart><c:grouping val="stacked"/><c:varyColors val="0"/>{series}<c:axId val="1"/><c:axId val="2"/>'
        "</c:areaChart>"
        + _axis("dateAx", 1, 2, None, "b", '<c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="days"/>')
        + _axis("valAx", 2, 1, chart.upward, "l", '<c:crossBetween val="midCat"/>')
    )


def _dots(chart: Native) -> str:
    rows = max(len(each.x) for each in chart.series)
    series = "".join(
        f"<c:ser>{_head(place, 2 * place + 1, each.name)}<c:spPr>{each.line}</c:spPr>{each.marker}"
        f"{_markers(each)}{_numbers('xVal', 2 * place, each.x, rows)}{_numbers('yVal', 2 * place + 1, each.y, rows)}"
        '<c:smooth val="0"/></c:ser>'
        for place, each in enumerate(chart.series)
    )
    return (
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{series}'
        '<c:axId val="1"/><c:axId val="2"/></c:scatterChart>'
        + _axis("valAx", 1, 2, chart.across, "b", '<c:crossBetween val="midCat"/>')
        + _axis("valAx", 2, 1, chart.upward, "l", '<c:crossBetween val="midCat"/>')
    )


def _markers(series: Series) -> str:
    return "".join(
        f'<c:dPt><c:idx val="{place}"/>{look}<c:bubble3D val="0"/></c:dPt>' for place, look in enumerate(series.points)
    )


SYMBOLS = {"square": "square", "diamond": "diamond", "triangle-up": "triangle", "circle": "circle"}


def marker(symbol: str, points: float, fill: str, edge: str, edge_points: float, opacity: float = 1) -> str:
    """Write a mark of a point: its sign, its size in points, its colours."""
    size = min(72, max(2, round(points)))
    return (
        f'<c:marker><c:symbol val="{SYMBOLS.get(symbol, "circle")}"/><c:size val="{size}"/>'
        f"<c:spPr>{solid(fill, opacity)}{pen(edge, edge_points)}</c:spPr></c:marker>"
    )


NO_MARKER = '<c:marker><c:symbol val="none"/></c:marker>'
