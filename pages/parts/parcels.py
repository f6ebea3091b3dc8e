"""How the browser gets its scripts: packed once and kept, and those of every figure asked for with the page itself.

Streamlit sends them as they are and leaves packing to a proxy, which a server on one machine does not have.
"""

import gzip
import re
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KINDS = {".js": "text/javascript", ".css": "text/css"}
HEADERS = {
    "Cache-Control": "public, immutable, max-age=31536000",
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
}
"""The names of these files change with what is in them, so a browser asks for each once."""
FIGURE = "PlotlyChart.*.js"
IMPORTED = re.compile(r"""(?:from|import)["']\./([\w.-]+\.js)["']""")
OPENS = "text/html"
TAKEN = re.compile(r"gzip(;q=(1|0?\.0*[1-9]).*)?")


class Parcels:
    """Answers requests for the scripts and styles in `folder`, and tells whoever gets a page what it will need."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        """Stand before `app`, which serves `folder` at its top."""
        self.app = app
        files = (path for path in (folder / "static").rglob("*") if path.suffix in KINDS)
        self.files = {f"/{path.relative_to(folder).as_posix()}": path for path in files}
        self.link = ", ".join(f"</static/js/{path.name}>; rel=modulepreload" for path in figure_scripts(folder))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        path = self.files.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if path and _takes_packed(Headers(scope=scope)):
            body = await run_in_threadpool(packed, path)
            await Response(body, headers=HEADERS, media_type=KINDS[path.suffix])(scope, receive, send)
            return

        async def with_link(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith(OPENS):
                    headers.append("Link", self.link)
            await send(message)

        await self.app(scope, receive, with_link)


@cache
def packed(path: Path) -> bytes:
    """Give a file packed with gzip, as small as it gets."""
    return gzip.compress(path.read_bytes(), mtime=0)


def pack_beforehand(folder: Path) -> None:
    """Pack what every browser asks for first, so that no reader waits for it."""
    page = _page(folder)
    asked = [path for path in (folder / "static").rglob("*") if path.suffix in KINDS and path.name in page]
    for path in (*asked, *figure_scripts(folder)):
        packed(path)


def figure_scripts(folder: Path) -> list[Path]:
    """Name the scripts that draw a figure and that the page in `folder` does not ask for by itself."""
    page = _page(folder)
    found: dict[str, Path] = {}
    waiting = list((folder / "static" / "js").glob(FIGURE))
    while waiting:
        path = waiting.pop()
        if path.name not in found and path.name not in page:
            found[path.name] = path
            waiting += [path.with_name(name) for name in IMPORTED.findall(path.read_text(encoding="utf-8"))]
    return list(found.values())


def _page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def _takes_packed(headers: Headers) -> bool:
    """Whether a browser takes packed files; one that asks for a part of a file is not answered here."""
    named = headers.get("accept-encoding", "").replace(" ", "").split(",")
    return "range" not in headers and any(TAKEN.fullmatch(kind) for kind in named)
