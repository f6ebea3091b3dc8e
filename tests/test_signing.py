"""Who is signed in, for how long, and by which way: sessions as kept in the store, and what may be set."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from data import __main__ as command_line
from data import archive, audit, keeping, sealing, sessions
from data.sessions import EVERYWHERE, IDLE, LENGTH, OUT, TOKEN, UNKNOWN, EndedError, Lengths
from data.store import Store
from pages.parts import doorway, porter, ways

MINUTE, HOUR = 60.0, 3600.0
NOON = 1_800_000_000.0
USUAL = Lengths()
SECRET = "0123456789abcdef" * 2
AUTH = {
    "redirect_uri": "https://cadre.example/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "cadre",
    "client_secret": "word",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        """Stand at noon."""
        self.now = NOON

    def __call__(self) -> float:
        """The moment."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(sessions, "_now", standing)
    return standing


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def begin(store: Store, login: str = "zhang.san", token_until: float | None = None) -> str:
    """A session of somebody invented."""
    return sessions.begin(store, login, "张三", ("planner",), "oidc", token_until)


def reason(store: Store, token: str, lengths: Lengths = USUAL) -> str:
    """Why a session is over; empty where it lasts."""
    try:
        sessions.live(store, token, lengths)
    except EndedError as error:
        return error.reason
    return ""


def acts(store: Store) -> list[tuple[str, str, str]]:
    """What was entered, oldest first."""
    return [(entry.who, entry.act, entry.what) for entry in reversed(audit.of(store))]


def seen(store: Store) -> list[float]:
    """When the sessions were last seen, as the file has it."""
    with closing(sqlite3.connect(store.sessions)) as rows:
        return [moment for (moment,) in rows.execute("SELECT seen FROM session")]


@pytest.mark.promise("signing.ends")
@pytest.mark.parametrize(
    ("after", "token_until", "lengths", "ended"),
    [
        (29 * MINUTE, None, USUAL, ""),
        (30 * MINUTE, None, USUAL, IDLE),
        (13 * HOUR, None, USUAL, LENGTH),
        (13 * HOUR, None, Lengths(hours=14, idle_minutes=14 * 60), ""),
        (10 * MINUTE, NOON + 9 * MINUTE, USUAL, TOKEN),
        (10 * MINUTE, NOON + 9 * MINUTE, Lengths(token_ends=False), ""),
        (-HOUR, None, USUAL, IDLE),
        (-MINUTE, None, USUAL, ""),
    ],
    ids=["29min", "30min", "13h", "longer", "token", "token passed over", "clock set back", "clocks apart"],
)
def test_a_session_ends_by_itself(
    store: Store, clock: Clock, after: float, token_until: float | None, lengths: Lengths, ended: str
) -> None:
    token = begin(store, token_until=token_until)
    clock.now += after
    assert reason(store, token, lengths) == ended


@pytest.mark.promise("signing.ends")
def test_who_does_something_every_twenty_minutes_stays_until_the_length_of_a_session(
    store: Store, clock: Clock
) -> None:
    token = begin(store)
    for _ in range(35):  # 35 × 20 min = 11 h 40
        clock.now += 20 * MINUTE
        sessions.live(store, token, USUAL, acting=True)
    clock.now += 20 * MINUTE
    assert reason(store, token) == LENGTH


def test_looking_is_no_action(store: Store, clock: Clock) -> None:
    token = begin(store)
    for _ in range(3):
        clock.now += 9 * MINUTE
        sessions.live(store, token, USUAL)
    clock.now += 9 * MINUTE
    assert reason(store, token) == IDLE


def test_an_action_is_written_down_once_a_minute_at_most(store: Store, clock: Clock) -> None:
    token = begin(store)
    written = set()
    for _ in range(300):  # an action a second for five minutes
        clock.now += 1
        sessions.live(store, token, USUAL, acting=True)
        written.update(seen(store))
    assert written == {NOON, NOON + 61, NOON + 122, NOON + 183, NOON + 244}


def test_what_has_ended_stays_ended_though_the_clock_is_set_back(store: Store, clock: Clock) -> None:
    token = begin(store)
    clock.now += HOUR
    assert reason(store, token) == IDLE
    clock.now = NOON
    assert reason(store, token) == IDLE


