"""Promises of a build that takes over from an earlier one: it is the build that would have been made anew.

`CADRE_FUZZ=20` tries twenty times as much.
"""

import os
import random
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import queries
from data import batches, contract, policy
from data.batches import batch
from data.store import Store
from queries import building, carried, statements
from tests.conftest import CADRE

SECRET = b"k" * 32
STEPS = 2
TIMES = 2 * int(os.environ.get("CADRE_FUZZ", "1"))
AGES = ("age_target", "target_spell", "target_month")
KEPT = [each.split("/")[1] for each in queries.built() if queries.load(each).scope != "build"]

Rules = dict[str, pa.Table]
Dice = random.Random


def rules() -> Rules:
    """The rules of the twelve."""
    return dict(policy.all_tables(CADRE / "policy"))


def made(store: Store, given: Mapping[str, pa.Table], file: Path, earlier: Path | None = None) -> frozenset[str]:
    """Make a build and give what it took over."""
    with duckdb.connect(file) as connection:
        building.fill(connection, file.stem, store.manifest(), given, SECRET, earlier=earlier)
        return carried.same(connection)


def differing(one: Path, other: Path) -> list[str]:
    """The tables of which one build holds a row that the other does not; a mean may hang on the order of its rows."""
    with duckdb.connect() as connection:
        for name, path in {"one": one, "other": other}.items():
            connection.execute(f"attach '{path}' as {name} (read_only)")
        return [
            table
            for table in KEPT
            if connection.execute(
                f"(from ({rows('one', table)}) except all from ({rows('other', table)})) union all"
                f" (from ({rows('other', table)}) except all from ({rows('one', table)}))"
            ).fetchall()
        ]


def rows(build: str, table: str) -> str:
    """The SELECT of a table of a build, its fractions to nine places."""
    columns = [
        f'round("{column.name}", 9)' if column.type == "DOUBLE" else f'"{column.name}"'
        for column in statements.of(table).columns
    ]
    return f"select {', '.join(columns)} from {build}.whole.{table}"


# --- what may happen between two builds ---


def beside_key(source: str) -> list[str]:
    """The columns of a source that may change while a row stays the same row."""
    held = contract.load(source)
    return [column.name for column in held.columns if column.name not in held.key]


def land_some_rows_altered(store: Store, _: Rules, dice: Dice) -> None:
    """Some rows of a source come again, some other value in each."""
    source = dice.choice([each for each in contract.SOURCES if store.manifest().files(each) and beside_key(each)])
    rows, free = pq.read_table(store.manifest().files(source)[0]).to_pylist(), beside_key(source)
    for row in (chosen := dice.sample(rows, min(3, len(rows)))):
        name = dice.choice(free)
        row[name] = dice.choice(rows)[name]
    with batch(store) as writer:
        writer.write(source, pa.Table.from_pylist(chosen, schema=contract.load(source).arrow_schema))


def let_the_month_pass(store: Store, _: Rules, dice: Dice) -> None:
    """The data stand at another month."""
    rows = pq.read_table(store.manifest().files("unit")[0])
    with batch(store, month=dice.choice([202611, 202701])) as writer:
        writer.write("unit", rows.slice(0, 1))


def withdraw_or_restore(store: Store, _: Rules, dice: Dice) -> None:
    """A later batch counts no more, or again."""
    later = store.manifest().batches[1:]
    if later:
        each = dice.choice(later)
        (batches.restore if each.withdrawn else batches.withdraw)(store, each.id)


def change_a_rule(_: Store, known: Rules, dice: Dice) -> None:
    """A row of a rule is gone."""
    name = dice.choice([each for each, table in known.items() if table.num_rows > 1])
    row = dice.randrange(known[name].num_rows)
    known[name] = pa.concat_tables([known[name].slice(0, row), known[name].slice(row + 1)])


HAPPENS = (land_some_rows_altered, let_the_month_pass, withdraw_or_restore, change_a_rule)


@pytest.mark.promise("build.carried")
@settings(deadline=None, max_examples=TIMES, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_whatever_happens_between_two_builds_what_is_taken_over_is_what_would_be_made(
    seed: int, cadre_store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice, folder, known = Dice(seed), tmp_path_factory.mktemp("carried"), rules()
    store = Store(folder / "store")
    shutil.copytree(cadre_store.root, store.root)
    (folder / "anew").mkdir()
    earlier = folder / "0.duckdb"
    made(store, known, earlier)
    for step in range(1, STEPS + 1):
        dice.choice(HAPPENS)(store, known, dice)
        built, anew = folder / f"{step}.duckdb", folder / "anew" / f"{step}.duckdb"
        assert made(store, known, built, earlier)
        assert not made(store, known, anew)
        assert differing(built, anew) == []
        earlier = built


def test_a_change_costs_what_stands_behind_it_and_no_more(cadre_store: Store, tmp_path: Path) -> None:
    known = rules()
    made(cadre_store, known, tmp_path / "0.duckdb")
    known["age_target"] = known["age_target"].slice(1)
    taken = made(cadre_store, known, tmp_path / "1.duckdb", tmp_path / "0.duckdb")
    read = {each.split("/")[1] for each in queries.built() if "age_target" in queries.given(each)}
    assert set(AGES) <= read
    assert taken == set(KEPT) - read - {"build", "finding"}


def test_nothing_is_taken_over_from_a_build_under_another_key_or_of_an_earlier_version(
    cadre_store: Store, tmp_path: Path
) -> None:
    old = tmp_path / "0.duckdb"
    with duckdb.connect(old) as connection:
        building.fill(connection, "old", cadre_store.manifest(), rules(), b"another")
    assert not made(cadre_store, rules(), tmp_path / "1.duckdb", old)
    with duckdb.connect(old) as connection:
        connection.execute("drop schema kept cascade")
    assert not made(cadre_store, rules(), tmp_path / "2.duckdb", old)


def test_of_the_build_itself_the_others_read_the_month_alone() -> None:
    columns = {column.name for column in queries.load("relations/build").columns} - {"data_month"}
    assert columns == {"build_id", "made_by"}
    for each in queries.built():
        assert each == "relations/build" or not any(name in queries.load(each).sql for name in columns)
