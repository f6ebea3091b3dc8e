-- asks: Do people in townships earn more than their peers of the same level in the departments of the county?
-- reads: county_pay, township_rule, unit, extent
-- takes: year, min_group, unit?
-- grain: unit_id, level
-- columns:
--   unit_id        VARCHAR  the county
--   unit_name      VARCHAR  its name
--   level          VARCHAR  post level
--   paid           INTEGER  people in townships; null where suppressed
--   average        INTEGER  their average income a year, yuan; null where suppressed
--   allowance      INTEGER  their average township allowance a month, yuan; null where suppressed or not reported
--   other_paid     INTEGER  people in county departments; null where suppressed or not reported
--   other_average  INTEGER  their average income a year, yuan
--   pay_ahead      INTEGER  average less other_average, yuan; null where either is missing
--   suppressed     BOOLEAN  too few people on either side
--   document       VARCHAR  source
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with told as (
    select
        here.unit_no, here.level, here.paid, here.average, here.allowance,
        peer.paid as other_paid, peer.average as other_average,
        here.paid < $min_group or coalesce(peer.paid, $min_group) < $min_group as suppressed
    from county_pay as here
    inner join extent
        on here.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    left join county_pay as peer
        on here.unit_no = peer.unit_no and here.year = peer.year and here.level = peer.level
        and peer.paid_in = 'county_department'
    where here.year = $year and here.paid_in = 'township'
)
select
    unit.unit_id, unit.name as unit_name, told.level,
    case when not suppressed then paid end as paid,
    case when not suppressed then average end as average,
    case when not suppressed then allowance end as allowance,
    case when not suppressed then other_paid end as other_paid,
    case when not suppressed then other_average end as other_average,
    case when not suppressed then average - other_average end as pay_ahead,
    suppressed, rule.document, rule.clause, rule.confirmed
from told
inner join unit on told.unit_no = unit.unit_no
inner join township_rule as rule
    on rule.concern = 'pay'
    and rule.valid_from <= $year * 100 + 12 and (rule.valid_to is null or rule.valid_to > $year * 100 + 12)
order by told.unit_no, told.level
