-- makes: The numbers by which moves, streaks and noise are judged, each dated row with its clause.
-- reads: given.assessment_rule
-- scope: everyone
-- grain: rule_id, valid_from
-- columns:
--   rule_id     VARCHAR       the rule
--   name_en     VARCHAR       what it is called
--   name_zh     VARCHAR       what it is called, in Chinese
--   value       DECIMAL(9,4)  its number
--   document    VARCHAR       source
--   clause      VARCHAR       clause of the source
--   confirmed   VARCHAR       who stands behind it
--   valid_from  INTEGER       first month it holds, YYYYMM
--   valid_to    INTEGER       first month it no longer holds, YYYYMM; 999912 while in force
select rule_id, name_en, name_zh, value, document, clause, confirmed, valid_from, coalesce(valid_to, 999912) as valid_to
from given.assessment_rule
