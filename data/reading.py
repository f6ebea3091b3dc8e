"""From a file to text under the columns of a contract: xlsx and csv, whatever stands above the heading row."""

import codecs
import csv
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, zip_longest
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data import cell, contract, layout, sealing, workbook
from data.cell import Problem
from data.checking import ANY_TIME, WARNING, Cells, Finding, Until
from data.contract import Contract
from data.layout import Layout
from data.workbook import Merged

CSV = (".csv", ".txt")
EXCEL = (".xlsx", ".xlsm", ".xls")
HEADING_ROWS = 10
ROWS_A_BLOCK = 20_000
"""Rows of a csv held as Python lists at a time; more of them slow every allocation down."""
LARGE = 32_000_000
"""Bytes from which on a csv is read in parts that are not held together."""
BLOCKS_A_PART = 10
BYTES_A_BLOCK = 1 << 20
FEWEST_HEADINGS = 2
_STATED = re.compile(
    r"(?:截至|截止|计算年龄时间|年龄计算|计龄)\D{0,6}((?:19|20)\d{2})\s*[年./-]\s*(0?[1-9]|1[0-2])(?!\d)"
)
NOTES_SHEET = "说明"

UNKNOWN_COLUMN = Problem(
    "No column of this source answers to this heading; the column was not read.",
    "列名无法识别，此列未导入。",
    "Rename it as in the template if it should be read.",
    "如需导入，请按模板更改列名。",
)
SECOND_COLUMN = Problem(
    "Another column to the left already has this meaning; this one was not read.",
    "左侧已有同义列，此列未导入。",
    "Keep one of the two columns.",
    "请保留其中一列。",
)
FILLED_DOWN = Problem(
    "Cells of this column are merged over several rows; their value was taken for each of these (so many rows).",
    "此列有跨行合并的单元格；其内容已用于所合并的各行（行数如左）。",
    "Nothing is to be done where the value holds for every row.",
    "如各行内容确属相同，无需处理。",
)
PASSED_COLUMNS = Problem(
    "These columns are known and not kept: the dashboard has no use for them, or may not keep them.",
    "这些列已识别，按规定或因用不到而不保留。",
    "Nothing is to be done.",
    "无需处理。",
)
PASSED_SHEET = Problem(
    "The sheet is known and not kept (so many rows): the dashboard has no use for it, or may not keep it.",
    "工作表已识别（行数如左），按规定或因用不到而不保留。",
    "Nothing is to be done.",
    "无需处理。",
)
UNKNOWN_SHEET = Problem(
    "No source has the headings of this sheet; the sheet was not read.",
    "工作表的列名与任何数据表都不符，未导入。",
    "Give it the headings of the template if it should be read.",
    "如需导入，请使用模板中的列名。",
)


