"""The back-test of a build: kept where it was made, else made once in the background while people read on."""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from data import backtests
from data.access import LOCAL
from data.backtests import Backtest
from data.store import Store, default_store
from models import backtest
from pages.exhibits import outlook
from pages.parts import projected
from pages.parts.answers import Here
from pages.parts.background import stand_back

SWITCH, BY_HAND = "CADRE_BACKTEST", "by_hand"
"""The environment says so where back-tests are made on the command line only."""
PATHS = 60
"""Paths of a projection: fewer than by hand, so that readers wait less."""


@dataclass
class Making:
    """Which back-tests this process is making, one at a time, and what went wrong with which."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None
    failed: dict[str, str] = field(default_factory=dict)
    too_short: set[str] = field(default_factory=set)

    def begin(self, here: Here, tables: Mapping[str, pd.DataFrame]) -> None:
        """Make the back-test of a build unless one is being made."""
        with self.guard:
            if self.thread is None or not self.thread.is_alive():
                given = default_store(), here.build_id, tables, here.data_month
                self.thread = threading.Thread(target=self._make, args=given, name="backtest", daemon=True)
                self.thread.start()

    def _make(self, store: Store, build: str, tables: Mapping[str, pd.DataFrame], last: int) -> None:
        stand_back()
        asked = backtest.Asked(backtest.ages_of(tables["target"]), paths=PATHS)
        try:
            made = backtest.of_roster(tables["posting"], tables["term"], last, asked)
            backtests.keep(store, build, Backtest(backtest.summary(made), asked.paths, asked.seed))
        except backtest.TooShort:
            self.too_short.add(build)
        except Exception as error:  # noqa: BLE001 (nobody waits for this thread: what went wrong is said on the page)
            self.failed[build] = str(error) or type(error).__name__


MAKING = Making()


def what_is_asked(here: Here) -> dict[str, pd.DataFrame]:
    """Ask for what a back-test is made of, of the whole roster whoever looks at it: it tells of no person."""
    everyone = _everyone(here)
    return {
        "posting": everyone.ask("outlook/posting").table,
        "target": everyone.ask("outlook/target", as_of=here.data_month).table,
        "term": everyone.ask("outlook/term").table,
    }


def _everyone(here: Here) -> Here:
    return replace(here, viewer=LOCAL)


def how(here: Here, told: Backtest | None) -> str:
    """Say how the back-test of a build was made; where none is kept, how it comes about."""
    if told is None:
        return missing(here)
    return here.words("Tested with {n} paths of each projection, seed {seed}.").format(n=told.paths, seed=told.seed)


def missing(here: Here) -> str:
    """Say how the back-test of a build comes about where none is kept, and begin it where that is to be done here."""
    say, store, build = here.words, default_store().root, here.build_id
    if postings := projected.too_many(_everyone(here)):
        return outlook.too_many(say, postings)
    if os.environ.get(SWITCH) == BY_HAND:
        return say("Make the test by `{command}`.").format(command=f"python -m models backtest --store {store}")
    if build in MAKING.too_short:
        return say("The roster holds no six whole years of dated postings with people who left: nothing can be tested.")
    if build in MAKING.failed:
        return say("The test on past data failed: {error}").format(error=MAKING.failed[build])
    tables = what_is_asked(here)
    if not backtest.ages_of(tables["target"]):
        return say("No target has an age line: nothing can be tested.")
    MAKING.begin(here, tables)
    return say("Past projections are being tested on these data; open the page again in a few minutes.")
