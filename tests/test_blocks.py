"""A file gives the same rows and findings however little of it is held at a time."""

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from data import checking, landing, reading
from data.landing import Look
from data.reading import ReadingError
from data.store import Store

HEADINGS = "人员编码,单位编码,职务名称,成员类别,任职时间,备注\n"
CELLS = {
    "person": ("P1", "P2", "P３", "", "p1"),
    "unit": ("001", "002", ""),
    "post": ("镇长", '"副镇长\n（兼）"', "书记、局长", ""),
    "role": ("正职", "副职", "村长", "chief"),
    "start": ("2021.10", "2022年3月", "12345", "", "2021-10-05"),
    "note": ("", "x"),
}


def messy(rows: int) -> str:
    """Rows with repeats, empty and wrong cells, line breaks inside quotes, blank lines and a total below."""
    draw = random.Random(5)  # noqa: S311 - the same rows in every run
    lines = [",".join(draw.choice(cells) for cells in CELLS.values()) for _ in range(rows)]
    return "某市任职情况表\n" + HEADINGS + "\n".join(lines) + "\n\n,,,,,\n合计,,,,,\n"


def looked(folder: Path, path: Path) -> Look:
    return landing.look(Store(folder / "store"), [path])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_small_blocks_and_one_block_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(messy(400).encode(encoding))
    whole = looked(tmp_path, path)
    monkeypatch.setattr(reading, "ROWS_A_BLOCK", 3)
    monkeypatch.setattr(reading, "BYTES_A_BLOCK", 5)
    monkeypatch.setattr(checking, "TEXTS_AT_ONCE", 2)
    pieces = looked(tmp_path, path)
    assert pieces.report == whole.report
    assert [part.table for part in pieces.parts] == [part.table for part in whole.parts]
    (count,) = whole.report.counts
    assert (count.rows_in, count.landed > 5, count.rejected > 300) == (401, True, True)
    assert len({finding.problem_en for finding in whole.report.findings}) > 5


def test_where_a_byte_is_of_no_encoding_is_found_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BYTES_A_BLOCK", 4)
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,中".encode() + b"\xff\xff,a\n")
    with pytest.raises(ReadingError, match=r"neither UTF-8 \(byte 10\) nor GB18030 \(byte 9\)"):
        list(reading.sheets(path))


def test_the_first_place_of_a_key_is_found_as_by_hand() -> None:
    draw = random.Random(7)  # noqa: S311 - the same rows in every run
    rows = [(draw.choice(["a", "b", "", None]), draw.choice([1, 2, None])) for _ in range(200)]
    keys = pa.table({"text": [row[0] for row in rows], "number": pa.array([row[1] for row in rows], pa.int32())})
    assert checking._first_places(keys).tolist() == [rows.index(row) for row in rows]  # noqa: SLF001
    assert checking._first_places(keys.slice(0, 0)).dtype == np.int64  # noqa: SLF001
