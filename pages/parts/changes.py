"""What changed since an endorsed briefing: figure by figure, row by row by the key of each figure's own question.

With every endorsed briefing its figures are kept as data, so that the comparison needs no build of then.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from data import endorsed
from data.endorsed import EndorsedError
from data.store import Store
from pages.parts import numerals, recipients, rows
from pages.parts.briefing import LIST_LONGEST, Briefing, Leaf, Listing
from pages.parts.words import Words
from queries import Column, Query
from queries.warehouse import Answer

FIGURES = "figures.json"
STATUS, NUMBER, NEW, GONE = "status", "number", "new", "gone"
"""Kinds of change, in the order in which they are told."""
KINDS = (STATUS, NUMBER, NEW, GONE)
STATUSES = ("colour", "status", "status_at_term", "state", "standing", "finding", "direction", "unit_grade", "grade")
NAMED_BY: Mapping[str, Sequence[str]] = {
    "person_id": ("name",),
    "unit_id": ("unit_name",),
    "host_id": ("host_name",),
    "target_id": ("who", "band"),
    "rule_id": ("clock", "who", "name"),
    "band_id": ("band",),
    "programme_id": ("programme",),
    "step_id": ("step",),
    "cap_id": ("who",),
}
"""The columns that name what a column of a key has a code of."""
ENDS = ("one", "other")
"""The two ends of an exchange, tiers or kinds of bodies."""
MOMENTS = {"as_of", "since", "until"}
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as data: what it said, the question it answers and of what (months apart), and its rows by key.

    Each row is named, and has its cells by column: the value (a number or a code) and how it was written.
    """

    exhibit: str
    title: str
    finding: str
    asked: str
    names: Mapping[str, str]
    cells: Mapping[str, Mapping[str, tuple[Any, str]]]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is another now, or (NEW, GONE) one row that came or went; `difference` is that of two numbers."""

    kind: str
    figure: str
    row: str
    column: str
    before: str
    now: str
    difference: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of now beside the same one of then: `before` is what it said, None where it was not shown then.

    `apart` where the two are of different things, such as two targets, so that no row of one is a row of the other.
    """

    figure: Told
    before: str | None
    apart: bool
    changes: Sequence[Change]


# --- figures as data ---


def figures(found: Briefing) -> list[Told]:
    """Give the figures of a briefing as data: those behind which an answer stands that its reader may see."""
    return [_told(leaf, found.here.words) for leaf in found.leaves if leaf.answers and leaf.name != NAME]


def kept(found: Briefing) -> bytes:
    """Write the figures of a briefing for a comparison to come."""
    told = [
        {
            "exhibit": each.exhibit,
            "title": each.title,
            "finding": each.finding,
            "asked": each.asked,
            "names": each.names,
            "cells": each.cells,
        }
        for each in figures(found)
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def read(content: bytes) -> list[Told]:
    """Read what `kept` wrote."""
    return [
        Told(**{**each, "cells": {key: {c: tuple(v) for c, v in row.items()} for key, row in each["cells"].items()}})
        for each in json.loads(content)
    ]


def _told(leaf: Leaf, say: Words) -> Told:
    answer = leaf.answers[0]
    grain = [name for name in answer.query.grain if name in answer.table]
    keys = [json.dumps(key, ensure_ascii=False, default=str) for key in _values(answer.table, grain)]
    told = {name: _texts(answer, name, say) for name in _compared(answer.query)}
    raw = {name: [_plain(value) for value in answer.table[name]] for name in told}
    asked = {name: value for name, value in answer.parameters.items() if name not in MOMENTS and value is not None}
    filtered = {name: code for name, code in leaf.filters.items() if name not in MOMENTS}
    return Told(
        leaf.name,
        leaf.title,
        leaf.finding,
        json.dumps([answer.query.name, asked, filtered], ensure_ascii=False, sort_keys=True, default=str),
        dict(zip(keys, _names(answer, grain, say), strict=True)),
        {key: {name: (raw[name][at], told[name][at]) for name in told} for at, key in enumerate(keys)},
    )


def _values(table: pd.DataFrame, columns: Sequence[str]) -> Iterator[list[Any]]:
    return ([_plain(value) for value in row] for row in table[columns].itertuples(index=False, name=None))


def _compared(query: Query) -> list[str]:
    """The columns that are compared: statuses, and numbers that are no numbers of rows."""
    return [
        column.name
        for column in query.columns
        if column.name not in query.grain
        and (column.name in STATUSES or (rows.is_number(column) and not column.name.endswith("_no")))
    ]


def _names(answer: Answer, grain: Sequence[str], say: Words) -> list[str]:
    """Name every row by what its key has codes of."""
    parts = [_texts(answer, name, say) for each in grain for name in _named_by(answer, each, say)]
    return [say.pick(", ", "，").join(filter(None, row)) for row in zip(*parts, strict=True)]


def _named_by(answer: Answer, column: str, say: Words) -> list[str]:
    if column not in NAMED_BY:
        return [column]
    wanted = (*NAMED_BY[column], *(f"{name}_{say.pick('en', 'zh')}" for name in NAMED_BY[column]))
    return [name for name in wanted if name in answer.table]


def _texts(answer: Answer, column: str, say: Words) -> list[str]:
    if column in ENDS:
        named = rows.codes("tier", say) | rows.codes("body", say)
        return [named.get(str(code), str(code)) for code in answer.table[column]]
    readable = rows.readable(replace(answer, table=answer.table[[column]]), say)
    return [str(text) for text in readable.iloc[:, 0]]


def _plain(value: Any) -> Any:
    """A cell as JSON knows it."""
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, str | int | float) else float(value)


