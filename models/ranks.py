"""How sure a place is: the noise of scores, intervals of places, moves beyond noise, and places under other weights.

A group is a table of unit, year and score, a row each; a unit keeps its code through the years in which it can be
compared with itself. A score is taken for a true level plus what a year does to all plus noise of one size. Methods:
Goldstein and Spiegelhalter (1996), Benjamini and Hochberg (1995), Saisana, Saltelli and Tarantola (2005).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from models import multiple

Floats = npt.NDArray[np.float64]

FEWEST_YEARS = 3
"""Years without which noise cannot be told from change."""
FEWEST_MOVES = 6
"""Moves from year to year without which nothing is said of noise."""
FAR = 2.5
"""Moves beyond so many standard deviations are taken for changes, not for noise."""
LEVEL, TINY = 0.9, 1e-9
DRAWS, WEIGHT_DRAWS = 1_000, 2_000
CONCENTRATION = 60.0
"""How close drawn weights stay to the nominal ones (of a Dirichlet distribution)."""
SEED = 20_251_231
HIGHER, LOWER, NO_CLEAR_CHANGE, TOO_NOISY, NOT_COMPARED = (
    "higher",
    "lower",
    "no_clear_change",
    "too_noisy",
    "not_compared",
)


class Noise(NamedTuple):
    """The standard deviation of the noise of one score, in points, and the degrees of freedom that it is known by."""

    sd: float
    freedom: float


BY_YEARS, BY_INDICATORS = "years", "indicators"
"""What noise is judged by: what unit and year leave of several years, or how the parts of one year's totals agree."""


class Rules(NamedTuple):
    """The lines by which moves are judged: reliability from 0 to 1, and the share of false alarms allowed."""

    reliability: float
    false_discovery: float


def lines(rows: pd.DataFrame) -> pd.Series:
    """What to call each row's unit so that years compare: a new name wherever there is nothing to compare with.

    Takes unit, year and `before`, the unit that it is compared with a year before, empty where there is none.
    """
    called: dict[tuple[str, int], str] = {}
    for unit, year, before in rows.sort_values("year")[["unit", "year", "before"]].itertuples(index=False):
        earlier = None if pd.isna(before) else called.get((before, year - 1))
        called[unit, year] = earlier or f"{unit}@{year}"
    keys = zip(rows["unit"], rows["year"], strict=True)
    return pd.Series([called[key] for key in keys], index=rows.index, dtype=object)


