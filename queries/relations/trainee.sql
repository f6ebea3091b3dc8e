-- makes: Everyone in post at the end of a year of which training was reported, since when, and when they were last trained.
-- reads: standing, training_year, age_band, given.training
-- scope: unit_no
-- grain: year, person_id
-- person: person_id
-- columns:
--   year         INTEGER  year
--   person_id    VARCHAR  who
--   unit_no      INTEGER  where, by primary post
--   body         VARCHAR  kind of body
--   level        VARCHAR  post level, or unknown
--   sex          VARCHAR  male or female
--   band_id      VARCHAR  age band in that month, or unknown
--   first_month  INTEGER  month in which the first primary post began, YYYYMM
--   last_month   INTEGER  month in which the last training up to then began, YYYYMM; null where none was reported
with entered as (
    select person_id, min(start_month) as first_month from standing where is_primary group by person_id
),
taken as (
    select training_year.year, course.person_id, cast(max(floor(course.start / 100)) as integer) as last_month
    from training_year
    inner join given.training as course on floor(course.start / 100) <= training_year.month
    group by training_year.year, course.person_id
)
select
    training_year.year, standing.person_id, standing.unit_no, standing.body,
    coalesce(standing.level, 'unknown') as level, standing.sex, coalesce(age_band.band_id, 'unknown') as band_id,
    entered.first_month, taken.last_month
from training_year
inner join standing
    on standing.is_primary
    and standing.start_month <= training_year.month and standing.end_month > training_year.month
inner join entered on standing.person_id = entered.person_id
left join taken on training_year.year = taken.year and standing.person_id = taken.person_id
left join age_band
    on training_year.month - standing.birth_month >= 100 * age_band.lower_age
    and training_year.month - standing.birth_month < 100 * age_band.upper_age
order by training_year.year, standing.unit_no
