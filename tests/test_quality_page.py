"""The page of data quality: it says whose records are in doubt as worked by hand, and names them by right."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from data import batches, found, history, landing
from data.access import Viewer
from data.checking import ERROR, WARNING
from data.store import Store
from pages.exhibits import quality as exhibits
from pages.parts import answers, desk, intake, look, words
from tests.conftest import OpenPage
from tests.test_pages import GUEST, charts, names_in, said, title

PAGE = "quality"
HEADS = "人员编码,姓名,性别,出生年月,入党时间\n"


def test_the_title_says_of_how_many_a_record_is_in_doubt(page: OpenPage) -> None:
    assert title(page(lang="en")) == "4 of 11 people in post (36.4%) have a record in doubt"
    assert title(page(lang="zh_CN", unit="001.001")) == "甲县在职 9 人中 3 人信息存疑（33.3%）"


def test_both_figures_are_drawn_and_say_what_is_most_and_what_is_clean(page: OpenPage) -> None:
    app = page(lang="en")
    assert charts(app) == {"quality-rule", "quality-by_unit"}
    told = " ".join(said(app, "takeaway"))
    assert "Most concern Gap in the career: 2 people in post, 18.18%" in told
    assert "In post under eighteen" in told
    assert "2 of 2 units have records in doubt." in told


def test_every_rule_says_what_it_moves_and_how_it_is_mended(page: OpenPage) -> None:
    (table,) = said(page(lang="en"), "table-box")
    assert all(
        rule in table
        for rule in ("Birth not known 1 1 9.1%", "Gap in the career 2 2 18.2%", "No assessment last year 0 0")
    )
    assert "targets on those outside the Party" in table
    assert "Correct the political status or the month of joining." in table


def test_a_rule_leads_to_its_people_and_their_two_months(page: OpenPage) -> None:
    app = page(lang="en", more="records", doubt="career_gap")
    (table,) = said(app, "table-box")
    assert names_in(app) == {"郑样庚", "陈样癸"}
    assert all(month in table for month in ("2020-06", "2019-03", "2016-04", "2012-10"))


def test_whoever_may_not_see_names_is_shown_the_counts_alone(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    for part in ("rules", "records", "checks", "files"):
        app = page(lang="en", more=part)
        assert names_in(app) == set()
        assert title(app) == "4 of 11 people in post (36.4%) have a record in doubt"


def test_whoever_sees_one_unit_is_told_of_its_people_and_of_no_file(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LOCAL", Viewer("department", ("001.002",), names=True, may=frozenset({"read"})))
    app = page(lang="en", more="records")
    assert title(app) == "1 of 2 people in post (50.0%) have a record in doubt"
    assert names_in(app) == {"陈样癸"}
    assert not of_files(app)
    assert not of_files(page(lang="en", more="files"))


def of_files(app: AppTest) -> list[str]:
    """What a page in English says of the files that landed."""
    told = ("did not land", "What was found in the files", "to be mended")
    return [each for each in told if any(each in text for text in said(app))]


def test_whoever_sees_every_unit_is_told_of_files_and_of_one_unit_counts_no_rows_of_them(page: OpenPage) -> None:
    assert "rows of files that did not land: 0" in " ".join(said(page(lang="en")))
    assert "文件中未入库 0 行" in " ".join(said(page(lang="zh_CN")))
    assert len(of_files(page(lang="en", more="files"))) == 3
    assert of_files(page(lang="en", unit="001.002")) == []


def test_what_the_checks_found_is_listed_with_its_unit(page: OpenPage) -> None:
    tables = said(page(lang="zh_CN", more="checks"), "table-box")
    assert len(tables) == 2
    assert "考核信息" in tables[0]
    assert "柳溪乡" in tables[1]
    assert "P06 2026 leave" in tables[1]


@pytest.fixture
def landed(tmp_path: Path) -> Store:
    """A store with a list of people in which two cells cannot be read and one is empty."""
    store, people = Store(tmp_path / "store"), tmp_path / "people.csv"
    rows = "A1,甲,男,1980.05,2001.07\nA2,乙,女,,民盟\nA3,丙,错,1981.05,\n"
    people.write_text(HEADS + rows, encoding="utf-8")
    landing.land(store, [people], month=202610)
    return store


def test_what_was_found_in_the_files_is_summed_up_by_file_and_problem(landed: Store) -> None:
    told = [(each.first.column, each.first.severity, each.rows, each.first.row) for each in found.in_files(landed)]
    assert told == [("性别", ERROR, 1, 4), ("出生年月", WARNING, 1, 3), ("入党时间", WARNING, 1, 3)]


def test_a_field_of_joining_that_names_a_party_rejects_nobody(landed: Store) -> None:
    assert landed.manifest().rows("member") == 2


def test_what_was_found_repeats_no_cell(landed: Store) -> None:
    assert {each.first.value for each in found.in_files(landed)} == {""}


def scene() -> exhibits.QualityScene:
    """What a page in Chinese has chosen that shows every rule of every unit."""
    return exhibits.QualityScene(
        words=words.of("zh_CN"), look=look.LIGHT, as_of=202610, data_month=202610, unit=None, unit_name="",
        doubt=None, doubt_name="",
    )  # fmt: skip


@pytest.fixture
def summed(tmp_path: Path) -> Store:
    """A store with a list of people below which stands a total, one of units by name, and a sheet that is not kept."""
    store = Store(tmp_path / "store")
    files = {
        "people.csv": HEADS + "A1,甲,男,1980.05,2001.07\n合计,,,,\n",
        "units.csv": "单位名称,上级单位\n示例市,\n中共示例市委组织部,示例市\n",
        "家庭成员.csv": "姓名,称谓,工作单位\n甲,配偶,示例单位\n乙,子女,示例单位\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    landing.land(store, [tmp_path / name for name in files], month=202610)
    return store


def test_what_is_but_told_is_not_said_to_have_landed_and_keeps_its_number(summed: Store) -> None:
    files = found.in_files(summed)
    chinese = scene()
    table = exhibits.files_table(chinese, files)
    assert list(table) == ["文件", "列", "行数", "首行", "程度", "内容", "问题", "处理办法"]
    assert table[["文件", "程度", "内容"]].to_numpy().tolist() == [
        ["家庭成员.csv", "提示", "家庭成员: 2"],
        ["units.csv", "提示", "2"],
        ["people.csv", "提示", ""],
    ]
    assert summed.manifest().rows("member") == 1
    assert exhibits.files_takeaway(chinese, files) == "须更正 0 处，提示 3 处。"


MESSY = (
    HEADS
    + "A1,甲,男,1980.05,2001.07\n"
    + "A2,乙,错,四月,2001.07\n"  # two cells that keep it out
    + "A1,丙,女,1981.05,\n"  # a code that stands above
    + "A4,丁,女,1982.05,民盟\n"  # a cell that is but told
    + "合计,,,,\n"
    + ",,,,\n"
)


def test_rows_that_did_not_land_are_counted_alike_wherever_they_are_told(tmp_path: Path) -> None:
    store, people = Store(tmp_path / "store"), tmp_path / "people.csv"
    people.write_text(MESSY, encoding="utf-8")
    seen = desk.check(store, [people], replace=False)
    report = landing.land(store, [people], month=202610)
    kept = sum(pq.read_metadata(file).num_rows for file in store.manifest().files("member"))
    assert (kept, report.rejected) == (2, 3)
    assert intake.headline(seen, 1, words.of("en")) == "1 file: records that can land 2, rejected 3"
    assert [event.rejected for event in history.of(store)] == [3]
    assert found.rejected(store) == 3
    batches.withdraw(store, "0001")
    assert found.rejected(store) == 0
