"""The age ladder counted in plain Python, one month and one person at a time, to hold the questions against.

`Count` says once more, without SQL and without regard for speed, what the words mean: who stands where in a month, who
counts for a target, what a target is taken of. Each function below it answers the question of its name.
"""

import csv
import functools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from data import month, policy

OPEN = 999912
REFORM = 202501
DELAY = {60: (4, 36), 55: (4, 36), 50: (2, 60)}
"""Of each statutory age before the reform: birth months for a month of delay, and the longest delay."""
SENIOR = {"1A21", "1A22", "1A31", "1A32"}
POST_LINE = {"secretary": 58, "chief": 58, "deputy": 57, "member": 57}
POST_LINE_OF_ASSEMBLIES = 59
RULE_OF_LIMIT = {60: "men_60", 55: "women_55", 50: "women_50"}
"""The rule that sets the delay of those whose limit before the reform is stored."""
RULE_OF_LINE = {58: "principals_58", 57: "deputies_57", 59: "congress_59"}
STEPS = ("spare_before", "appointed", "moved_in", "aged", "moved_out", "left", "needed", "capped", "spare_after")

Rows = list[tuple[Any, ...]]
Band = tuple[str, int, int]
"""Its code, completed years from, and completed years below."""
Step = tuple[str, str | None, str | None]
"""Band, level and sex."""


class Unit(NamedTuple):
    """A row of the contract `unit`."""

    unit_id: str
    parent_id: str | None
    body: str
    organ: str | None = None
    approved_chiefs: int | None = None
    approved_deputies: int | None = None
    approved_divisions: int | None = None
    valid_from: int | None = None
    valid_to: int | None = None


class Member(NamedTuple):
    """A row of the contract `member`."""

    person_id: str
    sex: str
    birth: int | None
    party: str | None
    identity: str | None
    retire_month: int | None
    age_limit: int | None


class Posting(NamedTuple):
    """A row of the contract `posting`."""

    person_id: str
    unit_id: str
    post: str
    role: str
    level: str | None
    start: int
    end: int | None
    primary: bool


class Target(NamedTuple):
    """A row of the contract `age_target`."""

    target_id: str
    place: int
    tier: str
    body: str
    organ: str | None
    roles: str
    posts: str
    sex: str | None
    party: str | None
    upper_age: int | None
    other_upper_age: int | None
    kind: str
    value: str
    denominator: str
    posts_a_unit: int | None
    group_by: str | None
    parent_id: str | None
    clause: str
    valid_from: int
    valid_to: int | None


class City(NamedTuple):
    """Everything that is given: the roster, its data month, and the targets."""

    month: int
    units: list[Unit]
    members: list[Member]
    postings: list[Posting]
    targets: list[Target]


