"""A briefing as slides: a cover with every finding, then a slide a figure with its notes."""

import bisect
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from pages.parts.briefing import Briefing, Leaf, Listing, drawn, facts, printable
from pages.parts.charts import Figure, canvas
from pages.parts.look import Look
from pages.parts.slides import grid, marks, master, plot, rich
from pages.parts.slides.frame import of_rows
from pages.parts.slides.grid import Cell, Grid
from pages.parts.slides.master import BROAD, FIGURE, FOOTER, INCH, LEFT, SIZES, TITLE
from pages.parts.slides.rich import LEADING, POINT, WIDER, Box, Numbers, Style
from pages.parts.slides.series import Native
from pages.parts.tables import STATUS_OF
from pages.parts.words import Words

TITLES = (24.0, 21.0, 18.0, 16.0)
"""Points of a finding: the largest in which it takes two lines."""
LINES = 2
LARGEST_ROW, SMALLEST, MOST_ROWS, BELOW = 30.0, 8.0, 18, 36.0
"""Points of a row at most and of type at least, rows, and points below them for what is said and for rows that grow."""
BOLDER, SHORT = 1.15, 4.0
"""How much wider strong type is; the Chinese characters that a heading takes in one line anyway."""
HALF, SIDES, APART = 0.6, 6.0, 16.0
"""The part of a heading that a line of it takes, points beside the text of a column, and left of it after a number."""
WHEN = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (a file's own time: the same briefing gives the same bytes)
STAMP = (2000, 1, 1, 0, 0, 0)
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def deck(briefing: Briefing) -> bytes:
    """Print a briefing; BriefingError where a page would be blank. The same briefing gives the same bytes."""
    look = briefing.here.look
    made = master.deck(look)
    made.core_properties.title = briefing.title
    made.core_properties.author = ""
    made.core_properties.created = made.core_properties.modified = WHEN
    _cover(made, briefing)
    for leaf in printable(briefing):
        _slide(made, leaf, briefing)
    file = io.BytesIO()
    made.save(file)
    return _timeless(file.getvalue())


def _timeless(packed: bytes) -> bytes:
    """Pack a file anew with no time of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, STAMP), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()


# --- what every slide has ---


def _new(made: Deck, title: str, caption: str, footer: str, stamp: str, look: Look) -> tuple[Slide, Numbers]:
    slide = made.slides.add_slide(made.slide_layouts[0])
    tree = slide.shapes._spTree  # noqa: SLF001 (python-pptx has no way to lay a shape that it did not make)
    for shape in list(slide.shapes):
        tree.remove(shape._element)  # noqa: SLF001
    title, caption, footer = map(canvas.literal, (title, caption, footer))
    size = _size_of_title(title)
    texts = {
        "title": rich.paragraphs(_fitted(title, size, TITLE), Style(size, look.ink, bold=True)),
        "caption": rich.paragraphs(
            canvas.shortened(caption, BROAD / POINT / SIZES["caption"]), master.style("caption", look)
        ),
        "footer": rich.paragraphs(_fitted(footer, SIZES["footer"], FOOTER), master.style("footer", look)),
        "stamp": rich.paragraphs(stamp, master.style("stamp", look), "r"),
        "number": master.page_number(look),
    }
    for number, (place, body) in enumerate(texts.items(), start=2):
        tree.append(parse_xml(master.held(place, number, body)))
    return slide, Numbers()


def _size_of_title(title: str) -> float:
    return next((size for size in TITLES if len(_lines(title, size, TITLE)) <= LINES), TITLES[-1])


def _lines(text: str, size: float, box: Box) -> list[str]:
    """Break a text as the program will, or a little earlier."""
    return canvas.filled(text, box.wide / POINT / size / WIDER)


def _fitted(text: str, size: float, box: Box) -> str:
    """Cut a text to the lines that its place holds; the whole stands in the notes."""
    if len(_lines(text, size, box)) <= LINES:
        return text
    fits = bisect.bisect_left(range(len(text)), LINES + 1, key=lambda end: len(_lines(text[:end] + "……", size, box)))
    return text[: fits - 1].rstrip() + "…"


def _stamp(briefing: Briefing) -> str:
    say = briefing.here.words
    return f"{say.month(briefing.as_of)}<br>{say('Build')} {briefing.here.build_id}"


def _notes(slide: Slide, lines: list[str], look: Look) -> None:
    """Write the notes under a slide, with the fonts of both scripts."""
    frame = slide.notes_slide.notes_text_frame
    if frame is None:
        return
    body = frame._txBody  # noqa: SLF001
    for paragraph in body.findall(f"{A}p"):
        body.remove(paragraph)
    for line in lines:
        said = rich.run(line, Style(11, look.ink))
        body.append(parse_xml(f"<a:p {rich.NAMESPACES}>{said}</a:p>"))
    for properties in slide.notes_slide._element.iter(f"{A}rPr", f"{A}endParaRPr"):  # noqa: SLF001
        if properties.find(f"{A}ea") is None:
            properties.extend(rich.faces())


# --- cover ---


def _cover(made: Deck, briefing: Briefing) -> None:
    look, say = briefing.here.look, briefing.here.words
    reader = say("Rendered for {who}; names of people: {names}").format(
        who=briefing.here.viewer.name, names=say("yes") if briefing.here.viewer.names else say("no")
    )
    slide, numbers = _new(made, briefing.title, briefing.subtitle, reader, _stamp(briefing), look)
    tree = slide.shapes._spTree  # noqa: SLF001
    tree.append(parse_xml(grid.drawn(_contents(briefing), numbers, look.paper, "contents")))
    left_out = [say("Left out, as there is nothing to show: {what}").format(what=each) for each in briefing.left_out]
    _notes(slide, [reader, *left_out], look)


def _contents(briefing: Briefing) -> Grid:
    """List every finding with the number of its slide."""
    look = briefing.here.look
    rows = len(briefing.leaves)
    high = min(34 * POINT, FIGURE.high / rows)
    size = min(13.0, high / POINT / LEADING / 1.15)
    first = max(canvas.width([leaf.title], size) for leaf in briefing.leaves) * BOLDER * WIDER * POINT + 12 * POINT
    first = min(first, 3.9 * INCH)
    wide = [first, BROAD - first - 0.5 * INCH, 0.5 * INCH]
    fits = [(each - 8 * POINT) / POINT / size for each in wide]
    cells = [
        [
            Cell(canvas.shortened(canvas.literal(leaf.title), fits[0] / WIDER), Style(size, look.blue, bold=True)),
            Cell(canvas.shortened(canvas.literal(leaf.finding), fits[1]), Style(size, look.ink)),
            Cell(str(place), Style(size, look.muted), "r"),
        ]
        for place, leaf in enumerate(briefing.leaves, start=2)
    ]
    return Grid(Box(LEFT, FIGURE.y, BROAD, high * rows), wide, [high] * rows, cells)


# --- a figure ---


def _slide(made: Deck, leaf: Leaf, briefing: Briefing) -> None:
    here = briefing.here
    caption = " · ".join(part for part in (leaf.title, leaf.caption) if part)
    footer = here.words(" · ").join(leaf.behind)
    slide, numbers = _new(made, leaf.finding, caption, footer, _stamp(briefing), here.look)
    if leaf.figure is not None:
        lay(slide, leaf.figure, leaf.title, here.look, numbers)
    elif leaf.listing is not None:
        _lay_listing(slide, leaf.listing, numbers, here.look, here.words)
    _notes(slide, [leaf.finding, *leaf.behind, *facts(leaf, here)], here.look)


def is_matrix(figure: Figure) -> bool:
    """Whether a figure is a table on a slide."""
    return grid.is_matrix(figure.to_dict()["data"])


def charts_of(figure: Figure, title: str) -> list[Native]:
    """Give the charts that a figure is on a slide; none of a matrix."""
    spec = canvas.named_in_full(figure).to_dict()
    traces = [each for each in spec["data"] if drawn(each)]
    return [] if grid.is_matrix(traces) else plot.charts(traces, of_rows(spec["layout"], FIGURE), title)


def lay(slide: Slide, figure: Figure, title: str, look: Look, numbers: Numbers) -> None:
    """Lay a figure on a slide."""
    spec = canvas.named_in_full(figure).to_dict()
    traces = [each for each in spec["data"] if drawn(each)]
    frame = of_rows(spec["layout"], FIGURE)
    tree = slide.shapes._spTree  # noqa: SLF001
    if grid.is_matrix(traces):
        tree.append(parse_xml(grid.drawn(grid.matrix(traces, frame, look), numbers, look.paper, "table")))
        for note in spec["layout"].get("annotations", ()):
            if not grid.is_in_cell(note):
                _append(tree, marks.note_of(note, frame, numbers))
        return
    _append(tree, marks.below(frame, numbers))
    for chart in charts_of(figure, title):
        place = (round(value) for value in (chart.box.x, chart.box.y, chart.box.wide, chart.box.high))
        laid = slide.shapes.add_chart(None, *place, chart)  # type: ignore[arg-type, call-arg]
        named = laid._element.nvGraphicFramePr.cNvPr  # noqa: SLF001
        named.set("id", str(next(numbers)))
        named.set("descr", title)
    _append(tree, marks.above(frame, numbers))


def _append(tree: "etree._Element", parts: Iterator[str]) -> None:
    for part in parts:
        tree.append(parse_xml(part))


def _lay_listing(slide: Slide, whole: Listing, numbers: Numbers, look: Look, say: Words) -> None:
    listing = replace(whole, rows=whole.rows[:MOST_ROWS])
    tree = slide.shapes._spTree  # noqa: SLF001
    table = _table(listing, look)
    tree.append(parse_xml(grid.drawn(table, numbers, look.paper, "table")))
    if len(listing.rows) < listing.all_rows:
        said = say("the first {n} of {all} rows; all of them are in the workbook")
        text = said.format(n=len(listing.rows), all=f"{listing.all_rows:,}")
        style = Style(10, look.muted)
        wide, high = (size * POINT for size in rich.extent(text, style.size))
        box = Box(LEFT, FIGURE.y + FIGURE.high - high, wide, high)
        tree.append(parse_xml(rich.text_box(numbers, box, rich.paragraphs(text, style))))


def _table(listing: Listing, look: Look) -> Grid:
    """Give a list as a table; a heading may take two lines, so that columns are as wide as what stands in them."""
    rows = len(listing.rows) + 2
    high = min(LARGEST_ROW * POINT, (FIGURE.high - BELOW * POINT) / rows)
    size = min(12.0, high / POINT / LEADING / 1.1)
    bodies = [canvas.width(texts, 1) for texts in zip(*listing.rows, strict=True)]
    heads = [_head(text, wide) for text, wide in zip(listing.headings, bodies, strict=True)]
    bold = [BOLDER if _are_statuses(texts) else 1.0 for texts in zip(*listing.rows, strict=True)]
    needed = [
        max(body * more, canvas.width([head], 1)) * WIDER for head, body, more in zip(heads, bodies, bold, strict=True)
    ]
    lefts = _lefts(listing)
    sides = [2 * SIDES + left - grid.MARGIN for left in lefts]
    size = max(SMALLEST, min(size, (BROAD / POINT - sum(sides)) / sum(needed)))
    natural = [each * size + side for each, side in zip(needed, sides, strict=True)]
    wide = [each * BROAD / sum(natural) for each in natural]
    fits = [(each / POINT - left - grid.MARGIN) / size for each, left in zip(wide, lefts, strict=True)]
    head = [
        Cell(text, Style(size * 0.92, look.muted), _side(heading, listing), left=left)
        for text, heading, left in zip(heads, listing.headings, lefts, strict=True)
    ]
    body = [
        [
            replace(_list_cell(text, _side(heading, listing), fit, size, look), left=left)
            for text, heading, fit, left in zip(row, listing.headings, fits, lefts, strict=True)
        ]
        for row in listing.rows
    ]
    return Grid(Box(LEFT, FIGURE.y, BROAD, high * rows), wide, [2 * high, *[high] * len(body)], [head, *body])


def _lefts(listing: Listing) -> list[float]:
    """Give the points left of every column: more where a text follows a number, which ends at its edge."""
    numbers = [heading in listing.numbers for heading in listing.headings]
    return [
        APART if before and not number else grid.MARGIN
        for before, number in zip([False, *numbers], numbers, strict=False)
    ]


def _head(text: str, body: float) -> str:
    """Break a heading that is wider than what stands under it."""
    own = canvas.width([text], 1)
    return canvas.wrap(text, max(body, own * HALF)) if own > max(body, SHORT) else text


def _list_cell(text: str, side: str, fit: float, size: float, look: Look) -> Cell:
    ground, tone, status = look.surface, look.ink, STATUS_OF.get(text[:1])
    if status:
        ground, tone = look.status_ground(status), look.status(status)
    return Cell(canvas.shortened(canvas.literal(text), fit), Style(size, tone, bool(status)), side, ground)


def _are_statuses(texts: Sequence[str]) -> bool:
    return any(text[:1] in STATUS_OF for text in texts)


def _side(heading: str, listing: Listing) -> str:
    return "r" if heading in listing.numbers else "l"
