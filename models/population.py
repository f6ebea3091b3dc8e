"""Whom a target is about, and how people in post are counted for it.

Targets are rows of `outlook/target`, postings the answer to `outlook/posting`.
"""

import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from data import month
from data.month import MONTHS_A_YEAR as YEAR
from models import panel
from models.cohort import Paths
from models.panel import Terms

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FEMALE, OUTSIDE = 1, 2
"""What is known of people that a target may ask for, as bits of their traits."""
COLUMN_OF = {"unit_kind": "unit_kind", "unit": "unit_id", "level": "level", "role": "role"}
TOTAL = "total"
TEXTS = ["body", "organ", "role", "level", "sex"]
FACTS = ["unit_no", "county_no", "is_primary", "leads", "outside_party"]
MONTHS = ["birth_month", "start_month", "end_month", "statutory_month", "early_month", "post_line_month"]
"""Columns of postings that tell to which populations one belongs, and when it began and ends."""
KEPT = ["role", "level", "leads", "unit_no", *MONTHS]
"""Those that are read once a posting is told to belong to one."""
TAGS = ["cell", "group"]
BY = (TOTAL, *COLUMN_OF)
"""By what people in post are counted in cells."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a target counts, and of whom."""

    target_id: str
    body: str
    roles: frozenset[str]
    kind: str
    numerator: int
    divisor: int
    denominator: str
    organ: str | None = None
    posts: str = "primary"
    sex: str | None = None
    party: str | None = None
    upper_age: int | None = None
    group_by: str | None = None
    parent_id: str | None = None

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Self:
        """The target that a row of `outlook/target` describes."""
        given = {field.name: _plain(row[field.name]) for field in dataclasses.fields(cls)}
        return cls(**{**given, "roles": frozenset(given["roles"].split("|"))})


class Population(NamedTuple):
    """Whose coming and going a target depends on; targets of one population share their rates and their paths."""

    body: str
    organ: str | None
    roles: frozenset[str]
    posts: str
    place: str | None

    @property
    def key(self) -> str:
        """A name for it, among others of the same roster."""
        return "|".join((self.body, self.organ or "", "+".join(sorted(self.roles)), self.posts, self.place or ""))


class Counted(NamedTuple):
    """People who count for a target and what they are a share of, path by path, in a month (from year 0)."""

    month: int
    have: Ints
    base: Ints


