"""At rest: with a key nothing of a person can be read in any file of a store, and without it all stays as it was."""

import contextlib
import functools
import itertools
import os
import random
import re
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data import (
    amendments,
    archive,
    audit,
    backtests,
    endorsed,
    engine,
    found,
    history,
    keeping,
    key,
    landing,
    resealing,
    scenarios,
    sealing,
    steps,
)
from data.__main__ import main
from data.backtests import Backtest
from data.sealing import SealError
from data.store import Store
from pages.parts import chosen, words
from pages.parts.briefing import Item
from pages.parts.desk import Desk
from queries import building, checksums
from queries.__main__ import main as asked
from tests import apart
from tests.conftest import CADRE, CADRE_MONTH, opened
from tests.test_endorsed import FILES, RECORD
from tests.test_scenarios import SAVED
from tests.test_steps import ENTRY

KEY, OTHER = "5a" * 32, "a5" * 32
PLANTED = ("欧阳藏样", "公孙秘样", "PLANTEDCODE77", "藏在备注里的话")
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
NEEDLES = tuple(word.encode(encoding) for word in PLANTED for encoding in ENCODINGS)
MEMBERS = (
    "人员编码,姓名,性别,出生年月\nPLANTEDCODE77,欧阳藏样,男,1980-01\nPLANTEDCODE78,公孙秘样,藏在备注里的话,1980-11\n"
)
HOLDS_NOBODY = (sealing.MARK, ".lock", Store(Path()).pointer.name, checksums.ENDING)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process lays temporary files, and where it stands."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a key into the environment, or with "" none."""
    monkeypatch.delenv(sealing.KEY_FILE, raising=False)
    return lambda given: monkeypatch.setenv(sealing.KEY, given)


def given(folder: Path) -> list[Path]:
    """The twelve people and planted ones, as files that come in."""
    folder.mkdir()
    planted = folder / "planted_member.csv"
    planted.write_text(MEMBERS, encoding="utf-8")
    return [*sorted(CADRE.glob("*.csv")), planted]


