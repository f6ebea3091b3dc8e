"""What is handed to a person as a file: entered in the audit log first, and stamped with who, when and which build.

A workbook and slides carry the stamp in their properties, slides in the notes too, a web page at its foot, a PDF after
its end. A CSV and a calendar carry none, as whatever reads them would take it for data: the log holds the hash of
every file as it was handed over, by which any copy is found again.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import escape
from pathlib import PurePath
from typing import Any

from pptx import Presentation

from data import audit, keeping
from data.store import Store
from pages.parts import numerals
from pages.parts.answers import Here

LISTED, EXPORTED, PREVIEWED, RENDERED = "listed", "exported", "previewed", "rendered again"
Hand = Callable[..., bytes]
CORE = "docProps/core.xml"
DESCRIPTION = re.compile(rb"<dc:description>.*?</dc:description>|<dc:description/>", re.DOTALL)


def over(here: Here, store: Store, file: str, content: bytes, **more: Any) -> bytes:
    """Give the stamped content of a file, having entered who takes it; WriteError where that cannot be entered."""
    given = stamped(content, PurePath(file).suffix, line(here))
    audit.note(store, EXPORTED, here.viewer.name, file, **facts(given), build=here.build_id, **more)
    return given


def as_it_is(here: Here, store: Store, file: str, content: bytes, **more: Any) -> bytes:
    """Give a file that may not be touched, as one that was endorsed, having entered who takes it."""
    audit.note(store, EXPORTED, here.viewer.name, file, **facts(content), **more)
    return content


def facts(content: bytes) -> dict[str, Any]:
    """Tell a file apart from every other: its length and SHA-256."""
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def line(here: Here) -> str:
    """Say who takes a file, when and from which build."""
    say = here.words
    return say("Taken by {who} on {moment} from build {build}").format(
        who=here.viewer.name, moment=numerals.moment(keeping.now()), build=here.build_id
    )


def stamped(content: bytes, ending: str, told: str) -> bytes:
    """Put a line into a file of a kind that has a place for it; any other is given as it is."""
    stamp = STAMPS.get(ending)
    return stamp(content, told) if stamp else content


def _in_notes(content: bytes, told: str) -> bytes:
    deck = Presentation(io.BytesIO(content))
    for slide in deck.slides:
        slide.notes_slide.notes_text_frame.add_paragraph().text = told
    written = io.BytesIO()
    deck.save(written)
    return _in_properties(written.getvalue(), told)


def _in_properties(content: bytes, told: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(written, "w") as made:
        for part in given.infolist():
            text = given.read(part)
            made.writestr(part, _described(text, told) if part.filename == CORE else text)
    return written.getvalue()


def _described(core: bytes, told: str) -> bytes:
    text = escape(told, quote=False).encode()
    bare = DESCRIPTION.sub(b"", core)
    return bare.replace(b"</cp:coreProperties>", b"<dc:description>" + text + b"</dc:description></cp:coreProperties>")


def _at_foot(content: bytes, told: str) -> bytes:
    head, end, rest = content.rpartition(b"</body>")
    return head + f'<p class="caption">{escape(told)}</p>'.encode() + end + rest if end else content


def _after_end(content: bytes, told: str) -> bytes:
    return content.rstrip(b"\n") + b"\n% " + told.encode() + b"\n"


STAMPS: Mapping[str, Callable[[bytes, str], bytes]] = {
    ".xlsx": _in_properties,
    ".pptx": _in_notes,
    ".html": _at_foot,
    ".pdf": _after_end,
}
