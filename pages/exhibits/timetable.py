"""The timetable's figures: steps back from a term change, their state, and how old an appointee may still be."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data import month
from data.steps import STATES, Entry
from models import timetable, working_days
from pages.exhibits import Asks, Exhibit, Scene, Tables, cited
from pages.parts import calendar, charts, numerals, rows, tables
from pages.parts.charts import Figure
from pages.parts.tables import Column
from pages.parts.words import Words

Row = dict[str, Any]
UID_HOST = "cadre-dashboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableScene(Scene):
    """What the reader of the timetable has chosen: the term change, and the day it is planned for.

    `organ` is None for the tier as a whole. `usual` is the day that the rules' month gives, `term` the day that is
    planned with. `told` holds the last entry of each step.
    """

    tier: str
    round: int
    organ: str | None
    usual: dt.date
    term: dt.date
    told: tuple[Entry, ...]

    @property
    def today(self) -> dt.date:
        """The day that states are judged on: the last one of the month looked at."""
        return timetable.last_day(self.as_of)

    @property
    def term_month(self) -> int:
        """The month of the term change, YYYYMM."""
        return self.term.year * 100 + self.term.month

    @property
    def tier_name(self) -> str:
        """What the tier is called, with the nature of the organ where one is chosen."""
        tier = rows.code("tier", self.tier, self.words)
        if self.organ is None:
            return tier
        return self.words("{tier}, {organ}").format(tier=tier, organ=rows.code("organ", self.organ, self.words))


# --- what the page and the figures say alike ----------------------------------------------------------------------


def planned(scene: TimetableScene, steps: pd.DataFrame) -> pd.DataFrame:
    """Plan the steps of the term change chosen, with what people have entered of them and their state."""
    say = scene.words
    own = steps[(steps["tier"] == scene.tier) & (steps["round"] == scene.round)].reset_index(drop=True)
    told = {entry.step_id: entry for entry in scene.told}
    plan = timetable.plan(scene.term, own, working_days.published())
    entries = [told.get(step) for step in plan["step_id"]]
    usual = plan[say.pick("owner_en", "owner_zh")]
    return plan.assign(
        name=plan[say.pick("step_en", "step_zh")],
        state=timetable.states(plan, {step: entry.state for step, entry in told.items()}, scene.today),
        entered=[entry.state if entry else "" for entry in entries],
        entered_on=pd.Series([_day(entry.day) if entry else None for entry in entries], dtype="object"),
        owner=[entry.owner if entry and entry.owner else name for entry, name in zip(entries, usual, strict=True)],
        note=[entry.note if entry else "" for entry in entries],
    )


def headline(scene: TimetableScene, plan: pd.DataFrame) -> str:
    """Say the finding: how many steps are overdue or due soon, and which comes next."""
    say = scene.words
    whose = say("Term change on {day} ({tier})").format(tier=scene.tier_name, day=f"{scene.term:%Y-%m-%d}")
    return say("{whose}: {found}").format(whose=whose, found=_standing(scene, plan))


def _standing(scene: TimetableScene, plan: pd.DataFrame) -> str:
    say, count = scene.words, plan["state"].value_counts()
    if plan.empty:
        return say("no step is known")
    told = [
        text.format(n=int(count[state]))
        for state, text in (("overdue", say("{n} overdue")), ("soon", say("{n} due soon")))
        if state in count
    ]
    return say("; ").join([say("{n} of {all} steps done").format(n=int(count.get("done", 0)), all=len(plan)), *told])


def tally(scene: TimetableScene, plan: pd.DataFrame) -> str:
    """Say under the finding which step comes next, on which day states are judged and where the date comes from."""
    say = scene.words
    told = [_next(scene, plan)] if _next(scene, plan) else []
    told.append(say("as of {day}").format(day=f"{scene.today:%Y-%m-%d}"))
    if scene.term == scene.usual:
        told.append(
            say("only the month is known: planned for the first working day of {month}").format(
                month=say.month(scene.term_month)
            )
        )
    else:
        told.append(say("moved from {day}").format(day=f"{scene.usual:%Y-%m-%d}"))
    return say(" · ").join(told)


def _next(scene: TimetableScene, plan: pd.DataFrame) -> str:
    """Name the next step that is neither done nor overdue."""
    say, coming = scene.words, plan[plan["state"].isin(["soon", "ahead"])]
    if coming.empty:
        return ""
    step = coming.iloc[0]
    begun = step["entered"] == "under_way" or int(step["lead"]) <= 0
    text = say("next: {step}, to be finished by {day}") if begun else say("next: {step}, to begin by {day}")
    return text.format(step=step["name"], day=f"{step['finish' if begun else 'begin']:%Y-%m-%d}")


def counting(scene: TimetableScene) -> str:
    """Say how the dates are counted."""
    return scene.words(
        "Begin by = the lead counted back from the term change, or from the step that waits for it, to a working day · "
        "finish by = the last working day before the next step begins · overdue = the last day to begin or to finish "
        "has passed and nobody entered that it was"
    )


def holidays(scene: TimetableScene) -> str:
    """Say how far the calendar of working days is published."""
    last = working_days.published().published_to
    return scene.words(
        "Working days: holidays and made-up weekends as the State Council published them up to {day}; the calendar "
        "from {next} on is not yet published, there only weekends are days off."
    ).format(day=f"{last:%Y-%m-%d}", next=f"{last + working_days.A_DAY:%Y-%m-%d}")


def evidence(scene: TimetableScene, found: Tables) -> Sequence[str]:
    """Say how dates are counted, and the clauses that stand in the rows."""
    return (counting(scene), holidays(scene), *cited(scene, found))


def state_name(state: str, say: Words) -> str:
    """Say how a step stands on the day."""
    return {
        "done": say("done"),
        "overdue": say("overdue"),
        "soon": say("due soon"),
        "ahead": say("to come"),
    }[state]


def entered_name(state: str, say: Words) -> str:
    """Say what was entered of a step."""
    return {"": say("nothing entered"), "planned": say("planned"), "under_way": say("under way"), "done": say("done")}[
        state
    ]


def entered_names(say: Words) -> dict[str, str]:
    """Give every state that can be entered, with its name."""
    return {state: entered_name(state, say) for state in STATES}


def _records(plan: pd.DataFrame) -> list[Row]:
    return [{str(name): cell for name, cell in row.items()} for row in plan.to_dict("records")]


def _day(day: int | None) -> dt.date | None:
    return None if day is None else dt.date(day // 10000, day // 100 % 100, day % 100)


def _span(row: Row) -> str:
    """Write the days of a step as short as they can be told apart."""
    begin, finish = row["begin"], row["finish"]
    if begin == finish:
        return f"{begin:%Y-%m-%d}"
    return f"{begin:%Y-%m-%d} – " + (f"{finish:%m-%d}" if begin.year == finish.year else f"<br>{finish:%Y-%m-%d}")


def _lead(row: Row, say: Words) -> str:
    """Write a step's lead in words."""
    lead = int(row["lead"])
    if lead == 0:
        return say("the day itself")
    if row["measure"] == "months":
        if lead < 0:
            return say.count("{n} month after", "{n} months after", -lead)
        return say.count("{n} month before", "{n} months before", lead)
    if lead < 0:
        return say.count("{n} working day after", "{n} working days after", -lead)
    return say.count("{n} working day before", "{n} working days before", lead)


