-- asks: How did one unit, and those that became it, stand year by year?
-- reads: assessment_place, unit_lineage, unit
-- takes: assessed
-- grain: unit_id, year
-- columns:
--   year              INTEGER       year assessed
--   unit_id           VARCHAR       the unit, or one that became it
--   unit_name         VARCHAR       name of the unit
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
with chosen as (
    select unit_no from unit where unit_id = $assessed
    union
    select lineage.predecessor_no
    from unit_lineage as lineage
    inner join unit on lineage.successor_no = unit.unit_no
    where unit.unit_id = $assessed
)
select
    ranked.year, unit.unit_id, unit.name as unit_name, ranked.peer_group, ranked.total, ranked.grade as unit_grade,
    ranked.place as now_place, ranked.units, ranked.percentile, ranked.places, ranked.percentile_shift,
    ranked.large_rule is not null as large, ranked.reason
from assessment_place as ranked
inner join chosen on ranked.unit_no = chosen.unit_no
inner join unit on ranked.unit_no = unit.unit_no
order by ranked.year desc, unit.unit_no
