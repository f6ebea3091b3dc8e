-- asks: How many people stand on each step of the age ladder at a published month, in round figures, by sex?
-- reads: open_cell, open_rule, age_band
-- takes: as_of, body?, level?, sex?, band?
-- grain: band_id, sex
-- columns:
--   band_id    VARCHAR  the step
--   band_en    VARCHAR  its name
--   band_zh    VARCHAR  its name in Chinese
--   lower_age  INTEGER  completed years from
--   upper_age  INTEGER  completed years below
--   sex        VARCHAR  male or female
--   rounded    INTEGER  people, a sum of rounded cells; null where there are few or none
--   document   VARCHAR  source of the rule of rounding
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with counted as (
    select band_id, sex, sum(people) as people
    from open_cell
    where topic = 'people' and period = $as_of
        and ($body is null or body = $body)
        and ($level is null or level = $level)
    group by band_id, sex
)
select
    age_band.band_id, age_band.name_en as band_en, age_band.name_zh as band_zh, age_band.lower_age, age_band.upper_age,
    sexes.sex,
    cast(case when counted.people >= open_rule.min_group then counted.people end as integer) as rounded,
    open_rule.document, open_rule.clause, open_rule.confirmed
from age_band
cross join (select 'male' as sex union all select 'female') as sexes
cross join open_rule
left join counted on age_band.band_id = counted.band_id and sexes.sex = counted.sex
where ($sex is null or sexes.sex = $sex) and ($band is null or age_band.band_id = $band)
order by age_band.lower_age, sexes.sex
