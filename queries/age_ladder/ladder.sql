-- asks: How many people stand on each step of the age ladder, by sex and level?
-- reads: ladder, standing, age_band, unit, build
-- takes: as_of, body?, organ?, roles?, level?, sex?, unit?
-- grain: band_id, level, sex
-- columns:
--   band_id    VARCHAR  the step; unknown where the birth is not known
--   band_en    VARCHAR  its name
--   band_zh    VARCHAR  its name in Chinese
--   lower_age  INTEGER  completed years from
--   upper_age  INTEGER  completed years below
--   level      VARCHAR  post level
--   sex        VARCHAR  male or female
--   people     INTEGER  people by primary post; after the data month, those of the data month grown older
with moment as (
    select least($as_of, data_month) as month from build
),
area as (
    select unit_no as first_no, last_no from unit where unit_id = $unit
),
person as (
    select body, organ, role, level, sex, birth_month, people
    from ladder
    inner join moment on ladder.year = floor(moment.month / 100) and ladder.month <= moment.month
    where $unit is null
    union all
    select body, organ, role, level, sex, birth_month, 1
    from standing
    inner join moment on standing.start_month <= moment.month and standing.end_month > moment.month
    inner join area on standing.unit_no between area.first_no and area.last_no
    where is_primary and $unit is not null
),
chosen as (
    select level, sex, birth_month, people
    from person
    where ($body is null or body = $body)
        and ($organ is null or organ = $organ)
        and ($roles is null or list_contains(string_split($roles, '|'), role))
        and ($level is null or level = $level)
        and ($sex is null or sex = $sex)
)
select
    coalesce(band.band_id, 'unknown') as band_id, band.name_en as band_en, band.name_zh as band_zh, band.lower_age, band.upper_age,
    chosen.level, chosen.sex, cast(sum(chosen.people) as integer) as people
from chosen
left join age_band as band
    on $as_of - chosen.birth_month >= 100 * band.lower_age
    and $as_of - chosen.birth_month < 100 * band.upper_age
group by band.band_id, band.name_en, band.name_zh, band.lower_age, band.upper_age, chosen.level, chosen.sex
having sum(chosen.people) > 0
order by band.lower_age nulls last, chosen.level nulls last, chosen.sex
