-- makes: Of which years tasks, assessments and training were reported at all, by anyone; of all others nothing is known.
-- reads: given.rank_task, given.assessment, given.training, build
-- scope: everyone
-- grain: year, aspect
-- columns:
--   year    INTEGER  year
--   aspect  VARCHAR  task, peacetime, annual or training
--   month   INTEGER  its last month, in the running year the data month, YYYYMM: who is in post then belongs to it
with dated as (
    select 'task' as aspect, floor(task_start / 100) as month from given.rank_task
    union all
    select 'training', floor(start / 100) from given.training
    union all
    select kind, year * 100 + 1 from given.assessment where kind in ('peacetime', 'annual')
)
select distinct
    cast(floor(dated.month / 100) as integer) as year, dated.aspect,
    cast(least(floor(dated.month / 100) * 100 + 12, build.data_month) as integer) as month
from dated
cross join build
where dated.month <= build.data_month
