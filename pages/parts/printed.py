"""What a briefing can be printed as, by the ending of its file, and for whom."""

from collections.abc import Callable, Mapping

import queries
from data import readers
from data.access import EVERY_UNIT, LOCAL, Viewer
from data.store import Store
from pages.parts import answers, document, sheets, slides, words
from pages.parts.briefing import Briefing, BriefingError

Printer = Callable[[Briefing], bytes]
OWN: Mapping[str, Printer] = {".pptx": slides.deck, ".xlsx": sheets.of_briefing, ".html": document.html}
"""What is the same bit for bit wherever it is printed, and so can be endorsed."""
PRINTED: Mapping[str, Printer] = {**OWN, ".pdf": document.pdf}
VIEWERS = {LOCAL.name: LOCAL, "reader": Viewer("reader", (EVERY_UNIT,)), "viewer": Viewer("viewer")}
"""Whom a briefing is rendered for: who sees everything, who sees no names, and who sees open figures only, besides
those who were let in.

A unit's code opens that unit alone.
"""


def at_hand() -> tuple[str, ...]:
    """Give what this machine can print: PDF takes a browser."""
    return tuple(PRINTED if document.browser() else OWN)


def viewer(store: Store, name: str) -> Viewer:
    """Give whom a briefing is rendered for: one of VIEWERS, whoever was let in by that login, or a unit by its code.

    BriefingError for anyone else; ReaderError for a login that was let in and is no longer.
    """
    if name in VIEWERS:
        return VIEWERS[name]
    if readers.folded(name) in readers.standing(store):
        return readers.viewer_of(store, name)
    try:
        answers.reader(store, LOCAL, words.of("en")).ask("roster/units", unit=name)
    except queries.QueryError as error:
        message = f"There is no viewer {name}: name {', '.join(VIEWERS)}, a login or the code of a unit."
        raise BriefingError(message) from error
    return Viewer(name, (name,))
