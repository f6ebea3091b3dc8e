"""What landing a file would change: which records are new, which are gone, and what is other in those that stay."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from data import contract, engine, landed
from data.checking import Checked
from data.contract import Contract
from data.store import Manifest

NEW, GONE, CHANGED = "new", "gone", "changed"
KINDS = (NEW, GONE, CHANGED)
COLUMNS = ["source", "kind", "record", "name", "column", "before", "after"]
NAMED_BY = {"person_id": "member", "unit_id": "unit"}
"""Which source gives the name of what a key column means."""


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """How many records of a source are new, gone and changed, and of how many that had landed.

    `rows` has COLUMNS: a row a new or gone record, a row a changed cell; `record` is the key, before and after are
    stored values as text, empty where there is none.
    """

    source: str
    before: int
    new: int
    gone: int
    changed: int
    rows: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many records, by kind."""
        return {NEW: self.new, GONE: self.gone, CHANGED: self.changed}


def of(manifest: Manifest, parts: Sequence[Checked], *, replace: bool = False) -> tuple[Difference, ...]:
    """What the good rows of `parts` change in what has landed; with `replace`, records that they lack are gone.

    An invented city gives way to the first real file, so against one everything is new.
    """
    with engine.aside() as connection:
        sources = [source for source in contract.SOURCES if _register(connection, manifest, parts, source)]
        _name(connection)
        return tuple(_difference(connection, contract.load(source), replace=replace) for source in sources)


def listed(differences: Iterable[Difference]) -> pd.DataFrame:
    """All rows together."""
    rows = [difference.rows for difference in differences]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=COLUMNS)


def _register(connection: duckdb.DuckDBPyConnection, manifest: Manifest, parts: Sequence[Checked], source: str) -> bool:
    """Give the rows of a source as before_<source> and after_<source>; False where the files have none."""
    given = [part for part in parts if part.cells.contract.source == source and part.good.num_rows]
    before = () if manifest.invented else manifest.files(source)
    empty = contract.load(source).arrow_schema.empty_table()
    _table(connection, f"after_{source}", empty)
    for part in given:
        connection.register("arrived", part.table)
        connection.execute(f"insert into after_{source} from arrived")
        connection.unregister("arrived")
    if before:
        landed.give(connection, f"before_{source}", source, before, copied=True)
    else:
        _table(connection, f"before_{source}", empty)
    return bool(given)


def _table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("arrived", rows)
    connection.execute(f"create table {name} as from arrived")
    connection.unregister("arrived")


def _name(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every code its name, as the files have it, else as it landed."""
    for code, source in NAMED_BY.items():
        connection.execute(
            f"create table name_of_{code} as select code, arg_min(name, turn) as name from ("
            f" select {code} as code, name, 1 as turn from after_{source}"
            f" union all select {code}, name, 2 from before_{source}) group by code"
        )


def _difference(connection: duckdb.DuckDBPyConnection, source: Contract, *, replace: bool) -> Difference:
    rows = connection.execute(" union all by name ".join(_statements(source, replace=replace))).df()
    rows = rows.sort_values(["kind", "record", "place"], ignore_index=True)
    counts = rows.groupby("kind")["record"].nunique()
    before = connection.execute(f"select count(*) from before_{source.source}").fetchall()[0][0]
    new, gone, changed = (int(counts.get(kind, 0)) for kind in KINDS)
    return Difference(source.source, int(before), new, gone, changed, rows[COLUMNS])


def _statements(source: Contract, *, replace: bool) -> Iterator[str]:
    key = ", ".join(f'"{name}"' for name in source.key)
    yield _alone(source, NEW, "after", "before", key)
    if replace:
        yield _alone(source, GONE, "before", "after", key)
    for place, column in enumerate(source.columns):
        if column.name not in source.key:
            yield (
                f"select {_told(source, CHANGED, 'after')}, '{column.name}' as \"column\", {place} as place,"
                f' {_text("before", column.name)} as "before", {_text("after", column.name)} as "after"'
                f" from after_{source.source} as after inner join before_{source.source} as before using ({key})"
                f" {_named(source, 'after')}"
                f' where before."{column.name}" is distinct from after."{column.name}"'
            )


def _alone(source: Contract, kind: str, side: str, other: str, key: str) -> str:
    return (
        f"select {_told(source, kind, side)}, '' as \"column\", 0 as place, '' as \"before\", '' as \"after\""
        f" from {side}_{source.source} as {side} anti join {other}_{source.source} as {other} using ({key})"
        f" {_named(source, side)}"
    )


def _told(source: Contract, kind: str, side: str) -> str:
    record = ", ".join(f'{side}."{name}"' for name in source.key)
    name = "coalesce(named.name, '')" if _code(source) else "''"
    return f"'{source.source}' as source, '{kind}' as kind, concat_ws(' · ', {record}) as record, {name} as name"


def _named(source: Contract, side: str) -> str:
    code = _code(source)
    return f'left join name_of_{code} as named on named.code = {side}."{code}"' if code else ""


def _code(source: Contract) -> str:
    return next((name for name in source.key if name in NAMED_BY), "")


def _text(side: str, column: str) -> str:
    return f"coalesce(cast({side}.\"{column}\" as varchar), '')"