@pytest.mark.promise("signing.everywhere")
def test_signing_out_everywhere_ends_all_sessions_of_a_login_and_no_others(store: Store) -> None:
    mine, also_mine, other = begin(store), begin(store), begin(store, "li.si")
    assert sessions.end_all(store, "zhang.san", by="zhang.san") == 2
    assert [reason(store, token) for token in (mine, also_mine, other)] == [EVERYWHERE, EVERYWHERE, ""]


@pytest.mark.promise("signing.everywhere")
def test_an_administrator_ends_the_sessions_of_a_login(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    token = begin(store)
    assert command_line.main(["signout", "Zhang.San", "--by", "王五", "--store", str(store.root)]) == 0
    assert reason(store, token) == EVERYWHERE
    assert "1 sessions" in capsys.readouterr().out
    assert acts(store)[-1] == ("王五", "signed out everywhere", "Zhang.San")


@pytest.mark.promise("signing.entered")
def test_signing_in_and_every_end_is_entered_once(store: Store, clock: Clock) -> None:
    left, idle = begin(store), begin(store, "li.si")
    sessions.end(store, left)
    sessions.end(store, left)
    clock.now += HOUR
    assert [reason(store, idle) for _ in range(3)] == [IDLE, IDLE, IDLE]
    assert acts(store) == [
        ("zhang.san", "signed in", "oidc"),
        ("li.si", "signed in", "oidc"),
        ("zhang.san", "signed out", OUT),
        ("li.si", "session ended", IDLE),
    ]


@pytest.mark.parametrize("token", ["", "made up"])
def test_a_token_that_was_not_given_is_no_session(store: Store, token: str) -> None:
    assert reason(store, token) == UNKNOWN
    begin(store)
    assert reason(store, token) == UNKNOWN
    assert sessions.end(store, token) is False


def test_a_plain_row_among_sealed_ones_lets_nobody_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sessions.begin(store, "zhang.san", "张三", (), "oidc")
    with closing(sqlite3.connect(store.sessions)) as rows, rows:
        (written,) = rows.execute("SELECT who FROM session").fetchone()
    assert json.loads(written) == ["zhang.san", "张三", []]
    for path in store.root.iterdir():
        if path != store.sessions:
            path.unlink()
    monkeypatch.setenv(sealing.KEY, sealing.new_key())
    keeping.put_first(store.root / sealing.MARK, sealing.new_mark(sealing.key() or b""))
    with pytest.raises(sealing.SealError, match="not what was sealed"):
        sessions.live(store, token, Lengths())


def test_who_reads_the_file_cannot_sign_in_with_it(store: Store) -> None:
    token = begin(store)
    assert token.encode() not in store.sessions.read_bytes()
    assert store.sessions.stat().st_mode & 0o077 == 0


def test_a_sealed_store_does_not_tell_who_signed_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "ab" * sealing.KEY_BYTES
    monkeypatch.setenv(sealing.KEY, secret)
    keeping.put(store.root / sealing.MARK, sealing.new_mark(bytes.fromhex(secret)))
    token = begin(store)
    assert sessions.live(store, token, USUAL).name == "张三"
    assert not any(told.encode() in store.sessions.read_bytes() for told in ("张三", "zhang.san", "planner"))
    assert (sessions.end_all(store, "zhang.san", by="王五"), reason(store, token)) == (1, EVERYWHERE)


def test_a_damaged_file_of_sessions_is_told_with_how_to_go_on(store: Store) -> None:
    token = begin(store)
    store.sessions.write_bytes(b"no database" * 1000)
    with pytest.raises(keeping.WriteError, match="is damaged; move it away"):
        sessions.live(store, token, USUAL)


def test_a_backup_brings_no_session_back(store: Store, tmp_path: Path) -> None:
    token = begin(store)
    keeping.put(store.manifest_path, '{"batches": []}')
    archive.save(store, tmp_path / "store.tar")
    back = Store(tmp_path / "back")
    archive.restore(tmp_path / "store.tar", back)
    assert (reason(store, token), reason(back, token)) == ("", UNKNOWN)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"auth": {**AUTH, "cookie_secret": "short"}}, "too short"),
        ({"auth": {**AUTH, "redirect_uri": "http://cadre.example/oauth2callback"}}, "not https"),
        ({"auth": {**AUTH, "server_metadata_url": "http://id.example/openid"}}, "not https"),
        ({"auth": {**AUTH, "redirect_uri": "https://cadre.example/"}}, "must end in /oauth2callback"),
        ({"auth": {"client_id": "cadre"}}, "lacks redirect_uri, cookie_secret, default.client_secret"),
        ({"auth": AUTH, "signing": {"hours": "12"}}, "hours of .signing. is '12'"),
        ({"auth": AUTH, "signing": {"hours": 169}}, "hours = 169 in .signing. is longer than sessions are kept"),
        ({"auth": AUTH, "signing": {"idle_minutes": 0}}, "idle_minutes of .signing. is 0"),
        ({"auth": AUTH, "signing": {"idle_minutes": True}}, "idle_minutes of .signing. is True"),
    ],
)
def test_what_makes_no_sign_in_is_refused_with_a_sentence(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ways.SigningError, match=said):
        ways.of(changed, {}, "")


