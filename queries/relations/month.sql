-- makes: The calendar, from the year of the first posting to the last term change.
-- reads: posting, term_change, build
-- scope: everyone
-- grain: month
-- columns:
--   month  INTEGER  YYYYMM
--   year   INTEGER  its year
with recursive span as (
    select
        cast(floor(min(coalesce(posting.start_month, build.data_month)) / 100) as integer) as first_year,
        cast(floor(max(greatest(build.data_month, term_change.month)) / 100) as integer) as last_year
    from build
    cross join term_change
    cross join (select min(start_month) as start_month from posting where end_month > start_month) as posting
),
years as (
    select first_year as year, last_year from span
    union all
    select year + 1, last_year from years where year < last_year
)
select years.year * 100 + twelve.month as month, years.year
from years
cross join (
    select 1 as month union all select 2 union all select 3 union all select 4 union all select 5 union all select 6
    union all select 7 union all select 8 union all select 9 union all select 10 union all select 11 union all select 12
) as twelve
order by month
