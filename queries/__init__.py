"""What we ask: each question is one SELECT in a .sql file, under a header that says what it asks and gives."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

ROOM = Path(__file__).parent
DEFINITION = (
    "Ages are completed years by year and month, day ignored; the month of a birthday counts as reached. "
    "A person counts once, by primary post, from the month of appointment and no longer in the month of leaving. "
    "After the data month nobody moves and ages go on. Needed people are value times denominator, rounded up."
)
BUILT = ("relations", "marts")


class QueryError(ValueError):
    """A question that is not there, or a header or parameter that is not as it should be."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer: its name, DuckDB type and meaning."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a question takes; where optional, leaving it out means all."""

    name: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A .sql file: its header, and the statement under it.

    `person` says whose a row is, where the rows of a relation follow from what landed of one person each, beside what
    no person stands behind; `sums` are the columns of a mart that add over people, while the others name the row.
    """

    name: str
    asks: str
    reads: tuple[str, ...]
    takes: tuple[Parameter, ...]
    grain: tuple[str, ...]
    scope: str | None
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    sql: str
    person: str | None = None
    sums: tuple[str, ...] = ()

    def bind(self, given: dict[str, object]) -> dict[str, object]:
        """Complete parameters by name; raise QueryError on one too many or too few."""
        known = {parameter.name for parameter in self.takes}
        if unknown := sorted(set(given) - known):
            message = (
                f"{self.name} does not take {', '.join(unknown)}; it takes {', '.join(sorted(known)) or 'nothing'}."
            )
            raise QueryError(message)
        missing = [p.name for p in self.takes if not p.optional and given.get(p.name) is None]
        if missing:
            message = f"{self.name} needs {', '.join(missing)}."
            raise QueryError(message)
        return {parameter.name: given.get(parameter.name) for parameter in self.takes}


HEADER_LINE = re.compile(r"^-- (?:(\w+): ?)?(.*)$")
COLUMN_LINE = re.compile(r"^ *(\w+) +(\S+) +(.+)$")


def load(name: str) -> Query:
    """Read the question `name` ("age_ladder/quota") from its file, anew each time."""
    path = ROOM / f"{name}.sql"
    if not path.is_file():
        message = f"There is no question {name!r}; `python -m queries list` names them all."
        raise QueryError(message)
    return parse(name, path.read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=1024)
def parse(name: str, text: str) -> Query:
    """Read a question from its text: the leading comment lines are the header, the rest is the statement."""
    lines = text.splitlines()
    height = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header = _sections(name, lines[:height])
    return Query(
        name=name,
        asks=" ".join(header.get("asks") or header.get("makes") or []),
        reads=_words(header, "reads"),
        takes=tuple(Parameter(word.rstrip("?"), word.endswith("?")) for word in _words(header, "takes")),
        grain=_words(header, "grain"),
        scope=next(iter(_words(header, "scope")), None),
        names=_words(header, "names"),
        columns=tuple(_column(name, line) for line in header.get("columns", [])),
        sql="\n".join(lines[height:]).strip(),
        person=" ".join(header.get("person", [])) or None,
        sums=_words(header, "sums"),
    )


@functools.cache
def names(topic: str | None = None) -> tuple[str, ...]:
    """Every question (of one topic), in order; the relations and marts of the build are not questions."""
    found = sorted(path.relative_to(ROOM).with_suffix("").as_posix() for path in ROOM.glob("*/*.sql"))
    return tuple(n for n in found if n.split("/")[0] == topic or (topic is None and n.split("/")[0] not in BUILT))


def built() -> tuple[str, ...]:
    """Every relation and mart that a build makes."""
    return tuple(name for room in BUILT for name in names(room))


@functools.cache
def given(name: str) -> frozenset[str]:
    """The tables given to the build that stand behind a question, however far back."""
    built_from = {made.split("/")[1]: load(made).reads for made in built()}
    found, open_ = set[str](), set(load(name).reads)
    while open_:
        relation = open_.pop()
        table = relation.removeprefix("given.")
        if table != relation:
            found.add(table)
        else:
            open_.update(built_from[relation])
    return frozenset(found)


def _sections(name: str, lines: list[str]) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines:
        match = HEADER_LINE.match(line)
        key, rest = match.groups() if match else (None, "")
        if key:
            current = sections.setdefault(key, [])
        if current is None:
            message = f"{name}.sql: the header must begin with `-- asks:`, not {line!r}."
            raise QueryError(message)
        if rest.strip():
            current.append(rest)
    return sections


def _words(header: dict[str, list[str]], key: str) -> tuple[str, ...]:
    return tuple(word.strip() for line in header.get(key, []) for word in line.split(",") if word.strip())


def _column(name: str, line: str) -> Column:
    match = COLUMN_LINE.match(line)
    if not match:
        message = f"{name}.sql: {line!r} is not `name TYPE meaning`."
        raise QueryError(message)
    return Column(*match.groups())
