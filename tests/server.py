"""Starts the real dashboard on a free port of this machine, the way a person does."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from pages.parts import tested

HOUSE = Path(__file__).parent.parent
PAGES = tuple(
    sorted(path.stem for path in (HOUSE / "pages").glob("*.py") if path.stem not in ("__init__", "__main__", "door"))
)
LOOPBACK = "127.0.0.1"
PATIENCE = 120.0
STREAMLIT = ("streamlit", "run", "dashboard.py", "--server.port")
UVICORN = ("uvicorn", "dashboard:app", "--log-level", "warning", "--port")


class _StandingStill(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else."""

    def redirect_request(self, *_: object) -> None:
        """Go nowhere."""


OPENER = urllib.request.build_opener(_StandingStill)


class Server(NamedTuple):
    """A dashboard: its address, its process, and what it prints."""

    url: str
    process: subprocess.Popen[bytes]
    log: IO[str]

    def wait(self) -> None:
        """Wait until it serves; RuntimeError with what it printed where it does not come up."""
        _wait(f"{self.url}/_stcore/health", self.process, self.log)

    def kill(self) -> None:
        """Let it die at once, without a word."""
        self.process.kill()
        self.process.wait()

    @property
    def memory(self) -> int:
        """The bytes that it holds in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return 1024 * int(status.split("VmRSS:")[1].split()[0])


@contextmanager
def serving(
    store: Path,
    command: Sequence[str] = STREAMLIT,
    printed: Callable[[str], object] = lambda _: None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The address of a dashboard that serves the store in the folder `store` until the block ends.

    `command` is STREAMLIT or UVICORN, `settings` more of the environment; RuntimeError with what the server printed
    where it does not come up. At the end `printed` is given what the server printed.
    """
    with started(store, command, printed, settings) as server:
        server.wait()
        yield server.url
        _require_alive(server.process, server.log)


@contextmanager
def started(
    store: Path,
    command: Sequence[str] = STREAMLIT,
    printed: Callable[[str], object] = lambda _: None,
    settings: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Server]:
    """A dashboard of a store that has just been started, and is stopped when the block ends if it still runs then."""
    port = port or free_port()
    arguments = [sys.executable, "-m", *command, str(port)]
    environment = {**os.environ, "CADRE_STORE": str(store), tested.SWITCH: tested.BY_HAND, **(settings or {})}
    with (
        TemporaryFile("w+", encoding="utf-8") as log,
        subprocess.Popen(arguments, cwd=HOUSE, env=environment, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield Server(f"http://{LOOPBACK}:{port}", process, log)
        finally:
            process.terminate()
            process.wait()
            log.seek(0)
            printed(log.read())


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def get(url: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> tuple[int, dict[str, str], str]:
    """Status, headers (names in lower case) and body of an address, whatever the status; redirects are not followed."""
    asked = urllib.request.Request(url, headers=dict(headers or {}), method=method)
    try:
        answer = OPENER.open(asked, timeout=PATIENCE)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read().decode()


def _wait(health: str, process: subprocess.Popen[bytes], log: IO[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if get(health)[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    _require_alive(process, log)
    message = f"The dashboard did not answer on {health} in {PATIENCE:.0f} seconds."
    raise RuntimeError(message)


def _require_alive(process: subprocess.Popen[bytes], log: IO[str]) -> None:
    if process.poll() is not None:
        log.seek(0)
        message = f"The dashboard ended with {process.returncode}:\n{log.read()}"
        raise RuntimeError(message)
