"""The porter: every request and every message is let through, sent to sign in, or refused, before any page hears of it.

Without a sign-in only this machine is answered. With one, nothing is served to who is not signed in but the page at
which one signs in; a session that ends takes the screen back to that page, and whoever signs in again comes back to
where they were.
"""

import asyncio
import contextlib
import ipaddress
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from data import audit, sessions
from data.access import Viewer
from data.keeping import WriteError
from data.store import default_store
from pages.parts import doorway, signing, ways
from pages.parts.ways import Way

SIGN_IN, ENTER = doorway.PLACE, f"{doorway.PLACE}/enter"
LOGIN, CALLBACK, LOGOUT = "/auth/login", ways.CALLBACK, "/auth/logout"
# What the browser asks before it opens its connection again, which then tells it to sign in: nothing of anybody.
OPEN = ("/_stcore/health", "/_stcore/host-config", "/readyz")
IDENTITY = "_streamlit_user"
RETURN, SHUT_OUT = "cadre_to", "cadre_login"
MINUTES_TO_SIGN_IN = 10
LOOK_AGAIN_SECONDS = 10
FAREWELL_SECONDS = 10
ACTING = ("/media/", "/_stcore/upload_file/")
NOBODY = "Sign in first. 请先登录。"
ONLY_HERE = (
    "Nobody has to sign in to this dashboard, so it answers this machine alone: open it by http://127.0.0.1, not "
    "through a proxy, or set up a sign-in (README). "
    "本系统未启用登录，只限本机访问：请在本机以 http://127.0.0.1 打开，不要经过代理；"
    "需供他人使用的，请先配置登录（见 README）。"
)
NOT_THE_PROXY = (
    "This dashboard is opened through its proxy alone, and {address} is not the proxy. "
    "本系统只能通过统一入口访问，{address} 不是该入口。"
)
NOT_KNOWN = (
    "From where this connection comes is not known, as the server takes it from X-Forwarded-For; start it with "
    "FORWARDED_ALLOW_IPS= (empty). 无法确认连接来源，请以 FORWARDED_ALLOW_IPS=（空值）重新启动服务。"
)


