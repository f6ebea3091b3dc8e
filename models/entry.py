"""Who comes in: how many for each who goes, how old, and how their age has drifted.

Recent appointees stand for the next ones, each year of distance counting less. Their mean age drifts on as it did, less
and less, and with the uncertainty of a random walk (methods: damped drift, half-life two years).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator

from data.month import MONTHS_A_YEAR as YEAR
from models import panel

Floats = npt.NDArray[np.float64]
Shorts = npt.NDArray[np.int16]
Places = npt.NDArray[np.intp]
Kind = tuple[str, str, str]

POOLED = 20
"""Appointees of the wider circle that weigh as much as those of the closer one."""
DRIFT_SPREAD = 0.15
"""How far a yearly drift is expected to lie from none, years a year."""
DAMPING = 0.8
"""What is left of the drift a year later."""
LEAST_WALK = 0.2
"""The least that a mean entry age is expected to wander in a year, years."""
STAND_INS = 1024
KIND = ["cell", "group", "level"]
"""What seats have in common whose appointees are alike."""
TINY = 1e-9
EXITS_PRIOR = 20
"""Exits that are taken to have been filled one by one before any are counted."""


class Appointees(NamedTuple):
    """People who stand for the next ones to come: ages (months) and traits, kind by stand-in, each as likely."""

    age: Shorts
    traits: Shorts


class Entry(BaseEstimator):  # type: ignore[misc]
    """Ages of appointees by cell, from the years before an origin.

    `window` years are read, each `half_life` years back counting half. After `fit`: `filled_` (appointees for each who
    went), `appointees_` (who came, with age in months, back and weight), `drift_` (years a year), `walk_` (years).
    """

    def __init__(self, window: int = 6, half_life: float = 2.0) -> None:
        """Keep the parameters as they are."""
        self.window = window
        self.half_life = half_life

    def fit(self, rows: pd.DataFrame, at: int) -> Self:
        """Learn from postings as `panel.postings` gives them; nothing that began after the month `at` is read."""
        known = panel.known_at(rows[rows["cell"] != ""], at)
        starts = panel.years_before(known, at, self.window)
        came = [_came(known, begin).assign(back=back) for back, begin in enumerate(starts)]
        went = sum(len(_went(known, begin)) for begin in starts)
        self.appointees_ = pd.concat(came, ignore_index=True) if came else _came(known, at).iloc[:0].assign(back=0)
        self.appointees_["weight"] = 0.5 ** (self.appointees_["back"] / self.half_life)
        self.filled_ = (len(self.appointees_) + EXITS_PRIOR) / (went + EXITS_PRIOR)
        self.drift_, self.walk_ = drift(self.appointees_, self.half_life)
        self._circles: dict[str, Mapping[Any, Any]] = {name: self.appointees_.groupby(name).indices for name in KIND}
        self._every = Appointees(*(self.appointees_[name].to_numpy(np.int16) for name in Appointees._fields))
        self._wider: dict[tuple[str, str], Floats] = {}
        self._chosen: dict[Kind, Places] = {}
        return self

    def appointees(self, kinds: pd.DataFrame) -> Appointees:
        """The appointees that stand for the next ones of some kinds of seat (rows of KIND).

        They are those of the cell and, the fewer these are, the more those of wider circles: its group and its level;
        all only where nobody came in on its level.
        """
        chosen = np.stack([self._stand_ins(*kind) for kind in kinds[KIND].itertuples(index=False, name=None)])
        return Appointees(self._every.age[chosen], self._every.traits[chosen])

    def _stand_ins(self, cell: str, group: str, level: str) -> Places:
        """Those who stand for the next ones of a kind of seat, as places among all appointees."""
        kind = (cell, group, level)
        if kind not in self._chosen:
            self._chosen[kind] = self._mixed(self._of("cell", cell), self._around(group, level))
        return self._chosen[kind]

    def _around(self, group: str, level: str) -> Floats:
        """How likely each appointee stands for the next one of a group, and the fewer came, of a level; summed."""
        circles = (group, level)
        if circles not in self._wider:
            near, widest = self._of("group", group), self._of("level", level)
            widest = widest if len(widest) else np.arange(len(self.appointees_))
            chance, share = np.zeros(len(self.appointees_)), _share(near)
            chance[near] += share * self._weights(near)
            chance[widest] += (1 - share) * self._weights(widest)
            self._wider[circles] = np.cumsum(chance)
        return self._wider[circles]

    def _mixed(self, own: Places, wider: Floats) -> Places:
        """Places at even steps of the chance: of a cell's own and, the fewer these are, of those around it (summed)."""
        share, ranks = _share(own), (np.arange(STAND_INS) + 0.5) / STAND_INS
        summed = np.concatenate([[0.0], share * np.cumsum(self._weights(own))])
        following = np.searchsorted(summed[1:] + (1 - share) * wider[own], ranks)
        between = np.searchsorted(wider, (ranks - summed[following]) / (1 - share))
        places: Places = np.minimum(between, np.append(own, len(wider) - 1)[following])
        return places

    def _of(self, circle: str, name: str) -> Places:
        places: Places = self._circles[circle].get(name, np.array([], np.intp))
        return places

    def _weights(self, places: Places) -> Floats:
        weight = self.appointees_["weight"].to_numpy()[places]
        weights: Floats = weight / max(weight.sum(), TINY)
        return weights

    def shifts(self, years: int, paths: int, rng: np.random.Generator) -> Floats:
        """Years by which appointees of each year to come are older than the recent ones: path by year."""
        drift = self.drift_ * np.cumsum(DAMPING ** np.arange(years))
        shifts: Floats = drift + np.cumsum(rng.normal(0, self.walk_, (paths, years)), axis=1)
        return shifts


