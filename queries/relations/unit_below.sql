-- makes: The units right under each unit, each with its own span; and right under the code *, those under the tops.
-- reads: unit
-- scope: everyone
-- grain: upper_id, unit_no
-- columns:
--   upper_id  VARCHAR  the unit above; * means the whole
--   unit_no   INTEGER  a unit right under it
--   last_no   INTEGER  unit_no of the last unit under that one
--   unit_id   VARCHAR  its code in the source
--   name      VARCHAR  its name
select upper.unit_id as upper_id, unit.unit_no, unit.last_no, unit.unit_id, unit.name
from unit
inner join unit as upper on unit.parent_no = upper.unit_no
union all
select '*', unit.unit_no, unit.last_no, unit.unit_id, unit.name
from unit
inner join unit as top on unit.parent_no = top.unit_no and top.parent_no is null
