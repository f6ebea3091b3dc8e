"""The page of the timetable: it says the days worked by hand, moves them at once, and what leaves it reads back."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fastexcel
import icalendar
import pandas as pd
import pytest

from data import steps
from data.steps import Entry
from data.store import Store
from pages.exhibits import Exhibit, outlook
from pages.exhibits import timetable as exhibits
from pages.exhibits.timetable import EXHIBITS, TimetableScene
from pages.parts import answers, calendar, look, sheets, words
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH, OpenPage, well
from tests.test_pages import GUEST, MONTH, NUMBER, address, charts, said, title

ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
STAMP = dt.datetime(2026, 10, 31, 8, 0, tzinfo=dt.UTC)
TERM = dt.date(2027, 3, 1)
PAGE = "timetable"


def entry(step: str, state: str, **more: Any) -> Entry:
    """Something entered of the congress's term change of 2026."""
    usual = {"tier": "county", "round": 2026, "organ": "congress", "step_id": step, "state": state, "who": "示例甲"}
    return Entry(**{**usual, "written": "2026-09-01T00:00:00+00:00", **more})


class Stage(figures.Stage):
    """The scenes of one warehouse."""

    def scene(self, **chosen: Any) -> TimetableScene:
        """The county congress's term change of March 2027, nothing entered, unless chosen otherwise."""
        usual: dict[str, Any] = {
            "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
            "look": look.LIGHT, "tier": "county", "round": 2026, "organ": "congress", "usual": TERM, "term": TERM,
            "told": (),
        }  # fmt: skip
        return TimetableScene(**(usual | chosen))

    def plan(self, **chosen: Any) -> pd.DataFrame:
        """The plan of a scene."""
        return self.tables(exhibits.PLAN, self.scene(**chosen))["plan"]


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    return Stage(twelve)


@pytest.fixture(scope="module")
def town(city: Warehouse) -> Stage:
    return Stage(city)


def test_the_plan_of_the_congress_worked_by_hand(stage: Stage) -> None:
    # Monday 1 March 2027: 12 months before is Sunday 1 March 2026, a day after Saturday 28 February, which is worked;
    # 3 months before is Tuesday 1 December 2026; five working days before (2027 is not published) are 22 to 26 February
    plan = stage.plan()
    days = [(row.step_id, f"{row.begin:%Y%m%d}", f"{row.finish:%Y%m%d}", row.state) for row in plan.itertuples()]
    assert days == [
        ("survey", "20260228", "20261130", "overdue"),
        ("review", "20261201", "20270219", "ahead"),
        ("publicity", "20270222", "20270226", "ahead"),
        ("election", "20270301", "20270301", "ahead"),
    ]


def test_the_title_is_the_finding(stage: Stage) -> None:
    told = (entry("survey", "under_way"),)
    scene, plan = stage.scene(told=told, as_of=202611), stage.plan(told=told, as_of=202611)
    assert plan["state"].tolist() == ["soon", "soon", "ahead", "ahead"]
    assert exhibits.headline(scene, plan) == (
        "Term change on 2027-03-01 (County, People's congress): 0 of 4 steps done; 2 due soon"
    )
    assert exhibits.tally(scene, plan) == (
        "next: Survey, to be finished by 2026-11-30 · as of 2026-11-30"
        " · only the month is known: planned for the first working day of Mar 2027"
    )
    chinese = exhibits.headline(stage.scene(words=CHINESE), stage.plan(words=CHINESE))
    assert chinese == "县人大换届（2027-03-01）：共 4 步，已完成 0 步；1 步逾期"


def test_moving_the_day_moves_every_step(stage: Stage) -> None:
    moved = dt.date(2027, 3, 31)
    scene, plan = stage.scene(term=moved), stage.plan(term=moved)
    assert [f"{day:%Y-%m-%d}" for day in plan["begin"]] == ["2026-03-31", "2026-12-31", "2027-03-24", "2027-03-31"]
    assert "moved from 2027-03-01" in exhibits.tally(scene, plan)


