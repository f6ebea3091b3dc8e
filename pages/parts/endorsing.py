"""Endorsing a briefing that was printed, who may see it then, and rendering it again from its build."""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from data import endorsed, keeping, sealing
from data.access import Viewer
from data.endorsed import Endorsed, EndorsedError, File
from data.store import Store
from pages.parts import changes, look, press, printed, words
from pages.parts.answers import Here
from pages.parts.press import Order, Printed, Progress, unheard
from queries import warehouse

HOUSE = Path(__file__).parents[2]
MADE_BY = ("data", "queries", "models", "pages")
NOT_CODE = {"store", "__pycache__"}
CODE = {".py", ".sql", ".toml", ".csv", ".po", ".css", ".js"}
LONGEST = 12
FILE = "briefing"


def tested(store: Store, build_id: str) -> str:
    """Name the back-test that a build has now; "" where it has none."""
    path = store.backtest_of(build_id)
    return File.of(sealing.read(path)).sha256 if path.is_file() else ""


@functools.cache
def version() -> str:
    """Name this version of the program by its text and what it stands on: another one may print other bytes."""
    folders = (path for room in MADE_BY for path in (HOUSE / room).rglob("*") if path.suffix in CODE)
    files = [path for path in folders if not NOT_CODE.intersection(path.relative_to(HOUSE).parts)]
    digest = hashlib.sha256()
    for path in (*sorted(files), HOUSE / "requirements.txt"):
        digest.update(path.relative_to(HOUSE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:LONGEST]


def endorse(order: Order, done: Printed, who: str) -> Endorsed:
    """Keep what can be printed again of a briefing, endorsed by `who`; EndorsedError where it cannot be kept."""
    viewer = order.here.viewer
    record = Endorsed(
        title=done.briefing.title,
        template=order.name,
        shows=order.shows,
        as_of=order.as_of,
        language=order.here.words.language,
        viewer=viewer.name,
        units=viewer.units,
        names=viewer.names,
        exact=viewer.exact,
        closed=viewer.closed,
        build=order.here.build_id,
        version=version(),
        since=order.since,
        who=who.strip()[: endorsed.LONGEST],
        endorsed=keeping.now(),
        tested=tested(order.store, order.here.build_id),
    )
    named = {f"{FILE}{ending}": content for ending, content in done.files.items() if ending in printed.OWN}
    return endorsed.keep(order.store, record, {**named, changes.FIGURES: changes.kept(done.briefing)})


@dataclass(frozen=True, slots=True)
class Again:
    """An endorsed briefing beside what it is rendered as now: the files that differ, and the figures whose data do.

    `same_version` tells whether the same version of the program rendered both, `same_test` whether beside the same
    back-test, which is made some minutes after a build and widens what is told of the outlook.
    """

    record: Endorsed
    files: tuple[str, ...]
    figures: tuple[str, ...]
    same_version: bool
    same_test: bool

    @property
    def same(self) -> bool:
        """Whether every byte is the same."""
        return not self.files


def order_of(store: Store, record: Endorsed) -> Order:
    """Give the order that an endorsed briefing was printed by; EndorsedError where its build cannot be opened."""
    build = store.warehouse / f"{record.build}.duckdb"
    if not build.is_file():
        message = f"Build {record.build} of briefing {record.id} is gone; take it from a backup into {build.parent}."
        raise EndorsedError(message, f"审定稿 {record.id} 所用数据版本 {record.build} 已不在，请从备份恢复。")
    try:
        build_id, data_month = warehouse.facts(build)
    except warehouse.WarehouseError as error:
        message = (
            f"Build {record.build} of briefing {record.id} was made by another version of the program, "
            "which alone can render it."
        )
        raise EndorsedError(
            message, f"审定稿 {record.id} 所用数据版本由其他版本的程序生成，须用该版本程序重新生成。"
        ) from error
    viewer = Viewer(record.viewer, record.units, record.names, record.exact, record.closed)
    here = Here(build, viewer, words.of(record.language), look.LIGHT, build_id, data_month)
    return Order(store, here, record.template, record.shows, record.as_of, record.since)


def again(store: Store, number: str, progress: Progress = unheard) -> Again:
    """Render an endorsed briefing again from its build and compare it with what is kept, byte by byte."""
    record = endorsed.one(store, number)
    kept = {name: endorsed.content(store, record, name) for name in record.files}
    order = order_of(store, record)
    endings = [Path(name).suffix for name in record.files if name != changes.FIGURES]
    done = press.carried_out(order, endings, progress)
    found = done.briefing
    now = {f"{FILE}{ending}": content for ending, content in done.files.items()}
    now[changes.FIGURES] = changes.kept(found)
    before = {(each.exhibit, each.asked): each for each in changes.read(kept[changes.FIGURES])}
    other = [each.title for each in changes.figures(found) if before.get((each.exhibit, each.asked)) != each]
    differ = tuple(name for name in kept if File.of(now[name]) != record.files[name])
    same_test = record.tested == tested(store, record.build)
    return Again(record, differ, tuple(other), record.version == version(), same_test)
