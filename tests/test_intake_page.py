"""The page of incoming files: from a messy file to the build that is served, and back."""

import dataclasses
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button, Selectbox

from data import history, landing
from data.access import Viewer
from data.store import Store
from pages.parts import answers, desk, intake, words
from pages.parts.background import WORKS
from queries import building, builds, warehouse
from tests.conftest import CADRE, OpenPage, well
from tests.test_pages import names_in, said, title

PAGE = "intake"
MESSY = (
    "示例市干部名册,,,,\n编号,姓名,性别,出生年月,籍贯\n"
    "N1,示例新,男,1981.05,甲县\nN2,示例坏,女,1981.13,甲县\nP01,林知远,男,1972.01,甲县\n合计,3,,,\n"
)
# 赵样甲 is a man born in May 1978 in the store too, under a code of its own; neither has an ID number here
DOUBTFUL = "姓名,性别,出生年月,参加工作时间,工作单位,现任职务\n赵样甲,男,1978.05,2000.08,甲县,县长\n"


@pytest.fixture
def house(cadre_store: Store, tmp_path: Path) -> Store:
    """The twelve people in a store of their own, that files can land in."""
    return Store(Path(shutil.copytree(cadre_store.root, tmp_path / "house")))


@pytest.fixture
def page_store(house: Store) -> Store:
    """What the page shows, and where its files go."""
    return house


def given(app: AppTest, *files: tuple[str, str]) -> AppTest:
    """The page after these files (name, text) were dropped on it, those before having been taken away."""
    for button in app.button:
        if str(button.key).startswith("away_"):
            app = well(button.click().run())
    return dropped(app, *files)


def dropped(app: AppTest, *files: tuple[str, str]) -> AppTest:
    """The page after these files (name, text) were dropped on it too."""
    app.file_uploader[0].set_value([(name, text.encode(), "text/csv") for name, text in files])
    return seen(well(app.run()))


def seen(app: AppTest) -> AppTest:
    """The page once its files were looked at."""
    looking = app.session_state["intake_desk"].looking
    assert looking is None or looking.over.wait(60)
    return well(app.run())


def box(app: AppTest, about: str) -> Selectbox:
    """The one box that asks about something."""
    (only,) = (select for select in app.selectbox if str(select.key).startswith(f"{about}_"))
    return only


def click(app: AppTest, about: str) -> Button:
    """The one button about something, clicked."""
    (only,) = (button for button in app.button if str(button.key).startswith(f"{about}_"))
    return only.click()


@pytest.fixture
def other_work(house: Store) -> Iterator[Callable[[], None]]:
    """Something that somebody else begins to do to the store, which goes on to the end of the test."""
    goes_on = threading.Event()

    def task(_: object) -> str:
        goes_on.wait(60)
        return "0001"

    def begin() -> None:
        assert WORKS.begin(house, "rules", "示例乙", task)

    yield begin
    goes_on.set()
    ended(house)


def ended(house: Store) -> None:
    """Wait until the work in the background has ended."""
    for _ in range(3000):
        if (state := WORKS.state(house)) and state.ended:
            return
        time.sleep(0.02)
    raise AssertionError


def done(app: AppTest, house: Store) -> AppTest:
    """The page once the work in the background has ended."""
    ended(house)
    return well(app.run())


@pytest.mark.parametrize(
    ("language", "finding"), [("zh_CN", "选择文件，核对后入库并重建"), ("en", "Bring in files, check them, build anew")]
)
def test_before_a_file_is_chosen_nothing_can_land(page: OpenPage, language: str, finding: str) -> None:
    app = page(lang=language)
    assert title(app) == finding
    assert app.button(key="intake_land").disabled


def test_a_messy_file_is_corrected_landed_and_served(page: OpenPage, house: Store) -> None:
    before = warehouse.newest(house)
    app = given(page(lang="en"), ("名册.csv", MESSY))
    assert title(app) == "1 file: records that can land 0, rejected 4"
    assert app.button(key="intake_land").disabled
    box(app, "heading").select("编号")
    box(app, "meaning").select("person_id")
    seen(click(app, "correct").run())
    # N1 is good, N2 has no thirteenth month, P01 is there and gets another birth, the total is no row
    assert title(app) == "1 file: records that can land 2, rejected 2"
    assert any(text.endswith("12 1 0 1") for text in said(app, "table-box"))
    app.text_input(key="intake_by").input("示例员")
    app.button(key="intake_land").click().run()
    app = done(app, house)
    assert [message.value for message in app.success] == ["示例员 landed batch 0002; the new build is served."]
    assert title(app) == "Bring in files, check them, build anew"
    after = warehouse.newest(house)
    assert after != before
    assert [(event.kind, event.who) for event in history.of(house)][-3:] == [
        ("landed", "示例员"),
        ("built", "示例员"),
        ("served", "示例员"),
    ]
    assert after is not None
    with warehouse._connection(after).cursor() as cursor:  # noqa: SLF001 (asked beside the house's own questions)
        assert cursor.execute("select count(*) from whole.member").fetchall() == [(13,)]


