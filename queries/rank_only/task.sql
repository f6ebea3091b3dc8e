-- asks: Which kinds of task do those with a rank only have in a year?
-- reads: rank_duty, rank_only, extent, build
-- takes: year, unit?
-- grain: task_kind
-- columns:
--   task_kind  VARCHAR  kind of task
--   people     INTEGER  people with a rank only at the end of the year
--   tasked     INTEGER  of them, people with a task of the kind that ran in the year
--   share      DOUBLE   tasked over people
with point as (
    select least($year * 100 + 12, data_month) as month from build
),
held as (
    select rank_only.person_id
    from rank_only
    cross join point
    inner join extent
        on rank_only.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where rank_only.start_month <= point.month and rank_only.end_month > point.month
),
whole as (
    select count(*) as people from held
)
select
    duty.task_kind, cast(max(whole.people) as integer) as people, cast(count(*) as integer) as tasked,
    count(*) / max(whole.people)::double as share
from rank_duty as duty
inner join held on duty.person_id = held.person_id
cross join whole
where duty.year = $year
group by duty.task_kind
order by tasked desc, duty.task_kind
