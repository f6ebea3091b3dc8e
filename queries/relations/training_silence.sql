-- makes: Each rule on years without training, in every year of which, and of those it looks back on, training was reported.
-- reads: training_rule, training_year
-- scope: everyone
-- grain: rule_id, year
-- columns:
--   rule_id      VARCHAR  the rule
--   place        INTEGER  place in the list
--   year         INTEGER  the last of its years
--   years        INTEGER  its years
--   since_month  INTEGER  first month of them, YYYYMM
--   month        INTEGER  month at which the year is looked at, YYYYMM
--   document     VARCHAR  source
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
with looked as (
    select rule.*, last.year, last.month, add_months(last.month, 1 - 12 * rule.years) as since_month
    from training_rule as rule
    inner join training_year as last
        on rule.basis = 'silence'
        and rule.valid_from <= last.year_end and (rule.valid_to is null or rule.valid_to > last.year_end)
),
reported as (
    select looked.rule_id, looked.year, count(*) as known
    from looked
    inner join training_year as back
        on back.year between floor(looked.since_month / 100) and looked.year
    group by looked.rule_id, looked.year
)
select
    looked.rule_id, looked.place, looked.year, looked.years, looked.since_month, looked.month,
    looked.document, looked.clause, looked.confirmed
from looked
inner join reported on looked.rule_id = reported.rule_id and looked.year = reported.year
where reported.known = looked.year - floor(looked.since_month / 100) + 1