# --- the plan -------------------------------------------------------------------------------------------------------


def _plan_asks(scene: TimetableScene) -> Asks:
    return {"step": ("outlook/step", {"as_of": scene.as_of, "tier": scene.tier, "organ": scene.organ})}


def _plan_derived(scene: TimetableScene, found: Tables) -> Tables:
    return {**found, "plan": planned(scene, found["step"])}


def _draw_plan(scene: TimetableScene, found: Tables) -> Figure | None:
    say, plan = scene.words, found["plan"]
    if plan.empty:
        return None
    drawn = plan.assign(
        span=[_span(row) for row in _records(plan)],
        state_name=[state_name(state, say) for state in plan["state"]],
        done_on=plan["entered_on"].where(plan["entered"] == "done", None),
        detail=[_detail(row, say) for row in _records(plan)],
    )
    return charts.timetable(
        drawn, today=scene.today, term=scene.term, term_name=say("term change"), say=say, look=scene.look
    )


def _detail(row: Row, say: Words) -> str:
    lines = [
        f"<b>{row['name']}</b>",
        _span(row),
        say.count("{n} working day", "{n} working days", int(row["working_days"])),
        say("{owner}: {state}").format(owner=row["owner"], state=state_name(row["state"], say)),
    ]
    return "<br>".join(lines)


def _plan_takeaway(scene: TimetableScene, found: Tables) -> str:
    say, plan = scene.words, found["plan"]
    if plan.empty:
        return say("No step is known for this term change.")
    told = [
        _named(scene, plan, state, text)
        for state, text in (("overdue", say("overdue: {names}")), ("soon", say("due soon: {names}")))
    ]
    said = say("; ").join(filter(None, told)) or say("nothing is overdue or due soon")
    return said[:1].upper() + said[1:] + _unpublished(scene, plan) + say(".")


