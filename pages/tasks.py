"""The task list of the two policies: a board, a Gantt chart, and every clause beside what serves it here."""

import datetime as dt
from html import escape

import streamlit as st

from data import keeping, month, spreadsheet, steps
from data.store import default_store
from pages.exhibits import tasks as exhibits
from pages.exhibits.tasks import TasksScene
from pages.exhibits.timetable import entered_names, entries_table
from pages.parts import answers, calendar, filters, rows, sheets, show, tables
from pages.parts.board import board_html
from pages.parts.literal import literal

here = answers.here()
say = here.words
store = default_store()


def entered() -> list[steps.Entry]:
    """Read what was entered of tasks; say so where an entry cannot be read."""
    try:
        return [entry for entry in steps.history(store) if entry.plan == steps.TASKS]
    except steps.StepError as error:
        st.error(literal(str(error)))
        return []


def board() -> None:
    """Show the tasks in lanes by their state."""
    with st.container(key="card-tasks-board"):
        show.card_head(say("Tasks by state"), say("each task with its owner, last day and indicator"), "tasks-board")
        st.html(board_html(exhibits.lanes(plan, say)))
        show.card_foot(exhibits.PLAN, scene, here, exhibits.PLAN.takeaway(scene, found))


def register() -> None:
    """Show every clause beside what serves it, or why nothing does."""
    exhibit = exhibits.POINTS
    with st.container(key=f"card-{exhibit.key}"):
        show.card_head(exhibit.title(scene), exhibit.caption(scene), exhibit.key)
        table = exhibits.register_on_screen(plan, say)
        signed = say("Served here")
        columns = [tables.Column(str(name), wraps=True, signed=name == signed) for name in table.columns]
        st.html(tables.table_html(table, columns, caption=exhibit.title(scene)))
        show.card_foot(exhibit, scene, here, exhibit.takeaway(scene, {"point": points}))


def keep_entry() -> None:
    """Keep what was entered; where that fails, say so on the next run and leave what was typed."""
    given = {name: st.session_state[f"enter_{name}"] for name in ("step_id", "state", "day", "owner", "note", "who")}
    given["who"] = here.doer(given["who"])
    given["day"] = None if given["day"] is None else int(f"{given['day']:%Y%m%d}")
    tier, round_, organ = steps.TASKS
    try:
        steps.record(store, steps.Entry(tier=tier, round=round_, organ=organ, written=keeping.now(), **given))
    except steps.StepError as error:
        st.session_state["entered"] = (False, str(error))
    else:
        st.session_state["entered"] = (True, say("Entered."))
        st.session_state["enter_note"] = ""


def enter_form() -> None:
    """Let a planner enter how far a task is, its day and who answers for it."""
    if "entered" in st.session_state:
        kept, told = st.session_state.pop("entered")
        (st.success if kept else st.error)(literal(told))
    names = dict(zip(plan["measure_id"], plan["name"], strict=True)) if len(plan) else {}
    states = entered_names(say)
    with st.form("enter", enter_to_submit=False):
        first, second = st.columns(2)
        first.selectbox(say("Measure"), list(names), format_func=names.__getitem__, key="enter_step_id")
        second.selectbox(say("State"), list(states), format_func=states.__getitem__, key="enter_state")
        first.date_input(say("Day (done on, or to be done by)"), scene.today, format="YYYY-MM-DD", key="enter_day")
        show.by_whom(here, say("Entered by"), "enter_who", steps.LONGEST, second)
        first.text_input(say("Owner (where not the usual one)"), key="enter_owner", max_chars=steps.LONGEST)
        second.text_input(say("Note"), key="enter_note", max_chars=steps.LONGEST)
        st.form_submit_button(say("Enter"), on_click=keep_entry, disabled=not names)


def list_entries() -> None:
    """List everything that was entered of tasks, the newest first."""
    with st.container(key="card-tasks-entries"):
        show.card_head(say("Entries"), say("the newest first; none is ever changed"), "tasks-entries")
        if not entries:
            nothing = say("Nothing has been entered yet.")
            st.html(f'<p class="takeaway">{escape(nothing)}</p>')
            return
        named = listed.assign(step_id=listed["measure_id"], name=listed[say.pick("task_en", "task_zh")])
        told = entries_table(scene, entries, named)
        st.html(tables.table_html(told, [tables.Column(str(name)) for name in told.columns], caption=say("Entries")))


def offer_files() -> None:
    """Offer the tasks as a calendar and as a workbook."""
    file = f"tasks-{month.text(scene.as_of)}"
    with st.container(horizontal=True, key="files"):
        show.offer(
            here,
            say("Calendar (.ics)"),
            lambda: calendar.file(say("Task list"), exhibits.days(plan, say), dt.datetime.now(dt.UTC)),
            f"{file}.ics",
            "text/calendar",
            key="ics",
        )
        show.offer(
            here,
            say("Workbook (.xlsx)"),
            lambda: sheets.workbook(exhibits.sheets(scene, plan, here.build_id)),
            f"{file}.xlsx",
            spreadsheet.WORKBOOK,
            key="xlsx",
        )


listed = here.ask("tasks/measure", as_of=here.data_month).table
owners = dict(zip(listed["owner_zh"], listed[say.pick("owner_en", "owner_zh")], strict=True))
head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    paper = filters.choose("paper", say("Policy"), rows.codes("paper", say), say("All"))
    owner = filters.choose("owner", say("Owner"), owners, say("All"))
entries = entered()
scene = TasksScene(
    as_of=here.data_month,
    data_month=here.data_month,
    unit=None,
    unit_name=here.city,
    words=say,
    look=here.look,
    paper=paper,
    owner=owner,
    year=month.last_whole_year(here.data_month),
    min_group=answers.min_group(here),
    told=tuple(steps.latest(entries).values()),
)
found = answers.tables_of(here, exhibits.PLAN, scene)
plan = found["plan"]
points = here.ask("tasks/point", as_of=scene.as_of).table
with head:
    show.heading(exhibits.headline(plan, say), exhibits.covered(points, say))
match filters.part("by", say("By"), {"board": say("Board"), "gantt": say("Gantt chart"), "clauses": say("Clauses")}):
    case "board":
        board()
    case "gantt":
        show.card(exhibits.PLAN, scene, here)
    case _:
        register()
parts = {"entries": say("Entries"), "enter": say("Enter progress")}
if not here.may("plan"):
    parts.pop("enter")
match filters.part("more", say("More"), parts):
    case "enter":
        enter_form()
    case _:
        list_entries()
offer_files()
show.footer(exhibits.judging(scene))
