-- makes: The units as a numbered tree: everything under a unit lies between its unit_no and its last_no.
-- reads: given.unit, unit_place
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
with recursive above as (
    select unit_no as lower_no, unit_id as upper_id, parent_id as next_id from unit_place
    union all
    select above.lower_no, upper.unit_id, upper.parent_id
    from above
    inner join unit_place as upper on above.next_id = upper.unit_id
),
reach as (
    select upper_id, cast(max(lower_no) as integer) as last_no
    from above
    group by upper_id
),
county as (
    select place.unit_no, reach.last_no
    from given.unit as source
    inner join unit_place as place on source.unit_id = place.unit_id
    inner join reach on source.unit_id = reach.upper_id
    where source.body = 'county'
),
within as (
    select place.unit_no, max(county.unit_no) as county_no
    from unit_place as place
    inner join county on place.unit_no between county.unit_no and county.last_no
    group by place.unit_no
)
select
    place.unit_no,
    reach.last_no,
    source.unit_id,
    source.name,
    parent.unit_no as parent_no,
    place.depth,
    within.county_no,
    source.body,
    source.organ,
    source.approved_chiefs,
    source.approved_deputies,
    source.approved_divisions,
    source.valid_from,
    source.valid_to
from given.unit as source
inner join unit_place as place on source.unit_id = place.unit_id
inner join reach on source.unit_id = reach.upper_id
left join unit_place as parent on place.parent_id = parent.unit_id
left join within on place.unit_no = within.unit_no
order by place.unit_no
