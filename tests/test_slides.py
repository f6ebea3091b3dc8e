"""Slides and sheets: native and editable, the same numbers as the page's figure, nothing shown that may not be."""

import hashlib
import io
import re
import string
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import fastexcel
import pandas as pd
import pytest
from lxml import etree
from pptx import Presentation
from pptx.shapes.autoshape import Shape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.table import Table

import pages.__main__ as command
from data import audit
from data.access import LOCAL
from data.store import Store
from pages.parts import answers, briefing, rows, sheets, slides, words
from pages.parts.briefing import Briefing, BriefingError, Item, Template
from pages.parts.charts import Figure, canvas
from pages.parts.scenes import Scenes
from pages.parts.slides import master
from pages.parts.slides.deck import MOST_ROWS, SMALLEST
from tests.briefings import EVERYTHING, GUEST, NAMES, leaf_of, made

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch, small_city: Store) -> None:
    """Whatever store a command turns to, the next test turns to its own."""
    monkeypatch.setenv("CADRE_STORE", str(small_city.root))


@pytest.fixture(scope="module")
def printed(everything: Briefing) -> list[Slide]:
    """The slides of all of them, without the cover."""
    return list(Presentation(io.BytesIO(slides.deck(everything))).slides)[1:]


def test_a_briefing_of_everything_holds_every_form(everything: Briefing) -> None:
    drawn = {trace["type"] for leaf in everything.leaves if leaf.figure for trace in leaf.figure.to_dict()["data"]}
    assert drawn == {"bar", "scatter", "heatmap", "sankey"}
    assert len(everything.leaves) > 35


# --- the same numbers ---


def numbers(values: Any) -> list[float]:
    """Numbers in order of size, without gaps and zeros."""
    return sorted(round(abs(float(value)), 6) for value in values if pd.notna(value) and value)


def on_slide(slide: Slide, kind: str) -> Iterator[Any]:
    """The series of the charts of a kind on a slide."""
    for shape in slide.shapes:
        if isinstance(shape, GraphicFrame) and shape.has_chart:
            for plot in shape.chart.plots:
                if type(plot).__name__ == kind:
                    yield from plot.series


def shown_bars(figure: Figure) -> list[float]:
    """The lengths of the bars of a figure."""
    bars = [each for each in figure.to_dict()["data"] if each["type"] == "bar"]
    return numbers(value for each in bars for value in each["x" if each.get("orientation") == "h" else "y"])


@pytest.mark.promise("exports.same")
def test_bars_on_slides_are_those_of_the_page(everything: Briefing, printed: list[Slide]) -> None:
    compared = 0
    for leaf, slide in zip(everything.leaves, printed, strict=True):
        if leaf.figure is None:
            continue
        seen = [each for each in on_slide(slide, "BarPlot") if not each.name.startswith("(")]
        assert numbers(value for each in seen for value in each.values) == shown_bars(leaf.figure), leaf.name  # noqa: PD011 (a series of a chart)
        compared += len(seen)
    assert compared > 15


@pytest.mark.promise("exports.same")
def test_dots_and_lines_on_slides_are_those_of_the_page(everything: Briefing, printed: list[Slide]) -> None:
    compared = 0
    for leaf, slide in zip(everything.leaves, printed, strict=True):
        if leaf.figure is None or slides.is_matrix(leaf.figure):
            continue
        given = [
            value
            for each in leaf.figure.to_dict()["data"]
            if each["type"] == "scatter" and not each.get("fill")
            for value in each["y"]
        ]
        seen = {round(value, 6) for each in on_slide(slide, "XyPlot") for value in each.values if value is not None}  # noqa: PD011 (a series of a chart)
        assert {round(float(value), 6) for value in given if pd.notna(value)} == seen, leaf.name
        compared += len(seen)
    assert compared > 100


def test_areas_on_slides_have_the_sides_of_those_of_the_page(everything: Briefing, printed: list[Slide]) -> None:
    compared = 0
    for leaf, slide in zip(everything.leaves, printed, strict=True):
        fills = [each for each in leaf.figure.to_dict()["data"] if each.get("fill")] if leaf.figure else []
        series = list(on_slide(slide, "AreaPlot"))
        assert len(series) == 2 * len(fills)
        for trace, under, over in zip(fills, series[::2], series[1::2], strict=True):
            sides = [*under.values, *(a + b for a, b in zip(under.values, over.values, strict=True))]  # noqa: PD011 (a series of a chart)
            assert {round(side, 5) for side in sides} == {round(float(value), 5) for value in trace["y"]}
            compared += 1
    assert compared >= 3


