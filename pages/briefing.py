"""Briefings: figures chosen from a template or one by one, seen as they will be printed, made into files, endorsed."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data import endorsed, month
from data.endorsed import Endorsed, EndorsedError
from data.keeping import WriteError
from data.store import default_store
from pages.parts import (
    answers,
    briefing,
    changes,
    choices,
    chosen,
    endorsing,
    filters,
    handed,
    look,
    numerals,
    printed,
    recipients,
    show,
    stage,
    tables,
    words,
)
from pages.parts.answers import Here
from pages.parts.briefing import BriefingError, Item, Template
from pages.parts.handed import Hand
from pages.parts.literal import literal
from pages.parts.press import PRESS, Order, State
from pages.parts.scenes import NothingToShowError, Scenes
from pages.parts.tables import Column

POLL_SECONDS = 0.5
FILTER_WIDE = 280
ROWS_HIGH, MOST_CHANGES = 14, 200
KINDS = {
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html",
    ".pdf": "application/pdf",
}


SLOWER = tuple(ending for ending in printed.at_hand() if ending not in printed.OWN)

here = answers.here()
say = here.words
store = default_store()
known = chosen.figures(say)
labels = choices.labels(say)


# --- what is chosen ---


def all_templates() -> dict[str, Template]:
    """Every template; where one of those made here cannot be read, it is named and the shipped ones stay."""
    try:
        return chosen.templates(store)
    except BriefingError as error:
        st.error(literal(str(error)))
        return briefing.templates()


def begin_anew() -> None:
    """Begin anew with another template."""
    name = st.session_state["choose_template"]
    filters.keep("template", name)
    for each in ("show", "since"):
        filters.keep(each, None)


def choose_template() -> Template:
    """Let a template be chosen, or none."""
    options = {name: say.pick(each.title_en, each.title_zh) for name, each in templates.items()}
    options[chosen.NONE] = say("None: choose figures")
    name = filters.code("template", list(options)) or next(iter(options))
    st.session_state["choose_template"] = name
    st.selectbox(
        say("Template"), list(options), key="choose_template", format_func=options.__getitem__, on_change=begin_anew
    )
    return templates.get(name) or Template(chosen.NONE, "Briefing", "汇报材料", [])


def choose_month() -> int:
    """Let the month be chosen that a briefing is of; give it (YYYYMM)."""
    months = choices.months(here)
    others = {month.text(at): named for at, named in months.items() if at != here.data_month}
    filters.choose("month", say("As of"), others, say("{month} (data)").format(month=say.month(here.data_month)))
    return filters.month_in_address("month", here.data_month, min(months), max(months))


def choose_reader() -> tuple[Here, str]:
    """Let it be chosen for whom and in which language a briefing is rendered; say whom."""
    usual, asked = say("All that I see"), st.query_params.get("as")
    viewers = recipients.offered(here, [each for each in (unit, asked) if each])
    if asked and asked not in viewers:
        filters.keep("as", recipients.NAMELESS)
    named = {
        code: say("Without names")
        if code == recipients.NAMELESS
        else say("{unit} alone, without names").format(unit=unit_named(code))
        for code in viewers
        if code != recipients.OWN
    }
    code = filters.choose("as", say("As seen by"), named, usual) or recipients.OWN
    languages = {code: name for code, name in words.LANGUAGES.items() if code != say.language}
    spoken = filters.choose("in", say("Language of the briefing"), languages, words.LANGUAGES[say.language])
    seen = replace(here, viewer=viewers[code], words=words.of(spoken or say.language), look=look.LIGHT)
    return seen, named.get(code, usual)


def choose_last() -> str | None:
    """Let the endorsed briefing be chosen that changes are told from; give its number, None where there is none."""
    before = {each.id: f"{each.id} · {each.title} · {say.month(each.as_of)}" for each in comparable}
    latest = recipients.last(comparable, template.name)
    usual = say("The last of this template") if latest else say("None yet")
    return filters.choose("since", say("Changes since"), before, usual) or (latest.id if latest else None)


def put(items: Sequence[Item]) -> None:
    """Show these figures from now on."""
    code = chosen.in_address(items)
    filters.keep("show", None if code == chosen.in_address(template.items) else code)


def move(at: int, by: int) -> None:
    """Move a figure up or down."""
    items = list(own_items)
    items.insert(max(0, at + by), items.pop(at))
    put(items)


def take_out(at: int) -> None:
    """Leave a figure out."""
    put([item for place, item in enumerate(own_items) if place != at])


def add() -> None:
    """Show one more figure, at the end."""
    name = st.session_state["add_figure"]
    if name is not None:
        put([*own_items, Item(name, {}, may_lack=True)])
    st.session_state["add_figure"] = None


def set_filter(at: int, name: str, key: str) -> None:
    """Filter a figure by a code, or no more."""
    value = st.session_state[key]
    item = own_items[at]
    rest = {each: code for each, code in item.filters.items() if each != name}
    given = rest if value == filters.ALL else {**rest, name: value}
    put([replace(item, filters=given) if place == at else each for place, each in enumerate(own_items)])


def set_lack(at: int, key: str) -> None:
    """Say whether the briefing may be printed without a figure that has nothing to show."""
    lacks = bool(st.session_state[key])
    put([replace(item, may_lack=lacks) if place == at else item for place, item in enumerate(own_items)])


def keys_of(items: Sequence[Item]) -> list[str]:
    """A key for every figure that it keeps wherever it is moved."""
    seen: dict[str, itertools.count[int]] = {}
    return [
        f"{item.exhibit.replace('/', '-')}-{next(seen.setdefault(item.exhibit, itertools.count()))}" for item in items
    ]


# --- a figure ---


def summary(item: Item) -> str:
    """Name a figure and what it is filtered by."""
    shown = known[item.exhibit]
    given = [
        f"{labels.get(name, name)} {choices.name_of(reader, name, code, item.exhibit, item.filters, as_of)}"
        for name, code in item.filters.items()
        if name in labels
    ]
    return say(" · ").join([f"{shown.topic}{say.pick(': ', '：')}{shown.name}", *given])


def preview(item: Item, key: str) -> None:
    """Show a figure as it will be printed: finding, figure or list, caption and what stands behind it."""
    try:
        leaf = stage.leaf_of(item, Scenes(reader, as_of))
    except NothingToShowError as why:
        without = say("It is left out of the briefing: {why}") if item.may_lack else say("It stops the briefing: {why}")
        st.warning(literal(without.format(why=why)))
        return
    if leaf is None:
        note(say("This list of people is not shown to a reader without names."))
        return
    show.seen_names(here, leaf.named, rendered_for=reader.viewer.name)
    with st.container(key=f"paper-{key}"):
        caption = " · ".join(filter(None, (leaf.title, leaf.caption)))
        st.html(f'<h3 class="paper-title">{escape(leaf.finding)}</h3><p class="page-note">{escape(caption)}</p>')
        if leaf.figure is not None:
            with st.container(key=f"wide-{key}"):
                st.plotly_chart(leaf.figure, key=f"plot_{key}", theme=None, config=show.PLOT, alt=leaf.finding)
        elif leaf.listing is not None:
            listing = leaf.listing
            columns = [Column(head, head in listing.numbers) for head in listing.headings]
            rows = pd.DataFrame(listing.rows, columns=list(listing.headings))
            st.html(tables.table_html(rows, columns, caption=leaf.title))
            if len(listing.rows) < listing.all_rows:
                more = say("the first {n} of {all} rows; all of them are in the workbook")
                note(more.format(n=len(listing.rows), all=numerals.whole(listing.all_rows)))
        st.html(f'<p class="page-note paper-foot">{escape(say(" · ").join(leaf.behind))}</p>')


def note(text: str) -> None:
    """Show a line in small type."""
    st.html(f'<p class="page-note">{escape(text)}</p>')


def filter_of(at: int, name: str, item: Item, key: str) -> None:
    """Let a figure be filtered by one thing."""
    options = {filters.ALL: say("As usual"), **choices.of(reader, name, item.exhibit, item.filters, as_of)}
    widget = f"filter_{key}_{name}"
    st.session_state[widget] = item.filters.get(name, filters.ALL)
    st.selectbox(
        literal(labels[name]),
        list(options),
        key=widget,
        format_func=options.__getitem__,
        on_change=set_filter,
        args=(at, name, widget),
        width=FILTER_WIDE,
    )


def figure_row(at: int, item: Item, key: str) -> None:
    """Show one figure of the briefing: its name, the ways to move it, and unfolded its filters and itself."""
    with st.container(horizontal=True, vertical_alignment="top", key=f"figure-{key}"):
        opened = st.expander(
            literal(f"{at + 1}　{summary(item)}"), on_change="rerun", key=f"fold_{key}", expanded=at == 0
        )
        with opened:
            if opened.open:
                with st.container(horizontal=True, vertical_alignment="bottom", key=f"bar-{key}"):
                    for name in known[item.exhibit].filters:
                        filter_of(at, name, item, key)
                    lack = f"lack_{key}"
                    st.session_state[lack] = item.may_lack
                    st.checkbox(say("may be left out"), key=lack, on_change=set_lack, args=(at, lack))
                preview(chosen.of_unit([item], unit, known)[0], key)
        buttons = (
            ("up", "↑", say("Up"), at == 0, partial(move, at, -1)),
            ("down", "↓", say("Down"), at == len(own_items) - 1, partial(move, at, 1)),
            ("out", "✕", say("Leave out"), False, partial(take_out, at)),
        )
        for name, sign, told, off, act in buttons:
            st.button(
                literal(sign), key=f"{name}_{key}", help=literal(told), type="tertiary", disabled=off, on_click=act
            )


def figures_card() -> None:
    """Show the figures in order, and offer more."""
    with st.container(key="card-briefing-figures"):
        show.card_head(
            say("Figures"), say("in the order of the pages; unfolded as they will be printed"), "briefing-figures"
        )
        if not own_items:
            note(say("Choose a template above, or figures one by one below."))
        for at, (item, key) in enumerate(zip(own_items, keys_of(own_items), strict=True)):
            figure_row(at, item, key)
        st.selectbox(
            say("Add a figure"),
            list(known),
            index=None,
            key="add_figure",
            format_func=lambda name: f"{known[name].topic}{say.pick(': ', '：')}{known[name].name}",
            placeholder=say("choose one"),
            on_change=add,
        )


# --- the files ---


def file_name(title: str, ending: str) -> str:
    """A name for a file that leaves the page."""
    return f"{title}-{month.text(as_of)}{ending}"


def downloads(
    title: str, files: Mapping[str, Callable[[], bytes]], key: str, hand: Hand = handed.over, **more: Any
) -> None:
    """Offer files, by their endings; how each is handed over, and what `more` is entered of it."""
    names = {".pptx": say("Slides"), ".xlsx": say("Workbook"), ".html": say("Web page"), ".pdf": "PDF"}
    for ending, content in files.items():
        show.offer(
            here,
            f"{names.get(ending, ending)} ({ending})",
            content,
            file_name(title, ending),
            KINDS.get(ending, "application/octet-stream"),
            key=f"file_{key}_{ending}",
            hand=hand,
            **more,
        )


def offer_printed(state: State, key: str) -> None:
    """Offer what was printed."""
    made = state.result.briefing
    files = {ending: partial(bytes, content) for ending, content in state.result.files.items()}
    told: dict[str, Any] = {
        "template": template.name,
        "rendered_for": reader.viewer.name,
        "names": briefing.named(made),
    }
    downloads(made.title, files, key, **told)


@st.fragment(run_every=POLL_SECONDS)
def watch(key: Any, told: str) -> None:
    """Follow some work of the press; the page is drawn anew once it is done."""
    state = PRESS.state(key)
    if state is None or state.ended:
        st.rerun()
    st.progress(min(1.0, state.done / state.total) if state.total else 0.0, literal(told))


def files_card(order: Order, state: State | None) -> None:
    """Make the files in the background, offer them, and let them be endorsed or the choice be kept as a template."""
    with st.container(key="card-briefing-files"):
        show.card_head(say("Files"), say("printed as the reader above sees everything"), "briefing-files")
        with st.container(horizontal=True, vertical_alignment="center", key="bar-files"):
            running = state is not None and not state.ended
            done = state is not None and state.ended and not state.error
            st.button(
                say("Make the files"),
                key="make",
                type="secondary" if done else "primary",
                disabled=running or not own_items,
                on_click=PRESS.print,
                args=(order,),
            )
            tell_changes()
            if done and state:
                offer_printed(state, "now")
                slower_files(order)
                if here.may("endorse"):
                    endorse_form(order, state)
            if here.may("plan"):
                template_form()
            if own_items:
                st.page_link("present.py", label=say("Present"), query_params=presented())
        if state is None:
            note(say("The files take a few seconds; the page can be used meanwhile."))
        elif running:
            watch(order, say("The briefing is being printed"))
        elif state.error:
            st.error(literal(sentence(state.error)))
        else:
            follow_slower(order)
            printed_so(state)


def sentence(error: Exception) -> str:
    """Say what went wrong, in the reader's language where it is told in both; a figure is called by its name."""
    if isinstance(error, EndorsedError | WriteError):
        return say.pick(error.en, error.zh)
    written = str(error) or type(error).__name__
    code, _, rest = written.partition(" ")
    return f"“{known[code].name}” {rest}" if code in known else written


