"""Putting things on the screen: the one cache of answers, cards with their evidence, the two drawn elements."""

import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

import queries
from data.access import LOCAL, Viewer
from data.store import default_store
from pages.exhibits import Asks, Exhibit, S, Scene, Tables
from pages.parts import filters, ledger, look, numerals, rows, tables, timeline, words
from pages.parts.charts import Figure
from queries import warehouse

ANSWERS_KEPT = 2048
CARDS_KEPT = 1024
LEARNT_KEPT = 8
LATER_SECONDS = 0.5
LIST_ROWS = 9
TOPS_NAMED = 3
LIST_LONGEST = 200
PLOT = {"displayModeBar": False, "displaylogo": False, "responsive": True}
Learnt = TypeVar("Learnt")
Asked = tuple[tuple[str, str, tuple[tuple[str, Any], ...]], ...]
_worked_out: set[int] = set()


@dataclass(frozen=True, slots=True)
class Here:
    """Who looks at which build, in which language and colours."""

    build: Path
    viewer: Viewer
    words: words.Words
    look: look.Look
    build_id: str
    data_month: int

    @property
    def city(self) -> str:
        """The name of the top unit; of a roster with several, their names or how many they are."""
        units = self.ask("roster/units").table
        tops = units.loc[units["depth"] == 0, "name"]
        if len(tops) > TOPS_NAMED:
            return self.words("{n} units").format(n=len(tops))
        return self.words.pick(", ", "、").join(tops)

    def ask(self, name: str, **given: Any) -> warehouse.Answer:
        """Ask a question, or find the answer given before to the same question, viewer, parameters and build."""
        return _answer(self.build, self.viewer, name, queries.load(name).sql, tuple(sorted(given.items())))


def here() -> Here:
    """Tell who looks at what. Without sign-in this is the local reader, who sees everything."""
    build = warehouse.newest(default_store())
    if build is None:
        message = "There is no build to show yet; land data and use `python -m queries build`."
        raise warehouse.WarehouseError(message)
    opened = warehouse.open_for(build, LOCAL)
    said = words.of(filters.code("lang", list(words.LANGUAGES)))
    return Here(build, LOCAL, said, look.of(st.context.theme.type), opened.build_id, opened.data_month)


@st.cache_data(max_entries=ANSWERS_KEPT, show_spinner=False)
def _answer(build: Path, viewer: Viewer, name: str, sql: str, given: tuple[tuple[str, Any], ...]) -> warehouse.Answer:
    del sql
    return warehouse.open_for(build, viewer).ask(name, **dict(given))


def style(here: Here) -> None:
    """Lay the page's style sheet, and tell the browser the page's language."""
    st.html(f"<style>{look.stylesheet(here.look)}</style>")
    language = here.words.language.replace("_", "-")
    st.html(f"<script>document.documentElement.lang = '{language}'</script>", unsafe_allow_javascript=True)


def unit_filter(here: Here) -> tuple[str | None, str]:
    """Let the reader walk the tree of units; give the code that is chosen, None for the whole, and its name."""
    units = _tree(here, st.query_params.get("unit"))
    walked = units[(units["depth"] > 0) | (units["place"] != "self")]
    names = {code: "　" * depth + name for code, depth, name in walked[["unit_id", "depth", "name"]].to_numpy()}
    unit = filters.choose("unit", here.words("Unit"), names, here.words("Whole city"))
    return unit, next(iter(units.loc[units["place"] == "self", "name"]), here.city)


def _tree(here: Here, unit: str | None) -> pd.DataFrame:
    """Give a unit with those above and right below it; the top of the tree where the code is not known."""
    try:
        return here.ask("roster/units", unit=unit).table
    except queries.QueryError:
        return here.ask("roster/units").table


def min_group(here: Here) -> int:
    """Give the smallest group of people that the viewer is shown."""
    allowed = here.ask("roster/disclosure").table.set_index("viewer")["min_group"]
    return int(allowed["planner" if here.viewer.names else "reader"])


def least_projected(here: Here) -> int:
    """Give the smallest group of people whose future is projected, for everyone: nobody is told of single people."""
    allowed = here.ask("roster/disclosure").table.set_index("viewer")["min_group"]
    return int(allowed["reader"])


def heading(title: str, subtitle: str) -> None:
    """Show the page's finding and what stands under it."""
    st.html(f'<h1 class="page-title">{escape(title)}</h1><p class="page-note">{escape(subtitle)}</p>')


