"""What sealing costs: python -m tests.bench.sealed [--people 10000] [--rounds 7]; plain and sealed in turn."""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from data import contract, landing, sample, sealing
from data.store import Store
from queries import building
from tests.bench import clock, table
from tests.bench.page import CROWDED, NEW, visits
from tests.bench.session import session
from tests.bench.table import Row
from tests.server import serving

WAYS = {"plain": "", "sealed": "5a" * sealing.KEY_BYTES}
WARM = 3
"""Visits before those that are timed."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sealed", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args(arguments)
    os.environ.pop(sealing.KEY_FILE, None)
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        table.show(given.people, measure(Path(made), given.people, given.rounds))


def measure(folder: Path, people: int, rounds: int) -> list[Row]:
    """Land the tables of a city, build it and look at a page of it, each time anew."""
    files, now = written(folder, people)
    landings, builds = ({way: list[float]() for way in WAYS} for _ in range(2))
    for number in range(rounds):
        for way, secret in WAYS.items():
            landed, built = clock.apart(landed_and_built, folder / f"{way}{number}", files, now, secret)
            landings[way].append(landed)
            builds[way].append(built)
    pages = asyncio.run(_looked_at({way: folder / f"{way}0" for way in WAYS}, now, rounds))
    told = {"landing, CPU": landings, "build, CPU": builds, f"page {CROWDED}, {NEW}": pages}
    return [row for what, times in told.items() for row in _rows(what, times)]


def written(folder: Path, people: int) -> tuple[list[Path], int]:
    """The tables of a city as files that come in, and their month."""
    os.environ[sealing.KEY] = ""
    store = Store(folder / "city")
    sample.generate(store, people=people)
    files = []
    for source in contract.SOURCES:
        files.append(folder / f"{source}.csv")
        (landed,) = store.manifest().files(source)
        pq.read_table(landed).to_pandas().to_csv(files[-1], index=False)
    month = store.manifest().month
    assert month is not None
    return files, month


def landed_and_built(root: Path, files: Sequence[Path], now: int, secret: str) -> tuple[float, float]:
    """CPU seconds of landing the files under a key, and of building what landed."""
    os.environ[sealing.KEY] = secret
    store = Store(root)
    landing_took = _cpu(lambda: landing.land(store, files, month=now))
    return landing_took, _cpu(lambda: building.build(store))


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


async def _looked_at(stores: dict[str, Path], now: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of reruns with answers that nobody has asked for yet, of both servers in turn."""
    taken: dict[str, list[float]] = {way: [] for way in stores}
    queries = visits(now, WARM + 4 * rounds)
    plain, sealed = (serving(stores[way], settings={sealing.KEY: secret}) for way, secret in WAYS.items())
    with plain as first, sealed as second:
        async with session(first, CROWDED) as one, session(second, CROWDED) as other:
            for number, query in enumerate(queries):
                for way, reader in zip(WAYS, (one, other), strict=True):
                    took = await reader.rerun(query)
                    if number >= WARM:
                        taken[way].append(took)
    return taken


def _rows(what: str, times: dict[str, list[float]]) -> list[Row]:
    ratios = [sealed / plain for plain, sealed in zip(*times.values(), strict=True)]
    of = {"plain": 1.0, "sealed": statistics.median(ratios)}
    return [Row(what, way, statistics.median(taken), clock.p95(taken), of[way]) for way, taken in times.items()]


if __name__ == "__main__":
    main()
