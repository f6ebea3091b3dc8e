"""Tables as a workbook: numbers and days as such, texts as texts, and none that a spreadsheet would run."""

import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import xlsxwriter

from data import spreadsheet
from pages.parts import evidence, rows, slides
from pages.parts.briefing import Briefing, Leaf, printable
from pages.parts.charts import canvas
from pages.parts.words import Words
from queries.warehouse import Answer

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top", "text_wrap": True}
NARROWEST, WIDEST = 8, 48
"""Characters of a column's width."""
MEASURED = 200
"""Rows that a column's width is taken from."""
LETTERS_A_CHARACTER = 2.1
"""Widths are counted in Latin letters, texts measured in Chinese characters."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


SHEET_NAME = 31
"""Signs that a sheet's name may have."""
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def workbook(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Write tables as the sheets of a workbook, by their names; a cell is a number, a date, a text or nothing."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        head = book.add_format({**FONT, "bold": True, "bottom": 1})
        body, day = book.add_format(FONT), book.add_format({**FONT, "num_format": "yyyy-mm-dd", "align": "left"})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, heading in enumerate(table.columns):
                sheet.write_string(0, place, str(heading), head)
                sheet.set_column(place, place, _width(str(heading), table[heading].tolist()))
                for row, cell in enumerate(table[heading].tolist(), start=1):
                    _write(sheet, row, place, cell, body, day)
    return file.getvalue()


def of_briefing(briefing: Briefing) -> bytes:
    """Write every table behind a briefing as a sheet, its bars and lines as charts, after a sheet that explains all.

    Rows of people stand in it only where the reader of the briefing may see names.
    """
    say, file = briefing.here.words, io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC), "title": briefing.title})
        formats = _Formats(book)
        explained = book.add_worksheet(say("Dictionary"))
        told = []
        for place, leaf in enumerate(printable(briefing), start=1):
            for part, answer in enumerate(leaf.answers):
                name = _sheet_name(place, part, leaf.title)
                _fill(book.add_worksheet(name), answer, say, formats)
                told.append(_explained(name, place + 1, leaf, answer, briefing))
            _draw(book, place, leaf, formats, say)
        _fill_texts(explained, pd.DataFrame(told), formats)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    """How cells look."""

    book: Any

    def of(self, **more: Any) -> Any:
        """Give a format."""
        return self.book.add_format({**FONT, **more})


def _sheet_name(place: int, part: int, title: str) -> str:
    number = f"{place:02d}" + (f".{part + 1}" if part else "")
    return f"{number} {NOT_IN_NAMES.sub(' ', title)}"[:SHEET_NAME].strip()


def _explained(name: str, slide: int, leaf: Leaf, answer: Answer, briefing: Briefing) -> dict[str, str]:
    """Say of one sheet what it holds, by which definition and clauses, from which build and with which filters."""
    say = briefing.here.words
    return {
        say("Sheet"): name,
        say("Figure"): leaf.title,
        say("Finding"): leaf.finding,
        say("Definition and source"): "\n".join(leaf.behind),
        say("Question"): f"{answer.query.name}: {say(answer.query.asks)}",
        say("Filters"): evidence.given(answer),
        say("As of"): say.month(briefing.as_of),
        say("Build"): answer.build_id,
        say("Slide"): str(slide),
    }


def _fill(sheet: Any, answer: Answer, say: Words, formats: "_Formats") -> None:
    """Write an answer: numbers as such, everything else as people read it."""
    readable = rows.readable(answer, say)
    counted = {rows.heading(column.name, say): column.name for column in answer.query.columns if rows.is_number(column)}
    head, body = formats.of(bold=True, bottom=1), formats.of()
    share, number = formats.of(num_format="0.0%"), formats.of(num_format="#,##0.###")
    sheet.freeze_panes(1, 0)
    for place, heading in enumerate(readable.columns):
        sheet.write_string(0, place, heading, head)
        sheet.set_column(place, place, _width(heading, readable[heading].head(MEASURED).tolist()))
        if heading in counted:
            style = share if counted[heading] in rows.PERCENT else number
            cells = answer.table[counted[heading]].tolist()
        else:
            style, cells = body, readable[heading].tolist()
        for row, cell in enumerate(cells, start=1):
            _write(sheet, row, place, cell, style, style)


def _fill_texts(sheet: Any, table: pd.DataFrame, formats: "_Formats") -> None:
    head, body = formats.of(bold=True, bottom=1), formats.of()
    sheet.freeze_panes(1, 1)
    for place, heading in enumerate(table.columns):
        sheet.write_string(0, place, heading, head)
        sheet.set_column(place, place, _width(heading, table[heading].str.split("\n").explode().tolist()))
        for row, cell in enumerate(table[heading], start=1):
            _write(sheet, row, place, cell, body, body)


def _draw(book: Any, place: int, leaf: Leaf, formats: "_Formats", say: Words) -> None:
    """Draw the bars and lines of a figure on a sheet of its own, beside the numbers that they are."""
    if leaf.figure is None:
        return
    head, body = formats.of(bold=True, bottom=1), formats.of()
    for part, chart in enumerate(slides.charts_of(leaf.figure, leaf.title)):
        name = f"{place:02d} {say('Chart')}" + (f" {part + 1}" if part else "")
        sheet = book.add_worksheet(name)
        for column, (heading, cells) in enumerate(chart.columns):
            sheet.write_string(0, column, str(spreadsheet.disarmed(heading)), head)
            for row, cell in enumerate(cells, start=1):
                _write(sheet, row, column, cell, body, body)
        sheet.freeze_panes(1, 0)
        sheet.insert_chart(0, len(chart.columns) + 1, chart.in_workbook(book, name, leaf.title), {"object_position": 3})


def _write(sheet: Any, row: int, place: int, cell: Any, body: Any, day: Any) -> None:
    if isinstance(cell, dt.date):
        sheet.write_datetime(row, place, cell, day)
    elif isinstance(cell, str):
        sheet.write_string(row, place, str(spreadsheet.disarmed(cell)), body)
    elif pd.notna(cell):
        sheet.write_number(row, place, cell, body)


def _width(heading: str, cells: list[Any]) -> float:
    texts = [heading, *(str(cell) for cell in cells if not pd.isna(cell))]
    return min(WIDEST, max(NARROWEST, canvas.width(texts, 1) * LETTERS_A_CHARACTER + 1))
