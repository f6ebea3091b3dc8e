"""Every .sql says in its header what it does, and does what it says."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

import queries
from data import contract, policy
from data.store import Store
from queries import building
from queries.warehouse import Answer, Warehouse
from tests import plain
from tests.conftest import CADRE

EVERY = (*queries.names(), *queries.built())
SCOPES = {"everyone", "open", "unit_no", "whole", "build"}
BESIDE_THE_RULES = {"given.build", "given.finding", "given.part"}
GIVEN = {f"given.{source}" for source in contract.names()} | BESIDE_THE_RULES
EMPTY_WHERE_NOTHING_IS_WRONG = {
    *(
        "rank_only/idle_person",
        "relations/finding",
        "relations/unassessed",
        "relations/welfare_unknown",
        "relations/clock_unknown",
    ),
}
ASKED = {"as_of": 202610, "since": 202110, "until": 202712, "year": 2026, "min_group": 1, "item": "leave"}
ASKED_OF: dict[str, dict[str, Any]] = {
    "assessment": {"year": 2025, "assessed": "001.001"},
    "open": {"year": 2025},
    "grass_roots": {"year": 2025},
}
"""What a topic is asked with instead: the last year that is over has been assessed, and has open figures."""
OF_TASKS = {"rank_only/task", "rank_only/by_unit"}
"""Asked of the last year in which anybody with a rank only had a task."""
NOT_PORTABLE = re.compile(
    r"(?<!:)//|\[|\b(varchar|strftime|unnest|exclude|date_?diff|string_agg|list_\w+|string_split|asof|pivot|unpivot|replace)\b"
    r"|\border by all\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module", params=["cadre_store", "small_city"])
def workshop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in the making: what a build throws away in the end is still there."""
    store: Store = request.getfixturevalue(request.param)
    folder = CADRE / "policy" if request.param == "cadre_store" else policy.FOLDER
    with duckdb.connect(tmp_path_factory.mktemp("workshop") / "making.duckdb") as connection:
        building.fill(connection, "making", store.manifest(), policy.all_tables(folder), b"any")
        yield connection


def relation(name: str) -> str:
    """What a relation or mart is called in the warehouse."""
    return name.split("/")[1]


def made(connection: duckdb.DuckDBPyConnection, query: queries.Query) -> duckdb.DuckDBPyRelation:
    """The rows of a relation, mart or question, with everything optional left out."""
    if query.name in queries.built():
        return connection.table(relation(query.name))
    (first_target,) = connection.execute("select min_by(target_id, place) from age_target").fetchone() or ("",)
    known = {**ASKED, **ASKED_OF.get(query.name.split("/")[0], {}), "target": first_target}
    if query.name in OF_TASKS:
        (known["year"],) = connection.execute("select max(year) from rank_duty").fetchone() or (None,)
    return connection.sql(query.sql, params=query.bind({p.name: known[p.name] for p in query.takes if not p.optional}))


def tables_read(sql: str) -> tuple[set[str], set[str]]:
    """The tables that a statement reads, as DuckDB parses it, and the names of its common table expressions."""
    with duckdb.connect() as connection:
        row = connection.execute("select json_serialize_sql($sql)", {"sql": re.sub(r"\$\w+", "null", sql)}).fetchone()
    assert row
    nodes = list(_nodes(json.loads(row[0])))
    named = {cte["key"] for node in nodes for cte in node.get("cte_map", {}).get("map", ())}
    tables = {
        ".".join(filter(None, (n["schema_name"], n["table_name"]))) for n in nodes if n.get("type") == "BASE_TABLE"
    }
    return tables - named, named


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for branch in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(branch)


