-- asks: Whose four sources lie far apart, and which is the highest and which the lowest?
-- reads: source_score, assessment_rule, unit, extent
-- takes: year, group?, unit?
-- grain: category, unit_id, person_id
-- columns:
--   category    VARCHAR  chief, deputy or dispatched
--   peer_group  VARCHAR  assessment group; null outside every group
--   unit_id     VARCHAR  the unit
--   unit_name   VARCHAR  name of the unit
--   person_id   VARCHAR  who
--   name        VARCHAR  name
--   highest     VARCHAR  the source that is highest
--   lowest      VARCHAR  the source that is lowest
--   gap         DOUBLE   the highest less the lowest, standard deviations
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
select
    score.category, score.peer_group, unit.unit_id, unit.name as unit_name, score.person_id, score.name,
    case greatest(score.democratic, score.leader, score.panel, score.results)
        when score.democratic then 'democratic' when score.leader then 'leader'
        when score.panel then 'panel' else 'results' end as highest,
    case least(score.democratic, score.leader, score.panel, score.results)
        when score.democratic then 'democratic' when score.leader then 'leader'
        when score.panel then 'panel' else 'results' end as lowest,
    score.gap, rule.document, rule.clause, rule.confirmed
from source_score as score
inner join extent
    on score.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on score.unit_no = unit.unit_no
inner join assessment_rule as rule
    on rule.rule_id = 'source_gap'
    and rule.valid_from <= $year * 100 + 12 and rule.valid_to > $year * 100 + 12
where score.year = $year and ($group is null or score.peer_group = $group)
    and score.person_id is not null and score.gap >= rule.value
order by
    case score.category when 'chief' then 1 when 'deputy' then 2 else 3 end,
    unit.unit_no, score.person_id
