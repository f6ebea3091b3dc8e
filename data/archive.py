"""The whole store in one file, and out of it again: every file with its hash, all of it or nothing.

The file is a plain tar that any system opens; its last member, backup.json, tells the size and SHA-256 of every other.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any

from data import audit, batches, history, keeping, sealing
from data.store import Store

INDEX = "backup.json"
FORM = 1
BLOCK = 1 << 20
WAIT_SECONDS = 60
PASSED_OVER = re.compile(r"\.building|(?:\.lock|\.fresh|\.turned|\.probe|-journal|-wal|-shm)$")
"""Names of files that live no longer than the process that made them."""


class BackupError(ValueError):
    """A store cannot be saved or given back; says why and what to do. What was there before is as it was."""


def save(store: Store, file: Path) -> int:
    """Write a store into a file and give how many files it holds, while nothing lands and nothing is built.

    BackupError where there is no store, where the file is there already or would lie in the store, or where it cannot
    be written.
    """
    if not store.manifest_path.is_file():
        message = (
            f"Nothing has landed in {store.root}; name the folder of a store. {store.root}不是数据目录，请另行指定。"
        )
        raise BackupError(message)
    if file.exists():
        message = f"{file} is there already; take another name. 文件{file}已存在，请另取文件名。"
        raise BackupError(message)
    if file.resolve().is_relative_to(store.root.resolve()):
        message = f"{file} lies in the store itself; take another folder. {file}位于数据目录之内，请另选目录。"
        raise BackupError(message)
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(6)}.fresh")
    try:
        who = history.whoever_runs_this()
        with _refusal(file), batches.still(store, WAIT_SECONDS), audit.entered(store, "backed up", who, str(file)):
            held = _packed(store, fresh)
            fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    return len(held)


def restore(file: Path, store: Store) -> int:
    """Lay a saved store into a folder that is not there or empty, and give how many files it holds.

    BackupError where the folder holds anything, or where the file is damaged or none of ours: then nothing is laid.
    """
    if store.root.exists() and any(store.root.iterdir()):
        message = f"{store.root} is not empty; name a new folder. 目录{store.root}不为空，请指定新目录。"
        raise BackupError(message)
    there = store.root.exists()
    fresh = store.root / f"{secrets.token_hex(6)}.fresh"
    try:
        with _refusal(store.root), _reading(file) as packed:
            store.root.mkdir(parents=True, exist_ok=True)
            held = _unpacked(packed, fresh)
            sealing.verify(fresh)
            for path in sorted(fresh.iterdir(), key=lambda path: path.name == store.landed.name):
                path.replace(store.root / path.name)  # the manifest last: before it there is no store
            audit.note(store, "restored", history.whoever_runs_this(), str(file))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if not there and store.root.exists() and not any(store.root.iterdir()):
            store.root.rmdir()
    return len(held)


def _packed(store: Store, fresh: Path) -> dict[str, dict[str, Any]]:
    held: dict[str, dict[str, Any]] = {}
    with fresh.open("xb") as out, tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as packed:
        fresh.chmod(keeping.OWNER_ONLY)
        for path in kept(store):
            name = path.relative_to(store.root).as_posix()
            with _standing_still(path, store) as file:
                held[name] = _added(packed, name, file, path.stat().st_mode)
        index = json.dumps({"form": FORM, "files": held}, ensure_ascii=False).encode()
        packed.addfile(_member(INDEX, len(index)), io.BytesIO(index))
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    return held


def kept(store: Store) -> Iterator[Path]:
    """Every file of a store that outlives the process that made it."""
    passing = {store.previews.name, store.passing.name, store.sessions.name}
    for path in sorted(store.root.rglob("*")):
        inside = path.relative_to(store.root)
        if path.is_file() and not any(map(PASSED_OVER.search, inside.parts)) and inside.parts[0] not in passing:
            yield path


@contextlib.contextmanager
def _standing_still(path: Path, store: Store) -> Iterator[IO[bytes]]:
    """Open a file; of the audit log, into which others write meanwhile, a copy as of now."""
    if path != store.audit:
        with path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with contextlib.closing(sqlite3.connect(path)) as log, contextlib.closing(sqlite3.connect(copy)) as fresh:
            log.backup(fresh)
        with copy.open("rb") as file:
            yield file


class _Hashing:
    """A file that is hashed as it is read, so that the hash is of what was copied."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin at its beginning."""
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        block = self.file.read(size)
        self.digest.update(block)
        return block


def _added(packed: tarfile.TarFile, name: str, file: IO[bytes], mode: int) -> dict[str, Any]:
    size, hashing = os.fstat(file.fileno()).st_size, _Hashing(file)
    packed.addfile(_member(name, size, mode), hashing)
    return {"size": size, "sha256": hashing.digest.hexdigest()}


def _member(name: str, size: int, mode: int = keeping.OWNER_ONLY) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, mode & 0o777
    return member


def _unpacked(packed: tarfile.TarFile, folder: Path) -> Mapping[str, Any]:
    """Lay every file that the index tells of, each of which must be what it tells."""
    folder.mkdir(mode=0o700)
    laid: dict[str, dict[str, Any]] = {}
    index: Mapping[str, Any] | None = None
    for member in packed:
        content = packed.extractfile(member) if member.isreg() else None
        if content is None or index is not None or not _is_inside(member.name) or member.name in laid:
            raise BackupError(_damaged(member.name))
        if member.name == INDEX:
            index = json.loads(content.read())
        else:
            laid[member.name] = _laid(content, folder / member.name, member.mode)
    if index is None or index["form"] != FORM:
        raise BackupError(_damaged(INDEX))
    if laid != index["files"]:
        wrong = [name for name in {**laid, **index["files"]} if laid.get(name) != index["files"].get(name)]
        raise BackupError(_damaged(wrong[0]))
    return laid


def _laid(content: IO[bytes], path: Path, mode: int) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while block := content.read(BLOCK):
            digest.update(block)
            size += file.write(block)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode & 0o777)
    return {"size": size, "sha256": digest.hexdigest()}


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name


def _damaged(name: str) -> str:
    return (
        f"{name} in the backup is missing, damaged or not ours; nothing was restored, take an earlier backup. "
        f"备份中的{name}缺失、损坏或并非本系统所备，未恢复任何数据，请改用更早的备份。"
    )


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        opened = file.open("rb")
    except OSError as error:
        message = f"{file} cannot be read ({error.strerror}); name a backup. 备份文件{file}无法读取，请另行指定。"
        raise BackupError(message) from error
    try:
        with opened, tarfile.open(fileobj=opened, mode="r:") as packed:
            yield packed
    except (tarfile.TarError, EOFError, json.JSONDecodeError, KeyError, TypeError, UnicodeError) as error:
        raise BackupError(_damaged(file.name)) from error


@contextlib.contextmanager
def _refusal(where: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, batches.LandingError) as error:
        if isinstance(error, batches.LandingError):
            raise BackupError(str(error)) from error
        raise BackupError(" ".join(keeping.why(error, where))) from error
