"""Rotation counted in plain Python, one month and one person at a time, to hold the questions against.

`Count` says once more, without SQL and without regard for speed, who holds what in a month. Each function below it
answers the question of its name.
"""

import functools
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from statistics import median
from typing import Any, NamedTuple

from data import month
from tests.counting.age_ladder import BANDS, OPEN, TERMS

TIERS = ("township", "county", "city")

Rows = list[tuple[Any, ...]]


class Unit(NamedTuple):
    """A row of the contract `unit`."""

    unit_id: str
    parent_id: str | None
    body: str
    organ: str | None = None


class Member(NamedTuple):
    """A row of the contract `member`."""

    person_id: str
    sex: str
    birth: int | None
    growth_place: str | None


class Posting(NamedTuple):
    """A row of the contract `posting`."""

    person_id: str
    unit_id: str
    post: str
    role: str
    level: str | None
    start: int
    end: int | None
    end_reason: str | None
    primary: bool
    exchange_kind: str | None
    exchange_reason: str | None
    programme: str | None
    duty: str | None


class Rule(NamedTuple):
    """A row of the contract `rotation_rule`."""

    rule_id: str
    place: int
    basis: str
    force: str
    months: int | None
    below_months: int | None
    terms: int | None
    term_months: int | None
    tier: str | None
    gap_months: int | None
    notice_months: int | None
    bodies: str | None
    organs: str | None
    roles: str | None
    levels: str | None
    duties: str | None
    valid_from: int
    valid_to: int | None


class Programme(NamedTuple):
    """A row of the contract `programme`."""

    programme_id: str
    place: int
    direction: str
    months: int
    valid_from: int
    valid_to: int | None


class City(NamedTuple):
    """Everything that is given: the roster, its data month, and the rules."""

    month: int
    units: list[Unit]
    members: list[Member]
    postings: list[Posting]
    rules: list[Rule]
    programmes: list[Programme]


class Clock(NamedTuple):
    """One clock of a person: since when, how many months, and when it is due."""

    rule: Rule
    posting: Posting
    since: int
    months: int
    due: int


