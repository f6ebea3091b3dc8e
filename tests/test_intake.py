"""Incoming files: corrected headings, the difference before landing, the marked workbook, withdrawing, going back."""

import ast
import dataclasses
import inspect
import io
import re
import subprocess
import sys
import threading
import time
import types
import zipfile
from pathlib import Path

import fastexcel
import pytest

from data import (
    amendments,
    batches,
    bundle,
    checking,
    difference,
    headings,
    history,
    keeping,
    key,
    landing,
    mapping,
    marking,
    passing,
    people,
    policy,
    reading,
    workbook,
)
from data.__main__ import main as data_main
from data.batches import LandingError, alone, batch
from data.headings import Corrections
from data.landing import land, look
from data.reading import ReadingError
from data.store import Store
from pages.parts import desk
from pages.parts.background import Works
from queries import building, builds, warehouse
from queries.__main__ import main as queries_main
from queries.warehouse import WarehouseError
from tests import forms

UNITS = "单位编码,单位名称,班子类别\n1,示例市,市\n2,甲县,县（市、区）\n"
PEOPLE = "人员编码,姓名,性别,出生年月\nP1,示例甲,男,1978.05\nP2,示例乙,女,1981.12\nP3,示例丙,男,1979.03\n"
POSTINGS = "人员编码,单位编码,职务名称,成员类别,任职时间\nP1,1,市长,正职,2021.10\nP2,2,县长,正职,2026.03\n"
ID_NUMBER = "11010519491231002X"
"""The example in the standard for ID numbers, GB 11643."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def given(folder: Path, text: str, name: str = "a.csv") -> Path:
    """A file with this text."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def landed(store: Store, tmp_path: Path, *texts: str, **more: object) -> landing.Report:
    """What became of these texts, each a file."""
    paths = [given(tmp_path, text, f"{place}.csv") for place, text in enumerate(texts)]
    return land(store, paths, **more)  # type: ignore[arg-type]


# --- the difference ---------------------------------------------------------------------------------------------------


def test_the_difference_names_who_is_new_who_is_gone_and_what_changed(store: Store, tmp_path: Path) -> None:
    landed(store, tmp_path, UNITS, PEOPLE)
    # P1 stays as he was, P2 has another month of birth, P3 is missing, P4 comes
    file = given(
        tmp_path, "人员编码,姓名,性别,出生年月\nP1,示例甲,男,1978.05\nP2,示例乙,女,1982.01\nP4,示例丁,女,1990.06\n"
    )
    looked = look(store, [file])
    (member,) = difference.of(store.manifest(), looked.parts)
    assert (member.source, member.before, member.counts) == ("member", 3, {"new": 1, "gone": 0, "changed": 1})
    (replaced,) = difference.of(store.manifest(), looked.parts, replace=True)
    assert replaced.counts == {"new": 1, "gone": 1, "changed": 1}
    assert replaced.rows.to_numpy().tolist() == [
        ["member", "changed", "P2", "示例乙", "birth", "19811200", "19820100"],
        ["member", "gone", "P3", "示例丙", "", "", ""],
        ["member", "new", "P4", "示例丁", "", "", ""],
    ]


def test_a_posting_is_named_by_its_person_and_differs_by_its_whole_key(store: Store, tmp_path: Path) -> None:
    landed(store, tmp_path, UNITS, PEOPLE, POSTINGS)
    ended = (
        "人员编码,单位编码,职务名称,成员类别,任职时间,免职时间\n"
        "P1,1,市长,正职,2021.10,2026.05\n"
        "P1,2,书记,党委书记,2026.05,\n"
    )
    (posting,) = difference.of(store.manifest(), look(store, [given(tmp_path, ended)]).parts)
    assert posting.rows.to_numpy().tolist() == [
        ["posting", "changed", "P1 · 1 · 市长 · 20211000", "示例甲", "end", "", "20260500"],
        ["posting", "new", "P1 · 2 · 书记 · 20260500", "示例甲", "", "", ""],
    ]


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    landed(store, tmp_path, UNITS, PEOPLE)
    found = difference.of(store.manifest(), look(store, [tmp_path / "1.csv"]).parts, replace=True)
    assert [each.counts for each in found] == [{"new": 0, "gone": 0, "changed": 0}]


