"""Rules and targets: a table of them changed from a month on, what that does to every status, and who changed what."""

import dataclasses
import json
import time
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

import queries
from data import amendments, contract, history, keeping, month, policy, spreadsheet
from data.amendments import Amendment, AmendmentError
from data.contract import Column
from data.store import default_store
from pages.exhibits import settings as exhibits
from pages.parts import answers, background, filters, handed, numerals, rules, sheets, show, tables
from pages.parts.background import WORKS
from pages.parts.literal import literal
from queries import building, warehouse

# Months before and after that of the data from which on a change can hold.
BACK, AHEAD = 120, 72
WAIT_SECONDS = 2.0
WORDS = ("reason", "document", "clause", "who")
HISTORY_ROWS, ROWS_HIGH = 12, 9
ROWS_WHOLE, HIGHEST = 14, 560
NONE = 0

here = answers.here()
say = here.words
store = default_store()
LABELS = {
    "reason": say("Reason for the change"),
    "document": say("Document"),
    "clause": say("Clause"),
    "who": say("Entered by"),
}
# A rule holds for every unit: whoever sees but some changes none.
may_change = here.may("amend") and here.viewer.sees_whole


def changeable(name: str) -> bool:
    """Whether this reader may change a table here: who sees and may do what is changed at the command line only."""
    return may_change and name not in policy.OF_ACCESS


def flaws_of(error: AmendmentError) -> str:
    """What is wrong, in the reader's language, a line each."""
    return "\n\n".join(" ".join(filter(None, (flaw.record, say.pick(flaw.en, flaw.zh)))) for flaw in error.flaws)


def column_config(column: Column, width: int | None, *, pinned: bool) -> Any:
    """How a column of the contract is edited: what it may hold, and its name in the other language."""
    label = rules.heading(column, say)
    needed = column.required
    shown: dict[str, Any] = {"help": rules.explained(column, say), "width": width, "pinned": pinned}
    named = {choice.key: say.pick(choice.en, choice.zh) for choice in column.choices}

    def named_as(code: Any) -> str:
        return named.get(str(code), str(code))

    match column.type:
        case "choice":
            return st.column_config.SelectboxColumn(
                label, options=list(named), format_func=named_as, required=needed, **shown
            )
        case "choices":
            return st.column_config.MultiselectColumn(label, options=list(named), format_func=named_as, **shown)
        case "integer":
            return st.column_config.NumberColumn(
                label, min_value=column.min, max_value=column.max, step=1, required=needed, **shown
            )
        case "decimal":
            return st.column_config.NumberColumn(
                label, min_value=column.min, max_value=column.max, required=needed, **shown
            )
    given_later = column.name in rules.GIVEN_LATER
    side: Any = "right" if column.type in rules.FIGURES else "left"
    return st.column_config.TextColumn(
        label, disabled=given_later, required=needed and not given_later, alignment=side, **shown
    )


def edited_rows(name: str, held: list[dict[str, str]], key: str) -> list[dict[str, str]]:
    """Show the rows in force to be edited; give them as they then read."""
    order, widths = rules.order(name, say), rules.widths(name, held, say)
    cells = rules.frame(name, held)[order]
    config = {
        column.name: column_config(column, widths.get(column.name), pinned=column.name == order[0])
        for column in contract.load(name).columns
    }
    if not changeable(name):
        st.dataframe(cells, hide_index=True, column_config=config, placeholder="")
        return held
    edited = st.data_editor(
        cells,
        height=HIGHEST if len(held) > ROWS_WHOLE else "content",
        hide_index=True,
        column_config=config,
        num_rows="dynamic",
        key=key,
        placeholder="",
    )
    return rules.rows(name, edited)


def draft_of(name: str, begins: int | None, held: list[dict[str, str]], edited: list[dict[str, str]]) -> Amendment:
    """The change that the edited rows ask for, in the words that were given for it."""
    told = {field: st.session_state.get(f"amend_{field}", "") for field in WORDS}
    told["who"] = here.doer(told["who"])
    source = {"document": told["document"], "clause": told["clause"], "confirmed": amendments.TO_CONFIRM}
    return Amendment(
        table=name,
        begins=begins,
        changes=amendments.differences(name, held, edited, begins, source),
        written=keeping.now(),
        **told,
    )


def known_by(draft: Amendment) -> str:
    """What makes a draft another one: its rows and its month, not its words."""
    changes = [dataclasses.asdict(change) for change in draft.changes]
    for change in changes:
        for row in filter(None, change.values()):
            for column in rules.GIVEN_LATER:
                row.pop(column, None)
    return json.dumps([draft.table, draft.begins, draft.withdraws, changes], ensure_ascii=False)


