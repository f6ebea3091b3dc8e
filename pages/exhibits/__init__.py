"""What each figure is: the questions it asks, the form it is drawn in and the sentence that says what to see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.parts.look import Look
from pages.parts.words import Words

Tables = Mapping[str, pd.DataFrame]
Asks = Mapping[str, tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the reader has chosen: the month, the target, the unit, the filters, the language and the colours.

    `target` is the chosen row of age_ladder/quota. Months are YYYYMM; `level`, `sex` and `unit` are codes, None for
    all; `term_changes` are those of the target's tier.
    """

    as_of: int
    since: int
    until: int
    data_month: int
    target: Mapping[str, Any]
    unit: str | None
    unit_name: str
    level: str | None
    sex: str | None
    term_changes: tuple[int, ...]
    words: Words
    look: Look

    @property
    def who(self) -> str:
        """Whom the target is about, in the reader's language."""
        return self.words.pick(self.target["who_en"], self.target["who_zh"])

    @property
    def band(self) -> str:
        """The target's band, in the reader's language."""
        return self.words.pick(self.target["band_en"], self.target["band_zh"])

    @property
    def upper_age(self) -> int | None:
        """The target's exclusive age, None where it has no age line."""
        age = self.target["upper_age"]
        return None if pd.isna(age) else int(age)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One figure: `asks` names the tables it is made of, the first being its own question's answer.

    A `wide` figure scrolls sideways on a narrow screen.
    """

    name: str
    title: Callable[[Scene], str]
    caption: Callable[[Scene], str]
    asks: Callable[[Scene], Asks]
    takeaway: Callable[[Scene, Tables], str]
    draw: Callable[[Scene, Tables], go.Figure] | None = None
    wide: bool = False
