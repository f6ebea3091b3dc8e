"""Promises of reading: files as people really save them, the heading row wherever it stands, and foreign layouts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from data import mapping, reading
from data.checking import Cells, check
from data.reading import ReadingError

LINES = "人员编码,姓名,性别,出生年月\nP1,示例甲,女,1990.05\nP2,示例乙,男,1985-11-03\n"


def csv_file(folder: Path, content: bytes | str, name: str = "a.csv") -> Path:
    """A file of exactly these bytes."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(path: Path, **sheets: Iterable[Sequence[object]]) -> Path:
    """A workbook of these sheets; None leaves a cell out, text stays text."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(row, column, cell, date if isinstance(cell, dt.date) else None)
    return path


def only(path: Path) -> Cells:
    """The cells of the only sheet of a file."""
    (sheet,) = reading.sheets(path)
    cells = reading.recognise(sheet)
    assert isinstance(cells, Cells)
    return cells


@pytest.mark.parametrize(
    "content",
    [LINES.encode(), b"\xef\xbb\xbf" + LINES.encode(), LINES.encode("gb18030"), LINES.replace("\n", "\r\n").encode()],
    ids=["UTF-8", "UTF-8 with BOM", "GB18030", "Windows line ends"],
)
def test_a_csv_reads_the_same_in_every_encoding(tmp_path: Path, content: bytes) -> None:
    cells = only(csv_file(tmp_path, content))
    assert cells.contract.source == "member"
    assert cells.text["name"].to_pylist() == ["示例甲", "示例乙"]
    assert cells.rows.tolist() == [2, 3]
    assert cells.findings == ()


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"a\.csv is neither UTF-8 \(byte 3\) nor GB18030 \(byte 3\)"):
        list(reading.sheets(csv_file(tmp_path, b"abc\xff\xff")))


@pytest.mark.parametrize(
    "slip", ['P1,"示例甲,女,1990.05', 'P1,"示例"甲,女,1990.05'], ids=["never closed", "closed early"]
)
def test_a_quotation_mark_out_of_place_swallows_no_row(tmp_path: Path, slip: str) -> None:
    with pytest.raises(ReadingError, match=r"a\.csv is not a proper csv file, seen at line \d .*quotation mark"):
        list(reading.sheets(csv_file(tmp_path, LINES.replace("P1,示例甲,女,1990.05", slip))))


@pytest.mark.parametrize(("name", "told"), [("none.csv", "no file"), ("a.pdf", "save it as .xlsx or .csv")])
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path, name: str, told: str) -> None:
    csv_file(tmp_path, "x", "a.pdf")
    with pytest.raises(ReadingError, match=told):
        list(reading.sheets(tmp_path / name))


def test_a_workbook_that_is_none_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"save it again as \.xlsx"):
        list(reading.sheets(csv_file(tmp_path, "not a workbook", "a.xlsx")))


def test_titles_above_and_blank_rows_between_keep_the_row_numbers_of_the_file(tmp_path: Path) -> None:
    cells = only(csv_file(tmp_path, "干部名册,,,\n\n" + LINES.replace("P2", ",,,\nP2")))
    assert cells.heading_row == 3
    assert cells.rows.tolist() == [4, 6]


def test_a_long_csv_keeps_the_row_numbers_of_the_file_over_any_gap(tmp_path: Path) -> None:
    gap = 2 * reading.ROWS_A_BLOCK
    cells = only(csv_file(tmp_path, LINES + "\n" * gap + "P3,丙,男,1985,stray\n" + "P4,丁\n"))
    assert cells.rows.tolist() == [2, 3, gap + 4, gap + 5]
    assert cells.text["birth"].to_pylist() == ["1990.05", "1985-11-03", "1985", ""]
    assert [finding.column for finding in cells.findings] == ["(5)"]


def test_a_workbook_keeps_the_row_numbers_of_the_file(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [],
        ["干部名册"],
        ["姓  名", "性\n别", "人员编码"],
        ["甲", "女", "P1"],
        [],
        ["乙", "男", "P2"],
    ]
    cells = only(workbook(tmp_path / "a.xlsx", 名册=rows))
    assert (cells.sheet, cells.heading_row, cells.rows.tolist()) == ("名册", 3, [4, 6])
    assert cells.headings["name"] == "姓  名"


def test_each_sheet_of_a_workbook_finds_its_own_contract(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        一=[["单位编码", "单位名称", "班子类别"], ["1", "示例市", "市"]],
        二=[["人员编码", "姓名", "性别"], ["P1", "甲", "女"]],
        三=[["人员编码", "单位编码", "职务名称", "成员类别", "任职时间"], ["P1", "1", "市长", "正职", "2021.10"]],
        说明=[["人员编码", "姓名", "性别"], ["必填", "必填", "必填"]],
    )
    found = [reading.recognise(sheet) for sheet in reading.sheets(path)]
    assert [cells.contract.source for cells in found if isinstance(cells, Cells)] == ["unit", "member", "posting"]


def test_excel_numbers_dates_and_texts_are_read_as_they_are_meant(tmp_path: Path) -> None:
    heading = ["人员编码", "姓名", "性别", "出生年月"]
    births = [dt.date(1978, 5, 3), 28613, 197805, 1978.05, 1978, "1978.1", "1978.10", 1978.1]
    rows: list[list[object]] = [[*heading], *([1000 + place, "甲", 2, birth] for place, birth in enumerate(births))]
    checked = check(only(workbook(tmp_path / "a.xlsx", 名册=rows)))
    assert checked.table["person_id"].to_pylist() == ["1000", "1001", "1002", "1003", "1004", "1005", "1006"]
    assert checked.table["sex"].to_pylist() == ["female"] * 7
    assert checked.table["birth"].to_pylist() == [
        19780503,
        19780503,
        19780500,
        19780500,
        19780000,
        19780100,
        19781000,
    ]
    (finding,) = checked.findings
    assert (finding.row, finding.column, finding.value) == (9, "出生年月", "1978.1")


def test_only_a_number_cell_may_count_days(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["人员编码", "姓名", "性别", "出生年月"],
        ["P1", "甲", "女", 28613],
        ["P2", "乙", "女", "28613"],
    ]
    lines = "\n".join(",".join(map(str, row)) for row in rows)
    workbook_cells, csv_cells = only(workbook(tmp_path / "a.xlsx", 名册=rows)), only(csv_file(tmp_path, lines))
    assert check(workbook_cells).table["birth"].to_pylist() == [19780503]
    assert [(finding.row, finding.value) for finding in check(workbook_cells).findings] == [(3, "28613")]
    assert [(finding.row, finding.value) for finding in check(csv_cells).findings] == [(2, "28613"), (3, "28613")]
    assert {finding.mend_zh for finding in check(csv_cells).findings} == {"请填写年和月，如1978.05。"}


def test_a_formula_is_read_by_its_result_and_refused_without_one(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, ["人员编码", "姓名", "性别", "出生年月", "政治面貌"])
        for row, failure in enumerate(["", "#N/A", "#REF!", "#DIV/0!"], start=1):
            sheet.write_row(row, 0, [f"P{row}", "甲", "女"])
            sheet.write_formula(row, 3, "=A1", None, failure or "1978.05")
            sheet.write_formula(row, 4, "=A1", None, "#NAME?" if row == 3 else "党员")
    checked = check(only(tmp_path / "a.xlsx"))
    assert checked.table["birth"].to_pylist() == [19780500]
    assert [(finding.row, finding.column, finding.value) for finding in checked.findings] == [
        (3, "出生年月", "#N/A"),
        (4, "出生年月", "#REF!"),
        (4, "政治面貌", "#NAME?"),
        (5, "出生年月", "#DIV/0!"),
    ]


def test_codes_keep_their_leading_zeros(tmp_path: Path) -> None:
    rows = [["单位编码", "单位名称", "班子类别"], ["001.010", "甲县", "county"]]
    checked = check(only(workbook(tmp_path / "a.xlsx", 单位=rows)))
    assert checked.table["unit_id"].to_pylist() == ["001.010"]


def test_a_column_nobody_knows_and_a_second_of_one_meaning_are_told(tmp_path: Path) -> None:
    cells = only(csv_file(tmp_path, "人员编码,姓名,性别,血型,工号\nP1,甲,女,O,9\n"))
    assert [(finding.column, finding.severity) for finding in cells.findings] == [
        ("血型", "warning"),
        ("工号", "warning"),
    ]
    assert "already" in cells.findings[1].problem_en
    assert cells.text["person_id"].to_pylist() == ["P1"]


def test_cells_beyond_the_headings_are_told(tmp_path: Path) -> None:
    cells = only(csv_file(tmp_path, "人员编码,姓名,性别\nP1,甲,女,stray\n"))
    assert [finding.column for finding in cells.findings] == ["(4)"]


def test_a_sheet_with_other_headings_has_no_contract(tmp_path: Path) -> None:
    (sheet,) = reading.sheets(csv_file(tmp_path, "a,b\n1,2\n"))
    assert reading.recognise(sheet) is None
    assert reading.unrecognised(sheet, reading.recognition(sheet)).severity == "warning"


MAP = """
[[unit]]
file = "seats.csv"
distinct = true
unit_id = "{house}.{state}"
name = "{house}  {state}"
body = "other"

