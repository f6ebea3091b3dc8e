"""The questions from the marts, against the same answers worked out in other ways."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data import month
from data.access import LOCAL
from data.store import Store
from queries import warehouse
from tests.bench import clock, plain, topics
from tests.bench.in_memory import Floor, Pandas
from tests.bench.question import Question, Way
from tests.bench.table import Row

TEN_YEARS, FIVE_YEARS = 120, 60
TARGET = "township_team_35"
MARTS = "marts"
MOST_MEMORY = "8GB"
"""What plain SQL may hold before it writes to disk."""
RAW = ("welfare_use", "unit_assessment")
"""Sources of which plain SQL reads the rows as they landed, from tables of its own."""


def measure(folder: Path, rounds: int) -> list[Row]:
    """Ask each question of the newest build in `folder` in each way; AssertionError where two ways differ."""
    store = Store(folder)
    build = warehouse.newest(store)
    assert build is not None
    opened = warehouse.open_for(build, LOCAL)
    with duckdb.connect(config={"memory_limit": MOST_MEMORY}) as connection:
        connection.execute(f"set enable_progress_bar = false; attach '{build}' as city (read_only)")
        _give_raw(connection, store)
        connection.execute("set search_path = 'city.whole,city.main'")
        rows = _ladder_rows(opened, connection, rounds)
        asked = topics.questions(opened.data_month, connection)
        return [*rows, *(row for question in asked for row in _compare(opened, question, rounds))]


def _give_raw(connection: duckdb.DuckDBPyConnection, store: Store) -> None:
    connection.execute("attach ':memory:' as given")
    for source in RAW:
        files = [str(file) for file in store.manifest().files(source)]
        connection.execute(f"create table given.{source} as from read_parquet($files)", {"files": files})


def _ladder_rows(opened: warehouse.Warehouse, connection: duckdb.DuckDBPyConnection, rounds: int) -> list[Row]:
    pandas, framed = clock.growth(partial(Pandas, connection))
    floor = Floor(connection, TARGET)
    asked = questions(opened.data_month, connection, pandas, floor)
    ready = [
        Row("tables in memory", "pandas, loaded", memory=framed),
        Row("tables in memory", "numpy arrays", memory=floor.bytes),
    ]
    return [*(row for question in asked for row in _compare(opened, question, rounds)), *ready]


def questions(now: int, connection: duckdb.DuckDBPyConnection, pandas: Pandas, floor: Floor) -> tuple[Question, ...]:
    """The age ladder's eight questions as the page asks them, with ten years for a series and five for what comes."""
    since, later = month.add(now, -TEN_YEARS), month.add(now, FIVE_YEARS)
    months = [month.add(since, step) for step in range(TEN_YEARS + 1)]
    span = {"since": since, "until": now, "target": TARGET}

    def sql(text: str, given: Mapping[str, Any]) -> Mapping[str, Way]:
        return {"plain SQL": lambda: connection.execute(text, given).df()}

    at = {"as_of": now}
    quota = {**sql(plain.QUOTA, at), "pandas, this month only": lambda: pandas.quota(now)}
    ladder = {
        **sql(plain.LADDER, at),
        "pandas": lambda: pandas.ladder(now),
        "numpy masks": lambda: floor.ladder(now),
    }
    series = {
        **sql(plain.OVER_TIME, span),
        "pandas": lambda: pandas.over_time(TARGET, months),
        "numpy masks": lambda: floor.over_time(months),
    }
    return (
        Question("age_ladder/quota", at, quota),
        Question("age_ladder/ladder", at, ladder),
        Question("age_ladder/by_unit", at, sql(plain.BY_UNIT, at)),
        Question("age_ladder/over_time", span, series),
        Question("age_ladder/crossing", {"since": now, "until": later, "target": TARGET}, {}),
        Question("age_ladder/roll_off", {**at, "until": later, "target": TARGET}, {}),
        Question("age_ladder/change", span, {}),
        Question("age_ladder/boundary", {**at, "target": TARGET}, {}),
    )


def _compare(opened: warehouse.Warehouse, question: Question, rounds: int) -> list[Row]:
    def ask() -> pd.DataFrame:
        return opened.ask(question.name, **question.given).table

    ways: dict[str, Way] = {MARTS: ask, **question.rivals}
    first = {way: clock.growth(call) for way, call in ways.items()}
    answer = first[MARTS][0]
    for way in question.rivals:
        assert counted(answer[list(first[way][0])]) == counted(first[way][0]), f"{question.name}: {way} differs."
    seconds = clock.race(ways, rounds)
    return [
        Row(
            question.name,
            way,
            seconds[way],
            ratio=seconds[way] / seconds[MARTS],
            memory=first[way][1],
            remark=f"{len(answer):,} rows" if way == MARTS else "equal",
        )
        for way in ways
    ]


def counted(table: pd.DataFrame) -> Counter[tuple[Any, ...]]:
    """The rows of a table, whatever their order and the width of their numbers."""
    plain_rows = table.astype(object).where(table.notna(), None)
    return Counter(plain_rows.itertuples(index=False, name=None))
