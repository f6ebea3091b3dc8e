-- asks: How many people stand on each step of the age ladder, by sex and level?
-- reads: ladder, standing, age_band, extent
-- takes: as_of, line?, body?, organ?, roles?, level?, sex?, unit?
-- grain: band_id, level, sex
-- columns:
--   band_id    VARCHAR  the step, cut in two (below, from) where the age line asked for runs through it; unknown without a birth
--   band_en    VARCHAR  its name
--   band_zh    VARCHAR  its name in Chinese
--   lower_age  INTEGER  completed years from
--   upper_age  INTEGER  completed years below
--   document   VARCHAR  source of the steps
--   confirmed  VARCHAR  who stands behind it
--   level      VARCHAR  post level; null on a step where nobody stands
--   sex        VARCHAR  male or female; null on a step where nobody stands
--   people     INTEGER  people by primary post; after the data month nobody moves
with step as (
    select band_id, name_en, name_zh, lower_age, upper_age, document, confirmed
    from age_band
    where $line is null or $line <= lower_age or $line >= upper_age
    union all
    select
        band_id || part.suffix,
        case when upper - lower = 1 then lower::varchar when upper >= 200 then lower || ' and over'
            else lower || '–' || (upper - 1) end,
        case when upper - lower = 1 then lower || '岁' when upper >= 200 then lower || '岁及以上'
            else lower || '–' || (upper - 1) || '岁' end,
        lower, upper, document, confirmed
    from age_band
    cross join (
        select '_below' as suffix union all select '_from'
    ) as part
    cross join lateral (
        select
            case when part.suffix = '_below' then lower_age else cast($line as integer) end as lower,
            case when part.suffix = '_below' then cast($line as integer) else upper_age end as upper
    ) as cut
    where $line > lower_age and $line < upper_age
),
one_by_one as (
    select first_no, last_no from extent
    where unit_id = coalesce($unit, '*') and ($unit is not null or not exists (select 1 from ladder))
),
person as (
    select body, organ, role, level, sex, birth_month, people
    from ladder
    where $unit is null and year = cast(floor($as_of / 100) as integer) and month <= $as_of
    union all
    select body, organ, role, level, sex, birth_month, 1
    from standing
    inner join one_by_one on standing.unit_no between one_by_one.first_no and one_by_one.last_no
    where is_primary and start_month <= $as_of and end_month > $as_of
),
chosen as (
    select level, sex, birth_month, sum(people) as people
    from person
    where ($body is null or body = $body)
        and ($organ is null or organ = $organ)
        and ($roles is null or list_contains(string_split($roles, '|'), role))
        and ($level is null or level = $level)
        and ($sex is null or sex = $sex)
    group by level, sex, birth_month
),
counted as (
    select step.band_id, chosen.level, chosen.sex, cast(sum(chosen.people) as integer) as people
    from chosen
    left join step
        on $as_of - chosen.birth_month >= 100 * step.lower_age
        and $as_of - chosen.birth_month < 100 * step.upper_age
    group by step.band_id, chosen.level, chosen.sex
    having sum(chosen.people) > 0
)
select
    coalesce(step.band_id, 'unknown') as band_id, step.name_en as band_en, step.name_zh as band_zh,
    step.lower_age, step.upper_age, step.document, step.confirmed, counted.level, counted.sex, coalesce(counted.people, 0) as people
from step
full join counted on step.band_id = counted.band_id
order by step.lower_age nulls last, counted.level nulls last, counted.sex nulls last
