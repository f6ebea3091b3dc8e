"""Capability: hours of training asked and taken, its kinds, who had none for years, and what teams lack."""

import streamlit as st

from pages.exhibits import capability as exhibits
from pages.exhibits.capability import CapabilityScene
from pages.exhibits.welfare import SIDES, side_name
from pages.parts import answers, filters, show

here = answers.here()
say = here.words
years = {str(year): str(year) for year in here.ask("capability/years").table["year"]}
usual_year = max(years, default=str(here.data_month // 100))

head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    others = {code: name for code, name in years.items() if code != usual_year}
    year = int(filters.choose("year", say("Year"), others, usual_year) or usual_year)
    hours = here.ask("capability/hours", year=year, unit=unit).table
    rules = dict(zip(hours["rule_id"], hours[say.pick("requirement_en", "requirement_zh")], strict=True))
    first = next(iter(rules), None)
    rule = filters.choose(
        "rule",
        say("Requirement (year by year)"),
        {code: name for code, name in rules.items() if code != first},
        rules.get(first, say("None")),
    )

scene = CapabilityScene(
    as_of=here.data_month,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    year=year,
    side=filters.code("by", SIDES) or SIDES[0],
    rule_id=rule or first,
)
with head:
    asked = {**exhibits.SILENT.asks(scene), **exhibits.need_asks(scene)}
    told = answers.told(here, asked)
    show.heading(exhibits.headline(scene, hours), exhibits.tally(scene, told))
filters.part("by", say("By"), {side: side_name(side, say) for side in SIDES})
for wide, narrow in ((exhibits.HOURS, exhibits.OVER_TIME), (exhibits.REACH, exhibits.SILENT)):
    left, right = st.columns([7, 5])
    with left:
        show.card(wide, scene, here)
    with right:
        show.card(narrow, scene, here)

show.card(exhibits.NEED, scene, here)
parts = {"teams": say("Teams"), "people": say("People")}
if not here.viewer.names:
    parts.pop("people")
match filters.part("more", say("More"), parts):
    case "teams":
        show.card(exhibits.NEED_LIST, scene, here)
    case "people":
        show.card(exhibits.SILENT_LIST, scene, here)
show.footer(exhibits.counting(scene), exhibits.reading(scene))