def leading(postings: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Postings ready to be counted in cells: the leading primary ones, by names out of BY.

    `postings` is the answer to `outlook/posting`. Rates are learnt by kind of unit. A roster that marks nobody as
    leading is counted whole.
    """
    counts = postings["is_primary"] & (postings["leads"] | (not postings["leads"].any()))
    labels = [postings[COLUMN_OF[name]].fillna("none").astype(str) for name in by if name != TOTAL]
    cell = (
        functools.reduce(lambda one, other: one + "|" + other, labels) if labels else pd.Series("all", postings.index)
    )
    rows = postings.assign(place=0)
    return panel.postings(rows, cell.where(counts, ""), postings["unit_kind"].where(counts, ""))


def births_missing(postings: pd.DataFrame) -> int:
    """How many leading primary postings are of people whose birth month is not known."""
    return int((postings["leads"] & postings["is_primary"] & postings["birth_month"].isna()).sum())


def terms_by_kind(table: pd.DataFrame) -> dict[str, Terms]:
    """The term changes of each kind of unit, from the answer to `outlook/term`."""
    return {str(kind): _repeated(rows) for kind, rows in table.groupby("unit_kind")}


def _repeated(rows: pd.DataFrame) -> Terms:
    changes = tuple(sorted(month.number(int(change)) for change in rows["month"]))
    return Terms(changes, int(rows["term_years"].iloc[-1]) * YEAR)


def terms_of(table: pd.DataFrame, populations: Iterable[Population]) -> dict[str, Terms]:
    """The term changes of each population: its organ's own; of several organs, the first one's in a round."""
    found = {}
    for population in populations:
        rows = table[table["body"] == population.body]
        rows = rows[rows["organ"] == population.organ] if population.organ else _first_organ(rows)
        if len(rows):
            found[population.key] = _repeated(rows)
    return found


def _first_organ(rows: pd.DataFrame) -> pd.DataFrame:
    first = rows.sort_values(["month", "unit_kind"])["unit_kind"].head(1)
    own: pd.DataFrame = rows[rows["unit_kind"].isin(first)]
    return own


def compact(postings: pd.DataFrame) -> pd.DataFrame:
    """What projections need of postings, people as numbers and texts as codes: a nation of them fits memory."""
    given = postings[[*TEXTS, *FACTS, *MONTHS]]
    codes = {name: panel.coded(given[name]) for name in TEXTS}
    return given.assign(**codes, person_id=pd.factorize(postings["person_id"])[0].astype(np.int32))


def together(tagged: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The postings of populations under one another, their cells and groups among those of all."""
    texts = {name: union_categoricals([rows[name] for rows in tagged], sort_categories=True) for name in TAGS}
    return pd.concat([rows.drop(columns=TAGS) for rows in tagged], ignore_index=True).assign(**texts)


def of_population(postings: pd.DataFrame, population: Population) -> pd.DataFrame:
    """The postings of a population, compact: where people count once a place, every place is a cell of its own."""
    counts = postings["leads"] & (postings["body"] == population.body) & postings["role"].isin(population.roles)
    if population.organ is not None:
        counts &= postings["organ"] == population.organ
    if population.posts == "primary":
        counts &= postings["is_primary"]
    rows = postings[counts]
    place = rows["county_no"].fillna(0).astype(int) if population.place == "county" else rows["unit_no"]
    return _tagged(rows, cell=_cells(population, place), group=population.key, place=place.astype(np.int32))


def _cells(population: Population, place: "pd.Series[Any]") -> "pd.Categorical[Any]":
    if population.place is None:
        return _all_in(population.key, len(place))
    codes, places = pd.factorize(place)
    return panel.in_codes(codes, [f"{population.key}@{number}" for number in places])


def _all_in(text: str, rows: int) -> "pd.Categorical[Any]":
    return panel.in_codes(np.zeros(rows, np.int8), [text])


def of_none(postings: pd.DataFrame, tagged: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The postings that no target counts of people whom one has counted at some time: they tell where these went."""
    counted = postings.index.isin(np.concatenate([np.array([], int), *(rows.index for rows in tagged)]))
    people = postings["person_id"].to_numpy()
    ever = np.zeros(len(people), bool)
    ever[people[counted]] = True
    rows = postings[~counted & ever[people]]
    return _tagged(rows, cell=_all_in("", len(rows)), group="", place=np.int32(0))


def _tagged(rows: pd.DataFrame, *, cell: "pd.Categorical[Any]", group: str, place: Any) -> pd.DataFrame:
    traits = FEMALE * (rows["sex"] == "female") + OUTSIDE * rows["outside_party"].fillna(value=False).astype(bool)
    tags = {"cell": cell, "group": _all_in(group, len(rows)), "place": place}
    return rows[["person_id", *KEPT]].assign(traits=traits.astype(np.int8), **tags)


def fits(target: Target, rows: pd.DataFrame) -> Bools:
    """Whom of its people a target counts, whatever their age: by role and by what else it asks for."""
    return _fits(target, rows["role"], rows["traits"].to_numpy())


def _fits(target: Target, roles: "pd.Series[Any]", traits: npt.NDArray[np.integer[Any]]) -> Bools:
    """The same of roles and traits, the traits perhaps on many paths: path by seat."""
    counts: Bools = np.broadcast_to(roles.isin(target.roles).to_numpy(), traits.shape)
    if target.sex is not None:
        counts = counts & (((traits & FEMALE) > 0) == (target.sex == "female"))
    if target.party is not None:
        counts = counts & ((traits & OUTSIDE) > 0)
    return counts


def young(target: Target, birth: "pd.Series[Any]", at: int) -> "pd.Series[Any]":
    """Who is below a target's age line in a month (both from year 0); everyone, where it has none."""
    line = panel.NEVER if target.upper_age is None else target.upper_age * YEAR
    return at - birth < line


def as_paths(there: pd.DataFrame, at: int) -> Paths:
    """People in post as the only path there is."""
    one = np.ones((1, len(there)), np.int64)
    return Paths(
        at, there["birth"].to_numpy()[None], one > 0, there["traits"].to_numpy()[None], there, one[:, :0].sum(axis=1)
    )


def counted(target: Target, paths: Paths) -> Counted:
    """Who counts for a target, path by path, and what it is a share of."""
    young = paths.filled if target.upper_age is None else paths.under(target.upper_age)
    counts = young & _fits(target, paths.seats["role"], paths.traits)
    have = summed(target, counts, paths.seats["place"].to_numpy())
    return Counted(paths.month, have, paths.filled.sum(axis=1))


def summed(target: Target, counts: npt.NDArray[np.bool_], places: Ints) -> Ints:
    """People path by path; where a target counts by place, no more a place than it asks for."""
    people: Ints = counts.sum(axis=1)
    if target.kind != "per_unit":
        return people
    if not len(places):
        return people
    order = np.argsort(places, kind="stable")
    starts = np.flatnonzero(np.diff(places[order], prepend=places.min() - 1))
    by_place = np.add.reduceat(counts[:, order], starts, axis=1, dtype=np.int64)
    capped: Ints = np.minimum(by_place, target.numerator).sum(axis=1)
    return capped


def _plain(cell: Any) -> Any:
    return None if cell is None or pd.isna(cell) else cell
