-- asks: How do people in townships stand beside their peers of the same level in county departments, item by item?
-- reads: welfare_count, welfare_item, unit_seen, disclosure
-- takes: year, min_group, unit?
-- grain: item, level
-- columns:
--   item         VARCHAR  the item
--   claim        VARCHAR  due: to be honoured; offer: taken up by whoever wishes
--   level        VARCHAR  post level; null where unknown
--   people       INTEGER  people in townships entitled; null where suppressed
--   full_use     INTEGER  of them, people who used all that they are entitled to; null where suppressed
--   share        DOUBLE   full_use over people
--   others       INTEGER  people in county departments entitled; null where suppressed
--   other_use    INTEGER  of them, people who used all that they are entitled to; null where suppressed
--   other_share  DOUBLE   other_use over others
--   points_ahead DOUBLE   share less other_share; null where either is missing
--   low          DOUBLE   lower end of its 95 % Newcombe interval
--   high         DOUBLE   upper end of its 95 % Newcombe interval
--   finding      VARCHAR  higher, lower, alike or too_few (the interval is too wide to tell); null where either is missing
--   suppressed   BOOLEAN  too few people on either side, or next to too few in a total from which they could be taken away
--   document     VARCHAR  source of the item
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
with top as (
    select unit_no from unit_seen
    where unit_id = $unit
        or ($unit is null and (parent_no is null or parent_no not in (select unit_no from unit_seen)))
),
counted as (
    select
        item, split_part(code, '|', 2) as level,
        coalesce(sum(people) filter (split_part(code, '|', 1) = 'township'), 0) as people,
        coalesce(sum(full_use) filter (split_part(code, '|', 1) = 'township'), 0) as full_use,
        coalesce(sum(people) filter (split_part(code, '|', 1) = 'county_department'), 0) as others,
        coalesce(sum(full_use) filter (split_part(code, '|', 1) = 'county_department'), 0) as other_use
    from welfare_count
    inner join top using (unit_no)
    where year = $year and side = 'place' and split_part(code, '|', 1) in ('township', 'county_department')
    group by item, level
),
sized as (
    select *, case when others > 0 then least(people, others) else people end as size
    from counted
    where people > 0
),
hidden as (
    select *, withheld(size, level, item, $min_group) as suppressed from sized
),
compared as (
    select
        *,
        case when not suppressed and others > 0 then newcombe_low(full_use, people, other_use, others) end as low,
        case when not suppressed and others > 0 then newcombe_high(full_use, people, other_use, others) end as high
    from hidden
),
line as (
    select min(widest) / 100.0::double as widest
    from disclosure
    where valid_from <= $year * 100 + 12 and (valid_to is null or valid_to > $year * 100 + 12)
)
select
    compared.item, welfare_item.claim, nullif(level, 'unknown') as level,
    cast(case when not suppressed then people end as integer) as people,
    cast(case when not suppressed then full_use end as integer) as full_use,
    case when not suppressed then full_use / people::double end as share,
    cast(case when not suppressed then others end as integer) as others,
    cast(case when not suppressed then other_use end as integer) as other_use,
    case when not suppressed and others > 0 then other_use / others::double end as other_share,
    case when not suppressed and others > 0 then full_use / people::double - other_use / others::double end as points_ahead,
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
    on compared.item = welfare_item.item
    and welfare_item.valid_from <= $year * 100 + 12
    and (welfare_item.valid_to is null or welfare_item.valid_to > $year * 100 + 12)
order by welfare_item.place, compared.level
