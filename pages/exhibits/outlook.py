"""The outlook's figures: what comes by the date, what it takes, what moves it, and how far to trust that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from data import month
from models import backtest
from models.backtest import PERCENT, PLAN, PRACTICE
from models.hazards import TooFewYears
from models.outlook import USUAL, Outlook
from models.projection import TESTED, Projection
from models.projection import Wanted as Asked
from models.reach import NotAttainable
from models.scenario import Range, Scenario
from pages.exhibits import FIVE_YEARS, Asks, Exhibit, Scene, Tables, age_ladder, cited
from pages.parts import bounds, chance, charts, numerals, rows, words
from pages.parts.charts import Figure
from pages.parts.look import LIGHT
from pages.parts.tables import Column
from pages.parts.words import Words

OPEN, LIKELY, AIM = 0.5, 0.8, USUAL
"""From which chance on a target may be met and will likely be, and which one a plan is to give."""
LEVELS = (OPEN, LIKELY, AIM)
"""How sure one may want to be that a target is met."""
PAIR = 2
LATER = ("have_at_change", "needed_at_change", "spare_at_change", "status_at_change", "chance")
WAYS_OUT = ("leave", "move", "promote", "step_down")
ALWAYS = ("have", "aged", "appointed", "projected")
"""The parts of the bridge that are drawn even where they are of nobody."""


class Wanted(NamedTuple):
    """What is asked in a month by the rule then in force, and how many there would be if nobody moved."""

    needed: int
    base: int
    have: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookScene(Scene):
    """What the reader of the outlook has chosen beside unit and language; `as_of` is the data month.

    `date` (YYYYMM) is the month looked ahead to and `term_month` the same where it is the target's term change, else
    None. `target` is the target's row of age_ladder/quota, `wanted` what is asked at the date, `assumed` the scenario,
    `learnt` what the model knows of all targets, `units` the numbers of the units in the chosen one, None for all, and
    `widened` how much wider than simulated intervals are. `bounds` are the ranges of the levers.
    """

    date: int
    term_month: int | None
    target_id: str
    target: Mapping[str, Any] = field(compare=False)
    wanted: Wanted
    assumed: Scenario
    learnt: Outlook
    units: frozenset[int] | None
    widened: float
    bounds: Mapping[str, Range] = field(compare=False)

    @property
    def mode(self) -> str:
        """Which way of looking ahead the page speaks of: the reader's plan where there is one, else recent practice."""
        return PRACTICE if self.assumed.plan is None else PLAN

    @property
    def once(self) -> bool:
        """Whether one round of appointments is all that is left before the date."""
        return one_round(self.as_of, self.date)

    @property
    def who(self) -> str:
        """Whom the target is about, in the reader's language, with its whole where it is a part."""
        return whom(self.target, self.words)

    @property
    def band(self) -> str:
        """The target's band, in the reader's language."""
        return self.words.pick(self.target["band_en"], self.target["band_zh"])

    @property
    def then(self) -> str:
        """The date in words: at the term change, or its month."""
        return self.words("at the term change") if self.date == self.term_month else self.words.month(self.date)


def one_round(since: int, date: int) -> bool:
    """Whether one round of appointments is all there is between two months."""
    return month.between(since, date) <= month.MONTHS_A_YEAR


# --- what the model learns and tells ---------------------------------------------------------------------------------


MOST_POSTINGS = 3_000_000
"""Postings that are learnt from at most: a million people; ten times as many take 21 GB of memory and five minutes."""


def learning(as_of: int) -> Asks:
    """Name what the model learns from."""
    return {
        "posting": ("outlook/posting", {}),
        "target": ("outlook/target", {"as_of": as_of}),
        "term": ("outlook/term", {}),
    }


def learn(tables: Tables, as_of: int) -> Outlook | None:
    """Learn how people come and go, for all targets at once, from what is known in a month; None from too few years."""
    try:
        return Outlook().fit(tables["posting"], tables["target"], tables["term"], as_of)
    except TooFewYears:
        return None


def people(learnt: Outlook, target_id: str, units: frozenset[int] | None) -> int:
    """Give how many people hold the posts that a target is about."""
    return len(learnt.there(learnt.targets_[target_id], units))


def enough(scene: OutlookScene, least: int) -> bool:
    """Whether so many people are concerned that none is predicted: `least` hold the posts, and no pair makes the count.

    What becomes of one or two who count tells of each of them.
    """
    have = int(scene.target["have"])
    return people(scene.learnt, scene.target_id, scene.units) >= least and not 0 < have <= PAIR


