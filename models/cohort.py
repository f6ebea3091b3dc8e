"""People in post simulated year by year: seats whose holders age, go by rule or by rate, and are followed by others.

A path is one course that things may take. All paths of all cells share what years bring to everyone, so that sums over
cells are sums over the same paths; equal seeds give equal numbers, so that two scenarios differ by their levers alone.
"""

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator

from data.month import MONTHS_A_YEAR as YEAR
from models import cycles, hazards, panel
from models.cycles import USUAL_SHOCK
from models.entry import KIND, STAND_INS, Entry
from models.hazards import LINES, OLDEST, YOUNGEST, Hazards
from models.panel import LEAVE, LONGEST, NEVER, Terms
from models.scenario import Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

WINDOW = 6
"""Years that rates are learnt from at least: one term and a year. Where terms repeat it is two terms."""
TILTED, MIDDLE = 1.0, 50
"""How much a shock differs for people ten years from the middle age, as a part of the usual one."""
SHOCK_YEARS = 4
"""Years that the usual shock weighs as much as."""
PATHS = 1000
CELLS = (OLDEST - YOUNGEST + 1) * (LONGEST + 1) * LINES
EXIT, FOLLOWED, AGE, MOMENT, SHIFT, COEFFICIENT, SHOCK = range(7)
"""What random numbers are drawn for."""
BINDS, RARE = 0.1, 0.01
"""A statutory month binds where at most a tenth as many as reach it in a year are there past it, or one of a hundred
of all."""
OWN_EXITS = 10
"""Exits of all that weigh as much as a cell's own."""

AS_ESTIMATED = Scenario()


class Paths(NamedTuple):
    """Who sits where in a month (from year 0), path by seat, what is known of each seat, and how many have gone.

    `birth` (from year 0) and `traits` are those of the holder, `filled` is yes or no; `seats` has a row a seat: cell,
    group, level, role, unit_no, place, begins.
    """

    month: int
    birth: Ints | Int32s
    filled: Bools
    traits: Ints | Int32s
    seats: pd.DataFrame
    gone: Ints

    def under(self, age: int) -> Bools:
        """Which seats are held by people below a completed age (years)."""
        young: Bools = self.filled & (self.month - self.birth < age * YEAR)
        return young


@dataclasses.dataclass
class _Held:
    """Who holds each seat, path by seat, while a simulation runs."""

    birth: Int32s
    since: Int32s
    traits: Int32s
    filled: Bools

    @classmethod
    def of(cls, seats: pd.DataFrame, paths: int) -> Self:
        """The same holders on every path; seats that begin later are empty."""
        birth, since, traits = (
            np.tile(seats[name].to_numpy(np.int32), (paths, 1)) for name in ("birth", "since", "traits")
        )
        return cls(birth, since, traits, np.tile((seats["begins"] < 0).to_numpy(), (paths, 1)))

    def take(self, new: Bools, since: Int32s, birth: Int32s, traits: Int32s) -> None:
        """Let others take the seats that are new: of each of these, in their order, who does."""
        for mine, other in ((self.since, since), (self.birth, birth), (self.traits, traits)):
            mine[new] = other

    def seen(self, at: int, seats: pd.DataFrame, left: Ints) -> Paths:
        """What is seen in a month; it does not change any more."""
        return Paths(at, self.birth.copy(), self.filled.copy(), self.traits.copy(), seats, left)


class Step(NamedTuple):
    """A year or the last part of one: its number, first month and length (months)."""

    number: int
    start: int
    months: int


