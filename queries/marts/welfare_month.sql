-- makes: Who had used all of it by when, at every unit for all below it: add a year's rows up to the month.
-- reads: welfare, unit
-- scope: unit_no
-- grain: item, year, month, unit_no, rule_id
-- sums: people, full_use
-- columns:
--   item      VARCHAR  the item
--   year      INTEGER  year
--   month     INTEGER  YYYYMM; YYYY00 carries the people entitled
--   unit_no   INTEGER  the unit, with everything under it
--   rule_id   VARCHAR  rule that gives the entitlement; null where it is as received
--   people    INTEGER  people entitled
--   full_use  INTEGER  people who in this month had used all that they are entitled to
with finished as (
    select item, year, coalesce(done_month, year * 100) as done_month, unit_no, rule_id, count(*) as people
    from welfare
    where entitled > 0
    group by item, year, coalesce(done_month, year * 100), unit_no, rule_id
),
counted as (
    select item, year, year * 100 as month, unit_no, rule_id, sum(people) as people, 0 as full_use
    from finished
    group by item, year, unit_no, rule_id
    union all
    select item, year, done_month, unit_no, rule_id, 0, people
    from finished
    where done_month > year * 100
),
seen_from as (
    select
        counted.item, counted.year, counted.month, counted.rule_id, counted.people, counted.full_use,
        case when unit.last_no = unit.unit_no then unit.parent_no else unit.unit_no end as host_no
    from counted
    inner join unit on counted.unit_no = unit.unit_no
),
hosted as (
    select item, year, month, host_no, rule_id, sum(people) as people, sum(full_use) as full_use
    from seen_from
    group by item, year, month, host_no, rule_id
),
above as (
    select lower.unit_no as host_no, upper.unit_no
    from unit as lower
    inner join unit as upper on lower.unit_no between upper.unit_no and upper.last_no
    where lower.last_no > lower.unit_no
),
summed as (
    select
        hosted.item, hosted.year, hosted.month, above.unit_no, hosted.rule_id,
        sum(hosted.people) as people, sum(hosted.full_use) as full_use
    from hosted
    inner join above on hosted.host_no = above.host_no
    group by hosted.item, hosted.year, hosted.month, above.unit_no, hosted.rule_id
    union all
    select counted.item, counted.year, counted.month, counted.unit_no, counted.rule_id, counted.people, counted.full_use
    from counted
    inner join unit on counted.unit_no = unit.unit_no and unit.last_no = unit.unit_no
)
select
    item, year, month, unit_no, rule_id, cast(people as integer) as people, cast(full_use as integer) as full_use
from summed
order by unit_no, item, year, month
