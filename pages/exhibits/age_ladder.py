"""The age ladder's figures: ledger, ladder, series, bridge, heat map, crossings, roll-offs and doubtful ages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from data import month
from pages.exhibits import TEN_YEARS, Asks, Exhibit, Scene, Tables, cited, nobody_moves
from pages.parts import bounds, charts, numerals, rows
from pages.parts.charts import Figure
from pages.parts.words import Words

PARTS = ("appointed", "moved_in", "aged", "moved_out", "left", "capped")
REASONS_OFF = ("statutory", "post_line", "full_term")
BARS, COLUMNS = 15, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeScene(Scene):
    """What the reader of the age ladder has chosen beside month and unit.

    `target_id` is the chosen target and `target` its row of age_ladder/quota, both None where no target is asked of
    the unit. `since` and `until` are the ends of the bridge and of the lists; `level`, `sex` and `body` are codes, None
    for all; `term_changes` are those of the target's tier.
    """

    since: int
    until: int
    target_id: str | None
    target: Mapping[str, Any] = field(compare=False)
    body: str | None
    level: str | None
    sex: str | None
    term_changes: tuple[int, ...]

    @property
    def who(self) -> str:
        """Whom the target is about, in the reader's language."""
        return self.words.pick(self.target["who_en"], self.target["who_zh"])

    @property
    def band(self) -> str:
        """The target's band, in the reader's language."""
        return self.words.pick(self.target["band_en"], self.target["band_zh"])

    @property
    def upper_age(self) -> int | None:
        """The target's exclusive age, None where it has no age line."""
        age = self.target.get("upper_age")
        return None if pd.isna(age) else int(age)


# --- what the page and the figures say alike ----------------------------------------------------------------------


def headline(scene: AgeScene) -> str:
    """Say the finding: how the chosen target stands in whole people, and how at the term change if nobody moves."""
    say, target = scene.words, scene.target
    if not target:
        return say("No target is asked of {unit} in {month}").format(unit=scene.unit_name, month=say.month(scene.as_of))
    now = standing(scene, int(target["spare"]))
    found = say("{who}, {band}: {now}").format(who=_whole_name(scene), band=scene.band, now=now)
    if scene.unit:
        found = say("{unit}: {found}").format(unit=scene.unit_name, found=found)
    if pd.isna(target["spare_at_term"]) or int(target["term_month"]) == scene.as_of:
        return found
    return found + say("; {then} at the term change").format(then=standing(scene, int(target["spare_at_term"])))


def standing(scene: AgeScene, spare: int) -> str:
    """Say a difference in whole people: 14 short, 3 to spare, exactly met."""
    count = scene.words.count
    if spare < 0:
        return count("{n} person short", "{n} people short", -spare)
    return count("{n} person to spare", "{n} people to spare", spare) if spare else scene.words("exactly met")


def tally(scene: AgeScene, quota: pd.DataFrame) -> str:
    """Say how many targets are met, at the edge and short, and how many are short at the term change."""
    say = scene.words
    if quota.empty:
        return say("the ladder and the lists need no target")
    number = quota["status"].value_counts()
    later = quota["status_at_term"].value_counts()
    return say(
        "{all} targets: {met} met, {at_risk} at the edge, {missed} short; "
        "at the term change, if nobody moves, {later} short"
    ).format(
        all=len(quota),
        met=number.get("met", 0),
        at_risk=number.get("at_risk", 0),
        missed=number.get("missed", 0),
        later=later.get("missed", 0),
    )


def evidence(scene: AgeScene, _: Tables) -> Sequence[str]:
    """Say what the chosen target's numbers mean, and the clause they follow."""
    if not scene.target:
        return (counting(scene),)
    return definition(scene), rows.source(scene.target, scene.words)


def counting_and_clauses(scene: AgeScene, tables: Tables) -> Sequence[str]:
    """Say how people are counted, and the clauses that stand in the rows."""
    return counting(scene), *cited(scene, tables)


