-- asks: How do the grades of peacetime, special and term assessments compare with the annual ones?
-- reads: assessed, extent
-- takes: year, group?, unit?
-- grain: assessment_kind, grade, annual_grade
-- columns:
--   assessment_kind  VARCHAR  peacetime, special, term or other
--   grade         VARCHAR  grade of that assessment
--   annual_grade  VARCHAR  annual grade of the same person and year; null where there is none
--   assessments   INTEGER  assessments
--   people        INTEGER  people assessed so
select
    beside.kind as assessment_kind, beside.grade, annual.grade as annual_grade,
    cast(count(*) as integer) as assessments,
    cast(count(distinct beside.person_id) as integer) as people
from assessed as beside
inner join extent
    on beside.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
left join assessed as annual
    on beside.person_id = annual.person_id and annual.year = $year and annual.is_annual
where beside.year = $year and beside.kind <> 'annual' and ($group is null or beside.peer_group = $group)
group by beside.kind, beside.grade, annual.grade
order by
    case beside.kind when 'peacetime' then 1 when 'special' then 2 when 'term' then 3 else 4 end,
    case beside.grade when 'excellent' then 1 when 'competent' then 2 when 'basically' then 3
        when 'incompetent' then 4 else 5 end,
    beside.grade,
    case annual.grade when 'excellent' then 1 when 'competent' then 2 when 'basically' then 3
        when 'incompetent' then 4 else 5 end,
    annual.grade
