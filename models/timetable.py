"""Backward from a term change: the last days to begin and finish each step, and the oldest useful age of an appointee.

Every lead is a row of data/policy/timetable_step.csv. Dates are days, as steps that count in working days need them;
ages are completed years by year and month, as everywhere.
"""

import calendar as days_of
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from data import month
from models.working_days import A_DAY, Calendar

Row = Mapping[Any, Any]


class TimetableError(ValueError):
    """Steps from which no timetable follows."""


def first_day(term_month: int, calendar: Calendar) -> dt.date:
    """The first working day of a month (YYYYMM): the term change, where only its month is known."""
    return calendar.on_or_after(dt.date(term_month // 100, term_month % 100, 1))


def last_day(at: int) -> dt.date:
    """The last day of a month (YYYYMM)."""
    year, place = divmod(at, 100)
    return dt.date(year, place, days_of.monthrange(year, place)[1])


def plan(term: dt.date, steps: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The steps with the last day to begin and to finish each, so that the term can change on the day `term`.

    `steps` has step_id, place, lead, measure (months or working_days) and before (the step that the lead is counted to;
    none means the term change). A step is finished on the last working day before the step that it is counted to
    begins, or else before the next one does; one with a negative lead begins after and is finished within its lead.
    Adds begin, finish, days and working_days (both days included) and published (whether the calendar of all of them
    is), in order of begin. TimetableError where steps wait for each other or for one that is not there.
    """
    rows = {str(row["step_id"]): row for row in steps.to_dict("records")}
    begins = {step: _begin(step, rows, term, calendar, ()) for step in rows}
    spans = {step: (begins[step], _finish(step, rows, begins, term, calendar)) for step in rows}
    planned = steps.assign(
        begin=[spans[step][0] for step in steps["step_id"]], finish=[spans[step][1] for step in steps["step_id"]]
    )
    both = list(zip(planned["begin"], planned["finish"], strict=True))
    planned = planned.assign(
        days=[(last - first).days + 1 for first, last in both],
        working_days=[calendar.count(first, last) for first, last in both],
        published=[last <= calendar.published_to for _, last in both],
    )
    return planned.sort_values(["begin", "place"], kind="stable", ignore_index=True)


def states(planned: pd.DataFrame, told: Mapping[str, str], today: dt.date) -> list[str]:
    """The state of each planned step on a day: done, overdue, soon or ahead.

    `told` says what people have entered of a step: planned, under_way or done. A step is overdue after its last day to
    finish, or after its last day to begin where nobody has said that it has begun; it is soon from `notice` days before
    the day that comes next.
    """
    return [_state(row, told.get(str(row["step_id"]), "planned"), today) for row in planned.to_dict("records")]


def last_useful_age(term_month: int, upper_age: int, months: Sequence[int]) -> pd.DataFrame:
    """How old someone appointed in each of these months (YYYYMM) may be, to be below an age in the month of the term.

    One row a month: month; age, the oldest useful age then in completed months; born_from, the earliest month of birth.
    """
    oldest = upper_age * month.MONTHS_A_YEAR - 1
    return pd.DataFrame(
        {
            "month": list(months),
            "age": [oldest - month.between(at, term_month) for at in months],
            "born_from": [month.add(term_month, -oldest)] * len(months),
        }
    )


def year_ends(since: int, term_month: int) -> list[int]:
    """The months to look at on the way to a term change: `since`, every December on the way, the term's own month."""
    decembers = range(since // 100 * 100 + 12, term_month, 100)
    return sorted({min(since, term_month), *(at for at in decembers if at > since), term_month})


def _begin(step: str, rows: Mapping[str, Row], term: dt.date, calendar: Calendar, waiting: Sequence[str]) -> dt.date:
    row = rows[step]
    anchor = _anchor(step, rows, term, calendar, waiting)
    lead = int(row["lead"])
    if lead == 0:
        return anchor
    if lead < 0:
        return calendar.on_or_after(anchor + A_DAY)
    return _moved(anchor, -lead, str(row["measure"]), calendar)


def _anchor(step: str, rows: Mapping[str, Row], term: dt.date, calendar: Calendar, waiting: Sequence[str]) -> dt.date:
    """The day that a step's lead is counted to."""
    before = rows[step]["before"]
    if pd.isna(before):
        return term
    if before not in rows:
        message = f"Step {step} is counted to {before}, which is not among the steps; mend timetable_step.csv."
        raise TimetableError(message)
    chain = (*waiting, step)
    if before in chain:
        message = f"Steps wait for each other: {' → '.join([*chain, str(before)])}; mend timetable_step.csv."
        raise TimetableError(message)
    return _begin(str(before), rows, term, calendar, chain)


def _moved(anchor: dt.date, lead: int, measure: str, calendar: Calendar) -> dt.date:
    """The last working day that is early enough."""
    if measure == "working_days":
        return calendar.moved(anchor, lead)
    at = month.add(anchor.year * 100 + anchor.month, lead)
    there = last_day(at)
    return calendar.on_or_before(there.replace(day=min(anchor.day, there.day)))


def _finish(
    step: str, rows: Mapping[str, Row], begins: Mapping[str, dt.date], term: dt.date, calendar: Calendar
) -> dt.date:
    row, begin = rows[step], begins[step]
    lead = int(row["lead"])
    if lead == 0:
        return begin
    if lead < 0:
        anchor: dt.date = term if pd.isna(row["before"]) else begins[str(row["before"])]
        return max(begin, _moved(anchor, -lead, str(row["measure"]), calendar))
    later = [at for other, at in begins.items() if at > begin and int(rows[other]["lead"]) >= 0]
    until: dt.date = min([*later, term]) if pd.isna(row["before"]) else begins[str(row["before"])]
    return max(begin, calendar.on_or_before(until - A_DAY))


def _state(row: Row, told: str, today: dt.date) -> str:
    if told == "done":
        return "done"
    begun = told == "under_way" or int(row["lead"]) < 0
    due = row["finish"] if begun else row["begin"]
    if due < today:
        return "overdue"
    return "soon" if (due - today).days <= int(row["notice"]) else "ahead"