def readable(*folders: Path) -> set[str]:
    """The files below these folders in which a planted word can be read, in whatever encoding."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    held = ((path, path.read_bytes()) for path in files)
    return {path.name for path, content in held if any(needle in content for needle in NEEDLES)}


def lived_in(store: Store, files: list[Path], looks: Callable[[str], None]) -> Store:
    """A store in which everything was done that leaves a file, with planted words; looked at while it is built."""
    who, secret = PLANTED[0], PLANTED[3]
    landing.land(store, files, month=CADRE_MONTH, who=who)
    key.kept(store)
    build = building.build(store, progress=looks, who=who)
    steps.record(store, replace(ENTRY, note=secret, owner=who))
    kept = scenarios.save(store, replace(SAVED, name=secret, who=who))
    scenarios.endorse(store, kept.number, who=who, written=SAVED.written)
    scenarios.withdraw(store, scenarios.save(store, SAVED).number)
    made = endorsed.keep(store, replace(RECORD, who=who, build=build.stem), {**FILES, "figures.json": who.encode()})
    endorsed.keep(store, replace(RECORD, who=who, build=build.stem), FILES)
    endorsed.withdraw(store, made.id, who=who, reason=secret)
    chosen.save(
        store,
        "自编",
        [Item("age_ladder/quota", {"unit": secret}, may_lack=True)],
        words.of("en"),
    )
    backtests.keep(store, build.stem, Backtest(pd.DataFrame({"cell": [secret]}), 1, 1))
    audit.note(store, "listed", who, secret, of=PLANTED[2])
    table = amendments.tables(store)
    building.preview(store, {**table, "age_target": table["age_target"].slice(1)}, looks)
    return store


@pytest.fixture(scope="module")
def two_lives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The same done in a store without a key and in one under a key."""
    folder = tmp_path_factory.mktemp("lives")
    files = given(folder / "given")
    plain = lived_in(Store(folder / "plain"), files, lambda _: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(sealing.KEY, KEY)
        return plain, lived_in(Store(folder / "sealed"), files, lambda _: None)


@pytest.fixture
def sealed(two_lives: tuple[Store, Store], tmp_path: Path, with_key: Callable[[str], None]) -> Store:
    """A store that was lived in under a key, which is in force."""
    with_key(KEY)
    return Store(Path(shutil.copytree(two_lives[1].root, tmp_path / "sealed")))


@pytest.mark.promise("sealed.no_plaintext")
@pytest.mark.parametrize("secret", ["", KEY])
def test_with_a_key_no_file_holds_a_planted_word_and_without_it_those_files_do(
    secret: str, tmp_path: Path, temporary: Path, with_key: Callable[[str], None]
) -> None:
    with_key(secret)
    store, seen = Store(tmp_path / "store"), set[str]()
    desk = Desk("local")
    files = given(tmp_path / "given")
    relations = itertools.count()

    def looks(_: str) -> None:
        if next(relations) % 12 == 0:
            seen.update(readable(store.root, temporary))

    lived_in(store, files, looks)
    desk.lay((path.name, path.read_bytes()) for path in files)
    desk.whose = {"planted_member.csv/2": PLANTED[2]}
    decided = desk.decided()
    assert decided is not None
    seen |= readable(store.root, temporary)
    desk.clear()
    if secret:
        assert seen == set()
        assert {path.name for path in unsealed(store) if not path.name.endswith(HOLDS_NOBODY)} == set()
        return
    named = {"planted_member.csv", "0001.csv", "0001.json", "0001.endorsed", "0001.withdrawn.toml", "record.toml"}
    named |= {"figures.json", "自编.toml", "audit.sqlite", decided.name}
    assert named < seen
    assert {name for name in seen if name.endswith(".duckdb")} == {path.name for path in store.root.glob("*/*.duckdb")}


def is_unreadable(path: Path) -> bool:
    """Whether a file is sealed: as the house seals, as DuckDB does, or an audit log whose words all are."""
    if path.suffix == ".sqlite":
        with contextlib.closing(sqlite3.connect(path)) as log:
            return all(
                each.startswith(sealing.WORDS)
                for row in log.execute("select who, act, what, more from entry")
                for each in row
            )
    if path.suffix == ".duckdb":
        with tempfile.TemporaryDirectory() as folder:  # this process may have it open where it stands
            copy = shutil.copy(path, folder)
            with pytest.raises(duckdb.Error, match="encrypted"):
                duckdb.connect(copy, read_only=True)
        return True
    return sealing.is_sealed(path)


@pytest.mark.promise("sealed.key_fits")
@pytest.mark.parametrize(
    ("secret", "en", "zh"), [("", "no key is given", "未提供密钥"), (OTHER, "another key", "不符")]
)
def test_without_its_key_a_sealed_store_says_so_and_nothing_in_it_changes(
    secret: str,
    en: str,
    zh: str,
    sealed: Store,
    with_key: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = contents(sealed.root)
    with_key(secret)
    root = str(sealed.root)
    for command in (["status"], ["audit", "verify"], ["land", str(CADRE / "unit.csv")], ["backup", f"{root}.tar"]):
        assert main([*command, "--store", root]) == 2
        told = capsys.readouterr()
        assert (told.out, en in told.err, zh in told.err, "Traceback" in told.err) == ("", True, True, False)
    for command in (["build"], ["ask", "age_ladder/quota"], ["builds"]):
        assert asked([*command, "--store", root]) == 2
        told = capsys.readouterr()
        assert (told.out, en in told.err, zh in told.err) == ("", True, True)
    for write in (
        lambda: audit.note(sealed, "listed", "甲", "x"),
        lambda: steps.record(sealed, ENTRY),
        lambda: keeping.put(sealed.templates / "x.toml", "x"),
        lambda: keeping.put_first(sealed.scenarios / "0009.json", "{}"),
        lambda: landing.land(sealed, [CADRE / "unit.csv"], month=CADRE_MONTH),
    ):
        with pytest.raises(SealError, match=en):
            write()
    assert contents(sealed.root) == before


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder and what is in it."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.promise("sealed.key_fits")
def test_a_store_that_is_not_sealed_is_not_used_under_a_key(
    cadre_store: Store, tmp_path: Path, with_key: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(Path(shutil.copytree(cadre_store.root, tmp_path / "store")))
    before = contents(store.root)
    with_key(KEY)
    for door, command in ((main, ["status"]), (main, ["land", str(CADRE / "unit.csv")]), (asked, ["build"])):
        assert door([*command, "--store", str(store.root)]) == 2
        told = capsys.readouterr().err
        assert "is not sealed; seal it by `python -m data seal`" in told
        assert "未加密" in told
    assert contents(store.root) == before


@pytest.mark.parametrize("given", ["5a" * 31, "5a" * 31 + "5", "zz" * 32])
def test_what_is_no_key_is_refused_by_name(given: str, with_key: Callable[[str], None], tmp_path: Path) -> None:
    with_key(given)
    with pytest.raises(SealError, match="CADRE_STORE_KEY holds no key; it takes 64 hexadecimal digits"):
        Store(tmp_path).manifest()


def test_a_key_in_a_file_is_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "store.key"
    assert main(["newkey", str(file)]) == 0
    assert f"Wrote {file}" in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.fullmatch("[0-9a-f]{64}\n", file.read_text(encoding="ascii"))
    assert main(["newkey", str(file)]) == 2
    monkeypatch.setenv(sealing.KEY_FILE, str(file))
    assert sealing.key() == bytes.fromhex(file.read_text(encoding="ascii"))
    monkeypatch.setenv(sealing.KEY, KEY)
    with pytest.raises(SealError, match="Both CADRE_STORE_KEY and CADRE_STORE_KEY_FILE are set"):
        sealing.key()
    monkeypatch.delenv(sealing.KEY)
    monkeypatch.setenv(sealing.KEY_FILE, str(tmp_path / "none"))
    with pytest.raises(SealError, match=r"none .* cannot be read"):
        sealing.key()


@pytest.mark.promise("sealed.bound")
def test_a_file_that_is_altered_cut_moved_or_plain_is_refused(tmp_path: Path, with_key: Callable[[str], None]) -> None:
    with_key(KEY)
    keeping.enter(tmp_path)
    path, other = tmp_path / "steps" / "a.json", tmp_path / "steps" / "b.json"
    content = "".join(map(str, range(40_000)))  # more than two blocks
    keeping.put(path, content)
    keeping.put(other, content)
    whole = path.read_bytes()
    block = sealing.BLOCK + sealing.TAG_BYTES
    head = len(whole) % block
    damaged = [
        other.read_bytes(),
        content.encode(),
        b"",
        *(whole[:cut] for cut in (5, len(whole) - 1, len(whole) - len(whole) % block)),
        *(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), len(whole) // 40)),
        whole + b"x",
    ]
    assert head
    for held in damaged:
        path.write_bytes(held)
        with pytest.raises(SealError, match=r"a\.json (is damaged|lies in a sealed store and is not sealed)"):
            sealing.read(path)
    path.write_bytes(whole)
    assert sealing.read_text(path) == content


@pytest.mark.parametrize("size", [0, 1, sealing.BLOCK - 1, sealing.BLOCK, sealing.BLOCK + 1, 3 * sealing.BLOCK])
def test_a_sealed_file_reads_as_a_plain_one_from_any_place(
    size: int, tmp_path: Path, with_key: Callable[[str], None]
) -> None:
    with_key(KEY)
    keeping.enter(tmp_path)
    chance = random.Random(size)  # noqa: S311 - places to look at
    content, path = chance.randbytes(size), tmp_path / "a.bin"
    with keeping.created(path) as file:
        for begins in range(0, size, 50_001):
            file.write(content[begins : begins + 50_001])
    with sealing.opened(path) as file:
        assert file.read() == content
        for _ in range(40):
            begins, length = chance.randrange(size + 1), chance.randrange(size + 2)
            file.seek(begins)
            assert file.read(length) == content[begins : begins + length]
        assert file.seek(0, os.SEEK_END) == size


@pytest.mark.promise("sealed.no_plaintext")
@pytest.mark.parametrize("secret", ["", KEY])
def test_what_duckdb_lays_aside_is_sealed_under_a_key_only(
    secret: str, temporary: Path, with_key: Callable[[str], None]
) -> None:
    with_key(secret)
    rows = f"select '{PLANTED[2]} ' || hash(range) || hash(range + 1) || hash(range + 2) as told from range(500000)"
    with engine.aside() as connection:
        connection.execute("set memory_limit = '24MB'; set threads = 1")
        connection.execute(f"create temp table more_than_memory as {rows}")
        assert [path for path in temporary.rglob("*") if path.is_file() and path.stat().st_size]
        assert bool(readable(temporary)) == (not secret)


@pytest.mark.promise("sealed.bound")
def test_a_sealed_word_of_the_log_that_is_altered_or_laid_elsewhere_is_named(
    tmp_path: Path, with_key: Callable[[str], None]
) -> None:
    with_key(KEY)
    store = Store(tmp_path / "store")
    first, second = (audit.note(store, "listed", "甲", what, of=PLANTED[2]) for what in ("一", "二"))
    assert audit.of(store, who="甲", since="2026") == [second, first]
    assert audit.of(store, act="landed") == []
    assert audit.known(store) == (["甲"], ["listed"])
    other = "what = (SELECT what FROM entry WHERE number = 1)"
    for change in (f"{other} WHERE number = 2", "more = replace(more, substr(more, 40, 4), '0000') WHERE number = 2"):
        copy = Store(Path(shutil.copytree(store.root, tmp_path / "copy")))
        with contextlib.closing(sqlite3.connect(copy.audit, isolation_level=None)) as log:
            log.execute("DROP TRIGGER never_altered")
            log.execute(f"UPDATE entry SET {change}")
        with pytest.raises(audit.AuditError, match=r"Entry 2 .* is not as it was written"):
            audit.verify(copy)
        shutil.rmtree(copy.root)
    assert audit.verify(store).entries == 2


@pytest.mark.promise("sealed.no_plaintext")
def test_what_was_done_under_a_key_is_read_back_as_without_one(
    sealed: Store, two_lives: tuple[Store, Store], with_key: Callable[[str], None]
) -> None:
    there = told(sealed)
    with_key("")
    assert there == told(two_lives[0])


def told(store: Store) -> list[object]:
    """What a store tells of itself, less the moments and the key of its person codes."""
    opened_build = opened(store)
    return [
        store.manifest().fingerprint,
        store.manifest().rows("member"),
        [(each.first.value, each.rows) for each in found.in_files(store)],
        [(entry.note, entry.owner) for entry in steps.history(store)],
        [(version.name, version.endorsed_by) for version in scenarios.kept(store)],
        [
            (record.who, record.reason, endorsed.content(store, record, "figures.json"))
            for record in endorsed.every(store)
        ],
        sorted(chosen.own(store)),
        backtests.kept(store, opened_build.build_id).errors.to_dict(),  # type: ignore[union-attr]
        [(entry.who, entry.act, entry.what) for entry in audit.of(store)],
        [entry.what for entry in audit.of(store, who=PLANTED[0], act="listed", last=1)],
        opened_build.build_id,
        opened_build.ask("age_ladder/quota", as_of=CADRE_MONTH).table.to_csv(),
        [table.to_pylist() for table in map(pq.read_table, map(sealing.source, store.manifest().files("member")))],
    ]


# --- a store that is there already ---


@pytest.mark.promise("sealed.turned")
def test_a_plain_store_is_sealed_under_another_key_and_unsealed_with_all_that_it_holds(
    two_lives: tuple[Store, Store], tmp_path: Path, with_key: Callable[[str], None]
) -> None:
    store = Store(Path(shutil.copytree(two_lives[0].root, tmp_path / "store")))
    with_key("")
    there = told(store)
    entries = [(entry.who, entry.act, entry.what) for entry in audit.of(store)]
    (store.warehouse / "killed.building").write_text(PLANTED[0], encoding="utf-8")
    (store.briefings / "killed.fresh").mkdir()
    (store.briefings / "killed.fresh" / "record.toml").write_text(PLANTED[0], encoding="utf-8")
    with_key(KEY)
    assert main(["seal", "--store", str(store.root)]) == 0
    assert readable(store.root) == set()
    assert {path.name for path in unsealed(store)} <= {sealing.MARK, store.pointer.name, *locks(store), *checks(store)}
    assert told(store) == [*there[:8], [(history.whoever_runs_this(), "sealed", "store"), *entries], *there[9:]]
    assert asked(["verify", "--store", str(store.root)]) == 0
    other = tmp_path / "other.key"
    other.write_text(OTHER, encoding="ascii")
    assert main(["reseal", str(other), "--store", str(store.root)]) == 0
    with pytest.raises(SealError, match="another key"):
        store.manifest()
    with_key(OTHER)
    assert told(store)[9:] == there[9:]
    assert main(["unseal", "--store", str(store.root)]) == 0
    with_key("")
    assert told(store)[:8] == there[:8]
    assert [entry.act for entry in audit.of(store, last=3)] == ["unsealed", "sealed under another key", "sealed"]
    kept = {path for path in contents(two_lives[0].root) if not path.startswith("previews")}
    assert set(contents(store.root)) == kept | {"filling.lock"}


@pytest.fixture
def small(tmp_path: Path, with_key: Callable[[str], None]) -> dict[str, Store]:
    """A store without a build, by the key that it is under: none, and KEY."""
    made = {secret: Store(tmp_path / f"small{secret[:2]}") for secret in ("", KEY)}
    for secret, store in made.items():
        with_key(secret)
        landing.land(store, [CADRE / "unit.csv"], month=CADRE_MONTH, who=PLANTED[0])
        steps.record(store, ENTRY)
    return made


@pytest.mark.promise("sealed.turned")
@pytest.mark.parametrize(("begins", "ends", "turn"), [("", KEY, resealing.seal), (KEY, "", resealing.unseal)])
def test_sealing_killed_at_any_touch_leaves_the_old_store_or_the_new_one(
    begins: str,
    ends: str,
    turn: Callable[[Store], int],
    small: dict[str, Store],
    tmp_path: Path,
    with_key: Callable[[str], None],
) -> None:
    with_key(begins)
    there, entered = plainly(small[begins]), [entry.act for entry in audit.of(small[begins])]
    copy = Store(Path(shutil.copytree(small[begins].root, tmp_path / "undisturbed")))
    with_key("")  # what other processes begin with; this work takes the key with it
    touches = apart.touches(copy.root, functools.partial(apart.turned_by, copy, KEY, turn))
    found = set()
    for touch in (touches // 2, *range(touches - 28, touches, 7)):
        copy = Store(Path(shutil.copytree(small[begins].root, tmp_path / f"{touch}")))
        before = contents(copy.root)
        with_key("")
        apart.killed_at(touch, copy.root, functools.partial(apart.turned_by, copy, KEY, turn))
        mark = (copy.root / sealing.MARK).read_text(encoding="ascii") if (copy.root / sealing.MARK).is_file() else ""
        is_new = "turning" in mark or bool(mark) == bool(ends)
        found.add(is_new)
        with_key(ends if is_new else begins)
        resealing.finish(copy)
        now = contents(copy.root)
        assert not [name for name in now if resealing.TURNED in name]
        if is_new:
            assert plainly(copy) == there
            assert bool(readable(copy.root)) == (ends == "")
            assert [entry.act for entry in audit.of(copy)[1:]] == entered
        else:
            assert {name: now[name] for name in before} == before
            assert {Path(name).suffix for name in set(now) - set(before)} <= {".lock", ".sqlite-journal"}
    assert found == {True, False}


def plainly(store: Store) -> dict[str, bytes]:
    """What every file of a store holds, sealed or not, but its log and its mark."""
    files = (path for path in store.root.rglob("*") if path.is_file() and path.suffix not in {".lock", ".sqlite", ""})
    return {path.relative_to(store.root).as_posix(): sealing.read(path) for path in files if path.name != sealing.MARK}


def unsealed(store: Store) -> set[Path]:
    """The files of a store that are not sealed in one way or another."""
    return {path for path in store.root.rglob("*") if path.is_file() and not is_unreadable(path)}


def locks(store: Store) -> set[str]:
    """The names of its locks."""
    return {path.name for path in store.root.glob("*.lock")}


def checks(store: Store) -> set[str]:
    """The names of its checksums."""
    return {path.name for path in store.warehouse.glob(f"*{checksums.ENDING}")}


def test_a_damaged_build_keeps_a_store_from_being_sealed_and_all_is_as_it_was(
    two_lives: tuple[Store, Store], tmp_path: Path, with_key: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(Path(shutil.copytree(two_lives[0].root, tmp_path / "store")))
    (build,) = store.warehouse.glob("*.duckdb")
    build.write_bytes(build.read_bytes()[:-4096])
    before = contents(store.root)
    with_key(KEY)
    assert main(["seal", "--store", str(store.root)]) == 2
    assert f"{build.name} cannot be read" in capsys.readouterr().err
    now = contents(store.root)
    assert {name: now[name] for name in before} == before
    assert {Path(name).suffix for name in set(now) - set(before)} <= {".lock"}


@pytest.mark.promise("backup.whole")
def test_a_backup_of_a_sealed_store_is_sealed_and_comes_back_under_its_key_only(
    sealed: Store, tmp_path: Path, with_key: Callable[[str], None]
) -> None:
    file = tmp_path / "saved.tar"
    there = told(sealed)
    archive.save(sealed, file)
    assert readable(tmp_path) == set()
    for secret in ("", OTHER):
        with_key(secret)
        with pytest.raises(SealError):
            archive.restore(file, Store(tmp_path / "back"))
        assert not (tmp_path / "back").exists()
    with_key(KEY)
    back = Store(tmp_path / "back")
    archive.restore(file, back)
    assert [each for at, each in enumerate(told(back)) if at != 8] == [each for at, each in enumerate(there) if at != 8]
    assert audit.of(back)[0].act == "restored"
    content = bytearray(file.read_bytes())
    content[content.index(sealing.IN_STORE) + 100] ^= 1
    file.write_bytes(content)
    with pytest.raises(archive.BackupError, match="damaged"):
        archive.restore(file, Store(tmp_path / "again"))
    assert not (tmp_path / "again").exists()
