"""What is said of speed: the goals and how far they are, and the questions beside other ways to the same answers."""

import pandas as pd

import queries
from data.speeds import ADDED, OURS, Goal, Report, Row
from pages.parts import numerals
from pages.parts.look import GLYPH
from pages.parts.tables import Column
from pages.parts.words import Words


def when(report: Report, say: Words) -> str:
    """Say when the run began, of which version and on what machine."""
    told = [
        say("measured {moment}").format(moment=numerals.moment(report.began)),
        say("version {version}").format(version=report.version),
        report.facts["machine"],
        *added(report, say),
    ]
    return say(" · ").join(told)


def added(report: Report, say: Words) -> list[str]:
    """Say which sizes of city were measured later, and of which version."""
    runs = [run.split() for run in filter(None, report.facts.get(ADDED, "").split(","))]
    return [
        say("{people} people added on {day}, version {version}").format(
            people=numerals.whole(int(people)), day=day, version=version
        )
        for people, day, version in runs
    ]


def goals(report: Report, say: Words) -> pd.DataFrame:
    """Give the goals, a row each, in words."""
    return pd.DataFrame([_goal(goal, say) for goal in report.goals])


def goal_columns(say: Words) -> list[Column]:
    """Say how the columns of `goals` are shown."""
    return [
        Column(say("Result"), signed=True),
        Column(say("Goal"), wraps=True),
        Column(say("Set at"), number=True),
        Column(say("Measured"), number=True),
        Column(say("Why"), wraps=True),
    ]


def comparisons(report: Report, say: Words) -> pd.DataFrame:
    """Give every question that was also answered in another way: our time, and each other time as a multiple of it."""
    rows = [row for row in report.rows if row.what in queries.names() and row.seconds is not None]
    ours = {(row.what, row.people): row for row in rows if row.how == OURS}
    others = [row for row in rows if row.how != OURS and (row.what, row.people) in ours]
    raced = {(row.what, row.people) for row in others}
    names = list(dict.fromkeys(_way(row, say) for row in others))
    lines = {place: _line(row, names, say) for place, row in ours.items() if place in raced}
    for row in others:
        lines[row.what, row.people][_way(row, say)] = numerals.measure(_multiple(row, ours), "ratio")
    return pd.DataFrame(lines.values())


def comparison_columns(table: pd.DataFrame, say: Words) -> list[Column]:
    """Say how the columns of `comparisons` are shown."""
    return [Column(name, name != say("Question"), wraps=name == say("Question")) for name in table.columns]


def _goal(goal: Goal, say: Words) -> dict[str, str]:
    sign = "≤" if goal.bound == "most" else "≥"
    return {
        say("Result"): _result(goal, say),
        say("Goal"): say.pick(goal.en, goal.zh),
        say("Set at"): f"{sign} {numerals.measure(goal.value, goal.unit)}",
        say("Measured"): "" if goal.measured is None else numerals.measure(goal.measured, goal.unit),
        say("Why"): "" if goal.is_met else say.pick(goal.reason_en, goal.reason_zh),
    }


def _result(goal: Goal, say: Words) -> str:
    if goal.is_met is None:
        return f"{GLYPH['at_risk']} {say('not measured')}"
    return f"{GLYPH['met']} {say('met')}" if goal.is_met else f"{GLYPH['missed']} {say('not reached')}"


def _way(row: Row, say: Words) -> str:
    name = row.how.partition(",")[0]
    return {"plain SQL": say("plain SQL"), "memory read once": say("memory read once")}.get(name, name)


def _line(row: Row, names: list[str], say: Words) -> dict[str, str]:
    question = {say("Question"): say(queries.load(row.what).asks), say("Number of people"): numerals.whole(row.people)}
    return {**question, say("This program"): numerals.measure(row.seconds or 0, "seconds"), **dict.fromkeys(names, "")}


def _multiple(row: Row, ours: dict[tuple[str, int], Row]) -> float:
    return (row.seconds or 0) / (ours[row.what, row.people].seconds or 1)