def rules(name: str) -> list[dict[str, str]]:
    """A policy table as it is shipped."""
    with (policy.FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Term(NamedTuple):
    """A row of the policy table `term_change`."""

    month: int
    tier: str
    organ: str
    round: str
    years: int
    clause: str


TERMS = sorted(
    Term(month.parse(row["month"]), row["tier"], row["organ"], row["round"], int(row["term_years"]), row["clause"])
    for row in rules("term_change")
)
RULES = {row["rule_id"]: row["clause"] for row in rules("retirement")}
BANDS = [(row["band_id"], int(row["lower_age"]), int(row["upper_age"])) for row in rules("age_band")]


class Count:
    """A city counted one month and one person at a time."""

    def __init__(self, city: City, seen: set[str] | None = None) -> None:
        """Keep what is given by its codes; `seen` are the only units that are told of."""
        self.city, self.seen = city, seen
        self.units = {unit.unit_id: unit for unit in city.units}
        self.members = {member.person_id: member for member in city.members}
        self.postings: dict[str, list[Posting]] = defaultdict(list)
        for posting in city.postings:
            self.postings[posting.person_id].append(posting)
        self.in_posts = functools.cache(self._in_posts)

    @property
    def calendar(self) -> list[int]:
        """Every month from the year of the first posting to that of the last term change."""
        first = min((p.start // 100 for p in self.city.postings if self._counts(p)), default=self.city.month)
        last = max(self.city.month, TERMS[-1].month)
        return [year * 100 + m for year in range(first // 100, last // 100 + 1) for m in range(1, 13)]

    def path(self, unit: str | None) -> tuple[str, ...]:
        """The codes from the top of the tree down to a unit."""
        return () if unit is None else (*self.path(self.units[unit].parent_id), unit)

    def area(self, unit: str | None) -> set[str]:
        """A unit and all under it; without one, every unit; of those the ones that are told of."""
        area = {each for each in self.units if unit is None or unit in self.path(each)}
        return area if self.seen is None else area & self.seen

    def below(self, unit: str | None) -> list[str]:
        """The units right under a unit, or under the tops."""
        above = [unit] if unit else [u.unit_id for u in self.city.units if u.parent_id is None]
        return sorted((u.unit_id for u in self.city.units if u.parent_id in above), key=self.path)

    def born(self, person: str) -> int | None:
        """The month of birth: January where only the year is known."""
        return _born(self.members[person])

    def held(self, person: str, at: int) -> list[Posting]:
        """What a person holds in a month: of several primary posts the one taken last, and every other post."""
        held = [p for p in self.postings[person] if self._counts(p) and p.start // 100 <= at < self._end(p)]
        primary = sorted((p for p in held if p.primary), key=lambda p: (p.start // 100, p.start, p.unit_id, p.post))
        return [p for p in (*primary[-1:], *(p for p in held if not p.primary)) if p.unit_id in self.units]

    def primary(self, person: str, at: int) -> Posting | None:
        """The one primary post of a person in a month."""
        return next((p for p in self.held(person, at) if p.primary), None)

    def posts(self, target: Target, person: str, at: int) -> list[Posting]:
        """The posts of a person in a month that a target is about."""
        return [p for p in self.held(person, at) if self.about(target, p) and (target.posts == "any" or p.primary)]

    def about(self, target: Target, posting: Posting) -> bool:
        """Whether a target is about the role, body and organ of a post."""
        return _asks(target, self.units[posting.unit_id]) and posting.role in target.roles.split("|")

    def asked(self, target: Target, person: str) -> bool:
        """Whether a person has the sex and political status that a target asks for."""
        return _suits(target, self.members[person])

    def young(self, target: Target, person: str, at: int) -> bool:
        """Whether a person is below a target's age line in a month; never, where the birth is not known."""
        return _is_young(target, self.born(person), at)

    def meeting(self, target: Target, at: int) -> list[tuple[str, str]]:
        """Who counts towards a target in a month, and in which unit."""
        return [
            (person, unit)
            for person, unit in self.in_posts(target, at)
            if self.asked(target, person) and self.young(target, person, at)
        ]

    def group(self, target: Target, unit: str | None) -> str | None:
        """Where people of a unit are counted: there, or in the county above it."""
        if target.group_by != "county" or unit is None or self.units[unit].body == "county":
            return unit
        return self.group(target, self.units[unit].parent_id)

    def have(self, target: Target, area: set[str], at: int) -> int:
        """The people who count, none above what is asked of each unit."""
        groups = Counter(self.group(target, unit) for _, unit in self.meeting(target, at))
        most = int(target.value) if target.kind == "per_unit" else math.inf
        return int(sum(min(people, most) for group, people in groups.items() if group in area))

    def base(self, target: Target, area: set[str], at: int) -> int:
        """What a target is taken of."""
        if target.denominator == "parent":
            parents = self.counting(at, target.parent_id)
            return sum(self.group(each, unit) in area for each in parents for _, unit in self.meeting(each, at))
        if target.denominator == "in_post":
            return sum(self.group(target, unit) in area for _, unit in self.in_posts(target, at))
        standing = [u for u in self._asked_units(target, at) if self.group(target, u.unit_id) in area]
        if target.kind == "per_unit":
            return len({self.group(target, u.unit_id) for u in standing})
        return sum(
            target.posts_a_unit or 1 if target.denominator == "units" else _approved(target, u) for u in standing
        )

    def ledger(self, target: Target, unit: str | None, at: int) -> tuple[int, int, int]:
        """Base, needed and have under a unit in a month."""
        base = self.base(target, self.area(unit), at)
        return base, math.ceil(Fraction(target.value) * base), self.have(target, self.area(unit), at)

    def valid(self, at: int, name: str | None = None) -> list[Target]:
        """The targets in force in a month, in their order."""
        rows = sorted(self.city.targets, key=lambda t: t.place)
        return [t for t in rows if t.valid_from <= at < (t.valid_to or OPEN) and name in (None, t.target_id)]

    def counting(self, at: int, name: str | None) -> list[Target]:
        """The rows by which a target is counted in a month: the one in force, its first one also before."""
        rows = sorted((t for t in self.city.targets if t.target_id == name), key=lambda t: t.valid_from)
        return [t for t in rows if (t is rows[0] or t.valid_from <= at) and at < (t.valid_to or OPEN)]

    def is_asked(self, target: Target, unit: str | None, at: int) -> bool:
        """Whether a target is asked of any unit at or under one."""
        return any(each.unit_id in self.area(unit) for each in self._asked_units(target, at))

    def post_held(self, target: Target, person: str, unit: str, at: int) -> Posting:
        """The target's post that a person holds in a unit in a month; of several the one taken last."""
        held = [p for p in self.posts(target, person, at) if p.unit_id == unit]
        return max(held, key=lambda p: (p.start, p.post))

    def terms(self, tier: str, organ: str | None, at: int) -> list[Term]:
        """The term changes after a month: in each round the organ's own, else the earliest of the tier."""
        rounds: dict[str, list[Term]] = defaultdict(list)
        for term in TERMS:
            if term.tier == tier:
                rounds[term.round].append(term)
        own = [next((t for t in each if t.organ == organ), each[0]) for each in rounds.values()]
        return sorted(term for term in own if term.month > at)

    def _in_posts(self, target: Target, at: int) -> set[tuple[str, str]]:
        return {(person, p.unit_id) for person in self.members for p in self.posts(target, person, at)}

    def _asked_units(self, target: Target, at: int) -> list[Unit]:
        asked = [u for u in self.city.units if _asks(target, u) and self.group(target, u.unit_id)]
        return [u for u in asked if (u.valid_from or 0) <= at < (u.valid_to or OPEN)]

    def _end(self, posting: Posting) -> int:
        ended = posting.end is not None and posting.end // 100 <= self.city.month
        unit = self.units.get(posting.unit_id)
        return min(posting.end // 100 if ended and posting.end else OPEN, (unit and unit.valid_to) or OPEN)

    def _counts(self, posting: Posting) -> bool:
        return posting.start // 100 <= self.city.month and posting.start // 100 < self._end(posting)


def _born(member: Member) -> int | None:
    birth = member.birth
    return birth and (birth // 100 if birth // 100 % 100 else birth // 100 + 1)


def _suits(target: Target, member: Member) -> bool:
    outside = member.party not in (None, "01", "02", "03")
    return target.sex in (None, member.sex) and (target.party is None or outside)


def _is_young(target: Target, born: int | None, at: int) -> bool:
    return target.upper_age is None or (born is not None and at - born < 100 * target.upper_age)


def _asks(target: Target, unit: Unit) -> bool:
    return unit.body == target.body and target.organ in (None, unit.organ)


def _approved(target: Target, unit: Unit) -> int:
    roles = set(target.roles.split("|"))
    if roles & {"division_head", "division_deputy"}:
        return unit.approved_divisions or 0
    chiefs = unit.approved_chiefs if roles & {"secretary", "chief"} else 0
    return (chiefs or 0) + ((unit.approved_deputies or 0) if "deputy" in roles else 0)


def _status(target: Target, spare: int) -> str:
    if spare == 0 and target.kind != "per_unit":
        return "at_risk"
    return "met" if spare >= 0 else "missed"


def quota(count: Count, as_of: int, unit: str | None) -> Rows:
    """How far each target is from being met, now and at its term change."""
    return [
        (target.target_id, *now, *_at_term(count, target, unit, as_of), target.clause)
        for target in count.valid(as_of)
        if (now := _in_ledger(count, target, unit, as_of))
    ]


def _at_term(count: Count, target: Target, unit: str | None, as_of: int) -> tuple[Any, ...]:
    """The month of the term change, and what the row then in force says; nothing after the last."""
    terms = count.terms(target.tier, target.organ, month.add(as_of, -1))
    if not terms:
        return (None,) * 5
    then = [_in_ledger(count, row, unit, terms[0].month) for row in count.valid(terms[0].month, target.target_id)]
    return terms[0].month, *((then[0] if then and then[0] else (None,) * 5)[1:])


def _in_ledger(count: Count, target: Target, unit: str | None, at: int) -> tuple[Any, ...] | None:
    """A target's line of the ledger; None where nothing is asked."""
    line = judged(count, target, unit, at)
    return line if line[0] or (target.kind == "sub_share" and count.is_asked(target, unit, at)) else None


def judged(count: Count, target: Target, unit: str | None, at: int) -> tuple[Any, ...]:
    """A target's denominator, need, people who count, difference and status at one unit."""
    base, needed, have = count.ledger(target, unit, at)
    return base, needed, have, have - needed, _status(target, have - needed)


def by_unit(count: Count, as_of: int, target: str | None, unit: str | None) -> Rows:
    """How far each target is from being met in each unit right below one."""
    return [
        (below, row.target_id, *judged(count, row, below, as_of), *_spares(count, row, below, as_of), row.clause)
        for below in count.below(unit)
        for row in count.valid(as_of, target)
        if judged(count, row, below, as_of)[0]
    ]


def _spares(count: Count, target: Target, unit: str, at: int) -> tuple[int, int]:
    """The least and the greatest difference, over every way in which what is not known may turn out."""
    value = Fraction(target.value)
    spares = [have - math.ceil(value * base) for have, base in _ways(count, target, unit, at)]
    return min(spares), max(spares)


def over_time(count: Count, since: int, until: int, target: str, unit: str | None) -> Rows:
    """How a target stands month by month."""
    return [
        (at, base, needed if in_force else None, have, share, *_ends(ways), asked if in_force else None)
        for at in count.calendar
        if since <= at <= until
        for row in count.counting(at, target)
        for base, needed, have in [count.ledger(row, unit, at)]
        for share, asked in [_shares(row, base, needed, have)]
        for ways in [[_part(row, *way) for way in _ways(count, row, unit, at) if way[1]]]
        for in_force in [row.valid_from <= at]
    ]


def _part(row: Target, have: int, base: int) -> Fraction:
    return have / (base * Fraction(row.value)) if row.kind == "per_unit" else Fraction(have, base)


def _shares(row: Target, base: int, needed: int, have: int) -> tuple[float | None, float]:
    """The share reached and the share asked: of places where people are asked in each unit, else of the base."""
    if row.kind == "per_unit":
        return have / needed if needed else None, 1.0
    return have / base if base else None, float(Fraction(row.value))


def ladder(count: Count, as_of: int, line: int | None, **only: str | None) -> Rows:
    """How many people stand on each step, by level and sex; a line that runs through a step cuts it in two."""
    bands = [part for band in BANDS for part in _cut(band, line)]
    steps: dict[Step, int] = Counter(
        (_step(bands, count.born(person), as_of), post.level, count.members[person].sex)
        for person, post in _people(count, as_of, only.pop("unit"))
        if _chosen(count, person, post, only)
    )
    low = {band: lower for band, lower, _ in bands}
    empty = set(low) - {band for band, _, _ in steps}
    steps = {**steps, **{(band, None, None): 0 for band in empty}}
    order = sorted(steps, key=lambda step: (low.get(step[0], 200), step[1] or "~", step[2] or "~"))
    return [(*step, steps[step]) for step in order]


def _people(count: Count, as_of: int, unit: str | None) -> Iterator[tuple[str, Posting]]:
    area = count.area(unit)
    for person in count.members:
        post = count.primary(person, as_of)
        if post and post.unit_id in area:
            yield person, post


def _chosen(count: Count, person: str, post: Posting, only: dict[str, str | None]) -> bool:
    unit = count.units[post.unit_id]
    is_so = {"body": unit.body, "organ": unit.organ, "level": post.level, "sex": count.members[person].sex}
    roles = only.get("roles")
    return all(only.get(name) in (None, value) for name, value in is_so.items()) and (
        roles is None or post.role in roles.split("|")
    )


def _cut(band: Band, line: int | None) -> list[Band]:
    name, lower, upper = band
    if line is None or not lower < line < upper:
        return [band]
    return [(f"{name}_below", lower, line), (f"{name}_from", line, upper)]


def _step(bands: list[Band], born: int | None, as_of: int) -> str:
    age = None if born is None else (as_of - born) // 100
    return next((band for band, lower, upper in bands if age is not None and lower <= age < upper), "unknown")


def crossing(
    count: Count, since: int, until: int, target: str | None, level: str | None, sex: str | None, unit: str | None
) -> Rows:
    """Who passes an age line while staying in the target's posts of a unit."""
    found = [
        (at, row, person, place)
        for at in count.calendar
        if since < at <= until
        for row in count.valid(at, target)
        for person, place in count.in_posts(row, at) & count.in_posts(row, month.add(at, -1))
        if row.upper_age and count.born(person) == at - 100 * row.upper_age and count.asked(row, person)
        if sex in (None, count.members[person].sex) and place in count.area(unit)
    ]
    found.sort(key=lambda each: (each[0], each[1].place, count.path(each[3]), each[2]))
    return [
        (at, t.target_id, t.upper_age, who, where, held.post)
        for at, t, who, where in found
        for held in [count.post_held(t, who, where, at)]
        if level in (None, held.level)
    ]


def boundary(
    count: Count, as_of: int, target: str | None, level: str | None, sex: str | None, unit: str | None
) -> Rows:
    """Whose band hangs on what is not known, or on the reading of its name."""
    found = [
        (row, place, person, reason)
        for row in count.valid(as_of, target)
        for person, place in count.in_posts(row, as_of)
        if row.upper_age and place in count.area(unit) and count.asked(row, person)
        if sex in (None, count.members[person].sex)
        for reason in _reasons(count, row, person, as_of)
    ]
    found.sort(key=lambda each: (each[0].place, count.path(each[1]), each[2], each[3]))
    return [
        (t.target_id, reason, count.young(t, who, as_of), who, where, held.post)
        for t, where, who, reason in found
        for held in [count.post_held(t, who, where, as_of)]
        if level in (None, held.level)
    ]


def _reasons(count: Count, target: Target, person: str, as_of: int) -> Iterator[str]:
    birth, born, line = count.members[person].birth, count.born(person), target.upper_age
    if birth is None or born is None or line is None:
        yield "birth_missing"
        return
    young = count.young(target, person, as_of)
    if birth // 100 % 100 == 0 and not young and as_of - (born + 11) < 100 * line:
        yield "month_missing"
    if birth // 100 % 100 and as_of - born == 100 * line and birth % 100 != 1:
        yield "day"
    if target.other_upper_age and young != (as_of - born < 100 * target.other_upper_age):
        yield "definition"


def change(count: Count, since: int, until: int, target: str, unit: str | None) -> Rows:
    """By which steps a target's spare people became what they are."""
    (row,) = count.valid(until, target)
    area = count.area(unit)
    before, after = ({who for who, where in count.meeting(row, at) if where in area} for at in (since, until))
    here = {who for who, where in count.in_posts(row, until) if where in area}
    came = {who for who in after - before if _moved(count, row, who, area, _months(since, until))}
    went = {who for who in before - after - here if _moved(count, row, who, area, _months(since, until)[::-1])}
    (_, needed_before, have_before), (_, needed_after, have_after) = (
        count.ledger(row, unit, at) for at in (since, until)
    )
    people = {
        "spare_before": have_before - needed_before,
        "appointed": len(after - before - came),
        "moved_in": len(came),
        "aged": -len((before - after) & here),
        "moved_out": -len(went),
        "left": -len(before - after - here - went),
        "needed": needed_before - needed_after,
        "capped": (have_after - have_before) - (len(after) - len(before)),
        "spare_after": have_after - needed_after,
    }
    return [(step, people[step]) for step in STEPS]


def _months(since: int, until: int) -> list[int]:
    return [month.add(since, step) for step in range(month.between(since, until) + 1)]


def _moved(count: Count, target: Target, person: str, area: set[str], months: list[int]) -> bool:
    """Whether the months hold another leading post before the first that is the target's, both of them primary."""
    for place, at in enumerate(months):
        if held := [post for post in count.posts(target, person, at) if post.unit_id in area]:
            return any(post.primary for post in held) and any(
                _leads(count.primary(person, each)) for each in months[:place]
            )
    return False


def _leads(post: Posting | None) -> bool:
    return post is not None and post.role != "other"


def roll_off(
    count: Count, as_of: int, until: int, target: str | None, level: str | None, sex: str | None, unit: str | None
) -> Rows:
    """Who has reached a line by a month, or can not serve a full term."""
    rows = [
        (reason, at, person, post.unit_id, post.post, post.level, clause)
        for person, post in _people(count, as_of, unit)
        if post.role != "other" and level in (None, post.level) and sex in (None, count.members[person].sex)
        if target is None or any(count.about(row, post) for row in count.valid(as_of, target))
        for reason, at, clause in _rolls_off(count, person, post, as_of, until)
    ]
    return sorted(rows, key=lambda row: (row[1], row[0], count.path(row[3]), row[2]))


def _rolls_off(
    count: Count, person: str, post: Posting, as_of: int, until: int
) -> Iterator[tuple[str, int, str | None]]:
    retires, line = statutory(count, person, post), post_line(count, person, post)
    unit = count.units[post.unit_id]
    tiers = {t.tier for t in count.city.targets if t.body == unit.body}
    terms = sorted(term for tier in tiers for term in count.terms(tier, unit.organ, as_of)[:1])
    if retires and retires[0] <= until:
        yield "statutory", *retires
    if line and line[0] <= until:
        yield "post_line", *line
    for term in terms[:1]:
        if retires and term.month < retires[0] < term.month + 100 * term.years and term.month <= until:
            yield "full_term", retires[0], term.clause


def statutory(count: Count, person: str, post: Posting) -> tuple[int, str | None] | None:
    """The month of retirement and the clause that gives it; no clause where the month is stored."""
    member, born = count.members[person], count.born(person)
    age, rule = _class_age(member, post)
    if member.age_limit:
        age, rule = member.age_limit, RULE_OF_LIMIT.get(member.age_limit, rule)
    if member.retire_month:
        return member.retire_month, None
    if born is None or age not in DELAY:
        return None
    step, longest = DELAY[age]
    late = month.between(REFORM, born + 100 * age) + 1
    return month.add(born + 100 * age, min(longest, max(0, math.ceil(late / step)))), RULES[rule]


def _class_age(member: Member, post: Posting) -> tuple[int, str]:
    if member.sex == "male":
        return 60, "men_60"
    if member.identity == "worker":
        return 50, "women_50"
    return (60, "women_60") if post.level in SENIOR else (55, "women_55")


def post_line(count: Count, person: str, post: Posting) -> tuple[int, str] | None:
    """The month of the age line of a post and the clause that gives it."""
    born, line = count.born(person), POST_LINE.get(post.role)
    if line and count.units[post.unit_id].organ in ("congress", "consultative"):
        line = POST_LINE_OF_ASSEMBLIES
    return (born + 100 * line, RULES[RULE_OF_LINE[line]]) if born and line else None


def bounds(count: Count, as_of: int, unit: str | None) -> Rows:
    """Between which numbers people, need and share lie, over every way in which what is not known may turn out."""
    told = []
    for target in count.valid(as_of):
        base, needed, have = count.ledger(target, unit, as_of)
        ways, (unknown, births, parties) = _ways(count, target, unit, as_of), _in_doubt(count, target, unit, as_of)
        most = max(each for _, each in ways)
        shares = [Fraction(people, each) for people, each in ways if each]
        told.append(
            (
                *(target.target_id, unknown, births, parties, base, most, have, max(people for people, _ in ways)),
                *(needed, math.ceil(Fraction(target.value) * most), *_ends(shares)),
            )
        )
    return told


def _ends(values: list[Fraction]) -> tuple[float | None, float | None]:
    return (float(min(values)), float(max(values))) if values else (None, None)


Counted = tuple[tuple[str, ...], int]
"""In which groups somebody counts for a target, and how often in what it is taken of."""


def _ways(count: Count, target: Target, unit: str | None, at: int) -> set[tuple[int, int]]:
    """The people who count and the denominator, in every way in which all that is not known may turn out."""
    reached: set[Counted] = {((), 0)}
    for person in count.members:
        turns = {_counted(count, target, other, unit, at) for other in _others(count, person, at)}
        reached = {(tuple(sorted((*here, *own))), base + more) for here, base in reached for own, more in turns}
    fixed = 0 if target.denominator == "parent" else count.base(target, count.area(unit), at)
    most = int(target.value) if target.kind == "per_unit" else math.inf
    return {
        (int(sum(min(people, most) for people in Counter(groups).values())), base + fixed) for groups, base in reached
    }


def _in_doubt(count: Count, target: Target, unit: str | None, at: int) -> tuple[int, int, int]:
    """How many people may count or not, how many of them by their birth, and how many by their political status."""
    by_birth, by_party = set(), set()
    for person in count.members:
        others = _others(count, person, at)
        turns = {(each.birth, each.party): _counted(count, target, each, unit, at) for each in others}
        for (birth, party), turn in turns.items():
            by_birth |= {person for (_, same), other in turns.items() if same == party and other != turn}
            by_party |= {person for (same, _), other in turns.items() if same == birth and other != turn}
    return len(by_birth | by_party), len(by_birth), len(by_party)


def _others(count: Count, person: str, at: int) -> list[Member]:
    """A person as they may turn out to be: every birth around the lines of age, either political status."""
    member = count.members[person]
    birth = member.birth
    lines = [each.upper_age for each in count.city.targets if each.upper_age]
    births: list[int | None] = [birth]
    if birth is None:
        edges = {month.add(at - 100 * line, after) for line in lines for after in (0, 1)}
        births = [each * 100 for each in {190001, at, *edges}]
    elif birth // 100 % 100 == 0:
        births = [birth + 100 * each for each in range(1, 13)]
    parties = ["01", "05"] if member.party is None else [member.party]
    return [member._replace(birth=born, party=party) for born in births for party in parties]


def _counted(count: Count, target: Target, member: Member, unit: str | None, at: int) -> Counted:
    area, who = count.area(unit), member.person_id
    meets = _suits(target, member) and _is_young(target, _born(member), at)
    groups = [count.group(target, place) for person, place in count.in_posts(target, at) if person == who and meets]
    above = 0
    for parent in count.counting(at, target.parent_id) if target.denominator == "parent" else []:
        if _suits(parent, member) and _is_young(parent, _born(member), at):
            places = [place for person, place in count.in_posts(parent, at) if person == who]
            above += sum(count.group(parent, place) in area for place in places)
    return tuple(str(group) for group in groups if group in area), above


QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "age_ladder/quota": (
        quota,
        (
            "target_id base needed have spare status"
            " term_month needed_at_term have_at_term spare_at_term status_at_term clause"
        ),
    ),
    "age_ladder/bounds": (
        bounds,
        "target_id unknown births parties base base_high have have_high needed needed_high share_low share_high",
    ),
    "age_ladder/by_unit": (by_unit, "unit_id target_id base needed have spare status spare_low spare_high clause"),
    "age_ladder/over_time": (over_time, "month base needed have share share_low share_high target_share"),
    "age_ladder/ladder": (ladder, "band_id level sex people"),
    "age_ladder/crossing": (crossing, "month target_id upper_age person_id unit_id post"),
    "age_ladder/boundary": (boundary, "target_id reason counted person_id unit_id post"),
    "age_ladder/change": (change, "step people"),
    "age_ladder/roll_off": (roll_off, "reason month person_id unit_id post level clause"),
}
