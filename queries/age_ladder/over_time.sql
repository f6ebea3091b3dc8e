-- asks: How has a target stood month by month, and how will it stand if nobody moves?
-- reads: target_month, age_target, extent, month
-- takes: since, until, target, unit?
-- grain: month
-- columns:
--   month         INTEGER  YYYYMM
--   base          INTEGER  the denominator: people, posts or units
--   needed        INTEGER  people that the target asks for; null before it was in force
--   have          INTEGER  people who count
--   share         DOUBLE   have over base (over needed where each unit is asked for people); null where the base is 0
--   target_share  DOUBLE   the share that meets the target; null before it was in force
with target as (
    select * from age_target where target_id = $target
),
change as (
    select ledger.target_no, ledger.year, ledger.month, sum(ledger.base) as base, sum(ledger.have) as have
    from target_month as ledger
    inner join target using (target_no)
    inner join extent on ledger.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and ledger.year between floor($since / 100) and floor($until / 100)
    group by ledger.target_no, ledger.year, ledger.month
),
dated as (
    select target_no, year, month from target cross join month
    where month between floor($since / 100) * 100 + 1 and $until
    union
    select target_no, year, month from change
),
running as (
    select
        dated.target_no, dated.month,
        sum(coalesce(change.base, 0)) over past as base,
        sum(coalesce(change.have, 0)) over past as have
    from dated
    left join change using (target_no, year, month)
    window past as (
        partition by dated.target_no, dated.year order by dated.month
        rows between unbounded preceding and current row
    )
)
select
    running.month,
    cast(running.base as integer) as base,
    case
        when running.month >= target.valid_from
            then cast(ceil(target.numerator * running.base / target.divisor) as integer)
    end as needed,
    cast(running.have as integer) as have,
    case
        when running.base <= 0 then null
        when target.kind = 'per_unit' then running.have / (running.base * target.numerator)
        else running.have / running.base
    end as share,
    case
        when running.month < target.valid_from then null
        when target.kind = 'per_unit' then 1.0::double
        else target.numerator / target.divisor
    end as target_share
from running
inner join target using (target_no)
where running.month between $since and $until
    and mod(running.month, 100) > 0
    and target.counted_from <= running.month and (target.valid_to is null or target.valid_to > running.month)
order by running.month
