"""Who is let in sees and may do what the role says that they were given last, and nobody else is let in."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data import amendments, audit, keeping, policy, readers
from data.__main__ import main
from data.access import ACTS, EVERY_UNIT, LOCAL, Viewer
from data.readers import Reader, ReaderError
from data.store import Store

DAY = dt.date(2026, 10, 31)
WHOLE = (EVERY_UNIT,)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store that nobody is let into."""
    return Store(tmp_path / "store")


@pytest.fixture
def let(store: Store) -> Callable[..., Reader]:
    """Let somebody in: `let("li", "planner", "001")`."""

    def by(login: str, role: str | None, *units: str, **more: Any) -> Reader:
        given = {"who": "示例管理员", "written": keeping.now(), **more}
        return readers.record(store, Reader(login=login, role=role, units=units, **given))

    return by


# role: units it is let in with, what it sees, whether names, what it may
ROLES = {
    "leader": ((), WHOLE, False, {"read"}),
    "planner": (("001",), ("001",), True, {"read", "plan", "endorse"}),
    "unit_hr": (("001.002",), ("001.002",), True, {"read"}),
    "viewer": ((), (), False, set()),
    "data_steward": ((), WHOLE, True, {"land"}),
    "rules_steward": ((), WHOLE, False, {"amend"}),
    "auditor": ((), (), False, {"audit"}),
}


@pytest.mark.promise("roles.rows")
@pytest.mark.parametrize("role", ROLES)
def test_a_role_gives_what_its_row_says(store: Store, let: Callable[..., Reader], role: str) -> None:
    granted, units, names, may = ROLES[role]
    let("li", role, *granted)
    seen = readers.viewer_of(store, "li", on=DAY)
    assert (seen.units, seen.names, seen.role, {*seen.may}) == (units, names, role, may)


def test_these_are_all_the_roles() -> None:
    assert policy.read("role")["role_id"].to_pylist() == list(ROLES)


@pytest.mark.promise("roles.apart")
def test_landing_changing_rules_and_auditing_are_never_one_role(store: Store) -> None:
    assert policy.broken(policy.all_tables(), "role") == []
    held = policy.rows(policy.read("role"), "role")
    wished = [{**row, "land": "yes"} if row["role_id"] == "rules_steward" else row for row in held]
    source = {"document": "示例通知", "clause": "第二条", "confirmed": "to_confirm"}
    changes = amendments.differences("role", held, wished, 202701, source)
    wish = amendments.Amendment(
        table="role",
        begins=202701,
        changes=changes,
        reason="合并岗位",
        document="示例通知",
        clause="第二条",
        who="示例甲",
        written=keeping.now(),
    )
    with pytest.raises(amendments.AmendmentError, match="more than one of landing files, changing rules"):
        amendments.record(store, wish)


def test_an_auditor_who_would_see_people_is_found() -> None:
    table, flaws = policy.typed(
        "role",
        [
            {**row, "reach": "whole"} if row["role_id"] == "auditor" else row
            for row in policy.rows(policy.read("role"), "role")
        ],
    )
    assert flaws == ()
    assert [flaw.rule for flaw in policy.broken({"role": table}, "role")] == ["auditor_sees_no_cadre"]


def test_nobody_is_let_in_who_was_not(store: Store, let: Callable[..., Reader]) -> None:
    let("li", "leader")
    for stranger in ("wang", "", "l", "group:li"):
        with pytest.raises(ReaderError, match="Nobody has let"):
            readers.viewer_of(store, stranger, on=DAY)


def test_a_login_is_one_person_however_it_is_written(store: Store, let: Callable[..., Reader]) -> None:
    let(" Li.Wei@Example.cn", "leader")
    assert readers.viewer_of(store, "li.wei@example.CN", on=DAY).role == "leader"
    let("ＬＩ.wei@example.cn", "auditor")
    assert readers.viewer_of(store, "li.wei@example.cn", on=DAY).role == "auditor"


def test_the_last_entry_counts_and_all_stay(store: Store, let: Callable[..., Reader]) -> None:
    let("li", "planner", "001")
    let("li", "unit_hr", "001.002")
    assert readers.viewer_of(store, "li", on=DAY).units == ("001.002",)
    let("li", None)
    with pytest.raises(ReaderError):
        readers.viewer_of(store, "li", on=DAY)
    assert len([*store.readers.iterdir()]) == 3
    assert [(entry.act, entry.more["role"]) for entry in audit.of(store)] == [
        ("let out", None),
        ("let in", "unit_hr"),
        ("let in", "planner"),
    ]