def _share(near: Places) -> float:
    """How much the appointees of a circle tell of the next one beside those of the circle around it."""
    return len(near) / (len(near) + POOLED)


def _came(known: pd.DataFrame, begin: int) -> pd.DataFrame:
    """Who is in a cell a year after `begin` and was not at its start, with the age (months) at appointment."""
    before, after = _over_a_year(known, begin)
    new = after[~panel.is_among(after, before)]
    return new.assign(age=new["since"].clip(lower=begin) - new["birth"])


def _went(known: pd.DataFrame, begin: int) -> pd.DataFrame:
    before, after = _over_a_year(known, begin)
    return before[~panel.is_among(before, after)]


def _over_a_year(known: pd.DataFrame, begin: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    return panel.snapshot(known, begin), panel.snapshot(known, begin + YEAR)


def drift(appointees: pd.DataFrame, half_life: float) -> tuple[float, float]:
    """The drift of the mean entry age (years a year), drawn towards none, and how far the mean wanders in a year.

    Ages are taken from the mean of their group and level, so that another mix of posts is no drift. A year's mean
    counts by how many people it is of, each `half_life` years back half as much: what is left when their chance is
    taken off is wandering.
    """
    ages = appointees["age"] - appointees.groupby(["group", "level"])["age"].transform("mean")
    yearly = ages.groupby(appointees["back"]).agg(["mean", "size"])
    if len(yearly) < 3:  # noqa: PLR2004 (two points make no trend)
        return 0.0, LEAST_WALK
    year, mean = -yearly.index.to_numpy(float), yearly["mean"].to_numpy() / YEAR
    chance = float(np.var(ages / YEAR)) / yearly["size"].to_numpy()
    walk = _walk(mean, chance)
    weight = 0.5 ** (-year / half_life) / (chance + walk**2)
    centred = year - np.average(year, weights=weight)
    spread = float(np.sum(weight * centred**2))
    slope = float(np.sum(weight * centred * mean)) / spread
    error = float(np.sum(weight**2 * centred**2 * (chance + walk**2))) / spread**2
    return slope * DRIFT_SPREAD**2 / (DRIFT_SPREAD**2 + error), walk


def _walk(mean: Floats, chance: Floats) -> float:
    both = chance[1:] + chance[:-1]
    weight = 1 / (both + LEAST_WALK**2) ** 2
    beyond = float(np.sum(weight * (np.diff(mean) ** 2 - both)) / np.sum(weight))
    return max(LEAST_WALK, float(np.sqrt(max(beyond, 0.0))))
