-- asks: How many days of leave are people owed of a year, and what is due in lieu?
-- reads: welfare, welfare_rule, extent
-- takes: year, min_group, level?, sex?, unit?
-- grain: owed
-- columns:
--   owed        INTEGER  days owed; 0 for those who took all of it
--   people      INTEGER  people entitled to leave who are owed so many days; null where suppressed
--   pay         DOUBLE   pay in lieu for one of them, in days' wages; null where no rule holds
--   extra_pay   DOUBLE   of it beyond the normal wage, in days' wages; null where no rule holds
--   suppressed  BOOLEAN  too few people, or next to too few in a total from which they could be taken away
--   document    VARCHAR  source of the pay in lieu
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with counted as (
    select greatest(welfare.entitled - welfare.used, 0) as owed, count(*) as people
    from welfare
    inner join extent
        on welfare.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where item = 'leave' and year = $year and entitled > 0
        and ($level is null or level = $level)
        and ($sex is null or sex = $sex)
    group by owed
),
hidden as (
    select *, withheld(people, owed, 1, $min_group) as suppressed from counted
),
rule as (
    select * from welfare_rule
    where valid_from <= $year * 100 + 12 and (valid_to is null or valid_to > $year * 100 + 12)
)
select
    hidden.owed,
    cast(case when not suppressed then hidden.people end as integer) as people,
    hidden.owed * pay.amount / 100.0::double as pay,
    hidden.owed * extra.amount / 100.0::double as extra_pay,
    suppressed, pay.document, pay.clause, pay.confirmed
from hidden
left join rule as pay on pay.kind = 'pay'
left join rule as extra on extra.kind = 'extra_pay'
order by hidden.owed
