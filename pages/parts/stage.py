"""What a meeting room sees: the figures of a briefing or of a page in order, each as large as the room can hold.

Sizes are pixels of the browser's window. Type is sized for a screen of 1080 lines and goes with the window, down to
what can be read in the hand.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import queries
from pages.exhibits import (
    Exhibit,
    age_ladder,
    assessment,
    corridor,
    outlook,
    overview,
    rotation,
    timetable,
    welfare,
)
from pages.parts import briefing, tables
from pages.parts.briefing import EXHIBITS, OF_PEOPLE, Item, Leaf, Listing, Template
from pages.parts.charts import Figure, canvas
from pages.parts.kept import Kept
from pages.parts.look import Look, css_variables
from pages.parts.scenes import NothingToShowError, Scenes

PAGES: Mapping[str, Sequence[Exhibit[Any]]] = {
    "overview": overview.EXHIBITS,
    "age_ladder": age_ladder.EXHIBITS,
    "outlook": (*outlook.EXHIBITS, *corridor.EXHIBITS),
    "assessment": assessment.EXHIBITS,
    "rotation": rotation.EXHIBITS,
    "welfare": welfare.EXHIBITS,
    "timetable": timetable.EXHIBITS,
}
"""What can be presented of each page, in the order of its exhibits."""
FILTERS = ("unit", "target", "body", "from_body", "level", "sex", "rule", "programme", "group", "item", "by", "tier",
           "organ", "year", "round")  # fmt: skip
NUMBERS = ("year", "round")
LEAST, MOST = 1.6, 2.7
"""Pixels of the room for each pixel of a page, at 1080 lines."""
DENSEST = 0.88
"""Part of its height on a page that a figure can be drawn in without touching labels."""
NARROW, WIDE = 600, 900
"""Pixels of a page that a figure needs in width."""
LEAVES_KEPT = 128
_leaves: Kept[Leaf | None] = Kept(LEAVES_KEPT)
NOT_BY_ITSELF = ("assessment/of_unit", "outlook/ledger")
"""What is one unit's that is chosen on the page, or an element of the page."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown: its title and its figures in order."""

    title: str
    items: Sequence[Item]


def of_template(template: Template, scenes: Scenes) -> Showing:
    """Give what a reader may see of a briefing; lists of people only where names may be seen."""
    title = scenes.here.words.pick(template.title_en, template.title_zh)
    return Showing(title, [item for item in template.items if may_be_shown(item, scenes)])


def of_page(page: str, address: Mapping[str, str], scenes: Scenes) -> Showing:
    """Give what a reader may see of a page with the filters that its address holds: figures first, then lists."""
    chosen = {name: code for name, code in address.items() if name in FILTERS and _is_code(name, code)}
    exhibits = sorted(PAGES[page], key=lambda exhibit: bool(exhibit.listed))
    items = [Item(exhibit.name, chosen, may_lack=True) for exhibit in exhibits if exhibit.name not in NOT_BY_ITSELF]
    return Showing(scenes.here.city, [item for item in items if may_be_shown(item, scenes)])


def _is_code(name: str, code: str) -> bool:
    return name not in NUMBERS or (code.isascii() and code.isdecimal())


def may_be_shown(item: Item, scenes: Scenes) -> bool:
    """Whether a reader may see an exhibit at all: lists of people are for those who see names."""
    exhibit = EXHIBITS[item.exhibit]
    if scenes.here.viewer.names:
        return True
    if exhibit in OF_PEOPLE:
        return False
    return exhibit.draw is not None or not _lists_people(item, scenes)


def _lists_people(item: Item, scenes: Scenes) -> bool:
    try:
        asks = EXHIBITS[item.exhibit].asks(scenes.of(item.exhibit, item.filters))
    except (NothingToShowError, queries.QueryError):
        return False
    question, _ = next(iter(asks.values()))
    return any(column.name == "person_id" for column in queries.load(question).columns)


def leaf_of(item: Item, scenes: Scenes) -> Leaf | None:
    """Make a figure once for all who would see the same; gives and raises what `briefing.leaf` does."""
    key = (scenes, item.exhibit, tuple(sorted(item.filters.items())))
    return _leaves.get(key, lambda: briefing.leaf(item, scenes))


@dataclass(frozen=True, slots=True)
class Room:
    """The browser's window, seen from afar: everything is sized for 1080 lines and goes with it."""

    width: int = 1920
    height: int = 1080

    @property
    def part(self) -> float:
        """How large the window is against the one that sizes are said for."""
        return min(self.height / 1080, self.width / 1200)

    def left_for_figure(self, finding: str) -> float:
        """Give the height that the finding and the lines under the figure leave."""
        heading = max(20.0, 44 * self.part)
        lines = math.ceil(canvas.width([finding], heading) / (self.width * 0.94))
        return self.height - 1.28 * heading * lines - max(64.0, 128 * self.part)


def of_room(figure: Figure, room: Room, finding: str, *, wide: bool) -> Figure:
    """Give a figure with its type as large as its height and width allow, and at least as large as the room needs.

    The height of what it gives is the one that it takes at least; higher is better.
    """
    drawn = figure.to_dict()["layout"]["height"]
    fits = room.left_for_figure(finding) / (drawn * DENSEST)
    broad = room.width / (WIDE if wide else NARROW)
    by = max(1.0, LEAST * room.part, min(fits, broad, MOST * room.part))
    larger = canvas.enlarged(figure, by)
    larger.to_dict()["layout"]["height"] = round(drawn * DENSEST * by)
    return larger


def table_of(listing: Listing, title: str) -> str:
    """Write a list as HTML, its type as large as its rows allow."""
    columns = [tables.Column(heading, heading in listing.numbers, wraps=True) for heading in listing.headings]
    written = pd.DataFrame(listing.rows, columns=list(listing.headings))
    size = max(24.0, min(34.0, 760 / (len(listing.rows) + 2) / 1.9))
    return f'<div style="--type: {size:.1f}">{tables.table_html(written, columns, caption=title)}</div>'


def stylesheet(drawn: Look) -> str:
    """Give the style sheet that takes everything but the figure off the page, after that of every page."""
    return css_variables(drawn) + (Path(__file__).parent / "stage.css").read_text(encoding="utf-8")