def counting(scene: AgeScene) -> str:
    """Say how people are counted where no target says otherwise."""
    say = scene.words
    return say(" · ").join([say("people by primary post"), nobody_moves(scene)])


def furthest(quota: pd.DataFrame) -> str | None:
    """Name the target that most people are missing from; None where there is no target."""
    return next(iter(quota.sort_values("spare", kind="stable")["target_id"]), None)


def definition(scene: AgeScene) -> str:
    """Say the definition that the chosen target's numbers follow."""
    say = scene.words
    line = (
        say("{band} = younger than {age}, by year and month, at {month}").format(
            band=scene.band, age=scene.upper_age, month=scene.words.month(scene.as_of)
        )
        if scene.upper_age
        else scene.band
    )
    base = say("denominator: {what}").format(what=rows.code("denominator", scene.target["denominator"], say))
    return say(" · ").join([line, base, _posts(scene), nobody_moves(scene)])


def _posts(scene: AgeScene) -> str:
    if scene.target["posts"] == "any":
        return scene.words("people by every post, once a unit")
    return scene.words("people by primary post")


def ledger(scene: AgeScene, quota: pd.DataFrame, chances: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Give the rows of the ledger element from the answer to age_ladder/quota.

    `chances` says how likely targets are met at their term change if recent practice goes on, by target_id.
    """
    renamed = {
        "needed_at_term": "needed_at_change",
        "have_at_term": "have_at_change",
        "spare_at_term": "spare_at_change",
        "status_at_term": "status_at_change",
    }
    table = named(quota, scene.words).rename(columns=renamed)
    return table.assign(chance=table["target_id"].map(chances)) if chances else table


def later_heading(scene: AgeScene, chances: Mapping[str, str]) -> str:
    """Say what the ledger tells of the term change where it tells two things; nothing where it tells the usual one."""
    return scene.words("nobody moves · as recently") if chances else ""


def with_bounds(quota: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of age_ladder/quota with the bounds that what is not known leaves, from age_ladder/bounds."""
    return quota.merge(found.drop(columns=["base", "have", "needed"]), on="target_id", how="left")


def bounded(scene: AgeScene) -> str:
    """Say how many count for the chosen target and what part that is, between which bounds and why, then the clause."""
    say, target, clause = scene.words, scene.target, rows.source(scene.target, scene.words)
    if pd.isna(target.get("unknown")) or not target["unknown"]:
        return clause
    have, why = int(target["have"]), bounds.why(target, say)
    told = [say("have {have}").format(have=bounds.have(target, say))]
    if target["kind"] != "per_unit" and target["base"]:
        part = bounds.share(have / target["base"], (target["share_low"], target["share_high"]), why, say)
        told.append(say("share {share}").format(share=part))
    needed, more = int(target["needed"]), int(target["needed_high"])
    if more > needed:
        told.append(say("needed {needed}").format(needed=bounds.people(needed, (needed, more), why, say)))
    return say("; ").join(told) + say(". ") + clause


def named(quota: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the targets of age_ladder/quota in the reader's language."""
    pick = words.pick("_en", "_zh")
    return quota.rename(columns={f"who{pick}": "name", f"band{pick}": "band"})


def _whole_name(scene: AgeScene) -> str:
    """Name whom the target is about so that it can stand alone: a part of another target with its whole."""
    if not scene.target:
        return scene.unit_name
    parent = scene.words.pick(scene.target["parent_en"], scene.target["parent_zh"])
    return scene.who if pd.isna(parent) else scene.words("{whole} ({part})").format(whole=parent, part=scene.who)


def _target_and_unit(scene: AgeScene) -> dict[str, Any]:
    return {"target": scene.target_id, "unit": scene.unit}


def _people(scene: AgeScene) -> dict[str, Any]:
    """Give the filters of people; a target is asked of everyone, so they reach no count of its ledger."""
    return {"level": scene.level, "sex": scene.sex}


# --- the ladder -----------------------------------------------------------------------------------------------------


def _ladder_asks(scene: AgeScene) -> Asks:
    asked = scene.target or {"body": scene.body}
    filters = {name: asked[name] for name in ("body", "organ", "roles") if pd.notna(asked.get(name))}
    filters |= {"line": scene.upper_age, "level": scene.level, "sex": scene.sex, "unit": scene.unit}
    return {
        "ladder": ("age_ladder/ladder", {"as_of": scene.as_of, **filters}),
        "today": ("age_ladder/ladder", {"as_of": scene.data_month, **filters}),
    }


def _draw_ladder(scene: AgeScene, tables: Tables) -> Figure | None:
    table = _ladder_table(scene, tables, [])
    if not table[["people", "people_today"]].to_numpy().any():
        return None
    return charts.ladder(
        table,
        say=scene.words,
        look=scene.look,
        band_upper=scene.upper_age,
        bracket=_bracket(scene, tables["ladder"]),
        status=scene.target.get("status", "met"),
    )


def _draw_levels(scene: AgeScene, tables: Tables) -> Figure | None:
    table = _ladder_table(scene, tables, ["level"]).sort_values(["level", "lower_age"])
    if table.empty:
        return _draw_ladder(scene, tables)
    table["level_name"] = [rows.code("level", level, scene.words) for level in table["level"]]
    return charts.levels_side_by_side(table, say=scene.words, look=scene.look, band_upper=scene.upper_age)


def _ladder_table(scene: AgeScene, tables: Tables, extra: list[str]) -> pd.DataFrame:
    keys = ["band_id", "sex", *extra]
    now = tables["ladder"].groupby(keys, dropna=not extra)["people"].sum()
    today = tables["today"].groupby(keys, dropna=not extra)["people"].sum().rename("people_today")
    bands = pd.concat([tables["ladder"], tables["today"]]).drop_duplicates("band_id").set_index("band_id")
    named = bands[["lower_age", "upper_age"]].assign(name=bands[scene.words.pick("band_en", "band_zh")])
    joined = pd.concat([now, today], axis=1).fillna(0).reset_index().join(named, on="band_id")
    return joined[joined["lower_age"].notna()].dropna(subset=extra).sort_values("lower_age")


def _bracket(scene: AgeScene, table: pd.DataFrame) -> list[str]:
    say, target = scene.words, scene.target
    if scene.upper_age is None or scene.level or scene.sex:
        return []
    people = int(table.loc[table["upper_age"] <= scene.upper_age, "people"].sum())
    short = standing(scene, int(target["spare"]))
    needed, have = numerals.whole(target["needed"]), numerals.whole(target["have"])
    if target["kind"] == "per_unit":
        return [
            _band_people(scene, people),
            short,
            say("{have} of {needed} filled").format(have=have, needed=needed),
        ]
    lines = [
        _band_people(scene, int(target["have"])),
        say("{n} needed, {standing}").format(n=needed, standing=short),
    ]
    if target["base"]:
        share, aim = target["have"] / target["base"], _fraction(target["value"])
        lines.append(
            say("{share}, target {aim}").format(share=numerals.percent(share), aim=numerals.percent_short(aim))
        )
    return lines


def _band_people(scene: AgeScene, people: int) -> str:
    return scene.words.count("{band}: {n} person", "{band}: {n} people", people, band=scene.band)


def _fraction(value: str) -> float:
    numerator, _, divisor = value.partition("/")
    return int(numerator) / int(divisor or 1)


def _ladder_takeaway(scene: AgeScene, tables: Tables) -> str:
    table, say = tables["ladder"], scene.words
    people = int(table["people"].sum())
    women = int(table.loc[table["sex"] == "female", "people"].sum())
    unknown = int(table.loc[table["band_id"] == "unknown", "people"].sum())
    said = say("{people} people in post, {women} of them women").format(
        people=numerals.whole(people), women=numerals.whole(women)
    )
    return said + (
        say.count("; the birth of {n} is not known", "; the births of {n} are not known", unknown) if unknown else ""
    )


# --- over time ------------------------------------------------------------------------------------------------------


def _series_title(scene: AgeScene) -> str:
    filled = scene.target["kind"] == "per_unit"
    said = scene.words("Places filled: {band}") if filled else scene.words("Share of {band}")
    return said.format(band=scene.band)


def _series_asks(scene: AgeScene) -> Asks:
    since = month.add(scene.data_month, -TEN_YEARS)
    last = max((scene.as_of, *scene.term_changes))
    return {"over_time": ("age_ladder/over_time", {"since": since, "until": last, **_target_and_unit(scene)})}


def _draw_series(scene: AgeScene, tables: Tables) -> Figure:
    labels = [(at, scene.words("{year} term").format(year=at // 100)) for at in scene.term_changes]
    return charts.over_time(
        tables["over_time"],
        say=scene.words,
        look=scene.look,
        as_of=scene.as_of,
        data_month=scene.data_month,
        term_changes=labels,
    )


def _series_takeaway(scene: AgeScene, tables: Tables) -> str:
    table, say = tables["over_time"].set_index("month").dropna(subset="share"), scene.words
    if scene.data_month not in table.index:
        return say("There is nobody to count.")
    first, last = table.index[0], table.index[-1]
    values = {"a": first, "b": scene.data_month, "c": last}
    shares = {f"share_{key}": numerals.percent(table.loc[at, "share"]) for key, at in values.items()}
    months = {f"month_{key}": scene.words.month(int(at)) for key, at in values.items()}
    told = say("{share_a} in {month_a}, {share_b} in {month_b}; if nobody moves, {share_c} in {month_c}.").format(
        **shares, **months
    )
    return told + _moved(scene, table.loc[scene.data_month].to_dict())


def _moved(scene: AgeScene, now: Mapping[Any, Any]) -> str:
    """Say between which shares the line lies at the data month, where what is not known could move it."""
    low, high = (numerals.percent(now[name]) for name in ("share_low", "share_high"))
    if low == high:
        return ""
    said = scene.words(
        " Pale: where it may lie as not all births and political statuses are known, {between} in {month}."
    )
    return said.format(between=f"{low.removesuffix('%')}–{high}", month=scene.words.month(scene.data_month))


# --- the bridge -----------------------------------------------------------------------------------------------------


def _bridge_asks(scene: AgeScene) -> Asks:
    span = {"since": scene.since, "until": scene.as_of, **_target_and_unit(scene)}
    return {"change": ("age_ladder/change", span), "ledger": ("age_ladder/over_time", span)}


def _draw_bridge(scene: AgeScene, tables: Tables) -> Figure:
    say = scene.words
    steps = _steps(tables)
    after = tables["ledger"].iloc[-1]
    parts = [
        (step, rows.spoken(step, say), steps[step])
        for step in PARTS
        if steps[step] or step not in ("capped", "moved_in", "moved_out")
    ]
    table = pd.DataFrame(
        [
            ("before", month.text(scene.since), int(after["have"]) - sum(steps[step] for step in PARTS)),
            *parts,
            ("after", month.text(scene.as_of), int(after["have"])),
        ],
        columns=["step", "name", "people"],
    )
    return charts.bridge(table, say=say, look=scene.look, needed=int(after["needed"]))


def _bridge_takeaway(scene: AgeScene, tables: Tables) -> str:
    say, steps = scene.words, _steps(tables)
    came, went = steps["appointed"] + steps["moved_in"], steps["moved_out"] + steps["left"]
    said = say("{came} came, {went} went and {aged} passed the age line").format(
        came=came, went=-went, aged=-steps["aged"]
    )
    need = -steps["needed"]
    moved = (
        say("; the need itself changed by {need} with the denominator").format(need=numerals.signed(need))
        if need
        else ""
    )
    spare = say("; the difference went from {before} to {after}.")
    return (
        said
        + moved
        + spare.format(before=numerals.signed(steps["spare_before"]), after=numerals.signed(steps["spare_after"]))
    )


def _steps(tables: Tables) -> Mapping[str, int]:
    return {
        str(step): int(people)
        for step, people in zip(tables["change"]["step"], tables["change"]["people"], strict=True)
    }


# --- units ----------------------------------------------------------------------------------------------------------


def _units_asks(scene: AgeScene) -> Asks:
    return {"by_unit": ("age_ladder/by_unit", {"as_of": scene.as_of, **_target_and_unit(scene)})}


def _heat_asks(scene: AgeScene) -> Asks:
    return {"by_unit": ("age_ladder/by_unit", {"as_of": scene.as_of, "unit": scene.unit})}


def _draw_units(scene: AgeScene, tables: Tables) -> Figure:
    table = tables["by_unit"].assign(unit=rows.names_apart(tables["by_unit"])).sort_values("spare", kind="stable")
    figure = charts.unit_bars(table.head(BARS), say=scene.words, look=scene.look)
    return figure.coded(dict(zip(table["unit"], table["unit_id"], strict=True)))


def _draw_heat(scene: AgeScene, tables: Tables) -> Figure:
    pick = scene.words.pick("_en", "_zh")
    table = _comparable(scene, tables["by_unit"])
    table = table.assign(
        unit=rows.names_apart(table),
        target=table[f"who{pick}"] + "\n" + table[f"band{pick}"],
        text=[
            numerals.signed(spare) if low == high else f"{numerals.signed(low)}…{numerals.signed(high)}"
            for spare, low, high in zip(table["spare"], table["spare_low"], table["spare_high"], strict=True)
        ],
    )
    units = dict(zip(table["unit"], table["unit_id"], strict=True))
    targets = dict(zip(table["target"], table["target_id"], strict=True))
    return charts.heat(table, say=scene.words, look=scene.look).coded(units | targets)


def _comparable(scene: AgeScene, table: pd.DataFrame) -> pd.DataFrame:
    """Keep the units that the chosen target is asked of (all, where of none), the furthest first, in order."""
    asked = table[table["target_id"] == scene.target["target_id"]].sort_values("spare", kind="stable")
    asked = table if asked.empty else asked
    return table[table["unit_id"].isin(asked["unit_id"].drop_duplicates().head(COLUMNS))]


def _heat_takeaway(scene: AgeScene, tables: Tables) -> str:
    say, table = scene.words, _comparable(scene, tables["by_unit"])
    if table.empty:
        return say("Nothing is counted below this unit.")
    number = table["status"].value_counts()
    said = say("Cells short: {missed} of {all}; at the edge: {at_risk}.").format(
        missed=number.get("missed", 0), all=len(table), at_risk=number.get("at_risk", 0)
    )
    moved = int((table["spare_low"] < table["spare_high"]).sum())
    if not moved:
        return said
    return said + say.count(
        " {n} cell says between which numbers it lies, as not all births and political statuses are known.",
        " {n} cells say between which numbers they lie, as not all births and political statuses are known.",
        moved,
    )


def _units_takeaway(scene: AgeScene, tables: Tables) -> str:
    say, table = scene.words, tables["by_unit"]
    if table.empty:
        return say("Nothing is counted below this unit.")
    short = table[table["spare"] < 0]
    if short.empty:
        return say("No unit is short.")
    furthest = short.sort_values("spare", kind="stable").iloc[0]
    return say(
        "Units short: {short} of {all}; furthest from the target: {unit} ({spare}). Each unit is rounded up by itself."
    ).format(
        short=short["unit_id"].nunique(),
        all=table["unit_id"].nunique(),
        unit=furthest["unit_name"],
        spare=numerals.signed(furthest["spare"]),
    )


# --- lists ----------------------------------------------------------------------------------------------------------


def _crossing_asks(scene: AgeScene) -> Asks:
    window = {"since": scene.as_of, "until": scene.until, **_people(scene), **_target_and_unit(scene)}
    return {"crossing": ("age_ladder/crossing", window)}


def _draw_crossing(scene: AgeScene, tables: Tables) -> Figure:
    months = [month.add(scene.as_of, step + 1) for step in range(month.between(scene.as_of, scene.until))]
    people = tables["crossing"].groupby("month")["person_id"].nunique().reindex(months, fill_value=0)
    table = people.rename("people").rename_axis("month").reset_index()
    return charts.columns(table, say=scene.words, look=scene.look)


def _crossing_takeaway(scene: AgeScene, tables: Tables) -> str:
    say = scene.words
    people = tables["crossing"]["person_id"].nunique()
    if not people:
        return say("Nobody in these posts passes the line by {month}.").format(month=scene.words.month(scene.until))
    return say.count(
        "{n} person passes the line by {month}.",
        "{n} people pass the line by {month}.",
        people,
        month=scene.words.month(scene.until),
    )


def _roll_off_asks(scene: AgeScene) -> Asks:
    window = {"as_of": scene.as_of, "until": scene.until, **_people(scene), **_target_and_unit(scene)}
    return {"roll_off": ("age_ladder/roll_off", window)}


def _roll_off_takeaway(scene: AgeScene, tables: Tables) -> str:
    say = scene.words
    number = tables["roll_off"]["reason"].value_counts()
    return say(
        "By {month}: statutory month {statutory}, post age line {post_line}, no full term left {full_term}."
    ).format(month=scene.words.month(scene.until), **{reason: number.get(reason, 0) for reason in REASONS_OFF})


def _boundary_asks(scene: AgeScene) -> Asks:
    return {"boundary": ("age_ladder/boundary", {"as_of": scene.as_of, **_people(scene), **_target_and_unit(scene)})}


def _boundary_takeaway(scene: AgeScene, tables: Tables) -> str:
    say, table = scene.words, tables["boundary"]
    if table.empty:
        return say("Nobody's band hangs on a day, a missing month or a reading.")
    of = {
        reason: table[table["reason"] == reason]["person_id"].nunique()
        for reason in ("day", "month_missing", "birth_missing", "definition")
    }
    more = table[~table["counted"]]["person_id"].nunique()
    fewer = table[table["counted"]]["person_id"].nunique()
    have = int(scene.target["have"])
    said = say(
        "Day of birth {day}, month missing {month_missing}, birth missing {birth_missing}, "
        "reading of the name {definition}"
    )
    bounds = say("; counted otherwise, {have} could be {low} to {high}.")
    if scene.target["kind"] == "per_unit":
        return said.format(**of) + say(".")
    return said.format(**of) + bounds.format(have=have, low=have - fewer, high=have + more)


def _ledger_asks(scene: AgeScene) -> Asks:
    return {name: (f"age_ladder/{name}", {"as_of": scene.as_of, "unit": scene.unit}) for name in ("quota", "bounds")}


LEDGER = Exhibit[AgeScene](
    "age_ladder/quota",
    lambda scene: scene.words("Targets"),
    lambda scene: scene.words("people"),
    _ledger_asks,
    lambda scene, _: rows.source(scene.target, scene.words),
    evidence=counting_and_clauses,
    hint=lambda scene: scene.words("a row chooses what the page shows"),
)
LADDER = Exhibit[AgeScene](
    "age_ladder/ladder",
    lambda scene: scene.words("Age ladder"),
    lambda scene: scene.words("people · men left, women right · thin line: {month}").format(
        month=scene.words.month(scene.data_month)
    ),
    _ladder_asks,
    _ladder_takeaway,
    _draw_ladder,
    evidence=counting_and_clauses,
)
LEVELS = Exhibit[AgeScene](
    "age_ladder/levels",
    lambda scene: scene.words("Ladder by level"),
    lambda scene: scene.words("people · one scale · thin line: {month}").format(
        month=scene.words.month(scene.data_month)
    ),
    _ladder_asks,
    _ladder_takeaway,
    _draw_levels,
    evidence=counting_and_clauses,
    wide=True,
)
OVER_TIME = Exhibit[AgeScene](
    "age_ladder/over_time",
    _series_title,
    lambda scene: scene.words("by month · dashed: target · dotted: nobody moves"),
    _series_asks,
    _series_takeaway,
    _draw_series,
    evidence,
)
CHANGE = Exhibit[AgeScene](
    "age_ladder/change",
    lambda scene: scene.words("From {since} to {as_of}").format(
        since=scene.words.month(scene.since), as_of=scene.words.month(scene.as_of)
    ),
    lambda scene: scene.words("{band} · people · the parts add up to the change").format(band=scene.band),
    _bridge_asks,
    _bridge_takeaway,
    _draw_bridge,
    evidence,
)
BY_UNIT = Exhibit[AgeScene](
    "age_ladder/by_unit",
    lambda scene: scene.words("Units under {unit}").format(unit=scene.unit_name),
    lambda scene: scene.words("{band} · difference in people").format(band=scene.band),
    _units_asks,
    _units_takeaway,
    _draw_units,
    evidence,
    chooses=("unit",),
)
HEAT = Exhibit[AgeScene](
    "age_ladder/heat",
    lambda scene: scene.words("Every target in every unit"),
    lambda scene: scene.words("difference in people, each unit by itself"),
    _heat_asks,
    _heat_takeaway,
    _draw_heat,
    evidence=counting_and_clauses,
    chooses=("unit", "target"),
    hint=lambda scene: scene.words("a click chooses unit and target"),
    wide=True,
)
CROSSING = Exhibit[AgeScene](
    "age_ladder/crossing",
    lambda scene: scene.words("Passing the age line"),
    lambda scene: scene.words("{band} · people by month to {month}").format(
        band=scene.band, month=scene.words.month(scene.until)
    ),
    _crossing_asks,
    _crossing_takeaway,
    _draw_crossing,
    evidence,
)
CROSSING_LIST = Exhibit[AgeScene](
    "age_ladder/crossing_list",
    lambda scene: scene.words("Who passes the line"),
    lambda scene: scene.words("{who}, {band}").format(who=_whole_name(scene), band=scene.band),
    _crossing_asks,
    _crossing_takeaway,
    evidence=evidence,
    listed=("month", "name", "unit_name", "post"),
)
ROLL_OFF = Exhibit[AgeScene](
    "age_ladder/roll_off",
    lambda scene: scene.words("Retiring, at the post age line, or without a full term left"),
    lambda scene: scene.words("{who} · to {month}").format(
        who=_whole_name(scene), month=scene.words.month(scene.until)
    ),
    _roll_off_asks,
    _roll_off_takeaway,
    evidence=counting_and_clauses,
    listed=("month", "reason", "name", "unit_name", "post"),
)
BOUNDARY = Exhibit[AgeScene](
    "age_ladder/boundary",
    lambda scene: scene.words("Ages that hang on a day, a gap or a reading"),
    lambda scene: scene.words("{who}, {band}").format(who=_whole_name(scene), band=scene.band),
    _boundary_asks,
    _boundary_takeaway,
    evidence=evidence,
    listed=("reason", "name", "birth", "unit_name"),
)
OF_A_TARGET = (LEDGER, OVER_TIME, CHANGE, BY_UNIT, HEAT, CROSSING, CROSSING_LIST, BOUNDARY)
"""What is shown of a target, and of no roster that no target is asked of."""
EXHIBITS = (LADDER, LEVELS, ROLL_OFF, *OF_A_TARGET)
