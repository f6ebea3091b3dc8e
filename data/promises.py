"""What the project promises, by theme, and what came of the tests that hold it to that: which, when, of which version.

A run of the tests writes LATEST; SHIPPED is the copy of a whole run that comes with the program.
"""

import csv
import dataclasses
import functools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from data import keeping

ROWS = Path(__file__).with_suffix(".csv")
SHIPPED = Path(__file__).parent / "assurance.json"
LATEST = Path(__file__).parents[1] / "build" / "assurance.json"
THEMES = ("true", "private", "survives", "fast", "seen")
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
State = Literal["held", "broken", "open"]


class PromiseError(ValueError):
    """Results of the tests that cannot be read."""


@dataclasses.dataclass(frozen=True, slots=True)
class Promise:
    """One promise: its code, which tests carry as their mark, its theme out of THEMES and its sentence."""

    code: str
    theme: str
    en: str
    zh: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one test: `promises` are the codes it carries, `outcome` is None where it has not been run.

    It ended `at` a moment (ISO, UTC), on the `version` of the program and a `machine`; `measured` are numbers that it
    took, in words, by what they are of.
    """

    promises: tuple[str, ...]
    outcome: str | None = None
    at: str = ""
    version: str = ""
    machine: str = ""
    measured: Mapping[str, str] = dataclasses.field(default_factory=dict)


@functools.cache
def every() -> tuple[Promise, ...]:
    """Every promise, theme by theme."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        found = [Promise(**row) for row in csv.DictReader(file)]
    return tuple(sorted(found, key=lambda promise: THEMES.index(promise.theme)))


def results() -> dict[str, Result]:
    """What came of each test that carries a promise, by its name: in a run here or as shipped, the later of both.

    PromiseError where a file cannot be read.
    """
    latest, shipped = (read(path) if path.is_file() else {} for path in (LATEST, SHIPPED))
    return {
        name: max(told, shipped.get(name, told), key=lambda each: each.at) for name, told in (latest or shipped).items()
    }


def read(path: Path) -> dict[str, Result]:
    """The results in a file; PromiseError where it holds none."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        return {name: Result(**{**told, "promises": tuple(told["promises"])}) for name, told in given.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        message = (
            f"{path} holds no results of tests ({error}); run the tests again. 测试结果文件无法读取，请重新运行测试。"
        )
        raise PromiseError(message) from error


def write(path: Path, tests: Mapping[str, Result]) -> None:
    """Keep results in a file."""
    keeping.put(path, keeping.text({name: dataclasses.asdict(tests[name]) for name in sorted(tests)}) + "\n")


def holding(promise: Promise, tests: Mapping[str, Result]) -> list[Result]:
    """The tests that hold a promise."""
    return [test for test in tests.values() if promise.code in test.promises]


def state(tests: Iterable[Result]) -> State:
    """Whether a promise is held by its tests: broken by one that failed, open while one of them has not been run."""
    outcomes = {test.outcome for test in tests}
    if FAILED in outcomes:
        return "broken"
    return "held" if outcomes == {PASSED} else "open"