class Porter:
    """Stands before the application; `way` tells how one signs in."""

    def __init__(self, app: ASGIApp, way: Callable[[], Way] = signing.way) -> None:
        """Stand before `app`."""
        self.app, self.way = app, way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or connection, or pass it on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        way = self.way()
        refused = refusal(way, scope)
        if refused:
            await _answer(PlainTextResponse(refused, 403), scope, receive, send)
        elif way.kind == "none":
            await self.app(scope, receive, send)
        elif scope["path"] in OPEN:
            await self.app(scope, receive, _sealing(way, send))
        else:
            await self._signed(_Caller(way, HTTPConnection(scope)), scope, receive, _sealing(way, send))

    async def _signed(self, caller: "_Caller", scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["type"] == "websocket":
                await self._talk(caller, scope, receive, send)
                return
            answer = await self._own(caller, scope["path"])
            if answer is None and scope["path"] in (LOGIN, CALLBACK, LOGOUT):
                await self.app(scope, receive, _coming_back(caller, scope["path"], send))
                return
            app = answer or await self._turned_away(caller, scope) or self.app
        except WriteError as error:
            app = PlainTextResponse(str(error), 503)
        await app(scope, receive, send)

    async def _own(self, caller: "_Caller", path: str) -> Response | None:
        """Answer what concerns signing in alone; None for anything else."""
        if path == SIGN_IN:
            return await run_in_threadpool(caller.door)
        if path == ENTER:
            return await run_in_threadpool(caller.enter)
        if path == LOGOUT:
            if caller.http.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                return PlainTextResponse(NOBODY, 403)
            await run_in_threadpool(sessions.end, default_store(), caller.token)
            if caller.way.kind == "headers":
                answer = RedirectResponse(doorway.HOME, 303)
                caller.gone(answer.headers)
                return answer
        return None

    async def _turned_away(self, caller: "_Caller", scope: Scope) -> Response | None:
        """Let who is signed in pass, as None; send a reader to sign in and tell everything else to."""
        opened = scope["method"] == "GET" and "text/html" in caller.http.headers.get("accept", "")
        try:
            acting = opened or scope["path"].startswith(ACTING)
            await run_in_threadpool(caller.live, acting=acting)
        except sessions.EndedError as error:
            if not opened:
                return PlainTextResponse(NOBODY, 401)
            return caller.sent_to_sign_in(caller.here(), error.reason)
        except signing.ShutOutError as error:
            if not opened:
                return PlainTextResponse(NOBODY, 401)
            answer = RedirectResponse(doorway.HOME, 303)
            caller.shut_out(answer.headers, caller.here(), error.login)
            return answer
        return None

    async def _talk(self, caller: "_Caller", scope: Scope, receive: Receive, send: Send) -> None:
        try:
            viewer = await run_in_threadpool(caller.live)
        except (sessions.EndedError, signing.ShutOutError) as error:
            await _farewell(receive, send, scope.get("subprotocols", ()), _reason(error))
            return
        talk = _Talk(caller, viewer, receive, send)
        watching = asyncio.create_task(talk.watch(), name="session-watch")
        try:
            await self.app(scope, talk.hear, talk.tell)
        finally:
            watching.cancel()


@dataclass(frozen=True, slots=True)
class _Caller:
    """Whoever asks: what their browser, and the proxy before it, says of them."""

    way: Way
    http: HTTPConnection

    @property
    def token(self) -> str:
        return self.http.cookies.get(self.way.cookie, "")

    def live(self, *, acting: bool = False) -> Viewer:
        """Give what they see and may do; EndedError without a session, ShutOutError where nobody lets them in."""
        session = sessions.live(default_store(), self.token, self.way.lengths, acting=acting)
        if self.way.kind == "headers" and session.login != self.told("login"):
            raise sessions.EndedError(sessions.UNKNOWN)
        return signing.let_in(session.login, session.groups)

    def told(self, what: str) -> str:
        """Give what the proxy says of them; it writes UTF-8, which HTTP reads as Latin-1."""
        header = self.way.named.get(what, "")
        text = self.http.headers.get(header, "") if header else ""
        with contextlib.suppress(UnicodeError):
            text = text.encode("latin-1").decode()
        return text.strip()

    def here(self) -> str:
        """The address that they ask for."""
        query = self.http.scope.get("query_string", b"").decode("latin-1")
        path = quote(self.http.scope["path"])
        return doorway.back_to(f"{path}?{query}" if query else path)

    def back(self) -> str:
        """The address that they shall come back to."""
        return doorway.back_to(self.http.query_params.get("to"))

    def sent_to_sign_in(self, to: str, reason: str) -> Response:
        """Send them to sign in; whom a proxy knows and who has not been here before, right in."""
        if not self.token and self.way.kind == "headers":
            return RedirectResponse(doorway.address(to, place=ENTER), 303)
        return RedirectResponse(doorway.address(to, reason if self.token else ""), 303)

    def door(self) -> Response:
        """Show the page at which one signs in; who is signed in already need not."""
        with contextlib.suppress(sessions.EndedError, signing.ShutOutError):
            self.live()
            return RedirectResponse(self.back(), 303)
        to, why = self.back(), self.http.query_params.get("why", "")
        several = self.way.providers if len(self.way.providers) > 1 else ("",)
        enter = {name: doorway.address(to, place=ENTER, provider=name) for name in several}
        login = unquote(self.http.cookies.get(SHUT_OUT, ""))
        page = doorway.page(why, to, enter, self.way.lengths, self.way.ask, login)
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    def enter(self) -> Response:
        """Begin to sign in: at the provider of identities, or as whom the proxy names."""
        if self.way.kind == "oidc":
            asked = self.http.query_params.get("provider", "")
            provider = asked if asked in self.way.providers else self.way.providers[0]
            answer = RedirectResponse(generate_login_redirect_url(provider), 303)
            _give(answer.headers, RETURN, quote(self.back()), MINUTES_TO_SIGN_IN * 60)
            return answer
        if not self.told("login"):
            return PlainTextResponse(NOBODY, 401)
        answer = RedirectResponse(self.back(), 303)
        groups = tuple(filter(None, map(str.strip, self.told("groups").split(","))))
        self.begin(answer.headers, self.back(), self.told("login"), self.told("name"), groups)
        return answer

    def begin(
        self,
        headers: MutableHeaders,
        to: str,
        login: str,
        name: str,
        groups: tuple[str, ...],
        token_until: float | None = None,
    ) -> None:
        """Begin a session and let an answer's headers give its token and lead back; or say that nobody lets them in."""
        store = default_store()
        try:
            signing.let_in(login, groups)
        except signing.ShutOutError:
            audit.note(store, "shut out", login, self.way.kind)
            self.shut_out(headers, to, login)
            return
        sessions.end(store, self.token)
        token = sessions.begin(store, login, name or login, groups, self.way.kind, token_until)
        headers["location"] = to
        _give(headers, self.way.cookie, token, round(self.way.lengths.hours * 3600))
        _take(headers, SHUT_OUT)

    def shut_out(self, headers: MutableHeaders, to: str, login: str) -> None:
        """Tell somebody whom nobody lets in; their login goes by a cookie, as anybody could write it into a link."""
        headers["location"] = doorway.address(to, sessions.REFUSED)
        _give(headers, SHUT_OUT, quote(login), MINUTES_TO_SIGN_IN * 60)
        _take(headers, self.way.cookie)

    def returned(self, headers: MutableHeaders) -> None:
        """Turn what Streamlit answers to somebody who comes back from the provider into the begin of a session."""
        claims = _claims(headers)
        named = self.way.named
        to = doorway.back_to(unquote(self.http.cookies.get(RETURN, "")))
        _take(headers, RETURN)
        if login := self.told_by_provider(claims):
            groups = claims.get(named["groups"], ())
            told = tuple(map(str, groups)) if isinstance(groups, list | tuple) else (str(groups),)
            self.begin(headers, to, login, str(claims.get(named["name"], "")), told, _moment(claims.get("exp")))
        else:
            asked = self.http.query_params
            why = doorway.FAILED if claims or asked.keys() & {"code", "error"} else sessions.OUT
            headers["location"] = doorway.address(to, why)

    def told_by_provider(self, claims: Mapping[str, Any]) -> str:
        """Give the login of somebody who comes back; of several providers each tells only its own people apart."""
        login = str(claims.get(self.way.named["login"], ""))
        if not login or len(self.way.providers) == 1:
            return login
        issuer = str(claims.get("iss", ""))
        return f"{login}@{issuer}" if issuer else ""

    def gone(self, headers: MutableHeaders) -> None:
        """Take the token back from somebody who signs out; without a page of the provider, say that they did."""
        _take(headers, self.way.cookie)
        if headers.get("location") == doorway.HOME:
            headers["location"] = doorway.address(doorway.HOME, sessions.OUT)


class _Talk:
    """One open connection: its messages go through as long as the session lasts, then the screen is sent away.

    So it is where its owner sees or may do something else by now: what stands on the screen was theirs before.
    """

    def __init__(self, caller: _Caller, viewer: Viewer, receive: Receive, send: Send) -> None:
        """Stand between a browser, whose owner is `viewer`, and the application."""
        self.caller, self.viewer, self.receive, self.send = caller, viewer, receive, send
        self.heard, self.over = False, False

    async def hear(self) -> Message:
        """Give the application the next message, unless the session is over."""
        message = await self.receive()
        if message["type"] != "websocket.receive":
            return message
        if not self.over and await self.lasts(acting=self._noted(message)):
            return message
        await self.receive()  # the browser leaves for the page at which one signs in
        return {"type": "websocket.disconnect", "code": 1008}

    async def tell(self, message: Message) -> None:
        """Send what the application says, unless the session is over."""
        if not self.over:
            await self.send(message)

    async def watch(self) -> None:
        """Send the screen away once the session is over, though nobody does anything."""
        while not self.over:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            with contextlib.suppress(WriteError):  # the next look, or the next message, tells
                await self.lasts(acting=False)

    async def lasts(self, *, acting: bool) -> bool:
        """Whether the session lasts as it was; where not, the screen is sent away."""
        try:
            viewer = await run_in_threadpool(self.caller.live, acting=acting)
        except (sessions.EndedError, signing.ShutOutError) as error:
            await self._sent_away(_reason(error))
        else:
            if (viewer, viewer.may) != (self.viewer, self.viewer.may):
                await self._sent_away("")
        return not self.over

    async def _sent_away(self, reason: str) -> None:
        if not self.over:
            self.over = True
            await self.send(_leave(reason))

    def _noted(self, message: Message) -> bool:
        """Whether a message is an action of a person: what a screen asks for by itself is none, nor its first word."""
        state = _state(message)
        first, self.heard = not self.heard, True
        if state is None:
            return False
        return not (first or state.is_auto_rerun)


def _reason(error: Exception) -> str:
    """Why a session is over."""
    return error.reason if isinstance(error, sessions.EndedError) else sessions.REFUSED


def refusal(way: Way, scope: Scope) -> str:
    """Say why a request or connection is not answered at all, whoever makes it; nothing where it may be."""
    headers = Headers(scope=scope)
    client, server = ((scope.get(end) or ("", 0))[0] for end in ("client", "server"))
    forwarded = list(_forwarded(headers))
    if way.kind == "none":
        told = (client, server, _host(headers.get("host", "")), *forwarded)
        return "" if all(map(ways.is_loopback, told)) else ONLY_HERE
    if way.kind == "oidc" or scope["path"] in OPEN:
        return ""
    if client in forwarded:
        return NOT_KNOWN
    return "" if _is_one_of(client, way.proxies) else NOT_THE_PROXY.format(address=client)


def _is_one_of(address: str, networks: tuple[ways.IP, ...]) -> bool:
    try:
        return any(ipaddress.ip_address(address) in network for network in networks)
    except ValueError:
        return False


def _forwarded(headers: Headers) -> Iterator[str]:
    """Name every machine that a proxy says a request came from or was meant for."""
    for name in ways.FORWARDED:
        for value in ",".join(headers.getlist(name)).replace(";", ",").split(","):
            key, _, told = value.strip().partition("=") if name == "forwarded" else ("for", "", value)
            if key.strip().lower() in ("for", "host", "by") and told.strip():
                yield _host(told.strip().strip('"'))


def _host(text: str) -> str:
    """Give the name or address of `name:port`, `address`, `[address]:port`; empty where it is none of them."""
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(text))
    with contextlib.suppress(ValueError):
        return urlsplit(f"//{text}").hostname or ""
    return ""


