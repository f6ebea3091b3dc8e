-- asks: Where do the four sources disagree, by class and assessment group?
-- reads: source_score, assessment_rule, extent
-- takes: year, group?, unit?
-- grain: category, peer_group
-- columns:
--   category        VARCHAR       team, chief, deputy or dispatched
--   peer_group      VARCHAR       assessment group; null outside every group
--   subjects        INTEGER       teams or people with all four sources
--   democratic      DOUBLE        mean of the democratic appraisal, standard deviations from the mean of the class
--   leader          DOUBLE        mean of the leaders' evaluation
--   panel           DOUBLE        mean of the assessment panel
--   results         DOUBLE        mean of the results
--   gap             DOUBLE        mean of the highest less the lowest source
--   subjects_apart  INTEGER       teams or people whose sources lie at least as far apart as the rule says
--   line            DECIMAL(9,4)  the rule, standard deviations
--   document        VARCHAR       source
--   clause          VARCHAR       clause of the source
--   confirmed       VARCHAR       who stands behind it
select
    score.category, score.peer_group, cast(count(*) as integer) as subjects,
    avg(score.democratic) as democratic, avg(score.leader) as leader,
    avg(score.panel) as panel, avg(score.results) as results, avg(score.gap) as gap,
    cast(count(case when score.gap >= rule.value then 1 end) as integer) as subjects_apart,
    rule.value as line, rule.document, rule.clause, rule.confirmed
from source_score as score
inner join extent
    on score.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
left join assessment_rule as rule
    on rule.rule_id = 'source_gap'
    and rule.valid_from <= $year * 100 + 12 and rule.valid_to > $year * 100 + 12
where score.year = $year and ($group is null or score.peer_group = $group)
group by score.category, score.peer_group, rule.value, rule.document, rule.clause, rule.confirmed
order by
    case score.category when 'team' then 1 when 'chief' then 2 when 'deputy' then 3 else 4 end,
    score.peer_group nulls last
