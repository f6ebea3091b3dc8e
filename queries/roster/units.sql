-- asks: Which units lie above a unit, and which right below it?
-- reads: unit
-- takes: unit?
-- grain: unit_id
-- columns:
--   unit_id    VARCHAR  code
--   name       VARCHAR  name
--   body       VARCHAR  kind of body
--   depth      INTEGER  steps from the top, 0 at the top
--   place      VARCHAR  above, self or below; where a roster has several tops, each lies below the whole
--   has_below  BOOLEAN  has units of its own
with root as (
    select unit_no, parent_no, last_no, unit_id, count(*) over () as roots from unit where parent_no is null
),
chosen as (
    select unit_no, last_no from unit where unit_id = $unit
    union all
    select unit_no, last_no from root where $unit is null and roots = 1
)
select
    unit.unit_id, unit.name, unit.body, unit.depth,
    case
        when chosen.unit_no is null or unit.parent_no = chosen.unit_no then 'below'
        when unit.unit_no = chosen.unit_no then 'self'
        else 'above'
    end as place,
    unit.last_no > unit.unit_no as has_below
from unit
left join chosen on true
where (chosen.unit_no is null and unit.parent_no is null)
    or unit.parent_no = chosen.unit_no
    or chosen.unit_no between unit.unit_no and unit.last_no
order by unit.unit_no