def test_against_an_example_city_everything_is_new(store: Store, tmp_path: Path) -> None:
    with batch(store, invented=True) as open_batch:
        table = look(store, [given(tmp_path, PEOPLE)]).parts[0].table
        open_batch.write("member", table)
    (member,) = difference.of(store.manifest(), look(store, [given(tmp_path, PEOPLE)]).parts)
    assert member.counts == {"new": 3, "gone": 0, "changed": 0}


# --- headings ---------------------------------------------------------------------------------------------------------

FOREIGN = "编号,姓名,性别,生日\nP1,示例甲,男,1978.05\nP2,示例乙,女,1981.12\n"


def shown(store: Store, path: Path) -> headings.Shown:
    """The only sheet of a file as it is understood."""
    (sheet,) = reading.sheets(path)
    return Corrections(store).shown(sheet)


def test_a_corrected_heading_is_kept_for_every_file_with_the_same_headings(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, FOREIGN)
    before = shown(store, file)
    assert [heading.fills for heading in before.recognition.headings] == [(), ("member.name",), ("member.sex",), ()]
    assert look(store, [file]).report.landed == 0
    known = {"person_id": "编号", "name": "姓名", "sex": "性别", "birth": "生日"}
    headings.correct(store, before, "member", known)
    again = given(tmp_path, "标题,,,\n" + FOREIGN.replace("P2", "P7"), "other.csv")
    assert [heading.fills for heading in shown(store, again).recognition.headings] == [
        (f"member.{each}",) for each in known
    ]
    looked = look(store, [again])
    assert looked.parts[0].table.select(["person_id", "birth"]).to_pylist() == [
        {"person_id": "P1", "birth": 19780500},
        {"person_id": "P7", "birth": 19811200},
    ]
    assert looked.report.findings == ()
    assert look(store, [given(tmp_path, FOREIGN.replace("生日", "生日期"))]).report.landed == 0


def test_a_wrong_heading_can_be_unread_and_its_finding_names_it_as_the_file_does(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, "人员编码,姓名,性别,出生年月,出生日期\nP1,示例甲,男,1978.05,1979.13\n")
    columns = {"person_id": "人员编码", "name": "姓名", "sex": "性别", "birth": "出生日期"}
    headings.correct(store, shown(store, file), "member", columns)
    report = look(store, [file]).report
    assert [(each.column, each.severity, each.value) for each in report.findings] == [
        ("出生年月", "warning", "出生年月"),
        ("出生日期", "error", "1979.13"),
    ]


def test_a_forgotten_correction_is_applied_no_more(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, FOREIGN)
    headings.correct(store, shown(store, file), "member", {"person_id": "编号", "name": "姓名", "sex": "性别"})
    assert look(store, [file]).report.landed == 2
    headings.forget(store, shown(store, file))
    assert look(store, [file]).report.landed == 0
    assert list(store.maps.iterdir()) == []


def test_a_sheet_that_no_contract_knows_is_read_as_it_is_told(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, "甲,乙,丙\n1,示例市,市\n2,甲县,县（市、区）\n")
    assert shown(store, file).recognition.sources == ()
    headings.correct(store, shown(store, file), "unit", {"unit_id": "甲", "name": "乙", "body": "丙"})
    assert [part.cells.contract.source for part in look(store, [file]).parts] == ["unit"]
    assert look(store, [file]).report.landed == 2


def test_a_closed_source_takes_no_correction(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, "人员编码,年度,事项,诊断\nP1,2025,体检,甲\n")
    with pytest.raises(ReadingError, match="takes no map"):
        headings.correct(store, shown(store, file), "welfare_use", {"person_id": "人员编码", "item": "诊断"})
    assert not store.maps.exists()


@pytest.mark.parametrize("kind", ["member", "posting", "干部名册"])
@pytest.mark.parametrize("heading", ["健康状况", "身份证号", "家庭住址"])
def test_what_may_not_be_kept_cannot_be_named_otherwise(store: Store, tmp_path: Path, kind: str, heading: str) -> None:
    file = given(tmp_path, f"人员编码,姓名,性别,{heading}\nP1,示例甲,男,x\n")
    with pytest.raises(ReadingError, match="may not be kept"):
        headings.correct(store, shown(store, file), kind, {"name": heading})
    assert not store.maps.exists()


