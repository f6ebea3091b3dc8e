"""Welfare and care: what was used of each item, by whom less, what is owed, and who was talked to."""

import streamlit as st

from data import month
from pages.exhibits import welfare as exhibits
from pages.exhibits.welfare import SIDES, WelfareScene
from pages.parts import answers, filters, rows, show

here = answers.here()
say = here.words
whole = str(month.last_whole_year(here.data_month))
known = here.ask("roster/welfare_years").table
years = {str(year): str(year) for year in known["year"]}
usual_year = whole if whole in years else str(here.data_month // 100)

head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    others = {code: name for code, name in years.items() if code != usual_year}
    year = int(filters.choose("year", say("Year"), others, usual_year) or usual_year)
    items = rows.codes("item", say)
    item = filters.choose("item", say("Item (trend, units, groups)"), dict(list(items.items())[1:]), items["leave"])
    body = filters.choose("body", say("Body (units)"), rows.codes("body", say), say("All"))
    least = answers.min_group(here)
    groups = sorted({int(size) for size in here.ask("roster/disclosure").table["min_group"] if size >= least})
    sizes = {size: say.count("{n} person", "{n} people", size) for size in groups}
    group = filters.choose(
        "group", say("Smallest group"), {str(size): name for size, name in sizes.items() if size < groups[-1]},
        sizes[groups[-1]],
    )  # fmt: skip

scene = WelfareScene(
    as_of=here.data_month,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    year=year,
    item=item or "leave",
    side=filters.code("by", SIDES) or SIDES[0],
    body=body,
    min_group=int(group or groups[-1]),
    least=least,
    reported=frozenset(known.loc[known["year"] == year, "item"]),
)
uptake = here.ask("welfare/uptake", year=year, min_group=scene.min_group, unit=unit).table

with head:
    show.heading(exhibits.headline(scene, uptake), exhibits.tally(scene, uptake))
filters.part("by", say("By"), {side: exhibits.side_name(side, say) for side in SIDES})
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.UPTAKE, scene, here)
with right:
    show.card(exhibits.TREND, scene, here)
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.FUNNEL, scene, here)
with right:
    show.card(exhibits.GAP, scene, here)
for column, exhibit in zip(st.columns(3), (exhibits.OWED, exhibits.TALK, exhibits.TRIGGER), strict=True):
    with column:
        show.card(exhibit, scene, here)

parts = {"townships": say("Townships"), "people": say("People")}
if not here.viewer.names:
    parts.pop("people")
match filters.part("more", say("More"), parts):
    case "townships":
        show.card(exhibits.TOWNSHIP, scene, here)
    case "people":
        for column, listed in zip(st.columns(2), (exhibits.OWED_LIST, exhibits.OVERDUE_LIST), strict=True):
            with column:
                show.card(listed, scene, here)
show.footer(exhibits.counting(scene), exhibits.reading(scene))
