"""Workbooks as columns of text, and what keeps one from being opened at all.

The reader of workbooks lays every sheet out in full, from its first to its last cell, and ends the whole program
where memory does not do: one stray cell in the last column of the last row is enough for that, and so is damage in one
of the older kind (.xls). So every cell is looked at before, and what is of the older kind or written in an unusual way
is read by a program of its own: python -m data.workbook FILE.
"""

import contextlib
import html
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import IO, NamedTuple

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data import sealing

OLDER = ".xls"
LONGEST = 120.0
"""Seconds in which a program of its own reads a workbook, or gives up."""
MOST_MEMORY = 6_000_000_000
HOUSE = Path(__file__).parent.parent
PANIC = "PanicException"
FAILS = (fastexcel.FastExcelError, zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError)
NO_VALUE = "#VALUE!"
FAILURES = {"NA": "#N/A", "Ref": "#REF!", "Div0": "#DIV/0!", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!"}
_FAILURE = re.compile(r"Error\((\w+)\)")
MOST_UNPACKED = 2_000_000_000
MOST_CELLS = 50_000_000
"""Cells of a sheet laid out in full; each takes 32 bytes."""
BLOCK, LONGEST_TAG, LONGEST_CELL = 1_000_000, 4_096, 64
"""Bytes that are looked at together, that a tag has at most as a rule, and what tells one cell."""
LETTERS = 26
_SHEET = b"sheetData"
"""What only the part that holds a sheet has, whatever the name of the part."""
_CELL = re.compile(rb"""r=["']([A-Za-z]{0,8})([0-9]{1,10})["']""")
_UNUSUAL = re.compile(rb"""<(?:c(?! r=["'][A-Z]{1,3}[1-9][0-9]{0,6}["'])|row(?! r=["'][1-9][0-9]{0,6}["']))[\s/>]""")
"""A cell or row that does not begin by saying where it stands."""
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
MOST_TEXT = 1_000_000_000
"""Bytes of text that the cells of a sheet may name together, each time anew."""
_SHARED = b"sst"
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
_NAMED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*([0-9]{1,9})\s*<""")
_MERGED = re.compile(rb"""mergeCell\s[^>]*?ref=["']([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})["']""")
_FILLED = re.compile(rb"""<c r=["']([A-Z]{1,3})[0-9]{1,7}["'][^>]*[^/]>""")
_SAID = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")


class WorkbookError(ValueError):
    """A workbook that cannot be opened, said in one sentence."""


class Merged(NamedTuple):
    """Cells of one column that are merged: the column and the first and last row, all counted from 0."""

    column: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """One sheet: its name, its columns as text, for each a mask of the cells that are numbers, and merged cells."""

    name: str
    columns: tuple[pa.Array, ...]
    numeric: tuple[NDArray[np.bool_], ...]
    merged: tuple[Merged, ...] = ()


def leaves(path: Path) -> Iterator[Leaf]:
    """Every sheet of a workbook; WorkbookError where it cannot be opened."""
    try:
        parts = _seen(path)
        usual = bool(parts) and all(part.usual for part in parts.values())
        merged = _merged_by_sheet(path, parts)
        for leaf in _read(path) if usual and path.suffix.lower() != OLDER else _apart(path):
            width, cells = merged.get(leaf.name, (0, []))
            yield replace(leaf, merged=tuple(cells)) if width == len(leaf.columns) else leaf
    except FAILS as error:
        raise WorkbookError(_unreadable(path, str(error))) from error
    except BaseException as error:
        # What the reader did not foresee comes as a panic, which is no Exception.
        if type(error).__name__ != PANIC:
            raise
        raise WorkbookError(_unreadable(path, "damaged")) from error


def _read(path: Path) -> Iterator[Leaf]:
    given = sealing.source(path)
    book = fastexcel.read_excel(given if isinstance(given, Path) else given.read())
    for name in book.sheet_names:
        yield _leaf(book, name)


def _apart(path: Path) -> Iterator[Leaf]:
    """The sheets as a program of its own reads them, which may fall."""
    command = [sys.executable, "-m", "data.workbook", str(path.absolute())]
    try:
        done = subprocess.run(command, cwd=HOUSE, capture_output=True, timeout=LONGEST, check=True)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise WorkbookError(_unreadable(path, "it takes too long")) from error
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace") if error.returncode == 1 else "damaged"
        raise WorkbookError(_unreadable(path, told)) from error
    source = pa.BufferReader(done.stdout)
    while source.tell() < source.size():
        table = pa.ipc.open_stream(source).read_all().combine_chunks()
        half = table.num_columns // 2
        columns = [column.combine_chunks() for column in table.columns]
        masks = tuple(mask.to_numpy(zero_copy_only=False) for mask in columns[half:])
        yield Leaf(table.schema.metadata[b"name"].decode(), tuple(columns[:half]), masks)


def _write(path: Path) -> None:
    """Write the sheets to the standard output, a stream a sheet."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not every system has it

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for leaf in _read(path):
        columns = [*leaf.columns, *map(pa.array, leaf.numeric)]
        table = pa.table(columns, [str(place) for place in range(len(columns))], metadata={"name": leaf.name})
        with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
            stream.write_table(table)


def _unreadable(path: Path, reason: str) -> str:
    first = reason.strip().partition("\n")[0]
    return (
        f"{path.name} cannot be read as a workbook ({first}); open it and save it again as .xlsx. "
        "工作簿无法读取，请打开后另存为 .xlsx。"
    )


def _leaf(book: fastexcel.ExcelReader, name: str) -> Leaf:
    text, failed = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow_with_errors()
    # Read as boolean, a cell is null exactly where it holds text or a date: so a number is told from written digits.
    numbers = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="boolean", eager=True)
    return Leaf(
        name,
        tuple(_with_failures(text, {error.position: error.detail for error in failed.errors} if failed else {})),
        tuple(column.is_valid().to_numpy(zero_copy_only=False) for column in numbers.columns),
    )


def _with_failures(text: pa.RecordBatch, failures: Mapping[tuple[int, int], str]) -> Iterator[pa.Array]:
    """The columns, with the sign that Excel shows in each cell whose formula failed."""
    for number, column in enumerate(text.columns):
        rows = [row for row, at in failures if at == number]
        cells = column.cast(pa.string())
        if rows:
            told = pa.array([_sign(failures[row, number]) for row in sorted(rows)])
            cells = pc.replace_with_mask(cells, np.isin(np.arange(len(cells)), rows), told)
        yield cells


def _sign(failure: str) -> str:
    kind = _FAILURE.search(failure)
    return FAILURES.get(kind[1], NO_VALUE) if kind else NO_VALUE


@dataclass(slots=True)
class _Part:
    """What was seen of one part: how it is written, how far a sheet reaches, its longest shared text in bytes."""

    usual: bool = True
    rows: int = 0
    columns: int = 0
    cells: int = 0
    longest: int = 0
    merged: list[Merged] = field(default_factory=list)


def _seen(path: Path) -> dict[str, _Part]:
    """What every part of a workbook is like, by its name; WorkbookError where it could not all be held."""
    with sealing.opened(path) as book:
        if not zipfile.is_zipfile(book):
            return {}
    left, parts = MOST_UNPACKED, dict[str, _Part]()
    with sealing.opened(path) as book, zipfile.ZipFile(book) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            raise _unpacks_too_far(path)
        for member in members:
            # The size that an archive tells may be too small, and the reader does not heed it.
            member.file_size = sys.maxsize
            with archive.open(member) as file:
                parts[member.filename] = _spread(path, file, left)
                left -= file.tell()
        longest = max(part.longest for part in parts.values())
        if any(part.cells * longest > MOST_TEXT for part in parts.values()):
            _require_room(path, archive, parts)
    return parts


def _unpacks_too_far(path: Path) -> WorkbookError:
    return WorkbookError(
        f"{path.name} unpacks to more than {MOST_UNPACKED // 1_000_000_000} GB; save it as CSV, or send it in parts. "
        "文件解压后过大，请另存为CSV或分批报送。"
    )


def _spread(path: Path, file: IO[bytes], most: int) -> _Part:
    """What one part is like; WorkbookError over `most` bytes, or where it is a sheet that reaches far."""
    part, sheet, shared, since = _Part(), False, False, 0
    for text in _pieces(file):
        if file.tell() > most:
            raise _unpacks_too_far(path)
        sheet, shared = sheet or _SHEET in text, shared or _SHARED in text
        if sheet:
            found = _CELL.findall(text)
            part.cells += len(found)
            part.rows = max(part.rows, *map(int, {row for _, row in found}), 0)
            part.columns = max(part.columns, *map(_column, {letters for letters, _ in found}), 0)
            part.usual = part.usual and not (_UNUSUAL.search(text) or _PREFIXED.search(text))
            part.merged.extend(_merged(text))
        if shared:
            lengths, since = _lengths(text, since)
            part.longest = max([part.longest, since, *lengths])
    if part.rows * part.columns > MOST_CELLS:
        message = (
            f"{path.name} has a sheet that reaches to row {part.rows} and column {part.columns}, far beyond its table; "
            "delete what stands there and the empty rows and columns, and save it again. "
            "工作表在远离表格处有内容或格式，请删除多余的空行、空列后重新保存。"
        )
        raise WorkbookError(message)
    return part


def _lengths(text: bytes, since: int) -> tuple[list[int], int]:
    """The bytes of each shared text that ends in a piece, the first begun `since` so many; those of the open one."""
    begins = [found.start() for found in _TEXT.finditer(text)]
    if not begins:
        return [], since + len(text)
    return [since + begins[0], *(end - start for start, end in pairwise(begins))], len(text) - begins[-1]


def _require_room(path: Path, archive: zipfile.ZipFile, parts: Mapping[str, _Part]) -> None:
    """Raise WorkbookError where a sheet names so long texts so often that they could not be held once for each cell."""
    lengths: list[int] = []
    for name in (name for name, part in parts.items() if part.longest):
        since = 0
        with archive.open(name) as file:
            for text in _pieces(file):
                ended, since = _lengths(text, since)
                lengths.extend(ended)
        lengths.append(since)
    # What stands before the first text is none.
    told = np.array(lengths[1:], np.int64)
    for name in (name for name, part in parts.items() if part.cells):
        with archive.open(name) as file:
            named = (np.array(_NAMED.findall(text), np.int64) for text in _pieces(file))
            if sum(int(told[some[some < len(told)]].sum()) for some in named) > MOST_TEXT:
                message = (
                    f"{path.name} repeats long texts in so many cells that they take more than "
                    f"{MOST_TEXT // 1_000_000_000} GB; shorten them, or send it in parts. "
                    "工作簿中过多单元格重复很长的文字，无法读取，请删减后重新保存或分批报送。"
                )
                raise WorkbookError(message)


def _merged(text: bytes) -> Iterator[Merged]:
    """The cells of a piece that are merged over more rows than one, each by its first column."""
    for letters, first, last in _MERGED.findall(text) if b"mergeCell" in text else ():
        if int(last) > int(first):
            yield Merged(_column(letters) - 1, int(first) - 1, int(last) - 1)


def _merged_by_sheet(path: Path, parts: Mapping[str, _Part]) -> dict[str, tuple[int, list[Merged]]]:
    """For each sheet with such cells its width, and they with columns counted from the first one that is filled."""
    found: dict[str, tuple[int, list[Merged]]] = {}
    if not any(part.merged and part.usual for part in parts.values()):
        return found
    with sealing.opened(path) as book, zipfile.ZipFile(book) as archive:
        for name, place in _places(archive).items():
            part = parts.get(place)
            if part and part.merged and part.usual:
                with archive.open(place) as file:
                    filled = {_column(letters) - 1 for text in _pieces(file) for letters in _FILLED.findall(text)}
                first = min(filled, default=0)
                merged = [each._replace(column=each.column - first) for each in part.merged if each.column >= first]
                found[name] = max(filled, default=0) - first + 1, merged
    return found


def _places(archive: zipfile.ZipFile) -> dict[str, str]:
    """In which part each sheet is, by its name."""
    rooms = {
        said[b"Id"]: said.get(b"Target", b"").decode()
        for said in _tags(archive, "xl/_rels/workbook.xml.rels", b"Relationship")
        if b"Id" in said
    }
    sheets = _tags(archive, "xl/workbook.xml", b"sheet")
    named = ((html.unescape(each.get(b"name", b"").decode()), rooms.get(each.get(b"r:id", b""), "")) for each in sheets)
    return {name: room.removeprefix("/") if room.startswith("/") else f"xl/{room}" for name, room in named}


def _tags(archive: zipfile.ZipFile, part: str, tag: bytes) -> Iterator[dict[bytes, bytes]]:
    if part in archive.namelist():
        with archive.open(part) as file:
            for inside in re.findall(rb"<(?:\w+:)?" + tag + rb"\s([^>]*)>", file.read(BLOCK)):
                yield dict(_SAID.findall(inside))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A part in pieces of about `BLOCK` bytes that end before a tag, or overlap where none begins."""
    rest = b""
    while block := file.read(BLOCK):
        text = rest + block
        end = max(text.rfind(b"<"), 0)
        if len(text) - end > LONGEST_TAG:
            yield text
            rest = text[-LONGEST_CELL:]
        else:
            yield text[:end]
            rest = text[end:]
    yield rest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * LETTERS + letter - ord("A") + 1
    return number


if __name__ == "__main__":
    try:
        _write(Path(sys.argv[1]))
    except FAILS as failed:
        sys.exit(str(failed))
