"""What a figure of a briefing can be filtered by, code by code with its name, as its reader may see it."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

import queries
from data import month
from pages.exhibits import FIVE_YEARS
from pages.exhibits import up_down as up_down_exhibits
from pages.exhibits import welfare as welfare_exhibits
from pages.parts import rows
from pages.parts.answers import Here
from pages.parts.scenes import Filters
from pages.parts.words import Words

CODES = ("level", "sex", "body", "item", "tier", "organ", "reserve")


def labels(say: Words) -> dict[str, str]:
    """Name every filter."""
    return {
        "unit": say("Unit"),
        "target": say("Target"),
        "level": say("Level"),
        "sex": say("Sex"),
        "body": say("Body"),
        "item": say("Item"),
        "by": say("By"),
        "rule": say("Clock"),
        "programme": say("Programme"),
        "year": say("Year"),
        "group": say("Group"),
        "tier": say("Tier"),
        "organ": say("Nature of the organ"),
        "reserve": say("Kept for"),
    }


def of(here: Here, name: str, exhibit: str, filters: Filters, as_of: int) -> dict[str, str]:
    """Give the codes that a filter of a figure may have with their names; the one that it has is always among them."""
    found = _known(name)(here, exhibit, filters, as_of)
    chosen = filters.get(name)
    return found if chosen is None or chosen in found else {chosen: chosen, **found}


def name_of(here: Here, name: str, code: str, exhibit: str, filters: Filters, as_of: int) -> str:
    """Name the code that a filter has."""
    return of(here, name, exhibit, filters, as_of).get(code, code).strip("\N{IDEOGRAPHIC SPACE}")


def units(here: Here, unit: str | None) -> dict[str, str]:
    """Give a unit with those above it and right below it, each set in by its depth; the top where it is not known."""
    try:
        tree = here.ask("roster/units", unit=unit).table
    except queries.QueryError:
        tree = here.ask("roster/units").table
    walked = tree[(tree["depth"] > 0) | (tree["place"] != "self")]
    return {
        code: "\N{IDEOGRAPHIC SPACE}" * depth + name
        for code, depth, name in walked[["unit_id", "depth", "name"]].to_numpy()
    }


def months(here: Here) -> dict[int, str]:
    """Give the months that a briefing can be of, the data month first, and name those of a term change as such."""
    say, changes = here.words, here.ask("roster/term_changes", organ=None).table
    last = max(here.data_month, int(changes["month"].max())) if len(changes) else here.data_month
    terms: dict[Any, Any] = changes.groupby("month")["tier"].unique().to_dict()
    named = {
        int(at): say("{month} · term change ({tiers})").format(
            month=say.month(int(at)), tiers=say.pick(", ", "、").join(rows.code("tier", tier, say) for tier in tiers)
        )
        for at, tiers in terms.items()
    }
    ahead = range(month.between(here.data_month, last), 0, -1)
    every = [month.add(here.data_month, step) for step in (*ahead, *range(0, -FIVE_YEARS - 1, -1))]
    return {at: named.get(at, say.month(at)) for at in every}


def _known(name: str) -> Callable[[Here, str, Filters, int], dict[str, str]]:
    if name in CODES:
        return lambda here, *_: rows.codes(name, here.words)
    return {
        "unit": lambda here, _exhibit, filters, _: units(here, filters.get("unit")),
        "target": _targets,
        "by": lambda here, *_: {each: welfare_exhibits.side_name(each, here.words) for each in welfare_exhibits.SIDES},
        "rule": _rules,
        "programme": _programmes,
        "year": _years,
        "group": _groups,
    }[name]


def _targets(here: Here, _: str, filters: Filters, as_of: int) -> dict[str, str]:
    asked = here.ask("age_ladder/quota", as_of=as_of, unit=filters.get("unit")).table
    end = here.words.pick("_en", "_zh")
    name = asked[f"who{end}"] + here.words.pick(", ", "：") + asked[f"band{end}"]
    return dict(zip(asked["target_id"], name, strict=True))


def _rules(here: Here, _: str, filters: Filters, as_of: int) -> dict[str, str]:
    asked = here.ask("rotation/clock_ahead", since=as_of, until=month.add(as_of, 24), unit=filters.get("unit")).table
    return _pairs(asked, "rule_id", f"clock{here.words.pick('_en', '_zh')}")


def _programmes(here: Here, _exhibit: str, _filters: Filters, as_of: int) -> dict[str, str]:
    asked = here.ask("rotation/programme_name", as_of=as_of).table
    return _pairs(asked, "programme_id", f"programme{here.words.pick('_en', '_zh')}")


def _years(here: Here, exhibit: str, _filters: Filters, _: int) -> dict[str, str]:
    topic = exhibit.split("/", maxsplit=1)[0]
    if topic == "up_down":
        return {str(year): str(year) for year in up_down_exhibits.years(here.data_month)}
    question = {
        "assessment": "assessment/groups",
        "capability": "capability/years",
        "rank_only": "rank_only/over_time",
        "reserve": "reserve/flow",
    }.get(topic, "roster/welfare_years")
    return {str(year): str(year) for year in sorted(set(here.ask(question).table["year"]), reverse=True)}


def _groups(here: Here, _exhibit: str, filters: Filters, _: int) -> dict[str, str]:
    asked = here.ask("assessment/groups").table
    year = filters.get("year") or str(asked["year"].max())
    return {group: group for group in asked.loc[asked["year"].astype(str) == year, "peer_group"]}


def _pairs(table: pd.DataFrame, code: str, name: str) -> dict[str, str]:
    pairs: Mapping[Any, Any] = dict(zip(table[code], table[name], strict=True))
    return {str(each): str(told) for each, told in pairs.items()}
