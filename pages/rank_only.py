"""Civil servants with a rank and no leading post: how many, what is asked for them, how many there will be."""

import streamlit as st

from pages.exhibits import rank_only as exhibits
from pages.exhibits.rank_only import RankScene
from pages.exhibits.welfare import SIDES, side_name
from pages.parts import answers, filters, show

here = answers.here()
say = here.words
known = here.ask("rank_only/over_time").table["year"]
years = {str(year): str(year) for year in sorted(known, reverse=True)}
usual_year = max(years, default=str(here.data_month // 100))

head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    others = {code: name for code, name in years.items() if code != usual_year}
    year = int(filters.choose("year", say("Year"), others, usual_year) or usual_year)

scene = RankScene(
    as_of=here.data_month,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    year=year,
    side=filters.code("by", SIDES) or SIDES[0],
    min_group=answers.min_group(here),
)
with head:
    asked = {**exhibits.STOCK.asks(scene), **exhibits.ASKED.asks(scene)}
    told = answers.told(here, asked)
    show.heading(exhibits.headline(scene, told["stock"]), exhibits.tally(scene, told))
filters.part("by", say("By"), {side: side_name(side, say) for side in SIDES})
for wide, narrow in (
    (exhibits.STOCK, exhibits.OVER_TIME),
    (exhibits.ASKED, exhibits.CARE),
    (exhibits.AHEAD, exhibits.TASK),
):
    left, right = st.columns([7, 5])
    with left:
        show.card(wide, scene, here)
    with right:
        show.card(narrow, scene, here)

parts = {"units": say("Units"), "people": say("People")}
if not here.viewer.names:
    parts.pop("people")
match filters.part("more", say("More"), parts):
    case "units":
        show.card(exhibits.UNITS, scene, here)
    case "people":
        show.card(exhibits.IDLE_LIST, scene, here)
show.footer(exhibits.counting(scene), exhibits.reading(scene))
