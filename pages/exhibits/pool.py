"""Feasibility: the posts that fall vacant and the people one level below, beside what a target takes."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.exhibits import Asks, Exhibit, Tables
from pages.exhibits.outlook import OutlookScene, aim
from pages.parts import numerals
from pages.parts.tables import Column

LISTED = (
    "name", "unit_name", "post", "start_month", "path_en", "required", "months", "served_month", "worked_month",
    "grounded_month", "ready_month",
)  # fmt: skip


def _asks(scene: OutlookScene) -> Asks:
    given = {"as_of": scene.as_of, "until": scene.date, "unit": scene.unit}
    return {"pool": ("outlook/pool", given)}


def derived(scene: OutlookScene, tables: Tables) -> Tables:
    """Keep the row of the target; none where no rule says from which posts its posts are filled."""
    pool = tables["pool"]
    return {"pool": pool[pool["target_id"] == scene.target_id]}


def feasibility(scene: OutlookScene, told: Tables, pool: pd.DataFrame) -> tuple[pd.DataFrame, list[Column]]:
    """Give what is needed, what falls vacant and who is there, a row each, as people read it.

    `told` is what the page knows of the date, `pool` the target's row of outlook/pool, if there is one.
    """
    say, needed = scene.words, _needed(scene, told)
    vacant = numerals.whole(_vacant(told))
    falls = (
        say("Vacancies by then, counted with caution") if scene.once else say("Vacancies a year, counted with caution")
    )
    texts = {
        _needed_name(scene): numerals.whole(needed["a_year"]) if needed else say("not attainable"),
        falls: say("about {n}").format(n=vacant),
    }
    if needed and not scene.once:
        texts[say("To be appointed in all")] = numerals.whole(needed["total"])
    for row in pool.to_dict("records"):
        texts[say("One level below, eligible at the date if nobody moves")] = numerals.whole(row["people"])
        texts[say("of whom with the years required by then")] = numerals.whole(row["ready"])
    what, number = say("What"), say("Number")
    table = pd.DataFrame({what: list(texts), number: list(texts.values())})
    return table, [Column(what, wraps=True), Column(number, number=True)]


def _needed_name(scene: OutlookScene) -> str:
    say = scene.words
    said = say("Needed by then, for {level}") if scene.once else say("Needed a year, for {level}")
    return said.format(level=aim(say))


def _needed(scene: OutlookScene, told: Tables) -> Mapping[Any, Any] | None:
    """Give what reaches the chance aimed at from the first month that is planned on; None where no number does."""
    late, start = told["lateness"], scene.assumed.start
    begun = late.head(1) if start is None else late[late["start"] < start]
    last = begun.iloc[-1].to_dict()
    return None if pd.isna(last["a_year"]) else last


def _vacant(told: Tables) -> int:
    return int(told["vacancies"]["vacancies"].iloc[0])


def verdict(scene: OutlookScene, told: Tables, pool: pd.DataFrame) -> str:
    """Say what falls vacant, and whether posts and people are enough for what is needed."""
    say = scene.words
    vacant = say("About {n} posts fall vacant by then") if scene.once else say("About {n} posts fall vacant a year")
    return vacant.format(n=numerals.whole(_vacant(told))) + _enough(scene, told, pool)


def _enough(scene: OutlookScene, told: Tables, pool: pd.DataFrame) -> str:
    say, needed = scene.words, _needed(scene, told)
    if needed is None:
        return say("; that is too few for {aim}.").format(aim=aim(say))
    if not needed["total"]:
        return say("; nobody need be appointed in the band.")
    if pool.empty:
        return say("; no rule says from which posts these are filled, so that nobody can be counted below.")
    total, ready = int(needed["total"]), int(pool["ready"].iloc[0])
    said = (
        say("; {total} are needed in all, and {ready} below have the years required: enough.")
        if ready >= total
        else say("; {total} are needed in all, but only {ready} below have the years required: too few.")
    )
    return said.format(total=numerals.whole(total), ready=numerals.whole(ready))


POOL = Exhibit[OutlookScene](
    "outlook/pool",
    lambda scene: scene.words("Feasibility"),
    lambda scene: scene.words("vacancies and people one level below · somebody may stand in the pools of several"),
    _asks,
    lambda _, __: "",
    derive=derived,
)


# --- the people in the pool -------------------------------------------------------------------------------------------


def _person_asks(scene: OutlookScene) -> Asks:
    given = {"as_of": scene.as_of, "until": scene.date, "target": scene.target_id, "unit": scene.unit}
    return {"person": ("outlook/pool_person", given)}


def _person_takeaway(scene: OutlookScene, tables: Tables) -> str:
    say, table = scene.words, tables["person"]
    if table.empty:
        return say("Nobody one level below is eligible by {month}.").format(month=say.month(scene.date))
    ready = int((table["ready_month"] <= scene.date).sum())
    return say(
        "{people} people, {ready} of them with all that is required by {month}; in the order of units, nobody is "
        "placed before another."
    ).format(people=numerals.whole(len(table)), ready=numerals.whole(ready), month=say.month(scene.date))


PERSON = Exhibit[OutlookScene](
    "outlook/pool_person",
    lambda scene: scene.words("One level below: what is required, and when it is met"),
    lambda scene: scene.words("if nobody moves · requirements and evidence only"),
    _person_asks,
    _person_takeaway,
    listed=LISTED,
    counted=("ready_month",),
)
EXHIBITS = (POOL, PERSON)
