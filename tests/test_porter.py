"""What a real server says to who is signed in, to who is not, and to who is no longer."""

import asyncio
import http.client
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from data import audit, sessions
from data.store import Store
from pages.parts import porter, ways
from tests.awaited import awaited
from tests.identities import let_in, settings
from tests.server import HOUSE, LOOPBACK, PAGES, UVICORN, get, serving

READER = {"Accept": "text/html"}
COOKIE = "cadre"
MINUTE = 60.0
LEAVE = ForwardMsg()
LEAVE.auth_redirect.url = ""
"""What sends a screen to the address at which it is, which the server then answers by the page to sign in at."""
BY_HEADERS = {
    "STREAMLIT_SERVER_TRUSTED_USER_HEADERS": '{"X-Remote-User": "login", "X-Remote-Name": "name"}',
    "CADRE_PROXY": "127.0.0.2",
    "FORWARDED_ALLOW_IPS": "",
}


@pytest.fixture(scope="module")
def store(cadre_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The twelve people, apart, as sessions are written beside them."""
    own = Store(shutil.copytree(cadre_store.root, tmp_path_factory.mktemp("signed") / "store"))
    let_in(own, "zhang.san", "wang.wu")
    return own


@pytest.fixture(scope="module")
def url(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard that people sign in to at a provider that does not answer."""
    with serving(store.root, settings=settings(tmp_path_factory.mktemp("secrets"))) as address:
        yield address


@pytest.fixture(scope="module")
def proxied(store: Store) -> Iterator[str]:
    """A dashboard that a proxy at 127.0.0.2 signs people in to."""
    with serving(store.root, settings=BY_HEADERS) as address:
        yield address


@pytest.fixture
def token(store: Store) -> str:
    """A session of somebody invented."""
    return sessions.begin(store, "zhang.san", "张三", ("planner",), "oidc")


def cookie(token: str) -> dict[str, str]:
    """The header by which a browser shows a token."""
    return {"Cookie": f"{COOKIE}={token}"}


@contextmanager
def talking(url: str, token: str = "") -> Iterator[ClientConnection]:
    """A connection of a browser to the dashboard."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    spoken = [Subprotocol("streamlit")]
    with connect(
        address, origin=Origin(url), additional_headers=cookie(token), subprotocols=spoken, max_size=None
    ) as socket:
        yield socket


def run(socket: ClientConnection, page: str = "overview?lang=en", *, by_itself: bool = False) -> None:
    """Ask for a page as a browser does; `by_itself` as it does without anybody."""
    asked = BackMsg()
    asked.rerun_script.page_name, _, asked.rerun_script.query_string = page.partition("?")
    asked.rerun_script.is_auto_rerun = by_itself
    socket.send(asked.SerializeToString())


def heard(socket: ClientConnection) -> list[ForwardMsg]:
    """What is said until a page is whole, or the connection is sent away."""
    messages: list[ForwardMsg] = []
    while not messages or messages[-1].WhichOneof("type") not in ("script_finished", "auth_redirect"):
        messages.append(ForwardMsg.FromString(socket.recv(30, decode=False)))
    return messages


def again(socket: ClientConnection) -> list[ForwardMsg]:
    """What is said when a page is asked for once more."""
    run(socket)
    return heard(socket)


def kinds(messages: list[ForwardMsg]) -> set[str | None]:
    """Of which kinds messages are."""
    return {message.WhichOneof("type") for message in messages}


def age(store: Store, login: str, seconds: float) -> None:
    """Let the sessions of a login be seen last some seconds earlier."""
    with closing(sqlite3.connect(store.sessions)) as rows, rows:
        rows.execute("UPDATE session SET seen = seen - ? WHERE person = ?", (seconds, login))


def last_seen(store: Store) -> float:
    """When the last session was last seen, as the file has it."""
    with closing(sqlite3.connect(store.sessions)) as rows:
        (moment,) = rows.execute("SELECT seen FROM session ORDER BY began DESC").fetchone()
    return float(moment)


@pytest.mark.promise("signing.nothing_unsigned")
def test_a_server_just_started_serves_no_page_to_who_is_not_signed_in(url: str) -> None:
    told = [(get(f"{url}/{page}?unit=001", READER), get(f"{url}/{page}")) for page in ("", *PAGES, "no_such_page")]
    assert {(reader[0], other[0]) for reader, other in told} == {(303, 401)}
    assert {reader[2] for reader, _ in told} == {""}
    assert told[1][0][1]["location"] == f"/signin?to=%2F{PAGES[0]}%3Funit%3D001"


@pytest.mark.promise("signing.nothing_unsigned")
@pytest.mark.parametrize("page", ["overview", "intake", "present"])
def test_a_connection_without_a_session_is_told_to_sign_in_and_nothing_else(url: str, page: str) -> None:
    with talking(url) as socket:
        run(socket, f"{page}?lang=en")
        (said,) = heard(socket)
        assert said == LEAVE
        with pytest.raises(ConnectionClosed):
            again(socket)


@pytest.mark.promise("signing.nothing_unsigned")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_no_file_is_taken_from_who_is_not_signed_in(url: str, method: str) -> None:
    assert get(f"{url}/_stcore/upload_file/{'0' * 36}/{'0' * 36}", {"Origin": url}, method)[0] == 401


@pytest.mark.parametrize("path", ["static/js/index.js", "component/x/index.html", "_stcore/bidi-components/x"])
def test_nothing_of_the_program_is_served_to_who_is_not_signed_in(url: str, path: str) -> None:
    assert get(f"{url}/{path}")[0] == 401


def test_who_is_signed_in_gets_pages(url: str, token: str) -> None:
    assert get(f"{url}/overview", READER | cookie(token))[0] == 200
    with talking(url, token) as socket:
        run(socket)
        said = heard(socket)
    assert "delta" in kinds(said)
    assert "张三" in b"".join(message.SerializeToString() for message in said).decode(errors="replace")


@pytest.mark.promise("signing.ends")
def test_a_screen_whose_session_is_idle_is_sent_to_sign_in_and_back_to_where_it_was(
    url: str, store: Store, token: str
) -> None:
    with talking(url, token) as socket:
        run(socket, "age_ladder?lang=en&unit=001")
        heard(socket)
        age(store, "zhang.san", 30 * MINUTE)
        run(socket, "age_ladder?lang=en&unit=002")
        said = heard(socket)
    assert "delta" not in kinds(said)
    assert said[-1] == LEAVE
    sent = get(f"{url}/age_ladder?lang=en&unit=002", READER | cookie(token))[1]["location"]
    assert sent == "/signin?to=%2Fage_ladder%3Flang%3Den%26unit%3D002&why=idle"


@pytest.mark.promise("roles.rows")
@pytest.mark.parametrize("role", ["leader", None])
def test_a_screen_whose_owner_may_less_by_now_does_nothing_and_is_sent_for_a_new_one(
    url: str, store: Store, token: str, role: str | None
) -> None:
    let_in(store, "zhang.san")
    with talking(url, token) as socket:
        run(socket)
        heard(socket)
        let_in(store, "zhang.san", role=role, units=())
        run(socket)
        said = heard(socket)
    let_in(store, "zhang.san")
    assert "delta" not in kinds(said)
    assert said[-1] == LEAVE


@pytest.mark.promise("signing.ends")
def test_a_screen_that_nobody_touches_is_sent_away_when_its_session_ends(
    store: Store, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADRE_STORE", str(store.root))
    monkeypatch.setattr(porter, "LOOK_AGAIN_SECONDS", 0.01)
    sent: list[Message] = []
    left = asyncio.Event()

    async def silence() -> Message:
        return {"type": "websocket.connect"} if not sent else await asyncio.Event().wait()  # type: ignore[return-value]

    async def keep(message: Message) -> None:
        sent.append(message)
        if len(sent) == 2:
            left.set()

    async def screen(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        age(store, "zhang.san", 30 * MINUTE)
        await left.wait()
        await send({"type": "websocket.send", "bytes": b"a name"})

    asked = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"cookie", f"cadre={token}".encode())]}
    awaited(porter.Porter(screen, lambda: ways.Way("oidc"))(asked, silence, keep))
    assert sent == [{"type": "websocket.accept"}, {"type": "websocket.send", "bytes": LEAVE.SerializeToString()}]


def test_what_a_screen_asks_for_by_itself_prolongs_nothing(url: str, store: Store, token: str) -> None:
    with talking(url, token) as socket:
        run(socket)
        heard(socket)
        age(store, "zhang.san", 20 * MINUTE)
        then = last_seen(store)
        run(socket, by_itself=True)
        heard(socket)
        assert last_seen(store) == then
        run(socket)
        heard(socket)
        assert last_seen(store) > then


@pytest.mark.promise("signing.everywhere")
def test_a_session_holds_in_every_process_and_ends_in_all_at_the_next_action(
    url: str, store: Store, token: str, tmp_path: Path
) -> None:
    with serving(store.root, UVICORN, settings=settings(tmp_path)) as other, talking(url, token) as socket:
        run(socket)
        assert "delta" in kinds(heard(socket))
        assert get(f"{other}/overview", READER | cookie(token))[0] == 200
        command = [sys.executable, "-m", "data", "signout", "zhang.san", "--store", str(store.root)]
        subprocess.run(command, cwd=HOUSE, check=True, capture_output=True)
        assert get(f"{other}/overview", READER | cookie(token))[1]["location"].endswith("why=everywhere")
        run(socket)
        said = heard(socket)
        assert said[-1] == LEAVE
        assert "delta" not in kinds(said)


def test_who_signs_out_has_no_session_any_more_and_it_is_entered(url: str, store: Store, token: str) -> None:
    assert get(f"{url}/auth/logout", cookie(token) | {"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert get(f"{url}/overview", READER | cookie(token))[0] == 200
    status, headers, _ = get(f"{url}/auth/logout", cookie(token))
    assert (status, headers["location"]) == (302, "/signin?to=%2F&why=out")
    assert get(f"{url}/overview", cookie(token))[0] == 401
    (entry,) = audit.of(store, last=1)
    assert (entry.who, entry.act) == ("zhang.san", "signed out")


def test_the_page_to_sign_in_at_leads_who_is_signed_in_back(url: str, token: str) -> None:
    status, headers, page = get(f"{url}/signin?to=/rotation%3Flang=en")
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert "<h1>Cadre workforce</h1>" in page
    assert get(f"{url}/signin?to=/rotation", cookie(token))[1]["location"] == "/rotation"
    assert get(f"{url}/signin?to=https://evil.example", cookie(token))[1]["location"] == "/"


@pytest.mark.promise("signing.loopback")
@pytest.mark.parametrize("named", [{"X-Forwarded-For": "10.1.2.3"}, {"Forwarded": "for=10.1.2.3"}])
def test_a_server_without_a_sign_in_does_not_answer_through_a_proxy(app_url: str, named: dict[str, str]) -> None:
    status, _, said = get(f"{app_url}/overview", named)
    assert (status, "set up a sign-in" in said, "请先配置登录" in said) == (403, True, True)
    assert get(f"{app_url}/overview")[0] == 200


@pytest.mark.promise("signing.loopback")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}, "can be reached from other machines"),  # noqa: S104 - refused
        ({**BY_HEADERS, "CADRE_PROXY": ""}, "CADRE_PROXY"),
    ],
)
def test_a_server_that_others_could_misuse_does_not_start(store: Store, given: dict[str, str], said: str) -> None:
    with pytest.raises(RuntimeError, match=said), serving(store.root, settings=given):
        pass


def through(
    source: str, url: str, headers: dict[str, str], path: str = "/overview?lang=en"
) -> tuple[int, dict[str, str]]:
    """Ask from another address of this machine, as a proxy would; status and headers of the answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, source_address=(source, 0), timeout=30)
    try:
        connection.request("GET", path, None, headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in reversed(answer.getheaders())}
    finally:
        connection.close()


