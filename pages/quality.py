"""Data quality: which records are in doubt by which rule, what they can move, and how they are mended."""

from html import escape

import streamlit as st

from data import found
from data.store import default_store
from pages.exhibits import quality as exhibits
from pages.exhibits.quality import QualityScene
from pages.parts import answers, filters, show, tables

FILES_HIGH = 12

here = answers.here()
say = here.words
files = found.in_files(default_store()) if here.viewer.sees_whole else ()


def files_card() -> None:
    """Show what was found in the files that landed, for those who see every unit."""
    with st.container(key="card-quality-files"):
        show.card_head(say("What was found in the files"), say("batches that count, the newest first"), "quality-files")
        if files:
            told = exhibits.files_table(scene, files)
            numbers = (say("Rows"), say("First row"))
            columns = [tables.Column(name, name in numbers) for name in told.columns]
            st.html(tables.table_html(told, columns, caption=say("What was found in the files"), rows_high=FILES_HIGH))
        st.html(f'<p class="takeaway">{escape(exhibits.files_takeaway(scene, files))}</p>')


head, bar = st.container(key="head"), st.container(horizontal=True, vertical_alignment="bottom", key="bar-filters")
with bar:
    unit, unit_name = show.unit_filter(here)
    rules = here.ask("quality/rule", unit=unit).table
    names = dict(zip(rules["rule_id"], rules[f"doubt{say.pick('_en', '_zh')}"], strict=True))
    doubt = filters.choose("doubt", say("Checking rule"), names, say("All"))

scene = QualityScene(
    as_of=here.data_month,
    data_month=here.data_month,
    unit=unit,
    unit_name=unit_name,
    words=say,
    look=here.look,
    doubt=doubt,
    doubt_name=names[doubt] if doubt else say("every rule"),
)
tally, checks = (here.ask(f"quality/{name}", unit=unit).table for name in ("tally", "check"))
rejected = found.rejected(default_store()) if here.viewer.sees_whole and not unit else None

with head:
    show.heading(exhibits.headline(scene, tally), exhibits.under_headline(scene, tally, checks, rejected))
left, right = st.columns([7, 5])
with left:
    show.card(exhibits.RULES, scene, here)
with right:
    show.card(exhibits.UNITS, scene, here)

parts = {
    "rules": say("Rules and mending"),
    "records": say("Records"),
    "checks": say("Checks"),
    "files": say("Files"),
}
if not here.viewer.names:
    parts.pop("records")
if not here.viewer.sees_whole:
    parts.pop("files")
match filters.part("more", say("More"), parts):
    case "records":
        show.card(exhibits.PERSONS, scene, here)
    case "rules":
        show.card(exhibits.MENDING, scene, here)
    case "checks":
        show.card(exhibits.CHECKS, scene, here)
        if here.viewer.names:
            show.card(exhibits.FINDINGS, scene, here)
    case "files":
        files_card()
show.footer(exhibits.counting(scene))
