"""The questions on civil servants with a rank and no leading post, counted in plain Python one person at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from data import month
from tests.counting.age_ladder import BANDS, OPEN, City, Count, Posting, post_line, rules, statutory
from tests.counting.capability import Course
from tests.counting.welfare import Care, Right, hidden

Rows = list[tuple[Any, ...]]

SERIES = {row["rank"]: row["series"] for row in rules("civil_rank") if row["counted"] == "是"}
RULES = sorted(rules("rank_rule"), key=lambda row: int(row["place"]))
ASKED = [(row["aspect"], int(row["least"])) for row in RULES if row["least"]]
CARED_FOR = [row["aspect"] for row in RULES if not row["least"]]
KEPT_AS = ("rank_only", "leading", "others")
GRADED = ("excellent", "competent", "basically", "incompetent")
SIDES = ("all", "band", "body", "level", "series", "sex")
LOWER = {band: lower for band, lower, _ in BANDS}
TIERS = {"township": "township", "county": "county", "county_leadership": "county"}


class Task(NamedTuple):
    """A row of the contract `rank_task`."""

    person_id: str
    task: str
    task_start: int
    task_end: int | None


class Grade(NamedTuple):
    """The columns of the contract `assessment` that count here."""

    person_id: str
    year: int
    kind: str
    occasion: int | None
    grade: str


class Ranks:
    """A city, the ranks its postings carry, and what was reported of its people."""

    def __init__(
        self,
        city: City,
        ranks: dict[Posting, str | None],
        tasks: Iterable[Task],
        grades: Iterable[Grade],
        courses: Iterable[Course],
        care: Care,
    ) -> None:
        """Keep what is given."""
        self.care = care
        self.count, self.ranks, self.last = Count(city), ranks, city.month
        self.tasks, self.grades, self.courses = list(tasks), list(grades), list(courses)

    def end(self, year: int) -> int:
        """The month that says who belongs to a year."""
        return min(year * 100 + 12, self.last)

    def series(self, posting: Posting | None) -> str | None:
        """The series of a post without leadership that carries a counted rank."""
        return SERIES.get(self.ranks[posting] or "") if posting and posting.role == "other" else None

    def people(self, at: int, unit: str | None) -> dict[str, Posting]:
        """Everyone in post with the primary post, by the tree."""
        area = self.count.area(unit)
        posts = {person: self.count.primary(person, at) for person in self.count.members}
        found = {person: post for person, post in posts.items() if post and post.unit_id in area}
        return dict(sorted(found.items(), key=lambda each: (self.count.path(each[1].unit_id), each[0])))

    def ranked(self, at: int, unit: str | None) -> dict[str, Posting]:
        """Those of them with a rank only."""
        return {person: post for person, post in self.people(at, unit).items() if self.series(post)}

    def stepped_down(self, person: str, at: int) -> bool:
        """Whether a leading primary post came before."""
        first = min((p.start // 100 for p in self.count.postings[person]), default=OPEN)
        return any(
            post is not None and post.role != "other"
            for post in (self.count.primary(person, each) for each in _months(first, at))
        )

    def reported(self, aspect: str, year: int) -> bool:
        """Whether anything of the kind was reported of a year by the data month."""
        begun = {
            "task": [task.task_start // 100 for task in self.tasks],
            "training": [course.start // 100 for course in self.courses],
        }.get(aspect, [grade.year * 100 + 1 for grade in self.grades if grade.kind == aspect])
        return any(each // 100 == year and each <= self.last for each in begun)

    def times(self, person: str, aspect: str, year: int) -> int:
        """How much of what is asked somebody had in a year."""
        end = self.end(year)
        if aspect == "task":
            return len(self.running(person, year))
        if aspect == "training":
            own = [each for each in self.courses if each.person_id == person and each.start // 10_000 == year]
            return sum(each.hours for each in own if each.start // 100 <= end)
        return sum(
            each.person_id == person and each.year == year and each.kind == aspect and each.grade in GRADED
            for each in self.grades
        )

    def running(self, person: str, year: int) -> list[Task]:
        """The tasks of somebody that ran in a year."""
        own = [task for task in self.tasks if task.person_id == person and task.task_start // 100 <= self.end(year)]
        return [task for task in own if task.task_end is None or task.task_end // 10_000 >= year]

    def code(self, person: str, post: Posting, side: str, at: int) -> str | None:
        """Which group of a side somebody is of."""
        born = self.count.born(person)
        age = None if born is None else (at - born) // 100
        return {
            "all": "all",
            "band": next((band for band, low, high in BANDS if age is not None and low <= age < high), "unknown"),
            "body": self.count.units[post.unit_id].body,
            "level": post.level or "unknown",
            "series": self.series(post),
            "sex": self.count.members[person].sex,
        }[side]

    def groups(self, people: dict[str, Posting], at: int) -> Iterator[tuple[str, str, list[str]]]:
        """Side, code and people of every group."""
        for side in SIDES:
            codes = {person: self.code(person, post, side, at) for person, post in people.items()}
            known = {code for code in codes.values() if code}
            for code in sorted(known, key=lambda each: (LOWER.get(each, OPEN) if side == "band" else 0, each)):
                yield side, code, [person for person in people if codes[person] == code]


def _months(first: int, last: int) -> Iterator[int]:
    at = first
    while at <= last:
        yield at
        at = month.add(at, 1)


def _named(side: str, code: str, names: Iterable[str]) -> tuple[str | None, ...]:
    """The columns of a group, of which only its side's holds a code; an unknown band says so."""
    return tuple(code if name == side and (code != "unknown" or side == "band") else None for name in names)


