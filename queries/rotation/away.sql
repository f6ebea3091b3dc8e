-- asks: Who is posted under a programme in a month, from which unit, where, and until when as a rule?
-- reads: assignment, programme, unit, extent
-- takes: as_of, unit?, programme?
-- grain: person_id, host_id, post, start_month
-- columns:
--   programme_id  VARCHAR  the programme
--   programme_en  VARCHAR  its name
--   programme_zh  VARCHAR  its name in Chinese
--   person_id     VARCHAR  who
--   name          VARCHAR  name
--   unit_id       VARCHAR  the unit that sends
--   unit_name     VARCHAR  its name
--   host_id       VARCHAR  where the person is posted
--   host_name     VARCHAR  its name
--   post          VARCHAR  title of the posting
--   start_month   INTEGER  first month, YYYYMM
--   due_month     INTEGER  month the usual length is full, YYYYMM
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
select
    rule.programme_id, rule.name_en as programme_en, rule.name_zh as programme_zh, sent.person_id, sent.name,
    unit.unit_id, unit.name as unit_name, host.unit_id as host_id, host.name as host_name,
    sent.post, sent.start_month, sent.due_month, rule.document, rule.clause, rule.confirmed
from assignment as sent
inner join programme as rule
    on sent.programme_id = rule.programme_id
    and rule.valid_from <= $as_of and (rule.valid_to is null or rule.valid_to > $as_of)
inner join extent on sent.unit_no between extent.first_no and extent.last_no
inner join unit on sent.unit_no = unit.unit_no
inner join unit as host on sent.host_no = host.unit_no
where extent.unit_id = coalesce($unit, '*')
    and sent.start_month <= $as_of and sent.end_month > $as_of
    and ($programme is null or rule.programme_id = $programme)
order by rule.place, sent.due_month, unit.unit_no, sent.person_id, sent.start_month, sent.post
