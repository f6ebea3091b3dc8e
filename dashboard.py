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
from functools import partial
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from data import policy, resealing, sample
from data.access import Viewer
from data.batches import LandingError, alone
from data.sealing import SealError
from data.store import Store, StoreError, default_store
from pages.parts import desk, guard, mishap, parcels, porter, signing, words
from pages.parts.literal import literal
from pages.parts.ways import SigningError
from queries import building, builds, warehouse

LOADED_BEFOREHAND = ("pandas", "plotly.graph_objects", "pages.parts.charts", "pages.parts.projected")
LOCK_SECONDS = 3600
NOBODY = Viewer("readiness")
STATIC = Path(st.__file__).parent / "static"
BY_STREAMLIT = Path(sys.argv[0]).resolve() == Path(__file__).resolve()


async def ready(_: Request) -> PlainTextResponse:
    """200 and the build where a warehouse opens and answers, with what is wrong with the chosen one; else 503."""
    try:
        return PlainTextResponse(await run_in_threadpool(standing))
    except (warehouse.WarehouseError, LandingError, SealError):
        return PlainTextResponse("no warehouse", 503)


def standing() -> str:
    """Which build pages are served from, and what is wrong if it is a stand-in; WarehouseError where there is none."""
    store = default_store()
    path = warehouse.newest(store)
    if path is None:
        message = f"No warehouse has been built in {store.root}; use `python -m queries build`."
        raise warehouse.WarehouseError(message)
    ready = f"ready {warehouse.open_for(path, NOBODY).build_id}"
    damage = builds.damage(store)
    if damage is None:
        return ready
    return f"{ready}\n{damage.id} is {'gone' if damage.gone else 'damaged'} since {damage.since}"


@asynccontextmanager
async def warm_start(_: st.App) -> AsyncIterator[None]:
    """Have a warehouse and everything loaded before the first request; tell the address. Leave no file behind."""
    desk.sweep()
    try:
        resealing.finish(default_store())
        fill(default_store())
    except SealError as error:
        say(f"The store does not open, so no page does. {error}")
    except (LandingError, policy.PolicyError, StoreError, warehouse.WarehouseError) as error:
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
        if not building.is_up_to_date(store):
            building.build(store, progress=lambda relation: say(f"2/2 Building the warehouse: {relation}"))


def load() -> None:
    """Import what every page needs and take it out of the garbage collector's rounds."""
    for module in LOADED_BEFOREHAND:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()


def learn() -> None:
    """Pack what browsers ask for and learn what projections need of the build, so that no first reader waits for it."""
    parcels.pack_beforehand(STATIC)
    # Without a build, or a key to it, there is nothing to learn from, as every page says.
    with suppress(warehouse.WarehouseError, SealError):
        importlib.import_module("pages.parts.projected").learn_beforehand()


def tell(error: Exception) -> bool:
    """Tell the reader of a page that failed in one sentence."""
    st.error(literal(mishap.sentence(error, words.of(st.query_params.get("lang")))))
    return True


def say(line: str) -> None:
    """Print one line for whoever started the server."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# Streamlit would write the words of an error into the log, which may name people; `tell` has it noted without them.
logging.getLogger("streamlit.error_util").disabled = True
logging.getLogger("uvicorn.error").addFilter(guard.is_no_refusal)
if BY_STREAMLIT:
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

app = st.App(
    Path(__file__).parent / "pages" / "door.py",
    routes=[Route(guard.PROBED, ready)],
    middleware=[
        Middleware(
            guard.Guard,
            hosts=partial(st.get_option, "server.allowedHosts"),
            origins=partial(st.get_option, "server.corsAllowedOrigins"),
            page=STATIC / "index.html",
        ),
        Middleware(porter.Porter),
        Middleware(parcels.Parcels, folder=STATIC),
    ],
    lifespan=warm_start,
    on_script_error=tell,
)

try:
    signing.require_at_start()
except SigningError as error:
    sys.exit(str(error))