@pytest.mark.parametrize(
    ("headers", "proxies", "said"),
    [
        ({"X-Remote-User": "login"}, "", "CADRE_PROXY is ''"),
        ({"X-Remote-User": "login"}, "proxy.example", "CADRE_PROXY is 'proxy.example'"),
        ({"X-Remote-User": "email"}, "10.0.0.5", "must name a header for login"),
    ],
)
def test_headers_are_believed_only_of_a_proxy_that_is_named(headers: dict[str, str], proxies: str, said: str) -> None:
    with pytest.raises(ways.SigningError, match=said):
        ways.of({}, headers, proxies)


def test_a_dashboard_below_a_path_is_not_signed_into() -> None:
    with pytest.raises(ways.SigningError, match="baseUrlPath"):
        ways.of({"auth": AUTH}, {}, "", "cadre")
    assert ways.of({}, {}, "", "cadre").kind == "none"


def test_two_ways_at_once_are_none() -> None:
    with pytest.raises(ways.SigningError, match="take one of them out"):
        ways.of({"auth": AUTH}, {"X-Remote-User": "login"}, "10.0.0.5")


def test_the_way_by_a_provider_has_its_usual_lengths_unless_others_are_set() -> None:
    usual = ways.of({"auth": AUTH}, {}, "")
    assert (usual.kind, usual.providers, usual.cookie) == ("oidc", ("default",), "__Host-cadre")
    assert (usual.lengths.hours, usual.lengths.idle_minutes, usual.named["login"]) == (12, 30, "sub")
    other = ways.of({"auth": AUTH, "signing": {"hours": 8, "login": "employee"}}, {}, "")
    assert (other.lengths.hours, other.named["login"]) == (8, "employee")


@pytest.mark.promise("signing.provider")
@pytest.mark.parametrize(
    ("providers", "claims", "login"),
    [
        (("default",), {"sub": "1001", "iss": "https://one.example"}, "1001"),
        (("one", "two"), {"sub": "1001", "iss": "https://one.example"}, "1001@https://one.example"),
        (("one", "two"), {"sub": "1001", "iss": "https://two.example"}, "1001@https://two.example"),
        (("one", "two"), {"sub": "1001"}, ""),
        (("default",), {"iss": "https://one.example"}, ""),
    ],
)
def test_of_several_providers_nobody_passes_for_who_is_known_to_another(
    providers: tuple[str, ...], claims: dict[str, str], login: str
) -> None:
    way = ways.Way("oidc", providers=providers, named={"login": "sub"})
    caller = porter._Caller(way, HTTPConnection({"type": "http", "headers": []}))  # noqa: SLF001 - who comes back
    assert caller.told_by_provider(claims) == login


def scope(client: str, server: str, host: str, path: str = "/overview", **headers: str) -> dict[str, object]:
    """A request as the server tells of it."""
    told = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in told.items()]
    return {"type": "http", "client": (client, 1), "server": (server, 1), "path": path, "headers": raw}


HERE, THERE = "127.0.0.1", "10.1.2.3"


