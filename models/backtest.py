"""How far projections would have been off: made anew at every past origin, held against what came.

Two modes: *practice*, if recent practice goes on, and *plan*, given who was really appointed. Each is widened by its
own past errors, and stands beside the baselines. Shares are fractions, errors percentage points.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from data import month
from data.month import MONTHS_A_YEAR as YEAR
from models import baselines, panel, population
from models.cohort import CohortModel, Paths
from models.panel import Terms
from models.rates import Z_95

Floats = npt.NDArray[np.float64]

YEARS, PATHS = 5, 300
"""Years ahead that projections are held against what came, and paths of each."""
PAST_YEARS = 5
"""Whole years of postings before an origin without which nothing is told."""
WHOLE = 0.5
"""The share of the most people ever in post below which a roster is not taken to be whole."""
EVERYONE = "*"
"""The cell of everyone."""
PLAN, PRACTICE = "plan", "practice"
LEVELS = np.arange(1, 200) / 200
"""The quantiles that are kept of a projection."""
TRUSTED, WIDENED_FROM = 2, 4
"""Origins that a projection's own intervals count as much as, and origins before the ends are looked at apart."""
FURTHEST, LEAST_SPREAD = 5.0, 1e-4
"""How far an error counts, in standard deviations, and the least of these."""
KEY = ["mode", "size", "horizon"]
SIZES = (12, 41, 300)
"""The least people of each class of cells above the smallest."""
Z_80 = float(stats.norm.ppf(0.9))
COVERED = {50: (0.25, 0.75), 80: (0.1, 0.9), 95: (0.025, 0.975)}
TIE = 1e-6
PERCENT = 100
USUAL_BY = ("unit_kind",)
"""By what the back-test that is kept of a build counts people."""
MEANING = (
    "errors in percentage points of a share below an age; plan: given who was really appointed; practice: told from "
    "the past alone; size: the least people of a class of cells; mae: mean absolute error of the median; cover: per "
    "cent of outcomes inside the interval; floor: the error that chance alone leaves; widened: by how much intervals "
    "are widened now; the other columns: the error of baselines"
)


class TooShort(ValueError):  # noqa: N818 (it is an answer, not a fault)
    """A roster with too few whole years to hold a projection against what came."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is tested: age lines (completed years), years ahead, paths a projection, seed, origins (None: all)."""

    ages: Sequence[int]
    years: int = YEARS
    paths: int = PATHS
    seed: int = 0
    origins: tuple[int, ...] | None = None


def origins(rows: pd.DataFrame, last: int) -> list[int]:
    """The months (from year 0) from which shares can be told and checked: a whole year apart, the earliest first.

    Five years before must be whole, with people who left; where a roster holds only a part of its early people, as one
    made of those who are still there does, these years are no origin.
    """
    celled = _celled(rows)
    every = range(last - YEAR, int(celled["start"].min()) + PAST_YEARS * YEAR - 1, -YEAR)
    people = {at: len(panel.snapshot(celled, at)) for at in every}
    most = max(people.values(), default=0)
    return [at for at in reversed(every) if people[at] >= WHOLE * most and _enough(celled, at)]


def _enough(celled: pd.DataFrame, at: int) -> bool:
    """Whether five whole years lie before a month, and somebody left in them."""
    known = panel.known_at(celled, at)
    whole = len(panel.years_before(known, at, PAST_YEARS)) == PAST_YEARS
    return whole and bool((panel.periods(known, at, {}, window=PAST_YEARS)["event"] != panel.STAYS).any())


def forecasts(rows: pd.DataFrame, last: int, asked: Asked, terms: Mapping[str, Terms] | None = None) -> pd.DataFrame:
    """Every projection that can be held against what came up to the month `last`.

    A row an origin, year ahead, cell, age line and mode: people (at the origin), outcome, mean, spread, floor, widened,
    q (an array: the quantiles LEVELS) and a column a baseline.
    """
    made = [row for at in asked.origins or origins(rows, last) for row in _from_origin(rows, at, last, asked, terms)]
    table = pd.DataFrame(made)
    return table if table.empty else widened(table)


def of_roster(
    postings: pd.DataFrame, terms: pd.DataFrame, last: int, asked: Asked, by: Sequence[str] = USUAL_BY
) -> pd.DataFrame:
    """The same of a roster, as `outlook/posting` and `outlook/term` tell it up to the month `last` (YYYYMM).

    People are counted in cells by names out of population.BY. TooShort where nothing can be held against what came.
    """
    rows = population.leading(postings, by)
    made = forecasts(rows, month.number(last), asked, population.terms_by_kind(terms))
    if made.empty:
        message = (
            f"The roster holds no six whole years of dated postings with people who left up to {month.text(last)}; "
            "land older postings, and a back-test can be made."
        )
        raise TooShort(message)
    return made