class Count:
    """A city counted one month and one person at a time."""

    def __init__(self, city: City) -> None:
        """Keep what is given by its codes."""
        self.city = city
        self.units = {unit.unit_id: unit for unit in city.units}
        self.members = {member.person_id: member for member in city.members}
        self.postings: dict[str, list[Posting]] = defaultdict(list)
        for posting in city.postings:
            self.postings[posting.person_id].append(posting)
        self.first = min((p.start // 100 for p in city.postings), default=city.month)
        self.held = functools.cache(self._held)
        self.clocks = functools.cache(self._clocks)

    def months(self, until: int) -> list[int]:
        """Every month from the first posting up to and with one."""
        return [month.add(self.first, step) for step in range(month.between(self.first, until) + 1)]

    def path(self, unit: str | None) -> tuple[str, ...]:
        """The codes from the top of the tree down to a unit."""
        return () if unit is None else (*self.path(self.units[unit].parent_id), unit)

    def area(self, unit: str | None) -> set[str]:
        """A unit and all under it; without one, every unit."""
        return {each for each in self.units if unit is None or unit in self.path(each)}

    def site(self, unit: str) -> str:
        """The place of a unit: its county, or the top of the tree."""
        path = self.path(unit)
        return next((each for each in reversed(path) if self.units[each].body == "county"), path[0])

    def tier(self, unit: str) -> str:
        """The tier of a unit."""
        if self.units[unit].body == "township":
            return "township"
        return "county" if self.units[self.site(unit)].body == "county" else "city"

    def primary(self, person: str, at: int) -> Posting | None:
        """The one primary post of a person in a month."""
        return next((p for p in self.held(person, at) if p.primary), None)

    def rules(self, at: int) -> list[Rule]:
        """The rules in force in a month, in their order."""
        return [r for r in sorted(self.city.rules, key=lambda r: r.place) if r.valid_from <= at < (r.valid_to or OPEN)]

    def programmes(self, at: int) -> list[Programme]:
        """The programmes in force in a month, in their order."""
        found = [p for p in self.city.programmes if p.valid_from <= at < (p.valid_to or OPEN)]
        return sorted(found, key=lambda p: p.place)

    def stay_of(self, posting: Posting) -> tuple[int, int] | None:
        """The first month a posting counts and the first it no longer does; None where it never does."""
        on = [at for at in self.months(self.city.month) if posting in self.held(posting.person_id, at)]
        if not on:
            return None
        return on[0], OPEN if on[-1] == self.city.month else month.add(on[-1], 1)

    def asked(self, rule: Rule, posting: Posting) -> bool:
        """Whether a rule is asked of a post."""
        unit = self.units[posting.unit_id]
        pairs = (
            (rule.bodies, unit.body),
            (rule.organs, unit.organ),
            (rule.roles, posting.role),
            (rule.levels, posting.level),
            (rule.duties, posting.duty),
        )
        return all(wanted is None or value in wanted.split("|") for wanted, value in pairs)

    def key(self, rule: Rule, posting: Posting) -> tuple[Any, ...] | None:
        """What a rule's clock counts in a post; None where it does not run."""
        if not self.asked(rule, posting):
            return None
        if rule.basis == "secondment":
            return (posting.unit_id, posting.post, posting.start) if posting.programme else None
        if not posting.primary:
            return None
        at_home = self.members[posting.person_id].growth_place == self.site(posting.unit_id)
        keys = {
            "post": (posting.unit_id, posting.role),
            "home": (posting.unit_id, posting.role) if at_home else None,
            "duty": (posting.unit_id, posting.role, posting.duty) if posting.duty else None,
            "level": (posting.level,) if posting.level else None,
            "place_level": (self.site(posting.unit_id), posting.level) if posting.level else None,
        }
        return keys.get(rule.basis)

    def _clocks(self, at: int) -> list[Clock]:
        found = [
            clock
            for rule in self.rules(at)
            for person in self.members
            for posting in self.held(person, at)
            if (clock := self._clock(rule, posting, at))
        ]
        found.sort(key=lambda c: (c.rule.place, c.due, self.path(c.posting.unit_id), *_who(c.posting)))
        return found

    def _clock(self, rule: Rule, posting: Posting, at: int) -> Clock | None:
        key = self.key(rule, posting)
        if key is None:
            return None
        since, gap, count, reached = 0, 0, 0, 0
        for now in self.months(at):
            if not any(self.key(rule, each) == key for each in self.held(posting.person_id, now)):
                gap += 1
                continue
            if not since or (rule.gap_months is not None and gap > rule.gap_months):
                since, count, reached = now, 0, 0
            if count == rule.months:
                reached = reached or now
            gap, count = 0, count + 1
            if count == rule.months:
                reached = reached or month.add(now, 1)
        due = self._due(rule, posting, since, reached or month.add(at, (rule.months or 0) - count + 1))
        return None if due is None else Clock(rule, posting, since, count - 1, due)

    def _due(self, rule: Rule, posting: Posting, since: int, counted: int) -> int | None:
        if rule.basis == "home":
            return since
        if rule.basis == "secondment":
            valid = {p.programme_id: p.months for p in self.programmes(since)}
            return month.add(since, valid[posting.programme]) if posting.programme in valid else None
        if rule.terms:
            return self._terms_full(rule, self.units[posting.unit_id].organ, since) or counted
        return counted

    def _terms_full(self, rule: Rule, organ: str | None, since: int) -> int | None:
        """The month the last of so many terms of an organ is full, where the calendar of terms reaches so far."""
        changes = _changes(rule.tier, organ)
        least = rule.term_months or 0
        ends = [end for begin, end in itertools.pairwise(changes) if month.between(begin, end) >= least]
        counted = [end for end in ends if since <= month.add(end, -least)]
        wanted = (rule.terms or 1) - 1
        return counted[wanted] if len(counted) > wanted else None

    def _held(self, person: str, at: int) -> list[Posting]:
        now = min(at, self.city.month)
        held = [p for p in self.postings[person] if p.start // 100 <= now < self._end(p)]
        primary = sorted((p for p in held if p.primary), key=lambda p: (p.start // 100, p.start, p.unit_id, p.post))
        return [p for p in (*primary[-1:], *(p for p in held if not p.primary)) if p.unit_id in self.units]

    def _end(self, posting: Posting) -> int:
        ended = posting.end is not None and posting.end // 100 <= self.city.month
        return posting.end // 100 if ended and posting.end else OPEN


def _changes(tier: str | None, organ: str | None) -> list[int]:
    """The months in which an organ's term changes, in each round its own, else the first of the tier."""
    rounds: dict[str, dict[str, int]] = defaultdict(dict)
    for term in TERMS:
        if term.tier == tier:
            rounds[term.round][term.organ] = term.month
    return sorted(months.get(organ or "", min(months.values())) for months in rounds.values())


def _who(posting: Posting) -> tuple[str, int, str]:
    return posting.person_id, posting.start, posting.post


def _state(clock: Clock, as_of: int) -> str:
    if clock.due > month.add(as_of, clock.rule.notice_months or 0):
        return "ahead"
    if clock.due > as_of:
        return "soon"
    return "reminder" if clock.rule.force == "remind" else "overdue"


def clock(count: Count, as_of: int, until: int | None, unit: str | None, rule: str | None, level: str | None) -> Rows:
    """Whose clocks have run out or are about to."""
    area = count.area(unit)
    rows = []
    for each in count.clocks(as_of):
        asked, posting = each.rule, each.posting
        state = _state(each, as_of)
        if state == "ahead" and (asked.force == "remind" or each.due > (until or 0)):
            continue
        if asked.below_months and each.months >= asked.below_months:
            continue
        if posting.unit_id in area and rule in (None, asked.rule_id) and level in (None, posting.level):
            programme = posting.programme if asked.basis == "secondment" else None
            found = (asked.rule_id, asked.force, state, each.months, each.due, posting.person_id, posting.unit_id)
            rows.append((*found, posting.post, posting.level, programme, each.since, posting.start // 100))
    return rows


def clock_ahead(count: Count, since: int, until: int, unit: str | None) -> Rows:
    """How many clocks run out in which month."""
    area = count.area(unit)
    due: dict[tuple[int, str, str, int], set[str]] = defaultdict(set)
    for each in count.clocks(since):
        last = since if each.rule.force == "remind" else until
        over = each.rule.below_months is not None and each.months >= each.rule.below_months
        if each.due <= last and each.posting.unit_id in area and not over:
            at = max(each.due, since)
            due[each.rule.place, each.rule.rule_id, each.rule.force, at].add(each.posting.person_id)
    return [(rule, force, at, len(people)) for (_, rule, force, at), people in sorted(due.items())]


class Move(NamedTuple):
    """A person's primary post before and after, and the first month of the later."""

    month: int
    left: Posting
    joined: Posting


def _moves(count: Count, since: int, until: int, unit: str | None, level: str | None) -> Iterator[Move]:
    area = count.area(unit)
    for person in count.members:
        before: Posting | None = None
        for at in count.months(count.city.month):
            now = count.primary(person, at)
            if before and now and before.unit_id != now.unit_id and since < at <= until:
                inside = {before.unit_id, now.unit_id} & area
                leading = before.role != "other" or now.role != "other"
                if inside and leading and level in (None, now.level):
                    yield Move(at, before, now)
            before = now or before


def flow(count: Count, since: int, until: int, unit: str | None, level: str | None) -> Rows:
    """Moves between kinds of unit, up, down or across the tiers."""
    people: Counter[tuple[str, str, str]] = Counter()
    promoted: Counter[tuple[str, str, str]] = Counter()
    for move in _moves(count, since, until, unit, level):
        step = TIERS.index(count.tier(move.joined.unit_id)) - TIERS.index(count.tier(move.left.unit_id))
        way = "up" if step > 0 else "down" if step < 0 else "across"
        key = (count.units[move.left.unit_id].body, count.units[move.joined.unit_id].body, way)
        people[key] += 1
        promoted[key] += bool(move.joined.level and move.left.level and move.joined.level < move.left.level)
    return [(*key, people[key], promoted[key]) for key in sorted(people, key=lambda k: (-people[k], k))]


def mover(
    count: Count, since: int, until: int, unit: str | None, level: str | None, body: str | None, from_body: str | None
) -> Rows:
    """Who moved between two kinds of unit."""
    found = [
        (at, left, joined)
        for at, left, joined in _moves(count, since, until, unit, level)
        if joined.unit_id in count.area(unit)
        if body in (None, count.units[joined.unit_id].body)
        if from_body in (None, count.units[left.unit_id].body)
    ]
    found.sort(key=lambda each: (each[0], count.path(each[2].unit_id), each[2].person_id))
    return [
        (at, p.person_id, p.unit_id, left.level, p.level, p.exchange_kind, p.exchange_reason, p.programme)
        for at, left, p in found
    ]


def balance(count: Count, since: int, until: int, unit: str | None) -> Rows:
    """Moves both ways between pairs of tiers and of kinds of unit."""
    ways: Counter[tuple[str, str, str]] = Counter()
    for move in _moves(count, since, until, unit, None):
        left, joined = move.left.unit_id, move.joined.unit_id
        ways["tier", count.tier(left), count.tier(joined)] += 1
        ways["body", count.units[left].body, count.units[joined].body] += 1
    pairs = {(kind, min(one, other), max(one, other)) for kind, one, other in ways if one != other}
    both = {pair: (ways[pair], ways[pair[0], pair[2], pair[1]]) for pair in pairs}
    order = sorted(both, key=lambda p: (p[0] == "body", -sum(both[p]), p[1], p[2]))
    return [(*pair, *both[pair], both[pair][0] - both[pair][1]) for pair in order]


class Sent(NamedTuple):
    """A posting under a programme: who sends, from when to when, and the level kept at its end."""

    posting: Posting
    home: str
    start: int
    end: int


def _sent(count: Count) -> list[Sent]:
    found = []
    for posting in count.city.postings:
        if posting.programme and posting.person_id in count.members and (stay := count.stay_of(posting)):
            base = count.primary(posting.person_id, month.add(stay[0], -1))
            found.append(Sent(posting, base.unit_id if base else posting.unit_id, *stay))
    return found


def programme(count: Count, as_of: int, unit: str | None, programme: str | None) -> Rows:
    """Places filled now and before, by programme, unit and age band."""
    tops = [unit] if unit else [u.unit_id for u in count.city.units if u.parent_id is None]
    valid = {p.programme_id: p for p in count.programmes(as_of) if programme in (None, p.programme_id)}
    notice = max((r.notice_months or 0 for r in count.rules(as_of) if r.basis == "secondment"), default=-math.inf)
    cells: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for sent in _sent(count):
        area = _right_below(count, tops, sent.home)
        of = valid.get(sent.posting.programme or "")
        if area is None or of is None or sent.start > as_of:
            continue
        low, band = _band(count, sent.posting.person_id, as_of)
        cell = cells[of.place, count.path(area), low, of.programme_id, of.direction, area, band]
        due = next((p.months for p in count.programmes(sent.start) if p.programme_id == of.programme_id), None)
        cell[0] += sent.end > as_of
        cell[1] += sent.end > as_of and due is not None and month.between(as_of, sent.start) + due <= notice
        cell[2] += sent.end <= as_of
    return [(*key[3:], *cells[key]) for key in sorted(cells)]


def programme_name(count: Count, as_of: int) -> Rows:
    """Programmes in force under which somebody has been sent by a month."""
    sent = {each.posting.programme for each in _sent(count) if each.start <= as_of}
    return [(each.programme_id,) for each in count.programmes(as_of) if each.programme_id in sent]


def away(count: Count, as_of: int, unit: str | None, programme: str | None) -> Rows:
    """Who is posted under a programme."""
    area, found = count.area(unit), []
    for sent in _sent(count):
        held = sent.posting
        known = {p.programme_id: p for p in count.programmes(as_of) if programme in (None, p.programme_id)}
        of, then = known.get(held.programme or ""), {p.programme_id: p.months for p in count.programmes(sent.start)}
        if of and sent.home in area and sent.start <= as_of < sent.end:
            due = month.add(sent.start, then[of.programme_id]) if of.programme_id in then else None
            order = (of.place, due or OPEN, count.path(sent.home), held.person_id, sent.start, held.post)
            row = (of.programme_id, held.person_id, sent.home, held.unit_id, held.post, sent.start, due)
            found.append((order, row))
    return [row for _, row in sorted(found)]


def _right_below(count: Count, tops: list[str], unit: str) -> str | None:
    """The unit right under a top in which a unit lies, or the top itself."""
    path = count.path(unit)
    top = next((each for each in path if each in tops), None)
    return top and next(iter(path[path.index(top) + 1 :]), top)


def _band(count: Count, person: str, as_of: int) -> tuple[float, str]:
    birth = count.members[person].birth
    if birth is None:
        return math.inf, "unknown"
    age = as_of - (birth // 100 if birth // 100 % 100 else birth // 100 + 1)
    return next(((low, band) for band, low, high in BANDS if 100 * low <= age < 100 * high), (math.inf, "unknown"))


def after_return(count: Count, as_of: int, unit: str | None, programme: str | None) -> Rows:
    """What became of those who came back."""
    area, known = count.area(unit), count.programmes(as_of)
    follow = [r.months or 0 for r in count.rules(as_of) if r.basis == "return"]
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for sent in _sent(count) if follow else ():
        if sent.end <= as_of and sent.home in area and sent.posting.programme:
            outcomes[sent.posting.programme][_outcome(count, sent, as_of, follow[0])] += 1
    return [
        (p.programme_id, c.total(), c["promoted"], c["left"], c["same"], c["followed"], months)
        for months in follow
        for p in known
        if programme in (None, p.programme_id)
        if (c := outcomes[p.programme_id]).total()
    ]


def _outcome(count: Count, sent: Sent, as_of: int, months: int) -> str:
    until, person = month.add(sent.end, months), sent.posting.person_id
    kept = count.primary(person, month.add(sent.end, -1))
    for at in count.months(min(until, as_of)):
        now = count.primary(person, at)
        if at >= sent.end and kept and kept.level and now and now.level and now.level < kept.level:
            return "promoted"
    last = max((at for at in count.months(count.city.month) if count.primary(person, at)), default=OPEN)
    if last < count.city.month and month.add(last, 1) <= min(until, as_of):
        return "left"
    return "same" if as_of > until else "followed"


def spell(
    count: Count,
    since: int,
    until: int,
    unit: str | None,
    person: str | None,
    role: str | None,
    level: str | None,
    programme: str | None,
) -> Rows:
    """Who has held each post."""
    area, found = count.area(unit), []
    for held in count.city.postings:
        told = held.person_id == person or (person is None and (held.role != "other" or held.programme is not None))
        only = ((role, held.role), (level, held.level), (programme, held.programme))
        fits = held.unit_id in area and held.person_id in count.members and all(w in (None, v) for w, v in only)
        if told and fits and (stay := count.stay_of(held)) and stay[0] <= until and stay[1] > since:
            found.append(
                (count.path(held.unit_id), held.role, held.post, stay[0], held.start, held.person_id, held, stay[1])
            )
    found.sort(key=lambda each: each[:6])
    return [
        (
            h.unit_id,
            h.post,
            h.role,
            h.level,
            h.person_id,
            h.start,
            start,
            None if end == OPEN else end,
            h.primary,
            h.programme,
        )
        for _, _, _, start, _, _, h, end in found
    ]


def time_in_post(
    count: Count, since: int, until: int, role: str | None, level: str | None, body: str | None, unit: str | None
) -> Rows:
    """Share still in post after so many months, by the product of those who stayed at each."""
    area = count.area(unit)
    seen = [
        (month.between(start, max(start, since)), month.between(start, min(end, until)), end <= until)
        for start, end, post in _stays(count)
        if start < until and end > since and post.unit_id in area
        if role in (None, post.role) and level in (None, post.level) and body in (None, count.units[post.unit_id].body)
    ]
    share, rows = Fraction(1), []
    for at in sorted({served for _, served, ended in seen if ended}):
        at_risk = sum(entered < at <= served for entered, served, _ in seen)
        ended = sum(served == at and over for _, served, over in seen)
        share *= 1 - Fraction(ended, at_risk)
        rows.append((at, at_risk, ended, float(share)))
    return rows


def _stays(count: Count) -> Iterator[tuple[int, int, Posting]]:
    """Unbroken months of a person in one leading post: from, to, and the last posting."""
    for person in count.members:
        start, before = 0, None
        for at in [*count.months(count.city.month), None]:
            now = count.primary(person, at) if at else None
            now = now if now and now.role != "other" else None
            same = before is not None and now is not None and (before.unit_id, before.role) == (now.unit_id, now.role)
            if before and not same:
                over = at or (
                    OPEN if count.primary(person, count.city.month) == before else month.add(count.city.month, 1)
                )
                yield start, over, before
            start, before = (start if same else at or 0), now


def grassroots(count: Count, as_of: int, unit: str | None, body: str | None, level: str | None) -> Rows:
    """Who among the leading has been at the grass roots so long."""
    rows, area = [], count.area(unit)
    for rule in (r for r in count.rules(as_of) if r.basis == "grassroots"):
        groups: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for person in count.members:
            now = count.primary(person, as_of)
            if now and now.role != "other" and now.unit_id in area:
                groups[count.units[now.unit_id].body, now.level].append(_at_grassroots(count, rule, person, as_of))
        for key in sorted(groups, key=lambda k: (k[0], k[1] or "~")):
            if body in (None, key[0]) and level in (None, key[1]):
                served, needed = groups[key], rule.months or 0
                reached = sum(each >= needed for each in served)
                rows.append(
                    (rule.rule_id, *key, len(served), reached, reached / len(served), median(served) / 12, needed)
                )
    return rows


def _at_grassroots(count: Count, rule: Rule, person: str, as_of: int) -> int:
    bodies = (rule.bodies or "").split("|")
    before = count.months(month.add(as_of, -1))
    return sum(any(count.units[p.unit_id].body in bodies for p in count.held(person, at)) for at in before)


QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "clock": (
        clock,
        "rule_id force state months due_month person_id unit_id post level programme_id since_month start_month",
    ),
    "clock_ahead": (clock_ahead, "rule_id force month people"),
    "flow": (flow, "from_body body way people promoted"),
    "mover": (mover, "month person_id unit_id from_level level exchange_kind exchange_reason programme_id"),
    "balance": (balance, "pairs one other there back net"),
    "programme": (programme, "programme_id way unit_id band_id active due past"),
    "programme_name": (programme_name, "programme_id"),
    "away": (away, "programme_id person_id unit_id host_id post start_month due_month"),
    "after_return": (after_return, "programme_id returned promoted left_service same_level followed months"),
    "spell": (
        spell,
        "unit_id post role level person_id start_date start_month end_month is_primary programme_id",
    ),
    "time_in_post": (time_in_post, "month observed ended survival"),
    "grassroots": (grassroots, "rule_id body level people reached share median_years months"),
}
