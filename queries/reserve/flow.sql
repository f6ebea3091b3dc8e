-- asks: Who came into the reserve in each year, who left it and why, and how many were there at its beginning and end?
-- reads: reserve_spell, reserve_kind, build, extent
-- takes: unit?
-- grain: reserve, year
-- columns:
--   reserve    VARCHAR  what they are kept for
--   year       INTEGER  year, from the first of which anything is known to that of the data
--   at_start   INTEGER  people in it at the end of the year before
--   entered    INTEGER  stays that began in the year
--   appointed  INTEGER  stays that ended as the person was appointed
--   aged       INTEGER  stays that ended for age
--   adjusted   INTEGER  stays that ended at a review
--   otherwise  INTEGER  stays that ended otherwise
--   moved      INTEGER  people who came to these units with their stay, less those who went on to others or left their posts
--   at_end     INTEGER  people in it at the end of the year, in the running year at the data month
--   document   VARCHAR  source of the kind
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with spell as (
    select reserve_spell.*, build.data_month
    from reserve_spell
    cross join build
    inner join extent
        on reserve_spell.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where reserve_spell.start_month <= build.data_month
),
edge as (
    select
        reserve, cast(floor(start_month / 100) as integer) as year,
        case when start_month = since_month then 'entered' else 'moved' end as step, 1 as people
    from spell
    union all
    select
        reserve, cast(floor(end_month / 100) as integer), coalesce(left_for, 'moved'), -1
    from spell
    where end_month <= data_month
),
kind as (
    select reserve, max_by(place, valid_from) as place, max_by(document, valid_from) as document,
        max_by(clause, valid_from) as clause, max_by(confirmed, valid_from) as confirmed
    from reserve_kind
    group by reserve
),
calendar as (
    select kind.*, first.year + step.number as year
    from kind
    inner join (select reserve, min(year) as year from edge group by reserve) as first on kind.reserve = first.reserve
    cross join build
    cross join lateral (
        select unnest(generate_series(0, cast(floor(build.data_month / 100) as integer) - first.year)) as number
    ) as step
)
select
    calendar.reserve, cast(calendar.year as integer) as year,
    cast(coalesce(sum(edge.people) filter (edge.year < calendar.year), 0) as integer) as at_start,
    cast(count(*) filter (edge.year = calendar.year and edge.step = 'entered') as integer) as entered,
    cast(count(*) filter (edge.year = calendar.year and edge.step = 'appointed') as integer) as appointed,
    cast(count(*) filter (edge.year = calendar.year and edge.step = 'aged') as integer) as aged,
    cast(count(*) filter (edge.year = calendar.year and edge.step = 'adjusted') as integer) as adjusted,
    cast(count(*) filter (edge.year = calendar.year and edge.step = 'other') as integer) as otherwise,
    cast(coalesce(sum(edge.people) filter (edge.year = calendar.year and edge.step = 'moved'), 0) as integer) as moved,
    cast(coalesce(sum(edge.people), 0) as integer) as at_end,
    calendar.document, calendar.clause, calendar.confirmed
from calendar
inner join edge on calendar.reserve = edge.reserve and edge.year <= calendar.year
group by
    calendar.place, calendar.reserve, calendar.year, calendar.document, calendar.clause, calendar.confirmed
order by calendar.place, calendar.year
