-- asks: Who of those in post for as many years as a rule says had no training at all in them?
-- reads: trainee, training_silence, standing, unit, extent
-- takes: year, unit?
-- grain: rule_id, person_id
-- columns:
--   rule_id      VARCHAR  the rule
--   person_id    VARCHAR  who
--   name         VARCHAR  name
--   unit_id      VARCHAR  where, at the end of the year
--   unit_name    VARCHAR  name of the unit
--   post         VARCHAR  primary post
--   level        VARCHAR  post level; null where unknown
--   first_month  INTEGER  month in which the first primary post began, YYYYMM
--   last_month   INTEGER  month in which the last training began, YYYYMM; null where none was reported
--   document     VARCHAR  source
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
select
    told.rule_id, trainee.person_id, standing.name, unit.unit_id, unit.name as unit_name, standing.post, standing.level,
    trainee.first_month, trainee.last_month, told.document, told.clause, told.confirmed
from training_silence as told
inner join trainee
    on told.year = trainee.year and trainee.first_month <= told.since_month
    and coalesce(trainee.last_month, 0) < told.since_month
inner join extent
    on trainee.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join standing
    on trainee.person_id = standing.person_id and standing.is_primary
    and standing.start_month <= told.month and standing.end_month > told.month
inner join unit on trainee.unit_no = unit.unit_no
where told.year = $year
order by told.place, trainee.unit_no, trainee.person_id
