"""A browser's side of a page: one websocket of this machine over which reruns are asked for and timed."""

import asyncio
import itertools
import math
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLsRequest, UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.server import LOOPBACK

PATIENCE, LONGEST = 300.0, 120.0
"""Seconds for one rerun, and for all that one reader asks for."""
AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN


class Session:
    """One reader of a page; the answer to each rerun is read to its end.

    `texts` is the HTML that the last one laid, `widgets` the identifiers of what is not disabled, by their keys, and
    `first` the seconds from opening the connection to the end of the first run.
    """

    def __init__(self, socket: ClientConnection, url: str, page: str) -> None:
        """Speak over an open socket to the dashboard at `url`, of its page with that address."""
        self._socket = socket
        self._url = url
        self._name = page
        self._page = ""
        self._id = ""
        self._follows: dict[str, None] = {}
        self.first = math.nan
        self.texts: list[str] = []
        self.widgets: dict[str, str] = {}

    async def rerun(self, query: str = "", *used: WidgetState) -> float:
        """Run the page with the address's query after some of it was `used`; give the seconds until it has finished."""
        self._follows.clear()
        return await self._run(self._request(query, used))

    async def settle(self, query: str) -> None:
        """Run the page, then what it asks for by itself, as a browser does, until nothing follows or it is too long."""
        end = time.perf_counter() + LONGEST
        await self.rerun(query)
        while self._follows and time.perf_counter() < end:
            part, _ = self._follows.popitem()
            await self._run(self._request(query, (), part))

    async def _run(self, request: BackMsg) -> float:
        start = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            await self._socket.send(request.SerializeToString())
            while not self._is_last(await self._next()):
                pass
        return time.perf_counter() - start

    async def press(self, key: str) -> None:
        """Press a button."""
        await self.rerun("", WidgetState(id=self.widgets[key], trigger_value=True))

    async def hand_in(self, key: str, name: str, content: bytes) -> None:
        """Choose a file of this name and content."""
        asked = FileURLsRequest(request_id=name, file_names=[name], session_id=self._id)
        await self._socket.send(BackMsg(file_urls_request=asked).SerializeToString())
        while (message := await self._next()).WhichOneof("type") != "file_urls_response":
            pass
        urls = message.file_urls_response.file_urls[0]
        await asyncio.to_thread(_put, f"{self._url}{urls.upload_url}", name, content)
        info = UploadedFileInfo(file_id=urls.file_id, name=name, size=len(content), file_urls=urls)
        held = FileUploaderState(uploaded_file_info=[info])
        await self.rerun("", WidgetState(id=self.widgets[key], file_uploader_state_value=held))

    async def _next(self) -> ForwardMsg:
        return ForwardMsg.FromString(bytes(await self._socket.recv(decode=False)))

    def _request(self, query: str, used: Sequence[WidgetState], part: str = "") -> BackMsg:
        message = BackMsg()
        message.rerun_script.widget_states.widgets.extend(used)
        run = message.rerun_script
        run.query_string = query
        run.fragment_id, run.is_auto_rerun = part, bool(part)
        run.page_script_hash = self._page
        run.page_name = "" if self._page else self._name
        run.context_info.locale = "zh-CN"
        run.context_info.timezone = "Asia/Shanghai"
        run.context_info.url = self._url
        return message

    def _is_last(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._page = message.navigation.page_script_hash
        if kind == "new_session":
            self._id, self.texts = message.new_session.initialize.session_id or self._id, []
        if kind == "auto_rerun":
            self._follows[message.auto_rerun.fragment_id] = None
        if kind == "delta":
            self._see(message.delta.new_element)
        return kind == "script_finished" and message.script_finished != AGAIN

    def _see(self, laid: Element) -> None:
        kind = laid.WhichOneof("type")
        if kind == "exception" or (kind == "alert" and laid.alert.format == Alert.ERROR):
            failed = f"{self._url} failed: {laid.exception.message or laid.alert.body}"
            raise RuntimeError(failed)
        if kind == "html":
            self.texts.append(laid.html.body)
        elif kind and (identifier := str(getattr(getattr(laid, kind), "id", ""))):
            key = identifier.split("-", 2)[-1]
            self.widgets.pop(key, None)
            if not getattr(getattr(laid, kind), "disabled", False):
                self.widgets[key] = identifier


def _put(url: str, name: str, content: bytes) -> None:
    """Send a file as a browser does, with the token that the server gave it."""
    server = url.partition("/_stcore/")[0]
    with urlopen(f"{server}/_stcore/health") as given:
        token = given.headers["set-cookie"].split(";")[0].partition("=")[2]
    headers = {
        "X-Xsrftoken": token,
        "Cookie": f"_streamlit_xsrf={token}",
        "Origin": server,
        "Content-Type": f"multipart/form-data; boundary={token_hex(16)}",
    }
    mark = headers["Content-Type"].partition("=")[2].encode()
    head = b'--%b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n' % (mark, name.encode())
    try:
        urlopen(Request(url, head + content + b"\r\n--%b--\r\n" % mark, headers, method="PUT")).close()
    except HTTPError as error:
        failed = f"{url} takes no file: {error}"
        raise RuntimeError(failed) from error


@asynccontextmanager
async def session(url: str, page: str = "", cookie: str = "") -> AsyncIterator[Session]:
    """Open a session with a page of the dashboard at `url`, on this machine only, and run it once."""
    assert urlsplit(url).hostname == LOOPBACK, f"{url} is not on this machine."
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    start = time.perf_counter()
    async with connect(
        address,
        additional_headers={"Cookie": cookie},
        origin=Origin(url),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        compression=None,
        ping_interval=None,
    ) as socket:
        opened = Session(socket, url, page)
        await opened.rerun()
        opened.first = time.perf_counter() - start
        yield opened


class Crowd(NamedTuple):
    """The seconds that readers waited: for their first run each, and for every rerun."""

    first: list[float]
    reruns: list[float]


async def crowd(
    url: str, page: str, sessions: int, visits: Sequence[str], think: float, cookies: Sequence[str] = ("",)
) -> Crowd:
    """Let several readers at once make all the visits, who think for `think` seconds on average in between.

    They come one after another within that time, each with one of the `cookies`; whatever fails for any is raised.
    """
    readers = (_reader(url, page, chance, visits, think, cookie) for chance, cookie in _chances(sessions, cookies))
    taken = await asyncio.gather(*readers)
    return Crowd([first for first, _ in taken], [seconds for _, times in taken for seconds in times])


def _chances(number: int, cookies: Sequence[str]) -> Iterator[tuple[random.Random, str]]:
    chances = (random.Random(seed) for seed in range(number))  # noqa: S311 - thinking times are no secret
    return zip(chances, itertools.cycle(cookies), strict=False)


async def _reader(
    url: str, page: str, chance: random.Random, visits: Sequence[str], think: float, cookie: str
) -> tuple[float, list[float]]:
    taken: list[float] = []
    await asyncio.sleep(chance.uniform(0, think))
    async with session(url, page, cookie) as reader:
        end = time.perf_counter() + LONGEST
        for query in chance.sample(visits, len(visits)):
            if time.perf_counter() > end:
                break
            await asyncio.sleep(chance.expovariate(1 / think))
            taken.append(await reader.rerun(query))
        return reader.first, taken
