"""Nobody is told of anybody outside their units, whoever asked the same before: on pages, in caches, in files.

Each way by which rows could leak is broken once, and the same search then finds the leak.
"""

import io
import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from data import contract, keeping, readers
from data.access import EVERY_UNIT, LOCAL, Viewer
from data.readers import Reader
from data.store import Store
from pages.__main__ import main
from pages.parts import answers, briefing, chosen, printed, words
from pages.parts.briefing import Item, Template
from pages.parts.kept import Kept
from queries import warehouse
from queries.warehouse import Warehouse
from tests.briefings import NAMES
from tests.conftest import CADRE, CADRE_MONTH
from tests.test_warehouse import NAMING, PERSONAL, required, tree

PAIRS, STATES = 8, 15
MONTHS = (202112, 202506, 202610, 202701)
OWN_FILES = tuple(printed.OWN)


@dataclass(frozen=True)
class Leak:
    """A row that somebody was told of and is not theirs."""

    viewer: Viewer
    question: str
    row: tuple[Any, ...]


@dataclass(frozen=True)
class Search:
    """Random pairs of viewers who ask the same things one after the other, and all rows that are not theirs."""

    opened: Warehouse
    store: Store

    def leaks(self, seed: int = 1) -> list[Leak]:
        """Every row of every answer that is of a unit outside those of whoever asked, or names whom it may not."""
        dice = random.Random(seed)  # noqa: S311 - a sample, no secret
        under = tree(self.opened)
        found = []
        for _ in range(PAIRS):
            pair = [self.viewer(dice, sorted(under)) for _ in range(2)]
            for _ in range(STATES):
                name, given = self.state(dice, sorted(under))
                found += [leak for viewer in pair for leak in self.told(viewer, under, name, given)]
        return found

    def viewer(self, dice: random.Random, units: list[str]) -> Viewer:
        """Somebody who sees one unit or two, with names or without."""
        return Viewer("someone", tuple(sorted(dice.sample(units, dice.choice((1, 1, 2))))), names=dice.random() < 0.5)

    def state(self, dice: random.Random, units: list[str]) -> tuple[str, dict[str, Any]]:
        """A question about people, and what it is asked with."""
        name = dice.choice(PERSONAL)
        given = required(name, self.opened)
        if "as_of" in given and not name.startswith("outlook/"):
            given["as_of"] = dice.choice(MONTHS)
        if dice.random() < 0.5:
            given["unit"] = dice.choice(units)
        return name, given

    def told(self, viewer: Viewer, under: dict[str, set[str]], name: str, given: dict[str, Any]) -> Iterator[Leak]:
        """What somebody is told who must not be, by the way that every page asks."""
        inside = set().union(*(under[unit] for unit in viewer.units))
        table = answers.reader(self.store, viewer, words.of("en")).ask(name, **given).table
        for row in table.to_dict("records"):
            if row["unit_id"] not in inside or (not viewer.names and row.get("name") is not None):
                yield Leak(viewer, name, tuple(row.values()))


@pytest.fixture
def search(city: Warehouse, small_city: Store, monkeypatch: pytest.MonkeyPatch) -> Search:
    """A search in the small city that starts with nothing kept."""
    monkeypatch.setattr(answers, "_answers", Kept(2048))
    return Search(city, small_city)


@pytest.mark.promise("scope.connection")
@pytest.mark.parametrize("seed", range(3))
def test_no_row_of_others_is_told_to_anybody(search: Search, seed: int) -> None:
    assert search.leaks(seed) == []


@pytest.mark.promise("scope.connection")
def test_without_the_scope_of_the_view_rows_leak(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Warehouse, "_rows", lambda *_: "")
    assert len(search.leaks()) > STATES


@pytest.mark.promise("scope.kept")
def test_without_the_scope_in_the_key_of_what_is_kept_rows_leak(
    search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Viewer, "__eq__", lambda *_: True)
    monkeypatch.setattr(Viewer, "__hash__", lambda _: 0)
    assert len(search.leaks()) > STATES


