"""The overview's figures: warnings by unit, movers in assessments, clocks running out and welfare taken up."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data import month
from pages.exhibits import Asks, Exhibit, Scene, Tables
from pages.parts import charts, numerals, rows
from pages.parts.charts import Figure

UNITS, CLOCKS_SHOWN = 6, 9
COLOURS = {"red": "vermilion", "yellow": "ochre", "blue": "blue", "green": "pine"}
FORCES = {"must": "vermilion", "should": "ochre", "in_principle": "ochre", "avoid": "ochre", "ends": "blue"}
OTHER_FORCE, REMINDER = "slate", "remind"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewScene(Scene):
    """What the overview shows beside month and unit.

    `until` is the month (YYYYMM) up to which clocks are followed, `assessment_year` and `welfare_year` the last whole
    years there are, and `min_group` the smallest group shown.
    """

    until: int
    assessment_year: int
    welfare_year: int
    min_group: int


def headline(scene: OverviewScene, quota: pd.DataFrame) -> str:
    """Say how many targets are met, at the edge and short, and how many people are missing now and later."""
    say = scene.words
    if quota.empty:
        return say("No target is asked of {unit} in {month}").format(unit=scene.unit_name, month=say.month(scene.as_of))
    number = quota["status"].value_counts()
    return say(
        "{met} of {all} targets met, {at_risk} at the edge, {missed} short by {people}; "
        "if nobody moves, {later} short by {more} at the term change"
    ).format(
        all=len(quota),
        met=number.get("met", 0),
        at_risk=number.get("at_risk", 0),
        missed=number.get("missed", 0),
        people=_short(quota["spare"]),
        later=int((quota["status_at_term"] == "missed").sum()),
        more=_short(quota["spare_at_term"]),
    )


def _short(spares: "pd.Series[Any]") -> str:
    return numerals.whole(-spares[spares < 0].sum())


def measured_at(scene: OverviewScene, quota: pd.DataFrame) -> str:
    """Say in which months ages are measured."""
    say = scene.words
    terms = sorted({int(at) for at in quota["term_month"].dropna()})
    months = say(", ").join(say.month(at) for at in terms)
    return say("ages at {month}; term changes: {terms}; in whole people, people asked for twice counted twice").format(
        month=say.month(scene.as_of), terms=months
    )


def last_year(groups: pd.DataFrame, as_of: int) -> int:
    """Give the last year over by the month that assessments are known of; the last year over, where none is."""
    over = month.last_whole_year(as_of)
    years = groups.loc[groups["year"] <= over, "year"]
    return int(years.max()) if len(years) else over


# --- colours of units -----------------------------------------------------------------------------------------------


def _colours_asks(scene: OverviewScene) -> Asks:
    return {"status": ("overview/status", {"as_of": scene.as_of, "unit": scene.unit})}


def _below(tables: Tables) -> pd.DataFrame:
    table = tables["status"]
    return table[table["place"] == "below"]


def _draw_colours(scene: OverviewScene, tables: Tables) -> Figure | None:
    worst = _below(tables).sort_values("missed", ascending=False, kind="stable").head(UNITS)
    if worst.empty:
        return None
    table = worst.assign(
        name=worst["unit_name"],
        now=worst["missed"],
        later=0,
        word=[rows.code("colour", colour, scene.words) for colour in worst["colour"]],
        tone=worst["colour"].map(COLOURS),
        code=worst["unit_id"],
    )
    return charts.tallies(table, look=scene.look)


def _colours_takeaway(scene: OverviewScene, tables: Tables) -> str:
    say = scene.words
    number = _below(tables)["colour"].value_counts()
    return say("{red} red, {yellow} yellow, {blue} blue and {green} without a warning.").format(
        **{colour: number.get(colour, 0) for colour in COLOURS}
    )


# --- movers ---------------------------------------------------------------------------------------------------------


def _movers_asks(scene: OverviewScene) -> Asks:
    return {"mover": ("assessment/mover", {"year": scene.assessment_year, "unit": scene.unit})}


def _movers_takeaway(scene: OverviewScene, tables: Tables) -> str:
    say, number = scene.words, tables["mover"]["direction"].value_counts()
    return say("{up} far up, {down} far down by the rule; noise is weighed on its page.").format(
        up=number.get("up", 0), down=number.get("down", 0)
    )


# --- clocks ---------------------------------------------------------------------------------------------------------


def _clocks_asks(scene: OverviewScene) -> Asks:
    return {"clocks": ("rotation/clock_ahead", {"since": scene.as_of, "until": scene.until, "unit": scene.unit})}


def _by_rule(scene: OverviewScene, tables: Tables) -> pd.DataFrame:
    """Count people by rule: whose clock has run out, and whose runs out by the end.

    Rules that differ only by whom they are asked of, which their names say in brackets, are one row; reminders are no
    clock.
    """
    table = tables["clocks"]
    table = table[table["force"] != REMINDER]
    over = table["month"] <= scene.as_of
    table = table.assign(now=table["people"].where(over, 0), later=table["people"].where(~over, 0))
    table["name"] = rows.before_bracket(table[f"clock{scene.words.pick('_en', '_zh')}"])
    return table.groupby(["name", "force"], sort=False)[["now", "later"]].sum().reset_index()


def _draw_clocks(scene: OverviewScene, tables: Tables) -> Figure:
    table = _by_rule(scene, tables).head(CLOCKS_SHOWN)
    return charts.tallies(table.assign(tone=table["force"].map(FORCES).fillna(OTHER_FORCE)), look=scene.look)


def _clocks_takeaway(scene: OverviewScene, tables: Tables) -> str:
    say, table = scene.words, _by_rule(scene, tables)
    return say("{now} clocks have run out; {later} more do by {month}.").format(
        now=numerals.whole(table["now"].sum()),
        later=numerals.whole(table["later"].sum()),
        month=scene.words.month(scene.until),
    )


# --- welfare --------------------------------------------------------------------------------------------------------


def _uptake_asks(scene: OverviewScene) -> Asks:
    given: dict[str, Any] = {"year": scene.welfare_year, "min_group": scene.min_group, "unit": scene.unit}
    return {"uptake": ("welfare/uptake", given)}


def _of_all(tables: Tables) -> pd.DataFrame:
    table = tables["uptake"]
    return table[table["side"] == "all"]


def _draw_uptake(scene: OverviewScene, tables: Tables) -> Figure | None:
    table = _of_all(tables)
    if table.empty:
        return None
    named = table.assign(name=rows.items_named(table, scene.words))
    return charts.shares(named, say=scene.words, look=scene.look)


def _uptake_takeaway(scene: OverviewScene, tables: Tables) -> str:
    say, table = scene.words, _of_all(tables)
    if table.empty:
        return say("No use of welfare is recorded for {year}.").format(year=scene.welfare_year)
    due = table[table["claim"] == "due"].dropna(subset="share")
    if due.empty:
        return say("Too few groups can be shown to compare them.")
    least = due.sort_values("share", kind="stable").iloc[0]
    return say("Least used of what is due: {item}, {share}.").format(
        item=rows.code("item", least["item"], say), share=numerals.percent(least["share"], places=0)
    )


def doubts(scene: OverviewScene, quality: pd.DataFrame) -> str:
    """Say how many records leave a number in doubt, from the answer to overview/quality."""
    records = dict(zip(quality["rule"], quality["records"], strict=True))
    known = {name: int(records.pop(name, 0)) for name in ("birth_missing", "birth_month_missing")}
    return scene.words(
        "data to {month} · births missing: {birth_missing}, known to the year only: {birth_month_missing} · "
        "records that the checks found: {found}"
    ).format(month=scene.words.month(scene.data_month), found=numerals.whole(sum(records.values())), **known)


WARNINGS = Exhibit[OverviewScene](
    "overview/status",
    lambda scene: scene.words("Warnings by unit"),
    lambda scene: scene.words("targets missed · at {month}").format(month=scene.words.month(scene.as_of)),
    _colours_asks,
    _colours_takeaway,
    _draw_colours,
    chooses=("unit",),
)
MOVERS = Exhibit[OverviewScene](
    "overview/movers",
    lambda scene: scene.words("Large moves in assessments"),
    lambda scene: scene.words("{year} · places in the group").format(year=scene.assessment_year),
    _movers_asks,
    _movers_takeaway,
    listed=("unit_name", "peer_group", "now_place", "places"),
)
CLOCKS = Exhibit[OverviewScene](
    "overview/clocks",
    lambda scene: scene.words("Rotation clocks"),
    lambda scene: scene.words("people · pale: running out by {month}").format(month=scene.words.month(scene.until)),
    _clocks_asks,
    _clocks_takeaway,
    _draw_clocks,
)
UPTAKE = Exhibit[OverviewScene](
    "overview/uptake",
    lambda scene: scene.words("Welfare and care"),
    lambda scene: scene.words("{year} · share of those entitled, with interval").format(year=scene.welfare_year),
    _uptake_asks,
    _uptake_takeaway,
    _draw_uptake,
)
EXHIBITS = (WARNINGS, MOVERS, CLOCKS, UPTAKE)
