-- asks: Between which kinds of unit did people move after one month and up to another, and did they move up or down the tiers?
-- reads: move, unit
-- takes: since, until, unit?, level?
-- grain: from_body, body, direction
-- columns:
--   from_body  VARCHAR  kind of body left
--   body       VARCHAR  kind of body joined
--   direction  VARCHAR  up, down or across, between city, county and township
--   people     INTEGER  moves, where the post left or joined is a leading one
--   promoted   INTEGER  of these, to a higher post level
with area as (
    select min(unit_no) as first_no, max(last_no) as last_no
    from unit
    where $unit is null or unit_id = $unit
),
step as (
    select 'township' as tier, 1 as height union all select 'county', 2 union all select 'city', 3
)
select
    move.from_body, move.body,
    case when here.height > there.height then 'up' when here.height < there.height then 'down' else 'across' end as direction,
    cast(count(*) as integer) as people,
    cast(count(*) filter (move.level < move.from_level) as integer) as promoted
from move
inner join area
    on move.unit_no between area.first_no and area.last_no or move.from_no between area.first_no and area.last_no
inner join step as here on move.tier = here.tier
inner join step as there on move.from_tier = there.tier
where move.is_leading
    and move.month > $since and move.month <= $until
    and ($level is null or move.level = $level)
group by all
order by people desc, from_body, body, direction
