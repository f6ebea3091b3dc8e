"""An answer as plain Python rows, to be compared with what was worked out in another way."""

from typing import Any

from queries.warehouse import Answer

PLACES = 6
PYTHON = {"INTEGER": int, "DOUBLE": float, "DECIMAL(9,4)": float, "VARCHAR": str, "BOOLEAN": bool}


def rows(answer: Answer, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of an answer (all, where none is named), each cell as the header types it or None."""
    kinds = {column.name: PYTHON[column.type] for column in answer.query.columns}
    cells = [_cells(answer, name, kinds[name]) for name in columns or kinds]
    return list(zip(*cells, strict=True))


def _cells(answer: Answer, name: str, kind: type) -> list[Any]:
    column = answer.table[name]
    return [None if empty else kind(cell) for cell, empty in zip(column, column.isna(), strict=True)]


def rounded(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows with every fraction to six places, beyond which two ways of counting differ by their order of adding."""
    return [tuple(round(cell, PLACES) if isinstance(cell, float) else cell for cell in row) for row in found]
