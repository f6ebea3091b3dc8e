-- makes: Every case of tolerance, correction or clearing, where it was taken up and what came of it.
-- reads: given.protection, standing, build
-- scope: unit_no
-- names: name
-- grain: case_id, kind
-- person: person_id
-- columns:
--   case_id      VARCHAR  number of the case
--   kind         VARCHAR  tolerance, correction or clearing
--   person_id    VARCHAR  who it is about
--   name         VARCHAR  name
--   month        INTEGER  month of its first stage, YYYYMM
--   unit_no      INTEGER  where, in the primary post of that month or the last before it
--   upheld       BOOLEAN  whether it was upheld; null while not decided, and of a correction
--   is_complete  BOOLEAN  corrected; the person informed; the name cleared or the case not upheld
with reached as (
    select given.*, cast(floor(given.date / 100) as integer) as month
    from given.protection as given
    cross join build
    where floor(given.date / 100) <= build.data_month
),
opened as (
    select
        case_id, kind, min(person_id) as person_id, min(month) as month,
        max(case when upheld then 1 when not upheld then 0 end) as upheld,
        max(case
            when stage in ('informed', 'corrected', 'cleared') or (kind = 'clearing' and not upheld) then 1 else 0
        end) as is_complete
    from reached
    group by case_id, kind
),
placed as (
    select
        opened.*, standing.name, standing.unit_no,
        row_number() over (
            partition by opened.case_id, opened.kind order by standing.start_month desc
        ) as choice
    from opened
    inner join standing
        on opened.person_id = standing.person_id and standing.is_primary and standing.start_month <= opened.month
)
select
    case_id, kind, person_id, name, month, unit_no, upheld = 1 as upheld, is_complete = 1 as is_complete
from placed
where choice = 1
order by month, unit_no, case_id
