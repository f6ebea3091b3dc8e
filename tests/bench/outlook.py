"""The outlook: rates fitted on cells against single rows, a target told whole, the inverse against simulation."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data import month
from data.access import LOCAL
from data.store import Store
from models import hazards, panel, scenario
from models.hazards import Hazards
from models.outlook import Outlook
from models.projection import Projection, Wanted
from pages.exhibits import outlook as exhibits
from queries import warehouse
from tests.bench import clock
from tests.bench.table import Row

LEARNT, TOLD = "outlook: learnt once a build", "outlook: one target told"
RATES, LEAST = "rates of leaving", "least appointments a year"
TOO_MANY = f"above {exhibits.MOST_POSTINGS:,} postings, of which pages learn nothing"
AHEAD = 62
"""Months looked ahead: to the term change after the next."""
SIMULATED = 1_000
PROBABILITY = 0.9


def measure(store: Path) -> list[Row]:
    """Fit, project and invert on a built store; every answer is checked against another way to it.

    Of a roster larger than pages learn of, it is measured what the command line does, and other ways are left out.
    """
    path = warehouse.newest(Store(store))
    assert path is not None
    opened = warehouse.open_for(path, LOCAL)
    postings = int(opened.ask("outlook/size").table["postings"][0])
    until = month.add(opened.data_month, AHEAD)
    ranges = scenario.ranges(opened.ask("outlook/lever", as_of=opened.data_month).table.to_dict("records"))
    fitted, fit = _timed(lambda: _fitted(opened))
    learnt = Row(LEARNT, "all targets", fit, memory=clock.peak(), remark=f"{postings:,} postings")
    quota = opened.ask("age_ladder/quota", as_of=until).table.set_index("target_id")
    target = _largest(fitted)
    wanted = Wanted(int(quota["needed"].to_dict()[target]), int(quota["base"].to_dict()[target]))
    _, whole = _timed(lambda: _told(fitted.project(target, until, wanted, ranges=ranges)))
    people = len(fitted.there(fitted.targets_[target]))
    told = Row(TOLD, "summary, fan, bridge", whole, remark=f"{target}, {people:,} people")
    if postings > exhibits.MOST_POSTINGS:
        return [learnt, told, *(Row(what, "left out", remark=TOO_MANY) for what in (RATES, LEAST))]
    return [
        learnt,
        told,
        *_fits(fitted, fitted.rows(opened.ask("outlook/posting").table)),
        *_inverse(fitted.project(target, until, wanted, ranges=ranges)),
    ]


def _fitted(opened: warehouse.Warehouse) -> Outlook:
    return Outlook().fit(
        opened.ask("outlook/posting").table,
        opened.ask("outlook/target", as_of=opened.data_month).table,
        opened.ask("outlook/term").table,
        opened.data_month,
    )


def _largest(fitted: Outlook) -> str:
    """The share that most people are asked for."""
    shares = {name: len(fitted.there(target)) for name, target in fitted.targets_.items() if target.kind == "share"}
    return max(shares, key=shares.__getitem__)


def _told(told: Projection) -> None:
    assert len(told.summary)
    assert len(told.fan)
    assert told.bridge is not None


def _fits(fitted: Outlook, rows: pd.DataFrame) -> list[Row]:
    """Newton's method on cells of equal people, counting them included, against the same on single rows."""
    periods = panel.periods(rows, fitted.at_, fitted.model_.terms_, window=fitted.model_.window)
    free = periods[~periods["due"]]
    single = free.assign(people=free["weight"], age=free["age"].clip(hazards.YOUNGEST, hazards.OLDEST))
    by_cell, cells = _timed(lambda: Hazards().fit(hazards.cells(periods)))
    by_row, alone = _timed(lambda: Hazards().fit(single))
    apart = float(np.abs(by_cell.coef_ - by_row.coef_).max())
    remark = f"{len(single):,} person-years"
    return [
        Row(RATES, "on cells", cells, ratio=1, remark=remark),
        Row(RATES, "on single rows", alone, ratio=alone / cells),
        Row(RATES, "difference of coefficients", ratio=apart),
    ]


def _inverse(told: Projection) -> list[Row]:
    """The least appointments a year, exactly by bisection, against bisection on simulated people."""
    most = told.wanted.needed
    exact, seconds = _timed(lambda: _least(lambda number: told.chance(told.numbers(number)), most))
    simulated, alone = _timed(lambda: _least(lambda number: _by_simulation(told, number), most))
    remark = f"least a year {exact}, by simulation {simulated}"
    return [
        Row(LEAST, "exact", seconds, ratio=1, remark=remark),
        Row(LEAST, f"{SIMULATED:,} paths a step", alone, ratio=alone / seconds),
    ]


def _by_simulation(told: Projection, number: int) -> float:
    """The chance of a plan by following every person year by year, and throwing a coin for every appointee."""
    random = np.random.default_rng(number)
    rows = told.chances(told.until).rows
    last = told.model.simulate(told.until - told.model.at_, there=rows, refilled=False, paths=SIMULATED)[-1]
    draw = np.arange(SIMULATED) % len(told.appointee(told.until))
    came = random.binomial(told.numbers(number), told.appointee(told.until)[draw]).sum(axis=1)
    return float(np.mean(last.filled.sum(axis=1) + came >= told.wanted.needed))


def _least(chance: Callable[[int], float], most: int) -> int:
    low, high = -1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= PROBABILITY else (middle, high)
    return high


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    made = work()
    return made, time.perf_counter() - begun
