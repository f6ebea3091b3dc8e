-- makes: Where each unit stands: the place (its county, or the city at the top of its tree) and the tier of its work.
-- reads: unit
-- scope: everyone
-- grain: unit_no
-- columns:
--   unit_no   INTEGER  the unit
--   place_no  INTEGER  unit_no of the county it lies in, else of the top of its tree
--   place_id  VARCHAR  code of that place
--   tier      VARCHAR  city, county or township
with located as (
    select unit.unit_no, unit.body, coalesce(unit.county_no, top.unit_no) as place_no
    from unit
    inner join unit as top on top.depth = 0 and unit.unit_no between top.unit_no and top.last_no
)
select
    located.unit_no, located.place_no, upper.unit_id as place_id,
    case when located.body = 'township' then 'township' when upper.body = 'county' then 'county' else 'city' end as tier
from located
inner join unit as upper on located.place_no = upper.unit_no
order by located.unit_no
