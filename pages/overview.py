"""The overview: one screen before a meeting, where each tile is the door to its page."""

import contextlib

import pandas as pd
import streamlit as st

from data import month
from pages.exhibits import (
    FIVE_YEARS,
    TEN_YEARS,
    age_ladder,
    capability,
    grass_roots,
    overview,
    rank_only,
    reserve,
    tasks,
    up_down,
)
from pages.exhibits.age_ladder import AgeScene
from pages.exhibits.overview import OverviewScene
from pages.parts import answers, filters, projected, show
from pages.parts.projected import Place
from pages.parts.scenes import NothingToShowError, Scenes

here = answers.here()
say = here.words
changes = here.ask("roster/term_changes").table
first = month.add(here.data_month, -TEN_YEARS)
last = max(here.data_month, int(changes["month"].max()))
as_of = filters.month_in_address("month", here.data_month, first, last)

head, bar = st.columns([5, 1], vertical_alignment="bottom")
with bar:
    unit, unit_name = show.unit_filter(here)
place = Place(unit, unit_name)
quota = projected.quota(here, as_of, unit)
target_id = filters.code("target", list(quota["target_id"])) or age_ladder.furthest(quota)
target = projected.targets(here, place, as_of).get(target_id or "", {})
term = target.get("term_month")
until = int(term) if pd.notna(term) and int(term) > as_of else month.add(as_of, FIVE_YEARS)
ages = AgeScene(
    as_of=as_of,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    since=as_of,
    until=until,
    target_id=target_id,
    target=target,
    body=None,
    level=None,
    sex=None,
    term_changes=(),
)
scene = OverviewScene(
    as_of=as_of,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    until=until,
    assessment_year=overview.last_year(here.ask("assessment/groups").table, as_of),
    welfare_year=month.last_whole_year(as_of),
    min_group=answers.min_group(here),
)

with head:
    show.heading(overview.headline(scene, quota), overview.measured_at(scene, quota))
with st.container(key="screen"):
    left, right = st.columns([7, 3])
    with left, st.container(key="card-age_ladder-quota"):
        show.card_head(
            age_ladder.LEDGER.title(ages),
            say("people · a row chooses what stands beside it"),
            age_ladder.LEDGER.key,
            opens="age_ladder.py",
        )
        if target_id:
            chosen = filters.from_element("ledger", "target", "target")
            likely = projected.chances(here, place, quota)
            later = age_ladder.later_heading(ages, likely)
            show.ledger_of(age_ladder.ledger(ages, quota, likely), target_id, say, chosen, dense=True, later=later)
            show.card_foot(age_ladder.LEDGER, ages, here, age_ladder.LEDGER.takeaway(ages, {}))
    with right:
        show.card(overview.WARNINGS, scene, here, opens="age_ladder.py")
        if target_id:
            show.card(age_ladder.CROSSING, ages, here, opens="age_ladder.py")
    tiles = {
        "assessment.py": overview.MOVERS,
        "rotation.py": overview.CLOCKS,
        "welfare.py": overview.UPTAKE,
    }
    for column, (page, exhibit) in zip(st.columns(3), tiles.items(), strict=True):
        with column:
            show.card(exhibit, scene, here, opens=page)
    scenes, of_unit = Scenes(here, as_of), {"unit": unit} if unit else {}
    today = "" if as_of == here.data_month else say("{month}: ").format(month=say.month(here.data_month))
    with st.container(key="lines"):
        left, right = st.columns([7, 5])
        with left:
            learning = scenes.capability(of_unit)
            asked = {**capability.HOURS.asks(learning), **capability.NEED.asks(learning)}
            show.footer(capability.standing(learning, answers.told(here, asked)), opens="capability.py")
        with right, contextlib.suppress(NothingToShowError):
            kept = scenes.reserve(of_unit)
            echelon = answers.told(here, reserve.ECHELON.asks(kept))["echelon"]
            show.footer(today + reserve.standing(kept, echelon), opens="reserve.py")
        left, right = st.columns([7, 5])
        with left:
            rooted = scenes.grass_roots(of_unit)
            asked = {**grass_roots.upward_asks(rooted), **grass_roots.burden_asks(rooted)}
            show.footer(today + grass_roots.standing(rooted, answers.told(here, asked)), opens="grass_roots.py")
        with right:
            decided = scenes.up_down(of_unit)
            asked = {**up_down.EFFECT.asks(decided), **up_down.STAGE.asks(decided)}
            if standing := up_down.standing(decided, answers.told(here, asked)):
                show.footer(today + standing, opens="up_down.py")
        left, right = st.columns([7, 5])
        with left:
            ranks, listed = st.columns([13, 6])
        with ranks:
            ranked = scenes.rank_only(of_unit)
            asked = {**rank_only.STOCK.asks(ranked), **rank_only.ASKED.asks(ranked)}
            show.footer(today + rank_only.standing(ranked, answers.told(here, asked)), opens="rank_only.py")
        with listed:
            plan = answers.tables_of(here, tasks.PLAN, scenes.tasks({}))["plan"]
            show.footer(tasks.standing(plan, say), opens="tasks.py")
        with right:
            doubts = here.ask("overview/quality", as_of=as_of).table
            show.footer(overview.doubts(scene, doubts), opens="quality.py")
