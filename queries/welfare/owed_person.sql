-- asks: Who is owed leave of a year, how many days, and what is due in lieu?
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
--   years      INTEGER  full years of work by December; null where the start is unknown
--   entitled   INTEGER  days of leave entitled to
--   stored     INTEGER  the same as received; where it differs, the rule is counted
--   used       INTEGER  days taken
--   owed       INTEGER  days owed
--   pay        DOUBLE   pay in lieu, in days' wages; null where no rule holds
--   extra_pay  DOUBLE   of it beyond the normal wage, in days' wages; null where no rule holds
--   document   VARCHAR  source of the entitlement; null where it is as received
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with rule as (
    select * from welfare_rule
    where valid_from <= $year * 100 + 12 and (valid_to is null or valid_to > $year * 100 + 12)
)
select
    welfare.person_id, standing.name, unit.unit_id, unit.name as unit_name, standing.post, welfare.level,
    welfare.full_years as years,
    welfare.entitled, welfare.stored, welfare.used, welfare.entitled - welfare.used as owed,
    (welfare.entitled - welfare.used) * pay.amount / 100.0::double as pay,
    (welfare.entitled - welfare.used) * extra.amount / 100.0::double as extra_pay,
    rule.document, rule.clause, rule.confirmed
from welfare
inner join welfare_year on welfare.year = welfare_year.year
inner join extent
    on welfare.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join standing
    on welfare.person_id = standing.person_id and standing.is_primary
    and standing.start_month <= welfare_year.month and standing.end_month > welfare_year.month
inner join unit on welfare.unit_no = unit.unit_no
left join rule on welfare.rule_id = rule.rule_id
left join rule as pay on pay.kind = 'pay'
left join rule as extra on extra.kind = 'extra_pay'
where welfare.item = 'leave' and welfare.year = $year and welfare.used < welfare.entitled
    and $min_group <= 1
    and ($level is null or welfare.level = $level)
    and ($sex is null or welfare.sex = $sex)
order by owed desc, welfare.unit_no, welfare.person_id