def test_a_chart_is_edited_by_a_workbook_that_holds_what_it_shows(printed: list[Slide]) -> None:
    for slide in printed:
        for shape in slide.shapes:
            if isinstance(shape, GraphicFrame) and shape.has_chart:
                part: Any = shape.chart.part
                blob = part.chart_workbook.xlsx_part.blob
                sheet = fastexcel.read_excel(blob).load_sheet(0).to_pandas()
                cells = numbers(cell for column in sheet.columns for cell in sheet[column] if not isinstance(cell, str))
                for series in (each for plot in shape.chart.plots for each in plot.series):
                    assert set(numbers(series.values)) <= set(cells)


@pytest.mark.promise("exports.same")
def test_cells_on_slides_say_what_the_page_says(everything: Briefing, printed: list[Slide]) -> None:
    for leaf, slide in zip(everything.leaves, printed, strict=True):
        cells = {cell.text for table in tables_on(slide) for cell in table.iter_cells()}
        if leaf.figure is not None:
            texts = [
                canvas.plain(text)
                for each in leaf.figure.to_dict()["data"]
                if each["type"] == "scatter" and each.get("mode") == "text"
                for text in each["text"]
            ]
            assert {text for text in texts if not any(cell.startswith(text) for cell in cells)} == set(), leaf.name
        elif leaf.listing is not None:
            said = {text for row in leaf.listing.rows[:MOST_ROWS] for text in row}
            assert {text for text in said if text not in cells and len(text) < 8} == set(), leaf.name


def test_every_note_of_a_figure_stands_in_full_on_its_slide(everything: Briefing, printed: list[Slide]) -> None:
    for leaf, slide in zip(everything.leaves, printed, strict=True):
        if leaf.figure is None:
            continue
        said = "".join(re.sub(r"\s", "", text) for text in texts_of(slide))
        notes = leaf.figure.to_dict()["layout"].get("annotations", ())
        whole = [each.get("hovertext", each["text"]).replace("<br>", "") for each in notes]
        wanted = [re.sub(r"\s", "", canvas.plain(text)) for text in whole]
        assert [text for text in wanted if text not in said] == [], leaf.name


def texts_of(slide: Slide) -> Iterator[str]:
    """Everything that is written on a slide."""
    yield from (shape.text_frame.text for shape in slide.shapes if isinstance(shape, Shape))
    yield from (cell.text for table in tables_on(slide) for cell in table.iter_cells())


def tables_on(slide: Slide) -> list[Table]:
    """The tables on a slide."""
    return [shape.table for shape in slide.shapes if isinstance(shape, GraphicFrame) and shape.has_table]


@pytest.fixture(scope="module")
def workbook(everything: Briefing) -> bytes:
    """The workbook of all of them."""
    return sheets.of_briefing(everything)


@pytest.mark.promise("exports.same")
def test_a_sheet_holds_the_numbers_of_the_answer(everything: Briefing, workbook: bytes) -> None:
    book = fastexcel.read_excel(workbook)
    say, place = everything.here.words, 1
    for leaf in everything.leaves:
        for part, answer in enumerate(leaf.answers):
            table = book.load_sheet(sheet_of(book.sheet_names, place, part)).to_pandas()
            assert len(table) == len(answer.table)
            for column in answer.query.columns:
                if rows.is_number(column) and len(table):
                    heading = rows.heading(column.name, say)
                    assert numbers(table[heading].dropna()) == numbers(answer.table[column.name].dropna().astype(float))
        place += 1


def test_a_number_is_percent_in_the_workbook_where_it_is_on_the_page(everything: Briefing, workbook: bytes) -> None:
    formats, compared = list(formats_of(workbook)), 0
    names = fastexcel.read_excel(workbook).sheet_names
    for place, leaf in enumerate(everything.leaves, start=1):
        for part, answer in enumerate(leaf.answers):
            sheet = formats[names.index(sheet_of(names, place, part))]
            readable = rows.readable(answer, everything.here.words)
            for letter, heading in zip(string.ascii_uppercase, readable.columns, strict=False):
                shown = {text.endswith("%") for text in readable[heading] if text}
                if letter in sheet:
                    assert {each == "0.0%" for each in sheet[letter]} == shown, (leaf.name, heading)
                    compared += shown == {True}
    assert compared > 15


def sheet_of(names: Sequence[str], place: int, part: int) -> str:
    """The name of the sheet of an answer of a page."""
    return next(name for name in names if name.startswith(f"{place:02d}{f'.{part + 1}' if part else ' '}"))


