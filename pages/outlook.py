"""The outlook: where each target will stand at its term change, what it takes, and how far to trust that."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from data import keeping, month, scenarios
from data.store import default_store
from models import scenario
from models.scenario import Scenario
from pages.exhibits import age_ladder, pool
from pages.exhibits import outlook as exhibits
from pages.exhibits import scenarios as kept
from pages.exhibits.age_ladder import AgeScene
from pages.exhibits.outlook import OutlookScene
from pages.parts import answers, filters, projected, show, tables, tested, timeline
from pages.parts.projected import Place

here = answers.here()
say = here.words
as_of = here.data_month
bounds = scenario.ranges(here.ask("outlook/lever", as_of=as_of).table.to_dict("records"))
last = max(month.add(as_of, 1), int(here.ask("roster/term_changes").table["month"].max()))
STARTS, LONG = 6, 12


def date_of(target: Mapping[str, Any]) -> int:
    """Let the reader choose this term change or the next; the timeline may set any other month ahead."""
    ahead = projected.changes_ahead(here, target)
    names = (say("this term, {month}"), say("next term, {month}"))
    named = {at: name.format(month=say.month(at)) for at, name in zip(ahead, names, strict=False)}
    given = filters.month_in_address("month", ahead[0], 0, last)
    chosen = given if given > as_of else ahead[0]
    options = {month.text(at): named.get(at, say.month(at)) for at in sorted({*ahead[1:2], chosen} - {ahead[0]})}
    filters.choose("month", say("Looking ahead to"), options, named[ahead[0]])
    return chosen


def levers(date: int) -> Scenario:
    """Let the reader move the levers; give the scenario that they make."""
    set_to: dict[str, Any] = {}
    for lever in scenarios.LEVERS:
        if lever not in bounds:
            continue
        options = {f"{value:g}": exhibits.lever_setting(bounds[lever], value, say) for value in bounds[lever].settings}
        usual = f"{bounds[lever].usual:g}"
        set_to[lever] = float(filters.slide(lever, exhibits.lever_name(lever, say), options, usual))
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        most = int(bounds["plan"].most) if "plan" in bounds else 0
        plan = filters.whole_number(
            "plan", exhibits.plan_name(once=exhibits.one_round(as_of, date), say=say), 0, most, say("as recently")
        )
    with right:
        januaries = [at for at in range(as_of // 100 * 100 + 101, date, 100) if at > month.add(as_of, 1)]
        starts = {month.text(at): say("from {month}").format(month=say.month(at)) for at in januaries[:STARTS]}
        start = filters.choose("start", say("First month"), starts, say("at once"))
    chosen = Scenario(plan=plan, start=month.parse(start) if start else None, date=date, **set_to)
    return scenario.verified(chosen, bounds)


def ages_of(scene: OutlookScene) -> AgeScene:
    """Give the same choices as the age ladder's figures take them."""
    return AgeScene(
        as_of=as_of,
        data_month=as_of,
        unit=unit,
        unit_name=unit_name,
        words=say,
        look=here.look,
        since=as_of,
        until=scene.date,
        target_id=scene.target_id,
        target=scene.target,
        body=None,
        level=None,
        sex=None,
        term_changes=own,
    )


def every_target() -> dict[str, OutlookScene]:
    """Give each target at its own term change in the round that is looked at, if recent practice goes on."""
    mine = projected.changes_ahead(here, target)
    round_ = mine.index(date) if date in mine else 0
    scenes = {}
    for each, row in rows.items():
        changes = projected.changes_ahead(here, row)
        scenes[each] = ahead.scene(row, changes[min(round_, len(changes) - 1)])
    return {each: of for each, of in scenes.items() if ahead.enough(of)}


def ledger_card() -> None:
    """Show every target with what comes of it; those that nobody has asked for yet follow once the page stands."""
    scenes = every_target()
    summaries = projected.summaries(here, scenes)
    if scenes.get(target_id) == scene:
        summaries[target_id] = exhibits.row_of(found, scene.mode)
    with st.container(key="card-outlook-ledger"):
        show.card_head(exhibits.LEDGER.title(scene), exhibits.LEDGER.caption_on_screen(scene), exhibits.LEDGER.key)
        table = exhibits.ledger(scene, quota, summaries)
        show.ledger_of(table, target_id, say, filters.from_element("ledger", "target", "target"))
        show.card_foot(exhibits.LEDGER, scene, here, exhibits.ledger_takeaway(scene, table))


