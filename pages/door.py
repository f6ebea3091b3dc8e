"""The door: who is here, in which language, and which pages they may open. Every page is entered through it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from data.history import HistoryError
from data.sealing import SealError
from data.store import StoreError
from pages.parts import answers, filters, show, signing, stage, trouble, words
from pages.parts.literal import literal
from queries import warehouse


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu: its script beside this file, its title in English source text, and who opens it.

    That is who may do any of `needs`, or everybody where it needs nothing.
    """

    script: str
    title: str
    needs: tuple[str, ...] = ("read",)

    @property
    def path(self) -> str:
        """Where it stands in the address."""
        return self.script.removesuffix(".py")


PAGES = (
    Entry("overview.py", "Overview"),
    Entry("age_ladder.py", "Age ladder"),
    Entry("outlook.py", "Outlook"),
    Entry("assessment.py", "Assessment"),
    Entry("rotation.py", "Rotation"),
    Entry("welfare.py", "Welfare and care"),
    Entry("capability.py", "Capability"),
    Entry("reserve.py", "Reserve"),
    Entry("rank_only.py", "Rank only"),
    Entry("up_down.py", "Up and down"),
    Entry("grass_roots.py", "Grass roots"),
    Entry("timetable.py", "Timetable"),
    Entry("tasks.py", "Task list"),
    Entry("open.py", "Open figures", ()),
    Entry("briefing.py", "Briefings"),
)
DATA = (
    Entry("intake.py", "Incoming files", ("land",)),
    Entry("quality.py", "Data quality", ("read", "land")),
    Entry("settings.py", "Rules and targets", ("read", "amend")),
)
WATCH = (Entry("audit.py", "Audit log", ("audit",)), Entry("assurance.py", "Assurance", ()))
ICON = Path(__file__).parent / "parts" / "icon.svg"

filters.carry()
say = answers.language()
st.set_page_config(page_title=say("Cadre workforce"), page_icon=str(ICON), layout="wide")
try:
    here = answers.here()
except SealError as error:
    st.error(literal(say.pick(error.en, error.zh)))
    st.stop()
except warehouse.WarehouseError as error:
    st.error(literal(str(error)))
    st.stop()
show.style(here)

with st.sidebar, st.container(key="house"):
    st.html(f'<p class="house-name">{escape(say("Cadre workforce"))}</p><p class="house-note">{escape(here.city)}</p>')


def home() -> None:
    """Send whoever comes without a page to the first one, so that every page has an address of its own."""
    if not opened:
        closed()
        return
    st.switch_page(opened[0], query_params=st.query_params.to_dict())


def closed() -> None:
    """Answer where a page is not for whoever is here; it is there, as others see it in their menu."""
    show.not_for_role(say)


def opened_of(entries: Sequence[Entry]) -> list[StreamlitPage]:
    """The pages that whoever is here may open, in their order."""
    allowed = [entry for entry in entries if not entry.needs or here.viewer.may.intersection(entry.needs)]
    return [st.Page(entry.script, title=say(entry.title)) for entry in allowed]


menu = {say("Now"): PAGES, say("Data"): DATA, say("Oversight"): WATCH}
parts = {name: opened_of(entries) for name, entries in menu.items()}
opened = [page for pages in parts.values() for page in pages]
shut = {entry.path for entries in menu.values() for entry in entries} - {page.url_path for page in opened}
hidden = st.Page(home, default=True, visibility="hidden")
present = st.Page("present.py", title=say("Presentation"), visibility="hidden")
behind = [st.Page(closed, title=say("Closed"), url_path=path, visibility="hidden") for path in sorted(shut)]
page = st.navigation(
    {"": [hidden, present, *behind], **{name: pages for name, pages in parts.items() if pages}}, expanded=True
)
with st.sidebar, st.container(key="corner"):
    if page.url_path in stage.PRESENTED and page in opened:
        presented = st.query_params.to_dict() | {"page": page.url_path}
        st.page_link(present, label=say("Present this page"), query_params=presented)
    with st.container(horizontal=True, key="who"):
        other = next(language for language in words.LANGUAGES if language != say.language)
        st.button(
            literal(words.LANGUAGES[other]),
            key="language",
            type="tertiary",
            on_click=filters.keep,
            args=("lang", other),
        )
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
except (warehouse.WarehouseError, StoreError, HistoryError) as error:
    if answers.is_overtaken(here):
        st.rerun()
    st.error(literal(str(error)))
