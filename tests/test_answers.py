"""Every question gives, on the twelve people, the answer that was worked by hand."""

import csv
from pathlib import Path
from typing import Any

import pytest

import queries
from queries import warehouse
from queries.warehouse import Warehouse
from tests import plain

pytestmark = pytest.mark.promise("answers.by_hand")

ANSWERS = Path(__file__).parent / "answers"
READ = {
    "INTEGER": int,
    "DOUBLE": float,
    "DECIMAL(9,4)": float,
    "VARCHAR": str,
    "BOOLEAN": {"True": True, "False": False}.__getitem__,
}


def worked(name: str) -> tuple[dict[str, Any], list[str], list[tuple[Any, ...]]]:
    """The answer worked by hand: what was asked (first line of the file), the columns it tells of, and its rows."""
    asked, *lines = (ANSWERS / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    words = dict(word.split("=", 1) for word in asked.removeprefix("#").split())
    given = {key: warehouse.typed(key, value) for key, value in words.items()}
    columns, *written = csv.reader(lines)
    kinds = {column.name: READ[column.type] for column in queries.load(name).columns}
    return given, columns, [_typed(row, [kinds[column] for column in columns]) for row in written]


def _typed(row: list[str], kinds: list[Any]) -> tuple[Any, ...]:
    return tuple(kind(cell) if cell else None for cell, kind in zip(row, kinds, strict=True))


@pytest.mark.parametrize("name", queries.names())
def test_the_answer_is_the_one_worked_by_hand(name: str, twelve: Warehouse) -> None:
    assert (ANSWERS / f"{name}.csv").is_file(), f"work the answer by hand into tests/answers/{name}.csv"
    given, columns, expected = worked(name)
    assert expected
    assert plain.rounded(plain.rows(twelve.ask(name, **given), *columns)) == plain.rounded(expected)


def test_no_answer_is_left_over_from_a_question_that_is_gone() -> None:
    answers = {path.relative_to(ANSWERS).with_suffix("").as_posix() for path in ANSWERS.glob("*/*.csv")}
    assert answers <= set(queries.names())
