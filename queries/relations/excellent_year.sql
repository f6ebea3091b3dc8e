-- makes: Every year in which someone was excellent, with how many years in a row that was, and how many since a reward.
-- reads: assessed, assessment_rule
-- scope: unit_no
-- names: name
-- grain: person_id, year
-- person: person_id
-- columns:
--   person_id    VARCHAR  who
--   name         VARCHAR  name
--   unit_no      INTEGER  where, that year
--   post         VARCHAR  post, that year
--   year         INTEGER  year assessed, excellent
--   in_a_row     INTEGER  years of excellent in a row up to this one
--   counting     INTEGER  those of them after the last reward before this year
--   first_year   INTEGER  first of the years that count
--   rewarded     BOOLEAN  merit third class was given for this year
--   spent_until  INTEGER  year of the last reward in the row before this year; null where none
with graded as (
    select
        assessed.person_id, assessed.name, assessed.unit_no, assessed.post, assessed.year, assessed.grade,
        assessed.rewarded, coalesce(rule.value, 0) > 0 as gaps_break,
        lag(assessed.year) over (partition by assessed.person_id order by assessed.year) as year_before
    from assessed
    left join assessment_rule as rule
        on rule.rule_id = 'ungraded_breaks'
        and rule.valid_from <= assessed.year * 100 + 12 and rule.valid_to > assessed.year * 100 + 12
    where assessed.is_annual and assessed.takes_part
        and assessed.person_id in (select person_id from assessed where is_annual and grade = 'excellent')
),
marked as (
    select
        *,
        sum(case when grade <> 'excellent' or (gaps_break and year_before <> year - 1) then 1 else 0 end) over (
            partition by person_id order by year rows between unbounded preceding and current row
        ) as run
    from graded
),
excellent as (
    select
        *,
        coalesce(sum(case when rewarded then 1 else 0 end) over (
            partition by person_id, run order by year rows between unbounded preceding and 1 preceding
        ), 0) as rewards,
        max(case when rewarded then year end) over (
            partition by person_id, run order by year rows between unbounded preceding and 1 preceding
        ) as spent_until
    from marked
    where grade = 'excellent'
)
select
    person_id, name, unit_no, post, year,
    cast(row_number() over (partition by person_id, run order by year) as integer) as in_a_row,
    cast(row_number() over (partition by person_id, run, rewards order by year) as integer) as counting,
    cast(min(year) over (partition by person_id, run, rewards) as integer) as first_year,
    rewarded, spent_until
from excellent
order by year, unit_no
