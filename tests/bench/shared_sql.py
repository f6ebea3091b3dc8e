"""Four questions in the SQL that DuckDB, SQLite and PostgreSQL all run, over tables as one would export them."""

from collections.abc import Mapping
from typing import Any

EXPORTED: Mapping[str, str] = {
    "standing": """
        select person_id, body, organ, role, level, sex, birth_month, start_month, end_month,
            cast(is_primary as integer) as is_primary
        from whole.standing
    """,
    "band": "select band_id, lower_age, upper_age from whole.age_band",
    "calendar": "select month from whole.month where month between $since and $now",
    "grades": """
        select person_id, year, grade, cast(rewarded as integer) as rewarded
        from whole.assessed
        where is_annual and takes_part and year <= $year
    """,
    "welfare": """
        select item, body, coalesce(level, 'unknown') as level, sex, coalesce(band_id, 'unknown') as band_id,
            cast(entitled as double) as entitled, cast(used as double) as used
        from whole.welfare
        inner join whole.welfare_year using (year)
        left join whole.age_band on month - birth_month >= 100 * lower_age and month - birth_month < 100 * upper_age
        where year = $year and entitled > 0
    """,
}
"""What of a build each engine is given, in tables of its own."""
READS = {
    "age_ladder/ladder": "standing",
    "age_ladder/over_time": "standing",
    "welfare/uptake": "welfare",
    "assessment/streak": "grades",
}
"""The table that each question reads."""
INDEXES = (
    "create index of_standing on standing (is_primary, start_month, end_month, birth_month, level, sex)",
    "create index of_grades on grades (person_id, year)",
    "create index of_welfare on welfare (item)",
)
LADDER = """
select coalesce(band_id, 'unknown') as band_id, level, sex, count(*) as people
from standing
left join band on {now} - birth_month >= 100 * lower_age and {now} - birth_month < 100 * upper_age
where is_primary = 1 and start_month <= {now} and end_month > {now}
group by coalesce(band_id, 'unknown'), level, sex
"""
SERIES = """
with stay as (
    select
        case when start_month < {since} then {since} else start_month end as start_month, end_month,
        case when birth_month + 100 * {upper_age} < end_month then birth_month + 100 * {upper_age}
            when birth_month is not null then end_month end as young_until
    from standing
    where body = '{body}' and role in ({roles}) and is_primary = 1 and end_month > {since} and start_month <= {now}
),
event as (
    select start_month as month, 1 as base, case when young_until > start_month then 1 else 0 end as have from stay
    union all
    select end_month, -1, 0 from stay
    union all
    select young_until, 0, -1 from stay where young_until > start_month
),
change as (
    select month, sum(base) as base, sum(have) as have from event group by month
)
select
    calendar.month,
    cast(sum(coalesce(base, 0)) over (order by calendar.month) as integer) as base,
    cast(sum(coalesce(have, 0)) over (order by calendar.month) as integer) as have
from calendar
left join change on calendar.month = change.month
"""
SIDES: Mapping[str, str | None] = {"all": None, "body": "body", "level": "level", "sex": "sex", "band": "band_id"}
"""By what the use of welfare is counted, and the column of it."""
STREAK = """
with graded as (
    select person_id, year, grade, rewarded, lag(year) over (partition by person_id order by year) as before
    from grades
),
parted as (
    select
        person_id, year, grade, rewarded,
        sum(case when grade is null or grade <> 'excellent' or {breaks} = 1 and (before is null or before <> year - 1)
            then 1 else 0 end) over (partition by person_id order by year) as run
    from graded
),
listed as (
    select
        person_id, year, run, rewarded, row_number() over (partition by person_id, run order by year) as in_a_row,
        sum(rewarded) over (partition by person_id, run order by year) - rewarded as rewards
    from parted
    where grade = 'excellent'
),
counted as (
    select
        person_id, year, rewarded, in_a_row,
        row_number() over (partition by person_id, run, rewards order by year) as counting
    from listed
)
select person_id, in_a_row, counting
from counted
where year = {year} and (rewarded = 1 or in_a_row >= {streak_years} or counting = {streak_years} - 1)
"""


def questions(given: Mapping[str, Any]) -> dict[str, str]:
    """The statement of each question, with what it is asked of `given`."""
    uptake = "\nunion all\n".join(_uptake(side, column) for side, column in SIDES.items())
    texts = {"ladder": LADDER, "over_time": SERIES, "streak": STREAK}
    asked = {name: text.format(**given) for name, text in texts.items()}
    return {
        "age_ladder/ladder": asked["ladder"],
        "age_ladder/over_time": asked["over_time"],
        "welfare/uptake": uptake,
        "assessment/streak": asked["streak"],
    }


def _uptake(side: str, by: str | None) -> str:
    shown = {column: "cast(null as varchar)" for column in SIDES.values() if column}
    if by:
        shown[by] = "nullif(level, 'unknown')" if by == "level" else by
    columns = ", ".join(f"{expression} as {column}" for column, expression in shown.items())
    return (
        f"select item, {columns}, '{side}' as side, count(*) as people,"
        " sum(case when used >= entitled then 1 else 0 end) as full_use"
        f" from welfare group by item{f', {by}' if by else ''}"
    )
