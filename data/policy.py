"""The rules: dated policy tables, read under their contracts and refused whole where anything is wrong.

A row holds from its `valid_from` on and no longer in its `valid_to`. What a rule is about, its key without
`valid_from`, may have several rows, one after the other.
"""

import csv
import functools
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data import contract, month, reading, spreadsheet
from data.checking import Cells, Checked, Finding, check, unrepeated
from data.contract import Check, Column

FOLDER = Path(__file__).parent / "policy"
FROM, TO = "valid_from", "valid_to"
ASKED_OF_READERS = frozenset({"role"})
"""Tables of who may do what: no question reads them, and no build is made for them."""
OF_ACCESS = ASKED_OF_READERS | {"disclosure"}
"""Tables of who sees and may do what: whoever changes rules on a page does not change these there."""
TABLES_KEPT = 64
Row = Mapping[str, str]
"""A row as a person writes it: every column of the contract as text, an empty one as ""."""


class PolicyError(ValueError):
    """A policy table that cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with a rule: of which table, which rule, by which check, and the sentence in both languages."""

    table: str
    record: str
    rule: str
    value: str
    en: str
    zh: str


def names() -> tuple[str, ...]:
    """Every policy table: the contracts that are no roster."""
    return tuple(name for name in contract.names() if name not in contract.SOURCES)


def read(name: str, folder: Path = FOLDER) -> pa.Table:
    """The policy table <folder>/<name>.csv, typed as its contract says; PolicyError names the first thing wrong."""
    path = folder / f"{name}.csv"
    return _read(name, path, path.read_bytes() if path.is_file() else b"")


@functools.lru_cache(maxsize=TABLES_KEPT)
def _read(name: str, path: Path, _: bytes) -> pa.Table:
    """The table, kept as long as its file says the same."""
    checked = _checked(name, path)
    for found in checked.findings:
        message = (
            f"{found.file}, row {found.row}, {found.column or name} = {found.value!r}: "
            f"{found.problem_en} {found.mend_en} {found.problem_zh}{found.mend_zh}".rstrip()
        )
        raise PolicyError(message)
    return checked.table


def all_tables(folder: Path = FOLDER) -> dict[str, pa.Table]:
    """Every policy table by name."""
    return {name: read(name, folder) for name in names()}


def is_dated(name: str) -> bool:
    """Whether the rows of a table say from when to when they hold."""
    return FROM in contract.load(name).key


def subject(name: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a row is about: its key, whenever it holds."""
    return tuple(row[column] for column in contract.load(name).key if column != FROM)


def in_force(name: str, table: pa.Table, at: int) -> pa.Table:
    """The rows of a table that hold in a month (YYYYMM); every row of a table without dates."""
    if not is_dated(name):
        return table
    ended = pc.fill_null(pc.less_equal(table[TO], at), fill_value=False)
    return table.filter(pc.and_not(pc.less_equal(table[FROM], at), ended))


def rows(table: pa.Table, name: str) -> list[dict[str, str]]:
    """The rows of a table as a person would write them; `typed` reads them back as they were."""
    columns = contract.load(name).columns
    return [{column.name: written(column, row[column.name]) for column in columns} for row in table.to_pylist()]


def written(column: Column, value: Any) -> str:
    """A stored value as its column's cells are written: months as 2026-10, shares in per cent where they are whole."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():f}"
        case int() if column.type == "month":
            return month.text(value)
        case str() if column.type == "fraction":
            part = Fraction(value)
            return f"{part * 100}%" if part < 1 and (part * 100).denominator == 1 else value
    return str(value)


def typed(name: str, given: Sequence[Row]) -> tuple[pa.Table, tuple[Flaw, ...]]:
    """Rows read under the contract of a table, and what is wrong with them; a row with a flaw is left out."""
    source = contract.load(name)
    text = pa.table({c.name: pa.array([row.get(c.name, "") for row in given], pa.string()) for c in source.columns})
    numbers = np.arange(1, len(given) + 1, dtype=np.int32)
    (checked,) = unrepeated([check(Cells(file=name, sheet="", contract=source, text=text, rows=numbers))])
    return checked.table, tuple(_flaw(name, given[found.row - 1], found) for found in checked.findings)


def as_csv(name: str, given: Sequence[Row]) -> bytes:
    """Rows as a file that a spreadsheet opens, and that reads back: no text of theirs runs there as a formula."""
    texts = {column.name for column in contract.load(name).columns if column.type in ("text", "code")}
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, row_columns(name))
    writer.writeheader()
    for row in given:
        writer.writerow({c: spreadsheet.disarmed(cell) if c in texts else cell for c, cell in row.items()})
    return file.getvalue().encode("utf-8-sig")


def called(name: str, row: Row, language: str) -> str:
    """What a rule is called in a language: by its name, or by the choices that make up its key."""
    column = "name_zh" if language.startswith("zh") else "name_en"
    if row.get(column):
        return row[column]
    return " · ".join(
        _said(name, column, row[column], language) for column in contract.load(name).key if column != FROM
    )


