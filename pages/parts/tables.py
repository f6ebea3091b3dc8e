"""Tables as HTML: numbers right-aligned, status by sign and word, a head that stays while rows scroll."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import pandas as pd

from data import month as months
from pages.parts import numerals
from pages.parts.look import GLYPH, Say, status_word

Kind = Literal["text", "people", "change", "share", "month", "status"]
NUMBERS: tuple[Kind, ...] = ("people", "change", "share", "month")
ABSENT = "—"


@dataclass(frozen=True, slots=True)
class Column:
    """One column to show: its name in the table, its heading in the reader's language, and how its cells are written.

    `status_of` names a column of statuses that colours a change; without it a change keeps the colour of text.
    """

    name: str
    heading: str
    kind: Kind = "text"
    status_of: str | None = None


def table_html(
    table: pd.DataFrame, columns: Sequence[Column], *, say: Say, caption: str = "", rows_high: int | None = None
) -> str:
    """Write a table as HTML, every cell escaped; beyond `rows_high` rows it scrolls in its box under its head."""
    heads = "".join(f'<th scope="col" class="{_side(column)}">{escape(column.heading)}</th>' for column in columns)
    body = "".join(_row(record, columns, say) for record in table.to_dict("records"))
    label = f"<caption>{escape(caption)}</caption>" if caption else ""
    high = f' style="max-height:{rows_high * 33 + 34}px"' if rows_high else ""
    return (
        f'<div class="table-box" tabindex="0" role="region" aria-label="{escape(caption)}"{high}>'
        f"<table>{label}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _side(column: Column) -> str:
    return "number" if column.kind in NUMBERS else "words"


def _row(record: dict[Any, Any], columns: Sequence[Column], say: Say) -> str:
    return "<tr>" + "".join(_cell(record, column, say) for column in columns) + "</tr>"


def _cell(record: dict[Any, Any], column: Column, say: Say) -> str:
    value = record[column.name]
    if value is None or pd.isna(value):
        return f'<td class="{_side(column)} absent">{ABSENT}</td>'
    if column.kind == "status":
        sign = f'<span class="{value}">{GLYPH[value]}</span>'
        return f'<td class="words status">{sign} {escape(status_word(value, say))}</td>'
    tone = f" {record[column.status_of]}" if column.status_of else ""
    return f'<td class="{_side(column)}{tone}">{escape(_written(value, column.kind))}</td>'


def _written(value: Any, kind: Kind) -> str:
    write: dict[Kind, Callable[[Any], str]] = {
        "people": numerals.whole,
        "change": numerals.signed,
        "share": numerals.percent,
        "month": lambda number: months.text(int(number)),
    }
    return write.get(kind, str)(value)
