"""The scene of every topic where nobody chooses at a screen: what its page shows at first, changed by a few filters.

Filters are codes, named as in the address of the page: unit, target, body, level, sex, from, rule, programme, year,
group, item, by, tier, organ, round, period, band; and those of the outlook: month, plan, start and the levers of a
scenario.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from data import contract, month
from models import scenario, working_days
from models import timetable as plans
from models.scenario import Scenario
from pages.exhibits import FIVE_YEARS, ONE_YEAR, TEN_YEARS, Scene, age_ladder, outlook, overview
from pages.exhibits.age_ladder import AgeScene
from pages.exhibits.assessment import AssessmentScene
from pages.exhibits.capability import CapabilityScene
from pages.exhibits.grass_roots import GrassScene
from pages.exhibits.open import OpenScene
from pages.exhibits.outlook import OutlookScene
from pages.exhibits.overview import OverviewScene
from pages.exhibits.rank_only import RankScene
from pages.exhibits.reserve import SHAPE_SIDES, ReserveScene
from pages.exhibits.rotation import RotationScene
from pages.exhibits.tasks import TasksScene
from pages.exhibits.timetable import TimetableScene
from pages.exhibits.up_down import SIDES as UP_DOWN_SIDES
from pages.exhibits.up_down import UpDownScene
from pages.exhibits.welfare import SIDES, WelfareScene
from pages.parts import answers, opened, projected
from pages.parts.answers import Here
from pages.parts.projected import Place
from queries.warehouse import Part

Filters = Mapping[str, str]
OF_A_TARGET = frozenset(each.name for each in age_ladder.OF_A_TARGET)


class NothingToShowError(ValueError):
    """What is asked for cannot be shown; says what and why."""


def lined_up(here: Here, as_of: int, rule: str | None, unit: tuple[str | None, str]) -> tuple[str | None, str]:
    """Give the unit (code, name) whose posts are lined up: that of a rule's first clock; `unit` where none runs."""
    if not rule:
        return unit
    spells = here.ask_for(Part(most=1), "rotation/clock", as_of=as_of, unit=unit[0], rule=rule).table
    return next(spells[["unit_id", "unit_name"]].itertuples(index=False, name=None), unit)


def _month(code: str | None) -> int:
    """Read a month from a code; 0 where it is none."""
    try:
        return month.parse(code or "")
    except ValueError:
        return 0


