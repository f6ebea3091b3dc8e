"""The files that one session is about to land: in a folder of their own, which goes with the session at the latest."""

import contextlib
import csv
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from data import difference, landing, matching, reading
from data.batches import LandingError
from data.difference import Difference
from data.headings import Corrections, Shown
from data.landing import Look
from data.reading import ReadingError
from data.store import Store

LONGEST_NAME = 200
"""Bytes of a file name, below what file systems take with what is put beside it."""
LONGEST_ENDING = 10
PREFIX = "cadre-intake-"
STALE_SECONDS = 12 * 3600
"""Age from which on files that wait for their session are nobody's any more."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What was seen in the files: how each sheet was understood, and the rows that would land or why none can."""

    sheets: tuple[Shown, ...]
    look: Look | None
    differences: tuple[Difference, ...]
    replace: bool
    error: str = ""


class Desk:
    """Files in a temporary folder, which is there while they are; `clear` or the end of this object removes it."""

    def __init__(self) -> None:
        """Lay nothing yet."""
        self.paths: tuple[Path, ...] = ()
        self.clear: Callable[[], object] = lambda: None

    def lay(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Lay these files here, by safe names, instead of all others; only this user can read them."""
        self.clear()
        sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.clear = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        taken: set[str] = set()
        self.paths = tuple(self._laid(name, content, taken) for name, content in files)
        if not self.paths:
            self.clear()

    def decided(self, whose: Mapping[str, str]) -> Path | None:
        """Write down what people decided, a person code (empty for someone new) by file or row; None where nothing."""
        path = self.folder / "whose" / "decided.csv"
        if not whose:
            return None
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("file", "person_id"), *whose.items()])
        return path

    def _laid(self, name: str, content: bytes, taken: set[str]) -> Path:
        plain = safe(name)
        stem, ending, again = Path(plain).stem, Path(plain).suffix, 1
        while plain.casefold() in taken:
            again += 1
            plain = f"{stem} ({again}){ending}"
        taken.add(plain.casefold())
        path = self.folder / plain
        path.write_bytes(content)
        return path


def sweep(*, stopping: bool = False) -> None:
    """Remove what stopped processes left behind and nobody came back to; when `stopping`, what is this process's."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            own = stopping and folder.name.startswith(f"{PREFIX}{os.getpid()}-")
            if own or not _runs(folder.name) or folder.stat().st_mtime < time.time() - STALE_SECONDS:
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
    except (LandingError, ReadingError, OSError) as error:
        return Checked(sheets, None, (), replace, matching.masked(str(error)))
    return Checked(sheets, looked, changed, replace)


def _shown(store: Store, paths: Sequence[Path]) -> tuple[Shown, ...]:
    corrections = Corrections(store)
    tables = (path for path in paths if path.suffix.lower() in (*reading.CSV, *reading.EXCEL))
    return tuple(corrections.shown(sheet) for path in tables for sheet in reading.sheets(path))
