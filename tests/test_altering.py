"""Promises of a build that is altered: it is the build that would have been made anew, or it is made anew.

`CADRE_FUZZ=20` tries twenty times as much.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import queries
from data import batches, contract, engine, key, policy, sealing
from data.batches import batch
from data.store import Store
from queries import altering, building, statements
from tests.conftest import CADRE, CADRE_MONTH
from tests.test_carried import (
    SECRET,
    Dice,
    Rules,
    beside_key,
    change_a_rule,
    differing,
    let_the_month_pass,
    made,
    rules,
)

STEPS = 3
TIMES = 3 * int(os.environ.get("CADRE_FUZZ", "1"))
OF_PEOPLE = [each for each in contract.SOURCES if "person_id" in contract.load(each).key]
OF_NOBODY = [each for each in contract.SOURCES if each not in OF_PEOPLE]
NAMED = {"build"}
"""The table in which two builds of the same are told apart."""


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everyone may have changed, as twelve people are soon half of all."""
    monkeypatch.setattr(altering, "FEW", 1e6)


@pytest.fixture
def twelve_store(cadre_store: Store, tmp_path: Path) -> Store:
    """The twelve people, in a store of their own."""
    return Store(Path(shutil.copytree(cadre_store.root, tmp_path / "store")))


@pytest.fixture
def earlier(twelve_store: Store, tmp_path: Path) -> Path:
    """Their build."""
    made(twelve_store, rules(), tmp_path / "0.duckdb")
    return tmp_path / "0.duckdb"


def altered(store: Store, to: Path, earlier: Path, known: Rules | None = None) -> bool:
    """Alter the earlier build to what has landed; whether that was done."""
    return altering.altered(to, earlier, to.stem, store.manifest(), known or rules(), SECRET)


def differing_from_anew(store: Store, built: Path) -> set[str]:
    """The tables of a build that are not as they are where everything is made anew."""
    anew = built.with_name(f"{built.stem}_anew.duckdb")
    made(store, rules(), anew)
    return set(differing(built, anew)) - NAMED


def rows_of(store: Store, source: str) -> list[dict[str, Any]]:
    """The first rows that landed of a source."""
    found: list[dict[str, Any]] = pq.read_table(store.manifest().files(source)[0]).to_pylist()
    return found


def land(store: Store, source: str, rows: list[dict[str, Any]], month: int | None = None) -> None:
    """Land rows of a source, invented ones where all are."""
    with batch(store, month=month, invented=bool(store.manifest().batches) and store.manifest().invented) as writer:
        writer.write(source, pa.Table.from_pylist(rows, schema=contract.load(source).arrow_schema))


# --- what may happen ---


def alter_rows(store: Store, dice: Dice) -> None:
    """Some rows of people come again, another value in each."""
    source = dice.choice([each for each in OF_PEOPLE if beside_key(each)])
    rows = rows_of(store, source)
    chosen = dice.sample(rows, min(3, len(rows)))
    for row in chosen:
        name = dice.choice(beside_key(source))
        row[name] = dice.choice(rows)[name]
    land(store, source, chosen)


def let_people_come(store: Store, dice: Dice) -> None:
    """Somebody comes who has lived another's life, and only part of it is told."""
    person, like = f"新{dice.randrange(10**6)}", dice.choice(rows_of(store, "member"))["person_id"]
    told = ["member", *dice.sample([each for each in OF_PEOPLE if each != "member"], 5)]
    with batch(store) as writer:
        for source in dice.sample(told, len(told)):
            rows = [{**row, "person_id": person} for row in rows_of(store, source) if row["person_id"] == like]
            if rows:
                writer.write(source, pa.Table.from_pylist(rows, schema=contract.load(source).arrow_schema))


def withdraw_or_restore(store: Store, dice: Dice) -> None:
    """A later batch counts no more, or again; the first time somebody comes instead."""
    later = store.manifest().batches[1:]
    if later:
        each = dice.choice(later)
        (batches.restore if each.withdrawn else batches.withdraw)(store, each.id)
    else:
        let_people_come(store, dice)


HAPPENS = (alter_rows, alter_rows, let_people_come, withdraw_or_restore)


