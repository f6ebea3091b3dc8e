"""A board as HTML: tasks as cards in lanes by their state, side by side where there is room."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Card:
    """A task on the board: what it is, who answers for it until when, and what was counted of it (empty: nothing)."""

    title: str
    note: str
    told: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The cards of one state, under its sign and word; `tone` is the status whose colour the sign takes, or empty."""

    sign: str
    word: str
    tone: str
    cards: Sequence[Card]


def board_html(lanes: Sequence[Lane]) -> str:
    """Write lanes as HTML, every text escaped; a long lane scrolls in itself."""
    return f'<div class="board">{"".join(map(_lane, lanes))}</div>'


def _lane(lane: Lane) -> str:
    head = f'<span class="{lane.tone}">{lane.sign}</span> {escape(lane.word)} <small>{len(lane.cards)}</small>'
    return (
        f'<section class="lane" tabindex="0" aria-label="{escape(lane.word)}"><h3>{head}</h3>'
        f"<ul>{''.join(map(_card, lane.cards))}</ul></section>"
    )


def _card(card: Card) -> str:
    told = f"<span>{escape(card.told)}</span>" if card.told else ""
    return f"<li><b>{escape(card.title)}</b>{told}<small>{escape(card.note)}</small></li>"