def projection(scene: OutlookScene) -> Projection:
    """Project the target of a scene to its date."""
    asked = Asked(scene.wanted.needed, scene.wanted.base)
    return scene.learnt.project(
        scene.target_id,
        scene.date,
        asked,
        scene.assumed,
        ranges=scene.bounds,
        units=scene.units,
        probability=AIM,
        widened=scene.widened,
    )


def summed(scene: OutlookScene, tables: Tables) -> Tables:
    """Add what is projected to the date: `summary`, a row a mode."""
    return {**tables, "summary": projection(scene).summary}


def told(scene: OutlookScene, tables: Tables) -> Tables:
    """Add all that is told of the date, a table each.

    There are `summary`, `fan`, `bridge`, `curve`, `marks`, `holds`, `lateness`, `sensitivity`, `vacancies`.
    `bridge` is empty where people are counted unit by unit, and `holds` has no row where no number holds in all
    scenarios. Each table of the model is worked out once.
    """
    found, say = projection(scene), scene.words
    marks = [(chance.level(level, say), level, *_least(found, level)) for level in LEVELS]
    curve, holds = _with_marks(found.curve(), marks), found.holds_in_all()
    return {
        **tables,
        "summary": found.summary,
        "fan": pd.concat([_history(scene, tables["over_time"]), found.fan], ignore_index=True),
        "bridge": pd.DataFrame({"step": [], "people": []}) if found.bridge is None else found.bridge,
        "curve": curve,
        "marks": pd.DataFrame(marks, columns=["name", "probability", "n", "chance"]),
        "holds": pd.DataFrame({"n": [] if holds is None else [holds]}),
        "lateness": found.lateness(),
        "sensitivity": found.sensitivity(),
        "vacancies": pd.DataFrame({"vacancies": [found.vacancies]}),
    }


def _with_marks(curve: pd.DataFrame, marks: Sequence[tuple[str, float, int | None, float | None]]) -> pd.DataFrame:
    """Let the curve as estimated go through the numbers that are marked on it."""
    added = [{"scenario": "estimated", "n": n, "chance": likely} for _, _, n, likely in marks if n is not None]
    every = pd.concat([curve, pd.DataFrame(added, columns=curve.columns).astype(curve.dtypes)], ignore_index=True)
    return every.drop_duplicates(["scenario", "n"]).sort_values("n", kind="stable", ignore_index=True)


def _history(scene: OutlookScene, over_time: pd.DataFrame) -> pd.DataFrame:
    """Give the months up to today as a fan takes them."""
    past = over_time[over_time["month"] <= scene.as_of]
    return pd.DataFrame({"mode": "history", "month": past["month"], "middle": past["have"], "tested": True})


def _least(found: Projection, level: float) -> tuple[int | None, float | None]:
    """Give the least appointments a year for a level and the chance they give; None where vacancies do not allow it."""
    try:
        least = found.least(level)
    except NotAttainable:
        return None, None
    return least.number, least.chance


def for_every_reader(scene: OutlookScene) -> OutlookScene:
    """Give the same scene in one language and one set of colours: its numbers are worked out once for all readers."""
    return replace(scene, words=words.of(None), look=LIGHT)


def row_of(tables: Tables, mode: str) -> Mapping[str, Any]:
    """Give the summary of one mode."""
    table = tables["summary"]
    return {str(name): value for name, value in table[table["mode"] == mode].iloc[0].items()}


def status(likely: float) -> str:
    """Judge a chance by the tenth that is said of it: met where a target is LIKELY met, at_risk where it is OPEN."""
    said, edge, met = map(chance.tenth, (likely, OPEN, LIKELY))
    return "met" if said >= met else "at_risk" if said >= edge else "missed"


def _asks(scene: OutlookScene) -> Asks:
    """Ask for what the target counted in each month of the past, and for the rules that bound the levers."""
    span = {"since": month.add(scene.as_of, -FIVE_YEARS), "until": scene.as_of}
    return {
        "over_time": ("age_ladder/over_time", {**span, "target": scene.target_id, "unit": scene.unit}),
        "lever": ("outlook/lever", {"as_of": scene.as_of}),
    }


def whom(target: Mapping[str, Any], say: Words) -> str:
    """Say whom a target is about, with its whole where it is a part."""
    name, parent = say.pick(target["who_en"], target["who_zh"]), say.pick(target["parent_en"], target["parent_zh"])
    return name if pd.isna(parent) else say("{whole} ({part})").format(whole=parent, part=name)


