"""Assessments counted in plain Python, one unit, year and person at a time, to hold the questions against.

`Assessed` says once more, without SQL, what the words mean: a total, a place, what is compared with what, whose result
stands for whom. Each function below it answers the question of its name.
"""

import functools
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from tests.counting.age_ladder import City, Count, Posting, rules

SOURCES = ("democratic", "leader", "panel", "results")
GRADES = ("excellent", "competent", "basically", "incompetent")
CLASSES = ("team", "chief", "deputy", "dispatched")
KINDS = ("annual", "peacetime", "special", "term", "other")
HEADS = {"secretary", "chief"}
CLASS_OF = {"secretary": "chief", "chief": "chief", "deputy": "deputy", "member": "deputy"}
LINES = {row["rule_id"]: Fraction(row["value"]) for row in rules("assessment_rule")}
CAPS = rules("grade_cap")
LINKS = {row["unit_grade"]: row for row in rules("grade_link")}
WEIGHTS = {(row["scheme"], row["category"], row["source"]): int(row["percent"]) for row in rules("assessment_weight")}
SCHEMES = sorted({scheme for scheme, category, _ in WEIGHTS if category == "team"}, key=lambda s: (s != "nominal", s))

Rows = list[tuple[Any, ...]]
Four = tuple[float | None, float | None, float | None, float | None]


class UnitYear(NamedTuple):
    """A row of the contract `unit_assessment`; scores have two places after the point."""

    unit_id: str
    year: int
    peer_group: str
    sources: Four
    total: float | None
    grade: str | None


class PersonYear(NamedTuple):
    """A row of the contract `assessment`."""

    person_id: str
    year: int
    kind: str
    occasion: int
    unit_id: str | None
    category: str | None
    sources: Four
    grade: str
    rewarded: bool


class Lineage(NamedTuple):
    """A row of the contract `unit_lineage`."""

    predecessor: str
    successor: str
    month: int
    how: str


class Indicator(NamedTuple):
    """A row of the contract `unit_indicator`."""

    unit_id: str
    year: int
    indicator: str
    score: float
    weight: float


class Judged(NamedTuple):
    """Everything that is given: the roster, and what was assessed."""

    city: City
    units: list[UnitYear]
    people: list[PersonYear]
    lineage: list[Lineage]
    indicators: list[Indicator]


def weighed(sources: Four, scheme: str, category: str) -> Fraction | None:
    """Sources by their weights; None where one is missing."""
    if any(score is None for score in sources):
        return None
    parts = (
        Fraction(str(score)) * WEIGHTS[scheme, category, name] for name, score in zip(SOURCES, sources, strict=True)
    )
    return sum(parts, Fraction(0)) / 100


