"""The blank workbook to fill in: one sheet a roster source, with its rules beside it."""

from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data import contract, keeping, month
from data.contract import Column, Contract
from data.reading import NOTES_SHEET

FILL_ROWS = 10_000
LIST_CHARACTERS = 255  # Excel's own limit for a list written into a cell rule; longer ones stand in the notes only
NOTES = (
    ("表", "Sheet", 14),
    ("列名", "Heading", 18),
    ("英文列名", "Heading in English", 30),
    ("要求", "Need", 8),
    ("填写内容", "Content", 26),
    ("单位", "Unit", 8),
    ("允许的取值", "Allowed values", 70),
    ("也可识别的列名", "Other headings understood", 40),
    ("示例", "Example", 14),
)
TYPES = {
    "text": "文字",
    "code": "编码（文本格式）",
    "choice": "从取值中选一项",
    "choices": "一项或多项，用 | 分隔",
    "fraction": "比例，如20%、0.2、1/5",
    "date": "日期，如1978.05、1978-05-03",
    "month": "年月，如1978.05",
    "integer": "整数",
    "decimal": "数值",
    "yesno": "是 / 否",
}
HEADING = {"bold": True, "bottom": 1, "bg_color": "#EEF2F7"}
NUMBERS = {"integer", "decimal"}
UNITS = {"posts": "个", "people": "人", "years": "岁", "months": "月"}


def write(path: Path) -> None:
    """Write the template; its headings are those that `land` reads, its cells are formatted so that codes stay text.

    FileExistsError where the file is there already: it may be filled in. WriteError where it cannot be written.
    """
    if path.exists():
        message = f"{path} is there already and may be filled in; give the template another name."
        raise FileExistsError(message)
    with keeping.writing(path), path.open("xb") as file, xlsxwriter.Workbook(file) as book:
        for source in contract.SOURCES:
            _sheet(book, contract.load(source))
        _notes(book)


def _sheet(book: Workbook, source: Contract) -> None:
    sheet = book.add_worksheet(source.title_zh)
    heading = book.add_format(HEADING)
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(source.columns):
        sheet.write_string(0, place, column.zh, heading)
        sheet.write_comment(0, place, "\n".join(filter(None, _described(column))), {"x_scale": 2})
        sheet.set_column(place, place, 18, None if column.type in NUMBERS else text)
        _offer(sheet, place, column)


def _described(column: Column) -> Iterator[str]:
    yield f"{column.en}（{_need(column)}）"
    yield TYPES[column.type]
    yield f"单位：{_unit(column)}" if column.unit else ""
    yield f"取值：{_allowed(column)}" if column.choices else ""
    yield f"示例：{_example(column)}" if _example(column) else ""


def _offer(sheet: Worksheet, place: int, column: Column) -> None:
    offered = ["是", "否"] if column.type == "yesno" else [choice.zh for choice in column.choices]
    if not offered or column.type == "choices" or len(",".join(offered)) > LIST_CHARACTERS:
        return
    rule = {"validate": "list", "source": offered, "error_type": "warning", "error_message": "请从列表中选择。"}
    sheet.data_validation(1, place, FILL_ROWS, place, rule)


def _notes(book: Workbook) -> None:
    sheet = book.add_worksheet(NOTES_SHEET)
    heading = book.add_format(HEADING)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for place, (zh, en, width) in enumerate(NOTES):
        sheet.write_string(0, place, f"{zh} {en}", heading)
        sheet.set_column(place, place, width, wrapped)
    rows = ((source, column) for source in map(contract.load, contract.SOURCES) for column in source.columns)
    for row, (source, column) in enumerate(rows, start=1):
        for place, written in enumerate(_note(source, column)):
            sheet.write_string(row, place, written)


def _note(source: Contract, column: Column) -> tuple[str, ...]:
    return (
        source.title_zh,
        column.zh,
        column.en,
        _need(column),
        TYPES[column.type],
        _unit(column),
        _allowed(column),
        "、".join(column.aliases),
        _example(column),
    )


def _need(column: Column) -> str:
    if column.default is not None:
        return f"可空（默认{_written(column, column.default)}）"
    return "必填" if column.required else "应填" if column.wanted else "可空"


def _unit(column: Column) -> str:
    return UNITS.get(column.unit or "", column.unit or "")


def _allowed(column: Column) -> str:
    return "、".join(choice.zh for choice in column.choices)


def _example(column: Column) -> str:
    return "" if column.example is None else _written(column, column.example)


def _written(column: Column, value: object) -> str:
    """Write a value as a cell of the column would."""
    if column.type == "date":
        return month.dotted(int(str(value)))
    if isinstance(value, bool):
        return "是" if value else "否"
    named = {choice.key: choice.zh for choice in column.choices}
    return named.get(str(value), str(value))
