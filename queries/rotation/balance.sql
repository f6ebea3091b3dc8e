-- asks: Is the exchange between each pair of tiers and each pair of kinds of unit two-way?
-- reads: move, unit
-- takes: since, until, unit?
-- grain: pairs, one, other
-- columns:
--   pairs   VARCHAR  tier: city, county and township; body: kinds of unit
--   one     VARCHAR  one side
--   other   VARCHAR  the other side
--   there   INTEGER  moves from the one to the other
--   back    INTEGER  moves from the other to the one
--   net     INTEGER  there less back
with area as (
    select min(unit_no) as first_no, max(last_no) as last_no
    from unit
    where $unit is null or unit_id = $unit
),
side as (
    select 'tier' as pairs, from_tier as left_side, tier as joined_side, month, unit_no, from_no from move where is_leading
    union all
    select 'body', from_body, body, month, unit_no, from_no from move where is_leading
)
select
    pairs, least(left_side, joined_side) as one, greatest(left_side, joined_side) as other,
    cast(count(*) filter (left_side < joined_side) as integer) as there,
    cast(count(*) filter (left_side > joined_side) as integer) as back,
    cast(count(*) filter (left_side < joined_side) - count(*) filter (left_side > joined_side) as integer) as net
from side
inner join area
    on side.unit_no between area.first_no and area.last_no or side.from_no between area.first_no and area.last_no
where month > $since and month <= $until and left_side <> joined_side
group by all
order by pairs desc, there + back desc, one, other
