"""The promise of a planner's first hour: units, a messy 花名册 and a folder of .lrmx become the age ladder."""

from pathlib import Path

import pytest

from data.__main__ import main as data_main
from data.store import Store
from queries import building
from queries.__main__ import main as queries_main
from tests import forms, plain, sheets
from tests.conftest import CADRE, opened
from tests.forms import id_number
from tests.sheets import row

UNITS: sheets.Rows = [
    ["机构名称", "机构简称", "上级机构名称", "机构类别", "机构级别", "隶属关系", "正职领导职数", "副职领导职数"],
    ["示例市", "", "", "", "", "", None, None],
    ["甲县", "", "示例市", "", "县处级", "", None, None],
    ["松林镇", "", "甲县", "党委", "乡科级", "镇", 2, 7],
    ["柳溪乡", "", "甲县", "党委", "乡科级", "乡", 2, 5],
]
SECRETARY = id_number("19920315", "001")


def career(birth: str, work: str, line: str, **said: str) -> bytes:
    """The personnel file of someone with one post."""
    usual = {"JianLi": line, "NianDuKaoHeJieGuo": "", "ChuShengNianYue": birth, "CanJiaGongZuoShiJian": work}
    return forms.lrmx(forms.person(**usual, **said))


@pytest.fixture
def given(tmp_path: Path) -> list[Path]:
    """What lies on the planner's desk."""
    folder = tmp_path / "任免审批表"
    folder.mkdir()
    (folder / "赵样甲.lrmx").write_bytes(
        career("199203", "201407", "2021.10--  甲县松林镇党委书记", ShenFenZheng=SECRETARY)
    )
    (folder / "周样戊.lrmx").write_bytes(
        career(
            "198501",
            "200807",
            "2019.05--  松林镇党委委员",
            XingMing="周样戊",
            ShenFenZheng=id_number("19850120", "007"),
        )
    )
    people = sheets.roster(
        row(1, "赵　样甲", SECRETARY.lower(), birth="１９９２．０３", work="201407", post="党委书记"),
        row(2, "钱样乙", id_number("19780503", "003"), birth="197805"),
        [],
        row(3, "李样丁", id_number("19910209", "005"), birth=33278, unit="甲县柳溪乡", post="乡长", start="2023年1月"),
        row(4, "孙样丙", id_number("19960512", "002"), sex="女", birth="1996-5-12", unit="柳溪乡", post="副乡长"),
        row(5, "郑样庚", id_number("19950101", "009"), birth="1995.01", unit="某县某镇", post="镇长"),
    )
    units = sheets.xlsx(tmp_path / "机构.xlsx", {"机构信息": UNITS})
    return [units, sheets.xlsx(tmp_path / "花名册.xlsx", {"花名册": people}), folder]


def test_files_become_the_age_ladder_without_a_map(
    given: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path / "store")
    into = ["--store", str(store.root)]
    assert data_main(["check", *map(str, given), *into]) == 1
    assert data_main(["land", *map(str, given), "--month", "2026-10", *into]) == 0
    told = capsys.readouterr().out
    assert "member  花名册.xlsx/花名册  7 rows in = 4 landed + 3 rejected" in told
    assert "posting  花名册.xlsx/花名册  5 rows in = 3 landed + 2 rejected" in told
    assert "某县某镇" in told
    assert queries_main(["build", *into]) == 0
    building.build(store, folder=CADRE / "policy")
    # Five stand in the two townships: 赵 34, 钱 48, 周 41, 李 35, 孙 30; 郑 is in a unit that is not in the list.
    wanted = {
        "principals_35": (4, 1, 2),  # two posts in each of two units, a fifth of them; 赵 and 李
        "team_35": (5, 2, 3),  # three tenths of five, rounded up; 赵, 李 and 孙
        "team_30": (2, 2, 1),  # one in each unit; 孙
    }
    answer = opened(store).ask("age_ladder/quota", as_of=202610)
    held = {name: counts for name, *counts in plain.rows(answer, "target_id", "base", "needed", "have")}
    assert {name: tuple(held[name]) for name in wanted} == wanted
