-- asks: How many clocks of each rule have run out by a month, and how many more run out in each month up to another if nobody moves?
-- reads: tenure, rotation_rule, extent
-- takes: since, until, unit?
-- grain: rule_id, month
-- columns:
--   rule_id    VARCHAR  the rule
--   clock_en   VARCHAR  its name
--   clock_zh   VARCHAR  its name in Chinese
--   force      VARCHAR  must, should, in_principle, no_renomination, avoid, ends or remind
--   month      INTEGER  month the clocks run out, YYYYMM; the first holds all that have run out by then, or stand in a reminder's band
--   people     INTEGER  people with a clock that runs out
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with due as (
    select
        tenure.rule_no, greatest(tenure.due_month, $since) as month,
        count(distinct tenure.person_id) as people
    from tenure
    inner join rotation_rule as rule using (rule_no)
    inner join extent on tenure.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and tenure.start_month <= $since and tenure.end_month > $since
        and tenure.due_month <= case when rule.force = 'remind' then $since else $until end
        and (
            rule.below_months is null
            or tenure.months_before + months_between(tenure.start_month, $since) < rule.below_months
        )
    group by tenure.rule_no, greatest(tenure.due_month, $since)
)
select
    rule.rule_id, rule.name_en as clock_en, rule.name_zh as clock_zh, rule.force, due.month,
    cast(due.people as integer) as people, rule.document, rule.clause, rule.confirmed
from due
inner join rotation_rule as rule using (rule_no)
where rule.valid_from <= $since and (rule.valid_to is null or rule.valid_to > $since)
order by rule.place, due.month
