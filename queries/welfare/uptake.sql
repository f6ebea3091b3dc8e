-- asks: How many of those entitled to an item of welfare in a year used all of it, by kind of body, level, sex and age band?
-- reads: welfare_count, welfare_item, welfare_unknown, age_band, unit_seen, extent
-- takes: year, min_group, item?, unit?
-- grain: item, side, body, level, sex, band_id
-- columns:
--   item        VARCHAR  the item
--   counted_in  VARCHAR  days or times
--   claim       VARCHAR  due: to be honoured; offer: taken up by whoever wishes
--   side        VARCHAR  what people are told apart by: all, body, level, sex or band
--   body        VARCHAR  kind of body; null on another side
--   level       VARCHAR  post level; null on another side and where unknown
--   sex         VARCHAR  male or female; null on another side
--   band_id     VARCHAR  age band at the end of the year, or unknown; null on another side
--   band_en     VARCHAR  its name
--   band_zh     VARCHAR  its name in Chinese
--   people      INTEGER  people entitled; null where suppressed
--   full_use    INTEGER  of them, people who used all that they are entitled to; null where suppressed
--   share       DOUBLE   full_use over people; null where suppressed
--   low         DOUBLE   lower end of its 95 % Wilson interval
--   high        DOUBLE   upper end of its 95 % Wilson interval
--   entitled    INTEGER  days or times entitled to; null where suppressed
--   used        INTEGER  days or times used; null where suppressed
--   unknown     INTEGER  people of whom it is not known what they are entitled to; null where suppressed
--   share_low   DOUBLE   least share there may be, whatever they turn out to be entitled to and to have used
--   share_high  DOUBLE   greatest share
--   suppressed  BOOLEAN  too few people, or next to too few in a total from which they could be taken away
--   document    VARCHAR  source of the item
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with top as (
    select unit_no from unit_seen
    where unit_id = $unit
        or ($unit is null and (parent_no is null or parent_no not in (select unit_no from unit_seen)))
),
counted as (
    select
        item, side, code, sum(people) as people, sum(full_use) as full_use, sum(entitled) as entitled, sum(used) as used
    from welfare_count
    inner join top using (unit_no)
    where year = $year and side in ('all', 'body', 'level', 'sex', 'band')
        and ($item is null or item = $item)
    group by item, side, code
),
silent as (
    select
        welfare_unknown.item,
        case
            when grouping(welfare_unknown.body) = 0 then 'body' when grouping(level) = 0 then 'level'
            when grouping(sex) = 0 then 'sex' when grouping(band_id) = 0 then 'band' else 'all'
        end as side,
        coalesce(welfare_unknown.body, level, sex, band_id, 'all') as code, count(*) as not_known
    from welfare_unknown
    inner join extent
        on welfare_unknown.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where welfare_unknown.year = $year
    group by grouping sets (
        (welfare_unknown.item), (welfare_unknown.item, welfare_unknown.body), (welfare_unknown.item, level),
        (welfare_unknown.item, sex), (welfare_unknown.item, band_id)
    )
),
hidden as (
    select
        counted.*, coalesce(silent.not_known, 0) as not_known,
        withheld(people, counted.code, counted.item || counted.side, $min_group) as suppressed
    from counted
    left join silent on counted.item = silent.item and counted.side = silent.side and counted.code = silent.code
)
select
    hidden.item, welfare_item.counted_in, welfare_item.claim, hidden.side,
    case when hidden.side = 'body' then hidden.code end as body,
    case when hidden.side = 'level' then nullif(hidden.code, 'unknown') end as level,
    case when hidden.side = 'sex' then hidden.code end as sex,
    case when hidden.side = 'band' then hidden.code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    cast(case when not suppressed then people end as integer) as people,
    cast(case when not suppressed then full_use end as integer) as full_use,
    case when not suppressed then full_use / people::double end as share,
    case when not suppressed then wilson_low(full_use, people) end as low,
    case when not suppressed then wilson_high(full_use, people) end as high,
    cast(case when not suppressed then entitled end as integer) as entitled,
    cast(case when not suppressed then used end as integer) as used,
    cast(case when not suppressed then not_known end as integer) as unknown,
    case when not suppressed then full_use / (people + not_known)::double end as share_low,
    case when not suppressed then (full_use + not_known) / (people + not_known)::double end as share_high,
    suppressed, welfare_item.document, welfare_item.clause, welfare_item.confirmed
from hidden
inner join welfare_item
    on hidden.item = welfare_item.item
    and welfare_item.valid_from <= $year * 100 + 12
    and (welfare_item.valid_to is null or welfare_item.valid_to > $year * 100 + 12)
left join age_band on hidden.side = 'band' and hidden.code = age_band.band_id
order by welfare_item.place, hidden.side, age_band.lower_age nulls last, hidden.code
