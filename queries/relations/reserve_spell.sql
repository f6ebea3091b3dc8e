-- makes: Who is kept in the reserve for what, stretch by stretch of their primary posts; a stay ends where the next of its kind begins.
-- reads: given.reserve, standing, build
-- scope: unit_no
-- names: name
-- grain: reserve, person_id, start_month
-- person: person_id
-- columns:
--   reserve       VARCHAR  what the person is kept for
--   person_id     VARCHAR  who
--   name          VARCHAR  name
--   sex           VARCHAR  male or female
--   birth         INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   birth_month   INTEGER  month of birth, YYYYMM; January where only the year is known
--   unit_no       INTEGER  where, by primary post
--   body          VARCHAR  kind of body
--   post          VARCHAR  primary post
--   role          VARCHAR  its role
--   level         VARCHAR  post level; null where unknown
--   since_month   INTEGER  month the stay in the reserve began, YYYYMM
--   start_month   INTEGER  first month of the stretch, YYYYMM
--   end_month     INTEGER  first month no longer, YYYYMM; 999912 while it goes on
--   left_for      VARCHAR  why the stay ended with the stretch: appointed, aged, adjusted or other; null where it did not
--   leaves_month  INTEGER  month of retirement or of the age line of the post, the earlier, YYYYMM; 999912 where none is known
with dated as (
    select
        given.person_id, given.kind as reserve, given.end_reason,
        cast(floor(given.start / 100) as integer) as since_month,
        case when floor(given.end / 100) <= build.data_month then cast(floor(given.end / 100) as integer) end as ends,
        cast(lead(floor(given.start / 100)) over (
            partition by given.person_id, given.kind order by given.start
        ) as integer) as next_month
    from given.reserve as given
    cross join build
    where floor(given.start / 100) <= build.data_month
),
stay as (
    select
        person_id, reserve, since_month,
        least(coalesce(ends, 999912), coalesce(next_month, 999912)) as until_month,
        case when ends <= coalesce(next_month, 999912) then end_reason else 'other' end as end_reason
    from dated
),
stretch as (
    select
        stay.*, standing.name, standing.sex, standing.birth, standing.birth_month, standing.unit_no, standing.body,
        standing.post, standing.role, standing.level,
        greatest(stay.since_month, standing.start_month) as start_month,
        least(stay.until_month, standing.end_month) as end_month,
        least(coalesce(standing.statutory_month, 999912), coalesce(standing.post_line_month, 999912)) as leaves_month
    from stay
    inner join standing
        on stay.person_id = standing.person_id
        and standing.is_primary
        and standing.start_month < stay.until_month
        and standing.end_month > stay.since_month
    where stay.until_month > stay.since_month
)
select
    reserve, person_id, name, sex, birth, birth_month, unit_no, body, post, role, level, since_month,
    start_month, end_month,
    case when end_month = until_month and end_month < 999912 then end_reason end as left_for,
    leaves_month
from stretch
order by reserve, unit_no, start_month
