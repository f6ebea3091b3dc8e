-- makes: What called for a talk, and whether a talk answered it in the days that the rule gives.
-- reads: given.welfare_use, standing, welfare_year, welfare_rule, build
-- scope: unit_no
-- grain: person_id, year, number
-- person: person_id
-- columns:
--   person_id  VARCHAR  who
--   year       INTEGER  year
--   number     INTEGER  which talk of the year
--   unit_no    INTEGER  where, at the end of the year
--   trigger    VARCHAR  what called for it
--   rule_id    VARCHAR  rule that gives the days
--   fewest     INTEGER  days from the call to the talk, at the fewest that its date may mean; null without a dated talk
--   most       INTEGER  the same at the most: a date without its day may mean any day of its month, or of its year
--   outcome    VARCHAR  in_time or late on whatever day; undated (the date cannot tell); missed (no talk and the days are over) or waiting
with called as (
    select
        used.person_id, used.year, used.number, standing.unit_no, used.trigger, rule.rule_id, rule.days as allowed,
        used.used > 0 as talked,
        case when used.used > 0 then day_number(used.date) - last_day_number(used.trigger_date) end as fewest,
        case when used.used > 0 then last_day_number(used.date) - day_number(used.trigger_date) end as most,
        day_number(add_months(build.data_month, 1) * 100 + 1) - last_day_number(used.trigger_date) as waited
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
    person_id, year, number, unit_no, trigger, rule_id, fewest, most,
    case
        when fewest >= 0 and most <= allowed then 'in_time'
        when fewest > allowed then 'late'
        when talked and coalesce(most, 0) >= 0 then 'undated'
        when waited > allowed then 'missed'
        else 'waiting'
    end as outcome
from called
order by year, unit_no, person_id, number
