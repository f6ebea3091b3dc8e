"""Who is here: the one place that pages ask, and where the sign-in that is set is read.

Without anything set the server is open to this machine alone, whose reader sees everything.
"""

import functools
import os
import time
from dataclasses import dataclass

import streamlit as st

from data import readers, sessions
from data.access import Viewer
from data.store import default_store
from pages.parts import ways
from pages.parts.kept import Kept

SESSIONS_KEPT = 256
EVERYWHERE = "0.0.0.0"  # noqa: S104 - where Streamlit listens when nothing is set
REACHABLE = (
    "The address {address} can be reached from other machines, and nobody has to sign in: set up a sign-in (README), "
    "or take --server.address 127.0.0.1. "
    "地址 {address} 可被其他计算机访问，而系统未启用登录：请先配置登录（见 README），或改用 127.0.0.1。"
)


_looked_at: Kept[sessions.Session] = Kept(SESSIONS_KEPT)


class ShutOutError(Exception):
    """Somebody signed in whom nobody has let in, or lets in no longer."""

    def __init__(self, login: str) -> None:
        """Keep who."""
        super().__init__(login)
        self.login = login


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is here: `until` is the moment (seconds since 1970) at which they must sign in again."""

    login: str
    name: str
    groups: tuple[str, ...]
    until: float


@functools.cache
def way() -> ways.Way:
    """Give how this server is signed into; SigningError where what is set makes no sign-in."""
    secrets = st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}
    headers = st.get_option("server.trustedUserHeaders") or {}
    return ways.of(secrets, headers, os.environ.get(ways.PROXY, ""), st.get_option("server.baseUrlPath"))


def require_at_start() -> None:
    """Raise SigningError where what is set makes no sign-in, or where others could reach a server without one."""
    address = st.get_option("server.address") or EVERYWHERE
    if way().kind == "none" and not ways.is_loopback(address):
        raise ways.SigningError(REACHABLE.format(address=address))


def signed() -> Signed | None:
    """Give who is here; None where the server is open to this machine alone. Where nobody is signed in, the run stops.

    Requests and messages of who is not signed in do not come this far (parts/porter.py): this is the second lock.
    """
    lengths = way().lengths
    if way().kind == "none":
        return None
    store, token = default_store(), _token()
    try:
        session = _looked_at.get(
            (store, token, int(time.monotonic())), lambda: sessions.live(store, token, lengths)
        )  # once a second, as a run asks several times
    except sessions.EndedError:
        st.stop()
    if st.session_state.setdefault("signed_as", session.login) != session.login:
        st.session_state.clear()
        st.rerun()
    return Signed(session.login, session.name, session.groups, session.until(lengths))


def let_in(login: str, groups: tuple[str, ...]) -> Viewer:
    """Give what somebody who signed in may see and do; ShutOutError where nobody lets them in."""
    try:
        return readers.viewer_of(default_store(), login, groups)
    except readers.ReaderError as error:
        raise ShutOutError(login) from error


def admitted(here: Signed) -> Viewer:
    """Give what whoever is here may see; where nobody lets them in any more, the session ends and the run stops."""
    try:
        return let_in(here.login, here.groups)
    except ShutOutError:
        sessions.end(default_store(), _token(), sessions.REFUSED)
        st.stop()


def sign_out(*, everywhere: bool = False) -> None:
    """End the session of whoever is here, or all that they have, and send the browser to where one signs out."""
    here = signed()
    if here and everywhere:
        sessions.end_all(default_store(), here.login, by=here.login)
    sessions.end(default_store(), _token())
    st.logout()


def _token() -> str:
    return st.context.cookies.get(way().cookie, "")
