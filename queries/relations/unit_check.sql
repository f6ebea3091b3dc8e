-- makes: How many checks of each kind a township reported of a year.
-- reads: given.unit_burden, unit
-- scope: unit_no
-- grain: unit_no, year, check_kind
-- columns:
--   unit_no     INTEGER  the township
--   year        INTEGER  year
--   check_kind  VARCHAR  inspection, appraisal, assessment or veto
--   items       INTEGER  how many
select unit.unit_no, told.year, told.check_kind, told.items
from given.unit_burden as told
inner join unit on told.unit_id = unit.unit_id and unit.body = 'township'
order by told.year, unit.unit_no
