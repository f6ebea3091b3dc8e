"""The questions over tables held in memory: by pandas as one would write them, by numpy as fast as masks go."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int32]
Target = dict[Hashable, Any]
STANDING = """
select person_id, unit_no, body, organ, role, level, sex, birth_month, outside_party, start_month, end_month, is_primary
from whole.standing
"""


class Pandas:
    """The standing table and the targets as data frames; all counts are by boolean masks and groups."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Load what the questions read."""
        self.standing = connection.execute(STANDING).to_arrow_table().to_pandas(self_destruct=True)
        self.targets = connection.execute("from whole.age_target order by place").df()
        self.places = connection.execute("from whole.target_unit").df()
        self.bands = connection.execute("from whole.age_band").df()

    def quota(self, as_of: int) -> pd.DataFrame:
        """Base, needed and have of every target in one month."""
        valid_to = self.targets["valid_to"]
        valid = self.targets[(self.targets["valid_from"] <= as_of) & (valid_to.isna() | (valid_to > as_of))]
        there = _in_post(self.standing, as_of)
        counted: dict[str, tuple[int, int]] = {}
        for target in valid.to_dict("records"):
            people = _posts_of(target, there).drop_duplicates(["person_id", "unit_no"])
            counted[target["target_id"]] = self._count(target, people, as_of, counted)
        return pd.DataFrame(_needed(valid, counted, as_of))

    def ladder(self, as_of: int) -> pd.DataFrame:
        """People by band, level and sex in one month."""
        there = _in_post(self.standing, as_of)
        there = there[there["is_primary"]]
        edges = [100 * age for age in [*self.bands["lower_age"], self.bands["upper_age"].iloc[-1]]]
        band = pd.cut(as_of - there["birth_month"], edges, right=False, labels=list(self.bands["band_id"]))
        keys = [band.astype(object).fillna("unknown").rename("band_id"), there["level"], there["sex"]]
        return there.groupby(keys, dropna=False).size().rename("people").reset_index()

    def over_time(self, target_id: str, months: Sequence[int]) -> pd.DataFrame:
        """Base, needed and have of one target, month after month."""
        valid = self.targets[self.targets["target_id"] == target_id]
        target = valid.to_dict("records")[0]
        posts = _posts_of(target, self.standing)
        rows = [
            {"month": month, **row}
            for month in months
            for people in (_in_post(posts, month).drop_duplicates(["person_id", "unit_no"]),)
            for row in _needed(valid, {target_id: self._count(target, people, month, {})}, month)
        ]
        return pd.DataFrame(rows).drop(columns="target_id")

    def _count(
        self, target: Target, people: pd.DataFrame, month: int, before: dict[str, tuple[int, int]]
    ) -> tuple[int, int]:
        places = self.places[self.places["target_no"] == target["target_no"]]
        young = _young(target, people, month).merge(places[["unit_no", "group_no"]], on="unit_no")
        asked = places[(places["from_month"] <= month) & (places["to_month"] > month)]
        if target["kind"] == "per_unit":
            filled = young.groupby("group_no").size().clip(upper=target["numerator"])
            return asked["group_no"].nunique(), int(filled.sum())
        if target["denominator"] == "parent":
            return before[target["parent_id"]][1], len(young)
        return len(people) if target["denominator"] == "in_post" else int(asked["base"].sum()), len(young)


def _in_post(standing: pd.DataFrame, month: int) -> pd.DataFrame:
    return standing[(standing["start_month"] <= month) & (standing["end_month"] > month)]


def _posts_of(target: Target, standing: pd.DataFrame) -> pd.DataFrame:
    asked = (standing["body"] == target["body"]) & standing["role"].isin(target["roles"].split("|"))
    if pd.notna(target["organ"]):
        asked &= standing["organ"] == target["organ"]
    if target["posts"] != "any":
        asked &= standing["is_primary"]
    return standing[asked]


def _young(target: Target, people: pd.DataFrame, month: int) -> pd.DataFrame:
    asked = pd.Series(data=True, index=people.index)
    if pd.notna(target["sex"]):
        asked &= people["sex"] == target["sex"]
    if pd.notna(target["party"]):
        asked &= people["outside_party"].fillna(value=False).astype(bool)
    if pd.notna(target["upper_age"]):
        asked &= month - people["birth_month"] < 100 * target["upper_age"]
    return people[asked]


def _needed(targets: pd.DataFrame, counted: dict[str, tuple[int, int]], month: int) -> Iterator[dict[str, Any]]:
    for target in targets.to_dict("records"):
        base, have = counted[target["target_id"]]
        if base:
            asked = -(-target["numerator"] * base // target["divisor"])
            needed = asked if target["valid_from"] <= month else None
            yield {"target_id": target["target_id"], "base": base, "needed": needed, "have": have}


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells in post as arrays of months (YYYYMM): from, until, and the month to compare (a birth, a band's end)."""

    start: Ints
    end: Ints
    month: Ints

    def among(self, month: int) -> npt.NDArray[np.bool_]:
        """Which of them hold in a month."""
        return (self.start <= month) & (self.end > month)


class Floor:
    """Ready arrays, and nothing but masks and counts over them: what no engine is expected to beat without a mart."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, target_id: str) -> None:
        """Load the spells of everyone, and those of one target whose denominator is the people in post."""
        self.everyone, self.key = _spells(
            connection,
            "select start_month, end_month, coalesce(birth_month, 0) as month,"
            " dense_rank() over (order by level, sex) - 1 as key from whole.standing where is_primary",
        )
        self.names = connection.execute(
            "select distinct level, sex from whole.standing where is_primary order by level, sex"
        ).df()
        self.bands = connection.execute("from whole.age_band order by lower_age").df()
        self.target, _ = _spells(
            connection,
            "select start_month, end_month, band_end as month, 0 as key"
            f" from whole.target_spell inner join whole.age_target using (target_no) where target_id = '{target_id}'",
        )

    def ladder(self, as_of: int) -> pd.DataFrame:
        """People by band, level and sex in one month."""
        there = self.everyone.among(as_of)
        steps = len(self.bands) + 1
        edges = np.append(self.bands["lower_age"], self.bands["upper_age"].iloc[-1]).astype(np.int32) * 100
        step = np.searchsorted(edges, as_of - self.everyone.month[there], side="right") - 1
        people = np.bincount(self.key[there] * steps + step, minlength=len(self.names) * steps)
        found = np.flatnonzero(people)
        table = self.names.iloc[found // steps].reset_index(drop=True)
        band = np.append(self.bands["band_id"], "unknown")[found % steps]
        return table.assign(band_id=band, people=people[found])

    def over_time(self, months: Sequence[int]) -> pd.DataFrame:
        """Base and have of the target, month after month."""
        counts = [self._count(month) for month in months]
        return pd.DataFrame(counts, columns=["base", "have"]).assign(month=months)

    def _count(self, month: int) -> tuple[int, int]:
        started = self.target.start <= month
        there, young = (started & (ends > month) for ends in (self.target.end, self.target.month))
        return int(np.count_nonzero(there)), int(np.count_nonzero(young))

    @property
    def bytes(self) -> int:
        """The memory that the arrays hold."""
        spells = (self.everyone, self.target)
        return self.key.nbytes + sum(each.start.nbytes + each.end.nbytes + each.month.nbytes for each in spells)


def _spells(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Spells, Ints]:
    arrays = {name: np.asarray(values, np.int32) for name, values in connection.execute(sql).fetchnumpy().items()}
    return Spells(arrays["start_month"], arrays["end_month"], arrays["month"]), arrays["key"]