@pytest.mark.promise("names.hidden")
def test_without_the_mask_of_names_they_leak(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Warehouse._view  # noqa: SLF001 - what is broken here on purpose
    monkeypatch.setattr(
        Warehouse, "_view", lambda self, relation: whole(self, relation).replace("replace (null as name)", "")
    )
    assert any(not leak.viewer.names for leak in search.leaks())


# --- files ------------------------------------------------------------------------------------------------------------

PEOPLE = [Item(each.name, {}, may_lack=True) for each in briefing.OF_PEOPLE]
LISTS = Template("lists", "Lists", "名单", [Item("age_ladder/ladder", {}), *PEOPLE])
UNIT_OF = {"001.001": "unit_hr", "001.002": "unit_hr"}


@pytest.fixture
def house(cadre_store: Store, tmp_path: Path) -> Store:
    """The twelve people, two personnel officers of parts of them and a leader, and a template of all lists."""
    store = Store(tmp_path / "house")
    store.root.mkdir()
    for folder in ("landed", "warehouse"):
        (store.root / folder).symlink_to(cadre_store.root / folder)
    for unit, role in UNIT_OF.items():
        let(store, f"hr-{unit}", role, unit)
    let(store, "leader", "leader")
    store.templates.mkdir()
    (store.templates / "lists.toml").write_text(chosen.text(LISTS), encoding="utf-8")
    return store


def let(store: Store, login: str, role: str, *units: str) -> None:
    """Let somebody in."""
    readers.record(store, Reader(login=login, role=role, units=units, who="管理员", written=keeping.now()))


def people_of(unit: str) -> set[str]:
    """Who holds or held a post in a unit or under it, by the files of the twelve alone."""
    lines = (CADRE / "posting.csv").read_text(encoding="utf-8-sig").splitlines()
    heads = lines[0].split(",")
    rows = [dict(zip(heads, line.split(","), strict=False)) for line in lines[1:]]
    codes = {row["person_id"] for row in rows if row["unit_id"].startswith(unit)}
    members = [line.split(",") for line in (CADRE / "member.csv").read_text(encoding="utf-8-sig").splitlines()[1:]]
    return {name for code, name, *_ in members if code in codes}


def unpacked(file: bytes) -> Iterator[bytes]:
    """Everything in a file, what is packed in it too."""
    if not zipfile.is_zipfile(io.BytesIO(file)):
        yield file
        return
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        for name in packed.namelist():
            yield from unpacked(packed.read(name))


def named_in_files(store: Store, folder: Path, login: str) -> set[str]:
    """Which of the twelve the files name that the command line prints for somebody."""
    found = set()
    for ending in OWN_FILES:
        out = folder / f"{login}{ending}"
        asked = ["brief", "lists", "--as", login, "--as-of", f"{CADRE_MONTH // 100}-{CADRE_MONTH % 100}"]
        assert main([*asked, "--out", str(out), "--store", str(store.root)]) == 0
        packed = b"".join(unpacked(out.read_bytes()))
        found |= {name for name in NAMES if name.encode() in packed}
    return found


@pytest.mark.promise("scope.recipients")
def test_a_file_for_a_recipient_names_nobody_whom_they_may_not_see(house: Store, tmp_path: Path) -> None:
    for unit in UNIT_OF:
        named = named_in_files(house, tmp_path, f"hr-{unit}")
        assert named
        assert named <= people_of(unit)
    assert named_in_files(house, tmp_path, "leader") == set()


@pytest.mark.promise("scope.recipients")
def test_without_the_recipients_rights_a_file_names_others(
    house: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "viewer", lambda *_: LOCAL)
    assert not named_in_files(house, tmp_path, "hr-001.002") <= people_of("001.002")


# --- one's own record -------------------------------------------------------------------------------------------------


@pytest.mark.promise("scope.own_record")
@pytest.mark.parametrize("name", NAMING)
def test_nobody_is_shown_their_own_record_in_any_list(name: str, twelve: Warehouse) -> None:
    given = required(name, twelve)
    everyone = twelve.ask(name, **given).table
    own = everyone["person_id"][0]
    seen = warehouse.open_for(twelve.path, Viewer("someone", (EVERY_UNIT,), names=True, closed=(own,))).ask(
        name, **given
    )
    assert seen.withheld == (everyone["person_id"] == own).sum() > 0
    others = everyone[everyone["person_id"] != own].reset_index(drop=True)
    assert seen.table.equals(others)


@pytest.mark.promise("scope.own_record")
def test_whoever_is_shown_no_record_of_their_own_counts_as_everybody_does(twelve: Warehouse) -> None:
    closed = warehouse.open_for(twelve.path, Viewer("someone", (EVERY_UNIT,), names=True, closed=("P01", "P02")))
    for name in ("ladder", "quota", "by_unit"):
        given = {"as_of": CADRE_MONTH}
        counted = twelve.ask(f"age_ladder/{name}", **given).table
        assert closed.ask(f"age_ladder/{name}", **given).table.equals(counted)


@pytest.mark.promise("scope.own_record")
def test_nobody_is_shown_their_own_record_among_those_that_the_checks_found(twelve: Warehouse) -> None:
    every = twelve.ask("quality/finding").table["record"].tolist()
    assert {"P02 2025", "P06 2026 leave"} <= {*every}
    closed = Viewer("someone", (EVERY_UNIT,), names=True, closed=("P02",))
    seen = warehouse.open_for(twelve.path, closed).ask("quality/finding")
    assert seen.table["record"].tolist() == [record for record in every if not record.startswith("P02 ")]
    assert seen.withheld == sum(record.startswith("P02 ") for record in every) > 0


@pytest.mark.promise("scope.own_record")
def test_what_a_check_finds_in_a_source_of_people_is_called_by_the_person_first() -> None:
    of_people = [each for each in contract.SOURCES if "person_id" in contract.load(each).arrow_schema.names]
    called = [
        (source, check.name, recorded[1])
        for source in of_people
        for check in contract.load(source).checks
        if (recorded := re.search(r"select (?:distinct )?(.+?) as record", check.sql))
    ]
    assert {source for source, *_ in called} == {*of_people} - {"member"}
    assert [each for each in called if not re.match(r"(\w+\.)?person_id \|\| ", each[2])] == []
