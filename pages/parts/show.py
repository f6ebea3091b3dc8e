"""Putting things on the screen: cards with their evidence, the two drawn elements, what follows later."""

import datetime as dt
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

import queries
from data import month
from data.store import Store, default_store
from data.trail import TRAIL
from pages.exhibits import Exhibit, S, Scene, Tables, rotation
from pages.parts import (
    answers,
    evidence,
    filters,
    handed,
    ledger,
    look,
    numerals,
    presenter,
    rows,
    signing,
    tables,
    timeline,
    trouble,
    words,
)
from pages.parts.answers import Here
from pages.parts.background import WORKS, State
from pages.parts.charts import Figure, canvas, picture
from pages.parts.evidence import Named
from pages.parts.handed import Hand
from pages.parts.kept import Kept
from pages.parts.literal import literal
from queries import warehouse
from queries.warehouse import Part

CARDS_KEPT = 1024
LATER_SECONDS = 0.5
FOLLOWED_SECONDS = 1.0
LIST_ROWS = 9
LIST_LONGEST = 200
COUNTED, UNBROKEN = re.compile(r"(?<=\d) (?=[一-鿿])|(?<=[一-鿿]) (?=\d)"), "\N{NO-BREAK SPACE}"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PLOT = {"displayModeBar": False, "displaylogo": False, "responsive": True}
_cards: Kept["Drawn"] = Kept(CARDS_KEPT)


def style(here: Here) -> None:
    """Lay the page's style sheet, and tell the browser the page's language."""
    pictures = picture.variables(here.words("Picture of this figure (.png)"))
    st.html(f"<style>{look.stylesheet(here.look)}{pictures}{trouble.of_connection(here.words)}</style>")
    st.html(f"<script>{look.language_script(here.words.language)}</script>", unsafe_allow_javascript=True)


def signed(here: Here, who: signing.Signed) -> None:
    """Show who is signed in and until when, and let them sign out."""
    say = here.words
    opened = st.popover(literal(who.name), type="tertiary", key="signed", on_change="rerun")
    if not opened.open:
        return
    with opened:
        until = f"{dt.datetime.fromtimestamp(who.until).astimezone():%H:%M}"
        note(say("Signed in as {login} until {time}").format(login=who.login, time=until))
        st.button(say("Sign out"), key="sign_out", on_click=signing.sign_out)
        everywhere = {"everywhere": True}
        st.button(say("Sign out everywhere"), key="everywhere", on_click=signing.sign_out, kwargs=everywhere)


def unit_filter(here: Here) -> tuple[str | None, str]:
    """Let the reader walk the tree of units; give the code that is chosen, None for the whole, and its name."""
    names, own = _tree(here, st.query_params.get("unit"))
    unit = filters.choose("unit", here.words("Unit"), names, here.words("Whole city"))
    return unit, own or here.city


def _tree(here: Here, unit: str | None) -> tuple[dict[str, str], str]:
    """Name a unit and those above and right below it; the top of the tree where the code is not known."""
    try:
        return answers.made(here, _walked, {"units": ("roster/units", {"unit": unit})})
    except queries.QueryError:
        return answers.made(here, _walked, {"units": ("roster/units", {})})


def _walked(found: Tables) -> tuple[dict[str, str], str]:
    """Give the names to choose from by code, further in the lower they stand, and that of the unit itself."""
    units = found["units"]
    walked = units[(units["depth"] > 0) | (units["place"] != "self")]
    names = {code: "　" * depth + name for code, depth, name in walked[["unit_id", "depth", "name"]].to_numpy()}
    return names, next(iter(units.loc[units["place"] == "self", "name"]), "")


def heading(title: str, subtitle: str) -> None:
    """Show the page's finding, whose lines part no day and no number from what it counts, and what stands under it."""
    found = DAY.sub(r'<span class="whole">\g<0></span>', escape(COUNTED.sub(UNBROKEN, title)))
    st.html(f'<h1 class="page-title">{found}</h1><p class="page-note">{escape(subtitle)}</p>')


def not_for_role(say: words.Words) -> None:
    """Say that a page is not for whoever is here."""
    heading(say("This page is not among those of your role"), say("whoever keeps the dashboard can change that"))


def note(text: str) -> None:
    """Show a note in small letters."""
    st.html(f'<p class="page-note">{escape(text)}</p>')


def by_whom(here: Here, label: str, key: str, most: int, place: Any = st, **more: Any) -> str:
    """Ask in some place who does something; of whoever signed in that is known, and only shown."""
    known = bool(here.viewer.role)
    if known:
        st.session_state[key] = here.viewer.name
    return str(place.text_input(literal(label), key=key, max_chars=most, disabled=known, **more))


