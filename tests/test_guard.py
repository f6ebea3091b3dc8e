"""What stands before every answer: who may ask, what is hidden, which headers there are, what a failure tells."""

import http.client
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import streamlit
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from data.store import Store
from pages.parts import guard, look
from tests.awaited import awaited
from tests.server import get, serving

HERE = "127.0.0.1:8501"
HOSTS = ["127.0.0.1", "dashboard.example", "*.inner.example"]
TRUSTED = ["https://portal.example"]
INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
NAME_OF_A_PERSON = "李样丁"


class Asked:
    """One request to the guard before a small application, and what came back."""

    def __init__(self, path: str = "/", kind: str = "http", client: str = "127.0.0.1", **headers: str) -> None:
        """Name its path, who sends it and its headers."""
        self.sent: list[dict[str, Any]] = []
        named = {"host": HERE} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.scope: Scope = {
            "type": kind,
            "path": path,
            "method": "GET",
            "client": (client, 50_000),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
            "extensions": {"websocket.http.response": {}},
        }

    def of(self, app: Any) -> "Asked":
        """Ask an application behind the guard."""
        awaited(guard.Guard(app, lambda: HOSTS, lambda: TRUSTED, INDEX)(self.scope, self._receive, self._send))
        return self

    async def _receive(self) -> dict[str, Any]:
        return {"type": "websocket.connect" if self.scope["type"] == "websocket" else "http.request"}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        """The status of the answer; 101 where a websocket is opened."""
        return int(self.sent[0].get("status", 101))

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def text(self) -> str:
        """The body of the answer."""
        return b"".join(message.get("body", b"") for message in self.sent).decode()


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers everything."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept", "headers": []})
    else:
        await PlainTextResponse("a page")(scope, receive, send)


async def closing(_: Scope, __: Receive, send: Send) -> None:
    """An application that closes a websocket before it is open."""
    await send({"type": "websocket.close", "code": 1008})


async def failing(*_: object) -> None:
    """An application that fails, with a name in what it says of that."""
    try:
        dict[str, str]()[NAME_OF_A_PERSON]
    except KeyError as error:
        message = f"nobody is called {NAME_OF_A_PERSON}"
        raise ValueError(message) from error


def every_header() -> Mapping[str, str]:
    """What every answer must carry."""
    sets = {"Content-Security-Policy": guard.policy(INDEX), **guard.HEADERS}
    return {name.lower(): value for name, value in sets.items()}


# --- headers --------------------------------------------------------------------------------------------------------

ANSWERS = ["", "readyz", "_stcore/health", "age_ladder", "static/none.js", "media/none", "..%2f..%2fetc"]


@pytest.mark.promise("door.headers")
@pytest.mark.parametrize("path", [*ANSWERS, "component/none", "_stcore/metrics", "_stcore/upload_file/a/b", "//x"])
def test_every_answer_carries_the_security_headers(app_url: str, path: str) -> None:
    _, headers, text = get(f"{app_url}/{path}")
    assert every_header().items() <= headers.items()
    assert "Traceback" not in text
    assert not any(sign.isdigit() for sign in headers["server"])


@pytest.mark.promise("door.headers")
@pytest.mark.parametrize(
    "asked",
    [
        Asked().of(pages),
        Asked(host="elsewhere.example").of(pages),
        Asked(origin="https://elsewhere.example").of(pages),
        Asked("/_stcore/metrics").of(pages),
        Asked().of(failing),
        Asked("/_stcore/stream", "websocket", origin=f"http://{HERE}").of(pages),
        Asked("/_stcore/stream", "websocket", origin=f"http://{HERE}").of(closing),
        Asked("/_stcore/stream", "websocket").of(pages),
    ],
    ids=["page", "host", "origin", "hidden", "fault", "websocket", "closed websocket", "refused websocket"],
)
def test_refusals_faults_and_websockets_carry_them_too(asked: Asked) -> None:
    assert every_header().items() <= asked.headers.items()


@pytest.mark.promise("door.scripts")
def test_no_script_runs_that_is_not_ours() -> None:
    kinds = dict(kind.split(" ", 1) for kind in guard.policy(INDEX).split("; "))
    assert "unsafe" not in kinds["script-src"]
    assert "data:" not in kinds["script-src"]
    assert kinds["default-src"] == "'self'"
    assert kinds["object-src"] == kinds["frame-ancestors"] == "'none'"


