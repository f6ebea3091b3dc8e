-- makes: How many were given each grade, by year, unit and whom a cap is about.
-- reads: assessed, assessment_place
-- scope: unit_no
-- grain: year, unit_no, about
-- sums: taking_part, excellent, competent, basically, incompetent, ungraded
-- columns:
--   year          INTEGER  year assessed
--   unit_no       INTEGER  where
--   about         VARCHAR  people, leaders or teams
--   peer_group    VARCHAR  assessment group; null outside every group
--   taking_part   INTEGER  who have one of the four grades
--   excellent     INTEGER  excellent
--   competent     INTEGER  competent; of teams good
--   basically     INTEGER  basically competent; of teams fair
--   incompetent   INTEGER  not competent; of teams poor
--   ungraded      INTEGER  no grade
select
    year, unit_no, about, max(peer_group) as peer_group,
    cast(sum(case when takes_part then 1 else 0 end) as integer) as taking_part,
    cast(sum(case when grade = 'excellent' then 1 else 0 end) as integer) as excellent,
    cast(sum(case when grade = 'competent' then 1 else 0 end) as integer) as competent,
    cast(sum(case when grade = 'basically' then 1 else 0 end) as integer) as basically,
    cast(sum(case when grade = 'incompetent' then 1 else 0 end) as integer) as incompetent,
    cast(sum(case when takes_part then 0 else 1 end) as integer) as ungraded
from assessed
where is_annual
group by year, unit_no, about
union all
select
    year, unit_no, 'teams', peer_group,
    case when grade is null then 0 else 1 end,
    case when grade = 'excellent' then 1 else 0 end,
    case when grade = 'good' then 1 else 0 end,
    case when grade = 'fair' then 1 else 0 end,
    case when grade = 'poor' then 1 else 0 end,
    case when grade is null then 1 else 0 end
from assessment_place
order by year, unit_no
