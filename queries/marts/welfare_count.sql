-- makes: Entitlement and use counted at every unit for all below it, a side at a time: a screen reads the rows of one unit.
-- reads: welfare, welfare_year, age_band, unit, given.part
-- scope: unit_no
-- grain: year, item, unit_no, side, code
-- sums: people, full_use, entitled, used
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
with born as (
    select distinct year, birth_month from welfare
),
aged as (
    select born.year, born.birth_month, age_band.band_id
    from born
    inner join welfare_year on born.year = welfare_year.year
    inner join age_band
        on welfare_year.month - born.birth_month >= 100 * age_band.lower_age
        and welfare_year.month - born.birth_month < 100 * age_band.upper_age
),
person as (
    select
        welfare.year, welfare.item, welfare.unit_no,
        coalesce(welfare.level, 'unknown') as level, welfare.sex, coalesce(aged.band_id, 'unknown') as band_id,
        case when welfare.used >= welfare.entitled then 1 else 0 end as full_use,
        welfare.entitled, least(welfare.used, welfare.entitled) as used
    from welfare
    inner join given.part on welfare.year % part.parts = part.number
    left join aged on welfare.year = aged.year and welfare.birth_month = aged.birth_month
    where welfare.entitled > 0
),
cell as (
    select
        year, item, unit_no,
        case when grouping(level) = 0 then 'level' when grouping(sex) = 0 then 'sex' else 'band' end as side,
        coalesce(level, sex, band_id) as code,
        count(*) as people, sum(full_use) as full_use, sum(entitled) as entitled, sum(used) as used
    from person
    group by grouping sets ((year, item, unit_no, level), (year, item, unit_no, sex), (year, item, unit_no, band_id))
),
whole as (
    select
        cell.year, cell.item, cell.unit_no, unit.body,
        sum(cell.people) as people, sum(cell.full_use) as full_use, sum(cell.entitled) as entitled, sum(cell.used) as used
    from cell
    inner join unit on cell.unit_no = unit.unit_no
    where cell.side = 'level'
    group by cell.year, cell.item, cell.unit_no, unit.body
),
told_apart as (
    select year, item, unit_no, side, code, people, full_use, entitled, used from cell
    union all
    select cell.year, cell.item, cell.unit_no, 'place', unit.body || '|' || cell.code, people, full_use, entitled, used
    from cell
    inner join unit on cell.unit_no = unit.unit_no
    where cell.side = 'level'
    union all
    select year, item, unit_no, 'all', 'all', people, full_use, entitled, used from whole
    union all
    select year, item, unit_no, 'body', body, people, full_use, entitled, used from whole
),
seen_from as (
    select
        told_apart.year, told_apart.item, told_apart.side, told_apart.code,
        told_apart.people, told_apart.full_use, told_apart.entitled, told_apart.used,
        case when unit.last_no = unit.unit_no then unit.parent_no else unit.unit_no end as host_no
    from told_apart
    inner join unit on told_apart.unit_no = unit.unit_no
),
hosted as (
    select
        year, item, host_no, side, code,
        sum(people) as people, sum(full_use) as full_use, sum(entitled) as entitled, sum(used) as used
    from seen_from
    group by year, item, host_no, side, code
),
above as (
    select lower.unit_no as host_no, upper.unit_no
    from unit as lower
    inner join unit as upper on lower.unit_no between upper.unit_no and upper.last_no
    where lower.last_no > lower.unit_no
),
summed as (
    select
        hosted.year, hosted.item, above.unit_no, hosted.side, hosted.code,
        sum(hosted.people) as people, sum(hosted.full_use) as full_use,
        sum(hosted.entitled) as entitled, sum(hosted.used) as used
    from hosted
    inner join above on hosted.host_no = above.host_no
    group by hosted.year, hosted.item, above.unit_no, hosted.side, hosted.code
    union all
    select told_apart.year, told_apart.item, told_apart.unit_no, side, code, people, full_use, entitled, used
    from told_apart
    inner join unit on told_apart.unit_no = unit.unit_no and unit.last_no = unit.unit_no
    union all
    select year, item, unit_no, 'own', 'all', people, full_use, entitled, used from whole
)
select
    year, item, unit_no, side, code,
    cast(people as integer) as people,
    cast(full_use as integer) as full_use,
    cast(entitled as integer) as entitled,
    cast(used as integer) as used
from summed
order by year, unit_no, item
