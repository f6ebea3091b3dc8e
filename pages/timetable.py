"""The timetable: steps back from a term change on a day that the planner moves, their state, and useful ages."""

import datetime as dt
from html import escape

import pandas as pd
import streamlit as st

from data import keeping, month, spreadsheet, steps
from data.store import default_store
from models import timetable, working_days
from pages.exhibits import corridor, outlook
from pages.exhibits import timetable as exhibits
from pages.exhibits.timetable import TimetableScene
from pages.parts import answers, calendar, filters, projected, rows, sheets, show
from pages.parts.literal import literal
from pages.parts.projected import Place, Target

# How far from its usual day a term change can be planned.
MOVES = dt.timedelta(days=730)

here = answers.here()
say = here.words
store = default_store()


def choose_term() -> tuple[str, int, str | None, int]:
    """Let the reader choose tier, nature of organ and round; give them with the month of the term change."""
    tiers = rows.codes("tier", say)
    usual = next(iter(tiers))
    others = {code: name for code, name in tiers.items() if code != usual}
    tier = filters.choose("tier", say("Tier"), others, tiers[usual]) or usual
    organ = filters.choose("organ", say("Nature of the organ"), rows.codes("organ", say), say("Whole tier"))
    changes = here.ask("roster/term_changes", organ=organ).table
    own = changes[(changes["tier"] == tier) & (changes["month"] >= here.data_month)]
    months = {str(named): int(at) for named, at in zip(own["round"], own["month"], strict=True)}
    names = dict(zip(months, (say("this term"), say("next term")), strict=False))
    named = {code: f"{name} · {say.month(months[code])}" for code, name in names.items()}
    first = next(iter(named), None)
    if first is None:
        st.info(
            literal(
                say("No term change of this tier is known from {month} on.").format(month=say.month(here.data_month))
            )
        )
        st.stop()
    later = {code: name for code, name in named.items() if code != first}
    chosen = filters.choose("round", say("Round"), later, named[first]) or first
    return tier, int(chosen), organ, months[chosen]


def month_looked_at(term_month: int) -> int:
    """Let the reader look ahead: at how things will stand if nothing more is entered."""
    span = range(1, max(1, month.between(here.data_month, term_month)) + 1)
    ahead = [month.add(here.data_month, step) for step in span]
    named = {month.text(at): say.month(at) for at in ahead}
    chosen = filters.choose(
        "month", say("As of"), named, say("{month} (data)").format(month=say.month(here.data_month))
    )
    return month.parse(chosen) if chosen else here.data_month


def offer_files() -> None:
    """Offer the plan as a calendar and as a workbook."""
    file = f"timetable-{tier}-{round_}-{term:%Y%m%d}"
    with st.container(horizontal=True, key="files"):
        titled, days = exhibits.headline(scene, plan), exhibits.days(scene, plan)
        show.offer(
            here,
            say("Calendar (.ics)"),
            lambda: calendar.file(titled, days, dt.datetime.now(dt.UTC)),
            f"{file}.ics",
            "text/calendar",
            key="ics",
        )
        show.offer(
            here,
            say("Workbook (.xlsx)"),
            lambda: sheets.workbook(exhibits.sheets(scene, plan, lines, here.build_id)),
            f"{file}.xlsx",
            spreadsheet.WORKBOOK,
            key="xlsx",
        )


def keep_entry() -> None:
    """Keep what was entered; where that fails, say so on the next run and leave what was typed."""
    given = {name: st.session_state[f"enter_{name}"] for name in ("step_id", "state", "day", "owner", "note", "who")}
    given["who"] = here.doer(given["who"])
    if given["day"] is not None:
        given["day"] = int(f"{given['day']:%Y%m%d}")
    try:
        entry = steps.Entry(tier=tier, round=round_, organ=organ, written=keeping.now(), **given)
        steps.record(store, entry)
    except steps.StepError as error:
        st.session_state["entered"] = (False, str(error))
    else:
        st.session_state["entered"] = (True, say("Entered."))
        st.session_state["enter_note"] = ""


def entered() -> list[steps.Entry]:
    """Read what was entered of the term change chosen; say so where an entry cannot be read."""
    try:
        return [entry for entry in steps.history(store) if entry.plan == (tier, round_, organ)]
    except steps.StepError as error:
        st.error(literal(str(error)))
        return []


def enter_form() -> None:
    """Let a planner enter how far a step is."""
    if "entered" in st.session_state:
        kept, told = st.session_state.pop("entered")
        (st.success if kept else st.error)(literal(told))
    names = dict(zip(plan["step_id"], plan["name"], strict=True))
    states = exhibits.entered_names(say)
    with st.form("enter", enter_to_submit=False):
        first, second = st.columns(2)
        first.selectbox(say("Step"), list(names), format_func=names.__getitem__, key="enter_step_id")
        second.selectbox(say("State"), list(states), format_func=states.__getitem__, key="enter_state")
        first.date_input(say("Day"), scene.today, format="YYYY-MM-DD", key="enter_day")
        show.by_whom(here, say("Entered by"), "enter_who", steps.LONGEST, second)
        first.text_input(say("Owner (where not the usual one)"), key="enter_owner", max_chars=steps.LONGEST)
        second.text_input(say("Note"), key="enter_note", max_chars=steps.LONGEST)
        st.form_submit_button(say("Enter"), on_click=keep_entry)


