"""A briefing as one HTML file: it asks nothing of any network, and nothing runs in it but what is written here."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

import plotly.io
from plotly.offline import get_plotlyjs

from pages.parts import look
from pages.parts.briefing import EXHIBITS, Briefing, Leaf, Listing, facts, printable
from pages.parts.charts import Figure, canvas
from pages.parts.tables import STATUS_OF
from pages.parts.words import Words

HERE = Path(__file__).parent
PAPER = 1017.0, 680.0
"""What document.css leaves of a sheet of A4 on its side, wide and high in pixels."""
FINDING, CAPTION = (26.0, 34.0), (13.0, 20.0)
"""Size of the type and height of a line in document.css."""
GAPS = 64.0
"""Pixels between the parts of a leaf."""
LARGEST = 1.3
"""The most of its size that a figure is printed at: none shouts."""


def html(briefing: Briefing) -> bytes:
    """Write a briefing; BriefingError where a page would be blank. The same briefing gives the same bytes."""
    scripts = [_plotly(), (HERE / "document.js").read_text(encoding="utf-8").replace("PAPER", f"{PAPER[0]:g}")]
    title = escape(f"{briefing.title} · {briefing.subtitle}")
    language = briefing.here.words.language.replace("_", "-")
    parts = [
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_allowed(scripts)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>\n{_style(briefing)}</style>\n</head>\n<body>",
        *_cover(briefing),
        *(line for place, leaf in enumerate(printable(briefing), start=1) for line in _leaf(place, leaf, briefing)),
        *_evidence(briefing),
        *(f"<script>{script}</script>" for script in scripts),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts).encode()


@cache
def _plotly() -> str:
    return str(get_plotlyjs())


def _allowed(scripts: list[str]) -> str:
    """Let a browser run these scripts and nothing else, and ask for nothing."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    own = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; script-src {own}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"


def _style(briefing: Briefing) -> str:
    say, here = briefing.here.words, briefing.here
    said = {
        "--title": f"{briefing.title} · {briefing.subtitle}",
        "--build": f"{say('Build')} {here.build_id} · {say.month(briefing.as_of)}",
    }
    sheet = (HERE / "document.css").read_text(encoding="utf-8")
    for name, text in said.items():
        sheet = sheet.replace(f"var({name})", look.css_text(text))
    return look.css_variables(here.look) + sheet.replace("var(--fonts-of-paper)", look.FONTS)


# --- cover ---


def _cover(briefing: Briefing) -> Iterator[str]:
    say, here = briefing.here.words, briefing.here
    yield f'<header class="cover">\n<h1>{escape(briefing.title)}</h1>'
    yield f'<p class="caption">{escape(briefing.subtitle)}</p>'
    contents = escape(say("Contents"))
    yield f'<nav aria-label="{contents}"><table class="contents">'
    for place, leaf in enumerate(briefing.leaves, start=1):
        title = f'<a href="#leaf-{place}">{escape(leaf.title)}</a>'
        yield f'<tr><td class="number">{place}</td><th scope="row">{title}</th><td>{escape(leaf.finding)}</td></tr>'
    yield '</table></nav>\n<div class="behind">'
    names = say("yes") if here.viewer.names else say("no")
    said = [
        say("Rendered for {who}; names of people: {names}").format(who=here.viewer.name, names=names),
        say("data to {month} · build {build}").format(month=say.month(here.data_month), build=here.build_id),
        *(say("Left out, as there is nothing to show: {what}").format(what=each) for each in briefing.left_out),
    ]
    yield from (f"<p>{escape(line)}</p>" for line in said)
    yield "</div>\n</header>"


# --- a leaf ---


def _leaf(place: int, leaf: Leaf, briefing: Briefing) -> Iterator[str]:
    say = briefing.here.words
    caption = " · ".join(part for part in (leaf.title, leaf.caption) if part)
    yield f'<section class="leaf" id="leaf-{place}">\n<h2>{escape(leaf.finding)}</h2>'
    yield (
        f'<p class="caption"><span class="place">{place}</span>{escape(caption)}'
        f'<a class="way" href="#evidence-{place}">{escape(say("Evidence"))} {place}</a></p>'
    )
    if leaf.figure is not None:
        yield _figure(leaf, leaf.figure, PAPER[1] - GAPS - _high(leaf.finding, FINDING) - _high(caption, CAPTION))
    elif leaf.listing is not None:
        yield from _table(leaf.title, leaf.listing, say)
    yield "</section>"


def _high(text: str, type_: tuple[float, float]) -> float:
    """Measure how high a text stands on the sheet."""
    size, line = type_
    return len(canvas.filled(text, PAPER[0] / size)) * line


def _figure(leaf: Leaf, figure: Figure, room: float) -> str:
    """Write a figure as data, in which no sign can begin a tag, and the part of its size that it is printed at."""
    spec = plotly.io.to_json(figure, validate=False, engine="json").replace("<", "\\u003c")
    high = figure.to_dict()["layout"]["height"]
    kind = "figure wide" if EXHIBITS[leaf.name].wide else "figure"
    style = f"--fit:{min(LARGEST, room / high):.3f};--high:{high}px"
    return (
        f'<div class="{kind}" role="img" aria-label="{escape(leaf.finding)}" style="{style}">'
        f'<div class="drawn"></div><script type="application/json">{spec}</script></div>'
    )


def _evidence(briefing: Briefing) -> Iterator[str]:
    """Write at the end what stands behind each leaf, so that a leaf is not crowded by it."""
    yield f'<section class="evidence">\n<h2>{escape(briefing.here.words("Evidence"))}</h2>\n<div class="behind">'
    for place, leaf in enumerate(briefing.leaves, start=1):
        yield f'<article id="evidence-{place}"><h3><a href="#leaf-{place}">{place} {escape(leaf.title)}</a></h3>'
        yield from (f"<p>{escape(line)}</p>" for line in (*leaf.behind, *facts(leaf, briefing.here)))
        yield "</article>"
    yield "</div>\n</section>"


def _table(title: str, listing: Listing, say: Words) -> Iterator[str]:
    sides = ["number" if heading in listing.numbers else "words" for heading in listing.headings]
    told = zip(sides, listing.headings, strict=True)
    heads = "".join(f'<th scope="col" class="{side}">{escape(heading)}</th>' for side, heading in told)
    yield f'<div class="table-box"><table><caption>{escape(title)}</caption><thead><tr>{heads}</tr></thead><tbody>'
    for row in listing.rows:
        kinds = [f"status {STATUS_OF[text[:1]]}" if text[:1] in STATUS_OF else "" for text in row]
        cells = "".join(
            f'<td class="{f"{side} {kind}".strip()}">{escape(text)}</td>'
            for side, kind, text in zip(sides, kinds, row, strict=True)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></div>"
    if len(listing.rows) < listing.all_rows:
        said = say("the first {n} of {all} rows; all of them are in the workbook")
        yield f'<p class="caption">{escape(said.format(n=len(listing.rows), all=f"{listing.all_rows:,}"))}</p>'
