"""Many readers at once: how long they wait for their first run and for reruns, at one process and behind a proxy."""

import asyncio
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from data import sessions
from data.speeds import Row
from data.store import Store
from tests.bench import clock
from tests.bench.page import CROWDED, EMPTY, KNOWN, visits
from tests.bench.session import Crowd, crowd, session
from tests.identities import let_in, settings
from tests.server import HOUSE, LOOPBACK, UVICORN, Server, free_port, get, serving, started

THINK = 5.0
CROWDS = (50, 200)
BEHIND_PROXY, PROCESSES = 100, 3
CONFIGURED = re.compile(r"```nginx\n(.*?)```", re.DOTALL)
WRITTEN = ("server 127.0.0.1:8501;", "server 127.0.0.1:8502;")
TLS = re.compile(r" *(ssl_\w+|server_name) .*\n")
HUNDREDTHS = 100
PATIENCE = 10.0


def measure(store: Path, now: int) -> list[Row]:
    """Let crowds read an empty page and a page of the store, served by one process; tell its memory after each."""
    asked = visits(now, KNOWN)
    rows: list[Row] = []
    with started(store) as server, serving(store, EMPTY) as empty:
        server.wait()
        asyncio.run(settled([server], asked))
        for readers in CROWDS:
            floor = asyncio.run(crowd(empty, "", readers, asked, THINK))
            taken = asyncio.run(crowd(server.url, CROWDED, readers, asked, THINK))
            what = f"page {CROWDED}, {{}}, {readers} readers who think {THINK:.0f} s"
            least = statistics.median(floor.reruns)
            rows += [*_told(what, "empty page", floor, least), *_told(what, "answers cached", taken, least)]
            rows.append(Row(what.format("memory"), "one process", memory=server.memory))
    return rows


def measure_behind_proxy(store: Path, now: int) -> list[Row]:
    """Let signed-in readers read through nginx over several processes; a row that says so where there is no nginx."""
    what = f"page {CROWDED}, {{}}, {BEHIND_PROXY} readers who think {THINK:.0f} s, {PROCESSES} processes behind nginx"
    if not shutil.which("nginx"):
        return [Row(what.format("rerun"), "left out", remark="nginx is not installed")]
    asked = visits(now, KNOWN)
    with behind_proxy(store, PROCESSES) as proxy:
        cookies = signed_in(Store(store), BEHIND_PROXY)
        asyncio.run(settled(proxy.servers, asked, cookies[0]))
        taken = asyncio.run(crowd(proxy.url, CROWDED, BEHIND_PROXY, asked, THINK, cookies))
        held = sum(server.memory for server in proxy.servers)
    told = _told(what, "signed in, answers cached", taken)
    return [*told, Row(what.format("memory"), "all processes together", memory=held)]


async def settled(servers: Sequence[Server], asked: Sequence[str], cookie: str = "") -> None:
    """Have each process know the answers to what will be asked."""
    for server in servers:
        async with session(server.url, CROWDED, cookie) as reader:
            for query in asked:
                await reader.settle(query)


def signed_in(store: Store, readers: int) -> list[str]:
    """Sign invented people in, by the session each has in the store; the cookies by which their browsers show it."""
    logins = [f"reader.{number}" for number in range(readers)]
    let_in(store, *logins)
    return [f"cadre={sessions.begin(store, login, login, (), 'oidc')}" for login in logins]


class Proxy(NamedTuple):
    """Several processes behind one address; `log` has a line an answer: the token shown, and by whom."""

    url: str
    servers: list[Server]
    log: Path


@contextmanager
def behind_proxy(store: Path, processes: int) -> Iterator[Proxy]:
    """Several processes of one store behind nginx, by the configuration of README, until the block ends."""
    with TemporaryDirectory(prefix="bench-") as folder, ExitStack() as running:
        place = Path(folder)
        told = settings(place)
        servers = [running.enter_context(started(store, UVICORN, settings=told)) for _ in range(processes)]
        for server in servers:
            server.wait()
        proxy = Proxy(f"http://{LOOPBACK}:{free_port()}", servers, place / "access.log")
        path = place / "nginx.conf"
        path.write_text(configured(proxy), encoding="utf-8")
        command = [shutil.which("nginx") or "nginx", "-p", folder, "-c", str(path), "-e", str(place / "error.log")]
        with subprocess.Popen(command) as nginx:
            try:
                _wait(f"{proxy.url}/_stcore/health")
                yield proxy
            finally:
                nginx.terminate()


def configured(proxy: Proxy) -> str:
    """The configuration that README gives, without TLS, for this address and these processes."""
    found = CONFIGURED.search((HOUSE / "README.md").read_text(encoding="utf-8"))
    assert found, "README.md gives no configuration of nginx."
    first, *more = (f"server {server.url.removeprefix('http://')};" for server in proxy.servers)
    ours = found[1].replace(WRITTEN[0], first).replace(WRITTEN[1], " ".join(more))
    ours = TLS.sub("", ours).replace("listen 443 ssl;", f"listen {proxy.url.removeprefix('http://')};")
    place = proxy.log.parent
    kept = " ".join(f"{kind}_temp_path {place};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return (
        f"user root; daemon off; pid {place}/nginx.pid;\nevents {{ worker_connections 2048; }}\n"
        f"http {{ log_format who '$cookie_cadre $upstream_addr'; access_log {proxy.log} who; {kept}\n{ours}}}\n"
    )


def _wait(health: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if get(health)[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    message = f"nginx did not answer on {health} in {PATIENCE:.0f} seconds."
    raise RuntimeError(message)


def _told(what: str, how: str, taken: Crowd, least: float | None = None) -> Iterator[Row]:
    for kind, times in (("first run", taken.first), ("rerun", taken.reruns)):
        middle = statistics.median(times)
        against = middle / least if least and kind == "rerun" else None
        remark = f"99 % within {1000 * p99(times):.0f} ms; {len(times):,} answered, none failed"
        yield Row(what.format(kind), how, middle, clock.p95(times), against, remark=remark)


def p99(times: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(times, n=HUNDREDTHS, method="inclusive")[-1]
