"""Open figures: round numbers that may be seen by those who may see no exact ones."""

import streamlit as st

from pages.exhibits import open as exhibits
from pages.parts import answers, filters, opened, rows, show
from queries import gate

here = answers.here()
say = here.words
periods = opened.periods(here)

head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
if periods.empty:
    with head:
        show.heading(say("No open figures yet"), say("They begin with the first end of a quarter that the data cover."))
    st.stop()
with bar:
    named = {str(row["period"]): opened.period_name(row, say) for row in periods.to_dict("records")}
    usual = str(opened.latest(periods))
    others = {code: name for code, name in reversed(named.items()) if code != usual}
    chosen = filters.choose("period", say("Month"), others, named[usual]) or usual
    codes = {"period": chosen}
    for name, label, known in opened.choices(here):
        codes[name] = filters.choose(name, label, known, say("All")) or ""

scene = opened.scene(here, {name: code for name, code in codes.items() if code})
try:
    people = answers.of(here, exhibits.people_asks(scene))["people"].table
except gate.TooManyFiltersError as refused:
    with head:
        show.heading(say("Too many filters"), exhibits.why_refused(scene, refused.allowed))
    st.stop()

with head:
    show.heading(exhibits.headline(scene, people), exhibits.counted_at(scene))
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.LADDER, scene, here)
with right:
    show.card(exhibits.SERIES, scene, here)
for column, exhibit in zip(st.columns(3), (exhibits.BODIES, exhibits.LEVELS, exhibits.OVERDUE), strict=True):
    with column:
        show.card(exhibit, scene, here)
left, right = st.columns([5, 7])
with left:
    show.card(exhibits.GRADES, scene, here)
with right:
    show.card(exhibits.WELFARE, scene, here)
show.footer(exhibits.rounding(scene), rows.source(opened.rule(here), say))
