-- asks: How many people's rotation clock has run out at a published month, in round figures, by kind of body and level?
-- reads: open_cell, open_rule
-- takes: as_of, body?, level?
-- grain: side, body, level
-- columns:
--   side           VARCHAR  what people are told apart by: all, body or level
--   body           VARCHAR  kind of body; null on another side
--   level          VARCHAR  post level; null on another side and where unknown
--   rounded        INTEGER  people with a clock that has run out, a sum of rounded cells; null where there are few or none
--   rounded_share  DOUBLE   of those in post there; null likewise
--   document       VARCHAR  source of the rule of rounding
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with cell as (
    select topic, body, level, people
    from open_cell
    where topic in ('people', 'overdue') and period = $as_of
        and ($body is null or body = $body)
        and ($level is null or level = $level)
),
counted as (
    select
        case when grouping(body) = 0 then 'body' when grouping(level) = 0 then 'level' else 'all' end as side,
        coalesce(body, level, 'all') as code,
        sum(case when topic = 'overdue' then people else 0 end) as overdue,
        sum(case when topic = 'people' then people else 0 end) as present
    from cell
    group by grouping sets ((), (body), (level))
),
side as (
    select 'all' as side, 'all' as code
    union all
    select distinct 'body', body from open_cell where topic = 'overdue' and ($body is null or body = $body)
    union all
    select distinct 'level', level from open_cell where topic = 'overdue' and ($level is null or level = $level)
),
shown as (
    select
        side.side, side.code, open_rule.document, open_rule.clause, open_rule.confirmed,
        case when counted.overdue >= open_rule.min_group then counted.overdue end as overdue,
        case when counted.present >= open_rule.min_group then counted.present end as present
    from side
    cross join open_rule
    left join counted on side.side = counted.side and side.code = counted.code
)
select
    side,
    case when side = 'body' then code end as body,
    case when side = 'level' then nullif(code, 'unknown') end as level,
    cast(overdue as integer) as rounded,
    case when overdue > present then 1.0::double else overdue / cast(present as double) end as rounded_share,
    document, clause, confirmed
from shown
order by side, code
