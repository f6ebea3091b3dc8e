"""Which heading means which column: as it is recognised, as somebody corrected it, and kept for the next time.

A correction is kept in the store as a map of the same form as those in data/maps. It is for sheets with exactly its
`headings`, whatever the file is called, and is applied by itself when they come again.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from data import contract, keeping, mapping, matching, reading
from data.checking import Cells
from data.mapping import ANY_OTHER, Block
from data.reading import Fields, Heading, ReadingError, Recognition, Sheet
from data.store import Store

PREVIEWED = 5
NAME_LENGTH = 12
NOT_READ = "（{}）"
"""What a heading that is not to be read is called while the sheet is recognised: no contract knows such a one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet as it was understood, for somebody to look at.

    `rows` are the first below the headings, a text a heading: empty where nothing is read, ID numbers masked; of a
    closed source there are none. `corrected` says that a kept map was applied.
    """

    recognition: Recognition
    rows: tuple[tuple[str, ...], ...]
    corrected: bool

    @property
    def closed(self) -> bool:
        """Whether the sheet is of a source that takes no correction."""
        return any(contract.load(source).closed for source in self.recognition.sources)

    @property
    def written(self) -> tuple[str, ...]:
        """Every heading as the file writes it."""
        return tuple(heading.written for heading in self.recognition.headings)


class Corrections:
    """The maps that a store keeps, by the headings that each is for."""

    def __init__(self, store: Store) -> None:
        """Read what is kept; ReadingError where a map cannot be used."""
        maps = map(mapping.load, sorted(store.maps.glob("*.toml")))
        self._maps = {_print(blocks[0].sheet_headings): blocks for blocks in maps if blocks}

    def understood(self, sheet: Sheet, found: Recognition) -> Cells | Fields | None:
        """A sheet as `reading.understand` gives it, under corrected headings where some are kept."""
        if found.layout:
            return reading.understand(sheet, found)
        found = _as_written(sheet, found)
        if blocks := self._of(found):
            told = _told(found, blocks)
            cells = reading.recognise(_headed(sheet, found, told), _sources(blocks))
            return cells and _called_back(cells, found, told)
        return reading.understand(sheet, found)

    def shown(self, sheet: Sheet) -> Shown:
        """How a sheet is understood, with its first rows."""
        found = _as_written(sheet, reading.recognition(sheet))
        if not (blocks := self._of(found)):
            return Shown(found, _first_rows(sheet, found), corrected=False)
        again = reading.recognition(_headed(sheet, found, _told(found, blocks)), _sources(blocks))
        fills = {heading.place: heading.fills for heading in again.headings}
        headings = tuple(dataclasses.replace(each, fills=fills.get(each.place, ())) for each in found.headings)
        corrected = dataclasses.replace(found, sources=again.sources, headings=headings)
        return Shown(corrected, _first_rows(sheet, corrected), corrected=True)

    def _of(self, found: Recognition) -> tuple[Block, ...]:
        return self._maps.get(_print(heading.written for heading in found.headings), ())


def correct(store: Store, shown: Shown, columns: Mapping[str, str]) -> Path:
    """Keep what headings mean: `columns` gives the heading for each "source.column"; the others are not read.

    Gives the map, which replaces an earlier one for the same headings. ReadingError where the map says nothing sound.
    """
    if strange := set(columns.values()) - set(shown.written):
        message = f"{shown.recognition.file} has no heading {min(strange)!r}. 表中没有所选的列名。"
        raise ReadingError(message)
    path = store.maps / f"{_print(shown.written)}.toml"
    text = _text(shown.written, columns)
    mapping.parse(text, path.name)
    keeping.put(path, text)
    return path


def forget(store: Store, shown: Shown) -> None:
    """Forget the map for the headings of a sheet, if one is kept."""
    (store.maps / f"{_print(shown.written)}.toml").unlink(missing_ok=True)


def _as_written(sheet: Sheet, found: Recognition) -> Recognition:
    """How a sheet is understood without a map; where nothing is, its headings are the fullest of the upper rows."""
    if found.sources or found.layout:
        return found
    filled = [sum(map(bool, row)) for row in sheet.head()]
    row = filled.index(max(filled))
    headings = (Heading(place, written) for place, written in enumerate(sheet.row(row)) if written)
    return dataclasses.replace(found, heading_row=row + 1, headings=tuple(headings))


def _text(written: Iterable[str], columns: Mapping[str, str]) -> str:
    """A map as TOML; a JSON string of a text is a TOML string of it."""
    blocks: dict[str, list[str]] = {}
    for filled, heading in columns.items():
        source, _, name = filled.partition(".")
        blocks.setdefault(source, []).append(f"{name} = {_quoted('{' + heading + '}')}")
    first = f"headings = [{', '.join(map(_quoted, written))}]"
    lines = ["# Corrected headings, for any file with exactly these. 核对过的列名，相同列名的文件自动适用。"]
    for source, given in blocks.items():
        lines += ["", f"[[{source}]]", f'file = "{ANY_OTHER}"', first, *given]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _print(written: Iterable[str]) -> str:
    """A short name of a row of headings, whatever their order, case and width."""
    folded = sorted(filter(None, map(contract.fold, written)))
    return hashlib.sha256(json.dumps(folded).encode()).hexdigest()[:NAME_LENGTH]


def _sources(blocks: Sequence[Block]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(block.source for block in blocks))


def _told(found: Recognition, blocks: Sequence[Block]) -> dict[int, str]:
    """What to call each column, by its place, so that it is recognised as the map says."""
    wanted = {field: block.contract.column(name).zh for block in blocks for name, field in block.alone.items()}
    named = (heading for heading in found.headings if heading.written)
    return {heading.place: wanted.pop(heading.written, NOT_READ.format(heading.written)) for heading in named}


def _headed(sheet: Sheet, found: Recognition, told: Mapping[int, str]) -> Sheet:
    """The sheet with other headings in its heading row."""
    row = found.heading_row - 1
    columns = (
        pa.concat_arrays([column.slice(0, row), pa.array([told.get(place, "")], pa.string()), column.slice(row + 1)])
        for place, column in enumerate(column.cast(pa.string()) for column in sheet.columns)
    )
    return dataclasses.replace(sheet, columns=tuple(columns))


def _called_back(cells: Cells, found: Recognition, told: Mapping[int, str]) -> Cells:
    """The cells with their columns called again what the file calls them."""
    was = {told[heading.place]: heading.written for heading in found.headings if heading.place in told}
    findings = (
        dataclasses.replace(each, column=was.get(each.column, each.column), value=was.get(each.value, each.value))
        for each in cells.findings
    )
    headings = {name: was.get(heading, heading) for name, heading in cells.headings.items()}
    return dataclasses.replace(cells, headings=headings, findings=tuple(findings))


def _first_rows(sheet: Sheet, found: Recognition) -> tuple[tuple[str, ...], ...]:
    if any(contract.load(source).closed for source in found.sources):
        return ()
    rows = (sheet.row(int(place)) for place in sheet.body(found.heading_row - 1)[:PREVIEWED])
    return tuple(
        tuple(matching.without_numbers(row[each.place]) if each.fills else "" for each in found.headings)
        for row in rows
    )
