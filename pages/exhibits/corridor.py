"""The corridor: how many people are enough each year on the way to a term change, and how many are planned."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data import month
from models.projection import AMBER
from pages.exhibits import Asks, Exhibit, Tables
from pages.exhibits import outlook as outlook_of
from pages.exhibits.outlook import AIM, OutlookScene
from pages.parts import chance, charts, numerals
from pages.parts.charts import Figure, standing
from pages.parts.look import GLYPH, status_word
from pages.parts.words import Words

SHARE = "share"


def _asks(scene: OutlookScene) -> Asks:
    return {"quota": ("age_ladder/quota", {"as_of": scene.as_of, "unit": scene.unit})}


def derived(scene: OutlookScene, tables: Tables) -> Tables:
    """Add `corridor`, a row a year that has one, and `plan`, the appointments of each year on the way."""
    found = outlook_of.projection(scene)
    return {**tables, "corridor": found.corridor(), "plan": pd.DataFrame({"appointed": found.plan})}


def without(target: Mapping[str, Any], since: int, date: int, counted_to: int, say: Words) -> str:
    """Say why a target (a row of age_ladder/quota) has no corridor between two months; nothing where it has one.

    `counted_to` is the last month that people are counted in.
    """
    if date > counted_to:
        late = say("People are counted up to {month}: choose an earlier day for the term change.")
        return late.format(month=say.month(counted_to))
    if target["kind"] == "sub_share":
        return say("A share within a share depends on the other posts too: no number of people is enough by itself.")
    if target["kind"] != SHARE:
        return say("This target is counted unit by unit: it matters which unit has someone, not how many there are.")
    if month.between(since, date) <= month.MONTHS_A_YEAR:
        return say(
            "The term change is less than a year away: no yearly check lies before it; only the final step counts."
        )
    return ""


def _draw(scene: OutlookScene, tables: Tables) -> Figure | None:
    table = tables["corridor"]
    return None if table.empty else charts.corridor(table, say=scene.words, look=scene.look)


def _takeaway(scene: OutlookScene, tables: Tables) -> str:
    say, table = scene.words, tables["corridor"]
    if table.empty:
        never = say("{aim} is not attainable by {month}, however many there are on the way.")
        return never.format(aim=outlook_of.aim(say), month=say.month(scene.date))
    first = table.iloc[0]
    at = standing(first["have"], first["needed_low"], first["needed_amber"])
    said = say(
        "{month}: {low} people are enough for {aim}, fewer than {amber} are too few; planned {have} ({state})"
    ).format(
        aim=outlook_of.aim(say),
        month=say.month(int(first["month"])),
        low=numerals.whole(first["needed_low"]),
        amber=numerals.whole(first["needed_amber"]),
        have=numerals.whole(first["have"]),
        state=f"{GLYPH[at]} {status_word(at, say)}",
    )
    plan = numerals.whole(tables["plan"]["appointed"].iloc[0])
    return said + say("; the plan is {n} appointments in the band a year.").format(n=plan)


CORRIDOR = Exhibit[OutlookScene](
    "outlook/corridor",
    lambda scene: scene.words("{target}: corridor to the term change").format(
        target=outlook_of.target_name(scene.target, scene.words)
    ),
    lambda scene: scene.words("people each year by the plan · green from {asked}, amber from {edge}, red below").format(
        asked=outlook_of.aim(scene.words), edge=chance.level(AIM - AMBER, scene.words)
    ),
    _asks,
    _takeaway,
    _draw,
    outlook_of.definition,
    derived,
    wide=True,
)
EXHIBITS = (CORRIDOR,)
