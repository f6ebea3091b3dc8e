"""The tree of units that a reader walks, also where a roster has several tops."""

from pathlib import Path

import pytest

from data import landing
from data.store import Store
from queries import building
from queries.warehouse import Warehouse
from tests import plain
from tests.conftest import CADRE, CADRE_MONTH, opened


@pytest.fixture(scope="module")
def two_tops(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The twelve people, whose municipal department stands beside the city instead of under it."""
    files = tmp_path_factory.mktemp("files")
    for path in CADRE.glob("*.csv"):
        text = path.read_text(encoding="utf-8").replace("市发展局,001,", "市发展局,,")
        (files / path.name).write_text(text, encoding="utf-8")
    store = Store(tmp_path_factory.mktemp("two_tops"))
    landing.land(store, sorted(Path(files).glob("*.csv")), month=CADRE_MONTH)
    building.build(store, folder=CADRE / "policy")
    return opened(store)


def test_each_of_several_tops_lies_below_the_whole(two_tops: Warehouse) -> None:
    rows = plain.rows(two_tops.ask("roster/units"), "unit_id", "depth", "place")
    assert rows == [("001", 0, "below"), ("001.002", 0, "below")]


def test_a_top_among_several_is_opened_like_any_unit(two_tops: Warehouse) -> None:
    first = plain.rows(two_tops.ask("roster/units", unit="001"), "unit_id", "place")
    second = plain.rows(two_tops.ask("roster/units", unit="001.002"), "unit_id", "place")
    assert first == [("001", "self"), ("001.001", "below"), ("001.003", "below")]
    assert second == [("001.002", "self")]


def test_a_single_top_is_the_whole(twelve: Warehouse) -> None:
    rows = plain.rows(twelve.ask("roster/units"), "unit_id", "place")
    assert rows == [("001", "self"), ("001.001", "below"), ("001.002", "below"), ("001.003", "below")]