def test_nothing_lands_until_all_is_good(page: OpenPage) -> None:
    app = given(page(lang="en"), ("名册.csv", MESSY.replace("编号", "人员编码")))
    assert not app.button(key="intake_land").disabled
    well(app.radio(key="intake_mode").set_value("whole").run())
    assert app.button(key="intake_land").disabled
    assert any("2 things are to be mended" in text for text in said(app, "page-note"))


def test_a_file_that_nobody_knows_is_said_and_can_be_named(page: OpenPage) -> None:
    app = given(page(lang="en"), ("x.csv", "甲,乙\n1,2\n"))
    assert "x.csv holds nothing that any contract knows" in app.error[0].value
    box(app, "kind").select("unit").run()
    assert box(app, "meaning").options[:2] == ["not read", "Unit code"]


def test_replacing_tells_who_is_gone(page: OpenPage) -> None:
    people = (CADRE / "member.csv").read_text(encoding="utf-8").splitlines()
    app = given(page(lang="en"), ("member.csv", "\n".join(people[:-2])))
    assert any(text.endswith("12 0 0 0") for text in said(app, "table-box"))
    seen(app.toggle(key="intake_replace").set_value(True).run())
    assert any(text.endswith("12 0 2 0") for text in said(app, "table-box"))


def test_a_store_that_takes_nothing_is_a_sentence_and_the_old_build_is_served(page: OpenPage, house: Store) -> None:
    before = warehouse.newest(house)
    app = given(page(lang="en"), ("名册.csv", MESSY.replace("编号", "人员编码")))
    shutil.rmtree(house.history, ignore_errors=True)
    house.history.write_text("in the way", encoding="utf-8")
    app.button(key="intake_land").click().run()
    ended(house)
    house.history.unlink()
    app = well(app.run())
    assert "was not finished" in app.error[0].value
    assert warehouse.newest(house) == before
    assert [batch.id for batch in house.manifest().batches] == ["0001"]


