-- makes: The fields that holders of primary posts have studied or worked in, as reported, and work in a township as postings tell it.
-- reads: standing, given.expertise
-- scope: unit_no
-- grain: person_id, start_month, field, known_by
-- person: person_id
-- columns:
--   person_id    VARCHAR  who
--   unit_no      INTEGER  where
--   role         VARCHAR  role in the team
--   start_month  INTEGER  first month in the post, YYYYMM
--   end_month    INTEGER  first month no longer in it, YYYYMM; 999912 while open
--   field        VARCHAR  the field
--   known_by     VARCHAR  study or work
--   from_month   INTEGER  month from which the person has it, YYYYMM; 0 where it was reported
with had as (
    select person_id, field, basis as known_by, 0 as from_month from given.expertise
    union all
    select person_id, 'township', 'work', start_month from standing where body = 'township'
),
first_had as (
    select person_id, field, known_by, cast(min(from_month) as integer) as from_month
    from had
    group by person_id, field, known_by
)
select
    standing.person_id, standing.unit_no, standing.role, standing.start_month, standing.end_month,
    first_had.field, first_had.known_by, first_had.from_month
from standing
inner join first_had on standing.person_id = first_had.person_id
where standing.is_primary
order by standing.unit_no, standing.start_month
