"""What a meeting room sees: the figures of a briefing or of a page in order, each as large as the room can hold.

Sizes are pixels of the browser's window. Type is sized for a screen of 1080 lines and goes with the window, down to
what can be read in the hand.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

import queries
from data.scenarios import LEVERS
from pages.exhibits import (
    Exhibit,
    age_ladder,
    assessment,
    capability,
    corridor,
    grass_roots,
    outlook,
    overview,
    rank_only,
    reserve,
    rotation,
    tasks,
    timetable,
    up_down,
    welfare,
)
from pages.exhibits import open as open_figures
from pages.parts import answers, briefing, numerals, projected, tables
from pages.parts.briefing import EXHIBITS, OF_PEOPLE, Item, Leaf, Listing, Template
from pages.parts.charts import Figure, canvas
from pages.parts.kept import Kept
from pages.parts.look import Look, css_variables
from pages.parts.scenes import NothingToShowError, Scenes
from pages.parts.words import Words

PAGES: Mapping[str, Sequence[Exhibit[Any]]] = {
    "overview": overview.EXHIBITS,
    "age_ladder": age_ladder.EXHIBITS,
    "outlook": (*outlook.EXHIBITS, *corridor.EXHIBITS),
    "assessment": assessment.EXHIBITS,
    "rotation": rotation.EXHIBITS,
    "welfare": welfare.EXHIBITS,
    "capability": capability.EXHIBITS,
    "rank_only": rank_only.EXHIBITS,
    "grass_roots": grass_roots.EXHIBITS,
    "reserve": reserve.EXHIBITS,
    "up_down": up_down.EXHIBITS,
    "timetable": timetable.EXHIBITS,
    "tasks": tasks.EXHIBITS,
    "open": open_figures.EXHIBITS,
}
"""What can be presented of each page, in the order of its exhibits."""
BRIEFINGS = "briefing"
PRESENTED = (*PAGES, BRIEFINGS)
"""The pages that can be presented; that of briefings as it has one chosen."""
FILTERS = frozenset(
    (
        *("unit", "target", "body", "from_body", "level", "sex", "from", "rule", "programme", "group", "item", "by"),
        *("tier", "organ", "period", "band", "year", "round", "plan", "start", "paper", "owner", *LEVERS),
    )
)
"""What pages filter by, as their addresses name it; the outlook looks at a month too."""
NUMBERS = ("year", "round", "plan")
LEAST, MOST = 1.84, 2.7
"""Pixels of the room for each pixel of a page, at 1080 lines."""
DENSEST = 0.85
"""Part of its height on a page that a figure can be drawn in without touching labels."""
NARROW, WIDE = 600, 900
"""Pixels of a page that a figure needs in width."""
NAMES = 0.4
"""Part of the room's width that the names of rows may take."""
LINE, GAP = 15, 16
"""Pixels that a line of a row's name takes, and those between names and marks."""
TABLE_HIGH, TABLE_WIDE = 800, 1800
"""Pixels of a room of 1080 lines that a list has."""
LEAVES_BYTES = 128 << 20
_leaves: Kept[Leaf | None] = Kept(
    LEAVES_BYTES,
    lambda leaf: answers.TABLE_BYTES + answers.weight(each.table for each in (leaf.answers if leaf else ())),
)
NOT_BY_ITSELF = ("assessment/of_unit", "outlook/ledger")
"""What is one unit's that is chosen on the page, or an element of the page."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown: its title and its figures in order."""

    title: str
    items: Sequence[Item]


def of_template(template: Template, items: Sequence[Item], scenes: Scenes) -> Showing:
    """Give what a reader may see of a briefing; lists of people only where names may be seen."""
    title = scenes.here.words.pick(template.title_en, template.title_zh)
    return Showing(title, [item for item in items if may_be_shown(item, scenes)])


def of_page(page: str, address: Mapping[str, str], scenes: Scenes) -> Showing:
    """Give what a reader may see of a page with the filters that its address holds: figures first, then lists."""
    takes = FILTERS | {"month"} if page == "outlook" else FILTERS
    chosen = {name: code for name, code in address.items() if name in takes and _is_code(name, code)}
    exhibits = sorted(PAGES[page], key=lambda exhibit: bool(exhibit.listed))
    items = [Item(exhibit.name, chosen, may_lack=True) for exhibit in exhibits if exhibit.name not in NOT_BY_ITSELF]
    return Showing(_place(chosen, scenes), [item for item in items if may_be_shown(item, scenes)])


