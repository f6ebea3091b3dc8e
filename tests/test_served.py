"""What a running server lives through: it is killed at any moment, a build is published under readers, many come."""

import asyncio
import os
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from data import batches
from data.store import Store
from pages.parts import desk
from queries import building
from tests import apart
from tests.awaited import awaited
from tests.bench.session import Session, session
from tests.server import Server, get, started
from tests.stages import Stages, build, copied, land

KILLS = int(os.environ.get("CADRE_KILLS", "16"))
"""As many servers are killed as a sixteenth of this, at random moments; `make faults` says 200."""
READERS = int(os.environ.get("CADRE_READERS", "8"))
"""How many read on while a build is published; `make faults` says 50."""
SESSIONS = int(os.environ.get("CADRE_SESSIONS", "120"))
"""How many sessions come and go; `make faults` says 1000."""
LEAVING = ("streamlit", "run", "dashboard.py", "--server.disconnectedSessionTTL", "1", "--server.port")
THINKING = 0.2
WARMING = 30
LEAST_OF_A_SESSION = 30_000
"""Bytes; what is measured is about 3,000 a session, and the least that a session holds while it is open is more."""
STARTING, WORKING = 8.0, 10.0
"""Seconds within which a server dies as it starts, and as everything is done on it."""
HANDED_IN = "人员编码,姓名,性别,出生年月\nP05,李样戊,男,1988-10\n".encode()
BUILD = re.compile(r"(?:版本|build)\s([0-9a-f]{12})")


@pytest.fixture(scope="module")
def served(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Server]]:
    """A server of the first build, which forgets a session soon after it is left."""
    store = copied(stages.first, tmp_path_factory.mktemp("served") / "store")
    with started(store.root, LEAVING) as server:
        server.wait()
        yield store, server


def build_shown(reader: Session) -> str:
    """The build that a page says it shows."""
    found = BUILD.search("\n".join(reader.texts))
    assert found, [text for text in reader.texts if "house-note" in text]
    return found[1]


async def reading(url: str, over: asyncio.Event) -> tuple[list[str], str]:
    """The builds that one reader saw again and again until it was over, and the one seen after that."""
    seen = []
    async with session(url, "overview") as reader:
        while not over.is_set():
            await reader.rerun()
            seen.append(build_shown(reader))
            await asyncio.sleep(THINKING)
        await reader.rerun()
        return seen, build_shown(reader)


async def published(url: str, store: Store) -> list[tuple[list[str], str]]:
    """What many readers saw while a build was published by another process."""
    over = asyncio.Event()
    readers = [asyncio.create_task(reading(url, over)) for _ in range(READERS)]
    await asyncio.to_thread(apart.given_by, build(store))
    over.set()
    return await asyncio.gather(*readers)


@pytest.mark.promise("faults.publish")
def test_whoever_reads_on_while_a_build_is_published_is_on_it_at_their_next_action(
    stages: Stages, served: tuple[Store, Server]
) -> None:
    store, server = served
    apart.given_by(land(store, stages.files))
    seen = awaited(published(server.url, store))
    assert [last for _, last in seen] == [stages.built.build] * READERS
    assert {build for builds, _ in seen for build in builds} >= {stages.before.build}


async def come_and_go(url: str, number: int) -> None:
    """Open a page and leave it, so many times."""
    for _ in range(number):
        async with session(url, "overview"):
            pass


@pytest.mark.promise("faults.memory")
def test_memory_stays_flat_while_sessions_come_and_go(
    served: tuple[Store, Server], record_property: Callable[[str, object], None]
) -> None:
    _, server = served
    awaited(come_and_go(server.url, WARMING))
    before = server.memory
    awaited(come_and_go(server.url, SESSIONS))
    grown = (server.memory - before) / SESSIONS
    record_property("bytes of memory kept a session", round(grown))
    assert grown < LEAST_OF_A_SESSION


async def used(url: str) -> None:
    """Use everything at once until the server is gone: read, have a briefing printed, land a file from the page."""

    async def read() -> None:
        async with session(url, "outlook") as reader:
            while True:
                await reader.rerun()

    async def have_printed() -> None:
        async with session(url, "briefing") as reader:
            await reader.press("make")
            while True:
                await reader.rerun()

    async def hand_in() -> None:
        async with session(url, "intake") as reader:
            await reader.hand_in("intake_files_0", "member.csv", HANDED_IN)
            while "intake_land" not in reader.widgets:
                await reader.rerun()
            await reader.press("intake_land")
            while True:
                await reader.rerun()

    ends = await asyncio.gather(read(), have_printed(), hand_in(), return_exceptions=True)
    assert [end for end in ends if not isinstance(end, OSError | WebSocketException)] == []


def killed_in_use(server: Server, seconds: float) -> None:
    """Kill a server so many seconds after everything began to be done on it."""
    dying = threading.Timer(seconds, server.kill)
    dying.start()
    awaited(used(server.url))
    dying.join()


@pytest.mark.promise("faults.kill_server")
def test_a_server_killed_at_any_moment_serves_when_it_is_started_again(stages: Stages, tmp_path: Path) -> None:
    draw = random.Random(KILLS)  # noqa: S311 - the same moments in every run
    for number in range(max(1, KILLS // 16)):
        store = copied(stages.second, tmp_path / str(number))
        with started(store.root) as server:
            time.sleep(draw.uniform(0, STARTING))
            server.kill()
        assert apart.anew(store) in (stages.landed, stages.built)
        with started(store.root) as server:
            server.wait()
            assert apart.anew(store) == stages.built
            killed_in_use(server, draw.uniform(0, WORKING))
        assert apart.anew(store).build in (stages.built.build, building.due(store).stem)
        with batches.still(store, 1):
            assert {batch.id for batch in store.manifest().batches} <= {"0001", "0002", "0003"}
        with started(store.root) as server:
            server.wait()
            assert building.is_up_to_date(store)
            assert get(f"{server.url}/readyz")[2] == f"ready {building.due(store).stem}"
            awaited(come_and_go(server.url, 1))
            assert [path.name for path in store.warehouse.iterdir() if building.UNFINISHED in path.name] == []
            assert [*Path(tempfile.gettempdir()).glob(f"{desk.PREFIX}{server.process.pid}-*")] == []
