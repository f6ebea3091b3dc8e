"""What open figures there are: published months, what may be filtered by, and the scene of a choice."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.exhibits.open import OpenScene
from pages.parts import rows
from pages.parts.answers import Here
from pages.parts.words import Words

FIRST, LAST = 190001, 299912


def periods(here: Here) -> pd.DataFrame:
    """The published months with people in them, in order: period, at_month (YYYYMM) and is_ahead."""
    return _of(here, "people").reset_index(drop=True)


def _of(here: Here, topic: str) -> pd.DataFrame:
    every = here.ask("open/period", since=FIRST, until=LAST).table
    return every[every["topic"] == topic]


def latest(known: pd.DataFrame) -> int:
    """The last quarter among published months, YYYYMM."""
    return int(known["at_month"].max())


def period_name(row: Mapping[Any, Any], say: Words) -> str:
    """Name a published month; a term change to come says that nobody moves until then."""
    named = say.month(int(row["period"]))
    return say("{month} (term change, if nobody moves)").format(month=named) if row["is_ahead"] else named


def rule(here: Here) -> dict[str, Any]:
    """The rule by which figures are rounded and withheld, a row of roster/disclosure."""
    table = here.ask("roster/disclosure").table
    return {str(name): value for name, value in table[table["viewer"] == "viewer"].iloc[0].items()}


def choices(here: Here) -> list[tuple[str, str, dict[str, str]]]:
    """What may be filtered by: the name in the address, the label, and the codes with their names."""
    say, table = here.words, here.ask("open/people", as_of=latest(periods(here))).table
    found = []
    for name, label in (("body", say("Body")), ("level", say("Level")), ("sex", say("Sex"))):
        known = set(table[name].dropna())
        found.append((name, label, {code: text for code, text in rows.codes(name, say).items() if code in known}))
    bands = table[(table["side"] == "band") & table["band_en"].notna()]
    return [
        *found,
        ("band", say("Age"), dict(zip(bands["band_id"], bands[say.pick("band_en", "band_zh")], strict=True))),
    ]


def scene(here: Here, filters: Mapping[str, str]) -> OpenScene:
    """The scene of some filters: period (YYYYMM), body, level, sex, band; the last quarter where none is named."""
    known = periods(here)
    at = known[known["period"].astype(str) == filters.get("period")]
    month = int(at["period"].iloc[0]) if len(at) else latest(known)
    years = _of(here, "welfare").loc[lambda table: table["period"] <= month, "period"]
    told, bands = rule(here), choices(here)[-1][2]
    return OpenScene(
        as_of=month,
        data_month=here.data_month,
        unit=None,
        unit_name=here.city,
        words=here.words,
        look=here.look,
        at_month=int(known.loc[known["period"] == month, "at_month"].iloc[0]),
        year=None if years.empty else int(years.max()) // 100,
        first=int(known["period"].min()),
        last=int(known["period"].max()),
        body=filters.get("body"),
        level=filters.get("level"),
        sex=filters.get("sex"),
        band=filters.get("band"),
        band_name=bands.get(filters.get("band", ""), ""),
        base=int(told["base"]),
        least=int(told["min_group"]),
    )
