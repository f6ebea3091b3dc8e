"""The assessment: places and moves inside a group, how sure they are, caps, sources, streaks and reminders."""

import streamlit as st

from pages.exhibits import assessment as exhibits
from pages.exhibits.assessment import AssessmentScene
from pages.parts import answers, filters, show

here = answers.here()
say = here.words
groups = here.ask("assessment/groups").table
if groups.empty:
    show.heading(say("No unit has been assessed"), say("land unit assessments to see places and grades"))
    st.stop()


def year_and_group() -> tuple[int, str]:
    """Let the reader choose a year and one of its assessment groups; the last year and the largest group at first."""
    years = [int(year) for year in groups["year"].unique()]
    last = say("{year} (last)").format(year=years[0])
    year = int(filters.choose("year", say("Year"), {str(each): str(each) for each in years[1:]}, last) or years[0])
    names = groups.loc[groups["year"] == year, "peer_group"].tolist()
    return year, filters.choose("group", say("Group"), {name: name for name in names[1:]}, names[0]) or names[0]


head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    year, group = year_and_group()
    placed = here.ask("assessment/place_shift", year=year, group=group).table
    units = dict(zip(placed["unit_id"], placed["unit_name"], strict=True))
    unit = filters.choose("unit", say("Unit"), units, say("none chosen"))
scene = AssessmentScene(
    as_of=here.data_month,
    data_month=here.data_month,
    unit=unit,
    unit_name=units.get(unit or "", ""),
    words=say,
    look=here.look,
    year=year,
    group=group,
)
with head:
    found = answers.tables_of(here, exhibits.BUMP, scene)
    show.heading(exhibits.headline(scene, found), exhibits.tally(scene, found))
left, right = st.columns(2)
with left:
    show.card(exhibits.BUMP, scene, here)
with right:
    show.card(exhibits.INTERVALS, scene, here)
left, middle, right = st.columns(3)
with left:
    show.card(exhibits.SLOPE, scene, here)
with middle:
    show.card(exhibits.CAPS, scene, here)
with right:
    show.card(exhibits.TEAMS, scene, here)

parts = {
    "unit": say("The chosen unit"),
    "moves": say("Far up or down"),
    "links": say("Grades against the unit's result"),
    "people": say("People"),
    "sources": say("Sources by class"),
    "weights": say("Other weights and kinds"),
}
if not unit:
    parts.pop("unit")
if not here.viewer.names:
    parts.pop("people")
    parts.pop("sources")
shown = {
    "unit": (exhibits.UNIT,),
    "moves": (exhibits.MOVERS, exhibits.REMINDERS),
    "links": (exhibits.LINKS, exhibits.HEADS) if here.viewer.names else (exhibits.LINKS,),
    "people": (exhibits.STREAKS, exhibits.SOURCES_APART),
    "sources": (exhibits.SOURCES_GAP,),
    "weights": (exhibits.WEIGHTS, exhibits.KINDS),
}[filters.part("more", say("More"), parts)]
widths = (3, 2) if exhibits.WEIGHTS in shown else len(shown)
for column, exhibit in zip(st.columns(widths), shown, strict=True):
    with column:
        show.card(exhibit, scene, here)
show.footer(exhibits.weights(scene, here.ask("assessment/weight", year=year).table), exhibits.places_are(scene))
