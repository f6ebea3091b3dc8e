"""Sheets in the headings that people really use: the layouts in data/layouts, read into plain frozen data."""

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data import contract

FOLDER = Path(__file__).parent / "layouts"
FAMILY = "家庭成员"
REFERENCES = {
    "id_number": "person_id",
    "person_key": "person_id",
    "unit": "unit_id",
    "duty": "post",
    "state": "end",
    "member_class": "role",
    "post_kind": "role",
    "in_team": "role",
    "exchanged": "exchange_kind",
    "parent": "parent_id",
    "kind": "body",
    "affiliation": "body",
    "unit_level": "body",
}
"""The column that is told from a field which no contract has."""
BESIDE = frozenset({"person_state"})
"""Fields that are read and kept in no column."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of sheet: the sources it fills and the field that each folded heading means.

    A field is a column of one of these sources, or one of those that name a person or a unit without a code.
    Each of `needs` asks for one of its fields, none of `without` may be there. `passed` are headings known and not
    kept. `first`: it goes before a contract. `today`: a row says where someone stands now. Without `fills` the whole
    sheet is known and not read; a heading among `marks`, or its name, tells it.
    """

    name: str
    title_en: str
    title_zh: str
    fills: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[tuple[str, ...], ...] = ()
    without: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    first: bool = False
    today: bool = False

    def meant(self, names: Sequence[str]) -> str | None:
        """The field that a heading means, by the fullest of its folded names that is known; "" where passed over."""
        for name in names:
            if name in self.headings:
                return self.headings[name]
            if name in self.passed or name in self.marks:
                return ""
        return None

    def suits(self, fields: Sequence[str | None]) -> bool:
        """Whether a sheet with these fields is one of this kind."""
        if self.marks:
            return "" in fields
        return all(any(each in fields for each in one) for one in self.needs) and self.without.isdisjoint(fields)

    def filled_by(self, name: str) -> tuple[str, ...]:
        """The columns, as "member.birth", that a field fills."""
        column = REFERENCES.get(name, name)
        return tuple(
            f"{source}.{column}" for source in self.fills if column in contract.load(source).arrow_schema.names
        )


@functools.cache
def layouts() -> tuple[Layout, ...]:
    """Every layout; those of sheets that are not read last."""
    given = (_file(path.stem) for path in sorted(FOLDER.glob("*.toml")))
    every = [layout for each in given for layout in _of_file(each)]
    return tuple(sorted(every, key=lambda layout: (not layout.fills, layout.name)))


@functools.cache
def private() -> frozenset[str]:
    """The folded headings of what may not be kept, ID numbers with them: no copy is made of a file that has one."""
    shared = _file("shared")
    named = (*shared["passed"]["private"], *shared["headings"]["id_number"])
    family = next(layout.marks for layout in layouts() if layout.name == FAMILY)
    return family | frozenset(map(contract.fold, named))


@functools.cache
def values(name: str) -> Mapping[str, str]:
    """What the written values of a field mean, folded, where a table of codes says it."""
    table = _file("codes").get(name, {"values": {}})
    return {contract.fold(written): meaning for written, meaning in table["values"].items()}


@functools.cache
def no_row() -> re.Pattern[str]:
    """How a row begins that is no row of the table."""
    return re.compile(_file("shared")["no_row"])


@dataclass(frozen=True, slots=True)
class Kind:
    """One rule for the kind of body of a unit; each expression that is given must be found."""

    body: str
    above: str = ""
    name: str = ""
    affiliation: str = ""

    def holds(self, name: str, affiliation: str, above: str) -> bool:
        """Whether the rule tells the kind of a unit of this name and affiliation, under one of the kind `above`."""
        return (
            (not self.above or above in self.above.split("|"))
            and bool(re.search(self.name, name))
            and (not self.affiliation or bool(re.search(self.affiliation, affiliation)))
        )


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """The rules for the kind of a unit, the first one that holds being right."""
    return tuple(Kind(**given) for given in _file("unit_kinds")["rules"])


@functools.cache
def organs() -> Mapping[str, re.Pattern[str]]:
    """What the nature of an organ is called beside the words of the contract."""
    return {organ: re.compile(words) for organ, words in _file("unit_kinds")["organs"].items()}


@functools.cache
def _file(stem: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{stem}.toml").read_text(encoding="utf-8"))


def _of_file(given: Mapping[str, Any]) -> Iterator[Layout]:
    for sheet in given.get("sheet", ()):
        yield _layout(sheet)
    for name, marks in given.get("not_read", {}).items():
        yield Layout(name, name, name, headings=_names_of(()), marks=frozenset(map(contract.fold, marks)))


def _layout(sheet: Mapping[str, Any]) -> Layout:
    shared, passed = _file("shared"), sheet.get("passed", {}).get("columns", ())
    own = _meanings(sheet.get("headings", {}))
    of_people = {} if sheet["fills"] == ["unit"] else _meanings(shared["headings"])
    of_contracts = {
        heading: column.name
        for source in reversed(sheet["fills"])
        for heading, column in contract.load(source).headings.items()
    }
    over = frozenset(map(contract.fold, (*shared["passed"]["private"], *shared["passed"]["columns"], *passed)))
    headings = {**_names_of(sheet["fills"]), **of_contracts, **of_people, **own}
    return Layout(
        name=sheet["title"]["zh"],
        title_en=sheet["title"]["en"],
        title_zh=sheet["title"]["zh"],
        fills=tuple(sheet["fills"]),
        headings={heading: name for heading, name in headings.items() if heading not in map(contract.fold, passed)},
        needs=tuple(map(tuple, sheet["needs"])),
        without=frozenset(sheet.get("without", ())),
        passed=over,
        first=sheet.get("first", False),
        today=sheet.get("today", False),
    )


def _names_of(fills: Sequence[str]) -> dict[str, str]:
    """How a sheet of posts or assessments names the person: as the contract of people does."""
    if "unit" in fills:
        return {}
    return {
        heading: column.name
        for column in contract.load("member").columns
        if column.name in {"person_id", "name", "sex", "birth"}
        for heading in map(contract.fold, column.headings)
    }


def _meanings(headings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {contract.fold(heading): name for name, every in headings.items() for heading in every}
