"""Real places: Chinese prefectures by product within their provinces, year by year, as the file itself ranks them."""

import csv
import shutil
from pathlib import Path

import pytest

import data
from data import landing, policy
from data.access import LOCAL
from data.store import Store
from models.__main__ import main
from queries import building, warehouse
from queries.warehouse import Warehouse
from tests import plain

FILE = Path(__file__).parents[2] / "shared" / "real" / "city_gdp_rank.csv"
MAP = Path(data.__file__).parent / "maps" / "city_gdp_rank.toml"
LAST = 2015

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"the real ranks are not here ({FILE})")

Ranked = dict[tuple[str, int], tuple[str, int, float]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The file, landed through its map; there are no people in it."""
    landed = Store(tmp_path_factory.mktemp("gdp"))
    landing.land(landed, [FILE], map_path=MAP, month=LAST * 100 + 12)
    return landed


@pytest.fixture(scope="module")
def opened(store: Store) -> Warehouse:
    """The warehouse of it, under the shipped rules as if they had held in those years."""
    rules = shutil.copytree(policy.FOLDER, store.root / "policy")
    for path in rules.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace(",2016-01,", ",1999-01,"), encoding="utf-8")
    return warehouse.open_for(building.build(store, folder=rules), LOCAL)


@pytest.fixture(scope="module")
def ranked() -> Ranked:
    """Province, rank in it and product by prefecture and year, where the file has them."""
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rank_province"]]
    return {
        (row["cityid"], int(row["year"])): (
            row["province"], int(float(row["rank_province"])), float(row["gdp_100m_yuan"])
        )
        for row in rows
    }  # fmt: skip


def test_every_place_is_the_rank_of_the_file(opened: Warehouse, ranked: Ranked) -> None:
    told = plain.rows(opened.ask("assessment/years", year=LAST), "unit_id", "year", "peer_group", "now_place")
    placed = {(unit, year): (group, place) for unit, year, group, place in told if place is not None}
    assert placed == {key: (province, rank) for key, (province, rank, _) in ranked.items()}


def test_every_shift_is_the_difference_of_two_ranks_of_the_file(opened: Warehouse, ranked: Ranked) -> None:
    told = plain.rows(opened.ask("assessment/years", year=LAST), "unit_id", "year", "places")
    shifted = {(unit, year): places for unit, year, places in told if places is not None}
    assert shifted == {
        (unit, year): ranked[unit, year - 1][1] - rank
        for (unit, year), (_, rank, _) in ranked.items()
        if (unit, year - 1) in ranked
    }
    assert len(shifted) > 4000


def test_every_question_without_people_has_an_answer_and_the_others_have_no_row(opened: Warehouse) -> None:
    assert len(opened.ask("assessment/place_shift", year=LAST - 5, group="山东省").table) == 17
    assert not opened.ask("assessment/mover", year=LAST - 5).table.empty
    for name in ("cap_link", "head_above", "streak", "source_gap", "other_kinds"):
        assert opened.ask(f"assessment/{name}", year=LAST - 5).table.empty, name
    assert opened.ask("age_ladder/quota", as_of=LAST * 100 + 12).table.empty


def test_the_model_says_how_sure_the_places_of_a_province_are(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ranks", "--store", str(store.root), "--year", "2010", "--group", "山东省"]) == 0
    head, columns, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("noise ")
    assert columns.split()[0] == "unit"
    assert len(rows) == 17