def footer(*lines: str) -> None:
    """Show the definition and the source that the whole page follows."""
    st.html('<div class="page-foot">' + "".join(f"<p>{escape(line)}</p>" for line in lines) + "</div>")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card ready to be laid, in one language and one set of colours."""

    title: str
    caption: str
    takeaway: str
    figure: Figure | None
    listed: str


def card(
    exhibit: Exhibit[S],
    scene: S,
    here: Here,
    *,
    on_select: Callable[[], None] | None = None,
    opens: str | None = None,
) -> None:
    """Show one exhibit: title, figure, list, takeaway, and the ways to its evidence and to the page it `opens`.

    A click on the figure writes what it chooses into the address, unless `on_select` does something else with it.
    """
    drawn = drawn_for(here, exhibit, scene)
    if exhibit.chooses and not on_select:
        on_select = filters.from_click(exhibit.key, *exhibit.chooses)
    with st.container(key=f"card-{exhibit.key}"):
        card_head(drawn.title, drawn.caption, exhibit.key, opens=opens)
        if drawn.figure:
            with st.container(key=f"wide-{exhibit.key}" if exhibit.wide else f"plot-{exhibit.key}"):
                _plot(drawn.figure, exhibit.key, drawn.takeaway, on_select)
        if drawn.listed:
            st.html(drawn.listed)
        card_foot(exhibit, scene, here, drawn.takeaway)


@functools.lru_cache(maxsize=CARDS_KEPT)
def drawn_for(here: Here, exhibit: Exhibit[S], scene: S) -> Drawn:
    """Draw a card once for all who would see the same."""
    first = next(iter(_answers(here, exhibit, scene).values()))
    found = tables_of(here, exhibit, scene)
    listed = exhibit.listed and _may_see(here, first)
    return Drawn(
        title=exhibit.title(scene),
        caption=exhibit.caption(scene),
        takeaway=exhibit.takeaway(scene, found),
        figure=exhibit.draw(scene, found) if exhibit.draw and not first.table.empty else None,
        listed=_list(first, next(iter(found.values())), exhibit, scene) if listed else "",
    )


def _answers(here: Here, exhibit: Exhibit[S], scene: S) -> dict[str, warehouse.Answer]:
    return {role: here.ask(name, **given) for role, (name, given) in exhibit.asks(scene).items()}


def tables_of(here: Here, exhibit: Exhibit[S], scene: S) -> Tables:
    """Give the tables that an exhibit is made of, to be read only: those that ask and derive alike share them."""
    found = _tables(here, exhibit.asks, exhibit.derive, scene)
    _worked_out.add(hash((here, exhibit.asks, exhibit.derive, scene)))
    return found


@functools.lru_cache(maxsize=CARDS_KEPT)
def _tables(here: Here, asks: Callable[[S], Asks], derive: Callable[[S, Tables], Tables], scene: S) -> Tables:
    return derive(scene, {role: here.ask(name, **given).table for role, (name, given) in asks(scene).items()})


def for_every_reader(here: Here) -> Here:
    """Give the same build and viewer in one language and one set of colours, for what is worked out once for all."""
    return replace(here, words=words.of(None), look=look.LIGHT)


def learnt(here: Here, learn: Callable[..., Learnt], asks: Asks, *more: Hashable) -> Learnt:
    """Give what `learn` makes of some answers and of `more`: learnt once for all who would get the same."""
    found: Learnt = _learnt(here.build, here.viewer, learn, _flat(asks), more)
    _worked_out.add(hash((here.build, here.viewer, learn, _flat(asks), more)))
    return found


def is_learnt(here: Here, learn: Callable[..., Any], asks: Asks, *more: Hashable) -> bool:
    """Whether `learnt` would give at once what was learnt before."""
    return hash((here.build, here.viewer, learn, _flat(asks), more)) in _worked_out


def _flat(asks: Asks) -> Asked:
    return tuple((role, name, tuple(sorted(given.items()))) for role, (name, given) in asks.items())


@functools.lru_cache(maxsize=LEARNT_KEPT)
def _learnt(
    build: Path,
    viewer: Viewer,
    learn: Callable[..., Any],
    asked: Asked,
    more: tuple[Hashable, ...],
) -> Any:
    found = {role: _answer(build, viewer, name, queries.load(name).sql, given).table for role, name, given in asked}
    return learn(found, *more)


def known(here: Here, exhibit: Exhibit[S], scene: S) -> bool:
    """Whether the tables of an exhibit have been worked out already, so that nobody waits for them."""
    return hash((here, exhibit.asks, exhibit.derive, scene)) in _worked_out


def later(work: Callable[[], None]) -> None:
    """Do some work once the page stands, then show the page again."""
    stands: list[bool] = []

    @st.fragment(run_every=LATER_SECONDS)
    def wait() -> None:
        if stands:
            work()
            st.rerun()
        stands.append(True)

    wait()


def _may_see(here: Here, answer: warehouse.Answer) -> bool:
    """Rows of people are for those who may see names: a post tells who holds it."""
    return here.viewer.names or "person_id" not in answer.table


def card_head(title: str, caption: str, key: str, *, opens: str | None = None) -> None:
    """Show a card's title and what its figure counts; a title that `opens` a page leads there with the same filters."""
    written = f'<h2 class="card-title">{escape(title)} <small>{escape(caption)}</small></h2>'
    if not opens:
        st.html(written)
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"head-{key}"):
        st.html(written)
        st.page_link(opens, label="›", query_params=st.query_params.to_dict(), help=title)


