-- makes: The rule from the number of targets a unit misses to a colour.
-- reads: given.colour_rule
-- scope: everyone
-- grain: colour, valid_from
-- columns:
--   colour       VARCHAR  green, blue, yellow or red
--   missed_from  INTEGER  targets missed, from
--   missed_to    INTEGER  targets missed, to; null means no limit
--   document     VARCHAR  source
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
--   valid_from   INTEGER  first month it holds, YYYYMM
--   valid_to     INTEGER  first month it no longer holds, YYYYMM; 999912 while in force
select
    colour, missed_from, missed_to, document, clause, confirmed, valid_from, coalesce(valid_to, 999912) as valid_to
from given.colour_rule
