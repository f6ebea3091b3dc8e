-- asks: In which units do people's grades exceed what the unit's result allows: heads above their ceiling, too many excellent?
-- reads: assessed, assessment_place, grade_link, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id
-- columns:
--   peer_group   VARCHAR  assessment group
--   unit_id      VARCHAR  the unit whose result decides
--   unit_name    VARCHAR  name of the unit
--   unit_grade   VARCHAR  its grade
--   taking_part  INTEGER  leading cadres with a grade
--   cap_share    VARCHAR  largest share of excellent leading cadres, as a fraction
--   allowed      INTEGER  share times those taking part, rounded down
--   given        INTEGER  leading cadres graded excellent
--   over         INTEGER  excellent above what is allowed
--   ceiling      VARCHAR  highest grade that the unit's result allows a head; null means any
--   heads        INTEGER  heads with a grade: secretaries and principals by primary post at the end of the year
--   heads_over   INTEGER  heads graded above the ceiling
--   document     VARCHAR  source
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
with height as (
    select 'excellent' as grade, 4 as height union all select 'competent', 3
    union all select 'basically', 2 union all select 'incompetent', 1
),
tally as (
    select
        ranked.unit_no, ranked.peer_group, ranked.grade as unit_grade, link.share, link.head_ceiling,
        link.document, link.clause, link.confirmed,
        count(*) as taking_part,
        floor(min(link.numerator) * count(*) / min(link.divisor)) as allowed,
        count(case when assessed.grade = 'excellent' then 1 end) as given,
        count(case when assessed.is_head then 1 end) as heads,
        count(case when assessed.is_head and reached.height > most.height then 1 end) as heads_over
    from assessed
    inner join assessment_place as ranked on assessed.result_no = ranked.unit_no and ranked.year = $year
    inner join extent
        on ranked.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    inner join grade_link as link
        on ranked.grade = link.unit_grade
        and link.valid_from <= $year * 100 + 12 and link.valid_to > $year * 100 + 12
    inner join height as reached on assessed.grade = reached.grade
    left join height as most on link.head_ceiling = most.grade
    where assessed.year = $year and assessed.is_annual and assessed.about = 'leaders'
        and ($group is null or ranked.peer_group = $group)
    group by
        ranked.unit_no, ranked.peer_group, ranked.grade, link.share, link.head_ceiling,
        link.document, link.clause, link.confirmed
)
select
    tally.peer_group, unit.unit_id, unit.name as unit_name, tally.unit_grade,
    cast(tally.taking_part as integer) as taking_part, tally.share as cap_share,
    cast(tally.allowed as integer) as allowed, cast(tally.given as integer) as given,
    cast(greatest(tally.given - tally.allowed, 0) as integer) as over,
    tally.head_ceiling as ceiling, cast(tally.heads as integer) as heads,
    cast(tally.heads_over as integer) as heads_over,
    tally.document, tally.clause, tally.confirmed
from tally
inner join unit on tally.unit_no = unit.unit_no
where tally.given > tally.allowed or tally.heads_over > 0
order by tally.peer_group, tally.unit_no
