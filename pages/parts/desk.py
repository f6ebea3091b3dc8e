"""Files that somebody is about to land: in a folder of their own, found again by an address that nobody can guess.

What was decided about them, and what was seen in them, lies with them, so that a browser that is opened anew goes on
where it was. They go once they have landed, when they are taken away, after half a day, or as the server stops.
"""

import contextlib
import csv
import functools
import io
import os
import secrets
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from data import difference, keeping, landing, matching, reading
from data.batches import LandingError
from data.difference import Difference
from data.headings import Corrections, Shown
from data.landing import Doubt, Look
from data.reading import ReadingError
from data.store import Store, StoreError
from pages.parts.background import stand_back

LONGEST_NAME = 200
"""Bytes of a file name, below what file systems take with what is put beside it."""
LONGEST_ENDING = 10
PREFIX = "cadre-intake-"
PLACE = Path(tempfile.gettempdir())
STALE_HOURS = 12
"""Age from which on files that wait to be landed are nobody's any more."""
NAME_BYTES = 16
DECIDED = "whose"
SOON = 1.0
"""Seconds that somebody waits for what is quickly seen, rather than being told that it is being looked at."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What was seen in the files: how each sheet was understood, and the rows that would land or why none can."""

    sheets: tuple[Shown, ...]
    look: Look | None
    differences: tuple[Difference, ...]
    error: str = ""


class GivenUpError(Exception):
    """Nobody waits any more for what a look would have seen."""


@dataclass(eq=False)
class Looking:
    """A look at files in the background: of what, how many were read, which last, and whether it is over."""

    of: object
    files: int = 0
    latest: str = ""
    given_up: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    def tell(self, name: str) -> None:
        """Note which file is being read; end here where nobody waits any more."""
        if self.given_up:
            raise GivenUpError
        self.latest, self.files = name, self.files + 1


