"""Tables of invented people as offices save them: .xlsx, .xls and .csv of the same rows, and a messy 花名册."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter
import xlwt

Cell = str | float | int | None
Rows = Sequence[Sequence[Cell]]

ROSTER_HEAD: Rows = [
    ["示例市干部花名册"],
    ["填报单位：示例市委组织部", None, None, None, None, None, None, None, "截至2026年10月"],
    [
        *("序号", "姓 名", "性\n别", "出生年月", "民族", "身份证号", "入党时间", "参工时间"),
        *("全日制教育", None, "单位", "现任职务", "职级", "任现职时间", "备注"),
    ],
    [None, None, None, None, None, None, None, None, "学历", "学位"],
]
ROSTER_ROWS = len(ROSTER_HEAD) + 1
"""The row of the file in which the first person stands."""
FOOT: Rows = [["合计", "3人"], [], ["制表人：周样戊", None, None, None, "审核人：吴样己"]]


def row(at: int, name: str, number: Cell = "", **said: Cell) -> list[Cell]:
    """One row of the 花名册, as usual where nothing else is said."""
    usual: dict[str, Cell] = {
        "sex": "男", "birth": "1978.05", "party": "2001.06", "work": "2000.07",
        "unit": "松林镇", "post": "镇长", "rank": "", "start": "2021.10", "note": "",
    }  # fmt: skip
    told = usual | said
    first: list[Cell] = [
        at,
        name,
        told["sex"],
        told["birth"],
        "汉族",
        number,
        told["party"],
        told["work"],
        "大学",
        "学士",
    ]
    return [*first, *(told[name] for name in ("unit", "post", "rank", "start", "note"))]


def roster(*people: Sequence[Cell]) -> Rows:
    """A 花名册 of these rows, with titles above, a heading row of two rows and a foot."""
    return [*ROSTER_HEAD, *people, *FOOT]


def xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook; text stays text."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, column, cell in _cells(rows):
                sheet.write(at, column, cell)
    return path


def xls(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook of the older kind."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for at, column, cell in _cells(rows):
            sheet.write(at, column, cell)
    book.save(str(path))
    return path


def _cells(rows: Rows) -> Iterable[tuple[int, int, Cell]]:
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                yield at, column, cell


def text(rows: Rows) -> str:
    """The rows as comma-separated text."""
    held = io.StringIO()
    csv.writer(held).writerows(["" if cell is None else cell for cell in cells] for cells in rows)
    return held.getvalue()
