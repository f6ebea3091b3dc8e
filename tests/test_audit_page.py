"""The page of the audit log: who did what, in words, by filters in the address, and whether the chain holds."""

import csv
import io
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from data import audit, keeping
from data.access import Viewer
from data.store import Store
from data.trail import TRAIL
from pages.parts import answers, audited, words
from pages.parts.audited import Chain
from tests.conftest import OpenPage, well
from tests.test_pages import GUEST, said, title

PAGE = "audit"
EN = words.of("en")
DAYS = ("2026-03-01T09:00:00.000000+00:00", "2026-03-02T09:00:00.000000+00:00", "2026-03-05T09:00:00.000000+00:00")


@pytest.fixture
def page_store(cadre_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The twelve people, and a log of three entries of its own."""
    store = Store(Path(shutil.copytree(cadre_store.root, tmp_path / "house")))
    store.audit.unlink()
    told: list[tuple[str, str, str, dict[str, Any]]] = [
        ("listed", "甲", "age_ladder/boundary", {"rows": 3, "given": "as_of = 202610"}),
        ("exported", "乙", "=deck.pptx", {"sha256": "0123456789abcdef", "names": {"rotation/clock": 4}}),
        ("not changed", "甲", "age_target", {"reason": "误录"}),
    ]
    for at, (act, who, what, more) in zip(DAYS, told, strict=True):
        with monkeypatch.context() as then:
            then.setattr(keeping, "now", lambda at=at: at)
            audit.note(store, act, who, what, **more)
    return store


def lines(app: object) -> str:
    """The table of entries, as one text."""
    return next(iter(said(app, "table-box")), "")  # type: ignore[arg-type]


def test_the_finding_is_that_the_chain_holds_with_the_entry_to_write_down(page: OpenPage, page_store: Store) -> None:
    last = audit.of(page_store)[0]
    app = page(lang="en")
    assert title(app) == "3 entries in the audit log, all as they were written"
    assert [code.value for code in app.code] == [f"3:{last.seal}"]
    assert title(page()) == "审计日志共 4 条，均与写入时一致"


def test_what_is_entered_while_the_page_is_made_stands_beside_no_number_without_it(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = audit.count

    def and_then_entered(store: Store, **asked: Any) -> int:
        number = counted(store, **asked)
        audit.note(store, "exported", "丙", "late.csv")
        return number

    monkeypatch.setattr(audit, "count", and_then_entered)
    told = lines(page(lang="en"))
    assert "took a file =deck.pptx" in told
    assert "late.csv" not in told


def test_entries_are_said_in_words_the_newest_first(page: OpenPage) -> None:
    told = lines(page(lang="en", until="2026-03-05"))
    assert "not done: changed rules age_target Reason 误录" in told
    assert "took a file =deck.pptx SHA-256 0123456789ab · Names rotation/clock 4" in told
    assert told.index("not done") < told.index("took a file") < told.index("saw names")
    assert "查看名单" in lines(page(until="2026-03-05"))


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ({}, {"listed", "exported", "changed"}),
        ({"who": "甲"}, {"listed", "changed"}),
        ({"act": "exported"}, {"exported"}),
        ({"since": "2026-03-02"}, {"exported", "changed"}),
        ({"until": "2026-03-02"}, {"listed", "exported"}),
        ({"since": "2026-03-03", "until": "2026-03-04"}, set()),
        ({"who": "丙", "since": "soon"}, {"listed", "exported", "changed"}),
    ],
    ids=str,
)
def test_filters_stand_in_the_address(page: OpenPage, codes: dict[str, str], shown: set[str]) -> None:
    told = lines(page(lang="en", **{"until": "2026-03-05", **codes}))
    said_as = {"listed": "saw names", "exported": "took a file", "changed": "not done: changed rules"}
    assert {act for act, text in said_as.items() if text in told} == shown


@pytest.mark.promise("audit.seen")
def test_looking_at_the_log_is_entered_itself_once_a_state(page: OpenPage, page_store: Store) -> None:
    app = page(lang="en", who="甲")
    well(app.run())
    assert TRAIL.flush() == 0
    (entry,) = audit.of(page_store, act="audited")
    assert (entry.what, entry.more["of"]) == ("audit log", "甲")


@pytest.mark.promise("audit.chain")
def test_what_was_altered_is_the_finding(page: OpenPage, page_store: Store) -> None:
    with sqlite3.connect(page_store.audit) as log:
        log.executescript("DROP TRIGGER never_altered; UPDATE entry SET who = '丙' WHERE number = 2;")
    app = page(lang="en")
    assert title(app) == "The audit log is not as it was written"
    assert app.error[0].value.startswith("Entry 2 of the audit log is not as it was written")
    assert "丙" in lines(app)


def test_the_chain_is_gone_over_again_on_asking(page: OpenPage, page_store: Store) -> None:
    app = page(lang="en")
    TRAIL.flush()
    audit.note(page_store, "served", "丁", "abc")
    assert title(well(app.run())) == "3 entries in the audit log, all as they were written"
    assert title(well(app.button(key="verify").click().run())) == "5 entries in the audit log, all as they were written"


def test_an_auditor_reads_it_and_who_reads_all_else_does_not(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    audited_by = Viewer("示例审计", role="auditor", may=frozenset({"audit"}))
    monkeypatch.setattr(answers, "LOCAL", audited_by)
    assert "3 entries in the audit log" in title(page(lang="en"))
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    app = page(lang="en")
    assert lines(app) == ""
    assert title(app) == "This page is not among those of your role"


def test_a_log_that_cannot_be_read_is_said(page: OpenPage, page_store: Store) -> None:
    page_store.audit.write_bytes(b"not a database, but long enough to be taken for one" * 40)
    app = page(lang="en")
    assert title(app) == "The audit log is not as it was written"
    assert all("audit.sqlite cannot be written" in error.value for error in app.error)


def test_an_empty_log_says_so(tmp_path: Path) -> None:
    chain = Chain.of(Store(tmp_path))
    assert audited.headline(chain, EN) == "Nothing has been entered in the audit log yet"
    assert (chain.entries, chain.last) == (0, "")


def test_the_file_holds_every_entry_as_it_is_and_runs_nothing(page_store: Store) -> None:
    entries = audit.of(page_store)
    read = [*csv.DictReader(io.StringIO(audited.as_csv(entries).decode("utf-8-sig")))]
    assert [(row["number"], row["at"], row["seal"]) for row in read] == [
        (str(entry.number), entry.at, entry.seal) for entry in entries
    ]
    assert read[1]["what"] == "'=deck.pptx"
