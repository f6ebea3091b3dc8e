"""Promises of python -m data: the template it writes it also reads, and it says what it did in plain lines."""

import csv
import io
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from data import amendments, contract, policy
from data.__main__ import main
from data.store import Store

UNITS = "单位编码,单位名称,班子类别\n1,示例市,市\n2,甲县,村\n"


HEADING = ["人员编码", "姓  名", "性别", "出生年月", "政治面貌", "籍贯"]
ODD: dict[int, dict[str, object]] = {
    4: {"出生年月": "１９７８．０５"},
    5: {"出生年月": "1978年5月"},
    6: {"姓  名": "示例己  ", "性别": " 女 "},
    7: {"人员编码": "P001"},
    8: {"性别": "未知"},
    9: {"人员编码": ""},
    10: {"出生年月": "28613"},
    11: {"出生年月": 28613},
    12: {"出生年月": 1978.1},
    13: {"出生年月": "2078.05"},
    14: {"政治面貌": ""},
    15: {"出生年月": ""},
    16: {"人员编码": 1.01},
}


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A workbook as a stranger fills it in: titles, thirty people from row 4 on, a total, a note, a loose sheet."""
    path = tmp_path / "roster.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("名册")
        sheet.merge_range(0, 0, 0, 5, "示例市干部名册")
        sheet.write_string(1, 0, "填报单位：示例市")
        sheet.write_row(2, 0, HEADING)
        for number in range(30):
            usual = dict(zip(HEADING, [f"P{number:03d}", "示例甲", "男", "1978.05", "中共党员", ""], strict=True))
            sheet.write_row(3 + number, 0, {**usual, **ODD.get(number, {})}.values())
        sheet.write_formula(3 + 17, 3, "=D4", None, "1978.05")
        sheet.write_formula(3 + 18, 3, "=VLOOKUP(A22,X:Y,2,0)", None, "#N/A")
        sheet.write_row(33, 0, ["合计30人"])
        sheet.write_row(34, 3, ["审核人：示例乙"])
        book.add_worksheet("附注").write_row(1, 0, ["第一条", "第二条"])
    return path


@pytest.fixture
def units(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(UNITS, encoding="gb18030")
    return path


def test_the_template_is_read_without_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blank = tmp_path / "blank.xlsx"
    assert main(["template", str(blank)]) == 0
    titles = [contract.load(source).title_zh for source in contract.SOURCES]
    assert fastexcel.read_excel(blank).sheet_names == [*titles, "说明"]
    capsys.readouterr()
    assert main(["check", str(blank)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{source}  blank.xlsx/{title}  0 rows in = 0 landed + 0 rejected"
        for source, title in zip(contract.SOURCES, titles, strict=True)
    ]


def test_the_notes_of_the_template_explain_every_column(tmp_path: Path) -> None:
    main(["template", str(tmp_path / "blank.xlsx")])
    notes = fastexcel.read_excel(tmp_path / "blank.xlsx").load_sheet("说明", dtypes="string", eager=True)
    explained = set(zip(notes.column(0).to_pylist(), notes.column(1).to_pylist(), strict=True))
    for source in map(contract.load, contract.SOURCES):
        assert {(source.title_zh, column.zh) for column in source.columns} <= explained


def test_check_says_what_is_wrong_and_lands_nothing(
    tmp_path: Path, units: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(units), "--store", str(tmp_path / "store")]) == 1
    said = capsys.readouterr().out
    assert "unit  units.csv  2 rows in = 1 landed + 1 rejected" in said
    assert "error  units.csv row 3  班子类别 = '村'" in said
    assert not (tmp_path / "store").exists()


@pytest.mark.promise("rows.accounted")
def test_a_strangers_workbook_is_accounted_for_row_by_row(
    tmp_path: Path, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "found.csv"
    assert main(["check", str(roster), "--findings", str(written)]) == 1
    said = capsys.readouterr().out
    assert "member  roster.xlsx/名册  32 rows in = 22 landed + 10 rejected" in said
    assert "warning  roster.xlsx/附注 row 2  第一条 第二条: No source has the headings of this sheet" in said
    found = [
        row for row in csv.DictReader(io.StringIO(written.read_text(encoding="utf-8-sig"))) if row["sheet"] != "附注"
    ]
    assert [(int(row["row"]), row["column"], row["value"], row["severity"]) for row in found] == [
        (3, "籍贯", "籍贯", "warning"),
        (11, "人员编码", "P001", "error"),
        (12, "性别", "未知", "error"),
        (13, "人员编码", "", "error"),
        (14, "出生年月", "28613", "error"),
        (16, "出生年月", "1978.1", "error"),
        (17, "出生年月", "2078.05", "error"),
        (19, "出生年月", "", "warning"),
        (20, "人员编码", "1.01", "error"),
        (22, "出生年月", "#N/A", "error"),
        (34, "", "", "warning"),
        (35, "", "", "warning"),
    ]
    told = {int(row["row"]): row["problem_zh"] for row in found}
    assert told[11] == "与roster.xlsx的工作表“名册”第5行重复；已导入该行，本行未导入。"
    assert told[17] == "超出范围 1800 至 2010.12.31。"
    assert told[34] == told[35] == "必填项几乎全空；合计、备注等行不导入。"
    assert all(row["mend_zh"] and row["mend_en"] for row in found)


def test_what_a_stranger_wrote_well_lands_as_it_was_meant(tmp_path: Path, roster: Path) -> None:
    store = Store(tmp_path / "store")
    assert main(["land", str(roster), "--store", str(store.root)]) == 0
    (path,) = store.manifest().files("member")
    people = {row["person_id"]: row for row in pq.read_table(path).to_pylist()}
    assert [people[code]["birth"] for code in ("P004", "P005", "P011", "P017")] == [
        19780500, 19780500, 19780503, 19780500
    ]  # fmt: skip
    assert (people["P006"]["name"], people["P006"]["sex"]) == ("示例己", "female")
    assert (people["P014"]["party"], people["P015"]["birth"]) == (None, None)


def test_many_findings_are_cut_short_with_the_way_to_see_them_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "units.csv"
    path.write_text(UNITS + "3,乙县,村\n" * 25, encoding="utf-8")
    main(["check", str(path)])
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "… and 6 more findings", "Write them all to a file with --findings CSV."
    ]  # fmt: skip


def test_a_template_never_takes_the_place_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled = tmp_path / "filled.xlsx"
    filled.write_text("a day's work", encoding="utf-8")
    assert main(["template", str(filled)]) == 2
    assert "give the template another name" in capsys.readouterr().err
    assert filled.read_text(encoding="utf-8") == "a day's work"
    assert main(["template", str(tmp_path / "nowhere" / "blank.xlsx")]) == 2


def test_rows_without_a_month_land_and_ask_for_it(
    tmp_path: Path, units: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["land", str(units), "--store", str(tmp_path / "store")])
    assert "No posting says the data month; land again with --month" in capsys.readouterr().out


def test_land_lands_and_status_tells(tmp_path: Path, units: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "store"
    assert main(["land", str(units), "--store", str(store), "--month", "2026-10"]) == 0
    assert "Batch 0001 landed; its data month is 2026-10." in capsys.readouterr().out
    assert Store(store).manifest().rows("unit") == 1
    main(["status", "--store", str(store)])
    assert "unit  1 rows in 1 files" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["land", "none.csv"], ["check", "none.xlsx"], ["land", "none.csv", "--map", "none.toml"]]
)
def test_a_file_that_is_not_there_is_one_sentence(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--store", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "none." in said


def test_a_month_that_is_none_says_how_to_write_one(units: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["land", str(units), "--month", "2026-13"])
    assert stopped.value.code == 2
    assert "write it as 2026-10" in capsys.readouterr().err


def test_the_template_says_which_cells_may_stay_empty_and_what_stands_for_them_then(tmp_path: Path) -> None:
    file = tmp_path / "blank.xlsx"
    assert main(["template", str(file)]) == 0
    notes = fastexcel.read_excel(file).load_sheet("说明").to_pandas()
    needs = {(row[0], row[1]): row[3] for row in notes.to_numpy().tolist()}
    posting = contract.load("posting")
    said = {name: needs[posting.title_zh, posting.column(name).zh] for name in ("person_id", "rank", "primary")}
    assert said == {"person_id": "必填", "rank": "可空", "primary": "可空（默认是）"}


def test_rules_are_written_changed_listed_and_taken_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, store = tmp_path / "caps.csv", str(tmp_path / "store")
    assert main(["rules", "grade_cap", str(file), "--at", "2027-01", "--store", store]) == 0
    written = file.read_text(encoding="utf-8-sig").replace("20%,25%", "18%,25%")
    file.write_text(written, encoding="utf-8-sig")
    change = ["amend", "grade_cap", str(file), "--from", "2027-01", "--source", "示例通知", "--reason", "试行"]
    told = ["--clause", "第二条", "--by", "示例甲", "--store", store]
    assert main([*change, *told]) == 0
    held = amendments.table(Store(tmp_path / "store"), "grade_cap").to_pylist()
    people = [row for row in held if row["cap_id"] == "people_excellent"]
    assert [(row["valid_from"], row["valid_to"], row["share"]) for row in people] == [
        (201601, 202701, "1/5"), (202701, None, "9/50"),
    ]  # fmt: skip
    assert len(held) == 4
    assert main(["unamend", "1", "--reason", "误录", "--by", "示例乙", "--store", store]) == 0
    capsys.readouterr()
    assert main(["amendments", "--store", store]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "示例甲  grade_cap from 2027-01: people_excellent: share 20% > 18%" in first
    assert "示例乙  grade_cap from 2027-01: takes back 1 (误录;" in second


def test_a_file_that_was_entered_before_puts_no_old_source_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, store = tmp_path / "caps.csv", str(tmp_path / "store")
    assert main(["rules", "grade_cap", str(file), "--at", "2027-01", "--store", store]) == 0
    told = ["--clause", "第二条", "--reason", "试行", "--by", "示例甲", "--store", store]

    def amended(share: str, to: str, begins: str, source: str) -> int:
        text = file.read_text(encoding="utf-8-sig").replace(f"{share},25%", f"{to},25%")
        file.write_text(text, encoding="utf-8-sig")
        return main(["amend", "grade_cap", str(file), "--from", begins, "--source", source, *told])

    def people() -> list[tuple[Any, ...]]:
        held = amendments.table(Store(tmp_path / "store"), "grade_cap").to_pylist()
        return [
            (row["valid_from"], row["valid_to"], row["share"], row["document"], row["clause"], row["confirmed"])
            for row in held
            if row["cap_id"] == "people_excellent"
        ][1:]

    first = (202701, None, "9/50", "新方案", "第二条", "to_confirm")
    assert amended("20%", "18%", "2027-01", "新方案") == 0
    assert people() == [first]
    capsys.readouterr()
    assert amended("18%", "18%", "2027-06", "新方案") == 2
    assert "Nothing would change" in capsys.readouterr().err
    assert people() == [first]
    # The file still names the first document of all; what is entered next stands under its own
    assert amended("18%", "16%", "2027-06", "再方案") == 0
    assert people() == [
        (202701, 202706, "9/50", "新方案", "第二条", "to_confirm"),
        (202706, None, "4/25", "再方案", "第二条", "to_confirm"),
    ]


def test_a_whole_table_ends_what_it_does_not_hold(tmp_path: Path) -> None:
    file, store = tmp_path / "caps.csv", str(tmp_path / "store")
    assert main(["rules", "grade_cap", str(file), "--store", store]) == 0
    lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    file.write_text("".join(lines[:3]), encoding="utf-8-sig")
    change = [
        "amend",
        "grade_cap",
        str(file),
        "--from",
        "2027-01",
        "--source",
        "示例通知",
        "--reason",
        "试行",
        "--whole",
    ]
    assert main([*change, "--clause", "第二条", "--by", "示例甲", "--store", store]) == 0
    held = amendments.table(Store(tmp_path / "store"), "grade_cap").to_pylist()
    assert [(row["cap_id"], row["valid_to"]) for row in held] == [
        ("people_excellent", None), ("leaders_excellent", None), ("teams_excellent", 202701),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "more", "said"),
    [("a fifth", ["--from", "2027-01"], "Write it as 20%, 0.2 or 1/5."), ("18%", [], "from which month on")],
)
def test_a_change_of_the_rules_that_cannot_stand_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cell: str, more: list[str], said: str
) -> None:
    file, store = tmp_path / "caps.csv", str(tmp_path / "store")
    main(["rules", "grade_cap", str(file), "--store", store])
    file.write_text(file.read_text(encoding="utf-8-sig").replace("20%,25%", f"{cell},25%"), encoding="utf-8-sig")
    change = ["amend", "grade_cap", str(file), "--source", "示例通知", "--clause", "第二条", "--reason", "试行"]
    assert main([*change, "--by", "示例甲", "--store", store, *more]) == 2
    assert said in capsys.readouterr().err
    assert amendments.history(Store(tmp_path / "store")) == ()


def test_every_table_of_rules_that_is_written_reads_back_as_no_change(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    for name in policy.names():
        held = policy.rows(policy.in_force(name, amendments.table(store, name), 202701), name)
        file = tmp_path / f"{name}.csv"
        file.write_bytes(policy.as_csv(name, held))
        source = {"document": "示例通知", "clause": "第二条", "confirmed": "to_confirm"}
        assert amendments.from_file(file, name, held, 202701, source, whole=True) == ()
