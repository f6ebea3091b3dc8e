"""How far steps and tasks are in the example city: what lies behind is done, one step of each is under way."""

import itertools
from typing import Any

from data import month as months
from data import policy, steps
from data.store import Store

DONE_ON = 20
"""The day of the month before the next step on which a step of the example city was done."""
WHO = "示例"
TASKS = (("reminder_talks", "done", -1), ("recuperation", "under_way", -1), ("front_line", "under_way", 1))
"""Measures of the policies, how far they are, and in how many months on DONE_ON they were or are to be done."""


def enter(store: Store, month: int) -> None:
    """Enter the example city's progress at a month (YYYYMM), once."""
    if not steps.history(store):
        for entry in (*_entries(month), *_tasks(month)):
            steps.record(store, entry)


def _entries(month: int) -> list[steps.Entry]:
    leads = [row for row in policy.read("timetable_step").to_pylist() if row["measure"] == "months" and row["lead"] > 0]
    leads.sort(key=lambda row: row["place"])
    return [
        entry
        for term in _coming(month)
        for row, following in itertools.pairwise(leads)
        if months.add(term["month"], -row["lead"]) <= month
        for entry in [_entry(term, row["step_id"], months.add(term["month"], -following["lead"]), month)]
    ]


def _tasks(month: int) -> list[steps.Entry]:
    tier, round_, organ = steps.TASKS
    return [
        steps.Entry(
            tier=tier,
            round=round_,
            organ=organ,
            step_id=measure,
            state=state,
            day=months.add(month, ahead) * 100 + DONE_ON,
            who=WHO,
            written=f"{months.text(month)}-01T00:00:00+00:00",
        )
        for measure, state, ahead in TASKS
    ]


def _coming(month: int) -> list[dict[str, Any]]:
    """The next term change of each tier."""
    changes = sorted(policy.read("term_change").to_pylist(), key=lambda row: row["month"], reverse=True)
    return list({row["tier"]: row for row in changes if row["month"] >= month}.values())


def _entry(term: dict[str, Any], step: str, next_begins: int, month: int) -> steps.Entry:
    done = next_begins <= month
    return steps.Entry(
        tier=term["tier"],
        round=term["round"],
        organ=None,
        step_id=step,
        state="done" if done else "under_way",
        day=months.add(next_begins, -1) * 100 + DONE_ON if done else None,
        who=WHO,
        written=f"{months.text(month)}-01T00:00:00+00:00",
    )
