-- makes: The units numbered as a tree, each before what lies under it, in the order of their codes.
-- reads: given.unit
-- scope: build
-- grain: unit_no
-- columns:
--   unit_no    INTEGER  place in the tree
--   unit_id    VARCHAR  code in the source
--   parent_id  VARCHAR  code of the unit above; null at the top
--   depth      INTEGER  steps from the top, 0 at the top
with recursive tree as (
    select unit_id, cast(null as string) as parent_id, cast(unit_id as string) as path, 0 as depth
    from given.unit
    where parent_id is null or parent_id not in (select unit_id from given.unit)
    union all
    select child.unit_id, child.parent_id, tree.path || chr(1) || child.unit_id, tree.depth + 1
    from given.unit as child
    inner join tree on child.parent_id = tree.unit_id
)
select cast(row_number() over (order by path) as integer) as unit_no, unit_id, parent_id, depth
from tree
