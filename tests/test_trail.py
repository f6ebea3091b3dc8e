"""What people see and take is in the audit log: once a session and state, never a name, and files before they leave."""

import hashlib
import io
import re
import statistics
import subprocess
import sys
import time
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2
import pytest
from pptx import Presentation

from data import audit, history, keeping, trail
from data.access import LOCAL
from data.audit import Entry
from data.keeping import WriteError
from data.sealing import SealError
from data.store import Store
from data.trail import TRAIL, Trail
from pages.parts import answers, handed, printed, sheets, words
from queries.__main__ import main as ask
from tests import briefings
from tests.conftest import OpenPage, well
from tests.server import HOUSE
from tests.test_pages import GUEST, NAMES, names_in, opened

PAGE = "age_ladder"
PEOPLE = {"lang": "en", "target": "team_35", "month": "2026-10", "more": "people"}
MOST_SECONDS = 0.002
"""What entering may cost a page."""


class Log:
    """What is entered from now on."""

    def __init__(self, store: Store) -> None:
        """Begin now."""
        self.store, self.begun = store, keeping.now()

    def of(self, act: str) -> list[Entry]:
        """Everything of one kind of act, oldest first."""
        assert TRAIL.flush() == 0
        return audit.of(self.store, act=act, since=self.begun)[::-1]

    def listed(self) -> list[tuple[str, int]]:
        """Which lists of names were seen, and their rows."""
        return sorted((entry.what, entry.more["rows"]) for entry in self.of(handed.LISTED))


@pytest.fixture
def log(cadre_store: Store) -> Log:
    return Log(cadre_store)


# --- what is seen ---------------------------------------------------------------------------------------------------


@pytest.mark.promise("audit.seen")
def test_lists_that_name_people_are_entered_once_a_session_and_state(page: OpenPage, log: Log) -> None:
    app = page(**PEOPLE)
    assert names_in(app) == {"李样丁", "周样戊", "郑样庚"}
    assert log.listed() == [("age_ladder/boundary", 3)]
    (entry,) = log.of(handed.LISTED)
    assert entry.who == LOCAL.name
    assert entry.more == {"build": here(log.store).build_id, "given": "as_of = 202610, target = team_35", "rows": 3}
    well(app.run())
    assert len(log.of(handed.LISTED)) == 1
    app.query_params["month"] = "2027-03"
    well(app.run())
    assert {what for what, _ in log.listed()} == {"age_ladder/boundary", "age_ladder/crossing"}


@pytest.mark.promise("audit.seen")
def test_rows_in_the_evidence_are_entered_when_it_is_opened(page: OpenPage, log: Log) -> None:
    opened(page(**PEOPLE))
    whole = [entry for entry in log.of(handed.LISTED) if entry.more.get("whole")]
    assert [(entry.what, entry.more["rows"]) for entry in whole] == [("age_ladder/boundary", 3)]


NAMED_ON = [
    ("age_ladder", {"target": "team_35", "more": "people"}),
    ("assessment", {"more": "people"}),
    ("assessment", {"more": "sources"}),
    ("rotation", {}),
    ("rotation", {"more": "posts", "unit": "001.001.001"}),
    ("rotation", {"more": "flows"}),
    ("rotation", {"more": "programmes"}),
    ("welfare", {"more": "people"}),
    ("quality", {"more": "records"}),
    ("quality", {"more": "checks"}),
    ("outlook", {}),
    ("overview", {}),
    ("briefing", {"show": "rotation/clock"}),
    ("present", {"page": "rotation"}),
    ("present", {"show": "rotation/clock"}),
]


@pytest.mark.promise("audit.seen")
@pytest.mark.parametrize(("name", "codes"), NAMED_ON, ids=str)
def test_no_page_shows_a_name_without_an_entry_and_no_entry_holds_one(
    page: OpenPage, log: Log, name: str, codes: dict[str, str]
) -> None:
    shown = names_in(page(name, **codes))
    entered = log.of(handed.LISTED)
    assert bool(shown) == bool(entered)
    assert [each for each in NAMES if each in str(entered)] == []


