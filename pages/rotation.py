"""Rotation: whose clock runs out by which article, who moved where, and what programmes did with people."""

import streamlit as st

from data import month
from pages.exhibits import FIVE_YEARS, TEN_YEARS
from pages.exhibits import rotation as exhibits
from pages.exhibits.rotation import HORIZON, RotationScene
from pages.parts import answers, filters, rows, show, timeline
from pages.parts.scenes import lined_up

here = answers.here()
say = here.words
changes = here.ask("roster/term_changes", organ=None).table
first = month.add(here.data_month, -TEN_YEARS)
last = max(here.data_month, int(changes["month"].max()))
as_of = filters.month_in_address("month", here.data_month, first, last)
own = [int(at) for at in changes.loc[changes["tier"] == "city", "month"]]


def choose_person() -> None:
    """Take the person from a click on a spell; a click on their own career goes back to the unit's posts."""
    points = st.session_state[f"plot_{exhibits.SPELLS.key}"].selection.points
    for (person,) in (point["customdata"] for point in points[:1]):
        filters.keep("person", None if st.query_params.get("person") == person else str(person))


def name_of(person: str) -> str:
    """Give the name of the one whose career is shown; of somebody with no post in those years, the code."""
    name, given = exhibits.spells_of(as_of, person=person)
    return next(iter(here.ask(name, **given).table["name"].dropna()), person)


head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    ahead = here.ask("rotation/clock_ahead", since=as_of, until=month.add(as_of, HORIZON), unit=unit).table
    rules = dict(zip(ahead["rule_id"], ahead[f"clock{say.pick('_en', '_zh')}"], strict=True))
    first_rule = next(iter(rules), None)
    others = {code: name for code, name in rules.items() if code != first_rule}
    rule_id = filters.choose("rule", say("Clock"), others, rules.get(first_rule, say("None"))) or first_rule
    level = filters.choose("level", say("Level (lists, flows)"), rows.codes("level", say), say("All"))
    programmes = here.ask("rotation/programme_name", as_of=as_of).table
    programme = filters.choose(
        "programme",
        say("Programme"),
        dict(zip(programmes["programme_id"], programmes[f"programme{say.pick('_en', '_zh')}"], strict=True)),
        say("All"),
    )

post_unit, post_unit_name = lined_up(here, as_of, rule_id, (unit, unit_name))
person = st.query_params.get("person") if here.viewer.names else None
kinds = list(rows.codes("body", say))
scene = RotationScene(
    as_of=as_of,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    since=month.add(as_of, -FIVE_YEARS),
    rule_id=rule_id,
    rule=rules.get(rule_id, ""),
    programme=programme,
    level=level,
    from_body=filters.code("from_body", kinds),
    body=filters.code("body", kinds),
    post_unit=post_unit,
    post_unit_name=post_unit_name,
    person=person,
    person_name=name_of(person) if person else "",
)

with head:
    show.heading(exhibits.headline(scene, ahead), exhibits.tally(scene, ahead))
show.timeline_of(
    first,
    last,
    scene,
    timeline.marks(own, here.data_month, say),
    filters.from_element("timeline", "month", "month", lambda at: month.text(int(at))),
)
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.BOARD, scene, here)
with right:
    if here.viewer.names and rule_id:
        show.card(exhibits.CLOCKS, scene, here)
    show.card(exhibits.BALANCE, scene, here)

parts = {
    "flows": say("Flows"),
    "programmes": say("Programmes"),
    "posts": say("Posts"),
    "time": say("Time in post"),
}
if not here.viewer.names:
    parts.pop("posts")
match filters.part("more", say("More"), parts):
    case "flows":
        left, right = st.columns(2)
        with left:
            show.card(exhibits.FLOW, scene, here)
        with right:
            show.card(exhibits.MATRIX, scene, here)
        if here.viewer.names:
            show.card(exhibits.MOVERS, scene, here)
    case "programmes":
        show.card(exhibits.PROGRAMME, scene, here)
        left, right = st.columns(2)
        with left:
            show.card(exhibits.AFTER_RETURN, scene, here)
        if here.viewer.names:
            with right:
                show.card(exhibits.AWAY, scene, here)
    case "posts":
        show.card(exhibits.SPELLS, scene, here, on_select=choose_person)
    case "time":
        left, right = st.columns(2)
        with left:
            show.card(exhibits.TIME_IN_POST, scene, here)
        with right:
            show.card(exhibits.GRASSROOTS, scene, here)
show.footer(*exhibits.counting(scene, {"ahead": ahead[ahead["rule_id"] == rule_id]}))
