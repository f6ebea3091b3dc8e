"""The key of a store: person codes are made with it from identifiers, so that a code alone says nothing of them."""

import os
import re
import secrets
from pathlib import Path

from data import keeping, sealing
from data.batches import LandingError, locked, refusal
from data.store import Store

BYTES = 32


def kept(store: Store) -> bytes:
    """The key of the store, made at the first need; two who need it at once get the same one."""
    if store.key_path.is_file():
        return _read(store.key_path)
    with refusal(store), locked(store):
        if not store.key_path.is_file():
            keeping.put(store.key_path, secrets.token_hex(BYTES), keeping.OWNER_ONLY)
    return _read(store.key_path)


def for_a_look(store: Store) -> bytes:
    """The key of the store, so that codes seen at a look are those that land; another where nothing could land."""
    could_land = store.key_path.is_file() or os.access(store.root, os.W_OK)
    return kept(store) if could_land else secrets.token_bytes(BYTES)


def _read(path: Path) -> bytes:
    text = sealing.read(path).decode("ascii", errors="replace").strip()
    if not re.fullmatch(f"[0-9a-f]{{{2 * BYTES}}}", text):
        message = (
            f"{path} is damaged, and with another one nobody would be known again; bring it back from a copy."
            f" 人员编码密钥{path}已损坏，更换后将无法识别原有人员，请从备份恢复。"
        )
        raise LandingError(message)
    return bytes.fromhex(text)
