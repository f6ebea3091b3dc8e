"""Scenarios as data: their bounds are rules, a version is never overwritten, and a broken file says what is wrong."""

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data import batches, contract, landing, scenarios
from data.scenarios import ScenarioFileError, Version
from data.store import Store
from models import scenario
from models.scenario import Range, Scenario, ScenarioError
from queries.warehouse import Warehouse
from tests.conftest import CADRE, CADRE_MONTH
from tests.invented import RANGES

LEVERS = {"exits": 1.3, "entry_age": -1.0, "slip": 0.1, "early": 0.0, "plan": 13, "start": 202701, "date": 202612}
FIGURES = {"have": 1022, "needed": 1069, "projected": 981, "low80": 960, "high80": 1003, "chance": 0.04}
SAVED = Version(
    name="多走三成",
    target_id="team_35",
    unit=None,
    levers=LEVERS,
    figures=FIGURES,
    build_id="abc",
    as_of=202610,
    who="local",
    written="2026-11-22T08:00:00+00:00",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which something real has landed."""
    store = Store(tmp_path / "store")
    landing.land(store, [CADRE / "unit.csv"], month=CADRE_MONTH)
    return store


# --- bounds ---


def test_the_ranges_are_the_published_rows() -> None:
    assert tuple(RANGES) == scenario.LEVERS
    assert (RANGES["exits"].low_setting, RANGES["exits"].usual, RANGES["exits"].high_setting) == (0.7, 1.0, 1.3)
    assert (RANGES["entry_age"].low_setting, RANGES["entry_age"].high_setting) == (-1, 1)
    assert (RANGES["slip"].low_setting, RANGES["slip"].high_setting) == (0.1, 0.3)
    assert (RANGES["early"].usual, RANGES["early"].low_setting, RANGES["early"].high_setting) == (0, 0.1, 0.3)
    assert (RANGES["plan"].usual, RANGES["plan"].low_setting) == (None, None)


def test_a_month_has_the_ranges_that_hold_in_it(twelve: Warehouse) -> None:
    before, after = (
        scenario.ranges(twelve.ask("outlook/lever", as_of=month).table.to_dict("records")) for month in (202512, 202601)
    )
    assert (before["exits"].least, before["exits"].most) == (0.5, 2.0)
    assert (after["exits"].least, after["exits"].most) == (0.8, 1.5)


def test_no_range_holds_before_the_first_row(twelve: Warehouse) -> None:
    assert twelve.ask("outlook/lever", as_of=201512).table.empty


def test_a_lever_can_be_set_to_every_step_between_its_bounds() -> None:
    ages = Range(lever="entry_age", written_as="years", least=-1, most=1, step_size=0.5)
    assert ages.settings == (-1, -0.5, 0, 0.5, 1)
    assert RANGES["exits"].settings[:3] == (0.5, 0.6, 0.7)
    assert len(RANGES["exits"].settings) == 16


@pytest.mark.parametrize(
    ("lever", "value", "sentence"),
    [
        ("exits", 2.1, "sets exits to 2.1; the rules allow 0.5 to 2"),
        ("exits", 0.4, "sets exits to 0.4"),
        ("entry_age", -3.5, "the rules allow -3 to 3"),
        ("slip", 0.6, "the rules allow 0 to 0.5"),
        ("early", -0.1, "sets early to -0.1"),
        ("plan", 2001, "sets plan to 2001; the rules allow 0 to 2000"),
    ],
)
def test_what_is_out_of_bounds_is_named_with_its_bounds(lever: str, value: float, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence.replace("(", r"\(")):
        scenario.verified(Scenario(name="x").with_lever(lever, value), RANGES)


def test_the_bounds_themselves_and_levers_left_alone_are_allowed() -> None:
    for lever, bounds in RANGES.items():
        for value in (bounds.least, bounds.most):
            edge = Scenario(name="edge").with_lever(lever, value)
            assert scenario.verified(edge, RANGES) == edge
    assert scenario.verified(Scenario(), RANGES) == Scenario()


def test_a_scenario_begins_before_it_ends() -> None:
    with pytest.raises(ScenarioError, match="begins to appoint in 2027-01, not before its date 2027-01"):
        scenario.verified(Scenario(name="late", start=202701, date=202701), {})


def test_a_lever_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ScenarioError, match="'mood' is no lever"):
        Scenario().with_lever("mood", 1)
    row = {"lever": "mood", "written_as": "share", "least": 0, "most": 1, "step_size": 1, "usual": 0}
    row |= {"low_setting": 0, "high_setting": 1}
    with pytest.raises(ScenarioError, match="'mood' twice or for no lever"):
        scenario.ranges([row])


# --- versions ---


def test_what_is_saved_is_read_back_as_it_was(store: Store) -> None:
    made = scenarios.save(store, SAVED)
    assert made == dataclasses.replace(SAVED, number=1, version=1)
    assert scenarios.kept(store) == (made,)


def test_a_change_is_a_new_version_and_the_old_one_stays(store: Store) -> None:
    scenarios.save(store, SAVED)
    scenarios.save(store, dataclasses.replace(SAVED, levers={**LEVERS, "exits": 1.0}))
    other = scenarios.save(store, dataclasses.replace(SAVED, name="另一个"))
    assert [(each.name, each.version, each.levers["exits"]) for each in scenarios.kept(store)] == [
        ("多走三成", 1, 1.3),
        ("多走三成", 2, 1.0),
        ("另一个", 1, 1.3),
    ]
    assert other.number == 3


def test_many_who_save_at_once_all_find_theirs(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: scenarios.save(store, SAVED), range(16)))
    assert sorted(each.number for each in made) == list(range(1, 17))
    assert sorted(each.version for each in made) == list(range(1, 17))
    assert [each.number for each in scenarios.kept(store)] == list(range(1, 17))
    assert not list(store.scenarios.glob("*.fresh"))


def test_an_endorsed_version_keeps_its_numbers_and_cannot_be_withdrawn(store: Store) -> None:
    made = scenarios.save(store, SAVED)
    before = (store.scenarios / "0001.json").read_bytes()
    endorsed = scenarios.endorse(store, made.number, who="部长", written="2026-11-23T08:00:00+00:00")
    assert (endorsed.endorsed_by, endorsed.endorsed, endorsed.figures) == ("部长", "2026-11-23T08:00:00+00:00", FIGURES)
    with pytest.raises(ScenarioFileError, match="is endorsed and stays"):
        scenarios.withdraw(store, made.number)
    with pytest.raises(ScenarioFileError, match="is endorsed already"):
        scenarios.endorse(store, made.number, who="another", written="2026-11-24T08:00:00+00:00")
    assert (store.scenarios / "0001.json").read_bytes() == before
    assert scenarios.kept(store) == (endorsed,)


def test_a_withdrawn_version_is_gone_from_the_list_and_its_numbers_are_not_given_again(store: Store) -> None:
    scenarios.withdraw(store, scenarios.save(store, SAVED).number)
    assert scenarios.kept(store) == ()
    made = scenarios.save(store, SAVED)
    assert (made.number, made.version) == (2, 2)
    with pytest.raises(ScenarioFileError, match="no scenario number 1"):
        scenarios.endorse(store, 1, who="部长", written="now")


def test_the_example_citys_scenarios_give_way_to_real_data(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with batches.batch(store, month=CADRE_MONTH, invented=True) as city:
        city.write("unit", contract.load("unit").arrow_schema.empty_table())
    made = scenarios.save(store, SAVED)
    assert scenarios.kept(store) == (made,)
    landing.land(store, [CADRE / "unit.csv"], month=CADRE_MONTH)
    assert scenarios.kept(store) == ()
    with pytest.raises(ScenarioFileError, match="no scenario number 1"):
        scenarios.endorse(store, made.number, who="部长", written="now")
    real = scenarios.save(store, SAVED)
    assert (real.number, real.version) == (2, 2)
    assert scenarios.kept(store) == (real,)


def test_a_store_without_scenarios_has_none(store: Store) -> None:
    assert scenarios.kept(store) == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "name must be a text of 1 to 60 characters"),
        ({"name": "x" * 61}, "name must be a text of 1 to 60 characters"),
        ({"name": "a\nb"}, "name must be a text"),
        ({"as_of": 202613}, "as_of must be a month"),
        ({"levers": {**LEVERS, "exits": "much"}}, "levers must hold"),
        ({"levers": {**LEVERS, "exits": float("nan")}}, "levers must hold"),
        ({"levers": {"exits": 1.0}}, "levers must hold"),
        ({"levers": {**LEVERS, "plan": 1.5}}, "levers must hold"),
        ({"figures": {**FIGURES, "chance": 1.2}}, "figures must hold"),
        ({"figures": {**FIGURES, "have": -1}}, "figures must hold"),
    ],
)
def test_what_cannot_stand_is_not_saved(store: Store, change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ScenarioFileError, match=f"The scenario cannot stand: {sentence}"):
        scenarios.save(store, dataclasses.replace(SAVED, **change))  # type: ignore[arg-type]
    assert scenarios.kept(store) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "0001.json cannot be read as JSON"),
        ("[]", "0001.json holds no JSON object"),
        ("{}", "0001.json is no scenario: as_of, build_id, figures"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(store: Store, text: str, sentence: str) -> None:
    scenarios.save(store, SAVED)
    (store.scenarios / "0001.json").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioFileError, match=sentence):
        scenarios.kept(store)


def test_a_file_that_somebody_changed_by_hand_is_held_to_the_same_rules(store: Store) -> None:
    scenarios.save(store, SAVED)
    path = store.scenarios / "0001.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "as_of": 13}), encoding="utf-8")
    with pytest.raises(ScenarioFileError, match=r"0001\.json cannot stand: as_of must be a month"):
        scenarios.kept(store)


def test_a_store_that_cannot_be_written_says_so(store: Store) -> None:
    store.scenarios.write_text("in the way", encoding="utf-8")
    with pytest.raises(ScenarioFileError, match="was not kept, all earlier ones are as they were"):
        scenarios.save(store, SAVED)


def test_a_version_tells_whose_people_it_counts(store: Store) -> None:
    part = scenarios.save(store, dataclasses.replace(SAVED, units=("001.001", "001.002")))
    whole = scenarios.save(store, SAVED)
    assert scenarios.kept(store) == (part, whole)
    assert whole.units == ("*",)
    path = store.scenarios / "0001.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    del before["units"]
    path.write_text(json.dumps(before), encoding="utf-8")
    assert scenarios.kept(store)[0].units == ("*",)
