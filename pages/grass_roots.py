"""The grass roots: who came up from townships, from where their teams come, checks that they met, pay beside peers."""

import streamlit as st

from data import month
from pages.exhibits import grass_roots as exhibits
from pages.exhibits.grass_roots import GrassScene
from pages.parts import answers, filters, show

here = answers.here()
say = here.words
last = month.last_whole_year(here.data_month)

head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    others = {str(year): str(year) for year in (last + 1, last - 1, last - 2)}
    year = int(filters.choose("year", say("Year"), others, str(last)) or last)

scene = GrassScene(
    as_of=here.data_month,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    year=year,
    min_group=answers.least_projected(here),
)
with head:
    asked = {**exhibits.upward_asks(scene), **exhibits.burden_asks(scene), **exhibits.pay_asks(scene)}
    told = answers.told(here, asked)
    show.heading(exhibits.headline(scene, told), exhibits.tally(scene, told))
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.UPWARD, scene, here)
with right:
    show.card(exhibits.ORIGIN, scene, here)
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.PAY, scene, here)
with right:
    show.card(exhibits.BURDEN, scene, here)
    show.card(exhibits.BURDEN_LIST, scene, here)
show.footer(exhibits.counting(scene), exhibits.reading(scene))
