"""The four questions as one would write them in Polars, on frames in memory."""

import importlib
from collections.abc import Mapping
from typing import Any

import pandas as pd

from tests.bench.question import Way
from tests.bench.shared_sql import SIDES

BELOW, ABOVE = "below", "above"


class Frames:
    """The rows as Polars' frames, and the questions asked of `given`."""

    def __init__(self, tables: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        """Take the tables (Arrow) over."""
        self.pl: Any = importlib.import_module("polars")
        self.frames = {name: self.pl.from_arrow(rows) for name, rows in tables.items()}
        self.given = given

    def ways(self) -> dict[str, Way]:
        """The way to each question's answer."""
        return {
            "age_ladder/ladder": self.ladder,
            "age_ladder/over_time": self.over_time,
            "welfare/uptake": self.uptake,
            "assessment/streak": self.streak,
        }

    def ladder(self) -> pd.DataFrame:
        """People by band, level and sex in one month."""
        pl, now = self.pl, self.given["now"]
        bands = self.frames["band"].sort("lower_age")
        edges = [*bands["lower_age"], bands["upper_age"][-1]]
        labels = [BELOW, *bands["band_id"], ABOVE]
        band = (now - pl.col("birth_month")).bin_intervals([100 * edge for edge in edges], labels=labels)
        there = (
            self.frames["standing"]
            .lazy()
            .filter((pl.col("is_primary") == 1) & (pl.col("start_month") <= now) & (pl.col("end_month") > now))
        )
        named = band.cast(pl.String).replace([BELOW, ABOVE], "unknown").fill_null("unknown").alias("band_id")
        return self._table(there.group_by(named, "level", "sex").agg(pl.len().alias("people")))

    def over_time(self) -> pd.DataFrame:
        """Base and have of one target, month after month, as the running sum of who comes and goes."""
        pl, given = self.pl, self.given
        since, start, end = given["since"], pl.col("start_month"), pl.col("end_month")
        of_target = (pl.col("body") == given["body"]) & pl.col("role").is_in(given["role_list"])
        stay = (
            self.frames["standing"]
            .lazy()
            .filter(of_target & (pl.col("is_primary") == 1) & (end > since) & (start <= given["now"]))
            .select(
                start.clip(lower_bound=since),
                end,
                until=pl.when(pl.col("birth_month").is_not_null()).then(
                    pl.min_horizontal(pl.col("birth_month") + 100 * given["upper_age"], end)
                ),
            )
        )
        young = stay.filter(pl.col("until") > start)
        events = pl.concat(
            [
                _event(pl, stay, "start_month", 1, 0),
                _event(pl, stay, "end_month", -1, 0),
                _event(pl, young, "start_month", 0, 1),
                _event(pl, young, "until", 0, -1),
            ]
        )
        change = events.group_by("month").agg(pl.col("base").sum(), pl.col("have").sum())
        series = self.frames["calendar"].lazy().join(change, on="month", how="left").sort("month")
        return self._table(series.with_columns(pl.col("base", "have").fill_null(0).cum_sum()))

    def uptake(self) -> pd.DataFrame:
        """People entitled and people who used all of it, by item and side."""
        pl = self.pl
        full = (pl.col("used") >= pl.col("entitled")).sum().alias("full_use")
        named = [column for column in SIDES.values() if column]
        parts = [
            self.frames["welfare"]
            .lazy()
            .group_by("item", *([column] if column else []))
            .agg(pl.len().alias("people"), full)
            .with_columns(pl.lit(side).alias("side"), *(pl.lit(None, pl.String).alias(n) for n in named if n != column))
            .select("item", *named, "side", "people", "full_use")
            for side, column in SIDES.items()
        ]
        level = pl.when(pl.col("level") != "unknown").then(pl.col("level")).alias("level")
        return self._table(pl.concat(parts).with_columns(level))

    def streak(self) -> pd.DataFrame:
        """Who has been excellent for how many years up to the year, and for how many since a reward."""
        pl, given = self.pl, self.given
        year, excellent = pl.col("year"), pl.col("grade").eq_missing("excellent")
        gap = year.shift().over("person_id").ne_missing(year - 1) & bool(given["breaks"])
        rows = self.frames["grades"].lazy().sort("person_id", "year")
        runs = rows.with_columns(run=(~excellent | gap).cum_sum().over("person_id")).filter(excellent)
        of_run = runs.with_columns(
            in_a_row=pl.int_range(1, pl.len() + 1).over("person_id", "run"),
            rewards=(pl.col("rewarded").cum_sum() - pl.col("rewarded")).over("person_id", "run"),
        )
        counted = of_run.with_columns(counting=pl.int_range(1, pl.len() + 1).over("person_id", "run", "rewards"))
        asked, years = year == given["year"], given["streak_years"]
        listed = (pl.col("rewarded") == 1) | (pl.col("in_a_row") >= years) | (pl.col("counting") == years - 1)
        return self._table(counted.filter(asked & listed).select("person_id", "in_a_row", "counting"))

    def _table(self, frame: Any) -> pd.DataFrame:
        return pd.DataFrame(frame.collect().to_dict(as_series=False))


def _event(pl: Any, stay: Any, month: str, base: int, have: int) -> Any:
    return stay.select(
        pl.col(month).alias("month"), pl.lit(base, pl.Int32).alias("base"), pl.lit(have, pl.Int32).alias("have")
    )
