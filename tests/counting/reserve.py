"""The reserve of young cadres counted in plain Python, one month and one person at a time."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from data import month
from tests.counting.age_ladder import BANDS, OPEN, Posting, Unit, post_line, statutory
from tests.counting.outlook import Pool, Rule, Standing

Rows = list[tuple[Any, ...]]
SIDES = ("all", "band", "body", "level", "sex")
LOWER = {band: lower for band, lower, _ in BANDS}
STATES = ("holds", "over_line", "leaving", "ready", "not_ready")
REASONS = ("appointed", "aged", "adjusted", "other")
PAIRS = (("secretary", "chief"), ("deputy", "member"), ("division_head", "division_deputy"))


class Stay(NamedTuple):
    """A row of the contract `reserve`."""

    person_id: str
    kind: str
    start: int
    end: int | None
    end_reason: str | None


class Kind(NamedTuple):
    """A row of the contract `reserve_kind`."""

    kind: str
    place: int
    tier: str
    bodies: str
    roles: str
    upper_age: int
    people: int
    valid_from: int
    valid_to: int | None

    def about(self, body: str, role: str) -> bool:
        """Whether a post is one that people are kept for."""
        return body in self.bodies.split("|") and role in self.roles.split("|")


class Experience(NamedTuple):
    """A row of the contract `reserve_experience`."""

    rule_id: str
    place: int
    name_zh: str
    basis: str
    least: int
    bodies: str | None
    roles: str | None
    valid_from: int
    valid_to: int | None


class Kept(NamedTuple):
    """Someone in the reserve for a kind in a month."""

    person: str
    post: Posting
    stay: Stay
    kind: Kind
    date: int


class Reserve:
    """A pool with who is kept in the reserve, for what, and what they are looked at for."""

    def __init__(
        self,
        pool: Pool,
        stays: Sequence[Stay],
        kinds: Sequence[Kind],
        experiences: Sequence[Experience],
        sent: Mapping[Posting, str],
    ) -> None:
        """`sent` holds the programme of the postings that are under one."""
        self.pool, self.count, self.sent = pool, pool.count, sent
        self.stays = sorted(stays, key=lambda each: each.start)
        self.kinds = sorted(kinds, key=lambda each: each.place)
        self.experiences = sorted(experiences, key=lambda each: (each.place, each.rule_id, each.valid_from))

    def dated(self, as_of: int, until: int | None) -> list[tuple[Kind, int]]:
        """The kinds in force in a month, each with the date that it is looked at for."""
        found = []
        for kind in _valid(self.kinds, as_of):
            terms = self.count.terms(kind.tier, None, month.add(as_of, -1))
            if until or terms:
                found.append((kind, until or terms[0].month))
        return found

    def ends(self, stay: Stay) -> tuple[int, str]:
        """The first month in which a stay is over, and why."""
        known = stay.end is not None and stay.end // 100 <= self.count.city.month
        own = stay.end // 100 if known and stay.end else OPEN
        later = [
            each.start // 100
            for each in self.stays
            if (each.person_id, each.kind) == (stay.person_id, stay.kind)
            and each.start > stay.start
            and each.start // 100 <= self.count.city.month
        ]
        next_month = min(later, default=OPEN)
        return (own, str(stay.end_reason)) if own <= next_month and known else (next_month, "other")

    def staying(self, person: str, kind: str, at: int) -> Stay | None:
        """The stay of someone in the reserve in a month."""
        own = [each for each in self.stays if (each.person_id, each.kind) == (person, kind)]
        begun = [each for each in own if each.start // 100 <= min(at, self.count.city.month)]
        return next((each for each in begun if at < self.ends(each)[0]), None)

    def kept(self, kind: Kind, date: int, as_of: int, unit: str | None) -> list[Kept]:
        """Everyone in the reserve for a kind in a month, by the tree."""
        area, found = self.count.area(unit), []
        for person in sorted(self.count.members):
            post, stay = self.count.primary(person, as_of), self.staying(person, kind.kind, as_of)
            if stay and post and post.unit_id in area:
                found.append(Kept(person, post, stay, kind, date))
        return sorted(found, key=lambda each: (self.count.path(each.post.unit_id), each.person))

    def paths(self, kept: Kept, as_of: int) -> list[Standing]:
        """What someone has by each rule of promotion that leads from the present post to one of the kind."""
        rules = [rule for rule in self.pool.in_force(kept.date) if _leads_to(rule, kept.kind)]
        named = [rule for rule in rules if self.pool.names(rule, kept.post)]
        return [self.pool.standing(kept.person, kept.post, rule, as_of, kept.date) for rule in named]

    def ready(self, kept: Kept, as_of: int) -> int | None:
        """The first month in which all that some rule requires is there."""
        return min((each.ready for each in self.paths(kept, as_of) if each.ready), default=None)

    def line(self, kept: Kept) -> int | None:
        """The month in which someone passes the age line of the kind."""
        born = self.count.born(kept.person)
        return born and born + 100 * kept.kind.upper_age

    def leaves(self, person: str, post: Posting) -> int:
        """The month of retirement or of the age line of a post."""
        lines = (statutory(self.count, person, post), post_line(self.count, person, post))
        return min((line[0] for line in lines if line), default=OPEN)

    def state(self, kept: Kept, as_of: int) -> str:
        """How someone stands at the date."""
        if kept.kind.about(self.count.units[kept.post.unit_id].body, kept.post.role):
            return "holds"
        if (self.line(kept) or 0) <= kept.date:
            return "over_line"
        if self.leaves(kept.person, kept.post) <= kept.date:
            return "leaving"
        return "ready" if (self.ready(kept, as_of) or OPEN) <= kept.date else "not_ready"

    def has(self, person: str, rule: Experience, as_of: int) -> bool:
        """Whether someone has an experience by a month."""
        first = min((post.start // 100 for post in self.count.postings[person]), default=OPEN)
        months = [month.add(first, step) for step in range(month.between(first, as_of) + 1)] if first <= as_of else []
        held = {post for at in months for post in self.count.held(person, at)}
        items = {self._item(rule, post) for post in held if self._shows(rule, post)}
        return len(items) >= rule.least

    def _shows(self, rule: Experience, post: Posting) -> bool:
        body = self.count.units[post.unit_id].body
        within = (rule.bodies is None or body in rule.bodies.split("|")) and (
            rule.roles is None or post.role in rule.roles.split("|")
        )
        return within and (post in self.sent if rule.basis == "programmes" else post.primary)

    def _item(self, rule: Experience, post: Posting) -> Any:
        if rule.basis == "programmes":
            return self.sent[post]
        return (post.unit_id, post.post) if rule.basis == "posts" else self.count.units[post.unit_id].body

    def seats(self, kind: Kind, date: int, as_of: int, unit: str | None) -> tuple[int, int, int]:
        """Posts of a kind, those that nobody holds, and those that fall vacant by a date."""
        posts = empty = falling = 0
        for code in self.count.area(unit):
            place = self.count.units[code]
            stands = (place.valid_from or 0) <= as_of < (place.valid_to or OPEN)
            for pair in PAIRS:
                if stands and place.body in kind.bodies.split("|") and set(pair) & set(kind.roles.split("|")):
                    held = [self.leaves(*each) for each in self._holders(code, pair, as_of)]
                    stated = _approved(place, pair)
                    approved = len(held) if stated is None else stated
                    posts += approved
                    empty += max(approved - len(held), 0)
                    falling += max(approved - sum(leaves > date for leaves in held), 0) - max(approved - len(held), 0)
        return posts, empty, falling

    def _holders(self, unit: str, roles: tuple[str, str], as_of: int) -> list[tuple[str, Posting]]:
        posts = [(person, self.count.primary(person, as_of)) for person in self.count.members]
        return [(person, post) for person, post in posts if post and post.unit_id == unit and post.role in roles]


def _valid(rows: Sequence[Any], at: int) -> list[Any]:
    return [row for row in rows if row.valid_from <= at < (row.valid_to or OPEN)]


def _leads_to(rule: Rule, kind: Kind) -> bool:
    pairs = ((rule.bodies, kind.bodies), (rule.roles, kind.roles))
    return all(set(one.split("|")) & set(other.split("|")) for one, other in pairs)


def _approved(unit: Unit, pair: tuple[str, str]) -> int | None:
    return (unit.approved_chiefs, unit.approved_deputies, unit.approved_divisions)[PAIRS.index(pair)]


def people(asked: Reserve, as_of: int, until: int | None, unit: str | None) -> Rows:
    """How many are kept for each kind, by what they are told apart by."""
    rows: Rows = []
    for kind, date in asked.dated(as_of, until):
        kept = asked.kept(kind, date, as_of, unit)
        for side in SIDES:
            groups = Counter(_code(asked, each, side) for each in kept)
            for code in sorted(groups, key=lambda each: (LOWER.get(each, OPEN) if side == "band" else 0, each)):
                named = (code if each == side and code != "unknown" else None for each in ("body", "level", "sex"))
                told = (groups[code], groups[code] / len(kept), date)
                rows.append((kind.kind, side, *named, code if side == "band" else None, *told))
    return rows


def _code(asked: Reserve, kept: Kept, side: str) -> str:
    if side == "band":
        born = asked.count.born(kept.person)
        age = None if born is None else math.floor((kept.date - born) / 100)
        return next((band for band, low, high in BANDS if age is not None and low <= age < high), "unknown")
    return {
        "all": "all",
        "body": asked.count.units[kept.post.unit_id].body,
        "level": kept.post.level or "unknown",
        "sex": asked.count.members[kept.person].sex,
    }[side]


def echelon(asked: Reserve, as_of: int, until: int | None, unit: str | None) -> Rows:
    """Whether those ready are enough for what falls vacant."""
    rows: Rows = []
    for kind, date in asked.dated(as_of, until):
        seats, empty, falling = asked.seats(kind, date, as_of, unit)
        states = Counter(asked.state(each, as_of) for each in asked.kept(kind, date, as_of, unit))
        needed = kind.people * (empty + falling)
        ready = states["ready"]
        finding = "not_needed" if not needed else "empty" if not ready else "thin" if ready < needed else "enough"
        counted = (states.total(), *(states[state] for state in STATES))
        if seats or states:
            told = (kind.upper_age, seats, empty, falling, kind.people, needed, *counted, finding, date)
            rows.append((kind.kind, *told))
    return rows


def years_left(asked: Reserve, as_of: int, until: int | None, unit: str | None) -> Rows:
    """What those who could be appointed still need at the date."""
    rows: Rows = []
    for kind, date in asked.dated(as_of, until):
        kept = [
            each for each in asked.kept(kind, date, as_of, unit) if asked.state(each, as_of) in ("ready", "not_ready")
        ]
        waits = Counter(_wait(asked, each, as_of) for each in kept)
        order = ("ready", "waiting", "unknown", "outside")
        for wait in sorted(waits, key=lambda each: (order.index(each[0]), each[1] or 0)):
            rows.append((kind.kind, *wait, waits[wait], date))
    return rows


def _wait(asked: Reserve, kept: Kept, as_of: int) -> tuple[str, int | None]:
    ready = asked.ready(kept, as_of)
    if ready is None:
        return ("unknown" if asked.paths(kept, as_of) else "outside"), None
    if ready <= kept.date:
        return "ready", None
    return "waiting", math.ceil(month.between(kept.date, ready) / 12)


def experience(asked: Reserve, as_of: int, unit: str | None) -> Rows:
    """How many have each experience."""
    rows: Rows = []
    for kind in _valid(asked.kinds, as_of):
        kept = asked.kept(kind, as_of, as_of, unit)
        for rule in _valid(asked.experiences, as_of) if kept else ():
            met = sum(asked.has(each.person, rule, as_of) for each in kept)
            rows.append((kind.kind, rule.rule_id, len(kept), met, met / len(kept)))
    return rows


def flow(asked: Reserve, unit: str | None) -> Rows:
    """Who came into the reserve and left it, year by year."""
    rows: Rows = []
    latest = {kind.kind: kind for kind in sorted(asked.kinds, key=lambda each: each.valid_from)}
    for kind in sorted(latest.values(), key=lambda each: each.place):
        steps: dict[int, Counter[str]] = defaultdict(Counter)
        for year, step in _steps(asked, kind.kind, unit):
            steps[year][step] += 1
        at_end = 0
        for year in range(min(steps, default=OPEN), asked.count.city.month // 100 + 1):
            of, at_start = steps[year], at_end
            moved = of["came"] - of["went"]
            at_end = at_start + of["entered"] + moved - sum(of[reason] for reason in REASONS)
            rows.append((kind.kind, year, at_start, of["entered"], *(of[each] for each in REASONS), moved, at_end))
    return rows


def _steps(asked: Reserve, kind: str, unit: str | None) -> Iterator[tuple[int, str]]:
    """Each coming and going, with its year; who moves within the units is neither."""
    area = asked.count.area(unit)
    for person in asked.count.members:
        before: Stay | None = None
        at = min((each.start // 100 for each in asked.stays if each.person_id == person), default=OPEN)
        while at <= asked.count.city.month:
            post = asked.count.primary(person, at)
            now = asked.staying(person, kind, at) if post and post.unit_id in area else None
            if before is not None and now != before:
                until, reason = asked.ends(before)
                yield at // 100, reason if until == at else "went"
            if now is not None and now != before:
                yield at // 100, "entered" if now.start // 100 == at else "came"
            before, at = now, month.add(at, 1)


def person(asked: Reserve, as_of: int, until: int | None, reserve: str | None, unit: str | None) -> Rows:
    """Who is in the reserve, and what is there when."""
    rows: Rows = []
    for kind, date in asked.dated(as_of, until):
        for each in asked.kept(kind, date, as_of, unit) if reserve in (None, kind.kind) else ():
            had = [r.name_zh for r in _valid(asked.experiences, as_of) if asked.has(each.person, r, as_of)]
            told = (each.post.unit_id, each.post.post, each.post.level, each.stay.start // 100, asked.line(each))
            end = (asked.ready(each, as_of), "；".join(had) or None, asked.state(each, as_of), date)
            rows.append((kind.kind, each.person, *told, *end))
    return rows


QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "people": (people, "reserve side body level sex band_id people share date_month"),
    "echelon": (
        echelon,
        f"reserve upper_age seats empty_posts falling each needed people {' '.join(STATES)} finding date_month",
    ),
    "years_left": (years_left, "reserve state years people date_month"),
    "experience": (experience, "reserve rule_id people met share"),
    "flow": (flow, "reserve year at_start entered appointed aged adjusted otherwise moved at_end"),
    "person": (
        person,
        "reserve person_id unit_id post level entered_month line_month ready_month experience_zh state date_month",
    ),
}
