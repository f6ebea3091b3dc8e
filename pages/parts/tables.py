"""Tables as HTML: numbers right-aligned, a head that stays while rows scroll."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from pages.parts.look import GLYPH

SHORT = 8
"""Signs of a name or a day, which stands on one line where a longer text takes several if there is no room."""
ABSENT = "—"
STATUS_OF = {sign: status for status, sign in GLYPH.items()}


@dataclass(frozen=True, slots=True)
class Column:
    """One column to show: its heading, which is its name in the table too, and whether it holds numbers.

    Headings take several lines where a table is too wide; where it `wraps`, texts do too, numbers never. Texts of a
    column that is `signed` begin with the sign of a status and take its colour.
    """

    heading: str
    number: bool = False
    wraps: bool = False
    signed: bool = False

    @property
    def side(self) -> str:
        """The class of the column's cells."""
        return ("number" if self.number else "words") + (" wraps" if self.wraps else "")


def table_html(
    table: pd.DataFrame, columns: Sequence[Column], *, caption: str = "", rows_high: int | None = None
) -> str:
    """Write a table of texts as HTML, every cell escaped; beyond `rows_high` rows it scrolls in its box."""
    heads = "".join(f'<th scope="col" class="{column.side}">{escape(column.heading)}</th>' for column in columns)
    cells = table[[column.heading for column in columns]].itertuples(index=False, name=None)
    body = "".join(f"<tr>{''.join(map(_cell, row, columns))}</tr>" for row in cells)
    label = f"<caption>{escape(caption)}</caption>" if caption else ""
    high = f' style="max-height:{rows_high * 33 + 34}px"' if rows_high else ""
    return (
        f'<div class="table-box" tabindex="0" role="region" aria-label="{escape(caption)}"{high}>'
        f"<table>{label}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str, column: Column) -> str:
    if not text:
        return f'<td class="{column.side} absent">{ABSENT}</td>'
    long = " long" if len(text) > SHORT and not column.number else ""
    tone = f" {STATUS_OF.get(text[0], '')}" if column.signed else ""
    return f'<td class="{column.side}{long}{tone}">{escape(text)}</td>'
