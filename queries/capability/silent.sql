-- asks: How many of those in post for as many years as a rule says had no training at all in them, by kind of body, level, sex and age band?
-- reads: trainee, training_silence, age_band, extent
-- takes: year, unit?
-- grain: rule_id, side, body, level, sex, band_id
-- columns:
--   rule_id    VARCHAR  the rule; no rows where training was not reported of each of its years
--   span       INTEGER  its years
--   side       VARCHAR  what people are told apart by: all, body, level, sex or band
--   body       VARCHAR  kind of body; null on another side
--   level      VARCHAR  post level; null on another side and where unknown
--   sex        VARCHAR  male or female; null on another side
--   band_id    VARCHAR  age band at the end of the year, or unknown; null on another side
--   band_en    VARCHAR  its name
--   band_zh    VARCHAR  its name in Chinese
--   people     INTEGER  people whose first primary post began before these years or with them
--   silent     INTEGER  of them, people without any training reported in these years
--   share      DOUBLE   silent over people
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with counted as (
    select
        told.rule_id,
        case
            when grouping(trainee.body) = 0 then 'body' when grouping(trainee.level) = 0 then 'level'
            when grouping(trainee.sex) = 0 then 'sex' when grouping(trainee.band_id) = 0 then 'band' else 'all'
        end as side,
        coalesce(trainee.body, trainee.level, trainee.sex, trainee.band_id, 'all') as code,
        count(*) as people, count(*) filter (coalesce(trainee.last_month, 0) < told.since_month) as silent
    from training_silence as told
    inner join trainee on told.year = trainee.year and trainee.first_month <= told.since_month
    inner join extent
        on trainee.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where told.year = $year
    group by grouping sets (
        (told.rule_id), (told.rule_id, trainee.body), (told.rule_id, trainee.level),
        (told.rule_id, trainee.sex), (told.rule_id, trainee.band_id)
    )
)
select
    counted.rule_id, told.years as span, counted.side,
    case when counted.side = 'body' then counted.code end as body,
    case when counted.side = 'level' then nullif(counted.code, 'unknown') end as level,
    case when counted.side = 'sex' then counted.code end as sex,
    case when counted.side = 'band' then counted.code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    cast(counted.people as integer) as people, cast(counted.silent as integer) as silent,
    counted.silent / counted.people::double as share,
    told.document, told.clause, told.confirmed
from counted
inner join training_silence as told on counted.rule_id = told.rule_id and told.year = $year
left join age_band on counted.side = 'band' and counted.code = age_band.band_id
order by told.place, counted.side, age_band.lower_age nulls last, counted.code
