-- makes: Every time somebody came into a township team from outside such teams, and from which kind of staff, as far as reported.
-- reads: standing, given.team_origin
-- scope: unit_no
-- names: name
-- grain: person_id, month
-- person: person_id
-- columns:
--   person_id       VARCHAR  who
--   name            VARCHAR  name
--   unit_no         INTEGER  the township
--   month           INTEGER  first month in the team, YYYYMM
--   origin          VARCHAR  career_staff, village_cadre, graduate_official, civil_servant or other; null where not reported
--   township_years  INTEGER  full years in townships before; null where not reported
with held as (
    select
        person_id, name, unit_no, body, role, start_month,
        lag(body) over (partition by person_id order by start_month) as from_body,
        lag(role) over (partition by person_id order by start_month) as from_role
    from standing
    where is_primary
)
select
    held.person_id, held.name, held.unit_no, held.start_month as month,
    max(told.origin) as origin, max(told.township_years) as township_years
from held
left join given.team_origin as told
    on held.person_id = told.person_id and floor(told.team_start / 100) = held.start_month
where held.body = 'township' and held.role <> 'other'
    and (held.from_body is null or held.from_body <> 'township' or held.from_role = 'other')
group by held.person_id, held.name, held.unit_no, held.start_month
order by month, held.unit_no