def slower_files(order: Order) -> None:
    """Offer what takes longer to print: made when it is asked for."""
    for ending in SLOWER:
        state = PRESS.state((order, ending))
        if state and state.ended and not state.error:
            offer_printed(state, "slower")
            continue
        label = say("Make {ending}").format(ending=ending.removeprefix(".").upper())
        running = state is not None and not state.ended
        st.button(
            literal(label), key=f"make_{ending[1:]}", disabled=running, on_click=PRESS.print_as, args=(order, ending)
        )


def follow_slower(order: Order) -> None:
    """Show how far the slower files are, or why one cannot be made."""
    for ending in SLOWER:
        state = PRESS.state((order, ending))
        if state and not state.ended:
            watch((order, ending), say("The briefing is being printed"))
        elif state and state.error:
            st.error(literal(sentence(state.error)))


def presented() -> dict[str, str]:
    """The address of the presentation of what stands on this page."""
    return st.query_params.to_dict() | {"page": "briefing", "template": template.name, "as_of": month.text(as_of)}


def tell_changes() -> None:
    """Let the changes since an endorsed briefing stand on the first page."""
    if compared_with:
        st.session_state["tell_changes"] = bool(since)
        st.checkbox(say("Begin with what changed"), key="tell_changes", on_change=keep_telling)


