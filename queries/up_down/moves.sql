-- asks: How many in leading posts moved up, sideways, down, aside and out in each year, by post level?
-- reads: level_move, standing, month, extent
-- takes: since, until, unit?
-- grain: year, side, level
-- columns:
--   year           INTEGER  year
--   side           VARCHAR  what people are told apart by: all or level
--   level          VARCHAR  post level: reached on the way up and sideways, left otherwise; null on the other side and where unknown
--   in_post        INTEGER  people in leading posts of the level at the end of the year before
--   moved_up       INTEGER  moves to a higher level
--   moved_across   INTEGER  moves to another leading post of the same level
--   moved_down     INTEGER  moves to a leading post of a lower level
--   moved_aside    INTEGER  moves to a post that leads nothing
--   moved_out      INTEGER  people who left their last post
--   level_unknown  INTEGER  moves of which a level is not told
with told as (
    select floor(level_move.month / 100) as year, coalesce(level_move.level, 'unknown') as level, direction, 1 as people
    from level_move
    inner join extent
        on level_move.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where level_move.month > $since and level_move.month <= $until
    union all
    select span.year, coalesce(standing.level, 'unknown'), 'in_post', 1
    from (select distinct year from month where month > $since and month <= $until) as span
    inner join standing
        on standing.is_primary and standing.role <> 'other'
        and standing.start_month < span.year * 100 + 1 and standing.end_month >= span.year * 100 + 1
    inner join extent
        on standing.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
),
counted as (
    select
        year, case when grouping(level) = 0 then 'level' else 'all' end as side, level,
        count(*) filter (direction = 'in_post') as in_post, count(*) filter (direction = 'up') as up,
        count(*) filter (direction = 'sideways') as sideways, count(*) filter (direction = 'down') as down,
        count(*) filter (direction = 'aside') as aside, count(*) filter (direction = 'out') as out,
        count(*) filter (direction = 'unknown') as unknown
    from told
    group by grouping sets ((year), (year, level))
)
select
    cast(year as integer) as year, side, nullif(level, 'unknown') as level,
    cast(in_post as integer) as in_post, cast(up as integer) as moved_up, cast(sideways as integer) as moved_across,
    cast(down as integer) as moved_down, cast(aside as integer) as moved_aside, cast(out as integer) as moved_out,
    cast(unknown as integer) as level_unknown
from counted
order by year, side, counted.level
