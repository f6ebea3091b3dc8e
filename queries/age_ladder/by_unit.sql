-- asks: Where under a unit is each target met, and where are people short?
-- reads: target_month, age_target, target_status, unit_below, target_undecided
-- takes: as_of, target?, unit?
-- grain: unit_id, target_id
-- columns:
--   unit_id     VARCHAR  a unit right under the one asked for
--   unit_name   VARCHAR  its name
--   target_id   VARCHAR  the target
--   who_en      VARCHAR  whom it is about
--   who_zh      VARCHAR  whom it is about, in Chinese
--   band_en     VARCHAR  the band by name
--   band_zh     VARCHAR  the band by name, in Chinese
--   base        INTEGER  the denominator: people, posts or units
--   needed      INTEGER  people that the target would ask of the unit alone
--   have        INTEGER  people who count
--   spare       INTEGER  have less needed
--   spare_low   INTEGER  the same at worst, whatever the births and political statuses that are not known turn out to be
--   spare_high  INTEGER  the same at best
--   status      VARCHAR  met, at_risk or missed
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with target as (
    select * from age_target
    where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
        and ($target is null or target_id = $target)
),
below as (
    select unit_no, last_no, unit_id, name from unit_below where upper_id = coalesce($unit, '*')
),
counted as (
    select
        ledger.target_no, below.unit_no, below.unit_id, below.name,
        sum(ledger.base) as base, sum(ledger.have) as have
    from target_month as ledger
    asof inner join below on ledger.unit_no >= below.unit_no
    where ledger.unit_no <= below.last_no
        and ledger.year = cast(floor($as_of / 100) as integer) and ledger.month <= $as_of
    group by ledger.target_no, below.unit_no, below.unit_id, below.name
),
either as (
    select
        undecided.target_no, below.unit_no, undecided.unit_no as place_no, undecided.side, undecided.person_id, undecided.by_party,
        case undecided.birth_known
            when 'none' then undecided.upper_age when 'year' then least(12, undecided.band_end - $as_of) else 12
        end as reach
    from target_undecided as undecided
    semi join target on undecided.target_no = target.target_no
    inner join below on undecided.unit_no between below.unit_no and below.last_no
    where undecided.start_month <= $as_of and undecided.end_month > $as_of
),
place as (
    select
        either.target_no, either.unit_no, either.place_no, max(target.numerator) as most,
        count(*) as people
    from either
    inner join target on either.target_no = target.target_no and target.kind = 'per_unit'
    group by either.target_no, either.unit_no, either.place_no
),
filled as (
    select place.target_no, place.unit_no, place.place_no, place.most, place.people, sum(ledger.have) as have
    from place
    left join target_month as ledger
        on place.target_no = ledger.target_no and place.place_no = ledger.unit_no
        and ledger.year = cast(floor($as_of / 100) as integer) and ledger.month <= $as_of
    group by place.target_no, place.unit_no, place.place_no, place.most, place.people
),
person as (
    select
        target_no, unit_no, person_id,
        count(*) filter (side = 'have') as own, count(*) filter (side = 'base') as above,
        max(case when side = 'have' then reach end) as own_reach, max(case when side = 'base' then reach end) as above_reach,
        coalesce(bool_or(by_party) filter (side = 'have'), false) as own_party,
        coalesce(bool_or(by_party) filter (side = 'base'), false) as above_party
    from either
    group by target_no, unit_no, person_id
),
way as (
    select
        person.target_no, person.unit_no,
        person.own * target.divisor as gain, person.above * target.numerator as loss,
        person.above = 0 or person.own_reach > person.above_reach or (person.above_party and not person.own_party)
            as gains_alone,
        person.own = 0 or person.above_reach > person.own_reach or (person.own_party and not person.above_party)
            as loses_alone
    from person
    inner join target on person.target_no = target.target_no and target.kind <> 'per_unit'
),
reach as (
    select
        target_no, unit_no,
        sum(greatest(0, gain - loss, case when gains_alone then gain else 0 end)) as best,
        sum(least(0, gain - loss, case when loses_alone then -loss else 0 end)) as worst
    from way
    group by target_no, unit_no
    union all
    select target_no, unit_no, sum(least(people, greatest(most - coalesce(have, 0), 0))), 0
    from filled
    group by target_no, unit_no
),
judged as (
    select
        counted.unit_no, counted.unit_id, counted.name as unit_name, target.*,
        cast(counted.base as integer) as base,
        cast(ceil(target.numerator * counted.base / target.divisor) as integer) as needed,
        cast(counted.have as integer) as have,
        cast(floor((target.divisor * counted.have - target.numerator * counted.base + coalesce(reach.worst, 0))
            / target.divisor) as integer) as spare_low,
        cast(floor((target.divisor * counted.have - target.numerator * counted.base + coalesce(reach.best, 0))
            / target.divisor) as integer) as spare_high
    from counted
    inner join target using (target_no)
    left join reach using (target_no, unit_no)
    where counted.base > 0
)
select
    judged.unit_id, judged.unit_name, judged.target_id, judged.name_en as who_en, judged.name_zh as who_zh,
    judged.band_en, judged.band_zh,
    judged.base, judged.needed, judged.have, judged.have - judged.needed as spare,
    judged.spare_low, judged.spare_high, rule.status,
    judged.document, judged.clause, judged.confirmed
from judged
left join target_status as rule
    on rule.kind = judged.kind
    and judged.have - judged.needed between coalesce(rule.spare_from, -1e9) and coalesce(rule.spare_to, 1e9)
    and rule.valid_from <= $as_of and rule.valid_to > $as_of
order by judged.unit_no, judged.place
