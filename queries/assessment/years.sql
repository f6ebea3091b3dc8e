-- asks: How did each unit stand year by year?
-- reads: assessment_place, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id, year
-- columns:
--   unit_id           VARCHAR       the unit
--   unit_name         VARCHAR       name of the unit
--   year              INTEGER       year assessed, up to the year asked for
--   peer_group        VARCHAR       assessment group of that year
--   total             DECIMAL(9,4)  total by sources and weights
--   unit_grade        VARCHAR       excellent, good, fair or poor
--   now_place         INTEGER       place in the group
--   units             INTEGER       units that have a total in the group
--   percentile        DOUBLE        of the other units, the percentage placed below
--   places            INTEGER       places gained; minus for lost
--   percentile_shift  DOUBLE        percentile points gained; minus for lost
--   large             BOOLEAN       the move is a large one
--   reason            VARCHAR       why nothing is compared; null where something is
--   before_id         VARCHAR       the unit compared with a year before, where it had another code
--   before_name       VARCHAR       its name
select
    unit.unit_id, unit.name as unit_name, ranked.year, ranked.peer_group, ranked.total, ranked.grade as unit_grade,
    ranked.place as now_place, ranked.units, ranked.percentile, ranked.places, ranked.percentile_shift,
    ranked.large_rule is not null as large, ranked.reason,
    case when before.unit_no <> ranked.unit_no then before.unit_id end as before_id,
    case when before.unit_no <> ranked.unit_no then before.name end as before_name
from assessment_place as ranked
inner join extent
    on ranked.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on ranked.unit_no = unit.unit_no
left join unit as before on ranked.before_no = before.unit_no
where ranked.year <= $year and ($group is null or ranked.peer_group = $group)
order by unit.unit_no, ranked.year
