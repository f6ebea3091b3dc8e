"""Nothing that is told, marked or logged repeats an ID number, whole or damaged."""

import re
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from data import marking, matching
from data.landing import land
from data.store import Store
from tests import forms, sheets
from tests.forms import id_number
from tests.sheets import row

pytestmark = pytest.mark.promise("kept.never")

WHOLE = id_number()
"""999999197805030018 or the like: region, birth, the rest."""
DAMAGED = {
    "one sign lost": WHOLE[:-1],
    "two signs lost": WHOLE[:-2],
    "one sign more": WHOLE + "1",
    "of a number cell": "9.9999919780503E+17",
    "rounded": WHOLE[:15] + "000",
    "in groups": f"{WHOLE[:6]} {WHOLE[6:14]} {WHOLE[14:]}",
    "in smaller groups": f"{WHOLE[:6]} {WHOLE[6:10]} {WHOLE[10:14]} {WHOLE[14:]}",
    "spaced out": " ".join(WHOLE),
    "with hyphens": f"{WHOLE[:6]}-{WHOLE[6:14]}-{WHOLE[14:]}",
    "with a space near the end": f"{WHOLE[:15]} {WHOLE[15:]}",
    "birth hidden": f"{WHOLE[:6]}********{WHOLE[14:]}",
    "end hidden": f"{WHOLE[:14]}****",
    "in groups, half hidden": f"{WHOLE[:6]} **** **** {WHOLE[14:]}",
    "wide": "".join(chr(ord(sign) + 0xFEE0) for sign in WHOLE[:-1]) + "Ｘ",
    "wide, in groups": f"９９９９９９　１９７８０５０３　{WHOLE[14:]}",
}  # fmt: skip
OTHERS = (
    "201809 201910 202011",
    "2018 09 2019 10 2020 11",
    *("2000.07--2005.09  甲县松林镇科员", "20100301-20140501", "20000701 20050901", "2000 2005 2010 2015"),
    *("13800000000", "001.001.002", "2026-03-01 12:30:45", "按机构导出文件_001_某单位_20260301123045", "*" * 20),
    *("ID-12345678901234567890", "NB-11111111111111111111"),
)


@pytest.mark.parametrize("written", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("around", ["{}", "赵样甲{}，2010.03", "1978.05 {} 男", "12 {}"])
def test_a_damaged_number_is_masked_wherever_it_stands(written: str, around: str) -> None:
    told = matching.without_numbers(around.format(written))
    assert "[ID]" in told
    assert not re.search(r"[\d０-９]{5}|\*", told)
    assert re.sub(r"[\d. ]", "", told.replace("[ID]", "")) == re.sub(r"[\d. ]", "", around.replace("{}", ""))


@pytest.mark.parametrize("text", OTHERS)
def test_dates_codes_and_telephones_stay(text: str) -> None:
    assert matching.without_numbers(text) == text


@pytest.mark.parametrize("text", ["1 ", "* ", "1*", "1-", "9999991978", "9.999999", "*1 "])
def test_masking_takes_no_long_on_whatever_is_written(text: str) -> None:
    begun = time.process_time()
    matching.without_numbers(text * (30_000 // len(text)))
    assert time.process_time() - begun < 2


def test_neither_findings_nor_the_marked_workbook_repeat_damaged_numbers(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(forms.UNITS, encoding="utf-8")
    columns = ("sex", "birth", "party", "work", "unit", "post", "rank", "start", "note")
    people = [
        row(at, f"赵样{at}", written, **{columns[at % len(columns)]: f"见{written}"})
        for at, written in enumerate(DAMAGED.values(), start=1)
    ]
    people += [row(99, DAMAGED["in groups"]), row(100, "赵样甲", unit=DAMAGED["birth hidden"], post=DAMAGED["rounded"])]
    path = sheets.xlsx(tmp_path / "花名册.xlsx", {"花名册": sheets.roster(*people)})
    of_template = "人员编码,姓名,性别,出生年月\n" + "".join(
        f"P{at},赵样,{written},{written}\n" for at, written in enumerate(DAMAGED.values())
    )
    (tmp_path / "member.csv").write_text(of_template, encoding="utf-8")
    given = [tmp_path / "units.csv", path, tmp_path / "member.csv"]
    report = land(Store(tmp_path / "store"), given)
    assert report.rejected > len(DAMAGED)
    assert report.findings_path is not None
    told = [report.findings_path.read_text(encoding="utf-8-sig")]
    with zipfile.ZipFile(BytesIO(marking.workbook(given, report.findings, [], "zh"))) as book:
        told += [book.read(name).decode() for name in book.namelist()]
    for written in DAMAGED.values():
        assert not any(written in text for text in told)
    assert all("[ID]" in text for text in (told[0], "".join(told[1:])))
