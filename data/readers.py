"""Who was let in: which login has which role, for which units, until when. Entries follow one another and stay.

The last entry of a login counts. A login is what the provider of identities calls somebody, or "group:" and the name of
a group that it says they are in; whoever has an entry of their own is not asked for groups.
"""

import dataclasses
import datetime as dt
import functools
import json
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from data import amendments, audit, keeping, policy, sealing
from data.access import ACTS, EVERY_UNIT, Viewer
from data.store import Store

GROUP = "group:"
LONGEST = 200
KEPT = 8
"""How many stores' entries are held in memory, so that a page does not read them at every turn."""


class ReaderError(ValueError):
    """Somebody who is not let in, or an entry that cannot stand."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One entry: `who` gave `login` a `role` for `units`, or none any more, at `written` (ISO, UTC).

    `closed` holds the codes of people whose records stay closed to them: their own and those of relatives whom they
    declared; how somebody is related is not kept. `until` is the last day (YYYYMMDD) on which it counts.
    """

    login: str
    role: str | None
    units: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    until: int | None = None
    who: str
    written: str

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Reader":
        """The entry that `dataclasses.asdict` wrote."""
        return cls(**{**given, "units": tuple(given["units"]), "closed": tuple(given["closed"])})


def record(store: Store, reader: Reader) -> Reader:
    """Keep an entry beside all earlier ones, and give it as kept; ReaderError where it cannot stand."""
    made = dataclasses.replace(reader, login=folded(reader.login))
    _verify(store, made)
    act = "let in" if made.role else "let out"
    told = {"role": made.role, "units": list(made.units), "until": made.until}
    with (
        keeping.refusal("The entry", "授权记录", store.readers, lambda en, zh: ReaderError(f"{en} {zh}")),
        audit.entered(store, act, made.who, made.login, **told),
    ):
        keeping.put(keeping.stamped(store.readers, made.written), keeping.text(dataclasses.asdict(made)))
    return made


def standing(store: Store) -> dict[str, Reader]:
    """The last entry of every login, by login; of whom nobody is let in any more, too."""
    return _standing(store.readers, _changed(store.readers))


def viewer_of(store: Store, login: str, groups: Iterable[str] = (), on: dt.date | None = None) -> Viewer:
    """Who a login is: what they see and may do on a day, today where none is said; ReaderError where nobody let it in.

    `groups` are those that the provider of identities says the login is in.
    """
    day = on or dt.date.today()  # noqa: DTZ011 - the day where the office is
    known, asked = standing(store), folded(login)
    if asked.startswith(GROUP):
        raise ReaderError(_not_let_in(login))
    found = _counting(known, [asked] if asked in known else [folded(GROUP + group) for group in groups], day)
    if len(found) != 1:
        raise ReaderError(_not_let_in(login) if not found else _let_in_twice(login, [each.role for each in found]))
    (reader,) = found
    roles = {row["role_id"]: row for row in roles_in_force(store, day)}
    if reader.role not in roles:
        raise ReaderError(_not_let_in(login))
    role = roles[reader.role]
    return Viewer(
        asked,
        _units(role, reader),
        names=role["names"],
        exact=role["exact"],
        closed=reader.closed,
        role=role["role_id"],
        may=frozenset(act for act in ACTS if role[act]),
    )


def roles_in_force(store: Store, day: dt.date) -> list[dict[str, Any]]:
    """The roles that there are on a day, in their order: rows of the policy table `role`."""
    return _roles(store, day.year * 100 + day.month, _changed(store.amendments))


def folded(login: str) -> str:
    """A login as it is compared: however it is written, it is one person."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _changed(folder: Path) -> tuple[int, int]:
    """What tells that an entry came into a folder, as none is ever altered: how many there are, and when it changed."""
    return (len([*folder.iterdir()]), folder.stat().st_mtime_ns) if folder.is_dir() else (0, 0)


@functools.lru_cache(maxsize=KEPT)
def _standing(folder: Path, _changed: tuple[int, int]) -> dict[str, Reader]:
    every = sorted(folder.glob("*.json"), key=lambda path: (keeping.place(path), path.name))
    return {reader.login: reader for reader in map(_read, every)}


@functools.lru_cache(maxsize=KEPT)
def _roles(store: Store, month: int, _changed: tuple[int, int]) -> list[dict[str, Any]]:
    table = policy.in_force("role", amendments.table(store, "role"), month)
    return sorted(table.to_pylist(), key=lambda row: row["place"])


def _counting(known: Mapping[str, Reader], logins: Iterable[str], day: dt.date) -> list[Reader]:
    """The entries of some logins that count on a day, one of those that give the same."""
    number = day.year * 10_000 + day.month * 100 + day.day
    found = [known[login] for login in logins if login in known]
    standing = [each for each in found if each.role and (each.until is None or number <= each.until)]
    return list({(each.role, each.units, each.closed): each for each in standing}.values())


def _units(role: Mapping[str, Any], reader: Reader) -> tuple[str, ...]:
    match role["reach"]:
        case "whole":
            return (EVERY_UNIT,)
        case "nobody":
            return ()
    return reader.units


def _verify(store: Store, reader: Reader) -> None:
    if not reader.who.strip() or not 0 < len(reader.login) <= LONGEST or not reader.login.isprintable():
        message = (
            f"An entry names a login, of at most {LONGEST} characters, and who makes it. 授权记录应写明账号和经办人。"
        )
        raise ReaderError(message)
    if reader.role is None:
        return
    day = dt.date.today()  # noqa: DTZ011 - the day where the office is
    roles = {row["role_id"]: row for row in roles_in_force(store, day)}
    if reader.role not in roles:
        message = f"There is no role {reader.role!r}; there are {', '.join(roles)}. 没有角色{reader.role}。"
        raise ReaderError(message)
    reach = roles[reader.role]["reach"]
    asked = reach in ("granted", "subtree")
    if asked != bool(reader.units):
        message = (
            f"Role {reader.role} sees the units it is given; name them, as --units 001 002. 请写明授权单位。"
            if asked
            else f"Role {reader.role} is given no units. 该角色不按单位授权。"
        )
        raise ReaderError(message)
    if reach == "subtree" and EVERY_UNIT in reader.units:
        message = f"Role {reader.role} sees single units, never the whole; name them. 该角色只能授权具体单位。"
        raise ReaderError(message)


def _read(path: Path) -> Reader:
    try:
        return Reader.from_json(json.loads(sealing.read_text(path)))
    except (OSError, ValueError, TypeError, KeyError) as error:
        message = f"{path} cannot be read ({error}); mend it or move it away. 授权记录文件损坏，请修复或移走。"
        raise ReaderError(message) from error


def _not_let_in(login: str) -> str:
    return (
        f"Nobody has let {login} in yet, or no longer; whoever keeps this dashboard does so by "
        f"`python -m data let {login}`. 账号{login}尚未授权或授权已到期，请联系系统管理员。"
    )


def _let_in_twice(login: str, roles: Iterable[str | None]) -> str:
    named = ", ".join(map(str, roles))
    return (
        f"The groups of {login} give several rights ({named}); let {login} in with one role of their own. "
        f"账号{login}所在的组对应多种权限（{named}），请为其单独授权。"
    )
