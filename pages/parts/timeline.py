"""The timeline over every page: a month to choose between past and future, with the term changes and today marked.

An element for `st.components.v2.component(NAME, html=HTML, css=CSS, js=JS)`, fed with `months(...)`. The chosen month
arrives as state `month` (YYYYMM), when the dot is let go, a key has come to rest or a term change is clicked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import month as calendar
from pages.parts.look import Say

NAME = "timeline"
HTML = '<div class="timeline"></div>'
CSS = (Path(__file__).parent / "timeline.css").read_text(encoding="utf-8")
JS = (Path(__file__).parent / "timeline.js").read_text(encoding="utf-8")

YEARS_A_TICK = 2


@dataclass(frozen=True, slots=True)
class TermChange:
    """A term change on the timeline: its month (YYYYMM), what it is called, and whether it is this round's."""

    month: int
    label: str
    this_round: bool = False


def marks(own: Sequence[int], data_month: int, say: Say) -> list[TermChange]:
    """Name a tier's term changes (YYYYMM), this round first of those to come."""
    ahead = [at for at in own if at >= data_month]
    names = dict(zip(ahead, (say("this term"), say("next term")), strict=False))
    usual = say("{year} term")
    return [TermChange(at, names.get(at, usual.format(year=at // 100)), this_round=at in ahead[:1]) for at in own]


def months(
    *,
    first: int,
    last: int,
    as_of: int,
    data_month: int,
    changes: Sequence[TermChange],
    say: Say,
    month_in_words: Callable[[int], str] = calendar.text,
) -> dict[str, Any]:
    """Turn months (YYYYMM, first < last) into what the element draws; a month outside is moved to the nearer end."""
    span = calendar.between(first, last)
    if span <= 0:
        message = (
            f"A timeline must end after it begins; it begins {calendar.text(first)} and ends {calendar.text(last)}."
        )
        raise ValueError(message)
    every = [calendar.add(first, step) for step in range(span + 1)]
    return {
        "title": say("Age counted to"),
        "today": say("now"),
        "months": every,
        "words": [month_in_words(month) for month in every],
        "asOf": _place(as_of, first, span),
        "dataMonth": _place(data_month, first, span),
        "ticks": [{"at": at, "label": str(month // 100)} for at, month in enumerate(every) if _ticked(month)],
        "changes": [
            {"at": calendar.between(first, change.month), "label": change.label, "now": change.this_round}
            for change in changes
            if first <= change.month <= last
        ],
    }


def _place(month: int, first: int, span: int) -> int:
    return max(0, min(span, calendar.between(first, month)))


def _ticked(month: int) -> bool:
    return month % 100 == 1 and month // 100 % YEARS_A_TICK == 0
