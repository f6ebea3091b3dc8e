"""Back-tests that are kept, one a build, each with what was run: whoever reads its errors can tell how it was made."""

import dataclasses
import json

import pandas as pd

from data import keeping, sealing
from data.store import Store


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """What a back-test told: its `errors` (a table), the `paths` of each of its projections, the `seed` of chance."""

    errors: pd.DataFrame
    paths: int
    seed: int


def keep(store: Store, build_id: str, told: Backtest) -> None:
    """Keep the back-test of a build; one that was kept before gives way, unless it was made with more paths."""
    before = kept(store, build_id)
    if before is not None and before.paths > told.paths:
        return
    written = {"paths": told.paths, "seed": told.seed, "errors": told.errors.to_dict("records")}
    keeping.put(store.backtest_of(build_id), keeping.text(written))


def kept(store: Store, build_id: str) -> Backtest | None:
    """The back-test kept of a build; None where none was made, and where its file is damaged: it is made anew."""
    path = store.backtest_of(build_id)
    if not path.is_file():
        return None
    try:
        given = json.loads(sealing.read_text(path))
        return Backtest(pd.DataFrame(given["errors"]), given["paths"], given["seed"])
    except (ValueError, TypeError, KeyError):
        return None
