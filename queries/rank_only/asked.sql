-- asks: How many of those with a rank only had the tasks, assessments and training asked for them in a year, beside those in leading posts?
-- reads: rank_claim, rank_only, rank_rule, rank_report, age_band, extent, build
-- takes: year, unit?
-- grain: aspect, side, body, level, sex, band_id
-- columns:
--   aspect     VARCHAR  task, peacetime, annual or training
--   side       VARCHAR  all, body, level, sex or band: those with a rank only; leading: those in leading posts, of whom no tasks are asked
--   body       VARCHAR  kind of body; null on another side
--   level      VARCHAR  post level; null on another side and where unknown
--   sex        VARCHAR  male or female; null on another side
--   band_id    VARCHAR  age band at the end of the year, or unknown; null on another side
--   band_en    VARCHAR  its name
--   band_zh    VARCHAR  its name in Chinese
--   people     INTEGER  people; null where nothing was reported of the year
--   met        INTEGER  of them, people who had as much as is asked
--   share      DOUBLE   met over people
--   least      INTEGER  times, of training hours, asked a year
--   reported   BOOLEAN  anything of the kind was reported of the year, by anyone
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with rule as (
    select rank_rule.*, report.year is not null as reported
    from rank_rule
    left join rank_report as report on rank_rule.aspect = report.aspect and report.year = $year
    where rank_rule.least is not null
        and rank_rule.valid_from <= $year * 100 + 12 and (rank_rule.valid_to is null or rank_rule.valid_to > $year * 100 + 12)
),
point as (
    select least($year * 100 + 12, data_month) as month from build
),
claimed as (
    select
        claim.aspect, claim.is_leading, claim.times >= claim.least as is_met,
        held.body, coalesce(held.level, 'unknown') as level, held.sex, coalesce(age_band.band_id, 'unknown') as band_id
    from rank_claim as claim
    inner join extent
        on claim.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    cross join point
    left join rank_only as held
        on case when not claim.is_leading then claim.person_id end = held.person_id
        and held.start_month <= point.month and held.end_month > point.month
    left join age_band
        on point.month - held.birth_month >= 100 * age_band.lower_age
        and point.month - held.birth_month < 100 * age_band.upper_age
    where claim.year = $year and not (claim.is_leading and claim.aspect = 'task')
),
counted as (
    select
        aspect,
        case
            when is_leading then 'leading' when grouping(body) = 0 then 'body' when grouping(level) = 0 then 'level'
            when grouping(sex) = 0 then 'sex' when grouping(band_id) = 0 then 'band' else 'all'
        end as side,
        case when not is_leading then coalesce(body, level, sex, band_id) end as code,
        count(*) as people, count(*) filter (is_met) as met
    from claimed
    group by grouping sets (
        (aspect, is_leading), (aspect, is_leading, body), (aspect, is_leading, level),
        (aspect, is_leading, sex), (aspect, is_leading, band_id)
    )
    having not is_leading or (
        grouping(body) = 1 and grouping(level) = 1 and grouping(sex) = 1 and grouping(band_id) = 1
    )
)
select
    rule.aspect, coalesce(counted.side, 'all') as side,
    case when counted.side = 'body' then counted.code end as body,
    case when counted.side = 'level' then nullif(counted.code, 'unknown') end as level,
    case when counted.side = 'sex' then counted.code end as sex,
    case when counted.side = 'band' then counted.code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    cast(counted.people as integer) as people, cast(counted.met as integer) as met,
    counted.met / counted.people::double as share,
    rule.least, rule.reported, rule.document, rule.clause, rule.confirmed
from rule
left join counted on rule.aspect = counted.aspect
left join age_band on counted.side = 'band' and counted.code = age_band.band_id
order by rule.place, coalesce(counted.side, 'all'), age_band.lower_age nulls last, counted.code