def keep_telling() -> None:
    """Keep in the address whether a briefing begins with what changed."""
    filters.keep("told", "first" if st.session_state["tell_changes"] else None)


def printed_so(state: State) -> None:
    """Say what was printed, and what was left out and why."""
    made = state.result.briefing
    told = say.count(
        "{n} figure of build {build}", "{n} figures of build {build}", len(made.leaves), build=order.here.build_id
    )
    st.html(f'<p class="takeaway">{escape(told)}</p>')
    for each in made.left_out:
        name, _, why = each.partition(": ")
        note(say("Left out: {name}. {why}").format(name=known[name].name if name in known else name, why=why))
    hidden = [known[item.exhibit].name for item in own_items if briefing.EXHIBITS[item.exhibit] in briefing.OF_PEOPLE]
    if hidden and not made.here.viewer.names:
        note(say("Not shown to a reader without names: {names}.").format(names=say.pick(", ", "、").join(hidden)))


def endorse_form(order: Order, state: State) -> None:
    """Let what was printed be endorsed."""
    with st.popover(say("Endorse it"), key="endorse_form"):
        note(say("Kept unchanged, with its build; nobody can overwrite it."))
        show.by_whom(here, say("Endorsed by"), "endorse_who", endorsed.LONGEST)
        st.button(say("Endorse this briefing"), key="endorse", type="primary", on_click=endorse, args=(order, state))


