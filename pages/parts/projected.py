"""The projections that pages share: rates learnt once of a build, targets worked out one by one and kept."""

import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from data import backtests, month
from data.backtests import Backtest
from data.store import default_store
from models import scenario
from models.outlook import Outlook
from models.scenario import Range, Scenario
from pages.exhibits import FIVE_YEARS, Asks, Tables, age_ladder
from pages.exhibits import outlook as exhibits
from pages.exhibits.outlook import OutlookScene, Wanted
from pages.parts import answers, chance, show
from pages.parts.answers import Here

Target = Mapping[str, Any]
A_MOMENT = 1.0


class Place(NamedTuple):
    """The unit that a reader looks at: its code, None for the whole, and its name."""

    unit: str | None
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """What can be projected from the data month in one place.

    `learnt` is what the model knows of all targets, `units` the numbers of the place's units, None for all, `tested`
    the back-test of the build, None where none was made, `bounds` the ranges of the levers, and `least` the fewest
    people who are projected.
    """

    here: Here
    place: Place
    learnt: Outlook
    units: frozenset[int] | None
    tested: Backtest | None
    bounds: Mapping[str, Range]
    least: int

    @property
    def errors(self) -> pd.DataFrame | None:
        """How far past projections were off, a row a mode, size of group and years ahead; None where none was made."""
        return None if self.tested is None else self.tested.errors

    def scene(self, target: Target, date: int, assumed: Scenario | None = None) -> OutlookScene:
        """Give what is shown of a target (a row of age_ladder/quota) at a month, if recent practice goes on."""
        here, target_id = self.here, str(target["target_id"])
        concerned = exhibits.people(self.learnt, target_id, self.units)
        return OutlookScene(
            as_of=here.data_month,
            data_month=here.data_month,
            unit=self.place.unit,
            unit_name=self.place.name,
            words=here.words,
            look=here.look,
            date=date,
            term_month=date if date in term_changes(here, target) else None,
            target_id=target_id,
            target=target,
            wanted=self.wanted(target, date),
            assumed=assumed or Scenario(date=date),
            learnt=self.learnt,
            units=self.units,
            widened=exhibits.widening(self.errors, concerned, here.data_month, date),
            bounds=self.bounds,
        )

    def wanted(self, target: Target, date: int) -> Wanted:
        """Give what is asked at a date by the rule then in force, by today's where none is."""
        row = targets(self.here, self.place, date).get(str(target["target_id"]), target)
        return Wanted(int(row["needed"]), int(row["base"]), int(row["have"]))

    def enough(self, scene: OutlookScene) -> bool:
        """Whether so many people are concerned that none is predicted."""
        return exhibits.enough(scene, self.least)


def learnt(here: Here) -> Outlook | None:
    """Give what the model learns of the build; None where there is nothing to be learnt: see `why_nothing`."""
    if too_many(here):
        return None
    return answers.learnt(answers.for_every_reader(here), exhibits.learn, *_learning(here))


def learn_beforehand() -> None:
    """Learn of the newest build for the local reader, before anybody asks; WarehouseError where there is none."""
    learnt(answers.for_local())


def _learn(here: Here) -> None:
    learnt(here)


def is_learnt(here: Here) -> bool:
    """Whether that is known already, so that nobody waits for it."""
    return bool(too_many(here)) or answers.is_learnt(answers.for_every_reader(here), exhibits.learn, *_learning(here))


def too_many(here: Here) -> int:
    """Count the postings that a viewer sees of a roster too large to be learnt from; 0 of any other."""
    postings = int(answers.for_every_reader(here).ask("outlook/size").table["postings"].iloc[0])
    return postings if postings > exhibits.MOST_POSTINGS else 0


def why_nothing(here: Here) -> str:
    """Say why nothing can be learnt of a roster."""
    postings = too_many(here)
    return exhibits.too_many(here.words, postings) if postings else exhibits.too_few_years(here.words)


def _learning(here: Here) -> tuple[Any, int]:
    return exhibits.learning(here.data_month), here.data_month


def ahead(here: Here, place: Place) -> Ahead | None:
    """Give what can be projected in a place; None where nothing can be learnt of the roster."""
    known = learnt(here)
    if known is None:
        return None
    units = here.ask("outlook/posting", unit=place.unit).table["unit_no"] if place.unit else None
    return Ahead(
        here,
        place,
        known,
        None if units is None else frozenset(units.astype(int)),
        backtests.kept(default_store(), here.build_id),
        scenario.ranges(here.ask("outlook/lever", as_of=here.data_month).table.to_dict("records")),
        answers.least_projected(here),
    )


def quota(here: Here, as_of: int, unit: str | None) -> pd.DataFrame:
    """Give the rows of age_ladder/quota of a unit, None for the whole, with the bounds that doubtful records leave."""
    return answers.made(here, _bounded, _quota_asks(as_of, unit)).copy(deep=False)


