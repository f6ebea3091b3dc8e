"""The page of open figures: the same round numbers for all, and the one page of analysis for who sees nobody."""

import json
import re
from html import unescape

import pytest

from data.access import LOCAL, Viewer
from data.store import Store
from pages.parts import answers, briefing
from tests import briefings
from tests.conftest import OpenPage
from tests.test_pages import MONTH, names_in, said, title

PAGE = "open"
GUEST = Viewer("guest")
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"level": "1A42"},
    {"body": "township", "sex": "female"},
    {"period": "202702", "band": "31_35"},
)
PEOPLE = re.compile(r"(?<![\d.,])(\d[\d,]*)(?![\d.,]*%)")


@pytest.fixture
def page_store(small_city: Store) -> Store:
    """The city of 800 people."""
    return small_city


@pytest.fixture(params=FILTERS, ids=str)
def filters(request: pytest.FixtureRequest) -> dict[str, str]:
    """Some filters in the address."""
    codes: dict[str, str] = request.param
    return codes


def drawn(app: object) -> list[str]:
    """Every chart of a page, with all that it holds."""
    return [chart.proto.spec for chart in app.get("plotly_chart")]  # type: ignore[attr-defined]


@pytest.mark.promise("gate.page")
def test_whoever_sees_nobody_is_shown_the_same_round_figures_as_everybody(
    page: OpenPage, filters: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = page(**filters)
    monkeypatch.setattr(answers, "viewer", lambda: GUEST)
    guest = page(**filters)
    assert title(guest) == title(everybody)
    assert drawn(guest) == drawn(everybody) != []
    assert said(guest, "takeaway") == said(everybody, "takeaway")
    assert names_in(guest) == set()


@pytest.mark.promise("gate.page")
def test_every_number_of_people_on_the_page_is_a_multiple_of_five_and_ten_or_more(
    page: OpenPage, filters: dict[str, str]
) -> None:
    app = page(lang="en", **filters)
    texts = [title(app), *said(app, "takeaway")]
    told = [MONTH.sub("", unescape(text)) for text in texts]
    told = [re.sub(r"\d+–\d+|\d+ and (?:under|over)", "", text) for text in told]
    bars = [
        cell
        for spec in drawn(app)
        for trace in json.loads(spec)["data"]
        if trace["type"] == "bar"
        for cell in trace["x"]
    ]
    numbers = [int(number.replace(",", "")) for text in told for number in PEOPLE.findall(text)]
    assert len(numbers) > 2
    assert all(number >= 10 and number % 5 == 0 for number in numbers)
    assert any(bars)
    assert all(bar == 0 or (abs(bar) >= 10 and bar % 5 == 0) for bar in bars)


def test_a_third_filter_is_refused_in_words_and_shows_nothing(page: OpenPage) -> None:
    app = page(lang="en", body="township", sex="female", level="1A42")
    assert title(app) == "Too many filters"
    assert drawn(app) == []
    assert title(page(body="township", sex="female", level="1A42")) == "筛选条件过多"


def test_a_month_that_is_not_published_is_passed_over(page: OpenPage) -> None:
    assert title(page(period="202608")) == title(page())


def test_a_term_change_to_come_says_that_nobody_moves(page: OpenPage) -> None:
    notes = said(page(lang="en", period="202702"), "page-note")
    assert any("ages at Feb 2027 if nobody moves" in note for note in notes)


@pytest.mark.promise("gate.page")
def test_a_briefing_of_open_figures_says_the_same_to_everybody(small_city: Store) -> None:
    template = briefing.templates()["通报用公开口径数据"]
    own, guests = (briefings.made(small_city, template, viewer) for viewer in (LOCAL, GUEST))
    assert len(guests.leaves) == len(template.items)
    assert [leaf.finding for leaf in guests.leaves] == [leaf.finding for leaf in own.leaves]
    assert [leaf.figure.to_dict() for leaf in guests.leaves if leaf.figure] != []


def test_no_other_briefing_has_anything_for_whoever_sees_nobody(small_city: Store) -> None:
    with pytest.raises(briefing.BriefingError):
        briefings.made(small_city, briefing.templates()["季度分析"], GUEST)
