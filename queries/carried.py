"""What a build takes over from an earlier one: every table that would come out the same, by its key.

The key of a relation is a hash of its statement and of the keys of all that it reads, down to the digests of landed
files and the rows of rules. So a rule that is changed, or files of one source that land, cost the relations behind
which they stand, and the others are copied.
"""

import dataclasses
import hmac
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from graphlib import TopologicalSorter

import duckdb

from data import contract
from data.store import Manifest
from queries import statements

EARLIER = "earlier"
"""What the build that is taken over from is called on the connection of the one that is made."""
ANEW = "build"
"""The relation that no build has from another; of it the others read the data month alone."""
CONTRACTS = "contracts"
"""By what name the key of all contracts is kept: their columns, keys and checks."""


def keys(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, name: str, rules: Iterable[str], secret: bytes
) -> dict[str, str]:
    """The key of every relation and mart of the build `name`, and of all that its schema `given` holds.

    All of them hang on the helpers, and on the key by which open figures are drawn, which none of them tells.
    """
    fixed = hmac.digest(secret, statements.MACROS.encode(), "sha256").hex()
    known = {
        f"given.{source}": statements.hashed([_columns(source), _digests(manifest, source)])
        for source in contract.SOURCES
    }
    known |= {"given.build": str(manifest.month), "given.finding": name, "given.part": "", CONTRACTS: _contracts()}
    for rule in rules:
        rows = connection.execute(f"from given.{rule}").fetchall()
        known[f"given.{rule}"] = statements.hashed([str(row) for row in rows])
    loaded = statements.every()
    for relation in TopologicalSorter(statements.built_from()).static_order():
        reads = [known[read] for read in loaded[relation].reads]
        known[relation] = statements.hashed([fixed, duckdb.__version__, loaded[relation].sql, *reads])
    return known


def keep(connection: duckdb.DuckDBPyConnection, known: Mapping[str, str], manifest: Manifest, altered: int = 0) -> None:
    """Write into a build the keys of all that it holds and the files that it is of, for builds after it.

    So many people were `altered` in it since everything was made anew.
    """
    connection.execute(
        "create schema kept; create table kept.made (relation varchar, key varchar);"
        " create table kept.part (source varchar, place integer, digest varchar, path varchar);"
        " create table kept.altered (people bigint)"
    )
    connection.executemany("insert into kept.made values (?, ?)", list(known.items()))
    parts = [
        (source, place, part.digest, part.path)
        for source in contract.SOURCES
        for place, part in enumerate(manifest.parts(source))
    ]
    connection.executemany("insert into kept.part values (?, ?, ?, ?)", parts)
    connection.execute("insert into kept.altered values ($people)", {"people": altered})


def same(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The relations that the earlier build of a connection holds as they would be made; none where it has none."""
    tables = "select schema_name, table_name from duckdb_tables() where database_name = $name"
    held = set(connection.execute(tables, {"name": EARLIER}).fetchall())
    if ("kept", "made") not in held:
        return frozenset()
    both = "select relation from kept.made inner join earlier.kept.made using (relation, key)"
    found = {relation for (relation,) in connection.execute(both).fetchall()}
    return frozenset(each for each in found - {ANEW} if ("whole", each) in held)


def needed(taken: AbstractSet[str]) -> frozenset[str]:
    """The relations that a build makes or takes: all that it keeps, and of the others what those it makes read."""
    loaded = statements.every()
    found, open_ = set[str](taken), {each for each, query in loaded.items() if query.scope != "build"} - taken
    while open_:
        relation = open_.pop()
        found.add(relation)
        reads = {read for read in loaded[relation].reads if read in loaded and loaded[read].scope == "build"}
        open_ |= reads - found
    return frozenset(found)


def _columns(source: str) -> list[str]:
    return [f"{column.name} {column.default}" for column in contract.load(source).columns]


def _contracts() -> str:
    return statements.hashed([dataclasses.asdict(contract.load(each)) for each in contract.names()])


def _digests(manifest: Manifest, source: str) -> list[str]:
    return [part.digest for part in manifest.parts(source)]
