"""The ledger of targets: every target a row with need, have, difference and one line; a row can be chosen.

An element for `st.components.v2.component(NAME, html=HTML, css=CSS, js=JS)`, fed with `rows(...)`. A choice arrives as
state `target`: the target's identifier. Colours come from Streamlit's theme, so the element follows light and dark.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pages.parts import numerals
from pages.parts.look import GLYPH, Say, status_word

NAME = "ledger"
HTML = '<div class="ledger"></div>'
CSS = (Path(__file__).parent / "ledger.css").read_text(encoding="utf-8")
JS = (Path(__file__).parent / "ledger.js").read_text(encoding="utf-8")

DRAWN = (
    *("target_id", "name", "band", "status", "needed", "have", "have_high", "spare"),
    *("have_at_change", "needed_at_change", "spare_at_change", "status_at_change", "chance"),
)
WIDEST = 2.0
NARROWEST = 1.25


def rows(
    table: pd.DataFrame, *, say: Say, selected: str | None = None, dense: bool = False, later: str = ""
) -> dict[str, Any]:
    """Turn the ledger's table into what the element draws.

    `table`: target_id, name, band, status, needed, have, spare (people), have_high where records that are not known
    leave open how many; and, where a term change lies ahead,
    have_at_change, needed_at_change, spare_at_change, status_at_change, and `chance`, how likely it is in words.
    Rows of a `dense` ledger stand close. `later` is the heading over what is said of the term change.
    Every line ends at the same multiple of the need, between 1.25 and 2, so that targets align.
    """
    records = table[[name for name in DRAWN if name in table]].to_dict("records")
    reach = _reach(records)
    return {
        "words": {**_words(say), "later": later or say("at the term change")},
        "selected": selected,
        "dense": dense,
        "signs": [
            {"status": status, "glyph": glyph, "word": status_word(status, say)} for status, glyph in GLYPH.items()
        ],
        "mark": 1 / reach,
        "chances": any(_known(record, "chance") for record in records),
        "ahead": any(_known(record, "spare_at_change") for record in records),
        "rows": [_row(record, reach, say) for record in records],
    }


def _words(say: Say) -> dict[str, str]:
    return {
        "title": say("Targets"),
        "needed": say("needed"),
        "have": say("have"),
        "spare": say("difference"),
        "now": say("as of"),
        "change": say("at the term change"),
        "mark": say("target"),
    }


def _known(record: Mapping[Any, Any], column: str) -> bool:
    return column in record and bool(pd.notna(record[column]))


def _ratio(record: Mapping[Any, Any], have: str, needed: str) -> float | None:
    """Give people in post for each one needed; None where nobody counts or nobody is needed."""
    if not (_known(record, have) and _known(record, needed)) or not int(record[needed]):
        return None
    return float(record[have]) / float(record[needed])


def _ratios(record: Mapping[Any, Any]) -> tuple[float | None, float | None]:
    return _ratio(record, "have", "needed"), _ratio(record, "have_at_change", "needed_at_change")


def _reach(records: list[dict[Any, Any]]) -> float:
    """Give the right end of the lines in multiples of the need."""
    highest = max((ratio for record in records for ratio in _ratios(record) if ratio is not None), default=1.0)
    return min(WIDEST, max(NARROWEST, highest * 1.04))


def _at(ratio: float | None, reach: float) -> float | None:
    return None if ratio is None else round(min(ratio / reach, 1.0), 4)


def _row(record: Mapping[Any, Any], reach: float, say: Say) -> dict[str, Any]:
    now, ahead = _ratios(record)
    status = str(record["status"])
    later = str(record["status_at_change"]) if _known(record, "status_at_change") else None
    return {
        "id": str(record["target_id"]),
        "name": str(record["name"]),
        "band": str(record["band"]) if _known(record, "band") else "",
        "status": status,
        "glyph": GLYPH[status],
        "word": status_word(status, say),
        "needed": _people(record, "needed"),
        "have": _between(record, "have", "have_high"),
        "spare": _difference(record, "spare"),
        "now": _at(now, reach),
        "change": _at(ahead, reach),
        "spareAtChange": _difference(record, "spare_at_change"),
        "statusAtChange": later,
        "glyphAtChange": GLYPH[later] if later else "",
        "wordAtChange": status_word(later, say) if later else "",
        "chance": str(record["chance"]) if _known(record, "chance") else "",
    }


def _people(record: Mapping[Any, Any], column: str) -> str:
    return numerals.whole(record[column]) if _known(record, column) else "—"


def _between(record: Mapping[Any, Any], low: str, high: str) -> str:
    """Say people with what they could be at most, where records that are not known leave that open."""
    if not _known(record, high) or int(record[high]) == int(record[low]):
        return _people(record, low)
    return f"{_people(record, low)}–{_people(record, high)}"


def _difference(record: Mapping[Any, Any], column: str) -> str:
    return numerals.signed(record[column]) if _known(record, column) else "—"