def endorse(order: Order, state: State) -> None:
    """Keep what was printed as endorsed; the page goes on telling the changes from the same one as before."""

    def work() -> str:
        number = endorsing.endorse(order, state.result, here.doer(st.session_state["endorse_who"])).id
        st.session_state["picked"] = number
        if order.since:
            filters.keep("since", order.since)
        return number

    attempt(work, say("Endorsed as {it}."))


def template_form() -> None:
    """Let the figures be kept as a template, and one that was made here be taken away."""
    with st.popover(say("Save as a template"), key="template_form"):
        st.text_input(say("Name"), key="template_name", max_chars=chosen.LONGEST)
        st.button(say("Save"), key="save_template", type="primary", on_click=save_template)
        if template.name in templates and template.name not in briefing.templates():
            remove = say("Remove {name}").format(name=template.name)
            st.button(literal(remove), key="remove_template", on_click=remove_template)


def save_template() -> None:
    """Keep the figures as a template, and go on from it."""

    def work() -> str:
        made = chosen.save(store, st.session_state["template_name"], own_items, say, here.viewer.name)
        filters.keep("template", made.name)
        filters.keep("show", None)
        return made.name

    attempt(work, say("Template {it} is kept."))


def remove_template() -> None:
    """Take a template away; its figures stay on the page."""

    def work() -> str:
        chosen.remove(store, template.name, here.viewer.name)
        filters.keep("template", chosen.NONE)
        filters.keep("show", chosen.in_address(own_items))
        return template.name

    attempt(work, say("Template {it} is removed."))


