-- asks: How many civil servants hold a rank and no leading post, how many of them held one before, by kind of body, post level, sex, age band and series of ranks?
-- reads: rank_only, standing, civil_rank, age_band, extent, build
-- takes: year, unit?
-- grain: side, body, level, sex, band_id, series
-- columns:
--   side         VARCHAR  what people are told apart by: all, body, level, sex, band or series
--   body         VARCHAR  kind of body; null on another side
--   level        VARCHAR  post level; null on another side and where unknown
--   sex          VARCHAR  male or female; null on another side
--   band_id      VARCHAR  age band at the end of the year, or unknown; null on another side
--   band_en      VARCHAR  its name
--   band_zh      VARCHAR  its name in Chinese
--   series       VARCHAR  inspector, consultant or principal_staff; null on another side
--   people       INTEGER  people with a rank only
--   stepped_down INTEGER  of them, people who held a leading post before
--   in_post      INTEGER  everyone in post; null for a series of ranks
--   share        DOUBLE   people over in_post
--   document     VARCHAR  source of the ranks
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
with point as (
    select least($year * 100 + 12, data_month) as month from build
),
held as (
    select
        standing.body, coalesce(standing.level, 'unknown') as level, standing.sex, coalesce(age_band.band_id, 'unknown') as band_id, rank_only.series,
        rank_only.person_id is not null as is_ranked, rank_only.left_month is not null as is_down
    from point
    inner join standing
        on standing.is_primary and standing.start_month <= point.month and standing.end_month > point.month
    inner join extent
        on standing.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    left join rank_only
        on standing.person_id = rank_only.person_id
        and rank_only.start_month <= point.month and rank_only.end_month > point.month
    left join age_band
        on point.month - standing.birth_month >= 100 * age_band.lower_age
        and point.month - standing.birth_month < 100 * age_band.upper_age
),
counted as (
    select
        case
            when grouping(body) = 0 then 'body' when grouping(level) = 0 then 'level'
            when grouping(series) = 0 then 'series' when grouping(sex) = 0 then 'sex' when grouping(band_id) = 0 then 'band' else 'all'
        end as side,
        coalesce(body, level, series, sex, band_id, 'all') as code,
        count(*) filter (is_ranked) as people, count(*) filter (is_ranked and is_down) as stepped_down, count(*) as in_post
    from held
    group by grouping sets ((), (body), (level), (sex), (band_id), (series))
),
source as (
    select
        min(document) as document, min(clause) as clause,
        case when bool_or(confirmed = 'to_confirm') then 'to_confirm' else min(confirmed) end as confirmed
    from civil_rank
    cross join point
    where counted and valid_from <= point.month and (valid_to is null or valid_to > point.month)
)
select
    side,
    case when side = 'body' then code end as body,
    case when side = 'level' then nullif(code, 'unknown') end as level,
    case when side = 'sex' then code end as sex,
    case when side = 'band' then code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    case when side = 'series' then code end as series,
    cast(people as integer) as people, cast(stepped_down as integer) as stepped_down,
    case when side <> 'series' then cast(in_post as integer) end as in_post,
    case when side <> 'series' then people / in_post::double end as share,
    source.document, source.clause, source.confirmed
from counted
cross join source
left join age_band on side = 'band' and code = age_band.band_id
where in_post > 0 and (side <> 'series' or code <> 'all')
order by side, age_band.lower_age nulls last, code
