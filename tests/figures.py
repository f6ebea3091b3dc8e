"""Where exhibits are tried: what a figure is made of, everything that it says, and what no figure may say."""

import re
from functools import cache

from pages.exhibits import Exhibit, S, Tables
from queries.warehouse import Warehouse

NEVER_SAID = re.compile(r"\bnan\b|<NA>|\bNone\b|\bTrue\b|\bFalse\b|[{}]|--|−−")
"""What only a program says."""


def tables(opened: Warehouse, exhibit: Exhibit[S], scene: S) -> Tables:
    """What a figure is made of."""
    asked = exhibit.asks(scene).items()
    return exhibit.derive(scene, {role: opened.ask(name, **given).table for role, (name, given) in asked})


def said(exhibit: Exhibit[S], scene: S, found: Tables) -> list[str]:
    """Everything that a figure says, in words and on the drawing, which must draw something where there are rows."""
    texts = [
        exhibit.title(scene),
        exhibit.caption(scene),
        exhibit.takeaway(scene, found),
        *exhibit.evidence(scene, found),
    ]
    if exhibit.draw and not next(iter(found.values())).empty:
        drawn = exhibit.draw(scene, found)
        texts += [note.text for note in drawn.layout.annotations] if drawn else []
        assert drawn is None or drawn.data
    return texts


class Stage:
    """One warehouse, each question asked once."""

    def __init__(self, opened: Warehouse) -> None:
        """Ask `opened`."""
        self.ask = cache(lambda name, given: opened.ask(name, **dict(given)).table)

    def tables(self, exhibit: Exhibit[S], scene: S) -> Tables:
        """What a figure is made of."""
        asked = exhibit.asks(scene).items()
        return exhibit.derive(scene, {role: self.ask(name, tuple(given.items())) for role, (name, given) in asked})
