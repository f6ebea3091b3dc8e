-- makes: Every stage of a case that was to follow another, and whether it did in the days that the rule gives.
-- reads: given.protection, protection_case, protection_rule, build
-- scope: unit_no
-- names: name
-- grain: case_id, rule_id
-- person: person_id
-- columns:
--   case_id    VARCHAR  number of the case
--   rule_id    VARCHAR  rule that gives the days
--   kind       VARCHAR  tolerance, correction or clearing
--   stage      VARCHAR  the stage
--   person_id  VARCHAR  who it is about
--   name       VARCHAR  name
--   unit_no    INTEGER  where
--   since      INTEGER  day of the stage before it, YYYYMMDD with zeros for an unknown day
--   month      INTEGER  its month, YYYYMM
--   done       INTEGER  day on which it was reached; null while it was not
--   trigger    VARCHAR  talk that the stage before it calls for; null for none
--   allowed    INTEGER  days that the rule gives
--   fewest     INTEGER  days from the one to the other, at the fewest that their dates may mean; null while not reached
--   most       INTEGER  the same at the most
--   waited     INTEGER  days from the one to the end of the data month, at the fewest
--   outcome    VARCHAR  in_time or late whatever the day; undated (the dates cannot tell); missed (not reached and the days are over) or waiting
with reached as (
    select given.*
    from given.protection as given
    cross join build
    where floor(given.date / 100) <= build.data_month
),
due as (
    select
        before.case_id, rule.rule_id, rule.kind, rule.stage, rule.trigger, rule.days as allowed, before.date as since,
        cast(floor(before.date / 100) as integer) as month, after.date as done,
        opened.person_id, opened.name, opened.unit_no
    from reached as before
    inner join protection_rule as rule
        on before.kind = rule.after_kind and before.stage = rule.after
        and (before.upheld or not rule.if_upheld)
        and rule.valid_from <= floor(before.date / 100)
        and (rule.valid_to is null or rule.valid_to > floor(before.date / 100))
    inner join protection_case as opened on before.case_id = opened.case_id and before.kind = opened.kind
    left join reached as after
        on before.case_id = after.case_id and rule.kind = after.kind and rule.stage = after.stage
),
counted as (
    select
        due.*,
        greatest(day_number(due.done) - last_day_number(due.since), 0) as fewest,
        last_day_number(due.done) - day_number(due.since) as most,
        day_number(add_months(build.data_month, 1) * 100 + 1) - last_day_number(due.since) as waited
    from due
    cross join build
)
select
    case_id, rule_id, kind, stage, person_id, name, unit_no, since, month, done, trigger, allowed,
    case when done is not null then fewest end as fewest, most, waited,
    case
        when most <= allowed then 'in_time'
        when done is not null and fewest > allowed then 'late'
        when done is not null then 'undated'
        when waited > allowed then 'missed'
        else 'waiting'
    end as outcome
from counted
order by month, unit_no, case_id, rule_id
