-- makes: What the contracts' checks found across all that has landed: rows that some answers leave out.
-- reads: given.finding, record_place, unit
-- scope: unit_no
-- names: record, value
-- grain: source, rule, record, value
-- person: split_part(record, ' ', 1)
-- columns:
--   source   VARCHAR  the source
--   rule     VARCHAR  the check
--   record   VARCHAR  the record it is about
--   value    VARCHAR  the value that is not as it should be
--   en       VARCHAR  what is wrong and how to mend it
--   zh       VARCHAR  what is wrong and how to mend it, in Chinese
--   unit_no  INTEGER  the unit it is about, or where the person's records belong; null where neither is known
select distinct
    given.source, given.rule, given.record, given.value, given.en, given.zh,
    coalesce(place.unit_no, own.unit_no) as unit_no
from given.finding as given
left join record_place as place on split_part(given.record, ' ', 1) = place.person_id
left join unit as own on split_part(given.record, ' ', 1) = own.unit_id
order by unit_no