def test_a_takeaway_names_what_is_overdue_and_how_far_holidays_are_known(stage: Stage) -> None:
    scene = stage.scene()
    assert exhibits.PLAN.takeaway(scene, stage.tables(exhibits.PLAN, scene)) == (
        "Overdue: Survey; 3 steps end after 2026-12-31, up to which holidays are published."
    )
    assert "published" in exhibits.holidays(scene)


def test_what_was_entered_stands_in_the_plan(stage: Stage) -> None:
    told = (entry("survey", "done", day=20260820, owner="一科", note="按期"),)
    table = exhibits.steps_table(stage.scene(told=told), stage.plan(told=told))
    first = table[["Entered", "Owner", "Note", "State"]].to_numpy().tolist()[0]
    assert first == ["done 2026-08-20", "一科", "按期", "✓ done"]
    assert table.loc[1, "Owner"] == "Discipline inspection"
    assert table.loc[2, "Lead"] == "5 working days before"


def test_the_useful_ages_are_those_worked_by_hand(stage: Stage) -> None:
    # Below 36 in March 2027 is born in April 1991 or later: in October 2026 35 years 6 months old
    scene = stage.scene(tier="township", organ=None)
    found = exhibits.useful_table(scene, stage.tables(exhibits.USEFUL, scene)["age_line"])
    assert found.columns.tolist() == [
        "Age line", "in 2026-10", "in 2026-12", "at the term change", "Born in or after", "Asked of",
    ]  # fmt: skip
    assert found.iloc[0, :5].tolist() == ["35 and under (below 36)", "35 y 6 m", "35 y 8 m", "35 y 11 m", "1991-04"]
    assert found.iloc[1, :5].tolist() == ["30 and under (below 31)", "30 y 6 m", "30 y 8 m", "30 y 11 m", "1996-04"]


@pytest.mark.parametrize("house", ["stage", "town"])
@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.key)
def test_every_figure_draws_and_speaks_in_whole_sentences(
    exhibit: Exhibit[TimetableScene], house: str, request: pytest.FixtureRequest
) -> None:
    opened: Stage = request.getfixturevalue(house)
    for place, (tier, round_) in enumerate((t, r) for t in ("township", "county", "city") for r in (2026, 2031)):
        scene = opened.scene(
            tier=tier,
            round=round_,
            organ=(None, "government")[place % 2],
            words=(ENGLISH, CHINESE)[place % 2],
            as_of=(CADRE_MONTH, 202703)[place % 2],
            told=(entry("survey", "done", day=20260820),),
        )
        tables = opened.tables(exhibit, scene)
        figure = exhibit.draw(scene, tables) if exhibit.draw else None
        written = [exhibit.title(scene), exhibit.caption(scene), exhibit.takeaway(scene, tables)]
        written += [*exhibit.evidence(scene, tables)]
        written += [note.text for note in figure.layout.annotations] if figure else []
        assert [text for text in written if figures.NEVER_SAID.search(text) or not text.strip()] == []
        assert written[2].endswith((".", "。"))


def test_evidence_cites_the_clause_of_each_step(stage: Stage) -> None:
    scene = stage.scene(words=CHINESE)
    behind = " ".join(exhibits.PLAN.evidence(scene, stage.tables(exhibits.PLAN, scene)))
    assert "示例换届规程，第三条（公开法规）" in behind


# --- what leaves the page ---------------------------------------------------------------------------------------------


