-- asks: Why, as postings tell it, did the posts end of those who came down, aside or out?
-- reads: level_move, extent
-- takes: since, until, unit?
-- grain: end_reason
-- columns:
--   end_reason   VARCHAR  why the post ended; null where postings do not tell
--   moved_down   INTEGER  moves to a leading post of a lower level
--   moved_aside  INTEGER  moves to a post that leads nothing
--   moved_out    INTEGER  people who left their last post
select
    level_move.end_reason,
    cast(count(*) filter (direction = 'down') as integer) as moved_down,
    cast(count(*) filter (direction = 'aside') as integer) as moved_aside,
    cast(count(*) filter (direction = 'out') as integer) as moved_out
from level_move
inner join extent
    on level_move.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
where level_move.month > $since and level_move.month <= $until and direction in ('down', 'aside', 'out')
group by level_move.end_reason
order by count(*) desc, level_move.end_reason nulls last