def test_the_scripts_that_may_stand_in_a_page_are_known_by_what_they_say() -> None:
    # echo -n "document.documentElement.lang = 'zh-CN'" | openssl dgst -sha256 -binary | base64
    assert list(guard.digests([look.language_script("zh_CN")])) == [
        "'sha256-qM1UvdBF/OR0ogvR4v6RL48kzILD03WSudA4zNXz8Zk='"
    ]
    assert len(guard.INLINE.findall(INDEX.read_text(encoding="utf-8"))) == 1


# --- who may ask ----------------------------------------------------------------------------------------------------

OPENS = {"http": 200, "websocket": 101}


@pytest.mark.promise("door.own_pages")
@pytest.mark.parametrize("kind", OPENS)
@pytest.mark.parametrize(
    "host", ["elsewhere.example", "", "127.0.0.1.elsewhere.example", "inner.example", "[", "a@b@elsewhere.example"]
)
def test_a_name_that_is_not_the_servers_is_refused(kind: str, host: str) -> None:
    assert Asked(kind=kind, host=host, origin=f"http://{host}").of(pages).status == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:80", "DASHBOARD.example.", "a.inner.example:8501"])
def test_every_name_that_the_server_goes_by_is_answered(host: str) -> None:
    assert Asked(host=host).of(pages).status == 200


@pytest.mark.promise("door.own_pages")
@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "null", "http://127.0.0.1:9999", "http://127.0.0.1", "http://localhost:8501"],
)
@pytest.mark.parametrize("kind", OPENS)
def test_a_page_from_elsewhere_may_not_ask(kind: str, origin: str) -> None:
    assert Asked(kind=kind, origin=origin).of(pages).status == 403


@pytest.mark.promise("door.own_pages")
def test_a_websocket_that_does_not_say_who_asks_is_refused() -> None:
    assert Asked(kind="websocket").of(pages).status == 403
    assert Asked(kind="http").of(pages).status == 200


@pytest.mark.parametrize("origin", [f"http://{HERE}", f"https://{HERE}", *TRUSTED])
@pytest.mark.parametrize("kind", OPENS)
def test_our_own_pages_may_ask_and_those_that_are_named(kind: str, origin: str) -> None:
    assert Asked(kind=kind, origin=origin).of(pages).status == OPENS[kind]


@pytest.mark.promise("door.own_pages")
@pytest.mark.parametrize("origin", [None, "https://elsewhere.example", "http://127.0.0.1:1"])
def test_the_real_server_opens_its_websocket_for_its_own_pages_only(app_url: str, origin: str | None) -> None:
    address = app_url.replace("http", "ws", 1) + "/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused, connect(address, origin=Origin(origin) if origin else None):
        pass
    assert refused.value.response.status_code == 403
    assert (
        every_header().items()
        <= {name.lower(): value for name, value in refused.value.response.headers.items()}.items()
    )
    with connect(address, origin=Origin(app_url)) as opened:
        assert opened.response is not None
        assert opened.response.status_code == 101


# --- what is nobody's business --------------------------------------------------------------------------------------


@pytest.mark.promise("door.closed")
@pytest.mark.parametrize(
    "path",
    ["metrics", "script-health-check", "agent/openapi.json", "agent/mcp", "agent/interact", "agent"],
)
def test_what_tells_strangers_about_the_app_is_closed(app_url: str, path: str) -> None:
    assert get(f"{app_url}/_stcore/{path}")[0] == 404
    assert get(f"{app_url}/age_ladder/_stcore/{path}")[0] == 404


@pytest.mark.promise("door.closed")
@pytest.mark.parametrize(
    "asked",
    [
        Asked("/readyz", client="10.1.2.3"),
        Asked("/readyz/", client="10.1.2.3"),
        Asked("/readyz", client=""),
        Asked("/readyz", x_forwarded_for="10.1.2.3"),
        Asked("/readyz", forwarded="for=10.1.2.3"),
        Asked("/readyz", client="10.1.2.3", authorization="Bearer "),
        Asked("/readyz", client="10.1.2.3", authorization="Bearer wrong"),
    ],
)
def test_readiness_is_told_to_no_stranger(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guard.TOKEN, "")
    assert asked.of(pages).status == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_readiness_is_told_on_the_machine_itself(address: str) -> None:
    assert Asked("/readyz", client=address).of(pages).status == 200


def test_readiness_is_told_to_whoever_has_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guard.TOKEN, "a long secret")
    assert Asked("/readyz", client="10.1.2.3", authorization="Bearer a long secret").of(pages).status == 200
    assert Asked("/readyz", client="10.1.2.3", authorization="Bearer a long").of(pages).status == 404


