-- asks: How many measures have effect in a month, how many soon end, and of those that ended how many were lifted?
-- reads: down_case, effect_rule, extent
-- takes: as_of, min_group, unit?
-- grain: rule_id
-- columns:
--   rule_id         VARCHAR  the rule that gives the months
--   effect_en       VARCHAR  its name
--   effect_zh       VARCHAR  its name in Chinese
--   months          INTEGER  months of effect
--   measures_taken  INTEGER  measures by the month; null where suppressed
--   running         INTEGER  of them, in effect and not lifted; null where suppressed
--   ending          INTEGER  of those in effect, near their end; null where suppressed
--   lifted          INTEGER  lifted; null where suppressed
--   not_lifted      INTEGER  over and not lifted; null where suppressed
--   raised          INTEGER  measures in whose effect the person moved up; null where suppressed
--   regained        INTEGER  measures after whose effect the person moved up; null where suppressed
--   suppressed      BOOLEAN  too few measures, or next to too few in a total from which they could be taken away
--   document        VARCHAR  source of the rule
--   clause          VARCHAR  clause of the source
--   confirmed       VARCHAR  who stands behind it
with counted as (
    select
        down_case.rule_id, count(*) as cases,
        count(*) filter (effect_month > $as_of and coalesce(lifted_month, 999912) > $as_of) as running,
        count(*) filter (
            effect_month > $as_of and notice_month <= $as_of and coalesce(lifted_month, 999912) > $as_of
        ) as ending,
        count(*) filter (lifted_month <= $as_of) as lifted,
        count(*) filter (effect_month <= $as_of and coalesce(lifted_month, 999912) > $as_of) as kept,
        count(*) filter (raised_month <= $as_of) as raised, count(*) filter (regained_month <= $as_of) as regained
    from down_case
    inner join extent
        on down_case.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where down_case.month <= $as_of and down_case.rule_id is not null
    group by down_case.rule_id
),
hidden as (
    select *, withheld(cases, rule_id, 1, $min_group) as suppressed from counted
)
select
    rule.rule_id, rule.name_en as effect_en, rule.name_zh as effect_zh, rule.months,
    cast(case when not suppressed then cases end as integer) as measures_taken,
    cast(case when not suppressed then running end as integer) as running,
    cast(case when not suppressed then ending end as integer) as ending,
    cast(case when not suppressed then lifted end as integer) as lifted,
    cast(case when not suppressed then kept end as integer) as not_lifted,
    cast(case when not suppressed then raised end as integer) as raised,
    cast(case when not suppressed then regained end as integer) as regained,
    suppressed, rule.document, rule.clause, rule.confirmed
from hidden
inner join effect_rule as rule
    on hidden.rule_id = rule.rule_id and rule.valid_from = (
        select max(last.valid_from) from effect_rule as last where last.rule_id = hidden.rule_id and last.valid_from <= $as_of
    )
order by rule.place
