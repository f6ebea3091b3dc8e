-- makes: Entitlement and use counted at every unit for all below it, a side at a time: a screen reads the rows of one unit.
-- reads: welfare, welfare_year, age_band, unit
-- scope: unit_no
-- grain: year, item, unit_no, side, code
-- columns:
--   year      INTEGER  year
--   item      VARCHAR  the item
--   unit_no   INTEGER  the unit, with everything under it; of side own itself alone
--   side      VARCHAR  what people are told apart by: all, own, body, level, sex, band or place (body and level)
--   code      VARCHAR  which of it: code, band_id, unknown, or body|level; all where they are not told apart
--   people    INTEGER  people entitled
--   full_use  INTEGER  of them, people who used all that they are entitled to
--   entitled  INTEGER  days or times entitled to
--   used      INTEGER  days or times used, of nobody more than entitled to
with cell as (
    select
        welfare.year, welfare.item, welfare.unit_no, welfare.body, coalesce(welfare.level, 'unknown') as level, welfare.sex,
        coalesce(age_band.band_id, 'unknown') as band_id,
        count(*) as people,
        sum(case when welfare.used >= welfare.entitled then 1 else 0 end) as full_use,
        sum(welfare.entitled) as entitled,
        sum(least(welfare.used, welfare.entitled)) as used
    from welfare
    inner join welfare_year on welfare.year = welfare_year.year
    left join age_band
        on welfare_year.month - welfare.birth_month >= 100 * age_band.lower_age
        and welfare_year.month - welfare.birth_month < 100 * age_band.upper_age
    where welfare.entitled > 0
    group by
        welfare.year, welfare.item, welfare.unit_no, welfare.body, coalesce(welfare.level, 'unknown'), welfare.sex,
        coalesce(age_band.band_id, 'unknown')
),
side as (
    select 'all' as side union all select 'own' union all select 'body' union all select 'level' union all select 'sex'
    union all select 'band' union all select 'place'
),
labelled as (
    select
        cell.*, side.side,
        case side.side
            when 'body' then cell.body
            when 'level' then cell.level
            when 'sex' then cell.sex
            when 'band' then cell.band_id
            when 'place' then cell.body || '|' || cell.level
            else 'all'
        end as code
    from cell
    cross join side
),
told_apart as (
    select
        year, item, unit_no, side, code,
        sum(people) as people, sum(full_use) as full_use, sum(entitled) as entitled, sum(used) as used
    from labelled
    group by year, item, unit_no, side, code
),
above as (
    select lower.unit_no, upper.unit_no as upper_no
    from unit as lower
    inner join unit as upper on lower.unit_no between upper.unit_no and upper.last_no
)
select
    told_apart.year, told_apart.item, above.upper_no as unit_no, told_apart.side, told_apart.code,
    cast(sum(told_apart.people) as integer) as people,
    cast(sum(told_apart.full_use) as integer) as full_use,
    cast(sum(told_apart.entitled) as integer) as entitled,
    cast(sum(told_apart.used) as integer) as used
from told_apart
inner join above on told_apart.unit_no = above.unit_no and (told_apart.side <> 'own' or above.unit_no = above.upper_no)
group by told_apart.year, told_apart.item, above.upper_no, told_apart.side, told_apart.code
order by told_apart.year, above.upper_no, told_apart.item, told_apart.side, told_apart.code