def _place(chosen: Mapping[str, str], scenes: Scenes) -> str:
    try:
        return scenes.unit_of(chosen)[1]
    except queries.QueryError:
        return scenes.here.city


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
    key = (scenes, item.exhibit, tuple(sorted(item.filters.items())), projected.tested(scenes.here))
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
    """Give a figure with its type as large as the room's height and width allow, and no smaller than a room can read.

    Rows are named in one line and in full where type is no smaller for it: pages are narrow and rooms are wide.
    """
    drawn = max((_rows_in_one_line(figure), figure), key=lambda each: _fits(each, room, finding, wide=wide))
    return canvas.enlarged(drawn, max(1.0, LEAST * room.part, _fits(drawn, room, finding, wide=wide)))


def _fits(figure: Figure, room: Room, finding: str, *, wide: bool) -> float:
    """Give how many times a figure can be enlarged in a room."""
    layout = figure.to_dict()["layout"]
    high = room.left_for_figure(finding) / (layout["height"] * DENSEST)
    broad = room.width / (WIDE if wide else NARROW)
    return float(min(high, broad, room.width * NAMES / max(layout["margin"]["l"], 1), MOST * room.part))


def _rows_in_one_line(figure: Figure) -> Figure:
    """Write what stands left and right of rows in one line and in full, on margins as broad as that takes."""
    spec = figure.to_dict()
    layout, margin = spec["layout"], spec["layout"]["margin"]
    notes = layout.get("annotations", ())
    names = [note for note in notes if note["x"] == 0 and note.get("xshift") == -margin["l"]]
    rows = {note["y"] for note in names}
    ends = [note for note in notes if note["x"] == 1 and note["y"] in rows]
    told = {id(note): note.get("hovertext") or canvas.joined(note["text"]) for note in (*names, *ends)}
    if all(told[id(note)] == note["text"] for note in (*names, *ends)):
        return figure
    broad = {
        id(note): canvas.width([canvas.plain(told[id(note)])], note["font"]["size"]) + GAP for note in (*names, *ends)
    }
    left = max(broad[id(note)] for note in names)
    moved: dict[int, dict[str, Any]] = {id(note): {"text": told[id(note)]} for note in ends}
    moved |= {id(note): {"text": told[id(note)], "xshift": -left} for note in names}
    written = [{**note, **moved.get(id(note), {})} for note in notes]
    lines = max(note["text"].count("<br>") for note in (*names, *ends))
    return Figure(
        spec["data"],
        {
            **layout,
            "height": layout["height"] - lines * LINE * len(rows),
            "margin": {**margin, "l": left, "r": max([margin["r"], *(broad[id(note)] for note in ends)])},
            "annotations": written,
        },
    )


def table_of(listing: Listing, title: str, say: Words) -> str:
    """Write a list as HTML, its type as large as rows and columns allow; where it is cut, say how long it is."""
    columns = [
        tables.Column(heading, heading in listing.numbers, wraps=True, signed=_is_signed(listing, place))
        for place, heading in enumerate(listing.headings)
    ]
    written = pd.DataFrame(listing.rows, columns=list(listing.headings))
    high = TABLE_HIGH / (len(listing.rows) + 2)
    size = max(24.0, min(36.0, high / 1.9, TABLE_WIDE / _characters(listing)))
    space = max(6.0, min(20.0, (high - 1.35 * size) / 2))
    crowded = " crowded" if 24 * _characters(listing) > TABLE_WIDE else ""
    more = say("the first {n} of {all} rows").format(n=len(listing.rows), all=numerals.whole(listing.all_rows))
    return (
        f'<div class="leaf-table{crowded}" style="--type: {size:.1f}; --space: {space:.1f}">'
        f"{tables.table_html(written, columns, caption=title)}"
        f"{f'<p>{escape(more)}</p>' if len(listing.rows) < listing.all_rows else ''}</div>"
    )


def _is_signed(listing: Listing, place: int) -> bool:
    return any(row[place][:1] in tables.STATUS_OF for row in listing.rows)


def _characters(listing: Listing) -> float:
    """Measure a list's columns side by side, in characters, with what parts them."""
    longest = (canvas.width([row[place] for row in listing.rows], 1) for place in range(len(listing.headings)))
    return sum(max(each, 2.0) + 1.2 for each in longest)


def stylesheet(drawn: Look) -> str:
    """Give the style sheet that takes everything but the figure off the page, after that of every page."""
    return css_variables(drawn) + (Path(__file__).parent / "stage.css").read_text(encoding="utf-8")
