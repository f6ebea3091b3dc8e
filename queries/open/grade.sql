-- asks: How many people were given each grade in a year, in round figures?
-- reads: open_cell, open_rule
-- takes: year, level?
-- grain: grade
-- columns:
--   grade          VARCHAR  excellent, competent, basically or incompetent
--   rounded        INTEGER  people, a sum of rounded cells; null where there are few or none
--   rounded_share  DOUBLE   of all who were given one of the four; null likewise
--   document       VARCHAR  source of the rule of rounding
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with grade as (
    select 'excellent' as grade, 1 as place
    union all select 'competent', 2
    union all select 'basically', 3
    union all select 'incompetent', 4
),
counted as (
    select about as grade, sum(people) as people
    from open_cell
    where topic = 'grade' and period = $year * 100 + 12 and ($level is null or level = $level)
    group by about
),
shown as (
    select
        grade.grade, grade.place, open_rule.document, open_rule.clause, open_rule.confirmed,
        case when counted.people >= open_rule.min_group then counted.people end as people,
        sum(counted.people) over () as whole
    from grade
    cross join open_rule
    left join counted on grade.grade = counted.grade
)
select grade, cast(people as integer) as rounded, people / cast(whole as double) as rounded_share, document, clause, confirmed
from shown
order by place
