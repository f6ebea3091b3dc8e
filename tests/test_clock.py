"""A clock that is set forward or back moves no order of things done, loses nothing and has nothing wrong served."""

import dataclasses
import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from data import audit, batches, history, keeping, landing, steps
from data.access import LOCAL
from data.store import Store
from pages.parts import desk
from queries import building, builds, pruning, warehouse
from tests.stages import MONTH, Stages, copied
from tests.test_steps import ENTRY

HOUR = 3600
JUMPS = {"hours": 5 * HOUR, "a month": 31 * 24 * HOUR, "years": 10 * 366 * 24 * HOUR}
Jump = Callable[[float], None]

pytestmark = pytest.mark.promise("faults.clock")


@pytest.fixture(params=[sign * seconds for seconds in JUMPS.values() for sign in (-1, 1)])
def seconds(request: pytest.FixtureRequest) -> float:
    """By how much the clock is set, forward or back."""
    return float(request.param)


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Set the clock of this process by so many seconds."""
    clock = time.time

    def set_by(seconds: float) -> None:
        def now() -> str:
            return dt.datetime.fromtimestamp(clock() + seconds, dt.UTC).isoformat(timespec="microseconds")

        monkeypatch.setattr(time, "time", lambda: clock() + seconds)
        monkeypatch.setattr(keeping, "now", now)

    return set_by


def test_what_was_done_stays_in_its_order_and_the_log_verifies(
    stages: Stages, jump: Jump, seconds: float, tmp_path: Path
) -> None:
    store = copied(stages.first, tmp_path / "store")
    batches.withdraw(store, "0001")
    jump(seconds)
    batches.restore(store, "0001")
    batches.withdraw(store, "0001")
    jump(0)
    batches.restore(store, "0001")
    told = [event.kind for event in history.of(store)][-4:]
    assert told == [history.WITHDRAWN, history.RESTORED, history.WITHDRAWN, history.RESTORED]
    assert audit.verify(store).entries == len(audit.of(store))
    assert [entry.act for entry in audit.of(store, last=2)] == [history.RESTORED, history.WITHDRAWN]


def test_the_last_entry_of_a_step_counts(jump: Jump, seconds: float, tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number, moved in enumerate([0.0, seconds, 0.0, 2 * seconds]):
        jump(moved)
        steps.record(store, dataclasses.replace(ENTRY, written=keeping.now(), note=str(number)))
        entries = steps.history(store)
        assert [entry.note for entry in entries] == [str(each) for each in range(number + 1)]
        assert steps.latest(entries)[ENTRY.step_id].note == str(number)


def test_a_build_is_the_same_and_is_served_and_kept_as_the_last_one_made(
    stages: Stages, jump: Jump, seconds: float, tmp_path: Path
) -> None:
    store = copied(stages.first, tmp_path / "store")
    store.settings.write_text("builds_kept = 1", encoding="utf-8")
    jump(seconds)
    landing.land(store, stages.files, month=MONTH)
    assert building.due(store).stem == stages.built.build
    _made(store, stages)
    newest = warehouse.newest(store)
    assert newest
    assert newest.stem == stages.built.build
    assert [build.id for build in builds.every(store)] == [stages.built.build, stages.before.build]
    assert warehouse.open_for(newest, LOCAL).data_month == MONTH
    jump(seconds + 3 * 24 * HOUR)
    assert pruning.superfluous(store) == (store.warehouse / f"{stages.before.build}.duckdb",)


def _made(store: Store, stages: Stages) -> None:
    """Have the due build made, without the work of it: noted and put there as `build` does."""
    name = stages.built.build
    with history.noted(store, history.Event.now(history.BUILT, name, "")):
        (store.warehouse / f"{name}.duckdb").write_bytes(
            (store.warehouse / f"{stages.before.build}.duckdb").read_bytes()
        )
    warehouse.point(store, name)


def test_files_that_wait_to_be_landed_stay(jump: Jump, seconds: float) -> None:
    first, second = desk.Desk("甲"), desk.Desk("乙")
    first.lay([("a.csv", b"1")])
    jump(seconds)
    second.lay([("b.csv", b"2")])
    assert [path.read_bytes() for path in (*first.paths, *second.paths)] == [b"1", b"2"]
    first.clear()
    second.clear()
