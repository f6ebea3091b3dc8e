"""How likely a target is met at a date, and the least appointments a year that make it likely enough.

People who are in the band and still there at the date are a sum of independent yes or no, each with its own chance: a
Poisson-binomial number, told exactly. What years bring to everyone makes chances uncertain together: everything is told
for each of a set of draws of them, and averaged. One more appointee never makes it less likely, so the least number is
found by bisection, and told with the chance that one less would leave.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AT_ONCE = 20_000_000
"""Numbers that are summed at once."""
TIGHT = 1e-12
"""What rounding may leave of a probability."""


class Least(NamedTuple):
    """The least number that reaches a probability, the chance it gives, and the chance of one less; 0 has no less."""

    number: int
    chance: float
    below: float


class NotAttainable(ValueError):  # noqa: N818 (it is an answer, not a fault)
    """No number within the limits reaches the probability; `nearest` is the limit and `chance` what it gives."""

    def __init__(self, nearest: int, chance: float) -> None:
        """Keep the limit and its chance."""
        super().__init__(f"Not attainable: at the limit of {nearest} the chance is {chance:.0%}.")
        self.nearest = nearest
        self.chance = chance


def poisson_binomial(chances: Floats) -> Floats:
    """The probabilities of 0, 1, … successes: chances are draw by person, the answer draw by number."""
    people = chances.shape[1]
    return _summed(np.stack([1 - chances, chances], axis=-1))[:, : people + 1]


def _summed(parts: Floats) -> Floats:
    """The distribution of the sum of all parts, draw by part by number; longer than need be, with zeros at its end.

    Draws are summed some at a time, as those of a nation fill memory together.
    """
    draws, number, length = parts.shape
    if parts.size > AT_ONCE and draws > 1:
        return np.concatenate([_summed(some) for some in np.array_split(parts, min(draws, -(-parts.size // AT_ONCE)))])
    padded = np.zeros((draws, 1 << max(number - 1, 0).bit_length(), length))
    padded[:, :, 0] = 1
    padded[:, :number] = parts
    while padded.shape[1] > 1:
        padded = _convolved(padded[:, ::2], padded[:, 1::2])
    return np.clip(padded[:, 0], 0, None)


def _convolved(one: Floats, other: Floats) -> Floats:
    """The distributions of sums, along the last axis."""
    length = one.shape[-1] + other.shape[-1] - 1
    if min(one.shape[-1], other.shape[-1]) <= SHORT:
        return _convolved_directly(one, other, length)
    size = 1 << (length - 1).bit_length()
    both = np.fft.irfft(np.fft.rfft(one, size) * np.fft.rfft(other, size), size)
    convolved: Floats = both[..., :length]
    return convolved


SHORT = 16
"""Length up to which products are summed one by one, which loses nothing to rounding."""


def _convolved_directly(one: Floats, other: Floats, length: int) -> Floats:
    if one.shape[-1] < other.shape[-1]:
        one, other = other, one
    summed = np.zeros((*np.broadcast_shapes(one.shape[:-1], other.shape[:-1]), length))
    for shift in range(other.shape[-1]):
        summed[..., shift : shift + one.shape[-1]] += one * other[..., shift, None]
    return summed


def appointed(numbers: Sequence[int], chances: Floats) -> Floats:
    """The probabilities of 0, 1, … appointees counted at the date: `numbers` a year, `chances` draw by year."""
    made = np.ones((len(chances), 1))
    for year, number in enumerate(numbers):
        if number:
            made = _convolved(made, binomial(number, chances[:, year]))
    return np.clip(made, 0, None)


def binomial(number: int, chances: Floats) -> Floats:
    """The probabilities of 0 to `number` successes of equal chance: one chance a draw, draw by number."""
    counts = np.arange(number + 1)
    ways = special.gammaln(number + 1) - special.gammaln(counts + 1) - special.gammaln(number - counts + 1)
    told: Floats = np.exp(
        ways + special.xlogy(counts, chances[:, None]) + special.xlog1py(number - counts, -chances[:, None])
    )
    return told


def at_least(there: Floats, came: Floats, needed: int) -> float:
    """The probability that those there and those who came (draw by number each) are together at least `needed`."""
    if needed <= 0:
        return 1.0
    reaches = np.cumsum(there[:, ::-1], axis=1)[:, ::-1]
    numbers = np.arange(came.shape[1])
    missing = np.maximum(needed - numbers, 0)
    tails = np.where(missing < there.shape[1], reaches[:, np.minimum(missing, there.shape[1] - 1)], 0.0)
    return _probability(float(np.mean(np.sum(came * tails, axis=1))))


def capped(chances: Floats, places: Ints, most: int) -> Floats:
    """The probabilities of people counted up to `most` a place: chances are draw by person, places a person each."""
    _, starts, people = np.unique(np.sort(places), return_index=True, return_counts=True)
    parts = np.zeros((len(chances), len(starts), most + 1))
    by_place = chances[:, np.argsort(places, kind="stable")]
    for place, (start, number) in enumerate(zip(starts, people, strict=True)):
        here = poisson_binomial(by_place[:, start : start + number])
        parts[:, place, : min(number, most) + 1] = here[:, : most + 1]
        parts[:, place, most] += here[:, most + 1 :].sum(axis=1)
    return _summed(parts)[:, : np.minimum(people, most).sum() + 1]


def mean(counted: Floats) -> float:
    """The mean number of a distribution, draw by number."""
    return float((counted @ np.arange(counted.shape[1])).mean())


def _probability(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def least(chance: Callable[[int], float], probability: float, most: int) -> Least:
    """The least number from 0 to `most` whose chance is at least `probability`; NotAttainable where none is.

    `chance` must not fall as the number grows. It is asked about twice the logarithm of the answer.
    """
    known: dict[int, float] = {}

    def told(number: int) -> float:
        if number not in known:
            known[number] = chance(number)
        return known[number]

    low, high = -1, 1
    while high < most and told(high) < probability - TIGHT:
        low, high = high, 2 * high
    high = min(high, most)
    if told(high) < probability - TIGHT:
        raise NotAttainable(high, told(high))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if told(middle) >= probability - TIGHT else (middle, high)
    return Least(high, told(high), told(high - 1) if high else 0.0)


def corridor(needed: int, chances: Floats, came: Floats, probability: float) -> int:
    """The smallest number of people in the band today that still gives the probability.

    `chances` (a draw each) is how likely one of them is still in the band at the date, `came` the appointees to come
    (draw by number).
    """

    def chance(people: int) -> float:
        return at_least(binomial(people, chances), came, needed)

    most = max(1, int(np.ceil(4 * needed / max(float(chances.mean()), 0.01))) + 50)
    return least(chance, probability, most).number
