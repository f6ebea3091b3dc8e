"""When terms change where no rule says so: cycles in the exits, and the wave that goes with a change."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.month import MONTHS_A_YEAR as YEAR
from models import panel
from models.panel import Terms

Floats = npt.NDArray[np.float64]

CYCLES = (2, 3, 4, 5)
"""Years between renewals that are looked for."""
CYCLE_YEARS = 12
"""Years in which they are looked for, as far as there are."""
USUAL_SHOCK = 0.15
"""How much a year's exits usually differ from the expected, as a standard deviation of the logarithm."""
PHASE_COSTS = 2
"""Of Schwarz's criterion: how many times the logarithm of the years a phase must explain."""
WAVE_MONTHS, WAVE_PRIOR = 3, 10
"""The months up to a term change in which its own exits fall, and exits taken to be even before any are seen."""


def wave(periods: pd.DataFrame, terms: Mapping[str, Terms]) -> Floats:
    """The parts of a renewal year's exits that fall, beyond even, into the month of the change, the one before, ….

    A month of a year has a twelfth of its exits anyway: only what is more goes with the change.
    """
    gone = periods[periods["event"] != panel.STAYS]
    years = gone[["group", "begin"]].drop_duplicates()
    within = {(group, begin): terms[group].change_within(begin) for group, begin in years.itertuples(index=False)}
    change = [within[group, begin] for group, begin in zip(gone["group"], gone["begin"], strict=True)]
    renewed = np.array([month is not None for month in change], bool)
    before = gone["begin"].to_numpy()[renewed] + np.array([month for month in change if month is not None], np.int64)
    before = before - gone["end"].to_numpy()[renewed]
    weight = gone["weight"].to_numpy()[renewed]
    seen = np.array([weight[before == months].sum() for months in range(WAVE_MONTHS)])
    share = (seen + WAVE_PRIOR / YEAR) / (weight.sum() + WAVE_PRIOR)
    beyond = np.maximum(share - (1 - share.sum()) / (YEAR - WAVE_MONTHS), 0.0)
    told: Floats = beyond
    return told


def of_groups(known: pd.DataFrame, at: int, given: Mapping[str, Terms]) -> dict[str, Terms]:
    """The term changes of every group: those that are given, else such as its exits show up to the month `at`."""
    celled = known[known["cell"] != ""]
    return {
        str(group): given[str(group)] if group in given else _cycle(rows, at) for group, rows in celled.groupby("group")
    }


def _cycle(celled: pd.DataFrame, at: int) -> Terms:
    """The renewals that the exits of the last years show, where a cycle explains more of them than it costs."""
    starts = panel.years_before(celled, at, CYCLE_YEARS)
    went = np.array([_went(celled, start) for start in starts]).reshape(-1, 2)
    logs = np.log((went[:, 0] + 0.5) / (went[:, 1] + 1))
    sure = 1 / (1 / (went[:, 0] + 0.5) + USUAL_SHOCK**2)
    costs = {years: _cost(logs, sure, years) for years in (1, *CYCLES) if len(logs) >= 2 * years}
    best = min(costs, key=costs.__getitem__, default=1)
    if best == 1:
        return Terms()
    by_phase = [np.average(logs[phase::best], weights=sure[phase::best]) for phase in range(best)]
    return Terms((at - int(np.argmax(by_phase)) * YEAR,), best * YEAR)


def _went(celled: pd.DataFrame, start: int) -> tuple[int, int]:
    """How many went in the year from `start` on, and of how many."""
    before, after = panel.snapshot(celled, start), panel.snapshot(celled, start + YEAR)
    stays = int(panel.is_among(before, after).sum())
    return len(before) - stays, len(before)


def _cost(logs: Floats, sure: Floats, years: int) -> float:
    """How far years lie from the mean of their phase, in the precision they are known to, and what phases cost."""
    left = 0.0
    for phase in range(years):
        mine, weight = logs[phase::years], sure[phase::years]
        left += float(np.sum(weight * (mine - np.average(mine, weights=weight)) ** 2))
    return left + PHASE_COSTS * years * float(np.log(len(logs)))
