-- asks: How many records leave a number in doubt?
-- reads: standing, finding
-- takes: as_of
-- grain: sheet, rule
-- columns:
--   sheet       VARCHAR  the source that the records are of
--   rule        VARCHAR  birth_missing, birth_month_missing, or the contract's check
--   records     INTEGER  people in post with that gap, or records that the check found
--   problem_en  VARCHAR  what is wrong with the first of them, where a check says so
--   problem_zh  VARCHAR  the same in Chinese
with in_post as (
    select distinct person_id, birth_known
    from standing
    where is_primary and start_month <= $as_of and end_month > $as_of
)
select 'member' as sheet, 'birth_missing' as rule, cast(count(*) as integer) as records,
    cast(null as varchar) as problem_en, cast(null as varchar) as problem_zh
from in_post
where birth_known = 'none'
union all
select 'member', 'birth_month_missing', cast(count(*) as integer), null, null
from in_post
where birth_known = 'year'
union all
select source, rule, cast(count(*) as integer), min(en), arg_min(zh, en)
from finding
group by source, rule
order by sheet, rule
