"""One target at one date: as recent practice goes on and with a plan, what it takes, and what moves it.

Chances of single people stay inside: whatever leaves is a sum.
"""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import month
from data.month import MONTHS_A_YEAR as YEAR
from models import backtest, panel, population, reach
from models.backtest import PLAN, PRACTICE
from models.cohort import CohortModel, Paths
from models.population import Counted, Target
from models.reach import Least, NotAttainable
from models.scenario import Range, Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWS, PATHS = 200, 1000
SEATS_TIMES_PATHS = 600_000
"""Seats times paths that are simulated at once, so that a large body answers as soon as a small one."""
AGES_TRIED = 21
"""Ages at appointment that stand for those in the band."""
QUANTILES = {"low95": 0.025, "low80": 0.1, "low50": 0.25, "middle": 0.5, "high50": 0.75, "high80": 0.9, "high95": 0.975}
CAUTIOUS = 0.2
"""The quantile of vacancies that a plan may count on."""
USUAL_AGE = 60 * YEAR
CURVE_POINTS = 30
TESTED = backtest.YEARS * YEAR
"""Months ahead that projections are held against what came."""
AMBER = 0.2
"""How far below the probability a corridor is at the edge."""
CORRIDOR = ("month", "needed_low", "needed_amber", "have")


class Wanted(NamedTuple):
    """What is asked at a date, if nobody moves: people needed and the denominator."""

    needed: int
    base: int


class Chances(NamedTuple):
    """How likely each of some people (a row each) counts: draw by person."""

    of: Floats
    rows: pd.DataFrame


