"""The questions as one would write them over the standing table and the files that landed, without marts."""

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

STATUS = f"""
with target as (
    select * from whole.age_target where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
moment as (
    select target_no, $as_of as month from target
),
{COUNTED},
area as (
    select 'self' as place, unit_no, last_no, unit_id from whole.unit where parent_no is null
    union all
    select 'below', unit.unit_no, unit.last_no, unit.unit_id
    from whole.unit
    inner join whole.unit as top on unit.parent_no = top.unit_no and top.parent_no is null
),
top as (
    select min(unit_no) as unit_no, max(last_no) as last_no, case count(*) when 1 then min(unit_id) end as unit_id
    from area where place = 'self'
),
below as (
    select unit_no, last_no, unit_id from area where place = 'below'
),
shown as (
    select 'below' as place, below.unit_no, below.unit_id, placed.*
    from placed
    asof inner join below on placed.group_no >= below.unit_no
    where placed.group_no <= below.last_no
    union all
    select 'self', top.unit_no, top.unit_id, placed.*
    from placed
    inner join top on placed.group_no between top.unit_no and top.last_no
),
judged as (
    select
        shown.place, shown.unit_no, shown.unit_id, target.kind,
        sum(have) - ceil(any_value(numerator) * sum(base) / any_value(divisor)) as spare
    from shown
    inner join target using (target_no)
    group by shown.place, shown.unit_no, shown.unit_id, target_no, target.kind
    having sum(base) > 0
)
select
    unit_id, place, count(*) as targets,
    count(*) filter (where status = 'met') as met,
    count(*) filter (where status = 'at_risk') as at_risk,
    count(*) filter (where status = 'missed') as missed
from judged
inner join whole.target_status as rule
    on judged.kind = rule.kind and spare between coalesce(spare_from, -1e9) and coalesce(spare_to, 1e9)
group by unit_no, unit_id, place
"""

UPTAKE = """
with person as (
    select
        person_id, body, coalesce(level, 'unknown') as level, role, standing.sex, work_month, year_end,
        coalesce(band_id, 'unknown') as band_id
    from whole.welfare_year
    inner join whole.standing on start_month <= month and end_month > month and is_primary
    inner join whole.member using (person_id)
    left join whole.age_band
        on month - standing.birth_month >= 100 * lower_age and month - standing.birth_month < 100 * upper_age
    where year = $year
),
rule as (
    select * from whole.welfare_rule
    where valid_from <= $year * 100 + 12 and (valid_to is null or valid_to > $year * 100 + 12)
),
item as (
    select
        item, any_value(basis) = 'rule' as ruled,
        bool_or(every.kind = 'right' and years_from is not null) as by_years
    from whole.welfare_item as given
    left join whole.welfare_rule as every using (item)
    where given.valid_from <= $year * 100 + 12 and (given.valid_to is null or given.valid_to > $year * 100 + 12)
        and item in (select item from given.welfare_use where year = $year)
    group by item
),
granted as (
    select person_id, item, max(amount) as amount
    from person
    inner join rule
        on kind in ('right', 'round')
        and (bodies is null or list_contains(string_split(bodies, '|'), body))
        and (levels is null or list_contains(string_split(levels, '|'), level))
        and (roles is null or list_contains(string_split(roles, '|'), role))
        and (years_from is null or year_end - work_month > 100 * years_from)
        and (years_to is null or year_end - work_month <= 100 * years_to)
    group by all
),
filed as (
    select person_id, item, max(entitled) as stored, sum(used) as used, bool_or(excluded) as excluded
    from given.welfare_use
    where year = $year
    group by all
),
settled as (
    select
        item, body, level, sex, band_id, coalesce(used, 0) as used,
        case
            when excluded and instead.amount is not null then instead.amount
            when ruled and (work_month is not null or not coalesce(by_years, false)) then coalesce(granted.amount, 0)
            when not ruled then coalesce(stored, used)
            else coalesce(stored, 0)
        end as entitled
    from granted
    full join filed using (person_id, item)
    inner join person using (person_id)
    inner join item using (item)
    left join rule as instead on instead.item = item.item and instead.kind = 'excluded'
)
select
    item, body, nullif(level, 'unknown') as level, sex, band_id,
    case
        when grouping(body) = 0 then 'body'
        when grouping(level) = 0 then 'level'
        when grouping(sex) = 0 then 'sex'
        when grouping(band_id) = 0 then 'band'
        else 'all'
    end as side,
    count(*) as people, count(*) filter (where used >= entitled) as full_use,
    sum(entitled) as entitled, sum(least(used, entitled)) as used
from settled
where entitled > 0
group by grouping sets ((item), (item, body), (item, level), (item, sex), (item, band_id))
"""
