-- asks: Between which kinds of unit did people move after one month and up to another, and did they move up or down the tiers?
-- reads: move, extent
-- takes: since, until, unit?, level?
-- grain: from_body, body, way
-- columns:
--   from_body  VARCHAR  kind of body left
--   body       VARCHAR  kind of body joined
--   way        VARCHAR  up, down or across, between city, county and township
--   people     INTEGER  moves, where the post left or joined is a leading one
--   promoted   INTEGER  of these, to a higher post level
with moved as (
    select distinct
        move.person_id, move.month, move.from_body, move.body, move.from_tier, move.tier, move.from_level, move.level
    from move
    inner join extent on move.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and move.is_leading
        and move.month > $since and move.month <= $until
        and ($level is null or move.level = $level)
),
step as (
    select 'township' as tier, 1 as height union all select 'county', 2 union all select 'city', 3
)
select
    moved.from_body, moved.body,
    case when here.height > there.height then 'up' when here.height < there.height then 'down' else 'across' end as way,
    cast(count(*) as integer) as people,
    cast(count(*) filter (moved.level < moved.from_level) as integer) as promoted
from moved
inner join step as here on moved.tier = here.tier
inner join step as there on moved.from_tier = there.tier
group by all
order by people desc, from_body, body, way
