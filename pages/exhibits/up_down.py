"""Up and down's figures: moves by year and level, reasons, effects of measures, and how protection is handled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data import month
from pages.exhibits import FIVE_YEARS, TEN_YEARS, Asks, Exhibit, Scene, Tables, cited
from pages.parts import charts, numerals, rows
from pages.parts.charts import Figure
from pages.parts.words import Words

SIDES = ("year", "level", "body")
DIRECTIONS = ("moved_up", "moved_across", "moved_down", "moved_aside", "moved_out")
AHEAD, FEW = 24, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class UpDownScene(Scene):
    """What the reader of up and down has chosen beside the unit.

    `year` limits the cases to those of one year, None for the last five; `side` is what reasons are told apart by;
    `min_group` is the smallest group that the reader may be shown, by which the lists of people go too.
    """

    year: int | None
    side: str
    min_group: int

    @property
    def since(self) -> int:
        """The month after which cases count."""
        return month.add(self.until // 100 * 100 + 12, -12 if self.year else -FIVE_YEARS)

    @property
    def until(self) -> int:
        """The month up to which cases count."""
        return min(self.year * 100 + 12, self.data_month) if self.year else self.data_month

    @property
    def span(self) -> str:
        """The years in words."""
        last, first = self.until // 100, self.since // 100 + 1
        return str(last) if first == last else f"{first}–{last}"


# --- what the page and the figures say alike ----------------------------------------------------------------------


def headline(scene: UpDownScene, moves: pd.DataFrame) -> str:
    """Say the finding: how many moved up and how many came down in the last year that is over."""
    say, whole = scene.words, _whole_years(scene, moves)
    if whole.empty:
        return say("Nobody of {unit} held a leading post").format(unit=scene.unit_name)
    last = whole.iloc[-1]
    found = say("{year}: {up} moved up, {down} came down, aside or out").format(
        year=last["year"], up=numerals.whole(last["moved_up"]), down=numerals.whole(_came_down(last))
    )
    return say("{unit}: {found}").format(unit=scene.unit_name, found=found) if scene.unit else found


def tally(scene: UpDownScene, tables: Tables) -> str:
    """Say under the finding what stands, and whether the year runs."""
    say, told = scene.words, standing(scene, tables)
    if not _running(scene):
        return told
    runs = say("* the year runs, counted to {month}").format(month=say.month(scene.data_month))
    return say(" · ").join(filter(None, (told, runs)))


def standing(scene: UpDownScene, tables: Tables) -> str:
    """Say in one line which effects run and are over, and which cases of protection are overdue."""
    say, effect, stage = scene.words, _shown(tables["effect"], "running"), _shown(tables["stage"], "steps_due")
    told = []
    if len(effect):
        told.append(
            say("measures in effect {running}, of which {ending} soon end").format(
                running=numerals.whole(effect["running"].sum()), ending=numerals.whole(effect["ending"].sum())
            )
        )
        told.append(say("over and not lifted {n}").format(n=numerals.whole(effect["not_lifted"].sum())))
    if len(stage):
        told.append(say("stages of protection overdue {n}").format(n=numerals.whole(stage["steps_overdue"].sum())))
    return say(" · ").join(told)


def counting(scene: UpDownScene) -> str:
    """Say how moves and cases are counted."""
    return scene.words(
        "moves between primary posts, up and down by post level, aside to a post that leads nothing, out where no post "
        "follows · a decision counts at the post it found · effects by year and month, the longest of the rules that "
        "fit · days between the dates of two stages"
    )


def reading(scene: UpDownScene) -> str:
    """Say what is not reported, and which groups are not shown."""
    say = scene.words
    said = say("Decisions and cases that were not reported are not counted; no narrative and no accuser is kept.")
    hidden = say(
        "* Fewer than {n} are not shown, nor the next fewest where a total of the same figure would give them away."
    ).format(n=scene.min_group)
    return said + say.pick(" ", "") + hidden if scene.min_group > 1 else said


def evidence(scene: UpDownScene, tables: Tables) -> Sequence[str]:
    """Say how it is counted and read, and the clauses that stand in the rows."""
    return (counting(scene), reading(scene), *cited(scene, tables))


def years(data_month: int) -> Sequence[int]:
    """Give the years of which cases can be told apart, the running one first."""
    last = data_month // 100
    return range(last, last - FIVE_YEARS // 12, -1)


def side_name(side: str, say: Words) -> str:
    """Name what decisions are told apart by."""
    return {"year": say("Year"), "level": say("Level"), "body": say("Body")}[side]


def _came_down(row: Any) -> int:
    return int(row["moved_down"]) + int(row["moved_aside"]) + int(row["moved_out"])


def _whole_years(scene: UpDownScene, moves: pd.DataFrame) -> pd.DataFrame:
    """Give the years that are over, all levels together."""
    return moves[(moves["side"] == "all") & (moves["year"] <= month.last_whole_year(scene.data_month))]


def _running(scene: UpDownScene) -> int | None:
    """Give the year of the data month, None where it is over."""
    year = scene.data_month // 100
    return None if year == month.last_whole_year(scene.data_month) else year


def _shown(table: pd.DataFrame, number: str) -> pd.DataFrame:
    """Leave out what may not be shown."""
    return table.dropna(subset=number)


def _few(scene: UpDownScene, table: pd.DataFrame) -> str:
    """Say how many numbers are not shown; nothing where all are."""
    hidden = int(table["suppressed"].sum())
    return scene.words.count("; {n} number is not shown", "; {n} numbers are not shown", hidden) if hidden else ""


def _none(scene: UpDownScene, table: pd.DataFrame) -> str:
    """Say why there is nothing to see."""
    return scene.words("Nothing was reported.") if table.empty else scene.words("Too few to be shown.")


def _spanned(scene: UpDownScene, name: str) -> Asks:
    asked = {"since": scene.since, "until": scene.until, "min_group": scene.min_group, "unit": scene.unit}
    return {name: (f"up_down/{name}", asked)}


# --- moves ----------------------------------------------------------------------------------------------------------


def moves_asks(scene: UpDownScene) -> Asks:
    """Ask for the moves of ten years, the running one the last."""
    since = month.add(scene.data_month // 100 * 100 + 12, -TEN_YEARS)
    return {"moves": ("up_down/moves", {"since": since, "until": scene.data_month, "unit": scene.unit})}


def _draw_moves(scene: UpDownScene, tables: Tables) -> Figure | None:
    table = tables["moves"]
    whole = table[table["side"] == "all"]
    if whole.empty:
        return None
    return charts.up_and_down(whole, running=_running(scene), say=scene.words, look=scene.look)


def _moves_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, whole = scene.words, _whole_years(scene, tables["moves"])
    if whole.empty:
        return say("Nothing was reported.")
    last = whole.iloc[-1]
    told = say("{year}: of {people} in leading posts {up} moved up, {sideways} sideways").format(
        year=last["year"],
        people=numerals.whole(last["in_post"]),
        up=numerals.whole(last["moved_up"]),
        sideways=numerals.whole(last["moved_across"]),
    )
    told += say("; {down} came down by level, {aside} went aside, {out} out").format(
        down=numerals.whole(last["moved_down"]),
        aside=numerals.whole(last["moved_aside"]),
        out=numerals.whole(last["moved_out"]),
    )
    return told + say(".")


def _level_asks(scene: UpDownScene) -> Asks:
    return {"moves": ("up_down/moves", {"since": scene.since, "until": scene.until, "unit": scene.unit})}


def _by_level(tables: Tables) -> pd.DataFrame:
    """Give the moves of all years by level, the highest first, those without a level last."""
    table = tables["moves"]
    levels = table[table["side"] == "level"].assign(level=lambda rows: rows["level"].fillna("unknown"))
    return levels.groupby("level", as_index=False)[list(DIRECTIONS)].sum()


def _draw_levels(scene: UpDownScene, tables: Tables) -> Figure | None:
    say, table = scene.words, _by_level(tables)
    if table.empty:
        return None
    cells = [
        {"row": _level(scene, row["level"]), "column": name, "people": row[each], "detail": scene.span}
        for row in table.to_dict("records")
        for each, name in _directions(say).items()
    ]
    return charts.coverage(pd.DataFrame(cells), say=say, look=scene.look)


def _directions(say: Words) -> dict[str, str]:
    names = (say("risen"), say("across"), say("lowered"), say("aside"), say("out"))
    return dict(zip(DIRECTIONS, names, strict=True))


def _level(scene: UpDownScene, code: str) -> str:
    return scene.words("not known") if code == "unknown" else rows.code("level", code, scene.words)


def _levels_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, _by_level(tables)
    if table.empty:
        return say("Nothing was reported.")
    down = table.assign(lower=table[list(DIRECTIONS[2:])].sum(axis=1)).sort_values(
        "lower", ascending=False, kind="stable"
    )
    most = down.iloc[0]
    return say("Most came down, aside or out of {level}: {n}.").format(
        level=_level(scene, most["level"]), n=numerals.whole(most["lower"])
    )


def _ended_asks(scene: UpDownScene) -> Asks:
    return {"ended": ("up_down/ended", {"since": scene.since, "until": scene.until, "unit": scene.unit})}


def _draw_ended(scene: UpDownScene, tables: Tables) -> Figure | None:
    say, table = scene.words, tables["ended"]
    if table.empty:
        return None
    cells = [
        {"row": _end_reason(scene, row["end_reason"]), "column": name, "people": row[each], "detail": scene.span}
        for row in table.to_dict("records")
        for each, name in _directions(say).items()
        if each in table
    ]
    return charts.coverage(pd.DataFrame(cells), say=say, look=scene.look)


def _end_reason(scene: UpDownScene, code: Any) -> str:
    return scene.words("not known") if pd.isna(code) else rows.code("end_reason", str(code), scene.words)


def _ended_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["ended"]
    if table.empty:
        return say("Nobody came down, aside or out.")
    ended = table.assign(people=[_came_down(row) for row in table.to_dict("records")])
    named = ended[ended["end_reason"].notna() & (ended["end_reason"] != "other")]
    first, rest = (ended if named.empty else named).iloc[0], ended["people"].sum() - named["people"].sum()
    said = (
        say("Most posts ended for {reason}: {n} of {people}.")
        if named.empty or not rest
        else say("The reason most often named is {reason}: {n} of {people}; other or not known: {rest}.")
    )
    return said.format(
        reason=_end_reason(scene, first["end_reason"]),
        n=numerals.whole(first["people"]),
        people=numerals.whole(ended["people"].sum()),
        rest=numerals.whole(rest),
    )


# --- reasons --------------------------------------------------------------------------------------------------------


def _cause_grid(scene: UpDownScene, table: pd.DataFrame, columns: Sequence[str]) -> Figure | None:
    """Draw decisions by reason, the columns named row by row."""
    if table.empty:
        return None
    cells = table.assign(
        row=[rows.code("cause", cause, scene.words) for cause in table["cause"]],
        column=list(columns),
        people=table["decided_cases"],
        detail=table["clause"],
    )
    return charts.coverage(cells, say=scene.words, look=scene.look, whole=scene.words("decisions"))


def _draw_reason(scene: UpDownScene, tables: Tables) -> Figure | None:
    chosen = tables["reason"][tables["reason"]["side"].isin(["all", scene.side])]
    if chosen.empty:
        return None
    order: list[str | None] = [None, *rows.codes(scene.side, scene.words)]
    codes = [None if row["side"] == "all" else str(row[scene.side]) for row in chosen.to_dict("records")]
    places = [order.index(code) if code in order else len(order) for code in codes]
    names = [scene.words("In all") if code is None else _named(scene, code) for code in codes]
    named = chosen.assign(named=names, at=places)
    grid = _whole_grid(named)
    return _cause_grid(scene, grid, grid["named"].tolist())


def _named(scene: UpDownScene, code: str) -> str:
    known = rows.codes(scene.side, scene.words)
    return known.get(code, scene.words("not known"))


def _whole_grid(named: pd.DataFrame) -> pd.DataFrame:
    """Give every reason beside every group, in order, with none where there was none."""
    causes = named.drop_duplicates("cause")[["cause", "clause"]].assign(place=range(named["cause"].nunique()))
    groups = named.drop_duplicates("named")[["named", "at"]]
    cells = causes.merge(groups, how="cross").merge(
        named[["cause", "named", "decided_cases", "suppressed"]], how="left"
    )
    cases = cells["decided_cases"].astype("Int64")
    return cells.assign(decided_cases=cases.mask(cells["suppressed"].isna(), 0)).sort_values(
        ["place", "at"], kind="stable"
    )


def _reason_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["reason"]
    whole = table[table["side"] == "all"]
    shown = _shown(whole, "decided_cases")
    if shown.empty:
        return _none(scene, whole)
    most = shown.sort_values("decided_cases", ascending=False, kind="stable").head(FEW)
    told = [
        say("{cause} ({n})").format(cause=rows.code("cause", row["cause"], say), n=numerals.whole(row["decided_cases"]))
        for row in most.to_dict("records")
    ]
    said = say("{n} decisions, by {out} of which somebody lost the post; most: {names}").format(
        n=numerals.whole(shown["decided_cases"].sum()),
        out=numerals.whole(shown["lost_post"].sum()),
        names=say.pick(", ", "、").join(told),
    )
    return said + _few(scene, table) + say(".")


def _draw_reason_year(scene: UpDownScene, tables: Tables) -> Figure | None:
    table = tables["reason_year"]
    named = table.assign(named=table["year"].astype(str), at=table["year"])
    if named.empty:
        return None
    grid = _whole_grid(named)
    return _cause_grid(scene, grid, grid["named"].tolist())


def _reason_year_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["reason_year"]
    shown = _shown(table, "decided_cases")
    if shown.empty:
        return _none(scene, table)
    years = shown.groupby("year")["decided_cases"].sum()
    told = [say("{year}: {n}").format(year=year, n=numerals.whole(count)) for year, count in list(years.items())[-FEW:]]
    return say("Decisions: {years}").format(years=say("; ").join(told)) + _few(scene, table) + say(".")


# --- effects --------------------------------------------------------------------------------------------------------


def effect_asks(scene: UpDownScene) -> Asks:
    """Ask which measures have effect in the data month."""
    asked = {"as_of": scene.data_month, "min_group": scene.min_group, "unit": scene.unit}
    return {"effect": ("up_down/effect", asked)}


def _states(say: Words) -> dict[str, str]:
    return {
        "running": say("In effect"),
        "ending": say("soon ends"),
        "lifted": say("Lifted"),
        "not_lifted": say("Over, not lifted"),
        "raised": say("Raised in effect"),
    }


def _draw_effect(scene: UpDownScene, tables: Tables) -> Figure | None:
    say, table = scene.words, tables["effect"]
    if table.empty:
        return None
    cells = [
        {
            "row": say("{name} ({n} months)").format(name=row[say.pick("effect_en", "effect_zh")], n=row["months"]),
            "column": name,
            "people": row[state],
            "detail": row["clause"],
        }
        for row in table.to_dict("records")
        for state, name in _states(say).items()
    ]
    return charts.coverage(pd.DataFrame(cells), say=say, look=scene.look, whole=say("measures counted"))


def _effect_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["effect"]
    shown = _shown(table, "running")
    if shown.empty:
        return _none(scene, table)
    total = {
        name: int(shown[name].sum()) for name in ("running", "ending", "lifted", "not_lifted", "raised", "regained")
    }
    told = {name: numerals.whole(count) for name, count in total.items()}
    now = say("{running} in effect, {ending} of them soon end; {lifted} lifted, {not_lifted} over and not lifted")
    then = say("; after it was over {regained} moved up, {raised} while it ran")
    return (now + then).format(**told) + _few(scene, table) + say(".")


def _ahead_asks(scene: UpDownScene) -> Asks:
    asked = {"as_of": scene.data_month, "until": month.add(scene.data_month, AHEAD), "min_group": scene.min_group}
    return {"effect_ahead": ("up_down/effect_ahead", {**asked, "unit": scene.unit})}


def _draw_ahead(scene: UpDownScene, tables: Tables) -> Figure | None:
    table = _shown(tables["effect_ahead"], "people")
    if table.empty:
        return None
    people = dict(zip(table["month"], table["people"], strict=True))
    months = [month.add(scene.data_month, step) for step in range(1, AHEAD + 1)]
    every = pd.DataFrame({"month": months, "people": [int(people.get(at, 0)) for at in months]})
    return charts.columns(every, say=scene.words, look=scene.look)


def _ahead_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["effect_ahead"]
    shown = _shown(table, "people")
    if shown.empty:
        return say("No measure ends in these months.") if table.empty else say("Too few to be shown.")
    said = say("{n} measures end by {month}").format(
        n=numerals.whole(shown["people"].sum()), month=say.month(month.add(scene.data_month, AHEAD))
    )
    return said + _few(scene, table) + say(".")


def _effect_list_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["effect_person"]
    states = table["state"].value_counts()
    counted = {state: numerals.whole(states.get(state, 0)) for state in ("ending", "kept", "raised")}
    return say("Soon ends {ending}, over and not lifted {kept}, raised while it ran {raised}.").format(**counted)


# --- protection -----------------------------------------------------------------------------------------------------


def _draw_protected(scene: UpDownScene, tables: Tables) -> Figure | None:
    say, table = scene.words, tables["protected"]
    if table.empty:
        return None
    kinds = rows.codes("protected_by", say)
    told = {(row["protected_by"], row["year"]): row for row in table.to_dict("records")}
    cells = [
        {
            "row": name,
            "column": str(year),
            "people": told.get((kind, year), {"taken_up": 0})["taken_up"],
            "detail": _outcome(scene, told.get((kind, year))),
        }
        for kind, name in kinds.items()
        for year in range(scene.since // 100 + 1, scene.until // 100 + 1)
    ]
    return charts.coverage(pd.DataFrame(cells), say=say, look=scene.look, whole=say("cases counted"))


def _outcome(scene: UpDownScene, row: Mapping[Any, Any] | None) -> str:
    if row is None or pd.isna(row["taken_up"]):
        return ""
    return scene.words("upheld {upheld}, not upheld {refused}, complete {complete}").format(**row)


def _protected_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["protected"]
    shown = _shown(table, "taken_up")
    if shown.empty:
        return _none(scene, table)
    told = [
        say("{kind} {taken_up}, upheld {upheld}, complete {complete}").format(
            kind=rows.code("protected_by", str(kind), say),
            **{name: numerals.whole(part[name].sum()) for name in ("taken_up", "upheld", "complete")},
        )
        if kind != "correction"
        else say("{kind} {taken_up}, complete {complete}").format(
            kind=rows.code("protected_by", str(kind), say),
            **{name: numerals.whole(part[name].sum()) for name in ("taken_up", "complete")},
        )
        for kind, part in shown.groupby("protected_by", sort=False)
    ]
    return say("; ").join(told) + _few(scene, table) + say(".")


def _stage_name(scene: UpDownScene, row: Mapping[Any, Any]) -> str:
    say = scene.words
    return say("{kind}: {stage}, {n} days").format(
        kind=rows.code("protected_by", row["protected_by"], say),
        stage=rows.code("stage", row["stage"], say),
        n=row["days"],
    )


def _draw_stage(scene: UpDownScene, tables: Tables) -> Figure | None:
    table = tables["stage"]
    shown = table[table["steps_due"].fillna(0) > 0]
    if shown.empty:
        return None
    named = shown.assign(
        name=[_stage_name(scene, row) for row in shown.to_dict("records")],
        reached=shown["on_time"],
        people=shown["steps_due"],
    )
    return charts.share_bars(named, say=scene.words, look=scene.look, whole=scene.words("cases counted"))


def _stage_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["stage"]
    shown = _shown(table, "steps_due")
    shown = shown[shown["steps_due"] > 0]
    if shown.empty:
        return _none(scene, table)
    least = shown.sort_values("share", kind="stable").iloc[0]
    told = say("Overdue {missed}, reached late {late}; least in time: {stage}, {share}").format(
        missed=numerals.whole(shown["steps_overdue"].sum()),
        late=numerals.whole(shown["reached_late"].sum()),
        stage=_stage_name(scene, least.to_dict()),
        share=numerals.percent(least["share"]),
    )
    if pd.notna(least["median_days"]):
        told += say(", half within {n} days").format(n=f"{float(least['median_days']):g}")
    return told + _few(scene, table) + say(".")


def _draw_talk(scene: UpDownScene, tables: Tables) -> Figure | None:
    table = tables["talk"]
    shown = table[table["cases"].fillna(0) > 0]
    if shown.empty:
        return None
    say = scene.words
    named = shown.assign(
        name=[
            say("{name}, {n} days").format(name=rows.code("trigger", row["trigger"], say), n=row["days"])
            for row in shown.to_dict("records")
        ],
        reached=shown["in_time"],
        people=shown["cases"],
    )
    return charts.share_bars(named, say=say, look=scene.look, whole=say("decisions"))


def _talk_takeaway(scene: UpDownScene, tables: Tables) -> str:
    say, table = scene.words, tables["talk"]
    shown = _shown(table, "cases")
    if shown.empty or not int(shown["cases"].sum()):
        return _none(scene, table)
    told = {name: numerals.whole(shown[name].sum()) for name in ("cases", "in_time", "late", "missed", "unreported")}
    said = say("After {cases} decisions: a talk in time {in_time}, later {late}, none {missed}").format(**told)
    if int(shown["unreported"].sum()):
        said += say("; {unreported} fall in years of which no talks were reported").format(**told)
    return said + _few(scene, table) + say(".")


def _overdue_takeaway(scene: UpDownScene, tables: Tables) -> str:
    return scene.words.count("{n} case is overdue.", "{n} cases are overdue.", len(tables["overdue"]))


# --- the exhibits ---------------------------------------------------------------------------------------------------


def _span_and_unit(scene: UpDownScene) -> str:
    return scene.words("{year} · {unit}").format(year=scene.span, unit=scene.unit_name)


def _month_and_unit(scene: UpDownScene) -> str:
    return scene.words("{month} · {unit}").format(month=scene.words.month(scene.data_month), unit=scene.unit_name)


MOVES = Exhibit[UpDownScene](
    "up_down/moves",
    lambda scene: scene.words("Up and down, year by year"),
    lambda scene: scene.words("people in leading posts · {unit}").format(unit=scene.unit_name),
    moves_asks,
    _moves_takeaway,
    _draw_moves,
    evidence,
    wide=True,
)
LEVELS = Exhibit[UpDownScene](
    "up_down/levels",
    lambda scene: scene.words("Up and down by level"),
    lambda scene: scene.words("{year} · level reached on the way up, left on the way down").format(year=scene.span),
    _level_asks,
    _levels_takeaway,
    _draw_levels,
    evidence,
    wide=True,
)
ENDED = Exhibit[UpDownScene](
    "up_down/ended",
    lambda scene: scene.words("Why posts ended, as postings tell it"),
    _span_and_unit,
    _ended_asks,
    _ended_takeaway,
    _draw_ended,
    evidence,
)
REASON_YEAR = Exhibit[UpDownScene](
    "up_down/reason_year",
    lambda scene: scene.words("Why, year by year"),
    _span_and_unit,
    lambda scene: _spanned(scene, "reason_year"),
    _reason_year_takeaway,
    _draw_reason_year,
    evidence,
    wide=True,
)
REASON = Exhibit[UpDownScene](
    "up_down/reason",
    lambda scene: scene.words("Why, and of whom"),
    _span_and_unit,
    lambda scene: _spanned(scene, "reason"),
    _reason_takeaway,
    _draw_reason,
    evidence,
    wide=True,
)
EFFECT = Exhibit[UpDownScene](
    "up_down/effect",
    lambda scene: scene.words("How long measures have effect"),
    _month_and_unit,
    effect_asks,
    _effect_takeaway,
    _draw_effect,
    evidence,
    wide=True,
)
EFFECT_AHEAD = Exhibit[UpDownScene](
    "up_down/effect_ahead",
    lambda scene: scene.words("When effects end"),
    lambda scene: scene.words("measures, by the month in which they end"),
    _ahead_asks,
    _ahead_takeaway,
    _draw_ahead,
    evidence,
)
PROTECTED = Exhibit[UpDownScene](
    "up_down/protected",
    lambda scene: scene.words("Tolerance, correction and clearing"),
    _span_and_unit,
    lambda scene: _spanned(scene, "protected"),
    _protected_takeaway,
    _draw_protected,
    evidence,
)
STAGE = Exhibit[UpDownScene](
    "up_down/stage",
    lambda scene: scene.words("Days to each stage"),
    lambda scene: scene.words("{year} · share of cases that reached the stage in time").format(year=scene.span),
    lambda scene: _spanned(scene, "stage"),
    _stage_takeaway,
    _draw_stage,
    evidence,
    wide=True,
)
TALK = Exhibit[UpDownScene](
    "up_down/talk",
    lambda scene: scene.words("Talks after decisions"),
    lambda scene: scene.words("{year} · share followed by a talk in time").format(year=scene.span),
    lambda scene: _spanned(scene, "talk"),
    _talk_takeaway,
    _draw_talk,
    evidence,
)
EFFECT_LIST = Exhibit[UpDownScene](
    "up_down/effect_person",
    lambda scene: scene.words("Whose measure ends, is not lifted, or was followed by a move up"),
    _month_and_unit,
    lambda scene: {"effect_person": ("up_down/effect_person", effect_asks(scene)["effect"][1])},
    _effect_list_takeaway,
    evidence=evidence,
    listed=("name", "unit_name", "handling", "effect_month", "state"),
)
OVERDUE_LIST = Exhibit[UpDownScene](
    "up_down/overdue",
    lambda scene: scene.words("Cases that are overdue"),
    _month_and_unit,
    lambda scene: {"overdue": ("up_down/overdue", {"min_group": scene.min_group, "unit": scene.unit})},
    _overdue_takeaway,
    evidence=evidence,
    listed=("name", "unit_name", "protected_by", "stage", "since_date", "days_over"),
)
EXHIBITS = (
    MOVES, LEVELS, ENDED, REASON_YEAR, REASON, EFFECT, EFFECT_AHEAD, PROTECTED, STAGE, TALK, EFFECT_LIST, OVERDUE_LIST,
)  # fmt: skip
