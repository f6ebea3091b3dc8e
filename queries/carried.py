"""What a build takes over from an earlier one: every table that would come out the same, by its key.

The key of a relation is a hash of its statement and of the keys of all that it reads, down to the digests of landed
files and the rows of rules. So a rule that is changed, or files of one source that land, cost the relations behind
which they stand, and the others are copied.
"""

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


def keep(connection: duckdb.DuckDBPyConnection, manifest: Manifest, name: str, fixed: str) -> None:
    """Write into the build `name` the key of every relation and mart, for builds after it.

    Its schema `given` holds the rules; `fixed` is what all keys hang on.
    """
    known = {
        f"given.{source}": statements.hashed([_columns(source), _digests(manifest, source)])
        for source in contract.SOURCES
    }
    known |= {"given.build": str(manifest.month), "given.finding": name, "given.part": ""}
    loaded = statements.every()
    for relation in TopologicalSorter({each: query.reads for each, query in loaded.items()}).static_order():
        if relation in loaded:
            reads = [known[read] for read in loaded[relation].reads]
            known[relation] = statements.hashed([fixed, duckdb.__version__, loaded[relation].sql, *reads])
        elif relation not in known:
            known[relation] = statements.hashed([str(row) for row in connection.execute(f"from {relation}").fetchall()])
    connection.execute("create schema kept; create table kept.made (relation varchar, key varchar)")
    connection.executemany("insert into kept.made values (?, ?)", [(each, known[each]) for each in loaded])


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


def _digests(manifest: Manifest, source: str) -> list[str]:
    return [part.digest for part in manifest.parts(source)]
