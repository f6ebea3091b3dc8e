-- asks: Which place does each unit hold in its group, and how far did it move from the year before?
-- reads: assessment_place, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id
-- columns:
--   peer_group        VARCHAR       assessment group
--   unit_id           VARCHAR       the unit
--   unit_name         VARCHAR       name of the unit
--   total             DECIMAL(9,4)  total by sources and weights
--   unit_grade        VARCHAR       excellent, good, fair or poor
--   now_place         INTEGER       place in the group, 1 is the highest; equal totals share a place
--   units             INTEGER       units that have a total in the group
--   percentile        DOUBLE        of the other units, the percentage placed below
--   before_id         VARCHAR       the unit compared with a year before, where it had another code
--   before_place      INTEGER       place a year before
--   before_units      INTEGER       units then
--   places            INTEGER       places gained; minus for lost
--   percentile_shift  DOUBLE        percentile points gained; minus for lost
--   large             BOOLEAN       the move is a large one
--   reason            VARCHAR       why nothing is compared; null where something is
select
    ranked.peer_group, unit.unit_id, unit.name as unit_name, ranked.total, ranked.grade as unit_grade,
    ranked.place as now_place, ranked.units, ranked.percentile,
    case when before.unit_no <> ranked.unit_no then before.unit_id end as before_id,
    ranked.before_place, ranked.before_units, ranked.places, ranked.percentile_shift,
    ranked.large_rule is not null as large, ranked.reason
from assessment_place as ranked
inner join extent
    on ranked.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on ranked.unit_no = unit.unit_no
left join unit as before on ranked.before_no = before.unit_no
where ranked.year = $year and ($group is null or ranked.peer_group = $group)
order by ranked.peer_group, ranked.place nulls last, ranked.unit_no
