-- makes: The programmes under which people are posted for a time.
-- reads: given.programme
-- scope: everyone
-- grain: programme_id, valid_from
-- columns:
--   programme_id  VARCHAR  the programme
--   place         INTEGER  place in the list
--   name_en       VARCHAR  its name
--   name_zh       VARCHAR  its name in Chinese
--   direction     VARCHAR  up, down, out or across
--   months        INTEGER  usual length, months
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
--   valid_from    INTEGER  first month it holds, YYYYMM
--   valid_to      INTEGER  first month it no longer holds, YYYYMM; null means still in force
select programme_id, place, name_en, name_zh, direction, months, document, clause, confirmed, valid_from, valid_to
from given.programme
