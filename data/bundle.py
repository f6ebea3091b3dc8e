"""Which personnel files were given: one, many, a folder, a zip; each read once, under limits, none written out."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO

from data import lrmx, matching, sealing
from data.cell import Problem
from data.checking import WARNING, Finding
from data.reading import EXCEL, ReadingError

ENDINGS = (lrmx.LRMX, lrmx.LRM)
ZIP = ".zip"
TABLES = (".csv", *EXCEL)
MOST_FILES = 100_000
MOST_UNPACKED = 8_000_000_000
HIGHEST_RATIO = 200
"""How many times larger a packed file may be than what is packed; a photo hardly shrinks, a text fivefold."""
NOBODYS = ("thumbs.db", "desktop.ini")
ENCRYPTED = 0x1
UTF8_NAME = 0x800
Progress = Callable[[str], None]
"""Told the name of each file as its turn comes."""

NOT_READ = Problem(
    "This is neither a personnel file nor, outside an archive, a table; it was not read.",
    "既不是任免审批表，也不是（压缩包以外的）表格文件，未读取。",
    "Nothing is to be done for photos and notes; unpack tables and archives that should be read.",
    "照片、说明等无需处理；如需读取其中的表格或压缩包，请先解压。",
)
LEAVES_ARCHIVE = Problem(
    "The name of this file leads out of the archive; it was not read.",
    "文件名指向压缩包以外，未读取。",
    "Pack the files again.",
    "请重新打包。",
)
TOO_DENSE = Problem(
    f"This file unpacks to more than {HIGHEST_RATIO} times its packed size; it was not read.",
    f"此文件解压后超过压缩大小的{HIGHEST_RATIO}倍，未读取。",
    "Send the file itself, not packed.",
    "请直接报送该文件，不要压缩。",
)
BROKEN_MEMBER = Problem(
    "This file cannot be unpacked; it is damaged or has a password.",
    "此文件无法解压（已损坏或有密码）。",
    "Pack the files again, without a password.",
    "请重新打包，且不要设置密码。",
)
UNREADABLE = Problem(
    "This file cannot be opened.",
    "此文件无法打开。",
    "Look whether it may be read, and send it again.",
    "请检查读取权限后再次报送。",
)


@dataclass(frozen=True, slots=True)
class Received:
    """What the manifest keeps of the personnel files: what was given, how many they were and their SHA-256."""

    name: str
    files: int
    digest: str


@dataclass(frozen=True, slots=True)
class File:
    """One personnel file: its name without ID numbers, its ending, and its content or why there is none."""

    name: str
    ending: str
    content: bytes | Problem


@dataclass(slots=True)
class Bundle:
    """Everything given, sorted: `tables` are for the reader of tables, `sources` hold personnel files.

    `files` reads one after the other and tells `progress` of each; then `received` and `findings` tell of all.
    `private` names the tables in which something was seen that may not be kept.
    """

    tables: list[Path] = field(default_factory=list)
    sources: list[Path] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    progress: Progress = lambda _: None
    private: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What the bundle is called in the account."""
        first = matching.masked(self.sources[0].name)
        return first if len(self.sources) == 1 else f"{first} +{len(self.sources) - 1}"

    def files(self) -> Iterator[File]:
        """Every personnel file; ReadingError where a source cannot be read or holds too much."""
        left = MOST_FILES
        names: dict[str, int] = {}
        for source in self.sources:
            digests: list[str] = []
            for file in _of(source, self.findings):
                if not isinstance(file.content, Problem):
                    digests.append(hashlib.sha256(file.content).hexdigest())
                left -= 1
                if left < 0:
                    raise ReadingError(_too_many(source))
                names[file.name] = names.get(file.name, 0) + 1
                again = f" ({names[file.name]})" if names[file.name] > 1 else ""
                self.progress(file.name)
                yield replace(file, name=file.name + again)
            name = matching.masked(source.name)
            self.received.append(Received(name, len(digests), _together(digests)))

    def told_of_private(self) -> Iterator[Received]:
        """What the manifest keeps of the tables of which no copy is made."""
        for path in self.tables:
            if path.name in self.private:
                with sealing.opened(path) as file:
                    yield Received(matching.masked(path.name), 1, hashlib.file_digest(file, "sha256").hexdigest())


def sort(paths: Sequence[Path], progress: Progress = lambda _: None) -> Bundle:
    """What was given, sorted by how it is read; a folder gives up its tables to the reader of tables."""
    bundle = Bundle(progress=progress)
    for path in paths:
        if path.is_dir():
            tables = [each for each in _inside(path) if each.suffix.lower() in TABLES]
            bundle.tables.extend(tables)
            if not tables or len(tables) < len(_inside(path)):
                bundle.sources.append(path)
        elif path.suffix.lower() in (*ENDINGS, ZIP) and path.is_file():
            bundle.sources.append(path)
        else:
            bundle.tables.append(path)
    return bundle


