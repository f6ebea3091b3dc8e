"""A whole store sealed, sealed under another key, or unsealed: as it was or as it is to be, whatever happens meanwhile.

Everything is written anew into a folder beside. Then one atomic replace of `sealed.json` says that the store turns:
until there all is as it was, from there on nobody opens it but `finish`, which lays every folder in its place and
which any command takes up where it was broken off.
"""

import contextlib
import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from data import archive, audit, batches, engine, history, keeping, lake, sealing
from data.audit import Act
from data.sealing import Seal, SealError
from data.store import Store

TURNED, NEW, OLD = ".turned", "new", "old"
WAIT_SECONDS = 60
CHECKSUM = ".sha256"
TELLS_OF_NOBODY = frozenset({"current", "settings.toml"})
"""Files that stay plain, as does whatever ends in CHECKSUM: which build is served, and what is set for the store."""


def seal(store: Store) -> int:
    """Seal a plain store under the key in force and give how many files it holds; SealError where it cannot be."""
    secret = sealing.key()
    if secret is None:
        raise _keyless()
    if sealing.of(store.root):
        raise _sealed_already(store)
    return _turned(store, "sealed", sealing.new_mark(secret), secret)


def reseal(store: Store, secret: bytes) -> int:
    """Seal a sealed store under another key than the one in force."""
    _require_seal(store)
    return _turned(store, "sealed under another key", sealing.new_mark(secret), secret)


def unseal(store: Store) -> int:
    """Make a sealed store plain again."""
    _require_seal(store)
    return _turned(store, "unsealed", None, None)


def finish(store: Store) -> None:
    """Go on where sealing or unsealing was broken off, and take away what it left; nothing where nothing was begun."""
    if _turning(store) is None and not any(store.root.glob(f"*{TURNED}")):
        return
    with _alone(store):
        told = _turning(store)
        for folder in store.root.glob(f"*{TURNED}"):
            if told and folder.name == told["turning"]:
                _laid(store, folder)
            shutil.rmtree(folder)
        if told and told["mark"] is None:
            (store.root / sealing.MARK).unlink()
        elif told:
            keeping.put(store.root / sealing.MARK, told["mark"])


def _turned(store: Store, act: str, mark: str | None, secret: bytes | None) -> int:
    finish(store)
    if lake.of(store):
        raise _shared(store)
    seal = sealing.under(store.root.absolute(), mark, secret) if mark else None
    folder = store.root / f"{secrets.token_hex(6)}{TURNED}"
    entry = Act(history.whoever_runs_this(), act, store.root.name, {})
    with keeping.writing(store.root), _alone(store), contextlib.ExitStack() as undone:
        undone.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / NEW).mkdir(parents=True)
        with audit.copied(store, folder / NEW / store.audit.name, seal, entry):
            before = _seen(store)
            for path in before:
                _written_anew(path, folder / NEW / path.relative_to(store.root), seal)
            if _seen(store) != before:
                raise _in_use(store)
            keeping.put(store.root / sealing.MARK, json.dumps({"turning": folder.name, "mark": mark}))
        undone.pop_all()
    finish(store)
    return len(before) + 1


def _written_anew(path: Path, to: Path, seal: Seal | None) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".duckdb":
        try:
            engine.turned(path, to, seal)
        except duckdb.Error as error:
            raise _unreadable(path, str(error)) from error
        _write_checksum(path, to)
    elif path.name in TELLS_OF_NOBODY:
        shutil.copyfile(path, to)
    elif path.suffix != CHECKSUM:
        with sealing.opened(path) as given, sealing.onto(to.open("xb"), path, seal) as kept:
            shutil.copyfileobj(given, kept, sealing.BLOCK)
    if to.exists():
        shutil.copystat(path, to)


def _write_checksum(path: Path, to: Path) -> None:
    """Write the checksum of a build that was written anew, where the earlier one stands and holds."""
    beside = path.with_name(path.name + CHECKSUM)
    if not beside.is_file():
        return
    if not beside.read_text(encoding="utf-8", errors="replace").startswith(_digest(path)):
        raise _unreadable(path, "its checksum differs")
    written = to.with_name(beside.name)
    written.write_text(f"{_digest(to)}  {path.name}\n", encoding="utf-8")
    shutil.copystat(beside, written)


def _laid(store: Store, folder: Path) -> None:
    """Lay what was written anew in the place of what was there, which goes; it may have been begun before."""
    (folder / OLD).mkdir(exist_ok=True)
    for path in (folder / NEW).iterdir():
        place = store.root / path.name
        if place.exists():
            place.rename(folder / OLD / path.name)
        path.rename(place)
    for gone in (store.previews, store.passing):
        shutil.rmtree(gone, ignore_errors=True)
    store.sessions.unlink(missing_ok=True)
    for left in (each for each in store.root.glob("*.fresh") if each.is_file()):
        left.unlink()


def _seen(store: Store) -> dict[Path, tuple[int, int]]:
    """Every file that is to be written anew but the log, which nobody writes to meanwhile, and when it was written."""
    every = {path: path.stat() for path in archive.kept(store) if path not in {store.audit, store.root / sealing.MARK}}
    return {path: (held.st_size, held.st_mtime_ns) for path, held in every.items()}


def _turning(store: Store) -> dict[str, Any] | None:
    """What the mark says of a store that is turning: into which folder it was written, and the mark that it gets."""
    mark = store.root / sealing.MARK
    if not mark.is_file():
        return None
    with contextlib.suppress(ValueError):
        told = json.loads(mark.read_text(encoding="utf-8"))
        return told if isinstance(told, dict) and "turning" in told else None
    return None


@contextlib.contextmanager
def _alone(store: Store) -> Iterator[None]:
    try:
        with batches.still(store, WAIT_SECONDS, entering=False):
            yield
    except batches.LandingError as error:
        raise _busy(store, str(error)) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_seal(store: Store) -> None:
    if sealing.of(store.root) is None:
        raise _plain(store)


def _plain(store: Store) -> SealError:
    return SealError(f"{store.root} is not sealed.", f"{store.root}未加密。")


def _shared(store: Store) -> SealError:
    return SealError(
        f"{store.root} shares a lake ({store.settings}), in which all would stay as it is; join a new one with a store"
        " that is sealed before.",
        f"{store.root}已加入共享数据区（{store.settings}），其中的文件不会随之改变；请先加密数据目录，再加入新的共享数据区。",
    )


def _keyless() -> SealError:
    return SealError(
        f"No key is given to seal with; make one by `python -m data newkey FILE` and name it in {sealing.KEY_FILE}.",
        f"未提供密钥；请用 python -m data newkey FILE 生成，并在环境变量 {sealing.KEY_FILE} 中指明。",
    )


def _sealed_already(store: Store) -> SealError:
    return SealError(f"{store.root} is sealed already.", f"{store.root}已经加密。")


def _busy(store: Store, why: str) -> SealError:
    return SealError(f"{store.root} is as it was. {why}", f"{store.root}未作改动。")


def _in_use(store: Store) -> SealError:
    return SealError(
        f"Somebody wrote to {store.root} meanwhile; it is as it was. Stop the server and try again.",
        f"操作期间{store.root}有写入，未作改动；请停止服务后重试。",
    )


def _unreadable(path: Path, reason: str) -> SealError:
    return SealError(
        f"{path} cannot be read ({reason}), the store is as it was; delete the build or take it from a backup.",
        f"{path}无法读取，数据目录未作改动；请删除该版本或从备份恢复。",
    )