@pytest.mark.promise("door.closed")
def test_what_every_browser_asks_for_says_nothing_of_the_app(app_url: str) -> None:
    assert get(f"{app_url}/_stcore/health")[2] == "ok"
    told = json.loads(get(f"{app_url}/_stcore/host-config")[2])
    assert told["allowedOrigins"] == []
    assert not any(told.values())


# --- files going up and down ----------------------------------------------------------------------------------------


def put(url: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, str]:
    """Send a file to the server as a browser would; status and text of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("PUT", parts.path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.promise("door.files")
def test_a_file_is_taken_from_nobody_without_a_session_of_theirs(app_url: str) -> None:
    token = get(app_url)[1].get("set-cookie", "")
    address = f"{app_url}/_stcore/upload_file/{'0' * 36}/{'0' * 36}"
    assert put(address, {})[0] == 403
    assert put(address, {"Origin": "https://elsewhere.example"})[0] == 403
    xsrf = get(f"{app_url}/_stcore/health")[1].get("set-cookie", token).split(";")[0].partition("=")[2]
    status, said = put(address, {"X-Xsrftoken": xsrf, "Cookie": f"_streamlit_xsrf={xsrf}", "Origin": app_url})
    assert (status, said.split(".")[0]) == (400, "Invalid session_id")


@pytest.mark.promise("door.files")
@pytest.mark.parametrize("name", ["none", "..%2f..%2fREADME.md", "%00", "a" * 2000, "none.csv?x=<script>"])
def test_a_file_that_was_not_offered_is_not_found(app_url: str, name: str) -> None:
    status, headers, text = get(f"{app_url}/media/{name}")
    assert status in (400, 404)
    assert "<" not in text
    assert headers.get("content-type", "text/plain").startswith("text/plain")


# --- what fails -----------------------------------------------------------------------------------------------------


@pytest.mark.promise("door.no_stack")
def test_a_fault_tells_a_number_that_the_log_has_with_its_place_and_no_name(caplog: pytest.LogCaptureFixture) -> None:
    asked = Asked().of(failing)
    assert asked.status == 500
    number = asked.text.split("fault ")[1][:8]
    assert number in caplog.text
    assert "Traceback" not in asked.text
    assert ".py" not in asked.text
    assert caplog.text.count("in failing") == 2
    assert "builtins.ValueError" in caplog.text
    assert "builtins.KeyError" in caplog.text
    assert NAME_OF_A_PERSON not in asked.text
    assert NAME_OF_A_PERSON not in caplog.text


def test_a_websocket_that_fails_is_noted_and_nothing_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    assert Asked(kind="websocket", origin=f"http://{HERE}").of(failing).sent == []
    assert "builtins.ValueError" in caplog.text


BROKEN = f"""
from pages.parts import answers

NAME = "{NAME_OF_A_PERSON}"

def nobody():
    raise LookupError(NAME)

answers.here = nobody
from dashboard import app
"""


def shown(url: str, query: str) -> list[ForwardMsg]:
    """What the server sends for one run of the page at `url`."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    messages: list[ForwardMsg] = []
    with connect(url.replace("http", "ws", 1) + "/_stcore/stream", origin=Origin(url), max_size=None) as socket:
        socket.send(asked.SerializeToString())
        while not messages or messages[-1].WhichOneof("type") != "script_finished":
            messages.append(ForwardMsg.FromString(socket.recv(30, decode=False)))
    return messages


@pytest.mark.promise("door.no_stack")
def test_a_page_that_fails_says_one_sentence_and_a_number_that_the_log_has(small_city: Store, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN, encoding="utf-8")
    command = ("uvicorn", "broken:app", "--app-dir", str(tmp_path), "--log-level", "warning", "--port")
    logs: list[str] = []
    with serving(small_city.root, command, printed=logs.append) as url:
        sent = [shown(url, query) for query in ("lang=zh_CN", "lang=en")]
    for messages, words in zip(sent, ("页面未能完整显示", "This page could not be shown in full"), strict=True):
        elements = [message.delta.new_element for message in messages if message.WhichOneof("type") == "delta"]
        (said,) = [element.alert.body for element in elements if element.WhichOneof("type") == "alert"]
        assert words in said
        number = re.findall(r"[0-9A-F]{8}", said)
        assert len(number) == 1
        assert logs[0].count(f"fault {number[0]}\n") == 1
        everything = b"".join(message.SerializeToString() for message in messages)
        assert not any(hidden in everything for hidden in (b"Traceback", b"LookupError", NAME_OF_A_PERSON.encode()))
    assert logs[0].count("builtins.LookupError") == 2
    assert "door.py" in logs[0]
    assert NAME_OF_A_PERSON not in logs[0]
