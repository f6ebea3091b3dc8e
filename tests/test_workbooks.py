"""What a workbook says beside its cells: which are merged, and whether their texts can be held at all."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from data import reading, workbook
from data.landing import Report, land
from data.store import Store
from data.workbook import WorkbookError
from tests import forms, sheets
from tests.forms import id_number
from tests.sheets import FOOT, ROSTER_HEAD, ROSTER_ROWS, row
from tests.test_rosters import landed

UNIT, NAME, NUMBER, START = 10, 1, 5, 13
"""Columns of the 花名册."""
Merge = tuple[int, int, int]


def merged(path: Path, rows: sheets.Rows, *ranges: Merge, shift: tuple[int, int] = (0, 0)) -> Path:
    """A workbook of these rows, some of their cells merged (column, first and last row of the file), moved right."""
    right, more = shift
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        book.add_worksheet("甲&乙").write_string(3, 3, "说明")
        sheet = book.add_worksheet("花名册 <1>")
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write(at, column + right, cell)
        for column, first, last in ranges:
            value = rows[first - 1][column]
            sheet.merge_range(first - 1, column + right, last - 1, column + right + more, value)
    return path


def taken(tmp_path: Path, path: Path) -> tuple[Store, Report]:
    (tmp_path / "units.csv").write_text(forms.UNITS, encoding="utf-8")
    store = Store(tmp_path / "store")
    land(store, [tmp_path / "units.csv"])
    return store, land(store, [path])


PEOPLE = (
    row(1, "赵样甲", id_number(), post="镇长"),
    row(2, "钱样乙", id_number("19790525", "002"), birth="1979.05", unit="", post="副镇长"),
    row(3, "孙样丙", id_number("19900512", "005"), birth="1990.05", unit="", post="党委委员"),
    row(4, "李样丁", id_number("19850512", "005"), birth="1985.05", unit="市发展局", post="副局长"),
)


@pytest.mark.parametrize("shift", [(0, 0), (2, 0)])
def test_a_merged_unit_holds_for_all_of_its_rows(tmp_path: Path, shift: tuple[int, int]) -> None:
    rows = sheets.roster(*PEOPLE)
    path = merged(tmp_path / "a.xlsx", rows, (UNIT, ROSTER_ROWS, ROSTER_ROWS + 2), shift=shift)
    store, report = taken(tmp_path, path)
    assert landed(store, "posting", "unit_id") == [("001.001.002",)] * 3 + [("001.002",)]
    (told,) = [each for each in report.findings if each.problem_zh == reading.FILLED_DOWN.problem_zh]
    assert (told.row, told.column, told.value, told.severity) == (len(ROSTER_HEAD), "单位", "2", "warning")


def test_a_merged_man_has_a_post_a_row(tmp_path: Path) -> None:
    rows = sheets.roster(PEOPLE[0], row(2, "", unit="市发展局", post="党组成员", start="2023.05"))
    ranges = [(column, ROSTER_ROWS, ROSTER_ROWS + 1) for column in (NAME, NUMBER)]
    store, _ = taken(tmp_path, merged(tmp_path / "a.xlsx", rows, *ranges))
    assert landed(store, "member", "name") == [("赵样甲",)]
    assert landed(store, "posting", "unit_id", "start") == [("001.001.002", 20211000), ("001.002", 20230500)]


@pytest.mark.parametrize("how", ["not merged", "merged over other columns too", "an older workbook", "titles merged"])
def test_without_cells_merged_in_one_column_an_empty_unit_is_told(tmp_path: Path, how: str) -> None:
    rows = sheets.roster(*PEOPLE)
    whole = (UNIT, ROSTER_ROWS, ROSTER_ROWS + 2)
    path = {
        "not merged": lambda: merged(tmp_path / "a.xlsx", rows),
        "merged over other columns too": lambda: merged(tmp_path / "a.xlsx", rows, (UNIT + 4, *whole[1:])),
        "an older workbook": lambda: sheets.xls(tmp_path / "a.xls", {"花名册": rows}),
        "titles merged": lambda: merged(tmp_path / "a.xlsx", rows, (UNIT, 3, 4)),
    }[how]()
    store, report = taken(tmp_path, path)
    assert landed(store, "posting", "unit_id") == [("001.001.002",), ("001.002",)]
    told = [each.row for each in report.findings if each.severity == "error"]
    assert told == [ROSTER_ROWS + 1, ROSTER_ROWS + 2]


def test_the_foot_below_merged_cells_stays_the_foot(tmp_path: Path) -> None:
    rows = sheets.roster(*PEOPLE)
    last = len(rows) - len(FOOT) + 1
    store, _ = taken(tmp_path, merged(tmp_path / "a.xlsx", rows, (UNIT, ROSTER_ROWS, last)))
    assert len(landed(store, "member", "name")) == 4


def bomb(path: Path, texts: Sequence[str], cells: Sequence[int]) -> Path:
    """A workbook whose cells name these shared texts by their number."""
    inside = "".join(f"<si><t>{text}</t></si>" for text in texts)
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>{named}</v></c></row>' for at, named in enumerate(cells, 1))
    more: Mapping[str, str] = {
        "xl/sharedStrings.xml": f"<sst>{inside}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
    }
    with xlsxwriter.Workbook(path.with_suffix(".plain.xlsx")) as book:
        book.add_worksheet("甲").write_string(0, 0, "x")
    with zipfile.ZipFile(path.with_suffix(".plain.xlsx")) as plain, zipfile.ZipFile(path, "w", 8) as made:
        for name in plain.namelist():
            made.writestr(name, more.get(name, plain.read(name)))
    return path


def test_a_long_text_in_very_many_cells_is_refused_before_it_is_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_TEXT", 2_000_000)
    path = bomb(tmp_path / "a.xlsx", ["姓名", "长" * 3_000, "短"], [0, *[1] * 300])
    with pytest.raises(WorkbookError, match=r"a\.xlsx repeats long texts.*过多单元格重复很长的文字"):
        next(workbook.leaves(path))


def test_a_long_text_in_few_of_very_many_cells_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_TEXT", 2_000_000)
    path = bomb(tmp_path / "a.xlsx", ["姓名", "长" * 3_000, "短"], [0, *[1] * 3, *[2] * 1_000])
    (leaf,) = workbook.leaves(path)
    assert [len(text) for text in leaf.columns[0].to_pylist()] == [2, *[3_000] * 3, *[1] * 1_000]
