-- makes: How much each source counts, by scheme and class.
-- reads: given.assessment_weight
-- scope: everyone
-- grain: scheme, category, source, valid_from
-- columns:
--   scheme      VARCHAR  nominal makes the score; the other schemes ask how far a place hangs on the weights
--   category    VARCHAR  class: team, chief, deputy or dispatched
--   source      VARCHAR  democratic, leader, panel or results
--   percent     INTEGER  weight, per cent
--   document    VARCHAR  source of the rule
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; 999912 while in force
select
    scheme, category, source, percent, document, clause, confirmed, valid_from, coalesce(valid_to, 999912) as valid_to
from given.assessment_weight
