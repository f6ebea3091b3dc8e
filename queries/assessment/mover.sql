-- asks: Which units moved far up or down in their group, and by which rule is that far?
-- reads: assessment_place, assessment_rule, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id
-- columns:
--   direction         VARCHAR       up or down
--   peer_group        VARCHAR       assessment group
--   unit_id           VARCHAR       the unit
--   unit_name         VARCHAR       name of the unit
--   before_place      INTEGER       place a year before
--   before_units      INTEGER       units then
--   now_place         INTEGER       place now
--   units             INTEGER       units now
--   places            INTEGER       places gained; minus for lost
--   percentile_shift  DOUBLE        percentile points gained; minus for lost
--   rule_id           VARCHAR       rule met: places, else percentile points
--   line              DECIMAL(9,4)  the number from which the rule calls a move large
--   document          VARCHAR       source
--   clause            VARCHAR       clause of the source
--   confirmed         VARCHAR       who stands behind it
select
    case when coalesce(nullif(ranked.places, 0), ranked.percentile_shift) > 0 then 'up' else 'down' end as direction,
    ranked.peer_group, unit.unit_id, unit.name as unit_name,
    ranked.before_place, ranked.before_units, ranked.place as now_place, ranked.units, ranked.places, ranked.percentile_shift,
    rule.rule_id, rule.value as line, rule.document, rule.clause, rule.confirmed
from assessment_place as ranked
inner join extent
    on ranked.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on ranked.unit_no = unit.unit_no
inner join assessment_rule as rule
    on ranked.large_rule = rule.rule_id
    and rule.valid_from <= $year * 100 + 12 and rule.valid_to > $year * 100 + 12
where ranked.year = $year and ($group is null or ranked.peer_group = $group)
order by direction desc, abs(ranked.places) desc, abs(ranked.percentile_shift) desc, ranked.unit_no