def target_name(target: Mapping[str, Any], say: Words) -> str:
    """Name a target: whom it is about, and the band."""
    return say("{who}, {band}").format(who=whom(target, say), band=say.pick(target["band_en"], target["band_zh"]))


def at_date(scene: OutlookScene) -> OutlookScene:
    """Give the same scene as the timeline takes it, which marks the month that is looked at."""
    return replace(scene, as_of=scene.date)


# --- what the page says ----------------------------------------------------------------------------------------------


def headline(scene: OutlookScene, tables: Tables) -> str:
    """Say the finding: people now, at the date, needed then, and how likely that is enough."""
    say, row = scene.words, row_of(tables, scene.mode)
    said = say(
        "{who}, {band}: {have} now, about {projected} {then} ({needed} needed); chance of meeting it: {chance}"
    ).format(
        who=scene.who,
        band=scene.band,
        have=numerals.whole(row["have"]),
        projected=numerals.whole(row["projected"]),
        then=scene.then,
        needed=numerals.whole(row["needed"]),
        chance=chance.in_words(row["chance"], say),
    )
    return say("{unit}: {found}").format(unit=scene.unit_name, found=said) if scene.unit else said


def too_few(scene: OutlookScene, least: int) -> str:
    """Say that so few people are not projected, over what is told of them all the same."""
    return few(scene, least) + scene.words(" Below is what is certain.") + _today(scene)


def few(scene: OutlookScene, least: int) -> str:
    """Say that so few people are not projected."""
    return scene.words(
        "Fewer than {n} people hold these posts, or only one or two count: what single people will do is not projected."
    ).format(n=least)


def too_few_years(say: Words) -> str:
    """Say that a roster tells nothing of coming and going."""
    return say("The postings show no years in which some people stayed and some went; land older postings.")


def too_many(say: Words, postings: int) -> str:
    """Say that a roster is too large to be learnt from."""
    return say(
        "{n} postings are more than the {most} that can be learnt from; project a store that holds a part of the units."
    ).format(n=numerals.whole(postings), most=numerals.whole(MOST_POSTINGS))


def headline_of_few(scene: OutlookScene) -> str:
    """Say the finding where nothing is projected: people now, and if nobody moves."""
    say = scene.words
    said = say("{who}, {band}: {have} now, {later} {then} if nobody moves ({needed} needed)").format(
        who=scene.who,
        band=scene.band,
        have=numerals.whole(scene.target["have"]),
        later=numerals.whole(scene.wanted.have),
        then=scene.then,
        needed=numerals.whole(scene.wanted.needed),
    )
    return say("{unit}: {found}").format(unit=scene.unit_name, found=said) if scene.unit else said


def subtitle(scene: OutlookScene) -> str:
    """Say under which assumption the finding stands, and when ages are measured."""
    say = scene.words
    if scene.assumed.plan is None:
        assumed = say("if recent practice goes on")
    else:
        planned = (
            say("with {n} appointments in the band in all")
            if scene.once
            else say("with {n} appointments in the band a year")
        )
        assumed = planned.format(n=numerals.whole(scene.assumed.plan))
    return say(
        "{assumed} · if nobody moves, {have} · ages at {month} · whole people, nobody is projected by name"
    ).format(assumed=assumed, have=numerals.whole(scene.wanted.have), month=say.month(scene.date)) + _today(scene)


def _today(scene: OutlookScene) -> str:
    """Say between which numbers those who count now lie, from whom it looks ahead; nothing where all is known."""
    if not scene.target.get("unknown"):
        return ""
    return scene.words(" · at the start {have}").format(have=bounds.have(scene.target, scene.words))


def lever_setting(bounds: Range, value: float, say: Words) -> str:
    """Write the value of a lever that is slid: +30%, +1 y, 10%."""
    if bounds.written_as == "change":
        return numerals.signed(round((value - 1) * 100)) + "%"
    if bounds.written_as == "years":
        sign = "+" if value > 0 else ""
        return say("{n} y").format(n=f"{sign}{value:g}".replace("-", numerals.MINUS))
    return f"{round(value * 100)}%"


def lever_name(lever: str, say: Words) -> str:
    """Name a lever."""
    return rows.code("lever", lever, say)


def plan_name(*, once: bool, say: Words) -> str:
    """Name the appointments that are planned: a year, or `once` for all."""
    return say("Appointments in the band in all") if once else lever_name("plan", say)


def appointments(number: int, *, once: bool, say: Words) -> str:
    """Write how many appointments are planned: 13 a year, or 13 in all."""
    return (say("{n} in all") if once else say("{n} a year")).format(n=numerals.whole(number))


