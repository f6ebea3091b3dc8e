-- asks: Who has held each post between two months, one after the other?
-- reads: standing, unit, extent
-- takes: since, until, unit?, person?, role?, level?, programme?
-- grain: person_id, unit_id, post, start_date
-- columns:
--   unit_id          VARCHAR  where
--   unit_name        VARCHAR  name of the unit
--   post             VARCHAR  title of the post
--   role             VARCHAR  role in the team
--   level            VARCHAR  post level
--   person_id        VARCHAR  who
--   name             VARCHAR  name
--   start_date       INTEGER  appointed, YYYYMMDD with zeros for unknown parts
--   start_month      INTEGER  first month, YYYYMM
--   end_month        INTEGER  first month no longer, YYYYMM; null while open
--   end_reason       VARCHAR  why it ended
--   is_primary       BOOLEAN  the person's primary post
--   programme_id     VARCHAR  programme it belongs to; null for none
--   exchange_kind    VARCHAR  how the person came to the post
--   exchange_reason  VARCHAR  why
select
    unit.unit_id, unit.name as unit_name, held.post, held.role, held.level, held.person_id, held.name,
    held.start_date, min(held.start_month) as start_month, nullif(max(held.end_month), 999912) as end_month,
    max(held.end_reason) as end_reason, held.is_primary, held.programme_id, held.exchange_kind, held.exchange_reason
from standing as held
inner join extent on held.unit_no between extent.first_no and extent.last_no
inner join unit on held.unit_no = unit.unit_no
where extent.unit_id = coalesce($unit, '*')
    and ($person is null or held.person_id = $person)
    and ($person is not null or held.role <> 'other' or held.programme_id is not null)
    and ($role is null or held.role = $role)
    and ($level is null or held.level = $level)
    and ($programme is null or held.programme_id = $programme)
group by all
having min(held.start_month) <= $until and max(held.end_month) > $since
order by min(unit.unit_no), held.role, held.post, min(held.start_month), held.start_date, held.person_id
