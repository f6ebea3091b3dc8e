"""What was found in the files that landed, summed up: how many rows of which file have which problem."""

import csv
import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data import history, sealing
from data.checking import ERROR, Finding
from data.reading import PASSED_SHEET
from data.store import Store
from data.unit_sheets import KIND_BY_NAME

OF_SHEETS = frozenset({PASSED_SHEET.problem_en, KIND_BY_NAME.problem_en})
"""Problems whose value is no cell but tells how much of a sheet they are of."""


@dataclass(frozen=True, slots=True)
class Found:
    """One problem in one column of one sheet of a batch: the first such finding, its cell left out, and its rows."""

    batch: str
    first: Finding
    rows: int

    @property
    def to_mend(self) -> bool:
        """Whether somebody has to mend it; what is but told can keep a row out too, as it does a total."""
        return self.first.severity == ERROR


def in_files(store: Store) -> tuple[Found, ...]:
    """What was found in the files of the batches that count: the newest first, what is to be mended before the rest."""
    batches = reversed(store.manifest().current)
    return tuple(found for batch in batches for found in _of_batch(store.findings_of(batch.id)))


def rejected(store: Store) -> int:
    """How many rows of the batches that count did not land, as the account of each landing counted them.

    A row can be kept out by several findings, and one that is but told can keep it out: no count of findings says it.
    """
    landed = history.last(history.of(store), history.LANDED)
    return sum(landed[batch.id].rejected for batch in store.manifest().current if batch.id in landed)


@functools.lru_cache(maxsize=64)
def _of_batch(path: Path) -> tuple[Found, ...]:
    """What was found in one batch, which never changes once it has landed."""
    if not path.is_file():
        return ()
    rows: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    first: dict[tuple[str, ...], Finding] = {}
    for found in _findings(path):
        same = (found.file, found.sheet, found.column, found.severity, found.problem_en)
        rows[same].add(found.row)
        first.setdefault(same, found)
    summed = (Found(path.stem, first[same], len(of)) for same, of in rows.items())
    return tuple(sorted(summed, key=lambda found: (not found.to_mend, -found.rows)))


def _findings(path: Path) -> Iterator[Finding]:
    with sealing.text(path, "utf-8-sig") as file:
        for row in csv.DictReader(file):
            told = {name: text for name, text in row.items() if name not in {"row", "value"}}
            value = row["value"] if row["problem_en"] in OF_SHEETS else ""
            yield Finding(row=int(row["row"]), value=value, **told)