# --- then and now ---


def compared(before: Sequence[Told], now: Sequence[Told], say: Words) -> list[Compared]:
    """Set every figure of now beside the same one of then; statuses first, then numbers, rows that came and went."""
    known: dict[tuple[str, str], Told] = {}
    shown = Counter(each.exhibit for each in before)
    for each in before:
        known.setdefault((each.exhibit, each.asked), each)
    only = {each.exhibit: each for each in before if shown[each.exhibit] == 1}
    told = []
    for figure in now:
        then = known.get((figure.exhibit, figure.asked)) or only.get(figure.exhibit)
        apart = then is not None and then.asked != figure.asked
        found = [] if then is None or apart else sorted(_changes(then, figure, say), key=_first)
        told.append(Compared(figure, None if then is None else then.finding, apart, found))
    return told


def _first(change: Change) -> int:
    return KINDS.index(change.kind)


def _changes(before: Told, now: Told, say: Words) -> Iterator[Change]:
    for key, name in now.names.items():
        if key not in before.names:
            yield Change(NEW, now.title, name, "", NOTHING, say("new"))
            continue
        for column, (value, text) in now.cells[key].items():
            then, written = before.cells[key].get(column, (value, text))
            moved = _difference(then, value)
            if column in STATUSES and then != value:
                told = _status(column, then, say), text or NOTHING
                yield Change(STATUS, now.title, name, rows.heading(column, say), *told)
            elif column not in STATUSES and moved:
                yield Change(NUMBER, now.title, name, rows.heading(column, say), written, text, moved)
    for key, name in before.names.items():
        if key not in now.names:
            yield Change(GONE, now.title, name, "", say("gone"), NOTHING)


def _status(column: str, code: Any, say: Words) -> str:
    """Say a status of then in the language of now."""
    if code is None:
        return NOTHING
    return rows.code(column, code, say) if column in rows.CODES else rows.spoken(str(code), say)


def _difference(one: Any, other: Any) -> float:
    """Take one number from another; 0 where either is missing, as what is not asked has not moved."""
    return round(other - one, 6) if isinstance(one, int | float) and isinstance(other, int | float) else 0.0


def difference(change: Change, say: Words) -> str:
    """Write the difference of two numbers with its sign; of percentages in points."""
    moved = change.difference
    if moved is None:
        return ""
    if change.now.endswith("%"):
        return say("{points} points").format(points=numerals.signed_point(moved * 100))
    return numerals.signed(moved) if float(moved).is_integer() else f"{moved:+.2f}".replace("-", numerals.MINUS)


def _turned(told: Sequence[Compared], say: Words) -> Iterator[str]:
    """Say how many statuses changed, of several figures in which of them."""
    for each in told:
        number = sum(change.kind == STATUS for change in each.changes)
        if number and len(told) == 1:
            yield say.count("{n} status changed", "{n} statuses changed", number)
        elif number:
            yield say.count(
                "{n} status of “{figure}” changed",
                "{n} statuses of “{figure}” changed",
                number,
                figure=each.figure.title,
            )


