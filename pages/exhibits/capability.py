"""Capability's figures: hours asked and taken, kinds of training, who had none for years, and what teams lack."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models import rates
from pages.exhibits import Asks, Exhibit, Scene, Tables, cited
from pages.parts import charts, numerals, rows
from pages.parts.charts import Figure

FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityScene(Scene):
    """What the reader of capability has chosen beside the unit.

    `side` is what people are told apart by, and `rule_id` the requirement that is followed through the years, None for
    the first there is.
    """

    year: int
    side: str
    rule_id: str | None

    @property
    def running(self) -> bool:
        """Whether the year is not over."""
        return self.year * 100 + 12 > self.data_month


# --- what the page and the figures say alike ----------------------------------------------------------------------


def headline(scene: CapabilityScene, hours: pd.DataFrame) -> str:
    """Say the finding: how many had the hours that each requirement asks."""
    say, whole = scene.words, hours[hours["side"] == "all"]
    if whole.empty:
        return say("No training of {unit} was reported in {year}").format(unit=scene.unit_name, year=scene.year)
    told = [
        say("{rule} {share}").format(rule=row[_rule_name(scene)], share=numerals.percent(row["share"]))
        for row in whole.to_dict("records")
    ]
    found = say("{year}, hours reached: {found}").format(year=scene.year, found=say("; ").join(told))
    return say("{unit}: {found}").format(unit=scene.unit_name, found=found) if scene.unit else found


def standing(scene: CapabilityScene, tables: Tables) -> str:
    """Say in one line how many had the hours, and how many people teams lack."""
    lacking = [_lacking(scene, tables["need"])] if len(tables["need"]) else []
    return scene.words(" · ").join([headline(scene, tables["hours"]), *lacking])


def tally(scene: CapabilityScene, tables: Tables) -> str:
    """Say under the finding how many had nothing for years, and how many teams lack somebody."""
    say, told = scene.words, []
    silent = tables["silent"][tables["silent"]["side"] == "all"]
    told += [
        say("nothing for {span} years: {n} of {people}").format(
            span=row["span"], n=numerals.whole(row["silent"]), people=numerals.whole(row["people"])
        )
        for row in silent.to_dict("records")
    ]
    need = tables["need"]
    if len(need):
        told.append(_lacking(scene, need))
    if scene.running:
        told.append(say("the year runs, counted to {month}").format(month=say.month(scene.data_month)))
    return say(" · ").join(told)


def _lacking(scene: CapabilityScene, need: pd.DataFrame) -> str:
    """Say how many people teams lack, between which numbers where nothing is reported of some."""
    say = scene.words
    most, least = int(need["lacking"].sum()), int(need["lacking_least"].sum())
    if most == least:
        return say.count("teams lack {n} person with a field", "teams lack {n} people with a field", most)
    return say("teams lack {least} to {most} people with a field").format(
        least=numerals.whole(least), most=numerals.whole(most)
    )


def counting(scene: CapabilityScene) -> str:
    """Say how people, hours and fields are counted."""
    return scene.words(
        "people by primary post at the end of the year, in the running year at the data month · a course counts in the "
        "year in which it began · fields as reported, work in a township as postings tell it"
    )


def reading(scene: CapabilityScene) -> str:
    """Say what is not reported and cannot be told."""
    return scene.words(
        "Training that was not reported counts as none; where years that a requirement looks back on were not reported "
        "at all, more may have the hours than is shown."
    )


def evidence(scene: CapabilityScene, tables: Tables) -> Sequence[str]:
    """Say how it is counted and read, and the clauses that stand in the rows."""
    return (counting(scene), reading(scene), *cited(scene, tables))


def _of_side(scene: CapabilityScene, table: pd.DataFrame) -> pd.DataFrame:
    """Give everyone and the groups of the chosen side, named, in the order of the contract; bands in that of ages."""
    say = scene.words
    chosen = table[table["side"].isin(["all", scene.side])]
    names = [_group(scene, row) for row in chosen.to_dict("records")]
    order = [say("Everyone"), *(rows.codes(scene.side, say).values() if scene.side != "band" else ())]
    places = [order.index(name) if name in order else len(order) for name in names]
    return chosen.assign(group=names, column=places)


def _group(scene: CapabilityScene, row: Mapping[Hashable, Any]) -> str:
    say = scene.words
    if row["side"] == "all":
        return say("Everyone")
    if row["side"] == "band":
        name = row[say.pick("band_en", "band_zh")]
        return say("age not known") if pd.isna(name) else str(name)
    code = row[str(row["side"])]
    return say("not known") if pd.isna(code) else rows.code(str(row["side"]), str(code), say)


def _mapped(scene: CapabilityScene, table: pd.DataFrame, names: Sequence[str], hits: str) -> Figure | None:
    """Draw shares of groups in columns, by what `names` its rows are about."""
    if table.empty:
        return None
    low, high = rates.wilson(table[hits].to_numpy(), table["people"].to_numpy())
    order = {name: place for place, name in enumerate(dict.fromkeys(names))}
    cells = table.assign(item=names, full_use=table[hits], low=low, high=high, suppressed=False)
    cells = cells.assign(row=cells["item"].map(order)).sort_values(["row", "column"], kind="stable")
    return charts.uptake(cells, say=scene.words, look=scene.look)


# --- hours ----------------------------------------------------------------------------------------------------------


def _year_asks(scene: CapabilityScene, name: str) -> Asks:
    return {name: (f"capability/{name}", {"year": scene.year, "unit": scene.unit})}


def _rule_name(scene: CapabilityScene) -> str:
    return scene.words.pick("requirement_en", "requirement_zh")


def _draw_hours(scene: CapabilityScene, tables: Tables) -> Figure | None:
    table = _of_side(scene, tables["hours"])
    return _mapped(scene, table, table[_rule_name(scene)].tolist(), "met")


def _hours_takeaway(scene: CapabilityScene, tables: Tables) -> str:
    say, whole = scene.words, tables["hours"][tables["hours"]["side"] == "all"]
    if whole.empty:
        return say("No training was reported.")
    told = [
        say("{rule}: {left} of {people} short of {asked} hours").format(
            rule=row[_rule_name(scene)],
            left=numerals.whole(row["people"] - row["met"]),
            people=numerals.whole(row["people"]),
            asked=numerals.whole(row["asked"]),
        )
        + (
            say(", of {span} years {reported} reported").format(span=row["span"], reported=row["reported"])
            if row["reported"] < row["span"]
            else ""
        )
        for row in whole.to_dict("records")
    ]
    return say("; ").join(told) + say(".")


# --- kinds ----------------------------------------------------------------------------------------------------------


def _draw_reach(scene: CapabilityScene, tables: Tables) -> Figure | None:
    table = _of_side(scene, tables["reach"])
    return _mapped(scene, table, [rows.code("course", code, scene.words) for code in table["course"]], "taken")


def _reach_takeaway(scene: CapabilityScene, tables: Tables) -> str:
    say, whole = scene.words, tables["reach"][tables["reach"]["side"] == "all"]
    if whole.empty:
        return say("No training was reported.")
    ordered = whole.sort_values("share", ascending=False, kind="stable").to_dict("records")
    most, least = ordered[0], ordered[-1]
    return say("Most were in {most} ({high}), fewest in {least} ({low}).").format(
        most=rows.code("course", most["course"], say),
        high=numerals.percent(most["share"]),
        least=rows.code("course", least["course"], say),
        low=numerals.percent(least["share"]),
    )


# --- years ----------------------------------------------------------------------------------------------------------


def _followed(scene: CapabilityScene, tables: Tables) -> pd.DataFrame:
    """Give the years of the chosen requirement, or of the first."""
    table = tables["over_time"]
    rule = scene.rule_id if scene.rule_id in set(table["rule_id"]) else next(iter(table["rule_id"]), None)
    return table[table["rule_id"] == rule]


def _draw_over_time(scene: CapabilityScene, tables: Tables) -> Figure | None:
    table = _followed(scene, tables)
    if table.empty:
        return None
    names = [_year_name(scene, row) for row in table.to_dict("records")]
    named = table.assign(name=names, reached=table["met"])
    return charts.share_bars(named, say=scene.words, look=scene.look)


def _year_name(scene: CapabilityScene, row: Mapping[Hashable, Any]) -> str:
    """Name a year; where the requirement looks back on years that were not reported, say so."""
    if row["reported"] == row["span"]:
        return str(row["year"])
    return scene.words("{year} ({reported} of {span} years)").format(
        year=row["year"], reported=row["reported"], span=row["span"]
    )


def _over_time_takeaway(scene: CapabilityScene, tables: Tables) -> str:
    say, table = scene.words, _followed(scene, tables)
    if table.empty:
        return say("No training was reported.")
    last = table.iloc[-1]
    told = say("{rule}: {share} in {year}").format(
        rule=last[_rule_name(scene)], share=numerals.percent(last["share"]), year=last["year"]
    )
    if len(table) > 1 and (table.tail(2)["reported"] == table.tail(2)["span"]).all():
        before = table.iloc[-2]
        told += say("; {year}: {share}").format(year=before["year"], share=numerals.percent(before["share"]))
    return told + say(".")


# --- nothing for years ----------------------------------------------------------------------------------------------


def _draw_silent(scene: CapabilityScene, tables: Tables) -> Figure | None:
    table = _of_side(scene, tables["silent"])
    if table.empty:
        return None
    named = table.sort_values("column", kind="stable").assign(reached=lambda rows: rows["silent"])
    return charts.share_bars(named.assign(name=named["group"]), say=scene.words, look=scene.look)


def _silent_takeaway(scene: CapabilityScene, tables: Tables) -> str:
    say, whole = scene.words, tables["silent"][tables["silent"]["side"] == "all"]
    if whole.empty:
        return say("It cannot be told: training was not reported of every year that this looks back on.")
    row = whole.iloc[0]
    return say("{n} of {people} in post for {span} years had no training in them ({share}).").format(
        n=numerals.whole(row["silent"]),
        people=numerals.whole(row["people"]),
        span=row["span"],
        share=numerals.percent(row["share"]),
    )


def _silent_list_takeaway(scene: CapabilityScene, tables: Tables) -> str:
    return scene.words.count(
        "{n} person without any training for years.",
        "{n} people without any training for years.",
        len(tables["silent_person"]),
    )


# --- what duties ask ------------------------------------------------------------------------------------------------


def need_asks(scene: CapabilityScene) -> Asks:
    """Ask how many teams have what their duties ask for, in the data month."""
    return {"need": ("capability/need", {"as_of": scene.data_month, "unit": scene.unit})}


def _need_unit_asks(scene: CapabilityScene) -> Asks:
    return {"need_unit": ("capability/need_unit", {"as_of": scene.data_month, "unit": scene.unit})}


def _asked(scene: CapabilityScene, row: Mapping[Hashable, Any]) -> str:
    """Say what is asked: the field, how it is known, and how many people."""
    say = scene.words
    known = row["known_by"]
    either = rows.code("field", str(row["field"]), say)
    told = either if pd.isna(known) else say("{field} ({known_by})").format(
        field=either, known_by=rows.code("known_by", str(known), say)
    )  # fmt: skip
    return say("{body}: {field}, {n}").format(
        body=rows.code("body", str(row["body"]), say), field=told, n=row["needed"]
    )


def _short(table: pd.DataFrame) -> pd.DataFrame:
    """Give what is asked and not met everywhere, the most people lacking first."""
    return table[table["lacking"] > 0].sort_values("lacking", ascending=False, kind="stable")


def _aside(scene: CapabilityScene, row: Mapping[Hashable, Any]) -> str:
    """Say how many people lack in all teams together, between which numbers where nothing is reported of some."""
    say, least, most = scene.words, int(row["lacking_least"]), int(row["lacking"])
    if not most:
        return ""
    if least == most:
        return say("{n} lacking").format(n=numerals.whole(most))
    return say("{least} to {most} lacking").format(least=numerals.whole(least), most=numerals.whole(most))


def _draw_need(scene: CapabilityScene, tables: Tables) -> Figure | None:
    table = tables["need"]
    if table.empty:
        return None
    drawn = table if _short(table).empty else _short(table)
    told = drawn.to_dict("records")
    named = drawn.assign(
        name=[_asked(scene, row) for row in told],
        aside=[_aside(scene, row) for row in told],
        reached=drawn["met"],
        people=drawn["teams"],
    )
    return charts.share_bars(named, say=scene.words, look=scene.look, whole=scene.words("teams"))


def _need_takeaway(scene: CapabilityScene, tables: Tables) -> str:
    say, table = scene.words, tables["need"]
    if table.empty:
        return say("No duties are asked of the teams here.")
    worst = _short(table).head(FEW)
    if worst.empty:
        return say("Every team has the people that its duties ask for.")
    told = [
        say("{body}: {field} ({n})").format(
            body=rows.code("body", row["body"], say),
            field=rows.code("field", row["field"], say),
            n=numerals.whole(row["lacking"]),
        )
        for row in worst.to_dict("records")
    ]
    said = _lacking(scene, table)
    most = say("; most: {names}").format(names=say.pick(", ", "、").join(told))
    met = len(table) - len(_short(table))
    rest = say("; {met} of {all} requirements met in every team").format(met=met, all=len(table)) if met else ""
    return said[:1].upper() + said[1:] + most + rest + say(".")


def _need_unit_takeaway(scene: CapabilityScene, tables: Tables) -> str:
    units = tables["need_unit"]["unit_id"].nunique()
    return scene.words.count("{n} team lacks somebody.", "{n} teams lack somebody.", units)


# --- the exhibits ---------------------------------------------------------------------------------------------------


def _year_and_unit(scene: CapabilityScene) -> str:
    return scene.words("{year} · {unit}").format(year=scene.year, unit=scene.unit_name)


def _month_and_unit(scene: CapabilityScene) -> str:
    return scene.words("{month} · {unit}").format(month=scene.words.month(scene.data_month), unit=scene.unit_name)


HOURS = Exhibit[CapabilityScene](
    "capability/hours",
    lambda scene: scene.words("Hours asked and taken"),
    lambda scene: scene.words("{year} · share of those asked who had the hours").format(year=scene.year),
    lambda scene: _year_asks(scene, "hours"),
    _hours_takeaway,
    _draw_hours,
    evidence,
    wide=True,
)
OVER_TIME = Exhibit[CapabilityScene](
    "capability/over_time",
    lambda scene: scene.words("Hours year by year"),
    lambda scene: scene.words("share of those asked who had the hours · {unit}").format(unit=scene.unit_name),
    lambda scene: {"over_time": ("capability/over_time", {"unit": scene.unit})},
    _over_time_takeaway,
    _draw_over_time,
    evidence,
)
REACH = Exhibit[CapabilityScene](
    "capability/reach",
    lambda scene: scene.words("Reach of each kind of training"),
    lambda scene: scene.words("{year} · share of people who took any of the kind").format(year=scene.year),
    lambda scene: _year_asks(scene, "reach"),
    _reach_takeaway,
    _draw_reach,
    evidence,
    wide=True,
)
SILENT = Exhibit[CapabilityScene](
    "capability/silent",
    lambda scene: scene.words("Nothing for years"),
    _year_and_unit,
    lambda scene: _year_asks(scene, "silent"),
    _silent_takeaway,
    _draw_silent,
    evidence,
)
NEED = Exhibit[CapabilityScene](
    "capability/need",
    lambda scene: scene.words("What duties ask of teams"),
    _month_and_unit,
    need_asks,
    _need_takeaway,
    _draw_need,
    evidence,
    wide=True,
)
NEED_LIST = Exhibit[CapabilityScene](
    "capability/need_unit",
    lambda scene: scene.words("Which teams lack somebody"),
    _month_and_unit,
    _need_unit_asks,
    _need_unit_takeaway,
    evidence=evidence,
    listed=("unit_name", "field", "known_by", "needed", "have", "lacking", "unknown"),
)
SILENT_LIST = Exhibit[CapabilityScene](
    "capability/silent_person",
    lambda scene: scene.words("Who had nothing for years"),
    _year_and_unit,
    lambda scene: _year_asks(scene, "silent_person"),
    _silent_list_takeaway,
    evidence=evidence,
    listed=("name", "unit_name", "post", "last_month"),
)
EXHIBITS = (HOURS, OVER_TIME, REACH, SILENT, NEED, NEED_LIST, SILENT_LIST)
