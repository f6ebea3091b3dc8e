"""Up and down, and protection: who came up and down and why, what lasts how long, and how protection is handled."""

import streamlit as st

from pages.exhibits import up_down as exhibits
from pages.exhibits.up_down import SIDES, UpDownScene, side_name
from pages.parts import answers, filters, show

here = answers.here()
say = here.words

head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    years = {str(year): str(year) for year in exhibits.years(here.data_month)}
    year = filters.choose("year", say("Year (cases)"), years, say("The last five"))

scene = UpDownScene(
    as_of=here.data_month,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    year=int(year) if year else None,
    side=filters.code("by", SIDES) or SIDES[0],
    min_group=answers.min_group(here),
)
with head:
    asked = {**exhibits.moves_asks(scene), **exhibits.effect_asks(scene), **exhibits.STAGE.asks(scene)}
    told = answers.told(here, asked)
    show.heading(exhibits.headline(scene, told["moves"]), exhibits.tally(scene, told))
left, right = st.columns(2)
with left:
    show.card(exhibits.MOVES, scene, here)
with right:
    show.card(exhibits.LEVELS, scene, here)
filters.part("by", say("Reasons by"), {side: side_name(side, say) for side in SIDES})
reasons = exhibits.REASON_YEAR if scene.side == "year" else exhibits.REASON
for wide, narrow in (
    (reasons, exhibits.ENDED),
    (exhibits.EFFECT, exhibits.EFFECT_AHEAD),
    (exhibits.STAGE, exhibits.PROTECTED),
):
    left, right = st.columns([7, 5])
    with left:
        show.card(wide, scene, here)
    with right:
        show.card(narrow, scene, here)
parts = {"talks": say("Talks"), "effects": say("Measures, by person"), "overdue": say("Cases overdue")}
if not here.viewer.names:
    parts = {"talks": parts["talks"]}
match filters.part("more", say("More"), parts):
    case "talks":
        show.card(exhibits.TALK, scene, here)
    case "effects":
        show.card(exhibits.EFFECT_LIST, scene, here)
    case "overdue":
        show.card(exhibits.OVERDUE_LIST, scene, here)
show.footer(exhibits.counting(scene), exhibits.reading(scene))
