"""What stands before every answer of the server: who may ask at all, and what a browser may do with the answer."""

import base64
import hashlib
import hmac
import logging
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.parts import look, mishap, ways, words

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
"""What Streamlit would tell anybody about the running app; answered as if it were not there."""
PROBED = "/readyz"
"""Only for whoever looks after the server; health and host-config stay open, every reader's browser asks for them."""
TOKEN = "CADRE_PROBE_TOKEN"  # noqa: S105 - the name of the variable
FAILED = (
    "服务器处理请求时出错，已记录（故障编号 {number}），请稍后再试。"
    "Something failed here and was noted (fault {number}); try again in a while."
)
DENIAL = "websocket.http.response"
"""What a server says it can do that refuses a websocket by an answer with headers."""
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class Guard:
    """Refuses what no browser on one of our own pages asks, hides what is nobody's business, and sets the headers.

    `hosts` and `origins` give the names that the server goes by and further addresses whose pages may ask; `page` is
    the HTML that every page begins with, whose own scripts are the only ones written in a page that may run.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Callable[[], Collection[str]],
        origins: Callable[[], Collection[str]],
        page: Path,
    ) -> None:
        """Stand before `app`."""
        self.app, self.hosts, self.origins = app, hosts, origins
        self.headers = {"Content-Security-Policy": policy(page), **HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on; what fails in it is told as a number that the log has too."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "websocket.close" and not begun and DENIAL in scope.get("extensions", {}):
                await PlainTextResponse("Forbidden", 403)(scope, receive, with_headers)
                return
            if message["type"] in ("http.response.start", "websocket.accept", "websocket.http.response.start"):
                begun = True
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        try:
            await (self._refusal(scope) or self.app)(scope, receive, with_headers)
        except Exception as error:  # noqa: BLE001 - whatever fails, nobody but the log is told how
            told = FAILED.format(number=mishap.noted(error))
            if not begun and scope["type"] == "http":
                await PlainTextResponse(told, 500)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("host", "")):
            return PlainTextResponse("This server does not go by that name.", 421)
        if not self._may_ask(headers, scope["type"]):
            return PlainTextResponse("Only pages of this dashboard may ask.", 403)
        hidden = any(path in scope["path"] for path in CLOSED)
        if hidden or (scope["path"].rstrip("/") == PROBED and not may_probe(scope)):
            return PlainTextResponse("Not found", 404)
        return None

    def _is_ours(self, host: str) -> bool:
        """Whether a server of ours goes by this name: else a page elsewhere could pass itself off as one of ours."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        allowed = self.hosts()
        return not allowed or any(_answers_to(name, pattern.lower()) for pattern in allowed)

    def _may_ask(self, headers: Headers, kind: str) -> bool:
        """Whether a page of our own asks: browsers name it for a websocket and for whatever changes something."""
        origin = headers.get("origin")
        if origin is None:
            return kind == "http"
        return urlsplit(origin).netloc == headers.get("host") or origin in self.origins()


def policy(page: Path) -> str:
    """The content policy: everything from this server alone, of the scripts in a page only those that are ours."""
    scripts = [*INLINE.findall(page.read_text(encoding="utf-8")), *map(look.language_script, words.LANGUAGES)]
    allowed = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", "blob:", *digests(scripts))),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{kind} {sources}" for kind, sources in allowed.items())


def digests(scripts: Iterable[str]) -> Iterator[str]:
    """The names by which a content policy knows scripts."""
    for script in scripts:
        yield f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def may_probe(scope: Scope) -> bool:
    """Whether the server's state may be told: to this machine, no proxy between, and to whoever has the token."""
    headers, token = Headers(scope=scope), os.environ.get(TOKEN, "")
    if token and hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {token}".encode()):
        return True
    address = (scope.get("client") or ("", 0))[0]
    return ways.is_loopback(address) and not any(name in headers for name in ways.FORWARDED)


def is_no_refusal(record: logging.LogRecord) -> bool:
    """Whether the server complains of anything but a websocket that was refused, which is no fault."""
    return "without completing handshake" not in record.getMessage()


def _answers_to(name: str, pattern: str) -> bool:
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))
