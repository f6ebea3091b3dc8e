"""A warehouse is what landed and nothing else, is never half made, and shows each viewer their own people only."""

import dataclasses
import hashlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

import queries
from data import contract, policy
from data.access import EVERY_UNIT, LOCAL, Viewer
from data.batches import batch
from data.store import Store
from queries import building, checksums, statements, warehouse
from queries.warehouse import Warehouse, WarehouseError
from tests import plain

MONTH = 202610
PERIOD = {"as_of": MONTH, "since": 202110, "until": 203202, "year": 2026, "min_group": 1, "item": "leave"}
PERIOD_OF = {
    "assessment": {"year": 2025},
    "outlook": {"until": 202702},
    "rank_only": {"year": 2018},
    "grass_roots": {"year": 2025},
}
"""What a topic is asked with instead: a year of which the twelve have what is asked; the next term change is near."""
YEARS_WITH_TASKS = (2026, 2018)
"""Years in which somebody with a rank only had no task: in the city, and among the twelve."""
PERSONAL = [name for name in queries.names() if "person_id" in {column.name for column in queries.load(name).columns}]
NAMING = [name for name in PERSONAL if "name" in {column.name for column in queries.load(name).columns}]
UNITS = [
    {"unit_id": "A", "name": "甲市", "body": "city"},
    {"unit_id": "B", "name": "乙镇", "parent_id": "A", "body": "township"},
    {"unit_id": "C", "name": "丙镇", "parent_id": "A", "body": "township"},
]
MEMBERS = [
    {"person_id": "P1", "name": "样一", "sex": "male", "birth": 19950000},
    {"person_id": "P2", "name": "样二", "sex": "female", "birth": 19960000},
]
POSTINGS = [
    {"person_id": "P1", "unit_id": "B", "post": "镇长", "role": "chief", "start": 20210100},
    {"person_id": "P2", "unit_id": "C", "post": "镇长", "role": "chief", "start": 20220100},
]


