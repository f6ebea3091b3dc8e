"""A briefing: exhibits in order, each with its finding, its figure or list and what stands behind it.

Slides, sheets and pages are made of the same exhibits, tables and figures. A template says which (templates/*.toml).
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from data import sealing
from pages.exhibits import (
    Exhibit,
    Scene,
    Tables,
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
from pages.parts import answers, evidence, rows
from pages.parts.answers import Here
from pages.parts.charts import Figure, canvas
from pages.parts.evidence import Named
from pages.parts.look import GLYPH, status_word
from pages.parts.scenes import Filters, NothingToShowError, Scenes
from pages.parts.words import Words
from queries import QueryError
from queries.warehouse import Answer

TEMPLATES = Path(__file__).parents[1] / "briefings"
LIST_LONGEST = 200
TOPICS = (
    overview,
    age_ladder,
    outlook,
    corridor,
    assessment,
    rotation,
    welfare,
    capability,
    rank_only,
    grass_roots,
    reserve,
    up_down,
    timetable,
    tasks,
    open_figures,
)
EXHIBITS: Mapping[str, Exhibit[Any]] = {each.name: each for topic in TOPICS for each in topic.EXHIBITS}


OF_PEOPLE: frozenset[Exhibit[Any]] = frozenset(
    (
        *rotation.OF_PEOPLE,
        assessment.HEADS,
        assessment.STREAKS,
        assessment.SOURCES_APART,
        assessment.SOURCES_GAP,
    )
)
"""What pages show only to whoever may see names."""


class BriefingError(ValueError):
    """A briefing cannot be made; says which exhibit, why, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One exhibit of a template with its filters; one that `may_lack` is left out where there is nothing to show."""

    exhibit: str
    filters: Filters
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What a briefing shows, in order."""

    name: str
    title_en: str
    title_zh: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table as people read it: headings, rows of texts, and which columns are numbers.

    A text that begins with the sign of a status takes its colour.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[str]
    all_rows: int = 0


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a briefing."""

    name: str
    finding: str
    title: str
    caption: str
    figure: Figure | None
    listing: Listing | None
    behind: Sequence[str]
    answers: Sequence[Answer]
    filters: Filters

    @property
    def named(self) -> Named | None:
        """The rows that name people on the page itself; those of a figure that only counts them stand behind it."""
        shows_names = self.listing is not None or EXHIBITS.get(self.name) in OF_PEOPLE
        return evidence.named(self.answers[0]) if shows_names and self.answers else None


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing as it is printed: pages in order, and what was left out because there is nothing to show."""

    title: str
    subtitle: str
    here: Here
    as_of: int
    leaves: Sequence[Leaf]
    left_out: Sequence[str]


def named(briefing: Briefing) -> dict[str, int]:
    """Give how many rows that name people stand in a briefing and the workbook of it, by question."""
    found = (evidence.named(answer) for leaf in briefing.leaves for answer in leaf.answers)
    return {names.question: names.rows for names in found if names}


def templates() -> dict[str, Template]:
    """Read every template, by its name."""
    return {path.stem: read(path) for path in sorted(TEMPLATES.glob("*.toml"))}


def read(path: Path) -> Template:
    """Read a template from its file; BriefingError where it names what there is not."""
    return parse(sealing.read_text(path), path.stem)


def parse(text: str, name: str) -> Template:
    """Read a template from its text (TOML); BriefingError where it is none, or names what there is not."""
    try:
        said = tomllib.loads(text)
        items = [
            Item(
                each["exhibit"],
                {name: str(code) for name, code in each.get("filters", {}).items()},
                each.get("may_lack", False),
            )
            for each in said["show"]
        ]
        template = Template(name, said["title"]["en"], said["title"]["zh"], items)
    except (ValueError, TypeError, KeyError) as error:
        message = f"{name} is no template of a briefing ({type(error).__name__}: {error}); mend it or take it away."
        raise BriefingError(message) from error
    unknown = [each.exhibit for each in items if each.exhibit not in EXHIBITS]
    if unknown:
        message = f"{name} shows {', '.join(unknown)}, which is no exhibit."
        raise BriefingError(message)
    return template


