-- makes: Who had used all of it by when, at every unit for all below it: add a year's rows up to the month.
-- reads: welfare, unit
-- scope: unit_no
-- grain: item, year, month, unit_no, rule_id
-- columns:
--   item      VARCHAR  the item
--   year      INTEGER  year
--   month     INTEGER  YYYYMM; YYYY00 carries the people entitled
--   unit_no   INTEGER  the unit, with everything under it
--   rule_id   VARCHAR  rule that gives the entitlement; null where it is as received
--   people    INTEGER  people entitled
--   full_use  INTEGER  people who in this month had used all that they are entitled to
with event as (
    select item, year, year * 100 as month, unit_no, rule_id, 1 as people, 0 as full_use
    from welfare
    where entitled > 0
    union all
    select item, year, done_month, unit_no, rule_id, 0, 1
    from welfare
    where entitled > 0 and done_month is not null
),
counted as (
    select item, year, month, unit_no, rule_id, sum(people) as people, sum(full_use) as full_use
    from event
    group by item, year, month, unit_no, rule_id
),
above as (
    select lower.unit_no, upper.unit_no as upper_no
    from unit as lower
    inner join unit as upper on lower.unit_no between upper.unit_no and upper.last_no
)
select
    counted.item, counted.year, counted.month, above.upper_no as unit_no, counted.rule_id,
    cast(sum(counted.people) as integer) as people,
    cast(sum(counted.full_use) as integer) as full_use
from counted
inner join above on counted.unit_no = above.unit_no
group by counted.item, counted.year, counted.month, above.upper_no, counted.rule_id
order by above.upper_no, counted.item, counted.year, counted.month, counted.rule_id
