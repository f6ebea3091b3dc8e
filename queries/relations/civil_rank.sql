-- makes: The ranks of civil servants, and whether somebody without a leading post is counted at them.
-- reads: given.civil_rank
-- scope: everyone
-- grain: rank, valid_from
-- columns:
--   rank        VARCHAR  the rank as postings name it
--   place       INTEGER  place in the list, the highest first
--   rank_en     VARCHAR  its name in English
--   series      VARCHAR  inspector, consultant, principal_staff or staff
--   counted     BOOLEAN  who holds it and no leading post is a rank-only civil servant
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select rank, place, name_en as rank_en, series, counted, document, clause, confirmed, valid_from, valid_to
from given.civil_rank