def _of(source: Path, findings: list[Finding]) -> Iterator[File]:
    if source.is_dir():
        return _folder(source, findings)
    return _zip(source, findings) if source.suffix.lower() == ZIP else iter([_opened(source, source.name)])


def _folder(folder: Path, findings: list[Finding]) -> Iterator[File]:
    others: dict[str, list[str]] = {}
    for path in _inside(folder):
        ending, name = path.suffix.lower(), path.relative_to(folder.parent).as_posix()
        if ending in ENDINGS and not path.is_symlink():
            yield _opened(path, name)
        elif ending not in TABLES:
            others.setdefault(ending, []).append(name)
    findings.extend(_left_out(folder.name, others))


def _inside(folder: Path) -> list[Path]:
    """Every file of a folder and of those in it, links to folders not followed, files of the system left out."""
    found = (Path(root) / name for root, _, names in os.walk(folder) for name in names if not _is_nobodys(name))
    return sorted(found)


def _is_nobodys(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in NOBODYS


def _opened(path: Path, name: str) -> File:
    try:
        with sealing.opened(path) as file:
            content: bytes | Problem = _limited(file)
    except OSError:
        content = UNREADABLE
    return File(matching.masked(name), path.suffix.lower(), content)


def _limited(file: IO[bytes]) -> bytes:
    """Not more than the reader takes and one byte, by which it sees that the file is too large."""
    return file.read(lrmx.MOST_BYTES + 1)


def _zip(path: Path, findings: list[Finding]) -> Iterator[File]:
    try:
        with zipfile.ZipFile(sealing.source(path)) as archive:
            yield from _members(path, archive, findings)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        if isinstance(error, ReadingError):
            raise
        message = f"{path.name} cannot be read as a zip archive; pack the files again. 压缩包无法读取，请重新打包。"
        raise ReadingError(message) from error


def _members(path: Path, archive: zipfile.ZipFile, findings: list[Finding]) -> Iterator[File]:
    others: dict[str, list[str]] = {}
    left = MOST_UNPACKED
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise ReadingError(_too_many(path))
    for member in members:
        inside = PurePosixPath(_named(member).replace("\\", "/"))
        if member.is_dir() or _is_nobodys(inside.name) or "__MACOSX" in inside.parts:
            continue
        name, ending = f"{path.name}/{inside}", inside.suffix.lower()
        if ending not in ENDINGS:
            others.setdefault(ending, []).append(name)
            continue
        content = _unpacked(archive, member, inside)
        left -= 0 if isinstance(content, Problem) else len(content)
        if left < 0:
            raise ReadingError(_too_many(path))
        yield File(matching.masked(name), ending, content)
    findings.extend(_left_out(path.name, others))


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, inside: PurePosixPath) -> bytes | Problem:
    if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0]:
        return LEAVES_ARCHIVE
    if member.flag_bits & ENCRYPTED:
        return BROKEN_MEMBER
    if member.file_size > HIGHEST_RATIO * max(member.compress_size, 1):
        return TOO_DENSE
    try:
        with archive.open(member) as file:
            return _limited(file)
    except Exception:  # noqa: BLE001 - whatever a damaged member makes the decompressors raise, it is one file less
        return BROKEN_MEMBER


def _named(member: zipfile.ZipInfo) -> str:
    """A name as it was meant: packers in China write GBK and do not say so."""
    if member.flag_bits & UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _left_out(where: str, others: dict[str, list[str]]) -> Iterator[Finding]:
    """One finding for all files of an ending: a folder has a photo a person."""
    for ending, names in sorted(others.items()):
        value = matching.masked(f"{ending or names[0]}: {len(names)} ({names[0]} …)")
        yield Finding.of(
            NOT_READ, file=matching.masked(where), sheet="", row=0, column="", value=value, severity=WARNING
        )


def _together(digests: Sequence[str]) -> str:
    """One file has its own SHA-256; many have that of their sorted digests, a line each."""
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(digests)).encode()).hexdigest()


def _too_many(path: Path) -> str:
    gigabytes = MOST_UNPACKED // 1_000_000_000
    return (
        f"{path.name} holds more than {MOST_FILES} files, or more than {gigabytes} GB unpacked; "
        "send it in parts. 文件过多或解压后过大，请分批报送。"
    )
