"""What each figure is: the questions it asks, the form it is drawn in and the sentence that says what to see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pandas as pd

from pages.parts import rows
from pages.parts.charts import Figure
from pages.parts.look import Look
from pages.parts.words import Words

TEN_YEARS, FIVE_YEARS, ONE_YEAR = 120, 60, 12
"""Months that figures look back and ahead."""
Tables = Mapping[str, pd.DataFrame]
Asks = Mapping[str, tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the reader of any page has chosen: the month, the unit, the language and the colours.

    Months are YYYYMM; `unit` is a code, None for the whole. A topic adds its own choices. Scenes that are equal show
    the same: what follows from the other choices is left out of the comparison.
    """

    as_of: int
    data_month: int
    unit: str | None
    unit_name: str
    words: Words
    look: Look


S = TypeVar("S", bound=Scene)


def cited(scene: Scene, tables: Tables) -> Sequence[str]:
    """Name the clauses that stand in the rows of an answer, each once and with who stands behind it."""
    table = next(iter(tables.values()))
    columns = [name for name in ("document", "clause", "confirmed") if name in table]
    if "document" not in columns:
        return ()
    named = table[columns].dropna(subset="document").drop_duplicates().to_dict("records")
    return tuple(rows.source({str(name): value for name, value in row.items()}, scene.words) for row in named)


def nobody_moves(scene: Scene) -> str:
    """Say what every month to come is counted by."""
    return scene.words("after {month} nobody moves").format(month=scene.words.month(scene.data_month))


def as_answered(_: Scene, tables: Tables) -> Tables:
    """Leave the tables as the questions answer them."""
    return tables


@dataclass(frozen=True)
class Exhibit(Generic[S]):
    """One figure: `asks` names the tables it is made of, the first being its own question's answer.

    `derive` adds what a model makes of them; figures that ask and derive alike share the work. `listed` are the columns
    of the answer that are shown as a list; of a long one whose takeaway reads the columns `counted` alone, in any
    order, a page asks for these and for the first rows. `chooses` names, as in the address, the codes that a click on
    the figure gives, and `hint` says what a click does, which is said on a screen only. A `wide` figure scrolls
    sideways on a narrow screen. `evidence` gives the lines that stand behind the figure: what it means and the clauses
    it follows.
    """

    name: str
    title: Callable[[S], str]
    caption: Callable[[S], str]
    asks: Callable[[S], Asks]
    takeaway: Callable[[S, Tables], str]
    draw: Callable[[S, Tables], Figure | None] | None = None
    evidence: Callable[[S, Tables], Sequence[str]] = cited
    derive: Callable[[S, Tables], Tables] = as_answered
    listed: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    chooses: tuple[str, ...] = ()
    hint: Callable[[S], str] | None = None
    wide: bool = False

    def caption_on_screen(self, scene: S) -> str:
        """What the figure counts, and what a click on it does."""
        return " · ".join([self.caption(scene), *([self.hint(scene)] if self.hint else [])])

    @property
    def key(self) -> str:
        """The name as keys of the page and addresses of the style sheet write it: age_ladder-quota."""
        return self.name.replace("/", "-")