def texts(
    table: pd.DataFrame,
    caption: str,
    say: words.Words,
    *,
    numbers: Sequence[int] = (),
    wraps: Sequence[int] = (),
    total: int | None = None,
    rows_high: int = LIST_ROWS,
) -> None:
    """Show the first rows, of `total`, of a table of texts; columns at some places hold `numbers` or long texts."""
    columns = [tables.Column(name, place in numbers, place in wraps) for place, name in enumerate(table.columns)]
    st.html(tables.table_html(table.head(LIST_LONGEST), columns, caption=caption, rows_high=rows_high))
    every = len(table) if total is None else total
    if every > LIST_LONGEST:
        more = say("the first {n} of {all} rows; all of them are in the file to download")
        note(more.format(n=LIST_LONGEST, all=numerals.whole(every)))


def footer(*lines: str, opens: str | None = None) -> None:
    """Show the definition and the source that the whole page follows; what `opens` a page leads there."""
    written = '<div class="page-foot">' + "".join(f"<p>{escape(line)}</p>" for line in lines) + "</div>"
    if not opens:
        st.html(written)
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"head-foot-{Path(opens).stem}"):
        st.html(written)
        st.page_link(opens, label="›", query_params=st.query_params.to_dict(), help=literal(lines[0]))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card ready to be laid, in one language and one set of colours; `names` are the rows that name people on it."""

    title: str
    caption: str
    takeaway: str
    figure: Figure | None
    listed: str
    names: Named | None = None


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
    seen_names(here, drawn.names)
    if exhibit.chooses and not on_select:
        on_select = filters.from_click(exhibit.key, *exhibit.chooses)
    with st.container(key=f"card-{exhibit.key}"):
        card_head(drawn.title, drawn.caption, exhibit.key, opens=opens)
        if drawn.figure:
            with st.container(key=f"wide-{exhibit.key}" if exhibit.wide else f"plot-{exhibit.key}"):
                named = f"{exhibit.key}-{month.text(scene.as_of)}"
                _plot(drawn.figure, exhibit.key, drawn.takeaway, on_select, picture.settings(named, wide=exhibit.wide))
        if drawn.listed:
            st.html(drawn.listed)
        card_foot(exhibit, scene, here, drawn.takeaway)


def drawn_for(here: Here, exhibit: Exhibit[S], scene: S) -> Drawn:
    """Draw a card once for all who would see the same."""
    return _cards.get((here, exhibit, scene), lambda: _drawn(here, exhibit, scene))


def _drawn(here: Here, exhibit: Exhibit[S], scene: S) -> Drawn:
    first, table, all_rows, found = _asked(here, exhibit, scene)
    listed = exhibit.listed and here.sees(first)
    title, draws = exhibit.title(scene), exhibit.draw if not first.table.empty else None
    figure = draws(scene, canvas.spelt(found)) if draws else None
    if figure:
        as_of = scene.words("as of {day}").format(day=scene.words.month(scene.as_of))
        lines = [exhibit.caption(scene), " · ".join(filter(None, (scene.unit_name, as_of)))]
        figure = picture.titled(figure, title, lines, scene.look)
    shows_names = listed or exhibit in rotation.OF_PEOPLE
    return Drawn(
        title=title,
        caption=exhibit.caption_on_screen(scene),
        takeaway=exhibit.takeaway(scene, found),
        figure=figure,
        listed=_list(replace(first, table=table), all_rows, exhibit, scene) if listed else "",
        names=evidence.named(first, all_rows) if shows_names and here.sees(first) else None,
    )


class _Asked(NamedTuple):
    """An exhibit's own answer, its rows as they are listed, how many there are in all, and the tables it speaks of."""

    first: warehouse.Answer
    listed: pd.DataFrame
    all_rows: int
    found: Tables


def _asked(here: Here, exhibit: Exhibit[S], scene: S) -> _Asked:
    """Ask for what a card shows; whoever has records closed to them is not spared all rows, which these are among."""
    asks = exhibit.asks(scene)
    if exhibit.counted and not here.viewer.closed:
        role, (name, given) = next(iter(asks.items()))
        first = here.ask_for(Part(most=LIST_LONGEST), name, **given)
        counted = here.ask_for(Part(exhibit.counted), name, **given).table
        return _Asked(first, first.table, len(counted), {role: counted})
    first, found = next(iter(answers.of(here, asks).values())), answers.tables_of(here, exhibit, scene)
    return _Asked(first, next(iter(found.values())), len(first.table), found)


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


def follow(told: Callable[[], tuple[float, str] | None]) -> None:
    """Show how far some work is, as a share and in words, until nothing is told any more; then show the page again."""

    @st.fragment(run_every=FOLLOWED_SECONDS)
    def watch() -> None:
        if (now := told()) is None:
            st.rerun()
        st.progress(*now)

    watch()


def work(store: Store, told: Callable[[State], str]) -> None:
    """Follow what is being done to a store, whoever began it, as it is `told`."""

    def now() -> tuple[float, str] | None:
        state = WORKS.state(store)
        if state is None or state.ended:
            return None
        return state.done / state.total if state.total else 0.0, told(state)

    follow(now)


def card_head(title: str, caption: str, key: str, *, opens: str | None = None) -> None:
    """Show a card's title and what its figure counts; a title that `opens` a page leads there with the same filters."""
    written = f'<h2 class="card-title">{escape(title)} <small>{escape(caption)}</small></h2>'
    if not opens:
        st.html(written)
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"head-{key}"):
        st.html(written)
        st.page_link(opens, label="›", query_params=st.query_params.to_dict(), help=literal(title))


