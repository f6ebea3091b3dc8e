"""The rules: dated policy tables, read under their contracts and refused whole where anything is wrong."""

from pathlib import Path

import pyarrow as pa

from data import contract, reading
from data.checking import Checked, check, unrepeated

FOLDER = Path(__file__).parent / "policy"


class PolicyError(ValueError):
    """A policy table that cannot be used as it stands."""


def names() -> tuple[str, ...]:
    """Every policy table: the contracts that are no roster."""
    return tuple(name for name in contract.names() if name not in contract.SOURCES)


def read(name: str, folder: Path = FOLDER) -> pa.Table:
    """The policy table <folder>/<name>.csv, typed as its contract says; PolicyError names the first thing wrong."""
    checked = _checked(name, folder / f"{name}.csv")
    for found in checked.findings:
        message = (
            f"{found.file}, row {found.row}, {found.column or name} = {found.value!r}: "
            f"{found.problem_en} {found.mend_en}".rstrip()
        )
        raise PolicyError(message)
    return checked.table


def all_tables(folder: Path = FOLDER) -> dict[str, pa.Table]:
    """Every policy table by name."""
    return {name: read(name, folder) for name in names()}


def _checked(name: str, path: Path) -> Checked:
    try:
        sheets = list(reading.sheets(path))
    except reading.ReadingError as error:
        raise PolicyError(str(error)) from error
    cells = [cells for sheet in sheets if (cells := reading.recognise(sheet, (name,)))]
    if not cells:
        message = f"{path.name} has none of the headings of {name}; look in data/contracts/{name}.toml."
        raise PolicyError(message)
    return unrepeated([check(cells[0])])[0]
