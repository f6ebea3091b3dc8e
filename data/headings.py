"""Which heading means which column: as it is recognised, as somebody corrected it, and kept for the next time.

A correction is kept in the store as a map of the same form as those in data/maps. It is for sheets with exactly its
`headings`, whatever the file is called, and is applied by itself when they come again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from data import audit, contract, history, keeping, layout, mapping, matching, reading
from data.keeping import quoted
from data.layout import Layout
from data.mapping import ANY_OTHER, Block
from data.reading import Heading, ReadingError, Recognition, Sheet
from data.store import Store

PREVIEWED = 5
NAME_LENGTH = 12
CORRECTED, FORGOTTEN = "corrected headings", "forgot headings"
_FIELD_SIGNS = set("{}")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a sheet can be said to hold: a source, or a layout as people use it, with its columns by their names.

    `columns` gives each column's English and Chinese name, `headings` the column that each folded heading means.
    """

    name: str
    title_en: str
    title_zh: str
    columns: Mapping[str, tuple[str, str]]
    headings: Mapping[str, str]

    def meant(self, shown: "Shown") -> dict[str, str]:
        """The heading of each column: as the sheet was understood if it is of this kind, else as the headings say."""
        found = shown.recognition
        if shown.kind == self.name:
            named = ((_column(each), each.written) for each in reversed(found.headings))
        else:
            told = (each for each in reversed(found.headings) if not each.passed)
            named = ((self.headings.get(contract.fold(each.written), ""), each.written) for each in told)
        return {name: written for name, written in named if name in self.columns}


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
    def kind(self) -> str:
        """The name of the kind that the sheet was taken for; "" where it was for none."""
        return self.recognition.layout or next(iter(self.recognition.sources), "")

    @property
    def settled(self) -> bool:
        """Whether the sheet takes no correction: of a closed source, or known and not read."""
        found = self.recognition
        return _closed(found) or bool(found.layout and not found.sources)

    @property
    def written(self) -> tuple[str, ...]:
        """Every heading as the file writes it."""
        return tuple(heading.written for heading in self.recognition.headings)


class Corrections:
    """The maps that a store keeps, by the headings that each is for."""

    def __init__(self, store: Store) -> None:
        """Read what is kept; ReadingError where a map cannot be used."""
        maps = (block for path in sorted(store.maps.glob("*.toml")) for block in mapping.load(path))
        self._maps = {_print(block.sheet_headings): block for block in maps}

    def recognised(self, sheet: Sheet, found: Recognition) -> Recognition:
        """How the headings of a sheet are understood: as corrected where that is kept, else as they were found."""
        return self._corrected(_as_written(sheet, found))

    def shown(self, sheet: Sheet) -> Shown:
        """How a sheet is understood, with its first rows."""
        found = _as_written(sheet, reading.recognition(sheet))
        corrected = self._corrected(found)
        return Shown(corrected, tuple(_first_rows(sheet, corrected)), corrected=corrected is not found)

    def _corrected(self, found: Recognition) -> Recognition:
        block = self._maps.get(_print(heading.written for heading in found.headings))
        return found if block is None else _as_told(found, block)


def kinds() -> dict[str, Kind]:
    """Everything that a sheet can be said to hold, by name: the layouts that are read, and the sources not closed."""
    read = (each for each in layout.layouts() if each.fills)
    sources = (source for source in map(contract.load, contract.SOURCES) if not source.closed)
    return {kind.name: kind for kind in (*map(_of_layout, read), *map(_of_source, sources))}


def correct(store: Store, shown: Shown, kind: str, columns: Mapping[str, str], who: str = "") -> Path:
    """Keep what a sheet holds and the heading of each of its columns, as `who` says; the others are not read.

    Gives the map, which replaces an earlier one for the same headings. ReadingError where it says nothing sound, or
    names a heading that is known and not kept.
    """
    allowed = {heading.written for heading in shown.recognition.headings if not heading.passed}
    for name, written in columns.items():
        own = kinds()[kind].headings.get(contract.fold(written)) if kind in kinds() else None
        if written not in allowed or _FIELD_SIGNS & set(written) or (_private(written) and own != name):
            message = (
                f"The column {written!r} cannot be taken for this: it is not there, or may not be kept. "
                f"“{written}”列不能作此用：表中没有此列，或按规定不得保留。"
            )
            raise ReadingError(message)
    path = store.maps / f"{_print(shown.written)}.toml"
    text = _text(shown.written, kind, columns)
    mapping.parse(text, path.name)
    with audit.entered(store, CORRECTED, who or history.whoever_runs_this(), path.stem, kind=kind):
        keeping.put(path, text)
    return path