def card_foot(exhibit: Exhibit[S], scene: S, here: Here, takeaway: str) -> None:
    """Show the sentence that says what to see, and offer the evidence."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"foot-{exhibit.key}"):
        st.html(f'<p class="takeaway">{escape(takeaway)}</p>')
        explain(exhibit, scene, here)


def _list(answer: warehouse.Answer, all_rows: int, exhibit: Exhibit[S], scene: S) -> str:
    """List the first of `all_rows` with what is derived, scrolling beyond a handful; the title is for the ear.

    Whatever a model adds to the answer's columns is a number.
    """
    say = scene.words
    left_out = f'<p class="page-note">{escape(told)}</p>' if (told := evidence.withheld(answer, say)) else ""
    if not all_rows:
        return left_out
    readable = rows.readable(replace(answer, table=answer.table.head(LIST_LONGEST)), say)
    numbers = {*answer.table.columns} - {column.name for column in answer.query.columns if not rows.is_number(column)}
    columns = [tables.Column(rows.heading(name, say), name in numbers) for name in exhibit.listed]
    shown = tables.table_html(readable, columns, caption=exhibit.title(scene), rows_high=LIST_ROWS)
    return shown + _of_how_many(all_rows, say) + left_out


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
    first = next(iter(answers.of(here, exhibit.asks(scene)).values()))
    behind = exhibit.evidence(scene, answers.tables_of(here, exhibit, scene))
    lines = "".join(f"<p>{escape(line)}</p>" for line in (*behind, *evidence.facts(first, say)))
    with opened:
        st.html(f'<div class="evidence">{lines}</div>')
        if here.sees(first):
            _offer_rows(first, here, exhibit.key)
        st.code(first.query.sql, language="sql", height=240)


def _offer_rows(answer: warehouse.Answer, here: Here, key: str) -> None:
    seen_names(here, evidence.named(answer), whole=True)
    file = f"{answer.query.name.replace('/', '-')}-{answer.build_id}.csv"
    told: dict[str, Any] = {"given": evidence.given(answer), "rows": len(answer.table)}
    written = partial(rows.csv, answer, here.words)
    offer(here, here.words("Download CSV"), written, file, "text/csv", key=f"csv_{key}", **told)
    st.dataframe(rows.readable(answer, here.words), hide_index=True, height=240)


def offer(
    here: Here,
    label: str,
    make: Callable[[], bytes],
    file: str,
    kind: str,
    *,
    key: str,
    hand: Hand = handed.over,
    **more: Any,
) -> None:
    """Offer a file, made when it is asked for and then handed over as `hand` does, which enters who took it.

    `more` is told of it in the audit log.
    """
    store = default_store()
    st.download_button(
        literal(label), lambda: hand(here, store, file, make(), **more), file, kind, key=key, on_click="ignore"
    )


def seen(here: Here, act: str, what: str, **more: Any) -> None:
    """Have it entered in the audit log that somebody saw something: once a session and state, behind the page."""
    known: set[Hashable] = st.session_state.setdefault("entered", set())
    told = act, what, here.build_id, *more.items()
    if told not in known:
        known.add(told)
        TRAIL.enter(default_store(), act, here.viewer.name, what, build=here.build_id, **more)


def seen_names(here: Here, names: Named | None, **more: Any) -> None:
    """Have it entered where rows are shown that name people."""
    if names:
        seen(here, handed.LISTED, names.question, given=names.given, rows=names.rows, **more)


def log_refusal() -> None:
    """Say so where the audit log takes no entries: nothing can be downloaded then, and what is seen waits for it."""
    if error := TRAIL.refused(default_store()):
        st.error(literal(str(error)))


def _plot(
    figure: Figure, key: str, takeaway: str, on_select: Callable[[], None] | None, settings: Mapping[str, Any]
) -> None:
    st.plotly_chart(
        figure,
        key=f"plot_{key}",
        theme=None,
        config=dict(settings),
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


def presenter_of(
    data: Mapping[str, Any], *, on_at: Callable[[], None], on_lang: Callable[[], None], on_theme: Callable[[], None]
) -> Any:
    """Lay the presenter; give what it says: `leave` where it is left, `size` of the window once that is known."""
    on = {"on_at_change": on_at, "on_lang_change": on_lang, "on_theme_change": on_theme}
    on |= {f"on_{name}_change": lambda: None for name in ("size", "leave")}
    return _element(presenter.NAME, presenter.HTML, presenter.CSS, presenter.JS, data, on)


def plot_for_room(figure: Figure, key: str, finding: str) -> None:
    """Show a figure as high as its place is."""
    st.plotly_chart(figure, key=f"plot_{key}", theme=None, config=PLOT, alt=finding, height="stretch")


def _element(name: str, html: str, css: str, js: str, data: Mapping[str, Any], on: Mapping[str, Any]) -> Any:
    return st.components.v2.component(name, html=html, css=css, js=js)(data=data, key=name, **on)
