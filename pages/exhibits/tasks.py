"""The task list: what serves each clause of the two policies, and how each measure stands by its indicator and day."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data import month
from data.steps import Entry
from models import timetable
from pages.exhibits import ONE_YEAR, Asks, Exhibit, Scene, Tables, cited
from pages.exhibits.timetable import UID_HOST, entered_name
from pages.parts import calendar, charts, numerals, rows, rules
from pages.parts.board import Card, Lane
from pages.parts.charts import Figure
from pages.parts.charts.timetable import STATE_SIGNS
from pages.parts.look import GLYPH
from pages.parts.words import Words

Row = Mapping[Any, Any]
Count = tuple[int, int]
"""Of an indicator: how many are open, and of how many."""
BEHIND = "behind"
STATES = (BEHIND, "overdue", "soon", "ahead", "done")
SIGNS = {**STATE_SIGNS, BEHIND: GLYPH["missed"]}
TONES = {BEHIND: "missed", "overdue": "missed", "soon": "at_risk", "done": "met"}
COVERED = {"yes": GLYPH["met"], "partly": GLYPH["at_risk"], "no": "○"}
PER_CENT, FEW = 100, 2
NAME_UNITS = 18
"""Chinese characters in a line of a measure's name."""
TOGETHER, HYPHEN = "\N{NO-BREAK SPACE}", "\N{NON-BREAKING HYPHEN}"
"""What keeps a sign at its word and a day on one line."""
ON_THE_TIMETABLE = frozenset(("outlook/step", "outlook/age_line"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksScene(Scene):
    """What the reader of the task list has chosen: a policy and an owner (None: all), and what was entered.

    `year` is the last whole year that welfare and assessments are counted of, `min_group` the smallest group shown.
    `told` holds the last entry of each task; None where what was entered is left out.
    """

    paper: str | None
    owner: str | None
    year: int
    min_group: int
    told: tuple[Entry, ...] | None

    @property
    def today(self) -> dt.date:
        """The day that states are judged on: the last one of the month looked at."""
        return timetable.last_day(self.as_of)


# --- indicators ---------------------------------------------------------------------------------------------------


def _asks(scene: TasksScene) -> Asks:
    welfare = {"year": scene.year, "min_group": scene.min_group, "unit": scene.unit}
    now = {"as_of": scene.as_of, "unit": scene.unit}
    return {
        "measure": ("tasks/measure", {"as_of": scene.as_of}),
        "quota": ("age_ladder/quota", now),
        "clocks": (
            "rotation/clock_ahead",
            {"since": scene.as_of, "until": month.add(scene.as_of, ONE_YEAR), "unit": scene.unit},
        ),
        "grassroots": ("rotation/grassroots", now),
        "cap": ("assessment/cap_link", {"year": scene.year, "unit": scene.unit}),
        "groups": ("assessment/groups", {}),
        "uptake": ("welfare/uptake", welfare),
        "answers": ("welfare/talk_trigger", welfare),
        "hours": ("capability/hours", {"year": scene.year, "unit": scene.unit}),
        "need": ("capability/need", now),
    }


def _targets(found: Tables) -> Count:
    quota = found["quota"]
    return int((quota["status"] == "missed").sum()), len(quota)


def _clocks(found: Tables) -> Count:
    clocks = found["clocks"]
    clocks = clocks[clocks["force"] != "remind"]
    return int(clocks.loc[clocks["over"], "people"].sum()), int(clocks["people"].sum())


def _grades(found: Tables) -> Count:
    return len(found["cap"]), int(found["groups"]["units"].sum())


def _grassroots(found: Tables) -> Count:
    people = int(found["grassroots"]["people"].sum())
    return people - int(found["grassroots"]["reached"].sum()), people


def _item(item: str) -> Callable[[Tables], Count]:
    def count(found: Tables) -> Count:
        uptake = found["uptake"]
        own = uptake[(uptake["item"] == item) & (uptake["side"] == "all")]
        people = int(own["people"].fillna(0).sum())
        return people - int(own["full_use"].fillna(0).sum()), people

    return count


def _answers(found: Tables) -> Count:
    cases = int(found["answers"]["cases"].fillna(0).sum())
    return cases - int(found["answers"]["in_time"].fillna(0).sum()), cases


def _hours(found: Tables) -> Count:
    whole = found["hours"][found["hours"]["side"] == "all"]
    people = int(whole["people"].sum())
    return people - int(whole["met"].sum()), people


def _teams(found: Tables) -> Count:
    teams = int(found["need"]["teams"].sum())
    return teams - int(found["need"]["met"].sum()), teams


INDICATORS: Mapping[str, Callable[[Tables], Count]] = {
    "targets": _targets,
    "clocks": _clocks,
    "grades": _grades,
    "grassroots": _grassroots,
    "leave": _item("leave"),
    "checkup": _item("checkup"),
    "allowance": _item("township_allowance"),
    "relocation": _item("relocation_allowance"),
    "talk": _item("talk"),
    "answers": _answers,
    "training": _hours,
    "teams": _teams,
}
"""How each indicator of data/contracts/measure.toml is counted; none of whom nothing is known counts nothing."""


# --- the plan -----------------------------------------------------------------------------------------------------


def cycle(as_of: int, every: int) -> tuple[dt.date, dt.date]:
    """Give the first and the last day of the span of `every` months, counted from January, that a month lies in."""
    year, place = divmod(as_of, PER_CENT)
    first = (place - 1) // every * every + 1
    return dt.date(year, first, 1), timetable.last_day(month.add(year * PER_CENT + first, every - 1))


def planned(scene: TasksScene, found: Tables) -> pd.DataFrame:
    """Plan every measure in its cycle, with what was entered of it, what its indicator counts and its state."""
    say, told = scene.words, {entry.step_id: entry for entry in scene.told or ()}
    lines = [_planned(scene, row, told.get(str(row["measure_id"])), found) for row in _records(found["measure"])]
    plan = pd.DataFrame(lines)
    if plan.empty:
        return plan
    entered = {str(row["step_id"]): str(row["entered"]) for row in lines}
    by_day = timetable.states(plan, entered, scene.today)
    plan["state"] = [BEHIND if behind else state for behind, state in zip(plan["behind"], by_day, strict=True)]
    chosen = (plan["paper"] == (scene.paper or plan["paper"])) & (plan["owner_zh"] == (scene.owner or plan["owner_zh"]))
    plan["name"] = plan[say.pick("task_en", "task_zh")]
    return plan[chosen].reset_index(drop=True)


def _planned(scene: TasksScene, row: Row, entry: Entry | None, found: Tables) -> dict[str, Any]:
    begin, finish = cycle(scene.as_of, int(row["every"]))
    day = dt.date.fromisoformat(str(entry.day)) if entry and entry.day else None
    state = entry.state if entry else ""
    if state == "done" and (day is None or day < begin):
        state = ""
    if state in ("planned", "under_way") and day:
        begin, finish = min(begin, day), day
    watched: str = row["watched"] if pd.notna(row["watched"]) else ""
    counted: Count = INDICATORS[watched](found) if watched else (0, 0)
    usual = row[scene.words.pick("owner_en", "owner_zh")]
    return {
        **row,
        "step_id": row["measure_id"],
        "lead": -1,
        "begin": begin,
        "finish": finish,
        "entered": state,
        "done_on": day if state == "done" else None,
        "who": entry.owner if entry and entry.owner else usual,
        "note": entry.note if entry else "",
        "watched": watched,
        "open": counted[0],
        "counted": counted[1],
        "behind": bool(watched) and counted[0] * PER_CENT > int(row["most"]) * counted[1],
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def state_name(state: str, say: Words) -> str:
    """Say how a task stands."""
    return {
        BEHIND: say("behind the rule"),
        "overdue": say("overdue"),
        "soon": say("due soon"),
        "ahead": say("to come"),
        "done": say("done"),
    }[state]


def measured(row: Row, say: Words) -> str:
    """Say what the indicator of a task counts against what the rule allows; nothing without an indicator."""
    if not row["watched"]:
        return ""
    name = rows.code("watched", row["watched"], say)
    if not row["counted"]:
        return say("{indicator}: nothing is known").format(indicator=name)
    return say("{indicator}: {open} of {all}, at most {most}%").format(
        indicator=name, open=numerals.whole(row["open"]), all=numerals.whole(row["counted"]), most=int(row["most"])
    )


def headline(plan: pd.DataFrame, say: Words) -> str:
    """Say the finding: how many tasks are behind what the rule allows, overdue and due soon."""
    if plan.empty:
        return say("No task is known")
    count = plan["state"].value_counts()
    return say("{n} tasks: {behind} behind the rule, {overdue} overdue, {soon} due soon, {done} done").format(
        n=len(plan), **{state: int(count.get(state, 0)) for state in (BEHIND, "overdue", "soon", "done")}
    )


def standing(plan: pd.DataFrame, say: Words) -> str:
    """Say how many tasks are behind what the rule allows, which nothing that people enter changes."""
    return say("task list: {behind} of {n} behind the rule").format(
        n=len(plan), behind=int((plan["state"] == BEHIND).sum()) if len(plan) else 0
    )


def covered(points: pd.DataFrame, say: Words) -> str:
    """Say how many clauses are served here, in part, and not."""
    return say("{n} measures of {points} points: {whole} served, {part} in part, {unserved} not, each with why").format(
        n=int(points["measures"].sum()),
        points=len(points),
        **{name: int(points[name].sum()) for name in ("whole", "part", "unserved")},
    )


def judging(scene: TasksScene) -> str:
    """Say by what a task's state is judged."""
    return scene.words(
        "Behind the rule = more of what the indicator counts is open than the rule allows, whatever was entered · "
        "overdue = the day entered has passed · due soon = within the days of notice before the day entered or the end "
        "of the cycle · judged on {day}"
    ).format(day=f"{scene.today:%Y-%m-%d}")


# --- figures and tables ---------------------------------------------------------------------------------------------


def _derived(scene: TasksScene, found: Tables) -> Tables:
    own = {
        **found,
        "groups": found["groups"][found["groups"]["year"] == scene.year],
        "clocks": found["clocks"].assign(over=found["clocks"]["month"] <= scene.as_of),
    }
    return {**own, "plan": planned(scene, own)}


def drawn_rows(scene: TasksScene, plan: pd.DataFrame) -> pd.DataFrame:
    """Keep the tasks that the Gantt chart has room for: those of the owner chosen, else those with a finding."""
    if plan.empty or scene.owner:
        return plan
    return plan[(plan["watched"] != "") | (plan["entered"] != "") | (plan["state"] != "ahead")]


def _draw(scene: TasksScene, found: Tables) -> Figure | None:
    say, plan = scene.words, drawn_rows(scene, found["plan"])
    if plan.empty:
        return None
    drawn = plan.assign(
        span=[f"{row['who']} · {row['finish']:%Y-%m-%d}" for row in _records(plan)],
        state_name=[state_name(state, say) for state in plan["state"]],
        state=plan["state"].replace(BEHIND, "overdue"),
        detail=[
            "<br>".join(filter(None, (f"<b>{row['name']}</b>", row["who"], measured(row, say))))
            for row in _records(plan)
        ],
    )
    end = dt.date(scene.today.year, 12, 31)
    return charts.timetable(
        drawn,
        today=scene.today,
        term=end,
        term_name=say("year’s end"),
        say=say,
        look=scene.look,
        name_units=NAME_UNITS,
    )


def _takeaway(scene: TasksScene, found: Tables) -> str:
    say, plan = scene.words, found["plan"]
    behind = plan[plan["state"] == BEHIND] if len(plan) else plan
    if behind.empty:
        return say("No task is behind what its rule allows.")
    beyond = behind["open"] * PER_CENT / behind["counted"] - behind["most"].astype(float)
    furthest = behind.loc[beyond.sort_values(ascending=False, kind="stable").index, "name"].head(FEW)
    return say("{behind} of {n} tasks are behind the rule, furthest: {tasks}.").format(
        behind=len(behind), n=len(plan), tasks=say.pick("; ", "；").join(furthest)
    )


def _evidence(scene: TasksScene, found: Tables) -> Sequence[str]:
    left_out = [scene.words("progress that people entered is left out here")] if scene.told is None else []
    return (judging(scene), *left_out, *cited(scene, found))


def lanes(plan: pd.DataFrame, say: Words) -> list[Lane]:
    """Give the tasks as a board has them: a lane for each state that any is in, the worst first."""
    held = _records(plan)
    return [
        Lane(SIGNS[state], state_name(state, say), TONES.get(state, ""), [_card(row, say) for row in cards])
        for state in STATES
        if (cards := [row for row in held if row["state"] == state])
    ]


def _card(row: Row, say: Words) -> Card:
    day = f"{row['finish']:%Y-%m-%d}".replace("-", HYPHEN)
    return Card(row["name"], say(" · ").join((row["who"], day)), measured(row, say))


def task_table(plan: pd.DataFrame, say: Words) -> pd.DataFrame:
    """Give the tasks as people read them: state, owner, day, indicator, what was entered and the clause."""
    return pd.DataFrame(
        [
            {
                say("Measure"): row["name"],
                say("State"): f"{SIGNS[row['state']]} {state_name(row['state'], say)}",
                say("Owner"): row["who"],
                say("Finish by"): row["finish"],
                say("Indicator of the task"): measured(row, say),
                say("Entered"): entered_name(row["entered"], say),
                say("Note"): row["note"],
                say("Source"): rows.source(row, say),
            }
            for row in _records(plan)
        ]
    )


def page_of(question: str, say: Words) -> str:
    """Name the page that a question is shown on."""
    if question in ON_THE_TIMETABLE:
        return say("Timetable")
    return {
        "age_ladder": say("Age ladder"),
        "assessment": say("Assessment"),
        "capability": say("Capability"),
        "open": say("Open figures"),
        "outlook": say("Outlook"),
        "overview": say("Overview"),
        "quality": say("Data quality"),
        "grass_roots": say("Grass roots"),
        "rank_only": say("Rank-only civil servants"),
        "reserve": say("Reserve"),
        "rotation": say("Rotation"),
        "tasks": say("Task list"),
        "up_down": say("Up and down"),
        "welfare": say("Welfare and care"),
    }[question.split("/", maxsplit=1)[0]]


def register(plan: pd.DataFrame, say: Words) -> pd.DataFrame:
    """Give every clause beside the page, question and rule that serves it, or why nothing does."""
    return pd.DataFrame([_registered(row, say) for row in _records(plan)])


def register_on_screen(plan: pd.DataFrame, say: Words) -> pd.DataFrame:
    """Give the same as narrow as a page is: clauses by their number, what serves them and why not in one column."""
    table = register(plan, say)
    if table.empty:
        return table
    number = table[say("Clause")].str.replace("（.*", "", regex=True)
    by = [say("Questions"), say("Tables of rules"), say("Why not, or not whole")]
    return pd.DataFrame(
        {
            say("Clause"): table[say("Policy")] + " " + number,
            **{name: table[name] for name in (say("Measure"), say("Served here"), say("Pages"))},
            say("Served by, or why not"): [
                say(" · ").join(filter(None, cells)) for cells in table[by].itertuples(index=False, name=None)
            ],
        }
    )


def _registered(row: Row, say: Words) -> dict[str, str]:
    comma, why = say.pick(", ", "、"), row[say.pick("why_en", "why_zh")]
    questions = _listed(row["questions"])
    return {
        say("Policy"): rows.code("paper", row["paper"], say),
        say("Measure"): row["name"],
        say("Clause"): row["clause"],
        say("Served here"): f"{COVERED[row['coverage']]}{TOGETHER}{rows.code('coverage', row['coverage'], say)}",
        say("Pages"): comma.join(dict.fromkeys(page_of(each, say) for each in questions)),
        say("Questions"): ", ".join(questions),
        say("Tables of rules"): comma.join(rules.title(each, say) for each in _listed(row["rules"])),
        say("Why not, or not whole"): why if pd.notna(why) else "",
    }


def _listed(joined: Any) -> list[str]:
    return joined.split("|") if isinstance(joined, str) else []


def days(plan: pd.DataFrame, say: Words) -> list[calendar.Day]:
    """Give the last day of every task that is not done, to be taken into a calendar."""
    return [
        calendar.Day(
            uid=f"{row['measure_id']}-{row['finish']:%Y%m}@{UID_HOST}",
            day=row["finish"],
            title=say("Finish by: {step}").format(step=row["name"]),
            detail="\n".join(
                filter(
                    None, (say("Owner: {owner}").format(owner=row["who"]), measured(row, say), rows.source(row, say))
                )
            ),
        )
        for row in _records(plan)
        if row["state"] != "done"
    ]


def sheets(scene: TasksScene, plan: pd.DataFrame, build: str) -> dict[str, pd.DataFrame]:
    """Give the sheets of the workbook: the tasks, the clauses, and what they rest on."""
    say = scene.words
    built = say("data to {month} · build {build}").format(month=say.month(scene.data_month), build=build)
    return {
        say("Task list"): task_table(plan, say),
        say("Clauses"): register(plan, say),
        say("About"): pd.DataFrame({say("About"): [headline(plan, say), judging(scene), built]}),
    }


PLAN = Exhibit[TasksScene](
    "tasks/measure",
    lambda scene: scene.words("Tasks in their cycle"),
    lambda scene: scene.words("bars over the cycle or to the day entered · ◆ done"),
    _asks,
    _takeaway,
    _draw,
    _evidence,
    derive=_derived,
    wide=True,
)
POINTS = Exhibit[TasksScene](
    "tasks/point",
    lambda scene: scene.words("Definition and source of every clause"),
    lambda scene: scene.words("each clause beside the page, question and rule that serves it, or why none does"),
    lambda scene: {"point": ("tasks/point", {"as_of": scene.as_of})},
    lambda scene, found: covered(found["point"], scene.words) + scene.words("."),
    listed=("paper", "point", "measures", "whole", "part", "unserved"),
)
EXHIBITS = (PLAN, POINTS)