@pytest.mark.promise("build.carried")
@pytest.mark.usefixtures("many")
@settings(deadline=None, max_examples=TIMES, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_whatever_happens_to_few_people_what_is_altered_is_what_would_be_made(
    seed: int, cadre_store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice, folder = Dice(seed), tmp_path_factory.mktemp("altered")
    store = Store(Path(shutil.copytree(cadre_store.root, folder / "store")))
    earlier = folder / "0.duckdb"
    made(store, rules(), earlier)
    for step in range(1, STEPS + 1):
        for _ in range(dice.randint(1, 2)):
            dice.choice(HAPPENS)(store, dice)
        built = folder / f"{step}.duckdb"
        if not altered(store, built, earlier):
            assert not built.exists()
            made(store, rules(), built, earlier)
        assert differing_from_anew(store, built) == set()
        earlier = built


@pytest.mark.promise("build.carried")
def test_a_month_of_a_city_is_altered_and_not_made_anew(small_city: Store, tmp_path: Path) -> None:
    store = Store(Path(shutil.copytree(small_city.root, tmp_path / "store")))
    month = store.manifest().month
    assert month is not None
    open_posts = [row for row in rows_of(store, "posting") if row["end"] is None and row["start"] // 100 < month]
    land(store, "posting", [{**row, "end": month * 100, "end_reason": "retired"} for row in open_posts[::60]], month)
    grades = [row for row in rows_of(store, "assessment") if row["grade"] == "competent"]
    land(store, "assessment", [{**row, "grade": "excellent"} for row in grades[::500]], month)
    used = rows_of(store, "welfare_use")
    land(store, "welfare_use", [{**row, "used": 0} for row in used[::1000]], month)
    known = dict(policy.all_tables())
    (earlier,) = small_city.warehouse.glob("*.duckdb")
    built, anew = tmp_path / "built.duckdb", tmp_path / "anew.duckdb"
    secret = key.kept(store)
    steps: list[str] = []
    assert altering.altered(built, earlier, "built", store.manifest(), known, secret, steps.append)
    with duckdb.connect(anew) as connection:
        building.fill(connection, "anew", store.manifest(), known, secret)
    assert set(differing(built, anew)) == NAMED
    assert {"standing", "welfare_count", "open_cell"} <= set(steps)
    assert set(differing(earlier, anew)) > {"standing", "welfare_count", "ladder", "target_month", "excellent_year"}


@pytest.mark.usefixtures("many")
def test_who_shares_a_case_with_one_who_changed_is_told_anew_too(
    twelve_store: Store, earlier: Path, tmp_path: Path
) -> None:
    case, *_ = rows_of(twelve_store, "protection")
    second = next(row for row in rows_of(twelve_store, "member") if row["person_id"] > case["person_id"])
    land(twelve_store, "protection", [{**case, "stage": "informed", "person_id": second["person_id"]}])
    shared = tmp_path / "shared.duckdb"
    assert not altered(twelve_store, shared, earlier), "A case is no one person's."
    made(twelve_store, rules(), shared)
    land(twelve_store, "member", [{**second, "name": "李样新"}])
    built = tmp_path / "built.duckdb"
    assert altered(twelve_store, built, shared)
    assert differing_from_anew(twelve_store, built) == set()
    with duckdb.connect(built, read_only=True) as connection:
        ((people,),) = connection.execute("select people from kept.altered").fetchall()
    assert people == 2


# --- when it is made anew ---


def retire_one(store: Store) -> None:
    """One of the twelve leaves in the data month."""
    row = next(row for row in rows_of(store, "posting") if row["end"] is None)
    land(store, "posting", [{**row, "end": CADRE_MONTH * 100, "end_reason": "retired"}])


def land_of_a_unit(store: Store) -> None:
    """A unit is called something else."""
    unit, *_ = rows_of(store, "unit")
    land(store, "unit", [{**unit, "name_zh": "样本"}])


def train_in_a_new_year(store: Store) -> None:
    """Somebody is trained in a year of which no training was known: it is known of everyone from then on."""
    course, *_ = rows_of(store, "training")
    land(store, "training", [{**course, "start": 20120300}])


def lose_a_file(store: Store) -> None:
    """What was landed and withdrawn is gone."""
    land_one = store.manifest().batches[-1]
    batches.withdraw(store, land_one.id)
    for part in land_one.parts.values():
        (store.manifest().landed / part.path).unlink()


def name_somebody_in_two_words(store: Store) -> None:
    """Somebody comes whose code holds a space, which what is found of them is not told apart by."""
    member, *_ = rows_of(store, "member")
    land(store, "member", [{**member, "person_id": "A 12"}])


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("happens", [land_of_a_unit, train_in_a_new_year, name_somebody_in_two_words])
def test_what_concerns_everyone_is_made_anew(
    happens: Callable[[Store], None], twelve_store: Store, earlier: Path, tmp_path: Path
) -> None:
    happens(twelve_store)
    assert not altered(twelve_store, tmp_path / "1.duckdb", earlier)
    assert not (tmp_path / "1.duckdb").exists()


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("happens", [change_a_rule, let_the_month_pass])
def test_under_another_rule_or_in_another_month_everything_is_made_anew(
    happens: Callable[[Store, Rules, Dice], None], twelve_store: Store, earlier: Path, tmp_path: Path
) -> None:
    known = rules()
    happens(twelve_store, known, Dice(1))
    assert not altered(twelve_store, tmp_path / "1.duckdb", earlier, known)


@pytest.mark.usefixtures("many")
def test_what_another_version_made_is_made_anew(
    twelve_store: Store, earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retire_one(twelve_store)
    with monkeypatch.context() as patch:
        patch.setattr(statements, "version", lambda: "another")
        assert not altered(twelve_store, tmp_path / "1.duckdb", earlier)
    with monkeypatch.context() as patch:
        patch.setattr("queries.carried._contracts", lambda: "others")
        assert not altered(twelve_store, tmp_path / "1.duckdb", earlier)
    assert not altering.altered(tmp_path / "1.duckdb", earlier, "1", twelve_store.manifest(), rules(), b"another")
    assert altered(twelve_store, tmp_path / "1.duckdb", earlier)


@pytest.mark.usefixtures("many")
def test_where_a_file_of_the_earlier_build_is_gone_everything_is_made_anew(twelve_store: Store, tmp_path: Path) -> None:
    retire_one(twelve_store)
    made(twelve_store, rules(), tmp_path / "0.duckdb")
    lose_a_file(twelve_store)
    assert not altered(twelve_store, tmp_path / "1.duckdb", tmp_path / "0.duckdb")


@pytest.mark.usefixtures("many")
def test_where_memory_does_not_hold_what_is_altered_everything_is_made_anew(
    twelve_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(file: Path, *_: Any) -> bool:
        file.write_bytes(b"half")
        raise duckdb.OutOfMemoryException

    retire_one(twelve_store)
    monkeypatch.setattr(building, "altered", too_much)
    built = building.build(twelve_store, folder=CADRE / "policy")
    with duckdb.connect(built, read_only=True) as connection:
        assert connection.execute("select people from kept.altered").fetchall() == [(0,)]
        assert connection.execute("select count(*) from whole.standing where end_reason = 'retired'").fetchall() > [
            (0,)
        ]


def test_when_many_have_changed_since_everything_was_made_anew_it_is_again(
    twelve_store: Store, earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = len(rows_of(twelve_store, "member"))
    monkeypatch.setattr(altering, "FEW", 2 / people)
    retire_one(twelve_store)
    assert altered(twelve_store, tmp_path / "1.duckdb", earlier)
    first, second, *_ = rows_of(twelve_store, "member")
    land(twelve_store, "member", [{**first, "name": "样一"}])
    assert altered(twelve_store, tmp_path / "2.duckdb", tmp_path / "1.duckdb")
    land(twelve_store, "member", [{**second, "name": "样二"}])
    assert not altered(twelve_store, tmp_path / "3.duckdb", tmp_path / "2.duckdb")
    made(twelve_store, rules(), tmp_path / "3.duckdb", tmp_path / "2.duckdb")
    land(twelve_store, "member", [{**second, "name": "样三"}])
    assert altered(twelve_store, tmp_path / "4.duckdb", tmp_path / "3.duckdb")


@pytest.mark.usefixtures("many")
def test_a_sealed_build_is_altered_under_its_key(
    twelve_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed, given = Store(tmp_path / "sealed"), twelve_store.manifest().batches[0].parts
    rows = {source: rows_of(twelve_store, source) for source in given}
    monkeypatch.setenv(sealing.KEY, "5a" * 32)
    for source in given:
        land(sealed, source, rows[source], CADRE_MONTH)
    earlier = building.build(sealed, folder=CADRE / "policy")
    land(sealed, "member", [{**rows["member"][0], "name": "李样新"}])
    built = building.build(sealed, folder=CADRE / "policy")
    assert built != earlier
    with engine.read(built, {}).cursor() as cursor:
        assert cursor.execute("select people from kept.altered").fetchall() == [(1,)]
        assert cursor.execute("select count(*) from whole.member where name = '李样新'").fetchall() == [(1,)]


# --- what the statements say of themselves ---


def test_every_relation_of_people_says_whose_a_row_is_or_why_it_is_made_as_a_whole() -> None:
    as_a_whole = {"source_score": "measured against the mean of all"}
    for relation, query in statements.every().items():
        named = {"person_id", "case_id"} & set(query.grain)
        assert bool(query.person) == bool(named) or relation in as_a_whole or relation == "finding", relation
        assert not (query.person and query.sums), relation


def test_what_is_made_at_last_reads_nothing_that_only_those_who_changed_have() -> None:
    order = altering.order_behind([altering.FINDING, *(f"given.{each}" for each in OF_PEOPLE)])
    few = {each for each, query in statements.every().items() if query.person and query.scope == "build"}
    assert order.last
    for relation in order.last:
        assert not {altering.FINDING, *few} & set(statements.of(relation).reads), relation


def test_no_check_of_units_reads_what_landed_of_people() -> None:
    for source in OF_NOBODY:
        held = contract.load(source)
        if "person_id" not in held.arrow_schema.names:
            for check in held.checks:
                assert not policy.tables_read(check.sql) & set(OF_PEOPLE), check.name


def test_sums_are_numbers_and_the_rest_names_the_row() -> None:
    for name in queries.built():
        query = queries.load(name)
        if query.sums:
            assert set(query.sums) <= {column.name for column in query.columns if column.type == "INTEGER"}
            assert set(query.grain).isdisjoint(query.sums)
