-- makes: Every target's ledger by unit, for any month: add base, have and asked over one year up to the month.
-- reads: target_spell, target_unit, age_target, month
-- scope: unit_no
-- grain: target_no, unit_no, year, month
-- columns:
--   target_no  INTEGER  the dated target row
--   unit_no    INTEGER  the unit (the county, where the target counts by county)
--   year       INTEGER  year
--   month      INTEGER  YYYYMM; YYYY00 carries the state when the year begins
--   base       INTEGER  change of the denominator
--   have       INTEGER  change of the people who count towards the target
--   asked      INTEGER  change of the units that a share within another target is asked of, whoever stands in them
with stay as (
    select spell.target_no, place.group_no, spell.start_month, spell.end_month, spell.band_end
    from target_spell as spell
    inner join target_unit as place on spell.target_no = place.target_no and spell.unit_no = place.unit_no
),
band_event as (
    select target_no, group_no, start_month as month, 1 as people from stay where band_end > start_month
    union all
    select target_no, group_no, band_end, -1 from stay where band_end > start_month and band_end < 999912
),
band_change as (
    select target_no, group_no, month, sum(people) as people from band_event group by target_no, group_no, month
),
group_state as (
    select
        band.target_no, band.group_no, band.month, target.numerator,
        sum(band.people) over (
            partition by band.target_no, band.group_no order by band.month
            rows between unbounded preceding and current row
        ) as people
    from band_change as band
    inner join age_target as target on band.target_no = target.target_no and target.kind = 'per_unit'
),
have_change as (
    select band.target_no, band.group_no, band.month, band.people
    from band_change as band
    inner join age_target as target on band.target_no = target.target_no and target.kind <> 'per_unit'
    union all
    select
        target_no, group_no, month,
        least(people, numerator)
            - coalesce(lag(least(people, numerator)) over (partition by target_no, group_no order by month), 0)
    from group_state
),
asked as (
    select place.target_no, place.group_no, place.from_month, place.to_month, place.base
    from target_unit as place
    inner join age_target as target on place.target_no = target.target_no and target.kind <> 'per_unit'
    where target.denominator in ('units', 'approved')
    union all
    select place.target_no, place.group_no, min(place.from_month), max(place.to_month), 1
    from target_unit as place
    inner join age_target as target on place.target_no = target.target_no and target.kind = 'per_unit'
    group by place.target_no, place.group_no
    union all
    select stay.target_no, stay.group_no, stay.start_month, stay.end_month, 1
    from stay
    inner join age_target as target on stay.target_no = target.target_no and target.denominator = 'in_post'
    union all
    select
        child.target_no, stay.group_no,
        greatest(stay.start_month, parent.counted_from), least(stay.band_end, coalesce(parent.valid_to, 999912)), 1
    from stay
    inner join age_target as parent on stay.target_no = parent.target_no
    inner join age_target as child on parent.target_id = child.parent_id and child.denominator = 'parent'
    where greatest(stay.start_month, parent.counted_from) < least(stay.band_end, coalesce(parent.valid_to, 999912))
),
base_change as (
    select target_no, group_no, from_month as month, base as people from asked
    union all
    select target_no, group_no, to_month, -base from asked where to_month < 999912
),
part as (
    select place.target_no, place.group_no, place.from_month, place.to_month
    from target_unit as place
    inner join age_target as target on place.target_no = target.target_no and target.kind = 'sub_share'
),
change as (
    select target_no, group_no, month, sum(base) as base, sum(have) as have, sum(asked) as asked
    from (
        select target_no, group_no, month, people as base, 0 as have, 0 as asked from base_change
        union all
        select target_no, group_no, month, 0, people, 0 from have_change
        union all
        select target_no, group_no, from_month, 0, 0, 1 from part
        union all
        select target_no, group_no, to_month, 0, 0, -1 from part where to_month < 999912
    ) as every_side
    where month <= (select max(month) from month)
    group by target_no, group_no, month
),
carried as (
    select
        change.target_no, change.group_no, calendar.year,
        sum(change.base) as base, sum(change.have) as have, sum(change.asked) as asked
    from change
    inner join (select distinct year from month) as calendar on change.month < calendar.year * 100
    group by change.target_no, change.group_no, calendar.year
)
select
    target_no, cast(group_no as integer) as unit_no, cast(floor(month / 100) as integer) as year, month,
    cast(base as integer) as base, cast(have as integer) as have, cast(asked as integer) as asked
from change
where base <> 0 or have <> 0 or asked <> 0
union all
select
    target_no, cast(group_no as integer), year, year * 100,
    cast(base as integer), cast(have as integer), cast(asked as integer)
from carried
where base <> 0 or have <> 0 or asked <> 0
order by target_no, year, month, unit_no
