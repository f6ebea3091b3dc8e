-- asks: What share of a group has a sex or an age, quarter by quarter and at the term changes if nobody moves, in round figures?
-- reads: open_period, open_cell, open_rule
-- takes: since, until, body?, level?, sex?, band?
-- grain: month
-- columns:
--   month          INTEGER  published month, YYYYMM
--   is_ahead       BOOLEAN  a term change to come, if nobody moves
--   of_all         INTEGER  people of the body and level, a sum of rounded cells; null where there are few or none
--   rounded        INTEGER  of them, people of the sex and age; null likewise
--   rounded_share  DOUBLE   rounded over of_all; null likewise
--   document       VARCHAR  source of the rule of rounding
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with counted as (
    select
        period, sum(people) as whole,
        sum(case when ($sex is null or sex = $sex) and ($band is null or band_id = $band) then people else 0 end) as part
    from open_cell
    where topic = 'people' and ($body is null or body = $body) and ($level is null or level = $level)
    group by period
),
shown as (
    select
        open_period.period, open_period.is_ahead, open_rule.document, open_rule.clause, open_rule.confirmed,
        case when counted.whole >= open_rule.min_group then counted.whole end as whole,
        case when counted.part >= open_rule.min_group then counted.part end as part
    from open_period
    cross join open_rule
    left join counted on open_period.period = counted.period
    where open_period.period between $since and $until
)
select
    period as month, is_ahead, cast(whole as integer) as of_all, cast(part as integer) as rounded,
    part / cast(whole as double) as rounded_share, document, clause, confirmed
from shown
order by period