class ReadingError(ValueError):
    """A file that cannot be read, said in one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One sheet as it stands in the file: columns of text, all of one height, and masks of the cells that are numbers.

    `sheet` is empty for csv. Row i of a column is row i + 1 of the file; where this is a part of it, `begins`
    rows are before it. `merged` are cells that the workbook shows as one over several rows.
    """

    file: str
    sheet: str
    columns: tuple[pa.Array, ...]
    numeric: tuple[NDArray[np.bool_], ...] = ()
    begins: int = 0
    merged: tuple[Merged, ...] = ()

    @property
    def height(self) -> int:
        """How many rows the sheet has, empty ones too."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def filled(self) -> NDArray[np.bool_]:
        """True for each row in which any cell says something."""
        masks = [np.zeros(self.height, bool), *map(_filled, self.columns)]
        return np.asarray(np.logical_or.reduce(masks))

    def row(self, place: int) -> list[str]:
        """The cells of one row, counted from 0, as stripped text."""
        return [(column[place].as_py() or "").strip() for column in self.columns]

    def head(self) -> list[list[str]]:
        """The rows among which the heading row is looked for, each heading in one line."""
        rows = (self.row(place) for place in range(min(HEADING_ROWS, self.height)))
        return [[_in_one_line(text) for text in row] for row in rows]

    def holding(self, column: int, heading: int) -> NDArray[np.int64]:
        """For each row the place of the cell that holds its value: below the headings, the first of those merged."""
        places, end = np.arange(self.height), heading
        for merged in sorted(each for each in self.merged if each.column == column):
            if merged.first > end:
                end = merged.last
                places[merged.first : end + 1] = merged.first
        return places

    def body(self, heading: int) -> NDArray[np.int64]:
        """The places here of the filled rows below the heading row, which is counted from 0 in the file."""
        places = np.flatnonzero(self.filled)
        return places[places > heading - self.begins]


@dataclass(frozen=True, slots=True)
class Head:
    """A heading row, its place counted from 0: for each column its names, the fullest first, and these folded.

    `grouped`: it is the lower of two rows, of which the upper one groups some of its columns.
    """

    row: int
    names: tuple[tuple[str, ...], ...]
    folded: tuple[tuple[str, ...], ...]
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading as it was understood: its column in the sheet from 0, as it is written, what it fills.

    `fills` holds source and column, as "member.birth"; empty where the column is not read. `second`: one to the left
    has the same meaning. `passed`: it is known, and not kept on purpose. `field` is what a layout calls it.
    """

    place: int
    written: str
    fills: tuple[str, ...] = ()
    second: bool = False
    passed: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """How the headings of one sheet were understood; `heading_row` counts from 1, and is 0 where none was found.

    `layout` names the layout where it is not the sources' own headings; with a layout and no source the sheet is known
    and not read. `stated` is the month (YYYYMM) of which the sheet says that it is.
    """

    file: str
    sheet: str
    sources: tuple[str, ...]
    heading_row: int
    headings: tuple[Heading, ...]
    layout: str = ""
    stated: int | None = None

    @property
    def unread(self) -> tuple[Heading, ...]:
        """The headings whose columns are not read, and that nobody decided to pass over."""
        return tuple(heading for heading in self.headings if not heading.fills and not heading.passed)

    @property
    def passed(self) -> tuple[Heading, ...]:
        """The headings that are known and not kept."""
        return tuple(heading for heading in self.headings if heading.passed)

    @property
    def private(self) -> bool:
        """Whether a heading says that here is what may not be kept."""
        return any(contract.fold(heading.written) in layout.private() for heading in self.headings)


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """The text of one sheet under the fields of its layout, outer spaces gone; `rows` count from 1.

    `headings` says what the file calls each field; `numeric` is true on cells that are numbers; `findings` is what
    reading found; `until` says which dates are believed.
    """

    found: Recognition
    layout: Layout
    text: Mapping[str, pa.Array]
    rows: NDArray[np.int32]
    headings: Mapping[str, str]
    numeric: Mapping[str, NDArray[np.bool_]]
    findings: tuple[Finding, ...]
    until: Until = ANY_TIME


def sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet of a file that holds anything; ReadingError where the file cannot be read."""
    if not path.is_file():
        message = f"There is no file {path}. 文件不存在。"
        raise ReadingError(message)
    match path.suffix.lower():
        case ending if ending in CSV:
            every = iter([_csv(path)])
        case ending if ending in EXCEL:
            every = _excel(path)
        case ending:
            message = f"{path.name} ends in {ending or 'nothing'}; save it as .xlsx or .csv. 请另存为 .xlsx 或 .csv。"
            raise ReadingError(message)
    yield from (sheet for sheet in every if sheet.filled.any())


def recognise(sheet: Sheet, sources: Sequence[str] = contract.SOURCES) -> Cells | None:
    """The cells under that one of some contracts which knows most of the headings; None where none knows two."""
    rank, head, known = max(
        ((_rank(head, source), head, source) for head in heads(sheet) for source in map(contract.load, sources)),
        key=lambda each: each[0],
    )
    return under(sheet, _recognised(sheet, head, known)) if rank[1] >= FEWEST_HEADINGS else None


def understand(sheet: Sheet, found: Recognition) -> Cells | Fields | None:
    """The cells of a sheet under its contract, or its fields under its layout; None where it is not read."""
    if not found.sources:
        return None
    return _fields(sheet, found) if found.layout else under(sheet, found)


def recognition(sheet: Sheet, sources: Sequence[str] = ()) -> Recognition:
    """How the headings of a sheet are understood; without a source where no contract and no layout knows two.

    Of several the one that knows most headings is right, and a contract before a layout. With `sources` only these
    contracts are asked.
    """
    every = list(heads(sheet))
    contracts = list(map(contract.load, sources or contract.SOURCES))
    layouts = () if sources else layout.layouts()
    ranked: list[tuple[Rank, Head, Contract | Layout]] = [
        *((_rank(head, source), head, source) for head in every for source in contracts),
        *((_rank_under(head, known), head, known) for head in every for known in layouts),
    ]
    rank, head, known = max(ranked, key=lambda each: each[0])
    if not sources and (named := _known_by_name(sheet)):
        return _recognised(sheet, head, named)
    if rank[1] < FEWEST_HEADINGS:
        return Recognition(sheet.file, sheet.sheet, (), 0, ())
    return _recognised(sheet, head, known)


def _known_by_name(sheet: Sheet) -> Layout | None:
    """The kind of sheet that is not read and that this one has the name of."""
    name = contract.fold(sheet.sheet or Path(sheet.file).stem)
    return next((each for each in layout.layouts() if each.marks and contract.fold(each.name) == name), None)


def _in_one_line(heading: str) -> str:
    return (" " if heading.isascii() else "").join(map(str.strip, heading.splitlines()))


def heads(sheet: Sheet) -> Iterator[Head]:
    """Every row that may be the heading row, and every two of which the upper may group the lower."""
    rows = sheet.head()
    for place, row in enumerate(rows):
        yield _head(place, [(written,) if written else () for written in row], grouped=False)
    for place, (upper, lower) in enumerate(pairwise(rows), start=1):
        if any(upper) and any(lower):
            yield _head(place, list(_grouped(upper, lower)), grouped=True)


def _head(place: int, names: Sequence[tuple[str, ...]], *, grouped: bool) -> Head:
    return Head(place, tuple(names), tuple(tuple(map(contract.fold, each)) for each in names), grouped)


def _grouped(upper: Sequence[str], lower: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The names of each column: under a merged group heading its own is the second."""
    group = ""
    for above, below in zip(upper, lower, strict=True):
        group = above or (group if below else "")
        yield tuple(filter(None, (f"{group} {below}".strip(), below)))


