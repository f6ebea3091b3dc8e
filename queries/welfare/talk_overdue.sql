-- asks: Who was to be talked to in a year and was not as often as asked, and when was the last talk?
-- reads: welfare, welfare_year, welfare_rule, standing, unit, extent
-- takes: year, min_group, level?, sex?, unit?
-- grain: person_id
-- columns:
--   person_id  VARCHAR  who; a row about one person is a group of one and shown only where that is allowed
--   name       VARCHAR  name
--   unit_id    VARCHAR  where, at the end of the year
--   unit_name  VARCHAR  name of the unit
--   post       VARCHAR  primary post
--   level      VARCHAR  post level
--   last_date  INTEGER  date of the last talk up to the year, YYYYMMDD with zeros for unknown parts; null where there was none
--   document   VARCHAR  source of the round
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
select
    welfare.person_id, standing.name, unit.unit_id, unit.name as unit_name, standing.post, welfare.level,
    welfare.last_date, rule.document, rule.clause, rule.confirmed
from welfare
inner join welfare_year on welfare.year = welfare_year.year
inner join extent
    on welfare.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join standing
    on welfare.person_id = standing.person_id and standing.is_primary
    and standing.start_month <= welfare_year.month and standing.end_month > welfare_year.month
inner join unit on welfare.unit_no = unit.unit_no
left join welfare_rule as rule
    on welfare.rule_id = rule.rule_id
    and rule.valid_from <= $year * 100 + 12 and (rule.valid_to is null or rule.valid_to > $year * 100 + 12)
where welfare.item = 'talk' and welfare.year = $year and welfare.used < welfare.entitled
    and $min_group <= 1
    and ($level is null or welfare.level = $level)
    and ($sex is null or welfare.sex = $sex)
order by welfare.unit_no, welfare.person_id
