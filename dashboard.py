"""The door: the dashboard as one application, for `streamlit run dashboard.py` and for `uvicorn dashboard:app`.

The store is the folder that CADRE_STORE names, else data/store. Before the first page is served, an empty store gets
the example city, the warehouse is built of what has landed, and what every page needs is loaded. What projections need
is learnt behind the first readers.
"""

import gc
import importlib
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data import policy, sample
from data.access import Viewer
from data.batches import LandingError, alone
from data.store import Store, default_store
from pages.parts import desk
from queries import warehouse

CONTENT = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' blob:",
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
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{kind} {sources}" for kind, sources in CONTENT.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
LOADED_BEFOREHAND = ("pandas", "plotly.graph_objects", "pages.parts.charts", "pages.parts.projected")
LOCK_SECONDS = 3600
NOBODY = Viewer("readiness")
BY_STREAMLIT = Path(sys.argv[0]).resolve() == Path(__file__).resolve()


class SecurityHeaders:
    """Puts HEADERS on every answer, and answers 404 where Streamlit would tell strangers about the running app."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        app = PlainTextResponse("Not found", 404) if self._is_closed(scope) else self.app

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await app(scope, receive, with_headers)

    @staticmethod
    def _is_closed(scope: Scope) -> bool:
        return scope["type"] == "http" and any(path in scope["path"] for path in CLOSED)


async def ready(_: Request) -> PlainTextResponse:
    """200 and the build where a warehouse opens and answers, else 503."""
    try:
        return PlainTextResponse(f"ready {await run_in_threadpool(build_served)}")
    except (warehouse.WarehouseError, LandingError):
        return PlainTextResponse("no warehouse", 503)


def build_served() -> str:
    """The id of the build that pages are served from; WarehouseError where there is none."""
    store = default_store()
    path = warehouse.newest(store)
    if path is None:
        message = f"No warehouse has been built in {store.root}; use `python -m queries build`."
        raise warehouse.WarehouseError(message)
    return warehouse.open_for(path, NOBODY).build_id


@asynccontextmanager
async def warm_start(_: st.App) -> AsyncIterator[None]:
    """Have a warehouse and everything loaded before the first request; tell the address. Leave no file behind."""
    desk.sweep()
    try:
        fill(default_store())
    except (LandingError, policy.PolicyError, warehouse.WarehouseError) as error:
        say(f"The warehouse could not be built, so the last one is served if there is any. {error}")
    load()
    if BY_STREAMLIT:
        say(f"The dashboard is open on http://{st.get_option('server.address')}:{st.get_option('server.port')}")
    threading.Thread(target=learn, name="learning", daemon=True).start()
    yield
    desk.sweep(stopping=True)


def fill(store: Store) -> None:
    """Invent the example city where nothing has landed, and build the warehouse where what has landed has none."""
    with alone(store, LOCK_SECONDS):
        if not store.manifest().batches:
            say("1/2 Nothing has landed yet: inventing an example city of 10,000 people")
            sample.generate(store)
        if not warehouse.is_up_to_date(store):
            warehouse.build(store, progress=lambda relation: say(f"2/2 Building the warehouse: {relation}"))


def load() -> None:
    """Import what every page needs and take it out of the garbage collector's rounds."""
    for module in LOADED_BEFOREHAND:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()


def learn() -> None:
    """Learn what projections need of the build that is served, so that the first reader of one need not wait for it."""
    with suppress(warehouse.WarehouseError):  # without a build there is nothing to learn from, as every page says
        importlib.import_module("pages.parts.projected").learn_beforehand()


def say(line: str) -> None:
    """Print one line for whoever started the server."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if BY_STREAMLIT:
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

app = st.App(
    Path(__file__).parent / "pages" / "door.py",
    routes=[Route("/readyz", ready)],
    middleware=[Middleware(SecurityHeaders)],
    lifespan=warm_start,
)