def totals(rows: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """The total of each row: its sources by their weights; as announced (`total`) where a source is missing."""
    if not weights:
        return rows["total"].astype(np.float64)
    shares = pd.Series(weights, dtype=np.float64)
    weighed = rows[list(weights)].astype(np.float64).mul(shares / shares.sum()).sum(axis=1, skipna=False)
    return weighed.round(4).fillna(rows["total"].astype(np.float64))


def compared(rows: pd.DataFrame, lineage: pd.DataFrame) -> pd.Series:
    """The unit that each row is compared with a year before: itself, or the one it was renamed from; else empty.

    Takes unit and year, and predecessor, successor, how (renamed, merged or split). In the year of a merger or of a
    split nothing is compared.
    """
    held = set(zip(rows["unit"], rows["year"], strict=True))
    years = rows.groupby("unit")["year"]
    first, last = years.min().to_dict(), years.max().to_dict()
    renamed: dict[str, str] = {}
    reformed: set[tuple[str, int]] = set()
    for before, after, how in lineage[["predecessor", "successor", "how"]].itertuples(index=False):
        if how == "renamed":
            renamed[after] = min(before, renamed.get(after, before))
        elif how == "merged" and before in last:
            reformed.add((after, last[before] + 1))
        elif how == "split" and after in first:
            reformed |= {(before, first[after]), (after, first[after])}
    found = [
        None
        if (unit, year) in reformed
        else next((each for each in (unit, renamed.get(unit)) if (each, year - 1) in held), None)
        for unit, year in zip(rows["unit"], rows["year"], strict=True)
    ]
    return pd.Series(found, index=rows.index, dtype=object)


def residual_noise(scores: pd.DataFrame) -> Noise | None:
    """Noise as what is left of the scores after unit and year; None where years or moves are too few to tell.

    Takes unit, year, score. Differences from year to year leave the unit out, their mean the year; moves that are far
    beyond the others are set aside as true changes.
    """
    if scores["year"].nunique() < FEWEST_YEARS:
        return None
    wide = scores.pivot_table(index="unit", columns="year", values="score").sort_index(axis=1)
    moves = wide.diff(axis=1)
    moves = moves[[year for year in moves.columns if int(str(year)) - 1 in wide.columns]]
    shared = moves.notna().sum()
    fair = (moves - moves.median()) / np.sqrt(1 - 1 / shared.where(shared > 1))
    given = fair.to_numpy(np.float64)
    return _scale(given[~np.isnan(given)])


def parts(indicators: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """What totals are made of, a row a part: unit, year, part, score and weight.

    Takes a row an indicator: unit, year, indicator, score, weight, and beside them the unit's sources by the names that
    `weights` has. The indicators share the weight of the results; the other sources are parts themselves.
    """
    key = ["unit", "year"]
    weight = indicators["weight"].astype(np.float64)
    share = weights["results"] * weight / weight.groupby([indicators["unit"], indicators["year"]]).transform("sum")
    measured = indicators[[*key, "score"]].assign(part="results: " + indicators["indicator"], weight=share)
    others = [name for name in weights if name != "results"]
    beside = indicators.drop_duplicates(key).drop(columns="score").melt(key, others, "part", "score")
    every = pd.concat([measured, beside.assign(weight=beside["part"].map(dict(weights)))], ignore_index=True)
    return every.dropna().astype({"score": np.float64, "weight": np.float64})


def indicator_noise(given: pd.DataFrame) -> Noise | None:
    """Noise of totals by the jackknife over their parts, pooled; None where units or parts are too few to tell.

    Takes unit, year, part, score, weight. A part that is hard for everybody is no noise: each is first taken from its
    mean of the year, which units in small number share in.
    """
    of_part = given.groupby(["year", "part"])["score"]
    units = of_part.transform("size")
    centred = (given["score"] - of_part.transform("mean")) / np.sqrt((1 - 1 / units).where(units > 1))
    part = given.assign(part=centred * given["weight"]).dropna()
    whole = part.groupby(["unit", "year"])[["part", "weight"]].transform("sum")
    count = part.groupby(["unit", "year"])["part"].transform("size")
    without = (whole["part"] - part["part"]) / (whole["weight"] - part["weight"]).where(count > 1)
    spread = without.groupby([part["unit"], part["year"]]).agg(["var", "size"]).dropna()
    freedom = float(((spread["size"] - 1) * (1 - 1 / max(len(spread), 1))).sum())
    if freedom < FEWEST_MOVES:
        return None
    variance = spread["var"] * (spread["size"] - 1) ** 2 / spread["size"]
    return Noise(float(np.sqrt(variance.mean())), freedom)


def reliability(scores: npt.ArrayLike, sd: float) -> float:
    """The share of the scores' variance that is not noise, 0 to 1."""
    given = np.asarray(scores, np.float64)
    variance = float(given.var(ddof=1)) if len(given) > 1 else 0.0
    return max(0.0, 1 - sd**2 / variance) if variance > 0 else 0.0


def places(scores: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """The place of each score, 1 the highest; equal scores share a place and the next one is left out."""
    given = np.asarray(scores, np.float64)
    return np.asarray(stats.rankdata(-given, method="min"), np.int64)


def intervals(
    scores: npt.ArrayLike, sd: float, *, level: float = LEVEL, draws: int = DRAWS, seed: int = SEED
) -> pd.DataFrame:
    """Between which places each unit truly stands with probability `level`: low and high, a row each score.

    Empirical Bayes: levels are normal around the mean of the group, scores around the levels; places are those of
    levels drawn from what the scores leave possible.
    """
    given = np.asarray(scores, np.float64)
    share = reliability(given, sd)
    middle = given.mean() + share * (given - given.mean())
    noise = np.random.default_rng(seed).normal(size=(draws, len(given)))
    drawn = _drawn_places(middle + np.sqrt(share) * sd * noise)
    return shortest_runs(drawn, level)


def shifts(before: npt.ArrayLike, after: npt.ArrayLike, noise: Noise, false_discovery: float) -> pd.DataFrame:
    """Test each unit's move between two years, a row each: difference, z, q and whether it stands out.

    `before` and `after` are the scores of the same units; what the year did to all is their mean difference. `q` is
    the p-value adjusted for the number of units; those that stand out hold at most `false_discovery` false alarms.
    """
    moved = np.asarray(after, np.float64) - np.asarray(before, np.float64)
    difference = moved - moved.mean()
    error = noise.sd * np.sqrt(2 * (1 - 1 / len(moved))) if len(moved) > 1 else np.inf
    z = difference / error if error > 0 else np.zeros(len(moved))
    p_values = 2 * stats.t.sf(np.abs(z), noise.freedom)
    return pd.DataFrame(
        {
            "difference": difference,
            "z": z,
            "q": multiple.adjusted(p_values),
            "stands_out": multiple.stand_out(p_values, false_discovery),
        }
    )


def fall_back(scores: npt.ArrayLike, sd: float) -> Floats:
    """By how many points each score is to be expected to fall (minus) or rise in a next year without any change."""
    given = np.asarray(scores, np.float64)
    return np.asarray(-(1 - reliability(given, sd)) * (given - given.mean()), np.float64)


def judged(
    scores: pd.DataFrame,
    year: int,
    rules: Rules,
    *,
    spare: Callable[[], Noise | None] = lambda: None,
    least_sd: float = 0.0,
    seed: int = SEED,
) -> pd.DataFrame:
    """One group in one year, a row a unit: its place, the interval, the move and the verdict on it.

    Takes unit, year, score of all years of the group. Noise is judged by the years up to `year`, by `spare` where they
    are too few (`noise_by` says which), and is never taken to be below `least_sd`. Verdicts: higher, lower,
    no_clear_change, too_noisy, and not_compared for a unit without a year before. Without an estimate of noise low,
    high and reliability are empty and every move is too noisy.
    """
    known = scores[scores["year"] <= year]
    now = known[known["year"] == year].set_index("unit")["score"].astype(np.float64)
    before = known[known["year"] == year - 1].set_index("unit")["score"].astype(np.float64)
    table = pd.DataFrame({"score": now, "place": places(now), "before_place": _before_places(before, now)})
    table["places"] = table["before_place"] - table["place"]
    by_years = residual_noise(known)
    noise = by_years or spare()
    if noise is not None and len(now):
        noise = noise._replace(sd=max(noise.sd, least_sd))
        table[["low", "high"]] = intervals(now, noise.sd, seed=seed).to_numpy()
        table["reliability"] = reliability(now, noise.sd)
        table["noise"] = noise.sd
        table["noise_by"] = BY_YEARS if by_years else BY_INDICATORS
    table = table.reindex(columns=[*COLUMNS[:8], "noise_by"]).join(_tested(before, now, noise, rules))
    table["verdict"] = _verdicts(table, rules)
    return table.sort_values(["place"], kind="stable").rename_axis("unit").reset_index()[["unit", *COLUMNS]]


COLUMNS = (
    "score", "place", "before_place", "places", "low", "high", "reliability",
    "noise", "difference", "z", "q", "fall_back", "verdict", "noise_by",
)  # fmt: skip
"""What `judged` tells of a unit."""


def weight_range(
    sources: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    level: float = LEVEL,
    draws: int = WEIGHT_DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Between which places each unit lies under weights near the nominal ones: low and high, a row a unit.

    `sources` has a column for each of `weights`, whose values need not add up to 1. Half of the draws take the sources
    as given, half on one scale, so that a source whose marks lie close together counts as much as its weight says.
    """
    nominal = np.array([weights[name] for name in sources.columns], np.float64)
    nominal = nominal / nominal.sum()
    rng = np.random.default_rng(seed)
    drawn = np.zeros((draws, len(nominal)))
    drawn[:, nominal > 0] = rng.dirichlet(CONCENTRATION * nominal[nominal > 0], draws)
    given = sources.to_numpy(np.float64)
    spread = given.std(axis=0)
    scaled = (given - given.mean(axis=0)) / np.where(spread > 0, spread, 1)
    half = draws // 2
    totals = np.vstack([drawn[:half] @ given.T, drawn[half:] @ scaled.T])
    return shortest_runs(_drawn_places(totals), level).set_index(sources.index)


def near_weights(units: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """The `weight_range` of a group, a row a unit; empty cells where the sources of some unit are not all known.

    Takes the columns that `weights` names. A place among some of the units only would not be one in the group.
    """
    sources = units[list(weights)].astype(np.float64)
    if sources.empty or not weights or sources.isna().any(axis=None):
        return pd.DataFrame(index=units.index, columns=["low", "high"], dtype=np.float64)
    return weight_range(sources, weights)


def shortest_runs(drawn: npt.NDArray[np.int64], level: float) -> pd.DataFrame:
    """The shortest run of places that holds at least `level` of the draws, for each column; of several the fullest."""
    draws, units = drawn.shape
    enough = int(np.ceil((level - TINY) * draws))
    placed = np.sort(drawn, axis=0).T
    wide = placed[:, enough - 1 :] - placed[:, : draws - enough + 1]
    width = wide.min(axis=1)
    apart = (units + 1) * np.arange(units)[:, None]
    last = (placed + apart).ravel().searchsorted((placed[:, : wide.shape[1]] + apart + width[:, None]).ravel(), "right")
    held = last.reshape(wide.shape) - draws * np.arange(units)[:, None] - np.arange(wide.shape[1])
    first = np.where(wide == width[:, None], held, 0).argmax(axis=1)
    low = placed[np.arange(units), first]
    return pd.DataFrame({"low": low, "high": low + width})


def _scale(moves: Floats) -> Noise | None:
    """The noise of one score from many differences of two: those far from the others are left out, and made up for."""
    if len(moves) < FEWEST_MOVES:
        return None
    rough = stats.median_abs_deviation(moves, scale="normal")
    near = moves[np.abs(moves) <= FAR * rough] if rough > 0 else moves
    left_out = 2 * FAR * stats.norm.pdf(FAR) / (2 * stats.norm.cdf(FAR) - 1)
    variance = float(np.mean(near**2)) / (1 - left_out if rough > 0 else 1)
    return Noise(float(np.sqrt(variance / 2)), len(near) / 2)


def _drawn_places(drawn: Floats) -> npt.NDArray[np.int64]:
    """The places within each draw, a row each."""
    order = np.argsort(-drawn, axis=1, kind="stable")
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.arange(1, drawn.shape[1] + 1)[None, :], axis=1)
    return found


def _before_places(before: pd.Series, now: pd.Series) -> pd.Series:
    return pd.Series(places(before), index=before.index, dtype="Int64").reindex(now.index)


def _tested(before: pd.Series, now: pd.Series, noise: Noise | None, rules: Rules) -> pd.DataFrame:
    """The tests of the units that both years have, and what the year before alone would lead to expect."""
    shared = now.index[now.index.isin(before.index)]
    if noise is None or not len(shared):
        return pd.DataFrame(index=now.index, columns=[*COLUMNS[8:12], "stands_out"], dtype=object)
    tested = shifts(before.loc[shared], now.loc[shared], noise, rules.false_discovery).set_index(shared)
    expected = pd.Series(fall_back(before, noise.sd), index=before.index)
    return tested.assign(fall_back=expected.loc[shared])


def _verdicts(table: pd.DataFrame, rules: Rules) -> list[str]:
    told = table["reliability"].fillna(0).to_numpy(np.float64) >= rules.reliability
    stands_out = table["stands_out"].eq(other=True).to_numpy()
    up = pd.to_numeric(table["difference"]).fillna(0).to_numpy() > 0
    moved = np.where(stands_out, np.where(up, HIGHER, LOWER), NO_CLEAR_CHANGE)
    verdict = np.where(told, moved, TOO_NOISY)
    return [str(each) for each in np.where(table["before_place"].isna(), NOT_COMPARED, verdict)]
