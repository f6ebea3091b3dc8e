"""Work in processes of their own, which a test may kill, bar or put on a tiny disk; forked where all is loaded."""

import functools
import hashlib
import itertools
import multiprocessing
import os
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from unittest import mock

import pyarrow.parquet as pq

import queries
from data import contract, scenarios, sealing, steps
from data.access import LOCAL
from data.store import Store
from queries import warehouse

T = TypeVar("T")
Work = Callable[[], object]

for name in contract.names():
    contract.load(name)
queries.built()

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.small_disk"])


def given_by(work: Callable[[], T]) -> T:
    """What `work` gives in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=FORKED) as process, _without_main():
        return process.submit(work).result()


def duration(work: Work) -> float:
    """Seconds that `work` takes in a process of its own, where nobody kills it."""
    start = started(work)
    begun = time.perf_counter()
    start.join()
    assert start.exitcode == 0
    return time.perf_counter() - begun


def killed_after(seconds: float, work: Work) -> bool:
    """Whether `work` was still going on when its process was killed after so many seconds."""
    process = started(work)
    process.join(seconds)
    process.kill()
    process.join()
    return process.exitcode != 0


def touches(folder: Path, work: Work) -> int:
    """How often `work` touches the files of a folder by their names."""
    return given_by(functools.partial(_counted, folder, work))


def killed_at(touch: int, folder: Path, work: Work) -> None:
    """Kill the process of `work` at the moment it touches the files of a folder for the nth time, counted from 0."""
    process = started(functools.partial(_dying_at, touch, folder, work))
    process.join()
    assert process.exitcode == -signal.SIGKILL


def started(work: Work) -> Any:
    """A process of its own that has begun some work."""
    here, there = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=_tell_and_begin, args=(there, work))
    with _without_main():
        process.start()
    there.close()
    here.recv()
    return process


def _without_main() -> AbstractContextManager[object]:
    """Have nothing else loaded in the new process: a page that was tested before would stand there as its program."""
    return mock.patch.dict(sys.modules, {"__main__": types.ModuleType("__main__")})


def _tell_and_begin(there: Connection, work: Work) -> None:
    there.send("begun")
    work()


def _counted(folder: Path, work: Work) -> int:
    every = _touching(folder, itertools.count())
    work()
    return next(every)


def _dying_at(touch: int, folder: Path, work: Work) -> None:
    _touching(folder, iter(range(touch)))
    work()


def _touching(folder: Path, numbers: Iterator[int]) -> Iterator[int]:
    """Take a number at every touch, as the interpreter tells them to an audit hook; die where there is none left."""

    def count(_: str, given: tuple[object, ...]) -> None:
        touched = any(isinstance(each, str | Path) and str(each).startswith(str(folder)) for each in given)
        if touched and next(numbers, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    return numbers


def enter_for_ever(store: Store, entry: steps.Entry, version: scenarios.Version) -> None:
    """Keep steps and scenarios until killed, each with its number."""
    for number in itertools.count():
        steps.record(store, replace(entry, note=str(number)))
        scenarios.save(store, replace(version, name=str(number)))


def turned_by(store: Store, secret: str, turn: Callable[[Store], int]) -> None:
    """Seal or unseal a store under a key, as a process of its own does."""
    os.environ[sealing.KEY] = secret
    turn(store)


class Seen(NamedTuple):
    """What somebody finds who opens a store anew: what has landed, which build serves, and what it answers."""

    landed: str
    build: str
    answer: str


def seen(store: Store) -> Seen:
    """Look through a whole store; fails where anything visible is not whole."""
    manifest = store.manifest()
    for part in (part for batch in manifest.batches for part in batch.parts.values()):
        path = store.landed / part.path
        assert hashlib.sha256(path.read_bytes()).hexdigest() == part.digest
        assert pq.ParquetFile(path).metadata.num_rows == part.rows
    build = warehouse.newest(store)
    assert build is not None
    opened = warehouse.open_for(build, LOCAL)
    answered = opened.ask("age_ladder/quota", as_of=opened.data_month).table.to_csv()
    assert opened.build_id == build.stem
    return Seen(manifest.fingerprint, build.stem, answered)


def anew(store: Store) -> Seen:
    """What a process finds that never saw the store before."""
    return given_by(functools.partial(seen, store))