def broken(tables: Mapping[str, pa.Table], about: str | None = None) -> list[Flaw]:
    """What the contracts' own checks find in the rows that hold together, over time.

    These are the checks that read policy tables alone; each is asked at every month in which a row of the tables it
    reads begins or ends, and sees the rows in force then.
    """
    found: dict[tuple[str, ...], Flaw] = {}
    with duckdb.connect() as connection:
        for source, each in _own_checks():
            reads = sorted(tables_read(each.sql))
            if about not in (None, *reads):
                continue
            for at in _moments({name: tables[name] for name in reads}):
                for name in reads:
                    connection.register(name, in_force(name, tables[name], at))
                for record, value in connection.execute(each.sql).fetchall():
                    en, zh = (text.replace("{value}", value) for text in (each.en, each.zh))
                    found.setdefault((source, each.name, record, value), Flaw(source, record, each.name, value, en, zh))
    return list(found.values())


def discontinuous(name: str, table: pa.Table) -> list[Flaw]:
    """Where the rows of one rule leave a gap in time, overlap, or end before they begin."""
    if not is_dated(name):
        return []
    spells: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in sorted(table.to_pylist(), key=lambda row: row[FROM]):
        spells.setdefault(subject(name, row), []).append(row)
    return [flaw for same in spells.values() for flaw in _untimely(name, same)]


@functools.cache
def tables_read(sql: str) -> frozenset[str]:
    """The tables that a check reads."""
    with duckdb.connect() as connection:
        return frozenset(connection.get_table_names(sql))


def is_own_check(each: Check) -> bool:
    """Whether a check reads policy tables alone, so that it holds for rules whatever has landed."""
    return each.when == "build" and tables_read(each.sql) <= set(names())


def _own_checks() -> Iterator[tuple[str, Check]]:
    for source in names():
        yield from ((source, each) for each in contract.load(source).checks if is_own_check(each))


def _moments(tables: Mapping[str, pa.Table]) -> list[int]:
    """Every month in which something changes; one for tables without dates."""
    dated = [table for name, table in tables.items() if is_dated(name)]
    months = {at for table in dated for column in (FROM, TO) for at in table[column].to_pylist() if at}
    return sorted(months) if dated else [0]


def _untimely(name: str, same: Sequence[Mapping[str, Any]]) -> Iterator[Flaw]:
    record = " ".join(map(str, subject(name, same[0])))

    def flaw(rule: str, at: int, en: str, zh: str) -> Flaw:
        return Flaw(name, record, rule, month.text(at), en, zh)

    for row in same:
        if row[TO] and row[TO] <= row[FROM]:
            begins, ends = month.text(row[FROM]), month.text(row[TO])
            yield flaw(
                "ends_after_begin",
                row[FROM],
                f"It would begin in {begins} and no longer hold in {ends}; let it end later.",
                f"自 {begins} 起生效，却在 {ends} 已失效；请将失效年月改后。",
            )
    for earlier, later in pairwise(same):
        begins, ends = month.text(later[FROM]), month.text(earlier[TO]) if earlier[TO] else ""
        if not ends or earlier[TO] > later[FROM]:
            yield flaw(
                "no_overlap",
                later[FROM],
                f"Two rows of it would hold at once from {begins} on; let the earlier one end in {begins}.",
                f"自 {begins} 起有两行同时生效；请将前一行的失效年月改为 {begins}。",
            )
        elif earlier[TO] < later[FROM]:
            yield flaw(
                "no_gap",
                earlier[TO],
                f"No row of it would hold from {ends} until {begins}; let the one begin in the month the other ends.",
                f"自 {ends} 至 {begins} 之前没有生效的规定；前一行的失效年月应与后一行的生效年月相同。",
            )


def _flaw(name: str, row: Row, found: Finding) -> Flaw:
    at = contract.load(name).headings.get(contract.fold(found.column)) if found.column else None
    where_en, where_zh = (f"{at.en}: ", f"{at.zh}：") if at else ("", "")
    value_en, value_zh = (f"“{found.value}” ", f"“{found.value}”") if found.value else ("", "")
    return Flaw(
        name,
        " ".join(filter(None, map(str, subject(name, {**dict.fromkeys(row_columns(name), ""), **row})))),
        found.column,
        found.value,
        f"{where_en}{value_en}{found.problem_en} {found.mend_en}".strip(),
        f"{where_zh}{value_zh}{found.problem_zh}{found.mend_zh}",
    )


def row_columns(name: str) -> tuple[str, ...]:
    """The columns of a table, in the order of its contract."""
    return tuple(column.name for column in contract.load(name).columns)


def _said(name: str, column: str, value: str, language: str) -> str:
    choices = contract.load(name).column(column).choices
    return contract.label(f"{name}.{column}", value, language) if choices and value else value


def _checked(name: str, path: Path) -> Checked:
    try:
        sheets = list(reading.sheets(path))
    except reading.ReadingError as error:
        raise PolicyError(str(error)) from error
    cells = [cells for sheet in sheets if (cells := reading.recognise(sheet, (name,)))]
    if not cells:
        message = (
            f"{path.name} has none of the headings of {name}; look in data/contracts/{name}.toml."
            f" {path.name}没有该规则表的列名，请对照 data/contracts/{name}.toml。"
        )
        raise PolicyError(message)
    return unrepeated([check(cells[0])])[0]
