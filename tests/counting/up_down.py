"""Up and down and protection counted in plain Python, one month, one decision and one stage at a time."""

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Any, NamedTuple

from data import month
from tests.counting.age_ladder import OPEN, City, Count, Posting, rules
from tests.counting.welfare import Use, first_day, hidden, last_day, wilson

Rows = list[tuple[Any, ...]]

REASONS = {row["reason"]: row["trigger"] for row in sorted(rules("down_reason"), key=lambda row: int(row["place"]))}
EFFECTS = sorted(rules("effect_rule"), key=lambda row: int(row["place"]))
STAGES = sorted(rules("protection_rule"), key=lambda row: int(row["place"]))
DAYS = {row["trigger"]: int(row["days"]) for row in rules("talk_rule") if row["kind"] == "trigger"}
TRIGGERS = ("held_to_account", "cleared")
KINDS = ("tolerance", "correction", "clearing")
IN_POST = ("admonished", "warned", "demerit", "major_demerit")
DIRECTIONS = ("up", "sideways", "down", "aside", "out", "unknown")
FAR = 202812
"""A month after all others."""


class Decision(NamedTuple):
    """A row of the contract `step_down`."""

    person_id: str
    date: int
    way: str
    reason: str
    lifted: int | None

    @property
    def month(self) -> int:
        """The month of the decision."""
        return self.date // 100


class Stage(NamedTuple):
    """A row of the contract `protection`."""

    case_id: str
    person_id: str
    kind: str
    stage: str
    date: int
    upheld: bool | None


class Move(NamedTuple):
    """A change of a leading primary post."""

    person: str
    month: int
    direction: str
    post: Posting


