"""Briefings chosen, printed behind the pages, endorsed, rendered again and compared, each with its reader's rights."""

import io
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fastexcel
import pytest

import pages.__main__ as command
from data import endorsed
from data.access import EVERY_UNIT, LOCAL, Viewer
from data.batches import alone
from data.endorsed import EndorsedError
from data.store import Store
from pages.parts import (
    answers,
    briefing,
    changes,
    chosen,
    document,
    endorsing,
    press,
    printed,
    recipients,
    sheets,
    words,
)
from pages.parts.briefing import BriefingError, Item, Template
from pages.parts.changes import GONE, NEW, NUMBER, STATUS, Told
from pages.parts.press import Order, Press
from pages.parts.scenes import Scenes
from tests.conftest import CADRE
from tests.server import HOUSE

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
NAMES = [line.split(",")[1] for line in (CADRE / "member.csv").read_text(encoding="utf-8").splitlines()[1:]]
GUEST = Viewer("reader", (EVERY_UNIT,))
SHORT = Template(
    "短", "Short", "短", [Item("age_ladder/quota", {}), Item("age_ladder/crossing_list", {}, may_lack=True)]
)


TWICE = Template(
    "二",
    "Twice",
    "二",
    [Item("age_ladder/ladder", filters) for filters in ({}, {}, {"unit": "001.001"}, {"unit": "001.001"})],
)


@pytest.fixture(autouse=True)
def without_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing to PDF, which takes a browser, is tested for itself."""
    monkeypatch.setattr(document, "browser", lambda: None)


@pytest.fixture
def house(cadre_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The twelve people in a store of their own."""
    store = Store(Path(shutil.copytree(cadre_store.root, tmp_path / "house")))
    monkeypatch.setenv("CADRE_STORE", str(store.root))
    return store


def ordered(store: Store, as_of: int = 202610, viewer: Viewer = LOCAL, since: str = "") -> Order:
    """An order of the short template."""
    return Order(store, answers.reader(store, viewer, ENGLISH), SHORT.name, chosen.text(SHORT), as_of, since)


def endorse(store: Store, as_of: int = 202610, viewer: Viewer = LOCAL, since: str = "") -> str:
    """The number under which a briefing is endorsed."""
    order = ordered(store, as_of, viewer, since)
    return endorsing.endorse(order, press.carried_out(order, tuple(printed.OWN)), "张样甲").id


# --- what is chosen ---


def test_every_figure_can_be_chosen_by_a_name_of_its_own() -> None:
    for say in (ENGLISH, CHINESE):
        known = chosen.figures(say)
        assert set(briefing.EXHIBITS) - set(known) == {"outlook/ledger"}
        assert len({(shown.topic, shown.name) for shown in known.values()}) == len(known)


ITEMS = [
    Item("age_ladder/quota", {}),
    Item("assessment/years", {"group": "综合|管理;部门=?", "year": "2025"}, may_lack=True),
    Item("age_ladder/quota", {"unit": "001.002"}),
]


def test_what_is_written_into_an_address_is_read_back() -> None:
    assert chosen.from_address(chosen.in_address(ITEMS)) == ITEMS


@pytest.mark.parametrize("code", ["", "|", "nobody/knows", ";;=|?;", "nobody/knows|age_ladder/quota;=x;unit="])
def test_what_nobody_knows_in_an_address_is_passed_over(code: str) -> None:
    assert chosen.from_address(code) == [Item("age_ladder/quota", {})] * code.endswith("unit=")


def test_a_template_is_kept_and_read_back(house: Store) -> None:
    made = chosen.save(house, " 党组会 ", ITEMS, ENGLISH)
    assert chosen.templates(house)["党组会"] == made == Template("党组会", "党组会", "党组会", ITEMS)
    assert set(chosen.templates(house)) == {*briefing.templates(), "党组会"}
    chosen.remove(house, "党组会")
    assert set(chosen.templates(house)) == set(briefing.templates())


