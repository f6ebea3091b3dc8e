"""A presentation: figures one at a time, made as they come up, and nobody sees what is not theirs."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.access import LOCAL, Viewer
from data.store import Store
from pages.parts import answers, briefing, stage, words
from pages.parts.briefing import Item, Leaf, Template
from pages.parts.charts import Figure, canvas, tallies
from pages.parts.kept import Kept
from pages.parts.look import LIGHT, Look
from pages.parts.scenes import Scenes
from pages.parts.stage import Room
from tests.conftest import OpenPage
from tests.test_charts import FORMS
from tests.test_pages import GUEST, charts, names_in, said

PAGE = "present"
LEDGER, LADDER, LIST, CLOCK = (
    "age_ladder/quota",
    "age_ladder/ladder",
    "rotation/clock",
    "rotation/clock_ahead",
)
FOUR = Template("four", "Four", "四张", [Item(name, {}) for name in (LEDGER, LADDER, LIST, CLOCK)])
FOOT = re.compile(r'data-leaf="(\d+)".*<b>(\d+) / (\d+)</b>')


@pytest.fixture(autouse=True)
def four(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a briefing of four, and no figure of it has been made."""
    monkeypatch.setattr(stage, "_leaves", Kept(8))
    monkeypatch.setattr(briefing, "templates", lambda: {"four": FOUR})


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The exhibits that are made from now on, in order."""
    names: list[str] = []
    leaf = briefing.leaf

    def counted(item: Item, scenes: Scenes) -> Leaf | None:
        names.append(item.exhibit)
        return leaf(item, scenes)

    monkeypatch.setattr(briefing, "leaf", counted)
    return names


def findings(app: AppTest) -> dict[int, str]:
    """What lies ready: the number of each figure with its finding."""
    bodies = [element.proto.body for element in app.get("html")]
    heads = [unescape(re.sub(r"<[^>]+>", "", body)) for body in bodies if body.startswith('<h1 class="leaf-finding')]
    return dict(zip([int(foot[1]) for foot in feet(app)], heads, strict=True))


def feet(app: AppTest) -> list[re.Match[str]]:
    """The foot of each figure that lies ready: its number, and which of how many it says it is."""
    return [found for element in app.get("html") for found in [FOOT.search(element.proto.body)] if found]


@pytest.mark.parametrize(
    ("at", "ready"), [("1", {1, 2}), ("2", {1, 2, 3}), ("4", {3, 4}), ("99", {3, 4}), ("x", {1, 2}), ("²", {1, 2})]
)
def test_a_figure_lies_between_the_one_before_and_the_next(page: OpenPage, at: str, ready: set[int]) -> None:
    app = page(template="four", at=at)
    assert {int(foot[1]) for foot in feet(app)} == ready
    assert {(foot[2], foot[3]) for foot in feet(app)} == {(str(number), "4") for number in ready}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_figure_is_headed_by_the_finding_of_the_slide_and_holds_what_stands_behind_it(
    page: OpenPage, cadre_store: Store, language: str
) -> None:
    app = page(template="four", at="2", lang=language)
    here = answers.reader(cadre_store, LOCAL, words.of(language))
    leaves = briefing.made(FOUR, Scenes(here, here.data_month)).leaves
    assert findings(app) == {number: leaves[number - 1].finding for number in (1, 2, 3)}
    behind = " ".join(said(app))
    assert all(" ".join(line.split()) in unescape(behind) for leaf in leaves[:3] for line in briefing.facts(leaf, here))


def test_only_what_is_shown_and_its_neighbours_are_made_what_is_shown_first_and_each_once(
    page: OpenPage, made: list[str]
) -> None:
    page(template="four", at="2")
    assert made == [LADDER, LIST, LEDGER]
    page(template="four", at="3")
    assert made == [LADDER, LIST, LEDGER, CLOCK]


def test_the_month_of_the_address_is_the_one_that_is_shown(page: OpenPage) -> None:
    assert "2027年2月" in " ".join(said(page(template="four", as_of="2027-02"), "leaf"))
    app = page(page="age_ladder", month="2027-02", target="team_30", at="1")
    assert "2027年2月" in " ".join(said(app, "leaf"))


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("age_ladder", {"unit": "001.001.003", "target": "team_35", "month": "2027-02", "from": "year"}),
        ("welfare", {"item": "talk", "group": "1"}),
        ("rotation", {"unit": "001.001", "month": "2026-12"}),
    ],
)
def test_a_page_is_presented_with_its_own_filters(page: OpenPage, name: str, codes: dict[str, str]) -> None:
    _, *told = said(page(name, **codes), "takeaway")
    count = int(feet(page(page=name, **codes))[0][3])
    shown = [text for at in range(2, count + 2, 3) for text in said(page(page=name, at=str(at), **codes), "leaf-")]
    assert len(set(told)) > 3
    assert [each for each in told if each and each not in " ".join(shown)] == []


def test_a_briefing_is_presented_as_its_page_has_it_chosen(page: OpenPage) -> None:
    app = page(page="briefing", template="four", show=f"{LADDER};level=1A42|{CLOCK}", unit="001.001")
    assert {foot[3] for foot in feet(app)} == {"2"}
    assert findings(app)[1] == next(
        text for text in said(page("age_ladder", level="1A42", unit="001.001"), "takeaway") if "在职" in text
    )


def test_a_briefing_for_readers_without_names_is_presented_without_names(page: OpenPage) -> None:
    assert names_in(page(page="briefing", template="four", at="3"))
    app = page(page="briefing", template="four", at="3", **{"as": "reader"})
    assert {foot[3] for foot in feet(app)} == {"3"}
    assert not names_in(app)


def test_whom_nobody_knows_is_shown_no_names(page: OpenPage) -> None:
    assert not names_in(page(page="briefing", template="four", at="3", **{"as": "gone"}))


def test_lists_of_people_are_for_who_may_see_names(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names_in(page(template="four", at="3"))
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    guests = page(template="four", at="3")
    assert {foot[3] for foot in feet(guests)} == {"3"}
    assert not names_in(guests)


@pytest.mark.parametrize("name", list(stage.PAGES))
def test_no_page_presents_names_to_who_may_not_see_them(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    last = int(feet(page(page=name))[0][3])
    assert [at for at in range(2, last + 2, 3) if names_in(page(page=name, at=str(at)))] == []


def test_what_has_nothing_to_show_says_why_and_the_meeting_goes_on(page: OpenPage) -> None:
    app = page(page="age_ladder", target="no_such_target", at="2", lang="en")
    assert findings(app)[2] == "No target no_such_target is asked of this unit in Oct 2026."
    app = page(page="age_ladder", unit="no_such_unit", lang="en")
    assert "no_such_unit" in findings(app)[1]


def test_whoever_sees_nobody_is_told_so(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LOCAL", Viewer("stranger"))
    app = page(template="four")
    assert charts(app) == set()
    assert not names_in(app)


def test_without_a_choice_every_briefing_is_offered(page: OpenPage) -> None:
    app = page(lang="en")
    assert [link.proto.label for link in app.main.get("page_link")] == ["Four"]
    assert "Nothing is chosen to be presented" in " ".join(said(app))


def test_every_page_of_figures_leads_to_its_presentation(page: OpenPage) -> None:
    app = page("rotation", unit="001.001", lang="en")
    link = next(each.proto for each in app.sidebar.get("page_link"))
    assert (link.label, link.page) == ("Present this page", "present")
    assert dict(part.split("=") for part in link.query_string.split("&")) == {
        "unit": "001.001",
        "lang": "en",
        "page": "rotation",
    }
    assert list(page("settings").sidebar.get("page_link")) == []


# --- how large a figure is ---


def sizes(part: Any) -> Iterator[float]:
    """The sizes of all type in a figure."""
    for name, value in part.items() if isinstance(part, dict) else enumerate(part):
        if name in ("font", "textfont", "tickfont") and "size" in value:
            yield value["size"]
        if isinstance(value, (dict, list)):
            yield from sizes(value)


def test_what_is_measured_in_pixels_grows_and_what_is_data_stays() -> None:
    note = {"text": "a", "x": 3, "xshift": -6, "font": {"size": 12, "color": "#000000"}}
    line = {"x0": 16, "x1": 24, "y0": 1, "y1": 2, "xsizemode": "pixel", "line": {"width": 1.5, "dash": "4px,3px"}}
    bar = {"type": "bar", "width": 0.6, "x": [5, 7], "marker": {"line": {"width": 1}, "size": [4, 8]}}
    drawn = canvas.enlarged(
        Figure([bar], {"height": 100, "margin": {"l": 10}, "annotations": [note], "shapes": [line]}), 2
    )
    assert drawn.to_dict() == {
        "data": [{"type": "bar", "width": 0.6, "x": [5, 7], "marker": {"line": {"width": 2}, "size": [8, 16]}}],
        "layout": {
            "height": 200,
            "margin": {"l": 20},
            "annotations": [{"text": "a", "x": 3, "xshift": -12, "font": {"size": 24, "color": "#000000"}}],
            "shapes": [
                {"x0": 32, "x1": 48, "y0": 1, "y1": 2, "xsizemode": "pixel", "line": {"width": 3, "dash": "8px,6px"}}
            ],
        },
    }


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_is_read_from_the_back_of_a_room_and_fits_it(form: Callable[[Look], Any]) -> None:
    room, finding = Room(1920, 1080), "a finding of one line"
    drawn = stage.of_room(form(LIGHT), room, finding, wide=False)
    assert min(sizes(drawn.to_dict())) >= 22
    assert drawn.to_dict()["layout"]["height"] * stage.DENSEST <= room.left_for_figure(finding) + 1
    assert drawn.data


def test_rows_are_named_in_one_line_and_in_full_where_a_room_has_the_width() -> None:
    names = ["Same place and level, ten years in all", "Short"]
    rows = pd.DataFrame({"name": names, "now": [3, 4], "later": [0, 1], "tone": ["blue", "ochre"]})
    drawn = stage.of_room(tallies(rows, look=LIGHT), Room(), "a finding", wide=False)
    assert [note["text"] for note in drawn.to_dict()["layout"]["annotations"]][:2] == names[::-1]
