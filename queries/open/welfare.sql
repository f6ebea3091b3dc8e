-- asks: What share of those entitled to an item of welfare in a year used all of it, in round figures, by sex?
-- reads: open_cell, open_rule, welfare_item
-- takes: year, item?, sex?
-- grain: item, sex
-- columns:
--   item        VARCHAR  the item
--   claim       VARCHAR  due: to be honoured; offer: taken up by whoever wishes
--   sex         VARCHAR  male or female; null for both
--   rounded     INTEGER  people entitled, a sum of rounded cells; null where there are few or none
--   told_share  VARCHAR  share that used all: * where there are few or none, and no nearer to none or all than the edge
--   share       DOUBLE   the same as a number; null where it is not told
--   low         DOUBLE   least that the share is told to be
--   high        DOUBLE   most that it is told to be
--   document    VARCHAR  source of the rule of rounding
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with side as (
    select cast(null as varchar) as sex where $sex is null
    union all
    select sex from (select 'male' as sex union all select 'female') as sexes where $sex is null or sex = $sex
),
offered as (
    select distinct open_cell.about as item
    from open_cell
    where topic = 'welfare' and period = $year * 100 + 12 and ($item is null or about = $item)
),
counted as (
    select
        about as item, sex, sum(people) as people, sum(case when mark = 'used' then people else 0 end) as used
    from open_cell
    where topic = 'welfare' and period = $year * 100 + 12
    group by grouping sets ((about), (about, sex))
),
shown as (
    select
        offered.item, side.sex, open_rule.document, open_rule.clause, open_rule.confirmed,
        open_rule.edge / 100.0::double as edge,
        case when counted.people >= open_rule.min_group then counted.people end as people,
        case when counted.people >= open_rule.min_group then counted.used / cast(counted.people as double) end as part
    from offered
    cross join side
    cross join open_rule
    left join counted on offered.item = counted.item and side.sex is not distinct from counted.sex
)
select
    shown.item, welfare_item.claim, shown.sex, cast(shown.people as integer) as rounded,
    case
        when part is null then '*'
        when part < edge then '<' || cast(round(100 * edge) as integer) || '%'
        when part > 1 - edge then '>' || cast(round(100 - 100 * edge) as integer) || '%'
        else cast(round(100 * part) as integer) || '%'
    end as told_share,
    case when part between edge and 1 - edge then round(part, 2) end as share,
    case when part < edge then cast(0 as double) when part > 1 - edge then 1 - edge else round(part, 2) end as low,
    case when part < edge then edge when part > 1 - edge then cast(1 as double) else round(part, 2) end as high,
    shown.document, shown.clause, shown.confirmed
from shown
inner join welfare_item
    on shown.item = welfare_item.item
    and welfare_item.valid_from <= $year * 100 + 12
    and (welfare_item.valid_to is null or welfare_item.valid_to > $year * 100 + 12)
order by welfare_item.place, shown.sex nulls first
