"""HTML and PDF: one file that asks nothing of anybody, the same numbers as the page, and every sheet in order."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import plotly.io
import pytest
from plotly.offline import get_plotlyjs
from pypdfium2 import PdfDocument

from data.access import LOCAL
from data.store import Store
from pages.parts import briefing, document, printed
from pages.parts.briefing import Briefing, BriefingError, Item, Listing
from pages.parts.charts import Figure, canvas
from pages.parts.document import printer
from tests.briefings import EVERYTHING, GUEST, NAMES, TWO, leaf_of, made

TROUBLE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'}</style>"


class Read(HTMLParser):
    """What stands in a document: its tags with their attributes, its scripts, and the text of every cell."""

    def __init__(self, file: bytes) -> None:
        """Read a file."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str | None, str]] = []
        self.styles: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(file.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self._open.append(tag)
        if tag == "script":
            self.scripts.append((dict(attrs).get("type"), ""))
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag, which is the one that was opened last."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text where it stands."""
        inner = self._open[-1] if self._open else ""
        if inner == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif inner == "style":
            self.styles.append(data)
        else:
            self.texts.append(data)
            if "td" in self._open or "th" in self._open:
                self.tables[-1][-1][-1] += data

    @property
    def figures(self) -> list[Any]:
        """The figures, as they would be drawn."""
        return [json.loads(text) for kind, text in self.scripts if kind == "application/json"]


@pytest.fixture(scope="module")
def file(everything: Briefing) -> bytes:
    """Everything as one file."""
    return document.html(everything)


@pytest.fixture(scope="module")
def read(file: bytes) -> Read:
    """What stands in it."""
    return Read(file)


# --- the same numbers ---


@pytest.mark.promise("exports.same")
def test_figures_are_those_of_the_page(everything: Briefing, read: Read) -> None:
    drawn = [leaf.figure for leaf in everything.leaves if leaf.figure]
    assert len(drawn) > 25
    assert read.figures == [json.loads(plotly.io.to_json(each)) for each in drawn]


@pytest.mark.promise("exports.same")
def test_lists_are_those_of_the_page_cell_by_cell(everything: Briefing, read: Read) -> None:
    listed = [leaf.listing for leaf in everything.leaves if leaf.listing]
    assert len(listed) > 5
    assert read.tables[1:] == [[list(each.headings), *map(list, each.rows)] for each in listed]


def test_every_leaf_says_what_was_found_and_the_end_what_stands_behind_it(everything: Briefing, read: Read) -> None:
    for leaf in everything.leaves:
        assert leaf.finding in read.texts
        assert {*leaf.behind, *briefing.facts(leaf, everything.here)} <= {*read.texts}, leaf.name


def test_the_contents_lead_to_every_leaf_and_each_leaf_to_its_evidence_and_back(
    everything: Briefing, read: Read
) -> None:
    leads = [given["href"] for tag, given in read.tags if tag == "a"]
    places = range(1, len(everything.leaves) + 1)
    leaves, evidence = ([f"#{part}-{place}" for place in places] for part in ("leaf", "evidence"))
    assert leads == [*leaves, *evidence, *leaves]
    assert [given["id"] for tag, given in read.tags if "id" in given] == [each[1:] for each in (*leaves, *evidence)]
    assert [row[1:] for row in read.tables[0]] == [[leaf.title, leaf.finding] for leaf in everything.leaves]


def test_a_status_has_its_sign_its_word_and_its_colour(cadre_store: Store) -> None:
    text = document.html(made(cadre_store, TWO, language="en")).decode()
    for status, said in (("met", "● met"), ("missed", "■ short")):
        assert f'<td class="words status {status}">{said}</td>' in text


def test_a_list_holds_more_than_a_slide_does_and_says_where_it_ends(cadre_store: Store) -> None:
    one = made(cadre_store, TWO, language="en")
    listing = Listing(["a"], [[str(row)] for row in range(200)], frozenset(), all_rows=2001)
    text = document.html(replace(one, leaves=[replace(one.leaves[1], listing=listing)])).decode()
    assert text.count('<tr><td class="words">') == 200
    assert "the first 200 of 2,001 rows" in text


# --- nothing but itself ---


@pytest.mark.promise("network.none")
def test_nothing_is_asked_of_any_network(read: Read) -> None:
    for tag, given in read.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form"), tag
        assert not {"src", "srcset", "action", "ping"} & {*given}, tag
        assert str(given.get("href", "#")).startswith("#")
    assert len(read.styles) == 1
    assert "url(" not in read.styles[0]
    assert "@import" not in read.styles[0]
    texts = [text for each in read.figures for text in strings(each)]
    assert not [text for text in texts if re.search(r"https?:|<a\b|<img", text)]


def strings(held: Any) -> Iterator[str]:
    """Every text in what was read from JSON."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict | list):
        for each in held.values() if isinstance(held, dict) else held:
            yield from strings(each)


def test_a_browser_is_told_to_run_these_scripts_and_to_ask_for_nothing(read: Read) -> None:
    policy = next(str(given["content"]) for _, given in read.tags if given.get("http-equiv"))
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    own = [text for kind, text in read.scripts if kind is None]
    assert policy.count("'sha256-") == len(own) == 2
    assert own[0] == get_plotlyjs()
    assert [word for word in ("eval", "Function(", "innerHTML", "fetch", "http") if word in own[1]] == []


def test_a_script_in_a_name_is_dead_text(cadre_store: Store) -> None:
    one = made(cadre_store, TWO)
    drawn, listed = one.leaves
    assert drawn.figure
    assert listed.listing
    spec = drawn.figure.to_dict()
    named = Figure([{**spec["data"][0], "name": TROUBLE}, *spec["data"][1:]], spec["layout"])
    listing = replace(listed.listing, rows=[[TROUBLE, *row[1:]] for row in listed.listing.rows])
    leaves = [
        replace(each, finding=TROUBLE, title=TROUBLE, caption=TROUBLE, behind=[TROUBLE])
        for each in (replace(drawn, figure=named), replace(listed, listing=listing))
    ]
    read = Read(document.html(replace(one, title=TROUBLE, subtitle=TROUBLE, leaves=leaves, left_out=[TROUBLE])))
    assert [kind for kind, _ in read.scripts] == ["application/json", None, None]
    assert not [tag for tag, given in read.tags if tag == "img" or any(name.startswith("on") for name in given)]
    assert len(read.styles) == 1
    assert read.figures[0]["data"][0]["name"] == TROUBLE.replace("<", "＜")
    assert read.tables[1][1][0] == TROUBLE
    assert TROUBLE in read.texts


def test_the_same_briefing_gives_the_same_bytes(cadre_store: Store) -> None:
    assert len({document.html(made(cadre_store, TWO)) for _ in range(2)}) == 1


@pytest.mark.promise("names.hidden")
def test_whoever_may_not_see_names_is_shown_none(cadre_store: Store) -> None:
    of_people = [Item(each.name, {}, may_lack=True) for each in briefing.OF_PEOPLE]
    template = replace(TWO, items=[*TWO.items, *of_people])
    for viewer, named in ((LOCAL, True), (GUEST, False)):
        text = document.html(made(cadre_store, template, viewer)).decode()
        assert any(name in text for name in NAMES) is named


def test_a_blank_page_stops_the_export(cadre_store: Store) -> None:
    one = made(cadre_store, TWO)
    blank = Figure([canvas.trace("scatter", x=[], y=[])], {"height": 100})
    empty = replace(one.leaves[1], listing=Listing(["a"], [], frozenset()), title="空")
    for leaf in (leaf_of(blank), empty):
        with pytest.raises(BriefingError, match="'空' shows nothing"):
            document.html(replace(one, leaves=[leaf]))


# --- on paper ---


def on_paper(briefing: Briefing) -> bytes:
    """A briefing as PDF, where there is a browser to print it."""
    if printer.browser() is None:
        pytest.skip("Printing takes a browser; run `python -m tests.browser.install`.")
    return document.pdf(briefing)


def texts_of(paper: bytes) -> list[str]:
    """The text of every sheet without its spaces, which every font lays in its own way."""
    with PdfDocument(paper) as opened:
        return [plain(sheet.get_textpage().get_text_range()) for sheet in opened]


def plain(text: str) -> str:
    """A text without spaces, and its characters in their usual form."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def whole(small_city: Store) -> Briefing:
    """Everything in Chinese."""
    return made(small_city, EVERYTHING)


@pytest.fixture(scope="module")
def paper(whole: Briefing) -> bytes:
    """The same on paper."""
    return on_paper(whole)


@pytest.fixture(scope="module")
def sheets(paper: bytes) -> list[str]:
    """What its sheets say."""
    return texts_of(paper)


def test_every_leaf_begins_a_sheet_of_its_own(whole: Briefing, paper: bytes, sheets: list[str]) -> None:
    place = 0
    for leaf in whole.leaves:
        place = next(each for each in range(place + 1, len(sheets)) if plain(leaf.finding) in sheets[each])
    with PdfDocument(paper) as opened:
        assert {(round(sheet.get_width()), round(sheet.get_height())) for sheet in opened} == {(842, 595)}


def test_every_sheet_is_numbered_and_says_which_build_it_shows(whole: Briefing, sheets: list[str]) -> None:
    for number, said in enumerate(sheets, start=1):
        assert f"{number}/{len(sheets)}" in said
        assert whole.here.build_id in said
        assert plain(whole.title) in said


def test_a_long_list_goes_on_with_its_head(cadre_store: Store) -> None:
    two = made(cadre_store, TWO)
    rows = [[f"R{row:03d}", "x"] for row in range(90)]
    long = replace(two.leaves[1], listing=Listing(["HEADING", "OTHER"], rows, frozenset(), all_rows=90))
    sheets = texts_of(on_paper(replace(two, leaves=[long])))
    held = [said for said in sheets if re.search(r"R\d{3}", said)]
    assert len(held) > 2
    assert all("HEADING" in sheet for sheet in held)
    assert [f"R{row:03d}" for row in range(90)] == re.findall(r"R\d{3}", "".join(held))


def test_fonts_travel_with_the_paper(paper: bytes) -> None:
    objects = re.findall(rb"\n\d+ 0 obj\n(.*?)endobj", paper, re.DOTALL)
    fonts = [each for each in objects if re.search(rb"/Type /Font\s", each)]
    assert fonts
    described = [each for each in objects if b"/Type /FontDescriptor" in each]
    drawn = sum(b"/Subtype /Type3" in each for each in fonts)
    assert sum(b"/FontFile" in each for each in described) + drawn >= len(described)
    assert all(b"/FontDescriptor" in each or b"/ToUnicode" in each for each in fonts)


def test_the_same_briefing_printed_twice_gives_the_same_bytes(cadre_store: Store) -> None:
    assert len({on_paper(made(cadre_store, TWO)) for _ in range(2)}) == 1


def test_a_pdf_does_not_tell_when_it_was_printed_nor_what_else_the_browser_did() -> None:
    one = b"/CreationDate (D:20261123090456+00'00') /Headers [(node00000021)] /ID (node00000021) /ID (node00000030)"
    other = b"/CreationDate (D:20261124101112+00'00') /Headers [(node00000022)] /ID (node00000022) /ID (node00000031)"
    asked = b"/CreationDate (D:20000101000000+00'00') /Headers [(node00000000)] /ID (node00000000) /ID (node00000001)"
    assert printer.settled(one) == printer.settled(other) == asked


def test_what_a_machine_prints_by_itself_takes_a_browser_for_pdf_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for found, prints in ((None, {".pptx", ".xlsx", ".html"}), ("/bin/browser", {".pptx", ".xlsx", ".html", ".pdf"})):
        monkeypatch.setattr(document, "browser", lambda found=found: found)
        assert set(printed.at_hand()) == prints


def test_without_a_browser_it_is_said_what_to_do(cadre_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printer, "browser", lambda: None)
    with pytest.raises(BriefingError, match=r"name it in BROWSER_PATH, or print the \.html from any browser"):
        document.pdf(made(cadre_store, TWO, language="en"))


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="a program of four lines takes a shell")
@pytest.mark.parametrize(("does", "told"), [("echo no display >&2; exit 3", "no display"), ("sleep 60", "too long")])
def test_a_browser_that_does_not_print_is_ended_and_told_of(
    cadre_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, told: str
) -> None:
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\nsleep 60 2>/dev/null &\necho $! > {tmp_path}/child\n{does}\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("BROWSER_PATH", str(program))
    monkeypatch.setattr(printer, "SECONDS", 0.5)
    with pytest.raises(BriefingError, match=told):
        document.pdf(made(cadre_store, TWO, language="en"))
    child = Path("/proc") / (tmp_path / "child").read_text(encoding="utf-8").strip()
    assert not child.exists() or "Z" in (child / "stat").read_text(encoding="utf-8")