def aim(say: Words) -> str:
    """Name how sure a plan is to make it that the target is met: 9 in 10."""
    return chance.level(AIM, say)


def ledger(scene: OutlookScene, quota: pd.DataFrame, found: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Give the rows of the ledger element: every target, and of those that were projected what comes and how likely.

    `found` holds the summary of each target's mode by target_id.
    """
    table = age_ladder.named(quota, scene.words)
    later = [_later(found.get(target), scene.words) for target in table["target_id"]]
    return table.join(pd.DataFrame(later, index=table.index, columns=list(LATER), dtype=object))


def _later(row: Mapping[str, Any] | None, say: Words) -> tuple[Any, ...]:
    """Give what the ledger says of the date (LATER), nothing where nothing is projected."""
    if row is None:
        return (None,) * len(LATER)
    have, needed, likely = int(row["projected"]), int(row["needed"]), float(row["chance"])
    return have, needed, have - needed, status(likely), chance.in_words(likely, say)


def ledger_takeaway(scene: OutlookScene, table: pd.DataFrame) -> str:
    """Say how many targets will likely be met, may be, and will likely be missed."""
    say, number = scene.words, table["status_at_change"].value_counts()
    said = say(
        "{all} targets: {met} likely met ({likely} or more), {at_risk} open, {missed} likely missed (below {open})"
    ).format(
        all=len(table),
        likely=chance.level(LIKELY, say),
        open=chance.level(OPEN, say),
        **{each: number.get(each, 0) for each in ("met", "at_risk", "missed")},
    )
    waiting = len(table) - int(number.sum())
    return said + (say("; {n} not projected yet or of too few people.").format(n=waiting) if waiting else say("."))


def definition(scene: OutlookScene, _: Tables) -> Sequence[str]:
    """Say what the target's numbers mean, the clause they follow, and what the projection is."""
    say = scene.words
    parts = []
    if pd.notna(scene.target["upper_age"]):
        parts.append(
            say("{band} = younger than {age}, by year and month, at {month}").format(
                band=scene.band, age=int(scene.target["upper_age"]), month=say.month(scene.date)
            )
        )
    parts.append(say("denominator: {what}").format(what=rows.code("denominator", scene.target["denominator"], say)))
    return say(" · ").join(parts), rows.source(scene.target, say)


def tested_until(scene: OutlookScene) -> int:
    """Give the last month up to which projections have been held against what came."""
    return month.add(scene.as_of, TESTED)


def model_card(scene: OutlookScene) -> Sequence[tuple[str, str]]:
    """Say what stands behind a projection, what it assumes, and what it must not be used for."""
    say = scene.words
    until = tested_until(scene)
    return (
        (say("Definition"), say(" · ").join(definition(scene, {}))),
        (
            say("Exact"),
            say(
                "Everyone ages by the month and goes by the statutory month, where people keep to it; what the age "
                "line of a post brings is estimated with the rest."
            ),
        ),
        (
            say("Estimated"),
            say(
                "Leaving, promotion and transfer are rates of groups over the last two terms, or six years where no "
                "term is known; ages of appointees follow recent appointments. Rates of single people are neither "
                "shown nor kept."
            ),
        ),
        (
            say("Assumed"),
            say(
                "Approved posts stay as they are; whoever goes is followed by another. With a plan, that many people "
                "are appointed in the band each year; under recent practice, appointments go on as in recent years."
            ),
        ),
        (
            say("Uncertainty"),
            say(
                "Bands hold five and eight in ten of what may come: chance, years that differ and doubt about the "
                "rates; those of recent practice are widened by past errors. Beyond {month}, five years ahead, nothing "
                "is tested."
            ).format(month=say.month(until)),
        ),
        (
            say("Must not be used for"),
            say(
                "Judging, ranking or predicting single people; setting an age line for a person; proving that a "
                "target was missed by somebody's fault."
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class Trust:
    """What past projections tell: a table by years ahead, None where none was tested, its columns, and sentences."""

    table: pd.DataFrame | None
    columns: Sequence[Column]
    lines: Sequence[str]


def same_size(tested: pd.DataFrame | None, people: int, mode: str) -> pd.DataFrame | None:
    """Give the back-test of groups as large as these people, by years ahead; None where there is none."""
    if tested is None or tested.empty:
        return None
    size = int(backtest.size_class(pd.Series([people])).iloc[0])
    mine = tested[(tested["size"] == size) & (tested["mode"] == mode)].sort_values("horizon")
    return None if mine.empty else mine.set_index("horizon", drop=False)


def widening(tested: pd.DataFrame | None, people: int, as_of: int, date: int) -> float:
    """Give how much wider than simulated an interval is to be, by how far off past ones of groups this size were."""
    mine = same_size(tested, people, PRACTICE)
    return 1.0 if mine is None else max(1.0, float(mine["widened"].loc[_years_ahead(mine, as_of, date)]))


def _years_ahead(mine: pd.DataFrame, as_of: int, date: int) -> int:
    """Give the years ahead that a date is, no more than were tested."""
    years = -(-month.between(as_of, date) // month.MONTHS_A_YEAR)
    return int(min(max(years, 1), mine["horizon"].max()))


def trust(scene: OutlookScene, people: int, tested: pd.DataFrame | None) -> Trust:
    """Tell in people how far past projections of groups this size were off, beside taking no change and chance."""
    say, mine = scene.words, same_size(tested, people, scene.mode)
    until = tested_until(scene) if mine is None else _held_until(scene, mine)
    lines = [] if mine is None else [*_worse(mine, scene), say("Tested up to {month}.").format(month=say.month(until))]
    if scene.date > until:
        far = say("{month} lies beyond tested range: read the direction, not the number.")
        lines.append(far.format(month=say.month(scene.date)))
    if mine is None:
        untested = say(
            "No past projection of groups of this size has been tested on these data; the bands are as simulated."
        )
        return Trust(None, (), [untested, *lines])
    heads = [
        say("Years ahead"),
        say("Off by"),
        say("Unchanged"),
        say("By chance"),
        say("In band"),
    ]
    shown = [[str(row["horizon"]), *_errors(row, people), _held(row)] for row in mine.to_dict("records")]
    years = _years_ahead(mine, scene.as_of, scene.date)
    found = _verdict(mine.loc[years].to_dict(), people, say)
    return Trust(pd.DataFrame(shown, columns=heads), [Column(head, number=True) for head in heads], [found, *lines])


def _held_until(scene: OutlookScene, mine: pd.DataFrame) -> int:
    """Give the last month that past projections reached: nearer than elsewhere where the roster holds fewer years."""
    years = int(mine["horizon"].max())
    return tested_until(scene) if years >= backtest.YEARS else month.add(scene.as_of, years * month.MONTHS_A_YEAR)


def _worse(mine: pd.DataFrame, scene: OutlookScene) -> list[str]:
    """Say of how many years ahead, but for those looked at, a projection was no better than taking no change."""
    say = scene.words
    worse = mine.index[mine["mae"] >= mine["no_change"]].difference([_years_ahead(mine, scene.as_of, scene.date)])
    if worse.empty:
        return []
    said = say("Years ahead {years}: no better than no change.")
    return [said.format(years=say(", ").join(str(years) for years in worse))]


def _errors(row: Mapping[Any, Any], people: int) -> list[str]:
    """Give past errors in whole people of a group of these people."""
    return [numerals.whole(round(row[name] * people / PERCENT)) for name in ("mae", "no_change", "floor")]


def _held(row: Mapping[Any, Any]) -> str:
    """Say how many of the outcomes lay within the eight in ten."""
    return f"{numerals.whole(round(row['cover_80'] * row['forecasts'] / PERCENT))}/{numerals.whole(row['forecasts'])}"


def _verdict(row: Mapping[Any, Any], people: int, say: Words) -> str:
    off, unchanged, least = _errors(row, people)
    said = say(
        "Groups of this size, years ahead {years}: off by {off} on average; taken as unchanged, by {unchanged}; "
        "by chance alone, {least}"
    ).format(years=int(row["horizon"]), off=off, unchanged=unchanged, least=least)
    return said + (say("; no better than no change.") if row["mae"] >= row["no_change"] else say("."))


# --- the bridge ------------------------------------------------------------------------------------------------------


def _draw_bridge(scene: OutlookScene, tables: Tables) -> Figure | None:
    bridge, say = tables["bridge"], scene.words
    if bridge.empty:
        return None
    shown = ["have", "appointed", "projected"] if pd.isna(scene.target["upper_age"]) else ALWAYS
    steps = bridge[(bridge["people"] != 0) | bridge["step"].isin(shown)]
    ends = {"have": month.text(scene.as_of), "projected": month.text(scene.date)}
    named = steps.assign(name=[ends.get(step) or step_name(step, say) for step in steps["step"]])
    return charts.bridge(named, say=say, look=scene.look, needed=int(row_of(tables, PLAN)["needed"]))


def step_name(step: str, say: Words) -> str:
    """Name a part of the bridge."""
    return {
        "aged": say("passed the age line"),
        "leave": say("left"),
        "promote": say("promoted out"),
        "move": say("moved on"),
        "step_down": say("stepped down"),
        "appointed": say("appointed, counting then"),
    }[step]


def _bridge_takeaway(scene: OutlookScene, tables: Tables) -> str:
    say, row = scene.words, row_of(tables, PLAN)
    if tables["bridge"].empty:
        return say("People are counted unit by unit here, so that parts do not add up.")
    parts = dict(zip(tables["bridge"]["step"], map(int, tables["bridge"]["people"]), strict=True))
    went = -sum(parts.get(step, 0) for step in WAYS_OUT)
    said = say("{plan}: of today's {have}, going {went}, passing the age line {aged}; appointees who count then {came}")
    if pd.isna(scene.target["upper_age"]):
        said = say("{plan}: of today's {have}, going {went}; appointees who count then {came}")
    numbers = {"have": parts["have"], "went": went, "aged": -parts["aged"], "came": parts["appointed"]}
    told = {name: numerals.whole(number) for name, number in numbers.items()}
    return said.format(plan=plan_words(scene, tables), **told) + gap_words(row, say)


def plan_words(scene: OutlookScene, tables: Tables) -> str:
    """Say what is planned: a number, or as few as reach the chance aimed at, or all there are where none does."""
    say, plan = scene.words, scene.assumed.plan
    if plan is not None:
        return appointments(plan, once=scene.once, say=say)
    if pd.isna(tables["marks"]["n"].iloc[-1]):
        return say("As many as posts fall vacant")
    return say("As few as reach {aim}").format(aim=aim(say))


def gap_words(row: Mapping[str, Any], say: Words) -> str:
    """Say after a sentence how many people are missing of the need."""
    gap = int(row["gap"])
    if not gap:
        return say("; the target is met in the middle of what may come.")
    return say("; {n} short of {needed}.").format(n=numerals.whole(gap), needed=numerals.whole(row["needed"]))


# --- the fans --------------------------------------------------------------------------------------------------------


def _draw_fan(scene: OutlookScene, tables: Tables) -> Figure:
    name = scene.words("term change {month}") if scene.date == scene.term_month else "{month}"
    return charts.fan(
        tables["fan"],
        say=scene.words,
        look=scene.look,
        needed=int(row_of(tables, PLAN)["needed"]),
        term=(scene.date, name.format(month=month.text(scene.date))),
    )


def _fan_caption(scene: OutlookScene) -> str:
    return scene.words("people · bands: 5 and 8 in 10 of what may come")


def _fan_takeaway(scene: OutlookScene, tables: Tables) -> str:
    say = scene.words
    return say("{plan}: {plan_range}, {plan_chance}; as recently: {range}, {chance}.").format(
        plan=plan_words(scene, tables),
        **_spoken(row_of(tables, PLAN), say, "plan_"),
        **_spoken(row_of(tables, PRACTICE), say, ""),
    )


def _spoken(row: Mapping[str, Any], say: Words, prefix: str) -> dict[str, str]:
    low, high = numerals.whole(row["low80"]), numerals.whole(row["high80"])
    bounds = low if low == high else f"{low}–{high}"
    return {f"{prefix}range": bounds, f"{prefix}chance": chance.in_words(row["chance"], say)}


# --- what it takes ---------------------------------------------------------------------------------------------------


def stress_name(code: str, scene: OutlookScene) -> str:
    """Name a scenario of the curve: as estimated, or with exits or what is not carried out at its worse setting."""
    say = scene.words
    if code == "estimated":
        return say("as estimated")
    bounds = scene.bounds[code]
    setting = (bounds.high_setting if code == "exits" else bounds.low_setting) or 0.0
    name = say("exits {setting}") if code == "exits" else say("{setting} of appointments not made")
    return name.format(setting=lever_setting(bounds, setting, say))


def _draw_curve(scene: OutlookScene, tables: Tables) -> Figure:
    table = tables["curve"]
    named = table.assign(scenario=[stress_name(str(code), scene) for code in table["scenario"]])
    holds = tables["holds"]["n"].tolist()
    return charts.reach_curve(
        named,
        tables["marks"],
        say=scene.words,
        look=scene.look,
        holds=int(holds[0]) if holds else None,
        once=scene.once,
    )


def _curve_takeaway(scene: OutlookScene, tables: Tables) -> str:
    say = scene.words
    numbers = [None if pd.isna(n) else int(n) for n in tables["marks"]["n"]]
    if numbers[-1] is None:
        return _nearest(scene, tables["curve"])
    if numbers[-1] == 0:
        return _reached_anyway(say)
    first = say("{n} appointed for {level}") if scene.once else say("{n} a year for {level}")
    texts = (first, *[say("{n} for {level}")] * (len(numbers) - 1))
    named = zip(texts, numbers, tables["marks"]["name"], strict=True)
    said = say(", ").join(text.format(n=numerals.whole(n or 0), level=name) for text, n, name in named)
    holds = tables["holds"]["n"].tolist()
    if not holds:
        return said + say("; no number holds in all three scenarios.")
    in_all = (
        say("; {n} hold in all three scenarios.") if scene.once else say("; {n} a year holds in all three scenarios.")
    )
    return said + in_all.format(n=numerals.whole(holds[0]))


def _reached_anyway(say: Words) -> str:
    return say("{aim} is reached even if nobody is appointed in the band.").format(aim=aim(say))


def _nearest(scene: OutlookScene, curve: pd.DataFrame) -> str:
    """Say that the chance aimed at is not attainable, and what comes nearest."""
    say = scene.words
    best = curve[curve["scenario"] == "estimated"].sort_values(["chance", "n"]).iloc[-1]
    nearest = (
        say("{aim} is not attainable by {month}; nearest: {n} appointed, {chance}.")
        if scene.once
        else say("{aim} is not attainable by {month}; nearest: {n} a year, {chance}.")
    )
    return nearest.format(
        aim=aim(say),
        month=say.month(scene.date),
        n=numerals.whole(best["n"]),
        chance=chance.in_words(float(best["chance"]), say),
    )


def _draw_lateness(scene: OutlookScene, tables: Tables) -> Figure | None:
    table = tables["lateness"]
    if len(table) == 1:
        return None
    years = [str(int(start) // 100) for start in table["start"]]
    named = table.assign(start=[scene.words("at once"), *years[1:]])
    return charts.lateness(named, say=scene.words, look=scene.look)


def _lateness_takeaway(scene: OutlookScene, tables: Tables) -> str:
    say, table = scene.words, tables["lateness"].dropna(subset="a_year")
    if table.empty:
        never = say("{aim} is not attainable by {month}, whenever one starts.")
        return never.format(aim=aim(say), month=say.month(scene.date))
    first, last = table.iloc[0], table.iloc[-1]
    if not first["a_year"]:
        return _reached_anyway(say)
    if len(tables["lateness"]) == 1:
        return say("Only one round is left before {month}: {total} to be appointed by then, none later.").format(
            month=say.month(scene.date), total=numerals.whole(first["total"])
        )
    said = say("Starting in {month}: {n} a year, {total} in all").format(**_start(first, say))
    if len(table) == 1:
        return said + say(".")
    return said + say("; starting in {month}: {n} a year, {total} in all.").format(**_start(last, say))


def _start(row: Any, say: Words) -> dict[str, str]:
    return {
        "month": say.month(int(row["start"])),
        "n": numerals.whole(row["a_year"]),
        "total": numerals.whole(row["total"]),
    }


# --- what moves it ---------------------------------------------------------------------------------------------------


def _draw_sensitivity(scene: OutlookScene, tables: Tables) -> Figure:
    needed = int(row_of(tables, PLAN)["needed"])
    return charts.sensitivity(_bars(scene, tables), say=scene.words, look=scene.look, needed=needed)


def _bars(scene: OutlookScene, tables: Tables) -> pd.DataFrame:
    """Name levers and settings, and round people."""
    say, table = scene.words, tables["sensitivity"]
    told = table[table["lever"].isin(list(scene.bounds))]
    ends = {
        f"{end}_at": [
            lever_setting(scene.bounds[lever], float(setting), say)
            for lever, setting in zip(told["lever"], told[f"{end}_setting"], strict=True)
        ]
        for end in ("low", "high")
    }
    people_at = {name: told[name].astype(float).round().astype(int) for name in ("low", "high", "base")}
    return told.assign(lever=[lever_name(lever, say) for lever in told["lever"]], **ends, **people_at)


def _sensitivity_takeaway(scene: OutlookScene, tables: Tables) -> str:
    table = _bars(scene, tables)
    widest = table.sort_values("low", key=lambda low: (table["high"] - low).abs(), kind="stable").iloc[-1]
    if widest["high"] == widest["low"]:
        return scene.words("No assumption moves it by a whole person.")
    return scene.words("{lever} moves it most: {low} at {low_at}, {high} at {high_at}.").format(
        lever=widest["lever"],
        low=numerals.whole(widest["low"]),
        high=numerals.whole(widest["high"]),
        low_at=widest["low_at"],
        high_at=widest["high_at"],
    )


# --- retirements by month --------------------------------------------------------------------------------------------


def _roll_off_asks(scene: OutlookScene) -> Asks:
    given = {"as_of": scene.as_of, "until": scene.date, "target": scene.target_id, "unit": scene.unit}
    return {"roll_off": ("age_ladder/roll_off", given)}


def _reached(scene: OutlookScene, tables: Tables) -> "pd.Series[Any]":
    """Give the month in which each person first reaches the statutory month or the post age line by the date."""
    table = tables["roll_off"]
    ruled = table[table["reason"].isin(["statutory", "post_line"]) & (table["month"] <= scene.date)]
    return ruled.groupby("person_id")["month"].min().clip(lower=month.add(scene.as_of, 1))


def _draw_roll_off(scene: OutlookScene, tables: Tables) -> Figure:
    months = [month.add(scene.as_of, step + 1) for step in range(month.between(scene.as_of, scene.date))]
    people = _reached(scene, tables).value_counts().reindex(months, fill_value=0)
    table = people.rename("people").rename_axis("month").reset_index()
    return charts.columns(table, say=scene.words, look=scene.look)


def _roll_off_takeaway(scene: OutlookScene, tables: Tables) -> str:
    say, people = scene.words, len(_reached(scene, tables))
    if not people:
        return say("Nobody in these posts reaches a retirement line by {month}.").format(month=say.month(scene.date))
    return say.count(
        "{n} person of these posts reaches a retirement line by {month}, whatever the age.",
        "{n} people of these posts reach a retirement line by {month}, whatever the age.",
        people,
        month=say.month(scene.date),
    )


def _levers_cited(scene: OutlookScene, tables: Tables) -> Sequence[str]:
    """Name the clauses that give the settings."""
    return cited(scene, {"lever": tables["lever"]})


LEDGER = Exhibit[OutlookScene](
    "outlook/ledger",
    lambda scene: scene.words("Targets"),
    lambda scene: scene.words("people · if recent practice goes on"),
    lambda scene: {"quota": ("age_ladder/quota", {"as_of": scene.as_of, "unit": scene.unit})},
    lambda scene, _: rows.source(scene.target, scene.words),
    evidence=definition,
    hint=lambda scene: scene.words("a row chooses what the page shows"),
    derive=summed,
)
BRIDGE = Exhibit[OutlookScene](
    "outlook/bridge",
    lambda scene: scene.words("From {since} to {as_of}").format(
        since=scene.words.month(scene.as_of), as_of=scene.words.month(scene.date)
    ),
    lambda scene: scene.words("with this plan · people · today's who go, appointees who count at the date"),
    _asks,
    _bridge_takeaway,
    _draw_bridge,
    definition,
    told,
)
FAN = Exhibit[OutlookScene](
    "outlook/fan",
    lambda scene: scene.words("What may come"),
    _fan_caption,
    _asks,
    _fan_takeaway,
    _draw_fan,
    definition,
    told,
    wide=True,
)
REACH = Exhibit[OutlookScene](
    "outlook/reach",
    lambda scene: scene.words("What it takes"),
    lambda scene: (
        scene.words("chance by appointments in the band by then")
        if scene.once
        else scene.words("chance by appointments in the band a year")
    ),
    _asks,
    _curve_takeaway,
    _draw_curve,
    definition,
    told,
)
LATENESS = Exhibit[OutlookScene](
    "outlook/lateness",
    lambda scene: scene.words("What a late start costs"),
    lambda scene: scene.words("appointments a year × years, for {aim} · by the year of starting").format(
        aim=aim(scene.words)
    ),
    _asks,
    _lateness_takeaway,
    _draw_lateness,
    definition,
    told,
)
SENSITIVITY = Exhibit[OutlookScene](
    "outlook/sensitivity",
    lambda scene: scene.words("What moves it"),
    lambda scene: scene.words("with this plan · people at {month}, one assumption at a time").format(
        month=scene.words.month(scene.date)
    ),
    _asks,
    _sensitivity_takeaway,
    _draw_sensitivity,
    _levers_cited,
    told,
)
ROLL_OFF = Exhibit[OutlookScene](
    "outlook/roll_off",
    lambda scene: scene.words("Reaching a retirement line"),
    lambda scene: scene.words("statutory month or post age line · people by month to {month}").format(
        month=scene.words.month(scene.date)
    ),
    _roll_off_asks,
    _roll_off_takeaway,
    _draw_roll_off,
)
EXHIBITS = (LEDGER, BRIDGE, FAN, REACH, LATENESS, SENSITIVITY, ROLL_OFF)
