"""The age ladder: every target in whole people, the ladder itself, and who moves it, for any month and unit."""

from collections.abc import Callable, Sequence

import streamlit as st

from data import month
from pages.exhibits import Exhibit, Scene
from pages.exhibits import age_ladder as exhibits
from pages.parts import filters, rows, show
from pages.parts.timeline import TermChange

TEN_YEARS, ONE_YEAR, FIVE_YEARS = 120, 12, 60

here = show.here()
say = here.words

changes = here.ask("roster/term_changes").table
terms = tuple((str(tier), int(at)) for tier, at in zip(changes["tier"], changes["month"], strict=True))
first, last = month.add(here.data_month, -TEN_YEARS), max(here.data_month, *(at for _, at in terms))
as_of = filters.month_in_address("month", here.data_month, first, last)

head = st.container(key="head")
with st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters"):
    units = here.ask("roster/units", unit=st.query_params.get("unit")).table
    if units.empty:
        units = here.ask("roster/units").table
    indent = {str(u.unit_id): "　" * u.depth + str(u.name) for u in units.itertuples() if u.depth}
    unit = filters.choose("unit", say("Unit"), indent, say("Whole city"))
    quota = here.ask("age_ladder/quota", as_of=as_of, unit=unit).table
    bodies = {body: rows.code("body", body, say) for body in quota["body"].drop_duplicates()}
    body = filters.choose("body", say("Body"), bodies, say("All"))
    sexes = {sex: rows.code("sex", sex, say) for sex in ("male", "female")}
    levels = {level: rows.code("level", level, say) for level in ("1A31", "1A32", "1A41", "1A42", "1A50")}
    level = filters.choose("level", say("Level"), levels, say("All"))
    sex = filters.choose("sex", say("Sex"), sexes, say("All"))

shown = quota if body is None else quota[quota["body"] == body]
if shown.empty:
    st.info(say("No target is asked of this unit."))
    st.stop()
target_id = filters.code("target", list(shown["target_id"]))
if target_id is None:
    target_id = shown.sort_values("spare", kind="stable")["target_id"].iloc[0]
target = shown[shown["target_id"] == target_id].iloc[0].to_dict()

own = [at for tier, at in terms if tier == target["tier"]]
starts = {"term": max([at for at in own if at < as_of], default=first), "year": month.add(as_of, -ONE_YEAR)}
starts |= {"today": here.data_month} if as_of > here.data_month else {}
start = filters.code("from", list(starts)) or ("today" if as_of > here.data_month else "term")
scene = Scene(
    as_of=as_of,
    since=starts[start],
    until=min([at for at in own if at > as_of], default=month.add(as_of, FIVE_YEARS)),
    data_month=here.data_month,
    target=target,
    unit=unit,
    unit_name=str(units.loc[units["place"] == "self", "name"].iloc[0]),
    level=level,
    sex=sex,
    term_changes=tuple(own),
    words=say,
    look=here.look,
)
with head:
    show.heading(exhibits.headline(scene), exhibits.tally(scene, shown))
upcoming = [at for at in own if at >= here.data_month]
labels = {at: say("{year} term change").format(year=at // 100) for at in own}
labels |= dict(zip(upcoming, (say("this term change"), say("next term change")), strict=False))
marks = [TermChange(at, label, this_round=at in upcoming[:1]) for at, label in labels.items()]
show.timeline_of(
    first, last, scene, marks, filters.from_element("timeline", "month", "month", lambda m: month.text(int(m)))
)

evidence = (exhibits.definition(scene), exhibits.source(scene))


def card(exhibit: Exhibit, listed: Sequence[str] = (), on_select: Callable[[], None] | None = None) -> None:
    """Show an exhibit in the page's scene."""
    show.card(exhibit, scene, here, evidence, listed=listed, on_select=on_select)


def choose_unit() -> None:
    """Take the unit from a click on its bar."""
    points = st.session_state["plot_age_ladder-by_unit"].selection.points
    if points:
        filters.keep("unit", points[0]["customdata"][1])


left, right = st.columns([7, 5])
with left, st.container(key="card-quota"):
    show.card_head(say("Targets"), say("people · a row chooses what the page shows"))
    show.ledger_of(exhibits.ledger(scene, shown), scene, filters.from_element("ledger", "target", "target"))
    with st.container(horizontal=True, key="foot-quota"):
        show.takeaway(exhibits.tally(scene, shown))
        show.explain(here.ask("age_ladder/quota", as_of=as_of, unit=unit), say, evidence, "quota")
with right:
    card(exhibits.LADDER)
    card(exhibits.OVER_TIME)
left, middle, right = st.columns([4, 4, 4])
with left:
    card(exhibits.CHANGE)
with middle:
    card(exhibits.BY_UNIT, on_select=choose_unit)
with right:
    card(exhibits.CROSSING)
card(exhibits.HEAT)
if here.viewer.names:
    left, middle, right = st.columns([4, 4, 4])
    with left:
        card(exhibits.CROSSING_LIST, ("month", "name", "unit_name", "post"))
    with middle:
        card(exhibits.ROLL_OFF, ("month", "reason", "name", "unit_name", "post"))
    with right:
        card(exhibits.BOUNDARY, ("reason", "name", "birth", "unit_name"))
card(exhibits.LEVELS)
show.footer(*evidence)
