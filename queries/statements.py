"""What a build is made by: the statements of relations and marts, and the helpers that they call."""

import functools
import hashlib
import json

import duckdb

import queries

NAME_LENGTH = 12
MACROS = """
create macro months_between(earlier, later) as
    (cast(floor(later / 100) as integer) * 12 + cast(mod(later, 100) as integer))
    - (cast(floor(earlier / 100) as integer) * 12 + cast(mod(earlier, 100) as integer));
create macro days_to(year, month, day) as
    365 * year + floor(year / 4) - floor(year / 100) + floor(year / 400) + floor((month * 306 + 5) / 10) + day;
create macro day_number(day) as cast(days_to(
    floor(day / 10000) - case when mod(floor(day / 100), 100) < 3 then 1 else 0 end,
    mod(greatest(mod(floor(day / 100), 100), 1) + 9, 12), greatest(mod(day, 100), 1)) as integer);
create macro wilson_low(hits, people) as case when people > 0 then greatest(0.0::double,
    (hits + 1.9207294103470447e0 - 1.959963984540054e0
    * sqrt(hits * (people - hits)::double / people + 0.9603647051735224e0))
    / (people + 3.8414588206940894e0)) end;
create macro wilson_high(hits, people) as case when people > 0 then least(1.0::double,
    (hits + 1.9207294103470447e0 + 1.959963984540054e0
    * sqrt(hits * (people - hits)::double / people + 0.9603647051735224e0))
    / (people + 3.8414588206940894e0)) end;
create macro newcombe_low(hits, people, other_hits, others) as
    hits / people::double - other_hits / others::double - sqrt(
    power(hits / people::double - wilson_low(hits, people), 2)
    + power(wilson_high(other_hits, others) - other_hits / others::double, 2));
create macro newcombe_high(hits, people, other_hits, others) as
    hits / people::double - other_hits / others::double + sqrt(
    power(wilson_high(hits, people) - hits / people::double, 2)
    + power(other_hits / others::double - wilson_low(other_hits, others), 2));
create macro withheld(people, tie, side, least) as people < least or (
    min(people) over (partition by side) < least and (
    row_number() over (partition by side order by people, tie) <= 2
    or coalesce(sum(people) over (
        partition by side order by people, tie rows between unbounded preceding and 1 preceding), 0) < least));
create macro add_months(month, months) as
    cast(floor((floor(month / 100) * 12 + mod(month, 100) - 1 + months) / 12) as integer) * 100
    + cast(mod(cast(floor(month / 100) * 12 + mod(month, 100) as integer) - 1 + months, 12) as integer) + 1;
create macro last_day_number(day) as case
    when mod(day, 100) > 0 then day_number(day)
    when mod(floor(day / 100), 100) > 0 then day_number(add_months(floor(day / 100), 1) * 100 + 1) - 1
    else day_number((floor(day / 10000) + 1) * 10000) - 1 end;
"""
PART = "part"
MADE = {"build", "finding", PART}
"""What a build is given beside sources and rules."""


@functools.cache
def every() -> dict[str, queries.Query]:
    """The statement of every relation and mart, by its name."""
    return {name.split("/")[1]: queries.load(name) for name in queries.built()}


def of(relation: str) -> queries.Query:
    """The statement of a relation or mart."""
    if relation not in every():
        message = f"No relation or mart is called {relation!r}."
        raise queries.QueryError(message)
    return every()[relation]


def make(connection: duckdb.DuckDBPyConnection, relation: str, select: str | None = None) -> None:
    """Make a relation or mart of what its own statement gives, or another `select`; of scope build, until it closes."""
    query = of(relation)
    table = f"temp table {relation}" if query.scope == "build" else f"table whole.{relation}"
    ((parts,),) = connection.execute("select parts from given.part").fetchall()
    if select or parts == 1 or f"given.{PART}" not in query.reads:
        connection.execute(f"create {table} as {select or query.sql}")
        return
    connection.execute(f"create {table} as {query.sql} with no data")
    for number in range(parts):
        connection.execute("update given.part set number = $number", {"number": number})
        connection.execute(f"insert into {relation} {query.sql}")


def built_from() -> dict[str, tuple[str, ...]]:
    """Every relation and mart of a build, and which of the others it reads."""
    return {
        relation: tuple(read for read in query.reads if not read.startswith("given."))
        for relation, query in every().items()
    }


def version() -> str:
    """Name the statements that a build is made by: another version of them makes another build."""
    written = ((queries.ROOM / f"{name}.sql").read_text(encoding="utf-8") for name in queries.built())
    return hashed([MACROS, *written])[:NAME_LENGTH]


def hashed(given: object) -> str:
    """Hash what can be written as JSON: SHA-256, in hexadecimal digits."""
    return hashlib.sha256(json.dumps(given).encode()).hexdigest()
