-- asks: How many decisions were taken for each reason in each year?
-- reads: down_case, down_reason, extent
-- takes: since, until, min_group, unit?
-- grain: cause, year
-- columns:
--   cause          VARCHAR  the reason
--   year           INTEGER  year
--   decided_cases  INTEGER  decisions; null where suppressed
--   suppressed     BOOLEAN  too few decisions, or next to too few in a total from which they could be taken away
--   document       VARCHAR  source of the reason
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with counted as (
    select down_case.reason, cast(floor(down_case.month / 100) as integer) as year, count(*) as cases
    from down_case
    inner join extent
        on down_case.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where down_case.month > $since and down_case.month <= $until
    group by down_case.reason, floor(down_case.month / 100)
),
hidden as (
    select *, withheld(cases, year, reason, $min_group) as suppressed from counted
)
select
    hidden.reason as cause, hidden.year, cast(case when not suppressed then cases end as integer) as decided_cases,
    suppressed, rule.document, rule.clause, rule.confirmed
from hidden
inner join down_reason as rule
    on hidden.reason = rule.reason and rule.valid_from = (
        select max(last.valid_from) from down_reason as last where last.reason = hidden.reason and last.valid_from <= $until
    )
order by rule.place, hidden.year
