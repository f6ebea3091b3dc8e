"""Our own slide master: 16:9, paper and hairlines of the pages, a place for finding, caption, footer and number."""

import re

from lxml import etree
from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.util import Emu

from pages.parts.look import Look
from pages.parts.slides import rich
from pages.parts.slides.rich import FACES, FONT, NAMESPACES, Box, Style

INCH = 914_400
WIDE, HIGH = round(13.333 * INCH), round(7.5 * INCH)
LEFT, BROAD = 0.55 * INCH, 12.233 * INCH
TITLE = Box(LEFT, 0.38 * INCH, BROAD, 0.86 * INCH)
CAPTION = Box(LEFT, 1.26 * INCH, BROAD, 0.3 * INCH)
FIGURE = Box(LEFT, 1.72 * INCH, BROAD, 4.88 * INCH)
FOOTER = Box(LEFT, 6.82 * INCH, 9.2 * INCH, 0.42 * INCH)
STAMP = Box(9.85 * INCH, 6.82 * INCH, 2.55 * INCH, 0.42 * INCH)
NUMBER = Box(12.4 * INCH, 6.82 * INCH, 0.383 * INCH, 0.42 * INCH)
PLACES = {"title": TITLE, "caption": CAPTION, "footer": FOOTER, "stamp": STAMP, "number": NUMBER}
KINDS = {"title": 'type="title"', "caption": 'type="body" idx="13"', "footer": 'type="ftr" idx="11"',
         "stamp": 'type="body" idx="14"', "number": 'type="sldNum" idx="12"'}  # fmt: skip
SIZES = {"title": 24.0, "caption": 12.0, "footer": 9.0, "stamp": 9.0, "number": 9.0}
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
LAYOUT = 5
"""The layout of python-pptx's own deck that ours is made of: a title and nothing else."""


def deck(look: Look) -> Deck:
    """Give an empty deck on our own master, with one layout."""
    made = Presentation()
    made.slide_width, made.slide_height = Emu(WIDE), Emu(HIGH)
    master = made.slide_master
    layouts = list(made.slide_layouts)
    for layout in layouts[:LAYOUT] + layouts[LAYOUT + 1 :]:
        made.slide_layouts.remove(layout)
    _dress(master.element, look, master=True)
    layout = made.slide_layouts[0]
    layout.name = "Figure"
    _dress(layout.element, look, master=False)
    _theme(made, look)
    return made


def style(place: str, look: Look) -> Style:
    """Give the type of a place."""
    colour = look.ink if place == "title" else look.muted
    return Style(SIZES[place], colour, bold=place == "title")


def held(place: str, number: int, body: str, *, framed: bool = False) -> str:
    """Write a place that a slide fills; master and layout say where it stands."""
    where = PLACES[place].xfrm + '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>' if framed else ""
    anchor = {"title": "b", "caption": "t"}.get(place, "ctr")
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{place}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f"</p:cNvSpPr><p:nvPr><p:ph {KINDS[place]}/></p:nvPr></p:nvSpPr><p:spPr>{where}</p:spPr>"
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle/>{body}</p:txBody></p:sp>"
    )


def page_number(look: Look) -> str:
    """Write the number of a slide, which the program fills in."""
    said = rich.properties(style("number", look))
    return (
        '<a:p><a:pPr algn="r"/><a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum">'
        f"{said}<a:t>‹#›</a:t></a:fld></a:p>"
    )


def _dress(element: "etree._Element", look: Look, *, master: bool) -> None:
    space = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
    sheet = element.find(f"{space}cSld")
    tree = sheet.find(f"{space}spTree")
    for child in list(tree)[2:]:
        tree.remove(child)
    for usual in element.iter(f"{A}defRPr"):
        if usual.find(f"{A}ea") is None:
            usual.extend(rich.faces())
    ground = sheet.find(f"{space}bg")
    if ground is not None:
        sheet.remove(ground)
    if master:
        paper = f"<p:bg {NAMESPACES}><p:bgPr>{rich.solid(look.paper)}<a:effectLst/></p:bgPr></p:bg>"
        sheet.insert(0, etree.fromstring(paper))
        numbers = rich.Numbers(50)
        for y in (CAPTION.y + CAPTION.high + 0.06 * INCH, FOOTER.y - 0.08 * INCH):
            line = rich.pen(look.hairline, 0.75)
            tree.append(etree.fromstring(rich.straight(numbers, (LEFT, y), (LEFT + BROAD, y), line)))
    for number, place in enumerate(PLACES, start=2):
        body = (
            page_number(look)
            if place == "number"
            else f"<a:p>{rich.properties(style(place, look), 'endParaRPr')}</a:p>"
        )
        tree.append(etree.fromstring(held(place, number, body, framed=True)))


def _theme(made: Deck, look: Look) -> None:
    """Set the fonts of both scripts and our colours for whatever somebody adds by hand."""
    part = next(rel.target_part for rel in made.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = part.blob.decode("utf-8")
    for kind in ("major", "minor"):
        fonts = f"<a:{kind}Font>{FACES}</a:{kind}Font>"
        text = re.sub(rf"<a:{kind}Font>.*?</a:{kind}Font>", fonts, text, flags=re.DOTALL)
    accents = (look.blue, look.plum, look.pine, look.ochre, look.slate, look.vermilion)
    slots = {"dk1": look.ink, "lt1": look.surface, "dk2": look.muted, "lt2": look.paper}
    slots |= {f"accent{place}": tone for place, tone in enumerate(accents, start=1)}
    for slot, tone in slots.items():
        colour = f'<a:{slot}><a:srgbClr val="{tone.lstrip("#")}"/></a:{slot}>'
        text = re.sub(rf"<a:{slot}>.*?</a:{slot}>", colour, text, flags=re.DOTALL)
    part._blob = text.encode("utf-8")  # noqa: SLF001 (a theme is no part that python-pptx edits)


__all__ = ["FONT", "deck", "held", "page_number", "style"]