async def _answer(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or refuse a connection."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await answer(scope, receive, send)


async def _farewell(receive: Receive, send: Send, subprotocols: Sequence[str], reason: str) -> None:
    """Tell a screen that opens its connection again without a session to go and sign in; nothing else is heard."""
    await receive()
    await send({"type": "websocket.accept", "subprotocol": next(iter(subprotocols), None), "headers": []})
    await send(_leave(reason))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            await receive()
    with contextlib.suppress(RuntimeError):  # the browser may have left by itself
        await send({"type": "websocket.close", "code": 1008})


def _leave(reason: str) -> Message:
    """What sends a screen away: whoever signed out, to do so at the provider too, everybody else to where they are.

    There the address with all that was chosen is answered by the page at which one signs in.
    """
    said = ForwardMsg()
    said.auth_redirect.url = LOGOUT if reason == sessions.OUT else ""
    return {"type": "websocket.send", "bytes": said.SerializeToString()}


def _state(message: Message) -> ClientState | None:
    """What a message that asks for a page says of the screen; None for any other message."""
    said = BackMsg()
    with contextlib.suppress(DecodeError):
        said.ParseFromString(message.get("bytes") or b"")
        if said.WhichOneof("type") == "rerun_script":
            return said.rerun_script
    return None


def _claims(headers: MutableHeaders) -> dict[str, Any]:
    """What the provider says of somebody, as Streamlit has just put it into its signed cookies; else nothing."""
    given = SimpleCookie()
    for line in headers.getlist("set-cookie"):
        given.load(line)

    def single(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, given[name].value) if name in given else None

    whole = get_cookie_with_chunks(single, IDENTITY)
    claims: dict[str, Any] = json.loads(whole) if whole else {}
    return claims


def _moment(told: object) -> float | None:
    return float(told) if isinstance(told, int | float) and not isinstance(told, bool) else None


def _give(headers: MutableHeaders, name: str, value: str, seconds: int) -> None:
    headers.append("set-cookie", f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; Secure; SameSite=Lax")


def _take(headers: MutableHeaders, name: str) -> None:
    _give(headers, name, "", 0)


def _coming_back(caller: _Caller, path: str, send: Send) -> Send:
    """Change what Streamlit answers to who comes back from the provider, and to who signs out."""

    async def changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if path == CALLBACK:
                await run_in_threadpool(caller.returned, headers)
            elif path == LOGOUT:
                caller.gone(headers)
        await send(message)

    return changed


def _sealing(way: Way, send: Send) -> Send:
    """Make every cookie go by https alone, with no request of another site, and no longer than a session."""
    longest = round(way.lengths.hours * 3600)

    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            cookies = headers.getlist("set-cookie")
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", _sealed(cookie, longest))
        await send(message)

    return sealed


def _sealed(cookie: str, longest: int) -> str:
    first, *parts = (part.strip() for part in cookie.split(";"))
    attributes = {name.lower(): (name, value) for name, _, value in (part.partition("=") for part in parts)}
    attributes["secure"] = "Secure", ""
    attributes.setdefault("samesite", ("SameSite", "Lax"))
    if "max-age" in attributes:
        attributes["max-age"] = "Max-Age", str(min(longest, int(attributes["max-age"][1])))
    return "; ".join([first, *(f"{name}={value}" if value else name for name, value in attributes.values())])
