-- asks: Is the exchange between each pair of tiers and each pair of kinds of unit two-way?
-- reads: move, extent
-- takes: since, until, unit?
-- grain: pairs, one, other
-- columns:
--   pairs   VARCHAR  tier: city, county and township; body: kinds of unit
--   one     VARCHAR  one side
--   other   VARCHAR  the other side
--   there   INTEGER  moves from the one to the other
--   back    INTEGER  moves from the other to the one
--   net     INTEGER  there less back
with moved as (
    select distinct move.person_id, move.month, move.from_body, move.body, move.from_tier, move.tier
    from move
    inner join extent on move.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and move.is_leading
        and move.month > $since and move.month <= $until
),
side as (
    select 'tier' as pairs, from_tier as left_side, tier as joined_side from moved
    union all
    select 'body', from_body, body from moved
)
select
    pairs, least(left_side, joined_side) as one, greatest(left_side, joined_side) as other,
    cast(count(*) filter (left_side < joined_side) as integer) as there,
    cast(count(*) filter (left_side > joined_side) as integer) as back,
    cast(count(*) filter (left_side < joined_side) - count(*) filter (left_side > joined_side) as integer) as net
from side
where left_side <> joined_side
group by all
order by pairs desc, there + back desc, one, other