def card_foot(exhibit: Exhibit[S], scene: S, here: Here, takeaway: str) -> None:
    """Show the sentence that says what to see, and offer the evidence."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"foot-{exhibit.key}"):
        st.html(f'<p class="takeaway">{escape(takeaway)}</p>')
        explain(exhibit, scene, here)


def _list(answer: warehouse.Answer, derived: pd.DataFrame, exhibit: Exhibit[S], scene: S) -> str:
    """List the answer's first rows with what is derived, scrolling beyond a handful; the title is for the ear.

    Whatever a model adds to the answer's columns is a number.
    """
    if answer.table.empty:
        return ""
    say = scene.words
    readable = rows.readable(replace(answer, table=derived.head(LIST_LONGEST)), say)
    numbers = {*derived.columns} - {column.name for column in answer.query.columns if not rows.is_number(column)}
    columns = [tables.Column(rows.heading(name, say), name in numbers) for name in exhibit.listed]
    shown = tables.table_html(readable, columns, caption=exhibit.title(scene), rows_high=LIST_ROWS)
    return shown + _of_how_many(len(answer.table), say)


def _of_how_many(number: int, say: words.Words) -> str:
    if number <= LIST_LONGEST:
        return ""
    more = say("the first {n} of {all} rows; all of them are in the evidence")
    return f'<p class="page-note">{escape(more.format(n=LIST_LONGEST, all=numerals.whole(number)))}</p>'


def explain(exhibit: Exhibit[S], scene: S, here: Here) -> None:
    """Offer the evidence behind a figure: definition, source, build, question, parameters, SQL, rows and a download."""
    say = here.words
    opened = st.popover(say("Evidence"), type="tertiary", key=f"explain_{exhibit.key}", on_change="rerun")
    if not opened.open:
        return
    first = next(iter(_answers(here, exhibit, scene).values()))
    behind = exhibit.evidence(scene, tables_of(here, exhibit, scene))
    lines = "".join(f"<p>{escape(line)}</p>" for line in (*behind, *_facts(first, say)))
    with opened:
        st.html(f'<div class="evidence">{lines}</div>')
        if _may_see(here, first):
            _offer_rows(first, say, exhibit.key)
        st.code(first.query.sql, language="sql", height=240)


def _offer_rows(answer: warehouse.Answer, say: words.Words, key: str) -> None:
    file = f"{answer.query.name.replace('/', '-')}-{answer.build_id}.csv"
    written = rows.csv(answer, say)
    st.download_button(say("Download CSV"), written, file, "text/csv", key=f"csv_{key}", on_click="ignore")
    st.dataframe(rows.readable(answer, say), hide_index=True, height=240)


def _facts(answer: warehouse.Answer, say: words.Words) -> list[str]:
    given = ", ".join(f"{name} = {value}" for name, value in answer.parameters.items() if value is not None)
    return [
        say("Question: {name}: {asks}").format(name=answer.query.name, asks=say(answer.query.asks)),
        say("Parameters: {given}").format(given=given),
        say("{rows} rows · data to {month} · build {build}").format(
            rows=len(answer.table), month=say.month(answer.data_month), build=answer.build_id
        ),
    ]


def _plot(figure: Figure, key: str, takeaway: str, on_select: Callable[[], None] | None) -> None:
    st.plotly_chart(
        figure,
        key=f"plot_{key}",
        theme=None,
        config=PLOT,
        alt=takeaway,
        on_select=on_select or "ignore",
        selection_mode="points",
    )


def ledger_of(
    table: pd.DataFrame,
    selected: str,
    say: words.Words,
    on_choice: Callable[[], None],
    *,
    dense: bool = False,
    later: str = "",
) -> None:
    """Show the ledger of targets; a row chosen arrives in st.session_state.ledger.target."""
    data = ledger.rows(table, say=say, selected=selected, dense=dense, later=later)
    _element(ledger.NAME, ledger.HTML, ledger.CSS, ledger.JS, data, {"on_target_change": on_choice})


def timeline_of(
    first: int, last: int, scene: Scene, changes: Sequence[timeline.TermChange], on_choice: Callable[[], None]
) -> None:
    """Show the timeline; a month chosen arrives in st.session_state.timeline.month."""
    data = timeline.months(
        first=first,
        last=last,
        as_of=scene.as_of,
        data_month=scene.data_month,
        changes=changes,
        say=scene.words,
        month_in_words=scene.words.month,
    )
    _element(timeline.NAME, timeline.HTML, timeline.CSS, timeline.JS, data, {"on_month_change": on_choice})


def _element(name: str, html: str, css: str, js: str, data: Mapping[str, Any], on: Mapping[str, Any]) -> None:
    st.components.v2.component(name, html=html, css=css, js=js)(data=data, key=name, **on)
