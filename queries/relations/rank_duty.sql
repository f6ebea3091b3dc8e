-- makes: Which kinds of task each person with a rank only at the end of a year had in it.
-- reads: rank_only, rank_report, given.rank_task
-- scope: unit_no
-- grain: year, person_id, task_kind
-- person: person_id
-- columns:
--   year       INTEGER  year
--   person_id  VARCHAR  who
--   unit_no    INTEGER  where, at the end of the year
--   task_kind  VARCHAR  kind of task
select report.year, held.person_id, held.unit_no, given.task as task_kind
from rank_report as report
inner join rank_only as held on held.start_month <= report.month and held.end_month > report.month
inner join given.rank_task as given
    on held.person_id = given.person_id
    and floor(given.task_start / 100) <= report.month
    and (given.task_end is null or floor(given.task_end / 10000) >= report.year)
where report.aspect = 'task'
group by report.year, held.person_id, held.unit_no, given.task
order by report.year, held.unit_no
