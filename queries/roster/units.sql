-- asks: Which units lie above a unit, and which right below it?
-- reads: unit
-- takes: unit?
-- grain: unit_id
-- columns:
--   unit_id    VARCHAR  code
--   name       VARCHAR  name
--   body       VARCHAR  kind of body
--   depth      INTEGER  steps from the top, 0 at the top
--   place      VARCHAR  above, self or below
--   has_below  BOOLEAN  has units of its own
with chosen as (
    select * from unit
    where case when $unit is null then parent_no is null else unit_id = $unit end
    order by unit_no
    limit 1
)
select
    unit.unit_id, unit.name, unit.body, unit.depth,
    case
        when unit.unit_no = chosen.unit_no then 'self'
        when unit.parent_no = chosen.unit_no then 'below'
        else 'above'
    end as place,
    unit.last_no > unit.unit_no as has_below
from unit
cross join chosen
where unit.parent_no = chosen.unit_no
    or chosen.unit_no between unit.unit_no and unit.last_no
order by unit.unit_no