def formats_of(file: bytes) -> Iterator[dict[str, set[str]]]:
    """The formats of the numbers of every sheet of a workbook in order, by the letters of its columns."""
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        styles = etree.fromstring(packed.read("xl/styles.xml"))
        codes = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(f"{X}numFmt")}
        given = [codes.get(each.get("numFmtId"), "") for each in styles.find(f"{X}cellXfs")]
        for number in range(1, 1 + sum(name.startswith("xl/worksheets/sheet") for name in packed.namelist())):
            found: dict[str, set[str]] = defaultdict(set)
            for cell in etree.fromstring(packed.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{X}c"):
                if cell.get("t") is None and len(cell):
                    found[cell.get("r").rstrip(string.digits)].add(given[int(cell.get("s"))])
            yield found


# --- how it looks ---


def test_every_run_has_the_fonts_of_both_scripts(everything: Briefing) -> None:
    looked = 0
    with zipfile.ZipFile(io.BytesIO(slides.deck(everything))) as file:
        for name in file.namelist():
            if not re.match(r"ppt/(slides|charts|slideMasters|slideLayouts|notesSlides)/[^/]+\.xml$", name):
                continue
            for properties in etree.fromstring(file.read(name)).iter(f"{A}rPr", f"{A}defRPr", f"{A}endParaRPr"):
                looked += 1
                assert properties.find(f"{A}ea") is not None, name
    assert looked > 1000


def test_nothing_stands_outside_the_slide(printed: list[Slide]) -> None:
    for slide in printed:
        for shape in slide.shapes:
            if shape.is_placeholder or shape.has_chart:
                continue
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= master.WIDE, texts_of(slide)
            assert shape.top + shape.height <= master.FOOTER.y + 20_000, list(texts_of(slide))


def test_no_type_on_a_slide_is_too_small_to_be_read(printed: list[Slide]) -> None:
    sizes = [int(run.get("sz")) for slide in printed for run in slide.shapes._spTree.iter(f"{A}rPr", f"{A}defRPr")]  # noqa: SLF001
    assert len(sizes) > 1000
    assert min(sizes) >= 100 * SMALLEST


def test_every_shape_of_a_slide_has_a_number_of_its_own(printed: list[Slide]) -> None:
    for slide in printed:
        given = [shape.shape_id for shape in slide.shapes]
        assert len(given) == len(set(given))


def test_every_finding_fits_into_two_lines(everything: Briefing, printed: list[Slide]) -> None:
    for leaf, slide in zip(everything.leaves, printed, strict=True):
        title = slide.shapes.title
        assert title is not None
        run = title.text_frame.paragraphs[0].runs[0]
        lines = canvas.filled(run.text, master.TITLE.wide / run.font.size)
        assert len(lines) <= 2, leaf.finding


def test_a_slide_is_no_picture(printed: list[Slide]) -> None:
    kinds = {shape.shape_type for slide in printed for shape in slide.shapes if not shape.is_placeholder}
    assert not {kind for kind in kinds if "PICTURE" in str(kind)}


def test_the_same_briefing_gives_the_same_bytes(cadre_store: Store) -> None:
    template = Template("one", "One", "一", [Item("age_ladder/ladder", {}), Item("age_ladder/quota", {})])
    one, other = (made(cadre_store, template) for _ in range(2))
    assert slides.deck(one) == slides.deck(other)
    assert sheets.of_briefing(one) == sheets.of_briefing(other)


# --- what must not be shown ---


@pytest.mark.promise("names.hidden")
def test_whoever_may_not_see_names_is_shown_none(cadre_store: Store) -> None:
    both = [made(cadre_store, EVERYTHING, viewer) for viewer in (LOCAL, GUEST)]
    for found, named in zip(both, (True, False), strict=True):
        packed = b"".join(unpacked(slides.deck(found))) + b"".join(unpacked(sheets.of_briefing(found)))
        assert any(name.encode() in packed for name in NAMES) is named


def unpacked(file: bytes) -> Iterator[bytes]:
    """Everything in a packed file, what is packed in it again too."""
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        for name in packed.namelist():
            held = packed.read(name)
            yield from unpacked(held) if name.endswith(".xlsx") else [held]


def test_a_blank_figure_stops_the_export(cadre_store: Store) -> None:
    one = made(cadre_store, Template("one", "One", "一", [Item("age_ladder/ladder", {})]))
    given = one.leaves[0].figure
    assert given is not None
    layout = given.to_dict()["layout"]
    zeros = canvas.trace("bar", x=[0, 0], y=[0, 1], orientation="h")
    for traces in ([], [canvas.trace("scatter", x=[], y=[])], [zeros]):
        with pytest.raises(BriefingError, match="空"):
            slides.deck(replace(one, leaves=[leaf_of(Figure(traces, layout))]))


def test_an_exhibit_with_nothing_to_show_stops_the_briefing_unless_it_may_lack(cadre_store: Store) -> None:
    items = [Item("age_ladder/ladder", {}), Item("assessment/years", {"year": "1999"})]
    with pytest.raises(BriefingError, match="assessment/years"):
        made(cadre_store, Template("two", "Two", "二", items))
    found = made(cadre_store, Template("two", "Two", "二", [items[0], replace(items[1], may_lack=True)]))
    assert [leaf.name for leaf in found.leaves] == ["age_ladder/ladder"]
    assert "1999" in found.left_out[0]


@pytest.mark.parametrize("name", briefing.templates())
def test_every_template_can_be_made_where_other_targets_are_in_force(cadre_store: Store, name: str) -> None:
    here = answers.reader(cadre_store, LOCAL, words.of(None))
    assert "county_departments_around_35" not in here.ask("age_ladder/quota", as_of=202610).table["target_id"].tolist()
    assert made(cadre_store, briefing.templates()[name]).leaves


def test_a_month_in_which_no_target_is_in_force_is_said(cadre_store: Store) -> None:
    here = answers.reader(cadre_store, LOCAL, words.of("en"))
    for name in ("age_ladder/quota", "age_ladder/heat", "age_ladder/over_time"):
        one = Template("one", "One", "一", [Item(name, {})])
        with pytest.raises(
            BriefingError, match=f"{name} has nothing to show: No target is asked of 示例市 in Jan 2015."
        ):
            briefing.made(one, Scenes(here, 201501))


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_a_name_that_a_spreadsheet_would_run_stays_a_text(cadre_store: Store, name: str) -> None:
    one = made(cadre_store, Template("one", "One", "一", [Item("age_ladder/ladder", {})]))
    bar = canvas.trace("bar", x=[1, 2], y=[0, 1], orientation="h", name=name)
    figure = one.leaves[0].figure
    assert figure is not None
    layout = {**figure.to_dict()["layout"], "annotations": [], "shapes": []}
    layout["yaxis"] = {"range": [-0.5, 1.5], "tickvals": [0, 1], "ticktext": [name, "b"]}
    layout["xaxis"] = {"range": [0, 2]}
    deck = slides.deck(replace(one, leaves=[leaf_of(Figure([bar], layout), "图")]))
    held = [text for text in unpacked(deck) if b"sharedStrings" in text or b"<sst" in text]
    assert any(f"'{name.strip()}"[:3].encode() in text or f"'{name}".encode() in text for text in held)
    assert not any(b"<f>" in text for text in unpacked(deck) if b"<worksheet" in text)


# --- the command ---


def test_every_template_names_exhibits_that_there_are() -> None:
    assert set(briefing.templates()) == {
        "换届年轻干部配备",
        "季度分析",
        "年度考核",
        "政策任务督查",
        "通报用公开口径数据",
    }


@pytest.mark.parametrize(("kind", "begins"), [(".pptx", b"PK"), (".xlsx", b"PK"), (".html", b"<!doctype html>")])
def test_the_command_writes_a_briefing(
    small_city: Store, tmp_path: Any, capsys: pytest.CaptureFixture[str], kind: str, begins: bytes
) -> None:
    out = tmp_path / f"deck{kind}"
    given = ["brief", "季度分析", "--lang", "en", "--as", "reader", "--out", str(out), "--store", str(small_city.root)]
    assert command.main(given) == 0
    assert out.read_bytes().startswith(begins)
    assert str(out) in capsys.readouterr().out
    entry = audit.of(small_city, act="exported", last=1)[0]
    assert (entry.what, entry.more["sha256"]) == (out.name, hashlib.sha256(out.read_bytes()).hexdigest())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"template": "年报"}, "There is no template 年报"),
        ({"--as": "999"}, "There is no viewer 999"),
        ({"--out": "deck.doc"}, "ends in none of .pptx, .xlsx"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    cadre_store: Store, capsys: pytest.CaptureFixture[str], changed: dict[str, str], sentence: str
) -> None:
    usual = {"--as": "local", "--out": "deck.pptx", "--store": str(cadre_store.root)} | changed
    template = usual.pop("template", "季度分析")
    assert command.main(["brief", template, *(part for pair in usual.items() for part in pair)]) == 2
    assert sentence in capsys.readouterr().err
