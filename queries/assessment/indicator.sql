-- asks: Of which indicators are the results of each team made, and what do its other sources say?
-- reads: indicator, assessment_place, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id, indicator
-- columns:
--   peer_group  VARCHAR       assessment group
--   unit_id     VARCHAR       the unit
--   unit_name   VARCHAR       name of the unit
--   democratic  DECIMAL(9,4)  democratic appraisal of the team
--   leader      DECIMAL(9,4)  leaders' evaluation
--   panel       DECIMAL(9,4)  assessment panel
--   results     DECIMAL(9,4)  results
--   indicator   VARCHAR       the indicator
--   score       DECIMAL(9,4)  its score
--   weight      DECIMAL(9,4)  its weight among the unit's indicators
select
    ranked.peer_group, unit.unit_id, unit.name as unit_name,
    ranked.democratic, ranked.leader, ranked.panel, ranked.results,
    indicator.indicator, indicator.score, indicator.weight
from assessment_place as ranked
inner join indicator on ranked.unit_no = indicator.unit_no and ranked.year = indicator.year
inner join extent
    on ranked.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on ranked.unit_no = unit.unit_no
where ranked.year = $year and ($group is null or ranked.peer_group = $group)
order by ranked.peer_group, ranked.unit_no, indicator.indicator
