"""How what lies in a store is kept from whoever has its disk but not its key, which the environment gives.

A sealed file is AES-256-GCM a block, so that any place of it is read without the rest; a block that was altered, moved
or cut off is refused. Its key is derived (HKDF-SHA256) from that of the store, a salt of its own and its name in the
store: a file laid in the place of another does not open. A store says that it is sealed in one file, `sealed.json`.
"""

import dataclasses
import functools
import hmac
import io
import json
import os
import re
import secrets
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY, KEY_FILE = "CADRE_STORE_KEY", "CADRE_STORE_KEY_FILE"
MARK = "sealed.json"
FORM = 1
KEY_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES = 32, 16, 12, 16
BLOCK = 64 * 1024
IN_STORE, ON_ITS_WAY = b"CADRE-SEAL\x01", b"CADRE-WAIT\x01"
"""How a sealed file begins: one of a store, and one that waits outside it and is bound to its whole path."""
WORDS = "sealed:"
MEMORY = "/dev/shm"  # noqa: S108 - a folder of one's own is made in it


class SealError(ValueError):
    """A store and the key do not go together, or a file is not as it was sealed; says so in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        """Say both."""
        super().__init__(f"{en} {zh}")
        self.en, self.zh = en, zh


@dataclasses.dataclass(frozen=True, slots=True)
class Seal:
    """What files under `root` are sealed with; every purpose has a key of its own, derived from `secret`."""

    root: Path
    secret: bytes = dataclasses.field(repr=False)
    kind: bytes = IN_STORE

    @property
    def warehouse_key(self) -> str:
        """The key of the DuckDB files, in the letters that DuckDB takes."""
        return derived(self.secret, "warehouse").hex()

    def file_key(self, path: Path, salt: bytes) -> AESGCM:
        """The key of one file, by its place."""
        name = path.absolute().relative_to(self.root).as_posix()
        return AESGCM(derived(self.secret, f"file {name}", salt))

    def words(self, text: str, place: str) -> str:
        """A text for a database that is not sealed as a whole, bound to its place there."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        held = AESGCM(derived(self.secret, "words")).encrypt(nonce, text.encode(), place.encode())
        return f"{WORDS}{(nonce + held).hex()}"

    def read_words(self, written: str, place: str) -> str:
        """What `words` was given; SealError where it was altered, stood elsewhere or is plain."""
        if not written.startswith(WORDS):
            raise _damaged(place)
        try:
            held = bytes.fromhex(written.removeprefix(WORDS))
            cipher = AESGCM(derived(self.secret, "words"))
            return cipher.decrypt(held[:NONCE_BYTES], held[NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise _damaged(place) from error


def derived(secret: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """A key of 32 bytes for one purpose."""
    return HKDF(SHA256(), KEY_BYTES, salt, f"cadre {purpose}".encode()).derive(secret)


def new_key() -> str:
    """A new key as its file holds it."""
    return secrets.token_hex(KEY_BYTES)


def new_mark(secret: bytes) -> str:
    """What `sealed.json` says of a store that is sealed under a key from now on."""
    salt = secrets.token_bytes(SALT_BYTES)
    return json.dumps({"form": FORM, "salt": salt.hex(), "check": _check(_of_store(secret, salt))})


def key() -> bytes | None:
    """The key that the environment gives, None where it gives none; SealError where that is no key."""
    return _key(os.environ.get(KEY, ""), os.environ.get(KEY_FILE, ""))


def key_in(file: Path) -> bytes:
    """The key that a file holds; SealError where it holds none."""
    found = _key("", str(file))
    if found is None:
        raise _no_key_in(str(file))
    return found


def of(path: Path) -> Seal | None:
    """The seal of the store that a path lies in; None where it lies in none that is sealed.

    SealError where that store is sealed and no key is given, or another one.
    """
    folder = path.absolute()
    for root in (folder, *folder.parents):
        with_mark = root / MARK
        if with_mark.is_file():
            return under(root, with_mark.read_text(encoding="utf-8"), key())
    return None


def verify(root: Path) -> None:
    """Hold a store and the key in force to each other; SealError where one of them is not there, or the key differs."""
    if of(root / MARK) is None and key() is not None and holds_anything(root):
        raise _not_sealed(root)


def holds_anything(root: Path) -> bool:
    """Whether there is anything in a folder but the locks of those who look into it."""
    return root.is_dir() and any(path.suffix not in {".lock", ".fresh"} for path in root.iterdir())


def is_sealed(path: Path) -> bool:
    """Whether a file begins as a sealed one does."""
    with path.open("rb") as file:
        return file.read(len(IN_STORE)) in {IN_STORE, ON_ITS_WAY}


def opened(path: Path) -> io.BufferedReader:
    """Open a file for reading, sealed or not: of a sealed store, nothing that is not; SealError where it cannot be."""
    file = path.open("rb")
    try:
        seal = _seal_of(path, file.read(len(IN_STORE)))
        if seal is None:
            file.seek(0)
            return file
        return io.BufferedReader(_Reader(path, file, seal), BLOCK)
    except SealError:
        file.close()
        raise


def source(path: Path) -> Path | io.BufferedReader:
    """Give a file as libraries read it fastest: a plain one by its path, a sealed one opened."""
    file = opened(path)
    if isinstance(file.raw, _Reader):
        return file
    file.close()
    return path


def read(path: Path) -> bytes:
    """All of a file, as `opened` gives it."""
    with opened(path) as file:
        return file.read()


def read_text(path: Path) -> str:
    """All of a UTF-8 file, line ends as Python has them."""
    return io.TextIOWrapper(io.BytesIO(read(path)), encoding="utf-8").read()


def text(path: Path, encoding: str = "utf-8") -> io.TextIOWrapper:
    """Open a file for the csv module."""
    return io.TextIOWrapper(opened(path), encoding=encoding, newline="")


def onto(file: IO[bytes], path: Path, seal: Seal | None) -> IO[bytes]:
    """Give `file`, open for writing, as one that seals what is written, to stand at `path`; itself without a seal."""
    return file if seal is None else io.BufferedWriter(_Writer(path, file, seal), BLOCK)  # type: ignore[type-var]


def in_memory() -> str | None:
    """A folder that lies in memory, for files that another program must read plain; None for the usual one."""
    return MEMORY if key() is not None and os.access(MEMORY, os.W_OK) else None


def waiting() -> Seal | None:
    """The seal of files that wait outside a store; None where no key is in force."""
    secret = key()
    return None if secret is None else _waiting(secret)


@functools.lru_cache(maxsize=8)
def _waiting(secret: bytes) -> Seal:
    return Seal(Path(Path.cwd().anchor), derived(secret, "waiting"), ON_ITS_WAY)


@functools.lru_cache(maxsize=8)
def _key(given: str, file: str) -> bytes | None:
    if given and file:
        raise _two_keys()
    if file:
        try:
            given = Path(file).read_text(encoding="ascii", errors="replace").strip()
        except OSError as error:
            raise _unreadable(file, str(error.strerror)) from error
    elif not given:
        return None
    if not re.fullmatch(f"(?:[0-9a-fA-F]{{2}}){{{KEY_BYTES},}}", given):
        raise _no_key_in(file or KEY)
    return bytes.fromhex(given)


@functools.lru_cache(maxsize=8)
def under(root: Path, mark: str, secret: bytes | None) -> Seal:
    """The seal of a store whose `sealed.json` reads so; SealError where the key is not its own, or it is turning."""
    try:
        told = json.loads(mark)
        if "turning" in told:
            raise _turning(root)
        if secret is None:
            raise _without_key(root)
        form, salt, check = told["form"], bytes.fromhex(told["salt"]), told["check"]
    except SealError:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(root / MARK) from error
    of_store = _of_store(secret, salt)
    if form != FORM or not hmac.compare_digest(check, _check(of_store)):
        raise _under_another(root)
    return Seal(root, of_store)


def _of_store(secret: bytes, salt: bytes) -> bytes:
    return derived(secret, "store", salt)


def _check(of_store: bytes) -> str:
    return derived(of_store, "check").hex()


def _seal_of(path: Path, begins: bytes) -> Seal | None:
    """The seal by which a file is read that begins so; None where it is plain and may be."""
    if begins == ON_ITS_WAY:
        seal = waiting()
    elif begins == IN_STORE or key() is not None:
        seal = of(path)
    else:
        return None
    if seal is None and begins in {IN_STORE, ON_ITS_WAY}:
        raise _without_key(path)
    if seal is not None and begins not in {IN_STORE, ON_ITS_WAY}:
        raise _plain_among_sealed(path)
    return seal


def _without_key(path: Path) -> SealError:
    return SealError(
        f"{path} is sealed and no key is given; name the key file in {KEY_FILE}.",
        f"{path}已加密，未提供密钥；请在环境变量 {KEY_FILE} 中指明密钥文件。",
    )


def _under_another(root: Path) -> SealError:
    return SealError(
        f"{root} is sealed under another key than the one given ({KEY_FILE} or {KEY}); give its own.",
        f"所提供的密钥（{KEY_FILE} 或 {KEY}）与{root}加密所用的不符，请改用原来的密钥。",
    )


def _not_sealed(root: Path) -> SealError:
    return SealError(
        f"A key is given ({KEY_FILE} or {KEY}) and {root} is not sealed; seal it by `python -m data seal`, or take "
        "the key out of the environment.",
        f"已提供密钥（{KEY_FILE} 或 {KEY}），而{root}未加密；请用 python -m data seal 加密，或从环境变量中去掉密钥。",
    )


def _turning(root: Path) -> SealError:
    return SealError(
        f"{root} is being sealed or unsealed; wait for it. Where that was broken off, `python -m data status` goes on.",
        f"{root}正在加密或解密，请等待完成；如已中断，运行 python -m data status 可继续完成。",
    )


def _plain_among_sealed(path: Path) -> SealError:
    return SealError(
        f"{path} lies in a sealed store and is not sealed: this program did not write it; take it from a backup.",
        f"{path}位于加密的数据目录而未加密，不是本系统写入的，请从备份恢复。",
    )


def _two_keys() -> SealError:
    return SealError(f"Both {KEY} and {KEY_FILE} are set; keep one.", f"{KEY} 与 {KEY_FILE} 只能设置一个。")


def _unreadable(file: str, reason: str) -> SealError:
    return SealError(
        f"The key file {file} ({KEY_FILE}) cannot be read ({reason}); name the file that holds the key.",
        f"密钥文件{file}（{KEY_FILE}）无法读取（{reason}），请指明存放密钥的文件。",
    )


def _no_key_in(where: str) -> SealError:
    return SealError(
        f"{where} holds no key; it takes {2 * KEY_BYTES} hexadecimal digits, as `python -m data newkey FILE` writes.",
        f"{where}中不是有效密钥，应为 {2 * KEY_BYTES} 位十六进制数字，可用 python -m data newkey FILE 生成。",
    )


def _damaged(where: object) -> SealError:
    return SealError(
        f"{where} is damaged, or not what was sealed there; take it from a backup.",
        f"{where}已损坏，或不是原来加密的内容，请从备份恢复。",
    )


def _nonce(block: int, *, last: bool) -> bytes:
    """A key seals one file only, so the number of a block is never used again; the last one cannot be cut off."""
    return block.to_bytes(NONCE_BYTES - 1) + bytes([last])


class _Reader(io.RawIOBase):
    """A sealed file, from any place on."""

    def __init__(self, path: Path, file: IO[bytes], seal: Seal) -> None:
        super().__init__()
        self._path, self._file = path, file
        size = os.fstat(file.fileno()).st_size
        self._head = len(IN_STORE) + SALT_BYTES
        self._cipher = seal.file_key(path, file.read(SALT_BYTES))
        body = size - self._head
        self._blocks = max(1, -(-body // (BLOCK + TAG_BYTES)))
        self._length = body - self._blocks * TAG_BYTES
        if self._length < 0:
            raise _damaged(path)
        self._at, self._held, self._block = 0, -1, b""
        self._opened(self._blocks - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        begins = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        self._at = max(0, begins + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block, begins = divmod(self._at, BLOCK)
        if self._at >= self._length:
            return 0
        some = memoryview(self._opened(block))[begins : begins + len(buffer)]
        buffer[: len(some)] = some
        self._at += len(some)
        return len(some)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _opened(self, block: int) -> bytes:
        if block != self._held:
            self._file.seek(self._head + block * (BLOCK + TAG_BYTES))
            held = self._file.read(BLOCK + TAG_BYTES)
            try:
                self._block = self._cipher.decrypt(_nonce(block, last=block == self._blocks - 1), held, None)
            except (InvalidTag, ValueError) as error:
                raise _damaged(self._path) from error
            self._held = block
        return self._block


class _Writer(io.RawIOBase):
    """A file that is sealed as it is written, from its beginning to its end."""

    def __init__(self, path: Path, file: IO[bytes], seal: Seal) -> None:
        super().__init__()
        self._file, self._left, self._block, self._length = file, bytearray(), 0, 0
        salt = secrets.token_bytes(SALT_BYTES)
        self._cipher = seal.file_key(path, salt)
        file.write(seal.kind + salt)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._length

    def fileno(self) -> int:
        return self._file.fileno()

    def write(self, given: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._left += given
        self._length += len(given)
        while len(self._left) > BLOCK:
            self._seal(BLOCK, last=False)
        return len(given)

    def close(self) -> None:
        if not self.closed:
            try:
                self._seal(len(self._left), last=True)
                self._file.flush()
                os.fsync(self._file.fileno())
            finally:
                self._file.close()
                super().close()

    def _seal(self, size: int, *, last: bool) -> None:
        some = bytes(self._left[:size])
        del self._left[:size]
        self._file.write(self._cipher.encrypt(_nonce(self._block, last=last), some, None))
        self._block += 1