def made(
    template: Template, scenes: Scenes, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Briefing:
    """Make the briefing of a template as a reader may see it; `progress` is told how many pages of how many are made.

    Lists of people are left out for whoever may not see names. BriefingError where an exhibit that must not lack has
    nothing to show.
    """
    here, say = scenes.here, scenes.here.words
    leaves, left_out = [], []
    for done, item in enumerate(template.items):
        progress(done, len(template.items))
        try:
            made_of = leaf(item, scenes)
        except NothingToShowError as nothing:
            if not item.may_lack:
                message = say("{exhibit} has nothing to show: {why} Take it out, or let it be left out (may_lack).")
                raise BriefingError(message.format(exhibit=item.exhibit, why=nothing)) from nothing
            left_out.append(f"{item.exhibit}: {nothing}")
            continue
        if made_of is None:
            continue
        leaves.append(made_of)
    if not leaves:
        raise BriefingError(say("Nothing of this briefing may be shown to this reader."))
    subtitle = say(" · ").join([*filter(None, [here.city]), say("as of {day}").format(day=say.month(scenes.as_of))])
    return Briefing(say.pick(template.title_en, template.title_zh), subtitle, here, scenes.as_of, leaves, left_out)


def leaf(item: Item, scenes: Scenes) -> Leaf | None:
    """Make one page; None of a list that the reader may not see; NothingToShowError where there is nothing on it."""
    exhibit, here = EXHIBITS[item.exhibit], scenes.here
    if exhibit in OF_PEOPLE and not here.viewer.names:
        return None
    try:
        scene = scenes.of(item.exhibit, item.filters)
        told = answers.of(here, exhibit.asks(scene))
    except QueryError as error:
        raise NothingToShowError(str(error)) from error
    first = next(iter(told.values()))
    if not here.sees(first) and exhibit.draw is None:
        return None
    found = answers.tables_of(here, exhibit, scene)
    takeaway = exhibit.takeaway(scene, found)
    figure = exhibit.draw(scene, canvas.spelt(found)) if exhibit.draw and not first.table.empty else None
    listing = _listing(exhibit, scene, first, found) if exhibit.draw is None else None
    if not (listing or (figure and shows(figure))):
        raise NothingToShowError(takeaway or exhibit.title(scene))
    return Leaf(
        exhibit.name,
        _finding(exhibit, scene, found, takeaway),
        exhibit.title(scene),
        exhibit.caption(scene),
        figure,
        listing,
        [line for line in exhibit.evidence(scene, found) if line],
        [answer for answer in told.values() if here.sees(answer)],
        item.filters,
    )


def _finding(exhibit: Exhibit[Any], scene: Scene, found: Tables, takeaway: str) -> str:
    """Give the sentence that a slide is headed by; a list that only counts its rows is named before it."""
    if exhibit.name in FINDINGS:
        return FINDINGS[exhibit.name](scene, found)
    if exhibit.listed and exhibit.name.startswith("assessment/"):
        return exhibit.title(scene) + scene.words.pick(": ", "：") + takeaway
    return takeaway


def _listing(exhibit: Exhibit[Any], scene: Scene, answer: Answer, found: Tables) -> Listing | None:
    table = next(iter(found.values()))
    if table.empty:
        return None
    if exhibit.name in LISTINGS:
        return LISTINGS[exhibit.name](scene, found)
    say = scene.words
    readable = rows.readable(replace(answer, table=table.head(LIST_LONGEST)), say)
    headings = [rows.heading(name, say) for name in exhibit.listed]
    numbers = {*table.columns} - {column.name for column in answer.query.columns if not rows.is_number(column)}
    return Listing(
        headings,
        readable[headings].to_numpy().tolist(),
        frozenset(rows.heading(name, say) for name in exhibit.listed if name in numbers),
        all_rows=len(table),
    )


def printable(briefing: Briefing) -> Sequence[Leaf]:
    """Give the pages of a briefing; BriefingError where one would be blank."""
    for leaf in briefing.leaves:
        blank = not shows(leaf.figure) if leaf.figure else not (leaf.listing and leaf.listing.rows)
        if blank:
            message = f"{leaf.title!r} shows nothing; take it out of the briefing or choose another month or unit."
            raise BriefingError(message)
    return briefing.leaves


def shows(figure: Figure) -> bool:
    """Whether a figure shows anything: bars that are all zero are a blank, and so is a chart without marks."""
    return any(drawn(each) and _stands_out(each) for each in figure.to_dict()["data"])


def drawn(trace: Mapping[str, Any]) -> bool:
    """Whether a trace holds anything."""
    held = trace["link"]["value"] if trace["type"] == "sankey" else trace.get("z", trace.get("x"))
    return held is not None and len(held) > 0


def _stands_out(trace: Mapping[str, Any]) -> bool:
    if trace["type"] != "bar":
        return True
    return any(trace["x" if trace.get("orientation") == "h" else "y"])


# --- what exhibits say on a slide that a page says by an element of its own ---


def _quota_finding(scene: Any, found: Tables) -> str:
    return age_ladder.tally(scene, found["quota"])


def _quota_listing(scene: Any, found: Tables) -> Listing:
    """Give the ledger of targets as a table."""
    say, table = scene.words, age_ladder.ledger(scene, found["quota"])
    heads = [say("Targets"), say("band"), say("needed"), say("have"), say("difference"), say("status"),
             say("difference at the term change"), say("status at the term change")]  # fmt: skip
    written = [
        [
            str(row["name"]),
            str(row["band"]),
            *(_number(row[name], name) for name in ("needed", "have", "spare")),
            _status(row["status"], say),
            _number(row["spare_at_change"], "spare"),
            _status(row["status_at_change"], say),
        ]
        for row in table.to_dict("records")
    ]
    numbers = frozenset((*heads[2:5], heads[6]))
    return Listing(heads, written, numbers, len(written))


def _number(value: Any, column: str) -> str:
    return "—" if pd.isna(value) else rows.WRITERS.get(column, rows._plain)(value)  # noqa: SLF001


def _status(status: Any, say: Words) -> str:
    return "—" if pd.isna(status) else f"{GLYPH[str(status)]} {status_word(str(status), say)}"


def _useful_listing(scene: Any, found: Tables) -> Listing | None:
    table = timetable.useful_table(scene, found["age_line"])
    if table.empty:
        return None
    headings = [str(name) for name in table.columns]
    return Listing(headings, table.astype(str).to_numpy().tolist(), frozenset(), all_rows=len(table))


FINDINGS: Mapping[str, Callable[[Any, Tables], str]] = {"age_ladder/quota": _quota_finding}
LISTINGS: Mapping[str, Callable[[Any, Tables], Listing | None]] = {
    "age_ladder/quota": _quota_listing,
    "outlook/age_line": _useful_listing,
}


def facts(leaf: Leaf, here: Here) -> list[str]:
    """Say what stands behind a page of a briefing: questions, parameters, rows, build and filters."""
    told = [line for answer in leaf.answers for line in evidence.facts(answer, here.words)]
    filters = ", ".join(f"{name} = {code}" for name, code in leaf.filters.items())
    return [*told, here.words("Filters: {given}").format(given=filters or here.words("None"))]
