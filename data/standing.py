"""Where personnel files say that people stand today, and what the same post of a roster completes there."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data import month
from data.cell import Value
from data.checking import Checked

COMPLETED = ("level", "rank", "exchange_kind", "exchange_reason", "programme")
"""The columns of a posting that a roster fills where the personnel file left them empty."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A post that a personnel file says is still held: unit, month it began (YYYYMM), role, and the name of the file.

    `part` and `row` tell the row that landed from there.
    """

    unit: str
    start: int
    role: str
    file: str
    part: int
    row: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a roster says of a post of a personnel file: values by column, None where it says nothing."""

    standing: Standing
    values: Mapping[str, Value | None]


def standings(parts: Sequence[Checked]) -> dict[str, Standing]:
    """By person code the primary post that is open, of personnel files; of several the one taken last."""
    held: dict[str, Standing] = {}
    for number, part in enumerate(parts):
        if part.cells.contract.source != "posting":
            continue
        names = ("person_id", "unit_id", "start", "end", "primary", "role")
        columns = (part.table[name].to_pylist() for name in names)
        for row, code, unit, start, end, primary, role in zip(part.rows.tolist(), *columns, strict=True):
            if end is None and primary and (code not in held or held[code].start <= month.of(start)):
                held[code] = Standing(unit, month.of(start), role, part.cells.place(row)[0], number, row)
    return held


def completed(parts: Sequence[Checked], told: Iterable[Told]) -> list[Checked]:
    """The sources of personnel files, their empty cells filled with what rosters say of the same posts, first come."""
    of_parts: dict[int, list[Told]] = {}
    for each in told:
        of_parts.setdefault(each.standing.part, []).append(each)
    return [_filled(part, of_parts[number]) if number in of_parts else part for number, part in enumerate(parts)]


def _filled(part: Checked, told: Sequence[Told]) -> Checked:
    table = part.table
    places = np.searchsorted(part.rows, [each.standing.row for each in told]).tolist()
    for name in COMPLETED:
        values = table[name].to_pylist()
        for place, each in zip(places, told, strict=True):
            if values[place] is None:
                values[place] = each.values.get(name)
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))
    return dataclasses.replace(part, good=table)