Rank = tuple[bool, int, bool, bool, int, bool, int, str]
"""First of all, headings known, whether complete, whether a contract, columns needed, one row, upper row, name."""


def _rank(head: Head, source: Contract) -> Rank:
    columns = {column.name: column for column in _meant(head, source) if column}
    needed = {column.name for column in source.columns if column.required and column.default is None}
    required = sum(column.required for column in columns.values())
    return (False, len(columns), needed <= set(columns), True, required, not head.grouped, -head.row, source.source)


def _rank_under(head: Head, known: Layout) -> Rank:
    fields = list(map(known.meant, head.folded))
    if not known.suits(fields):
        return (False, 0, False, False, 0, False, 0, known.name)
    count = len(set(filter(None, fields))) + fields.count("")
    return (known.first, count, True, False, len(known.needs), not head.grouped, -head.row, known.name)


def _recognised(sheet: Sheet, head: Head, known: Contract | Layout) -> Recognition:
    stated = stated_month(sheet, head.row + 1)
    if isinstance(known, Contract):
        headings = tuple(_headings(head, known))
        return Recognition(sheet.file, sheet.sheet, (known.source,), head.row + 1, headings, stated=stated)
    headings = tuple(_headings_under(head, known))
    return Recognition(sheet.file, sheet.sheet, known.fills, head.row + 1, headings, known.name, stated)


def unrecognised(sheet: Sheet, found: Recognition) -> Finding:
    """The finding that says a sheet was left out; of one that is known it repeats no cell."""
    if found.layout:
        rows = len(sheet.body(found.heading_row - 1))
        return Finding.of(
            PASSED_SHEET,
            file=sheet.file,
            sheet=sheet.sheet,
            row=found.heading_row,
            column="",
            value=f"{found.layout}: {rows}",
            severity=WARNING,
        )
    first = int(np.flatnonzero(sheet.filled)[0])
    value = " ".join(filter(None, sheet.row(first)))
    return Finding.of(
        UNKNOWN_SHEET, file=sheet.file, sheet=sheet.sheet, row=first + 1, column="", value=value, severity=WARNING
    )


def _filled(column: pa.Array) -> NDArray[np.bool_]:
    lengths = pc.utf8_length(pc.utf8_trim_whitespace(column)).fill_null(0)
    return np.asarray(pc.greater(lengths, 0))


def is_large(path: Path) -> bool:
    """Whether a file is a csv that is better read in parts."""
    return path.suffix.lower() in CSV and path.is_file() and path.stat().st_size >= LARGE


def in_parts(path: Path) -> Iterator[Sheet]:
    """A large csv some rows at a time, each part at least as wide as the first; ReadingError where it comes to that."""
    blocks, begins, width = _blocks(path), 0, 0
    while some := list(islice(blocks, BLOCKS_A_PART)):
        columns = list(_joined(some))
        empty = pa.repeat("", len(columns[0]))
        columns += [empty] * (width - len(columns))
        yield Sheet(path.name, "", tuple(columns), begins=begins)
        begins, width = begins + len(empty), width or len(columns)


