"""Workbooks as columns of text, and what keeps one from being opened at all.

The reader of workbooks lays every sheet out in full, from its first to its last cell, and ends the whole program
where memory does not do: one stray cell in the last column of the last row is enough for that, and so is damage in one
of the older kind (.xls). So every cell is looked at before, and what is of the older kind or written in an unusual way
is read by a program of its own: python -m data.workbook FILE.
"""

import contextlib
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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


class WorkbookError(ValueError):
    """A workbook that cannot be opened, said in one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """One sheet: its name, its columns as text, and for each a mask of the cells that are numbers."""

    name: str
    columns: tuple[pa.Array, ...]
    numeric: tuple[NDArray[np.bool_], ...]


def leaves(path: Path) -> Iterator[Leaf]:
    """Every sheet of a workbook; WorkbookError where it cannot be opened."""
    try:
        usual = _fits(path)
        yield from _read(path) if usual and path.suffix.lower() != OLDER else _apart(path)
    except FAILS as error:
        raise WorkbookError(_unreadable(path, str(error))) from error
    except BaseException as error:
        # What the reader did not foresee comes as a panic, which is no Exception.
        if type(error).__name__ != PANIC:
            raise
        raise WorkbookError(_unreadable(path, "damaged")) from error


def _read(path: Path) -> Iterator[Leaf]:
    book = fastexcel.read_excel(path)
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


def _fits(path: Path) -> bool:
    """Whether a workbook is written as usual, so that its cells could all be seen to fit; WorkbookError where not."""
    if not zipfile.is_zipfile(path):
        return False
    left, usual = MOST_UNPACKED, True
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            raise _unpacks_too_far(path)
        for member in members:
            # The size that an archive tells may be too small, and the reader does not heed it.
            member.file_size = sys.maxsize
            with archive.open(member) as file:
                usual &= _spread(path, file, left)
                left -= file.tell()
    return usual


def _unpacks_too_far(path: Path) -> WorkbookError:
    return WorkbookError(
        f"{path.name} unpacks to more than {MOST_UNPACKED // 1_000_000_000} GB; save it as CSV, or send it in parts. "
        "文件解压后过大，请另存为CSV或分批报送。"
    )


def _spread(path: Path, file: IO[bytes], most: int) -> bool:
    """Whether a part is written as usual; WorkbookError over `most` bytes, or where it is a sheet that reaches far."""
    sheet, usual, rows, columns = False, True, 0, 0
    for text in _pieces(file):
        if file.tell() > most:
            raise _unpacks_too_far(path)
        sheet = sheet or _SHEET in text
        if sheet:
            found = _CELL.findall(text)
            rows = max(rows, *map(int, {row for _, row in found}), 0)
            columns = max(columns, *map(_column, {letters for letters, _ in found}), 0)
            usual = usual and not (_UNUSUAL.search(text) or _PREFIXED.search(text))
    if rows * columns > MOST_CELLS:
        message = (
            f"{path.name} has a sheet that reaches to row {rows} and column {columns}, far beyond its table; delete "
            "what stands there and the empty rows and columns, and save it again. "
            "工作表在远离表格处有内容或格式，请删除多余的空行、空列后重新保存。"
        )
        raise WorkbookError(message)
    return usual


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
