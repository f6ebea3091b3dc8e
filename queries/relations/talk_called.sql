-- makes: What called for a talk, and whether a talk answered it in the days that the rule gives.
-- reads: given.welfare_use, standing, welfare_year, welfare_rule, build
-- scope: unit_no
-- grain: person_id, year, number
-- columns:
--   person_id  VARCHAR  who
--   year       INTEGER  year
--   number     INTEGER  which talk of the year
--   unit_no    INTEGER  where, at the end of the year
--   trigger    VARCHAR  what called for it
--   rule_id    VARCHAR  rule that gives the days
--   days       INTEGER  days from the call to the talk; null where there was none
--   outcome    VARCHAR  in_time, late, missed (no talk and the days are over) or waiting
with called as (
    select
        used.person_id, used.year, used.number, standing.unit_no, used.trigger, rule.rule_id, rule.days as allowed,
        used.date, used.trigger_date,
        case when used.used > 0 then day_number(used.date) - day_number(used.trigger_date) end as days,
        day_number(add_months(build.data_month, 1) * 100 + 1) - day_number(used.trigger_date) as waited
    from given.welfare_use as used
    inner join welfare_year on used.year = welfare_year.year
    inner join standing
        on used.person_id = standing.person_id and standing.is_primary
        and standing.start_month <= welfare_year.month and standing.end_month > welfare_year.month
    inner join welfare_rule as rule
        on rule.kind = 'trigger' and used.trigger = rule.trigger
        and rule.valid_from <= welfare_year.year_end
        and (rule.valid_to is null or rule.valid_to > welfare_year.year_end)
    cross join build
    where used.item = 'talk'
)
select
    person_id, year, number, unit_no, trigger, rule_id, days,
    case
        when days <= allowed then 'in_time'
        when days > allowed then 'late'
        when waited > allowed then 'missed'
        else 'waiting'
    end as outcome
from called
order by year, unit_no, person_id, number