def list_entries() -> None:
    """List everything that was entered of this term change."""
    with st.container(key="card-outlook-entries"):
        show.card_head(say("Entries"), say("the newest first; none is ever changed"), "outlook-entries")
        if entries:
            st.html(exhibits.shown(exhibits.entries_table(scene, entries, plan), say("Entries")))
        else:
            nothing = say("Nothing has been entered yet.")
            st.html(f'<p class="takeaway">{escape(nothing)}</p>')


def targets_with_line() -> dict[str, Target]:
    """Give the targets with an age line of the tier and organ chosen."""
    every = projected.targets(here, Place(None, here.city), here.data_month)
    return {
        each: row
        for each, row in every.items()
        if row["tier"] == tier and pd.notna(row["upper_age"]) and (organ is None or row["organ"] in (organ, None))
    }


def choose_target() -> Target | None:
    """Let the reader choose the target whose corridor is shown; None where the tier has none with an age line."""
    asked = targets_with_line()
    if not asked:
        return None
    names = {each: outlook.target_name(row, say) for each, row in asked.items()}
    first = next((each for each, row in asked.items() if row["kind"] == corridor.SHARE), next(iter(names)))
    others = {each: name for each, name in names.items() if each != first}
    return asked[filters.choose("target", say("Target of the corridor"), others, names[first]) or first]


def corridor_card(target: Target) -> None:
    """Show how many people are enough on the way to the term change, or say why nothing can be said of that."""
    counted_to = int(here.ask("roster/term_changes").table["month"].max()) // 100 * 100 + month.MONTHS_A_YEAR
    why_not = corridor.without(target, here.data_month, scene.term_month, counted_to, say)
    ahead = None if why_not else projected.ahead(here, Place(None, here.city))
    if ahead is None:
        no_corridor(why_not or projected.why_nothing(here))
        return
    of = ahead.scene(target, scene.term_month)
    if ahead.enough(of):
        show.card(corridor.CORRIDOR, of, here)
    else:
        no_corridor(outlook.few(of, ahead.least))


def no_corridor(why: str) -> None:
    """Say why there is no corridor."""
    with st.container(key=f"card-{corridor.CORRIDOR.key}"):
        show.card_head(say("Corridor to the term change"), "", corridor.CORRIDOR.key)
        st.html(f'<p class="takeaway">{escape(why)}</p>')


head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    tier, round_, organ, term_month = choose_term()
    usual = timetable.first_day(term_month, working_days.published())
    place = "-".join(filter(None, (tier, str(round_), organ)))
    term = filters.day(place, say("Term change on"), usual, usual - MOVES, usual + MOVES)
    as_of = month_looked_at(term_month)
    target = choose_target()

entries = entered()
scene = TimetableScene(
    as_of=as_of,
    data_month=here.data_month,
    unit=None,
    unit_name=here.city,
    words=say,
    look=here.look,
    tier=tier,
    round=round_,
    organ=organ,
    usual=usual,
    term=term,
    told=tuple(steps.latest(entries).values()),
)
plan = answers.tables_of(here, exhibits.PLAN, scene)["plan"]
lines = answers.tables_of(here, exhibits.USEFUL, scene)["age_line"]

with head:
    show.heading(exhibits.headline(scene, plan), exhibits.tally(scene, plan))
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.PLAN, scene, here)
with right:
    with st.container(key=f"card-{exhibits.USEFUL.key}"):
        show.card_head(exhibits.USEFUL.title(scene), exhibits.USEFUL.caption(scene), exhibits.USEFUL.key)
        if listed := exhibits.useful_by_month(scene, lines):
            st.html(listed)
        show.card_foot(exhibits.USEFUL, scene, here, exhibits.USEFUL.takeaway(scene, {"age_line": lines}))
    parts = {"enter": say("Enter progress"), "entries": say("Entries")}
    if not here.may("plan"):
        parts.pop("enter")
    match filters.part("more", say("More"), parts):
        case "enter":
            enter_form()
        case "entries":
            list_entries()
way = st.container()
with st.container(key="card-outlook-steps"):
    show.card_head(say("Steps, owners and state"), say("usual owners where nobody else was entered"), "outlook-steps")
    told = exhibits.steps_table(scene, plan)
    hidden = [say("Source"), *([] if plan["note"].any() else [say("Note")])]
    st.html(exhibits.shown(told, say("Steps, owners and state"), hidden))
    offer_files()

show.footer(exhibits.counting(scene), exhibits.holidays(scene))
if target is not None and scene.term_month > here.data_month:
    with way, st.spinner(say("the projection is being worked out")):
        corridor_card(target)