class CohortModel(BaseEstimator):  # type: ignore[misc]
    """Exits, entries and ageing of people in post, learnt at an origin and simulated from it.

    `terms` are the term changes by group; for a group without any, a cycle is looked for in the exits. `window` are the
    years learnt from, `strength` the prior variance of an effect, `draws` how many sets of rates stand for what is not
    known of them. After `fit`: `hazards_`, `entry_`, `terms_`, `shock_` (the spread of a year's exits), `multiple_`
    (own exits over expected ones by cell), `wave_` (the parts of a renewal year's exits that go with the change),
    `binding_` (people leave by the statutory month), `there_` (who is in post).
    """

    def __init__(
        self,
        terms: Mapping[str, Terms] | None = None,
        window: int = WINDOW,
        strength: float = 0.3,
        draws: int = 20,
        seed: int = 0,
    ) -> None:
        """Keep the parameters as they are."""
        self.terms = terms
        self.window = window
        self.strength = strength
        self.draws = draws
        self.seed = seed

    def fit(self, rows: pd.DataFrame, at: int) -> Self:
        """Learn from postings as `panel.postings` gives them, as they were known in the month `at` (from year 0)."""
        known = panel.known_at(rows, at)
        self.at_ = at
        self.terms_ = cycles.of_groups(known, at, self.terms or {})
        self.binding_ = _binds(known, at)
        ruled = known if self.binding_ else known.assign(limit=NEVER)
        self.window_ = max(self.window, *(2 * terms.months // YEAR for terms in self.terms_.values()), 0)
        periods = panel.periods(ruled, at, self.terms_, window=self.window_)
        self.hazards_ = Hazards(self.strength).fit(hazards.cells(periods))
        self.entry_ = Entry(self.window).fit(ruled, at)
        self.multiple_, self.shock_ = self._own(periods)
        self.wave_ = cycles.wave(periods, self.terms_)
        self.leaving_ = float((periods["event"] != panel.STAYS).mean())
        self._coefs = self.hazards_.draws(self.draws, self.random(COEFFICIENT, 0))
        self._rates: dict[tuple[str, str, int], Floats] = {}
        self.there_ = panel.snapshot(ruled[ruled["cell"] != ""], at)
        return self

    def _own(self, periods: pd.DataFrame) -> tuple[dict[str, float], float]:
        """Exits of each cell over the expected ones, and how much years differ beyond chance."""
        free = periods[~periods["due"]]
        alike = free.groupby([*hazards.FEATURES], sort=False)
        going = 1 - self.hazards_.predict_proba(alike.head(1))[alike.ngroup(), 0]
        went = (free["event"] != panel.STAYS) * free["weight"]
        table = free.assign(expected=going * free["weight"], went=went)
        cell = table.groupby("cell")[["went", "expected"]].sum()
        multiple = (cell["went"] + OWN_EXITS) / (cell["expected"] + OWN_EXITS)
        years = table.groupby("begin")[["went", "expected"]].sum()
        return {str(name): float(by) for name, by in multiple.items()}, _shock(years)

    def simulate(self, months: int, **asked: Any) -> list[Paths]:
        """Who sits where after each year and after `months`, all kept: see courses for what is `asked`."""
        return list(self.courses(months, **asked))

    def courses(
        self,
        months: int,
        *,
        levers: Scenario = AS_ESTIMATED,
        there: pd.DataFrame | None = None,
        plan: pd.DataFrame | None = None,
        refilled: bool = True,
        paths: int = PATHS,
    ) -> Iterator[Paths]:
        """Who sits where after each year and after `months`, one after another, as they fill memory together.

        `there` are the rows of `there_` to follow (all by default). `plan` are people known to come: its columns are
        those of `there_` and begins (the year, from 0, in which they come in). With `refilled` others follow those who
        go, as recent appointees were; without it only the people of `there` and `plan` are followed.
        """
        seats = self._seats(self.there_ if there is None else there, plan, months, grow=refilled)
        held = _Held.of(seats, paths)
        followers = _Followers(self.entry_, seats) if refilled and len(seats) else None
        chance = _Chance(self, seats, paths)
        shifts = self.entry_.shifts(_years(months), paths, self.random(SHIFT, 0)) + levers.entry_age
        left = np.zeros(paths, np.int64)
        for step in self.steps(months):
            toss = self.random(EXIT, step.number).random(held.filled.shape, np.float32)
            gone = held.filled & (toss < chance.going(step, held.birth, held.since, levers))
            comes = np.broadcast_to((seats["begins"] == step.number).to_numpy(), gone.shape)
            held.filled = (held.filled & ~gone) | comes
            if followers:
                new = (gone & self._followed(gone.shape, step)) | comes
                held.filled |= new
                self._seat(new, step, shifts[:, step.number], followers, held)
            left = left + gone.sum(axis=1)
            yield held.seen(step.start + step.months, seats, left)

    def stays(self, months: int, there: pd.DataFrame, levers: Scenario, draws: int) -> Floats:
        """How likely each of `there` is still in post after `months`: draw by person, without chance of their own.

        Draws differ by what years bring to everyone and by how uncertain rates are. A column begins, where there is
        one, names the year (from 0) in which somebody comes in; -1 is in post already.
        """
        gone = np.zeros((draws, len(there)))
        for each in self._intensities(months, there, levers, draws):
            gone += each
        stay: Floats = np.exp(-gone)
        return stay

    def ways(self, months: int, there: pd.DataFrame, levers: Scenario, draws: int) -> dict[str, float]:
        """How many of `there` are expected to have gone after `months`, by what becomes of them.

        Who goes by rate goes as people of that age and time in post do in that year of the term; who goes by the
        statutory month, or early, leaves.
        """
        steps, by_rate = self.steps(months), dataclasses.replace(levers, early=0.0)
        expected = {LEAVE: 0.0, **dict.fromkeys(self.hazards_.events_[1:], 0.0)}
        if there.empty:
            return expected
        gone = np.zeros((draws, len(there)))
        rates = (self._intensities(months, there, each, draws) for each in (levers, by_rate))
        for step, every, free in zip(steps, *rates, strict=True):
            goes = np.exp(-gone) * -np.expm1(-every)
            rated = goes * np.divide(free, every, out=np.zeros_like(gone), where=np.isfinite(every) & (every > 0))
            for event, number in zip(self.hazards_.events_[1:], self._shared(there, step, rated), strict=True):
                expected[event] += number
            expected[LEAVE] += float((goes - rated).mean(axis=0).sum())
            gone += every
        return expected

    def _shared(self, there: pd.DataFrame, step: Step, goes: Floats) -> list[float]:
        """Those who go by rate within a step, draw by person, shared among the events."""
        phases = {group: self.terms_[group].phase(step.start) for group in there["group"].unique()}
        rows = panel.placed(there, step.start).assign(phase=there["group"].map(phases).astype(np.int8))
        ways = self.hazards_.predict_proba(rows)[:, 1:]
        shared: list[float] = (goes.mean(axis=0) @ (ways / ways.sum(axis=1, keepdims=True))).tolist()
        return shared

    def _intensities(self, months: int, there: pd.DataFrame, levers: Scenario, draws: int) -> Iterator[Floats]:
        """Cumulated rates of each step, draw by person; infinite by law, none before somebody comes in."""
        seats = self._ruled(there)
        begins = there["begins"].to_numpy() if "begins" in there else np.full(len(there), -1)
        chance = _Chance(self, seats, draws)
        birth, since = (seats[name].to_numpy(np.int32)[None] for name in ("birth", "since"))
        for step in self.steps(months):
            yield np.where(begins[None] < step.number, chance.intensity(step, birth, since, levers), 0.0)

    def steps(self, months: int) -> list[Step]:
        """The years from the origin on, the last one as long as there is left."""
        starts = range(0, months, YEAR)
        lengths = [min(YEAR, months - start) for start in starts]
        return [
            Step(number, self.at_ + start, length)
            for number, (start, length) in enumerate(zip(starts, lengths, strict=True))
        ]

    def part(self, group: str, start: int, months: int) -> float:
        """The part of a year's exits in its first months: even, but for those that go with a change of terms.

        Of these only the months still to come count: what has passed of a wave has been seen.
        """
        even, change = months / YEAR, self.terms_[group].change_within(start)
        if change is None:
            return even
        ahead = [part for before, part in enumerate(self.wave_) if 0 < change - before <= months]
        return float((1 - self.wave_.sum()) * even + sum(ahead))

    def _seats(self, there: pd.DataFrame, plan: pd.DataFrame | None, months: int, *, grow: bool) -> pd.DataFrame:
        """A row a seat: who holds it, from when on, and the ages (months) that rules set for whoever does."""
        parts = [there.assign(begins=-1)]
        if plan is not None:
            parts.append(plan)
        if grow:
            parts += self._more(there, months)
        seats = pd.concat(parts, ignore_index=True).sort_values(KIND, kind="stable", ignore_index=True)
        return self._ruled(seats)

    def _more(self, there: pd.DataFrame, months: int) -> list[pd.DataFrame]:
        """Seats that are added each year where more have come than gone, like some of those there are."""
        number = round(max(self.entry_.filled_ - 1, 0.0) * self.leaving_ * len(there))
        years = range(_years(months)) if number else ()
        return [there.sample(number, replace=True, random_state=self.seed + year).assign(begins=year) for year in years]

    def _ruled(self, seats: pd.DataFrame) -> pd.DataFrame:
        """Seats with the ages (months) at which rules have their holders pass the line of the post, and go."""
        ages = {"line_age": ("line", True), "limit_age": ("limit", self.binding_), "early_age": ("early", True)}
        return seats.assign(
            **{
                name: np.where((seats[rule] < NEVER) & binds, seats[rule] - seats["birth"], NEVER)
                for name, (rule, binds) in ages.items()
            }
        )

    def rates(self, group: str, level: str, start: int) -> Floats:
        """Rates of a year from `start` on for a kind of seat: draw by age, years in post and line in one row."""
        key = (group, level, self.terms_[group].phase(start))
        if key not in self._rates:
            rows = _grid().assign(group=group, level=level, phase=key[-1])
            self._rates[key] = -np.log(self.hazards_.stays(rows, self._coefs).clip(1e-9)).astype(np.float32)
        return self._rates[key]

    def _followed(self, shape: tuple[int, ...], step: Step) -> Bools:
        followed: Bools = self.random(FOLLOWED, step.number).random(shape, np.float32) < self.entry_.filled_
        return followed

    def _seat(self, new: Bools, step: Step, shift: Floats, followers: "_Followers", held: "_Held") -> None:
        """Put appointees on the seats that are `new` in a step."""
        path, seat = np.nonzero(new)
        drawn = self.random(AGE, step.number).integers(0, STAND_INS, new.shape, np.int16)[new]
        moment = self.random(MOMENT, step.number).random(new.shape, np.float32)[new] * step.months
        came = step.start + 1 + moment.astype(np.int32)
        older = np.rint(shift * YEAR).astype(np.int32)
        age, traits = followers.drawn(seat, drawn)
        held.take(new, came, came - (age + older[path]).clip(YOUNGEST * YEAR), traits)

    def random(self, purpose: int, step: int) -> np.random.Generator:
        """The same numbers for the same purpose, whatever the levers are."""
        return np.random.default_rng([self.seed, purpose, step])


class _Followers:
    """Who may follow whoever holds a seat: the appointees of its kind."""

    def __init__(self, entry: Entry, seats: pd.DataFrame) -> None:
        self.kind = seats.groupby(KIND, sort=False).ngroup().to_numpy()
        self.of_kind = entry.appointees(seats.drop_duplicates(KIND))

    def drawn(self, seat: Ints, stand_in: npt.NDArray[np.int16]) -> tuple[Int32s, Int32s]:
        """The ages (months) and traits of stand-ins drawn for seats."""
        place = self.kind[seat], stand_in
        return self.of_kind.age[place].astype(np.int32), self.of_kind.traits[place].astype(np.int32)


class _Chance:
    """The chance to go of whoever holds a seat: rates looked up by age, time in post and age line, and shocks."""

    def __init__(self, model: CohortModel, seats: pd.DataFrame, paths: int) -> None:
        self.model, self.paths = model, paths
        kinds = seats[["group", "level"]]
        self.kinds = list(kinds.drop_duplicates().itertuples(index=False, name=None))
        self.kind = kinds.groupby(["group", "level"], sort=False).ngroup().to_numpy(np.int32)
        cell = pd.Categorical(seats["cell"])
        self.multiple = np.array([model.multiple_.get(str(name), 1.0) for name in cell.categories])[cell.codes]
        self.line_age, self.limit_age, self.early_age = (
            seats[name].to_numpy(np.int32)[None] for name in ("line_age", "limit_age", "early_age")
        )

    def intensity(self, step: Step, birth: Int32s, since: Int32s, levers: Scenario) -> npt.NDArray[Any]:
        """Expected exits (as a cumulated rate) of holders within a step, path by seat; by law alone is infinite."""
        if not self.kinds:
            return np.zeros((self.paths, 0))
        old = step.start - birth
        line = (old >= self.line_age).astype(np.int8) + (old + YEAR >= self.line_age)
        age = (old // YEAR).clip(YOUNGEST, OLDEST) - YOUNGEST
        tenure = ((step.start - since) // YEAR).clip(0, LONGEST)
        part = np.array([self.model.part(group, step.start, step.months) for group, _ in self.kinds])[self.kind]
        tables = np.stack([self.model.rates(group, level, step.start) for group, level in self.kinds])
        place = (self.kind[None] * tables.shape[1] * CELLS) + (age * (LONGEST + 1) + tenure) * LINES + line
        draw = (np.arange(self.paths, dtype=np.int32) % tables.shape[1])[:, None] * CELLS
        rate = tables.ravel()[place + draw] * (self.multiple * part * levers.exits).astype(np.float32)
        rate *= self._shocks(step)[np.arange(self.paths)[:, None], age]
        late = old + step.months - self.limit_age
        if levers.early:
            may = old + step.months >= self.early_age
            rate += np.where(may, -np.log1p(-levers.early) * step.months / YEAR, 0.0)
        return np.where(late >= 0, np.float32(np.inf), rate)

    def _shocks(self, step: Step) -> Floats:
        """What a year brings to everyone, and to the older or the younger, as a factor of rates: path by age."""
        both, tilt = self.model.random(SHOCK, step.number).standard_normal((2, self.paths, 1)) * self.model.shock_
        turned = TILTED * ((np.arange(YOUNGEST, OLDEST + 1) - MIDDLE) / 10).clip(-2, 2)
        shocks: Floats = np.exp(both + tilt * turned - self.model.shock_**2 * (1 + turned**2) / 2).astype(np.float32)
        return shocks

    def going(self, step: Step, birth: Int32s, since: Int32s, levers: Scenario) -> Floats:
        """The probability to go within a step, path by seat."""
        going: Floats = -np.expm1(-self.intensity(step, birth, since, levers))
        return going


@functools.cache
def _grid() -> pd.DataFrame:
    """Every combination of age, years in post and line, in this order."""
    age, tenure, line = (axis.ravel() for axis in np.indices((OLDEST - YOUNGEST + 1, LONGEST + 1, LINES)))
    return pd.DataFrame({"age": age + YOUNGEST, "tenure": tenure, "line": line})


def _years(months: int) -> int:
    return -(-months // YEAR)


def _binds(known: pd.DataFrame, at: int) -> bool:
    """Whether people leave by the month that the law gives: few are still there a year after it."""
    before = panel.snapshot(known[known["cell"] != ""], at - YEAR)
    reached = before[before["limit"] <= at - YEAR]
    past = before[(before["limit"] > at - YEAR) & (before["limit"] <= at)]
    return len(reached) <= max(BINDS * max(len(past), 1), RARE * len(before))


def _shock(years: pd.DataFrame) -> float:
    """How much a year's exits differ from the expected beyond chance, drawn towards the usual.

    A year counts the more, the more exits are expected in it: what few exits tell of a shock is noise.
    """
    some = years[years["went"] > 0]
    weight = (some["expected"] / (some["expected"] + 1 / USUAL_SHOCK**2)) ** 2
    apart = np.log(some["went"] / some["expected"]) ** 2 - 1 / some["went"]
    squared = (float((weight * apart).sum()) + SHOCK_YEARS * USUAL_SHOCK**2) / (float(weight.sum()) + SHOCK_YEARS)
    return float(np.sqrt(max(squared, (USUAL_SHOCK / 2) ** 2)))
