-- makes: The people, with what is known of their birth.
-- reads: given.member
-- scope: whole
-- names: name
-- grain: person_id
-- person: person_id
-- columns:
--   person_id      VARCHAR  code in the source
--   name           VARCHAR  name
--   sex            VARCHAR  male or female
--   birth          INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   birth_month    INTEGER  month of birth, YYYYMM; January where only the year is known, null where nothing is
--   birth_known    VARCHAR  how exactly: day, month, year or none
--   outside_party  BOOLEAN  political status is neither 01, 02 nor 03; null where it is not known
--   identity       VARCHAR  cadre or worker
--   retire_month   INTEGER  month of retirement stored in the source, YYYYMM
--   age_limit      INTEGER  age limit before the reform stored in the source, years
--   work_month     INTEGER  month the person began work, YYYYMM; January where only the year is known
--   growth_place   VARCHAR  where the person grew up: a unit's code or a region's; null where unknown
with dated as (
    select
        *,
        cast(floor(birth / 10000) as integer) as birth_year, cast(floor(birth / 100) as integer) as year_month,
        cast(floor(work_start / 10000) as integer) as work_year, cast(floor(work_start / 100) as integer) as began
    from given.member
)
select
    person_id,
    name,
    sex,
    birth,
    case when mod(year_month, 100) = 0 then birth_year * 100 + 1 else year_month end as birth_month,
    case
        when birth is null then 'none'
        when mod(year_month, 100) = 0 then 'year'
        when mod(birth, 100) = 0 then 'month'
        else 'day'
    end as birth_known,
    party not in ('01', '02', '03') as outside_party,
    coalesce(identity, 'cadre') as identity,
    retire_month,
    age_limit,
    greatest(began, work_year * 100 + 1) as work_month,
    growth_place
from dated
