-- makes: Which unit became which: renamed, merged or split.
-- reads: given.unit_lineage, unit
-- scope: everyone
-- grain: predecessor_no, successor_no
-- columns:
--   predecessor_no  INTEGER  unit before
--   successor_no    INTEGER  unit after
--   month           INTEGER  month of the change, YYYYMM
--   how             VARCHAR  renamed, merged or split
select before.unit_no as predecessor_no, after.unit_no as successor_no, given.month, given.how
from given.unit_lineage as given
inner join unit as before on given.predecessor = before.unit_id
inner join unit as after on given.successor = after.unit_id
where before.unit_no <> after.unit_no
