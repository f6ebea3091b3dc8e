-- asks: For which reasons, and by which clause, were decisions taken by which people came down or were held to account, by post level and kind of body?
-- reads: down_case, down_reason, extent
-- takes: since, until, min_group, unit?
-- grain: cause, side, level, body
-- columns:
--   cause          VARCHAR  the reason
--   side           VARCHAR  what decisions are told apart by: all, level or body
--   level          VARCHAR  post level; null on another side and where unknown
--   body           VARCHAR  kind of body; null on another side
--   decided_cases  INTEGER  decisions; null where suppressed
--   lost_post      INTEGER  of them, those by which somebody lost the post: removed, moved, demoted and the like; null where suppressed
--   kept_post      INTEGER  the others: admonished or sanctioned in post; null where suppressed
--   suppressed     BOOLEAN  too few decisions, or next to too few in a total from which they could be taken away
--   document       VARCHAR  source of the reason
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with counted as (
    select
        down_case.reason,
        case
            when grouping(down_case.level) = 0 then 'level' when grouping(down_case.body) = 0 then 'body' else 'all'
        end as side,
        coalesce(down_case.level, 'unknown') as level, down_case.body,
        count(*) as cases,
        count(*) filter (way not in ('admonished', 'warned', 'demerit', 'major_demerit')) as out_of
    from down_case
    inner join extent
        on down_case.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where down_case.month > $since and down_case.month <= $until
    group by grouping sets (
        (down_case.reason), (down_case.reason, down_case.level), (down_case.reason, down_case.body)
    )
),
coded as (
    select *, case side when 'level' then level when 'body' then body else 'all' end as code from counted
),
hidden as (
    select *, withheld(cases, code, reason || side, $min_group) as suppressed from coded
)
select
    hidden.reason as cause, hidden.side,
    case when hidden.side = 'level' then nullif(hidden.level, 'unknown') end as level,
    case when hidden.side = 'body' then hidden.body end as body,
    cast(case when not suppressed then cases end as integer) as decided_cases,
    cast(case when not suppressed then out_of end as integer) as lost_post,
    cast(case when not suppressed then cases - out_of end as integer) as kept_post,
    suppressed, rule.document, rule.clause, rule.confirmed
from hidden
inner join down_reason as rule
    on hidden.reason = rule.reason and rule.valid_from = (
        select max(last.valid_from) from down_reason as last where last.reason = hidden.reason and last.valid_from <= $until
    )
order by rule.place, hidden.side, hidden.code