@pytest.mark.parametrize("name", EVERY)
def test_the_header_is_complete(name: str) -> None:
    query = queries.load(name)
    begins, ends = ("-- makes: ", ".") if name in queries.built() else ("-- asks: ", "?")
    assert (queries.ROOM / f"{name}.sql").read_text(encoding="utf-8").startswith(begins)
    assert query.asks.endswith(ends)
    assert query.reads
    assert query.grain
    assert {*query.grain, *query.names} <= {column.name for column in query.columns}
    assert all(column.meaning for column in query.columns)


@pytest.mark.parametrize("name", EVERY)
def test_what_it_takes_is_what_the_statement_binds(name: str) -> None:
    query = queries.load(name)
    (statement,) = duckdb.extract_statements(query.sql)
    assert {parameter.name for parameter in query.takes} == set(statement.named_parameters)


@pytest.mark.parametrize("name", EVERY)
def test_what_it_reads_is_what_the_statement_reads(name: str) -> None:
    query = queries.load(name)
    tables, named = tables_read(query.sql)
    built = {relation(each) for each in queries.built()}
    assert tables == set(query.reads)
    assert tables <= built | GIVEN
    assert not named & built, "a step named as a relation hides it"


@pytest.mark.parametrize("name", EVERY)
def test_its_columns_are_those_declared_in_name_type_and_order(name: str, workshop: duckdb.DuckDBPyConnection) -> None:
    query = queries.load(name)
    rows = made(workshop, query)
    assert list(zip(rows.columns, map(str, rows.types), strict=True)) == [(c.name, c.type) for c in query.columns]


@pytest.mark.parametrize("name", EVERY)
def test_its_grain_names_each_row_once(name: str, workshop: duckdb.DuckDBPyConnection) -> None:
    query = queries.load(name)
    rows = made(workshop, query)
    repeated = rows.aggregate(f"{', '.join(query.grain)}, count(*) as times").filter("times > 1")
    assert len(rows) > 0 or name in EMPTY_WHERE_NOTHING_IS_WRONG
    assert repeated.fetchall() == []


@pytest.mark.parametrize("name", queries.built())
def test_what_a_build_makes_is_written_in_the_portable_subset(name: str) -> None:
    assert NOT_PORTABLE.findall(queries.load(name).sql) == []


@pytest.mark.parametrize("name", queries.built())
def test_every_relation_says_whom_it_is_for_and_none_with_people_is_for_everyone(name: str) -> None:
    query = queries.load(name)
    columns = {column.name for column in query.columns}
    assert query.scope in SCOPES
    assert query.scope not in {"everyone", "open"} or not columns & {"person_id", "birth"}
    assert query.scope != "unit_no" or "unit_no" in columns
    assert query.scope == "build" or "name" in query.names or not {"person_id", "name"} <= columns


@pytest.mark.parametrize("name", queries.names())
def test_no_question_reads_what_a_build_throws_away(name: str) -> None:
    assert all(queries.load(f"{_room(read)}/{read}").scope != "build" for read in queries.load(name).reads)


def _room(read: str) -> str:
    return next(name.split("/")[0] for name in queries.built() if relation(name) == read)


def test_every_sql_file_stands_in_a_topic_and_every_relation_is_read() -> None:
    found = {path.relative_to(queries.ROOM).with_suffix("").as_posix() for path in queries.ROOM.rglob("*.sql")}
    read = {table for name in EVERY for table in queries.load(name).reads}
    assert found == set(EVERY)
    assert {relation(name) for name in queries.built()} <= read
    assert len({relation(name) for name in queries.built()}) == len(queries.built())


@pytest.mark.parametrize("house", ["twelve", "city"])
@pytest.mark.parametrize("name", ["age_ladder/crossing", "age_ladder/roll_off", "age_ladder/ladder"])
def test_both_sexes_together_are_everyone(name: str, house: str, request: pytest.FixtureRequest) -> None:
    opened: Warehouse = request.getfixturevalue(house)
    given = _required(name)
    sexes = [_counted(opened.ask(name, **given, sex=sex)) for sex in ("male", "female")]
    assert sum(sexes, Counter()) == _counted(opened.ask(name, **given))


