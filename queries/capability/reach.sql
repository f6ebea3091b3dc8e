-- asks: How many took training of each kind in a year, by kind of body, level, sex and age band?
-- reads: trainee, training_done, training_kind, age_band, extent
-- takes: year, unit?
-- grain: course, side, body, level, sex, band_id
-- columns:
--   course     VARCHAR  kind of training
--   side       VARCHAR  what people are told apart by: all, body, level, sex or band
--   body       VARCHAR  kind of body; null on another side
--   level      VARCHAR  post level; null on another side and where unknown
--   sex        VARCHAR  male or female; null on another side
--   band_id    VARCHAR  age band at the end of the year, or unknown; null on another side
--   band_en    VARCHAR  its name
--   band_zh    VARCHAR  its name in Chinese
--   people     INTEGER  people in post at the end of the year
--   taken      INTEGER  of them, people who took training of the kind in the year
--   share      DOUBLE   taken over people
--   times      INTEGER  courses that they took
--   hours      INTEGER  hours of these
--   document   VARCHAR  source of the kind
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with counted as (
    select
        kind.course,
        case
            when grouping(trainee.body) = 0 then 'body' when grouping(trainee.level) = 0 then 'level'
            when grouping(trainee.sex) = 0 then 'sex' when grouping(trainee.band_id) = 0 then 'band' else 'all'
        end as side,
        coalesce(trainee.body, trainee.level, trainee.sex, trainee.band_id, 'all') as code,
        count(*) as people, count(done.times) as taken,
        coalesce(sum(done.times), 0) as times, coalesce(sum(done.hours), 0) as hours
    from trainee
    inner join extent
        on trainee.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    inner join training_kind as kind
        on kind.valid_from <= $year * 100 + 12 and (kind.valid_to is null or kind.valid_to > $year * 100 + 12)
    left join training_done as done
        on trainee.year = done.year and trainee.person_id = done.person_id and kind.course = done.course
    where trainee.year = $year
    group by grouping sets (
        (kind.course), (kind.course, trainee.body), (kind.course, trainee.level),
        (kind.course, trainee.sex), (kind.course, trainee.band_id)
    )
)
select
    counted.course, counted.side,
    case when counted.side = 'body' then counted.code end as body,
    case when counted.side = 'level' then nullif(counted.code, 'unknown') end as level,
    case when counted.side = 'sex' then counted.code end as sex,
    case when counted.side = 'band' then counted.code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    cast(counted.people as integer) as people, cast(counted.taken as integer) as taken,
    counted.taken / counted.people::double as share,
    cast(counted.times as integer) as times, cast(counted.hours as integer) as hours,
    kind.document, kind.clause, kind.confirmed
from counted
inner join training_kind as kind
    on counted.course = kind.course
    and kind.valid_from <= $year * 100 + 12 and (kind.valid_to is null or kind.valid_to > $year * 100 + 12)
left join age_band on counted.side = 'band' and counted.code = age_band.band_id
order by kind.place, counted.side, age_band.lower_age nulls last, counted.code
