"""What becomes of people in post within a year: stay, leave, move, be promoted or step down.

A multinomial ridge regression on person-years (discrete-time competing risks): age as a spline, years in post, years
since the last renewal, the age line of the post, and effects of group and level that are drawn towards their mean.
Fitted on cells of equal people, which gives the coefficients that single rows would.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import SplineTransformer
from threadpoolctl import threadpool_limits

from models.panel import EVENTS, LONGEST, STAYS

Floats = npt.NDArray[np.float64]

# Matrices are small: a second thread of the algebra gains nothing, and spins where others want the core.
threadpool_limits(1, user_api="blas")

FEATURES = ("group", "level", "age", "tenure", "phase", "line")
YOUNGEST, OLDEST = 22, 80
LINES = 3
LOOSE = 6
"""How much looser than others the effect of the years since a renewal is held: cycles are known to be strong."""
FLAT = 1e-3
"""The precision of what has no prior of its own."""


def cells(periods: pd.DataFrame) -> pd.DataFrame:
    """Person-years counted by what rates depend on: FEATURES, event, people. Those due by law are left out."""
    free = periods[~periods["due"]]
    counted = free.assign(age=free["age"].clip(YOUNGEST, OLDEST)).groupby([*FEATURES, "event"], sort=True)
    return counted["weight"].sum().rename("people").reset_index()


class TooFewYears(ValueError):  # noqa: N818 (it is an answer, not a fault)
    """A roster from which no rates can be learnt: it holds no years in which some people stayed and some went."""


class Hazards(BaseEstimator):  # type: ignore[misc]
    """Yearly probabilities of what becomes of people, by FEATURES.

    `strength` is the prior variance of an effect (C of the ridge), `knots` those of the spline of age.
    After `fit`: `events_` (the first is to stay), `groups_`, `levels_`, `coef_` (event by column), `spread_`.
    """

    def __init__(self, strength: float = 0.3, knots: int = 5) -> None:
        """Keep the parameters as they are."""
        self.strength = strength
        self.knots = knots

    def fit(self, counted: pd.DataFrame) -> Self:
        """Learn from person-years counted by `cells`: FEATURES, event, people. TooFewYears where nobody ever goes."""
        if counted["event"].nunique() < 2 or (counted["event"] == STAYS).sum() == 0:  # noqa: PLR2004
            message = (
                "Rates can be learnt only where some people stay and some go; name an origin with years before it."
            )
            raise TooFewYears(message)
        self.groups_ = sorted(counted["group"].unique())
        self.levels_ = sorted(counted["level"].unique())
        self.phases_ = np.array(sorted(counted["phase"].unique()))
        knots = _apart(np.unique(_quantiles(counted["age"], counted["people"], self.knots)))[:, None]
        self.spline_ = SplineTransformer(degree=2, knots=knots, extrapolation="constant").fit(knots)
        columns = self._columns(counted)
        self.events_ = (STAYS, *(event for event in EVENTS if (counted["event"] == event).any()))
        coded = counted["event"].map({event: code for code, event in enumerate(self.events_)}).to_numpy()
        model = LogisticRegression(C=self.strength, solver="newton-cholesky", tol=1e-8, max_iter=200)
        model.fit(columns[:, :-1], coded, sample_weight=counted["people"].to_numpy(float))
        found = np.column_stack([model.coef_, model.intercept_])
        self.free_ = len(found)
        self.coef_ = found if self.free_ > 1 else np.vstack([np.zeros_like(found), found])
        self.spread_ = self._spread(columns, counted["people"].to_numpy(float))
        return self

    def predict_proba(self, rows: pd.DataFrame) -> Floats:
        """The probability of each of `events_` within the year, a row each of `rows` (FEATURES)."""
        return _softmax(self._columns(rows) @ self.coef_.T)

    def stays(self, rows: pd.DataFrame, coefs: Floats) -> Floats:
        """The probability to stay for the year under each of some drawn coefficients: draw by row."""
        stays: Floats = _softmax(self._columns(rows)[None] @ coefs.transpose(0, 2, 1))[..., 0]
        return stays

    def draws(self, number: int, rng: np.random.Generator) -> Floats:
        """Coefficients as uncertain as the data leave them: `number` by event by column."""
        noise = rng.standard_normal((number, len(self.spread_))) @ self.spread_.T
        drawn = np.repeat(self.coef_[None], number, axis=0)
        drawn[:, -self.free_ :] += noise.reshape(number, self.free_, -1)
        return drawn

    def _spread(self, columns: Floats, people: Floats) -> Floats:
        """A root of the covariance of the free coefficients, from the curvature of the posterior at its top."""
        chances = _softmax(columns @ self.coef_.T)[:, -self.free_ :]
        prior = np.append(np.full(columns.shape[1] - 1, 1 / self.strength), FLAT)
        blocks = [
            [self._curvature(columns, people, chances, one, other) for other in range(self.free_)]
            for one in range(self.free_)
        ]
        root = np.linalg.cholesky(np.block(blocks) + np.diag(np.tile(prior, self.free_)))
        spread: Floats = np.linalg.inv(root).T
        return spread

    @staticmethod
    def _curvature(columns: Floats, people: Floats, chances: Floats, one: int, other: int) -> Floats:
        weight = people * chances[:, one] * ((one == other) - chances[:, other])
        found: Floats = columns.T @ (weight[:, None] * columns)
        return found

    def _known(self, phase: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The phase nearest to each one among those that were seen: of one never seen nothing is known."""
        nearest: npt.NDArray[Any] = self.phases_[np.abs(phase[:, None] - self.phases_[None]).argmin(axis=1)]
        return nearest

    def _columns(self, rows: pd.DataFrame) -> Floats:
        age = rows["age"].to_numpy(float).clip(YOUNGEST, OLDEST)
        tenure, phase, line = (rows[name].to_numpy() for name in ("tenure", "phase", "line"))
        parts = [
            self.spline_.transform(age[:, None]),
            _one_hot(tenure, range(LONGEST + 1)),
            LOOSE * _one_hot(self._known(phase), range(LONGEST + 1)),
            _one_hot(line, range(LINES)),
            _one_hot(rows["group"].to_numpy(), self.groups_),
            _one_hot(rows["level"].to_numpy(), self.levels_),
        ]
        return np.hstack([*parts, np.ones((len(rows), 1))])


def _apart(knots: Floats) -> Floats:
    """At least two knots, however alike the ages are."""
    return knots if len(knots) > 1 else np.array([knots[0] - 1, knots[0] + 1])


def _quantiles(values: "pd.Series[Any]", weights: "pd.Series[Any]", number: int) -> Floats:
    """Values that part a weighted sample evenly, its ends among them."""
    order = np.argsort(values.to_numpy(), kind="stable")
    upto = np.cumsum(weights.to_numpy(float)[order])
    places = np.searchsorted(upto, np.linspace(0, upto[-1], number)).clip(max=len(order) - 1)
    found: Floats = values.to_numpy(float)[order][places]
    return found


def _one_hot(values: npt.NDArray[Any], known: Any) -> Floats:
    hot: Floats = (values[:, None] == np.array(list(known))[None, :]).astype(float)
    return hot


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return probabilities
