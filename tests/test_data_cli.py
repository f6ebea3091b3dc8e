"""Promises of python -m data: the template it writes it also reads, and it says what it did in plain lines."""

from pathlib import Path

import fastexcel
import pytest

from data import contract
from data.__main__ import main
from data.landing import Store

UNITS = "单位编码,单位名称,班子类别\n1,示例市,市\n2,甲县,村\n"


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
