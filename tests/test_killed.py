"""A process killed at any moment leaves the old build serving and no batch half visible, and the next run ends well.

The suite kills at some random moments and at the last touches of the store's files; CADRE_KILLS=200, as `make faults`
says, at so many and at every touch.
"""

import functools
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from data import scenarios, steps
from data.store import Store
from queries import building
from tests import apart
from tests.stages import Stages, build, copied, land
from tests.test_scenarios import SAVED
from tests.test_steps import ENTRY

pytestmark = pytest.mark.promise("landing.killed")

KILLS = int(os.environ.get("CADRE_KILLS", "16"))
"""Kills at random moments, half of them of a landing and half of a build."""
MANY = 100


def sampled(count: int) -> range:
    """Which of so many touches are died at: the last ones, which commit; in a long run all."""
    return range(max(0, count - KILLS // 4) if KILLS < MANY else 0, count)


def test_a_landing_killed_as_it_commits_is_whole_or_not_there_and_the_next_one_lands(
    stages: Stages, tmp_path: Path
) -> None:
    undisturbed = copied(stages.first, tmp_path / "undisturbed")
    touches = apart.touches(undisturbed.root, land(undisturbed, stages.files))
    ends = set()
    for touch in sampled(touches):
        store = copied(stages.first, tmp_path / f"{touch}")
        apart.killed_at(touch, store.root, land(store, stages.files))
        found = apart.seen(store)
        ends.add(found)
        if found == stages.before:
            land(store, stages.files)()
            assert apart.seen(store) == stages.landed
    assert ends == {stages.before, stages.landed}


def test_a_build_killed_as_it_commits_serves_the_old_or_the_new(stages: Stages, tmp_path: Path) -> None:
    landed = copied(stages.first, tmp_path / "landed")
    land(landed, stages.files)()
    undisturbed = copied(stages.second, tmp_path / "undisturbed")
    touches = apart.touches(undisturbed.root, build(undisturbed))
    ends = set()
    for touch in sampled(touches):
        store = copied(stages.second, tmp_path / f"{touch}")
        apart.killed_at(touch, store.root, build(store))
        ends.add(apart.seen(store))
    assert ends == {stages.landed, stages.built}
    build(store)()
    assert apart.seen(store) == stages.built


def test_a_landing_killed_at_any_moment_is_whole_or_not_there(stages: Stages, tmp_path: Path) -> None:
    takes = apart.duration(land(copied(stages.first, tmp_path / "undisturbed"), stages.files))
    draw = random.Random(KILLS)  # noqa: S311 - the same moments in every run
    store = copied(stages.first, tmp_path / "0")
    for number in range(KILLS // 2):
        apart.killed_after(draw.uniform(0, takes), land(store, stages.files))
        found = apart.seen(store)
        assert found in (stages.before, stages.landed)
        if found == stages.landed:
            store = copied(stages.first, tmp_path / f"{number + 1}")
    land(store, stages.files)()
    assert apart.anew(store) == stages.landed
    build(store)()
    assert apart.anew(store) == stages.built


def test_a_build_killed_at_any_moment_serves_the_old_or_the_new(stages: Stages, tmp_path: Path) -> None:
    landed = copied(stages.first, tmp_path / "landed")
    land(landed, stages.files)()
    takes = apart.duration(build(copied(stages.second, tmp_path / "undisturbed")))
    draw = random.Random(KILLS)  # noqa: S311 - the same moments in every run
    store = copied(stages.second, tmp_path / "0")
    for number in range(KILLS // 2):
        apart.killed_after(draw.uniform(0, takes), build(store))
        found = apart.seen(store)
        assert found in (stages.landed, stages.built)
        if found == stages.built:
            store = copied(stages.second, tmp_path / f"{number + 1}")
    build(store)()
    assert apart.anew(store) == stages.built
    assert [path.name for path in store.warehouse.iterdir() if building.UNFINISHED in path.name] == []


def test_what_people_enter_is_there_whole_or_not_at_all_when_killed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    draw = random.Random(KILLS)  # noqa: S311 - the same touches in every run
    for _ in range(KILLS):
        apart.killed_at(draw.randrange(200), store.root, functools.partial(apart.enter_for_ever, store, ENTRY, SAVED))
        entered = Counter(entry.note for entry in steps.history(store))
        saved = Counter(version.name for version in scenarios.kept(store))
        for kept in (entered, saved):
            times = [kept[str(number)] for number in range(len(kept))]
            assert times == sorted(times, reverse=True)
            assert min(times, default=1) > 0
    assert saved.total() <= entered.total() <= saved.total() + KILLS
    assert len(saved) > 2