class Assessed:
    """A judged city, a unit and a person at a time."""

    def __init__(self, judged: Judged) -> None:
        """Keep what is given by its codes; rows of units that nobody knows are left out."""
        self.count = Count(judged.city)
        self.units = {(row.unit_id, row.year): row for row in judged.units if row.unit_id in self.count.units}
        self.indicators = judged.indicators
        known = self.count.units
        self.lineage = [
            row for row in judged.lineage
            if row.predecessor in known and row.successor in known and row.predecessor != row.successor
        ]  # fmt: skip
        self.people = [row for row in judged.people if row.person_id in self.count.members and self.where(row)]
        self.place = functools.cache(self._place)

    def years(self, unit: str) -> list[int]:
        """The years in which a unit was assessed."""
        return sorted(year for code, year in self.units if code == unit)

    def total(self, row: UnitYear, scheme: str = "nominal") -> Fraction | None:
        """The total by sources and weights; as announced where a source is missing."""
        total = weighed(row.sources, scheme, "team")
        return total if total is not None else None if row.total is None else Fraction(str(row.total))

    def group(self, row: UnitYear) -> list[UnitYear]:
        """The units of the same group and year that have a total."""
        same = (each for each in self.units.values() if (each.year, each.peer_group) == (row.year, row.peer_group))
        return [each for each in same if self.total(each) is not None]

    def _place(self, row: UnitYear, scheme: str = "nominal") -> int | None:
        total = self.total(row, scheme)
        if total is None:
            return None
        return 1 + sum(each > total for peer in self.group(row) if (each := self.total(peer, scheme)) is not None)

    def percentile(self, row: UnitYear) -> Fraction | None:
        """Of the other units the percentage placed below."""
        place, units = self.place(row), len(self.group(row))
        return Fraction(100 * (units - place), units - 1) if place and units > 1 else None

    def before(self, row: UnitYear) -> UnitYear | None:
        """The row of the year before: the unit's own, or that of the unit it was renamed from."""
        if own := self.units.get((row.unit_id, row.year - 1)):
            return own
        renamed = [each.predecessor for each in self.lineage if (each.successor, each.how) == (row.unit_id, "renamed")]
        held = [unit for unit in renamed if (unit, row.year - 1) in self.units]
        return self.units[min(held, key=self.count.path), row.year - 1] if held else None

    def reform(self, row: UnitYear) -> str | None:
        """Whether the unit's year is the first after a merger or a split."""
        found = set()
        for each in self.lineage:
            before, after = self.years(each.predecessor), self.years(each.successor)
            if each.how == "merged" and row.unit_id == each.successor and before and before[-1] + 1 == row.year:
                found.add("merged")
            if each.how == "split" and row.unit_id in each[:2] and after and after[0] == row.year:
                found.add("split")
        return min(found, default=None)

    def reason(self, row: UnitYear) -> str | None:
        """Why nothing is compared; None where something is."""
        before = self.before(row)
        first = self.years(row.unit_id)[0] == row.year
        very_first = min(year for _, year in self.units) == row.year
        cases = (
            (self.place(row) is None, "no_total"),
            (self.reform(row) is not None, self.reform(row)),
            (before is None, "first_year" if very_first else "new" if first else "gap"),
            (before is not None and self.place(before) is None, "no_total"),
            (before is not None and before.peer_group != row.peer_group, "group_changed"),
        )
        return next((reason for holds, reason in cases if holds), None)

    def shift(self, row: UnitYear) -> tuple[int | None, Fraction | None]:
        """Places and percentile points gained; None where nothing is compared."""
        before = self.before(row)
        if self.reason(row) or before is None:
            return None, None
        was, now = self.percentile(before), self.percentile(row)
        place, earlier = self.place(row) or 0, self.place(before) or 0
        return earlier - place, None if was is None or now is None else now - was

    def large(self, row: UnitYear) -> str | None:
        """The rule by which a move is a large one."""
        places, points = self.shift(row)
        if places is not None and abs(places) >= LINES["large_places"]:
            return "large_places"
        return "large_percentile" if points is not None and abs(points) >= LINES["large_percentile"] else None

    def rises(self, row: UnitYear) -> bool:
        """Whether a move is upwards: by places, else by percentile points."""
        places, points = self.shift(row)
        return bool((places or points or 0) > 0)

    def chosen(self, year: int, group: str | None, unit: str | None) -> list[UnitYear]:
        """The rows of a year, a group and an area."""
        area = self.count.area(unit)
        return [
            row for row in self.units.values()
            if row.year == year and group in (None, row.peer_group) and row.unit_id in area
        ]  # fmt: skip

    def held(self, row: PersonYear) -> Posting | None:
        """The primary post of a person at the end of a year, else the last one of it."""
        months = (row.year * 100 + number for number in range(12, 0, -1))
        return next((post for month in months if (post := self.count.primary(row.person_id, month))), None)

    def category(self, row: PersonYear) -> str | None:
        """The class of a person: as given, else by the role of the post."""
        post = self.held(row)
        return row.category or (CLASS_OF.get(post.role) if post else None)

    def where(self, row: PersonYear) -> str | None:
        """The unit of an assessment: as given, else where the primary post stands."""
        if row.unit_id is not None:
            return row.unit_id if row.unit_id in self.count.units else None
        post = self.held(row)
        return post.unit_id if post else None

    def annual(self, year: int) -> list[PersonYear]:
        """The last annual assessment of everyone in a year."""
        last: dict[str, PersonYear] = {}
        for row in sorted(self.people, key=lambda row: row.occasion):
            if (row.year, row.kind) == (year, "annual"):
                last[row.person_id] = row
        return list(last.values())

    def result(self, row: PersonYear) -> UnitYear | None:
        """The unit result that stands for a person: the unit's own, for a county's leaders the county's."""
        unit = self.count.units[self.where(row) or ""]
        own = self.units.get((unit.unit_id, row.year))
        leads = unit.body == "county_leadership" and unit.organ in {"party", "government"}
        return own or (self.units.get((unit.parent_id or "", row.year)) if leads else None)

    def peers(self, row: PersonYear) -> str | None:
        """The assessment group of a person."""
        result = self.result(row)
        return result and result.peer_group

    def is_head(self, row: PersonYear) -> bool:
        """Whether a person heads the unit of the assessment by primary post."""
        post = self.count.primary(row.person_id, row.year * 100 + 12)
        return post is not None and post.role in HEADS and post.unit_id == self.where(row)


