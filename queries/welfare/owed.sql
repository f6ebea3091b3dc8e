-- asks: How many days of leave are people owed of a year, and what is due in lieu?
-- reads: welfare, welfare_rule, unit
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
with area as (
    select min(unit_no) as first_no, max(last_no) as last_no
    from unit
    where $unit is null or unit_id = $unit
),
counted as (
    select greatest(welfare.entitled - welfare.used, 0) as owed, count(*) as people
    from welfare
    inner join area on welfare.unit_no between area.first_no and area.last_no
    where item = 'leave' and year = $year and entitled > 0
        and ($level is null or level = $level)
        and ($sex is null or sex = $sex)
    group by owed
),
ranked as (
    select
        *,
        row_number() over smallest_first as place,
        min(people) over () as fewest,
        coalesce(sum(people) over (smallest_first rows between unbounded preceding and 1 preceding), 0) as smaller
    from counted
    window smallest_first as (order by people, owed)
),
hidden as (
    select
        *,
        people < $min_group or (fewest < $min_group and (place <= 2 or smaller < $min_group)) as suppressed
    from ranked
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
