-- makes: What people of each level earn on average in the townships and the departments of a county, as the county reports it.
-- reads: given.local_pay, unit
-- scope: unit_no
-- grain: unit_no, year, paid_in, level
-- columns:
--   unit_no    INTEGER  the county
--   year       INTEGER  year
--   paid_in    VARCHAR  township or county_department
--   level      VARCHAR  post level
--   paid       INTEGER  people
--   average    INTEGER  their average income a year, yuan
--   allowance  INTEGER  average township allowance a month, yuan; null where not reported
select unit.unit_no, told.year, told.paid_in, told.level, told.paid, told.average, told.allowance
from given.local_pay as told
inner join unit on told.unit_id = unit.unit_id and unit.body = 'county'
order by told.year, unit.unit_no
