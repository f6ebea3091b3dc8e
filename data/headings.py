"""Which heading means which column: as it is recognised, as somebody corrected it, and kept for the next time.

A correction is kept in the store as a map of the same form as those in data/maps. It is for sheets with exactly its
`headings`, whatever the file is called, and is applied by itself when they come again.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from data import contract, mapping, matching, reading
from data.batches import LandingError, write_through
from data.checking import Cells
from data.mapping import ANY_OTHER, Block
from data.reading import ReadingError, Sheet
from data.store import Store

PREVIEWED = 5
NAME_LENGTH = 12
FEWEST_CELLS = 2
NOT_READ = "（{}）"
"""What a heading that is not to be read is called while the sheet is recognised: no contract knows such a one."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a sheet: what is written above it, and the contract column that it means, None where none."""

    written: str
    column: str | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """How a sheet was understood: its source (None where no contract knows it), heading row (from 1), headings.

    `rows` are the first below it, under the headings that mean something, ID numbers masked; of a closed source there
    are none. `corrected` says that a kept map was applied.
    """

    file: str
    sheet: str
    source: str | None
    heading_row: int
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    corrected: bool

    @property
    def columns(self) -> dict[str, str]:
        """The heading by the contract column that it means."""
        return {heading.column: heading.written for heading in self.headings if heading.column}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings that mean nothing."""
        return tuple(heading.written for heading in self.headings if heading.written and not heading.column)


class Corrections:
    """The maps that a store keeps, by the headings that each is for."""

    def __init__(self, store: Store) -> None:
        """Read what is kept; ReadingError where a map cannot be used."""
        maps = (mapping.load(path) for path in sorted(store.maps.glob("*.toml")))
        self._blocks = {
            _print(block.sheet_headings): block for blocks in maps for block in blocks if block.sheet_headings
        }

    def cells(self, sheet: Sheet) -> Cells | None:
        """The cells of a sheet as `reading.recognise` gives them, under corrected headings where some are kept."""
        for place, written in enumerate(sheet.head()):
            if block := self._blocks.get(_print(written)):
                return _corrected(sheet, place, block)
        return reading.recognise(sheet)

    def knows(self, sheet: Sheet) -> bool:
        """Whether a map is kept for this sheet."""
        return any(_print(written) in self._blocks for written in sheet.head())


def recognised(sheet: Sheet, corrections: Corrections) -> Recognised:
    """How a sheet is understood, with its first rows; ReadingError where it must not be taken at all."""
    cells = corrections.cells(sheet)
    if cells is None:
        row = _heading_row(sheet)
        headings = tuple(Heading(written, None) for written in sheet.row(row))
        return Recognised(sheet.file, sheet.sheet, None, row + 1, headings, (), corrected=corrections.knows(sheet))
    meant = {written: name for name, written in cells.headings.items()}
    written = sheet.row(cells.heading_row - 1)
    return Recognised(
        file=sheet.file,
        sheet=sheet.sheet,
        source=cells.contract.source,
        heading_row=cells.heading_row,
        headings=tuple(Heading(each, meant.pop(each, None)) for each in written),
        rows=() if cells.contract.closed else tuple(_first_rows(cells)),
        corrected=corrections.knows(sheet),
    )


def correct(store: Store, shown: Recognised, source: str, columns: Mapping[str, str]) -> Path:
    """Keep what headings mean: `columns` gives the written heading of each contract column; the others are not read.

    Gives the map, which replaces an earlier one for the same headings. ReadingError where the map says nothing sound.
    """
    written = [heading.written for heading in shown.headings]
    if strange := set(columns.values()) - set(written):
        message = f"{shown.file} has no heading {min(strange)!r}. 表中没有所选的列名。"
        raise ReadingError(message)
    path = store.maps / f"{_print(written)}.toml"
    fresh = path.with_suffix(".fresh")
    try:
        store.maps.mkdir(parents=True, exist_ok=True)
        write_through(fresh, _text(source, written, columns))
        mapping.load(fresh)
        fresh.replace(path)
    except OSError as error:
        message = f"The map was not kept: {store.maps} cannot be written. 列名对照未能保存，请检查磁盘空间和写入权限。"
        raise LandingError(message) from error
    finally:
        fresh.unlink(missing_ok=True)
    return path


def forget(store: Store, shown: Recognised) -> None:
    """Forget the map for the headings of a sheet, if one is kept."""
    (store.maps / f"{_print([heading.written for heading in shown.headings])}.toml").unlink(missing_ok=True)


def _text(source: str, written: Sequence[str], columns: Mapping[str, str]) -> str:
    """A map as TOML; a JSON string of a text is a TOML string of it."""
    lines = (f"{name} = {_quoted('{' + heading + '}')}" for name, heading in columns.items())
    headings = ", ".join(_quoted(heading) for heading in written if heading)
    about = "# Corrected headings, for any file with exactly these. 核对过的列名，相同列名的文件自动适用。"
    return "\n".join([about, "", f"[[{source}]]", f'file = "{ANY_OTHER}"', f"headings = [{headings}]", *lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _print(written: Sequence[str]) -> str:
    """A short name of a row of headings, whatever their order, case and width."""
    folded = sorted(filter(None, map(contract.fold, written)))
    return hashlib.sha256(json.dumps(folded).encode()).hexdigest()[:NAME_LENGTH]


def _corrected(sheet: Sheet, row: int, block: Block) -> Cells | None:
    """Recognise a sheet as if its headings were those of the contract; then call them again what the file does."""
    source = block.contract
    wanted = {field: source.column(name).zh for name, field in block.alone.items()}
    written = sheet.row(row)
    told = [wanted.pop(each, NOT_READ.format(each) if each else "") for each in written]
    cells = reading.recognise(_headed(sheet, row, told), (source.source,))
    if cells is None:
        return None
    was = dict(zip(told, written, strict=True))
    findings = (dataclasses.replace(each, column=was.get(each.column, each.column)) for each in cells.findings)
    return dataclasses.replace(
        cells,
        headings={name: was.get(heading, heading) for name, heading in cells.headings.items()},
        findings=tuple(dataclasses.replace(each, value=was.get(each.value, each.value)) for each in findings),
    )


def _headed(sheet: Sheet, row: int, headings: Sequence[str]) -> Sheet:
    columns = (
        pa.concat_arrays([column.slice(0, row), pa.array([heading], pa.string()), column.slice(row + 1)])
        for column, heading in zip(map(_text_of, sheet.columns), headings, strict=True)
    )
    return dataclasses.replace(sheet, columns=tuple(columns))


def _text_of(column: pa.Array) -> pa.Array:
    return column.cast(pa.string())


def _heading_row(sheet: Sheet) -> int:
    """The first of the upper rows with most filled cells: where headings stand that nobody knows."""
    filled = [sum(map(bool, row)) for row in sheet.head()]
    return filled.index(max(filled))


def _first_rows(cells: Cells) -> Iterator[tuple[str, ...]]:
    first = cells.text.slice(0, PREVIEWED)
    columns = [
        [matching.without_numbers(text or "") for text in first.column(name).to_pylist()] for name in cells.headings
    ]
    yield from zip(*columns, strict=True)


def below(sheet: Sheet, heading_row: int) -> int:
    """How many filled rows stand below the heading row (from 1)."""
    return int(np.count_nonzero(sheet.filled[heading_row:]))
