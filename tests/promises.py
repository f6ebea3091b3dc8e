"""Which tests hold which promise, and what came of them: `python -m tests.promises` keeps the last run as shipped.

A test carries `@pytest.mark.promise("code")`, a module of tests `pytestmark`; the codes are rows of data/promises.csv.
What `record_property` is given in such a test is shown beside its promise: measures of speed have their place there.
"""

import ast
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data import keeping, promises
from data.promises import FAILED, PASSED, SKIPPED, Result
from pages.parts import endorsing

HOUSE = Path(__file__).parents[1]
MARK = "promise"


def marked() -> dict[str, tuple[str, ...]]:
    """The codes that each test carries, by its name as pytest gives it: tests/test_audit.py::test_a_whole_chain."""
    files = (path for path in (HOUSE / "tests").rglob("test_*.py"))
    return dict(sorted(pair for path in files for pair in _marked_in(path)))


def _marked_in(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    text = path.read_text(encoding="utf-8")
    if f"mark.{MARK}(" not in text:
        return
    tree = ast.parse(text)
    of_all = [code for node in tree.body if _is_mark_of_all(node) for code in _codes(node)]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            own = [code for decorator in node.decorator_list for code in _codes(decorator)]
            if codes := tuple(sorted({*of_all, *own})):
                yield f"{path.relative_to(HOUSE).as_posix()}::{node.name}", codes


def _is_mark_of_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(getattr(name, "id", "") == "pytestmark" for name in node.targets)


def _codes(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == MARK:
            yield from (str(given.value) for given in call.args if isinstance(given, ast.Constant))


class Recorder:
    """Takes down what comes of the tests that carry a promise, and adds it to what was known when the run ends."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.carried = marked()
        self.found: dict[str, Result] = {}
        self.machine = (
            f"{platform.system()} {platform.machine()} · Python {platform.python_version()} · {os.cpu_count()} CPU"
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down one step of one test; of a test with several cases, and of its steps, the worst counts."""
        name = report.nodeid.partition("[")[0]
        if name not in self.carried or (report.when != "call" and report.passed):
            return
        before = self.found.get(name)
        outcomes = {report.outcome, before.outcome if before else None}
        worst = next(outcome for outcome in (FAILED, SKIPPED, PASSED) if outcome in outcomes)
        measured = {name: str(value) for name, value in report.user_properties}
        self.found[name] = Result(
            promises=self.carried[name],
            outcome=worst,
            at=keeping.now(),
            version=endorsing.version(),
            machine=self.machine,
            measured={**(before.measured if before else {}), **measured},
        )

    def pytest_sessionfinish(self) -> None:
        """Keep what is known of every test that carries a promise; those that were not run now stay as they were."""
        if self.found and "PYTEST_XDIST_WORKER" not in os.environ:  # who began the run hears of every test
            promises.write(promises.LATEST, together(self.carried, _known(), self.found))


def together(
    carried: dict[str, tuple[str, ...]], before: dict[str, Result], now: dict[str, Result]
) -> dict[str, Result]:
    """Of every test that carries a promise, what came of it now, else before, else that it was never run."""
    never = Result(promises=())
    return {name: replace(now.get(name, before.get(name, never)), promises=codes) for name, codes in carried.items()}


def _known() -> dict[str, Result]:
    try:
        return promises.results()
    except promises.PromiseError:
        return {}


def keep_as_shipped() -> int:
    """Keep the results of the last run as those that come with the program."""
    tests = promises.results()
    promises.write(promises.SHIPPED, tests)
    ran = sum(test.outcome is not None for test in tests.values())
    sys.stdout.write(f"Wrote {promises.SHIPPED}: {ran} of {len(tests)} tests that carry a promise have been run.\n")
    return 0


if __name__ == "__main__":
    sys.exit(keep_as_shipped())
