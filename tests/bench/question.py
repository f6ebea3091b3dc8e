"""A question to be raced: its own answer beside other ways to parts of the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

Way = Callable[[], pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its parameters, and the ways to part of its answer beside its own."""

    name: str
    given: Mapping[str, Any]
    rivals: Mapping[str, Way]
