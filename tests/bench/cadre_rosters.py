"""Rosters, measured: python -m tests.bench.cadre_rosters [--people 100000]; workbooks are written, then landed."""

import argparse
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from data import landing
from data.store import Store
from tests import forms
from tests.bench import clock, table
from tests.bench.table import Row

SHEETS = {
    "花名册": (
        *("序号", "姓名", "性别", "出生年月", "民族", "籍贯", "身份证号", "入党时间", "参加工作时间", "全日制学历"),
        *("全日制学位", "毕业院校", "在职学历", "单位", "现任职务", "职级", "任现职时间", "任现职级时间", "备注"),
    ),
    "人员基本信息": ("人员编码", "姓名", "性别", "出生年月", "政治面貌", "参加工作时间"),
    "职务信息": ("人员编码", "单位编码", "职务名称", "成员类别", "职务层次", "任职时间", "免职时间"),
}
UNITS = (("甲县松林镇", "001.001.002"), ("甲县柳溪乡", "001.001.003"), ("市发展局", "001.002"))
POSTS = ("副镇长", "党委委员、副镇长", "党委副书记、镇长", "党委书记")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one table: a 花名册, and the template with the same people."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cadre_rosters", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args(arguments).people
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        table.show(people, list(_measured(Path(made), people)))


def _measured(root: Path, people: int) -> Iterable[Row]:
    (root / "units.csv").write_text(forms.UNITS, encoding="utf-8")
    for name, sheets in (("花名册", ["花名册"]), ("template", ["人员基本信息", "职务信息"])):
        path = written(root / f"{name}.xlsx", sheets, people)
        seconds, busy, memory, landed = clock.apart(landed_in, root / name, root / "units.csv", path)
        if landed != (people, people):
            message = f"{landed} of {people} people and posts landed from {path.name}."
            raise RuntimeError(message)
        yield Row("workbook to Parquet", name, seconds, memory=memory)
        yield Row("workbook to Parquet", f"{name}, processor time", busy)


def landed_in(root: Path, units: Path, given: Path) -> tuple[float, float, int, tuple[int, int]]:
    """Seconds, of which the processor was busy, and memory to land a workbook; how many people and posts did."""
    store = Store(root)
    landing.land(store, [units])
    start, busy = time.perf_counter(), time.process_time()
    landing.land(store, [given])
    manifest = store.manifest()
    landed = manifest.rows("member"), manifest.rows("posting")
    return time.perf_counter() - start, time.process_time() - busy, clock.peak(), landed


def written(path: Path, sheets: Sequence[str], people: int) -> Path:
    """A workbook of so many people with one post each."""
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, SHEETS[name])
            for number in range(people):
                said = _said(number)
                sheet.write_row(number + 1, 0, [said.get(heading, "") for heading in SHEETS[name]])
    return path


def _said(number: int) -> dict[str, str]:
    birth, serial = f"{1966 + number // 999 % 30}{1 + number // 29970 % 12:02d}15", number % 999
    unit, code = UNITS[number % len(UNITS)]
    start = f"20{10 + number % 16}.{1 + number % 12:02d}"
    return {
        "序号": str(number), "人员编码": f"P{number}", "姓名": f"赵样{number % 2000}",
        "性别": "男" if serial % 2 else "女", "出生年月": f"{birth[:4]}.{birth[4:6]}", "民族": "汉族", "籍贯": "示例",
        "身份证号": forms.id_number(birth, f"{serial:03d}"), "入党时间": "2001.06", "政治面貌": "中共党员",
        "参加工作时间": "2000.07", "全日制学历": "大学", "单位": unit, "单位编码": code, "职级": "一级主任科员",
        "现任职务": POSTS[number % 4], "职务名称": POSTS[number % 4], "成员类别": "副职", "职务层次": "乡科级副职",
        "任现职时间": start, "任职时间": start,
    }  # fmt: skip


if __name__ == "__main__":
    main()
