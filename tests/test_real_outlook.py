"""Projections on two real parliaments are as close as we promise, and closer than simpler ways of telling."""

from pathlib import Path
from typing import Any

import pytest

from data import month
from data.access import LOCAL
from data.landing import land
from data.store import Store
from models import backtest, population
from models.backtest import PLAN, PRACTICE, Asked
from queries import building, warehouse

HERE = Path(__file__).parent.parent
REAL = HERE.parent / "shared" / "real"
WHOLE = 300
PROMISED = {PRACTICE: {1: 2.0, 2: 3.0, 3: 4.0, 5: 5.5}, PLAN: {1: 1.5, 2: 1.5, 3: 2.5, 5: 2.5}}
SMALL = {1: 5.5, 2: 8.0, 3: 9.5, 5: 12.0}

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real rosters are not here ({REAL})")


Told = dict[tuple[str, int, int], dict[Any, Any]]
"""Errors by mode, least people of a cell, and years ahead."""


def told(parliament: str, folder: Path, by: str) -> Told:
    """The errors of the last ten origins of a parliament."""
    store = Store(folder / parliament)
    files = [REAL / parliament / name for name in ("persons.csv", "terms.csv")]
    land(store, files, map_path=HERE / "data" / "maps" / f"{parliament}.toml")
    opened = warehouse.open_for(building.build(store), LOCAL)
    rows = population.leading(opened.ask("outlook/posting").table, (by,))
    last = month.number(opened.data_month)
    since = backtest.origins(rows, last)[-10:]
    asked = Asked((45, 50, 55), paths=100, origins=tuple(since))
    table = backtest.summary(backtest.forecasts(rows, last, asked))
    return {(row["mode"], row["size"], row["horizon"]): row for row in table.to_dict("records")}


@pytest.fixture(scope="module")
def congress(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Congress by chamber."""
    return told("us_congress", tmp_path_factory.mktemp("real"), "unit_kind")


@pytest.mark.parametrize(("mode", "horizon"), [(mode, year) for mode, years in PROMISED.items() for year in years])
def test_a_whole_body_is_told_within_what_we_promise(congress: Told, mode: str, horizon: int) -> None:
    assert congress[mode, WHOLE, horizon]["mae"] <= PROMISED[mode][horizon]


@pytest.mark.parametrize("simple", ["linear_trend", "ageing_only", "long_run_mean"])
def test_simpler_ways_are_further_off(congress: Told, simple: str) -> None:
    assert all(row["mae"] < row[simple] for row in congress.values())


def test_small_cells_are_told_within_what_we_promise(tmp_path: Path) -> None:
    states = told("au_parliament", tmp_path, "unit")
    for horizon, error in SMALL.items():
        row = states[PRACTICE, 12, horizon]
        assert row["mae"] <= error
        assert row["mae"] < row["no_change"]
        assert row["mae"] < 0.8 * row["linear_trend"]
