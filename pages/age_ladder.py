"""The age ladder: every target in whole people, the ladder itself, and who moves it, for any month and unit."""

from collections.abc import Sequence

import streamlit as st

from data import month
from pages.exhibits import FIVE_YEARS, ONE_YEAR, TEN_YEARS
from pages.exhibits import age_ladder as exhibits
from pages.exhibits.age_ladder import AgeScene
from pages.parts import answers, filters, projected, rows, show, timeline
from pages.parts.projected import Place

NO_TARGET = {"organ": None, "tier": "city"}

here = answers.here()
say = here.words
changes = here.ask("roster/term_changes").table
first = month.add(here.data_month, -TEN_YEARS)
last = max(here.data_month, int(changes["month"].max()))
as_of = filters.month_in_address("month", here.data_month, first, last)


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


head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    place = Place(unit, unit_name)
    quota = projected.quota(here, as_of, unit)
    asked = {code: name for code, name in rows.codes("body", say).items() if code in set(quota["body"])}
    body = filters.choose("body", say("Body"), asked or rows.codes("body", say), say("All"))
    level = filters.choose("level", say("Level (ladder, lists)"), rows.codes("level", say), say("All"))
    sex = filters.choose("sex", say("Sex (ladder, lists)"), rows.codes("sex", say), say("All"))

shown = quota if body is None else quota[quota["body"] == body]
target_id = filters.code("target", list(shown["target_id"])) or exhibits.furthest(shown)
target = projected.targets(here, place, as_of).get(target_id or "", {})
own = projected.term_changes(here, target or NO_TARGET)
with bar:
    since = start_of_bridge(own)
scene = AgeScene(
    as_of=as_of,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    since=since,
    until=min([at for at in own if at > as_of], default=month.add(as_of, FIVE_YEARS)),
    target_id=target_id,
    target=target,
    body=body,
    level=level,
    sex=sex,
    term_changes=own,
)

with head:
    show.heading(exhibits.headline(scene), exhibits.tally(scene, shown))
show.timeline_of(
    first,
    last,
    scene,
    timeline.marks(own, here.data_month, say),
    filters.from_element("timeline", "month", "month", lambda at: month.text(int(at))),
)
left, right = st.columns([7, 5])
if target_id:
    with left, st.container(key="card-age_ladder-quota"):
        show.card_head(exhibits.LEDGER.title(scene), exhibits.LEDGER.caption_on_screen(scene), exhibits.LEDGER.key)
        likely = projected.chances(here, place, shown)
        show.ledger_of(
            exhibits.ledger(scene, shown, likely),
            target_id,
            say,
            filters.from_element("ledger", "target", "target"),
            later=exhibits.later_heading(scene, likely),
        )
        show.card_foot(exhibits.LEDGER, scene, here, exhibits.bounded(scene))
    with right:
        show.card(exhibits.LADDER, scene, here)
        show.card(exhibits.OVER_TIME, scene, here)
    left, middle, right = st.columns(3)
    with left:
        show.card(exhibits.CHANGE, scene, here)
    with middle:
        show.card(exhibits.BY_UNIT, scene, here)
    with right:
        show.card(exhibits.CROSSING, scene, here)
else:
    with left:
        show.card(exhibits.LADDER, scene, here)

parts = {"units": say("Units"), "levels": say("Levels"), "people": say("People")}
if not target_id:
    parts.pop("units")
if not here.viewer.names:
    parts.pop("people")
match filters.part("more", say("More"), parts):
    case "units":
        show.card(exhibits.HEAT, scene, here)
    case "levels":
        show.card(exhibits.LEVELS, scene, here)
    case "people":
        lists = (exhibits.CROSSING_LIST, exhibits.ROLL_OFF, exhibits.BOUNDARY) if target_id else (exhibits.ROLL_OFF,)
        for column, listed in zip(st.columns(len(lists)), lists, strict=True):
            with column:
                show.card(listed, scene, here)
show.footer(*exhibits.evidence(scene, {}))
