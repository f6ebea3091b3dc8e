"""The files as they came, in one workbook, with every cell marked that something is wrong with, and a list of it all.

Of a closed source, and of a sheet that stands beside one, no cell is repeated; ID numbers are masked everywhere.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data import matching, reading
from data.checking import ERROR, Finding
from data.reading import ReadingError, Sheet
from data.spreadsheet import disarmed

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WRITTEN_WHOLE = 20_000
"""Rows up to which a sheet is repeated whole; of a longer one, its first rows and those with a finding."""
MOST_SHEETS = 60
LIST = {"zh": "问题清单", "en": "Findings"}
HEADINGS = {
    "zh": ("文件", "工作表", "行", "列", "内容", "程度", "问题", "处理办法"),
    "en": ("File", "Sheet", "Row", "Column", "Value", "Severity", "What is wrong", "How to mend it"),
}
SEVERITY = {"zh": {"error": "退回", "warning": "提示"}, "en": {"error": "rejected", "warning": "note"}}
WIDTHS = (24, 16, 7, 16, 20, 9, 60, 50)
LONGEST_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def workbook(paths: Sequence[Path], findings: Sequence[Finding], closed: Iterable[str], language: str) -> bytes:
    """Write the workbook in "zh" or "en"; `closed` names the files of which no cell may be repeated.

    Each sheet of the tables among `paths` stands as it came, its rows and columns where they were; a cell with an error
    is red, with a note yellow, and says what is wrong and how to mend it. The first sheet lists every finding.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        _list(book, findings, language)
        marks = {severity: book.add_format(look) for severity, look in _LOOKS.items()}
        taken = {LIST[language].casefold()}
        for sheet in _sheets(paths, set(closed)):
            if len(taken) > MOST_SHEETS:
                break
            found = [each for each in findings if (each.file, each.sheet) == (sheet.file, sheet.sheet)]
            _copy(book.add_worksheet(_named(sheet, taken)), sheet, found, marks, language)
    return file.getvalue()


_LOOKS = {
    "error": {"bg_color": "#F8E0DB", "font_color": "#B0382A", "border": 1, "border_color": "#B0382A"},
    "warning": {"bg_color": "#FAEFD9"},
    "plain": {},
}


def _list(book: Workbook, findings: Sequence[Finding], language: str) -> None:
    sheet = book.add_worksheet(LIST[language])
    head, body = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for place, (heading, width) in enumerate(zip(HEADINGS[language], WIDTHS, strict=True)):
        sheet.set_column(place, place, width, body)
        sheet.write_string(0, place, heading, head)
    for row, finding in enumerate(findings, start=1):
        for place, cell in enumerate(told(finding, language)):
            if isinstance(cell, int):
                sheet.write_number(row, place, cell, body)
            else:
                sheet.write_string(row, place, str(disarmed(cell)), body)
    sheet.autofilter(0, 0, max(len(findings), 1), len(WIDTHS) - 1)


def told(finding: Finding, language: str) -> tuple[str | int, ...]:
    """A finding under HEADINGS, in "zh" or "en"; nothing in it looks like an ID number."""
    zh = language == "zh"
    texts = (
        finding.file,
        finding.sheet,
        finding.row,
        finding.column,
        finding.value,
        SEVERITY[language][finding.severity],
        finding.problem_zh if zh else finding.problem_en,
        finding.mend_zh if zh else finding.mend_en,
    )
    return tuple(matching.masked(each) if isinstance(each, str) else each for each in texts)


def _sheets(paths: Sequence[Path], closed: set[str]) -> Iterator[Sheet]:
    for path in paths:
        if path.suffix.lower() not in (*reading.CSV, *reading.EXCEL) or path.name in closed:
            continue
        try:
            yield from reading.sheets(path)
        except ReadingError:
            continue


def _named(sheet: Sheet, taken: set[str]) -> str:
    """A name that a sheet of a workbook may have and no other here has."""
    called = matching.without_numbers(f"{Path(sheet.file).stem} {sheet.sheet}")
    told = called.translate(FORBIDDEN).strip() or "1"
    name, again = told[:LONGEST_NAME], 1
    while name.casefold() in taken:
        again += 1
        name = f"{told[: LONGEST_NAME - 5]} ({again})"
    taken.add(name.casefold())
    return name


def _copy(
    book_sheet: Worksheet, sheet: Sheet, findings: Sequence[Finding], marks: dict[str, Any], language: str
) -> None:
    at = _places(sheet, findings)
    for row in _rows(sheet, {place for place, _ in at}):
        for column, text in enumerate(sheet.row(row)):
            found = at.get((row, column), [])
            severity = ERROR if any(each.severity == ERROR for each in found) else "warning" if found else "plain"
            if text or found:
                book_sheet.write_string(row, column, str(disarmed(matching.without_numbers(text))), marks[severity])
            if found:
                book_sheet.write_comment(row, column, _note(found, language), {"x_scale": 2})


def _rows(sheet: Sheet, marked: set[int]) -> Iterable[int]:
    if sheet.height <= WRITTEN_WHOLE:
        return range(sheet.height)
    return sorted({*range(reading.HEADING_ROWS), *marked})


def _places(sheet: Sheet, findings: Sequence[Finding]) -> dict[tuple[int, int], list[Finding]]:
    """The findings of each cell; one that names no column that can be found stands on the first cell of its row."""
    columns: dict[str, int] = {}
    for row in reversed(sheet.head()):
        columns |= {text: place for place, text in reversed(list(enumerate(row))) if text}
    at: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        if 0 < finding.row <= sheet.height:
            at.setdefault((finding.row - 1, columns.get(finding.column, 0)), []).append(finding)
    return at


def _note(findings: Sequence[Finding], language: str) -> str:
    zh = language == "zh"
    said = ((each.problem_zh, each.mend_zh) if zh else (each.problem_en, each.mend_en) for each in findings)
    return matching.masked("\n".join(" ".join(filter(None, each)) for each in said))