class Life:
    """A city, the decisions in it, its cases of protection and the talks held."""

    def __init__(
        self, city: City, decisions: Iterable[Decision], stages: Iterable[Stage], talks: Iterable[Use]
    ) -> None:
        """Keep what had happened by the data month."""
        self.count = Count(city)
        self.runs = {person: list(self._runs(person)) for person in self.count.members}
        self.moves = [move for person in self.count.members for move in self._moves(person)]
        found = [each for each in decisions if each.month <= city.month]
        self.decisions = {each: post for each in found if (post := self._found(each.person_id, each.month))}
        self.stages = [each for each in stages if each.date // 100 <= city.month]
        self.talks = [use for use in talks if use.item == "talk"]

    def _runs(self, person: str) -> Iterator[tuple[int, int, Posting]]:
        """The stretches of months with one primary post: first month, month after the last, the post."""
        at = min((post.start // 100 for post in self.count.postings[person]), default=FAR)
        since, held = at, None
        while at <= FAR:
            now = self.count.primary(person, at)
            if now is not held:
                if held:
                    yield since, at, held
                since, held = at, now
            at = month.add(at, 1)
        if held:
            yield since, OPEN, held

    def _moves(self, person: str) -> Iterator[Move]:
        """From each run to the next, and out of the last."""
        runs = self.runs[person]
        for (_, _, old), (since, _, new) in itertools.pairwise(runs):
            if old.role != "other" or new.role != "other":
                direction = _direction(old, new)
                yield Move(person, since, direction, old if direction in ("down", "aside") else new)
        if runs and runs[-1][1] < OPEN and runs[-1][2].role != "other":
            yield Move(person, runs[-1][1], "out", runs[-1][2])

    def _found(self, person: str, at: int) -> Posting | None:
        """The post in which a decision of a month found somebody: the last taken before it, else in it."""
        runs = [run for run in self.runs.get(person, ()) if run[0] <= at]
        before = [run for run in runs if run[0] < at]
        return (before or runs)[-1][2] if runs else None

    def opened(self, case: str, kind: str) -> tuple[int, Posting | None, str]:
        """The month of a case's first stage, the post of that month or the last before it, and the person."""
        own = [each for each in self.stages if (each.case_id, each.kind) == (case, kind)]
        at, person = min(each.date // 100 for each in own), own[0].person_id
        runs = [run for run in self.runs.get(person, ()) if run[0] <= at]
        return at, runs[-1][2] if runs else None, person

    @property
    def cases(self) -> list[tuple[str, str]]:
        """Every case whose person had a post by then."""
        every = sorted({(each.case_id, each.kind) for each in self.stages})
        return [case for case in every if self.opened(*case)[1]]

    def effect(self, each: Decision) -> tuple[str, int, int] | None:
        """The longest rule that fits a decision, the first month without effect, and the first of its notice."""
        fit = [
            rule
            for rule in EFFECTS
            if each.way in rule["ways"].split("|")
            and (not rule["reasons"] or each.reason in rule["reasons"].split("|"))
        ]
        if not fit:
            return None
        rule = max(fit, key=lambda rule: int(rule["months"]))
        over = month.add(each.month, int(rule["months"]))
        return rule["rule_id"], over, month.add(over, -int(rule["notice_months"]))

    def raised(self, each: Decision) -> tuple[int | None, int | None]:
        """The first months in which somebody moved up after a decision: while it had effect, and later."""
        effect = self.effect(each)
        assert effect
        lifted = each.lifted // 100 if each.lifted and each.lifted // 100 <= self.count.city.month else OPEN
        over = min(effect[1], lifted)
        up = [m.month for m in self.moves if (m.person, m.direction) == (each.person_id, "up") and m.month > each.month]
        return (
            min((at for at in up if at < over), default=None),
            min((at for at in up if at >= over), default=None),
        )

    def state(self, each: Decision, as_of: int) -> str:
        """How an effect stands in a month."""
        effect = self.effect(each)
        assert effect
        if each.lifted and each.lifted // 100 <= min(as_of, self.count.city.month):
            return "lifted"
        if effect[1] <= as_of:
            return "kept"
        return "ending" if effect[2] <= as_of else "running"

    def effective(self, as_of: int, unit: str | None) -> list[Decision]:
        """The decisions by a month that have or had effect."""
        area = self.count.area(unit)
        return [
            each
            for each, post in self.decisions.items()
            if post.unit_id in area and each.month <= as_of and self.effect(each)
        ]

    def steps(self) -> Iterator[tuple[dict[str, str], Stage, Stage | None]]:
        """Every stage that was to follow another: its rule, the one before, and itself where it was reached."""
        known = set(self.cases)
        for rule in STAGES:
            for before in self.stages:
                if (before.kind, before.stage) != (rule["after_kind"], rule["after"]):
                    continue
                if (rule["if_upheld"] == "yes" and not before.upheld) or (before.case_id, before.kind) not in known:
                    continue
                named = (before.case_id, rule["kind"], rule["stage"])
                done = [each for each in self.stages if (each.case_id, each.kind, each.stage) == named]
                yield rule, before, done[0] if done else None

    def waited(self, since: int) -> int:
        """Days from a date to the end of the data month, at the fewest."""
        return (first_day(month.add(self.count.city.month, 1) * 100 + 1) - last_day(since)).days

    def outcome(self, since: int, done: Iterable[int], allowed: int) -> str:
        """Whether something that was to follow a date did so in the days allowed."""
        spans = [_span(since, day) for day in done]
        if any(most <= allowed for _, most in spans):
            return "in_time"
        if spans:
            return "late" if min(fewest for fewest, _ in spans) > allowed else "undated"
        return "missed" if self.waited(since) > allowed else "waiting"

    def called(self) -> Iterator[tuple[str, str, int, Posting]]:
        """Who was to be talked to: the trigger, the day, and the post then."""
        told: dict[tuple[str, str, int], Posting] = {}
        for each, post in self.decisions.items():
            if REASONS[each.reason]:
                told[each.person_id, REASONS[each.reason], each.date] = post
        for rule, before, _ in self.steps():
            found = self.opened(before.case_id, before.kind)[1]
            if rule["trigger"] and found:
                told[before.person_id, rule["trigger"], before.date] = found
        yield from ((*key, post) for key, post in told.items())


def _direction(old: Posting, new: Posting) -> str:
    if new.role == "other":
        return "aside"
    if not old.level or not new.level:
        return "unknown"
    if new.level < old.level:
        return "up"
    if old.role == "other":
        return "entered"
    return "down" if new.level > old.level else "sideways"


def _span(since: int, done: int) -> tuple[int, int]:
    """Days from one date to another, at the fewest and the most that they may mean."""
    return max((first_day(done) - last_day(since)).days, 0), (last_day(done) - first_day(since)).days


def moves(life: Life, since: int, until: int, unit: str | None) -> Rows:
    """Moves by year and level."""
    area = life.count.area(unit)
    told: dict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
    for move in life.moves:
        if since < move.month <= until and move.post.unit_id in area:
            for key in ("", move.post.level or "unknown"):
                told[move.month // 100, "level" if key else "all", key][move.direction] += 1
    for year in sorted({at // 100 for at in life.count.calendar if since < at <= until}):
        for person in life.count.members:
            post = life.count.primary(person, (year - 1) * 100 + 12)
            if post and post.role != "other" and post.unit_id in area:
                for key in ("", post.level or "unknown"):
                    told[year, "level" if key else "all", key]["in_post"] += 1
    return [
        (year, side, level if level not in ("", "unknown") else None, *(of[name] for name in ("in_post", *DIRECTIONS)))
        for (year, side, level), of in sorted(told.items())
    ]


def reason(life: Life, since: int, until: int, min_group: int, unit: str | None) -> Rows:
    """Decisions by reason, level and body."""
    area = life.count.area(unit)
    rows: Rows = []
    for cause in REASONS:
        own = [
            (each, post)
            for each, post in life.decisions.items()
            if each.reason == cause and since < each.month <= until and post.unit_id in area
        ]
        for side in ("all", "body", "level"):
            groups: dict[str, list[Decision]] = defaultdict(list)
            for each, post in own:
                body = life.count.units[post.unit_id].body
                groups[{"all": "all", "body": body, "level": post.level or "unknown"}[side]].append(each)
            small = hidden({code: len(of) for code, of in groups.items()}, min_group)
            for code, of in sorted(groups.items()):
                lost = sum(each.way not in IN_POST for each in of)
                level = code if side == "level" and code != "unknown" else None
                told = (None, None, None) if code in small else (len(of), lost, len(of) - lost)
                rows.append((cause, side, level, code if side == "body" else None, *told, code in small))
    return rows


def reason_year(life: Life, since: int, until: int, min_group: int, unit: str | None) -> Rows:
    """Decisions by reason and year."""
    area = life.count.area(unit)
    rows: Rows = []
    for cause in REASONS:
        years = Counter(
            each.month // 100
            for each, post in life.decisions.items()
            if each.reason == cause and since < each.month <= until and post.unit_id in area
        )
        small = hidden(years, min_group)
        rows += [(cause, year, None if year in small else n, year in small) for year, n in sorted(years.items())]
    return rows


def effect(life: Life, as_of: int, min_group: int, unit: str | None) -> Rows:
    """How effects stand, by rule."""
    groups: dict[str, list[Decision]] = defaultdict(list)
    for each in life.effective(as_of, unit):
        groups[(life.effect(each) or ("",))[0]].append(each)
    small = hidden({rule: len(of) for rule, of in groups.items()}, min_group)
    rows: Rows = []
    for rule in EFFECTS:
        if own := groups[rule["rule_id"]]:
            states = Counter(life.state(each, as_of) for each in own)
            within = sum((life.raised(each)[0] or OPEN) <= as_of for each in own)
            after = sum((life.raised(each)[1] or OPEN) <= as_of for each in own)
            told = (states["running"] + states["ending"], states["ending"], states["lifted"], states["kept"])
            numbers = (len(own), *told, within, after)
            is_small = rule["rule_id"] in small
            rows.append((rule["rule_id"], int(rule["months"]), *((None,) * 7 if is_small else numbers), is_small))
    return rows


def effect_ahead(life: Life, as_of: int, until: int, min_group: int, unit: str | None) -> Rows:
    """In which months effects end."""
    months = Counter[int]()
    for each in life.effective(as_of, unit):
        told = life.effect(each)
        if told and as_of < told[1] <= until and life.state(each, as_of) != "lifted":
            months[told[1]] += 1
    small = hidden(months, min_group)
    return [(at, None if at in small else n, at in small) for at, n in sorted(months.items())]


def effect_person(life: Life, as_of: int, min_group: int, unit: str | None) -> Rows:
    """Whose effect ends, is not lifted, or was followed by a move up."""
    rows = []
    for each in life.effective(as_of, unit) if min_group <= 1 else ():
        within = life.raised(each)[0]
        raised = within if within and within <= as_of else None
        state = "raised" if raised else life.state(each, as_of)
        post, told = life.decisions[each], life.effect(each)
        if told and state in ("ending", "kept", "raised"):
            key = (life.count.path(post.unit_id), told[1], each.person_id, each.date, each.way)
            row = (each.person_id, post.unit_id, post.post, each.way, each.date, told[1], state, raised)
            rows.append((key, row))
    return [row for _, row in sorted(rows)]


def ended(life: Life, since: int, until: int, unit: str | None) -> Rows:
    """Those who came down, aside or out; no reason is given in these cities."""
    area = life.count.area(unit)
    own = [m for m in life.moves if since < m.month <= until and m.post.unit_id in area]
    told = tuple(sum(move.direction == each for move in own) for each in ("down", "aside", "out"))
    return [(None, *told)] if any(told) else []


def protected(life: Life, since: int, until: int, min_group: int, unit: str | None) -> Rows:
    """Cases by kind and year."""
    area = life.count.area(unit)
    rows: Rows = []
    for kind in KINDS:
        years: dict[int, list[list[Stage]]] = defaultdict(list)
        for case, of in life.cases:
            at, post, _ = life.opened(case, of)
            if of == kind and since < at <= until and post and post.unit_id in area:
                years[at // 100].append([each for each in life.stages if (each.case_id, each.kind) == (case, of)])
        small = hidden({year: len(of) for year, of in years.items()}, min_group)
        for year, cases in sorted(years.items()):
            upheld = sum(any(each.upheld is True for each in case) for case in cases)
            refused = sum(any(each.upheld is False for each in case) for case in cases)
            told = (len(cases), upheld, refused, sum(map(_is_complete, cases)))
            rows.append((kind, year, *((None,) * 4 if year in small else told), year in small))
    return rows


def _is_complete(case: list[Stage]) -> bool:
    last = {"informed", "corrected", "cleared"}
    return any(each.stage in last or (each.kind == "clearing" and each.upheld is False) for each in case)


def stage(life: Life, since: int, until: int, min_group: int, unit: str | None) -> Rows:
    """Days to each stage."""
    area = life.count.area(unit)
    groups: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for rule, before, done in life.steps():
        post = life.opened(before.case_id, before.kind)[1]
        if post and post.unit_id in area and since < before.date // 100 <= until:
            span = _span(before.date, done.date) if done else (0, -1)
            outcome = life.outcome(before.date, [done.date] if done else [], int(rule["days"]))
            groups[rule["rule_id"]].append((outcome, span[0] if span[0] == span[1] else None))
    small = hidden({rule: len(of) for rule, of in groups.items()}, min_group)
    rows: Rows = []
    for rule in STAGES:
        if own := groups[rule["rule_id"]]:
            counted = Counter(outcome for outcome, _ in own)
            told = [counted[name] for name in ("in_time", "late", "missed", "undated", "waiting")]
            due, known = sum(told[:3]), [days for _, days in own if days is not None]
            numbers = (due, *told, told[0] / due if due else None, float(median(known)) if known else None)
            is_small = rule["rule_id"] in small
            named = (rule["rule_id"], rule["kind"], rule["stage"], int(rule["days"]))
            rows.append((*named, *((None,) * 8 if is_small else numbers), is_small))
    return rows


def overdue(life: Life, min_group: int, unit: str | None) -> Rows:
    """Cases whose next stage is overdue."""
    area = life.count.area(unit)
    rows = []
    for rule, before, done in life.steps() if min_group <= 1 else ():
        post = life.opened(before.case_id, before.kind)[1]
        allowed = int(rule["days"])
        if post and post.unit_id in area and not done and life.waited(before.date) > allowed:
            key = (life.count.path(post.unit_id), before.case_id, int(rule["place"]))
            named = (before.case_id, before.person_id, post.unit_id, rule["kind"], rule["rule_id"], rule["stage"])
            rows.append((key, (*named, before.date, allowed, life.waited(before.date) - allowed)))
    return [row for _, row in sorted(rows)]


def talk(life: Life, since: int, until: int, min_group: int, unit: str | None) -> Rows:
    """Talks after decisions."""
    area, years = life.count.area(unit), {use.year for use in life.talks}
    groups: dict[str, list[str]] = defaultdict(list)
    for person, trigger, day, post in life.called():
        if post.unit_id in area and since < day // 100 <= until:
            held = [use.date for use in life.talks if use.person_id == person and use.used and use.date]
            after = [each for each in held if last_day(each) >= first_day(day)]
            outcome = life.outcome(day, after, DAYS[trigger])
            over = (last_day(day) + dt.timedelta(DAYS[trigger])).year
            asked = {day // 10_000} if life.waited(day) <= DAYS[trigger] else {day // 10_000, over}
            groups[trigger].append(outcome if outcome == "in_time" or asked <= years else "unreported")
    small = hidden({trigger: len(of) for trigger, of in groups.items()}, min_group)
    rows: Rows = []
    for trigger in TRIGGERS:
        if own := groups[trigger]:
            told = [own.count(name) for name in ("in_time", "late", "missed", "undated", "waiting", "unreported")]
            cases = sum(told[:3])
            numbers = (cases, *told, told[0] / cases if cases else None, *wilson(told[0], cases))
            is_small = trigger in small
            rows.append((trigger, DAYS[trigger], *((None,) * 10 if is_small else numbers), is_small))
    return rows


STEPS = "steps_due on_time reached_late steps_overdue undated not_yet_due"
OUTCOMES = "in_time late missed undated waiting"
QUESTIONS: dict[str, tuple[Callable[..., Rows], str]] = {
    "moves": (
        moves,
        "year side level in_post moved_up moved_across moved_down moved_aside moved_out level_unknown",
    ),
    "ended": (ended, "end_reason moved_down moved_aside moved_out"),
    "reason": (reason, "cause side level body decided_cases lost_post kept_post suppressed"),
    "reason_year": (reason_year, "cause year decided_cases suppressed"),
    "effect": (
        effect,
        "rule_id months measures_taken running ending lifted not_lifted raised regained suppressed",
    ),
    "effect_ahead": (effect_ahead, "month people suppressed"),
    "effect_person": (
        effect_person,
        "person_id unit_id post handling decided_date effect_month state raised_month",
    ),
    "protected": (protected, "protected_by year taken_up upheld refused complete suppressed"),
    "stage": (
        stage,
        f"rule_id protected_by stage days {STEPS} share median_days suppressed",
    ),
    "overdue": (overdue, "case_id person_id unit_id protected_by rule_id stage since_date days days_over"),
    "talk": (talk, f"trigger days cases {OUTCOMES} unreported share low high suppressed"),
}
