"""One lake of landed batches for several machines: a folder on the network or a bucket, which is only added to.

It holds the files of batches and numbered lists of them, byte by byte as they lie in a store. A number is taken by
writing where nobody has written, which a hard link does in a folder and `If-None-Match` in a bucket: of two machines
that land at once one is first, and the other lands after it. Nothing is locked and nothing is written over. Every
machine keeps a copy, each file held to its SHA-256, and builds from that.
"""

import contextlib
import dataclasses
import datetime as dt
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from data import digest, keeping, sealing
from data.store import Batch, Store

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig  # there for types alone

SETTING = "lake"
CLAIM = "claimed"
LISTED = re.compile(r"\d{7}\.json")
"""What a list is called: a network folder may hold strays beside it."""
KEY_CHECK = "person.key.check"
PATIENCE: "RetryConfig" = {"max_retries": 3, "retry_timeout": dt.timedelta(seconds=30)}
LONGEST = "600s"
"""How long one file may take."""
UNENCRYPTED = "AWS_ALLOW_HTTP"
"""Where the environment names a server of one's own network by http, it says so by `true` here."""
Change = Callable[[tuple[Batch, ...]], tuple[Batch, ...]]


@dataclasses.dataclass(frozen=True, slots=True)
class Lake:
    """The lake of one store; a file is called there as it is in the store."""

    store: Store
    address: str
    place: ObjectStore

    def bring(self) -> tuple[Batch, ...]:
        """Copy what the store lacks, and give the batches of the newest list. WriteError where that cannot be."""
        with _told(self.address):
            batches = self._listed(self.newest())
        known = {batch.id: batch.parts for batch in batches}
        strange = [each.id for each in self.store.manifest().batches if known.get(each.id) != each.parts]
        if strange:
            raise _strange(self.store, self.address, strange)
        for batch in batches:
            for part in batch.parts.values():
                self._copy(self.store.landed / part.path, part.digest)
        return batches

    def claim(self, batch_id: str, by: bytes) -> bool:
        """Take the number of a batch; False where somebody else has taken it."""
        with _told(self.address):
            return self.first(self.name(self.store.landed / batch_id / CLAIM), by)

    def send(self, batches: Sequence[Batch]) -> None:
        """Write the files of batches whose numbers are claimed; nobody sees them before a list names them."""
        with _told(self.address):
            for batch in batches:
                for part in batch.parts.values():
                    path = self.store.landed / part.path
                    obstore.put(self.place, self.name(path), path)

    def change(self, change: Change) -> tuple[Batch, ...]:
        """Change the list of batches in one atomic step, anew where another machine was first, and give it."""
        while True:
            with _told(self.address):
                number = self.newest()
            batches = change(self.bring() if number else self.store.manifest().batches)
            if self._lists(number + 1, batches):
                return batches

    def _lists(self, number: int, batches: tuple[Batch, ...]) -> bool:
        path = self._list(number)
        keeping.put(path, listed(batches))
        with _told(self.address):
            taken = self.first(self.name(path), path.read_bytes())
        if not taken:
            path.unlink()
        return taken

    def first(self, name: str, content: bytes) -> bool:
        """Write where nobody has written; a try whose answer was lost is known by what it wrote."""
        try:
            obstore.put(self.place, name, content, mode="create")
        except AlreadyExistsError:
            return self.read(name) == content
        return True

    def read(self, name: str) -> bytes | None:
        """What lies under a name; None where nothing does."""
        with contextlib.suppress(FileNotFoundError):
            return bytes(obstore.get(self.place, name).bytes())
        return None

    def newest(self) -> int:
        """The number of the newest list; 0 before the first."""
        found = obstore.list(self.place, prefix=self.store.lists.name)
        names = (Path(each["path"]).name for some in found for each in some)
        return max((int(name.partition(".")[0]) for name in names if LISTED.fullmatch(name)), default=0)

    def _listed(self, number: int) -> tuple[Batch, ...]:
        if not number:
            return ()
        path = self._list(number)
        if not path.is_file():
            self._fetch(path)
        return tuple(map(Batch.from_json, json.loads(sealing.read_text(path))["batches"]))

    def _copy(self, path: Path, expected: str) -> None:
        if digest.of(path, opened=sealing.opened) == expected:
            return
        with _told(self.address):
            self._fetch(path)
        if digest.of(path, afresh=True, opened=sealing.opened) != expected:
            path.unlink()
            raise _damaged(self.address, self.name(path))

    def _fetch(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}.fresh")
        try:
            with fresh.open("xb") as file:
                for some in obstore.get(self.place, self.name(path)).stream():
                    file.write(some)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    def _list(self, number: int) -> Path:
        return self.store.lists / f"{number:07d}.json"

    def name(self, path: Path) -> str:
        """What a file of the store is called here."""
        return path.relative_to(self.store.root).as_posix()


def listed(batches: Sequence[Batch]) -> str:
    """A list of batches as it is written."""
    return keeping.text({"batches": [dataclasses.asdict(each) for each in batches]})


def of(store: Store) -> Lake | None:
    """The lake of a store, None where it has none; StoreError where the settings cannot be read."""
    address = store.setting(SETTING)
    return _opened(store, str(address)) if address else None