@pytest.mark.promise("signing.proxy")
def test_headers_sign_in_whom_the_proxy_names_and_nobody_else(proxied: str, store: Store) -> None:
    named = {"X-Remote-User": "wang.wu", "X-Remote-Name": "王五".encode().decode("latin-1"), **READER}
    assert through(LOOPBACK, proxied, named)[0] == 403
    status, headers = through("127.0.0.2", proxied, named)
    assert (status, headers["location"]) == (303, "/signin/enter?to=%2Foverview%3Flang%3Den")
    status, headers = through("127.0.0.2", proxied, named, headers["location"])
    assert (status, headers["location"]) == (303, "/overview?lang=en")
    given = {"Cookie": headers["set-cookie"].partition(";")[0]}
    assert through("127.0.0.2", proxied, named | given)[0] == 200
    assert through("127.0.0.2", proxied, named | given | {"X-Remote-User": "zhao.liu"})[0] == 303
    assert through("127.0.0.2", proxied, READER | given)[0] == 303
    assert through(LOOPBACK, proxied, named | given)[0] == 403
    assert through("127.0.0.2", proxied, named | {"X-Forwarded-For": "127.0.0.2"})[0] == 403
    session = sessions.live(store, given["Cookie"].partition("=")[2], sessions.Lengths())
    assert (session.login, session.name) == ("wang.wu", "王五")


@pytest.mark.promise("signing.let_in")
def test_whom_nobody_lets_in_gets_no_session_and_is_told_whom_to_ask(proxied: str, store: Store) -> None:
    named = {"X-Remote-User": "qian.qi", **READER}
    status, headers = through("127.0.0.2", proxied, named, "/signin/enter?to=/overview")
    assert (status, headers["location"]) == (303, "/signin?to=%2Foverview&why=refused")
    assert headers["set-cookie"].startswith("cadre_login=qian.qi;")
    (entry,) = audit.of(store, who="qian.qi")
    assert entry.act == "shut out"


@pytest.mark.promise("signing.let_in")
def test_who_is_let_in_no_longer_is_out_at_once(proxied: str, store: Store) -> None:
    let_in(store, "zhou.jiu")
    named = {"X-Remote-User": "zhou.jiu", **READER}
    headers = through("127.0.0.2", proxied, named, "/signin/enter?to=/overview")[1]
    given = {"Cookie": headers["set-cookie"].partition(";")[0]}
    assert through("127.0.0.2", proxied, named | given)[0] == 200
    let_in(store, "zhou.jiu", role=None, units=())
    assert through("127.0.0.2", proxied, named | given)[1]["location"].endswith("why=refused")
