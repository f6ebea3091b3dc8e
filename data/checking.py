"""From text to typed rows: which rows are good, and what is wrong with the others. Pure: no file, no store."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data import cell, engine, matching
from data import month as months
from data.cell import Problem, Reader, Value
from data.contract import Check, Column, Contract

ERROR, WARNING = "error", "warning"
AS_IT_STANDS = "^[0-9A-Za-z._-]+$"
"""A code that is read as it is written."""
TEXTS_AT_ONCE = 50_000
"""Different texts held as Python strings at a time."""
ENOUGH_NEEDED = 3
"""Required columns from which on a row with but one of them filled is not meant as a row."""

EMPTY_REQUIRED = Problem("A value is needed here.", "此项必填。", "Fill in the cell.", "请填写。")
EMPTY_WANTED = Problem(
    "The cell is empty; some answers leave this row out.",
    "此项为空；部分统计无法计入该行。",
    "Fill it in when it is known.",
    "查明后请补填。",
)
NO_ROW = Problem(
    "Nearly all the cells that a row needs are empty; a total or a note below the table is not read.",
    "必填项几乎全空；合计、备注等行不导入。",
    "Leave it where it is a total or a note; otherwise fill in the cells.",
    "如为合计、备注行，无需处理；否则请补填必填项。",
)
ABSENT_REQUIRED = Problem(
    "The sheet has no such column, so none of its rows can land.",
    "表中没有此列，整张表无法导入。",
    "Add the column, or give it one of the headings in the template.",
    "请增加此列，或将列名改为模板中的列名。",
)
ABSENT_WANTED = Problem(
    "The sheet has no such column; some answers leave its rows out.",
    "表中没有此列；部分统计无法计入各行。",
    "Add the column when it is known.",
    "查明后请增加此列。",
)
NOT_YET = Problem(
    "This lies in the future, after the month in which the file is read.",
    "日期在当前月份之后，尚未发生。",
    "Correct it; where it is settled already, say the data month (--month): it lands then, and counts in its time.",
    "请更正；如为已确定的任职，请指定数据月份（--month），导入后到该月起计入。",
)
AFTER_STATED = Problem(
    "This lies after the month of which the file or the data are said to be. It landed, counts once that month has come"
    " and does not move the data month.",
    "晚于文件写明的截至时间或指定的数据月份；已导入，到该月起才计入，数据月份不因此后移。",
    "Correct it, or the month that the file names; or say a later data month (--month).",
    "请更正此项或文件中的截至时间，或指定更晚的数据月份（--month）。",
)
LANDS = frozenset({EMPTY_WANTED, AFTER_STATED})
"""What is said of a cell whose row lands all the same."""


@dataclasses.dataclass(frozen=True, slots=True)
class Until:
    """Up to which months (YYYYMM) dates are believed: that of which the data are said to be, and the last possible one.

    What is later than the first is told and lands, what is later than the second is wrong; None is no bound.
    """

    stated: int | None = None
    possible: int | None = None

    def within(self, asked: int | None, now: int) -> Self:
        """The same once it is known which data month people ask for, if they do, and which month it is now."""
        if asked:
            return dataclasses.replace(self, stated=asked, possible=None)
        stated = self.stated if self.stated and self.stated <= now else now
        return dataclasses.replace(self, stated=stated, possible=now)

    def problem(self, value: Value | None) -> Problem | None:
        """What is to be said of a date (YYYYMMDD)."""
        if not isinstance(value, int):
            return None
        if self.possible and months.of(value) > self.possible:
            return NOT_YET
        return AFTER_STATED if self.stated and months.of(value) > self.stated else None


ANY_TIME = Until()


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a file: where (row as the file counts, from 1), what is wrong, and how to mend it."""

    file: str
    sheet: str
    row: int
    column: str
    value: str
    severity: str
    problem_en: str
    problem_zh: str
    mend_en: str
    mend_zh: str

    @classmethod
    def of(cls, problem: Problem, *, file: str, sheet: str, row: int, column: str, value: str, severity: str) -> Self:
        """A problem at its place; of the cell no ID number and no picture is repeated, and nothing without end."""
        told = problem.problem_en, problem.problem_zh, problem.mend_en, problem.mend_zh
        return cls(file, sheet, row, column, matching.masked(value), severity, *told)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The text of one sheet, already under the columns of its contract.

    `rows` holds the number of each row in the file, from 1; `headings` what the file calls each column; `numeric`
    the columns where some cells are numbers, with a mask that is true on them; `findings` what reading found.
    Where many files make up one sheet, `origins` says for each row, by its number, which file and line it is of.
    `goes_on`: it is a further part of the sheet that came before it.
    `until` says which dates are believed.
    """

    file: str
    sheet: str
    contract: Contract
    text: pa.Table
    rows: NDArray[np.int32]
    heading_row: int = 1
    headings: Mapping[str, str] = dataclasses.field(default_factory=dict)
    numeric: Mapping[str, NDArray[np.bool_]] = dataclasses.field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    origins: tuple[tuple[str, int], ...] = ()
    until: Until = ANY_TIME
    goes_on: bool = False

    def place(self, row: int) -> tuple[str, int]:
        """The file and the row in it that a row number means."""
        return self.origins[row - 1] if 0 < row <= len(self.origins) else (self.file, row)

    def only(self, kept: NDArray[np.bool_]) -> Self:
        """The same sheet with some of its rows."""
        numeric = {name: mask[kept] for name, mask in self.numeric.items()}
        return dataclasses.replace(
            self, text=self.text.filter(pa.array(kept)), rows=self.rows[kept], numeric=numeric, findings=()
        )

    def finding(self, row: int, column: str, value: str, severity: str, problem: Problem) -> Finding:
        """A finding in this sheet; `column` is a contract column, named as the file names it.

        Of a closed source it does not repeat the cell: row and column say where to look.
        """
        heading = self.headings.get(column, column)
        told = "" if self.contract.closed else value
        file, at = self.place(row)
        return Finding.of(problem, file=file, sheet=self.sheet, row=at, column=heading, value=told, severity=severity)


class Rows(Protocol):
    """Typed rows, held or not."""

    @property
    def num_rows(self) -> int:
        """How many they are."""

    def select(self, names: Sequence[str]) -> pa.Table:
        """Columns of all of them."""

    def filter(self, kept: pa.Array) -> Self:
        """Some of them."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """The good rows of one sheet, typed as the contract says, with their row numbers, and everything found.

    `good` holds the rows, or knows the file where they lie.
    """

    cells: Cells
    good: Rows
    rows: NDArray[np.int32]
    findings: tuple[Finding, ...]

    @property
    def table(self) -> pa.Table:
        """The good rows, held."""
        return self.good.select(self.cells.contract.arrow_schema.names)

    def only(self, kept: NDArray[np.int32]) -> Self:
        """What would have been found with some of the rows alone, by their numbers."""
        standing, here = np.isin(self.rows, kept), {*kept.tolist(), self.cells.heading_row}
        found = tuple(each for each in self.findings if each.row in here)
        return dataclasses.replace(
            self, good=self.good.filter(pa.array(standing)), rows=self.rows[standing], findings=found
        )

    def without(self, bad: NDArray[np.bool_], findings: Iterable[Finding]) -> Self:
        """The same sheet with some good rows rejected after all."""
        found = tuple(sorted((*self.findings, *findings), key=lambda finding: (finding.file, finding.row)))
        if not bad.any():
            return dataclasses.replace(self, findings=found)
        return dataclasses.replace(self, good=self.good.filter(pa.array(~bad)), rows=self.rows[~bad], findings=found)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """One typed column, the rows it spoils and what was found in it."""

    typed: pa.Array
    bad: NDArray[np.bool_]
    findings: tuple[Finding, ...]


def check(cells: Cells) -> Checked:
    """Type every cell and run the row checks; a row with any error is left out and told about.

    What comes out holds the text of the cells no longer.
    """
    contract = cells.contract
    absent = [_absent(cells, column) for column in contract.columns if column.name not in cells.text.column_names]
    found = (*cells.findings, *(finding for finding in absent if finding))
    if any(finding.severity == ERROR for finding in found):
        return Checked(cells, contract.arrow_schema.empty_table(), cells.rows[:0], found)
    notes = _notes(cells)
    rows = cells.only(~notes) if notes.any() else cells
    columns = [_column(rows, column) for column in contract.columns]
    table = pa.table([column.typed for column in columns], schema=contract.arrow_schema)
    bad = np.logical_or.reduce([column.bad for column in columns])
    told = (cells.finding(int(row), "", "", WARNING, NO_ROW) for row in cells.rows[notes])
    read = dataclasses.replace(cells, text=cells.text.schema.empty_table(), numeric={})
    typed = Checked(read, table, rows.rows, found).without(bad, (*told, *_all_findings(columns)))
    return _row_checked(typed)


def typed(cells: Cells, name: str) -> pa.Array:
    """What the cells of one column will be once they are checked; null where they will not do."""
    return _typed(cells, cells.contract.column(name))[0]


def unrepeated(parts: Sequence[Checked], suspects: Sequence[NDArray[np.bool_]] | None = None) -> list[Checked]:
    """The sheets of one source with each key once: the first row keeps it, later ones are rejected by name.

    `suspects` is true on each row that may share its key with another; without it all are compared.
    """
    compared = suspects or [np.ones(len(part.rows), bool) for part in parts]
    bad, found = [np.zeros(len(part.rows), bool) for part in parts], [list[Finding]() for _ in parts]
    for (number, at), (first_number, first_at), given in _repeats(parts, compared):
        row, first = int(parts[number].rows[at]), int(parts[first_number].rows[first_at])
        problem = _repeating(parts[first_number].cells, first)
        value = " ".join(map(str, given.values()))
        found[number].append(parts[number].cells.finding(row, next(iter(given)), value, ERROR, problem))
        bad[number][at] = True
    return [part.without(bad[number], found[number]) for number, part in enumerate(parts)]


def _repeats(
    parts: Sequence[Checked], compared: Sequence[NDArray[np.bool_]]
) -> Iterator[tuple[tuple[int, int], tuple[int, int], dict[str, Value | None]]]:
    """Each row whose key an earlier one of those `compared` has, that one, both as sheet and place, and the key."""
    if not any(some.any() for some in compared):
        return
    key = list(parts[0].cells.contract.key)
    every = zip(parts, compared, strict=True)
    keys = pa.concat_tables([part.good.select(key).filter(pa.array(some)) for part, some in every if some.any()])
    first = _first_places(keys)
    owners = np.repeat(np.arange(len(parts)), [np.count_nonzero(some) for some in compared])
    places = np.concatenate([np.flatnonzero(some) for some in compared])
    repeated = first != np.arange(len(first))
    for at, given in zip(np.flatnonzero(repeated), keys.filter(pa.array(repeated)).to_pylist(), strict=True):
        before = first[at]
        yield (owners[at], places[at]), (owners[before], places[before]), given


def _absent(cells: Cells, column: Column) -> Finding | None:
    if column.required and column.default is None:
        return cells.finding(cells.heading_row, column.zh, "", ERROR, ABSENT_REQUIRED)
    if column.wanted:
        return cells.finding(cells.heading_row, column.zh, "", WARNING, ABSENT_WANTED)
    return None


def _notes(cells: Cells) -> NDArray[np.bool_]:
    """Where none or but one of many required cells is filled: what stands there is no row of the table."""
    needed = [column for column in cells.contract.columns if column.required and column.default is None]
    filled = np.zeros(len(cells.rows), np.int64)
    for column in needed:
        filled += np.asarray(pc.not_equal(pc.utf8_trim_whitespace(_text(cells, column)), ""))
    stray = 1 if len(needed) >= ENOUGH_NEEDED else 0
    return (filled <= stray) & bool(needed)


def _column(cells: Cells, column: Column) -> _Column:
    if column.name not in cells.text.column_names:
        default = pa.repeat(pa.scalar(column.default, column.arrow_type), len(cells.rows))
        return _Column(default, np.zeros(len(cells.rows), bool), ())
    values, codes, problems = _typed(cells, column)
    return _Column(values, *_spoilt(cells, column, codes, problems))


def _typed(cells: Cells, column: Column) -> tuple[pa.Array, NDArray[np.int32], dict[int, Problem]]:
    """The values of a column, for each cell the number of what stands there, and what is wrong with which of these."""
    distinct = _text(cells, column).dictionary_encode()
    codes, texts = distinct.indices.to_numpy().copy(), distinct.dictionary
    problems: dict[int, Problem] = {}
    values = [*_meant(column, cell.reader(column), cells.until, texts, problems, 0)]
    if column.name in cells.numeric:
        codes[cells.numeric[column.name]] += len(texts)
        values += _meant(column, cell.reader(column, numbers=True), cells.until, texts, problems, len(texts))
    return _whole(pa.chunked_array(values, column.arrow_type)).take(pa.array(codes)), codes, problems


def _meant(
    column: Column, read: Reader, until: Until, texts: pa.Array, problems: dict[int, Problem], first: int
) -> Iterator[pa.Array]:
    """What texts mean, some at a time; `problems` takes what is wrong with one, numbered from `first`."""
    for begin in range(0, len(texts), TEXTS_AT_ONCE):
        some = texts.slice(begin, TEXTS_AT_ONCE)
        # Of number cells, which come after `first` others, a code loses digits.
        if column.type == "code" and not first and pc.all(pc.match_substring_regex(some, AS_IT_STANDS)).as_py():
            yield some
            continue
        outcomes = [_outcome(column, read, until, text) for text in some.to_pylist()]
        problems.update((place, problem) for place, (_, problem) in enumerate(outcomes, first + begin) if problem)
        yield pa.array([value for value, _ in outcomes], column.arrow_type)


def _text(cells: Cells, column: Column) -> pa.Array:
    return _whole(cells.text.column(column.name).fill_null(""))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _outcome(column: Column, read: Reader, until: Until, text: str) -> tuple[Value | None, Problem | None]:
    try:
        value = read(text)
    except cell.CellError as error:
        return None, error.problem
    if value is None and column.required:
        return None, EMPTY_REQUIRED
    if value is None:
        return None, EMPTY_WANTED if column.wanted else None
    return value, until.problem(value) if column.past else None


def _spoilt(
    cells: Cells, column: Column, codes: NDArray[np.int32], problems: Mapping[int, Problem]
) -> tuple[NDArray[np.bool_], tuple[Finding, ...]]:
    fatal = [code for code, problem in problems.items() if problem not in LANDS and not column.lenient]
    bad = np.isin(codes, fatal)
    texts = cells.text.column(column.name)
    findings = (
        cells.finding(
            int(cells.rows[place]),
            column.name,
            texts[int(place)].as_py() or "",
            ERROR if bad[place] else WARNING,
            problems[codes[place]],
        )
        for place in np.flatnonzero(np.isin(codes, list(problems)))
    )
    return bad, tuple(findings)


def _all_findings(columns: Iterable[_Column]) -> Iterator[Finding]:
    for column in columns:
        yield from column.findings


def _row_checked(checked: Checked) -> Checked:
    for row_check in checked.cells.contract.checks:
        if row_check.when == "row":
            checked = _passed(checked, row_check)
    return checked


def _passed(checked: Checked, row_check: Check) -> Checked:
    contract = checked.cells.contract
    with engine.in_memory() as connection:
        connection.register(contract.source, checked.table.append_column("row", pa.array(checked.rows)))
        offending = connection.execute(row_check.sql).fetchall()
    findings = [
        checked.cells.finding(row, row_check.name, str(value), ERROR, _broken(row_check, str(value)))
        for row, value in offending
    ]
    bad = np.isin(checked.rows, np.array([row for row, _ in offending], np.int32))
    return checked.without(bad, findings)


def _broken(row_check: Check, value: str) -> Problem:
    return Problem(row_check.en.replace("{value}", value), row_check.zh.replace("{value}", value), "", "")


def _first_places(keys: pa.Table) -> NDArray[np.int64]:
    """For each row the place of the first one with its key; keys are compared as numbers, which take little room."""
    codes = np.zeros(len(keys), np.int64)
    for column in keys.columns:
        distinct = _whole(column).dictionary_encode(null_encoding="encode")
        codes, _ = pd.factorize(codes * len(distinct.dictionary) + distinct.indices.to_numpy())
    first = np.zeros(codes.max(initial=-1) + 1, np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return first[codes]


def _repeating(cells: Cells, row: int) -> Problem:
    file, at = cells.place(row)
    where_en = f"row {at} of {file}" + (f", sheet {cells.sheet}" if cells.sheet else "")
    where_zh = file + (f"的工作表“{cells.sheet}”" if cells.sheet else "") + f"第{at}行"
    return Problem(
        f"The same key is already in {where_en}; that row landed, this one did not.",
        f"与{where_zh}重复；已导入该行，本行未导入。",
        "Delete one of the two rows, or correct the key.",
        "请删除其中一行，或更正编码。",
    )