@pytest.mark.promise("audit.seen")
def test_whoever_may_not_see_names_is_entered_with_none(
    page: OpenPage, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    opened(page(**PEOPLE))
    assert log.listed() == []


@pytest.mark.promise("audit.seen")
def test_names_that_are_asked_for_on_the_command_line_are_entered(log: Log) -> None:
    for question in ("age_ladder/boundary", "age_ladder/quota"):
        assert ask(["ask", question, "--as-of", "2026-10", "--store", str(log.store.root)]) == 0
    (entry,) = log.of(handed.LISTED)
    assert (entry.who, entry.what) == (history.whoever_runs_this(), "age_ladder/boundary")
    assert [each for each in NAMES if each in str(entry)] == []


# --- what is taken --------------------------------------------------------------------------------------------------


def here(store: Store, who: str = "王某") -> answers.Here:
    """The newest build as somebody sees it."""
    return answers.reader(store, replace(LOCAL, name=who), words.of("zh_CN"))


@pytest.mark.promise("audit.exported")
def test_a_file_is_entered_with_its_hash_before_it_is_handed_over(log: Log) -> None:
    given = handed.over(here(log.store), log.store, "a.csv", b"rows", rows=7)
    (entry,) = log.of(handed.EXPORTED)
    assert (entry.who, entry.what, entry.more["rows"]) == ("王某", "a.csv", 7)
    assert entry.more["sha256"] == hashlib.sha256(given).hexdigest()
    assert given == b"rows"


@pytest.mark.promise("audit.exported")
def test_where_the_log_takes_no_entry_no_file_is_handed_over(cadre_store: Store, tmp_path: Path) -> None:
    reader = here(cadre_store)
    closed = Store(tmp_path)
    closed.audit.mkdir()
    for hand in (handed.over, handed.as_it_is):
        with pytest.raises(WriteError, match="cannot be written"):
            hand(reader, closed, "a.csv", b"rows")


@pytest.mark.promise("audit.exported")
def test_every_file_that_leaves_a_page_goes_one_way() -> None:
    offering = [
        path.name
        for path in (HOUSE / "pages").rglob("*.py")
        if re.search(r"\.(download_button|link_button)\(", path.read_text(encoding="utf-8"))
    ]
    assert offering == ["show.py"]
    text = (HOUSE / "pages" / "parts" / "show.py").read_text(encoding="utf-8")
    assert text.count("download_button(") == 1
    config = tomllib.loads((HOUSE / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["client"]["disableDataExport"] is True


@pytest.mark.promise("audit.exported")
def test_a_workbook_bears_the_stamp_in_its_properties_and_the_same_cells(log: Log) -> None:
    made = sheets.workbook({"表": pd.DataFrame({"列": ["甲", 3]})})
    given = handed.over(here(log.store), log.store, "a.xlsx", made)
    before, after = (zipfile.ZipFile(io.BytesIO(content)) for content in (made, given))
    assert before.namelist() == after.namelist()
    assert [name for name in before.namelist() if before.read(name) != after.read(name)] == ["docProps/core.xml"]
    assert f"王某 于 {today()}" in (core := after.read("docProps/core.xml").decode())
    assert f"数据版本 {here(log.store).build_id}" in core
    assert handed.stamped(given, ".xlsx", "再").count(b"PK") == given.count(b"PK")


def today() -> str:
    """The day as a stamp writes it."""
    return f"{pd.Timestamp.now():%Y-%m-%d}"


@pytest.mark.promise("audit.exported")
def test_slides_bear_it_in_their_notes_and_are_otherwise_the_same(cadre_store: Store) -> None:
    made = printed.OWN[".pptx"](briefings.made(cadre_store, briefings.TWO))
    before, after = (Presentation(io.BytesIO(each)) for each in (made, handed.stamped(made, ".pptx", "甲 & <乙>")))
    for one, other in zip(before.slides, after.slides, strict=True):
        assert shapes(one) == shapes(other)
        assert other.notes_slide.notes_text_frame.text == one.notes_slide.notes_text_frame.text + "\n甲 & <乙>"
    assert after.core_properties.comments == "甲 & <乙>"


def shapes(slide: Any) -> list[tuple[Any, ...]]:
    """What stands where on a slide."""
    return [(each.name, each.left, each.top, each.has_text_frame and each.text_frame.text) for each in slide.shapes]


@pytest.mark.promise("audit.exported")
def test_a_web_page_bears_it_at_its_foot_and_a_pdf_after_its_end(tmp_path: Path) -> None:
    page = handed.stamped(b"<body><p>x</p></body>\n", ".html", "a <b>")
    assert page == b'<body><p>x</p><p class="caption">a &lt;b&gt;</p></body>\n'
    blank = pypdfium2.PdfDocument.new()
    blank.new_page(100, 100)
    blank.save(tmp_path / "a.pdf")
    given = handed.stamped((tmp_path / "a.pdf").read_bytes(), ".pdf", "王某 2026-10-31")
    assert given.endswith("\n% 王某 2026-10-31\n".encode())
    assert len(pypdfium2.PdfDocument(given)) == 1


# --- the queue ------------------------------------------------------------------------------------------------------


@pytest.mark.promise("audit.quick")
def test_entering_costs_a_page_nothing(tmp_path: Path, record_property: Any) -> None:
    queue, store, took = Trail(), Store(tmp_path), []
    for number in range(300):
        begun = time.perf_counter()
        queue.enter(store, "listed", "甲", "age_ladder/boundary", given=f"month = {number}", rows=number)
        took.append(time.perf_counter() - begun)
    queue.flush()
    median = statistics.median(took)
    record_property("entry", f"{median * 1e6:.0f} µs")
    assert median < MOST_SECONDS
    assert [entry.more["rows"] for entry in audit.of(store)[::-1]] == [*range(300)]
    audit.verify(store)


def test_an_entry_bears_the_moment_of_the_act_and_not_of_the_writing(tmp_path: Path) -> None:
    queue, store = Trail(), Store(tmp_path)
    store.audit.mkdir()
    queue.enter(store, "listed", "甲", "a")
    then = keeping.now()
    time.sleep(0.01)
    store.audit.rmdir()
    assert queue.flush() == 0
    assert audit.of(store)[0].at < then


def test_what_a_log_under_another_key_does_not_take_waits_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, store = Trail(), Store(tmp_path)
    kept = audit.note_all
    monkeypatch.setattr(trail, "AGAIN_SECONDS", 60)

    refused = SealError("sealed under another key", "密钥不符")

    def refuse(_store: Store, _acts: object) -> None:
        raise refused

    monkeypatch.setattr(audit, "note_all", refuse)
    queue.enter(store, "listed", "甲", "a")
    assert queue.flush() == 1
    assert "another key" in str(queue.refused(store))
    monkeypatch.setattr(audit, "note_all", kept)
    assert queue.flush() == 0
    assert [entry.what for entry in audit.of(store)] == ["a"]


def test_what_the_log_does_not_take_waits_in_order_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "AGAIN_SECONDS", 0.01)
    queue, closed, open_ = Trail(), Store(tmp_path / "closed"), Store(tmp_path / "open")
    closed.audit.mkdir(parents=True)
    for number in range(3):
        for store in (closed, open_):
            queue.enter(store, "listed", "甲", str(number))
    assert queue.flush() == 3
    assert "cannot be written" in str(queue.refused(closed))
    assert queue.refused(open_) is None
    assert [entry.what for entry in audit.of(open_)] == ["2", "1", "0"]
    closed.audit.rmdir()
    queue.flush()
    assert queue.refused(closed) is None
    assert [entry.what for entry in audit.of(closed)] == ["2", "1", "0"]


def test_a_process_that_ends_writes_what_waits(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from data.store import Store; from data.trail import TRAIL\n"
        "for number in range(50): TRAIL.enter(Store(Path(sys.argv[1])), 'listed', 'a', str(number))"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=HOUSE, check=True, timeout=60)
    assert audit.verify(Store(tmp_path)).entries == 50


def test_pages_say_that_the_log_takes_nothing(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TRAIL, "refused", lambda _store: WriteError("The disk is full.", "磁盘已满。"))
    assert [error.value for error in page(lang="en").error] == ["The disk is full. 磁盘已满。"]
