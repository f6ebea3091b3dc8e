-- makes: Every unbroken stay of a person in one leading post, by unit and role; a new title alone does not end it.
-- reads: standing
-- scope: unit_no
-- names: name
-- grain: person_id, unit_no, role, start_month
-- person: person_id
-- columns:
--   person_id    VARCHAR  who
--   name         VARCHAR  name
--   unit_no      INTEGER  where
--   body         VARCHAR  kind of body
--   role         VARCHAR  role in the team
--   level        VARCHAR  post level at the end of the stay
--   post         VARCHAR  last title of the stay
--   start_month  INTEGER  first month, YYYYMM
--   end_month    INTEGER  first month no longer, YYYYMM; 999912 while open
with held as (
    select
        *,
        lag(end_month) over (partition by person_id, unit_no, role order by start_month) as held_until
    from standing
    where is_primary and role <> 'other'
),
numbered as (
    select
        *,
        sum(case when held_until = start_month then 0 else 1 end) over (
            partition by person_id, unit_no, role order by start_month
            rows between unbounded preceding and current row
        ) as number
    from held
)
select
    person_id, min(name) as name, unit_no, min(body) as body, role,
    nullif(max_by(coalesce(level, ''), start_month), '') as level, max_by(post, start_month) as post,
    min(start_month) as start_month, max(end_month) as end_month
from numbered
group by person_id, unit_no, role, number
order by role, unit_no, start_month
