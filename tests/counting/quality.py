"""Data quality counted in plain Python, one person and one rule at a time, to hold the questions against."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from data import month
from tests.counting.age_ladder import OPEN, City, Count, Posting, Rows, statutory

ADULT, OLD_ENOUGH_TO_WORK, LONGEST_GAP, LONG_ENOUGH = 18, 16, 6, 6
"""Ages in years, and months, as shipped."""
GONE = {"retired", "resigned", "dismissed", "expelled", "died"}
LAST_COUNTED = 203512

Doubt = tuple[str, str, str | None, str | None, int | None, int | None, int | None]
"""Rule, person, unit and title of the post in doubt, month of its appointment, the month stated, the one against it."""


class Records(NamedTuple):
    """A city, and of its people when they began work and joined the Party, why posts ended, and years assessed."""

    city: City
    began: dict[str, int | None]
    joined: dict[str, int | None]
    reasons: dict[Posting, str | None]
    assessed: set[tuple[str, int]]


class Place(NamedTuple):
    """Where a person's records belong, by which post, and whether they are in post."""

    unit: str | None
    post: str | None
    in_post: bool


class Doubts(Count):
    """The records of a city, doubted one person at a time."""

    def __init__(self, given: Records) -> None:
        """Keep what is given, with where each person's records belong."""
        super().__init__(given.city)
        self.given = given
        self.places = {person: self._place(person) for person in self.members}
        self.found = [doubt for person in sorted(self.members) for doubt in self._of(person)]

    def spells(self, person: str) -> list[Posting]:
        """The posts of a person that last, in order."""
        held = [p for p in self.postings[person] if self._counts(p)]
        return sorted(held, key=lambda p: (p.start // 100, p.start, p.unit_id, p.post))

    def lies_in(self, person: str, unit: str | None) -> bool:
        """Whether a person's records belong to a unit or one under it; people of no unit only to the whole."""
        place = self.places[person].unit
        return unit is None if place is None else place in self.area(unit)

    def _taken_last(self, person: str, at: int) -> Posting | None:
        """The primary post of a month, in a unit that is known or not."""
        held = [p for p in self.spells(person) if p.primary and p.start // 100 <= at < self._end(p)]
        return held[-1] if held else None

    def _place(self, person: str) -> Place:
        now = self._taken_last(person, self.city.month)
        if now and now.unit_id in self.units:
            return Place(now.unit_id, now.post, in_post=True)
        ends = {p: self._end(p) for p in self.spells(person) if not p.primary}
        first = min((p.start // 100 for p in self.spells(person)), default=LAST_COUNTED)
        for at in (month.add(first, step) for step in range(month.between(first, LAST_COUNTED) + 1)):
            if held := self._taken_last(person, at):
                ends[held] = OPEN if at == LAST_COUNTED else month.add(at, 1)
        known = [p for p in ends if p.unit_id in self.units]
        if not known:
            return Place(None, None, in_post=False)
        last = min(known, key=lambda p: (-ends[p], not p.primary, -p.start, self.path(p.unit_id), p.post))
        return Place(last.unit_id, last.post, in_post=False)

    def _of(self, person: str) -> Iterator[Doubt]:
        yield from self._of_dates(person)
        yield from self._of_party(person)
        yield from self._of_career(person)
        yield from self._of_assessments(person)

    def _of_dates(self, person: str) -> Iterator[Doubt]:
        born, birth, began = self.born(person), self.members[person].birth, self.given.began[person]
        if birth is None:
            yield _about("birth_missing", person)
        elif birth // 100 % 100 == 0:
            yield _about("birth_month_missing", person)
        if began is None:
            yield _about("work_start_missing", person)
        elif born and _latest(began) < born + OLD_ENOUGH_TO_WORK * 100:
            yield _about("worked_before_age", person, _latest(began), born + OLD_ENOUGH_TO_WORK * 100)
        for first in self.spells(person)[:1]:
            if born and first.start // 100 < born + ADULT * 100:
                yield _of_post("posted_before_age", first, first.start // 100, born + ADULT * 100)
            if began and first.start // 100 < _earliest(began):
                yield _of_post("posted_before_work", first, first.start // 100, _earliest(began))
        now = self.primary(person, self.city.month)
        due = statutory(self, person, now) if now else None
        if due and due[0] <= self.city.month:
            yield _about("past_retirement", person, self.city.month, due[0])

    def _of_party(self, person: str) -> Iterator[Doubt]:
        party, joined, born = self.members[person].party, self.given.joined[person], self.born(person)
        if party is None:
            yield _about("party_missing", person)
        if joined and born and _latest(joined) < born + ADULT * 100:
            yield _about("joined_before_age", person, _latest(joined), born + ADULT * 100)
        if joined and party not in (None, "01", "02", "03"):
            yield _about("joined_but_outside", person, _latest(joined))

    def _of_career(self, person: str) -> Iterator[Doubt]:
        spells = self.spells(person)
        if all(p.start // 100 > self.city.month for p in self.postings[person]):
            yield _about("without_post", person)
        left = max((self._end(p) for p in spells if self._reason(p) in GONE), default=0)
        for place, each in enumerate(spells):
            start, before = each.start // 100, spells[:place]
            until = max((self._end(p) for p in before), default=OPEN)
            if month.between(until, start) > LONGEST_GAP:
                yield _of_post("career_gap", each, start, until)
            rivals = [p for p in before if p.primary and (each.role != "other" or p.role != "other")]
            held = max((self._end(p) for p in rivals), default=0)
            if each.primary and held > start:
                yield _of_post("post_overlap", each, start, held)
            if self._end(each) > self.city.month and start < left:
                yield _of_post("post_open_though_gone", each, start, left)

    def _of_assessments(self, person: str) -> Iterator[Doubt]:
        began = self.given.began[person]
        for who, year in sorted(self.given.assessed):
            if who == person and began and year * 100 + 12 < _earliest(began):
                yield _about("assessed_before_work", person, year * 100 + 12, _earliest(began))
        year = month.last_whole_year(self.city.month)
        end = year * 100 + 12
        known = any(each == year for _, each in self.given.assessed)
        stayed = self._taken_last(person, end) and self._taken_last(person, month.add(end, -LONG_ENOUGH))
        if known and stayed and (person, year) not in self.given.assessed:
            yield _about("assessment_missing", person, end)

    def _reason(self, posting: Posting) -> str | None:
        """Why a post ended, where it was not its unit that ended, and not after the data month."""
        at = posting.end and posting.end // 100
        return self.given.reasons[posting] if at and at == self._end(posting) <= self.city.month else None


def _about(rule: str, person: str, stated: int | None = None, against: int | None = None) -> Doubt:
    return rule, person, None, None, None, stated, against


def _of_post(rule: str, post: Posting, stated: int, against: int) -> Doubt:
    return rule, post.person_id, post.unit_id, post.post, post.start // 100, stated, against


def _earliest(date: int) -> int:
    return date // 100 if date // 100 % 100 else date // 100 + 1


def _latest(date: int) -> int:
    return date // 100 if date // 100 % 100 else date // 100 + 12


def rule(doubts: Doubts, unit: str | None) -> Rows:
    """How many records each rule doubts, of how many people, and of how many in post."""
    of: dict[str, list[str]] = defaultdict(list)
    for name, person, *_ in doubts.found:
        if doubts.lies_in(person, unit):
            of[name].append(person)
    here = len(_in_post(doubts, unit))
    return [
        (
            name,
            len(of[name]),
            len(set(of[name])),
            len(now := _in_post(doubts, unit) & set(of[name])),
            len(now) / here if here else None,
        )
        for name in RULES
    ]


def _in_post(doubts: Doubts, unit: str | None) -> set[str]:
    return {person for person, place in doubts.places.items() if place.in_post and doubts.lies_in(person, unit)}


def person(doubts: Doubts, unit: str | None, doubt: str | None) -> Rows:
    """Whose records are in doubt, those in post first."""
    found = [
        (
            name,
            doubts.places[who].unit,
            who,
            doubts.places[who].in_post,
            at,
            post or doubts.places[who].post,
            start,
            stated,
            against,
        )
        for name, who, at, post, start, stated, against in doubts.found
        if doubt in (None, name) and doubts.lies_in(who, unit)
    ]
    return sorted(
        found,
        key=lambda row: (
            RULES.index(row[0]),
            not row[3],
            str(row[2]),
            row[6] or 0,
            row[5] or "",
            row[7] or 0,
            row[8] or 0,
            row[4] or "",
        ),
    )


def by_unit(doubts: Doubts, unit: str | None, doubt: str | None) -> Rows:
    """Where under a unit records are in doubt."""
    told = []
    for below in doubts.below(unit):
        people = {who for who in doubts.members if doubts.places[who].unit and doubts.lies_in(who, below)}
        found = [who for name, who, *_ in doubts.found if doubt in (None, name) and who in people]
        now = people & _in_post(doubts, below)
        if people:
            amiss = len(now & set(found))
            told.append((below, len(now), amiss, amiss / len(now) if now else None, len(set(found) - now), len(found)))
    return told


def tally(doubts: Doubts, unit: str | None) -> Rows:
    """How many people have a record in doubt."""
    found = [who for _, who, *_ in doubts.found if doubts.lies_in(who, unit)]
    now = _in_post(doubts, unit)
    nowhere = {who for who in found if doubts.places[who].unit is None}
    return [(len(now), len(now & set(found)), len(set(found) - now - nowhere), len(nowhere), len(found))]


RULES = (
    *("birth_missing", "birth_month_missing", "posted_before_age", "past_retirement", "work_start_missing"),
    *("worked_before_age", "posted_before_work", "assessed_before_work", "party_missing", "joined_before_age"),
    *(
        "joined_but_outside",
        "without_post",
        "post_overlap",
        "career_gap",
        "post_open_though_gone",
        "assessment_missing",
    ),
)
QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "rule": (rule, "rule_id records people in_post share"),
    "person": (person, "rule_id unit_id person_id serving at_unit_id post start_month stated_month against_month"),
    "by_unit": (by_unit, "unit_id people in_doubt share gone records"),
    "tally": (tally, "people in_doubt gone unplaced records"),
}
