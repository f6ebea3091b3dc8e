"""Promises of backups: what is saved comes back byte by byte, and of a damaged file nothing comes back at all."""

import contextlib
import io
import json
import random
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from data import archive, audit, batches, landing
from data.__main__ import main
from data.archive import BackupError
from data.store import Store
from queries import building, warehouse
from tests.conftest import opened

pytestmark = pytest.mark.promise("backup.whole")

FLIPS, CUTS = 150, 40


@pytest.fixture
def store(cadre_store: Store, tmp_path: Path) -> Store:
    """The twelve people landed and built, with a key, a log, and what lives no longer than its process."""
    copy = Store(tmp_path / "store")
    shutil.copytree(cadre_store.root, copy.root)
    copy.key_path.write_text("secret", encoding="utf-8")
    copy.key_path.chmod(0o600)
    audit.note(copy, "listed", "甲", "age_ladder/boundary")
    copy.previews.mkdir()
    (copy.previews / "tried.duckdb").write_bytes(b"x")
    copy.passing.mkdir()
    (copy.passing / "rows.parquet").write_bytes(b"x")
    (copy.warehouse / "abc.building").write_bytes(b"x")
    (copy.landed / "manifest.json.0123.fresh").write_text("half", encoding="utf-8")
    return copy


@pytest.fixture
def small(tmp_path: Path) -> tuple[Store, Path]:
    """A store of three small files, and its backup."""
    made = Store(tmp_path / "small")
    made.landed.mkdir(parents=True)
    made.manifest_path.write_text('{"batches": []}', encoding="utf-8")
    (made.landed / "0001.parquet").write_bytes(random.Random(1).randbytes(3000))  # noqa: S311 - only content
    made.key_path.write_text("secret", encoding="utf-8")
    file = tmp_path / "small.tar"
    assert archive.save(made, file) == 4
    return made, file


