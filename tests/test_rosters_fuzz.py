"""Promises of tables whatever stands in them: a report or one sentence, no hang, no crash, no row unaccounted for.

`CADRE_FUZZ=20` tries twenty times as much.
"""

import io
import os
import random
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import reading
from data.batches import LandingError
from data.landing import examine
from data.reading import ReadingError
from data.store import Store
from tests import forms, sheets
from tests.forms import id_number
from tests.test_personnel_fuzz import cut, flipped, shuffled, stuffed
from tests.test_rosters import PEOPLE, SETS, UNITS, WORKBOOK

TIMES = int(os.environ.get("CADRE_FUZZ", "1"))
LONGEST = 60.0
"""Seconds that one small file may take on a machine that is busy with others."""
Change = Callable[[bytes, random.Random], bytes]
CHANGES: Sequence[Change] = (cut, flipped, stuffed, shuffled)


def inside(content: bytes, draw: random.Random) -> bytes:
    """A workbook with one of its parts changed and packed soundly again."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        changed = draw.choice([name for name in whole.namelist() if "sheet" in name or "Strings" in name])
        for name in whole.namelist():
            part = whole.read(name)
            packed.writestr(name, draw.choice(CHANGES)(part, draw) if name == changed else part)
    return held.getvalue()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the units that personnel files name."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "units.csv").write_text(forms.UNITS, encoding="utf-8")
    return folder


def survived(desk: Path, name: str, content: bytes | None = None) -> None:
    """A report in which every row is accounted for, or a sentence that says which file."""
    path, begun = desk / name, time.perf_counter()
    if content is not None:
        path.write_bytes(content)
    try:
        report = examine([desk / "units.csv", path], store=Store(desk / "store"))
    except (ReadingError, LandingError) as error:
        assert name in str(error)  # noqa: PT017 - that it is raised is no promise, that it names the file is
    else:
        told = [finding for finding in report.findings if finding.severity == "error" or finding.file == name]
        assert sum(count.rejected for count in report.counts) <= len(told)
    assert time.perf_counter() - begun < LONGEST


WHOLE: dict[str, Callable[[Path], bytes]] = {
    "a.xlsx": lambda path: sheets.xlsx(path, {"花名册": PEOPLE}).read_bytes(),
    "b.xlsx": lambda path: sheets.xlsx(path, WORKBOOK).read_bytes(),
    "a.csv": lambda _: sheets.text(PEOPLE).encode("gb18030"),
    "A02.csv": lambda _: sheets.text(SETS["A02"]).encode(),
    "机构信息.csv": lambda _: sheets.text(UNITS).encode("utf-8-sig"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_changed_bytes_of_a_table_give_a_report_or_a_sentence(desk: Path, name: str) -> None:
    whole = WHOLE[name](desk / "whole")
    draw = random.Random(20262)  # noqa: S311 - the same changes in every run
    changes = (*CHANGES, inside, inside) if name.endswith("xlsx") else CHANGES
    for _ in range(15 * TIMES):
        survived(desk, name, draw.choice(changes)(whole, draw))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_changed_bytes_of_an_older_workbook_give_a_report_or_a_sentence(desk: Path) -> None:
    whole = sheets.xls(desk / "whole", {"花名册": PEOPLE}).read_bytes()
    draw = random.Random(20263)  # noqa: S311
    for change in (*CHANGES, stuffed)[: 3 + 2 * TIMES]:
        survived(desk, "a.xls", change(whole, draw))


def test_a_stray_cell_far_from_the_table_is_said_and_ends_nothing(desk: Path) -> None:
    far = sheets.xlsx(desk / "far.xlsx", {"花名册": PEOPLE, "远": [["x"]]})
    with zipfile.ZipFile(far) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet2.xml"].replace(b'r="A1"', b'r="XFD1048576"', 1)
    far.write_bytes(forms.packed(parts))
    with pytest.raises(ReadingError, match=r"far\.xlsx has a sheet that reaches to row 1048576 and column 16384"):
        list(reading.sheets(far))


HEADINGS = st.sampled_from(
    (
        *[
            "姓名",
            "性别",
            "出生年月",
            "身份证号",
            "单位",
            "现任职务",
            "任现职时间",
            "职级",
            "序号",
            "备注",
            "A0000",
            "A0184",
            "称谓",
            "机构名称",
            "上级机构名称",
        ],
        *["隶属关系", "任职状态", "免职时间", "考核年度", "考核结果", "入党时间", "参加工作时间", "人员编码", "怪列"],
        "",
    )
)
WORDS = (
    *[
        "赵样甲",
        "男",
        "1978.05",
        "松林镇",
        "桐山镇",
        "党委书记",
        "镇长、副局长",
        "在任",
        "已免",
        "合计",
        "制表人：",
        "2021.10",
        "2026",
        "优秀",
        "示例市",
        "甲县",
    ],
    *["镇", "u-1", "正科级", "１９７８．０５", "#N/A", "P1"],
    *(id_number(), id_number().lower()[:-1], "　"),
)
CELLS = st.one_of(
    st.sampled_from(WORDS),
    st.integers(0, 10**18),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=6),
    st.none(),
)


@settings(
    max_examples=40 * TIMES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    st.lists(HEADINGS, min_size=1, max_size=10),
    st.lists(st.lists(CELLS, max_size=12), max_size=8),
    st.sampled_from(["花名册", "机构信息", "职务信息", "家庭成员", "A02"]),
)
def test_any_rows_under_any_headings_are_accounted_for(
    desk: Path, headings: list[str], rows: list[list[str | float | int | None]], name: str
) -> None:
    path = desk / f"{name}.csv"
    path.write_text(sheets.text([headings, *rows]), encoding="utf-8", errors="replace")
    survived(desk, path.name)
    try:
        sheets.xlsx(desk / "any.xlsx", {name: [headings, *rows]})
    except (OSError, ValueError):
        return
    survived(desk, "any.xlsx")