@dataclasses.dataclass(frozen=True)
class Projection:
    """One target, one scope, one date, one scenario; each part is worked out when it is asked for, and kept.

    `there` are the people in post whom it is about (rows of the model's `there_`), `group` what rates they have in the
    model, `until` the date (months from year 0). `probability` is what a plan aims at, and `widened` how much wider
    than simulated the intervals of recent practice are drawn, by how far off earlier ones were. `ranges` are the levers
    of stress and sensitivity with the settings at their ends. `whole` is the projection that a share within a share is
    taken of: as many of its people as recent practice leaves there.
    """

    model: CohortModel
    target: Target
    group: str
    there: pd.DataFrame
    until: int
    wanted: Wanted
    scenario: Scenario
    probability: float
    widened: float
    ranges: Mapping[str, Range]
    whole: "Projection | None" = None

    # --- today ------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def today(self) -> Counted:
        """Who counts today: one path."""
        own = population.counted(self.target, population.as_paths(self.there, self.model.at_))
        return own if self.whole is None else own._replace(base=self.whole.today.have)

    # --- if recent practice goes on ---------------------------------------------------------------------------------

    @functools.cached_property
    def practice(self) -> list[Counted]:
        """People who count after each year and at the date, if those who go are followed as they were before."""
        own, _ = self._counted
        if self.whole is None:
            return own
        return [_within(part, whole.have) for part, whole in zip(own, self.whole.practice, strict=True)]

    @functools.cached_property
    def _counted(self) -> tuple[list[Counted], Ints]:
        """The people who count after each year and at the date, and how many have gone by then, path by path."""
        own, gone = [], np.zeros(0, np.int64)
        for paths in self._courses():
            own.append(population.counted(self.target, paths))
            gone = paths.gone
        return own, gone

    def _courses(self) -> Iterator[Paths]:
        paths = min(PATHS, max(100, SEATS_TIMES_PATHS // max(len(self.there), 1)))
        months = self.until - self.model.at_
        return self.model.courses(months, levers=self.scenario, there=self.there, paths=paths)

    @functools.cached_property
    def vacancies(self) -> int:
        """Posts that fall vacant in a year, as many as eight paths in ten leave at least."""
        rounds = sum(self.numbers(YEAR)) / YEAR
        return int(np.quantile(self._counted[1], CAUTIOUS) / rounds)

    # --- with a plan ------------------------------------------------------------------------------------------------

    @functools.cached_property
    def ends(self) -> list[int]:
        """The months (from year 0) at which a year's appointments are in; the last is the date."""
        return [step.start + step.months for step in self.model.steps(self.until - self.model.at_)]

    def numbers(self, a_year: int, begin: int = 0) -> list[int]:
        """The appointments of each year at a number a year, from the year `begin` (0, 1, …) on.

        The last part of a year has its part of them, rounded; where it is all there is, all of them.
        """
        lengths = np.diff([self.model.at_, *self.ends])
        parts = [round(a_year * int(length) / YEAR) if len(lengths) > 1 else a_year for length in lengths]
        return [number if year >= begin else 0 for year, number in enumerate(parts)]

    @property
    def begin(self) -> int:
        """The first year (from 0) in which the scenario appoints anyone."""
        start = self.scenario.start
        return 0 if start is None else sum(end < month.number(start) for end in self.ends)

    @functools.cached_property
    def plan(self) -> list[int]:
        """The appointments of each year: those of the scenario, else the least that reach the probability."""
        if self.scenario.plan is not None:
            return self.numbers(self.scenario.plan, self.begin)
        try:
            return self.numbers(self.least().number, self.begin)
        except NotAttainable as limit:
            return self.numbers(limit.nearest, self.begin)

    def chance(self, numbers: Sequence[int]) -> float:
        """The probability that the target is met at the date with so many appointments in the band each year."""
        came = reach.appointed(numbers, self.appointee(self.until))
        needed, times = np.unique(self._asked, return_counts=True)
        told = [reach.at_least(self._standing, came, int(number)) for number in needed]
        return float(np.average(told, weights=times))

    @functools.cached_property
    def _asked(self) -> Ints:
        """People needed at the date: one number, but where it is a share of those that recent practice leaves there."""
        if self.whole is None:
            return np.array([self.wanted.needed])
        return self._needed(self.practice[-1])

    def least(self, probability: float | None = None, begin: int | None = None, most: int | None = None) -> Least:
        """The least appointments a year that reach a probability; NotAttainable where vacancies do not allow it."""
        first = self.begin if begin is None else begin
        limit = self.vacancies if most is None else most
        return reach.least(
            lambda number: self.chance(self.numbers(number, first)), probability or self.probability, limit
        )

    @functools.cached_property
    def planned(self) -> list[Counted]:
        """People who count after each year and at the date with the plan: drawn from their chances."""
        return [self._planned(end) for end in self.ends]

    def _planned(self, at: int) -> Counted:
        random = np.random.default_rng([self.model.seed, at])
        chances, rounds = self.chances(at), PATHS // DRAWS
        places = chances.rows["place"].to_numpy()
        stays = (random.random(chances.of.shape) < chances.of for _ in range(rounds))
        had = np.concatenate([population.summed(self.target, each, places) for each in stays])
        came = random.binomial(self.plan, np.tile(self.appointee(at), (rounds, 1))).sum(axis=1)
        have = np.minimum(had + came, self.wanted.needed) if self.target.kind == "per_unit" else had + came
        planned = Counted(at, have, np.full(len(came), self.wanted.base))
        return planned if self.whole is None else _within(planned, self.practice[self.ends.index(at)].base)

    # --- chances of single people, never shown but summed ---------------------------------------------------------

    def chances(self, at: int) -> Chances:
        """How likely each of today's people counts in the month `at` (from year 0); those who cannot are left out."""
        counts = population.fits(self.target, self.there) & population.young(self.target, self.there["birth"], at)
        rows = self.there[counts]
        return Chances(self.model.stays(at - self.model.at_, rows, self.scenario, DRAWS), rows)

    @functools.cached_property
    def _standing(self) -> Floats:
        """The probabilities of 0, 1, … of today's people at the date: draw by number."""
        there = self.chances(self.until)
        if self.target.kind == "per_unit":
            return reach.capped(there.of, there.rows["place"].to_numpy(), self.target.numerator)
        return reach.poisson_binomial(there.of)

    def appointee(self, at: int) -> Floats:
        """How likely an appointee of each year counts in the month `at` (from year 0): draw by year, 0 if yet to come.

        Appointees are in the band when they come, as old as recent ones in it were; where there were none, as old as
        still serves at the date. What is not carried out of a plan makes each of them as much less likely.
        """
        if at not in self._appointee:
            self._appointee[at] = np.stack([self._one_appointee(year, at) for year in range(len(self.ends))], axis=1)
        return self._appointee[at]

    @functools.cached_property
    def _appointee(self) -> dict[int, Floats]:
        return {}

    def _one_appointee(self, year: int, at: int) -> Floats:
        if self.ends[year] > at:
            return np.zeros(DRAWS)
        rows = self._appointees(year)
        stays = self.model.stays(at - self.model.at_, rows, self.scenario, DRAWS)
        counts: Floats = (stays * population.young(self.target, rows["birth"], at).to_numpy()).mean(axis=1)
        return counts * (1 - self.scenario.slip)

    def _appointees(self, year: int) -> pd.DataFrame:
        """People as they come in in the middle of a year, their ages spread as those of recent ones in the band are."""
        came = ([self.model.at_, *self.ends][year] + self.ends[year]) // 2
        line = panel.NEVER if self.target.upper_age is None else self.target.upper_age * YEAR
        recent = self.model.entry_.appointees_
        recent = recent[recent["group"] == self.group]
        recent = recent[population.fits(self.target, recent)]
        ages = recent["age"].to_numpy()
        ages = (ages[ages < line] + round(self.scenario.entry_age * YEAR)).clip(max=line - 1)
        parts = (np.arange(AGES_TRIED) + 0.5) / AGES_TRIED
        spread = np.quantile(ages, parts) if len(ages) else np.array([min(line, USUAL_AGE) - 1 - (self.until - came)])
        like = recent if len(recent) else self.there
        usual: pd.DataFrame = like[like["level"] == like["level"].mode().iloc[0]]
        born = came - spread.astype(np.int64)
        ruled = dict.fromkeys(("line", "limit", "early"), panel.NEVER)
        return usual.iloc[[0] * len(spread)].assign(cell="", birth=born, since=came, start=came, begins=year, **ruled)

    # --- tables -----------------------------------------------------------------------------------------------------

    @functools.cached_property
    def summary(self) -> pd.DataFrame:
        """A row a mode: have (today), needed, projected (the median), low80, high80, gap (people short), chance."""
        return pd.DataFrame([{"mode": mode, **told} for mode, told in self.summed_up.items()])

    @functools.cached_property
    def summed_up(self) -> dict[str, dict[str, Any]]:
        """The same by mode."""
        practice, planned = self._summed_up(self._widened(self.practice[-1])), self._summed_up(self.planned[-1])
        return {PRACTICE: practice, PLAN: {**planned, "chance": self.chance(self.plan)}}

    def _summed_up(self, counted: Counted) -> dict[str, Any]:
        needed = self._needed(counted)
        ends = ("low80", "middle", "high80")
        low, middle, high = (int(np.rint(np.quantile(counted.have, QUANTILES[name]))) for name in ends)
        asked = int(np.median(needed))
        return {
            "have": int(self.today.have[0]),
            "needed": asked,
            "projected": middle,
            "low80": low,
            "high80": high,
            "gap": max(asked - middle, 0),
            "chance": float(np.mean(counted.have >= needed)),
        }

    def _needed(self, counted: Counted) -> Ints:
        """People needed path by path; where the denominator is of people in post, it moves with them."""
        if self.whole is not None:
            base = counted.base
        elif self.target.denominator == "in_post":
            base = self.wanted.base + counted.base - self.today.base
        else:
            return np.full(len(counted.have), self.wanted.needed)
        return -(-self.target.numerator * base // self.target.divisor)

    def _widened(self, counted: Counted) -> Counted:
        mean = counted.have.mean()
        most = self.wanted.needed if self.target.kind == "per_unit" else counted.base.max(initial=0)
        have = np.rint(mean + self.widened * (counted.have - mean)).clip(0, most).astype(np.int64)
        return counted._replace(have=have)

    @functools.cached_property
    def fan(self) -> pd.DataFrame:
        """People who count by month and mode: mode, month (YYYYMM), QUANTILES, tested; from today on."""
        start = {"month": month.from_number(self.model.at_), "tested": True}
        rows = []
        for mode, counts in ((PRACTICE, [self._widened(each) for each in self.practice]), (PLAN, self.planned)):
            rows.append({"mode": mode, **start, **dict.fromkeys(QUANTILES, int(self.today.have[0]))})
            for counted in counts:
                told = {name: float(np.quantile(counted.have, level)) for name, level in QUANTILES.items()}
                tested = counted.month - self.model.at_ <= TESTED
                rows.append({"mode": mode, "month": month.from_number(counted.month), "tested": tested, **told})
        return pd.DataFrame(rows)

    @functools.cached_property
    def bridge(self) -> pd.DataFrame | None:
        """From today's count to that of the date with the plan, in whole people: step, people. None for counts a unit.

        have, aged (passes the line before the date), a step for each way to go, appointed, projected; the parts sum.
        """
        if self.target.kind == "per_unit":
            return None
        fits = self.there[population.fits(self.target, self.there)]
        young = fits[population.young(self.target, fits["birth"], self.model.at_)]
        staying = self.chances(self.until)
        gone = self._ways_out(staying.rows)
        projected = self.summed_up[PLAN]["projected"]
        aged = len(young) - len(staying.rows)
        steps = {"have": len(young), "aged": -aged, **{name: -number for name, number in gone.items()}}
        steps["appointed"] = projected - sum(steps.values())
        return pd.DataFrame({"step": [*steps, "projected"], "people": [*steps.values(), projected]})

    def _ways_out(self, staying: pd.DataFrame) -> dict[str, int]:
        """How many of those who stay young go in each way, whole people that sum to the expected number."""
        expected = self.model.ways(self.until - self.model.at_, staying, self.scenario, DRAWS)
        return dict(zip(expected, _whole(np.array(list(expected.values()))), strict=True))

    def curve(self) -> pd.DataFrame:
        """The chance by appointments a year, as estimated and under stress: scenario, n, chance."""
        limit = max(self.vacancies, 1)
        step = max(1, -(-limit // CURVE_POINTS))
        rows = [
            {"scenario": name, "n": number, "chance": each.chance(each.numbers(number, each.begin))}
            for name, each in self.stressed().items()
            for number in range(0, limit + 1, step)
        ]
        return pd.DataFrame(rows)

    def stressed(self) -> "dict[str, Projection]":
        """The same projection as estimated, with more exits, and with a further part of the plan not carried out."""
        exits, slip = self.ranges["exits"].high_setting, self.ranges["slip"].low_setting
        moved = {
            "estimated": self.scenario,
            "exits": self.scenario.with_lever("exits", self.scenario.exits * (exits or 1)),
            "slip": self.scenario.with_lever("slip", 1 - (1 - self.scenario.slip) * (1 - (slip or 0))),
        }
        return {
            name: self if each == self.scenario else dataclasses.replace(self, scenario=each)
            for name, each in moved.items()
        }

    def holds_in_all(self) -> int | None:
        """The least appointments a year that reach the probability as estimated and under both stresses, or None."""
        try:
            return max(each.least(most=self.vacancies).number for each in self.stressed().values())
        except NotAttainable:
            return None

    def lateness(self) -> pd.DataFrame:
        """What a later start costs: start (YYYYMM), years, a_year and total appointments, None where not attainable."""
        rows = []
        for year, start in enumerate([self.model.at_, *self.ends[:-1]]):
            try:
                a_year = self.least(begin=year).number
                total: int | None = sum(self.numbers(a_year, year))
            except NotAttainable:
                a_year, total = None, None
            rows.append(
                {"start": month.from_number(start), "years": len(self.ends) - year, "a_year": a_year, "total": total}
            )
        return pd.DataFrame(rows).astype({"a_year": "Int64", "total": "Int64"})

    def sensitivity(self) -> pd.DataFrame:
        """People expected at the date with the plan when one lever stands at either end: lever, low, high, base."""
        plan, base = self.plan, self.expected(self.plan)
        rows = []
        for name, bound in self.ranges.items():
            if bound.low_setting is not None and bound.high_setting is not None:
                low, high = (
                    dataclasses.replace(self, scenario=self.scenario.with_lever(name, end)).expected(plan)
                    for end in (bound.low_setting, bound.high_setting)
                )
                rows.append(
                    {
                        "lever": name,
                        "low_setting": bound.low_setting,
                        "high_setting": bound.high_setting,
                        "low": low,
                        "high": high,
                        "base": base,
                    }
                )
        return pd.DataFrame(rows)

    def expected(self, numbers: Sequence[int]) -> float:
        """The mean number of people who count at the date with so many appointments each year."""
        there = reach.mean(self._standing)
        came = float((self.appointee(self.until) @ np.array(numbers)).mean())
        return min(there + came, self.wanted.needed) if self.target.kind == "per_unit" else there + came

    def corridor(self) -> pd.DataFrame:
        """How many in the band at each year's end still reach the target with the rest of the plan.

        Columns: month (YYYYMM), needed_low (people for the probability), needed_amber (for AMBER less), have (planned).
        A year from which no number of people reaches it is left out. Only a share has a corridor: a share within a
        share depends on others too, and where people are counted unit by unit it matters which unit has them.
        """
        if self.target.kind != "share":
            return pd.DataFrame({name: [] for name in CORRIDOR}, dtype="int64")
        rows = [self._corridor(year, counted) for year, counted in enumerate(self.planned[:-1])]
        return pd.DataFrame([row for row in rows if row], columns=list(CORRIDOR))

    def _corridor(self, year: int, counted: Counted) -> dict[str, int] | None:
        rest = [number if later > year else 0 for later, number in enumerate(self.plan)]
        came, still = reach.appointed(rest, self.appointee(self.until)), self._still(year)
        try:
            low, amber = (
                reach.corridor(self.wanted.needed, still, came, level)
                for level in (self.probability, max(self.probability - AMBER, 0))
            )
        except NotAttainable:
            return None
        have = int(np.median(counted.have))
        return dict(zip(CORRIDOR, (month.from_number(counted.month), low, amber, have), strict=True))

    def _still(self, year: int) -> Floats:
        """How likely one who counts at the end of a year, by the plan so far, still does at the date, by draw."""
        at, so_far = self.ends[year], np.array(self.plan) * (np.arange(len(self.ends)) <= year)
        then, last = (self.chances(when).of.sum(axis=1) + self.appointee(when) @ so_far for when in (at, self.until))
        share: Floats = np.clip(np.divide(last, then, out=np.zeros_like(last), where=then > 0), 0, 1)
        return share


def _within(part: Counted, whole: Ints) -> Counted:
    """People of a part beside those of the whole on as many paths."""
    return part._replace(base=np.resize(whole, len(part.have)))


def _whole(parts: Floats) -> list[int]:
    """Whole numbers that sum to the rounded sum of the parts, the largest remainders rounded up first."""
    down = np.floor(parts)
    missing = int(np.rint(parts.sum()) - down.sum())
    down[np.argsort(down - parts, kind="stable")[:missing]] += 1
    return [int(part) for part in down]
