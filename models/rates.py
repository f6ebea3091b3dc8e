"""Shares of small groups: how far each can be read, and which units stand out.

A share of welfare used is a full count. Its interval does not speak of a sample but of the rate behind the count,
which is what a comparison is about. Wilson (1927), Newcombe (1998, method 10), Spiegelhalter (2005).
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]
Counts = npt.ArrayLike

Z_95 = float(stats.norm.ppf(0.975))
FUNNEL = {"95": 0.025, "99_8": 0.001}
"""The tail that a funnel leaves outside each of its limits, at most."""
WINSORISED = 0.1
"""The share of units at either end whose deviation is drawn in before over-dispersion is measured."""


class Interval(NamedTuple):
    """Ends of an interval, both fractions; not a number where there is nobody."""

    low: Floats
    high: Floats


def wilson(hits: Counts, people: Counts, z: float = Z_95) -> Interval:
    """The Wilson interval of hits over people."""
    x, n = _counts(hits, people)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (x + z * z / 2) / (n + z * z)
        half = z / (n + z * z) * np.sqrt(x * (n - x) / n + z * z / 4)
    return Interval(np.maximum(middle - half, 0), np.minimum(middle + half, 1))


def newcombe(hits: Counts, people: Counts, other_hits: Counts, others: Counts, z: float = Z_95) -> Interval:
    """Newcombe's interval of the difference of two shares, from the Wilson interval of each."""
    (x, n), (y, m) = _counts(hits, people), _counts(other_hits, others)
    one, other = wilson(x, n, z), wilson(y, m, z)
    with np.errstate(invalid="ignore", divide="ignore"):
        p, q = x / n, y / m
    return Interval(
        p - q - np.hypot(p - one.low, other.high - q),
        p - q + np.hypot(one.high - p, q - other.low),
    )


def over_dispersion(hits: Counts, people: Counts) -> float:
    """How much more units differ than chance would let equal ones: 1 where no more, else the factor of the variance.

    The mean of the squared standardised deviations of the square-root arcsine of the shares, those of a tenth of the
    units at either end drawn in to the next (Spiegelhalter 2005); below what chance gives nineteen times of twenty,
    1 is told.
    """
    x, n = _counts(hits, people)
    x, n = x[n > 0], n[n > 0]
    if not len(n):
        return 1.0
    centre = np.arcsin(math.sqrt(x.sum() / n.sum()))
    deviation = _drawn_in(2 * np.sqrt(n) * (np.arcsin(np.sqrt(x / n)) - centre))
    factor = float(np.mean(deviation**2))
    usual = 1 + 2 * math.sqrt(2 / len(n))
    return factor if factor > usual else 1.0


def funnel_limits(share: float, people: Counts, dispersion: float = 1.0) -> pd.DataFrame:
    """The limits between which units of these sizes lie when their rate is `share`: people, low_95, high_95, ...

    Exact binomial limits, by a line between whole people so that they narrow smoothly (Spiegelhalter 2005, A.1.1): a
    unit lies outside only where chance alone leaves no more than the tail there. Over-dispersion widens them about
    the share by the root of its factor.
    """
    n = np.asarray(people, np.float64)
    limits = {"people": n}
    for name, tail in FUNNEL.items():
        exact = {"low": _lower(tail, n, share) / n, "high": 1 - _lower(tail, n, 1 - share) / n}
        for end, limit in exact.items():
            limits[f"{end}_{name}"] = np.clip(share + (limit - share) * math.sqrt(dispersion), 0, 1)
    return pd.DataFrame(limits)


def outside(hits: Counts, people: Counts, *, dispersion: float | None = None) -> pd.DataFrame:
    """Where each unit lies in the funnel of all of them, in the order given: share, limits and verdict.

    The verdict is `below_99_8`, `below_95`, `inside`, `above_95` or `above_99_8`. Units are never put in order of
    their share. Without `dispersion` it is measured from the units themselves.
    """
    x, n = _counts(hits, people)
    whole = float(x.sum() / n.sum()) if n.sum() else math.nan
    factor = over_dispersion(x, n) if dispersion is None else dispersion
    found = funnel_limits(whole, n, factor).assign(share=x / n)
    found["verdict"] = np.select(
        [
            found["share"] < found["low_99_8"],
            found["share"] > found["high_99_8"],
            found["share"] < found["low_95"],
            found["share"] > found["high_95"],
        ],
        ["below_99_8", "above_99_8", "below_95", "above_95"],
        "inside",
    )
    return found


def _counts(hits: Counts, people: Counts) -> tuple[Floats, Floats]:
    x, n = np.asarray(hits, np.float64), np.asarray(people, np.float64)
    if np.any(x < 0) or np.any(x > n):
        message = "Hits are counted among people: from none to all of them."
        raise ValueError(message)
    return x, n


def _drawn_in(deviation: Floats) -> Floats:
    low, high = np.quantile(deviation, [WINSORISED, 1 - WINSORISED])
    drawn: Floats = np.clip(deviation, low, high)
    return drawn


def _lower(tail: float, people: Floats, share: float) -> Floats:
    """Where the binomial's distribution function reaches the tail, on a line between whole people."""
    reached = stats.binom.ppf(tail, people, share)
    above, below = stats.binom.cdf(reached, people, share), stats.binom.cdf(reached - 1, people, share)
    with np.errstate(invalid="ignore", divide="ignore"):
        past = np.where(above > below, (above - tail) / (above - below), 0)
    limit: Floats = reached - past
    return limit
