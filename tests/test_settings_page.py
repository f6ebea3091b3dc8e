"""The page of rules and targets: a change is tried out, kept with its reason, in force at once, and taken back."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st

import queries
from data import amendments, audit, history, keeping, landing, policy
from data.access import LOCAL, Viewer
from data.store import Store
from data.trail import TRAIL
from pages.exhibits import settings as exhibits
from pages.parts import answers, rules, words
from queries import building, warehouse
from tests.conftest import CADRE, CADRE_MONTH, OpenPage, well
from tests.test_pages import GUEST, said, title

PAGE = "settings"
ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
TEAM = "township_team_35"
Edit = Callable[[Callable[[pd.DataFrame], pd.DataFrame]], None]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The twelve people, built under the rules that are shipped."""
    store = Store(tmp_path_factory.mktemp("shipped"))
    landing.land(store, sorted(CADRE.glob("*.csv")), month=CADRE_MONTH)
    building.build(store)
    return store


@pytest.fixture
def page_store(shipped: Store, tmp_path: Path) -> Store:
    """What the page shows, and where its changes go."""
    return Store(Path(shutil.copytree(shipped.root, tmp_path / "house")))


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> Edit:
    """Edit the table of the page, which a test cannot do by hand: what stands in it is changed as it is shown."""

    def by(change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        monkeypatch.setattr(st, "data_editor", lambda cells, **_: change(cells.copy()))

    return by


def half(cells: pd.DataFrame) -> pd.DataFrame:
    """Ask for half of a township's team instead of three in ten."""
    return cells.assign(value=cells["value"].where(cells["target_id"] != TEAM, "50%"))


def told(app: Any, text: str) -> bool:
    """Whether the page says something."""
    return any(text in each for each in said(app))


def needed(store: Store, as_of: int) -> int:
    """How many people the target asks for in the build that is served."""
    path = warehouse.newest(store)
    assert path is not None
    table = warehouse.open_for(path, LOCAL).ask("age_ladder/quota", as_of=as_of).table
    return int(table.loc[table["target_id"] == TEAM, "needed"].iloc[0])


def fill(app: Any, kind: str = "amend", **fields: str) -> Any:
    """Say why a change is made, by what, and who makes it."""
    for name, text in fields.items():
        app.text_input(key=f"{kind}_{name}").input(text)
    return well(app.run())


def built() -> None:
    """Wait until what is counted again in the background stands."""
    for thread in threading.enumerate():
        if thread.name == "work rules":
            thread.join(60)


WHY = {"reason": "新办法", "document": "示例通知", "clause": "第二条", "who": "示例甲"}


def test_the_title_counts_the_rules_and_whom_they_wait_for(page: OpenPage) -> None:
    held = [
        row for name, table in policy.all_tables().items() for row in policy.in_force(name, table, 202610).to_pylist()
    ]
    open_ = sum(row["confirmed"] == "to_confirm" for row in held)
    assert title(page(lang="en")) == f"{len(held)} rules in force, {open_} of them to be confirmed by the department"


@pytest.mark.parametrize("name", sorted(policy.OF_ACCESS))
def test_who_sees_and_may_do_what_is_shown_and_changed_by_nobody_here(page: OpenPage, edit: Edit, name: str) -> None:
    edit(lambda cells: cells.iloc[:-1])
    app = page(lang="en", table=name)
    assert not [button for button in app.button if str(button.key).startswith(("try_", "keep_"))]
    assert not told(app, "Change cells")


def test_a_change_of_roles_is_not_taken_back_here(page: OpenPage, page_store: Store) -> None:
    held = policy.rows(policy.read("role"), "role")
    wished = [{**row, "endorse": "no"} if row["role_id"] == "planner" else row for row in held]
    source = {"document": "示例通知", "clause": "第二条", "confirmed": "to_confirm"}
    kept = amendments.Amendment(
        table="role",
        begins=202701,
        changes=amendments.differences("role", held, wished, 202701, source),
        reason="收回审定权限",
        document="示例通知",
        clause="第二条",
        who="管理员",
        written=keeping.now(),
    )
    amendments.record(page_store, kept)
    app = page(lang="en")
    assert told(app, "收回审定权限")
    assert not [box for box in app.selectbox if box.key == "withdraw"]


@pytest.mark.parametrize("name", sorted(set(policy.names()) - policy.OF_ACCESS))
def test_every_table_can_be_opened_and_reads_back_as_it_stands(page: OpenPage, edit: Edit, name: str) -> None:
    edit(lambda cells: cells)
    app = page(lang="en", table=name)
    assert told(app, "Change cells, or write a new rule")
    assert not app.error


def test_a_change_is_tried_out_kept_and_in_force(page: OpenPage, page_store: Store, edit: Edit) -> None:
    edit(half)
    app = page(lang="en", **{"from": "2027-01"})
    assert told(app, "Township team members 35 and under Value 30% 50%")
    assert app.button(key="keep_change").disabled
    well(app.button(key="try_change").click().run())
    # Eight are in post in the townships: 30 % of them are 3 people, 50 % are 4
    assert told(app, "Needed 3 4")
    assert TRAIL.flush() == 0
    assert [(entry.act, entry.what) for entry in audit.of(page_store, last=1)] == [("previewed", "age_target")]
    assert (needed(page_store, 202701), amendments.history(page_store)) == (3, ())
    assert told(app, "Still to be filled in before it can be kept: Reason for the change, Document, Clause, Entered by")
    fill(app, **WHY)
    assert not told(app, "Still to be filled in")
    assert not app.button(key="keep_change").disabled
    well(app.button(key="keep_change").click().run())
    built()
    (kept,) = amendments.history(page_store)
    assert (kept.table, kept.begins, kept.reason, kept.who) == ("age_target", 202701, "新办法", "示例甲")
    assert [needed(page_store, as_of) for as_of in (202612, 202701)] == [3, 4]


def test_what_was_kept_stands_in_the_history_and_is_taken_back(page: OpenPage, page_store: Store, edit: Edit) -> None:
    keep(page_store)
    edit(lambda cells: cells)
    app = page(lang="zh_CN")
    assert told(app, "乡镇（街道）领导班子成员 35岁以下：指标值 30% → 50%")
    well(app.selectbox(key="withdraw").select(1).run())
    well(app.button(key="try_withdrawal").click().run())
    assert told(app, "应配 4 3")
    fill(app, "withdraw", reason="误录", who="示例乙")
    well(app.button(key="keep_withdrawal").click().run())
    built()
    assert [entry.withdraws for entry in amendments.history(page_store)] == [None, 1]
    assert needed(page_store, 202701) == 3
    assert told(page(lang="zh_CN"), "已由第 2 号撤回")


def keep(store: Store, *, counted: bool = True) -> None:
    """Keep the change of the target, and build unless it is not to be counted."""
    held = policy.rows(policy.in_force("age_target", amendments.table(store, "age_target"), 202701), "age_target")
    edited = [{**row, **({"value": "50%"} if row["target_id"] == TEAM else {})} for row in held]
    source = {"document": "示例通知", "clause": "第二条", "confirmed": "to_confirm"}
    changes = amendments.differences("age_target", held, edited, 202701, source)
    why: dict[str, Any] = {**WHY}
    entry = amendments.Amendment(table="age_target", begins=202701, changes=changes, written="2026-10-31", **why)
    amendments.record(store, entry)
    if counted:
        building.build(store)


def test_under_an_earlier_build_a_change_is_compared_with_the_rules_in_force(
    page: OpenPage, page_store: Store, edit: Edit
) -> None:
    shipped = warehouse.newest(page_store)
    assert shipped is not None
    keep(page_store)
    warehouse.point(page_store, shipped.stem)
    edit(lambda cells: cells.assign(value=cells["value"].where(cells["target_id"] != TEAM, "70%")))
    app = page(lang="en", **{"from": "2027-01"})
    assert [warning.value for warning in app.warning] == [
        "An earlier build is served, so pages show its numbers; changes are compared with the rules in force."
    ]
    well(app.button(key="try_change").click().run())
    # Of eight people 30 % are 3, as the earlier build has it; in force are 50 %, so 4; 70 % are 6
    assert told(app, "Needed 4 6")


def test_who_counts_again_is_named_on_the_page_of_incoming_files(
    page: OpenPage, page_store: Store, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "whoever_runs_this", lambda: "示例员")
    keep(page_store, counted=False)
    edit(lambda cells: cells)
    well(page(lang="en").button(key="count").click().run())
    built()
    assert [message.value for message in page("intake", lang="en").success] == [
        "示例员 had a new build made; it is served."
    ]


def test_how_far_the_counting_is_stands_on_the_page_of_incoming_files(
    page: OpenPage, page_store: Store, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()

    def build(store: Store, progress: Callable[[str], None], **_: str) -> Path:
        for name in queries.built()[:20]:
            progress(str(name))
        goes_on.wait(60)
        return store.root / "made.duckdb"

    keep(page_store, counted=False)
    edit(lambda cells: cells)
    app = page(lang="en")
    monkeypatch.setattr(building, "build", build)
    try:
        well(app.button(key="count").click().run())
        (bar,) = page("intake", lang="en").get("progress")
        all_ = len(queries.built())
        assert bar.proto.text == f"Building: 20 of {all_} tables; pages go on showing the build before"
        assert bar.proto.value == 2000 // all_
    finally:
        goes_on.set()
        built()


def test_a_change_that_does_nothing_says_so(page: OpenPage, edit: Edit) -> None:
    edit(lambda cells: cells.assign(name_en=cells["name_en"].where(cells["rule_id"] != "women_50", "Workers")))
    app = page(lang="en", table="retirement")
    well(app.button(key="try_change").click().run())
    assert told(app, "Nothing changes: every status stays as it is.")


@pytest.mark.parametrize(("month", "warned"), [("2026-10", True), ("2026-12", False)])
def test_a_change_that_begins_within_the_data_says_that_the_past_is_judged_anew(
    page: OpenPage, edit: Edit, month: str, warned: bool
) -> None:
    edit(half)
    assert told(page(lang="en", **{"from": month}), "what has been judged since then is judged anew") == warned


def test_who_stands_behind_a_rule_is_confirmed_as_a_change_of_its_own(
    page: OpenPage, page_store: Store, edit: Edit
) -> None:
    edit(lambda cells: cells.assign(confirmed=cells["confirmed"].where(cells["target_id"] != TEAM, "department")))
    app = page(lang="en")
    assert told(app, "Confirmed by to be confirmed by the department confirmed by the department")
    well(app.button(key="try_change").click().run())
    fill(app, **WHY)
    well(app.button(key="keep_change").click().run())
    built()
    rows = policy.rows(amendments.table(page_store, "age_target"), "age_target")
    assert [(row["valid_from"], row["valid_to"], row["confirmed"]) for row in rows if row["target_id"] == TEAM] == [
        ("2021-06", "", "department")
    ]


@pytest.mark.parametrize(("language", "sentence"), [("en", "Write it as 20%"), ("zh_CN", "请写成20%")])
def test_what_cannot_stand_is_refused_in_the_readers_language(
    page: OpenPage, edit: Edit, language: str, sentence: str
) -> None:
    edit(lambda cells: cells.assign(value="a lot"))
    app = page(lang=language)
    well(app.button(key="try_change").click().run())
    assert sentence in app.error[0].value
    assert app.button(key="keep_change").disabled


@pytest.mark.parametrize(
    "viewer", [GUEST, Viewer("part", ("001.001",), names=True, may=frozenset({"read"}))], ids=["guest", "part"]
)
def test_whoever_sees_no_names_or_not_every_unit_reads_the_rules_and_changes_nothing(
    page: OpenPage, page_store: Store, monkeypatch: pytest.MonkeyPatch, viewer: Viewer
) -> None:
    keep(page_store)
    monkeypatch.setattr(answers, "LOCAL", viewer)
    app = page(lang="en")
    assert len(app.dataframe) == 1
    assert {str(button.key) for button in app.button} == {"language"}
    assert told(app, "Value 30% → 50%")


def test_where_nothing_can_be_tried_out_the_page_says_so_and_serves_on(
    page: OpenPage, page_store: Store, edit: Edit
) -> None:
    edit(half)
    app = page(lang="en")
    page_store.previews.write_text("in the way", encoding="utf-8")
    well(app.button(key="try_change").click().run())
    assert "It could not be tried out, and nothing was changed" in app.error[0].value
    assert needed(page_store, 202701) == 3


def test_what_was_tried_out_and_is_gone_is_tried_out_again(page: OpenPage, page_store: Store, edit: Edit) -> None:
    edit(half)
    app = page(lang="en", **{"from": "2027-01"})
    well(app.button(key="try_change").click().run())
    shutil.rmtree(page_store.previews)
    well(app.run())
    assert app.button(key="keep_change").disabled
    well(app.button(key="try_change").click().run())
    assert told(app, "Needed 3 4")


def test_where_a_change_cannot_be_read_the_page_names_it(page: OpenPage, page_store: Store) -> None:
    page_store.amendments.mkdir()
    (page_store.amendments / "0001.json").write_text("{", encoding="utf-8")
    assert "0001.json cannot be read" in page(lang="en").error[0].value


@pytest.mark.parametrize("codes", [{"table": "moon"}, {"from": "soon"}, {"from": "1900-01"}], ids=str)
def test_a_code_that_nobody_knows_is_passed_over(page: OpenPage, codes: dict[str, str], edit: Edit) -> None:
    edit(lambda cells: cells)
    assert said(page(**codes)) == said(page())


# --- what is asked before and after -----------------------------------------------------------------------------------


def test_every_table_of_rules_stands_behind_something_that_is_compared() -> None:
    behind = {table for each in exhibits.COMPARED for table in queries.given(each.name)}
    assert behind >= set(policy.names()) - policy.ASKED_OF_READERS


def test_what_stands_behind_a_question_is_followed_back_to_what_was_given() -> None:
    assert queries.given("roster/disclosure") == {"build", "disclosure"}
    assert queries.given("overview/status") >= {"age_target", "target_status", "colour_rule", "posting", "unit"}
    assert "age_target" not in queries.given("rotation/clock")


def test_of_people_only_numbers_are_compared() -> None:
    people = {"person_id", "name"}
    for each in exhibits.COMPARED:
        columns = {column.name for column in queries.load(each.name).columns}
        assert not (people & {*each.about, *each.figures})
        assert not (people & columns) or not each.figures


@pytest.mark.parametrize("name", policy.names())
def test_cells_read_back_as_the_rows_they_were_whatever_numbers_a_browser_makes_of_them(name: str) -> None:
    held = policy.rows(policy.read(name), name)
    cells = rules.frame(name, held)
    assert rules.rows(name, cells) == held
    numbers = cells.select_dtypes("number").columns
    assert rules.rows(name, cells.astype(dict.fromkeys(numbers, "float64"))) == held
    blank = pd.DataFrame([dict.fromkeys(cells.columns)]).astype("object")
    assert rules.rows(name, pd.concat([cells.astype("object"), blank])) == held


@pytest.mark.parametrize("say", [ENGLISH, CHINESE], ids=["en", "zh_CN"])
def test_the_rows_in_words_hold_every_row_and_no_code(say: words.Words) -> None:
    for name in policy.names():
        table = rules.in_words(name, policy.rows(policy.read(name), name), say)
        assert len(table) == policy.read(name).num_rows
        assert len(set(table.columns)) == len(policy.row_columns(name))
