-- asks: Who with a rank only had fewer tasks in a year than are asked?
-- reads: rank_claim, rank_only, rank_rule, unit, extent, build
-- takes: year, unit?
-- grain: person_id
-- columns:
--   person_id    VARCHAR  who
--   name         VARCHAR  name
--   unit_id      VARCHAR  where, at the end of the year
--   unit_name    VARCHAR  name of the unit
--   post         VARCHAR  title
--   rank_en      VARCHAR  the rank
--   rank_zh      VARCHAR  its name in Chinese
--   since_month  INTEGER  month in which the posting began, YYYYMM
--   times        INTEGER  tasks that ran in the year
--   least        INTEGER  tasks asked
--   document     VARCHAR  source
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
with point as (
    select least($year * 100 + 12, data_month) as month from build
)
select
    claim.person_id, held.name, unit.unit_id, unit.name as unit_name, held.post, held.rank_en, held.rank as rank_zh, held.since_month,
    claim.times, claim.least, rule.document, rule.clause, rule.confirmed
from rank_claim as claim
cross join point
inner join extent
    on claim.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join rank_only as held
    on claim.person_id = held.person_id and held.start_month <= point.month and held.end_month > point.month
inner join unit on claim.unit_no = unit.unit_no
inner join rank_rule as rule
    on claim.aspect = rule.aspect
    and rule.valid_from <= $year * 100 + 12 and (rule.valid_to is null or rule.valid_to > $year * 100 + 12)
where claim.year = $year and claim.aspect = 'task' and not claim.is_leading and claim.times < claim.least
order by claim.unit_no, claim.person_id
