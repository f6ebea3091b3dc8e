"""An answer as plain Python rows, to be compared with what was worked out in another way."""

from typing import Any

from queries.warehouse import Answer

PYTHON = {"INTEGER": int, "DOUBLE": float, "DECIMAL(9,4)": float, "VARCHAR": str, "BOOLEAN": bool}


def rows(answer: Answer, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of an answer (all, where none is named), each cell as the header types it or None."""
    kinds = {column.name: PYTHON[column.type] for column in answer.query.columns}
    cells = [_cells(answer, name, kinds[name]) for name in columns or kinds]
    return list(zip(*cells, strict=True))


def _cells(answer: Answer, name: str, kind: type) -> list[Any]:
    column = answer.table[name]
    return [None if empty else kind(cell) for cell, empty in zip(column, column.isna(), strict=True)]
