-- makes: The hours that a rule asks of each person in a year, and those they took in the years that it looks back on.
-- reads: trainee, training_year, training_rule, given.training, given.part
-- scope: unit_no
-- grain: year, rule_id, person_id
-- person: person_id
-- columns:
--   year       INTEGER  year
--   rule_id    VARCHAR  the rule
--   person_id  VARCHAR  who
--   unit_no    INTEGER  where, at the end of the year
--   asked      INTEGER  hours asked within the rule's years
--   hours      INTEGER  hours taken within them, of the kinds that count, up to the end of the year or the data month
with claimed as (
    select
        training_year.year, rule.rule_id, rule.valid_from, rule.hours, rule.years, rule.levels, rule.kinds
    from training_year
    inner join given.part on training_year.year % part.parts = part.number
    inner join training_rule as rule
        on rule.basis = 'hours'
        and rule.valid_from <= training_year.year_end
        and (rule.valid_to is null or rule.valid_to > training_year.year_end)
),
asked as (
    select
        trainee.year, trainee.person_id, trainee.unit_no,
        rule.rule_id, rule.valid_from, rule.hours, rule.years
    from trainee
    inner join claimed as rule
        on trainee.year = rule.year
        and (rule.levels is null or '|' || rule.levels || '|' like '%|' || trainee.level || '|%')
),
looked_at as (
    select distinct claimed.rule_id, claimed.valid_from, claimed.kinds, past.year, past.month
    from claimed
    inner join training_year as past on past.year > claimed.year - claimed.years and past.year <= claimed.year
),
taken as (
    select
        rule.rule_id, rule.valid_from, course.person_id, rule.year, sum(course.hours) as hours
    from given.training as course
    inner join looked_at as rule
        on floor(course.start / 10000) = rule.year and floor(course.start / 100) <= rule.month
        and (rule.kinds is null or '|' || rule.kinds || '|' like '%|' || course.kind || '|%')
    group by rule.rule_id, rule.valid_from, course.person_id, rule.year
)
select
    asked.year, asked.rule_id, asked.person_id, asked.unit_no,
    max(asked.hours) as asked, cast(coalesce(sum(taken.hours), 0) as integer) as hours
from asked
left join taken
    on asked.rule_id = taken.rule_id and asked.valid_from = taken.valid_from and asked.person_id = taken.person_id
    and taken.year > asked.year - asked.years and taken.year <= asked.year
group by asked.year, asked.rule_id, asked.person_id, asked.unit_no
order by asked.year, asked.unit_no
