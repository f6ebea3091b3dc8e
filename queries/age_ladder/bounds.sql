-- asks: Between which numbers do the people who count and the need lie, whatever the births and political statuses that are not known turn out to be?
-- reads: target_undecided, target_month, age_target, extent
-- takes: as_of, unit?
-- grain: target_id
-- columns:
--   target_id    VARCHAR  the target
--   unknown      INTEGER  people it counts in or out by a birth or a political status that is not known
--   births       INTEGER  of these, people whose birth is not known, or known to the year only
--   parties      INTEGER  of these, people whose political status is not known
--   base         INTEGER  the denominator
--   base_high    INTEGER  the same if all of them counted in it; below it is counted as if none did
--   have         INTEGER  people who count, as the house counts: none of them
--   have_high    INTEGER  people who count if all of them did
--   needed       INTEGER  people that the target asks for
--   needed_high  INTEGER  people it would ask for at most: more where it is a share within another target
--   share_low    DOUBLE   least part of the denominator that may count
--   share_high   DOUBLE   greatest part of it
with target as (
    select * from age_target where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
span as (
    select first_no, last_no from extent where unit_id = coalesce($unit, '*')
),
counted as (
    select ledger.target_no, ledger.unit_no, sum(ledger.base) as base, sum(ledger.have) as have
    from target_month as ledger
    inner join span on ledger.unit_no between span.first_no and span.last_no
    where ledger.year = cast(floor($as_of / 100) as integer) and ledger.month <= $as_of
    group by ledger.target_no, ledger.unit_no
),
whole as (
    select target.target_no, coalesce(sum(counted.base), 0) as base, coalesce(sum(counted.have), 0) as have
    from target
    left join counted on target.target_no = counted.target_no
    group by target.target_no
),
either as (
    select
        undecided.target_no, undecided.side, undecided.person_id, undecided.unit_no, undecided.by_party,
        case undecided.birth_known
            when 'none' then undecided.upper_age when 'year' then least(12, undecided.band_end - $as_of) else 12
        end as reach,
        undecided.upper_age < 999
            and (undecided.birth_known = 'none' or (undecided.birth_known = 'year' and undecided.band_end - 11 <= $as_of)) as by_birth
    from target_undecided as undecided
    inner join target on undecided.target_no = target.target_no
    inner join span on undecided.unit_no between span.first_no and span.last_no
    where undecided.start_month <= $as_of and undecided.end_month > $as_of
),
place as (
    select
        either.target_no, either.unit_no,
        case
            when target.kind = 'per_unit'
                then least(count(*), greatest(target.numerator - coalesce(max(counted.have), 0), 0))
            else count(*)
        end as people
    from either
    inner join target on either.target_no = target.target_no
    left join counted on either.target_no = counted.target_no and either.unit_no = counted.unit_no
    where either.side = 'have'
    group by either.target_no, target.kind, target.numerator, either.unit_no
),
side as (
    select
        target_no, person_id, bool_or(by_birth) as by_birth, bool_or(by_party) as by_party,
        count(*) filter (side = 'have') as own, count(*) filter (side = 'base') as above,
        max(case when side = 'have' then reach end) as own_reach, max(case when side = 'base' then reach end) as above_reach,
        coalesce(bool_or(by_party) filter (side = 'have'), false) as own_party,
        coalesce(bool_or(by_party) filter (side = 'base'), false) as above_party
    from either
    group by target_no, person_id
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
        target_no, count(*) as people,
        count(*) filter (by_birth) as births, count(*) filter (by_party) as parties, sum(above) as above,
        coalesce(sum(own) filter (own_alone), 0) as own_alone, coalesce(sum(above) filter (above_alone), 0) as above_alone
    from person
    group by target_no
),
likeliest as (
    select
        target_no, 'high' as edge,
        sum(bound) over (partition by target_no order by bound / above::double desc, above, person_id) as own,
        sum(above) over (partition by target_no order by bound / above::double desc, above, person_id) as above
    from person
    where above > 0
    union all
    select
        target_no, 'low',
        sum(own) over (partition by target_no order by own / above::double, person_id),
        sum(above) over (partition by target_no order by own / above::double, person_id)
    from person
    where above > 0 and not above_alone
    union all
    select target_no, edge, 0, 0
    from target
    cross join (select 'high' as edge union all select 'low') as every_edge
),
share as (
    select
        likeliest.target_no,
        max((whole.have + coalesce(freely.own_alone, 0) + likeliest.own)
            / nullif(whole.base + likeliest.above, 0)::double) filter (edge = 'high') as high,
        min((whole.have + likeliest.own)
            / nullif(whole.base + coalesce(freely.above_alone, 0) + likeliest.above, 0)::double) filter (edge = 'low') as low
    from likeliest
    inner join whole on likeliest.target_no = whole.target_no
    left join freely on likeliest.target_no = freely.target_no
    group by likeliest.target_no
),
own as (
    select target_no, sum(people) as people from place group by target_no
)
select
    target.target_id,
    cast(coalesce(freely.people, 0) as integer) as unknown,
    cast(coalesce(freely.births, 0) as integer) as births,
    cast(coalesce(freely.parties, 0) as integer) as parties,
    cast(whole.base as integer) as base,
    cast(whole.base + coalesce(freely.above, 0) as integer) as base_high,
    cast(whole.have as integer) as have,
    cast(whole.have + coalesce(own.people, 0) as integer) as have_high,
    cast(ceil(target.numerator * whole.base / target.divisor) as integer) as needed,
    cast(ceil(target.numerator * (whole.base + coalesce(freely.above, 0)) / target.divisor) as integer) as needed_high,
    case when target.kind = 'per_unit' then whole.have / nullif(whole.base, 0)::double else share.low end as share_low,
    case when target.kind = 'per_unit' then (whole.have + coalesce(own.people, 0)) / nullif(whole.base, 0)::double
        else share.high end as share_high
from target
inner join whole on target.target_no = whole.target_no
inner join share on target.target_no = share.target_no
left join freely on target.target_no = freely.target_no
left join own on target.target_no = own.target_no
order by target.place
