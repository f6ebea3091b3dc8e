"""The questions on training and on what duties ask of teams, counted in plain Python one person at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from data import month
from tests.counting.age_ladder import BANDS, OPEN, City, Count, Posting, rules

Rows = list[tuple[Any, ...]]

HOURS = [row for row in rules("training_rule") if row["basis"] == "hours"]
SILENCE = [row for row in rules("training_rule") if row["basis"] == "silence"]
KINDS = [row["kind"] for row in sorted(rules("training_kind"), key=lambda row: int(row["place"]))]
SIDES = ("all", "band", "body", "level", "sex")
LOWER = {band: lower for band, lower, _ in BANDS}


class Course(NamedTuple):
    """A row of the contract `training`."""

    person_id: str
    kind: str
    start: int
    hours: int


class Skill(NamedTuple):
    """A row of the contract `expertise`."""

    person_id: str
    field: str
    basis: str


class Need(NamedTuple):
    """A row of the contract `duty_need`."""

    rule_id: str
    place: int
    bodies: str
    organs: str | None
    unit_word: str | None
    roles: str
    field: str
    basis: str | None
    people: int
    valid_from: int
    valid_to: int | None


class Ability:
    """A city, the training taken in it, the fields of its people and what duties ask."""

    def __init__(self, city: City, courses: Iterable[Course], skills: Iterable[Skill], needs: Iterable[Need]) -> None:
        """Keep what is given; of courses only those that had begun."""
        self.count, self.needs = Count(city), sorted(needs, key=lambda need: need.place)
        self.courses = [course for course in courses if course.start // 100 <= city.month]
        self.skills = list(skills)
        self.years = sorted({course.start // 10_000 for course in self.courses})

    def end(self, year: int) -> int:
        """The month that says who belongs to a year."""
        return min(year * 100 + 12, self.count.city.month)

    def people(self, year: int, unit: str | None) -> dict[str, Posting]:
        """Everyone in post at the end of a year of which training was reported, with the primary post, by the tree."""
        area = self.count.area(unit)
        posts = {p: self.count.primary(p, self.end(year)) for p in self.count.members if year in self.years}
        found = {person: post for person, post in posts.items() if post and post.unit_id in area}
        return dict(sorted(found.items(), key=lambda each: (self.count.path(each[1].unit_id), each[0])))

    def taken(self, person: str, first: int, last: int) -> list[Course]:
        """The courses of someone that began in these months."""
        return [c for c in self.courses if c.person_id == person and first <= c.start // 100 <= last]

    def hours(self, person: str, rule: dict[str, str], year: int) -> int:
        """The hours of the kinds that a rule counts, within its years."""
        kinds = rule["kinds"].split("|")
        own = self.taken(person, (year - int(rule["years"]) + 1) * 100 + 1, self.end(year))
        return sum(course.hours for course in own if course.kind in kinds)

    def code(self, person: str, post: Posting, side: str, year: int) -> str:
        """Which band, body, level or sex someone is of."""
        if side == "band":
            born = self.count.born(person)
            age = None if born is None else (self.end(year) - born) // 100
            return next((band for band, low, high in BANDS if age is not None and low <= age < high), "unknown")
        return {
            "all": "all",
            "body": self.count.units[post.unit_id].body,
            "level": post.level or "unknown",
            "sex": self.count.members[person].sex,
        }[side]

    def groups(self, people: dict[str, Posting], year: int) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        """Each group by which people are told apart, as it stands in a row, with its people."""
        for side in SIDES:
            groups: dict[str, list[str]] = defaultdict(list)
            for person, post in people.items():
                groups[self.code(person, post, side, year)].append(person)
            for code in sorted(groups, key=lambda each: (LOWER.get(each, OPEN) if side == "band" else 0, each)):
                named = (code if each == side and code != "unknown" else None for each in ("body", "level", "sex"))
                yield (side, *named, code if side == "band" else None), groups[code]

    def asked(self, rule: dict[str, str], year: int, unit: str | None) -> dict[str, Posting]:
        """Of whom a rule asks its hours."""
        levels = rule["levels"].split("|") if rule["levels"] else None
        people = self.people(year, unit)
        return {p: post for p, post in people.items() if levels is None or post.level in levels}

    def reported(self, years: int, year: int) -> int:
        """Of how many of so many years up to this one training was reported."""
        return sum(year - years < each <= year for each in self.years)

    def quiet(self, rule: dict[str, str], year: int, unit: str | None) -> tuple[dict[str, Posting], set[str]]:
        """Who has been in post for a rule's years, and who of them had nothing in them; nobody where years lack."""
        if year not in self.years:
            return {}, set()
        since = month.add(self.end(year), 1 - 12 * int(rule["years"]))
        if not {*range(since // 100, year + 1)} <= {*self.years}:
            return {}, set()
        people = {p: post for p, post in self.people(year, unit).items() if self.entered(p) <= since}
        return people, {person for person in people if not self.taken(person, since, self.end(year))}

    def entered(self, person: str) -> int:
        """The month in which someone's first primary post began."""
        return next(
            at
            for at in month_by_month(self.count.postings[person], self.count.city.month)
            if self.count.primary(person, at)
        )

    def has(self, person: str, need: Need, at: int) -> bool:
        """Whether someone has studied or worked in the field that is asked for."""
        told = any(
            s.person_id == person and s.field == need.field and need.basis in (None, s.basis) for s in self.skills
        )
        worked = need.field == "township" and need.basis in (None, "work")
        months = month_by_month(self.count.postings[person], min(at, self.count.city.month))
        return told or (worked and any(self._in_township(person, each) for each in months))

    def _in_township(self, person: str, at: int) -> bool:
        return any(self.count.units[post.unit_id].body == "township" for post in self.count.held(person, at))

    def teams(self, as_of: int, unit: str | None) -> Iterator[tuple[Need, str, tuple[int, ...]]]:
        """Each unit that is asked for a field: people, with it, lacking, lacking at least, of whom nothing is known."""
        told = {skill.person_id for skill in self.skills}
        for need in self.needs:
            for code in sorted(self.count.area(unit), key=self.count.path):
                if need.valid_from <= as_of < (need.valid_to or OPEN) and self._meant(need, code, as_of):
                    posts = {p: self.count.primary(p, as_of) for p in self.count.members}
                    team = [
                        p for p, post in posts.items()
                        if post and post.unit_id == code and post.role in need.roles.split("|")
                    ]  # fmt: skip
                    have = [p for p in team if self.has(p, need, as_of)]
                    silent = {*team} - {*have} - told
                    lacking = max(need.people - len(have), 0)
                    least = max(need.people - len(have) - len(silent), 0)
                    yield need, code, (len(team), len(have), lacking, least, len(silent))

    def _meant(self, need: Need, code: str, as_of: int) -> bool:
        """Whether a unit, named as its code, stands and is asked."""
        unit = self.count.units[code]
        stands = (unit.valid_from or 0) <= as_of < (unit.valid_to or OPEN)
        kind = unit.body in need.bodies.split("|") and (not need.organs or unit.organ in need.organs.split("|"))
        return stands and kind and (need.unit_word or "") in code


def month_by_month(postings: Iterable[Posting], last: int) -> Iterator[int]:
    """Every month from the first posting's to a last one."""
    at = min((posting.start // 100 for posting in postings), default=OPEN)
    while at <= last:
        yield at
        at = month.add(at, 1)


def years(ability: Ability) -> Rows:
    """The years of which training was reported."""
    return [(year, ability.end(year)) for year in ability.years]


def hours(ability: Ability, year: int, unit: str | None) -> Rows:
    """How many had the hours asked of them."""
    rows: Rows = []
    for rule in HOURS:
        for group, people in ability.groups(ability.asked(rule, year, unit), year):
            taken = [ability.hours(person, rule, year) for person in people]
            asked, back = int(rule["hours"]), int(rule["years"])
            met = sum(each >= asked for each in taken)
            told = (met / len(people), sum(taken) / len(people), asked, back, ability.reported(back, year))
            rows.append((rule["rule_id"], *group, len(people), met, *told))
    return rows


def reach(ability: Ability, year: int, unit: str | None) -> Rows:
    """How many took training of each kind."""
    rows: Rows = []
    for kind in KINDS:
        for group, people in ability.groups(ability.people(year, unit), year):
            own = [[c for c in ability.taken(p, year * 100 + 1, ability.end(year)) if c.kind == kind] for p in people]
            reached, times = sum(map(bool, own)), sum(map(len, own))
            told = (len(people), reached, reached / len(people), times, sum(c.hours for each in own for c in each))
            rows.append((kind, *group, *told))
    return rows


def over_time(ability: Ability, unit: str | None) -> Rows:
    """How many had the hours asked of them, year by year."""
    rows: Rows = []
    for rule in HOURS:
        back = int(rule["years"])
        for year in ability.years:
            if year * 100 + 12 < month.parse(rule["valid_from"]):
                continue
            people = ability.asked(rule, year, unit)
            met = sum(ability.hours(person, rule, year) >= int(rule["hours"]) for person in people)
            if people:
                told = (len(people), met, met / len(people), back, ability.reported(back, year))
                rows.append((rule["rule_id"], year, ability.end(year), *told))
    return rows


def silent(ability: Ability, year: int, unit: str | None) -> Rows:
    """How many had no training for a rule's years."""
    rows: Rows = []
    for rule in SILENCE:
        people, without = ability.quiet(rule, year, unit)
        for group, members in ability.groups(people, year):
            none = len(without.intersection(members))
            rows.append((rule["rule_id"], int(rule["years"]), *group, len(members), none, none / len(members)))
    return rows


def silent_person(ability: Ability, year: int, unit: str | None) -> Rows:
    """Who had no training for a rule's years."""
    rows: Rows = []
    for rule in SILENCE:
        people, without = ability.quiet(rule, year, unit)
        for person, post in people.items():
            if person in without:
                last = max((c.start // 100 for c in ability.taken(person, 0, ability.end(year))), default=None)
                told = (post.unit_id, post.post, post.level, ability.entered(person), last)
                rows.append((rule["rule_id"], person, *told))
    return rows


def need(ability: Ability, as_of: int, unit: str | None) -> Rows:
    """How many teams have the people that their duties ask for."""
    groups: dict[tuple[Any, ...], list[tuple[int, ...]]] = defaultdict(list)
    for asked, code, told in ability.teams(as_of, unit):
        groups[asked, ability.count.units[code].body].append(told)
    rows: Rows = []
    for (asked, body), teams in sorted(groups.items(), key=lambda each: (each[0][0].place, each[0][1])):
        met = sum(lacking == 0 for _, _, lacking, _, _ in teams)
        sums = tuple(sum(team[place] for team in teams) for place in (2, 3, 4))
        named = (asked.rule_id, body, asked.field, asked.basis, asked.people)
        rows.append((*named, len(teams), met, met / len(teams), *sums))
    return rows


def need_unit(ability: Ability, as_of: int, unit: str | None) -> Rows:
    """Which teams lack people."""
    found = [(asked, code, told) for asked, code, told in ability.teams(as_of, unit) if told[2] > 0]
    return [
        (asked.rule_id, code, ability.count.units[code].body, asked.field, asked.basis, asked.people, *told)
        for asked, code, told in sorted(found, key=lambda each: -each[2][2])
    ]


GROUP = "side body level sex band_id"
TEAM = "lacking lacking_least unknown"
QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "years": (years, "year month"),
    "hours": (hours, f"rule_id {GROUP} people met share hours asked span reported"),
    "reach": (reach, f"course {GROUP} people taken share times hours"),
    "over_time": (over_time, "rule_id year month people met share span reported"),
    "silent": (silent, f"rule_id span {GROUP} people silent share"),
    "silent_person": (silent_person, "rule_id person_id unit_id post level first_month last_month"),
    "need": (need, f"rule_id body field known_by needed teams met share {TEAM}"),
    "need_unit": (need_unit, f"rule_id unit_id body field known_by needed team have {TEAM}"),
}