[[posting]]
file = "seats.csv"
person_id = "{id|number}"
unit_id = "{house}.{state}"
post = "Seat {seat}"
role = "{kind}"
start = "{from}"

[posting.values.role]
"boss" = "chief"
"*" = "member"
"""
SEATS = """Some title
house,state,id,number,seat,kind,from
A,X,1,9,,boss,2020-01
A,X,,2,7,clerk,2020-02
B,Y,3,,1,,2020-03
"""


def translated(folder: Path, seats: str = SEATS, layout: str = MAP) -> list[Cells]:
    """What the map makes of the seats."""
    blocks = mapping.load(csv_file(folder, layout, "map.toml"))
    (sheet,) = reading.sheets(csv_file(folder, seats, "seats.csv"))
    return [mapping.translate(block, sheet) for block in blocks if mapping.applies(block, sheet)]


def test_a_map_writes_columns_from_foreign_headings(tmp_path: Path) -> None:
    _, posting = translated(tmp_path)
    assert posting.text["person_id"].to_pylist() == ["1", "2", "3"]
    assert posting.text["unit_id"].to_pylist() == ["A.X", "A.X", "B.Y"]
    assert posting.text["post"].to_pylist() == ["", "Seat 7", "Seat 1"]
    assert posting.rows.tolist() == [3, 4, 5]


def test_a_map_translates_values_and_leaves_empty_ones_empty(tmp_path: Path) -> None:
    _, posting = translated(tmp_path)
    assert posting.text["role"].to_pylist() == ["chief", "member", ""]


def test_a_distinct_block_has_each_different_row_once(tmp_path: Path) -> None:
    unit, _ = translated(tmp_path)
    assert unit.text.to_pylist() == [
        {"unit_id": "A.X", "name": "A X", "body": "other"},
        {"unit_id": "B.Y", "name": "B Y", "body": "other"},
    ]
    assert unit.rows.tolist() == [3, 5]


def test_a_map_knows_which_cells_are_numbers(tmp_path: Path) -> None:
    blocks = mapping.load(csv_file(tmp_path, MAP.replace("seats.csv", "seats.xlsx"), "map.toml"))
    heading = ["house", "state", "id", "number", "seat", "kind", "from"]
    starts: list[object] = ["2020-01", 43831, "43831"]
    rows: list[list[object]] = [[*heading], *(["A", "X", start, 9, 7, "boss", start] for start in starts)]
    (sheet,) = reading.sheets(workbook(tmp_path / "seats.xlsx", 席位=rows))
    checked = check(mapping.translate(blocks[1], sheet))
    assert checked.table["start"].to_pylist() == [20200100, 20200101]
    assert [(finding.row, finding.column) for finding in checked.findings] == [(4, "from")]


def test_a_map_that_asks_for_a_heading_that_is_not_there_says_which_are(tmp_path: Path) -> None:
    told = r"map\.toml, \[\[unit\]\]: seats\.csv has no heading 'state'; it has house, id"
    with pytest.raises(ReadingError, match=told):
        translated(tmp_path, SEATS.replace(",state", ""))


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        ("[[unit", "cannot be read"),
        ('[[units]]\nfile = "a.csv"', "is no block"),
        ("[[unit]]\nname = 'x'", "is no block"),
        ('unit = "x"', "is no block"),
        ('[[unit]]\nfile = "a.csv"\ncolour = "red"', "has colour = 'red'"),
        ('[[unit]]\nfile = "a.csv"\nname = 7', "has name = 7"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path, layout: str, told: str) -> None:
    with pytest.raises(ReadingError, match=told):
        mapping.load(csv_file(tmp_path, layout, "map.toml"))


def test_how_headings_are_understood_is_told_as_plain_data(tmp_path: Path) -> None:
    (sheet,) = reading.sheets(csv_file(tmp_path, "干部名册,,,,\n姓  名,血型,性别,人员编码,工号\n甲,O,女,P1,9\n"))
    found = reading.recognition(sheet)
    assert (found.sources, found.heading_row) == (("member",), 2)
    assert [(heading.place, heading.written, heading.fills, heading.second) for heading in found.headings] == [
        (0, "姓  名", ("member.name",), False),
        (1, "血型", (), False),
        (2, "性别", ("member.sex",), False),
        (3, "人员编码", ("member.person_id",), False),
        (4, "工号", (), True),
    ]
    assert [heading.written for heading in found.unread] == ["血型", "工号"]


def test_a_heading_of_several_lines_is_told_in_one(tmp_path: Path) -> None:
    text = '人员编码,姓名,性别,"出生\n年月","Began \n work"\nP1,甲,女,1990.05,2012.07\n'
    (sheet,) = reading.sheets(csv_file(tmp_path, text))
    told = {heading.written: heading.fills for heading in reading.recognition(sheet).headings[3:]}
    assert told == {"出生年月": ("member.birth",), "Began work": ("member.work_start",)}


def test_a_heading_row_of_two_rows_is_read_by_its_lower_names(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["干部名册"],
        ["人员编码", "基本情况", None, "年月", None],
        [None, "姓名", "性别", "出生年月", "参加工作时间"],
        ["P1", "甲", "女", "1990.05", "2012.07"],
    ]
    cells = only(workbook(tmp_path / "a.xlsx", 名册=rows))
    assert (cells.heading_row, cells.rows.tolist(), cells.findings) == (3, [4], ())
    assert cells.text.to_pylist() == [
        {"person_id": "P1", "name": "甲", "sex": "女", "birth": "1990.05", "work_start": "2012.07"}
    ]
    assert cells.headings["birth"] == "年月 出生年月"