def land(store: Store, *, replace: bool = False, **rows: list[dict[str, Any]]) -> None:
    """Land rows given as dictionaries, by source."""
    with batch(store, month=MONTH, replace=replace) as writer:
        for source, given in rows.items():
            held = {"primary": True, "counted": True} if source == "posting" else {}
            table = pa.Table.from_pylist([{**held, **row} for row in given], schema=contract.load(source).arrow_schema)
            writer.write(source, table)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two townships with one person each."""
    made = Store(tmp_path / "store")
    land(made, unit=UNITS, member=MEMBERS, posting=POSTINGS)
    return made


def whole(path: Path, select: str) -> list[tuple[Any, ...]]:
    """Rows straight from the file, past every viewer."""
    with duckdb.connect(path, read_only=True, config=warehouse.READ_ONLY) as connection:
        return connection.execute(select).fetchall()


def test_the_same_content_is_the_same_build_and_is_not_made_again(store: Store, tmp_path: Path) -> None:
    steps: list[str] = []
    first = building.build(store, steps.append)
    made, size = first.stat().st_mtime_ns, len(steps)
    assert building.build(store, steps.append) == first
    assert (first.stat().st_mtime_ns, len(steps)) == (made, size)
    elsewhere = Store(tmp_path / "elsewhere")
    land(elsewhere, unit=UNITS, member=MEMBERS, posting=POSTINGS)
    assert building.build(elsewhere).name == first.name


def test_other_rows_or_other_rules_are_another_build(store: Store, tmp_path: Path) -> None:
    first = building.build(store)
    rules = shutil.copytree(policy.FOLDER, tmp_path / "policy")
    targets = rules / "age_target.csv"
    targets.write_text(targets.read_text(encoding="utf-8").replace(",20%,", ",25%,"), encoding="utf-8")
    other_rules = building.build(store, folder=rules)
    land(store, member=[{**MEMBERS[0], "birth": 19940000}])
    other_rows = building.build(store)
    assert len({first, other_rules, other_rows}) == 3
    assert first.is_file()


def test_the_newest_build_is_the_one_made_last(store: Store) -> None:
    assert warehouse.newest(store) is None
    first = building.build(store)
    assert warehouse.newest(store) == first
    land(store, member=[{**MEMBERS[0], "birth": 19940000}])
    assert warehouse.newest(store) == first
    second = building.build(store)
    assert warehouse.newest(store) == second != first


def test_relations_of_a_large_city_are_made_in_parts_that_are_together_the_whole(
    small_city: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "LARGE", 1000)
    parted = [each.split("/")[1] for each in queries.built() if "given.part" in queries.load(each).reads]
    build = warehouse.newest(small_city)
    with duckdb.connect(tmp_path / "parts.duckdb") as connection:
        building.fill(connection, "parts", small_city.manifest(), policy.all_tables(), b"k" * 32)
        assert connection.execute("select * from given.part").fetchall() == [(building.PARTS - 1, building.PARTS)]
        connection.execute(f"attach '{build}' as made_whole (read_only)")
        for relation in parted:
            one, other = f"whole.{relation}", f"made_whole.whole.{relation}"
            assert connection.execute(f"select count(*) > 0 from {one}").fetchall() == [(True,)]
            for more, fewer in ((one, other), (other, one)):
                assert connection.execute(f"from {more} except all from {fewer}").fetchall() == []


@pytest.mark.promise("builds.served")
def test_a_failed_build_leaves_nothing_and_the_last_one_standing(store: Store) -> None:
    first = building.build(store)
    land(store, member=[{**MEMBERS[0], "birth": 19940000}])

    def stop(relation: str) -> None:
        if relation == "standing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(store, stop)
    kept = [first.name, checksums.of(first).name, store.pointer.name]
    assert sorted(path.name for path in store.warehouse.iterdir()) == sorted(kept)
    assert warehouse.newest(store) == first


def test_an_empty_store_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"unit has not landed.*python -m data land"):
        building.build(Store(tmp_path))


def test_a_file_that_is_no_warehouse_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "broken.duckdb").write_bytes(b"nothing" * 1000)
    with pytest.raises(WarehouseError, match="build it again"):
        warehouse.open_for(tmp_path / "broken.duckdb", LOCAL)


def test_a_build_of_other_statements_is_refused_with_what_to_do(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = Path(shutil.copy(building.build(store), tmp_path / "older.duckdb"))
    monkeypatch.setattr(statements, "MACROS", statements.MACROS + "create macro more() as 1;")
    with pytest.raises(WarehouseError, match="of another version; build it again"):
        warehouse.open_for(older, LOCAL)


def test_of_two_batches_the_later_row_of_a_key_is_right(store: Store) -> None:
    land(store, member=[{**MEMBERS[0], "birth": 19900000}], posting=[{**POSTINGS[0], "role": "secretary"}])
    path = building.build(store)
    assert whole(path, "select person_id, birth from whole.member order by all") == [("P1", 19900000), ("P2", 19960000)]
    assert whole(path, "select person_id, role from whole.standing order by all") == [
        ("P1", "secretary"),
        ("P2", "chief"),
    ]


def test_rows_that_landed_before_a_column_was_agreed_have_its_default(store: Store) -> None:
    (posting,) = store.manifest().files("posting")
    old = parquet.read_table(posting).drop_columns(["counted", "end_reason"])
    parquet.write_table(old, posting)
    (part,) = store.manifest().parts("posting")
    manifest = store.manifest_path.read_text(encoding="utf-8")
    fresh = hashlib.sha256(posting.read_bytes()).hexdigest()
    store.manifest_path.write_text(manifest.replace(part.digest, fresh), encoding="utf-8")
    path = building.build(store)
    assert whole(path, "select distinct counted, end_reason from whole.standing") == [(True, None)]


def test_a_batch_that_replaces_leaves_nothing_of_the_earlier_ones(store: Store) -> None:
    land(store, replace=True, posting=[POSTINGS[1]])
    path = building.build(store)
    assert whole(path, "select person_id from whole.standing") == [("P2",)]
    assert whole(path, "select count(*) from whole.member") == [(2,)]


def test_what_the_checks_find_is_kept_beside_the_data_and_counts_nowhere(store: Store) -> None:
    lost = {"name": "丁镇", "body": "township"}
    land(
        store,
        unit=[
            {"unit_id": "X", "parent_id": "Y", **lost},
            {"unit_id": "Y", "parent_id": "X", **lost},
            {"unit_id": "Z", "parent_id": "?", **lost},
        ],
        posting=[
            {**POSTINGS[0], "person_id": "nobody"},
            {**POSTINGS[0], "unit_id": "nowhere", "start": 20200100},
            {**POSTINGS[1], "unit_id": "X", "start": 20250100},
        ],
    )
    path = building.build(store)
    assert whole(path, "select source, rule, record, value from whole.finding order by all") == [
        ("posting", "person_exists", "nobody 镇长", "nobody"),
        ("posting", "unit_exists", "P1 镇长", "nowhere"),
        ("unit", "parent_exists", "Z", "?"),
        ("unit", "reaches_top", "X", "Y"),
        ("unit", "reaches_top", "Y", "X"),
    ]
    assert all("{value}" not in en + zh for en, zh in whole(path, "select en, zh from whole.finding"))
    assert whole(path, "select unit_id from whole.unit order by all") == [("A",), ("B",), ("C",), ("Z",)]
    assert whole(path, "select distinct person_id from whole.standing order by all") == [("P1",), ("P2",)]


def tree(opened: Warehouse) -> dict[str, set[str]]:
    """Every unit with itself and all under it, found by climbing from each unit to the top."""
    parents = dict(
        whole(
            opened.path,
            "select lower.unit_id, upper.unit_id from whole.unit as lower"
            " left join whole.unit as upper on lower.parent_no = upper.unit_no",
        )
    )
    under: dict[str, set[str]] = {unit: set() for unit in parents}
    for unit in parents:
        above: str | None = unit
        while above is not None:
            under[above].add(unit)
            above = parents[above]
    return under


def required(name: str, opened: Warehouse) -> dict[str, Any]:
    """What a question about people can not do without; the target is the first of the warehouse."""
    needed = [parameter.name for parameter in queries.load(name).takes if not parameter.optional]
    known = {**PERIOD, **PERIOD_OF.get(name.split("/", maxsplit=1)[0], {})}
    if name == "rank_only/idle_person":
        known["year"] = next(year for year in YEARS_WITH_TASKS if len(opened.ask(name, year=year).table))
    if "target" in needed:
        known["target"] = opened.ask("age_ladder/quota", as_of=MONTH).table["target_id"][0]
    return {parameter: known[parameter] for parameter in needed}


def people(opened: Warehouse, units: tuple[str, ...], name: str, **given: Any) -> list[tuple[Any, ...]]:
    """What a viewer of some units is told of people by a question."""
    seen = warehouse.open_for(opened.path, Viewer("someone", units, names=True))
    return plain.rows(seen.ask(name, **{**required(name, opened), **given}))


def outsiders(opened: Warehouse, units: tuple[str, ...], name: str) -> list[tuple[Any, ...]]:
    """The rows about people outside the units that a viewer may see."""
    inside = set().union(*(tree(opened)[unit] for unit in units))
    return [row for row in people(opened, units, name) if _unit(name, row) not in inside]


def _unit(name: str, row: tuple[Any, ...]) -> Any:
    return row[[column.name for column in queries.load(name).columns].index("unit_id")]


def viewers(opened: Warehouse, seed: int) -> list[tuple[str, ...]]:
    """Every unit of a small tree, or a random few of a large one, alone and in pairs."""
    dice = random.Random(seed)  # noqa: S311 - a sample, no secret
    units = sorted(tree(opened))
    return [(unit,) for unit in dice.sample(units, min(6, len(units)))] + [
        tuple(dice.sample(units, 2)) for _ in range(3)
    ]


def on_the_ladder(seen: Warehouse) -> int:
    """How many people a viewer counts on the ladder of the whole."""
    return int(seen.ask("age_ladder/ladder", as_of=MONTH).table["people"].sum())


def test_there_are_questions_about_people() -> None:
    assert {"age_ladder/crossing", "age_ladder/roll_off", "age_ladder/boundary"} <= set(PERSONAL)


@pytest.mark.promise("scope.connection")
@pytest.mark.parametrize("name", PERSONAL)
@pytest.mark.parametrize("house", ["twelve", "city"])
def test_a_viewer_is_told_of_everyone_in_their_units_and_of_nobody_else(
    name: str, house: str, request: pytest.FixtureRequest
) -> None:
    opened: Warehouse = request.getfixturevalue(house)
    everyone, under = plain.rows(opened.ask(name, **required(name, opened))), tree(opened)
    assert everyone
    for units in viewers(opened, seed=len(name)):
        inside = set().union(*(under[unit] for unit in units))
        assert people(opened, units, name) == [row for row in everyone if _unit(name, row) in inside], units


@pytest.mark.promise("scope.connection")
@pytest.mark.parametrize("name", PERSONAL)
def test_asking_for_a_unit_of_others_tells_of_nobody(name: str, twelve: Warehouse) -> None:
    under = tree(twelve)
    for own in under:
        strange = [unit for unit in under if not under[unit] & under[own]]
        assert all(people(twelve, (own,), name, unit=unit) == [] for unit in strange)


@pytest.mark.promise("scope.connection")
def test_without_the_scope_these_tests_would_see_the_leak(twelve: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any(outsiders(twelve, ("001.002",), name) for name in PERSONAL)
    monkeypatch.setattr(Warehouse, "_rows", lambda *_: "")
    assert all(outsiders(twelve, ("001.002",), name) for name in PERSONAL)


def test_a_viewer_of_one_unit_counts_what_the_whole_counts_there(city: Warehouse) -> None:
    for (unit,) in (units for units in viewers(city, seed=1) if len(units) == 1):
        own = warehouse.open_for(city.path, Viewer("someone", (unit,)))
        quota, ladder = (city.ask(f"age_ladder/{name}", as_of=MONTH, unit=unit) for name in ("quota", "ladder"))
        assert plain.rows(own.ask("age_ladder/quota", as_of=MONTH)) == plain.rows(quota)
        assert plain.rows(own.ask("age_ladder/quota", as_of=MONTH, unit=unit)) == plain.rows(quota)
        assert plain.rows(own.ask("age_ladder/ladder", as_of=MONTH, unit=unit)) == plain.rows(ladder)
        assert plain.rows(own.ask("age_ladder/ladder", as_of=MONTH)) == plain.rows(ladder)


def test_the_ladder_of_a_viewer_of_several_units_holds_everyone_in_them_and_nobody_else(city: Warehouse) -> None:
    under = tree(city)
    counties, leaves = ([unit for unit in sorted(under) if unit.count(".") == depth] for depth in (1, 2))
    for units in ((counties[1], leaves[0]), tuple(leaves[1:4])):
        inside = set().union(*(under[unit] for unit in units))
        standing = whole(
            city.path,
            "select unit_id from whole.standing inner join whole.unit using (unit_no)"
            f" where is_primary and start_month <= {MONTH} and end_month > {MONTH}",
        )
        own = warehouse.open_for(city.path, Viewer("someone", units))
        assert on_the_ladder(own) == sum(unit in inside for (unit,) in standing) > 0


@pytest.mark.promise("scope.connection")
@pytest.mark.parametrize("units", [(), ("no such unit",), ("001' or 'x' = 'x",)])
def test_a_viewer_without_known_units_sees_nobody(units: tuple[str, ...], twelve: Warehouse) -> None:
    assert all(people(twelve, units, name) == [] for name in PERSONAL)
    seen = warehouse.open_for(twelve.path, Viewer("someone", units, names=True))
    assert seen.ask("age_ladder/quota", as_of=MONTH).table.empty
    assert on_the_ladder(seen) == 0


@pytest.mark.promise("names.hidden")
@pytest.mark.parametrize("name", NAMING)
def test_a_viewer_without_names_gets_every_row_and_no_name(name: str, twelve: Warehouse) -> None:
    table = warehouse.open_for(twelve.path, Viewer("someone", (EVERY_UNIT,))).ask(name, **required(name, twelve)).table
    known = twelve.ask(name, **required(name, twelve)).table
    assert table["name"].isna().all()
    assert known["name"].notna().all()
    assert table.drop(columns="name").equals(known.drop(columns="name"))


@pytest.mark.promise("scope.connection")
def test_a_unit_whose_code_begins_like_another_is_not_under_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    codes = [("A", None), ("A B", "A"), ("A B C", "A"), ("D", "A B"), ("A.B", None), ("A!", None)]
    units = [{"unit_id": code, "name": code, "parent_id": above, "body": "township"} for code, above in codes]
    land(store, unit=units, member=MEMBERS, posting=[{**row, "unit_id": "A B"} for row in POSTINGS])
    path = building.build(store)
    reach = whole(
        path,
        "select upper.unit_id, list(lower.unit_id order by lower.unit_id)"
        " from whole.unit as upper inner join whole.unit as lower"
        " on lower.unit_no between upper.unit_no and upper.last_no group by all order by all",
    )
    assert reach == [
        ("A", ["A", "A B", "A B C", "D"]),
        ("A B", ["A B", "D"]),
        ("A B C", ["A B C"]),
        ("A!", ["A!"]),
        ("A.B", ["A.B"]),
        ("D", ["D"]),
    ]


@pytest.mark.promise("scope.connection")
@pytest.mark.parametrize(
    "statement",
    [
        lambda folder: f"copy (select 1) to '{folder}/out.csv'",
        lambda folder: f"attach '{folder}/other.duckdb'",
        lambda folder: f"select * from read_csv('{folder}/in.csv')",
        lambda folder: f"from '{folder}/in.csv'",
        lambda _: "install httpfs",
        lambda _: "set enable_external_access = true",
        lambda _: "create table whole.more (a integer)",
        lambda _: "delete from whole.member",
    ],
)
def test_an_open_warehouse_reaches_no_file_and_changes_nothing(
    statement: Callable[[Path], str], twelve: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(duckdb.Error):
        whole(twelve.path, statement(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.promise("scope.connection")
def test_two_viewers_of_one_build_do_not_see_each_others_rows(twelve: Warehouse) -> None:
    first, second = (warehouse.open_for(twelve.path, Viewer(unit, (unit,))) for unit in ("001.001", "001.002"))
    given = {"as_of": MONTH, "until": 203202}
    units = [{*seen.ask("age_ladder/roll_off", **given).table["unit_id"]} for seen in (first, second, first)]
    assert units == [{"001.001.001"}, {"001.002"}, {"001.001.001"}]


def test_an_answer_says_where_it_comes_from(twelve: Warehouse) -> None:
    answer = twelve.ask("age_ladder/quota", as_of=MONTH)
    assert dataclasses.asdict(answer)["parameters"] == {"as_of": MONTH, "unit": None}
    assert (answer.build_id, answer.data_month) == (twelve.path.stem, MONTH)