def _counted(answer: Answer) -> Counter[tuple[object, ...]]:
    """Count an answer's rows; a step of the ladder on which nobody stands is no row of people."""
    return Counter(row for row in plain.rows(answer) if row[-1] != 0)


@pytest.mark.parametrize("house", ["twelve", "city"])
@pytest.mark.parametrize("name", ["age_ladder/crossing", "age_ladder/boundary", "age_ladder/by_unit"])
def test_all_targets_together_are_the_whole_answer(name: str, house: str, request: pytest.FixtureRequest) -> None:
    opened: Warehouse = request.getfixturevalue(house)
    given = _required(name)
    whole = opened.ask(name, **given)
    apart = [Counter(plain.rows(opened.ask(name, **given, target=target))) for target in set(whole.table["target_id"])]
    assert sum(apart, Counter()) == Counter(plain.rows(whole))


@pytest.mark.parametrize("house", ["twelve", "city"])
@pytest.mark.parametrize(
    "name", [name for name in queries.names() if "unit" in {p.name for p in queries.load(name).takes}]
)
def test_the_top_of_the_tree_is_the_same_as_no_unit(name: str, house: str, request: pytest.FixtureRequest) -> None:
    opened: Warehouse = request.getfixturevalue(house)
    top = next(iter(opened.ask("roster/units").table["unit_id"]))
    target = next(iter(opened.ask("age_ladder/quota", as_of=ASKED["as_of"]).table["target_id"]))
    given = _required(name, target)
    assert plain.rows(opened.ask(name, **given, unit=top)) == plain.rows(opened.ask(name, **given))


def _required(name: str, target: str = "") -> dict[str, Any]:
    known = {**ASKED, **ASKED_OF.get(name.split("/", maxsplit=1)[0], {}), "target": target}
    return {parameter.name: known[parameter.name] for parameter in queries.load(name).takes if not parameter.optional}


def test_a_parameter_too_many_or_too_few_is_refused_by_name(twelve: Warehouse) -> None:
    with pytest.raises(queries.QueryError, match="does not take month"):
        twelve.ask("age_ladder/quota", as_of=202610, month=202610)
    with pytest.raises(queries.QueryError, match="needs as_of"):
        twelve.ask("age_ladder/quota")
    with pytest.raises(queries.QueryError, match="no question 'age_ladder/gone'"):
        twelve.ask("age_ladder/gone")


def test_a_header_line_that_is_none_is_refused() -> None:
    with pytest.raises(queries.QueryError, match="must begin with"):
        queries.parse("topic/question", "-- a comment\nselect 1")
    with pytest.raises(queries.QueryError, match="is not `name TYPE meaning`"):
        queries.parse("topic/question", "-- asks: What?\n-- columns:\n--   base\nselect 1 as base")


TOLD = """
create table finding as select 'unit' as source, 'known' as rule, record, record as value,
    record || ' is not known' as en, record || '未知' as zh, null as unit_no
from (values ('P1'), ('P10')) as given(record);
create table standing (
    person_id varchar, birth_known varchar, is_primary boolean, start_month integer, end_month integer
);
create table extent (unit_id varchar, first_no integer, last_no integer);
"""


@pytest.mark.parametrize(
    ("name", "given", "columns"),
    [
        ("quality/check", {"unit": None}, "sentence_en, sentence_zh"),
        ("overview/quality", {"as_of": 202610}, "problem_en, problem_zh"),
    ],
)
def test_the_first_of_many_is_told_of_the_same_record_in_both_languages(
    name: str, given: dict[str, Any], columns: str
) -> None:
    with duckdb.connect() as connection:
        connection.execute(TOLD)
        asked = connection.sql(queries.load(name).sql, params=given).filter("records > 0")
        assert asked.select(columns).fetchall() == [("P1 is not known", "P1未知")]
