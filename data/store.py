"""The store: a folder with all the data of one city, and what its manifest says has landed there."""

import dataclasses
import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from data import contract, digest, sealing
from data.bundle import Received

FINGERPRINT_LENGTH = 12


class StoreError(ValueError):
    """A file of the store that is damaged or gone; says which, and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """The rows of one source in one batch: a Parquet file under landed/, its row count and its content hash."""

    path: str
    rows: int
    digest: str


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """What landed together: the data month (YYYYMM) and one part a source.

    `received` tells of the personnel files in it, of which no copy is kept. A `withdrawn` one counts for nothing until
    it is restored.
    """

    id: str
    month: int | None
    replace: bool
    parts: Mapping[str, Part]
    invented: bool = False
    received: tuple[Received, ...] = ()
    withdrawn: bool = False

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """The batch that `dataclasses.asdict` wrote."""
        parts = {source: Part(**part) for source, part in given["parts"].items()}
        received = tuple(Received(**each) for each in given.get("received", ()))
        marks = given.get("invented", False), received, given.get("withdrawn", False)
        return cls(given["id"], given["month"], given["replace"], parts, *marks)


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that has landed, oldest batch first."""

    landed: Path
    batches: tuple[Batch, ...] = ()

    @property
    def invented(self) -> bool:
        """Whether everything here that counts is an invented city; so it is where nothing has landed."""
        return all(batch.invented for batch in self.batches if not batch.withdrawn)

    @property
    def current(self) -> tuple[Batch, ...]:
        """The batches that count: not those withdrawn, and an invented city gives way to the first real one."""
        standing = tuple(batch for batch in self.batches if not batch.withdrawn)
        return standing if self.invented else tuple(batch for batch in standing if not batch.invented)

    @property
    def month(self) -> int | None:
        """The data month (YYYYMM) of the newest batch that names one."""
        return next((batch.month for batch in reversed(self.current) if batch.month), None)

    def parts(self, source: str) -> tuple[Part, ...]:
        """The current parts of a source, oldest first: those since the last batch that replaced it."""
        current: list[Part] = []
        for batch in self.current:
            if source in batch.parts:
                current = [*([] if batch.replace else current), batch.parts[source]]
        return tuple(current)

    def files(self, source: str) -> tuple[Path, ...]:
        """The current Parquet files of a source, oldest first; where a key repeats, the later file is right.

        StoreError where one is not as it landed.
        """
        return tuple(map(self._whole, self.parts(source)))

    def verify(self) -> None:
        """Hash every file of the batches that count anew; StoreError at the first that is not as it landed."""
        for batch in self.current:
            for part in batch.parts.values():
                self._whole(part, afresh=True)

    def _whole(self, part: Part, *, afresh: bool = False) -> Path:
        path = self.landed / part.path
        if digest.of(path, afresh=afresh, opened=sealing.opened) != part.digest:
            raise StoreError(_damaged(path))
        return path

    def rows(self, source: str) -> int:
        """How many rows the current files of a source hold."""
        return sum(part.rows for part in self.parts(source))

    @property
    def fingerprint(self) -> str:
        """A short hash of the current content: the same rows landed in the same order give the same one anywhere."""
        content = {source: [part.digest for part in self.parts(source)] for source in contract.SOURCES}
        text = json.dumps({"month": self.month, "content": content}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:FINGERPRINT_LENGTH]


