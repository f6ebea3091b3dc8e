"""A provider of identities on this machine, and what a dashboard must be told to sign people in there."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data import keeping, readers
from data.access import EVERY_UNIT
from data.readers import Reader
from data.store import Store
from tests.server import LOOPBACK, free_port, get

PATIENCE = 30.0
PEOPLE = (
    {"sub": "zhang.san", "name": "张三", "groups": ["planner"]},
    {"sub": "li.si", "name": "李四", "groups": []},
    {"sub": "sun.ba", "name": "孙八", "groups": []},
)
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "cadre"
client_secret = "word"
server_metadata_url = "{provider}/.well-known/openid-configuration"

[signing]
ask = "信息科"
"""


@contextmanager
def providing() -> Iterator[str]:
    """The address of a provider that knows PEOPLE, until the block ends."""
    port = free_port()
    known = [argument for person in PEOPLE for argument in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *known]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env={**os.environ, "NO_COLOR": "1"}, stdout=quiet, stderr=quiet) as process:
        try:
            url = f"http://{LOOPBACK}:{port}"
            _wait(f"{url}/jwks")
            yield url
        finally:
            process.terminate()


def settings(folder: Path, provider: str = "http://127.0.0.1:9") -> dict[str, str]:
    """What of the environment makes a dashboard sign people in at a provider: a home folder with its secrets."""
    path = folder / ".streamlit" / "secrets.toml"
    path.parent.mkdir()
    path.write_text(SECRETS.format(provider=provider), encoding="utf-8")
    return {"HOME": str(folder)}


def let_in(store: Store, *logins: str, role: str | None = "planner", units: tuple[str, ...] = (EVERY_UNIT,)) -> None:
    """Let people in, in a role, or no longer."""
    for login in logins:
        readers.record(store, Reader(login=login, role=role, units=units, who="管理员", written=keeping.now()))


def _wait(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if get(address)[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    message = f"The provider of identities did not answer on {address} in {PATIENCE:.0f} seconds."
    raise RuntimeError(message)
