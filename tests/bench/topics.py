"""The questions of the other topics from what the build has counted, against the same answers worked out when asked."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import duckdb
import pandas as pd

import queries
from data import month
from tests.bench import plain
from tests.bench.question import Question, Way

AHEAD = 24
"""Months to which the clock board looks ahead."""
WELFARE = """
select item, body, coalesce(level, 'unknown') as level, sex, coalesce(band_id, 'unknown') as band_id, entitled, used
from whole.welfare
inner join whole.welfare_year using (year)
left join whole.age_band on month - birth_month >= 100 * lower_age and month - birth_month < 100 * upper_age
where year = $year and entitled > 0
"""
ANNUAL = "select person_id, year, grade, rewarded from whole.assessed where is_annual and takes_part"
RULES = """
select rule_id, value from whole.assessment_rule
where valid_from <= $year * 100 + 12 and valid_to > $year * 100 + 12
"""
SIDES = {"all": None, "body": "body", "level": "level", "sex": "sex", "band": "band_id"}


class Pandas:
    """What the questions read as data frames: welfare of one year, and every grade that counts."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, year: int, assessed: int) -> None:
        """Load the welfare of `year`, and the grades with the rules of `assessed`."""
        self.welfare = connection.execute(WELFARE, {"year": year}).df()
        self.grades = connection.execute(ANNUAL).df().sort_values(["person_id", "year"])
        self.rules = dict(connection.execute(RULES, {"year": assessed}).fetchall())
        self.assessed = assessed

    def uptake(self) -> pd.DataFrame:
        """People entitled and people who used all of it, by item and side."""
        full = self.welfare.assign(full_use=self.welfare["used"] >= self.welfare["entitled"])
        sides = [self._side(full, side, column) for side, column in SIDES.items()]
        return pd.concat(sides, ignore_index=True)

    def _side(self, full: pd.DataFrame, side: str, column: str | None) -> pd.DataFrame:
        keys = ["item", column] if column else ["item"]
        counted = full.groupby(keys).agg(people=("full_use", "size"), full_use=("full_use", "sum")).reset_index()
        named = counted.reindex(columns=["item", "body", "level", "sex", "band_id", "people", "full_use"])
        named["level"] = named["level"].mask(named["level"] == "unknown")
        return named.assign(side=side)

    def streak(self) -> pd.DataFrame:
        """Who has been excellent for how many years up to the year, and for how many since a reward."""
        grades = self.grades[self.grades["year"] <= self.assessed]
        before = grades.groupby("person_id")["year"].shift()
        gap = (before != grades["year"] - 1) & (self.rules.get("ungraded_breaks", 0) > 0)
        broken = ((grades["grade"] != "excellent") | gap).groupby(grades["person_id"]).cumsum()
        rows = grades.assign(run=broken)[grades["grade"] == "excellent"]
        run = rows.groupby(["person_id", "run"])
        rewards = run["rewarded"].cumsum() - rows["rewarded"]
        rows = rows.assign(in_a_row=run.cumcount() + 1)
        rows = rows.assign(counting=rows.groupby(["person_id", "run", rewards]).cumcount() + 1)
        now, years = rows[rows["year"] == self.assessed], self.rules["streak_years"]
        listed = now["rewarded"] | (now["in_a_row"] >= years) | (now["counting"] == years - 1)
        return now.loc[listed, ["person_id", "in_a_row", "counting"]]


def questions(now: int, connection: duckdb.DuckDBPyConnection, *, framed: bool) -> tuple[Question, ...]:
    """The questions as their pages ask them, of the last year that is over where they ask of a year.

    Where not `framed`, their rows do not fit memory, and pandas is left out.
    """
    year = now // 100 - 1

    def worked_out(name: str, given: Mapping[str, Any], *relations: str) -> Question:
        return Question(name, given, {"plain SQL": partial(_unfolded, connection, name, given, relations)})

    of, at, ahead = {"year": year}, {"as_of": now}, {"since": now, "until": month.add(now, AHEAD)}
    uptake = {"plain SQL": _plain(connection, plain.UPTAKE, of)}
    streak = worked_out("assessment/streak", of, "excellent_year")
    by_streak = dict(streak.rivals)
    if framed:
        pandas = Pandas(connection, year, year)
        uptake["pandas, items settled"], by_streak["pandas"] = pandas.uptake, pandas.streak
    return (
        Question("welfare/uptake", {**of, "min_group": 1}, uptake),
        worked_out("rotation/clock", at, "tenure"),
        worked_out("rotation/clock_ahead", ahead, "tenure"),
        worked_out("assessment/place_shift", of, "scheme_place", "assessment_place"),
        Question(streak.name, of, by_streak),
        Question("overview/status", at, {"plain SQL": _plain(connection, plain.STATUS, at)}),
    )


def _plain(connection: duckdb.DuckDBPyConnection, text: str, given: Mapping[str, Any]) -> Way:
    return lambda: connection.execute(text, given).df()


def _unfolded(
    connection: duckdb.DuckDBPyConnection, name: str, given: Mapping[str, Any], relations: tuple[str, ...]
) -> pd.DataFrame:
    """Ask a question with some relations worked out inside it, as if the build had not made them."""
    built = {name.split("/")[1]: name for name in queries.built()}
    steps = ", ".join(f"{each} as materialized ({queries.load(built[each]).sql})" for each in relations)
    query = queries.load(name)
    return connection.execute(f"with {steps} select * from ({query.sql})", query.bind(dict(given))).df()