@dataclass(frozen=True, slots=True)
class Scenes:
    """What a reader would see of each topic in a month."""

    here: Here
    as_of: int

    def of(self, exhibit: str, filters: Filters) -> Scene:
        """Give the scene that an exhibit is shown in, by its name; NothingToShowError where there is none."""
        self._verify(filters)
        topic = exhibit.split("/", maxsplit=1)[0]
        if exhibit in ("outlook/step", "outlook/age_line"):
            topic = "timetable"
        scene: Scene = {
            "age_ladder": self.ages,
            "overview": self.overview,
            "assessment": self.assessment,
            "rotation": self.rotation,
            "welfare": self.welfare,
            "capability": self.capability,
            "reserve": self.reserve,
            "rank_only": self.rank_only,
            "up_down": self.up_down,
            "grass_roots": self.grass_roots,
            "outlook": self.outlook,
            "timetable": self.timetable,
            "tasks": self.tasks,
            "open": self.open,
        }[topic](filters)
        if exhibit in OF_A_TARGET and isinstance(scene, AgeScene) and not scene.target:
            raise NothingToShowError(age_ladder.headline(scene) + self.here.words("."))
        return scene

    def _verify(self, filters: Filters) -> None:
        """NothingToShowError where an address or a template holds a year, round, item or side that there is none of."""
        known = {
            "year": str.isdecimal,
            "round": str.isdecimal,
            "item": {choice.key for choice in contract.load("welfare_use").column("item").choices}.__contains__,
            "by": set(SIDES).__contains__,
        }
        for name, knows in known.items():
            if name in filters and not knows(filters[name]):
                raise NothingToShowError(self.here.words("Nothing is known of “{code}”.").format(code=filters[name]))

    def ages(self, filters: Filters) -> AgeScene:
        """Give the age ladder at its first target, or the one that is named."""
        counted = projected.quota(self.here, self.as_of, filters.get("unit"))
        body = filters.get("body")
        shown = counted if body is None else counted[counted["body"] == body]
        target_id = filters.get("target") or age_ladder.furthest(shown)
        target = self._target(shown, target_id)
        own = projected.term_changes(self.here, target) if target else ()
        usual = self.as_of <= self.here.data_month
        starts = {
            "today": self.here.data_month,
            "term": max([at for at in own if at < self.as_of], default=month.add(self.here.data_month, -TEN_YEARS)),
            "year": month.add(self.as_of, -ONE_YEAR),
        }
        since = starts.get(filters.get("from", ""), self.as_of)
        return AgeScene(
            **self._common(filters),
            since=since if since < self.as_of else starts["term" if usual else "today"],
            until=min([at for at in own if at > self.as_of], default=month.add(self.as_of, FIVE_YEARS)),
            target_id=target_id,
            target=target,
            body=body,
            level=filters.get("level"),
            sex=filters.get("sex"),
            term_changes=own,
        )

    def overview(self, filters: Filters) -> OverviewScene:
        """Give the overview."""
        target = self.ages(filters).target
        term = target.get("term_month")
        ahead = pd.notna(term) and int(term) > self.as_of if target else False
        groups = self.here.ask("assessment/groups").table
        return OverviewScene(
            **self._common(filters),
            until=int(target["term_month"]) if ahead else month.add(self.as_of, FIVE_YEARS),
            assessment_year=overview.last_year(groups, self.as_of),
            welfare_year=month.last_whole_year(self.as_of),
            min_group=answers.min_group(self.here),
        )

    def assessment(self, filters: Filters) -> AssessmentScene:
        """Give the last year that is over by the month and the largest group, unless others are named."""
        groups = self.here.ask("assessment/groups").table
        year = int(filters.get("year") or overview.last_year(groups, self.as_of))
        names = groups.loc[groups["year"] == year, "peer_group"].tolist()
        if not names:
            message = self.here.words("No unit has been assessed in {year}.").format(year=year)
            raise NothingToShowError(message)
        common = self._common(filters) | {"as_of": self.here.data_month}
        return AssessmentScene(**common, year=year, group=filters.get("group") or names[0])

    def rotation(self, filters: Filters) -> RotationScene:
        """Give the first clock, unless another is named."""
        common = self._common(filters)
        pick = f"clock{self.here.words.pick('_en', '_zh')}"
        until = month.add(self.as_of, 24)
        ahead = self.here.ask("rotation/clock_ahead", since=self.as_of, until=until, unit=common["unit"]).table
        rules = dict(zip(ahead["rule_id"], ahead[pick], strict=True))
        rule = filters.get("rule") or next(iter(rules), None)
        post_unit, post_unit_name = lined_up(self.here, self.as_of, rule, (common["unit"], common["unit_name"]))
        return RotationScene(
            **common,
            since=month.add(self.as_of, -FIVE_YEARS),
            rule_id=rule,
            rule=rules.get(rule, ""),
            programme=filters.get("programme"),
            level=filters.get("level"),
            from_body=filters.get("from_body"),
            body=filters.get("body"),
            post_unit=post_unit,
            post_unit_name=post_unit_name,
            person=None,
            person_name="",
        )

    def welfare(self, filters: Filters) -> WelfareScene:
        """Give leave in the last year that is over by the month, unless item, year or smallest group is named."""
        known = self.here.ask("roster/welfare_years").table
        year = int(filters.get("year") or month.last_whole_year(self.as_of))
        least = answers.min_group(self.here)
        sizes = [int(size) for size in self.here.ask("roster/disclosure").table["min_group"] if size >= least]
        return WelfareScene(
            **self._common(filters) | {"as_of": self.here.data_month},
            year=year,
            item=filters.get("item", "leave"),
            side=filters.get("by", SIDES[0]),
            body=filters.get("body"),
            min_group=next((size for size in sizes if str(size) == filters.get("group")), max(sizes)),
            least=least,
            reported=frozenset(known.loc[known["year"] == year, "item"]),
        )

    def capability(self, filters: Filters) -> CapabilityScene:
        """Give the last year of which training was reported, unless another is named."""
        known = self.here.ask("capability/years").table["year"]
        last = int(known.max()) if len(known) else self.here.data_month // 100
        return CapabilityScene(
            **self._common(filters) | {"as_of": self.here.data_month},
            year=int(filters.get("year") or last),
            side=filters.get("by", SIDES[0]),
            rule_id=filters.get("rule"),
        )

    def reserve(self, filters: Filters) -> ReserveScene:
        """Give the reserve at the next term change of each kind, and the running year of all kinds."""
        if self.here.ask("reserve/flow").table.empty:
            raise NothingToShowError(self.here.words("No reserve was reported."))
        return ReserveScene(
            **self._common(filters) | {"as_of": self.here.data_month},
            until=None,
            reserve=filters.get("reserve"),
            year=int(filters.get("year") or self.here.data_month // 100),
            side=filters.get("by", SHAPE_SIDES[0]),
        )

    def rank_only(self, filters: Filters) -> RankScene:
        """Give the running year, unless another is named."""
        return RankScene(
            **self._common(filters) | {"as_of": self.here.data_month},
            year=int(filters.get("year") or self.here.data_month // 100),
            side=filters.get("by", SIDES[0]),
            min_group=answers.min_group(self.here),
        )

    def up_down(self, filters: Filters) -> UpDownScene:
        """Give the cases of the last five years, unless one is named."""
        year, side = filters.get("year"), filters.get("by")
        return UpDownScene(
            **self._common(filters) | {"as_of": self.here.data_month},
            year=int(year) if year else None,
            side=side if side in UP_DOWN_SIDES else "level",
            min_group=answers.min_group(self.here),
        )

    def grass_roots(self, filters: Filters) -> GrassScene:
        """Give the last year that is over, unless another is named."""
        return GrassScene(
            **self._common(filters) | {"as_of": self.here.data_month},
            year=int(filters.get("year") or month.last_whole_year(self.here.data_month)),
            min_group=answers.least_projected(self.here),
        )

    def outlook(self, filters: Filters) -> OutlookScene:
        """Give a target at its next term change if recent practice goes on, unless a month or levers are named."""
        place = Place(*self.unit_of(filters))
        rows = projected.targets(self.here, place, self.here.data_month)
        first = age_ladder.furthest(projected.quota(self.here, self.here.data_month, filters.get("unit")))
        target = rows.get(filters.get("target") or first or "")
        ahead = projected.ahead(self.here, place)
        if target is None or ahead is None:
            why = projected.why_nothing(self.here) if ahead is None else self._no_target(filters)
            raise NothingToShowError(why)
        assumed = self._assumed(filters, projected.changes_ahead(self.here, target)[0])
        scene = ahead.scene(target, int(assumed.date or 0), assumed)
        if not ahead.enough(scene):
            raise NothingToShowError(outlook.few(scene, ahead.least))
        return scene

    def timetable(self, filters: Filters) -> TimetableScene:
        """Give the next term change of a tier, with nothing entered beside what the steps say."""
        tier, organ = filters.get("tier", "city"), filters.get("organ")
        changes = self.here.ask("roster/term_changes", organ=organ).table
        own = changes[(changes["tier"] == tier) & (changes["month"] >= self.here.data_month)]
        chosen = own[own["round"] == int(filters["round"])] if "round" in filters else own
        if chosen.empty:
            message = self.here.words("No term change of this tier is known from {month} on.")
            raise NothingToShowError(message.format(month=self.here.words.month(self.here.data_month)))
        usual = plans.first_day(int(chosen["month"].iloc[0]), working_days.published())
        return TimetableScene(
            **self._common({}) | {"as_of": max(self.as_of, self.here.data_month)},
            tier=tier,
            round=int(chosen["round"].iloc[0]),
            organ=organ,
            usual=usual,
            term=usual,
            told=(),
        )

    def tasks(self, filters: Filters) -> TasksScene:
        """Give every task, or those of a policy or an owner, with nothing entered beside what is counted."""
        return TasksScene(
            **self._common({}) | {"as_of": self.here.data_month},
            paper=filters.get("paper"),
            owner=filters.get("owner"),
            year=month.last_whole_year(self.here.data_month),
            min_group=answers.min_group(self.here),
            told=None,
        )

    def open(self, filters: Filters) -> OpenScene:
        """Give the month that is published, else the last quarter before it, unless another period is named."""
        known = opened.periods(self.here)
        before = known.loc[
            (known["period"] == self.as_of) | (~known["is_ahead"] & (known["period"] < self.as_of)), "period"
        ]
        if before.empty:
            message = self.here.words("There are no open figures of {month}.")
            raise NothingToShowError(message.format(month=self.here.words.month(self.as_of)))
        return opened.scene(self.here, {"period": str(before.max()), **filters})

    def _common(self, filters: Filters) -> dict[str, Any]:
        unit, name = self.unit_of(filters)
        return {
            "as_of": self.as_of,
            "data_month": self.here.data_month,
            "unit": unit,
            "unit_name": name,
            "words": self.here.words,
            "look": self.here.look,
        }

    def unit_of(self, filters: Filters) -> tuple[str | None, str]:
        """Give the code and the name of the unit that filters name, None and the city's where they name none."""
        unit = filters.get("unit")
        if unit is None:
            return None, self.here.city
        units = self.here.ask("roster/units", unit=unit).table
        return unit, str(units.loc[units["place"] == "self", "name"].iloc[0])

    def _target(self, quota: pd.DataFrame, target_id: str | None) -> dict[str, Any]:
        """Give a target's row; none where no target is named; NothingToShowError where the named one is not asked."""
        for row in quota.to_dict("records"):
            if row["target_id"] == target_id:
                return {str(name): cell for name, cell in row.items()}
        if target_id is None:
            return {}
        message = self.here.words("No target {target} is asked of this unit in {month}.")
        raise NothingToShowError(message.format(target=target_id, month=self.here.words.month(self.as_of)))

    def _assumed(self, filters: Filters, term: int) -> Scenario:
        """Give what the outlook's page assumes by its levers; a code that nobody knows is passed over, as there."""
        now, last = self.here.data_month, int(self.here.ask("roster/term_changes").table["month"].max())
        bounds = scenario.ranges(self.here.ask("outlook/lever", as_of=now).table.to_dict("records"))
        given, start = _month(filters.get("month")), _month(filters.get("start"))
        date = min(given, last) if given > now else term
        chosen = Scenario(date=date, start=start if now < start < date else None)
        for lever, within in bounds.items():
            value = next((value for value in within.settings if f"{value:g}" == filters.get(lever)), None)
            if value is not None:
                chosen = replace(chosen, plan=int(value)) if lever == "plan" else chosen.with_lever(lever, value)
        return scenario.verified(chosen, bounds)

    def _no_target(self, filters: Filters) -> str:
        said = self.here.words("No target is asked of {unit} in {month}")
        return said.format(unit=self.unit_of(filters)[1], month=self.here.words.month(self.here.data_month))
