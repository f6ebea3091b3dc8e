"""Promises of tables whatever stands in them: a report or one sentence, no hang, no crash, no row unaccounted for.

`CADRE_FUZZ=20` tries twenty times as much.
"""

import io
import os
import random
import re
import struct
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import reading, workbook
from data.batches import LandingError
from data.landing import examine
from data.reading import ReadingError
from data.store import Store
from data.workbook import BLOCK
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
        for count in (each for each in report.counts if each.file == name):
            told = [each for each in report.findings if (each.file, each.sheet) == (name, count.sheet)]
            whole = any("none of its rows can land" in each.problem_en for each in told)
            assert whole or count.rejected <= len({each.row for each in told}), count
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
    for change in (*CHANGES, stuffed) * TIMES:
        survived(desk, "a.xls", change(whole, draw))


def repacked(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    path.write_bytes(forms.packed(change(parts)))
    return path


SECOND = "xl/worksheets/sheet2.xml"
FAR = b'r="XFD1048576"'
STRAY: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "as usual": lambda parts: parts,
    "in single quotes": lambda parts: parts | {SECOND: parts[SECOND].replace(b'"', b"'")},
    "after another attribute": lambda parts: parts | {SECOND: parts[SECOND].replace(FAR, b's="0" ' + FAR)},
    "in small letters": lambda parts: parts | {SECOND: parts[SECOND].replace(FAR, FAR.replace(b"XFD", b"xfd"))},
    "with a prefix": lambda parts: (
        parts | {SECOND: re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", parts[SECOND]).replace(b" xmlns=", b" xmlns:x=")}
    ),
    "in a part of another name": lambda parts: {
        name.replace("worksheets/sheet2.xml", "s/other.part"): content.replace(
            b"worksheets/sheet2.xml", b"s/other.part"
        )
        for name, content in parts.items()
    },
    "beyond the first blocks": lambda parts: (
        parts | {SECOND: parts[SECOND].replace(b"<row", b"<!--" + b"x" * 33_000_000 + b"--><row", 1)}
    ),
    "where a block ends": lambda parts: (
        parts
        | {
            SECOND: parts[SECOND].replace(
                b"<row", b"<!--" + b"x" * (BLOCK - parts[SECOND].index(FAR) - 15) + b"--><row", 1
            )
        }
    ),
}


@pytest.mark.parametrize("written", STRAY)
def test_a_stray_cell_far_from_the_table_is_said_and_ends_nothing(desk: Path, written: str) -> None:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        assert b'<dimension ref="A1"/>' in parts[SECOND]
        return STRAY[written](parts | {SECOND: parts[SECOND].replace(b'r="A1"', FAR, 1)})

    far = repacked(sheets.xlsx(desk / "far.xlsx", {"花名册": PEOPLE, "远": [["x"]]}), change)
    with pytest.raises(ReadingError, match=r"far\.xlsx has a sheet that reaches to row 1048576 and column 16384"):
        list(reading.sheets(far))


def test_cells_that_do_not_say_where_they_stand_end_nothing(desk: Path) -> None:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        far = b'<row r="1"><c><v>1</v></c></row><row r="1048576">' + b"<c><v>1</v></c>" * 16_384 + b"</row>"
        return parts | {SECOND: re.sub(rb"<row.*</row>", far, parts[SECOND])}

    far = repacked(sheets.xlsx(desk / "far.xlsx", {"花名册": PEOPLE, "远": [["x"]]}), change)
    with pytest.raises(ReadingError, match=r"far\.xlsx cannot be read as a workbook"):
        list(reading.sheets(far))


def test_a_workbook_written_in_an_unusual_way_reads_the_same(desk: Path) -> None:
    usual = sheets.xlsx(desk / "usual.xlsx", {"花名册": PEOPLE})
    other = sheets.xlsx(desk / "other.xlsx", {"花名册": PEOPLE})
    first = "xl/worksheets/sheet1.xml"
    repacked(other, lambda parts: parts | {first: re.sub(rb'<c (r="\w+")', rb'<c s="0" \1', parts[first])})
    read = [next(iter(workbook.leaves(path))) for path in (usual, other)]
    assert read[0].columns == read[1].columns
    assert [list(mask) for mask in read[0].numeric] == [list(mask) for mask in read[1].numeric]


def test_an_archive_that_lies_about_its_size_is_refused(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far = sheets.xlsx(desk / "far.xlsx", {"花名册": PEOPLE})
    repacked(far, lambda parts: parts | {"xl/media/image1.png": bytes(5_000_000)})
    content, told = far.read_bytes(), struct.pack("<I", 5_000_000)
    assert content.count(told) == 2
    far.write_bytes(content.replace(told, struct.pack("<I", 10)))
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 4_000_000)
    with pytest.raises(ReadingError, match=r"far\.xlsx unpacks to more than"):
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
