"""Who is signed in: a row a session, in a small database of the store that all processes share and a restart keeps.

The browser holds a random token; the database holds its SHA-256, so that who reads the file cannot sign in with it.
In a sealed store it holds who they are sealed, and their login as a keyed hash by which it is found.
Signing in, signing out and every end of a session are entered in the audit log.
"""

import contextlib
import dataclasses
import errno
import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from data import audit, keeping, readers, sealing
from data.store import Store

IDLE, LENGTH, TOKEN = "idle", "length", "token"
OUT, EVERYWHERE, REFUSED = "out", "everywhere", "refused"
UNKNOWN = "unknown"
WAIT_SECONDS = 10
NOTED_AGAIN_SECONDS = 60
FROM_THE_FUTURE_SECONDS = 120
FORGOTTEN_SECONDS = 7 * 86_400
LAID = """
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, who TEXT NOT NULL,
    began REAL NOT NULL, seen REAL NOT NULL, token_until REAL, ended TEXT NOT NULL
);
"""


class EndedError(Exception):
    """There is no such session any more; `reason` says why, UNKNOWN where it is not one of ours."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclasses.dataclass(frozen=True, slots=True)
class Lengths:
    """How long a session may last: own knowledge of what state organs do, 待组织部门确认.

    `token_ends` says whether it also ends with the identity token that it began with.
    """

    hours: float = 12
    idle_minutes: float = 30
    token_ends: bool = True

    @property
    def idle_seconds(self) -> float:
        """How many seconds may pass between two actions."""
        return self.idle_minutes * 60


@dataclasses.dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in. Moments are seconds since 1970; `ended` is why it ended, empty while it lasts."""

    login: str
    name: str
    groups: tuple[str, ...]
    began: float
    seen: float
    token_until: float | None
    ended: str = ""

    def until(self, lengths: Lengths) -> float:
        """The moment at which it ends whatever is done."""
        longest = self.began + lengths.hours * 3600
        return min(longest, self.token_until) if lengths.token_ends and self.token_until else longest

    def end(self, now: float, lengths: Lengths) -> str:
        """Why it is over at a moment, empty while it lasts; one that was seen in the future is idle for all we know."""
        if self.ended:
            return self.ended
        if now >= self.until(lengths):
            return LENGTH if now >= self.began + lengths.hours * 3600 else TOKEN
        idle = now - self.seen
        return "" if -FROM_THE_FUTURE_SECONDS <= idle < lengths.idle_seconds else IDLE


def begin(
    store: Store, login: str, name: str, groups: tuple[str, ...], way: str, token_until: float | None = None
) -> str:
    """Begin a session and give its token, which nobody can make up; WriteError where it cannot be kept or entered."""
    token, now = secrets.token_urlsafe(32), _now()
    with _opened(store) as rows, audit.entered(store, "signed in", login, way):
        rows.execute("DELETE FROM session WHERE began < ?", (now - FORGOTTEN_SECONDS,))
        row = _id(token), _person(store, login), _told(store, token, login, name, groups), now, now, token_until, ""
        rows.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return token


def live(store: Store, token: str, lengths: Lengths, *, acting: bool = False) -> Session:
    """Give the session of a token; EndedError where it is over. `acting` says that its owner does something now.

    What is done is written down once a minute at most: a session ends up to a minute early, never late.
    """
    session, now = _found(store, token), _now()
    reason = session.end(now, lengths)
    if reason:
        if not session.ended:
            end(store, token, reason)
        raise EndedError(reason)
    if acting and now - session.seen > min(NOTED_AGAIN_SECONDS, lengths.idle_seconds / 30):
        with contextlib.suppress(keeping.WriteError), _opened(store) as rows:
            rows.execute("UPDATE session SET seen = ? WHERE id = ?", (now, _id(token)))
    return session


def end(store: Store, token: str, reason: str = OUT) -> bool:
    """End a session, which is entered once; whether there was one to end."""
    with contextlib.suppress(EndedError):
        session = _found(store, token)
        with _opened(store) as rows:
            asked = "UPDATE session SET ended = ? WHERE id = ? AND ended = ''"
            ended = rows.execute(asked, (reason, _id(token))).rowcount
        if ended:
            audit.note(store, "signed out" if reason == OUT else "session ended", session.login, reason)
        return bool(ended)
    return False


def end_all(store: Store, login: str, by: str) -> int:
    """End every session of a login, wherever it was begun, and give how many that were; `by` is who asks for it."""
    if not store.sessions.is_file():
        return 0
    with _opened(store) as rows:
        asked = "UPDATE session SET ended = ? WHERE person = ? AND ended = ''"
        ended = rows.execute(asked, (EVERYWHERE, _person(store, login))).rowcount
    audit.note(store, "signed out everywhere", by, login, sessions=ended)
    return ended


def _now() -> float:
    return time.time()


def _id(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _found(store: Store, token: str) -> Session:
    if not token or not store.sessions.is_file():
        raise EndedError(UNKNOWN)
    asked = "SELECT who, began, seen, token_until, ended FROM session WHERE id = ?"
    with _opened(store) as rows:
        row = rows.execute(asked, (_id(token),)).fetchone()
    if row is None:
        raise EndedError(UNKNOWN)
    who, *rest = row
    seal = sealing.of(store.sessions)
    login, name, groups = json.loads(seal.read_words(who, _id(token)) if seal else who)
    return Session(login, name, tuple(groups), *rest)


def _told(store: Store, token: str, login: str, name: str, groups: tuple[str, ...]) -> str:
    """What a row says of who signed in, bound to that row where the store is sealed."""
    told, seal = json.dumps([login, name, groups], ensure_ascii=False), sealing.of(store.sessions)
    return seal.words(told, _id(token)) if seal else told


def _person(store: Store, login: str) -> str:
    """What the rows of one login, however it is written, have in common."""
    whose, seal = readers.folded(login), sealing.of(store.sessions)
    return hmac.digest(sealing.derived(seal.secret, "logins"), whose.encode(), "sha256").hex() if seal else whose


def _damaged(path: Path) -> keeping.WriteError:
    return keeping.WriteError(
        f"{path} is damaged; move it away, and everybody signs in again.",
        f"{path}已损坏，请移走该文件，所有人重新登录即可。",
    )


@contextlib.contextmanager
def _opened(store: Store) -> Iterator[sqlite3.Connection]:
    """Open the database, each statement for itself; WriteError where it cannot be read or written."""
    with keeping.writing(store.sessions):
        try:
            store.root.mkdir(parents=True, exist_ok=True)
            if not store.sessions.exists():
                store.sessions.touch(keeping.OWNER_ONLY)
            opened = sqlite3.connect(store.sessions, timeout=WAIT_SECONDS, isolation_level=None)
            with contextlib.closing(opened) as rows:
                rows.execute(LAID)
                yield rows
        except sqlite3.OperationalError as error:
            raise OSError(errno.EIO, str(error), str(store.sessions)) from error
        except sqlite3.DatabaseError as error:
            raise _damaged(store.sessions) from error
