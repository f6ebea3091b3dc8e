-- asks: Which heads of units are graded above what the unit's result allows?
-- reads: assessed, assessment_place, grade_link, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id, person_id
-- columns:
--   peer_group  VARCHAR  assessment group
--   unit_id     VARCHAR  the unit whose result decides
--   unit_name   VARCHAR  name of the unit
--   unit_grade  VARCHAR  its grade
--   person_id   VARCHAR  the head: secretary or principal by primary post at the end of the year
--   name        VARCHAR  name
--   post        VARCHAR  post
--   grade       VARCHAR  grade of the head
--   ceiling     VARCHAR  highest grade that the unit's result allows a head
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with height as (
    select 'excellent' as grade, 4 as height union all select 'competent', 3
    union all select 'basically', 2 union all select 'incompetent', 1
)
select
    ranked.peer_group, unit.unit_id, unit.name as unit_name, ranked.grade as unit_grade,
    assessed.person_id, assessed.name, assessed.post, assessed.grade, link.head_ceiling as ceiling,
    link.document, link.clause, link.confirmed
from assessed
inner join assessment_place as ranked on assessed.result_no = ranked.unit_no and ranked.year = $year
inner join extent
    on ranked.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on ranked.unit_no = unit.unit_no
inner join grade_link as link
    on ranked.grade = link.unit_grade
    and link.valid_from <= $year * 100 + 12 and link.valid_to > $year * 100 + 12
inner join height as reached on assessed.grade = reached.grade
inner join height as most on link.head_ceiling = most.grade
where assessed.year = $year and assessed.is_annual and assessed.is_head and assessed.about = 'leaders'
    and reached.height > most.height
    and ($group is null or ranked.peer_group = $group)
order by ranked.peer_group, ranked.unit_no, assessed.person_id