def test_a_build_is_served_again_in_one_click(page: OpenPage, house: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("人员编码,姓名,性别,出生年月\nN1,示例新,男,1981.05\n", encoding="utf-8")
    landing.land(house, [file])
    building.build(house)
    later, earlier = builds.every(house)
    app = page(lang="en")
    well(app.button(key=f"serve_{earlier.id}").click().run())
    assert warehouse.newest(house) == earlier.path
    well(app.button(key=f"serve_{later.id}").click().run())
    assert warehouse.newest(house) == later.path


def test_under_an_earlier_build_every_page_says_so(page: OpenPage, house: Store) -> None:
    batch, *more = house.manifest().batches
    example = {"batches": [dataclasses.asdict(dataclasses.replace(batch, invented=True))]}
    assert not more
    house.manifest_path.write_text(json.dumps(example), encoding="utf-8")
    building.build(house)
    app = page(lang="en")
    assert not any("an earlier build" in text for text in said(app))
    assert not said(app, "earlier-note")
    app.file_uploader[0].set_value([(path.name, path.read_bytes(), "text/csv") for path in sorted(CADRE.glob("*.csv"))])
    seen(app.run())
    app.text_input(key="intake_month").input("2026-11")
    app.text_input(key="intake_by").input("示例员")
    app.button(key="intake_land").click().run()
    app = done(app, house)
    assert [message.value for message in app.success] == ["示例员 landed batch 0002; the new build is served."]
    assert not any("example city" in text for text in said(app))
    earlier = next(build for build in builds.every(house) if build.batches == ("0001",) and not build.served)
    app = well(app.button(key=f"serve_{earlier.id}").click().run())
    assert [message.value for message in app.success] == ["示例员 landed batch 0002; an earlier build is served now."]
    assert any("the build is of the example city" in text for text in said(app))
    for name in ("intake", "overview", "settings"):
        assert any(f"版本 {earlier.id} · 现用以前的版本" in text for text in said(page(name), "house-note"))
        assert any(f"版本 {earlier.id} · 现用以前的版本" in text for text in said(page(name), "earlier-note"))


def test_a_batch_is_withdrawn_and_built_without(page: OpenPage, house: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("人员编码,姓名,性别,出生年月\nN1,示例新,男,1981.05\n", encoding="utf-8")
    landing.land(house, [file], who="示例员")
    app = page(lang="en", more="batches")
    assert any("0002" in text and "示例员 a.csv 1 0 0 counts" in text for text in said(app, "table-box"))
    app.button(key="intake_mark").click().run()
    app = done(app, house)
    assert [batch.withdrawn for batch in house.manifest().batches] == [False, True]
    assert app.button(key="intake_mark").label == "Restore and build"


@pytest.mark.parametrize(
    ("files", "told"), [(["a"], "a"), (["a", "b", "c"], "a, b, c"), (["a", "b", "c", "d", "e"], "a, b, c and 2 more")]
)
def test_many_files_of_a_batch_are_counted(files: list[str], told: str) -> None:
    assert intake.files_named(files, words.of("en")) == told


@pytest.mark.parametrize(
    ("file", "told"), [("甲.lrmx +6", "甲.lrmx and 6 more"), ("a +b.csv", "a +b.csv"), ("甲.csv", "甲.csv")]
)
def test_files_read_together_are_counted(file: str, told: str) -> None:
    assert intake.several(file, words.of("en")) == told


def test_nothing_is_begun_while_something_else_is_being_done(page: OpenPage, other_work: Callable[[], None]) -> None:
    other_work()
    app = given(page(lang="en", more="batches"), ("名册.csv", MESSY.replace("编号", "人员编码")))
    assert title(app) == "1 file: records that can land 2, rejected 2"
    assert app.button(key="intake_land").disabled
    assert app.button(key="intake_mark").disabled


@pytest.mark.parametrize("button", ["intake_land", "intake_mark"])
def test_what_another_was_quicker_than_is_said_and_not_lost(
    page: OpenPage, house: Store, other_work: Callable[[], None], button: str
) -> None:
    app = given(page(lang="en", more="batches"), ("名册.csv", MESSY.replace("编号", "人员编码")))
    other_work()
    app = well(app.button(key=button).click().run())
    assert [message.value for message in app.error] == [
        "This was not begun, for something else is being done to these data: do it again once that has ended."
    ]
    assert title(app) == "1 file: records that can land 2, rejected 2"
    assert [batch.withdrawn for batch in house.manifest().batches] == [False]


def test_a_browser_opened_anew_finds_files_decisions_and_choices(page: OpenPage) -> None:
    app = given(page(lang="en"), ("名册.csv", DOUBTFUL))
    seen(box(app, "whose").select("").run())
    seen(app.toggle(key="intake_replace").set_value(True).run())
    well(app.text_input(key="intake_month").input("2026-09").run())
    address = app.query_params["desk"]
    assert len(address) > 20
    anew = page(lang="en", desk=address)
    assert title(anew) == title(app) == "1 file: records that can land 1, rejected 1"
    assert box(anew, "whose").value == ""
    assert anew.toggle(key="intake_replace").value
    assert anew.text_input(key="intake_month").value == "2026-09"
    assert anew.session_state["intake_desk"].looking is app.session_state["intake_desk"].looking


def test_an_address_opens_its_files_to_nobody_else(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    app = given(page(lang="en"), ("名册.csv", DOUBTFUL))
    address = app.query_params["desk"]
    monkeypatch.setattr(answers, "LOCAL", Viewer("示例乙", ("*",), names=True, may=frozenset({"land"})))
    other = page(lang="en", desk=address)
    assert title(other) == "Bring in files, check them, build anew"
    assert "no files of yours wait" in other.error[0].value
    assert "desk" not in other.query_params
    assert not any("名册.csv" in text for text in said(other))


def test_what_is_not_read_is_not_taken_and_named(page: OpenPage) -> None:
    app = given(page(lang="en"), ("名册.csv", DOUBTFUL), ("照片.jpg", "x"))
    assert title(app).startswith("1 file:")
    app = page(lang="en")
    app.file_uploader[0].set_value([("照片.jpg", b"x", "image/jpeg")])
    app = well(app.run())
    assert [message.value for message in app.error] == [
        "Not taken, as such files are not read: 照片.jpg. Read are .xlsx .xls .csv .lrmx .lrm .zip."
    ]
    assert title(app) == "Bring in files, check them, build anew"


def test_files_that_have_landed_wait_no_more(page: OpenPage, house: Store) -> None:
    app = given(page(lang="en"), ("名册.csv", MESSY.replace("编号", "人员编码")))
    address = app.query_params["desk"]
    app.button(key="intake_land").click().run()
    app = done(app, house)
    assert "desk" not in app.query_params
    assert "no files of yours wait" in page(lang="en", desk=address).error[0].value


def test_a_mended_file_takes_the_place_of_the_one_before_and_another_lies_beside_it(page: OpenPage) -> None:
    app = given(page(lang="en"), ("甲.csv", DOUBTFUL))
    app = seen(box(app, "whose").select("").run())
    app = dropped(app, ("乙.csv", "人员编码,姓名,性别,出生年月\nN1,示例新,男,1981.05\n"))
    assert title(app).startswith("2 files:")
    assert box(app, "whose").value == ""
    app = dropped(app, ("甲.csv", DOUBTFUL))
    assert title(app).startswith("2 files:")
    assert box(app, "whose").value == "?"


def test_a_long_look_is_followed_and_the_page_goes_on(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, check = threading.Event(), desk.check

    def slow(*given: Any, progress: Callable[[str], None], **more: Any) -> desk.Checked:
        progress("名册.csv")
        goes_on.wait(60)
        return check(*given, progress=progress, **more)

    monkeypatch.setattr(desk, "SOON", 0.01)
    monkeypatch.setattr(desk, "check", slow)
    app = page(lang="en")
    app.file_uploader[0].set_value([("名册.csv", DOUBTFUL.encode(), "text/csv")])
    app = well(app.run())
    assert title(app) == "1 file is being read"
    assert app.button(key="intake_land").disabled
    first = app.session_state["intake_desk"].looking
    app = well(app.text_input(key="intake_month").input("2026-09").run())
    assert app.session_state["intake_desk"].looking is first
    app = well(app.toggle(key="intake_replace").set_value(True).run())
    assert first.given_up
    goes_on.set()
    assert any("People 1 1 0" in text for text in said(seen(app), "table-box"))
    assert app.session_state["intake_desk"].seen.differences[0].gone > 0


def test_who_may_not_see_names_brings_nothing_in(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LOCAL", Viewer("guest", ("*",), may=frozenset({"read"})))
    app = page(lang="en")
    assert not app.file_uploader
    assert names_in(app) == set()


def test_who_may_be_two_lands_once_somebody_decided(page: OpenPage) -> None:
    app = given(page(lang="en"), ("名册.csv", DOUBTFUL))
    asked = box(app, "whose")
    assert asked.label == "名册.csv, row 2: 赵样甲"
    assert asked.options == ["open", "the same person: 赵样甲 (P01)", "someone else"]
    assert any("People 1 0 1" in text for text in said(app, "table-box"))
    app = seen(box(app, "whose").select("P01").run())
    assert any("People 1 1 0" in text for text in said(app, "table-box"))
    app = seen(box(app, "whose").select("?").run())
    assert any("People 1 0 1" in text for text in said(app, "table-box"))


@pytest.mark.parametrize("again", ["乙.csv", "甲.csv"])
def test_what_was_decided_of_one_file_is_open_for_the_next(page: OpenPage, again: str) -> None:
    app = given(page(lang="en"), ("甲.csv", DOUBTFUL))
    app = seen(box(app, "whose").select("").run())
    assert any("People 1 1 0" in text for text in said(app, "table-box"))
    app = given(app, (again, DOUBTFUL))
    assert (box(app, "whose").label, box(app, "whose").value) == (f"{again}, row 2: 赵样甲", "?")
    app = seen(box(app, "whose").select("").run())
    assert any("People 1 1 0" in text for text in said(app, "table-box"))


def test_the_next_file_is_said_to_hold_what_it_holds(page: OpenPage) -> None:
    app = given(page(lang="en"), ("花名册.csv", DOUBTFUL))
    assert box(app, "kind").value == "干部名册"
    app = given(app, ("member.csv", (CADRE / "member.csv").read_text(encoding="utf-8")))
    assert box(app, "kind").value == "member"


def test_once_corrections_are_forgotten_a_sheet_is_said_to_hold_what_it_is_known_for(page: OpenPage) -> None:
    app = given(page(lang="en"), ("花名册.csv", DOUBTFUL))
    known = box(app, "kind").value
    well(box(app, "kind").select("member").run())
    app = seen(click(app, "correct").run())
    assert box(app, "kind").value == "member"
    app = seen(click(app, "forget").run())
    assert box(app, "kind").value == known
