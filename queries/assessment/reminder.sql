-- asks: Which units are to be reminded in a talk, for a large fall or a poor grade?
-- reads: assessment_place, assessment_rule, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id, reason
-- columns:
--   reason            VARCHAR  fall or poor
--   peer_group        VARCHAR  assessment group
--   unit_id           VARCHAR  the unit
--   unit_name         VARCHAR  name of the unit
--   unit_grade        VARCHAR  grade of the team
--   before_place      INTEGER  place a year before; null where nothing is compared
--   now_place         INTEGER  place now
--   units             INTEGER  units now
--   places            INTEGER  places gained; minus for lost
--   percentile_shift  DOUBLE   percentile points gained; minus for lost
--   document          VARCHAR  source
--   clause            VARCHAR  clause of the source
--   confirmed         VARCHAR  who stands behind it
with met as (
    select
        case when rule.rule_id = 'poor_grade' then 'poor' else 'fall' end as reason, ranked.*,
        rule.document, rule.clause, rule.confirmed
    from assessment_place as ranked
    inner join assessment_rule as rule
        on rule.valid_from <= $year * 100 + 12 and rule.valid_to > $year * 100 + 12
        and (
            (rule.rule_id = ranked.large_rule
                and coalesce(nullif(ranked.places, 0), ranked.percentile_shift) < 0)
            or (rule.rule_id = 'poor_grade' and rule.value > 0 and ranked.grade = 'poor')
        )
    where ranked.year = $year and ($group is null or ranked.peer_group = $group)
)
select
    met.reason, met.peer_group, unit.unit_id, unit.name as unit_name, met.grade as unit_grade,
    case when met.places is not null then met.before_place end as before_place,
    met.place as now_place, met.units, met.places, met.percentile_shift, met.document, met.clause, met.confirmed
from met
inner join extent
    on met.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on met.unit_no = unit.unit_no
order by met.reason desc, met.peer_group, met.place nulls last, unit.unit_no
