"""What a projection has to beat: five simple ways to tell a share of the years to come.

Each takes postings as known at an origin and gives, for every cell and age line, the share below it after each of the
years to come: an array of cell by age by year.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.month import MONTHS_A_YEAR as YEAR
from models import panel
from models.entry import Entry

Floats = npt.NDArray[np.float64]

TREND_POINTS, MEAN_YEARS = 5, 10


class Baseline(Protocol):
    """A way to tell shares from what was known at an origin."""

    def __call__(self, known: pd.DataFrame, at: int, cells: Sequence[str], ages: Sequence[int], years: int) -> Floats:
        """Shares by cell, age line and year to come."""


def shares(there: pd.DataFrame, at: int, cells: Sequence[str], ages: Sequence[int]) -> Floats:
    """The share below each age (completed years) in each cell at a month: cell by age; not a number where nobody is."""
    months = at - there["birth"].to_numpy()
    cell = panel.places(there["cell"], cells)
    people = np.bincount(cell[cell >= 0], minlength=len(cells)).astype(float)
    below = [np.bincount(cell[(cell >= 0) & (months < age * YEAR)], minlength=len(cells)) for age in ages]
    with np.errstate(invalid="ignore"):
        found: Floats = np.stack(below, axis=1) / people[:, None]
    return found


def no_change(known: pd.DataFrame, at: int, cells: Sequence[str], ages: Sequence[int], years: int) -> Floats:
    """The share stays what it is."""
    return np.repeat(shares(panel.snapshot(known, at), at, cells, ages)[..., None], years, axis=-1)


def linear_trend(known: pd.DataFrame, at: int, cells: Sequence[str], ages: Sequence[int], years: int) -> Floats:
    """The straight line through the last five shares goes on, between none and all."""
    past = _past(known, at, cells, ages, TREND_POINTS)
    steps = np.arange(-past.shape[-1] + 1, 1)
    centred = steps - steps.mean()
    slope = (past * centred).sum(axis=-1) / max(float((centred**2).sum()), 1.0)
    ahead = np.arange(1, years + 1) - steps.mean()
    told: Floats = np.clip(past.mean(axis=-1)[..., None] + slope[..., None] * ahead, 0, 1)
    return told


def ageing_only(known: pd.DataFrame, at: int, cells: Sequence[str], ages: Sequence[int], years: int) -> Floats:
    """Nobody goes and nobody comes."""
    there = panel.snapshot(known, at)
    return np.stack([shares(there, at + year * YEAR, cells, ages) for year in range(1, years + 1)], axis=-1)


def long_run_mean(known: pd.DataFrame, at: int, cells: Sequence[str], ages: Sequence[int], years: int) -> Floats:
    """The mean share of the last ten years, as far as there are."""
    with np.errstate(invalid="ignore"):
        mean = np.nanmean(_past(known, at, cells, ages, MEAN_YEARS), axis=-1)
    return np.repeat(mean[..., None], years, axis=-1)


def flat_exit(known: pd.DataFrame, at: int, cells: Sequence[str], ages: Sequence[int], years: int) -> Floats:
    """Everyone goes at one rate and is followed by someone as old as recent appointees of all cells."""
    entry = Entry().fit(known, at)
    starts = panel.years_before(known, at, entry.window)
    people = sum(len(panel.snapshot(known, start)) for start in starts)
    rate = len(entry.appointees_) / max(people, 1)
    entered = entry.appointees_["age"].to_numpy()
    still = ageing_only(known, at, cells, ages, years)
    told = np.empty_like(still)
    for year in range(1, years + 1):
        stays = (1 - rate) ** year
        young = [_below(entered, age, year, rate) for age in ages]
        told[..., year - 1] = stays * still[..., year - 1] + np.array(young)[None]
    return told


def _below(entered: npt.NDArray[np.int64], age: int, years: int, rate: float) -> float:
    """The share of all seats held after some years by people who came in since and are below an age."""
    since = [years - came - 0.5 for came in range(years)]
    still = [rate * (1 - rate) ** (years - 1 - came) for came in range(years)]
    below = [float(np.mean(entered + lapse * YEAR < age * YEAR)) if len(entered) else 0.0 for lapse in since]
    return float(np.dot(still, below))


def _past(known: pd.DataFrame, at: int, cells: Sequence[str], ages: Sequence[int], most: int) -> Floats:
    months = [at, *panel.years_before(known, at, most - 1)][::-1]
    return np.stack([shares(panel.snapshot(known, month), month, cells, ages) for month in months], axis=-1)


ALL: Mapping[str, Baseline] = {
    "no_change": no_change,
    "linear_trend": linear_trend,
    "ageing_only": ageing_only,
    "long_run_mean": long_run_mean,
    "flat_exit": flat_exit,
}
