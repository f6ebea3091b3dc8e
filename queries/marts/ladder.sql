-- makes: The age ladder of the whole, countable for any month and any band: add people over one year up to the month.
-- reads: standing, month
-- scope: whole
-- grain: year, month, body, organ, role, level, sex, birth_month
-- sums: people
-- columns:
--   year         INTEGER  year
--   month        INTEGER  YYYYMM; YYYY00 carries everyone in post when the year begins
--   body         VARCHAR  kind of body
--   organ        VARCHAR  nature of the organ
--   role         VARCHAR  role in the team
--   level        VARCHAR  post level
--   sex          VARCHAR  male or female
--   birth_month  INTEGER  month of birth, YYYYMM; null where unknown
--   people       INTEGER  people come (minus: gone) in the month, by primary post
with event as (
    select start_month as month, body, organ, role, level, sex, birth_month, 1 as people
    from standing
    where is_primary
    union all
    select end_month, body, organ, role, level, sex, birth_month, -1
    from standing
    where is_primary and end_month < 999912
),
change as (
    select
        cast(floor(month / 100) as integer) as year, month, body, organ, role, level, sex, birth_month,
        sum(people) as people
    from event
    group by month, body, organ, role, level, sex, birth_month
),
yearly as (
    select year, body, organ, role, level, sex, birth_month, sum(people) as people
    from change
    group by year, body, organ, role, level, sex, birth_month
),
carried as (
    select calendar.year, yearly.body, yearly.organ, yearly.role, yearly.level, yearly.sex, yearly.birth_month,
        sum(yearly.people) as people
    from yearly
    inner join (select distinct year from month) as calendar on yearly.year < calendar.year
    group by calendar.year, yearly.body, yearly.organ, yearly.role, yearly.level, yearly.sex, yearly.birth_month
)
select year, month, body, organ, role, level, sex, birth_month, cast(people as integer) as people
from change
where people <> 0
union all
select year, year * 100, body, organ, role, level, sex, birth_month, cast(people as integer)
from carried
where people <> 0
order by year, month, body, organ, role, level, sex, birth_month
