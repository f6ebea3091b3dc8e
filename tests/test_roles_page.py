"""Each role opens its own pages and finds there what it may do, and nothing else."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import keeping, readers
from data.access import Viewer
from data.readers import Reader
from data.store import Store
from pages.parts import answers
from tests.conftest import OpenPage
from tests.test_pages import names_in, said, title

PAGE = "overview"
CLOSED = "This page is not among those of your role"
ANALYSIS = {
    "overview",
    "age_ladder",
    "outlook",
    "assessment",
    "rotation",
    "welfare",
    "capability",
    "reserve",
    "rank_only",
    "up_down",
    "grass_roots",
    "timetable",
    "tasks",
    "briefing",
}
EVERYBODY = {"assurance", "open"}
OPENED = {
    "leader": ANALYSIS | {"quality", "settings"},
    "planner": ANALYSIS | {"quality", "settings"},
    "unit_hr": ANALYSIS | {"quality", "settings"},
    "viewer": set(),
    "data_steward": {"intake", "quality"},
    "rules_steward": {"settings"},
    "auditor": {"audit"},
}
UNITS = {"planner": ("*",), "unit_hr": ("001.001",)}
Enter = Callable[[str], Viewer]


@pytest.fixture
def enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Be somebody who was let in, in a role."""

    def in_role(role: str) -> Viewer:
        store = Store(tmp_path / "readers")
        units = UNITS.get(role, ())
        entry = Reader(login="示例李", role=role, units=units, who="管理员", written=keeping.now())
        readers.record(store, entry)
        viewer = readers.viewer_of(store, "示例李", on=dt.date(2026, 10, 31))
        monkeypatch.setattr(answers, "viewer", lambda: viewer)
        return viewer

    return in_role


@pytest.mark.promise("roles.rows")
@pytest.mark.parametrize("role", OPENED)
def test_a_role_opens_its_own_pages_and_no_other_and_names_as_it_may(page: OpenPage, enter: Enter, role: str) -> None:
    viewer = enter(role)
    every = set().union(*OPENED.values()) | EVERYBODY
    seen = {name: page(name, lang="en") for name in sorted(every)}
    assert {name for name, app in seen.items() if title(app) != CLOSED} == OPENED[role] | EVERYBODY
    assert viewer.names or not any(names_in(app) for app in seen.values())


@pytest.mark.promise("roles.rows")
@pytest.mark.parametrize("role", ["viewer", "rules_steward", "data_steward", "auditor"])
def test_whoever_opens_no_page_of_analysis_is_presented_none(page: OpenPage, enter: Enter, role: str) -> None:
    enter(role)
    for codes in ({"page": "overview"}, {"page": "rotation", "at": "3"}, {"template": "季度分析"}):
        app = page("present", lang="en", **codes)
        assert title(app) in (CLOSED, "Nothing is chosen to be presented"), codes
        assert names_in(app) == set()
    assert title(page("present", lang="en", page="open")) != CLOSED


def offers(app: AppTest) -> set[str]:
    """What can be done on a page: the keys of its buttons and boxes."""
    return {str(each.key) for each in (*app.button, *app.text_input, *app.text_area, *app.selectbox)}


@pytest.mark.parametrize(("role", "may"), [("planner", True), ("unit_hr", False), ("leader", False)])
def test_only_who_plans_enters_steps_and_keeps_templates(page: OpenPage, enter: Enter, role: str, may: bool) -> None:
    enter(role)
    assert ("enter_who" in offers(page("timetable", more="enter"))) == may
    assert ("template_name" in offers(page("briefing"))) == may


def test_who_signed_in_is_the_one_who_does_it(page: OpenPage, enter: Enter) -> None:
    enter("planner")
    box = page("timetable", more="enter").text_input(key="enter_who")
    assert (box.value, box.disabled) == ("示例李", True)


@pytest.mark.parametrize(("role", "may"), [("rules_steward", True), ("planner", False)])
def test_only_who_keeps_the_rules_changes_them(page: OpenPage, enter: Enter, role: str, may: bool) -> None:
    enter(role)
    told = said(page("settings", lang="en"))
    assert any("Change cells" in text for text in told) == may


def test_a_leader_is_told_of_small_groups_and_of_nobodys_name(page: OpenPage, enter: Enter) -> None:
    enter("leader")
    leader = said(page("welfare", lang="en"), "takeaway")
    enter("planner")
    assert leader == said(page("welfare", lang="en"), "takeaway")
