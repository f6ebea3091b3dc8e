"""The door: what the server answers before any page, and how a store is filled."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import dashboard
from data.store import Store
from pages.parts import projected
from queries import warehouse
from tests.server import HOUSE, UVICORN, get, serving

FILL = (
    "import dashboard; from unittest import mock; from data import sample; from functools import partial;"
    "mock.patch.object(sample, 'generate', partial(sample.generate, people=300)).start();"
    "dashboard.fill(dashboard.default_store())"
)


def test_the_dashboard_is_ready_when_its_warehouse_answers(app_url: str, small_city: Store) -> None:
    path = warehouse.newest(small_city)
    assert path is not None
    assert get(f"{app_url}/readyz")[::2] == (200, f"ready {path.stem}")


def test_the_dashboard_is_not_ready_when_its_warehouse_is_gone(small_city: Store, tmp_path: Path) -> None:
    copy = Store(shutil.copytree(small_city.root, tmp_path / "copy"))
    with serving(copy.root) as url:
        copy.pointer.unlink()
        assert get(f"{url}/readyz")[::2] == (503, "no warehouse")


def test_uvicorn_serves_the_same_dashboard(small_city: Store) -> None:
    with serving(small_city.root, UVICORN) as url:
        assert get(f"{url}/readyz")[0] == 200
        assert "streamlit" in get(url)[2].lower()


def test_two_dashboards_started_at_once_fill_an_empty_store_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool:
        printed = list(pool.map(fill_in_a_process, [tmp_path, tmp_path]))
    assert sum(text.count("inventing") for text in printed) == 1
    assert len(Store(tmp_path).manifest().batches) == 1
    assert warehouse.newest(Store(tmp_path)) is not None


def test_a_filled_store_is_left_as_it_is(small_city: Store, capsys: pytest.CaptureFixture[str]) -> None:
    before = small_city.manifest(), warehouse.newest(small_city)
    dashboard.fill(small_city)
    assert (small_city.manifest(), warehouse.newest(small_city)) == before
    assert capsys.readouterr().out == ""


def test_without_a_build_nothing_is_learnt_and_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CADRE_STORE", str(tmp_path))
    dashboard.learn()
    with pytest.raises(warehouse.WarehouseError):
        projected.learn_beforehand()


def fill_in_a_process(root: Path) -> str:
    """Fill the store in `root` from a process of its own; what it printed."""
    command, environment = [sys.executable, "-c", FILL], {**os.environ, "CADRE_STORE": str(root)}
    return subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, check=True).stdout
