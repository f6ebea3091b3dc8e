"""The rules of the house, which hold for every file in it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

from data import policy, promises
from tests import advisories
from tests import promises as kept
from tests.server import HOUSE, PAGES

pytestmark = pytest.mark.promise("house.laws")

ROOMS = {"data", "queries", "models", "tests"}
NOT_OURS = {".git", ".venv", "build", "store", "__pycache__"}
SHARED_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
SECOND_COPIES = re.compile(r"_(old|new|original|copy|backup|v\d+)$")
PROMISES_TO_SELF = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
PATHS_OF_ONE_MACHINE = re.compile(r"(?<![\w.~])/(home|root|Users|work|mnt)/\w|\b[A-Z]:\\\\?Users")
LONGEST_README = 45
OUTER_READMES = {"README.md", "README.zh-CN.md"}
SQL_HEADERS = ("-- asks: ", "-- makes: ")
PINNED = re.compile(r"^[A-Za-z0-9_.-]+==[0-9][\w.]*( ; .+)?$")
TEXT = {".py", ".sql", ".md", ".toml", ".csv", ".css", ".js", ".po", ".txt", ".cfg", ""}
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAMED_FILE = re.compile(r"`((?:[\w.-]+/)*[a-z_]\w*\.(?:py|sql|toml|md|po|css|js)|(?:[\w.-]+/){2,})`")


@cache
def files(ending: str = "") -> tuple[Path, ...]:
    """Every file of the house with this ending, apart from what git ignores."""
    found = (path for path in HOUSE.rglob(f"*{ending}") if path.is_file())
    return tuple(sorted(path for path in found if not _ignored(path.relative_to(HOUSE))))


def _ignored(path: Path) -> bool:
    return any(part in NOT_OURS or part.endswith("_cache") or part == ".hypothesis" for part in path.parts)


def named(path: Path) -> str:
    """A file as one would say it."""
    return path.relative_to(HOUSE).as_posix()


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern occurs in the text of the house, this file apart."""
    texts = [path for path in files() if path.suffix in TEXT and path != Path(__file__)]
    return [
        f"{named(path)}:{number}"
        for path in texts
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def commands(readme: Path) -> Iterator[str]:
    """The lines of the code blocks in a README."""
    for block in FENCE.findall(readme.read_text(encoding="utf-8")):
        yield from filter(None, map(str.strip, block.splitlines()))


def targets() -> set[str]:
    """What one can `make`."""
    return set(re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_imports_keep_the_laws_of_the_house(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(config_filename=str(HOUSE / "pyproject.toml"), no_cache=True) == 0, capsys.readouterr().out


def test_nothing_imports_a_page_script() -> None:
    graph = grimp.build_graph("data", "queries", "models", "pages", cache_dir=None)
    scripts = {f"pages.{name}" for name in (*PAGES, "door")} & graph.modules
    importers = {script: graph.find_modules_that_directly_import(script) for script in scripts}
    assert [script for script in scripts if importers[script]] == []


def test_every_python_file_begins_by_saying_what_it_is_for() -> None:
    written = [path for path in files(".py") if path.read_text(encoding="utf-8").strip()]
    assert [named(path) for path in written if not begins_with_docstring(path)] == []


def begins_with_docstring(path: Path) -> bool:
    """Whether the first line of a Python file is its docstring."""
    text = path.read_text(encoding="utf-8")
    return text.startswith('"""') and ast.get_docstring(ast.parse(text)) is not None


def test_every_question_begins_with_what_it_asks_or_makes() -> None:
    assert [named(path) for path in files(".sql") if not path.read_text(encoding="utf-8").startswith(SQL_HEADERS)] == []


def test_no_file_is_a_drawer_for_everything_or_a_second_copy() -> None:
    assert [named(path) for path in files() if path.stem in SHARED_DRAWERS or SECOND_COPIES.search(path.stem)] == []


def test_nothing_is_left_to_be_done_in_a_comment() -> None:
    assert lines_with(PROMISES_TO_SELF) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(PATHS_OF_ONE_MACHINE) == []


def test_the_readme_of_a_room_is_read_in_a_minute() -> None:
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(".md")
        if path.name.startswith("README") and named(path) not in OUTER_READMES
    }
    assert {path: length for path, length in lengths.items() if length > LONGEST_README} == {}


def test_every_make_target_that_a_readme_names_exists() -> None:
    used = [(named(readme), line) for readme in files(".md") for line in commands(readme) if line.startswith("make ")]
    assert [where for where in used if where[1].split()[1] not in targets()] == []


def test_every_target_says_what_it_does() -> None:
    text = (HOUSE / "Makefile").read_text(encoding="utf-8")
    assert targets() == set(re.findall(r"^([a-z]+):.*## \S", text, re.MULTILINE))


def test_every_command_that_a_readme_shows_exists() -> None:
    shown = [(named(readme), line) for readme in files(".md") for line in commands(readme) if "python -m " in line]
    assert [where for where in shown if not runs(where[1])] == []


def runs(line: str) -> bool:
    """Whether `python -m ROOM VERB …` names a room's command line and a verb that it knows, or another's module."""
    module, _, rest = line.split("python -m ", 1)[1].partition(" ")
    place = HOUSE / module.replace(".", "/")
    if module.split(".")[0] not in ROOMS or place.with_suffix(".py").is_file():
        return True
    main, verb = place / "__main__.py", rest.split(" ")[0]
    return main.is_file() and (not re.fullmatch(r"[a-z]+", verb) or f'"{verb}"' in main.read_text(encoding="utf-8"))


def test_every_file_and_folder_that_a_readme_names_exists() -> None:
    missing = [
        f"{named(readme)}: {name}"
        for readme in files(".md")
        for name in NAMED_FILE.findall(readme.read_text(encoding="utf-8"))
        if not any((base / name).exists() for base in (readme.parent, HOUSE)) and not _ignored(Path(name))
    ]
    assert missing == []


def test_every_policy_table_obeys_its_contract() -> None:
    assert set(policy.all_tables()) == {path.stem for path in (HOUSE / "data" / "policy").glob("*.csv")}


def test_every_promise_is_held_by_a_test_and_every_mark_names_a_promise() -> None:
    carried = {code for codes in kept.marked().values() for code in codes}
    assert carried == {promise.code for promise in promises.every()}


def test_every_promise_is_a_whole_row() -> None:
    rows = promises.every()
    assert len({promise.code for promise in rows}) == len(rows)
    assert [promise.code for promise in rows if not (promise.en.endswith(".") and promise.zh.endswith("。"))] == []


@pytest.mark.parametrize("path", advisories.REQUIREMENTS, ids=named)
def test_every_requirement_is_pinned_to_one_version(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]
    assert [line for line in wanted if not PINNED.match(line)] == []
