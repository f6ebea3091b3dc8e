"""Assurance: what the project promises, how many tests hold each promise and what came of them, and checks made now."""

import pandas as pd
import streamlit as st

from data import backtests, promises, speeds
from data.promises import PromiseError
from data.speeds import SpeedError
from data.store import default_store
from pages.parts import answers, assured, endorsing, measured, show, tables, tested
from pages.parts.audited import Chain
from pages.parts.literal import literal
from queries import builds

here = answers.here()
say = here.words
store = default_store()
CHAIN = "audit_chain"
ROWS_HIGH = 15


def results() -> dict[str, promises.Result]:
    """What came of the tests; where that cannot be read it is said, and nothing is taken to be known."""
    try:
        return promises.results()
    except PromiseError as error:
        st.error(literal(str(error)))
        return {}


def checks_card() -> None:
    """Tell what the log, gone over once a session, and the build that is shown were found to be."""
    title = say("This store, checked")
    with st.container(key="card-assurance-checks"):
        show.card_head(title, say("build {build}").format(build=here.build_id), "assurance-checks")
        kept = backtests.kept(store, here.build_id)
        found = {
            say("Audit log"): assured.of_log(chain, say),
            say("File of the build"): assured.of_file(builds.condition(here.build), say),
            say("Back-test of the outlook"): assured.of_back_test(kept, tested.how(here, kept), say),
        }
        if here.viewer.sees_whole:
            records = int(here.ask("quality/check").table["records"].sum())
            found[say("Records found by the checks")] = assured.of_checks(records, say)
        lines = [
            {say("Check"): name, say("Finding"): f"{assured.SIGNS[state]} {told}"}
            for name, (state, told) in found.items()
        ]
        columns = [tables.Column(say("Check")), tables.Column(say("Finding"), wraps=True, signed=True)]
        st.html(tables.table_html(pd.DataFrame(lines), columns, caption=title))


def theme_card(theme: str, title: str) -> None:
    """Show the promises of one theme."""
    with st.container(key=f"card-assurance-{theme}"):
        table = assured.of_theme(theme, tests, say)
        show.card_head(title, say.count("{n} promise", "{n} promises", len(table)), f"assurance-{theme}")
        st.html(tables.table_html(table, assured.columns(table, say), caption=title))


def speed_card() -> None:
    """Show the goals of speed, the questions beside other ways and every row, as they were measured last."""
    with st.container(key="card-assurance-speed"):
        title = say("Speed, measured")
        try:
            report = speeds.latest()
        except SpeedError as error:
            st.error(literal(str(error)))
            return
        if report is None:
            show.card_head(title, say("not measured yet; make bench ARGS=--keep measures it"), "assurance-speed")
            return
        show.card_head(title, measured.when(report, say), "assurance-speed")
        st.html(tables.table_html(measured.goals(report, say), measured.goal_columns(say), caption=title))
        beside = say("Beside other ways to the same answers")
        show.card_head(beside, say("their times as multiples of this program's"), "assurance-ways")
        table = measured.comparisons(report, say)
        st.html(tables.table_html(table, measured.comparison_columns(table, say), caption=beside))
        every, table = say("All that was measured"), measured.every(report, say)
        show.card_head(every, say("by size of city, with memory and bytes"), "assurance-measures")
        st.html(tables.table_html(table, measured.every_columns(table, say), caption=every, rows_high=ROWS_HIGH))


tests = results()
if CHAIN not in st.session_state:
    st.session_state[CHAIN] = Chain.of(store)
chain: Chain = st.session_state[CHAIN]
show.heading(assured.headline(tests, say), assured.last_run(tests, endorsing.version(), say))
checks_card()
for theme, title in assured.themes(say).items():
    theme_card(theme, title)
speed_card()
show.footer(
    say(
        "A promise is held where every test that carries it passed; the tests are run by `make test`, not by this page."
    )
)
