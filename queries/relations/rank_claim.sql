-- makes: What each rank-only civil servant, and beside them each leader, had in a year of what is asked, as far as it was reported.
-- reads: standing, rank_only, rank_report, rank_rule, given.rank_task, given.assessment, given.training, given.part
-- scope: unit_no
-- grain: year, aspect, person_id
-- person: person_id
-- columns:
--   year         INTEGER  year
--   aspect       VARCHAR  task, peacetime, annual or training
--   person_id    VARCHAR  who, by primary post at the end of the year
--   unit_no      INTEGER  where
--   is_leading   BOOLEAN  in a leading post; else with a rank only
--   times        INTEGER  tasks that ran in the year, assessments with a grade, or hours of training
--   least        INTEGER  as many as are asked
with asked as (
    select report.year, report.aspect, report.month, rule.least
    from rank_report as report
    inner join given.part on report.year % part.parts = part.number
    inner join rank_rule as rule
        on report.aspect = rule.aspect
        and rule.valid_from <= report.year * 100 + 12
        and (rule.valid_to is null or rule.valid_to > report.year * 100 + 12)
),
term as (
    select distinct year, month from asked
),
person as (
    select term.year, standing.person_id, standing.unit_no, true as is_leading
    from term
    inner join standing
        on standing.start_month <= term.month and standing.end_month > term.month
        and standing.is_primary and standing.role <> 'other'
    union all
    select term.year, rank_only.person_id, rank_only.unit_no, false
    from term
    inner join rank_only on rank_only.start_month <= term.month and rank_only.end_month > term.month
),
done as (
    select term.year, 'task' as aspect, task.person_id, count(*) as times
    from term
    inner join given.rank_task as task
        on floor(task.task_start / 100) <= term.month
        and (task.task_end is null or floor(task.task_end / 10000) >= term.year)
    group by term.year, task.person_id
    union all
    select term.year, graded.kind, graded.person_id, count(*)
    from term
    inner join given.assessment as graded on term.year = graded.year
    where graded.grade in ('excellent', 'competent', 'basically', 'incompetent')
    group by term.year, graded.kind, graded.person_id
    union all
    select term.year, 'training', course.person_id, sum(course.hours)
    from term
    inner join given.training as course
        on floor(course.start / 10000) = term.year and floor(course.start / 100) <= term.month
    group by term.year, course.person_id
)
select
    asked.year, asked.aspect, person.person_id, person.unit_no, person.is_leading,
    cast(coalesce(done.times, 0) as integer) as times, asked.least
from asked
inner join person on asked.year = person.year
left join done on asked.year = done.year and asked.aspect = done.aspect and person.person_id = done.person_id
order by asked.year, person.unit_no