def held(root: Path) -> dict[str, bytes]:
    """Every file of a store and what is in it, but the audit log and the empty ones that locks leave."""
    files = (path for path in root.rglob("*") if path.is_file() and path.suffix not in (".lock", ".sqlite"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_a_store_comes_back_as_it_was_and_answers_alike(store: Store, tmp_path: Path) -> None:
    file, again = tmp_path / "saved.tar", Store(tmp_path / "new" / "again")
    number = archive.save(store, file)
    assert archive.restore(file, again) == number
    before = held(store.root)
    passing = {
        name for name in before if name.endswith((".fresh", ".building")) or name.startswith(("previews/", "passing/"))
    }
    assert len(passing) == 4
    kept = {name: content for name, content in before.items() if name not in passing}
    after = held(again.root)
    assert after == kept
    assert audit.of(again)[1:] == audit.of(store)
    assert [(entry.act, entry.what) for entry in audit.of(again)[:2]] == [
        ("restored", str(file)),
        ("backed up", str(file)),
    ]
    assert audit.verify(again).entries == audit.verify(store).entries + 1
    assert again.key_path.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_mode & 0o077 == 0
    asked = "age_ladder/quota", {"as_of": 202610}
    assert opened(again).ask(asked[0], **asked[1]).table.equals(opened(store).ask(asked[0], **asked[1]).table)


def test_a_backup_is_a_tar_with_an_index_at_its_end(small: tuple[Store, Path]) -> None:
    _, file = small
    with tarfile.open(file) as packed:
        names = packed.getnames()
        index = json.load(packed.extractfile(names[-1]) or io.BytesIO())
    assert names == ["audit.sqlite", "landed/0001.parquet", "landed/manifest.json", "person.key", "backup.json"]
    assert index["files"]["person.key"] == {
        "size": 6,
        "sha256": "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",  # printf secret | sha256sum
    }


def tried(file: Path, damaged: bytes, small: Store, folder: Path) -> bool:
    """Whether a damaged backup was restored: then as it was, otherwise nothing is left of it."""
    file.write_bytes(damaged)
    again = Store(folder / "again")
    with contextlib.suppress(BackupError):
        archive.restore(file, again)
    if not again.root.exists():
        assert [path.name for path in folder.iterdir()] == [file.name]
        return False
    assert held(again.root) == held(small.root)
    shutil.rmtree(again.root)
    return True


def test_a_damaged_backup_gives_back_all_or_nothing(small: tuple[Store, Path], tmp_path: Path) -> None:
    made, file = small
    whole, chance = file.read_bytes(), random.Random(7)  # noqa: S311 - only places
    folder = tmp_path / "damaged"
    folder.mkdir()
    content = whole.index(made.landed.joinpath("0001.parquet").read_bytes())
    places = [content, content + 1500, content + 2999, *(chance.randrange(len(whole)) for _ in range(FLIPS))]
    restored = {
        place: tried(folder / "b.tar", whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :], made, folder)
        for place in places
    }
    assert not any(restored[place] for place in places[:3])
    end = whole.rindex(b"}") + 1
    for cut in (0, 1, 511, content + 10, end - 1, *(chance.randrange(end) for _ in range(CUTS))):
        assert not tried(folder / "b.tar", whole[:cut], made, folder)


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside", "C:\\outside", "c:outside"])
def test_a_backup_lays_nothing_outside(small: tuple[Store, Path], tmp_path: Path, name: str) -> None:
    file = tmp_path / "trick.tar"
    with tarfile.open(file, "w") as packed:
        member = tarfile.TarInfo(name)
        member.size = 3
        packed.addfile(member, io.BytesIO(b"abc"))
    with pytest.raises(BackupError, match="is missing, damaged or not ours; nothing was restored"):
        archive.restore(file, Store(tmp_path / "again"))
    assert {path.name for path in tmp_path.iterdir()} == {"small", "small.tar", "trick.tar"}
    assert small[0].root.exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_a_backup_holds_files_and_nothing_else(tmp_path: Path, kind: bytes) -> None:
    file, member = tmp_path / "trick.tar", tarfile.TarInfo("landed")
    member.type, member.linkname = kind, "/etc/passwd"
    with tarfile.open(file, "w") as packed:
        packed.addfile(member)
    with pytest.raises(BackupError, match="landed in the backup is missing, damaged or not ours"):
        archive.restore(file, Store(tmp_path / "again"))


def test_nothing_that_is_there_is_written_over(small: tuple[Store, Path]) -> None:
    made, file = small
    before = held(made.root), file.read_bytes()
    with pytest.raises(BackupError, match="is not empty; name a new folder"):
        archive.restore(file, made)
    with pytest.raises(BackupError, match="is there already; take another name"):
        archive.save(made, file)
    assert (held(made.root), file.read_bytes()) == before


def test_nothing_lands_and_nothing_is_built_while_a_store_is_saved(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "units.csv"
    path.write_text("单位编码,单位名称,班子类别\n1,示例市,city\n", encoding="utf-8")
    pack, refused = archive._packed, []  # noqa: SLF001 - the moment at which the store is copied

    def meanwhile(*given: Any) -> Any:
        held = pack(*given)
        for module in (batches, building):
            monkeypatch.setattr(module, "LOCK_SECONDS", 0)
        for work in (lambda: landing.land(store, [path]), lambda: building.build(store)):
            with pytest.raises((batches.LandingError, warehouse.WarehouseError), match="try again"):
                work()
            refused.append(work)
        return held

    monkeypatch.setattr(archive, "_packed", meanwhile)
    before = store.manifest()
    archive.save(store, tmp_path / "b.tar")
    assert len(refused) == 2
    assert store.manifest() == before


def test_a_store_comes_back_into_a_folder_that_is_there_and_empty(small: tuple[Store, Path], tmp_path: Path) -> None:
    made, file = small
    again = Store(tmp_path / "empty")
    again.root.mkdir()
    inode = again.root.stat().st_ino
    assert archive.restore(file, again) == 4
    assert held(again.root) == held(made.root)
    assert again.root.stat().st_ino == inode  # the folder itself stays, as one that a disk is mounted at must


def test_a_backup_is_not_written_into_the_store_that_it_saves(small: tuple[Store, Path]) -> None:
    made, _ = small
    with pytest.raises(BackupError, match="lies in the store itself"):
        archive.save(made, made.landed / "b.tar")
    assert not (made.landed / "b.tar").exists()


def test_what_is_no_store_and_what_is_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="Nothing has landed"):
        archive.save(Store(tmp_path), tmp_path / "b.tar")
    with pytest.raises(BackupError, match=r"cannot be read \(No such file"):
        archive.restore(tmp_path / "b.tar", Store(tmp_path / "again"))
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_saves_and_restores(
    small: tuple[Store, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, file = small
    assert main(["backup", str(tmp_path / "b.tar"), "--store", str(made.root)]) == 0
    assert main(["restore", str(file), "--store", str(tmp_path / "again")]) == 0
    assert held(tmp_path / "again") == held(made.root)
    assert main(["restore", str(file), "--store", str(tmp_path / "again")]) == 2
    said = capsys.readouterr()
    assert "4 files" in said.out
    assert "is not empty" in said.err
