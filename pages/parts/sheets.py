"""Tables as a workbook: numbers and days as such, texts as texts, and none that a spreadsheet would run."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
import xlsxwriter

from data import spreadsheet
from pages.parts.charts import canvas

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top", "text_wrap": True}
NARROWEST, WIDEST = 8, 48
"""Characters of a column's width."""
LETTERS_A_CHARACTER = 2.1
"""Widths are counted in Latin letters, texts measured in Chinese characters."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


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