@pytest.mark.promise("exports.same")
def test_the_calendar_reads_back_as_the_plan(stage: Stage) -> None:
    told = (entry("review", "planned", owner="甲；乙, 丙\\丁"),)
    scene, plan = stage.scene(told=told, words=CHINESE), stage.plan(told=told, words=CHINESE)
    days = exhibits.days(scene, plan)
    file = calendar.file("换届", days, STAMP)
    read = icalendar.Calendar.from_ical(file)
    events = list(read.walk("VEVENT"))
    assert [(str(e["uid"]), e.decoded("dtstart"), e.decoded("dtend"), str(e["summary"])) for e in events] == [
        ("county-2026-congress-survey-begin@cadre-dashboard", *day("2026-02-28"), "最迟启动：集中调研"),
        ("county-2026-congress-survey-finish@cadre-dashboard", *day("2026-11-30"), "最迟完成：集中调研"),
        ("county-2026-congress-review-begin@cadre-dashboard", *day("2026-12-01"), "最迟启动：人选联审"),
        ("county-2026-congress-review-finish@cadre-dashboard", *day("2027-02-19"), "最迟完成：人选联审"),
        ("county-2026-congress-publicity-begin@cadre-dashboard", *day("2027-02-22"), "最迟启动：任前公示"),
        ("county-2026-congress-publicity-finish@cadre-dashboard", *day("2027-02-26"), "最迟完成：任前公示"),
        ("county-2026-congress-election-finish@cadre-dashboard", *day("2027-03-01"), "选举"),
    ]
    assert [str(e["description"]) for e in events] == [each.detail for each in days]
    assert "甲；乙, 丙\\丁" in str(events[2]["description"])
    assert {e.decoded("dtstamp") for e in events} == {STAMP}


def day(first: str) -> tuple[dt.date, dt.date]:
    """A day and the one after, as an all-day event is written."""
    begins = dt.date.fromisoformat(first)
    return begins, begins + dt.timedelta(days=1)


def test_the_calendar_is_written_as_the_standard_asks(stage: Stage) -> None:
    file = calendar.file("换届", exhibits.days(stage.scene(words=CHINESE), stage.plan(words=CHINESE)), STAMP)
    assert file.startswith(b"BEGIN:VCALENDAR\r\n")
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert max(map(len, file.split(b"\r\n"))) <= 75
    unfolded = file.replace(b"\r\n ", b"").decode()
    assert "VERSION:2.0\r\n" in unfolded
    assert "DTSTART;VALUE=DATE:20270301\r\n" in unfolded
    assert "DTSTAMP:20261031T080000Z\r\n" in unfolded


def test_a_moved_term_change_keeps_the_names_of_its_events(stage: Stage) -> None:
    names = [
        {each.uid for each in exhibits.days(stage.scene(term=term), stage.plan(term=term))}
        for term in (TERM, dt.date(2027, 4, 15))
    ]
    assert names[0] == names[1]


@pytest.mark.promise("exports.same")
def test_the_workbook_reads_back_cell_by_cell(stage: Stage, tmp_path: Path) -> None:
    told = (entry("survey", "done", day=20260820, owner="=HYPERLINK()", note="+86"),)
    scene, plan = stage.scene(told=told), stage.plan(told=told)
    lines = stage.tables(exhibits.USEFUL, scene)["age_line"]
    written = exhibits.sheets(scene, plan, lines, "abc")
    path = tmp_path / "plan.xlsx"
    path.write_bytes(sheets.workbook(written))
    book = fastexcel.read_excel(path)
    assert book.sheet_names == ["Steps", "Useful ages", "About"]
    for name, table in written.items():
        if table.empty:
            continue
        read = book.load_sheet(name).to_pandas()
        assert read.columns.tolist() == table.columns.tolist()
        for column in table.columns:
            assert [plain(cell) for cell in read[column]] == [disarmed(cell) for cell in table[column]]
    texts = book.load_sheet("Steps").to_pandas()[["Owner", "Note"]].to_numpy().tolist()
    assert texts[0] == ["'=HYPERLINK()", "'+86"]
    assert b"<f>" not in path.read_bytes()


def plain(cell: Any) -> Any:
    """A cell as it was read: a day without its time, nothing as an empty text."""
    if isinstance(cell, pd.Timestamp):
        return cell.date()
    return "" if pd.isna(cell) else cell