@dataclasses.dataclass(frozen=True, slots=True)
class Store:
    """One folder with all of one city: what was received, landed, found and built, and what people keep and enter."""

    root: Path

    @property
    def inbox(self) -> Path:
        """The files as they were received, a folder a batch; no personnel file and none that holds a closed source."""
        return self.root / "inbox"

    @property
    def landed(self) -> Path:
        """The Parquet files, a folder a batch, and the manifest."""
        return self.root / "landed"

    @property
    def passing(self) -> Path:
        """Rows of large files while they are checked, a folder a landing; empty where none is at work."""
        return self.root / "passing"

    @property
    def warehouse(self) -> Path:
        """The built DuckDB files."""
        return self.root / "warehouse"

    @property
    def pointer(self) -> Path:
        """Says which build is served."""
        return self.warehouse / "current"

    @property
    def previews(self) -> Path:
        """The DuckDB files built under rules that are tried out, a day long."""
        return self.root / "previews"

    @property
    def findings(self) -> Path:
        """What was found in the files of each batch, a CSV a batch."""
        return self.root / "findings"

    @property
    def steps(self) -> Path:
        """What people entered of the steps to a term change, a file an entry."""
        return self.root / "steps"

    @property
    def scenarios(self) -> Path:
        """The scenarios that people keep, a file a version and a file an endorsement."""
        return self.root / "scenarios"

    @property
    def amendments(self) -> Path:
        """What a department changed of the rules, a file an amendment."""
        return self.root / "amendments"

    @property
    def backtests(self) -> Path:
        """The back-tests, a file a build."""
        return self.root / "backtests"

    @property
    def briefings(self) -> Path:
        """The briefings that people endorsed, a folder each."""
        return self.root / "briefings"

    @property
    def templates(self) -> Path:
        """The templates of briefings that people made, a file each."""
        return self.root / "templates"

    @property
    def maps(self) -> Path:
        """What headings mean that somebody corrected, a map for each row of headings."""
        return self.root / "maps"

    @property
    def history(self) -> Path:
        """What was done to the store, a file an event."""
        return self.root / "history"

    @property
    def readers(self) -> Path:
        """Who was let in, a file an entry."""
        return self.root / "readers"

    @property
    def lists(self) -> Path:
        """The lists of batches that a lake has had, as they came from there, a file each."""
        return self.root / "lists"

    @property
    def settings(self) -> Path:
        """What is set for this store alone: `builds_kept`, how many of the last builds stay; `lake`, what it shares."""
        return self.root / "settings.toml"

    def setting(self, name: str, usual: Any = None) -> Any:
        """What is set under a name, else `usual`; StoreError where the settings cannot be read."""
        if not self.settings.exists():
            return usual
        try:
            return tomllib.loads(self.settings.read_text(encoding="utf-8")).get(name, usual)
        except (OSError, ValueError) as error:
            message = f"{self.settings} cannot be read ({error}); mend it. 文件无法读取，请修复。"
            raise StoreError(message) from error

    @property
    def audit(self) -> Path:
        """Who landed, changed and endorsed what: a database that is only added to."""
        return self.root / "audit.sqlite"

    @property
    def sessions(self) -> Path:
        """Who is signed in; no backup holds it, as a session given back would be one that nobody ended."""
        return self.root / "sessions.sqlite"

    @property
    def key_path(self) -> Path:
        """What person codes are made with from identifiers; whoever has it could try ID numbers out."""
        return self.root / "person.key"

    def findings_of(self, batch_id: str) -> Path:
        """What was found in the files of one batch."""
        return self.findings / f"{batch_id}.csv"

    def backtest_of(self, build_id: str) -> Path:
        """The back-test of one build."""
        return self.backtests / f"{build_id}.json"

    @property
    def manifest_path(self) -> Path:
        """The one file that makes batches visible."""
        return self.landed / "manifest.json"

    def manifest(self) -> Manifest:
        """What has landed so far; StoreError where the manifest is damaged, or is gone though there is a build.

        SealError where the store and the key in force do not go together.
        """
        sealing.verify(self.root)
        if not self.manifest_path.is_file() and not self.pointer.is_file():
            return Manifest(self.landed)
        try:
            given = json.loads(sealing.read_text(self.manifest_path))
            return Manifest(self.landed, tuple(map(Batch.from_json, given["batches"])))
        except sealing.SealError:
            raise
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError) as error:
            message = (
                f"{self.manifest_path}, the list of what has landed, is damaged or gone; take it from the last backup. "
                "What was built is served on, and nothing lands before that. "
                f"入库清单 {self.manifest_path} 已损坏或丢失，请从最近的备份中取回；"
                "已生成的数据版本照常显示，取回之前不能入库。"
            )
            raise StoreError(message) from error


def _damaged(path: Path) -> str:
    batch = path.parent.name
    return (
        f"{path}, which landed in batch {batch}, is damaged or gone; take it from the last backup, or withdraw the "
        f"batch (`python -m data withdraw {batch}`) and land its files again. What was built is served on. "
        f"第 {batch} 批入库的文件 {path} 已损坏或丢失，请从最近的备份中取回，或撤回该批次后重新入库；"
        "已生成的数据版本照常显示。"
    )


def default_store() -> Store:
    """The store in the folder that CADRE_STORE names, else the one beside this file, which git ignores."""
    return Store(Path(os.environ.get("CADRE_STORE") or Path(__file__).parent / "store"))
