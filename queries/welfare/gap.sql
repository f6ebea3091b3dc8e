-- asks: In which groups is an item used more or less than by all others, and where are they too few to tell?
-- reads: welfare_count, welfare_item, age_band, unit_seen, disclosure
-- takes: year, item, min_group, unit?
-- grain: side, body, level, sex, band_id
-- columns:
--   side         VARCHAR  what people are told apart by: body, level, sex or band
--   body         VARCHAR  kind of body; null on another side
--   level        VARCHAR  post level; null on another side and where unknown
--   sex          VARCHAR  male or female; null on another side
--   band_id      VARCHAR  age band at the end of the year, or unknown; null on another side
--   band_en      VARCHAR  its name
--   band_zh      VARCHAR  its name in Chinese
--   people       INTEGER  people entitled; null where suppressed
--   full_use     INTEGER  of them, people who used all that they are entitled to; null where suppressed
--   share        DOUBLE   full_use over people
--   others       INTEGER  all others entitled; null where suppressed
--   other_share  DOUBLE   share of the others who used all of it
--   points_ahead DOUBLE   share less other_share
--   low          DOUBLE   lower end of its 95 % Newcombe interval
--   high         DOUBLE   upper end of its 95 % Newcombe interval
--   finding      VARCHAR  higher, lower, alike or too_few (the interval is too wide to tell); null where suppressed
--   suppressed   BOOLEAN  too few people, or next to too few in a total from which they could be taken away
--   document     VARCHAR  source of the item
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
with top as (
    select unit_no from unit_seen
    where unit_id = $unit
        or ($unit is null and (parent_no is null or parent_no not in (select unit_no from unit_seen)))
),
counted as (
    select side, code, sum(people) as people, sum(full_use) as full_use
    from welfare_count
    inner join top using (unit_no)
    where year = $year and item = $item and side in ('body', 'level', 'sex', 'band')
    group by side, code
),
hidden as (
    select
        *,
        sum(people) over (partition by side) - people as others,
        sum(full_use) over (partition by side) - full_use as other_use,
        withheld(people, code, side, $min_group) as suppressed
    from counted
),
compared as (
    select
        *,
        case when not suppressed then newcombe_low(full_use, people, other_use, others) end as low,
        case when not suppressed then newcombe_high(full_use, people, other_use, others) end as high
    from hidden
    where others > 0
),
line as (
    select min(widest) / 100.0::double as widest
    from disclosure
    where valid_from <= $year * 100 + 12 and (valid_to is null or valid_to > $year * 100 + 12)
)
select
    compared.side,
    case when side = 'body' then code end as body,
    case when side = 'level' then nullif(code, 'unknown') end as level,
    case when side = 'sex' then code end as sex,
    case when side = 'band' then code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    cast(case when not suppressed then people end as integer) as people,
    cast(case when not suppressed then full_use end as integer) as full_use,
    case when not suppressed then full_use / people::double end as share,
    cast(case when not suppressed then others end as integer) as others,
    case when not suppressed then other_use / others::double end as other_share,
    case when not suppressed then full_use / people::double - other_use / others::double end as points_ahead,
    low, high,
    case
        when low > 0 then 'higher'
        when high < 0 then 'lower'
        when high - low > widest then 'too_few'
        when low is not null then 'alike'
    end as finding,
    suppressed, welfare_item.document, welfare_item.clause, welfare_item.confirmed
from compared
cross join line
inner join welfare_item
    on welfare_item.item = $item
    and welfare_item.valid_from <= $year * 100 + 12
    and (welfare_item.valid_to is null or welfare_item.valid_to > $year * 100 + 12)
left join age_band on side = 'band' and code = age_band.band_id
order by side, age_band.lower_age nulls last, code