def test_an_entry_ends_with_its_last_day(store: Store, let: Callable[..., Reader]) -> None:
    let("li", "leader", until=20261031)
    assert readers.viewer_of(store, "li", on=DAY).role == "leader"
    with pytest.raises(ReaderError):
        readers.viewer_of(store, "li", on=dt.date(2026, 11, 1))


def test_a_group_lets_its_members_in_unless_they_have_an_entry_of_their_own(
    store: Store, let: Callable[..., Reader]
) -> None:
    let("group:组织部", "planner", EVERY_UNIT)
    assert readers.viewer_of(store, "li", ["组织部", "others"], DAY).units == WHOLE
    let("li", "leader")
    assert readers.viewer_of(store, "li", ["组织部"], DAY).role == "leader"
    let("li", None)
    with pytest.raises(ReaderError):
        readers.viewer_of(store, "li", ["组织部"], DAY)


def test_nobody_has_two_roles_by_two_groups(store: Store, let: Callable[..., Reader]) -> None:
    let("group:a", "leader")
    let("group:b", "auditor")
    let("group:c", "leader")
    with pytest.raises(ReaderError, match="several rights"):
        readers.viewer_of(store, "li", ["a", "b"], DAY)
    assert readers.viewer_of(store, "li", ["a", "c"], DAY).role == "leader"


@pytest.mark.parametrize(
    ("role", "units", "said"),
    [
        ("king", (), "no role 'king'"),
        ("planner", (), "name them"),
        ("leader", ("001",), "given no units"),
        ("unit_hr", (EVERY_UNIT,), "never the whole"),
    ],
)
def test_an_entry_that_cannot_stand_is_refused(
    store: Store, let: Callable[..., Reader], role: str, units: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ReaderError, match=said):
        let("li", role, *units)
    assert readers.standing(store) == {}


def test_the_last_entry_counts_whatever_the_clock_said(store: Store, let: Callable[..., Reader]) -> None:
    let("li", "leader", written="2027-01-01T00:00:00.000000+00:00")
    let("li", None, written="2026-12-31T00:00:00.000000+00:00")
    with pytest.raises(ReaderError):
        readers.viewer_of(store, "li", on=DAY)


def test_nobody_is_let_in_by_calling_themselves_a_group(store: Store, let: Callable[..., Reader]) -> None:
    let("group:组织部", "leader")
    for login in ("group:组织部", " GROUP:组织部"):
        with pytest.raises(ReaderError, match="Nobody has let"):
            readers.viewer_of(store, login, on=DAY)


def test_one_person_has_one_name_in_the_log(store: Store, let: Callable[..., Reader]) -> None:
    let("li.wei", "leader")
    assert {readers.viewer_of(store, name, on=DAY).name for name in ("li.wei", "LI.Wei ", "ｌi.wei")} == {"li.wei"}


def test_a_damaged_entry_is_named_and_lets_nobody_in(store: Store, let: Callable[..., Reader]) -> None:
    let("li", "leader")
    (kept,) = store.readers.iterdir()
    kept.write_text("{", encoding="utf-8")
    with pytest.raises(ReaderError, match=kept.name):
        readers.viewer_of(store, "li", on=DAY)


def test_who_sees_the_same_is_equal_whatever_they_are_called_and_may_do() -> None:
    one = Viewer("one", ("001",), names=True, role="planner", may=frozenset({"plan"}))
    assert one == Viewer("other", ("001",), names=True)
    assert hash(one) == hash(Viewer("other", ("001",), names=True))
    for apart in ({"units": ("002",)}, {"names": False}, {"closed": ("P1",)}):
        assert dataclasses.replace(one, **apart) != one
    assert {*ACTS} == LOCAL.may


def test_readers_are_let_in_listed_and_barred_at_the_command_line(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--store", str(store.root)]
    more = ["--units", "001.002", "001.003", "--closed", "P01", "--until", "2099-12-31", "--by", "示例管理员"]
    assert main(["let", "Li", "--role", "unit_hr", *more, *at]) == 0
    assert main(["let", "wang", "--role", "king", *at]) == 2
    assert main(["bar", "zhao", "--by", "示例管理员", *at]) == 0
    capsys.readouterr()
    assert main(["readers", *at]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("li  unit_hr  units 001.002 001.003  closed P01  until 20991231  by 示例管理员")
    assert second.startswith("zhao  not let in  by 示例管理员")
    assert readers.viewer_of(store, "li").closed == ("P01",)