def join(store: Store, address: str, key: Callable[[], bytes]) -> None:
    """Share the batches of a store by a lake from now on; where it is empty, they are the first to lie there.

    `address` is a folder or a URL as s3://bucket/city. `key` gives the key of the store's person codes, made where it
    has none. WriteError where the store holds what the lake has not, or where seals or keys differ.
    """
    if of(store):
        raise _joined(store)
    lake = _opened(store, address)
    with _told(address):
        _agree_on_seal(lake)
        _agree_on_key(lake, key)
        empty = not lake.newest()
    if empty:
        own = store.manifest().batches
        if not all(lake.claim(each.id, _marks(each)) for each in own):
            raise _strange(store, address, [each.id for each in own])
        lake.send(own)
        lake.change(lambda batches: batches)
    lake.bring()
    earlier = store.settings.read_text(encoding="utf-8") if store.settings.exists() else ""
    keeping.put(store.settings, f"{SETTING} = {keeping.quoted(address)}\n{earlier}", plain=True)


def _marks(batch: Batch) -> bytes:
    return " ".join(part.digest for part in batch.parts.values()).encode()


def _agree_on_seal(lake: Lake) -> None:
    """Hold the seal of the store to that of the lake, or take it over where nothing has landed."""
    root, theirs = lake.store.root, lake.read(sealing.MARK)
    begun = lake.newest() > 0
    if begun and theirs is None and sealing.key() is not None:
        raise _sealed_otherwise(lake)
    mark = root / sealing.MARK
    if theirs and not mark.is_file() and not lake.store.manifest_path.is_file():
        told = theirs.decode()
        sealing.under(root.absolute(), told, sealing.key())
        keeping.put(mark, told)
    keeping.enter(root)
    ours = mark.read_bytes() if mark.is_file() else None
    if ours and theirs is None and not begun:
        lake.first(sealing.MARK, ours)
    elif ours != theirs:
        raise _sealed_otherwise(lake)


def _agree_on_key(lake: Lake, key: Callable[[], bytes]) -> None:
    """Hold the key of person codes to that of whoever joined first: under another one a person would be two."""
    kept = lake.store.key_path
    if lake.read(KEY_CHECK) and not kept.is_file():
        raise _keyless(kept, lake.address)
    if not lake.first(KEY_CHECK, sealing.derived(key(), "lake").hex().encode()):
        raise _other_key(kept, lake.address)


def _opened(store: Store, address: str) -> Lake:
    try:
        if "://" in address:
            options: ClientConfig = {"timeout": LONGEST, "allow_http": os.environ.get(UNENCRYPTED) == "true"}
            place: ObjectStore = from_url(address, retry_config=PATIENCE, client_options=options)
        else:
            place = LocalStore(Path(address).absolute())
    except (BaseError, OSError, ValueError) as error:
        raise _out_of_reach(address, error) from error
    return Lake(store, address, place)


@contextlib.contextmanager
def _told(address: str) -> Iterator[None]:
    """Say of what a lake refuses, in both languages, what to do."""
    try:
        yield
    except (BaseError, FileNotFoundError, PermissionError) as error:
        raise _out_of_reach(address, error) from error


def _out_of_reach(address: str, error: Exception) -> keeping.WriteError:
    why = str(error).split("\n", 1)[0]
    return keeping.WriteError(
        f"The lake {address} cannot be reached or does not take it ({why}); look to the network and the rights there,"
        " see by `python -m data pull` what has landed, and try again.",
        f"共享数据区{address}无法访问或拒绝写入（{why}）；请检查网络和权限，"
        "运行 python -m data pull 查看已入库批次后重试。",
    )


def _strange(store: Store, address: str, batches: Sequence[str]) -> keeping.WriteError:
    told = ", ".join(batches)
    return keeping.WriteError(
        f"{store.root} holds batches that {address} has not, or others under the same number: {told}. Take an empty"
        " store, and land their files there.",
        f"{store.root}中的第 {told} 批与{address}不一致；请改用空的数据目录加入，再导入这些文件。",
    )


def _sealed_otherwise(lake: Lake) -> keeping.WriteError:
    return keeping.WriteError(
        f"{lake.store.root} and {lake.address} are not under one seal, and as they were. Join with an empty store.",
        f"{lake.store.root}与{lake.address}的加密状态不一致，均未作改动；请用空的数据目录加入。",
    )


def _keyless(kept: Path, address: str) -> keeping.WriteError:
    return keeping.WriteError(
        f"{kept} is missing; copy it from a machine that has joined {address}, by a way nobody reads.",
        f"缺少人员编码密钥{kept}，请从已加入{address}的机器上以安全方式复制。",
    )


def _other_key(kept: Path, address: str) -> keeping.WriteError:
    return keeping.WriteError(
        f"{kept} is another key than that of {address}, and a person would have two codes; copy it from a machine that"
        " has joined.",
        f"{kept}与{address}所用的人员编码密钥不同，同一人会有两个编码；请从已加入的机器上复制。",
    )


def _damaged(address: str, name: str) -> keeping.WriteError:
    return keeping.WriteError(
        f"{name} in {address} is not as it landed; bring it back there from a backup or from a machine that has it.",
        f"{address}中的{name}与入库时不一致，请从备份或保有该文件的机器恢复。",
    )


def _joined(store: Store) -> keeping.WriteError:
    return keeping.WriteError(
        f"{store.root} shares a lake already, as {store.settings} says.",
        f"{store.root}已加入共享数据区，见{store.settings}。",
    )