def attempt(work: Callable[[], str], told: str) -> None:
    """Do something to the store; what came of it, or why nothing did, is said at the top."""
    try:
        st.session_state["briefing_said"] = (True, told.format(it=work()))
    except (EndorsedError, BriefingError, OSError) as error:
        st.session_state["briefing_said"] = (False, sentence(error))


def said() -> None:
    """Say what came of what was done last."""
    if "briefing_said" in st.session_state:
        well, told = st.session_state.pop("briefing_said")
        (st.success if well else st.error)(literal(told))


# --- endorsed ones ---


def endorsed_card(records: Sequence[Endorsed]) -> None:
    """List what was endorsed, and offer one of them: its files, rendering it again, withdrawing it."""
    with st.container(key="card-briefing-endorsed"):
        show.card_head(say("Endorsed briefings"), say("kept unchanged; the latest first"), "briefing-endorsed")
        if not records:
            note(say("None is endorsed yet that this reader may see."))
            return
        heads = [say("No."), say("Title"), say("As of"), say("Language"), say("Rendered for"), say("Build"),
                 say("Endorsed by"), say("When"), say("State")]  # fmt: skip
        lines = [
            [each.id, each.title, say.month(each.as_of), words.LANGUAGES[each.language], for_whom(each), each.build,
             each.who, numerals.moment(each.endorsed), state_of(each)]
            for each in records
        ]  # fmt: skip
        table = pd.DataFrame(lines, columns=heads)
        st.html(tables.table_html(table, [Column(head) for head in heads], caption=heads[1], rows_high=ROWS_HIGH))
        named = {each.id: f"{each.id} · {each.title} · {say.month(each.as_of)}" for each in records}
        with st.container(horizontal=True, vertical_alignment="bottom", key="bar-endorsed"):
            picked = st.selectbox(say("Briefing"), list(named), key="picked", format_func=named.__getitem__)
            record = next(each for each in records if each.id == picked)
            endorsed_files(record)
            withdraw_form(record)
        rendered(record)


