"""Putting things on the screen: the one cache of answers, cards with their evidence, the two drawn elements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import queries
from data import landing
from data.access import LOCAL, Viewer
from pages.exhibits import Exhibit, Scene
from pages.parts import filters, ledger, look, numerals, rows, tables, timeline, words
from queries import warehouse

ANSWERS_KEPT = 2048
LIST_ROWS = 9
LIST_LONGEST = 200
PLOT = {"displayModeBar": False, "displaylogo": False, "responsive": True}


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
        """The name of the top unit."""
        return str(self.ask("roster/units").table["name"].iloc[0])

    def ask(self, name: str, **given: Any) -> warehouse.Answer:
        """Ask a question, or find the answer given before to the same question, viewer, parameters and build."""
        return _answer(self.build, self.viewer, name, queries.load(name).sql, tuple(sorted(given.items())))


def here() -> Here:
    """Tell who looks at what. Without sign-in this is the local reader, who sees everything."""
    build = warehouse.newest(landing.default_store())
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


def heading(title: str, subtitle: str) -> None:
    """Show the page's finding and what stands under it."""
    st.html(f'<h1 class="page-title">{escape(title)}</h1><p class="page-note">{escape(subtitle)}</p>')


def footer(*lines: str) -> None:
    """Show the definition and the source that the whole page follows."""
    st.html('<div class="page-foot">' + "".join(f"<p>{escape(line)}</p>" for line in lines) + "</div>")


def card(
    exhibit: Exhibit,
    scene: Scene,
    here: Here,
    evidence: Sequence[str],
    *,
    listed: Sequence[str] = (),
    on_select: Callable[[], None] | None = None,
) -> None:
    """Show one exhibit: title, figure, the rows that `listed` columns name, takeaway, and the way to its evidence."""
    answers = {role: here.ask(name, **given) for role, (name, given) in exhibit.asks(scene).items()}
    found = {role: answer.table for role, answer in answers.items()}
    key = exhibit.name.replace("/", "-")
    with st.container(key=f"card-{key}"):
        card_head(exhibit.title(scene), exhibit.caption(scene))
        if exhibit.draw and not next(iter(found.values())).empty:
            with st.container(key=f"wide-{key}" if exhibit.wide else f"plot-{key}"):
                _plot(exhibit.draw(scene, found), key, exhibit.takeaway(scene, found), on_select)
        if listed:
            people(next(iter(answers.values())), listed, scene.words, exhibit.title(scene))
        with st.container(horizontal=True, vertical_alignment="center", key=f"foot-{key}"):
            takeaway(exhibit.takeaway(scene, found))
            explain(next(iter(answers.values())), here, evidence, key)


def card_head(title: str, caption: str) -> None:
    """Show a card's title and what its figure counts."""
    st.html(f'<h2 class="card-title">{escape(title)} <small>{escape(caption)}</small></h2>')


def takeaway(text: str) -> None:
    """Show the sentence that says what to see."""
    st.html(f'<p class="takeaway">{escape(text)}</p>')


def people(answer: warehouse.Answer, listed: Sequence[str], say: words.Words, caption: str) -> None:
    """List the answer's first rows, scrolling beyond a handful; whoever does not see the page hears `caption`."""
    if answer.table.empty:
        return
    readable = rows.readable(replace(answer, table=answer.table.head(LIST_LONGEST)), say)
    headings = [rows.heading(name, say) for name in listed]
    columns = [tables.Column(heading, heading) for heading in headings]
    st.html(tables.table_html(readable[headings], columns, say=say, caption=caption, rows_high=LIST_ROWS))
    if len(answer.table) > LIST_LONGEST:
        more = say("the first {n} of {all} rows; all of them are in the evidence")
        note = more.format(n=LIST_LONGEST, all=numerals.whole(len(answer.table)))
        st.html(f'<p class="page-note">{escape(note)}</p>')


def explain(answer: warehouse.Answer, here: Here, evidence: Sequence[str], key: str) -> None:
    """Offer the evidence behind a figure: definition, source, build, question, parameters, SQL, rows and a download.

    Rows of people are for those who may see names: a post tells who holds it.
    """
    say = here.words
    opened = st.popover(say("Evidence"), type="tertiary", key=f"explain_{key}", on_change="rerun")
    if not opened.open:
        return
    lines = "".join(f"<p>{escape(line)}</p>" for line in (*evidence, *_facts(answer, say)))
    with opened:
        st.html(f'<div class="evidence">{lines}</div>')
        if here.viewer.names or "person_id" not in answer.table:
            _offer_rows(answer, say, key)
        st.code(answer.query.sql, language="sql", height=240)


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


def _plot(figure: go.Figure, key: str, takeaway: str, on_select: Callable[[], None] | None) -> None:
    st.plotly_chart(
        figure,
        key=f"plot_{key}",
        theme=None,
        config=PLOT,
        alt=takeaway,
        on_select=on_select or "ignore",
        selection_mode="points",
    )


def ledger_of(table: pd.DataFrame, scene: Scene, on_choice: Callable[[], None]) -> None:
    """Show the ledger of targets; a row chosen arrives in st.session_state.ledger.target."""
    data = ledger.rows(table, say=scene.words, selected=str(scene.target["target_id"]))
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
