-- asks: By which numbers are moves, streaks and noise of a year judged, and where do they come from?
-- reads: assessment_rule
-- takes: year
-- grain: rule_id
-- columns:
--   rule_id    VARCHAR       the rule
--   name_en    VARCHAR       what it is called
--   name_zh    VARCHAR       what it is called, in Chinese
--   value      DECIMAL(9,4)  its number
--   document   VARCHAR       source
--   clause     VARCHAR       clause of the source
--   confirmed  VARCHAR       who stands behind it
select rule_id, name_en, name_zh, value, document, clause, confirmed
from assessment_rule
where valid_from <= $year * 100 + 12 and valid_to > $year * 100 + 12
order by rule_id
