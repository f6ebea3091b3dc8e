"""Scenarios side by side: what each version assumes and gave when it was saved, and what it gives now."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from data import month
from data.scenarios import COUNTS, LEVERS, Version
from models.scenario import Range, Scenario
from pages.exhibits import outlook
from pages.exhibits.outlook import OutlookScene
from pages.parts import chance, numerals
from pages.parts.tables import Column
from pages.parts.words import Words

COMPARED = ("have", "needed", "projected")
"""The numbers of people that versions are compared by."""
ALL_LEVERS = (*LEVERS, "plan", "start", "date")


def levers_of(assumed: Scenario, date: int) -> dict[str, Any]:
    """Give the levers of a scenario as they are kept."""
    return {name: getattr(assumed, name) for name in ALL_LEVERS} | {"date": date}


def figures_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the numbers of a summary as they are kept: whole people and a chance."""
    people = {name: max(0, int(row[name])) for name in COUNTS}
    return {**people, "chance": float(row["chance"])}


def scenario_of(version: Version) -> Scenario:
    """Give a kept version as a scenario again."""
    return Scenario(name=version.name, **version.levers)


def again(scene: OutlookScene, version: Version) -> dict[str, Any]:
    """Give the numbers that a kept version gives on today's data."""
    assumed = scenario_of(version)
    mine = dataclasses.replace(scene, assumed=assumed, date=version.levers["date"] or scene.date)
    return figures_of(outlook.row_of(outlook.summed(mine, {}), mine.mode))


def in_address(version: Version, bounds: Mapping[str, Range]) -> dict[str, str | None]:
    """Give the codes by which the address sets the levers of a version; None takes one out."""
    codes: dict[str, str | None] = {
        lever: None if version.levers[lever] == bounds[lever].usual else f"{version.levers[lever]:g}"
        for lever in LEVERS
        if lever in bounds
    }
    plan, start, date = (version.levers[name] for name in ("plan", "start", "date"))
    codes["plan"] = None if plan is None else str(plan)
    codes["start"] = None if start is None else month.text(start)
    codes["month"] = None if date is None else month.text(date)
    return codes


def of_scene(versions: Sequence[Version], scene: OutlookScene, units: Sequence[str]) -> list[Version]:
    """Keep the versions of the chosen target and unit, the latest first, that count the people of these `units`.

    Those are what a reader sees: the numbers of others are neither theirs to see nor theirs to compare.
    """
    chosen = scene.target_id, scene.unit, tuple(units)
    mine = [each for each in versions if (each.target_id, each.unit, each.units) == chosen]
    return sorted(mine, key=lambda each: each.number, reverse=True)


def titled(version: Version, say: Words) -> str:
    """Name a version: its name and which of that name it is."""
    return say("{name}, version {n}").format(name=version.name, n=version.version)


def side_by_side(
    scene: OutlookScene, versions: Sequence[Version], now: Mapping[str, Any]
) -> tuple[pd.DataFrame, list[Column]]:
    """Give a table of what is on the page and of the kept versions: assumptions and numbers, a row each."""
    say = scene.words
    heads = [
        say("Scenario"),
        *(outlook.lever_name(lever, say) for lever in LEVERS),
        say("Appointments"),
        say("First month"),
        say("Date"),
        *_count_names(say),
        say("Chance"),
        say("Saved"),
        say("Endorsed"),
    ]
    here = [
        say("on this page"),
        *_assumed(scene, levers_of(scene.assumed, scene.date), scene.as_of),
        *_numbers(now, say),
        "",
        "",
    ]
    kept = [
        [
            titled(each, say),
            *_assumed(scene, each.levers, each.as_of),
            *_numbers(each.figures, say),
            _by(each.who, each.written, say),
            "" if each.endorsed is None else _by(each.endorsed_by or "", each.endorsed, say),
        ]
        for each in versions
    ]
    numbers = {*_count_names(say), *(outlook.lever_name(lever, say) for lever in LEVERS)}
    return pd.DataFrame([here, *kept], columns=heads), [Column(head, head in numbers) for head in heads]


def since(scene: OutlookScene, versions: Sequence[Version], build_id: str) -> tuple[pd.DataFrame, list[Column]] | None:
    """Give a table of what changed since versions were endorsed, then → now; None where none is."""
    say = scene.words
    endorsed = [each for each in versions if each.endorsed]
    if not endorsed:
        return None
    heads = [say("Scenario"), say("Data to"), *_count_names(say), say("Chance"), say("Build")]
    table = []
    for each in endorsed:
        now = again(scene, each)
        table.append(
            [
                titled(each, say),
                _moved(month.text(each.as_of), month.text(scene.as_of)),
                *(_moved(numerals.whole(each.figures[name]), numerals.whole(now[name])) for name in COMPARED),
                _moved(chance.in_words(each.figures["chance"], say), chance.in_words(now["chance"], say)),
                _moved(each.build_id, build_id),
            ]
        )
    return pd.DataFrame(table, columns=heads), [Column(head, head in _count_names(say)) for head in heads]


def changed(scene: OutlookScene, versions: Sequence[Version]) -> str:
    """Say of how many endorsed versions the numbers are others now."""
    say = scene.words
    endorsed = [each for each in versions if each.endorsed]
    other = sum(any(again(scene, each)[name] != each.figures[name] for name in COMPARED) for each in endorsed)
    return say(
        "Of {all} endorsed versions {other} give other numbers on today's data; what was endorsed is kept."
    ).format(all=len(endorsed), other=other)


def _count_names(say: Words) -> list[str]:
    return [say("have"), say("needed"), say("projected")]


def _assumed(scene: OutlookScene, levers: Mapping[str, Any], as_of: int) -> list[str]:
    """Write the levers of a scenario of the data of a month; appointments are in all where one round was left then."""
    say, once = scene.words, outlook.one_round(as_of, levers["date"] or scene.date)
    plan, start, date = levers["plan"], levers["start"], levers["date"]
    return [
        *(_setting(scene, lever, levers[lever]) for lever in LEVERS),
        say("as recently") if plan is None else outlook.appointments(plan, once=once, say=say),
        say("at once") if start is None else month.text(start),
        say("at the term change") if date is None else month.text(date),
    ]


def _setting(scene: OutlookScene, lever: str, value: float) -> str:
    """Write a lever's value; one that no rule gives a range of stays unsaid."""
    bounds = scene.bounds.get(lever)
    return "" if bounds is None else outlook.lever_setting(bounds, value, scene.words)


def _numbers(figures: Mapping[str, Any], say: Words) -> list[str]:
    return [*(numerals.whole(figures[name]) for name in COMPARED), chance.in_words(figures["chance"], say)]


def _by(who: str, written: str, say: Words) -> str:
    return say("{day}, {who}").format(day=day(written), who=who)


def day(written: str) -> str:
    """Write the day of a time stamp; what is none stays as it is."""
    try:
        return dt.datetime.fromisoformat(written).astimezone().strftime("%Y-%m-%d")
    except ValueError:
        return written


def _moved(then: str, now: str) -> str:
    return then if then == now else f"{then} → {now}"
