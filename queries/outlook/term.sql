-- asks: In which months do the terms of each kind of unit change?
-- reads: unit, age_target, term_change
-- takes:
-- grain: unit_kind, month
-- columns:
--   unit_kind   VARCHAR  kind of body and nature of the organ
--   body        VARCHAR  kind of body
--   organ       VARCHAR  nature of the organ; null where the body has none
--   month       INTEGER  month of the term change, YYYYMM
--   term_years  INTEGER  length of the term that begins, years
with tier as (
    select distinct body, tier from age_target
)
select distinct
    concat_ws('|', unit.body, unit.organ) as unit_kind, unit.body, unit.organ, term_change.month, term_change.term_years
from unit
inner join tier on unit.body = tier.body
inner join term_change on tier.tier = term_change.tier and term_change.organ is not distinct from unit.organ
order by unit_kind, month
