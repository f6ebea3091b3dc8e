"""Names that were given to do harm, in every file that leaves and in every question: texts, and nothing else."""

import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import icalendar
import pytest
from lxml import etree
from pptx import Presentation

import queries
from data import spreadsheet
from data.store import Store
from pages.parts import calendar, sheets, slides
from pages.parts.briefing import Briefing
from queries.warehouse import Warehouse
from tests import briefings, hostile
from tests.conftest import OpenPage
from tests.server import HOUSE, PAGES
from tests.test_warehouse import PERIOD, PERIOD_OF

PAGE = "overview"
SQL = (
    "' or '1'='1",
    "'; drop table member; --",
    '" union select name from whole.member --',
    "x' union all select * from read_csv('/etc/passwd') --",
    "$unit",
    "%' escape '%",
    "001.001'||'",
    "\x00",
    "᠎' or 1=1 --",
    "1e999",
    "../../etc/passwd",
    "{'a': 1}",
    "select 1",
)
"""What a parameter may hold that was never offered."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return hostile.planted(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def everything(planted: Store) -> Briefing:
    return briefings.made(planted, briefings.EVERYTHING)


# --- what leaves ----------------------------------------------------------------------------------------------------


@pytest.mark.promise("exports.no_formula")
@pytest.mark.parametrize(
    "sign", ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"]
)
def test_no_text_begins_so_that_a_spreadsheet_computes_it(sign: str) -> None:
    assert spreadsheet.disarmed(sign) == f"'{sign}"
    assert not str(spreadsheet.disarmed(sign)).startswith(spreadsheet.FORMULA)


@pytest.mark.promise("exports.no_formula")
def test_a_workbook_holds_no_formula_no_link_and_nothing_from_elsewhere(everything: Briefing) -> None:
    with zipfile.ZipFile(io.BytesIO(sheets.of_briefing(everything))) as book:
        for name in book.namelist():
            tree = etree.fromstring(book.read(name))
            tags = {etree.QName(each).localname for each in tree.iter() if isinstance(each.tag, str)}
            assert not tags & {"hyperlink", "oleObject", "ddeLink", "externalBook"}, name
            if name.startswith("xl/worksheets/"):
                assert "f" not in tags, name
            assert not [each for each in tree.iter() if each.get("TargetMode") == "External"], name


def texts_of(deck: bytes) -> Iterator[str]:
    """Every text on slides and in their notes."""
    for slide in Presentation(io.BytesIO(deck)).slides:
        for part in (slide.element, slide.notes_slide.element if slide.has_notes_slide else slide.element):
            yield from ("".join(each.itertext()) for each in part.iter("{*}p"))


@pytest.mark.promise("exports.no_formula")
def test_slides_hold_every_name_as_text_and_no_link(everything: Briefing) -> None:
    made = slides.deck(everything)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                content = packed.read(name)
                etree.fromstring(content)
                assert b'TargetMode="External"' not in content, name
                assert b"hlinkClick" not in content, name
    wide = str.maketrans("＜＞＆", "<>&")
    shown = "".join("".join(texts_of(made)).translate(wide).split())
    assert len([sign for sign in hostile.PAYLOADS if "".join(sign.split()) in shown]) >= len(hostile.PAYLOADS) - 3


@pytest.mark.promise("exports.no_formula")
def test_a_calendar_takes_no_line_from_a_name() -> None:
    trick = "a\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:PROCEDURE\r\nATTACH:http://planted.invalid"
    day = calendar.Day("1", dt.date(2026, 10, 1), trick, trick)
    read = icalendar.Calendar.from_ical(calendar.file(trick, [day], dt.datetime(2026, 10, 1, tzinfo=dt.UTC)))
    assert [each.name for each in read.walk()] == ["VCALENDAR", "VEVENT"]
    assert "ATTACH" not in read.walk("VEVENT")[0]


# --- what is asked --------------------------------------------------------------------------------------------------


def asked(seen: Warehouse, name: str, given: dict[str, Any]) -> Any:
    """What a question gives, or which error refuses it."""
    try:
        return seen.ask(name, **given).table
    except Exception as error:  # noqa: BLE001 - what is no text may be refused in any way, if always in the same
        return type(error)


def place_of(*texts: str) -> str:
    """A number of some texts, by which each parameter meets other statements."""
    return hashlib.sha256("|".join(texts).encode()).hexdigest()


def usual(name: str) -> dict[str, Any]:
    """What a question must be given."""
    known = {**PERIOD, **PERIOD_OF.get(name.split("/", maxsplit=1)[0], {})}
    return {
        each.name: known[each.name] for each in queries.load(name).takes if not each.optional and each.name in known
    }


@pytest.mark.promise("asks.no_statement")
@pytest.mark.parametrize("name", queries.names())
def test_a_statement_in_a_parameter_is_a_text_that_nobody_knows(twelve: Warehouse, name: str) -> None:
    for taken in queries.load(name).takes:
        unknown = asked(twelve, name, usual(name) | {taken.name: "nobody knows"})
        for statement in sorted(SQL, key=lambda each: place_of(name, taken.name, each))[:2]:
            found = asked(twelve, name, usual(name) | {taken.name: statement})
            assert type(found) is type(unknown), (taken.name, statement)
            assert found is unknown or found.equals(unknown), (taken.name, statement)


CODES = re.compile(
    r"""(?:filters\.(?:code|choose|month_in_address|day|slide|whole_number|part|keep)\(\s*"""
    r"""|query_params(?:\.get\(|\[)|address(?:\.get\(|\[))"(\w+)\""""
)


def codes_of(name: str) -> set[str]:
    """What a page reads in its address, and what every page reads there."""
    scripts = [HOUSE / "pages" / f"{name}.py", *(HOUSE / "pages" / "parts").glob("*.py")]
    return {code for script in scripts for code in CODES.findall(script.read_text(encoding="utf-8"))} - {"lang"}


@pytest.mark.promise("asks.no_statement")
@pytest.mark.parametrize("name", PAGES)
def test_a_statement_anywhere_in_an_address_fails_no_page(page: OpenPage, name: str) -> None:
    codes = codes_of(name) | {"month"}
    assert "unit" in codes
    app = page(name, **dict.fromkeys(codes, SQL[0] + hostile.PAYLOADS[0]), lang="en")
    assert "data-planted>" not in "".join(element.proto.body for element in app.get("html"))
