"""What a source must look like: the contracts in data/contracts, read into plain frozen data."""

import dataclasses
import functools
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

FOLDER = Path(__file__).parent / "contracts"
REQUIRED = ("unit",)
"""Sources without which nothing can be built."""
SOURCES = (
    *REQUIRED,
    "member",
    "posting",
    "assessment",
    "unit_assessment",
    "unit_indicator",
    "unit_lineage",
    "welfare_use",
    "training",
    "expertise",
    "reserve",
    "rank_task",
    "step_down",
    "protection",
    "team_origin",
    "unit_burden",
    "local_pay",
)
"""Every source of rows that land, in the order in which they are read; the other contracts are of policy tables."""
ARROW = {
    "text": pa.string(),
    "code": pa.string(),
    "choice": pa.string(),
    "choices": pa.string(),
    "fraction": pa.string(),
    "date": pa.int32(),
    "month": pa.int32(),
    "integer": pa.int32(),
    "decimal": pa.decimal128(9, 4),
    "yesno": pa.bool_(),
}


class ContractError(ValueError):
    """A contract that cannot be used, or a name that no contract knows."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One allowed value: the key that is stored and the names it is recognised by."""

    key: str
    en: str
    zh: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything a cell may say to mean this choice."""
        return (self.key, self.en, self.zh, *self.aliases)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its type, unit and bounds, and the headings it answers to.

    `required`: a row with this cell empty is rejected, unless `default` stands in for it; `wanted`: it lands with a
    warning. `lenient`: a cell that cannot be read lands empty with a warning, and does not reject the row. `past`: its
    dates have come when a file is made, so that later ones are not taken for the present.
    `min` and `max` bound the stored number (a date as YYYYMMDD, a month as YYYYMM), both included.
    """

    name: str
    type: str
    en: str
    zh: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    wanted: bool = False
    lenient: bool = False
    past: bool = False
    default: str | int | bool | None = None
    min: int | None = None
    max: int | None = None
    precision: str | None = None
    unit: str | None = None
    example: str | int | bool | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading this column answers to."""
        return (self.name, self.en, self.zh, *self.aliases)

    @property
    def meanings(self) -> dict[str, str]:
        """Every folded name of an allowed value and the key that is stored for it."""
        return {fold(name): choice.key for choice in self.choices for name in choice.names}

    @property
    def arrow_type(self) -> pa.DataType:
        """The type the column is stored in."""
        return ARROW[self.type]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A SELECT that returns the offending rows, and what to say of each ({value} is the cell).

    `when` is "build" (over all landed data, returning `record`, `value`) or "row" (over one sheet, returning `row`,
    `value`).
    """

    name: str
    en: str
    zh: str
    sql: str
    when: str = "build"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one source must look like; a `closed` one refuses a file with any column that it does not know."""

    source: str
    title_en: str
    title_zh: str
    about_en: str
    about_zh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    closed: bool = False

    @property
    def arrow_schema(self) -> pa.Schema:
        """The schema that every landed table of this source has."""
        return pa.schema([(column.name, column.arrow_type) for column in self.columns])

    @property
    def headings(self) -> dict[str, Column]:
        """Every folded heading and the column it means."""
        return {fold(heading): column for column in self.columns for heading in column.headings}

    def column(self, name: str) -> Column:
        """The column called `name`; ContractError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        message = f"{self.source} has no column {name!r}; it has {', '.join(c.name for c in self.columns)}."
        raise ContractError(message)


@functools.lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """A name as it is compared: full width made narrow, case, spaces and line breaks ignored: "姓  名" is "姓名"."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def names() -> tuple[str, ...]:
    """Every source that has a contract, rosters and policy tables alike."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@functools.cache
def load(source: str) -> Contract:
    """The contract of a source; ContractError where there is none or where it contradicts itself."""
    raw = _raw(source)
    contract = Contract(
        source=source,
        title_en=raw["title"]["en"],
        title_zh=raw["title"]["zh"],
        about_en=raw["about"]["en"],
        about_zh=raw["about"]["zh"],
        key=tuple(raw["key"]),
        columns=tuple(_column(source, name, given) for name, given in raw["columns"].items()),
        checks=tuple(Check(**given) for given in raw.get("checks", ())),
        closed=raw.get("closed", False),
    )
    _verify(contract)
    return contract


def label(source_column: str, value: str, language: str) -> str:
    """What a choice is called: "乡镇（街道）" for "unit.body", "township", "zh_CN"; ContractError if it is none."""
    for choice in _column_at(source_column).choices:
        if choice.key == value:
            return choice.zh if language.startswith("zh") else choice.en
    message = f"{source_column} has no value {value!r}; look in its contract in data/contracts."
    raise ContractError(message)


@functools.cache
def _raw(source: str) -> dict[str, Any]:
    path = FOLDER / f"{source}.toml"
    if not path.is_file():
        message = f"There is no contract {source!r}; there are {', '.join(names())}."
        raise ContractError(message)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _column(source: str, name: str, given: Mapping[str, Any]) -> Column:
    rest: dict[str, Any] = {key: value for key, value in given.items() if key not in {"values", "aliases"}}
    try:
        return Column(
            name=name, aliases=tuple(given.get("aliases", ())), choices=_choices(given.get("values", {})), **rest
        )
    except TypeError as error:
        message = f"{source}.{name}: {error}; mend data/contracts/{source}.toml."
        raise ContractError(message) from error


def _choices(values: str | Mapping[str, Any]) -> tuple[Choice, ...]:
    if isinstance(values, str):
        return _column_at(values).choices
    return tuple(
        Choice(key=key, en=given["en"], zh=given["zh"], aliases=tuple(given.get("aliases", ())))
        for key, given in values.items()
    )


def _column_at(source_column: str) -> Column:
    source, _, name = source_column.partition(".")
    columns = _raw(source)["columns"]
    if name not in columns:
        message = f"There is no column {source_column!r}; {source} has {', '.join(columns)}."
        raise ContractError(message)
    return _column(source, name, columns[name])


def _verify(contract: Contract) -> None:
    for name in contract.key:
        contract.column(name)
    _one_meaning(contract.source, [(column.name, column.headings) for column in contract.columns])
    for column in contract.columns:
        if column.type not in ARROW:
            message = f"{contract.source}.{column.name} has type {column.type!r}; write one of {', '.join(ARROW)}."
            raise ContractError(message)
        _one_meaning(f"{contract.source}.{column.name}", [(choice.key, choice.names) for choice in column.choices])


def _one_meaning(where: str, named: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    meanings: dict[str, str] = {}
    for key, written in named:
        for name in map(fold, written):
            if meanings.setdefault(name, key) != key:
                message = f"{where}: {name!r} means both {meanings[name]!r} and {key!r}; remove it from one of them."
                raise ContractError(message)
