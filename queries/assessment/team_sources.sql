-- asks: How do the four sources judge each team, on one scale?
-- reads: source_score, assessment_rule, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id
-- columns:
--   peer_group  VARCHAR  assessment group
--   unit_id     VARCHAR  the unit
--   unit_name   VARCHAR  name of the unit
--   democratic  DOUBLE   democratic appraisal, standard deviations from the mean of all teams
--   leader      DOUBLE   leaders' evaluation
--   panel       DOUBLE   assessment panel
--   results     DOUBLE   results
--   gap         DOUBLE   the highest less the lowest
--   far_apart   BOOLEAN  at least as far apart as the rule says
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
select
    score.peer_group, unit.unit_id, unit.name as unit_name,
    score.democratic, score.leader, score.panel, score.results, score.gap,
    coalesce(score.gap >= rule.value, false) as far_apart, rule.document, rule.clause, rule.confirmed
from source_score as score
inner join extent
    on score.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on score.unit_no = unit.unit_no
left join assessment_rule as rule
    on rule.rule_id = 'source_gap'
    and rule.valid_from <= $year * 100 + 12 and rule.valid_to > $year * 100 + 12
where score.year = $year and score.category = 'team' and ($group is null or score.peer_group = $group)
order by score.peer_group, unit.unit_no
