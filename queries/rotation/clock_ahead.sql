-- asks: How many clocks of each rule have run out in a month, and how many run out in each month up to another if nobody moves?
-- reads: tenure, rotation_rule, unit
-- takes: since, until, unit?
-- grain: rule_id, month
-- columns:
--   rule_id    VARCHAR  the rule
--   rule_en    VARCHAR  its name
--   rule_zh    VARCHAR  its name in Chinese
--   force      VARCHAR  must, should, in_principle, no_renomination, avoid or ends
--   month      INTEGER  month the clocks run out, YYYYMM; the first month holds all that have run out by then
--   people     INTEGER  people with a clock that runs out
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with area as (
    select min(unit_no) as first_no, max(last_no) as last_no
    from unit
    where $unit is null or unit_id = $unit
),
due as (
    select tenure.rule_no, greatest(tenure.due_month, $since) as month, count(distinct tenure.person_id) as people
    from tenure
    inner join area on tenure.unit_no between area.first_no and area.last_no
    where tenure.start_month <= $since and tenure.end_month > $since and tenure.due_month <= $until
    group by tenure.rule_no, greatest(tenure.due_month, $since)
)
select
    rule.rule_id, rule.name_en as rule_en, rule.name_zh as rule_zh, rule.force, due.month,
    cast(due.people as integer) as people, rule.document, rule.clause, rule.confirmed
from due
inner join rotation_rule as rule using (rule_no)
where rule.force <> 'remind'
    and rule.valid_from <= $since and (rule.valid_to is null or rule.valid_to > $since)
order by rule.place, due.month
