"""What leaves: a long list as a workbook and briefings as files, against the plainest ways to write the same rows."""

import io
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from data.access import LOCAL
from data.speeds import Row
from data.store import Store
from pages.parts import answers, chosen, press, printed, sheets, words
from pages.parts.press import Order
from queries import warehouse
from tests.bench import clock

TEMPLATE = "换届年轻干部配备"
LISTED = "assessment/streak"


def measure(folder: Path, rounds: int) -> list[Row]:
    """Write the list of those with excellent grades."""
    opened = warehouse.open_for(_build(Store(folder)), LOCAL)
    return _lists(opened.ask(LISTED, year=opened.data_month // 100 - 1).table, rounds)


def measure_briefing(folder: Path) -> list[Row]:
    """Write a briefing in every form; what its figures take, projections among them, comes once before that."""
    store = Store(folder)
    return _briefings(store, warehouse.open_for(_build(store), LOCAL).data_month)


def _build(store: Store) -> Path:
    build = warehouse.newest(store)
    assert build is not None
    return build


def _lists(table: pd.DataFrame, rounds: int) -> list[Row]:
    ways: Mapping[str, Callable[[], bytes]] = {
        "our workbook": lambda: sheets.workbook({"a": table}),
        "pandas by XlsxWriter": lambda: _by_pandas(table),
        "CSV by pandas": lambda: table.to_csv(index=False).encode(),
    }
    first = {way: clock.growth(write) for way, write in ways.items()}
    seconds = clock.race(ways, rounds)
    ours = seconds["our workbook"]
    what = f"a list as a file, {LISTED}"
    return [
        Row(what, way, seconds[way], ratio=seconds[way] / ours, memory=first[way][1], remark=f"{len(table):,} rows",
            size=len(first[way][0]))
        for way in ways
    ]  # fmt: skip


def _by_pandas(table: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    table.to_excel(file, index=False, engine="xlsxwriter")
    return file.getvalue()


def _briefings(store: Store, as_of: int) -> list[Row]:
    here = answers.reader(store, LOCAL, words.of("zh_CN"))
    template = chosen.named(store, TEMPLATE)
    order = Order(store, here, template.name, chosen.text(template), as_of)
    start = time.perf_counter()
    made = press.made(order)
    rows = [Row("a briefing", "its figures", time.perf_counter() - start, remark=f"{len(made.leaves)} figures")]
    for ending in printed.at_hand():
        start = time.perf_counter()
        size = len(printed.PRINTED[ending](made))
        rows.append(Row("a briefing", ending, time.perf_counter() - start, size=size))
    return rows