def trust_card() -> None:
    """Show how far past projections were off."""
    with st.container(key="card-outlook-trust"):
        show.card_head(say("How far to trust this"), say("past projections against what came"), "outlook-trust")
        trusted = exhibits.trust(scene, exhibits.people(ahead.learnt, target_id, ahead.units), ahead.errors)
        if trusted.table is not None:
            st.html(tables.table_html(trusted.table, trusted.columns, caption=say("How far to trust this")))
        lines = [*trusted.lines, tested.how(here, ahead.tested)]
        st.html("".join(f'<p class="takeaway">{escape(line)}</p>' for line in lines))


def feasibility_card() -> None:
    """Show whether vacancies and the people one level below are enough for what the target takes."""
    people = answers.tables_of(here, pool.POOL, scene)["pool"]
    with st.container(key=f"card-{pool.POOL.key}"):
        show.card_head(pool.POOL.title(scene), pool.POOL.caption(scene), pool.POOL.key)
        table, columns = pool.feasibility(scene, found, people)
        st.html(tables.table_html(table, columns, caption=pool.POOL.title(scene)))
        show.card_foot(pool.POOL, scene, here, pool.verdict(scene, found, people))


head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    place = Place(unit, unit_name)
    quota = here.ask("age_ladder/quota", as_of=as_of, unit=unit).table
    if quota.empty:
        nothing = say("No target is asked of {unit} in {month}")
        show.heading(nothing.format(unit=unit_name, month=say.month(as_of)), say("an outlook needs a target"))
        st.stop()
    rows = projected.targets(here, place, as_of)
    first = age_ladder.furthest(quota) or next(iter(rows))
    names = {each: exhibits.target_name(row, say) for each, row in rows.items()}
    others = {each: name for each, name in names.items() if each != first}
    target_id = filters.choose("target", say("Target"), others, names[first]) or first
    target = rows[target_id]
    date = date_of(target)
own = projected.term_changes(here, target)
with head:
    finding = st.container()
with finding, st.spinner(say("the projection is being worked out")):
    told_of = projected.ahead(here, place)
if told_of is None:
    with finding:
        show.heading(say("Nothing can be projected from this roster"), projected.why_nothing(here))
    st.stop()
ahead = told_of
show.timeline_of(
    as_of,
    last,
    exhibits.at_date(ahead.scene(target, date)),
    timeline.marks([at for at in own if at > as_of], as_of, say),
    filters.from_element("timeline", "month", "month", lambda at: month.text(int(at))),
)
left, right = st.columns([8, 4])
with right, st.container(key="card-outlook-levers"):
    show.card_head(say("Assumptions"), say("what differs from recent years"), "outlook-levers")
    scene = ahead.scene(target, date, levers(date))
enough = ahead.enough(scene)
with finding, st.spinner(say("the projection is being worked out")):
    found = answers.tables_of(here, exhibits.BRIDGE, scene) if enough else {}
with finding:
    title = exhibits.headline(scene, found) if enough else exhibits.headline_of_few(scene)
    show.heading(title, exhibits.subtitle(scene) if enough else exhibits.too_few(scene, ahead.least))
if enough:
    with right:
        show.card(exhibits.BRIDGE, scene, here)
with left:
    ledger_card()
if enough:
    left, right = st.columns([7, 5])
    with left:
        show.card(exhibits.FAN, scene, here)
    with right:
        trust_card()
    left, right = st.columns([7, 5])
    with left:
        show.card(exhibits.REACH, scene, here)
        show.card(exhibits.SENSITIVITY, scene, here)
    with right:
        feasibility_card()
        show.card(exhibits.LATENESS, scene, here)
left, right = st.columns(2)
with left:
    show.card(age_ladder.CROSSING, ages_of(scene), here)
with right:
    show.card(exhibits.ROLL_OFF, scene, here)


# --- scenarios that are kept ---