def targets(here: Here, place: Place, as_of: int) -> dict[str, dict[str, Any]]:
    """Give the rows of `quota` of a place and month by target_id, to be read only."""
    return answers.made(here, _by_target, _quota_asks(as_of, place.unit))


def _quota_asks(as_of: int, unit: str | None) -> Asks:
    given = {"as_of": as_of, "unit": unit}
    return {"quota": ("age_ladder/quota", given), "bounds": ("age_ladder/bounds", given)}


def _bounded(found: Tables) -> pd.DataFrame:
    return age_ladder.with_bounds(found["quota"], found["bounds"])


def _by_target(found: Tables) -> dict[str, dict[str, Any]]:
    rows = _bounded(found).to_dict("records")
    return {str(row["target_id"]): {str(name): cell for name, cell in row.items()} for row in rows}


def term_changes(here: Here, target: Target) -> tuple[int, ...]:
    """Give the term changes of a target's tier and organ."""
    organ = target["organ"]
    asks = {"changes": ("roster/term_changes", {"organ": None if pd.isna(organ) else organ})}
    return answers.made(here, _by_tier, asks).get(str(target["tier"]), ())


def _by_tier(found: Tables) -> dict[str, tuple[int, ...]]:
    months = found["changes"].groupby("tier", sort=False)["month"]
    return {str(tier): tuple(map(int, of_tier)) for tier, of_tier in months}


def changes_ahead(here: Here, target: Target) -> list[int]:
    """Give the term changes of a target that lie ahead; five years from now where none is known."""
    now = here.data_month
    return [at for at in term_changes(here, target) if at > now] or [month.add(now, FIVE_YEARS)]


def summaries(here: Here, scenes: Mapping[str, OutlookScene]) -> dict[str, Mapping[str, Any]]:
    """Give what comes of each target that has been projected; the others are worked out once the page stands."""
    everyone = answers.for_every_reader(here)
    asked = {each: exhibits.for_every_reader(of) for each, of in scenes.items()}
    known = {each: of for each, of in asked.items() if answers.known(everyone, exhibits.LEDGER, of)}
    if waiting := [of for each, of in asked.items() if each not in known]:
        show.later(partial(_work_out, everyone, waiting))
    return {
        each: exhibits.row_of(answers.tables_of(everyone, exhibits.LEDGER, of), of.mode) for each, of in known.items()
    }


def _work_out(everyone: Here, scenes: Sequence[OutlookScene]) -> None:
    """Project some targets that nobody has asked for yet, as many as fit into a moment."""
    until = time.perf_counter() + A_MOMENT
    for each in scenes:
        answers.tables_of(everyone, exhibits.LEDGER, each)
        if time.perf_counter() > until:
            break


def chances(here: Here, place: Place, quota: pd.DataFrame) -> dict[str, str]:
    """Say how likely targets (rows of age_ladder/quota) are met at their term change, if recent practice goes on.

    Whatever is not known yet follows once the page stands. Nothing is said of term changes that are over, of few
    people, and of a roster of which nothing can be learnt.
    """
    at = dict(zip(quota["target_id"], quota["term_month"], strict=True))
    dates = {str(target): int(date) for target, date in at.items() if pd.notna(date) and date > here.data_month}
    if not dates:
        return {}
    if not is_learnt(here):
        show.later(partial(_learn, here))
        return {}
    try:
        return answers.worked_out(lambda: _chances(here, place, dates), "chances", *_of(here, place, dates))
    except _NotYetError as waiting:
        return waiting.told


class _NotYetError(Exception):
    """Some of what is asked for is still to be worked out; `told` is the rest."""

    def __init__(self, told: dict[str, str]) -> None:
        self.told = told


def _chances(here: Here, place: Place, dates: Mapping[str, int]) -> dict[str, str]:
    """Say how likely targets are met at these dates; _NotYetError while that is not known of all."""
    asked = answers.worked_out(lambda: _asked(here, place, dates), "asked", *_of(here, place, dates))
    known = summaries(here, asked)
    told = {target: chance.in_words(float(row["chance"]), here.words) for target, row in known.items()}
    if len(known) < len(asked):
        raise _NotYetError(told)
    return told


def _asked(here: Here, place: Place, dates: Mapping[str, int]) -> dict[str, OutlookScene]:
    """Give the targets that concern enough people at these dates; none where nothing can be learnt."""
    found = ahead(here, place)
    if found is None:
        return {}
    rows = targets(here, place, here.data_month)
    scenes = {target: found.scene(rows[target], date) for target, date in dates.items() if target in rows}
    return {target: scene for target, scene in scenes.items() if found.enough(scene)}


def _of(here: Here, place: Place, dates: Mapping[str, int]) -> tuple[Hashable, ...]:
    return here, place, tuple(sorted(dates.items())), tested(here)


def tested(here: Here) -> int:
    """When the back-test of the build was made, 0 where none was."""
    path = default_store().backtest_of(here.build_id)
    return path.stat().st_mtime_ns if path.is_file() else 0
