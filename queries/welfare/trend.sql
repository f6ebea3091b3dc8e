-- asks: How did the use of an item grow month by month within each year?
-- reads: welfare_month, welfare_item, welfare_year, month, unit_seen
-- takes: item, min_group, unit?
-- grain: month
-- columns:
--   month       INTEGER  YYYYMM, up to the data month
--   year        INTEGER  its year
--   people      INTEGER  people entitled in the year; null where suppressed
--   full_use    INTEGER  of them, people who by the end of the month had used all of it; null where suppressed
--   share       DOUBLE   full_use over people; null where suppressed
--   low         DOUBLE   lower end of its 95 % Wilson interval
--   high        DOUBLE   upper end of its 95 % Wilson interval
--   suppressed  BOOLEAN  too few people
--   document    VARCHAR  source of the item
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with top as (
    select unit_no from unit_seen
    where unit_id = $unit
        or ($unit is null and (parent_no is null or parent_no not in (select unit_no from unit_seen)))
),
counted as (
    select year, month, sum(people) as people, sum(full_use) as full_use
    from welfare_month
    inner join top using (unit_no)
    where item = $item
    group by year, month
),
dated as (
    select welfare_year.year, month.month
    from welfare_year
    inner join month on month.month > welfare_year.year * 100 and month.month <= welfare_year.month
),
running as (
    select dated.year, dated.month, sum(counted.people) as people, sum(counted.full_use) as full_use
    from dated
    inner join counted on counted.year = dated.year and counted.month <= dated.month
    group by dated.year, dated.month
)
select
    month, year,
    cast(case when people >= $min_group then people end as integer) as people,
    cast(case when people >= $min_group then full_use end as integer) as full_use,
    case when people >= $min_group then full_use / people::double end as share,
    case when people >= $min_group then wilson_low(full_use, people) end as low,
    case when people >= $min_group then wilson_high(full_use, people) end as high,
    people < $min_group as suppressed,
    welfare_item.document, welfare_item.clause, welfare_item.confirmed
from running
inner join welfare_item
    on welfare_item.item = $item
    and welfare_item.valid_from <= year * 100 + 12
    and (welfare_item.valid_to is null or welfare_item.valid_to > year * 100 + 12)
order by month
