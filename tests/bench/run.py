"""One run of the benchmark: section after section, kept as it goes, so that one that was broken off goes on."""

import json
import shutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from data import keeping
from data.speeds import Row
from data.store import Store
from pages.parts import endorsing
from tests.server import HOUSE

FOLDER = HOUSE / "build" / "bench"
"""Where a run keeps its cities and what it has measured; all of it goes when it ends whole."""


@dataclass(frozen=True, slots=True)
class City:
    """A city to be measured: the folder of its store, how many people it has, the most rounds of a comparison."""

    folder: Path
    people: int
    rounds: int

    @property
    def now(self) -> int:
        """The month its data stand at."""
        month = Store(self.folder).manifest().month
        assert month is not None
        return month


class Run:
    """What has been measured so far, by section and size of the city."""

    def __init__(self, folder: Path = FOLDER, *, goes_on: bool = False) -> None:
        """Begin anew in a folder, or go on with what a run of the same version left there."""
        self.folder = folder
        self.at, self.version = keeping.now(), endorsing.version()
        self.done: dict[str, list[Row]] = {}
        kept = json.loads(self._file.read_text(encoding="utf-8")) if goes_on and self._file.is_file() else {}
        if kept.get("version") == self.version:
            self.at = kept["at"]
            self.done = {name: [Row(**row) for row in rows] for name, rows in kept["done"].items()}
        else:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def _file(self) -> Path:
        return self.folder / "run.json"

    @property
    def rows(self) -> list[Row]:
        """Every row so far."""
        return [row for rows in self.done.values() for row in rows]

    def section(self, name: str, city: City, measure: Callable[[City], list[Row]]) -> list[Row]:
        """The rows of a section: those of a run before unless one had failed, else measured now and kept."""
        key = f"{city.people} {name}"
        if key not in self.done or any(row.failed for row in self.done[key]):
            rows = tried(name, lambda: measure(city))
            self.done[key] = [replace(row, people=row.people or city.people) for row in rows]
            kept: dict[str, Any] = {name: [asdict(row) for row in rows] for name, rows in self.done.items()}
            keeping.put(self._file, keeping.text({"at": self.at, "version": self.version, "done": kept}), plain=True)
        return self.done[key]

    def end(self) -> None:
        """Remove what the run kept, unless something in it failed."""
        if not any(row.failed for row in self.rows):
            shutil.rmtree(self.folder)


def tried(what: str, measure: Callable[[], list[Row]]) -> list[Row]:
    """The rows that a measure gives; a row that says so where it fails, and the others go on."""
    try:
        return measure()
    except Exception as error:  # noqa: BLE001 - whatever one measure meets, the others are still wanted
        traceback.print_exc(file=sys.stderr)
        said = (str(error).splitlines() or [""])[0]
        return [Row(what, "failed", remark=f"{type(error).__name__}: {said}", failed=True)]
