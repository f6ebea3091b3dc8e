"""Where every target will stand at a date: if nobody moves, if recent practice goes on, and with a plan.

Rates are learnt once for all targets of a roster. Nothing here is told of a person: chances are only ever summed.
"""

from collections.abc import Mapping
from typing import Self

import pandas as pd
from sklearn.base import BaseEstimator

from data import month
from models import panel, population
from models.cohort import AS_ESTIMATED, CohortModel
from models.population import Population, Target
from models.projection import Projection, Wanted
from models.scenario import Range, Scenario

USUAL = 0.9
"""The probability that a plan aims at where it names no number."""
MEANING = (
    "practice: if recent practice goes on; plan: with the appointments in the band that are named; projected: the "
    "median; low80 and high80: eight paths in ten lie between; chance: of the target being met at the date"
)


class Outlook(BaseEstimator):  # type: ignore[misc]
    """Projections of all targets of a roster from one month.

    After `fit`: `model_` (a CohortModel), `targets_`, `at_`.
    """

    def __init__(self, seed: int = 0) -> None:
        """Keep the parameters as they are."""
        self.seed = seed

    def fit(self, postings: pd.DataFrame, targets: pd.DataFrame, terms: pd.DataFrame, as_of: int) -> Self:
        """Learn from `outlook/posting`, `outlook/target` and `outlook/term`, as known in the month `as_of` (YYYYMM)."""
        self.at_ = month.number(as_of)
        self.targets_ = {str(row["target_id"]): Target.of(row) for row in targets.to_dict("records")}
        known = population.terms_of(terms, self._populations())
        self.model_ = CohortModel(known, seed=self.seed).fit(self.rows(postings), self.at_)
        self.groups_ = {str(group): rows for group, rows in self.model_.there_.groupby("group")}
        return self

    def rows(self, postings: pd.DataFrame) -> pd.DataFrame:
        """Give what is learnt from, a row a posting: those of each population, and those of none."""
        populations = sorted(self._populations(), key=lambda each: each.key)
        given = population.compact(postings)
        tagged = [population.of_population(given, each) for each in populations]
        counted = population.together([*tagged, population.of_none(given, tagged)])
        return panel.postings(counted, counted["cell"], counted["group"])

    def _populations(self) -> set[Population]:
        return {self.population(target) for target in self.targets_.values()}

    def population(self, target: Target) -> Population:
        """The people whom a target is about."""
        place = (target.group_by or "unit") if target.kind == "per_unit" else None
        return Population(target.body, target.organ, target.roles, target.posts, place)

    def there(self, target: Target, units: frozenset[int] | None = None) -> pd.DataFrame:
        """Who is in post today among the people a target is about, in some units by their numbers in the tree."""
        rows: pd.DataFrame = self.groups_.get(self.population(target).key, self.model_.there_.iloc[:0])
        return rows if units is None else rows[rows["unit_no"].isin(units)]

    def project(
        self,
        target_id: str,
        until: int,
        wanted: Wanted,
        scenario: Scenario = AS_ESTIMATED,
        *,
        ranges: Mapping[str, Range],
        units: frozenset[int] | None = None,
        probability: float = USUAL,
        widened: float = 1.0,
    ) -> Projection:
        """Where a target stands in the month `until` (YYYYMM): see Projection."""
        target = self.targets_[target_id]
        whole = self.targets_.get(target.parent_id or "")
        return Projection(
            self.model_,
            target,
            self.population(target).key,
            self.there(target, units),
            month.number(until),
            wanted,
            scenario,
            probability,
            widened,
            ranges,
            whole=self.project(whole.target_id, until, wanted, scenario, ranges=ranges, units=units) if whole else None,
        )
