"""The door: who is here, in which language, and which pages they may open. Every page is entered through it."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st

from data.sealing import SealError
from pages.parts import answers, filters, show, signing, stage, trouble, words
from queries import warehouse


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu: its script beside this file, and its title in English source text."""

    script: str
    title: str


PAGES = (
    Entry("overview.py", "Overview"),
    Entry("age_ladder.py", "Age ladder"),
    Entry("outlook.py", "Outlook"),
    Entry("assessment.py", "Assessment"),
    Entry("rotation.py", "Rotation"),
    Entry("welfare.py", "Welfare and care"),
    Entry("timetable.py", "Timetable"),
    Entry("briefing.py", "Briefings"),
)
DATA = (
    Entry("intake.py", "Incoming files"),
    Entry("quality.py", "Data quality"),
    Entry("settings.py", "Rules and targets"),
)
WATCH = (Entry("audit.py", "Audit log"), Entry("assurance.py", "Assurance"))
ICON = Path(__file__).parent / "parts" / "icon.svg"

filters.carry()
say = answers.language()
st.set_page_config(page_title=say("Cadre workforce"), page_icon=str(ICON), layout="wide")
try:
    here = answers.here()
except SealError as error:
    st.error(say.pick(error.en, error.zh))
    st.stop()
except warehouse.WarehouseError as error:
    st.error(str(error))
    st.stop()
show.style(here)

with st.sidebar, st.container(key="house"):
    st.html(f'<p class="house-name">{escape(say("Cadre workforce"))}</p><p class="house-note">{escape(here.city)}</p>')
pages = [st.Page(entry.script, title=say(entry.title)) for entry in PAGES]


def home() -> None:
    """Send whoever comes without a page to the first one, so that every page has an address of its own."""
    st.switch_page(pages[0], query_params=st.query_params.to_dict())


kept, watched = ([st.Page(entry.script, title=say(entry.title)) for entry in part] for part in (DATA, WATCH))
hidden = st.Page(home, default=True, visibility="hidden")
present = st.Page("present.py", title=say("Presentation"), visibility="hidden")
page = st.navigation(
    {"": [hidden, present], say("Now"): pages, say("Data"): kept, say("Oversight"): watched}, expanded=True
)
with st.sidebar, st.container(key="corner"):
    if page.url_path in stage.PRESENTED:
        shown = st.query_params.to_dict() | {"page": page.url_path}
        st.page_link(present, label=say("Present this page"), query_params=shown)
    with st.container(horizontal=True, key="who"):
        other = next(language for language in words.LANGUAGES if language != say.language)
        st.button(words.LANGUAGES[other], key="language", type="tertiary", on_click=filters.keep, args=("lang", other))
        if signed := signing.signed():
            show.signed(here, signed)
    built = say("data to {month} · build {build}").format(month=say.month(here.data_month), build=here.build_id)
    damage = answers.damage()
    earlier = say("an earlier build is served") if not damage and answers.older() else ""
    standing = escape(" · ".join(filter(None, (built, earlier))))
    st.html(f'<p class="house-note">{standing}</p>')
if earlier and page is not present:
    # Where the menu is folded away, as on a phone, nobody would see it there.
    st.html(f'<p class="earlier-note">{standing}</p>')
if damage:
    st.html(f'<p class="fault-note" role="alert"><b class="missed">■</b> {escape(trouble.of_build(damage, say))}</p>')
show.log_refusal()
try:
    page.run()
except warehouse.WarehouseError as error:
    if answers.is_overtaken(here):
        st.rerun()
    st.error(str(error))
