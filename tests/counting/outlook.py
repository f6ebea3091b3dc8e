"""The pool below each target counted in plain Python, one month and one person at a time."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from data import month
from tests.counting.age_ladder import OPEN, City, Count, Posting, Target, post_line, statutory

Rows = list[tuple[Any, ...]]


class Rule(NamedTuple):
    """A row of the contract `promotion_rule`."""

    rule_id: str
    place: int
    bodies: str
    roles: str
    from_bodies: str | None
    from_roles: str
    from_levels: str | None
    months: int | None
    work_months: int | None
    grassroots_rule: str | None
    document: str
    clause: str
    confirmed: str
    valid_from: int
    valid_to: int | None


class Ground(NamedTuple):
    """A row of the contract `rotation_rule` that counts work at the grass roots."""

    rule_id: str
    months: int
    bodies: str
    valid_from: int
    valid_to: int | None


class Standing(NamedTuple):
    """Someone in a post that a rule names: the months there by a date, and the months when what it requires is there.

    What was all there before the month asked is there in that month.
    """

    person: str
    post: Posting
    rule: Rule
    months: int
    served: int | None
    ready: int | None


class Pool:
    """A city with the rules of promotion."""

    def __init__(self, city: City, began: Mapping[str, int | None], rules: list[Rule], grounds: list[Ground]) -> None:
        """`began` holds the date on which each person began work."""
        self.count, self.began, self.grounds = Count(city), began, grounds
        self.rules = sorted(rules, key=lambda rule: (rule.place, rule.rule_id, rule.valid_from))

    def filled(self, until: int, target: str | None = None) -> list[tuple[Target, list[Rule]]]:
        """The targets of a month with the rules that fill their posts."""
        pairs = [(t, [r for r in self.in_force(until) if _fills(r, t)]) for t in self.count.valid(until, target)]
        return [(each, rules) for each, rules in pairs if rules]

    def in_force(self, at: int) -> list[Rule]:
        """The rules of a month; one that names a rule on the grass roots holds only while that does."""
        held = [rule for rule in self.rules if rule.valid_from <= at < (rule.valid_to or OPEN)]
        return [rule for rule in held if rule.grassroots_rule is None or self.ground(rule, at)]

    def ground(self, rule: Rule, at: int) -> Ground | None:
        """What a rule says of the grass roots in a month."""
        named = [each for each in self.grounds if each.rule_id == rule.grassroots_rule]
        return next((each for each in named if each.valid_from <= at < (each.valid_to or OPEN)), None)

    def below(self, target: Target, rules: list[Rule], as_of: int, until: int, unit: str | None) -> list[Standing]:
        """Everyone in a post named who would be in the band at a date; each by the first rule that is met by then."""
        own, area = {person for person, _ in self.count.in_posts(target, as_of)}, self.count.area(unit)
        found = []
        for person in sorted(set(self.count.members) - own):
            post = self.count.primary(person, as_of)
            if post and post.unit_id in area and self.stays_in_band(target, person, post, until):
                named = [self.standing(person, post, rule, as_of, until) for rule in rules if self.names(rule, post)]
                found += sorted(named, key=lambda each: each.ready is None or each.ready > until)[:1]
        return sorted(found, key=lambda each: (self.count.path(each.post.unit_id), each.person))

    def stays_in_band(self, target: Target, person: str, post: Posting, until: int) -> bool:
        """Whether someone has what a target asks for and is below its line at a date, and has not left by then."""
        leaves = [
            line[0] for line in (statutory(self.count, person, post), post_line(self.count, person, post)) if line
        ]
        in_band = self.count.asked(target, person) and self.count.young(target, person, until)
        return in_band and until < min(leaves, default=OPEN)

    def names(self, rule: Rule, post: Posting | None) -> bool:
        """Whether a rule names a post as one to fill from."""
        if post is None:
            return False
        is_so = (self.count.units[post.unit_id].body, post.role, post.level)
        asked = (rule.from_bodies, rule.from_roles, rule.from_levels)
        return all(wanted is None or value in wanted.split("|") for wanted, value in zip(asked, is_so, strict=True))

    def standing(self, person: str, post: Posting, rule: Rule, as_of: int, until: int) -> Standing:
        """What someone has who stays from a month on."""
        there = [at for at in self.before(as_of) if self.names(rule, self.count.primary(person, at))]
        served = _full(there, rule.months, as_of) if rule.months else None
        full = [served or as_of]
        if rule.work_months:
            began = self.began[person]
            full.append(OPEN if began is None else month.add(_month(began), rule.work_months))
        if ground := self.ground(rule, until):
            full.append(self.grounded(person, post, ground, as_of))
        ready = max(as_of, *full)
        months = len(there) + month.between(as_of, until)
        return Standing(person, post, rule, months, served, None if ready == OPEN else ready)

    def grounded(self, person: str, post: Posting, ground: Ground, as_of: int) -> int:
        """The month in which the months at the grass roots are full; never, where those who do not lead are asked."""
        lacking = ground.months - sum(self.at_grassroots(person, ground, at) for at in self.before(as_of))
        if post.role == "other" or (lacking > 0 and not self.at_grassroots(person, ground, as_of)):
            return OPEN
        return month.add(as_of, max(0, lacking))

    def at_grassroots(self, person: str, ground: Ground, at: int) -> bool:
        """Whether any post of someone in a month is at the grass roots."""
        return any(self.count.units[p.unit_id].body in ground.bodies.split("|") for p in self.count.held(person, at))

    def before(self, as_of: int) -> list[int]:
        """Every month before one, from that of the first posting."""
        first = min((p.start // 100 for p in self.count.city.postings), default=as_of)
        return [month.add(first, step) for step in range(month.between(first, as_of))]


def _fills(rule: Rule, target: Target) -> bool:
    return target.body in rule.bodies.split("|") and bool(set(rule.roles.split("|")) & set(target.roles.split("|")))


def _full(there: list[int], required: int, as_of: int) -> int:
    """The month after the last of those required, where every month from one on counts."""
    return month.add(there[required - 1], 1) if len(there) >= required else month.add(as_of, required - len(there))


def _month(day: int) -> int:
    return max(day // 100, day // 10_000 * 100 + 1)


def pool(asked: Pool, as_of: int, until: int, unit: str | None) -> Rows:
    """How many people stand below each target, and how many of them have the time required by a date."""
    rows = []
    for target, rules in asked.filled(until):
        people = asked.below(target, rules, as_of, until, unit)
        ready = sum(each.ready is not None and each.ready <= until for each in people)
        clauses = "；".join(sorted({rule.clause for rule in rules}))
        behind = {rule.confirmed for rule in rules}
        rows.append((target.target_id, len(people), ready, clauses, "to_confirm" if "to_confirm" in behind else "law"))
    return rows


def pool_person(asked: Pool, as_of: int, until: int, target: str, unit: str | None) -> Rows:
    """Who stands below a target, and when all that is required is there."""
    return [
        (
            each.person,
            each.post.unit_id,
            each.post.post,
            each.post.start // 100,
            each.months,
            each.rule.months,
            each.served,
            each.ready,
            _line(asked.count, row, each.person),
            each.rule.rule_id,
            each.rule.clause,
        )
        for row, rules in asked.filled(until, target)
        for each in asked.below(row, rules, as_of, until, unit)
    ]


def _line(count: Count, target: Target, person: str) -> int | None:
    born = count.born(person)
    return born + 100 * target.upper_age if born and target.upper_age else None


QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "outlook/pool": (pool, "target_id people ready clause confirmed"),
    "outlook/pool_person": (
        pool_person,
        "person_id unit_id post start_month months required served_month ready_month line_month rule_id clause",
    ),
}