def forget(store: Store, shown: Shown, who: str = "") -> None:
    """Forget the map for the headings of a sheet, if one is kept."""
    path = store.maps / f"{_print(shown.written)}.toml"
    with audit.entered(store, FORGOTTEN, who or history.whoever_runs_this(), path.stem):
        path.unlink(missing_ok=True)


def _of_source(source: contract.Contract) -> Kind:
    columns = {column.name: (column.en, column.zh) for column in source.columns}
    headings = {heading: column.name for heading, column in source.headings.items()}
    return Kind(source.source, source.title_en, source.title_zh, columns, headings)


def _of_layout(known: Layout) -> Kind:
    columns: dict[str, tuple[str, str]] = {}
    for heading, name in known.headings.items():
        columns.setdefault(name, (heading, heading))
    for source in reversed(known.fills):
        columns |= {
            column.name: (column.en, column.zh) for column in contract.load(source).columns if column.name in columns
        }
    return Kind(known.name, known.title_en, known.title_zh, columns, known.headings)


def _column(heading: Heading) -> str:
    return heading.field or next((each.partition(".")[2] for each in heading.fills), "")


def _private(written: str) -> bool:
    return contract.fold(written) in layout.private()


def _closed(found: Recognition) -> bool:
    return any(contract.load(source).closed for source in found.sources)


def _as_written(sheet: Sheet, found: Recognition) -> Recognition:
    """How a sheet is understood without a map; where nothing is, its headings are the fullest of the upper rows."""
    if found.sources or found.layout:
        return found
    filled = [sum(map(bool, row)) for row in sheet.head()]
    row = filled.index(max(filled))
    headings = (Heading(place, written) for place, written in enumerate(sheet.row(row)) if written)
    return replace(found, heading_row=row + 1, headings=tuple(headings), stated=reading.stated_month(sheet, row + 1))


def _as_told(found: Recognition, block: Block) -> Recognition:
    """The sheet understood as a map says: what the map does not name is not read."""
    known = next((each for each in layout.layouts() if each.name == block.source), None)
    wanted = {written: name for name, written in block.alone.items()}
    headings = []
    for heading in found.headings:
        name = "" if heading.passed else wanted.pop(heading.written, "")
        fills = (known.filled_by(name) if known else (f"{block.source}.{name}",)) if name else ()
        headings.append(replace(heading, fills=fills, second=False, field=name if known else ""))
    sources = known.fills if known else (block.source,)
    return replace(found, sources=sources, headings=tuple(headings), layout=block.source if known else "")


def _text(written: Iterable[str], kind: str, columns: Mapping[str, str]) -> str:
    """A map as TOML; a JSON string of a text is a TOML string of it."""
    about = "# Corrected headings, for any file with exactly these. 核对过的列名，相同列名的文件自动适用。"
    headings = f"headings = [{', '.join(map(quoted, written))}]"
    lines = (f"{name} = {quoted('{' + heading + '}')}" for name, heading in columns.items())
    return "\n".join([about, "", f"[[{quoted(kind)}]]", f'file = "{ANY_OTHER}"', headings, *lines, ""])


def _print(written: Iterable[str]) -> str:
    """A short name of a row of headings, whatever their order, case and width."""
    folded = sorted(filter(None, map(contract.fold, written)))
    return hashlib.sha256(json.dumps(folded).encode()).hexdigest()[:NAME_LENGTH]


def _first_rows(sheet: Sheet, found: Recognition) -> Iterator[tuple[str, ...]]:
    for place in () if _closed(found) else sheet.body(found.heading_row - 1)[:PREVIEWED]:
        row = sheet.row(int(place))
        yield tuple(matching.without_numbers(row[each.place]) if each.fills else "" for each in found.headings)
