-- asks: How is care taken up by those with a rank only, beside those in leading posts and all others?
-- reads: welfare, rank_only, standing, rank_rule, welfare_year, extent
-- takes: year, min_group, unit?
-- grain: item, kept_as
-- columns:
--   item        VARCHAR  the item
--   kept_as     VARCHAR  rank_only, leading or others, by primary post at the end of the year
--   people      INTEGER  people entitled; null where suppressed
--   full_use    INTEGER  of them, people who used all that they are entitled to; null where suppressed
--   share       DOUBLE   full_use over people
--   suppressed  BOOLEAN  too few people, or next to too few in a total from which they could be taken away
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with entitled as (
    select
        welfare.item,
        case when held.person_id is not null then 'rank_only' when standing.role <> 'other' then 'leading' else 'others' end as kept_as,
        welfare.used >= welfare.entitled as is_full
    from welfare
    inner join welfare_year on welfare.year = welfare_year.year
    inner join extent
        on welfare.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    inner join standing
        on welfare.person_id = standing.person_id and standing.is_primary
        and standing.start_month <= welfare_year.month and standing.end_month > welfare_year.month
    left join rank_only as held
        on welfare.person_id = held.person_id
        and held.start_month <= welfare_year.month and held.end_month > welfare_year.month
    where welfare.year = $year and welfare.entitled > 0
        and welfare.item in (select aspect from rank_rule)
),
counted as (
    select item, kept_as, count(*) as people, count(*) filter (is_full) as full_use
    from entitled
    group by item, kept_as
),
hidden as (
    select *, withheld(people, kept_as, item, $min_group) as suppressed from counted
)
select
    hidden.item, hidden.kept_as,
    cast(case when not suppressed then people end as integer) as people,
    cast(case when not suppressed then full_use end as integer) as full_use,
    case when not suppressed then full_use / people::double end as share,
    suppressed, rule.document, rule.clause, rule.confirmed
from hidden
inner join rank_rule as rule
    on hidden.item = rule.aspect
    and rule.valid_from <= $year * 100 + 12 and (rule.valid_to is null or rule.valid_to > $year * 100 + 12)
order by rule.place, case kept_as when 'rank_only' then 1 when 'leading' then 2 else 3 end