def _named(scene: TimetableScene, plan: pd.DataFrame, state: str, text: str) -> str:
    names = plan.loc[plan["state"] == state, "name"].tolist()
    return text.format(names=scene.words.pick(", ", "、").join(names)) if names else ""


def _unpublished(scene: TimetableScene, plan: pd.DataFrame) -> str:
    beyond = int((~plan["published"].astype(bool)).sum())
    if not beyond:
        return ""
    last = working_days.published().published_to
    return scene.words.count(
        "; {n} step ends after {day}, up to which holidays are published",
        "; {n} steps end after {day}, up to which holidays are published",
        beyond,
        day=f"{last:%Y-%m-%d}",
    )


def steps_table(scene: TimetableScene, plan: pd.DataFrame) -> pd.DataFrame:
    """Give the plan as people read it: a row a step, with its days, owner, entry, state and rule."""
    say = scene.words
    records = _records(plan)
    return pd.DataFrame(
        {
            say("Step"): [row["name"] for row in records],
            say("State"): [f"{charts.STATE_SIGNS[row['state']]} {state_name(row['state'], say)}" for row in records],
            say("Begin by"): [row["begin"] for row in records],
            say("Finish by"): [row["finish"] for row in records],
            say("Working days"): [int(row["working_days"]) for row in records],
            say("Owner"): [row["owner"] for row in records],
            say("Entered"): [_entered(row, say) for row in records],
            say("Lead"): [_lead(row, say) for row in records],
            say("Note"): [row["note"] for row in records],
            say("Source"): [rows.source(row, say) for row in records],
        }
    )


def _entered(row: Row, say: Words) -> str:
    name = entered_name(row["entered"], say)
    return name if row["entered_on"] is None or pd.isna(row["entered_on"]) else f"{name} {row['entered_on']:%Y-%m-%d}"


def shown(table: pd.DataFrame, caption: str, hidden: Sequence[str] = ()) -> str:
    """Lay a table of the timetable out, days and numbers as text."""
    kept = [str(name) for name in table.columns if name not in hidden]
    columns = [Column(name, pd.api.types.is_numeric_dtype(table[name])) for name in kept]
    return tables.table_html(table.map(str), columns, caption=caption)


# --- what leaves the page ---------------------------------------------------------------------------------------------


def days(scene: TimetableScene, plan: pd.DataFrame) -> list[calendar.Day]:
    """Give the last days to begin and finish each step, to be taken into a calendar."""
    say = scene.words
    whose = "-".join(filter(None, (scene.tier, str(scene.round), scene.organ)))
    found = []
    for row in _records(plan):
        detail = "\n".join(
            [
                say("{tier}, term change on {day}").format(tier=scene.tier_name, day=f"{scene.term:%Y-%m-%d}"),
                say("Owner: {owner}").format(owner=row["owner"]),
                rows.source(row, say),
            ]
        )
        both = {"begin": say("Begin by: {step}"), "finish": say("Finish by: {step}")}
        if row["begin"] == row["finish"]:
            both = {"finish": "{step}"}
        elif int(row["lead"]) < 0:
            both.pop("begin")
        found += [
            calendar.Day(
                uid=f"{whose}-{row['step_id']}-{end}@{UID_HOST}",
                day=row[end],
                title=text.format(step=row["name"]),
                detail=detail,
            )
            for end, text in both.items()
        ]
    return found


def sheets(scene: TimetableScene, plan: pd.DataFrame, lines: pd.DataFrame, build: str) -> dict[str, pd.DataFrame]:
    """Give the sheets of the workbook: the steps, the useful ages, and what they rest on."""
    say = scene.words
    about = [
        headline(scene, plan),
        tally(scene, plan),
        counting(scene),
        holidays(scene),
        say("data to {month} · build {build}").format(month=say.month(scene.data_month), build=build),
    ]
    return {
        say("Steps"): steps_table(scene, plan),
        say("Useful ages"): useful_table(scene, lines),
        say("About"): pd.DataFrame({say("About"): about}),
    }


# --- ages -----------------------------------------------------------------------------------------------------------


def _useful_asks(scene: TimetableScene) -> Asks:
    return {"age_line": ("outlook/age_line", {"as_of": scene.as_of, "tier": scene.tier})}


