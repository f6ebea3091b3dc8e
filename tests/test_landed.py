"""Promises of what has landed: of every key the row of the latest batch that has it, and no other."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import contract, landed, sealing
from data.batches import batch
from data.store import Store

CODES = st.sampled_from(["1", "2", "3"])
BATCHES = st.lists(st.dictionaries(st.tuples(CODES, CODES), st.integers(190001, 209912), max_size=5), max_size=5)


@pytest.mark.parametrize("secret", ["", "5a" * 32], ids=["plain", "sealed"])
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=BATCHES)
def test_of_a_key_the_row_of_the_latest_batch_counts(
    secret: str,
    history: list[dict[tuple[str, str], int]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(sealing.KEY, secret)
    store = Store(tmp_path_factory.mktemp("store"))
    for rows in history:
        land(store, rows)
    expected = {key: month for rows in history for key, month in rows.items()}
    assert sorted(given_rows(store.manifest().files("unit_lineage"))) == sorted(
        (*key, month) for key, month in expected.items()
    )


def land(store: Store, rows: dict[tuple[str, str], int]) -> None:
    """Land one month of merger for each pair of units."""
    made = [
        {"predecessor": before, "successor": after, "month": month, "how": "merged"}
        for (before, after), month in rows.items()
    ]
    with batch(store) as writer:
        writer.write("unit_lineage", pa.Table.from_pylist(made, schema=contract.load("unit_lineage").arrow_schema))


def given_rows(files: tuple[Path, ...]) -> list[tuple[str, str, int]]:
    """The rows that a build is given of files: units before and after, and the month."""
    if not files:
        return []
    with duckdb.connect() as connection:
        landed.give(connection, "lineage", "unit_lineage", files)
        return connection.execute("select predecessor, successor, month from lineage").fetchall()
