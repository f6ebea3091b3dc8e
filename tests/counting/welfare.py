"""The questions on welfare and care, counted in plain Python one person and one year at a time."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from data import month
from models import rates
from tests.counting.age_ladder import BANDS, OPEN, City, Count, Posting, rules

Rows = list[tuple[Any, ...]]

ITEMS = [row["item"] for row in sorted(rules("welfare_item"), key=lambda row: int(row["place"]))]
COUNTED_IN = {row["item"]: row["counted_in"] for row in rules("welfare_item")}
CLAIM = {row["item"]: row["claim"] for row in rules("welfare_item")}
BY_RULE = {row["item"] for row in rules("welfare_item") if row["basis"] == "rule"}
RIGHTS = [row for row in rules("welfare_entitlement") if row["kind"] == "right"]
PERCENT = {row["kind"]: int(row["amount"]) for row in rules("welfare_entitlement") if row["kind"].endswith("pay")}
ROUNDS = [row for row in rules("talk_rule") if row["kind"] == "round"]
DAYS = {row["trigger"]: int(row["days"]) for row in rules("talk_rule") if row["kind"] == "trigger"}
WIDEST = min(int(row["widest"]) for row in rules("disclosure")) / 100
SIDES = ("band", "body", "level", "sex")
LOWER = {band: lower for band, lower, _ in BANDS}


class Use(NamedTuple):
    """A row of the contract `welfare_use`."""

    person_id: str
    year: int
    item: str
    number: int
    entitled: int | None
    used: int
    date: int | None
    excluded: bool
    trigger: str | None
    trigger_date: int | None


class Right(NamedTuple):
    """What someone was entitled to of an item in a year, and used."""

    person: str
    post: Posting
    entitled: int
    stored: int | None
    used: int
    rule: str | None
    done: int | None

    @property
    def full(self) -> bool:
        """Whether all of it was used."""
        return self.used >= self.entitled


class Care:
    """A city and what was used in it."""

    def __init__(self, city: City, began: Mapping[str, int | None], uses: Iterable[Use]) -> None:
        """`began` holds the date on which each person began work."""
        self.count, self.began = Count(city), began
        self.uses: dict[tuple[str, int, str], list[Use]] = defaultdict(list)
        for use in uses:
            self.uses[use.person_id, use.year, use.item].append(use)
        self.known = {(year, item) for _, year, item in self.uses}
        self.years = sorted({year for year, _ in self.known if year * 100 + 1 <= city.month})

    def end(self, year: int) -> int:
        """The month that says who belongs to a year."""
        return min(year * 100 + 12, self.count.city.month)

    def people(self, year: int, unit: str | None) -> dict[str, Posting]:
        """Everyone in post at the end of a year of which anything is known, with the primary post."""
        area = self.count.area(unit)
        posts = {p: self.count.primary(p, self.end(year)) for p in self.count.members if year in self.years}
        return {person: post for person, post in posts.items() if post and post.unit_id in area}

    def rights(self, year: int, item: str, unit: str | None) -> list[Right]:
        """What everyone was entitled to of an item in a year; nobody who was not, nor where nobody's was reported."""
        if (year, item) not in self.known:
            return []
        found = [self.right(person, post, year, item) for person, post in self.people(year, unit).items()]
        return [right for right in found if right.entitled > 0]

    def silent(self, year: int, item: str, unit: str | None, side: str, code: str) -> int:
        """How many there are in a group of whom neither the rule nor the file tells what they may take."""
        if item != "leave" or (year, item) not in self.known:
            return 0
        people = [
            (person, post) for person, post in self.people(year, unit).items() if self.worked(person, year) is None
        ]
        found = [self.right(person, post, year, item) for person, post in people]
        open_ = [right for right in found if right.stored is None and right.rule is None]
        return sum(side == "all" or self.told_apart(right, year)[side] == code for right in open_)

    def worked(self, person: str, year: int) -> int | None:
        """Years (hundreds) and months of work by December, as a difference of YYYYMM."""
        began = self.began[person]
        return None if began is None else year * 100 + 12 - max(began // 100, began // 10_000 * 100 + 1)

    def in_order(self, rights: Iterable[Right]) -> list[Right]:
        """In the order of the tree, then of the codes."""
        return sorted(rights, key=lambda right: (self.count.path(right.post.unit_id), right.person))

    def told_apart(self, right: Right, year: int) -> dict[str, str]:
        """Which band, body, level and sex someone is of."""
        born = self.count.born(right.person)
        age = None if born is None else (self.end(year) - born) // 100
        return {
            "band": next((band for band, low, high in BANDS if age is not None and low <= age < high), "unknown"),
            "body": self.count.units[right.post.unit_id].body,
            "level": right.post.level or "unknown",
            "sex": self.count.members[right.person].sex,
        }

    def right(self, person: str, post: Posting, year: int, item: str) -> Right:
        """What someone in a post was entitled to of an item in a year, and used."""
        uses = self.uses[person, year, item]
        stored = max((use.entitled for use in uses if use.entitled is not None), default=None)
        entitled, rule = self._entitled(person, post, year, item)
        if item == "leave" and any(use.excluded for use in uses):
            entitled, rule = 0, "leave_excluded"
        used = sum(use.used for use in uses)
        if entitled is None and item not in BY_RULE and stored is None:
            entitled = used
        if entitled is None:
            entitled = stored or 0
        return Right(person, post, entitled, stored, used, rule, self._done(uses, entitled, year))

    def _entitled(self, person: str, post: Posting, year: int, item: str) -> tuple[int | None, str | None]:
        """By rule; None where only the file can tell."""
        worked = self.worked(person, year)
        if item not in BY_RULE or (item == "leave" and worked is None):
            return None, None
        if item == "talk":
            fit = [r for r in ROUNDS if post.level in r["levels"].split("|") and post.role in r["roles"].split("|")]
            return (int(fit[0]["times"]), fit[0]["rule_id"]) if fit else (0, None)
        body = self.count.units[post.unit_id].body
        fit = [r for r in RIGHTS if r["item"] == item and (not r["bodies"] or body in r["bodies"].split("|"))]
        fit = [r for r in fit if not r["years_from"] or (worked or 0) > 100 * int(r["years_from"])]
        fit = [r for r in fit if not r["years_to"] or (worked or 0) <= 100 * int(r["years_to"])]
        return (int(fit[0]["amount"]), fit[0]["rule_id"]) if fit else (0, None)

    def _done(self, uses: list[Use], entitled: int, year: int) -> int | None:
        """The month, within the year, in which all of it was used; use without a date comes last."""
        used = 0
        for use in sorted(uses, key=lambda use: (use.date or OPEN * 100, use.number)):
            used += use.used
            if use.used and used >= entitled > 0:
                return max(year * 100 + 1, min((use.date or OPEN * 100) // 100, self.end(year)))
        return None


def without_right(care: Care) -> set[str]:
    """Whose use of an item no answer counts; a talk outside the yearly round is nothing amiss."""
    return {
        f"{person} {year} {item}"
        for year in care.years
        for person, post in care.people(year, None).items()
        for item in ITEMS
        if item != "talk"
        and care.right(person, post, year, item).entitled == 0 < care.right(person, post, year, item).used
    }


def hidden(sizes: Mapping[Any, int], least: int) -> set[Any]:
    """Groups that are too few, and the next smallest until two are hidden and together they are enough."""
    small = {group for group, people in sizes.items() if people < least}
    for group in sorted(sizes, key=lambda group: (sizes[group], group)) if small else ():
        if len(small) < 2 or sum(sizes[each] for each in small) < least:
            small.add(group)
    return small


def wilson(hits: int, people: int) -> tuple[float | None, float | None]:
    """Both ends of the interval; None where there is nobody."""
    return tuple(map(float, rates.wilson(hits, people))) if people else (None, None)  # type: ignore[return-value]


def compared(hits: int, people: int, other_hits: int, others: int) -> tuple[Any, ...]:
    """Difference, interval and finding."""
    low, high = map(float, rates.newcombe(hits, people, other_hits, others))
    finding = "higher" if low > 0 else "lower" if high < 0 else "too_few" if high - low > WIDEST else "alike"
    return hits / people - other_hits / others, low, high, finding


def _grouped(care: Care, rights: list[Right], year: int, side: str) -> dict[str, list[Right]]:
    groups: dict[str, list[Right]] = defaultdict(list)
    for right in rights:
        groups[care.told_apart(right, year)[side]].append(right)
    order = sorted(groups, key=lambda code: (LOWER.get(code, OPEN) if side == "band" else 0, code))
    return {code: groups[code] for code in order}


def _named(side: str, code: str) -> tuple[str | None, ...]:
    codes = (code if each == side and code != "unknown" else None for each in ("body", "level", "sex"))
    return (*codes, code if side == "band" else None)


def uptake(care: Care, year: int, min_group: int, item: str | None, unit: str | None) -> Rows:
    """Who used all of each item, by group."""
    rows = []
    for each in [item] if item else ITEMS:
        rights = care.rights(year, each, unit)
        for side in ("all", *SIDES):
            groups = _grouped(care, rights, year, side) if side != "all" else {"all": rights} if rights else {}
            small = hidden({code: len(of) for code, of in groups.items()}, min_group)
            rows += [
                (
                    *(each, COUNTED_IN[each], CLAIM[each], side, *_named(side, code)),
                    *_bounds(of, care.silent(year, each, unit, side, code), code in small),
                    *_cells(of, code in small),
                )
                for code, of in groups.items()
            ]
    return rows


def _bounds(rights: list[Right], silent: int, small: bool) -> tuple[int | float | None, ...]:
    """Of how many it is not known what they may take, and the shares, each being entitled or not, used or not."""
    if small:
        return (None,) * 3
    full = sum(right.full for right in rights)
    ways = [(full + used) / (len(rights) + more) for more in range(silent + 1) for used in range(more + 1)]
    return silent, min(ways), max(ways)


def _cells(rights: list[Right], small: bool) -> tuple[Any, ...]:
    if small:
        return (*(None,) * 7, True)
    people, full = len(rights), sum(right.full for right in rights)
    days = sum(right.entitled for right in rights), sum(min(right.used, right.entitled) for right in rights)
    return people, full, full / people, *wilson(full, people), *days, False


def owed(care: Care, year: int, min_group: int, level: str | None, sex: str | None, unit: str | None) -> Rows:
    """How many people are owed how many days."""
    rights = _of(care, care.rights(year, "leave", unit), level, sex)
    ladder = Counter(max(right.entitled - right.used, 0) for right in rights)
    small = hidden(ladder, min_group)
    return [
        (days, None if days in small else ladder[days], *_pay(days), days in small)
        for days in sorted(ladder)
    ]  # fmt: skip


def _pay(days: int) -> tuple[float, float]:
    return days * PERCENT["pay"] / 100, days * PERCENT["extra_pay"] / 100


def _of(care: Care, rights: list[Right], level: str | None, sex: str | None) -> list[Right]:
    sexes = {person: member.sex for person, member in care.count.members.items()}
    return [r for r in rights if level in (None, r.post.level) and sex in (None, sexes[r.person])]


def owed_person(care: Care, year: int, min_group: int, level: str | None, sex: str | None, unit: str | None) -> Rows:
    """Who is owed leave."""
    rights = care.in_order(_of(care, care.rights(year, "leave", unit), level, sex))
    rights = sorted((r for r in rights if not r.full), key=lambda r: r.used - r.entitled)
    return [
        (r.person, r.post.unit_id, r.post.post, r.post.level, *_days(care, r, year)) for r in rights if min_group <= 1
    ]


def _days(care: Care, right: Right, year: int) -> tuple[Any, ...]:
    days = right.entitled - right.used
    return _years(care, right.person, year), right.entitled, right.stored, right.used, days, *_pay(days)


def _years(care: Care, person: str, year: int) -> int | None:
    worked = care.worked(person, year)
    return None if worked is None else (worked - 1) // 100


def funnel(care: Care, year: int, item: str, min_group: int, body: str | None, unit: str | None) -> Rows:
    """How many used all of it in each unit."""
    units: dict[tuple[str, ...], list[Right]] = defaultdict(list)
    for right in care.rights(year, item, unit):
        if body in (None, care.count.units[right.post.unit_id].body):
            units[care.count.path(right.post.unit_id)].append(right)
    small = hidden({path: len(of) for path, of in units.items()}, min_group)
    return [(path[-1], *_cells(units[path], path in small)[:3], path in small) for path in sorted(units)]


def trend(care: Care, item: str, min_group: int, unit: str | None) -> Rows:
    """How many had used all of it by each month."""
    rows: Rows = []
    for year in care.years:
        rights = care.rights(year, item, unit)
        for at in _months(care, year) if rights else ():
            rows.append((at, year, *_by(rights, at, len(rights) < min_group)))
    return rows


def _months(care: Care, year: int) -> list[int]:
    calendar = care.count.calendar
    return [at for at in range(year * 100 + 1, care.end(year) + 1) if at in calendar]


def _by(rights: list[Right], at: int, small: bool) -> tuple[Any, ...]:
    if small:
        return (*(None,) * 5, True)
    done = sum(right.done is not None and right.done <= at for right in rights)
    return len(rights), done, done / len(rights), *wilson(done, len(rights)), False


def talk(care: Care, year: int, min_group: int, unit: str | None) -> Rows:
    """How many had been talked to by each month."""
    rights = care.rights(year, "talk", unit)
    rounds = {rule["rule_id"]: [r for r in rights if r.rule == rule["rule_id"]] for rule in ROUNDS}
    rounds = {rule: of for rule, of in rounds.items() if of}
    small = any(len(of) < min_group for of in rounds.values())
    return [(rule, at, *_by(of, at, small)) for rule, of in rounds.items() for at in _months(care, year)]


def talk_overdue(care: Care, year: int, min_group: int, level: str | None, sex: str | None, unit: str | None) -> Rows:
    """Who was not talked to."""
    late = [r for r in care.rights(year, "talk", unit) if not r.full]
    return [
        (r.person, r.post.unit_id, r.post.post, r.post.level, _last_talk(care, r.person, year))
        for r in care.in_order(_of(care, late, level, sex))
        if min_group <= 1
    ]


def _last_talk(care: Care, person: str, year: int) -> int | None:
    """Of the years up to this one in which the person was in post."""
    years = [each for each in care.years if each <= year and person in care.people(each, None)]
    dates = [use.date for each in years for use in care.uses[person, each, "talk"] if use.used and use.date]
    return max(dates, default=None)


def talk_trigger(care: Care, year: int, min_group: int, unit: str | None) -> Rows:
    """How the calls for a talk were answered."""
    called: dict[str, list[str]] = defaultdict(list)
    for person in care.people(year, unit):
        for use in care.uses[person, year, "talk"]:
            if use.trigger:
                called[use.trigger].append(_outcome(care, use))
    small = hidden({trigger: len(of) for trigger, of in called.items()}, min_group)
    return [
        (trigger, DAYS[trigger], *((None,) * 9 if trigger in small else _answers(called[trigger])), trigger in small)
        for trigger in DAYS
        if trigger in called
    ]


def _answers(outcomes: list[str]) -> tuple[Any, ...]:
    told = [outcomes.count(name) for name in ("in_time", "late", "missed", "undated", "waiting")]
    cases = sum(told[:3])
    return cases, *told, told[0] / cases if cases else None, *wilson(told[0], cases)


def _outcome(care: Care, use: Use) -> str:
    assert use.trigger
    assert use.trigger_date
    after, allowed = first_day(month.add(care.count.city.month, 1) * 100 + 1), DAYS[use.trigger]
    called = (first_day(use.trigger_date), last_day(use.trigger_date))
    if use.used and not use.date:
        return "undated"
    if use.used and use.date:
        gaps = range((first_day(use.date) - called[1]).days, (last_day(use.date) - called[0]).days + 1)
        if all(0 <= gap <= allowed for gap in gaps):
            return "in_time"
        if all(gap > allowed for gap in gaps):
            return "late"
        if any(gap >= 0 for gap in gaps):
            return "undated"
    return "missed" if (after - called[1]).days > allowed else "waiting"


def first_day(written: int) -> date:
    """The first day that a date may mean, of which parts may be unknown."""
    return date(written // 10_000, max(written // 100 % 100, 1), max(written % 100, 1))


def last_day(written: int) -> date:
    """The last day that it may mean."""
    day, whole = first_day(written), written % 100
    while not whole and (day + timedelta(1)).year == day.year:
        if written // 100 % 100 and (day + timedelta(1)).month != day.month:
            break
        day += timedelta(1)
    return day


def township(care: Care, year: int, min_group: int, unit: str | None) -> Rows:
    """Townships beside county departments."""
    return [row for item in ITEMS for row in _side_by_side(care, care.rights(year, item, unit), year, item, min_group)]


def _side_by_side(care: Care, rights: list[Right], year: int, item: str, least: int) -> Rows:
    cells: dict[str, dict[str, list[Right]]] = defaultdict(lambda: {"township": [], "county_department": []})
    for right in rights:
        of = care.told_apart(right, year)
        if of["body"] in ("township", "county_department"):
            cells[of["level"]][of["body"]].append(right)
    pairs = {
        level: (_full(of["township"]), _full(of["county_department"])) for level, of in cells.items() if of["township"]
    }
    sizes = {level: min(n for n, _ in pair if n) for level, pair in pairs.items()}
    small = hidden(sizes, least)
    return [
        (item, CLAIM[item], None if level == "unknown" else level, *_pair(*pairs[level], level in small))
        for level in sorted(pairs)
    ]


def _full(rights: list[Right]) -> tuple[int, int]:
    return len(rights), sum(right.full for right in rights)


def _pair(one: tuple[int, int], other: tuple[int, int], small: bool) -> tuple[Any, ...]:
    if small:
        return (*(None,) * 10, True)
    (people, full), (others, other_full) = one, other
    beside = (other_full / others, *compared(full, people, other_full, others)) if others else (None,) * 5
    return people, full, full / people, others, other_full, *beside, False


def gap(care: Care, year: int, item: str, min_group: int, unit: str | None) -> Rows:
    """Each group beside all others."""
    rights = care.rights(year, item, unit)
    return [
        (side, *_named(side, code), *_beside(of, rights, code in small))
        for side in SIDES
        for groups in [_grouped(care, rights, year, side)]
        for small in [hidden({code: len(of) for code, of in groups.items()}, min_group)]
        for code, of in groups.items()
        if len(of) < len(rights)
    ]


def _beside(of: list[Right], rights: list[Right], small: bool) -> tuple[Any, ...]:
    if small:
        return (*(None,) * 9, True)
    (people, full), (whole, whole_full) = _full(of), _full(rights)
    others, other_full = whole - people, whole_full - full
    found = compared(full, people, other_full, others)
    return people, full, full / people, others, other_full / others, *found, False


QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "uptake": (
        uptake,
        (
            "item counted_in claim side body level sex band_id unknown share_low share_high"
            " people full_use share low high entitled used suppressed"
        ),
    ),
    "owed": (owed, "owed people pay extra_pay suppressed"),
    "owed_person": (
        owed_person,
        "person_id unit_id post level years entitled stored used owed pay extra_pay",
    ),
    "funnel": (funnel, "unit_id people full_use share suppressed"),
    "trend": (trend, "month year people full_use share low high suppressed"),
    "talk": (talk, "rule_id month people full_use share low high suppressed"),
    "talk_overdue": (talk_overdue, "person_id unit_id post level last_date"),
    "talk_trigger": (
        talk_trigger,
        "trigger days cases in_time late missed undated waiting share low high suppressed",
    ),
    "township": (
        township,
        "item claim level people full_use share others other_use other_share points_ahead low high finding suppressed",
    ),
    "gap": (
        gap,
        "side body level sex band_id people full_use share others other_share points_ahead low high finding suppressed",
    ),
}
