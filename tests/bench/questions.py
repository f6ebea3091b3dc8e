"""The questions from the marts, against the same answers worked out in other ways."""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data import month
from data.access import LOCAL
from data.speeds import OURS, Row
from data.store import Store
from queries import warehouse
from tests.bench import clock, floor, plain, topics
from tests.bench.engines import LARGEST, Engines, holding
from tests.bench.in_memory import Floor, Pandas
from tests.bench.question import Question, Way
from tests.bench.run import tried

TEN_YEARS, FIVE_YEARS = 120, 60
TARGET = "township_team_35"
OF_TARGET = "select body, roles, upper_age from whole.age_target where target_id = $target order by valid_from desc"
MOST_MEMORY = "8GB"
"""What each DuckDB, plain or with marts, may hold before it writes to disk."""
SERVED = "PostgreSQL"
"""The way whose memory is that of another process."""
RAW = ("welfare_use", "unit_assessment")
"""Sources of which plain SQL reads the rows as they landed, from tables of its own; of a large city where they lie."""


def measure(folder: Path, rounds: int, people: int) -> list[Row]:
    """Ask each question of the newest build in `folder` in each way; two ways that differ are said, not timed."""
    store = Store(folder)
    build = warehouse.newest(store)
    assert build is not None
    with holding(MOST_MEMORY), duckdb.connect() as connection:
        opened = warehouse.open_for(build, LOCAL)
        connection.execute(f"set enable_progress_bar = false; attach '{build}' as city (read_only)")
        _give_raw(connection, store, "table" if people <= LARGEST else "view")
        connection.execute("set search_path = 'city.whole,city.main'")
        pandas, framed = clock.growth(partial(Pandas, connection))
        masks = Floor(connection, TARGET)
        now = opened.data_month
        asked = [
            *questions(now, connection, pandas, masks),
            *topics.questions(now, connection, framed=people <= LARGEST),
        ]
        with closing(Engines(connection, _given(connection, now), people)) as engines:
            race = Race(opened, engines, rounds, floor.bandwidth())
            rows = [row for question in asked for row in tried(question.name, partial(race.run, question))]
            return [
                *rows,
                Row("tables of its own", "pandas", memory=framed),
                Row("tables of its own", "numpy", memory=masks.bytes),
                *engines.rows,
            ]


def _given(connection: duckdb.DuckDBPyConnection, now: int) -> dict[str, Any]:
    """What the shared SQL asks: the month, ten years back, the year that is over, the target, the rule of streaks."""
    year = now // 100 - 1
    target = connection.execute(OF_TARGET, {"target": TARGET}).df().to_dict("records")[0]
    rules = dict(connection.execute(topics.RULES, {"year": year}).fetchall())
    roles = target["roles"].split("|")
    return {
        "now": now,
        "since": month.add(now, -TEN_YEARS),
        "year": year,
        "body": target["body"],
        "upper_age": int(target["upper_age"]),
        "role_list": roles,
        "roles": ", ".join(f"'{role}'" for role in roles),
        "breaks": int(rules.get("ungraded_breaks", 0) > 0),
        "streak_years": int(rules["streak_years"]),
    }


def _give_raw(connection: duckdb.DuckDBPyConnection, store: Store, kind: str) -> None:
    connection.execute("attach ':memory:' as given")
    for source in RAW:
        files = [str(file) for file in store.manifest().files(source)]
        connection.execute(f"create {kind} given.{source} as from read_parquet({files})")


def questions(now: int, connection: duckdb.DuckDBPyConnection, pandas: Pandas, masks: Floor) -> tuple[Question, ...]:
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
        "numpy": lambda: masks.ladder(now),
    }
    series = {
        **sql(plain.OVER_TIME, span),
        "pandas": lambda: pandas.over_time(TARGET, months),
        "numpy": lambda: masks.over_time(months),
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


@dataclass(frozen=True, slots=True)
class Race:
    """What the ways to an answer are timed with: an open build, the engines, rounds, and bytes of memory a second."""

    opened: warehouse.Warehouse
    engines: Engines
    rounds: int
    bandwidth: float

    def run(self, question: Question) -> list[Row]:
        """Time every way to the answer of a question in turn; AssertionError where two answers differ."""
        ways: dict[str, Way] = {OURS: partial(self._ask, question), **question.rivals}
        ways |= self.engines.ways(question.name)
        first = {way: clock.growth(call) for way, call in ways.items()}
        answer = first[OURS][0]
        for way, (found, _) in first.items():
            assert counted(answer[list(found)]) == counted(found), f"{question.name}: {way} differs."
        seconds = clock.race(ways, self.rounds)
        rows = [
            Row(
                question.name,
                way,
                seconds[way],
                ratio=seconds[way] / seconds[OURS],
                memory=None if way == SERVED else first[way][1],
                remark=f"{len(answer):,} rows" if way == OURS else "equal",
            )
            for way in ways
        ]
        return [*rows, *floor.row(question.name, self.engines.counts, seconds[OURS], self.bandwidth)]

    def _ask(self, question: Question) -> pd.DataFrame:
        return self.opened.ask(question.name, **question.given).table


def counted(table: pd.DataFrame) -> Counter[tuple[Any, ...]]:
    """The rows of a table, whatever their order and the width of their numbers."""
    plain_rows = table.astype(object).where(table.notna(), None)
    return Counter(plain_rows.itertuples(index=False, name=None))
