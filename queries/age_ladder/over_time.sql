-- asks: How has a target stood month by month, and how will it stand if nobody moves?
-- reads: target_month, age_target, extent, month, target_undecided
-- takes: since, until, target, unit?
-- grain: month
-- columns:
--   month         INTEGER  YYYYMM
--   base          INTEGER  the denominator: people, posts or units
--   needed        INTEGER  people that the target asks for; null before it was in force
--   have          INTEGER  people who count
--   share         DOUBLE   have over base (over needed where each unit is asked for people); null where the base is 0
--   share_low     DOUBLE   the least it can be, whatever the births and political statuses that are not known turn out to be
--   share_high    DOUBLE   the greatest
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
),
either as (
    select
        undecided.target_no, month.month, month.year, undecided.unit_no, undecided.side, undecided.person_id, undecided.by_party,
        case undecided.birth_known
            when 'none' then undecided.upper_age when 'year' then least(12, undecided.band_end - month.month) else 12
        end as reach
    from target_undecided as undecided
    semi join target on undecided.target_no = target.target_no
    inner join extent on undecided.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    inner join month on month.month between $since and $until
        and undecided.start_month <= month.month and undecided.end_month > month.month
),
place as (
    select either.target_no, either.month, either.year, either.unit_no, count(*) as people, max(target.numerator) as most
    from either
    inner join target on either.target_no = target.target_no and target.kind = 'per_unit'
    group by either.target_no, either.month, either.year, either.unit_no
),
filled as (
    select
        place.target_no, place.month, place.unit_no,
        least(max(place.people), greatest(max(place.most) - coalesce(sum(ledger.have), 0), 0)) as people
    from place
    left join target_month as ledger
        on place.target_no = ledger.target_no and place.unit_no = ledger.unit_no
        and place.year = ledger.year and ledger.month <= place.month
    group by place.target_no, place.month, place.unit_no
),
side as (
    select
        target_no, month, person_id,
        count(*) filter (side = 'have') as own, count(*) filter (side = 'base') as above,
        max(case when side = 'have' then reach end) as own_reach, max(case when side = 'base' then reach end) as above_reach,
        coalesce(bool_or(by_party) filter (side = 'have'), false) as own_party,
        coalesce(bool_or(by_party) filter (side = 'base'), false) as above_party
    from either
    where target_no not in (select target_no from target where kind = 'per_unit')
    group by target_no, month, person_id
),
person as (
    select
        *,
        above = 0 or coalesce(own_reach > above_reach, false) or (above_party and not own_party) as own_alone,
        own = 0 or coalesce(above_reach > own_reach, false) or (own_party and not above_party) as above_alone,
        case when own_reach > above_reach or (above_party and not own_party) then 0 else own end as bound
    from side
),
freely as (
    select
        target_no, month,
        coalesce(sum(own) filter (own_alone), 0) as own, coalesce(sum(above) filter (above_alone), 0) as above
    from person
    group by target_no, month
    union all
    select target_no, month, sum(people), 0 from filled group by target_no, month
),
likeliest as (
    select
        target_no, month, 'high' as edge,
        sum(bound) over (partition by target_no, month order by bound / above::double desc, above, person_id) as own,
        sum(above) over (partition by target_no, month order by bound / above::double desc, above, person_id) as above
    from person
    where above > 0
    union all
    select
        target_no, month, 'low',
        sum(own) over (partition by target_no, month order by own / above::double, person_id),
        sum(above) over (partition by target_no, month order by own / above::double, person_id)
    from person
    where above > 0 and not above_alone
    union all
    select target_no, month, edge, 0, 0
    from running
    cross join (select 'high' as edge union all select 'low') as every_edge
    where month between $since and $until and mod(month, 100) > 0
),
reach as (
    select
        likeliest.target_no, likeliest.month,
        max((running.have + coalesce(freely.own, 0) + likeliest.own)
            / nullif(running.base + likeliest.above, 0)::double) filter (edge = 'high') as high,
        min((running.have + likeliest.own)
            / nullif(running.base + coalesce(freely.above, 0) + likeliest.above, 0)::double) filter (edge = 'low') as low
    from likeliest
    inner join running on likeliest.target_no = running.target_no and likeliest.month = running.month
    left join freely on likeliest.target_no = freely.target_no and likeliest.month = freely.month
    group by likeliest.target_no, likeliest.month
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
    case when target.kind = 'per_unit' then reach.low / target.numerator else reach.low end as share_low,
    case when target.kind = 'per_unit' then reach.high / target.numerator else reach.high end as share_high,
    case
        when running.month < target.valid_from then null
        when target.kind = 'per_unit' then 1.0::double
        else target.numerator / target.divisor
    end as target_share
from running
inner join target using (target_no)
left join reach using (target_no, month)
where running.month between $since and $until
    and mod(running.month, 100) > 0
    and target.counted_from <= running.month and (target.valid_to is null or target.valid_to > running.month)
order by running.month