def groups(assessed: Assessed) -> Rows:
    """Which groups there are in each year, counted by the units that have a place."""
    found = Counter((row.year, row.peer_group) for row in assessed.units.values() if assessed.place(row) is not None)
    large = Counter((row.year, row.peer_group) for row in assessed.units.values() if assessed.large(row))
    order = sorted(found, key=lambda key: (-key[0], -found[key], key[1]))
    return [(year, group, found[year, group], large[year, group]) for year, group in order]


def _number(value: Fraction | int | None) -> float | None:
    return None if value is None else float(value)


def _by_place(assessed: Assessed, rows: Iterable[UnitYear]) -> list[UnitYear]:
    return sorted(
        rows, key=lambda row: (row.peer_group, assessed.place(row) or math.inf, assessed.count.path(row.unit_id))
    )


def place_shift(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """Which place each unit holds and how far it moved."""
    return [
        (row.peer_group, row.unit_id, _number(assessed.total(row)), row.grade, *_standing(assessed, row))
        for row in _by_place(assessed, assessed.chosen(year, group, unit))
    ]


def _standing(assessed: Assessed, row: UnitYear) -> tuple[Any, ...]:
    before, place = assessed.before(row), assessed.place(row)
    places, points = assessed.shift(row)
    was = before and assessed.place(before)
    return (
        place, len(assessed.group(row)) if place else None, _number(assessed.percentile(row)),
        was, len(assessed.group(before)) if before and was else None,
        places, _number(points), assessed.large(row) is not None, assessed.reason(row),
    )  # fmt: skip


def mover(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """Which units moved far."""
    far = [row for row in assessed.chosen(year, group, unit) if assessed.large(row)]

    def order(row: UnitYear) -> tuple[Any, ...]:
        places, points = assessed.shift(row)
        nothing = points is None
        return not assessed.rises(row), -abs(places or 0), nothing, -abs(points or 0), assessed.count.path(row.unit_id)

    return [
        ("up" if assessed.rises(row) else "down", row.unit_id, *map(_number, assessed.shift(row)), assessed.large(row))
        for row in sorted(far, key=order)
    ]


def reminder(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """Which units are to be reminded."""
    chosen = _by_place(assessed, assessed.chosen(year, group, unit))
    poor = [("poor", row) for row in chosen if row.grade == "poor"]
    fall = [("fall", row) for row in chosen if assessed.large(row) and not assessed.rises(row)]
    return [(reason, row.unit_id, assessed.place(row), assessed.shift(row)[0]) for reason, row in poor + fall]


def years(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """How each unit stood year by year."""
    rows = [row for each in range(year + 1) for row in assessed.chosen(each, group, unit)]
    rows.sort(key=lambda row: (assessed.count.path(row.unit_id), row.year))
    return [
        (
            row.unit_id,
            row.year,
            assessed.place(row),
            assessed.shift(row)[0],
            assessed.reason(row),
            _other(assessed, row),
        )
        for row in rows
    ]


def of_unit(assessed: Assessed, chosen: str) -> Rows:
    """How one unit, and those that became it, stood year by year."""
    own = {chosen, *(each.predecessor for each in assessed.lineage if each.successor == chosen)}
    rows = sorted(
        (row for row in assessed.units.values() if row.unit_id in own),
        key=lambda row: (-row.year, assessed.count.path(row.unit_id)),
    )
    return [(row.year, row.unit_id, assessed.place(row), assessed.shift(row)[0], assessed.reason(row)) for row in rows]


def _other(assessed: Assessed, row: UnitYear) -> str | None:
    before = assessed.before(row)
    return before.unit_id if before and before.unit_id != row.unit_id else None


def rank_range(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """How far a place hangs on the weights."""
    rows = [row for row in assessed.chosen(year, group, unit) if assessed.place(row)]
    return [(row.unit_id, assessed.place(row), *_reach(assessed, row)) for row in _by_place(assessed, rows)]


def _reach(assessed: Assessed, row: UnitYear) -> tuple[Any, ...]:
    found = {scheme: assessed.place(row, scheme) or 0 for scheme in SCHEMES}
    best, worst = min(SCHEMES, key=lambda s: found[s]), max(SCHEMES, key=lambda s: found[s])
    return found[best], best, found[worst], worst, len(SCHEMES)


def indicator(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """Of which indicators results are made."""
    chosen = {row.unit_id: row for row in assessed.chosen(year, group, unit)}
    own = [each for each in assessed.indicators if each.year == year and each.unit_id in chosen]
    own.sort(key=lambda each: (chosen[each.unit_id].peer_group, assessed.count.path(each.unit_id), each.indicator))
    return [(each.unit_id, *chosen[each.unit_id].sources, each.indicator, each.score, each.weight) for each in own]


def grade_share(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """How many are excellent against the caps."""
    area = assessed.count.area(unit)
    tally: dict[tuple[str, str | None, str], Counter[str]] = defaultdict(Counter)
    for row in assessed.annual(year):
        place = assessed.where(row) or ""
        if place in area and group in (None, assessed.peers(row)):
            about = "leaders" if assessed.category(row) else "people"
            tally[about, assessed.peers(row), place][row.grade if row.grade in GRADES else "none"] += 1
    for team in assessed.chosen(year, group, unit):
        tally["teams", team.peer_group, team.unit_id][team.grade or "none"] += 1
    return [line for cap in CAPS for line in _cap(cap, tally)]


def _cap(cap: dict[str, str], tally: dict[tuple[str, str | None, str], Counter[str]]) -> Rows:
    about = {key: grades for key, grades in tally.items() if key[0] == cap["about"]}
    lines = []
    for group in sorted({group for _, group, _ in about}, key=lambda group: (group is None, group or "")):
        whole: dict[str, Counter[str]] = defaultdict(Counter)
        for (_, of, unit), grades in about.items():
            if of == group:
                whole[unit if cap["counted_in"] == "unit" else ""].update(grades)
        lines.append((cap["cap_id"], group, *_against(cap, list(whole.values()))))
    return lines


def _against(cap: dict[str, str], bodies: list[Counter[str]]) -> tuple[Any, ...]:
    def over(share: str) -> list[int]:
        value = Fraction(share.rstrip("%")) / (100 if share.endswith("%") else 1)
        return [math.floor(value * (body.total() - body["none"])) for body in bodies]

    allowed, given = over(cap["share"]), [body["excellent"] for body in bodies]
    above = [max(0, have - most) for have, most in zip(given, allowed, strict=True)]
    approved = over(cap["approved_share"]) if cap["approved_share"] else None
    beyond = approved and sum(max(0, have - most) for have, most in zip(given, approved, strict=True))
    ungraded = sum(body["none"] for body in bodies)
    people = sum(body.total() for body in bodies) - ungraded
    return people, ungraded, sum(allowed), sum(given), sum(above), beyond, len(bodies), sum(each > 0 for each in above)


def _linked(assessed: Assessed, year: int, group: str | None, unit: str | None) -> dict[UnitYear, list[PersonYear]]:
    """The graded leading cadres by the unit whose graded result stands for them."""
    area, found = assessed.count.area(unit), defaultdict(list)
    for row in assessed.annual(year):
        result = assessed.result(row)
        if not (assessed.category(row) and row.grade in GRADES and result and result.grade and result.unit_id in area):
            continue
        if group in (None, result.peer_group):
            found[result].append(row)
    return found


def _above(assessed: Assessed, result: UnitYear, row: PersonYear) -> bool:
    ceiling = LINKS[result.grade or ""]["head_ceiling"]
    return bool(ceiling) and assessed.is_head(row) and GRADES.index(row.grade) < GRADES.index(ceiling)


def cap_link(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """In which units people's grades exceed what the result allows."""
    lines = []
    linked = _linked(assessed, year, group, unit)
    for result in sorted(linked, key=lambda row: (row.peer_group, assessed.count.path(row.unit_id))):
        rows = linked[result]
        share = Fraction(LINKS[result.grade or ""]["share"].rstrip("%")) / 100
        allowed, given = math.floor(share * len(rows)), sum(row.grade == "excellent" for row in rows)
        heads = [row for row in rows if assessed.is_head(row)]
        above = sum(_above(assessed, result, row) for row in heads)
        if given > allowed or above:
            lines.append((result.unit_id, len(rows), allowed, given, max(0, given - allowed), len(heads), above))
    return lines


def head_above(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """Which heads are graded above their ceiling."""
    linked = _linked(assessed, year, group, unit)
    found = [(result, row) for result, rows in linked.items() for row in rows if _above(assessed, result, row)]
    found.sort(key=lambda each: (each[0].peer_group, assessed.count.path(each[0].unit_id), each[1].person_id))
    return [
        (result.unit_id, row.person_id, row.grade, LINKS[result.grade or ""]["head_ceiling"]) for result, row in found
    ]


def streak(assessed: Assessed, year: int, unit: str | None) -> Rows:
    """Who has been excellent year after year."""
    area, found = assessed.count.area(unit), []
    for row in assessed.annual(year):
        place = assessed.where(row) or ""
        standing = _streak(assessed, row) if row.grade == "excellent" and place in area else None
        if standing:
            found.append((standing, place, row.person_id))
    order = ("due", "rewarded", "next", "used_up")
    found.sort(key=lambda each: (order.index(each[0][0]), -each[0][2], assessed.count.path(each[1]), each[2]))
    return [(standing[0], person, place, *standing[1:]) for standing, place, person in found]


def _streak(assessed: Assessed, now: PersonYear) -> tuple[str, int, int, int, int | None] | None:
    """Standing, years in a row, those that count, the first of them, the last reward before; or None."""
    graded = {
        row.year: row
        for year in range(now.year, now.year - 30, -1)
        for row in assessed.annual(year)
        if row.person_id == now.person_id and row.grade in GRADES
    }
    row_of_years, year = [], now.year
    while year > now.year - 30:
        if year not in graded and LINES["ungraded_breaks"]:
            break
        if year in graded:
            if graded[year].grade != "excellent":
                break
            row_of_years.append(year)
        year -= 1
    rewards = [each for each in row_of_years if graded[each].rewarded and each < now.year]
    counting = [each for each in row_of_years if not rewards or each > max(rewards)]
    needed = LINES["streak_years"]
    cases = (
        (now.rewarded, "rewarded"), (len(counting) >= needed, "due"), (len(row_of_years) >= needed, "used_up"),
        (len(counting) == needed - 1, "next"),
    )  # fmt: skip
    standing = next((name for holds, name in cases if holds), None)
    last = max(rewards, default=None)
    return (standing, len(row_of_years), len(counting), min(counting), last) if standing else None


class Subject(NamedTuple):
    """A team or a person with four sources on one scale."""

    category: str
    peer_group: str | None
    unit_id: str
    person_id: str | None
    scores: Four


def subjects(assessed: Assessed, year: int) -> list[Subject]:
    """Everything in a year that has all four sources, in standard deviations from the mean of its class."""
    every = [
        Subject("team", row.peer_group, row.unit_id, None, row.sources)
        for row in assessed.units.values() if row.year == year
    ] + [
        Subject(category, assessed.peers(row), assessed.where(row) or "", row.person_id, row.sources)
        for row in assessed.annual(year) if (category := assessed.category(row)) and row.grade in GRADES
    ]  # fmt: skip
    whole = [each for each in every if None not in each.scores]
    return [
        each._replace(scores=_scaled(each, [o.scores for o in whole if o.category == each.category])) for each in whole
    ]


def _scaled(subject: Subject, same: list[Four]) -> Four:
    scaled = []
    for place, score in enumerate(subject.scores):
        values = [float(each[place] or 0) for each in same]
        spread = statistics.stdev(values) if len(values) > 1 and len(set(values)) > 1 else 0
        scaled.append((float(score or 0) - statistics.fmean(values)) / spread if spread else None)
    return (scaled[0], scaled[1], scaled[2], scaled[3])


def _gap(subject: Subject) -> float | None:
    known = [score for score in subject.scores if score is not None]
    return max(known) - min(known) if len(known) == len(SOURCES) else None


def _apart(subject: Subject) -> bool:
    gap = _gap(subject)
    return gap is not None and gap >= LINES["source_gap"]


def _chosen(assessed: Assessed, year: int, group: str | None, unit: str | None) -> list[Subject]:
    area = assessed.count.area(unit)
    found = [each for each in subjects(assessed, year) if each.unit_id in area and group in (None, each.peer_group)]
    path = assessed.count.path
    return sorted(found, key=lambda each: (CLASSES.index(each.category), path(each.unit_id), each.person_id or ""))


def source_gap(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """Where the sources disagree."""
    chosen = _chosen(assessed, year, group, unit)
    keys = {(each.category, each.peer_group) for each in chosen}
    order = sorted(keys, key=lambda key: (CLASSES.index(key[0]), key[1] is None, key[1] or ""))
    lines = []
    for key in order:
        some = [each for each in chosen if (each.category, each.peer_group) == key]
        means = [_mean([each.scores[place] for each in some]) for place in range(len(SOURCES))]
        lines.append((*key, len(some), *means, _mean([_gap(each) for each in some]), sum(map(_apart, some))))
    return lines


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None


def source_apart(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """Whose sources lie far apart."""
    return [
        (each.category, each.unit_id, each.person_id, *_ends(each), _gap(each))
        for each in _chosen(assessed, year, group, unit)
        if each.person_id and _apart(each)
    ]


def _ends(subject: Subject) -> tuple[str, str]:
    scores = [score or 0.0 for score in subject.scores]
    return SOURCES[scores.index(max(scores))], SOURCES[scores.index(min(scores))]


def team_sources(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """How the sources judge each team."""
    teams = [each for each in _chosen(assessed, year, group, unit) if each.category == "team"]
    teams.sort(key=lambda each: (each.peer_group, assessed.count.path(each.unit_id)))
    return [(each.peer_group, each.unit_id, *each.scores, _gap(each), _apart(each)) for each in teams]


def other_kinds(assessed: Assessed, year: int, group: str | None, unit: str | None) -> Rows:
    """How other kinds of assessment compare with the annual one."""
    area, annual = assessed.count.area(unit), {row.person_id: row.grade for row in assessed.annual(year)}
    found = defaultdict(list)
    for row in assessed.people:
        inside = assessed.where(row) in area and group in (None, assessed.peers(row))
        if row.year == year and row.kind != "annual" and inside:
            found[row.kind, row.grade, annual.get(row.person_id)].append(row.person_id)

    def height(grade: str | None) -> tuple[int, bool, str]:
        return GRADES.index(grade) if grade in GRADES else len(GRADES), grade is None, grade or ""

    order = sorted(found, key=lambda key: (KINDS.index(key[0]), height(key[1]), height(key[2])))
    return [(*key, len(found[key]), len(set(found[key]))) for key in order]


STANDING = "now_place units percentile before_place before_units places percentile_shift large reason"
QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "groups": (groups, "year peer_group units large_moves"),
    "place_shift": (place_shift, f"peer_group unit_id total unit_grade {STANDING}"),
    "mover": (mover, "direction unit_id places percentile_shift rule_id"),
    "reminder": (reminder, "reason unit_id now_place places"),
    "years": (years, "unit_id year now_place places reason before_id"),
    "of_unit": (
        lambda judged, /, assessed: of_unit(judged, assessed),
        "year unit_id now_place places reason",
    ),
    "rank_range": (rank_range, "unit_id now_place best_place best_scheme worst_place worst_scheme schemes"),
    "grade_share": (
        grade_share,
        "cap_id peer_group taking_part ungraded allowed given over over_approved bodies bodies_over",
    ),
    "cap_link": (cap_link, "unit_id taking_part allowed given over heads heads_over"),
    "head_above": (head_above, "unit_id person_id grade ceiling"),
    "streak": (streak, "standing person_id unit_id in_a_row counting first_year spent_until"),
    "indicator": (indicator, "unit_id democratic leader panel results indicator score weight"),
    "source_gap": (source_gap, "category peer_group subjects democratic leader panel results gap subjects_apart"),
    "source_apart": (source_apart, "category unit_id person_id highest lowest gap"),
    "team_sources": (team_sources, "peer_group unit_id democratic leader panel results gap far_apart"),
    "other_kinds": (other_kinds, "assessment_kind grade annual_grade assessments people"),
}
