-- asks: Which cases of tolerance, correction and clearing are overdue for their next stage?
-- reads: protection_step, protection_rule, unit, extent
-- takes: min_group, unit?
-- grain: case_id, rule_id
-- columns:
--   case_id       VARCHAR  number of the case
--   person_id     VARCHAR  who it is about; a row about one person is a group of one and shown only where that is allowed
--   name          VARCHAR  name
--   unit_id       VARCHAR  where
--   unit_name     VARCHAR  name of the unit
--   protected_by  VARCHAR  kind of case: tolerance, correction or clearing
--   rule_id       VARCHAR  rule that gives the days
--   stage         VARCHAR  the stage that is overdue
--   since_date    INTEGER  day of the stage before it, YYYYMMDD with zeros for an unknown day
--   days          INTEGER  days that the rule gives
--   days_over     INTEGER  days over by the end of the data month, at the fewest
--   document      VARCHAR  source of the rule
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
select
    step.case_id, step.person_id, step.name, unit.unit_id, unit.name as unit_name, step.kind as protected_by,
    step.rule_id, step.stage, step.since as since_date, step.allowed as days,
    step.waited - step.allowed as days_over,
    rule.document, rule.clause, rule.confirmed
from protection_step as step
inner join extent
    on step.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on step.unit_no = unit.unit_no
inner join protection_rule as rule
    on step.rule_id = rule.rule_id
    and rule.valid_from <= step.month and (rule.valid_to is null or rule.valid_to > step.month)
where step.outcome = 'missed' and $min_group <= 1
order by step.unit_no, step.case_id, rule.place
