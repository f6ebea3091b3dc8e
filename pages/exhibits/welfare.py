"""Welfare and care's figures: uptake map, funnel, trend, days owed, talks, gaps, townships beside counties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models import rates
from pages.exhibits import Asks, Exhibit, Scene, Tables, cited
from pages.parts import bounds, charts, numerals, rows
from pages.parts.charts import Figure
from pages.parts.words import Words

SIDES = ("body", "level", "sex", "band")
FUNNEL_STEP = 0.02
YEARS_DRAWN, TREND_HIGH = 4, 330
NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareScene(Scene):
    """What the reader of welfare and care has chosen beside the unit.

    `item` and `side` are codes: what the trend, funnel and gaps are about, and what the map tells people apart by.
    `body` limits the funnel, None for all; `min_group` is the smallest group drawn and `least` the smallest that the
    reader may be shown at all, by which the lists of people go. `reported` holds the items of which the year is known.
    """

    year: int
    item: str
    side: str
    body: str | None
    min_group: int
    least: int
    reported: frozenset[str]

    @property
    def item_name(self) -> str:
        """What the item is called."""
        return rows.code("item", self.item, self.words)

    @property
    def running(self) -> bool:
        """Whether the year is not over."""
        return self.year * 100 + 12 > self.data_month


# --- what the page and the figures say alike ----------------------------------------------------------------------


def headline(scene: WelfareScene, uptake: pd.DataFrame) -> str:
    """Say the finding: how many took all their leave, and how many days are owed in all."""
    say, leave = scene.words, _whole(uptake, "leave")
    if leave is None and scene.reported and "leave" not in scene.reported:
        return say("{unit}, {year}: annual leave was not reported").format(unit=scene.unit_name, year=scene.year)
    if leave is None:
        return say("Nothing of welfare is known of {unit} in {year}").format(unit=scene.unit_name, year=scene.year)
    if leave["suppressed"]:
        return say("{unit}, {year}: too few people to be shown").format(unit=scene.unit_name, year=scene.year)
    owed = int(leave["entitled"]) - int(leave["used"])
    found = say("{year}: {share} took all of their annual leave, {days} days are owed").format(
        year=scene.year, share=_bounded(scene, leave.to_dict()), days=numerals.whole(owed)
    )
    return say("{unit}: {found}").format(unit=scene.unit_name, found=found) if scene.unit else found


def _bounded(scene: WelfareScene, leave: Mapping[Any, Any]) -> str:
    """Say the share that took all their leave, with its bounds where it is not known what somebody may take."""
    why = scene.words.count(
        "the start of work of {n} person is not known",
        "the start of work of {n} people is not known",
        int(leave["unknown"]),
    )
    return bounds.share(leave["share"], (leave["share_low"], leave["share_high"]), why, scene.words)


def tally(scene: WelfareScene, uptake: pd.DataFrame) -> str:
    """Say under the finding how check-ups and the yearly talks stand, and which items were not reported."""
    say, told = scene.words, []
    for item, text in (
        ("checkup", say("check-ups taken {share}")),
        ("talk", say("talked to in the yearly round {share}")),
        ("township_allowance", say("township allowance paid {share}")),
    ):
        row = _whole(uptake, item)
        if row is not None and not row["suppressed"]:
            told.append(text.format(share=numerals.percent(row["share"])))
    if scene.running:
        told.append(say("the year runs, counted to {month}").format(month=say.month(scene.data_month)))
    lacking = [name for item, name in rows.codes("item", say).items() if item not in scene.reported]
    if scene.reported and lacking:
        told.append(say("not reported: {items}").format(items=say.pick(", ", "、").join(lacking)))
    return say(" · ").join(told)


def counting(scene: WelfareScene) -> str:
    """Say how people and use are counted."""
    return scene.words(
        "used = used in full by those entitled · people by primary post at the end of the year, in the running year "
        "at the data month · leave by full years of work, recomputed from the rule"
    )


def reading(scene: WelfareScene) -> str:
    """Say what the intervals are for, and which groups are not shown."""
    say = scene.words
    said = say(
        "The counts are of everyone; a 95% interval says how far the rate behind a count can be told, so that groups "
        "can be compared."
    )
    hidden = say(
        "* Groups under {n} people are not shown, nor the next smallest where a total of the same figure would give "
        "them away; what units within each other or months tell together is not weighed."
    ).format(n=scene.min_group)
    return said + say.pick(" ", "") + hidden if scene.min_group > 1 else said


def evidence(scene: WelfareScene, tables: Tables) -> Sequence[str]:
    """Say how it is counted and read, and the clauses that stand in the rows."""
    return (counting(scene), reading(scene), *cited(scene, tables))


def _whole(uptake: pd.DataFrame, item: str) -> "pd.Series[Any] | None":
    found = uptake[(uptake["item"] == item) & (uptake["side"] == "all")]
    return None if found.empty else found.iloc[0]


def _group(scene: WelfareScene, table: pd.DataFrame) -> list[str]:
    """Name the group of each row, whatever it is told apart by."""
    say = scene.words
    band = table[say.pick("band_en", "band_zh")]
    names = []
    for side, body, level, sex, band_name in zip(
        table["side"], table["body"], table["level"], table["sex"], band, strict=True
    ):
        code = {"body": body, "level": level, "sex": sex}.get(side)
        if side == "all":
            names.append(say("Everyone"))
        elif side == "band":
            names.append(say("age not known") if pd.isna(band_name) else str(band_name))
        else:
            names.append(say("not known") if pd.isna(code) else rows.code(side, str(code), say))
    return names


def side_name(side: str, say: Words) -> str:
    """Name what people are told apart by."""
    return {
        "body": say("Body"),
        "level": say("Level"),
        "sex": say("Sex"),
        "band": say("Age"),
    }[side]


def _few(scene: WelfareScene, table: pd.DataFrame) -> str:
    """Say how many groups are not shown; nothing where all are."""
    hidden = int(table["suppressed"].sum())
    return scene.words.count("; {n} group is not shown", "; {n} groups are not shown", hidden) if hidden else ""


def _nothing(scene: WelfareScene, item: str, table: pd.DataFrame) -> str:
    """Say why there is nothing to see of an item: it was not reported, its groups are too few, or nobody is there."""
    say = scene.words
    if item not in scene.reported:
        return say("{item} of {year} was not reported.").format(item=rows.code("item", item, say), year=scene.year)
    return say("There is nobody to count.") if table.empty else say("Too few groups can be shown to compare them.")


# --- the map --------------------------------------------------------------------------------------------------------


def _uptake_asks(scene: WelfareScene) -> Asks:
    return {"uptake": ("welfare/uptake", {"year": scene.year, "min_group": scene.min_group, "unit": scene.unit})}


def _of_side(scene: WelfareScene, tables: Tables) -> pd.DataFrame:
    table = tables["uptake"]
    chosen = table[table["side"].isin(["all", scene.side])]
    named = chosen.assign(group=_group(scene, chosen), name=rows.items_named(chosen, scene.words))
    return named.sort_values("side", key=lambda side: side != "all", kind="stable")


def _draw_uptake(scene: WelfareScene, tables: Tables) -> Figure | None:
    table = _of_side(scene, tables)
    if table.empty:
        return None
    order = {item: place for place, item in enumerate(rows.codes("item", scene.words))}
    groups = _groups_in_order(scene, table)
    table = table.assign(row=table["item"].map(order), column=table["group"].map(groups.index))
    table = table.sort_values(["row", "column"]).drop(columns="item").rename(columns={"name": "item"})
    return charts.uptake(table, say=scene.words, look=scene.look)


def _groups_in_order(scene: WelfareScene, table: pd.DataFrame) -> list[str]:
    """Keep groups in the order of the contract, bands in that of their ages."""
    seen = table["group"].drop_duplicates().tolist()
    if scene.side == "band":
        return seen
    known = [scene.words("Everyone"), *rows.codes(scene.side, scene.words).values()]
    return sorted(seen, key=lambda name: known.index(name) if name in known else len(known))


def _uptake_takeaway(scene: WelfareScene, tables: Tables) -> str:
    say, table = scene.words, _of_side(scene, tables)
    leave = table[(table["item"] == "leave") & table["share"].notna()]
    groups = leave[(leave["side"] != "all") & (leave["band_id"] != "unknown")]
    if len(groups) <= 1:
        return _nothing(scene, "leave", table)
    least, *_, most = groups.sort_values("share", kind="stable").to_dict("records")
    said = say("Annual leave is taken in full by {low} in {least} and by {high} in {most}").format(
        least=least["group"],
        low=_bounded(scene, least),
        most=most["group"],
        high=_bounded(scene, most),
    )
    return said + _few(scene, table[table["side"] != "all"]) + say(".")


# --- the trend ------------------------------------------------------------------------------------------------------


def _trend_asks(scene: WelfareScene) -> Asks:
    return {"trend": ("welfare/trend", {"item": scene.item, "min_group": scene.min_group, "unit": scene.unit})}


def _trend_table(scene: WelfareScene, tables: Tables) -> pd.DataFrame:
    table = tables["trend"]
    drawn = table[table["year"].between(scene.year - YEARS_DRAWN, scene.year) & table["share"].notna()]
    return drawn.assign(
        series=drawn["year"].astype(str), place=drawn["month"] % 100, strong=drawn["year"] == scene.year
    )


def _draw_trend(scene: WelfareScene, tables: Tables) -> Figure | None:
    table = _trend_table(scene, tables)
    return None if table.empty else charts.by_month(table, say=scene.words, look=scene.look, height=TREND_HIGH)


def _trend_takeaway(scene: WelfareScene, tables: Tables) -> str:
    say, table = scene.words, _trend_table(scene, tables)
    own = table[table["year"] == scene.year]
    if own.empty:
        return _nothing(scene, scene.item, tables["trend"][tables["trend"]["year"] == scene.year])
    now = own.iloc[-1]
    told = say("{share} by {month}").format(share=numerals.percent(now["share"]), month=say.month(int(now["month"])))
    before = table[(table["year"] == scene.year - 1) & (table["place"] == int(now["month"]) % 100)]
    if before.empty:
        return told + say(".")
    was = before.iloc[0]
    return (
        told
        + say("; a year before {share}").format(share=numerals.percent(was["share"]))
        + say("; ")
        + _beyond(scene, now, was)
        + say(".")
    )


def _beyond(scene: WelfareScene, now: "pd.Series[Any]", was: "pd.Series[Any]") -> str:
    """Say whether a change is more than the intervals allow for."""
    low, high = rates.newcombe(int(now["full_use"]), int(now["people"]), int(was["full_use"]), int(was["people"]))
    say = scene.words
    if float(low) > 0:
        return say("higher, beyond chance")
    return say("lower, beyond chance") if float(high) < 0 else say("no clear change")


# --- the funnel -----------------------------------------------------------------------------------------------------


def _funnel_asks(scene: WelfareScene) -> Asks:
    asked = {"year": scene.year, "item": scene.item, "min_group": scene.min_group}
    return {"funnel": ("welfare/funnel", {**asked, "body": scene.body, "unit": scene.unit})}


def _placed(tables: Tables) -> pd.DataFrame:
    """Give the units that are shown, each with its place in the funnel of all of them."""
    shown = tables["funnel"].dropna(subset="people").reset_index(drop=True)
    people, hits = shown["people"].astype(int), shown["full_use"].astype(int)
    return shown.assign(unit=shown["unit_name"], verdict=rates.outside(hits, people)["verdict"])


def _draw_funnel(scene: WelfareScene, tables: Tables) -> Figure | None:
    units = _placed(tables)
    if units.empty:
        return None
    people, hits = units["people"].astype(int), units["full_use"].astype(int)
    whole = float(hits.sum() / people.sum())
    sizes = _sizes(int(people.min()), int(people.max()))
    limits = rates.funnel_limits(whole, sizes, rates.over_dispersion(hits, people))
    return charts.funnel(units, limits, whole=whole, say=scene.words, look=scene.look)


def _sizes(least: int, most: int) -> list[int]:
    """Give the sizes that the limits are drawn at, from one below the smallest unit to the largest."""
    step = max(1, round((most - least) * FUNNEL_STEP))
    return [*range(max(1, least - step), most, step), most]


def _funnel_takeaway(scene: WelfareScene, tables: Tables) -> str:
    say, units = scene.words, _placed(tables)
    if units.empty:
        return _nothing(scene, scene.item, tables["funnel"])
    below = units.loc[units["verdict"] == "below_99_8", "unit"].tolist()
    above = units.loc[units["verdict"] == "above_99_8", "unit"].tolist()
    if not below and not above:
        said = say.count(
            "The {n} unit shown differs no more than chance allows",
            "The {n} units shown differ no more than chance allows",
            len(units),
        )
    else:
        parts = [_named(scene, names, text) for names, text in ((below, say("below")), (above, say("above"))) if names]
        said = say("Beyond chance: {units}").format(units=say("; ").join(parts))
    return said + _few(scene, tables["funnel"]) + say(".")


def _named(scene: WelfareScene, names: Sequence[str], where: str) -> str:
    return scene.words("{where} {names}").format(where=where, names=_some(scene, names))


def _some(scene: WelfareScene, names: Sequence[str]) -> str:
    """Name the first few, and say how many more there are."""
    say, shown = scene.words, names[:NAMED]
    told = say.pick(", ", "、").join(shown)
    return told + (say(" and {n} more").format(n=len(names) - len(shown)) if len(names) > len(shown) else "")


# --- days owed ------------------------------------------------------------------------------------------------------


def _owed_asks(scene: WelfareScene) -> Asks:
    return {"owed": ("welfare/owed", {"year": scene.year, "min_group": scene.min_group, "unit": scene.unit})}


def _draw_owed(scene: WelfareScene, tables: Tables) -> Figure | None:
    owed = tables["owed"][tables["owed"]["owed"] > 0]
    return None if owed.empty else charts.days(owed, say=scene.words, look=scene.look)


def _owed_takeaway(scene: WelfareScene, tables: Tables) -> str:
    say, table = scene.words, tables["owed"]
    owed = table[(table["owed"] > 0) & table["people"].notna()]
    if table.empty or (owed.empty and table["suppressed"].any()):
        return _nothing(scene, "leave", table)
    people, days = int(owed["people"].sum()), int((owed["people"] * owed["owed"]).sum())
    told = say("{people} people are owed {days} days").format(people=numerals.whole(people), days=numerals.whole(days))
    if owed["pay"].notna().all():
        pay = int((owed["people"] * owed["pay"]).sum())
        told += say("; in lieu, {pay} daily wages").format(pay=numerals.whole(pay))
    return told + _few(scene, table) + say(".")


# --- talks ----------------------------------------------------------------------------------------------------------


def _talk_asks(scene: WelfareScene) -> Asks:
    return {"talk": ("welfare/talk", {"year": scene.year, "min_group": scene.min_group, "unit": scene.unit})}


def _talk_table(scene: WelfareScene, tables: Tables) -> pd.DataFrame:
    table = tables["talk"].dropna(subset="share")
    who = table[scene.words.pick("who_en", "who_zh")]
    return table.assign(series=who, place=table["month"] % 100, strong=True)


def _draw_talk(scene: WelfareScene, tables: Tables) -> Figure | None:
    table = _talk_table(scene, tables)
    aim = (1.0, scene.words("everyone by December"))
    return None if table.empty else charts.by_month(table, say=scene.words, look=scene.look, aim=aim)


def _talk_takeaway(scene: WelfareScene, tables: Tables) -> str:
    say, table = scene.words, _talk_table(scene, tables)
    if table.empty:
        return _nothing(scene, "talk", tables["talk"])
    told = [
        say("{who}: {left} of {people} not yet").format(
            who=name,
            left=numerals.whole(int(row["people"]) - int(row["full_use"])),
            people=numerals.whole(int(row["people"])),
        )
        for name, row in table.groupby("series", sort=False).last().iterrows()
    ]
    return say("; ").join(told) + say(".")


def _trigger_asks(scene: WelfareScene) -> Asks:
    asked = {"year": scene.year, "min_group": scene.min_group, "unit": scene.unit}
    return {"talk_trigger": ("welfare/talk_trigger", asked)}


def _trigger_takeaway(scene: WelfareScene, tables: Tables) -> str:
    say, table = scene.words, tables["talk_trigger"]
    shown = table.dropna(subset="cases")
    if shown.empty:
        return _nothing(scene, "talk", table)
    cases, in_time, missed, undated = (int(shown[name].sum()) for name in ("cases", "in_time", "missed", "undated"))
    told = say("Of {cases} calls, {in_time} were answered in time and {missed} not at all").format(
        cases=numerals.whole(cases), in_time=numerals.whole(in_time), missed=numerals.whole(missed)
    )
    if undated:
        told += say.count(
            "; {n} more was answered on a date that cannot tell",
            "; {n} more were answered on dates that cannot tell",
            undated,
        )
    return told + _few(scene, table) + say(".")


def _list_asks(scene: WelfareScene, name: str) -> Asks:
    return {name: (f"welfare/{name}", {"year": scene.year, "min_group": scene.least, "unit": scene.unit})}


def _owed_list_takeaway(scene: WelfareScene, tables: Tables) -> str:
    table = tables["owed_person"]
    if table.empty:
        return scene.words("Nobody.") if "leave" in scene.reported else _nothing(scene, "leave", table)
    return scene.words.count("{n} person is owed leave.", "{n} people are owed leave.", len(table))


def _overdue_takeaway(scene: WelfareScene, tables: Tables) -> str:
    table = tables["talk_overdue"]
    if table.empty:
        return scene.words("Nobody.") if "talk" in scene.reported else _nothing(scene, "talk", table)
    return scene.words.count(
        "{n} person has not been talked to in the year.", "{n} people have not been talked to in the year.", len(table)
    )


# --- gaps -----------------------------------------------------------------------------------------------------------


def _gap_asks(scene: WelfareScene) -> Asks:
    asked = {"year": scene.year, "item": scene.item, "min_group": scene.min_group, "unit": scene.unit}
    return {"gap": ("welfare/gap", asked)}


def _gap_table(scene: WelfareScene, tables: Tables) -> pd.DataFrame:
    """Give the rows of the figure, side by side of telling apart; of two sexes one is enough."""
    table = tables["gap"].assign(name=_group(scene, tables["gap"]), part=tables["gap"]["side"])
    parts = []
    for side in ("sex", "band", "level", "body"):
        part = table[table["side"] == side]
        if len(part):
            parts.append(part.head(1) if side == "sex" else part)
    return pd.concat(parts) if parts else table


def _draw_gap(scene: WelfareScene, tables: Tables) -> Figure | None:
    table = _gap_table(scene, tables)
    return (
        None
        if table["points_ahead"].isna().all()
        else charts.gaps(table, say=scene.words, look=scene.look, narrow=True)
    )


def _gap_takeaway(scene: WelfareScene, tables: Tables) -> str:
    say, table = scene.words, _gap_table(scene, tables)
    if table["finding"].isna().all():
        return _nothing(scene, scene.item, table)
    told = []
    for code, text in (("lower", say("lower: {names}")), ("higher", say("higher: {names}"))):
        found = table[table["finding"] == code].sort_values("points_ahead", key=abs, ascending=False, kind="stable")
        if len(found):
            told.append(text.format(names=_some(scene, found["name"].tolist())))
    few = int((table["finding"] == "too_few").sum())
    if few:
        told.append(say.count("in {n} group too few to tell", "in {n} groups too few to tell", few))
    said = say("; ").join(told) if told else say("No group differs clearly from the others")
    return said[:1].upper() + said[1:] + _few(scene, table) + say(".")  # fmt: skip


def _township_asks(scene: WelfareScene) -> Asks:
    asked = {"year": scene.year, "min_group": scene.min_group, "unit": scene.unit}
    return {"township": ("welfare/township", asked)}


def _township_table(scene: WelfareScene, tables: Tables) -> pd.DataFrame:
    say, table = scene.words, tables["township"]
    table = table[table["others"].fillna(1) > 0]
    levels = [say("not known") if pd.isna(level) else rows.code("level", level, say) for level in table["level"]]
    items = rows.items_named(table, say)
    names = [say("{item}, {level}").format(item=item, level=level) for item, level in zip(items, levels, strict=True)]
    return table.assign(name=names, part=table["item"])


def _draw_township(scene: WelfareScene, tables: Tables) -> Figure | None:
    table = _township_table(scene, tables)
    shown = table[~table["suppressed"].astype(bool)]
    return None if shown.empty else charts.gaps(shown, say=scene.words, look=scene.look)


def _township_takeaway(scene: WelfareScene, tables: Tables) -> str:
    say, table = scene.words, _township_table(scene, tables)
    if table.empty:
        return say("There are no townships with peers in county departments here.")
    if table["finding"].isna().all():
        return say("Too few groups can be shown to compare them.")
    lower, higher = (int((table["finding"] == code).sum()) for code in ("lower", "higher"))
    told = say("Of {all} comparisons townships are lower in {lower} and higher in {higher}").format(
        all=int(table["finding"].notna().sum()), lower=lower, higher=higher
    )
    paid = tables["township"]
    paid = paid[(paid["item"] == "township_allowance") & paid["people"].notna()]
    if len(paid):
        share = numerals.percent(int(paid["full_use"].sum()) / int(paid["people"].sum()))
        told += say("; the township allowance is paid to {share}").format(share=share)
    return told + _few(scene, table) + say("; incomes are not among the data.")


# --- the exhibits ---------------------------------------------------------------------------------------------------


def _year_and_unit(scene: WelfareScene) -> str:
    return scene.words("{year} · {unit}").format(year=scene.year, unit=scene.unit_name)


UPTAKE = Exhibit[WelfareScene](
    "welfare/uptake",
    lambda scene: scene.words("What was used"),
    lambda scene: scene.words("{year} · share of those entitled who used all of it").format(year=scene.year),
    _uptake_asks,
    _uptake_takeaway,
    _draw_uptake,
    evidence,
    wide=True,
)
TREND = Exhibit[WelfareScene](
    "welfare/trend",
    lambda scene: scene.words("{item} through the year").format(item=scene.item_name),
    lambda scene: scene.words("share who had used all of it by the end of each month · pale: 95% interval"),
    _trend_asks,
    _trend_takeaway,
    _draw_trend,
    evidence,
)
FUNNEL = Exhibit[WelfareScene](
    "welfare/funnel",
    lambda scene: scene.words("{item}: units and chance").format(item=scene.item_name),
    lambda scene: scene.words("{year} · a dot a unit; between the lines chance alone may be at work").format(
        year=scene.year
    ),
    _funnel_asks,
    _funnel_takeaway,
    _draw_funnel,
    evidence,
)
GAP = Exhibit[WelfareScene](
    "welfare/gap",
    lambda scene: scene.words("{item}: groups and all others").format(item=scene.item_name),
    lambda scene: scene.words("{year} · percentage points · 95% interval").format(year=scene.year),
    _gap_asks,
    _gap_takeaway,
    _draw_gap,
    evidence,
    wide=True,
)
OWED = Exhibit[WelfareScene](
    "welfare/owed",
    lambda scene: scene.words("Days of leave owed"),
    lambda scene: scene.words("{year} · people by days not taken").format(year=scene.year),
    _owed_asks,
    _owed_takeaway,
    _draw_owed,
    evidence,
)
TALK = Exhibit[WelfareScene](
    "welfare/talk",
    lambda scene: scene.words("The yearly round of talks"),
    lambda scene: scene.words("{year} · share talked to by the end of each month").format(year=scene.year),
    _talk_asks,
    _talk_takeaway,
    _draw_talk,
    evidence,
)
TRIGGER = Exhibit[WelfareScene](
    "welfare/talk_trigger",
    lambda scene: scene.words("Talks that were called for"),
    _year_and_unit,
    _trigger_asks,
    _trigger_takeaway,
    evidence=evidence,
    listed=("trigger", "cases", "in_time", "missed"),
)
TOWNSHIP = Exhibit[WelfareScene](
    "welfare/township",
    lambda scene: scene.words("Townships beside county departments"),
    lambda scene: scene.words("{year} · same level · percentage points · 95% interval").format(year=scene.year),
    _township_asks,
    _township_takeaway,
    _draw_township,
    evidence,
    wide=True,
)
OWED_LIST = Exhibit[WelfareScene](
    "welfare/owed_person",
    lambda scene: scene.words("Who is owed leave"),
    _year_and_unit,
    lambda scene: _list_asks(scene, "owed_person"),
    _owed_list_takeaway,
    evidence=evidence,
    listed=("name", "unit_name", "entitled", "used", "owed", "pay"),
)
OVERDUE_LIST = Exhibit[WelfareScene](
    "welfare/talk_overdue",
    lambda scene: scene.words("Who has not been talked to"),
    _year_and_unit,
    lambda scene: _list_asks(scene, "talk_overdue"),
    _overdue_takeaway,
    evidence=evidence,
    listed=("name", "unit_name", "post", "last_date"),
)
EXHIBITS = (UPTAKE, TREND, FUNNEL, GAP, OWED, TALK, TRIGGER, TOWNSHIP, OWED_LIST, OVERDUE_LIST)
