-- makes: The months that open figures are of: ends of quarters, and the next term change of each tier if nobody moves.
-- reads: month, term_change, open_rule, build
-- scope: open
-- grain: period
-- columns:
--   period    INTEGER  month that ages are counted at, YYYYMM
--   at_month  INTEGER  end of the quarter whose people are counted, YYYYMM
--   is_ahead  BOOLEAN  a term change to come
with quarter as (
    select month.month
    from month
    cross join build
    cross join open_rule
    where mod(mod(month.month, 100), open_rule.quarter) = 0
        and month.month <= build.data_month and month.month > build.data_month - 100 * open_rule.years_open
),
latest as (
    select max(month) as month from quarter
),
ahead as (
    select term_change.tier, min(term_change.month) as month
    from term_change
    inner join latest on term_change.month > latest.month
    group by term_change.tier
)
select month as period, month as at_month, false as is_ahead from quarter
union all
select distinct ahead.month, latest.month, true
from ahead
cross join latest
order by period
