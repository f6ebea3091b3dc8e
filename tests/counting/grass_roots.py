"""The questions on the grass roots, counted in plain Python one person and one township at a time."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Any, NamedTuple

from data import month
from tests.counting.age_ladder import OPEN, City, Count, Posting, rules

Rows = list[tuple[Any, ...]]

KINDS = ("inspection", "appraisal", "assessment", "veto")
MOST = {row["concern"]: int(row["most"]) if row["most"] else None for row in rules("township_rule")}
TEAM = ("secretary", "chief", "deputy", "member")


class Origin(NamedTuple):
    """A row of the contract `team_origin`."""

    person_id: str
    team_start: int
    origin: str
    township_years: int | None


class Check(NamedTuple):
    """A row of the contract `unit_burden`."""

    unit_id: str
    year: int
    check_kind: str
    items: int


class Pay(NamedTuple):
    """A row of the contract `local_pay`."""

    unit_id: str
    year: int
    paid_in: str
    level: str
    paid: int
    average: int
    allowance: int | None


class Grass:
    """A city and what its townships and counties reported."""

    def __init__(self, city: City, origins: Iterable[Origin], checks: Iterable[Check], pay: Iterable[Pay]) -> None:
        """Keep what is given."""
        self.count, self.origins = Count(city), list(origins)
        self.checks = {(each.unit_id, each.year, each.check_kind): each.items for each in checks}
        self.pay = {(each.unit_id, each.year, each.paid_in, each.level): each for each in pay}

    def spells(self, person: str) -> list[tuple[int, Posting]]:
        """Each primary post that somebody held, with its first month, one after another."""
        posts = [(at, self.count.primary(person, at)) for at in self._months(person)]
        found: list[tuple[int, Posting]] = []
        for at, post in posts:
            if post and (not found or found[-1][1] != post):
                found.append((at, post))
        return found

    def _months(self, person: str) -> Iterator[int]:
        at = min((post.start // 100 for post in self.count.postings[person]), default=OPEN)
        while at <= self.count.city.month:
            yield at
            at = month.add(at, 1)

    def body(self, post: Posting) -> str:
        """The kind of the unit of a post."""
        return self.count.units[post.unit_id].body

    def entries(self, unit: str | None) -> Iterator[tuple[int, str]]:
        """The month in which somebody came into a township team from outside such teams, and who."""
        for person in self.count.members:
            before: Posting | None = None
            for at, post in self.spells(person):
                team = self.body(post) == "township" and post.role != "other"
                was = before is not None and self.body(before) == "township" and before.role != "other"
                if team and not was and post.unit_id in self.count.area(unit):
                    yield at, person
                before = post


def upward(grass: Grass, since: int, until: int, unit: str | None) -> Rows:
    """Moves out of townships and into them."""
    found: Counter[tuple[Any, ...]] = Counter()
    rose: Counter[tuple[Any, ...]] = Counter()
    area = grass.count.area(unit)
    for person in grass.count.members:
        held = grass.spells(person)
        for (_, left), (at, joined) in itertools.pairwise(held):
            bodies = (grass.body(left), grass.body(joined))
            if not since < at <= until or bodies.count("township") != 1 or not {left.unit_id, joined.unit_id} & area:
                continue
            up = bodies[0] == "township"
            here, there = (left, joined) if up else (joined, left)
            post = {"secretary": "principal", "chief": "principal", "other": "staff"}.get(here.role, "team")
            key = ("up" if up else "down", post, grass.body(there), there.role in TEAM)
            found[key] += 1
            rose[key] += bool(left.level and joined.level and joined.level < left.level)
    ordered = sorted(found, key=lambda key: (key[0] == "down", key[1], -found[key], key[2], key[3]))
    return [(*key, found[key], rose[key]) for key in ordered]


def origin(grass: Grass, unit: str | None) -> Rows:
    """Who came into township teams each year, and from where."""
    told = {(each.person_id, each.team_start // 100): each for each in grass.origins}
    entries = [(at // 100, told.get((person, at))) for at, person in grass.entries(unit)]
    rows: Rows = []
    for year in sorted({year for year, _ in entries}):
        own = [each for at, each in entries if at == year]
        known = [each for each in own if each]
        kinds = Counter(each.origin for each in known)
        near = kinds["career_staff"] + kinds["village_cadre"] + kinds["graduate_official"]
        served = [each.township_years for each in known if each.origin == "career_staff"]
        years = [each for each in served if each is not None]
        counted = tuple(kinds[kind] for kind in ("career_staff", "village_cadre", "graduate_official", "civil_servant"))
        share, middle = (near / len(known) if known else None), (float(median(years)) if years else None)
        rows.append((year, len(own), len(known), *counted, share, middle))
    return rows


def _townships(grass: Grass, year: int, unit: str | None) -> list[str]:
    """The townships that stand at the end of a year."""
    at = min(year * 100 + 12, grass.count.city.month)
    units = [grass.count.units[code] for code in sorted(grass.count.area(unit), key=grass.count.path)]
    return [
        each.unit_id
        for each in units
        if each.body == "township" and (each.valid_from or 0) <= at < (each.valid_to or OPEN)
    ]


def burden(grass: Grass, year: int, unit: str | None) -> Rows:
    """How many checks townships reported, and in how many they grew."""
    places, rows = _townships(grass, year, unit), []
    for kind in KINDS if places else ():
        now = {place: grass.checks[place, year, kind] for place in places if (place, year, kind) in grass.checks}
        before = {place: grass.checks.get((place, year - 1, kind)) for place in now}
        pairs = [(earlier, now[place]) for place, earlier in before.items() if earlier is not None]
        most, total = MOST[kind], sum(now.values())
        sums = (sum(a for a, _ in pairs), sum(b for _, b in pairs)) if pairs else (None, None)
        grown = sum(b > a for a, b in pairs)
        above = None if most is None else sum(items > most for items in now.values())
        of_all = (len(now), total, total / len(now)) if now else (0, None, None)
        rows.append((kind, len(places), *of_all, len(pairs), *sums, grown, most, above))
    return rows


def burden_unit(grass: Grass, year: int, unit: str | None) -> Rows:
    """Which townships reported more than before, or more than the most."""
    rows = []
    for (place, of, kind), items in grass.checks.items():
        if of != year or place not in grass.count.area(unit):
            continue
        before, most = grass.checks.get((place, year - 1, kind)), MOST[kind]
        if (before is not None and items > before) or (most is not None and items > most):
            rows.append((place, kind, items, before, most))
    return sorted(
        rows,
        key=lambda r: (KINDS.index(r[1]), (r[3] if r[3] is not None else r[2]) - r[2], -r[2], grass.count.path(r[0])),
    )


def pay(grass: Grass, year: int, min_group: int, unit: str | None) -> Rows:
    """What townships earn more than their peers."""
    rows: Rows = []
    for (code, of, paid_in, level), here in grass.pay.items():
        if of != year or paid_in != "township" or code not in grass.count.area(unit):
            continue
        peer = grass.pay.get((code, year, "county_department", level))
        hidden = here.paid < min_group or (peer is not None and peer.paid < min_group)
        other = (peer.paid, peer.average, here.average - peer.average) if peer else (None, None, None)
        told = (None,) * 6 if hidden else (here.paid, here.average, here.allowance, *other)
        rows.append((code, level, *told, hidden))
    return sorted(rows, key=lambda row: (grass.count.path(row[0]), row[1]))


QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "upward": (upward, "way township_post body joins_team people promoted"),
    "origin": (
        origin,
        "year appointed reported career_staff village_cadre graduate_official civil_servant share median_years",
    ),
    "burden": (
        burden,
        "check_kind units reporting items average both items_before items_now rising most above",
    ),
    "burden_unit": (burden_unit, "unit_id check_kind items items_before most"),
    "pay": (pay, "unit_id level paid average allowance other_paid other_average pay_ahead suppressed"),
}
