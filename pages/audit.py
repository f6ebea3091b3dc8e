"""The audit log, for whoever audits: who saw, took and did what, filtered, and whether the chain of it is whole."""

import datetime as dt
from typing import Any

import streamlit as st

from data import audit, keeping
from data.keeping import WriteError
from data.store import default_store
from pages.parts import answers, audited, filters, show
from pages.parts.audited import Chain
from pages.parts.literal import literal

here = answers.here()
opened = keeping.now()
say = here.words
store = default_store()
CHAIN = "audit_chain"
ROWS_HIGH = 24
A_DAY = dt.timedelta(days=1)


def verify() -> None:
    """Go over the whole chain now, which takes seconds where entries are many: not at each turn of the page."""
    st.session_state[CHAIN] = Chain.of(store)


def moment(day: dt.date) -> str:
    """Give the beginning of a day here, as entries are stamped."""
    return dt.datetime.combine(day, dt.time()).astimezone(dt.UTC).isoformat(timespec="microseconds")


def chain_card(chain: Chain) -> None:
    """Show the last entry to be written down, or what is wrong."""
    with st.container(key="card-audit-chain"):
        show.card_head(say("The chain"), say("each entry seals the one before it"), "audit-chain")
        if chain.error:
            st.error(literal(chain.error))
        elif chain.last:
            st.code(chain.last, language=None)
            told = say(
                "Write this number and seal down and keep them elsewhere: {command} tells later whether anything up "
                "to there was altered, or the log cut short."
            )
            show.note(told.format(command="python -m data audit verify --known"))
        st.button(say("Verify again"), key="verify", on_click=verify)


def entries_card() -> None:
    """Show the entries that are asked for, the newest first, and offer all of them."""
    upto = min(moment(until + A_DAY), opened)
    asked: dict[str, Any] = {"who": who, "act": act, "since": moment(since), "until": upto}
    number = audit.count(store, **asked)
    with st.container(key="card-audit-entries"):
        show.card_head(say("Entries"), say.count("{n} entry", "{n} entries", number), "audit-entries")
        if not number:
            show.note(say("Nothing was entered so."))
            return
        shown = audited.table(audit.of(store, **asked, last=show.LIST_LONGEST), say)
        show.texts(shown, say("Entries"), say, numbers=(0, 1), wraps=(4, 5), total=number, rows_high=ROWS_HIGH)
        show.offer(
            here,
            say("Download CSV"),
            lambda: audited.as_csv(audit.of(store, **asked)),
            f"audit-{since}-{until}.csv",
            "text/csv",
            key="csv",
            rows=number,
        )


if CHAIN not in st.session_state:
    verify()
chain: Chain = st.session_state[CHAIN]
head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with head:
    show.heading(audited.headline(chain, say), audited.under_headline(chain, say))
try:
    people, acts = audit.known(store)
    today, first = dt.datetime.now().astimezone().date(), audited.first_day(store)
    with bar:
        who = filters.choose("who", say("By whom"), {name: name for name in people}, say("All"))
        act = filters.choose("act", say("Act"), {code: audited.act(code, say) for code in acts}, say("All"))
        since = filters.day("since", say("From day"), first, first, today)
        until = filters.day("until", say("To day"), today, first, today)
    show.seen(here, "audited", "audit log", of=who or "", act_of=act or "", since=str(since), until=str(until))
    entries_card()
except WriteError as error:
    st.error(literal(say.pick(error.en, error.zh)))
chain_card(chain)
show.footer(
    say("Entered are who saw which names, took which file and changed what, never the names themselves."),
    say("Nothing in the program takes an entry out; kept for 180 days at least by law, here for good."),
)
