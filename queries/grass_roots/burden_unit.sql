-- asks: Which townships reported more checks of a kind than the year before, or more than the most laid down?
-- reads: unit_check, township_rule, unit, extent
-- takes: year, unit?
-- grain: unit_id, check_kind
-- columns:
--   unit_id       VARCHAR  the township
--   unit_name     VARCHAR  its name
--   check_kind    VARCHAR  inspection, appraisal, assessment or veto
--   items         INTEGER  how many
--   items_before  INTEGER  how many the year before; null where not reported
--   most          INTEGER  the most laid down; null where none is
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
select
    unit.unit_id, unit.name as unit_name, now.check_kind, now.items, earlier.items as items_before, rule.most,
    rule.document, rule.clause, rule.confirmed
from unit_check as now
inner join extent
    on now.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on now.unit_no = unit.unit_no
inner join township_rule as rule
    on now.check_kind = rule.concern
    and rule.valid_from <= $year * 100 + 12 and (rule.valid_to is null or rule.valid_to > $year * 100 + 12)
left join unit_check as earlier
    on now.unit_no = earlier.unit_no and now.check_kind = earlier.check_kind and earlier.year = $year - 1
where now.year = $year and (now.items > earlier.items or now.items > rule.most)
order by rule.place, now.items - coalesce(earlier.items, now.items) desc, now.items desc, now.unit_no
