-- makes: The units as a numbered tree: everything under a unit lies between its unit_no and its last_no.
-- reads: given.unit
-- scope: everyone
-- grain: unit_no
-- columns:
--   unit_no             INTEGER  place in the tree, parents before children
--   last_no             INTEGER  unit_no of the last unit under this one
--   unit_id             VARCHAR  code in the source
--   name                VARCHAR  name
--   parent_no           INTEGER  unit_no of the unit above; null at the top
--   depth               INTEGER  steps from the top, 0 at the top
--   county_no           INTEGER  unit_no of the county the unit is or lies in; null outside counties
--   body                VARCHAR  kind of body
--   organ               VARCHAR  nature of the organ
--   approved_chiefs     INTEGER  approved principal posts
--   approved_deputies   INTEGER  approved deputy posts
--   approved_divisions  INTEGER  approved division posts
--   valid_from          INTEGER  month it was set up, YYYYMM; null means always there
--   valid_to            INTEGER  month it was abolished, YYYYMM; null means still there
with recursive tree as (
    select unit_id, cast(null as string) as parent_id, cast(unit_id as string) as path, 0 as depth
    from given.unit
    where parent_id is null or parent_id not in (select unit_id from given.unit)
    union all
    select child.unit_id, child.parent_id, tree.path || chr(1) || child.unit_id, tree.depth + 1
    from given.unit as child
    inner join tree on child.parent_id = tree.unit_id
),
numbered as (
    select unit_id, parent_id, depth, cast(row_number() over (order by path) as integer) as unit_no
    from tree
),
above as (
    select unit_id as lower_id, unit_id as upper_id from numbered
    union all
    select above.lower_id, numbered.parent_id
    from above
    inner join numbered on above.upper_id = numbered.unit_id
    where numbered.parent_id is not null
),
reach as (
    select upper_id, cast(max(numbered.unit_no) as integer) as last_no
    from above
    inner join numbered on above.lower_id = numbered.unit_id
    group by upper_id
),
county as (
    select above.lower_id, max(numbered.unit_no) as county_no
    from above
    inner join given.unit as upper on above.upper_id = upper.unit_id and upper.body = 'county'
    inner join numbered on above.upper_id = numbered.unit_id
    group by above.lower_id
)
select
    numbered.unit_no,
    reach.last_no,
    source.unit_id,
    source.name,
    parent.unit_no as parent_no,
    numbered.depth,
    cast(county.county_no as integer) as county_no,
    source.body,
    source.organ,
    source.approved_chiefs,
    source.approved_deputies,
    source.approved_divisions,
    source.valid_from,
    source.valid_to
from given.unit as source
inner join numbered on source.unit_id = numbered.unit_id
inner join reach on source.unit_id = reach.upper_id
left join numbered as parent on numbered.parent_id = parent.unit_id
left join county on source.unit_id = county.lower_id
order by numbered.unit_no
