-- asks: In which months do the measures end that have effect in a month?
-- reads: down_case, extent
-- takes: as_of, until, min_group, unit?
-- grain: month
-- columns:
--   month       INTEGER  first month without effect, YYYYMM
--   people      INTEGER  measures that end; null where suppressed
--   suppressed  BOOLEAN  too few, or next to too few in a total from which they could be taken away
with counted as (
    select down_case.effect_month as month, count(*) as people
    from down_case
    inner join extent
        on down_case.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where down_case.month <= $as_of and down_case.effect_month > $as_of and down_case.effect_month <= $until
        and coalesce(down_case.lifted_month, 999912) > $as_of
    group by down_case.effect_month
),
hidden as (
    select *, withheld(people, month, 1, $min_group) as suppressed from counted
)
select month, cast(case when not suppressed then people end as integer) as people, suppressed
from hidden
order by month
