"""Altering: where what landed since an earlier build is of few people, a copy of that build is altered.

The rows of a relation whose header names a `person` are made anew of those people alone, and take the place of the old
ones; the `sums` of a mart lose what these people added to them and gain what they add now. Whatever else stands behind
people is made as a whole: first what those read, which must come out as it was, at last what reads them.
"""

import dataclasses
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow as pa

from data import contract, digest, engine, landed, sealing
from data.store import Manifest
from queries import carried, gate, giving, statements

FEW = 0.05
"""Which share of the people may have changed since everything was made anew, who changed twice counted twice: what is
put in place lies out of order."""
PERSON = "person_id"
FINDING = "given.finding"
CHANGED = "few.changed_person"
NO_FIRST_WORD = f"""
select 1 from (select {PERSON} from given.member union all from {CHANGED}) where {PERSON} like '% %' limit 1
"""
"""Whether somebody's code is not the first word of what is found of them."""
MOST_BESIDE = 20_000_000
"""Rows of tables of which some were deleted, until the file is closed and opened again."""
Progress = Callable[[str], None]


class NotFewError(ValueError):
    """What has changed since the earlier build is not of few people alone."""


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """What stands behind changed tables, each part in the order in which it can be made.

    `first` is what the others read beside people, the `facts`, with all that is needed for them; `apart` are relations
    with a person, `summed` marts with sums, `last` is everything else.
    """

    first: tuple[str, ...]
    apart: tuple[str, ...]
    summed: tuple[str, ...]
    last: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Of the first, those that are of no person and must come out as they were."""
        return tuple(each for each in self.first if each not in self.apart)

    @property
    def all(self) -> frozenset[str]:
        """Everything that is made."""
        return frozenset((*self.first, *self.apart, *self.summed, *self.last))


def altered(
    fresh: Path,
    earlier: Path,
    name: str,
    manifest: Manifest,
    rules: Mapping[str, pa.Table],
    secret: bytes,
    progress: Progress = lambda _: None,
) -> bool:
    """Make the build `name` in the file `fresh` of a copy of the earlier one; False, and no file, where it does not do.

    It holds what `building.fill` makes, its rows in another order, and fractions to nine places. OutOfMemoryException
    where memory does not hold it, and then the file is only begun.
    """
    with engine.aside(fresh.with_name(f"{fresh.name}.tmp")) as connection:
        giving.give(connection, name, manifest, rules)
        engine.beside(connection, earlier, carried.EARLIER)
        keys = carried.keys(connection, manifest, name, rules, secret)
        try:
            plan = _planned(connection, manifest, keys, progress)
        except NotFewError:
            return False
        connection.execute(f"detach {carried.EARLIER}")
        shutil.copyfile(earlier, fresh)
        _Altering(connection, fresh, plan.order, progress).alter(rules)
        connection.execute("use altered; drop schema kept cascade")
        carried.keep(connection, keys, manifest, plan.altered)
        connection.execute("checkpoint altered")
    with engine.written(fresh) as connection:
        gate.install(connection, secret)
        giving.give(connection, name, manifest, rules)
        connection.execute("use whole")
        for relation in plan.order.last:
            progress(relation)
            connection.execute(f"drop table if exists {relation}")
            statements.make(connection, relation)
        connection.execute("checkpoint")
    return True


def order_behind(changed: Iterable[str]) -> Order:
    """Everything that stands behind tables of the schema `given`, and in which order it is made."""
    loaded, reads = statements.every(), statements.built_from()
    order = list(TopologicalSorter(reads).static_order())
    behind = set(changed)
    for relation in order:
        if behind & set(loaded[relation].reads):
            behind.add(relation)
    for relation in reversed(order):  # what no build keeps is made again for those who read it
        if relation in behind:
            behind |= {read for read in reads[relation] if loaded[read].scope == "build"}
    made = [each for each in order if each in behind]
    of_people = {each for each in made if loaded[each].person or loaded[each].sums}
    first = {read for each in of_people for read in reads[each]} & behind - of_people
    for relation in reversed(made):
        if relation in first:
            first |= set(reads[relation]) & behind
    return Order(
        first=tuple(each for each in made if each in first),
        apart=tuple(each for each in made if loaded[each].person),
        summed=tuple(each for each in made if loaded[each].sums),
        last=tuple(each for each in made if each not in first | of_people),
    )


# --- whether few people changed, and who ---


@dataclasses.dataclass(frozen=True, slots=True)
class _Plan:
    """What is made of those who changed in which order, and how many were altered since everything was made anew."""

    order: Order
    altered: int


def _planned(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, keys: Mapping[str, str], progress: Progress
) -> _Plan:
    """What to alter, of the earlier build and what is given on a connection; NotFewError where not few changed."""
    sources, order = _changed_sources(connection, keys)
    connection.execute("attach ':memory:' as few")
    _find_people(connection, manifest, sources)
    counted = f"""
        select (select count(*) from {CHANGED}) + (select people from earlier.kept.altered),
            (select count(*) from earlier.whole.member)
    """
    ((changed, everyone),) = connection.execute(counted).fetchall()
    if changed > FEW * everyone or connection.execute(NO_FIRST_WORD).fetchall():
        raise NotFewError
    _refuse_other_facts(connection, order, progress)
    return _Plan(order, changed)


def _changed_sources(connection: duckdb.DuckDBPyConnection, keys: Mapping[str, str]) -> tuple[frozenset[str], Order]:
    """The sources of which other files landed, and what stands behind them; NotFewError where they are not all.

    So it is where anything else changed, and where a source names no one person.
    """
    ((made_by,),) = connection.execute("select made_by from earlier.whole.build").fetchall()
    held = dict(connection.execute("from earlier.kept.made").fetchall())
    moved = {each for each in keys.keys() | held.keys() if keys.get(each) != held.get(each)} - {FINDING}
    given = {each for each in moved if each.startswith("given.")}
    of_one = {f"given.{each}" for each in contract.SOURCES if PERSON in contract.load(each).key}
    order = order_behind([FINDING, *given])
    if made_by != statements.version() or given - of_one or moved - given - order.all:
        raise NotFewError
    return frozenset(each.removeprefix("given.") for each in given), order


def _find_people(connection: duckdb.DuckDBPyConnection, manifest: Manifest, sources: Iterable[str]) -> None:
    """Put into CHANGED whom a file names that one build is of and the other not, and who shares a record with them."""
    connection.execute(f"create table {CHANGED} ({PERSON} varchar primary key)")
    for source in sources:
        for number, file in enumerate(_other_files(connection, manifest, source)):
            table = f"few.{source}_{number}"
            landed.give(connection, table, source, [file])
            connection.execute(f"insert or ignore into {CHANGED} select distinct {PERSON} from {table}")
    for source in _of_people():
        record, *_ = contract.load(source).key
        if record != PERSON:
            theirs = f"select {record} from given.{source} semi join {CHANGED} using ({PERSON})"
            sharing = f"select distinct {PERSON} from given.{source} where {record} in ({theirs})"
            while connection.execute(f"insert or ignore into {CHANGED} {sharing}").fetchall() != [(0,)]:
                pass


def _other_files(connection: duckdb.DuckDBPyConnection, manifest: Manifest, source: str) -> Iterator[Path]:
    """The files that only one build is of; NotFewError where an earlier one is gone or others changed places."""
    asked = "select digest, path from earlier.kept.part where source = $source order by place"
    before = connection.execute(asked, {"source": source}).fetchall()
    now = [(part.digest, part.path) for part in manifest.parts(source)]
    was, is_now = dict(before), dict(now)
    come_twice = len(was) < len(before) or len(is_now) < len(now)
    if come_twice or [each for each in was if each in is_now] != [each for each in is_now if each in was]:
        raise NotFewError
    for each in was.keys() ^ is_now.keys():
        yield _whole(manifest.landed / (was | is_now)[each], each)


def _whole(file: Path, digested: str) -> Path:
    if not file.is_file() or digest.of(file, opened=sealing.opened) != digested:
        raise NotFewError
    return file


def _of_people() -> tuple[str, ...]:
    """The sources whose rows name a person."""
    return tuple(each for each in contract.SOURCES if PERSON in {column.name for column in contract.load(each).columns})


def _refuse_other_facts(connection: duckdb.DuckDBPyConnection, order: Order, progress: Progress) -> None:
    """NotFewError where what the relations of people read beside people does not come out as it was."""
    connection.execute("attach ':memory:' as first")
    _make(connection, "first.main", carried.EARLIER, order.first, progress)
    for fact in order.facts:
        one, other = f"first.main.{fact}", f"earlier.whole.{fact}"
        differ = f"(from {one} except all from {other}) union all (from {other} except all from {one})"
        if connection.execute(f"select 1 from ({differ}) limit 1").fetchall():
            raise NotFewError
    connection.execute("use few; detach first")


def _make(
    connection: duckdb.DuckDBPyConnection, schema: str, beside: str, relations: Iterable[str], progress: Progress
) -> None:
    """Make relations in a schema, of what that holds and else of what the build attached as `beside` does."""
    connection.execute("set search_path = $path", {"path": f"{schema},{beside}.whole,{beside}.main"})
    for relation in relations:
        progress(relation)
        connection.execute(f"create or replace table {schema}.{relation} as {statements.of(relation).sql}")


# --- altering the copy ---


class _Altering:
    """The copy `altered` on a connection; `few` holds what is made of those who changed, `past` what was of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: Path, order: Order, progress: Progress) -> None:
        self.connection, self.file, self.order, self.progress = connection, file, order, progress

    def alter(self, rules: Mapping[str, pa.Table]) -> None:
        """Make what follows from those who changed, and put it where it belongs."""
        self.connection.execute("attach ':memory:' as past")
        engine.upon(self.connection, self.file, "altered")
        self._give_few()
        giving.audit(self.connection, rules)
        self._make("altered.whole", [carried.ANEW])
        order = self.order
        self._lay_aside("few", self._read_by((*order.apart, *order.summed)) - set(order.apart))
        self._lay_aside("past", self._read_by(order.summed))
        self._make("few.main", order.apart)
        self._make("few.main", order.summed)
        self._make("past.main", order.summed)
        self._replace(order.apart)
        for mart in order.summed:
            self._add(mart)

    def _make(self, schema: str, relations: Iterable[str]) -> None:
        _make(self.connection, schema, "altered", relations, self.progress)

    def _give_few(self) -> None:
        """Leave of all that landed what is of those who changed."""
        views = self.connection.execute("select view_name from duckdb_views() where database_name = 'given'").fetchall()
        for source in _of_people():
            kind = "view" if (source,) in views else "table"
            self.connection.execute(
                f"create table given.theirs as from given.{source} semi join {CHANGED} using ({PERSON})"
            )
            self.connection.execute(f"drop {kind} given.{source}; alter table given.theirs rename to {source}")

    def _read_by(self, relations: Iterable[str]) -> set[str]:
        """The relations with a person that some relations read."""
        reads = {read for each in relations for read in statements.built_from()[each]}
        return {read for read in reads if statements.of(read).person}

    def _lay_aside(self, database: str, relations: Iterable[str]) -> None:
        """Take of relations of the file the rows of those who changed."""
        for relation in relations:
            rows = f"from altered.whole.{relation} where {self._theirs(relation)}"
            self.connection.execute(f"create table {database}.{relation} as {rows}")

    def _replace(self, relations: Iterable[str]) -> None:
        """Put what is made of those who changed in the place of what was, and let go of the file after many rows.

        DuckDB holds 16 bytes in memory for each row beside a deleted one, until the file is closed.
        """
        beside = 0
        for relation in (each for each in relations if statements.of(each).scope != "build"):
            table, theirs = f"altered.whole.{relation}", self._theirs(relation)
            self.connection.execute(f"delete from {table} where {theirs}")
            self.connection.execute(f"insert into {table} from few.main.{relation} where {theirs}")
            beside += self.connection.execute(f"select count(*) from {table}").fetchall()[0][0]
            if beside > MOST_BESIDE:
                self._reopen()
                beside = 0

    def _reopen(self) -> None:
        self.connection.execute("checkpoint altered; use few; detach altered")
        engine.upon(self.connection, self.file, "altered")

    def _theirs(self, relation: str) -> str:
        return f"{statements.of(relation).person} in (from {CHANGED})"

    def _add(self, mart: str) -> None:
        """Add to the sums of a mart by how much those who changed add more now; a row of which nothing is left goes."""
        query = statements.of(mart)
        table = f"altered.whole.{mart}"
        named = [column.name for column in query.columns if column.name not in query.sums]
        same = " and ".join(f"held.{name} is not distinct from more.{name}" for name in named)
        columns, less = ", ".join((*named, *query.sums)), ", ".join((*named, *(f"-{each}" for each in query.sums)))
        added = ", ".join(f"sum({each}) as {each}" for each in query.sums)
        left = " or ".join(f"sum({each}) <> 0" for each in query.sums)
        summed = f"select {', '.join(named)}, {added} from ({{rows}}) group by all having {left}"
        both = f"select {columns} from few.{mart} union all select {less} from past.{mart}"
        self.connection.execute(f"create table few.more as {summed.format(rows=both)}")
        held = f"select {columns} from {table} as held semi join few.more as more on {same}"
        rows = f"{held} union all select {columns} from few.more"
        self.connection.execute(f"create table few.made as {summed.format(rows=rows)}")
        self.connection.execute(f"delete from {table} as held using few.more as more where {same}")
        self.connection.execute(f"insert into {table} by name from few.made; drop table few.more; drop table few.made")
