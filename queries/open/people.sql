-- asks: How many people are in post at a published month, in round figures, by kind of body, level, sex and age?
-- reads: open_cell, open_rule, age_band
-- takes: as_of, body?, level?, sex?, band?
-- grain: side, body, level, sex, band_id
-- columns:
--   side           VARCHAR  what people are told apart by: all, body, level, sex or band
--   body           VARCHAR  kind of body; null on another side
--   level          VARCHAR  post level; null on another side and where unknown
--   sex            VARCHAR  male or female; null on another side
--   band_id        VARCHAR  age band, or unknown; null on another side
--   band_en        VARCHAR  its name
--   band_zh        VARCHAR  its name in Chinese
--   rounded        INTEGER  people, a sum of rounded cells; null where there are few or none
--   rounded_share  DOUBLE   of all whom the filters leave; null likewise
--   document       VARCHAR  source of the rule of rounding
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with cell as (
    select body, level, sex, band_id, people
    from open_cell
    where topic = 'people' and period = $as_of
        and ($body is null or body = $body)
        and ($level is null or level = $level)
        and ($sex is null or sex = $sex)
        and ($band is null or band_id = $band)
),
counted as (
    select
        case
            when grouping(body) = 0 then 'body' when grouping(level) = 0 then 'level'
            when grouping(sex) = 0 then 'sex' when grouping(band_id) = 0 then 'band' else 'all'
        end as side,
        coalesce(body, level, sex, band_id, 'all') as code,
        sum(people) as people
    from cell
    group by grouping sets ((), (body), (level), (sex), (band_id))
),
side as (
    select 'all' as side, 'all' as code
    union all
    select distinct 'body', body from open_cell where topic = 'people' and ($body is null or body = $body)
    union all
    select distinct 'level', level from open_cell where topic = 'people' and ($level is null or level = $level)
    union all
    select distinct 'sex', sex from open_cell where topic = 'people' and ($sex is null or sex = $sex)
    union all
    select distinct 'band', band_id from open_cell where topic = 'people' and ($band is null or band_id = $band)
),
shown as (
    select
        side.side, side.code, open_rule.document, open_rule.clause, open_rule.confirmed,
        case when counted.people >= open_rule.min_group then counted.people end as people
    from side
    cross join open_rule
    left join counted on side.side = counted.side and side.code = counted.code
)
select
    shown.side,
    case when shown.side = 'body' then shown.code end as body,
    case when shown.side = 'level' then nullif(shown.code, 'unknown') end as level,
    case when shown.side = 'sex' then shown.code end as sex,
    case when shown.side = 'band' then shown.code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    cast(shown.people as integer) as rounded,
    shown.people / cast(whole.people as double) as rounded_share,
    shown.document, shown.clause, shown.confirmed
from shown
cross join (select people from shown where side = 'all') as whole
left join age_band on shown.side = 'band' and shown.code = age_band.band_id
order by shown.side, age_band.lower_age nulls last, shown.code