@dataclass(eq=False)
class Desk:
    """Files of one viewer in a temporary folder, which is there while they are, and all that was said of them.

    `name` leads back here. `whose` holds what was decided of files and rows in doubt (a person code, empty for someone
    new), `asked` what there was to decide, `chosen` how the files are to land, `seen` what was last seen in these
    files. `edition` tells one set of files from the next. What is `landing` is not to be changed.
    """

    viewer: str
    name: str = field(default_factory=lambda: secrets.token_urlsafe(NAME_BYTES))
    paths: tuple[Path, ...] = ()
    whose: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Doubt] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    seen: Checked | None = None
    edition: int = 0
    landing: bool = False
    looking: Looking | None = None
    guard: threading.Lock = field(default_factory=threading.Lock)

    def lay(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Lay files here, by safe names, each instead of one that had its name; only this user can read them.

        OSError where the disk takes no more: those laid before it stay, and no part of a file.
        """
        given = _by_names(files)
        if given and not self.paths:
            self._open()
        self._keep_only(path for path in self.paths if path.name.casefold() not in given)
        try:
            for name, content in given.values():
                self.paths += (self._written(name, content),)
        finally:
            if not self.paths:
                self.clear()

    def take_away(self, name: str) -> None:
        """Take a file off; the folder goes with the last one."""
        self._keep_only(path for path in self.paths if path.name != name)
        if not self.paths:
            self.clear()

    def clear(self) -> None:
        """Take everything away, and lead nobody here any more."""
        self._keep_only(())
        self.whose, self.asked, self.chosen = {}, {}, {}
        if _laid.pop(self.name, None):
            self._end.cancel()
            self._remove()

    def look(self, store: Store) -> bool:
        """Look at what lies here as it would land, in the background; whether it was quickly `seen`.

        The same files, decisions and landed batches are looked at once.
        """
        of = self.edition, self.replaces, store.manifest().fingerprint, tuple(self.whose.items())
        with self.guard:
            if self.looking is None or self.looking.of != of:
                self.look_anew()
                self.looking = Looking(of)
                checks = functools.partial(check, store, self.paths, replace=self.replaces, whose=self.decided())
                threading.Thread(target=self._look, args=(self.looking, checks), name="look", daemon=True).start()
            looking = self.looking
        return looking.over.wait(SOON)

    @property
    def replaces(self) -> bool:
        """Whether the files are to replace all that landed of their sources before."""
        return bool(self.chosen.get("replace"))

    def look_anew(self) -> None:
        """Let the next look be a new one, as headings mean something else now."""
        if self.looking:
            self.looking.given_up, self.looking = True, None

    def decided(self) -> Path | None:
        """Write down what was decided; None where nothing was."""
        if not self.whose:
            return None
        path = self.folder / DECIDED / f"{secrets.token_hex(NAME_BYTES)}.csv"
        with io.TextIOWrapper(keeping.waiting(path), encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("file", "person_id"), *self.whose.items()])
        return path

    def land(self, store: Store, *, month: int | None, whole: bool, who: str, progress: Progress) -> str:
        """Land what lies here and give the batch; the files go once they have landed, and stay where none could."""
        self.landing, decided = True, self.decided()
        try:
            report = landing.land(
                store,
                self.paths,
                month=month,
                replace=self.replaces,
                whose=decided,
                whole=whole,
                who=who,
                progress=progress,
            )
        finally:
            self.landing = False
        if not report.landed or report.batch is None:
            message = "No row landed; what had landed before stays as it was. 没有可入库的行，原有数据不变。"
            raise LandingError(message)
        self.clear()
        return report.batch

    def _look(self, look: Looking, checks: Callable[..., Checked]) -> None:
        stand_back()
        try:
            seen = checks(progress=look.tell)
        except GivenUpError:
            return
        except Exception as error:  # noqa: BLE001 (nobody waits for this thread: what went wrong is said on the page)
            seen = Checked((), None, (), matching.masked(str(error) or type(error).__name__))
        with self.guard:
            if not look.given_up:
                self.seen = seen
        look.over.set()

    def _open(self) -> None:
        sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        (self.folder / DECIDED).mkdir()
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._end = threading.Timer(STALE_HOURS * 3600, self.clear)
        self._end.daemon = True
        self._end.start()
        _laid[self.name] = self

    def _keep_only(self, paths: Iterable[Path]) -> None:
        kept = tuple(paths)
        for path in set(self.paths) - set(kept):
            path.unlink(missing_ok=True)
        names = {path.name for path in kept}
        self.whose = {label: code for label, code in self.whose.items() if label.partition("/")[0] in names}
        self.asked = {label: doubt for label, doubt in self.asked.items() if label in self.whose}
        self.paths, self.seen = kept, None
        self.edition += 1
        self.look_anew()

    def _written(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        try:
            with keeping.waiting(path) as file:
                file.write(content)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path


_laid: dict[str, Desk] = {}


def find(name: str, viewer: str) -> Desk | None:
    """The desk of a name, where it is this viewer's and files lie on it."""
    desk = _laid.get(name)
    return desk if desk and desk.viewer == viewer else None


def _by_names(files: Iterable[tuple[str, bytes]]) -> dict[str, tuple[str, bytes]]:
    """Files by safe names, those of one name numbered: each by its name whatever its case, with name and content."""
    given: dict[str, tuple[str, bytes]] = {}
    for name, content in files:
        plain = safe(name)
        stem, ending, again = Path(plain).stem, Path(plain).suffix, 1
        while plain.casefold() in given:
            again += 1
            plain = f"{stem} ({again}){ending}"
        given[plain.casefold()] = plain, content
    return given


def sweep(*, stopping: bool = False) -> None:
    """Remove what stopped processes left behind and nobody came back to; when `stopping`, what is this process's."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            own = folder.name.startswith(f"{PREFIX}{os.getpid()}-")  # its end is timed, whatever the clock says
            stale = not _runs(folder.name) or folder.stat().st_mtime < time.time() - STALE_HOURS * 3600
            if stopping if own else stale:
                shutil.rmtree(folder, ignore_errors=True)


def _runs(name: str) -> bool:
    """Whether the process that a folder is named for may still run; Windows does not tell without harm."""
    number = name.removeprefix(PREFIX).partition("-")[0]
    if os.name == "nt" or not number.isdecimal():
        return os.name == "nt"
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def safe(name: str) -> str:
    """The last part of a name that a browser gave, without signs that a file system or a screen would act on."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(sign if sign.isprintable() and sign not in '<>:"|?*' else "_" for sign in last).strip(". ")
    ending = PurePosixPath(plain).suffix if len(PurePosixPath(plain).suffix) <= LONGEST_ENDING else ""
    stem = plain.removesuffix(ending).encode()[: LONGEST_NAME - len(ending.encode())].decode(errors="ignore")
    return stem + ending if plain else "_"


def check(
    store: Store,
    paths: Sequence[Path],
    *,
    replace: bool,
    whose: Path | None = None,
    progress: Progress = lambda _: None,
) -> Checked:
    """Look at files as `land` would take them; what keeps them out altogether is said in `error`."""
    sheets: tuple[Shown, ...] = ()
    try:
        sheets = _shown(store, paths)
        looked = landing.look(store, paths, replace=replace, whose=whose, progress=progress)
        changed = difference.of(store.manifest(), looked.parts, replace=replace)
    except (LandingError, ReadingError, StoreError, OSError) as error:
        return Checked(sheets, None, (), matching.masked(str(error)))
    return Checked(sheets, looked, changed)


def _shown(store: Store, paths: Sequence[Path]) -> tuple[Shown, ...]:
    corrections = Corrections(store)
    tables = (path for path in paths if path.suffix.lower() in (*reading.CSV, *reading.EXCEL))
    return tuple(corrections.shown(sheet) for path in tables for sheet in reading.sheets(path))
