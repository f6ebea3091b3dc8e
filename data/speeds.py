"""How fast the program was found to be: what one run of the benchmark measured, and how far its goals are.

`make bench ARGS=--keep` writes a file a day into FOLDER; the newest of them is shown.
"""

import csv
import dataclasses
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from data import keeping

FOLDER = Path(__file__).parent / "speed"
PHRASES = FOLDER / "phrases.csv"
OURS = "marts"
"""The way of a question that the program itself takes; the others of the same question are rivals."""


class SpeedError(ValueError):
    """A file of measures that cannot be read."""


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One way of doing one thing, in a city of so many `people`.

    `seconds` is a median and `slow` the 95th percentile; `ratio` is the time against the first row of the same thing;
    `memory` is bytes, of a process at its peak or by how much it grew, `size` bytes that are read, written or held on
    a disk. Of what `failed` the remark says why.
    """

    what: str
    how: str
    seconds: float | None = None
    slow: float | None = None
    ratio: float | None = None
    memory: int | None = None
    remark: str = ""
    size: int | None = None
    people: int = 0
    failed: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Goal:
    """One goal in both languages: at `most` or at `least` a value of a `unit`, and what was measured, None where not.

    Where it is missed, or was not measured, the reasons say why.
    """

    code: str
    en: str
    zh: str
    bound: Literal["most", "least"]
    value: float
    unit: Literal["ratio", "seconds", "bytes", "share", "number"]
    measured: float | None = None
    reason_en: str = ""
    reason_zh: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None where nothing was measured."""
        if self.measured is None:
            return None
        return self.measured <= self.value if self.bound == "most" else self.measured >= self.value


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """One run: the moment it `began` (ISO, UTC), `facts` of the machine by their names, goals and rows."""

    began: str
    version: str
    facts: Mapping[str, str]
    goals: tuple[Goal, ...]
    rows: tuple[Row, ...]


class Phrase(NamedTuple):
    """What a run calls something, a name in braces for what differs from row to row, and the same in Chinese."""

    en: str
    zh: str


def phrases() -> tuple[Phrase, ...]:
    """What runs call what they measure: PHRASES."""
    with PHRASES.open(encoding="utf-8", newline="") as file:
        return tuple(Phrase(**row) for row in csv.DictReader(file))


ADDED = "added"
"""The fact that names the sizes of city added to a run that was kept: "people day version", with commas between."""


def joined(kept: Report, later: Report) -> Report:
    """A kept run, and its goals, with the sizes of city that a `later` one measured, each wholly of one of both.

    SpeedError where the later one is of another machine.
    """
    refuse_another_machine(kept, later.facts["machine"])
    sizes = sorted({row.people for row in later.rows})
    rows = (*(row for row in kept.rows if row.people not in sizes), *later.rows)
    before = [told for told in kept.facts.get(ADDED, "").split(",") if told and int(told.split()[0]) not in sizes]
    added = [f"{people} {later.began[:10]} {later.version}" for people in sizes]
    return dataclasses.replace(kept, rows=rows, facts={**kept.facts, ADDED: ",".join([*before, *added])})


def refuse_another_machine(kept: Report, machine: str) -> None:
    """SpeedError where what is measured on a machine cannot be added to a run that is kept, as it is of another."""
    if kept.facts["machine"] != machine:
        message = (
            f"The run that is kept is of another machine ({kept.facts['machine']}); measure every size here and keep "
            "that: --keep. 已保留的结果来自另一台机器，请在本机测试全部规模后以 --keep 保留。"
        )
        raise SpeedError(message)


def before(rows: Iterable[Row], people: int) -> dict[tuple[str, str], float]:
    """The seconds of what was done in the next smaller city than one of so many people, by what and how."""
    smaller = [row for row in rows if row.people < people and row.seconds is not None]
    size = max((row.people for row in smaller), default=0)
    return {(row.what, row.how): row.seconds for row in smaller if row.people == size and row.seconds}


def latest() -> Report | None:
    """The newest run that was kept; None where there is none, SpeedError where its file cannot be read."""
    files = sorted(FOLDER.glob("*.json"))
    return read(files[-1]) if files else None


def read(path: Path) -> Report:
    """The run in a file; SpeedError where it holds none."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        goals = tuple(Goal(**goal) for goal in given.pop("goals"))
        return Report(**given | {"goals": goals, "rows": tuple(Row(**row) for row in given["rows"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        message = (
            f"{path} holds no measures of speed ({error}); use `make bench ARGS=--keep`. "
            "测速结果文件无法读取，请重新运行测速。"
        )
        raise SpeedError(message) from error


def write(path: Path, report: Report) -> None:
    """Keep a run in a file, a row a line, numbers to four digits."""
    given = {**dataclasses.asdict(report), "goals": [*map(_said, report.goals)], "rows": [*map(_said, report.rows)]}
    lines = [f" {json.dumps(name)}: {_listed(value)}" for name, value in given.items()]
    keeping.put(path, "{\n" + ",\n".join(lines) + "\n}\n", plain=True)


def _said(thing: Row | Goal) -> dict[str, Any]:
    usual = {field.name: field.default for field in dataclasses.fields(thing)}
    given = {name: value for name, value in dataclasses.asdict(thing).items() if value != usual[name]}
    return {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in given.items()}


def _listed(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in value) + "\n ]"