@pytest.mark.promise("signing.loopback")
@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        (scope(HERE, HERE, "127.0.0.1:8501"), True),
        (scope(HERE, HERE, "localhost"), True),
        (scope("::1", "::1", "[::1]:8501"), True),
        (scope("::ffff:127.0.0.1", HERE, HERE), True),
        (scope(HERE, HERE, HERE, x_forwarded_for="127.0.0.1"), True),
        (scope(THERE, HERE, HERE), False),
        (scope(HERE, THERE, HERE), False),
        (scope("", HERE, HERE), False),
        (scope(HERE, HERE, "cadre.example"), False),
        (scope(HERE, HERE, "localhost.evil.example"), False),
        (scope(HERE, HERE, "127.0.0.1@evil.example"), False),
        (scope(HERE, HERE, ""), False),
        (scope(HERE, HERE, HERE, x_forwarded_for="10.1.2.3"), False),
        (scope(HERE, HERE, HERE, x_forwarded_for="127.0.0.1, 10.1.2.3"), False),
        (scope(HERE, HERE, HERE, x_forwarded_for="unknown"), False),
        (scope(HERE, HERE, HERE, x_forwarded_host="cadre.example"), False),
        (scope(HERE, HERE, HERE, x_real_ip="10.1.2.3"), False),
        (scope(HERE, HERE, HERE, forwarded='for="[2001:db8::1]:4711";proto=https'), False),
        (scope(HERE, HERE, HERE, forwarded="proto=https; host=cadre.example"), False),
        (scope(HERE, HERE, HERE, forwarded="For=127.0.0.1;Proto=http"), True),
    ],
)
def test_without_a_sign_in_only_this_machine_is_answered(request_: dict[str, object], answered: bool) -> None:
    assert (porter.refusal(ways.Way("none"), request_) == "") == answered


@pytest.mark.promise("signing.proxy")
@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        (scope("10.0.0.5", THERE, "cadre.example", x_forwarded_for="10.9.9.9"), True),
        (scope("10.0.0.6", THERE, "cadre.example"), False),
        (scope(HERE, HERE, HERE), False),
        (scope("", HERE, HERE), False),
        (scope("10.0.0.5", THERE, "cadre.example", x_forwarded_for="10.9.9.9, 10.0.0.5"), False),
    ],
    ids=["proxy", "elsewhere", "this machine", "unknown", "an address that the sender wrote"],
)
def test_headers_of_anybody_but_the_proxy_are_refused(request_: dict[str, object], answered: bool) -> None:
    way = ways.of({}, {"X-Remote-User": "login"}, "10.0.0.5, 192.168.7.0/24")
    assert (porter.refusal(way, request_) == "") == answered


@pytest.mark.parametrize(
    ("given", "back"),
    [
        ("/age_ladder?lang=en&unit=001", "/age_ladder?lang=en&unit=001"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example/", "/evil.example/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/overview\r\nSet-Cookie: a=b", "/"),
        ("overview", "/"),
        ("/" + "a" * 2000, "/"),
        (None, "/"),
    ],
)
def test_one_comes_back_to_this_dashboard_alone(given: str | None, back: str) -> None:
    assert doorway.back_to(given) == back


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("why", ["", "idle", "length", "token", "everywhere", "unknown", "out", "failed", "refused"])
def test_the_page_to_sign_in_at_says_in_either_language_what_happened(why: str, language: str) -> None:
    to = f"/age_ladder?lang={language.replace('-', '_')}&unit=<b>"
    page = doorway.page(why, to, {"": "/signin/enter?to=%2F"}, USUAL, "信息科", "<i>li.si")
    assert f'<html lang="{language}">' in page
    assert "<script" not in page
    assert "<b>" not in page
    assert "<i>" not in page
    title = page.split("<h1>")[1].split("</h1>")[0]
    assert (title in ("Cadre workforce", "干部队伍分析")) == (why == "")


def test_every_cookie_goes_by_https_alone_and_no_longer_than_a_session() -> None:
    streamlit = "_streamlit_user=abc; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"
    assert porter._sealed(streamlit, 43_200) == (  # noqa: SLF001 - what every answer goes through
        "_streamlit_user=abc; HttpOnly; Max-Age=43200; Path=/; SameSite=lax; Secure"
    )
    assert porter._sealed("a=b; Path=/", 43_200) == "a=b; Path=/; Secure; SameSite=Lax"  # noqa: SLF001