@pytest.mark.parametrize("name", ["", " ", "a/b", "..", "季度分析", "taken", "none", "x" * 61])
def test_a_name_that_cannot_be_kept_or_is_taken_is_refused(house: Store, name: str) -> None:
    chosen.save(house, "taken", ITEMS, ENGLISH)
    with pytest.raises(BriefingError, match="name"):
        chosen.save(house, name, ITEMS, ENGLISH)
    assert [path.name for path in house.templates.iterdir()] == ["taken.toml"]


def test_a_template_that_is_none_is_named(house: Store) -> None:
    house.templates.mkdir()
    (house.templates / "bad.toml").write_text("show = 1", encoding="utf-8")
    with pytest.raises(BriefingError, match="bad is no template"):
        chosen.templates(house)


# --- the press ---


def finished(work: Press) -> None:
    """Wait until everything is printed."""
    for thread in threading.enumerate():
        if thread.name == "printing":
            thread.join(60)
    assert all(state.ended for state in work.states.values())


def test_printing_waits_for_no_landing_and_no_build(house: Store) -> None:
    work, order = Press(), ordered(house)
    with alone(house, 1):
        work.print(order)
        finished(work)
    state = work.state(order)
    assert state is not None
    assert state.error is None
    assert set(state.result.files) == set(printed.OWN)


def test_those_who_order_the_same_wait_for_one_print() -> None:
    work, begun = Press(), []
    held = threading.Event()

    def once(_: press.Progress) -> str:
        begun.append(held.wait(30))
        return "printed"

    for _ in range(3):
        work.begin("the same", once)
    work.begin("another", lambda _: "at once")
    while not (state := work.state("another")) or not state.ended:
        pass
    held.set()
    finished(work)
    found = work.state("the same")
    assert found is not None
    assert (begun, found.result) == ([True], "printed")


def test_an_order_that_cannot_be_printed_ends_with_a_sentence(house: Store) -> None:
    work, order = Press(), ordered(house, 201501)
    work.print(order)
    finished(work)
    state = work.state(order)
    assert state is not None
    assert str(state.error).startswith(
        "age_ladder/quota has nothing to show: No target is asked of 示例市 in Jan 2015."
    )


def test_old_prints_are_forgotten() -> None:
    work = Press()
    for number in range(press.KEPT + 5):
        work.begin(number, lambda _: None)
        finished(work)
    assert list(work.states) == list(range(5, press.KEPT + 5))


# --- endorsed, and rendered again ---


