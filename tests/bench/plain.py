"""The questions as one would write them over the standing table, without marts."""

COUNTED = """
standing_then as (
    select distinct
        moment.month, target.target_no, standing.unit_no, standing.person_id,
        coalesce(
            (target.sex is null or standing.sex = target.sex)
            and (target.party is null or standing.outside_party)
            and (target.upper_age is null or moment.month - standing.birth_month < 100 * target.upper_age),
            false
        ) as young
    from moment
    inner join target using (target_no)
    inner join whole.standing as standing
        on standing.start_month <= moment.month and standing.end_month > moment.month
        and standing.body = target.body
        and (target.organ is null or standing.organ = target.organ)
        and list_contains(string_split(target.roles, '|'), standing.role)
        and (target.posts = 'any' or standing.is_primary)
),
people as (
    select month, target_no, place.group_no, count(*) as people, count(*) filter (where young) as young
    from standing_then
    inner join whole.target_unit as place using (target_no, unit_no)
    group by all
),
asked as (
    select month, target_no, group_no, sum(base) as places
    from moment
    inner join whole.target_unit using (target_no)
    where from_month <= month and to_month > month
    group by all
),
grouped as (
    select
        month, target_no, group_no, coalesce(people.people, 0) as people, coalesce(young, 0) as young,
        coalesce(places, 0) as places, asked.group_no is not null as is_asked
    from people
    full join asked using (month, target_no, group_no)
),
parent as (
    select moment.target_no, moment.month, older.target_no as parent_no
    from moment
    inner join target as child using (target_no)
    inner join target as older
        on older.target_id = child.parent_id
        and older.counted_from <= moment.month
        and (older.valid_to is null or older.valid_to > moment.month)
),
placed as (
    select
        grouped.month, grouped.target_no, grouped.group_no,
        case
            when target.kind = 'per_unit' then cast(grouped.is_asked as integer)
            when target.denominator = 'parent' then coalesce(above.young, 0)
            when target.denominator = 'in_post' then grouped.people
            else grouped.places
        end as base,
        case when target.kind = 'per_unit' then least(grouped.young, target.numerator) else grouped.young end as have
    from grouped
    inner join target using (target_no)
    left join parent using (target_no, month)
    left join grouped as above
        on parent.parent_no = above.target_no and grouped.month = above.month and grouped.group_no = above.group_no
)
"""

QUOTA = f"""
with target as (
    select
        *,
        (
            select min(month) from whole.term_change as c
            where c.tier = t.tier and c.organ is not distinct from t.organ and month >= $as_of
        ) as term_month
    from whole.age_target as t
    where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
moment as (
    select target_no, $as_of as month from target
    union
    select target_no, term_month from target where term_month is not null
),
{COUNTED},
counted as (
    select
        target_no, month, sum(base) as base, sum(have) as have,
        ceil(any_value(numerator) * sum(base) / any_value(divisor)) as needed
    from placed
    inner join target using (target_no)
    group by target_no, month
)
select
    target.target_id, now.base, now.needed, now.have,
    term.needed as needed_at_term, term.have as have_at_term
from target
inner join counted as now on target.target_no = now.target_no and now.month = $as_of
left join counted as term on target.target_no = term.target_no and term.month = target.term_month
where now.base > 0
"""

BY_UNIT = f"""
with target as (
    select * from whole.age_target where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
moment as (
    select target_no, $as_of as month from target
),
{COUNTED},
area as (
    select unit.unit_id, unit.unit_no, unit.last_no
    from whole.unit as unit
    inner join whole.unit as top on unit.parent_no = top.unit_no and top.parent_no is null
),
counted as (
    select area.unit_id, placed.target_no, sum(base) as base, sum(have) as have
    from placed
    asof join area on placed.group_no >= area.unit_no
    where placed.group_no <= area.last_no
    group by area.unit_id, placed.target_no
)
select unit_id, target_id, base, have, ceil(numerator * base / divisor) as needed
from counted
inner join target using (target_no)
where base > 0
"""

OVER_TIME = f"""
with target as (
    select * from whole.age_target where target_id = $target
),
moment as (
    select target_no, month from target cross join whole.month where month between $since and $until
),
{COUNTED}
select
    month, sum(base) as base, sum(have) as have,
    case
        when month >= any_value(valid_from) then ceil(any_value(numerator) * sum(base) / any_value(divisor))
    end as needed
from placed
inner join target using (target_no)
where counted_from <= month and (valid_to is null or valid_to > month)
group by month
"""

LADDER = """
select coalesce(band.band_id, 'unknown') as band_id, standing.level, standing.sex, count(*) as people
from whole.standing as standing
left join whole.age_band as band
    on $as_of - standing.birth_month >= 100 * band.lower_age
    and $as_of - standing.birth_month < 100 * band.upper_age
where standing.is_primary and standing.start_month <= $as_of and standing.end_month > $as_of
group by all
"""
