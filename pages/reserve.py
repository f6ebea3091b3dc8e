"""The reserve of young cadres: enough for what falls vacant, its shape, what is required, who came and went."""

import streamlit as st

from data import month
from pages.exhibits import reserve as exhibits
from pages.exhibits.reserve import ReserveScene
from pages.exhibits.welfare import side_name
from pages.parts import answers, filters, rows, show

here = answers.here()
say = here.words
as_of = here.data_month

head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    changes = here.ask("roster/term_changes").table["month"]
    ahead = {month.text(int(at)): say.month(int(at)) for at in sorted(set(changes)) if at > as_of}
    until = filters.choose("until", say("Looking ahead to"), ahead, say("Next term change of each"))
    kinds = rows.codes("reserve", say)
    reserve = filters.choose("reserve", say("Kept for (comings and goings, list)"), kinds, say("All"))
    years = sorted(set(here.ask("reserve/flow").table["year"]), reverse=True)
    usual = str(as_of // 100)
    others = {str(year): str(year) for year in years if str(year) != usual}
    year = int(filters.choose("year", say("Year (comings and goings)"), others, usual) or usual)

scene = ReserveScene(
    as_of=as_of,
    data_month=as_of,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    until=month.parse(until) if until else None,
    reserve=reserve,
    year=year,
    side=filters.code("by", exhibits.SHAPE_SIDES) or exhibits.SHAPE_SIDES[0],
)
with head:
    ((name, given),) = exhibits.ECHELON.asks(scene).values()
    echelon = here.ask(name, **given).table
    show.heading(exhibits.headline(scene, echelon), exhibits.tally(scene, echelon))
left, right = st.columns(2)
with left:
    show.card(exhibits.ECHELON, scene, here)
with right:
    show.card(exhibits.YEARS_LEFT, scene, here)
filters.part("by", say("By"), {side: side_name(side, say) for side in exhibits.SHAPE_SIDES})
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.PEOPLE, scene, here)
with right:
    show.card(exhibits.EXPERIENCE, scene, here)
show.card(exhibits.FLOW, scene, here)
if here.viewer.names:
    show.card(exhibits.PERSON, scene, here)
show.footer(exhibits.counting(scene), exhibits.reading(scene))