def save() -> None:
    """Keep the levers of the page under the name that was written, as a new version."""
    version = scenarios.Version(
        name=str(st.session_state.scenario_name).strip(),
        target_id=target_id,
        unit=unit,
        levers=kept.levers_of(scene.assumed, date),
        figures=kept.figures_of(exhibits.row_of(found, scene.mode)),
        build_id=here.build_id,
        as_of=as_of,
        units=here.viewer.units,
        who=here.viewer.name,
        written=keeping.now(),
    )
    attempt(lambda: scenarios.save(default_store(), version))


def attempt(act: Callable[[], object]) -> None:
    """Do what was asked; what stands against it is said on the page."""
    try:
        act()
    except scenarios.ScenarioFileError as error:
        st.session_state["scenario_refused"] = str(error)


def open_version(version: scenarios.Version) -> None:
    """Put the levers of a kept version into the address."""
    for name, value in kept.in_address(version, bounds).items():
        filters.keep(name, value)


def scenario_cards() -> None:
    """Show the kept versions side by side, what changed since those endorsed, and the ways to save and endorse."""
    try:
        versions = kept.of_scene(scenarios.kept(default_store()), scene, here.viewer.units)
    except scenarios.ScenarioFileError as error:
        st.html(f'<p class="takeaway missed">{escape(str(error))}</p>')
        return
    with st.container(key="card-outlook-scenarios"):
        show.card_head(say("Scenarios side by side"), exhibits.target_name(target, say), "outlook-scenarios")
        table, columns = kept.side_by_side(scene, versions, kept.figures_of(exhibits.row_of(found, scene.mode)))
        st.html(tables.table_html(table, columns, caption=say("Scenarios side by side"), rows_high=LONG))
        if here.may("plan"):
            manage(versions)
        if refused := st.session_state.pop("scenario_refused", ""):
            st.html(f'<p class="takeaway missed">{escape(refused)}</p>')
    moved = kept.since(scene, versions, here.build_id)
    if moved:
        with st.container(key="card-outlook-since"):
            show.card_head(say("What changed since it was endorsed"), say("then → now"), "outlook-since")
            st.html(tables.table_html(*moved, caption=say("What changed since it was endorsed")))
            st.html(f'<p class="takeaway">{escape(kept.changed(scene, versions))}</p>')


def manage(versions: Sequence[scenarios.Version]) -> None:
    """Offer to save what is on the page, and to open, endorse or withdraw a version."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="bar-scenarios"):
        st.text_input(
            say("Name"), key="scenario_name", max_chars=scenarios.LONGEST_NAME, placeholder=say("name to save as")
        )
        st.button(say("Save as a new version"), on_click=save, disabled=not st.session_state.scenario_name.strip())
        if not versions:
            return
        by_title = {kept.titled(each, say): each for each in versions}
        picked = by_title[st.selectbox(say("Version"), list(by_title), key="scenario_version")]
        st.button(say("Open"), on_click=open_version, args=(picked,))
        store, who = default_store(), here.viewer.name
        endorse = partial(scenarios.endorse, store, picked.number, who=who, written=keeping.now())
        st.button(say("Endorse"), on_click=attempt, args=(endorse,), disabled=picked.endorsed is not None)
        withdraw = partial(scenarios.withdraw, store, picked.number, here.viewer.name)
        st.button(say("Withdraw"), on_click=attempt, args=(withdraw,), disabled=picked.endorsed is not None)


parts = {"scenarios": say("Scenarios"), "people": say("People"), "card": say("What stands behind")}
if not enough:
    parts.pop("scenarios")
if not here.viewer.names:
    parts.pop("people")
match filters.part("more", say("More"), parts):
    case "scenarios":
        scenario_cards()
    case "people":
        for column, listed in zip(st.columns(2), (age_ladder.CROSSING_LIST, age_ladder.ROLL_OFF), strict=True):
            with column:
                show.card(listed, ages_of(scene), here)
        show.card(pool.PERSON, scene, here)
    case "card":
        with st.container(key="card-outlook-model"):
            show.card_head(say("What stands behind"), say("and what it must not be used for"), "outlook-model")
            lines = exhibits.model_card(scene)
            written = "".join(f"<p><b>{escape(name)}</b> {escape(text)}</p>" for name, text in lines)
            st.html(f'<div class="evidence">{written}</div>')
show.footer(*exhibits.definition(scene, {}))