@pytest.mark.promise("endorsed.unchanged")
def test_another_process_renders_an_endorsed_briefing_bit_for_bit(house: Store) -> None:
    number = endorse(house)
    run = subprocess.run(
        [sys.executable, "-m", "pages", "again", number, "--store", str(house.root)],
        cwd=HOUSE,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (
        0,
        f"{number} is rendered the same, bit for bit, from build {answers.reader(house, LOCAL, ENGLISH).build_id}.\n",
    )


def test_what_is_rendered_otherwise_is_named(house: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    number = endorse(house)
    told = briefing.FINDINGS["age_ladder/quota"]
    monkeypatch.setattr(
        briefing, "FINDINGS", {"age_ladder/quota": lambda scene, found: told(scene, found) + " Otherwise."}
    )
    found = endorsing.again(house, number)
    assert not found.same
    assert {"briefing.pptx", "figures.json"} <= set(found.files)
    assert found.figures == ("Targets",)


def test_a_build_that_is_gone_is_said(house: Store) -> None:
    number = endorse(house)
    for path in house.warehouse.glob("*.duckdb"):
        path.unlink()
    with pytest.raises(EndorsedError, match="is gone"):
        endorsing.again(house, number)


@pytest.mark.promise("scope.kept")
def test_what_is_printed_for_one_is_not_taken_for_another_who_sees_the_same(house: Store) -> None:
    one, other = (ordered(house, viewer=replace(GUEST, name=name)) for name in ("示例甲", "示例乙"))
    assert one.here.viewer == other.here.viewer
    assert one != other
    assert one == ordered(house, viewer=replace(GUEST, name="示例甲"))


def test_only_those_with_the_same_rights_or_wider_see_an_endorsed_briefing(house: Store) -> None:
    town = Viewer("001.001", ("001.001",))
    for viewer in (LOCAL, GUEST, town):
        endorse(house, viewer=viewer)
    seen = {
        viewer: [record.viewer for record in recipients.visible(house, answers.reader(house, viewer, ENGLISH))]
        for viewer in (LOCAL, GUEST, town, Viewer("001.002", ("001.002",), names=True), Viewer("stranger"))
    }
    assert list(seen.values()) == [["001.001", "reader", "local"], ["001.001", "reader"], ["001.001"], [], []]


def unpacked(file: bytes) -> Iterator[bytes]:
    """Everything in a file, what is packed in it too."""
    if not zipfile.is_zipfile(io.BytesIO(file)):
        yield file
        return
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        for name in packed.namelist():
            yield from unpacked(packed.read(name))


@pytest.mark.promise("names.hidden")
def test_no_file_for_a_reader_without_names_holds_one(house: Store) -> None:
    named, names = {}, ["age_ladder/ladder", "age_ladder/boundary", *(each.name for each in briefing.OF_PEOPLE)]
    every = chosen.text(Template("all", "All", "全部", [Item(name, {}, may_lack=True) for name in names]))
    for viewer in (LOCAL, GUEST):
        order = replace(ordered(house, viewer=viewer), shows=every)
        number = endorsing.endorse(order, press.carried_out(order, tuple(printed.OWN)), "审定人").id
        held = [path.read_bytes() for path in (house.briefings / number).iterdir()]
        packed = b"".join(part for file in held for part in unpacked(file))
        named[viewer.name] = {name for name in NAMES if name.encode() in packed}
    assert named["reader"] == set()
    assert "赵样甲" in named["local"]


def test_a_reader_is_told_no_change_from_what_they_may_not_see(house: Store) -> None:
    number = endorse(house)
    with pytest.raises(EndorsedError, match="wider rights"):
        press.made(ordered(house, viewer=GUEST, since=number))


# --- what changed ---


def told(finding: str, **rows: tuple[int, str]) -> Told:
    """A figure with the number and the status of each row."""
    names = {"met": "met", "missed": "short"}
    return Told(
        "age_ladder/quota",
        "Targets",
        finding,
        "[]",
        {key: key.upper() for key in rows},
        {key: {"have": (n, str(n)), "status": (status, names[status])} for key, (n, status) in rows.items()},
    )


def test_statuses_come_first_then_numbers_then_rows_that_came_and_went() -> None:
    before = told("then", a=(3, "met"), b=(5, "met"), c=(1, "missed"))
    now = told("now", a=(4, "met"), b=(2, "missed"), d=(7, "met"))
    (found,) = changes.compared([before], [now], ENGLISH)
    assert [changes.cells(each, ENGLISH) for each in found.changes] == [
        ["Targets", "B", "Status", "met", "short", ""],
        ["Targets", "A", "Have", "3", "4", "+1"],
        ["Targets", "B", "Have", "5", "2", "−3"],
        ["Targets", "D", "", "—", "new", ""],
        ["Targets", "C", "", "gone", "—", ""],
    ]
    assert [each.kind for each in found.changes] == [STATUS, NUMBER, NUMBER, NEW, GONE]
    assert changes.tally([found], ENGLISH) == "1 status changed, 2 numbers moved, 1 row is new, 1 row is gone"


def test_figures_of_different_things_are_not_compared_row_by_row() -> None:
    before, now = told("then", a=(3, "met")), told("now", a=(4, "met"))
    other = Told(now.exhibit, now.title, now.finding, '["another target"]', now.names, now.cells)
    (found,) = changes.compared([before], [other], ENGLISH)
    assert (found.apart, found.before, found.changes) == (True, "then", [])


def test_a_target_that_lost_somebody_is_told_on_the_first_page(house: Store) -> None:
    """Of the six targets' differences, 0 −1 0 −1 0 0 in October 2026 and −1 0 −1 −2 0 −1 thirteen months on."""
    number = endorse(house)
    found = press.made(ordered(house, 202711, since=number))
    first = found.leaves[0]
    moved = [each for each in changes.in_order(changes.since(house, number, found)) if each.column == "Spare"]
    assert [each.difference for each in moved] == [-1, 1, -1, -1, -1]
    assert first.finding.startswith("Since Oct 2026: ")
    assert first.listing is not None
    assert first.listing.all_rows == len(first.answers[0].table)
    for ending in printed.OWN:
        assert printed.OWN[ending](found)


def test_where_nothing_changed_the_first_page_says_so(house: Store) -> None:
    number = endorse(house)
    found = press.made(ordered(house, since=number))
    assert found.leaves[0].finding == "Since Oct 2026: nothing has changed"
    assert printed.OWN[".pptx"](found)
    assert endorsing.again(house, endorse(house, since=number)).same


# --- the command ---


def test_the_commands_endorse_list_render_again_and_withdraw(house: Store, capsys: pytest.CaptureFixture[str]) -> None:
    chosen.save(house, "短", SHORT.items, ENGLISH)
    at = ["--store", str(house.root)]
    assert command.main(["endorse", "短", "--by", "张样甲", "--lang", "en", *at]) == 0
    assert command.main(["briefings", *at]) == 0
    assert "0001  短  2026-10  en  local" in capsys.readouterr().out
    assert command.main(["again", "0001", *at]) == 0
    assert command.main(["withdraw", "0001", "--by", "李样乙", "--reason", "作废", *at]) == 0
    assert command.main(["briefings", *at]) == 0
    assert "by 李样乙" in capsys.readouterr().out
    assert command.main(["briefings", "--as", "reader", *at]) == 0
    assert capsys.readouterr().out == ""
    assert command.main(["again", "7", *at]) == 2
    assert "no endorsed briefing '7'" in capsys.readouterr().err


def test_again_says_that_the_back_test_came_later(house: Store, capsys: pytest.CaptureFixture[str]) -> None:
    number = endorse(house)
    record = endorsed.one(house, number)
    assert record.tested == ""
    assert endorsing.again(house, number).same_test
    house.backtests.mkdir(exist_ok=True)
    house.backtest_of(record.build).write_text("{}", encoding="utf-8")
    assert not endorsing.again(house, number).same_test
    assert command.main(["again", number, "--store", str(house.root)]) == 0  # nothing of the outlook is in it
    assert "bit for bit" in capsys.readouterr().out


def test_again_tells_by_its_exit_code_that_something_differs(house: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    number = endorse(house)
    monkeypatch.setattr(briefing, "FINDINGS", {"age_ladder/quota": lambda *_: "Otherwise"})
    assert command.main(["again", number, "--store", str(house.root)]) == 1
    assert endorsed.one(house, number).withdrawn is None


def test_a_figure_that_is_shown_twice_is_printed_twice(cadre_store: Store) -> None:
    here = answers.reader(cadre_store, LOCAL, ENGLISH)
    made = briefing.made(TWICE, Scenes(here, here.data_month))
    sheet = fastexcel.read_excel(sheets.of_briefing(made)).load_sheet("Dictionary").to_pandas()
    assert sheet["Slide"].astype(int).unique().tolist() == [2, 3, 4, 5]


def test_figures_that_differ_in_a_filter_are_told_apart_when_compared(cadre_store: Store) -> None:
    here = answers.reader(cadre_store, LOCAL, ENGLISH)
    figures = changes.figures(briefing.made(TWICE, Scenes(here, here.data_month)))
    asked = [figure.asked for figure in figures]
    assert asked[0] == asked[1] != asked[2] == asked[3]
