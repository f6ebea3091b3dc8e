-- asks: Whose clock of rotation has run out or is about to, by which rule, since when, and when is it due?
-- reads: tenure, rotation_rule, unit, extent
-- takes: as_of, until?, unit?, rule?, level?
-- grain: rule_id, person_id, unit_id, post, since_month, start_month
-- columns:
--   rule_id       VARCHAR  the rule
--   clock_en      VARCHAR  its name
--   clock_zh      VARCHAR  its name in Chinese
--   force         VARCHAR  must, should, in_principle, no_renomination, avoid, ends or remind
--   state         VARCHAR  overdue, soon (within the rule's notice), ahead (by the month asked for) or reminder
--   months        INTEGER  months served on the clock
--   due_month     INTEGER  month the clock runs out, YYYYMM
--   person_id     VARCHAR  who
--   name          VARCHAR  name
--   unit_id       VARCHAR  where
--   unit_name     VARCHAR  name of the unit
--   post          VARCHAR  post
--   level         VARCHAR  post level
--   programme_id  VARCHAR  programme, where the rule counts postings under one
--   since_month   INTEGER  month the clock began, YYYYMM
--   start_month   INTEGER  month of appointment to the present post, YYYYMM
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
with running as (
    select
        tenure.*, rule.rule_id, rule.place, rule.name_en, rule.name_zh, rule.force, rule.below_months,
        rule.document, rule.clause, rule.confirmed,
        tenure.months_before + months_between(tenure.start_month, $as_of) as months,
        add_months($as_of, rule.notice_months) as notice_month
    from tenure
    inner join rotation_rule as rule using (rule_no)
    inner join extent on tenure.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and tenure.start_month <= $as_of and tenure.end_month > $as_of
        and tenure.due_month <= greatest(add_months($as_of, rule.notice_months), case when rule.force <> 'remind' then coalesce($until, 0) else 0 end)
        and rule.valid_from <= $as_of and (rule.valid_to is null or rule.valid_to > $as_of)
        and ($rule is null or rule.rule_id = $rule)
        and ($level is null or tenure.level = $level)
)
select
    running.rule_id, running.name_en as clock_en, running.name_zh as clock_zh, running.force,
    case
        when running.due_month > running.notice_month then 'ahead'
        when running.due_month > $as_of then 'soon'
        when running.force = 'remind' then 'reminder'
        else 'overdue'
    end as state,
    running.months, running.due_month, running.person_id, running.name, unit.unit_id, unit.name as unit_name,
    running.post, running.level, running.programme_id, running.since_month, cast(floor(running.start_date / 100) as integer) as start_month,
    running.document, running.clause, running.confirmed
from running
inner join unit on running.unit_no = unit.unit_no
where running.below_months is null or running.months < running.below_months
order by running.place, running.due_month, running.unit_no, running.person_id, running.start_date, running.post