def test_a_heading_of_a_roster_is_corrected_too(store: Store, tmp_path: Path) -> None:
    landed(store, tmp_path, UNITS)
    text = (
        "示例干部名册,,,,,,\n姓名,性别,生于,参加工作时间,身份证号,部门职务情况,任现职时间\n"
        "示例甲,男,1949.12,1970.01,{},甲县县长,2024.05\n"
    )
    file = given(tmp_path, text.format(ID_NUMBER), "名册.csv")
    columns = headings.kinds()["干部名册"].meant(shown(store, file)) | {"birth": "生于", "duty": "部门职务情况"}
    headings.correct(store, shown(store, file), "干部名册", columns)
    assert shown(store, file).kind == "干部名册"
    report = land(store, [file], month=202610)
    assert {count.source: (count.landed, count.rejected) for count in report.counts} == {
        "member": (1, 0),
        "posting": (1, 0),
    }
    kept = b"".join(path.read_bytes() for path in store.root.rglob("*") if path.is_file())
    assert ID_NUMBER.encode() not in kept


@pytest.mark.promise("kept.never")
def test_a_preview_shows_no_id_number_and_nothing_of_a_closed_source(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, f"人员编码,姓名,性别,健康\n{ID_NUMBER},示例甲,男,良好\n")
    assert shown(store, file).rows == (("[ID]", "示例甲", "男", ""),)
    closed = given(tmp_path, "人员编码,年度,关爱事项,次序\nP1,2025,体检,1\n")
    assert shown(store, closed).rows == ()


# --- the marked workbook ----------------------------------------------------------------------------------------------


def sheets_of(book: bytes) -> dict[str, list[list[object]]]:
    """The cells of a workbook by sheet."""
    read = fastexcel.read_excel(book)
    frames = {name: read.load_sheet(name, header_row=None).to_pandas() for name in read.sheet_names}
    return {name: frame.fillna("").to_numpy().tolist() for name, frame in frames.items()}


def test_the_workbook_repeats_the_sheet_where_it_stood_and_lists_what_is_wrong(store: Store, tmp_path: Path) -> None:
    file = given(
        tmp_path, f"名册,,,\n人员编码,姓名,性别,出生年月\nP1,=示例甲,男,1981.13\n{ID_NUMBER},示例乙,女,1980.01\n"
    )
    found = look(store, [file]).report.findings
    book = sheets_of(marking.workbook([file], found, (), "zh"))
    assert list(book) == ["问题清单", "a"]
    (head, *rows) = book["问题清单"]
    assert head[:6] == ["文件", "工作表", "行", "列", "内容", "程度"]
    assert [row[:6] for row in rows] == [["a.csv", "", "3", "出生年月", "1981.13", "退回"]]
    assert book["a"] == [
        ["名册", "", "", ""],
        ["人员编码", "姓名", "性别", "出生年月"],
        ["P1", "'=示例甲", "男", "1981.13"],
        ["[ID]", "示例乙", "女", "1980.01"],
    ]


def test_the_bad_cell_is_marked_and_says_why(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, "人员编码,姓名,性别,出生年月\nP1,示例甲,男,1981.13\n")
    book = marking.workbook([file], look(store, [file]).report.findings, (), "zh")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        comments = parts.read("xl/comments1.xml").decode()
    assert 'ref="D2"' in comments
    assert comments.count("<comment ") == 1
    assert "请" in comments


def test_the_workbook_names_no_sheet_by_an_id_number(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, PEOPLE, f"{ID_NUMBER}.csv")
    book = marking.workbook([file], look(store, [file]).report.findings, (), "zh")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert not [part for part in parts.namelist() if ID_NUMBER.encode() in parts.read(part)]


def test_a_long_cell_stands_in_the_workbook_as_it_came(store: Store, tmp_path: Path) -> None:
    post = "示例职务、" * 120
    file = given(tmp_path, f"人员编码,单位编码,职务名称,成员类别,任职时间\nP1,1,{post},正职,2021.10\n")
    book = sheets_of(marking.workbook([file], look(store, [file]).report.findings, (), "zh"))
    assert book["a"][1][2] == post


