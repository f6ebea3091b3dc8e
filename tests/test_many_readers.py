"""Many readers at once, at one process and at several behind a proxy."""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.store import Store
from tests.awaited import awaited
from tests.bench import clock, crowds
from tests.bench.crowds import Proxy, behind_proxy, signed_in
from tests.bench.page import CROWDED, visits
from tests.bench.session import crowd, session
from tests.server import get

READERS, RERUNS = 16, 3
MONTHS = visits(202610, 4)
SIGNED_IN = 8


async def read(url: str, query: str, times: int = RERUNS) -> tuple[str, list[list[str]], list[float]]:
    """What one reader saw of the age ladder at an address, time after time, and how long each took."""
    async with session(url, CROWDED) as reader:
        taken, seen = [], []
        for _ in range(times):
            taken.append(await reader.rerun(query))
            seen.append(reader.texts)
        return query, seen, taken


async def at_once(url: str) -> list[tuple[str, list[list[str]], list[float]]]:
    """What many readers saw, who read different months."""
    asked = itertools.islice(itertools.cycle(MONTHS), READERS)
    return await asyncio.gather(*(read(url, query) for query in asked))


@pytest.mark.promise("readers.many")
def test_many_readers_at_once_each_get_what_they_would_get_alone(
    app_url: str, record_property: Callable[[str, object], None]
) -> None:
    alone = {query: awaited(read(app_url, query, 1))[1][0] for query in MONTHS}
    assert len({tuple(texts) for texts in alone.values()}) == len(MONTHS)
    told = awaited(at_once(app_url))
    assert all(seen == [alone[query]] * RERUNS for query, seen, _ in told)
    slow = clock.p95([seconds for _, _, taken in told for seconds in taken])
    record_property(f"95 % of reruns with {READERS} readers who never pause", f"{1000 * slow:.0f} ms")


@pytest.fixture
def proxy(cadre_store: Store, tmp_path: Path) -> Iterator[tuple[Proxy, list[str]]]:
    """Two processes behind nginx, and the cookies of people who are signed in."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed; `apt-get install nginx-light` gets it.")
    store = Store(shutil.copytree(cadre_store.root, tmp_path / "store"))
    with behind_proxy(store.root, 2) as running:
        yield running, signed_in(store, SIGNED_IN)


def served_by(proxy: Proxy) -> dict[str, set[str]]:
    """The processes that answered each reader who is signed in."""
    found: dict[str, set[str]] = {}
    for line in proxy.log.read_text(encoding="utf-8").splitlines():
        cookie, _, process = line.partition(" ")
        found.setdefault(cookie, set()).add(process)
    return {cookie: processes for cookie, processes in found.items() if cookie != "-"}


@pytest.mark.promise("readers.many")
def test_behind_a_proxy_a_reader_stays_with_one_process_and_goes_on_at_another(
    proxy: tuple[Proxy, list[str]],
) -> None:
    running, cookies = proxy
    awaited(crowd(running.url, "overview", SIGNED_IN, ["", ""], 0.1, cookies))
    answered = [get(f"{running.url}/overview", {"Accept": "text/html", "Cookie": cookie})[0] for cookie in cookies]
    served = served_by(running)
    assert answered == [200] * SIGNED_IN
    assert {len(processes) for processes in served.values()} == {1}
    assert len(set().union(*served.values())) == len(running.servers)
    assert get(f"{running.url}/overview", {"Accept": "text/html"})[0] == 303
    running.servers[0].kill()
    awaited(crowd(running.url, "overview", SIGNED_IN, [""], 0.1, cookies))


def test_the_hundredth_that_waits_longest_is_told_apart() -> None:
    # of 101 waits of 0 to 100 s, 99 % are of 99 s or less
    assert crowds.p99([float(second) for second in range(101)]) == pytest.approx(99)
