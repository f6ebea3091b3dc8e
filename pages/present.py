"""A presentation: one figure at a time over the whole window, led by arrow keys, as live as the page it comes from."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from data import month
from data.store import default_store
from pages.parts import answers, briefing, chosen, filters, look, presenter, recipients, show, stage, words
from pages.parts.briefing import BriefingError, Item, Leaf, Template
from pages.parts.literal import literal
from pages.parts.scenes import NothingToShowError, Scenes
from pages.parts.stage import Room, Showing
from pages.parts.words import LANGUAGES
from queries import gate

OWN = ("page", "as_of", "at", "theme")
SLOTS = 3  # what is shown, what comes next and what was before lie ready one upon another
FAR = 1200

page = filters.code("page", stage.PRESENTED)
address = st.query_params.to_dict()
unit = address.get("unit")
own = here = answers.here()
theme = filters.code("theme", [look.LIGHT.name, look.DARK.name])
here = replace(
    here,
    words=words.of(filters.code("in", list(LANGUAGES)) or here.words.language),
    look=look.of(theme or st.context.theme.type),
    viewer=recipients.seen_by(here, address.get("as"), unit),
)
say = here.words
known = chosen.figures(say)


def leave() -> None:
    """Go back to where the presentation was asked for, with the filters that it had."""
    kept = {name: code for name, code in address.items() if name not in OWN}
    if "as_of" in address:
        kept["month"] = address["as_of"]
    st.switch_page(f"{page or stage.BRIEFINGS}.py", query_params=kept)


def all_templates() -> dict[str, Template]:
    """Every template; where one of those made here cannot be read, it is named and the shipped ones stay."""
    try:
        return chosen.templates(default_store())
    except BriefingError as error:
        st.error(literal(str(error)))
        return briefing.templates()


def choose() -> None:
    """Offer every template to whoever comes without one."""
    show.heading(say("Nothing is chosen to be presented"), say("a briefing can be, or any page from its own menu"))
    for name, each in templates.items():
        title = say.pick(each.title_en, each.title_zh)
        st.page_link("present.py", label=literal(title), query_params={"template": name, "lang": say.language})


def is_theirs(items: Sequence[Item]) -> bool:
    """Whether figures may be shown to whoever is here: open ones to everybody, others to who opens their pages."""
    return own.may("read") or all(item.exhibit.startswith(gate.TOPIC) for item in items)


def showing(scenes: Scenes) -> Showing:
    """Give what is shown, of a page or of a briefing as its own page has it chosen."""
    if page and page in stage.PAGES:
        return stage.of_page(page, address, scenes)
    items = chosen.from_address(address["show"]) if "show" in address else template.items
    return stage.of_template(template, chosen.of_unit(items, unit, known), scenes)


templates = {name: each for name, each in all_templates().items() if is_theirs(each.items)}
usual = next(iter(templates), "") if page == stage.BRIEFINGS else ""
template = templates.get(address.get("template", usual), Template("", "Briefing", "汇报材料", ()))
if page not in stage.PAGES and not template.name and "show" not in address:
    choose()
    st.stop()
scenes = Scenes(
    here,
    filters.month_in_address(
        "as_of" if "as_of" in address else "month",
        here.data_month,
        month.add(here.data_month, -FAR),
        month.add(here.data_month, FAR),
    ),
)
shown = showing(scenes)
if not is_theirs(shown.items):
    show.not_for_role(say)
    st.stop()
count = len(shown.items)
if not count:
    show.heading(say("Nothing of this briefing may be shown to this reader."), shown.title)
    st.stop()
asked = st.query_params.get("at", "")
at = max(1, min(count, int(asked))) if asked.isascii() and asked.isdecimal() else 1


def other(name: str, now: str, codes: Sequence[str]) -> None:
    """Write the other of two codes into the address."""
    filters.keep(name, codes[1 - codes.index(now)])


st.html(f"<style>{stage.stylesheet(here.look)}</style>")
said = show.presenter_of(
    presenter.led(at, count, say),
    on_at=filters.from_element(presenter.NAME, "at", "at"),
    on_lang=lambda: other("in" if "in" in address else "lang", say.language, list(LANGUAGES)),
    on_theme=lambda: other("theme", here.look.name, (look.LIGHT.name, look.DARK.name)),
)
if said.leave:
    leave()
room = Room(*(said.size or ()))


def lay(number: int) -> None:
    """Lay a figure into its slot: the finding, the figure or list, what stands under it and what stands behind it."""
    item = shown.items[number - 1]
    stands = say(" · ").join([shown.title, say("as of {day}").format(day=say.month(scenes.as_of)),
                              say("build {build}").format(build=here.build_id)])  # fmt: skip
    try:
        leaf = stage.leaf_of(item, scenes)
    except NothingToShowError as why:
        st.html(f'<h1 class="leaf-finding lacking">{escape(str(why))}</h1>')
        named = known.get(item.exhibit)
        foot(number, named.name if named else "", stands)
        return
    if leaf is None:
        return
    show.seen_names(own, leaf.named, rendered_for=here.viewer.name)
    st.html(f'<h1 class="leaf-finding">{escape(leaf.finding)}</h1>')
    with st.container(key=f"fills-{number}"):
        if leaf.figure:
            figure = stage.of_room(leaf.figure, room, leaf.finding, wide=briefing.EXHIBITS[leaf.name].wide)
            show.plot_for_room(figure, f"{number}-{leaf.name}", leaf.finding)
        elif leaf.listing:
            st.html(stage.table_of(leaf.listing, leaf.title, say))
    foot(number, say(" · ").join(filter(None, (leaf.title, leaf.caption))), stands, behind(leaf))


def behind(leaf: Leaf) -> str:
    """Write what stands behind a figure, to be laid over it when it is asked for."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in leaf.behind)
    facts = "".join(f'<p class="fact">{escape(line)}</p>' for line in briefing.facts(leaf, here))
    return f'<aside class="leaf-behind" tabindex="0"><h2>{escape(leaf.title)}</h2>{lines}{facts}</aside>'


def foot(number: int, told: str, stands: str, behind: str = "") -> None:
    """Say what the figure counts, of which month and build, and which of how many it is."""
    st.html(
        f"{behind}"
        f'<div class="leaf-foot" data-leaf="{number}"><span class="told">{escape(told)}</span>'
        f'<span class="stand">{escape(stands)}</span><b>{number} / {count}</b></div>'
    )


slots = [st.container(key=f"slot-{place}") for place in range(SLOTS)]
for number in (at, at + 1, at - 1):
    if 1 <= number <= count:
        with slots[number % SLOTS]:
            lay(number)
