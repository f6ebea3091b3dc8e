-- asks: Which assessment groups are there in each year, and how many units have a place in them?
-- reads: assessment_place
-- grain: year, peer_group
-- columns:
--   year         INTEGER  year assessed
--   peer_group   VARCHAR  assessment group
--   units        INTEGER  units that have a place in the group
--   large_moves  INTEGER  large moves, up or down
select
    year, peer_group, cast(count(*) as integer) as units,
    cast(count(large_rule) as integer) as large_moves
from assessment_place
where place is not null
group by year, peer_group
order by year desc, units desc, peer_group
