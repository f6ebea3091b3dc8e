"""How a file is written into the store: there as a whole or not at all, and on the disk once it is said to be kept."""

import contextlib
import datetime as dt
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ANYBODY, OWNER_ONLY = 0o666, 0o600
"""Who may read a file, less what the system takes away from everyone's new files."""


def now() -> str:
    """The present moment, as what people keep is stamped with it: ISO, UTC, to the microsecond, so that it sorts."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def text(given: Mapping[str, Any]) -> str:
    """JSON that people can read too: Chinese as it is, an item a line."""
    return json.dumps(given, ensure_ascii=False, indent=1)


def stamped(folder: Path, moment: str) -> Path:
    """A file that nobody else has, named by a moment as `now` gives it."""
    return folder / f"{moment.translate(str.maketrans('', '', ':-+'))}-{secrets.token_hex(4)}.json"


def numbered(folder: Path, *endings: str) -> list[Path]:
    """The files of a folder with these endings that are called by a number, in the order of their numbers."""
    files = [path for path in folder.glob("*") if path.suffix in endings and path.stem.isdecimal()]
    return sorted(files, key=lambda path: int(path.stem))


def put(path: Path, content: str, mode: int = ANYBODY) -> None:
    """Write a file; one that was there before gives way."""
    with _aside(path, content, mode) as fresh:
        fresh.replace(path)


def put_first(path: Path, content: str) -> bool:
    """Write a file where nobody has written one; False where somebody has, and theirs stays."""
    with _aside(path, content, ANYBODY) as fresh:
        try:
            os.link(fresh, path)
        except FileExistsError:
            return False
        return True


@contextlib.contextmanager
def refusal(en: str, zh: str, folder: Path, error: Callable[[str, str], Exception]) -> Iterator[None]:
    """Say of what the disk does not take, named in both languages, that the rest is as it was, and what to do.

    `error` makes what is raised of the two sentences, the English one first.
    """
    try:
        yield
    except OSError as refused:
        reason = refused.strerror or refused
        told_en = (
            f"{en} was not kept, all earlier ones are as they were: {folder} cannot be written ({reason}). "
            "Free space or allow writing there, then try again."
        )
        told_zh = f"{zh}未保存，此前保存的不受影响：{folder}无法写入（{reason}）。请清理空间或开放写入权限后重试。"
        raise error(told_en, told_zh) from refused


@contextlib.contextmanager
def _aside(path: Path, content: str, mode: int) -> Iterator[Path]:
    """A file beside the one that is meant, under a name of its own, gone when the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}.fresh")
    try:
        fresh.touch(mode, exist_ok=False)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