def test_no_cell_of_a_closed_source_is_repeated(store: Store, tmp_path: Path) -> None:
    file = given(tmp_path, "人员编码,年度,关爱事项,次序\nP1,2025,体检,甲\n", "w.csv")
    looked = look(store, [file])
    assert looked.closed == {"w.csv"}
    assert list(sheets_of(marking.workbook([file], looked.report.findings, looked.closed, "en"))) == ["Findings"]


# --- landing, withdrawing, the history --------------------------------------------------------------------------------


def test_nothing_lands_until_all_is_good(store: Store, tmp_path: Path) -> None:
    report = landed(store, tmp_path, UNITS, PEOPLE.replace("1981.12", "1981.13"), whole=True)
    assert (report.batch, report.rejected) == (None, 1)
    assert store.manifest().batches == ()
    assert landed(store, tmp_path, UNITS, PEOPLE, whole=True).landed == 5


def test_time_of_study_is_no_post_and_keeps_nothing_from_being_whole(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "示例.lrmx"
    path.write_bytes(forms.lrmx(forms.person()))
    report = land(store, [given(tmp_path, forms.UNITS), path], whole=True)
    assert report.batch == "0001"
    assert report.rejected == 2  # 1996.09--2000.07 at a university, and 2004.09--2006.07 at a school beside the post


def test_a_withdrawn_batch_counts_no_more_until_it_is_restored(store: Store, tmp_path: Path) -> None:
    landed(store, tmp_path, UNITS, PEOPLE)
    before = store.manifest().fingerprint
    landed(store, tmp_path, PEOPLE.replace("1981.12", "1982.01"))
    after = store.manifest().fingerprint
    batches.withdraw(store, "0002", "示例甲")
    assert store.manifest().fingerprint == before
    batches.restore(store, "0002", "示例乙")
    assert store.manifest().fingerprint == after
    assert landed(store, tmp_path, UNITS).batch == "0003"


@pytest.mark.parametrize("name", ["0001", "0009"])
def test_only_what_is_withdrawn_can_be_restored(store: Store, tmp_path: Path, name: str) -> None:
    landed(store, tmp_path, UNITS)
    with pytest.raises(LandingError, match="No batch"):
        batches.restore(store, name)
    assert [event.kind for event in history.of(store)] == ["landed"]


def test_the_history_tells_who_did_what_with_how_many_rows(store: Store, tmp_path: Path) -> None:
    landed(store, tmp_path, UNITS, PEOPLE.replace("1981.12", "1981.13"), POSTINGS, who="示例甲", month=202610)
    path = building.build(store, who="示例乙")
    batches.withdraw(store, "0001", "示例丙")
    events = history.of(store)
    told = [(event.kind, event.what, event.who) for event in events]
    assert told == [
        ("landed", "0001", "示例甲"),
        ("built", path.stem, "示例乙"),
        ("served", path.stem, "示例乙"),
        ("withdrawn", "0001", "示例丙"),
    ]
    assert events[0].rows == {"unit": 2, "member": 2, "posting": 2}
    assert (events[0].rejected, events[0].files) == (1, ("0.csv", "1.csv", "2.csv"))
    assert (events[1].batches, events[1].month) == (("0001",), 202610)


def test_what_did_not_happen_is_not_in_the_history(store: Store, tmp_path: Path) -> None:
    landed(store, tmp_path, UNITS)
    store.maps.mkdir()
    (store.maps / "0.toml").write_text("[[unit]\n", encoding="utf-8")
    with pytest.raises(ReadingError):
        landed(store, tmp_path, PEOPLE)
    with pytest.raises(WarehouseError):
        building.build(store)
    assert [event.kind for event in history.of(store)] == ["landed"]


def test_what_died_before_it_came_true_is_not_in_the_history(store: Store, tmp_path: Path) -> None:
    def noted_only(kind: str, what: str = "0001") -> None:
        event = history.Event.now(kind, what, "示例甲")
        keeping.put(keeping.stamped(store.history, event.at), keeping.text(dataclasses.asdict(event)))

    def kinds() -> list[str]:
        return [event.kind for event in history.of(store)]

    landed(store, tmp_path, UNITS)
    noted_only("withdrawn")
    noted_only("landed", "0002")
    assert kinds() == ["landed"]
    batches.withdraw(store, "0001")
    assert kinds() == ["landed", "withdrawn"]
    noted_only("restored")
    assert kinds() == ["landed", "withdrawn"]
    batches.restore(store, "0001")
    batches.withdraw(store, "0001")
    assert kinds() == ["landed", "withdrawn", "restored", "withdrawn"]


# --- builds -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_builds(store: Store, tmp_path: Path) -> Store:
    """A store with a build of three people, and a later one of four."""
    landed(store, tmp_path, UNITS, PEOPLE, POSTINGS, month=202610)
    building.build(store)
    landed(store, tmp_path, "人员编码,姓名,性别,出生年月\nP4,示例丁,女,1990.06\n")
    building.build(store)
    return store


@pytest.mark.promise("builds.served")
def test_any_build_can_be_served_again_and_the_next_one_holds_every_batch(two_builds: Store, tmp_path: Path) -> None:
    later, earlier = builds.every(two_builds)
    assert [(build.batches, build.served) for build in (later, earlier)] == [
        (("0001", "0002"), True),
        (("0001",), False),
    ]
    builds.serve(two_builds, earlier.id, "示例甲")
    assert warehouse.newest(two_builds) == earlier.path
    assert building.is_up_to_date(two_builds)
    builds.serve(two_builds, later.id)
    assert warehouse.newest(two_builds) == later.path
    builds.serve(two_builds, earlier.id)
    landed(two_builds, tmp_path, "人员编码,姓名,性别,出生年月\nP5,示例戊,女,1991.06\n")
    assert not building.is_up_to_date(two_builds)
    newest = building.build(two_builds)
    assert builds.every(two_builds)[0].batches == ("0001", "0002", "0003")
    assert warehouse.newest(two_builds) == newest


def test_a_build_that_is_not_there_or_of_another_version_is_not_served(two_builds: Store) -> None:
    served = warehouse.newest(two_builds)
    (two_builds.warehouse / "strange.duckdb").write_bytes(b"strange")
    for name in ("nowhere", "strange"):
        with pytest.raises(WarehouseError):
            builds.serve(two_builds, name)
    assert warehouse.newest(two_builds) == served


# --- the command line -------------------------------------------------------------------------------------------------


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines that were printed."""
    return capsys.readouterr().out.splitlines()


def test_the_command_line_tells_the_difference_withdraws_and_lists_the_history(
    two_builds: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ["--store", str(two_builds.root)]
    file = given(tmp_path, "人员编码,姓名,性别,出生年月\nP1,示例甲,男,1978.06\n")
    assert data_main(["difference", str(file), "--list", str(tmp_path / "list.csv"), *root]) == 0
    assert said(capsys)[:2] == [
        "member  4 landed before: 0 new, 0 gone, 1 changed",
        "changed  member  P1  示例甲  birth: '19780500' -> '19780600'",
    ]
    assert (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "member,changed,P1,示例甲,birth,19780500,19780600"
    ]
    assert data_main(["withdraw", "0002", "--by", "示例乙", *root]) == 0
    assert data_main(["withdraw", "0002", *root]) == 2
    assert data_main(["history", *root]) == 0
    assert "示例乙  withdrawn 0002" in said(capsys)[-1]


def test_the_command_line_lists_builds_and_serves_one(two_builds: Store, capsys: pytest.CaptureFixture[str]) -> None:
    root = ["--store", str(two_builds.root)]
    _, earlier = builds.every(two_builds)
    assert queries_main(["serve", earlier.id, "--by", "示例甲", *root]) == 0
    capsys.readouterr()
    assert queries_main(["builds", *root]) == 0
    lines = said(capsys)
    assert [line[0] for line in lines] == [" ", "*"]
    assert "data to 2026-10, of batches 0001" in lines[1]
    assert queries_main(["serve", "nowhere", *root]) == 2


# --- the desk and the work in the background --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("a.xlsx", "a.xlsx"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\temp\\名册.xlsx", "名册.xlsx"),
        ("..", "_"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("x" * 300 + ".lrmx", "x" * 195 + ".lrmx"),
        ("名" * 95 + ".csv", "名" * 65 + ".csv"),
        ("a." + "x" * 300, "a." + "x" * 198),
    ],
)
def test_a_name_from_a_browser_leads_nowhere(given_name: str, kept: str) -> None:
    assert desk.safe(given_name) == kept


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, empty."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_files_of_one_name_stand_beside_each_other_and_the_folder_goes(temporary: Path) -> None:
    mine = desk.Desk("示例甲")
    mine.lay([("甲/a.csv", b"1"), ("乙/A.csv", b"2")])
    assert [(path.name, path.read_bytes()) for path in mine.paths] == [("a.csv", b"1"), ("A (2).csv", b"2")]
    mine.lay([("b.csv", b"3"), ("A.CSV", b"4")])
    assert {path.name: path.read_bytes() for path in temporary.rglob("*.*")} == {
        "A (2).csv": b"2",
        "b.csv": b"3",
        "A.CSV": b"4",
    }
    for path in mine.paths:
        mine.take_away(path.name)
    assert list(temporary.iterdir()) == []
    mine.lay([("b.csv", b"3")])
    mine.clear()
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("temporary")
def test_a_desk_is_found_by_its_viewer_while_files_lie_on_it() -> None:
    mine, other = desk.Desk("示例甲"), desk.Desk("示例甲")
    assert mine.name != other.name
    assert desk.find(mine.name, "示例甲") is None
    mine.lay([("b.csv", b"3")])
    assert desk.find(mine.name, "示例甲") is mine
    assert desk.find(mine.name, "示例乙") is None
    assert desk.find(other.name, "示例甲") is None
    mine.clear()
    assert desk.find(mine.name, "示例甲") is None


def test_files_that_nobody_lands_go_after_their_time(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "STALE_HOURS", 0.1 / 3600)
    mine = desk.Desk("示例甲")
    mine.lay([("b.csv", b"3")])
    for _ in range(500):
        if not list(temporary.iterdir()):
            break
        time.sleep(0.01)
    assert list(temporary.iterdir()) == []
    assert desk.find(mine.name, "示例甲") is None


def test_what_a_stopped_process_left_behind_goes_and_a_running_one_keeps_its_own(temporary: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    (temporary / f"{desk.PREFIX}{int(ended.stdout)}-x").mkdir()
    mine = desk.Desk("示例甲")
    mine.lay([("b.csv", b"3")])
    assert list(temporary.iterdir()) == [mine.folder]
    desk.sweep(stopping=True)
    assert list(temporary.iterdir()) == []


@pytest.fixture
def works() -> Works:
    return Works()


def finished(works: Works, store: Store) -> str:
    """The result or the sentence of the work on a store, once it has ended."""
    for _ in range(500):
        state = works.state(store)
        assert state is not None
        if state.ended:
            return state.result or state.error
        time.sleep(0.01)
    raise AssertionError


def test_one_work_at_a_time_and_its_end_is_told(works: Works, store: Store) -> None:
    goes_on = threading.Event()

    def task(_: object) -> str:
        goes_on.wait(5)
        return "0001"

    assert works.begin(store, "land", "示例甲", task)
    assert not works.begin(store, "land", "示例乙", task)
    goes_on.set()
    assert finished(works, store) == "0001"
    assert works.begin(store, "land", "示例乙", task)
    assert finished(works, store) == "0001"


def test_what_goes_wrong_is_a_sentence(works: Works, store: Store) -> None:
    def task(_: object) -> str:
        message = "No row landed."
        raise LandingError(message)

    works.begin(store, "land", "示例甲", task)
    assert finished(works, store) == "No row landed."


def test_what_goes_wrong_without_a_word_is_no_success(works: Works, store: Store) -> None:
    def task(_: object) -> str:
        raise ValueError

    works.begin(store, "land", "示例甲", task)
    assert finished(works, store) == "ValueError"


def test_a_store_that_another_fills_is_left_alone(store: Store) -> None:
    with alone(store, 1), pytest.raises(LandingError, match="Another process"), alone(store, 0.01):
        pass
    with alone(store, 0.01):
        pass


@pytest.mark.parametrize(
    "module",
    [
        amendments,
        batches,
        bundle,
        checking,
        headings,
        key,
        landing,
        mapping,
        passing,
        people,
        policy,
        reading,
        workbook,
    ],
    ids=lambda module: str(module.__name__),
)
def test_whatever_a_file_or_a_rule_is_refused_with_is_said_in_both_languages(module: types.ModuleType) -> None:
    messages = [
        ast.unparse(node.value)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "message"
    ]
    assert [said for said in messages if not re.search("[\u4e00-\u9fff]|problem_zh", said)] == []
