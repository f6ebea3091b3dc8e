-- asks: Who has been excellent year after year: due for a reward, rewarded, one year short, or with years a reward used up?
-- reads: excellent_year, assessment_rule, unit, extent
-- takes: year, unit?
-- grain: person_id
-- columns:
--   standing     VARCHAR  due, rewarded this year, next: one year short, or used_up: enough in a row, but a reward took them
--   person_id    VARCHAR  who
--   name         VARCHAR  name
--   unit_id      VARCHAR  where, that year
--   unit_name    VARCHAR  name of the unit
--   post         VARCHAR  post, that year
--   in_a_row     INTEGER  years of excellent in a row up to the year
--   counting     INTEGER  those of them after the last reward
--   first_year   INTEGER  first of the years that count
--   spent_until  INTEGER  year of the last reward before; null where none
--   document     VARCHAR  source
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
with rule as (
    select * from assessment_rule
    where rule_id = 'streak_years' and valid_from <= $year * 100 + 12 and valid_to > $year * 100 + 12
),
judged as (
    select
        case
            when run.rewarded then 'rewarded'
            when run.counting >= rule.value then 'due'
            when run.in_a_row >= rule.value then 'used_up'
            when run.counting = rule.value - 1 then 'next'
        end as standing,
        run.*, unit.unit_id, unit.name as unit_name, rule.document, rule.clause, rule.confirmed
    from excellent_year as run
    inner join extent
        on run.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    inner join unit on run.unit_no = unit.unit_no
    cross join rule
    where run.year = $year
)
select
    standing, person_id, name, unit_id, unit_name, post, in_a_row, counting, first_year, spent_until,
    document, clause, confirmed
from judged
where standing is not null
order by
    case standing when 'due' then 1 when 'rewarded' then 2 when 'next' then 3 else 4 end,
    counting desc, unit_no, person_id
