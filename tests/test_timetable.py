"""The timetable: every date worked by hand on a wall calendar or by walking day by day, states and ages likewise."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import month, policy
from models import timetable, working_days
from models.timetable import TimetableError
from models.working_days import A_DAY, Calendar

PUBLISHED = working_days.published()
WEEKENDS = Calendar(frozenset(), frozenset(), dt.date(2100, 12, 31))
Steps = list[tuple[str, int, str, str | None]]
CHAIN: Steps = [
    ("survey", 12, "months", None),
    ("review", 3, "months", None),
    ("publicity", 5, "working_days", "election"),
    ("election", 0, "months", None),
    ("probation", -12, "months", None),
]
DAYS = st.dates(dt.date(2012, 1, 1), dt.date(2040, 12, 31))


def table(steps: Steps) -> pd.DataFrame:
    """Steps as a table, noticed a month before."""
    rows = [
        {"step_id": step, "place": place, "lead": lead, "measure": measure, "before": before, "notice": 30}
        for place, (step, lead, measure, before) in enumerate(steps, start=1)
    ]
    return pd.DataFrame(rows)


def spans(term: dt.date, steps: Steps = CHAIN, calendar: Calendar = PUBLISHED) -> dict[str, tuple[str, str]]:
    """The last days to begin and to finish each step, as written."""
    planned = timetable.plan(term, table(steps), calendar)
    return {
        step: (begin.isoformat(), finish.isoformat())
        for step, begin, finish in zip(planned["step_id"], planned["begin"], planned["finish"], strict=True)
    }


# --- working days -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-10-08", True),  # Thursday after the National Day holiday of 1 to 7 October
        ("2026-10-07", False),
        ("2026-10-10", True),  # a Saturday made up for it
        ("2026-10-11", False),
        ("2026-02-14", True),  # a Saturday made up for the Spring Festival of 15 to 23 February
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-01-04", True),  # a Sunday made up for New Year
    ],
)
def test_days_are_worked_as_the_state_council_published_them(day: str, works: bool) -> None:
    assert PUBLISHED.works(dt.date.fromisoformat(day)) is works


def test_beyond_the_published_years_only_weekends_are_off() -> None:
    after = PUBLISHED.published_to + A_DAY
    week = [after + place * A_DAY for place in range(7)]
    assert [PUBLISHED.works(day) for day in week] == [day.weekday() < 5 for day in week]
    assert (after.month, after.day) == (1, 1)


@given(day=DAYS, days=st.integers(-30, 30))
def test_working_days_are_counted_as_one_counts_them_on_a_wall_calendar(day: dt.date, days: int) -> None:
    walked, left = day, abs(days)
    while left:
        walked += A_DAY if days > 0 else -A_DAY
        left -= PUBLISHED.works(walked)
    assert PUBLISHED.moved(day, days) == walked
    first, last = sorted((day, walked))
    assert PUBLISHED.count(first, last) == abs(days) + PUBLISHED.works(day)


# --- the plan ---------------------------------------------------------------------------------------------------------


def test_the_plan_worked_by_hand() -> None:
    # Tuesday 1 December 2026; five working days before it are 24, 25, 26, 27 and 30 November
    assert spans(dt.date(2026, 12, 1)) == {
        "survey": ("2025-12-01", "2026-08-31"),
        "review": ("2026-09-01", "2026-11-23"),
        "publicity": ("2026-11-24", "2026-11-30"),
        "election": ("2026-12-01", "2026-12-01"),
        "probation": ("2026-12-02", "2027-12-01"),
    }


def test_a_holiday_moves_the_steps_before_it() -> None:
    # Friday 9 October 2026: 8 October, 30, 29, 28 and 24 September (25 to 27 and 1 to 7 October are holidays) are five
    # working days; 9 July 2026 is a Thursday and 9 October 2025 the first working day after the holiday of 2025
    planned = spans(dt.date(2026, 10, 9))
    assert planned["publicity"] == ("2026-09-24", "2026-10-08")
    assert planned["review"] == ("2026-07-09", "2026-09-23")
    assert planned["survey"] == ("2025-10-09", "2026-07-08")


def test_a_last_day_that_is_not_worked_is_the_working_day_before() -> None:
    # 3 months before 30 May 2026 is 28 February, a Saturday that is worked; before 31 May 2027 it is a Sunday
    assert spans(dt.date(2026, 5, 30))["review"][0] == "2026-02-28"
    assert spans(dt.date(2027, 5, 31))["review"][0] == "2027-02-26"


def test_a_step_that_another_waits_for_moves_with_it() -> None:
    waiting: Steps = [("notice", 10, "working_days", "meeting"), ("meeting", 1, "months", None)]
    # the meeting begins on Friday 30 October 2026, for 1 November is a Sunday; ten working days before it is 16 October
    assert spans(dt.date(2026, 12, 1), waiting)["notice"] == ("2026-10-16", "2026-10-29")
    assert spans(dt.date(2026, 12, 15), waiting)["notice"] == ("2026-10-30", "2026-11-12")


def test_the_days_of_a_step_are_counted_with_both_ends() -> None:
    planned = timetable.plan(dt.date(2026, 12, 1), table(CHAIN), PUBLISHED).set_index("step_id")
    counted = dict(zip(planned.index, zip(planned["days"], planned["working_days"], strict=True), strict=True))
    assert (counted["publicity"], counted["election"]) == ((7, 5), (1, 1))
    assert planned["published"].to_dict() == {
        **dict.fromkeys(["survey", "review", "publicity", "election"], True),
        "probation": False,
    }


@given(term=DAYS)
def test_the_plan_of_any_day_is_that_of_walking_day_by_day(term: dt.date) -> None:
    planned = timetable.plan(term, table(CHAIN), PUBLISHED).set_index("step_id")
    begins = {step: walked_begin(term, step) for step in ("survey", "review", "publicity")}
    for step, following in (("survey", "review"), ("review", "publicity")):
        assert planned.loc[step, "begin"] == begins[step]
        assert planned.loc[step, "finish"] == back_to_work(begins[following] - A_DAY)
    assert planned.loc["publicity", "finish"] == back_to_work(term - A_DAY)


def back_to_work(day: dt.date) -> dt.date:
    """Walk back to a working day."""
    while not PUBLISHED.works(day):
        day -= A_DAY
    return day


def walked_begin(term: dt.date, step: str) -> dt.date:
    """Find the last day to begin a step of the chain by walking back from the term change."""
    if step == "publicity":
        day, left = term, 5
        while left:
            day -= A_DAY
            left -= PUBLISHED.works(day)
        return day
    wanted = {"survey": 12, "review": 3}[step]
    day = term
    while (term.year - day.year) * 12 + term.month - day.month < wanted or (
        (term.year - day.year) * 12 + term.month - day.month == wanted and day.day > term.day
    ):
        day -= A_DAY
    return back_to_work(day)


@given(term=DAYS, days=st.integers(1, 400))
def test_a_later_term_change_never_makes_a_step_due_earlier(term: dt.date, days: int) -> None:
    sooner, later = (
        timetable.plan(at, table(CHAIN), PUBLISHED).set_index("step_id") for at in (term, term + days * A_DAY)
    )
    for step in sooner.index:
        assert sooner.loc[step, "begin"] <= later.loc[step, "begin"]
        assert sooner.loc[step, "begin"] <= sooner.loc[step, "finish"]


def test_steps_that_wait_for_each_other_or_for_nobody_are_refused() -> None:
    circle: Steps = [("one", 1, "months", "two"), ("two", 1, "months", "one")]
    with pytest.raises(TimetableError, match="one → two → one"):
        timetable.plan(dt.date(2026, 12, 1), table(circle), WEEKENDS)
    with pytest.raises(TimetableError, match="counted to nowhere"):
        timetable.plan(dt.date(2026, 12, 1), table([("one", 1, "months", "nowhere")]), WEEKENDS)


def test_the_shipped_steps_follow_the_order_of_their_list_to_the_election() -> None:
    steps = policy.read("timetable_step").to_pandas()
    for term in (202612, 202702, 202704, 203112):
        planned = timetable.plan(timetable.first_day(term, PUBLISHED), steps, PUBLISHED)
        before = planned[planned["lead"] >= 0]
        assert before["place"].tolist() == sorted(before["place"])
        assert before["working_days"].min() >= 1
        notice = planned.set_index("step_id").loc["publicity"]
        assert notice["working_days"] >= 5


@pytest.mark.parametrize(("at", "day"), [(202612, "2026-12-01"), (202610, "2026-10-08"), (202602, "2026-02-02")])
def test_a_month_without_a_day_begins_with_its_first_working_day(at: int, day: str) -> None:
    assert timetable.first_day(at, PUBLISHED).isoformat() == day


# --- states -----------------------------------------------------------------------------------------------------------

REVIEW = ("2026-09-01", "2026-11-23")


@pytest.mark.parametrize(
    ("today", "told", "state"),
    [
        ("2026-08-01", "planned", "ahead"),
        ("2026-08-02", "planned", "soon"),  # 30 days before 1 September
        ("2026-09-01", "planned", "soon"),  # the last day to begin
        ("2026-09-02", "planned", "overdue"),
        ("2026-09-02", "under_way", "ahead"),
        ("2026-10-24", "under_way", "soon"),  # 30 days before 23 November
        ("2026-11-23", "under_way", "soon"),
        ("2026-11-24", "under_way", "overdue"),
        ("2027-01-01", "done", "done"),
    ],
)
def test_a_state_follows_from_the_day_and_what_was_entered(today: str, told: str, state: str) -> None:
    planned = timetable.plan(dt.date(2026, 12, 1), table(CHAIN), PUBLISHED)
    found = timetable.states(planned, {"review": told}, dt.date.fromisoformat(today))
    assert dict(zip(planned["step_id"], found, strict=True))["review"] == state


def test_what_ends_after_the_term_change_is_judged_by_its_end_alone() -> None:
    planned = timetable.plan(dt.date(2026, 12, 1), table(CHAIN), PUBLISHED)
    for today, state in (("2027-06-01", "ahead"), ("2027-11-15", "soon"), ("2027-12-02", "overdue")):
        found = timetable.states(planned, {}, dt.date.fromisoformat(today))
        assert dict(zip(planned["step_id"], found, strict=True))["probation"] == state


# --- ages -------------------------------------------------------------------------------------------------------------


def test_the_last_useful_age_worked_by_hand() -> None:
    # Below 36 in December 2026 is born in January 1991 or later: 34 years 11 months in December 2025
    found = timetable.last_useful_age(202612, 36, [202512, 202610, 202612])
    assert found["age"].tolist() == [34 * 12 + 11, 35 * 12 + 9, 35 * 12 + 11]
    assert set(found["born_from"]) == {199101}


@given(
    term=st.integers(2015, 2040).map(lambda year: year * 100 + 3),
    upper_age=st.integers(25, 60),
    months_before=st.integers(0, 120),
)
def test_one_month_older_no_longer_counts_at_the_term_change(term: int, upper_age: int, months_before: int) -> None:
    appointed = month.add(term, -months_before)
    found = timetable.last_useful_age(term, upper_age, [appointed])
    counts = [born for born in (month.add(appointed, -age) for age in range(900)) if term - born < 100 * upper_age]
    oldest = min(counts)
    assert found["born_from"].tolist() == [oldest]
    assert found["age"].tolist() == [month.between(oldest, appointed)]


def test_the_years_on_the_way_are_their_decembers() -> None:
    assert timetable.year_ends(202610, 202702) == [202610, 202612, 202702]
    assert timetable.year_ends(202412, 202702) == [202412, 202512, 202612, 202702]
    assert timetable.year_ends(202610, 202612) == [202610, 202612]
    assert timetable.year_ends(202703, 202702) == [202702]