def unit_named(unit: str) -> str:
    """Name a unit of this build, by its code where it is no more."""
    return choices.units(here, unit).get(unit, unit).strip("\N{IDEOGRAPHIC SPACE}")


def for_whom(record: Endorsed) -> str:
    """Say with whose rights a briefing was rendered."""
    names = say("with names") if record.names else say("without names")
    if recipients.sees_all(record.units):
        return say("every unit, {names}").format(names=names)
    known_as = (unit_named(unit) for unit in record.units)
    return say("{units}, {names}").format(units=say.pick(", ", "、").join(known_as), names=names)


def state_of(record: Endorsed) -> str:
    """Say whether a briefing stands."""
    if record.withdrawn is None:
        return say("stands")
    told = say("withdrawn {day} by {who}").format(day=numerals.moment(record.withdrawn), who=record.withdrawn_by)
    return say.pick(": ", "：").join(filter(None, (told, record.reason)))


def endorsed_files(record: Endorsed) -> None:
    """Offer the files of an endorsed briefing, read when they are asked for."""
    files = {
        f".{name.rpartition('.')[2]}": partial(endorsed.content, store, record, name)
        for name in record.files
        if name != changes.FIGURES
    }
    downloads(
        record.title, files, record.id, handed.as_it_is, endorsed=record.id, build=record.build, names=record.names
    )
    again = partial(endorsing.again, store, record.id)
    st.button(say("Render again and compare"), key="again", on_click=PRESS.begin, args=((store, record.id), again))


def rendered(record: Endorsed) -> None:
    """Say what came of rendering a briefing again."""
    state = PRESS.state((store, record.id))
    if state is None:
        return
    show.seen(here, handed.RENDERED, f"briefing {record.id}")
    if not state.ended:
        watch((store, record.id), say("The briefing is being rendered again"))
    elif state.error:
        st.error(literal(sentence(state.error)))
    elif state.result.same:
        st.success(literal(say("{id} is rendered the same, bit for bit.").format(id=record.id)))
    else:
        told = say("{id} is rendered otherwise: {files}.").format(id=record.id, files=", ".join(state.result.files))
        if not state.result.same_version:
            told += " " + say("Another version of the program rendered it then.")
        if not state.result.same_test:
            told += " " + say("The back-test of the build has been made since, and widens what is told of the outlook.")
        if state.result.figures:
            told += " " + say("Other numbers: {names}.").format(names=say.pick(", ", "、").join(state.result.figures))
        st.warning(literal(told))


def withdraw_form(record: Endorsed) -> None:
    """Let a briefing be marked as withdrawn."""
    if record.withdrawn or not here.may("endorse"):
        return
    with st.popover(say("Take back"), key="withdraw_form"):
        note(say("It stays, with a mark of who withdrew it and when."))
        show.by_whom(here, say("Withdrawn by"), "withdraw_who", endorsed.LONGEST)
        st.text_input(say("Reason"), key="withdraw_reason", max_chars=endorsed.LONGEST)
        st.button(say("Withdraw this briefing"), key="withdraw", on_click=withdraw, args=(record,))


def withdraw(record: Endorsed) -> None:
    """Mark a briefing as withdrawn."""

    def work() -> str:
        who, reason = here.doer(st.session_state["withdraw_who"]), st.session_state["withdraw_reason"]
        endorsed.withdraw(store, record.id, who=who, reason=reason)
        return record.id

    attempt(work, say("{it} is marked as withdrawn."))


# --- what changed ---


