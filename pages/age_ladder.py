"""The age ladder: every target in whole people, the ladder itself, and who moves it, for any month and unit."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from data import month
from pages.exhibits import Exhibit, Scene
from pages.exhibits import age_ladder as exhibits
from pages.parts import filters, rows, show
from pages.parts.timeline import TermChange
from queries import QueryError

TEN_YEARS, FIVE_YEARS, ONE_YEAR = 120, 60, 12

here = show.here()
say = here.words
changes = here.ask("roster/term_changes").table
first = month.add(here.data_month, -TEN_YEARS)
last = max(here.data_month, int(changes["month"].max()))
as_of = filters.month_in_address("month", here.data_month, first, last)


def tree(unit: str | None) -> pd.DataFrame:
    """Give a unit with those above and right below it; the top of the tree where the code is not known."""
    try:
        return here.ask("roster/units", unit=unit).table
    except QueryError:
        return here.ask("roster/units").table


def start_of_bridge(own: Sequence[int]) -> int:
    """Let the reader choose the month that the bridge starts from; `own` are the tier's term changes."""
    starts = {
        "today": (here.data_month, say("the data month")),
        "term": (max([at for at in own if at < as_of], default=first), say("the last term change")),
        "year": (month.add(as_of, -ONE_YEAR), say("a year before")),
    }
    usual = "today" if as_of > here.data_month else "term"
    others = {code: name for code, (at, name) in starts.items() if code != usual and at < as_of}
    return starts[filters.choose("from", say("Compared with"), others, starts[usual][1]) or usual][0]


def furthest(quota: pd.DataFrame) -> str:
    """Name the target that most people are missing from."""
    return str(quota.sort_values("spare", kind="stable")["target_id"].iloc[0])


def marks(own: Sequence[int]) -> list[TermChange]:
    """Name the tier's term changes on the timeline, this round first of those to come."""
    ahead = [at for at in own if at >= here.data_month]
    names = dict(zip(ahead, (say("this term"), say("next term")), strict=False))
    usual = say("{year} term")
    return [TermChange(at, names.get(at, usual.format(year=at // 100)), this_round=at in ahead[:1]) for at in own]


def choose_unit() -> None:
    """Take the unit from a click on its bar."""
    points = st.session_state["plot_age_ladder-by_unit"].selection.points
    if points:
        filters.keep("unit", points[0]["customdata"][0])


def choose_cell() -> None:
    """Take unit and target from a click into the matrix."""
    points = st.session_state["plot_age_ladder-heat"].selection.points
    if points:
        for name, code in zip(("unit", "target"), points[0]["customdata"], strict=True):
            filters.keep(name, code)


head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    units = tree(st.query_params.get("unit"))
    names = {
        str(code): "　" * depth + name
        for code, name, depth in units[["unit_id", "name", "depth"]].itertuples(index=False)
        if depth
    }
    unit = filters.choose("unit", say("Unit"), names, say("Whole city"))
    quota = here.ask("age_ladder/quota", as_of=as_of, unit=unit).table
    bodies = {code: name for code, name in rows.codes("body", say).items() if code in set(quota["body"])}
    body = filters.choose("body", say("Body"), bodies, say("All"))
    level = filters.choose("level", say("Level (ladder, lists)"), rows.codes("level", say), say("All"))
    sex = filters.choose("sex", say("Sex (ladder, lists)"), rows.codes("sex", say), say("All"))

shown = quota if body is None else quota[quota["body"] == body]
if shown.empty:
    st.info(say("No target is asked of this unit."))
    st.stop()
target_id = filters.code("target", list(shown["target_id"])) or furthest(shown)
target = next(row for row in shown.to_dict("records") if row["target_id"] == target_id)
own = tuple(int(at) for at in changes.loc[changes["tier"] == target["tier"], "month"])
with bar:
    since = start_of_bridge(own)
scene = Scene(
    as_of=as_of,
    since=since,
    until=min([at for at in own if at > as_of], default=month.add(as_of, FIVE_YEARS)),
    data_month=here.data_month,
    target={str(name): value for name, value in target.items()},
    unit=unit,
    unit_name=str(units.loc[units["place"] == "self", "name"].iloc[0]),
    level=level,
    sex=sex,
    term_changes=own,
    words=say,
    look=here.look,
)
evidence = (exhibits.definition(scene), exhibits.source(scene))


def card(exhibit: Exhibit, listed: Sequence[str] = (), on_select: Callable[[], None] | None = None) -> None:
    """Show an exhibit in the page's scene."""
    show.card(exhibit, scene, here, evidence, listed=listed, on_select=on_select)


with head:
    show.heading(exhibits.headline(scene), exhibits.tally(scene, shown))
show.timeline_of(
    first, last, scene, marks(own), filters.from_element("timeline", "month", "month", lambda at: month.text(int(at)))
)
left, right = st.columns([7, 5])
with left, st.container(key="card-quota"):
    show.card_head(say("Targets"), say("people · a row chooses what the page shows"))
    show.ledger_of(exhibits.ledger(scene, shown), scene, filters.from_element("ledger", "target", "target"))
    with st.container(horizontal=True, vertical_alignment="center", key="foot-quota"):
        show.takeaway(exhibits.source(scene))
        show.explain(here.ask("age_ladder/quota", as_of=as_of, unit=unit), here, evidence, "quota")
with right:
    card(exhibits.LADDER)
    card(exhibits.OVER_TIME)
left, middle, right = st.columns(3)
with left:
    card(exhibits.CHANGE)
with middle:
    card(exhibits.BY_UNIT, on_select=choose_unit)
with right:
    card(exhibits.CROSSING)
card(exhibits.HEAT, on_select=choose_cell)
if here.viewer.names:
    left, middle, right = st.columns(3)
    with left:
        card(exhibits.CROSSING_LIST, ("month", "name", "unit_name", "post"))
    with middle:
        card(exhibits.ROLL_OFF, ("month", "reason", "name", "unit_name", "post"))
    with right:
        card(exhibits.BOUNDARY, ("reason", "name", "birth", "unit_name"))
card(exhibits.LEVELS)
show.footer(*evidence)
