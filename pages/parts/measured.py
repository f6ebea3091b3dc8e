"""What is said of speed: the goals and how far they are, the questions beside other ways, and every row of the run."""

import pandas as pd

import queries
from data import speeds
from data.speeds import ADDED, OURS, Goal, Report, Row
from pages.parts import numerals, phrases
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


def every(report: Report, say: Words) -> pd.DataFrame:
    """Give every row of the run in words; of each way of doing a thing, the sizes of city under one another.

    Growth is the time against the same in the next smaller city.
    """
    before = {people: speeds.before(report.rows, people) for people in {row.people for row in report.rows}}
    ways = list(dict.fromkeys((row.what, row.how) for row in report.rows))
    whats = list(dict.fromkeys(what for what, _ in ways))
    ordered = sorted(report.rows, key=lambda row: (whats.index(row.what), ways.index((row.what, row.how)), row.people))
    return pd.DataFrame([_measured(row, before[row.people].get((row.what, row.how)), say) for row in ordered])


def every_columns(table: pd.DataFrame, say: Words) -> list[Column]:
    """Say how the columns of `every` are shown."""
    texts = {say("What was measured"), say("Way"), say("Remark")}
    return [Column(name, number=name not in texts, wraps=name in texts - {say("Way")}) for name in table.columns]


def _goal(goal: Goal, say: Words) -> dict[str, str]:
    sign = "≤" if goal.bound == "most" else "≥"
    return {
        say("Result"): _result(goal, say),
        say("Goal"): say.pick(goal.en, goal.zh),
        say("Set at"): f"{sign} {numerals.measure(goal.value, goal.unit)}",
        say("Measured"): _written(goal.measured, goal.unit),
        say("Why"): "" if goal.is_met else say.pick(goal.reason_en, goal.reason_zh),
    }


def _result(goal: Goal, say: Words) -> str:
    if goal.is_met is None:
        return f"{GLYPH['at_risk']} {say('not measured')}"
    return f"{GLYPH['met']} {say('met')}" if goal.is_met else f"{GLYPH['missed']} {say('not reached')}"


def _measured(row: Row, smaller: float | None, say: Words) -> dict[str, str]:
    growth = row.seconds / smaller if row.seconds is not None and smaller else None
    return {
        say("What was measured"): phrases.told(row.what, say),
        say("Way"): phrases.told(row.how, say),
        say("Number of people"): numerals.whole(row.people),
        say("Median time"): _written(row.seconds, "seconds"),
        say("95% within"): _written(row.slow, "seconds"),
        say("Times the first way"): _written(row.ratio, "ratio"),
        say("Growth"): _written(growth, "ratio"),
        say("Memory"): _written(row.memory, "bytes"),
        say("Bytes"): _written(row.size, "bytes"),
        say("Remark"): phrases.told(row.remark, say),
    }


def _written(value: float | None, unit: str) -> str:
    return "" if value is None else numerals.measure(value, unit)


def _way(row: Row, say: Words) -> str:
    name = row.how.partition(",")[0]
    return {"plain SQL": say("plain SQL"), "memory read once": say("memory read once")}.get(name, name)


def _line(row: Row, names: list[str], say: Words) -> dict[str, str]:
    question = {say("Question"): say(queries.load(row.what).asks), say("Number of people"): numerals.whole(row.people)}
    return {**question, say("This program"): numerals.measure(row.seconds or 0, "seconds"), **dict.fromkeys(names, "")}


def _multiple(row: Row, ours: dict[tuple[str, int], Row]) -> float:
    return (row.seconds or 0) / (ours[row.what, row.people].seconds or 1)
