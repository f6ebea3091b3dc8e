"""A browser's side of a page: one websocket of this machine over which reruns are asked for and timed."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.server import LOOPBACK

PATIENCE, LONGEST = 300.0, 120.0
"""Seconds for one rerun, and for all that one reader asks for."""
AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN


class Session:
    """One reader of a page; the answer to each rerun is read to its end."""

    def __init__(self, socket: ClientConnection, url: str, page: str) -> None:
        """Speak over an open socket to the dashboard at `url`, of its page with that address."""
        self._socket = socket
        self._url = url
        self._name = page
        self._page = ""

    async def rerun(self, query: str = "") -> float:
        """Run the page with the address's query; give the seconds until the script has finished."""
        start = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            await self._socket.send(self._request(query))
            while not self._is_last(ForwardMsg.FromString(bytes(await self._socket.recv(decode=False)))):
                pass
        return time.perf_counter() - start

    def _request(self, query: str) -> bytes:
        message = BackMsg()
        run = message.rerun_script
        run.query_string = query
        run.page_script_hash = self._page
        run.page_name = "" if self._page else self._name
        run.context_info.locale = "zh-CN"
        run.context_info.timezone = "Asia/Shanghai"
        run.context_info.url = self._url
        return message.SerializeToString()

    def _is_last(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._page = message.navigation.page_script_hash
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            failed = f"{self._url} failed: {message.delta.new_element.exception.message}"
            raise RuntimeError(failed)
        return kind == "script_finished" and message.script_finished != AGAIN


@asynccontextmanager
async def session(url: str, page: str = "") -> AsyncIterator[Session]:
    """Open a session with a page of the dashboard at `url`, on this machine only, and run it once."""
    assert urlsplit(url).hostname == LOOPBACK, f"{url} is not on this machine."
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(
        address,
        origin=Origin(url),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        compression=None,
        ping_interval=None,
    ) as socket:
        opened = Session(socket, url, page)
        await opened.rerun()
        yield opened


async def crowd(url: str, page: str, sessions: int, visits: Sequence[str], think: float) -> list[float]:
    """The seconds of each rerun of several readers at once, who think for `think` seconds on average in between."""
    taken = await asyncio.gather(*(_reader(url, page, chance, visits, think) for chance in _chances(sessions)))
    return [seconds for times in taken for seconds in times]


def _chances(number: int) -> Iterator[random.Random]:
    return (random.Random(seed) for seed in range(number))  # noqa: S311 - thinking times are no secret


async def _reader(url: str, page: str, chance: random.Random, visits: Sequence[str], think: float) -> list[float]:
    taken: list[float] = []
    async with session(url, page) as reader:
        end = time.perf_counter() + LONGEST
        for query in chance.sample(visits, len(visits)):
            if time.perf_counter() > end:
                break
            await asyncio.sleep(chance.expovariate(1 / think))
            taken.append(await reader.rerun(query))
    return taken
