-- makes: Every posting under a programme, by the unit that sends: when it is due to end, and what became of the person after it.
-- reads: standing, programme
-- scope: unit_no
-- names: name
-- grain: person_id, host_no, post, start_date
-- person: person_id
-- columns:
--   person_id       VARCHAR  who
--   name            VARCHAR  name
--   programme_id    VARCHAR  the programme
--   unit_no         INTEGER  unit of the primary post held in the month before; the host where there was none
--   host_no         INTEGER  where the person is posted
--   post            VARCHAR  title of the posting
--   birth_month     INTEGER  month of birth, YYYYMM; null where unknown
--   start_date      INTEGER  posted, YYYYMMDD with zeros for unknown parts
--   start_month     INTEGER  first month, YYYYMM
--   end_month       INTEGER  first month no longer, YYYYMM; 999912 while open
--   due_month       INTEGER  month the usual length is full, YYYYMM
--   promoted_month  INTEGER  first month after the return in a primary post of a higher level, YYYYMM; null where never
--   left_month      INTEGER  month the last primary post ended without another after it, YYYYMM; null while in post
with sent as (
    select
        person_id, unit_no, post, start_date,
        min(name) as name, min(birth_month) as birth_month, min(programme_id) as programme_id,
        min(start_month) as start_month, max(end_month) as end_month
    from standing
    where programme_id is not null
    group by person_id, unit_no, post, start_date
),
held as (
    select person_id, unit_no, level, start_month, end_month from standing where is_primary
),
last_held as (
    select person_id, max(end_month) as end_month from held group by person_id
),
based as (
    select
        sent.person_id, sent.name, sent.programme_id, coalesce(base.unit_no, sent.unit_no) as unit_no,
        sent.unit_no as host_no, sent.post, sent.birth_month, sent.start_date, sent.start_month, sent.end_month,
        kept.level,
        add_months(sent.start_month, programme.months) as due_month
    from sent
    left join held as base
        on sent.person_id = base.person_id and base.start_month < sent.start_month and base.end_month >= sent.start_month
    left join held as kept
        on sent.person_id = kept.person_id and kept.start_month < sent.end_month and kept.end_month >= sent.end_month
    left join programme
        on sent.programme_id = programme.programme_id
        and programme.valid_from <= sent.start_month
        and (programme.valid_to is null or programme.valid_to > sent.start_month)
)
select
    based.person_id, min(based.name) as name, min(based.programme_id) as programme_id,
    min(based.unit_no) as unit_no, based.host_no, based.post, min(based.birth_month) as birth_month,
    based.start_date, min(based.start_month) as start_month, min(based.end_month) as end_month, min(based.due_month) as due_month,
    min(case when later.level < based.level then later.start_month end) as promoted_month,
    min(case when last_held.end_month < 999912 then last_held.end_month end) as left_month
from based
left join last_held on based.person_id = last_held.person_id
left join held as later on based.person_id = later.person_id and later.start_month >= based.end_month
group by based.person_id, based.host_no, based.post, based.start_date
order by unit_no, start_month
