"""Disclosure control: the lots that open figures are rounded by, and how many filters may be chosen at once.

Each finest cell of people is published as a multiple of a base, its own number rounded down or up, and every figure
that leaves is a sum of those. Which way a cell goes is drawn once, from the key of the store and the name of the cell,
and not again: the same number in the same cell gives the same answer in every quarter and build, whatever else changes.
"""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import duckdb

import queries

TOPIC = "open/"
PERIODS = frozenset(("as_of", "since", "until", "year"))


class TooManyFiltersError(queries.QueryError):
    """An open question asked with more filters than `allowed` beside the period; `chosen` names them."""

    def __init__(self, question: str, chosen: Sequence[str], allowed: int) -> None:
        """Say which are too many, and how many to take out."""
        self.chosen, self.allowed = tuple(chosen), allowed
        super().__init__(
            f"{question} may be asked with {allowed} filters beside the period, not with {len(chosen)} "
            f"({', '.join(chosen)}); take out {len(chosen) - allowed}. "
            f"除时间外最多同时选择{allowed}个筛选条件，现有{len(chosen)}个，请减少{len(chosen) - allowed}个。"
        )


def draw(key: bytes, cell: str, base: int) -> int:
    """The lot of a cell, 0 to base - 1, each as likely; a number is rounded up that comes to the base with it."""
    return int.from_bytes(hmac.digest(key, cell.encode(), sha256)) % base


def install(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Let the statements of a build draw lots with the key, which is in nothing that they make."""

    def lot(cell: str, base: int) -> int:
        return draw(key, cell, base)

    connection.create_function("lot", lot, ["VARCHAR", "INTEGER"], "INTEGER")


def refuse_too_many(query: queries.Query, parameters: Mapping[str, Any], allowed: int) -> None:
    """Raise TooManyFiltersError where an open question has more filters beside the period than are allowed."""
    chosen = sorted(name for name, value in parameters.items() if value is not None and name not in PERIODS)
    if len(chosen) > allowed:
        raise TooManyFiltersError(query.name, chosen, allowed)