def tally(told: Sequence[Compared], say: Words) -> str:
    """Say how much changed."""
    kinds = Counter(change.kind for each in told for change in each.changes)
    if not kinds:
        return say("nothing has changed")
    parts = [
        *_turned(told, say),
        say.count("{n} number moved", "{n} numbers moved", kinds[NUMBER]) if kinds[NUMBER] else "",
        say.count("{n} row is new", "{n} rows are new", kinds[NEW]) if kinds[NEW] else "",
        say.count("{n} row is gone", "{n} rows are gone", kinds[GONE]) if kinds[GONE] else "",
    ]
    return say.pick(", ", "，").join(filter(None, parts))


def since(store: Store, number: str, found: Briefing) -> list[Compared]:
    """Compare a briefing with an endorsed one; EndorsedError where its reader may not, or it is damaged."""
    record = endorsed.one(store, number)
    if not recipients.may_see(found.here, record):
        message = f"Briefing {number} was endorsed for wider rights than those of {found.here.viewer.name}."
        raise EndorsedError(message, f"审定稿 {number} 的查看权限大于本次接收人的权限，不能与之比较。")
    before, now, say = read(endorsed.content(store, record, FIGURES)), figures(found), found.here.words
    if record.language != say.language:
        said = {(each.exhibit, each.asked): each.finding for each in now}
        before = [replace(each, finding=said.get((each.exhibit, each.asked), each.finding)) for each in before]
    return compared(before, now, say)


# --- as the first page of a briefing ---

NAME = "briefing/changes"


def told_first(found: Briefing, store: Store, number: str) -> Briefing:
    """Put what changed since an endorsed briefing before all else."""
    record = endorsed.one(store, number)
    told, say = since(store, number, found), found.here.words
    changes = in_order(told)
    finding = say("Since {month}: {tally}").format(month=say.month(record.as_of), tally=tally(told, say))
    caption = say("endorsed {day} · as of {month} · build {build}").format(
        day=record.endorsed[:10], month=say.month(record.as_of), build=record.build
    )
    leaf = Leaf(
        NAME,
        finding,
        say("What changed since the last briefing"),
        caption,
        None,
        _listing(changes, told, say),
        [say("Row by row by the key of each figure's own question; statuses first.")],
        [_answer(changes, found, say)],
        {},
    )
    return replace(found, leaves=[leaf, *found.leaves])


def in_order(told: Sequence[Compared]) -> list[Change]:
    """Give the changes of all figures, statuses first, else in the order of the figures."""
    return sorted((change for each in told for change in each.changes), key=_first)


def headings(say: Words) -> list[str]:
    """Name what is told of a change."""
    return [say("Figure"), say("Row"), say("What"), say("Last time"), say("This time"), say("Difference")]


def cells(change: Change, say: Words) -> list[str]:
    """Write what is told of a change."""
    return [change.figure, change.row, change.column, change.before, change.now, difference(change, say)]


def _listing(changes: Sequence[Change], told: Sequence[Compared], say: Words) -> Listing:
    heads = headings(say)
    if not changes:
        unchanged = [[each.figure.title, say("nothing has changed")] for each in told]
        return Listing(heads[:2], unchanged[:LIST_LONGEST], frozenset(), all_rows=len(unchanged))
    written = [cells(change, say) for change in changes[:LIST_LONGEST]]
    return Listing(heads, written, frozenset(heads[3:]), all_rows=len(changes))


def _answer(changes: Sequence[Change], found: Briefing, say: Words) -> Answer:
    """Give the changes as an answer, so that a workbook holds all of them."""
    heads = headings(say)
    written = [[*cells(change, say)[:-1], change.difference] for change in changes]
    table = pd.DataFrame(written, columns=heads)
    table[heads[-1]] = table[heads[-1]].astype(float)
    columns = [Column(name, "VARCHAR", "") for name in heads[:-1]]
    query = Query(
        NAME,
        say("What changed since the last briefing?"),
        (),
        (),
        (),
        None,
        (),
        (*columns, Column(heads[-1], "DOUBLE", "")),
        "",
    )
    return Answer(query, {}, found.here.build_id, found.here.data_month, table)