def _csv(path: Path) -> Sheet:
    return Sheet(path.name, "", tuple(_joined(list(_blocks(path)))))


def _blocks(path: Path) -> Iterator[pa.Table]:
    with sealing.text(path, _encoding(path)) as file:
        rows = csv.reader(file, strict=True)
        try:
            yield from (_block(some) for some in iter(lambda: list(islice(rows, ROWS_A_BLOCK)), []))
        except csv.Error as error:
            message = (
                f"{path.name} is not a proper csv file, seen at line {rows.line_num} ({error}); "
                "look above it for a quotation mark that is not closed. "
                "csv 格式有误，请检查该行以上是否有未闭合的引号。"
            )
            raise ReadingError(message) from error


def _joined(blocks: list[pa.Table]) -> Iterator[pa.Array]:
    """The columns of all blocks, each let go of once it is joined: a large file is not held twice."""
    columns = pa.concat_tables(blocks, promote_options="default").columns if blocks else []
    blocks.clear()
    columns.reverse()
    while columns:
        yield columns.pop().combine_chunks().fill_null("")


def _block(rows: Sequence[Sequence[str]]) -> pa.Table:
    """Some rows as columns named by their place; a short row is filled up."""
    first, *others = rows
    columns = [pa.array(column, pa.string()) for column in zip_longest(first or [""], *others, fillvalue="")]
    return pa.table(columns, [str(place) for place in range(len(columns))])


def _encoding(path: Path) -> str:
    """The encoding in which a whole file can be read; ReadingError where there is none."""
    if (not_utf8 := _unreadable(path, "utf-8-sig")) is None:
        return "utf-8-sig"
    if (not_gb := _unreadable(path, "gb18030")) is None:
        return "gb18030"
    message = (
        f"{path.name} is neither UTF-8 (byte {not_utf8}) nor GB18030 (byte {not_gb}); "
        "save it again as CSV UTF-8. 文件编码既不是 UTF-8 也不是 GB18030，请另存为 CSV UTF-8。"
    )
    raise ReadingError(message)