def ages_of(targets: pd.DataFrame) -> tuple[int, ...]:
    """The age lines of targets (`outlook/target`), each once."""
    return tuple(sorted({int(age) for age in targets["upper_age"].dropna()}))


def _from_origin(
    rows: pd.DataFrame, at: int, last: int, asked: Asked, terms: Mapping[str, Terms] | None
) -> Iterator[dict[str, Any]]:
    """Projections from one origin, each with what came of it."""
    model = CohortModel(terms, seed=asked.seed).fit(rows, at)
    years = min(asked.years, (last - at) // YEAR)
    cells = _named(model.there_)
    people = _with_total(model.there_, cells)["cell"].value_counts()
    known = _with_total(_celled(panel.known_at(rows, at)), cells)
    simple = {name: told(known, at, cells, asked.ages, years) for name, told in baselines.ALL.items()}
    runs = {
        PRACTICE: model.simulate(years * YEAR, paths=asked.paths),
        PLAN: model.simulate(years * YEAR, paths=asked.paths, plan=_who_came(rows, at, years), refilled=False),
    }
    for year, (mode, run) in itertools.product(range(years), runs.items()):
        after = run[year].month
        came = _with_total(panel.snapshot(_celled(rows), after), cells)
        outcome = baselines.shares(came, after, cells, asked.ages)
        for place, age in enumerate(asked.ages):
            about = {"origin": at, "horizon": year + 1, "mode": mode, "age": age}
            beside = {name: shares[:, place, year] for name, shares in simple.items()}
            yield from _held_against(outcome[:, place], _shares(run[year], age, cells), cells, people, about, beside)


def _held_against(
    outcome: Floats,
    told: tuple[Floats, Floats],
    cells: Sequence[str],
    people: "pd.Series[Any]",
    about: dict[str, Any],
    beside: Mapping[str, Floats],
) -> Iterator[dict[str, Any]]:
    """A row a cell in which somebody is at the end: path by cell shares and the floor of their error, and what came."""
    share, floor = told
    q = np.quantile(share, LEVELS, axis=0)
    for place, cell in enumerate(cells):
        if not np.isnan(outcome[place]):
            yield {
                **about,
                "cell": cell,
                "people": int(people[cell]),
                "outcome": outcome[place],
                "mean": share[:, place].mean(),
                "spread": share[:, place].std(),
                "floor": floor[place],
                "q": q[:, place],
                **{name: shares[place] for name, shares in beside.items()},
            }


def _celled(rows: pd.DataFrame) -> pd.DataFrame:
    celled: pd.DataFrame = rows[rows["cell"] != ""]
    return celled


def _named(there: pd.DataFrame) -> list[str]:
    """The cells, and where there are several, all of them together."""
    cells = sorted(there["cell"].unique())
    return cells if len(cells) == 1 else [*cells, EVERYONE]


def _with_total(rows: pd.DataFrame, cells: Sequence[str]) -> pd.DataFrame:
    return pd.concat([rows, rows.assign(cell=EVERYONE)], ignore_index=True) if EVERYONE in cells else rows


def _who_came(rows: pd.DataFrame, at: int, years: int) -> pd.DataFrame:
    """Who was really appointed in the years after an origin and in post at the end of one, with the year (from 0)."""
    celled = _celled(rows)
    came = []
    for year in range(years):
        before, after = (panel.snapshot(celled, at + (year + more) * YEAR) for more in (0, 1))
        came.append(after[~panel.is_among(after, before)].assign(begins=year))
    return pd.concat(came, ignore_index=True)


def _shares(paths: Paths, age: int, cells: Sequence[str]) -> tuple[Floats, Floats]:
    """The share below an age in each cell, path by cell, and the error that chance alone would leave."""
    code = panel.places(paths.seats["cell"], cells)
    member = (code[:, None] == np.arange(len(cells))[None]).astype(np.float32)
    if cells[-1] == EVERYONE:
        member[:, -1] = 1
    young = paths.under(age)
    filled = paths.filled.astype(np.float32) @ member
    chance = young.mean(axis=0)
    noise = np.sqrt((chance * (1 - chance)) @ member) / np.maximum(filled.mean(axis=0), 1)
    return young.astype(np.float32) @ member / np.maximum(filled, 1), np.sqrt(2 / np.pi) * noise


def widened(table: pd.DataFrame) -> pd.DataFrame:
    """Projections widened by how far off earlier ones were that had come due: same mode, size and years ahead."""
    table = table.assign(size=size_class(table["people"]), due=table["origin"] + table["horizon"] * YEAR)
    error = ((table["outcome"] - table["mean"]) / table["spread"].clip(lower=LEAST_SPREAD)).clip(-FURTHEST, FURTHEST)
    factor = pd.DataFrame({"middle": 1.0, "ends": 1.0}, table.index)
    for _, alike in table.groupby(KEY):
        for origin, now in alike.groupby("origin"):
            past = alike[alike["due"] <= origin]
            factor.loc[now.index] = _factors(error[past.index], past["origin"])
    outer = ((np.abs(stats.norm.ppf(LEVELS)) - Z_80) / (Z_95 - Z_80)).clip(0, 1)
    by = factor["middle"].to_numpy()[:, None] + outer * (factor["ends"] - factor["middle"]).to_numpy()[:, None]
    mean = table["mean"].to_numpy()[:, None]
    q = mean + by * (np.stack(table["q"].to_list()) - mean)
    return table.assign(widened=factor["middle"], q=list(q))


def _factors(errors: "pd.Series[Any]", origin: "pd.Series[Any]") -> tuple[float, float]:
    """How much wider intervals must be to hold past errors (in standard deviations): on the whole, and at their ends.

    Errors of one origin have much in common, so that an origin counts once; the first ones count little.
    """
    if errors.empty:
        return 1.0, 1.0
    by_origin = (errors**2).groupby(origin).mean()
    on_the_whole = max(1.0, float(np.sqrt((by_origin.sum() + TRUSTED) / (len(by_origin) + TRUSTED))))
    at_the_ends = float(np.quantile(np.abs(errors), 0.95)) / Z_95 if len(by_origin) >= WIDENED_FROM else 1.0
    return on_the_whole, max(on_the_whole, at_the_ends)


def size_class(people: "pd.Series[Any]") -> "pd.Series[Any]":
    """The class of a cell by its people: the least that the class holds."""
    return pd.Series(np.array([0, *SIZES])[np.searchsorted(SIZES, people, side="right")], people.index)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Errors by mode, size of cell and years ahead, in percentage points, each beside the baselines.

    Columns: forecasts, origins, mae, bias, rmse, crps, cover_50, cover_80, cover_95 (per cent), width_80, floor,
    widened (at the last origin), and the mean absolute error of each baseline.
    """
    alike = table.assign(size=size_class(table["people"])).groupby(KEY, sort=True)
    told = [{**dict(zip(KEY, key, strict=True)), **measured(rows)} for key, rows in alike]
    return pd.DataFrame(told)


def measured(rows: pd.DataFrame) -> dict[str, Any]:
    """The errors of some projections: see summary."""
    q, outcome = np.stack(rows["q"].to_list()), rows["outcome"].to_numpy()
    covered = {f"cover_{name}": PERCENT * _within(q, outcome, *ends) for name, ends in COVERED.items()}
    low, high = (_quantile(q, level) for level in COVERED[80])
    error = _quantile(q, 0.5) - outcome
    pinball = np.where(outcome[:, None] >= q, LEVELS, LEVELS - 1) * (outcome[:, None] - q)
    return {
        "forecasts": len(rows),
        "origins": rows["origin"].nunique(),
        "mae": PERCENT * float(np.abs(error).mean()),
        "bias": PERCENT * float((rows["mean"] - outcome).mean()),
        "rmse": PERCENT * float(np.sqrt((error**2).mean())),
        "crps": PERCENT * 2 * float(pinball.mean()),
        **covered,
        "width_80": PERCENT * float(np.mean(high - low)),
        "floor": PERCENT * float(rows["floor"].mean()),
        "widened": float(rows.loc[rows["origin"] == rows["origin"].max(), "widened"].mean()),
        **{name: PERCENT * float((rows[name] - rows["outcome"]).abs().mean()) for name in baselines.ALL},
    }


def _within(q: Floats, outcome: Floats, low: float, high: float) -> float:
    """The part of outcomes between two quantiles; one that many paths share lies in the middle of them."""
    below, upto = (np.mean(q < outcome[:, None] + by, axis=1) for by in (-TIE, TIE))
    place = (below + upto) / 2
    return float(np.mean((place >= low) & (place <= high)))


def _quantile(q: Floats, level: float) -> Floats:
    found: Floats = q[:, int(np.argmin(np.abs(LEVELS - level)))]
    return found
