"""The age ladder's questions from the marts, against the same answers worked out in other ways."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data import month
from data.access import LOCAL
from queries import warehouse
from tests.bench import clock, plain
from tests.bench.in_memory import Floor, Pandas
from tests.bench.table import Row

TEN_YEARS, FIVE_YEARS = 120, 60
TARGET = "township_team_35"
MARTS = "marts"
MOST_MEMORY = "8GB"
"""What plain SQL may hold before it writes to disk."""
Way = Callable[[], pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its parameters, and the ways to part of its answer beside its own."""

    name: str
    given: Mapping[str, Any]
    rivals: Mapping[str, Way]


def measure(build: Path, rounds: int) -> list[Row]:
    """Ask each question in each way; AssertionError where two ways differ."""
    opened = warehouse.open_for(build, LOCAL)
    with duckdb.connect(config={"memory_limit": MOST_MEMORY}) as connection:
        connection.execute(f"set enable_progress_bar = false; attach '{build}' as city (read_only); use city")
        pandas, framed = clock.growth(partial(Pandas, connection))
        floor = Floor(connection, TARGET)
        ready = [
            Row("tables in memory", "pandas, loaded", memory=framed),
            Row("tables in memory", "numpy arrays", memory=floor.bytes),
        ]
        asked = questions(opened.data_month, connection, pandas, floor)
        return [*(row for question in asked for row in _compare(opened, question, rounds)), *ready]


def questions(now: int, connection: duckdb.DuckDBPyConnection, pandas: Pandas, floor: Floor) -> tuple[Question, ...]:
    """The eight questions as the page asks them, with ten years for a series and five for what comes."""
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
        Question("quota", at, quota),
        Question("ladder", at, ladder),
        Question("by_unit", at, sql(plain.BY_UNIT, at)),
        Question("over_time", span, series),
        Question("crossing", {"since": now, "until": later, "target": TARGET}, {}),
        Question("roll_off", {**at, "until": later, "target": TARGET}, {}),
        Question("change", span, {}),
        Question("boundary", {**at, "target": TARGET}, {}),
    )


def _compare(opened: warehouse.Warehouse, question: Question, rounds: int) -> list[Row]:
    def ask() -> pd.DataFrame:
        return opened.ask(f"age_ladder/{question.name}", **question.given).table

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