def _lines(scene: TimetableScene, lines: pd.DataFrame) -> pd.DataFrame:
    """Keep the targets of the organ chosen, and those of any."""
    if scene.organ is None:
        return lines
    return lines[lines["organ"].isna() | (lines["organ"] == scene.organ)]


def useful_table(scene: TimetableScene, lines: pd.DataFrame) -> pd.DataFrame:
    """Give a row an age line: the oldest useful age by month of appointment, the month of birth, whose line it is."""
    say = scene.words
    months = timetable.year_ends(scene.as_of, scene.term_month)
    who, band = say.pick("who_en", "who_zh"), say.pick("band_en", "band_zh")
    told = []
    every = _lines(scene, lines)
    for name, line in every[[band, "upper_age"]].drop_duplicates().itertuples(index=False, name=None):
        ages = timetable.last_useful_age(scene.term_month, int(line), months)
        targets = every[(every[band] == name) & (every["upper_age"] == line)]
        told.append(
            {
                say("Age line"): say("{band} (below {line})").format(band=name, line=line),
                **{_appointed(at, scene): _age(age, say) for at, age in zip(ages["month"], ages["age"], strict=True)},
                say("Born in or after"): month.text(int(ages["born_from"].iloc[0])),
                say("Asked of"): say("; ").join(targets[who]),
            }
        )
    return pd.DataFrame(told)


def useful_by_month(scene: TimetableScene, lines: pd.DataFrame) -> str:
    """Lay the same out as a page has room for it: a row a month of appointment, a column an age line; "" for none."""
    table = useful_table(scene, lines)
    if table.empty:
        return ""
    first = str(table.columns[0])
    turned = table.set_index(first).T.rename_axis(scene.words("Appointed")).reset_index()
    columns = [Column(str(name), wraps=place > 0) for place, name in enumerate(turned.columns)]
    return tables.table_html(turned, columns, caption=USEFUL.title(scene))


def _appointed(at: int, scene: TimetableScene) -> str:
    if at == scene.term_month:
        return scene.words("at the term change")
    return scene.words("in {month}").format(month=month.text(at))


def _age(months: int, say: Words) -> str:
    years, rest = divmod(int(months), month.MONTHS_A_YEAR)
    return say("{years} y {months} m").format(years=years, months=rest)


def _useful_takeaway(scene: TimetableScene, found: Tables) -> str:
    say, lines = scene.words, _lines(scene, found["age_line"])
    if lines.empty:
        return say("No target of this tier has an age line.")
    line = int(lines["upper_age"].min())
    ages = timetable.last_useful_age(scene.term_month, line, [min(scene.as_of, scene.term_month)])
    return say(
        "To count below {line} at the term change, someone appointed now must be no older than {age}, "
        "born in {month} or later."
    ).format(line=line, age=_age(ages["age"].iloc[0], say), month=say.month(int(ages["born_from"].iloc[0])))


# --- entries --------------------------------------------------------------------------------------------------------


def entries_table(scene: Scene, entries: Sequence[Entry], plan: pd.DataFrame) -> pd.DataFrame:
    """Give every entry of a plan (step_id, name), the newest first."""
    say = scene.words
    names = dict(zip(plan["step_id"], plan["name"], strict=True))
    newest = list(reversed(entries))
    return pd.DataFrame(
        {
            say("Entered at"): [numerals.moment(entry.written) for entry in newest],
            say("Entered by"): [entry.who for entry in newest],
            say("Step"): [names.get(entry.step_id, entry.step_id) for entry in newest],
            say("State"): [entered_name(entry.state, say) for entry in newest],
            say("Day"): [f"{day:%Y-%m-%d}" if (day := _day(entry.day)) else "" for entry in newest],
            say("Owner"): [entry.owner for entry in newest],
            say("Note"): [entry.note for entry in newest],
        }
    )


# --- the exhibits ---------------------------------------------------------------------------------------------------


PLAN = Exhibit[TimetableScene](
    "outlook/step",
    lambda scene: scene.words("Steps back from the term change"),
    lambda scene: scene.words("bars from the last day to begin to the last day to finish · ◆ done, or one day"),
    _plan_asks,
    _plan_takeaway,
    _draw_plan,
    evidence,
    derive=_plan_derived,
)
USEFUL = Exhibit[TimetableScene](
    "outlook/age_line",
    lambda scene: scene.words("Last useful age of an appointee"),
    lambda scene: scene.words("oldest age at appointment at which someone still counts at the term change"),
    _useful_asks,
    _useful_takeaway,
)
EXHIBITS = (PLAN, USEFUL)