def stock(ranks: Ranks, year: int, unit: str | None) -> Rows:
    """How many hold a rank only, of everyone in post."""
    at, rows = ranks.end(year), []
    for side, code, people in ranks.groups(ranks.people(at, unit), at):
        held = [person for person in people if person in ranks.ranked(at, unit)]
        down = sum(ranks.stepped_down(person, at) for person in held)
        of_post = (None, None) if side == "series" else (len(people), len(held) / len(people))
        named = _named(side, code, ("body", "level", "sex", "band", "series"))
        rows.append((side, *named, len(held), down, *of_post))
    return rows


def over_time(ranks: Ranks, unit: str | None) -> Rows:
    """How many hold a rank only at the end of each year, who came and who went."""
    first = min((p.start // 10_000 for p in ranks.count.city.postings), default=OPEN)
    rows: Rows = []
    for year in range(first, ranks.last // 100 + 1):
        now, before = ({*ranks.ranked(at, unit)} for at in (ranks.end(year), (year - 1) * 100 + 12))
        passing = {p for at in _months(year * 100 - 88, ranks.end(year)) for p in ranks.ranked(at, unit)}
        if now | before | passing:
            down = sum(ranks.stepped_down(person, ranks.end(year)) for person in now)
            rows.append((year, ranks.end(year), len(now), down, len(now - before), len(before - now)))
    return rows


def asked(ranks: Ranks, year: int, unit: str | None) -> Rows:
    """How many had what is asked of them."""
    at, rows = ranks.end(year), []
    people = ranks.ranked(at, unit)
    leaders = [person for person, post in ranks.people(at, unit).items() if post.role != "other"]
    for aspect, least in ASKED:
        told = []
        if ranks.reported(aspect, year):
            told = [group for group in ranks.groups(people, at) if group[0] != "series"]
            told += [("leading", "", leaders)] if leaders and aspect != "task" else []
        for side, code, members in sorted(told, key=lambda each: each[0]):
            met = sum(ranks.times(person, aspect, year) >= least for person in members)
            named = _named(side, code, ("body", "level", "sex", "band"))
            rows.append((aspect, side, *named, len(members), met, met / len(members), least, True))
        if not told:
            rows.append((aspect, "all", *[None] * 7, least, ranks.reported(aspect, year)))
    return rows


def task(ranks: Ranks, year: int, unit: str | None) -> Rows:
    """How many have a task of each kind; nothing of a year in which none began."""
    people = ranks.ranked(ranks.end(year), unit)
    kinds = [{each.task for each in ranks.running(person, year)} for person in people]
    held = sorted({kind for each in kinds for kind in each})
    counted = [(kind, sum(kind in each for each in kinds)) for kind in held if ranks.reported("task", year)]
    return [
        (kind, len(people), n, n / len(people)) for kind, n in sorted(counted, key=lambda each: (-each[1], each[0]))
    ]


def by_unit(ranks: Ranks, year: int, unit: str | None) -> Rows:
    """Each unit with somebody who holds a rank only."""
    at, rows = ranks.end(year), []
    people = ranks.ranked(at, unit)
    for code in sorted({post.unit_id for post in people.values()}, key=ranks.count.path):
        own = [person for person, post in people.items() if post.unit_id == code]
        tasked = sum(ranks.times(person, "task", year) >= dict(ASKED)["task"] for person in own)
        known = (tasked, tasked / len(own)) if ranks.reported("task", year) else (None, None)
        down = sum(ranks.stepped_down(person, at) for person in own)
        rows.append((code, ranks.count.units[code].body, len(own), down, *known))
    return sorted(rows, key=lambda row: (OPEN if row[5] is None else row[5], -row[2]))


def ahead(ranks: Ranks, as_of: int, unit: str | None) -> Rows:
    """How many leave leading posts by the next two term changes, and how many will hold a rank only."""
    found: dict[tuple[int, str], list[tuple[int, bool, int | None, int | None]]] = {}
    for person, post in ranks.people(as_of, unit).items():
        line, retires = post_line(ranks.count, person, post), statutory(ranks.count, person, post)
        at_rank, leads = ranks.series(post) is not None, post.role in ("secretary", "chief", "deputy", "member")
        if not at_rank and not leads:
            continue
        place = ranks.count.units[post.unit_id]
        tier = TIERS.get(place.body, "city")
        for turn, term in enumerate(ranks.count.terms(tier, place.organ, as_of)[:2], start=1):
            months = (line and line[0], retires and retires[0])
            found.setdefault((turn, tier), []).append((term.month, leads, *months))
    rows: Rows = []
    for (turn, tier), people in found.items():
        now = [(at, retires) for at, leads, _, retires in people if not leads]
        leaders = [(at, line, retires) for at, leads, line, retires in people if leads]
        retiring = sum(retires is not None and retires <= at for at, retires in now)
        leaving = [(at, retires) for at, line, retires in leaders if line is not None and line <= at]
        gone = sum(retires is not None and retires <= at for at, retires in leaving)
        unknown = sum(retires is None for _, retires in now) + sum(line is None for _, line, _ in leaders)
        ends = [at for at, *_ in people]
        sums = (len(now), retiring, len(leaders), len(leaving), gone, len(now) - retiring + len(leaving) - gone)
        rows.append((tier, turn, min(ends), max(ends), *sums, unknown))
    return sorted(rows, key=lambda row: (row[1], row[2], row[0]))


def care(ranks: Ranks, year: int, min_group: int, unit: str | None) -> Rows:
    """How care is used by those with a rank only, in leading posts, and by all others."""
    rows: Rows = []
    for item in CARED_FOR:
        groups: dict[str, list[Right]] = {}
        for right in ranks.care.rights(year, item, unit):
            kept = "rank_only" if ranks.series(right.post) else "others" if right.post.role == "other" else "leading"
            groups.setdefault(kept, []).append(right)
        small = hidden({kept: len(rights) for kept, rights in groups.items()}, min_group)
        for kept in (each for each in KEPT_AS if each in groups):
            people, full = len(groups[kept]), sum(right.full for right in groups[kept])
            cells = (None, None, None) if kept in small else (people, full, full / people)
            rows.append((item, kept, *cells, kept in small))
    return rows


def idle_person(ranks: Ranks, year: int, unit: str | None) -> Rows:
    """Who had fewer tasks than are asked."""
    least = dict(ASKED)["task"]
    rows: Rows = []
    for person, post in ranks.ranked(ranks.end(year), unit).items():
        if ranks.reported("task", year) and (n := ranks.times(person, "task", year)) < least:
            rows.append((person, post.unit_id, post.post, ranks.ranks[post], n, least))
    return rows


GROUP = "side body level sex band_id"
QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "stock": (stock, f"{GROUP} series people stepped_down in_post share"),
    "over_time": (over_time, "year month people stepped_down came went"),
    "asked": (asked, f"aspect {GROUP} people met share least reported"),
    "task": (task, "task_kind people tasked share"),
    "by_unit": (by_unit, "unit_id body people stepped_down tasked share"),
    "ahead": (
        ahead,
        "tier turn first_month last_month people retiring leaders leaving gone then_people unknown",
    ),
    "care": (care, "item kept_as people full_use share suppressed"),
    "idle_person": (idle_person, "person_id unit_id post rank_zh times least"),
}