def try_out(draft: Amendment) -> None:
    """Build what the change would make in a file of its own, with its progress; say so where it cannot stand."""
    st.session_state.pop("tried", None)
    bar = st.progress(0.0, say("The rules are checked"))
    steps = len(queries.built())
    done: list[str] = []

    def progress(relation: str) -> None:
        done.append(relation)
        bar.progress(
            min(1.0, len(done) / steps), literal(say("Everything is counted again: {name}").format(name=relation))
        )

    try:
        path = building.preview(store, amendments.rules_with(store, draft), progress)
    except AmendmentError as error:
        st.error(literal(flaws_of(error)))
    except warehouse.WarehouseError as error:
        st.error(literal(say("It could not be tried out, and nothing was changed: {error}").format(error=error)))
    else:
        st.session_state["tried"] = (known_by(draft), str(path))
    bar.empty()


def asked_at(at: int) -> dict[str, Any]:
    """What the questions of before and after are asked with."""
    return {"as_of": at, "since": month.add(at, -12), "until": month.add(at, 12), "min_group": answers.min_group(here)}


def year_of(now: answers.Here, question: str) -> int:
    """The year that a question is asked of: the last one assessed, or that of the data."""
    known = now.ask("assessment/groups").table["year"].tolist() if question.startswith("assessment/") else []
    return int(max(known, default=now.data_month // 100))


def compared(
    now: answers.Here, tried: answers.Here, at: int, table: str
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """What differs of the questions behind which a table of rules stands, one by one, and the statuses side by side."""
    known, names = asked_at(at), rules.codes_named(amendments.tables(store), say)
    differ: dict[str, pd.DataFrame] = {}
    told: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}
    for asked in exhibits.asked_of(table):
        given = exhibits.takes(asked.name, {**known, "year": year_of(now, asked.name)})
        one, other = now.ask(asked.name, **given), tried.ask(asked.name, **given)
        told[asked.name] = one.table, other.table
        lines = exhibits.differing(asked, one, other, names, say)
        if len(lines):
            differ[asked.name] = lines
    return differ, exhibits.tally(told, say)


def effect(draft: Amendment, path: Path) -> None:
    """Show what a change does: the statuses side by side, and below them only what differs."""
    show.seen(here, handed.PREVIEWED, draft.table, since=str(draft.begins or ""))
    counted = building.due(store)
    if not counted.exists():
        st.warning(say("What the change does is shown once the rules in force have been counted."))
        return
    now, tried = (answers.through(here, build) for build in (counted, path))
    last = int(now.ask("roster/term_changes").table["month"].max())
    at = min(max(now.data_month, draft.begins or 0), last)
    differ, moved = compared(now, tried, at, draft.table)
    with st.container(key="card-settings-effect"):
        caption = say("every question asked of the rules in force and of the changed ones, as of {month}")
        show.card_head(say("What the change does"), caption.format(month=say.month(at)), "settings-effect")
        st.html(f'<p class="takeaway">{escape(exhibits.takeaway(differ, moved, say))}</p>')
        told = {say("Statuses before and after"): moved} if len(moved) else {}
        told |= {say(queries.load(name).asks): lines for name, lines in differ.items()}
        for place, (about, lines) in enumerate(told.items()):
            if place % 2 == 0:
                sides = st.columns(2)
            with sides[place % 2]:
                st.html(f'<p class="page-note"><strong>{escape(about)}</strong></p>')
                laid(lines, about, rows_high=ROWS_HIGH)


def laid(table: pd.DataFrame, caption: str, rows_high: int | None = None) -> None:
    """Lay a table of texts and numbers out; a column of nothing but figures is one of numbers."""
    cells = table.map(str)
    columns = [tables.Column(str(name), numerals.are_figures(cells[name])) for name in table.columns]
    st.html(tables.table_html(cells, columns, caption=caption, rows_high=rows_high))


def keep(draft: Amendment) -> None:
    """Keep the change and build by it, while others go on reading what stands."""
    try:
        kept = amendments.record(store, draft)
    except AmendmentError as error:
        st.session_state["settled"] = (False, flaws_of(error))
        return
    st.session_state["edition"] = st.session_state.get("edition", 0) + 1
    st.session_state.pop("tried", None)
    st.session_state["settled"] = (True, say("Change {n} is kept.").format(n=kept.number))
    count_again(draft.who)


def count_again(who: str) -> None:
    """Build by the rules in force while everybody reads on; what is quickly done is waited for."""
    if WORKS.begin(store, "rules", who, lambda tell: background.build(store, tell, who)):
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline and running():
            time.sleep(0.05)


def running() -> bool:
    """Whether something is being done to the store."""
    state = WORKS.state(store)
    return state is not None and not state.ended


def counting() -> None:
    """Show how far the counting is, or offer it where what is in force has not been counted yet."""
    state = WORKS.state(store)
    if running():
        told = say("Everything is counted again; until then the old numbers stand")
        show.work(store, lambda _: told)
    elif not building.is_up_to_date(store):
        if state and state.error:
            st.error(literal(state.error))
        st.warning(say("The rules in force have not been counted yet; the numbers are those of the rules before."))
        if may_change:
            doer = here.doer(history.whoever_runs_this())
            st.button(say("Count again"), key="count", on_click=count_again, args=(doer,))
    elif answers.older():
        st.warning(
            say("An earlier build is served, so pages show its numbers; changes are compared with the rules in force.")
        )


def settled() -> None:
    """Say what became of what was kept last."""
    if "settled" in st.session_state:
        kept, told = st.session_state.pop("settled")
        (st.success if kept else st.error)(literal(told))


def words_of_change(kind: str, *names: str) -> dict[str, str]:
    """Ask for the reason and source of a change, and who enters it."""
    places = zip(st.columns(len(names)), names, strict=True)
    most = amendments.MOST_CHARACTERS
    return {
        name: show.by_whom(here, LABELS[name], f"{kind}_{name}", most, place)
        if name == "who"
        else place.text_input(literal(LABELS[name]), key=f"{kind}_{name}", max_chars=most)
        for place, name in places
    }


def settle(draft: Amendment, name: str) -> Path | None:
    """Offer to try a draft out, and to keep it once that has been seen; give the build of what was tried."""
    tried = st.session_state.get("tried", ("", ""))
    seen = tried[0] == known_by(draft) and Path(tried[1]).exists()
    needed = [field for field in WORDS if field != "clause" or field in policy.row_columns(draft.table)]
    with st.container(horizontal=True, key=f"settle-{name}"):
        wanted = st.button(say("Show what it does"), key=f"try_{name}", type="secondary" if seen else "primary")
        missing = [field for field in needed if not getattr(draft, field).strip()]
        wished = st.button(
            say("Keep the change"),
            key=f"keep_{name}",
            type="primary" if seen else "secondary",
            disabled=not seen or bool(missing),
            help=say("first see what it does; reason, source and name are needed"),
        )
    if seen and missing:
        needs = say.pick(", ", "、").join(LABELS[field] for field in missing)
        show.note(say("Still to be filled in before it can be kept: {what}").format(what=needs))
    if wished:
        keep(draft)
        st.rerun()
    if wanted:
        try_out(draft)
        if "tried" in st.session_state:
            st.rerun()
    return Path(tried[1]) if seen and not wanted else None


def change_card(name: str, begins: int | None, held: list[dict[str, str]]) -> tuple[Amendment, Path] | None:
    """Show the table to be edited, what would change, and the way to keep it; give what was tried, and its build."""
    about = contract.load(name)
    with st.container(key="card-settings-rules"):
        show.card_head(rules.title(name, say), say.pick(about.about_en, about.about_zh), "settings-rules")
        edited = edited_rows(name, held, f"edit-{name}-{begins}-{st.session_state.get('edition', 0)}")
        offer_files(name, begins, held)
        if not changeable(name):
            return None
        try:
            draft = draft_of(name, begins, held, edited)
        except AmendmentError as error:
            st.error(literal(flaws_of(error)))
            return None
        if not draft.changes:
            told = say(
                "Change cells, or write a new rule into the empty row at the end. "
                "To end a rule, tick its row and press Delete. What changes is listed here."
            )
            st.html(f'<p class="takeaway">{escape(told)}</p>')
            return None
        laid(rules.changed(name, draft.changes, say), say("What changes"))
        if begins and begins <= here.data_month:
            told = say("It begins in {month}, within the data: what has been judged since then is judged anew.")
            st.html(f'<p class="takeaway">{escape(told.format(month=say.month(begins)))}</p>')
        words_of_change("amend", *WORDS)
        path = settle(draft, "change")
        return (draft, path) if path else None


def offer_files(name: str, begins: int | None, held: list[dict[str, str]]) -> None:
    """Offer the rows in force as a workbook in words and as the file that the command line takes."""
    file = f"{name}-{begins or 'all'}"
    with st.container(horizontal=True, key="files"):
        book = {rules.title(name, say): rules.in_words(name, held, say)}
        show.offer(
            here,
            say("Workbook (.xlsx)"),
            lambda: sheets.workbook(book),
            f"{file}.xlsx",
            spreadsheet.WORKBOOK,
            key="xlsx",
        )
        show.offer(here, say("Table (.csv)"), lambda: policy.as_csv(name, held), f"{file}.csv", "text/csv", key="csv")


def history_card(entries: tuple[Amendment, ...]) -> None:
    """List who changed what, when, why and by what, the newest first; offer to withdraw one."""
    gone = {entry.withdraws: entry.number for entry in entries if entry.withdraws is not None}
    with st.container(key="card-settings-history"):
        show.card_head(say("Changes"), say("the newest first; none is ever overwritten"), "settings-history")
        if not entries:
            told = say("No rule has been changed; all are as shipped.")
            st.html(f'<p class="takeaway">{escape(told)}</p>')
            return
        lines = [
            {
                say("No."): str(entry.number),
                say("When"): numerals.moment(entry.written),
                say("Who"): entry.who,
                say("Rules"): rules.title(entry.table, say),
                say("From"): say.month(entry.begins) if entry.begins else "",
                say("What changed"): rules.what(entry, say),
                say("Reason for the change"): entry.reason,
                say("Source"): " ".join(filter(None, (entry.document, entry.clause))),
                say("State"): say("withdrawn by {n}").format(n=gone[entry.number]) if entry.number in gone else "",
            }
            for entry in reversed(entries)
        ]
        laid(pd.DataFrame(lines), say("Changes"), rows_high=HISTORY_ROWS)
        if may_change:
            withdraw_form(entries)


def withdraw_form(entries: tuple[Amendment, ...]) -> None:
    """Let a change be taken back, once it has been seen what that does."""
    held = {entry.number: entry for entry in amendments.standing(entries) if changeable(entry.table)}
    if not held:
        return
    chosen = st.selectbox(
        say("Withdraw a change"),
        [NONE, *reversed(held)],
        key="withdraw",
        format_func=lambda number: (
            say("No change") if number == NONE else f"{number} · {rules.what(held[number], say)}"
        ),
    )
    if chosen == NONE:
        return
    told = words_of_change("withdraw", "reason", "who")
    told["who"] = here.doer(told["who"])
    draft = amendments.withdrawal(store, chosen, written=keeping.now(), **told)
    if tried := settle(draft, "withdrawal"):
        effect(draft, tried)


def title_of(name: str, held: pa.Table) -> str:
    """What a table is called, and how many of its rules nobody has confirmed yet."""
    open_ = held["confirmed"].to_pylist().count(amendments.TO_CONFIRM)
    title = rules.title(name, say)
    return say("{title} · {n} to be confirmed").format(title=title, n=open_) if open_ else title


def choose_month(name: str) -> int | None:
    """Let the reader choose from when on; None for a table whose rows have no time."""
    if not (policy.is_dated(name) or name in amendments.OWN_MONTH):
        return None
    usual = month.add(here.data_month, 1)
    ahead = [month.add(here.data_month, step) for step in (*range(1, AHEAD + 1), *range(0, -BACK, -1))]
    named = {month.text(at): say.month(at) for at in ahead if at != usual}
    chosen = filters.choose("from", say("From"), named, say("{month} (after the data)").format(month=say.month(usual)))
    return month.parse(chosen) if chosen else usual


def headline(rules_in_force: Mapping[str, Any], entries: tuple[Amendment, ...]) -> tuple[str, str]:
    """Say how many rules there are, how many nobody has confirmed, and how often they were changed."""
    rows_now = [
        row
        for name, table in rules_in_force.items()
        for row in policy.in_force(name, table, here.data_month).to_pylist()
    ]
    open_ = sum(row["confirmed"] == amendments.TO_CONFIRM for row in rows_now)
    title = say("{n} rules in force, {open} of them to be confirmed by the department").format(
        n=len(rows_now), open=open_
    )
    standing = len(amendments.standing(entries))
    return title, say.count("{n} change by the department", "{n} changes by the department", standing)


head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
try:
    entries = amendments.history(store)
    in_force = amendments.tables(store)
except AmendmentError as error:
    st.error(literal(flaws_of(error)))
    st.stop()
with bar:
    titles = {name: title_of(name, policy.in_force(name, in_force[name], here.data_month)) for name in rules.tables()}
    first = next(iter(titles))
    others = {name: title for name, title in titles.items() if name != first}
    table = filters.choose("table", say("Rules"), others, titles[first]) or first
    begins = choose_month(table)
with head:
    show.heading(*headline(in_force, entries))
    settled()
    counting()
held = policy.rows(policy.in_force(table, in_force[table], begins or 0), table)
if tried := change_card(table, begins, held):
    effect(*tried)
history_card(entries)
show.footer(
    say(
        "A change never overwrites: the row in force ends where the new one begins, "
        "and every month is judged by the rules of its day."
    ),
    say("Who stands behind a rule can be confirmed in the column “Confirmed by”; that is kept as a change too."),
)
