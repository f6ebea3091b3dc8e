"""Long lists: a page asks for their first rows and for what is counted, and shows what it would of all rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from data.access import EVERY_UNIT, LOCAL, Viewer
from data.store import Store
from pages.exhibits import as_answered, pool
from pages.parts import answers, briefing, show, words
from pages.parts.answers import Here
from pages.parts.kept import Kept
from pages.parts.scenes import Scenes
from queries import warehouse
from queries.warehouse import Part, Warehouse
from tests import plain

EXHIBITS = {**briefing.EXHIBITS, pool.PERSON.name: pool.PERSON}
LONG = sorted(name for name, exhibit in EXHIBITS.items() if exhibit.counted)
MOST = 2


@pytest.fixture(params=words.LANGUAGES)
def here(request: pytest.FixtureRequest, small_city: Store) -> Here:
    """Who looks at the small city, in either language."""
    return answers.reader(small_city, LOCAL, words.of(request.param))


def given(here: Here, name: str) -> Mapping[str, Any]:
    """What a list is asked for as its page opens."""
    asks = EXHIBITS[name].asks(Scenes(here, here.data_month).of(name, {}))
    assert [question for question, _ in asks.values()] == [name]
    return next(iter(asks.values()))[1]


def closed_to(own: str) -> Viewer:
    """A viewer of everyone but of one person, their own."""
    return Viewer("someone", (EVERY_UNIT,), names=True, closed=(own,))


def viewers(here: Here, name: str) -> list[Viewer]:
    """One who sees every row of a list, and one whose own record heads it."""
    return [LOCAL, closed_to(str(here.ask(name, **given(here, name)).table["person_id"][0]))]


def test_these_are_the_long_lists_and_nothing_is_drawn_or_derived_of_them() -> None:
    assert LONG == ["assessment/streak", "outlook/pool_person", "rotation/clock", "rotation/mover"]
    for exhibit in (EXHIBITS[name] for name in LONG):
        assert exhibit.listed
        assert not exhibit.draw
        assert exhibit.derive is as_answered


@pytest.mark.parametrize("name", LONG)
def test_a_part_is_what_would_be_taken_out_of_all_rows(name: str, here: Here) -> None:
    counted = list(EXHIBITS[name].counted)
    for viewer in viewers(here, name):
        seen, asked = Warehouse(here.build, viewer), given(here, name)
        whole = seen.ask(name, **asked)
        first = seen.ask_for(Part(most=MOST), name, **asked)
        column = seen.ask_for(Part(tuple(counted)), name, **asked)
        assert len(whole.table) > MOST
        assert plain.rows(first) == plain.rows(whole)[:MOST]
        assert [*column.table] == counted
        assert sorted(map(repr, column.table.to_numpy())) == sorted(map(repr, whole.table[counted].to_numpy()))
        assert bool(whole.withheld) == bool(viewer.closed)
        assert first.withheld == column.withheld == whole.withheld


@pytest.mark.promise("scope.own_record")
@pytest.mark.parametrize("name", LONG)
def test_nobody_is_shown_their_own_record_among_the_first_rows(name: str, here: Here) -> None:
    asked = given(here, name)
    everyone, (_, viewer) = here.ask(name, **asked).table, viewers(here, name)
    seen = warehouse.open_for(here.build, viewer).ask_for(Part(most=MOST), name, **asked).table
    others = everyone[everyone["person_id"] != viewer.closed[0]]
    assert seen["person_id"].tolist() == others["person_id"].head(MOST).tolist()


@pytest.mark.parametrize("name", LONG)
def test_a_card_of_a_long_list_is_that_of_all_its_rows(name: str, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "LIST_LONGEST", MOST)
    exhibit, scene = EXHIBITS[name], Scenes(here, here.data_month).of(name, {})
    for viewer in viewers(here, name):
        seen = replace(here, viewer=viewer)
        card, of_all = (show.drawn_for(seen, each, scene) for each in (exhibit, replace(exhibit, counted=())))
        assert card.listed.count("<tr") == MOST + 1
        assert card.names
        assert card.names.rows > MOST
        assert card == of_all


def test_a_long_list_is_never_asked_for_whole(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Part] = []
    ask_for = Warehouse.ask_for

    def noted(opened: Warehouse, part: Part, name: str, **more: Any) -> warehouse.Answer:
        asked.append(part)
        return ask_for(opened, part, name, **more)

    exhibit, scene = EXHIBITS["rotation/mover"], Scenes(here, here.data_month).of("rotation/mover", {})
    monkeypatch.setattr(Warehouse, "ask_for", noted)
    for room, kept in ((answers, "_answers"), (show, "_cards")):
        monkeypatch.setattr(room, kept, Kept(10))
    show.drawn_for(here, exhibit, scene)
    assert asked == [Part(most=show.LIST_LONGEST), Part(exhibit.counted)]