def changes_card(records: Sequence[Endorsed], state: State | None) -> None:
    """Show what changed since an endorsed briefing, once the present one has been printed."""
    with st.container(key="card-briefing-changes"):
        show.card_head(
            say("What changed since the last briefing"), say("row by row; statuses first"), "briefing-changes"
        )
        before = next((each for each in records if each.id == compared_with), None)
        if before is None:
            note(say("No briefing of this template is endorsed yet to compare with."))
            return
        if state is None or not state.ended or state.error:
            note(say("It is compared with {id} once the files are made.").format(id=before.id))
            return
        try:
            told = changes.since(store, before.id, state.result.briefing)
        except EndorsedError as error:
            st.error(literal(say.pick(error.en, error.zh)))
            return
        against = say("against {id} as of {month}, endorsed {day}: {tally}").format(
            id=before.id,
            month=say.month(before.as_of),
            day=numerals.moment(before.endorsed),
            tally=changes.tally(told, say),
        )
        st.html(f'<p class="takeaway">{escape(against)}</p>')
        shown = [each for each in told if each.changes or each.before not in (None, each.figure.finding)]
        for place, each in enumerate(shown):
            changed(each, place)
        fresh = [each.figure.title for each in told if each.before is None]
        if fresh:
            note(say("Not shown in the last briefing: {names}").format(names=say.pick(", ", "、").join(fresh)))


def changed(each: changes.Compared, place: int) -> None:
    """Show what changed in one figure, once it is unfolded."""
    label = f"{each.figure.title}　{changes.tally([each], say)}"
    with st.expander(
        literal(label), on_change="rerun", key=f"changed_{place}_{each.figure.exhibit}", expanded=place == 0
    ) as opened:
        if not opened.open:
            return
        if each.apart:
            note(say("It shows something else now, so its rows are not compared."))
        if each.before != each.figure.finding:
            note(f"{each.before} → {each.figure.finding}")
        if each.changes:
            heads = changes.headings(say)[1:]
            lines = [changes.cells(change, say)[1:] for change in each.changes[:MOST_CHANGES]]
            columns = [Column(head, place > 1) for place, head in enumerate(heads)]
            table = pd.DataFrame(lines, columns=heads)
            st.html(tables.table_html(table, columns, caption=each.figure.title, rows_high=ROWS_HIGH))


def visible() -> list[Endorsed]:
    """The endorsed briefings that the reader may see; where a record is damaged, it is named and none is shown."""
    try:
        return recipients.visible(store, here)
    except EndorsedError as error:
        st.error(literal(str(error)))
        return []


# --- the page ---

st.html(f"<style>{look.css_variables(look.LIGHT, '[class*=st-key-paper-]')}</style>")
head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
templates = all_templates()
with bar:
    template = choose_template()
    as_of = choose_month()
    unit, unit_name = show.unit_filter(here)
    reader, whom = choose_reader()
written = st.query_params.get("show")
own_items = list(template.items) if written is None else chosen.from_address(written)
records = visible()
comparable = [each for each in records if recipients.may_see(reader, each)]
with bar:
    compared_with = choose_last()
since = compared_with if compared_with and st.query_params.get("told") == "first" else ""
shows = chosen.text(replace(template, items=chosen.of_unit(own_items, unit, known)))
order = Order(store, reader, template.name, shows, as_of, since)
state = PRESS.state(order)

with head:
    title = say.pick(template.title_en, template.title_zh)
    counted = say.count("{n} figure", "{n} figures", len(own_items))
    under = say(" · ").join([say("as of {day}").format(day=say.month(as_of)), unit_name, whom])
    show.heading(say("{title}: {figures}").format(title=title, figures=counted), under)
    said()
files_card(order, state)
figures_card()
parts = {"endorsed": say("Endorsed briefings"), "changes": say("Beside the last one")}
match filters.part("more", say("More"), parts):
    case "endorsed":
        endorsed_card(records)
    case "changes":
        changes_card(comparable, state)
show.footer(
    say("A briefing is rendered with the rights of whoever it is for: who may not see names gets a file without them."),
    say("Slides are native and can be edited; the workbook holds every row behind them."),
)
