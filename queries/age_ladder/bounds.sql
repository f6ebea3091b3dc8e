-- asks: Between which numbers do the people who count and the need lie, whatever the births that are not known turn out to be?
-- reads: target_spell, target_unit, target_month, age_target, extent, unit_seen
-- takes: as_of, unit?
-- grain: target_id
-- columns:
--   target_id    VARCHAR  the target, one with an age line
--   unknown      INTEGER  people it counts in or out by a birth that is not known, or known to the year only
--   base         INTEGER  the denominator
--   base_high    INTEGER  the same if all of them were young; below it is counted as if none were
--   have         INTEGER  people who count, as the house counts: none of them is young
--   have_high    INTEGER  people who count if all of them were young
--   needed       INTEGER  people that the target asks for
--   needed_high  INTEGER  people it would ask for if all were young: more where it is a share within another target
--   share_low    DOUBLE   least part of the denominator that may count
--   share_high   DOUBLE   greatest part of it
with target as (
    select * from age_target where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
span as (
    select first_no, last_no from extent where unit_id = coalesce($unit, '*')
),
unsure as (
    select target.target_no, spell.person_id, spell.unit_no, place.group_no
    from target_spell as spell
    inner join target on spell.target_no = target.target_no and target.upper_age is not null
    inner join target_unit as place on spell.target_no = place.target_no and spell.unit_no = place.unit_no
    inner join span on place.group_no between span.first_no and span.last_no
    semi join unit_seen as seen on place.group_no = seen.unit_no
    where spell.birth_known in ('none', 'year')
        and spell.start_month <= $as_of and spell.end_month > $as_of
        and spell.asked
        and (
            spell.birth_month is null
            or (
                $as_of - spell.birth_month >= 100 * target.upper_age
                and $as_of - (spell.birth_month + 11) < 100 * target.upper_age
            )
        )
),
counted as (
    select ledger.target_no, ledger.unit_no as group_no, sum(ledger.base) as base, sum(ledger.have) as have
    from target_month as ledger
    inner join span on ledger.unit_no between span.first_no and span.last_no
    where ledger.year = cast(floor($as_of / 100) as integer) and ledger.month <= $as_of
    group by ledger.target_no, ledger.unit_no
),
more as (
    select
        target.target_no, unsure.group_no,
        case
            when target.kind = 'per_unit'
                then least(count(*), greatest(target.numerator - coalesce(max(counted.have), 0), 0))
            else count(*)
        end as people
    from unsure
    inner join target on unsure.target_no = target.target_no
    left join counted on unsure.target_no = counted.target_no and unsure.group_no = counted.group_no
    group by target.target_no, target.kind, target.numerator, unsure.group_no
),
below as (
    select target.target_no, count(*) as people
    from target
    inner join target as parent on target.parent_id = parent.target_id
    inner join unsure on parent.target_no = unsure.target_no
    where target.denominator = 'parent'
    group by target.target_no
),
concerned as (
    select target_no, count(distinct person_id) as people
    from (
        select target_no, person_id from unsure
        union all
        select target.target_no, unsure.person_id
        from target
        inner join target as parent on target.parent_id = parent.target_id
        inner join unsure on parent.target_no = unsure.target_no
        where target.denominator = 'parent'
    ) as everyone
    group by target_no
),
in_both as (
    select unsure.target_no, count(*) as people
    from unsure
    inner join target on unsure.target_no = target.target_no and target.denominator = 'parent'
    inner join target as parent on target.parent_id = parent.target_id
    semi join unsure as above
        on parent.target_no = above.target_no and unsure.person_id = above.person_id and unsure.unit_no = above.unit_no
    group by unsure.target_no
),
whole as (
    select target.target_no, coalesce(sum(counted.base), 0) as base, coalesce(sum(counted.have), 0) as have
    from target
    left join counted on target.target_no = counted.target_no
    group by target.target_no
),
own as (
    select target_no, sum(people) as people from more group by target_no
)
select
    target.target_id,
    cast(coalesce(concerned.people, 0) as integer) as unknown,
    cast(whole.base as integer) as base,
    cast(whole.base + coalesce(below.people, 0) as integer) as base_high,
    cast(whole.have as integer) as have,
    cast(whole.have + coalesce(own.people, 0) as integer) as have_high,
    cast(ceil(target.numerator * whole.base / target.divisor) as integer) as needed,
    cast(ceil(target.numerator * (whole.base + coalesce(below.people, 0)) / target.divisor) as integer) as needed_high,
    whole.have / nullif(whole.base + coalesce(below.people, 0), 0)::double as share_low,
    (whole.have + coalesce(own.people, 0)) / nullif(whole.base + coalesce(in_both.people, 0), 0)::double as share_high
from target
inner join whole on target.target_no = whole.target_no
left join concerned on target.target_no = concerned.target_no
left join below on target.target_no = below.target_no
left join in_both on target.target_no = in_both.target_no
left join own on target.target_no = own.target_no
where target.upper_age is not null
order by target.place