def _unreadable(path: Path, encoding: str) -> int | None:
    """The first byte of a file that is none of an encoding; None where all are."""
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    with sealing.opened(path) as file:
        while True:
            some = file.read(BYTES_A_BLOCK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(some, final=not some)
            except UnicodeDecodeError as error:
                return done - held + error.start
            if not some:
                return None
            done += len(some)


def _excel(path: Path) -> Iterator[Sheet]:
    try:
        for leaf in workbook.leaves(path):
            if leaf.name != NOTES_SHEET:
                yield Sheet(path.name, leaf.name, leaf.columns, leaf.numeric, merged=leaf.merged)
    except workbook.WorkbookError as error:
        raise ReadingError(str(error)) from error


@functools.cache
def _names_of(source: str) -> Mapping[str, contract.Column]:
    return contract.load(source).headings


def _meant(head: Head, source: Contract) -> list[contract.Column | None]:
    """The column that each heading means, by the fullest name that the contract knows."""
    known = _names_of(source.source)
    return [next((known[name] for name in names if name in known), None) for names in head.folded]


def _headings(head: Head, source: Contract) -> Iterator[Heading]:
    taken: set[str] = set()
    for place, (names, column) in enumerate(zip(head.names, _meant(head, source), strict=True)):
        fills = (f"{source.source}.{column.name}",) if column and column.name not in taken else ()
        taken |= {column.name} if column else set()
        yield Heading(place, names[0] if names else "", fills, second=bool(column and not fills))


def _headings_under(head: Head, known: Layout) -> Iterator[Heading]:
    taken: set[str] = set()
    for place, (names, field) in enumerate(zip(head.names, map(known.meant, head.folded), strict=True)):
        written, second = names[0] if names else "", field in taken
        taken |= {field} if field else set()
        if not field or second or not known.fills:
            yield Heading(place, written, second=second, passed=field is not None and not second)
        else:
            fills = known.filled_by(field)
            yield Heading(place, written, fills, passed=field in layout.BESIDE, field=field)


def _fields(sheet: Sheet, found: Recognition) -> Fields:
    known = next(each for each in layout.layouts() if each.name == found.layout)
    place = {heading.field: heading for heading in found.headings if heading.field}
    body = sheet.body(found.heading_row - 1)
    held = _held(sheet, found, place, body)
    columns = {name: _at(sheet.columns[heading.place], held[name]) for name, heading in place.items()}
    passed = [_passed(sheet, found)] if found.passed else []
    return Fields(
        found=found,
        layout=known,
        text={name: pc.utf8_trim_whitespace(column).fill_null("") for name, column in columns.items()},
        rows=(body + 1).astype(np.int32),
        headings={name: heading.written for name, heading in place.items()},
        numeric={name: sheet.numeric[heading.place][held[name]] for name, heading in place.items() if sheet.numeric},
        findings=(*passed, *_unread(sheet, found, body), *_filled_down(sheet, found, place, body, held)),
        until=Until(found.stated),
    )


def _passed(sheet: Sheet, found: Recognition) -> Finding:
    headings = "、".join(heading.written for heading in found.passed)
    return Finding.of(
        PASSED_COLUMNS,
        file=sheet.file,
        sheet=sheet.sheet,
        row=found.heading_row,
        column="",
        value=headings,
        severity=WARNING,
    )


def under(sheet: Sheet, found: Recognition) -> Cells:
    """The cells of a sheet under its contract; ReadingError where that is closed and a column is not known."""
    (name,) = found.sources
    source = contract.load(name)
    place = {heading.fills[0].partition(".")[2]: heading for heading in found.headings if heading.fills}
    body = sheet.body(found.heading_row - 1)
    held = _held(sheet, found, place, body)
    unread = tuple(_unread(sheet, found, body))
    if source.closed and unread:
        columns = "、".join(finding.column for finding in unread)
        message = (
            f"{sheet.file}: {source.title_zh}只收规定的列，不得含“{columns}”，文件未接收。"
            f" {source.title_en} takes no other column ({columns}); delete it and send the file again."
        )
        raise ReadingError(message)
    return Cells(
        file=sheet.file,
        sheet=sheet.sheet,
        contract=source,
        text=pa.table({name: _at(sheet.columns[heading.place], held[name]) for name, heading in place.items()}),
        rows=(body + 1 + sheet.begins).astype(np.int32),
        heading_row=found.heading_row,
        headings={name: heading.written for name, heading in place.items()},
        numeric={name: sheet.numeric[heading.place][held[name]] for name, heading in place.items() if sheet.numeric},
        findings=(*unread, *_filled_down(sheet, found, place, body, held)),
        until=Until(found.stated),
        goes_on=sheet.begins > 0,
    )


def stated_month(sheet: Sheet, heading_row: int) -> int | None:
    """The latest month of which title and headings say that the sheet is, as 截至2026年10月; None where none."""
    upper = (text for place in range(heading_row) for text in sheet.row(place))
    told = (stated for text in upper for stated in _STATED.findall(cell.narrow(text)))
    return max((int(year) * 100 + int(month) for year, month in told), default=None)


def _held(
    sheet: Sheet, found: Recognition, place: Mapping[str, Heading], body: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """For each column that is read, in which rows the values of the rows of the body stand."""
    return {name: sheet.holding(heading.place, found.heading_row - 1)[body] for name, heading in place.items()}


def _filled_down(
    sheet: Sheet,
    found: Recognition,
    place: Mapping[str, Heading],
    body: NDArray[np.int64],
    held: Mapping[str, NDArray[np.int64]],
) -> Iterator[Finding]:
    """How many rows of which column have their value from a merged cell."""
    for name, heading in place.items():
        if filled := int(np.count_nonzero(held[name] != body)):
            yield Finding.of(
                FILLED_DOWN,
                file=sheet.file,
                sheet=sheet.sheet,
                row=found.heading_row,
                column=heading.written,
                value=str(filled),
                severity=WARNING,
            )


def _at(column: pa.Array, places: NDArray[np.int64]) -> pa.Array:
    """Some places of a column, in their order; where none is left out between them, no copy."""
    if len(places) and np.array_equal(places, np.arange(places[0], places[0] + len(places))):
        return column.slice(places[0], len(places))
    return column.take(pa.array(places))


def _unread(sheet: Sheet, found: Recognition, body: NDArray[np.int64]) -> Iterator[Finding]:
    beyond = range(len(found.headings), len(sheet.columns)) if sheet.begins else ()
    for heading in (*found.unread, *(Heading(place, "") for place in beyond)):
        if heading.written or _filled(sheet.columns[heading.place])[body].any():
            yield Finding.of(
                SECOND_COLUMN if heading.second else UNKNOWN_COLUMN,
                file=sheet.file,
                sheet=sheet.sheet,
                row=found.heading_row,
                column=heading.written or f"({heading.place + 1})",
                value=heading.written,
                severity=WARNING,
            )