def disarmed(cell: Any) -> Any:
    """A cell as it is to be read: marked as text where it begins like a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" and cell else cell


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(cadre_store: Store, tmp_path: Path) -> Store:
    """The twelve people in a store of their own, that entries can be made in."""
    return Store(Path(shutil.copytree(cadre_store.root, tmp_path / "house")))


@pytest.fixture
def page_store(house: Store) -> Store:
    """What the page shows, and where its entries go."""
    return house


def test_the_page_says_the_same_numbers_in_either_language(page: OpenPage) -> None:
    chinese, english = (page(lang=language, tier="county", organ="government") for language in ("zh_CN", "en"))
    for kind in ("page-title", "takeaway"):
        for one, other in zip(said(chinese, kind), said(english, kind), strict=True):
            assert sorted(NUMBER.findall(MONTH.sub("", one))) == sorted(NUMBER.findall(MONTH.sub("", other)))


def test_a_code_in_the_address_changes_the_plan(page: OpenPage) -> None:
    assert title(page()) == "乡镇换届（2027-02-01）：共 4 步，已完成 0 步；1 步逾期"
    assert title(page(tier="city", organ="government")) == "市政府换届（2027-05-03）：共 4 步，已完成 0 步；1 步逾期"
    moved = page(lang="en", tier="county", organ="congress", **{"county-2026-congress": "2027-03-31"})
    assert title(moved).startswith("Term change on 2027-03-31 (County")
    later = page(lang="en", tier="county", organ="congress", month="2026-12")
    assert title(later).endswith("0 of 4 steps done; 2 overdue")


def test_a_day_chosen_on_the_page_is_kept_in_the_address_of_its_own_plan(page: OpenPage) -> None:
    app = page(lang="en", tier="county", organ="congress")
    well(app.date_input(key="day_county-2026-congress").set_value(dt.date(2027, 3, 31)).run())
    assert address(app)["county-2026-congress"] == "2027-03-31"
    assert title(app).startswith("Term change on 2027-03-31")
    well(app.selectbox(key="choose_tier").select("city").run())
    assert title(app).startswith("Term change on 2027-04-01 (City")
    well(app.selectbox(key="choose_tier").select("county").run())
    assert title(app).startswith("Term change on 2027-03-31")


# --- the corridor -----------------------------------------------------------------------------------------------------

FAR, TOO_FAR = {"township-2026": "2027-12-01"}, {"township-2026": "2029-01-31"}
CORRIDOR = pd.DataFrame(
    [(202710, 52, 34, 50), (202810, 53, 43, 53)], columns=["month", "needed_low", "needed_amber", "have"]
)


class Told:
    """A model of many people that always gives the same corridor."""

    targets_ = dict.fromkeys(("principals_35", "secretaries_35", "team_35", "team_30"))

    def there(self, *_: Any) -> range:
        """Give as many people as hold the posts."""
        return range(200)

    def project(self, *_: Any, **__: Any) -> Any:
        """Give the corridor, by a plan of 16 a year."""
        return SimpleNamespace(corridor=lambda: self.table, plan=[16, 16, 5])

    table = CORRIDOR


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """The model that the page gets."""
    model = Told()
    monkeypatch.setattr(outlook, "learn", lambda *_: model)
    monkeypatch.setattr(outlook, "enough", lambda *_: True)
    return model


def test_the_corridor_says_how_many_are_enough_and_how_many_are_planned(page: OpenPage, told: Told) -> None:
    app = page(lang="en", target="team_35", **FAR)
    assert "outlook-corridor" in charts(app)
    assert any(
        "Oct 2027: 52 people are enough for 9 in 10, fewer than 34 are too few; planned 50 (▲ at the edge); "
        "the plan is 16 appointments in the band a year." in text
        for text in said(app)
    )
    assert [select.label for select in app.selectbox if select.key == "choose_target"] == ["Target of the corridor"]
    told.table = CORRIDOR.head(0)
    nothing = page(lang="zh_CN", target="team_35", **FAR)
    assert any("到 2027年12月，途中无论有多少人均难有九成把握。" in text for text in said(nothing))


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ({"target": "team_35"}, "less than a year away"),
        ({"target": "secretaries_35", **FAR}, "A share within a share depends on the other posts too"),
        ({"target": "team_30", **FAR}, "counted unit by unit"),
        ({"target": "team_35", **TOO_FAR}, "People are counted up to Dec 2027"),
    ],
)
@pytest.mark.usefixtures("told")
def test_where_there_is_no_corridor_a_sentence_says_why(page: OpenPage, codes: dict[str, str], why: str) -> None:
    app = page(lang="en", **codes)
    assert any(why in text for text in said(app))
    assert "outlook-corridor" not in charts(app)


def test_few_people_have_no_corridor(page: OpenPage) -> None:
    app = page(lang="en", target="team_35", **FAR)
    assert any("what single people will do is not projected." in text for text in said(app))
    assert "outlook-corridor" not in charts(app)


@pytest.mark.parametrize(
    "codes",
    [
        {"tier": "moon"},
        {"organ": "zoo"},
        {"round": "1900"},
        {"month": "2020-01"},
        {"township-2026": "soon"},
        {"township-2026": "1990-01-01"},
        {"more": "x"},
    ],
    ids=str,
)
def test_a_code_that_nobody_knows_is_passed_over(page: OpenPage, codes: dict[str, str]) -> None:
    assert said(page(**codes)) == said(page())


def test_what_is_entered_on_the_page_is_kept_and_changes_the_state(page: OpenPage, house: Store) -> None:
    app = page(lang="en")
    app.selectbox(key="enter_state").select("done")
    app.text_input(key="enter_who").input("示例甲")
    app.text_input(key="enter_note").input("<b>on time</b>")
    well(app.button(key="FormSubmitter:enter-Enter").click().run())
    assert title(app) == "Term change on 2027-02-01 (Township): 1 of 4 steps done"
    (kept,) = steps.history(house)
    assert (kept.plan, kept.step_id, kept.state, kept.day) == (("township", 2026, None), "survey", "done", 20261031)
    listed = page(lang="en", more="entries")
    assert any("示例甲" in text and "&lt;b&gt;" in text for text in said(listed, "table-box"))


def test_where_the_store_takes_no_entry_the_page_says_so_and_keeps_what_was_typed(page: OpenPage, house: Store) -> None:
    house.steps.write_text("in the way", encoding="utf-8")
    app = page(lang="en")
    house.steps.unlink()
    house.steps.write_text("in the way", encoding="utf-8")
    app.text_input(key="enter_who").input("示例甲")
    app.text_input(key="enter_note").input("a note")
    well(app.button(key="FormSubmitter:enter-Enter").click().run())
    assert "The entry was not kept" in app.error[0].value
    assert app.text_input(key="enter_note").value == "a note"


def test_where_an_entry_cannot_be_read_the_page_names_it_and_goes_on(page: OpenPage, house: Store) -> None:
    house.steps.mkdir()
    (house.steps / "0.json").write_text("{", encoding="utf-8")
    app = page(lang="en")
    assert "0.json cannot be read" in app.error[0].value
    assert "outlook-step" in charts(app)


def test_whoever_may_not_see_names_reads_the_plan_and_enters_nothing(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    app = page(more="enter")
    assert "outlook-step" in charts(app)
    assert [button.key for button in app.button if "enter" in str(button.key)] == []


def test_where_no_term_change_is_known_the_page_says_so(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = answers.Here.ask

    def without(here: answers.Here, name: str, **given: Any) -> Any:
        answer = ask(here, name, **given)
        return replace(answer, table=answer.table.head(0)) if name == "roster/term_changes" else answer

    monkeypatch.setattr(answers.Here, "ask", without)
    assert [note.value for note in page(lang="en").info] == ["No term change of this tier is known from Oct 2026 on."]
