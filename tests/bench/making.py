"""Making a city: the sample, the build and its slow steps, from nothing in a fresh process; and a month of changes."""

import functools
import itertools
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from unittest import mock

import duckdb

from data import contract, landing, sample
from data.batches import batch, withdraw
from data.store import Store
from queries import building
from tests.bench import clock
from tests.bench.engines import holding
from tests.bench.table import Row

MOST_MEMORY = "12GB"
"""What DuckDB may hold before it writes to disk, so that the largest build stays under 16 GB."""
SLOW = 0.1
"""Share of the build from which a step is named."""
LADDER = "ladder"
"""The mart whose step is always named, as a goal is set for it."""
PEOPLE_A_RETIREMENT = 300
"""Of so many people in post one retires in the month that is brought in after the first build."""


def measure(root: Path, people: int) -> list[Row]:
    """Make the city in the folder `root`; tell how long it took."""
    start = time.perf_counter()
    rows = clock.apart(make, root, people)
    return [Row("from nothing to built", "fresh process", time.perf_counter() - start), *rows]


def make(root: Path, people: int) -> list[Row]:
    """Invent, land and build."""
    store = Store(root)
    sampling = clock.seconds(lambda: sample.generate(store, people=people))
    sampled = clock.peak()
    steps: list[tuple[str, float]] = []
    start = time.perf_counter()
    path = _built(store, lambda relation: steps.append((relation, time.perf_counter())))
    end = time.perf_counter()
    built, given = clock.peak(), store.manifest()
    files = [file for source in contract.SOURCES for file in given.files(source)]
    size, copying = sum(file.stat().st_size for file in files), clock.seconds(lambda: _copied(files, root))
    return [
        Row("sample", "simulated, to Parquet", sampling, ratio=1, memory=sampled, size=size),
        Row("sample", "the same rows copied by DuckDB", copying, ratio=copying / sampling),
        Row("build", "DuckDB", end - start, memory=built, size=path.stat().st_size),
        *_steps([*steps, ("", end)], end - start),
    ]


def change_a_month(root: Path) -> list[Row]:
    """Land those who retire in the data month, as a file, and build again from the build before.

    What else is measured of the city is measured on this second build. What a run that was broken off landed goes.
    """
    for left in Store(root).manifest().current[1:]:
        withdraw(Store(root), left.id)
    store, file = Store(root), root / "month.csv"
    rows = _write_retirements(store, file)
    start = time.perf_counter()
    with mock.patch("data.landing.batch", functools.partial(batch, invented=True)):
        landing.land(store, [file], month=store.manifest().month)
    landed = time.perf_counter()
    _built(store)
    built = time.perf_counter()
    remark = f"{rows:,} rows"
    return [
        Row("landing of one changed month", "checked and landed", landed - start, remark=remark),
        Row("build of one changed month", "DuckDB", built - landed, memory=clock.peak(), remark=remark),
    ]


def _write_retirements(store: Store, to: Path) -> int:
    given = store.manifest()
    (file,) = given.files("posting")
    retiring = (
        f"select * replace ({given.month}00 as \"end\", 'retired' as end_reason) from '{file}'"
        f' where "end" is null and start < {given.month}00'
        f" and cast(substr(person_id, 2) as bigint) % {PEOPLE_A_RETIREMENT} = 0"
    )
    with duckdb.connect() as connection:
        return int(connection.execute(f"copy ({retiring}) to '{to}' (header)").fetchall()[0][0])


def _built(store: Store, progress: Callable[[str], None] = lambda _: None) -> Path:
    with holding(MOST_MEMORY):
        return building.build(store, progress)


def _copied(files: Iterable[Path], root: Path) -> None:
    """Read and write the rows again, which nothing that makes them can do without."""
    to = root / "copied.parquet"
    with duckdb.connect(config={"enable_progress_bar": False}) as connection:
        for file in files:
            connection.execute(f"copy (from '{file}') to '{to}' (compression zstd)")
    to.unlink()


def _steps(steps: list[tuple[str, float]], whole: float) -> list[Row]:
    taken = [(name, after - begun) for (name, begun), (_, after) in itertools.pairwise(steps)]
    named = [(name, spent) for name, spent in taken if spent >= SLOW * whole or name == LADDER]
    return [Row("build", f"of which {name}", spent, ratio=spent / whole) for name, spent in named]
