-- asks: How has the number of civil servants with a rank and no leading post gone, year by year?
-- reads: rank_only, month, extent, build
-- takes: unit?
-- grain: year
-- columns:
--   year          INTEGER  year
--   month         INTEGER  its last month, in the running year the data month, YYYYMM
--   people        INTEGER  people with a rank only
--   stepped_down  INTEGER  of them, people who held a leading post before
--   came          INTEGER  people who were not at the end of the year before
--   went          INTEGER  people who were at the end of the year before and are no longer
with term as (
    select distinct month.year, least(month.year * 100 + 12, build.data_month) as month, month.year * 100 - 100 + 12 as before
    from month
    cross join build
    where month.year * 100 + 1 <= build.data_month
),
here as (
    select rank_only.*
    from rank_only
    inner join extent
        on rank_only.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
),
state as (
    select
        term.year, term.month, here.person_id,
        max(case when here.start_month <= term.month and here.end_month > term.month then 1 else 0 end) as now,
        max(case
            when here.start_month <= term.month and here.end_month > term.month and here.left_month is not null then 1 else 0
        end) as down,
        max(case when here.start_month <= term.before and here.end_month > term.before then 1 else 0 end) as earlier
    from term
    inner join here on here.start_month <= term.month and here.end_month > term.before
    group by term.year, term.month, here.person_id
)
select
    year, month,
    cast(sum(now) as integer) as people,
    cast(sum(down) as integer) as stepped_down,
    cast(count(*) filter (now = 1 and earlier = 0) as integer) as came,
    cast(count(*) filter (now = 0 and earlier = 1) as integer) as went
from state
group by year, month
order by year
