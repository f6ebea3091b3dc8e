-- asks: How far may each lever of a scenario be moved in a month, and which settings are tried at its ends?
-- reads: scenario_range
-- takes: as_of
-- grain: lever
-- columns:
--   lever         VARCHAR       exits, entry_age, slip, early or plan
--   written_as    VARCHAR       change, years, share or people
--   least         DECIMAL(9,4)  least value
--   most          DECIMAL(9,4)  greatest value
--   step_size     DECIMAL(9,4)  step between values
--   usual         DECIMAL(9,4)  value where nobody moves the lever; null where it is worked out
--   low_setting   DECIMAL(9,4)  low setting of the sensitivity bar; null where none is drawn
--   high_setting  DECIMAL(9,4)  high setting of the sensitivity bar
--   document      VARCHAR       source
--   clause        VARCHAR       clause of the source
--   confirmed     VARCHAR       who stands behind it
select lever, written_as, least, most, step_size, usual, low_setting, high_setting, document, clause, confirmed
from scenario_range
where valid_from <= $as_of and valid_to > $as_of
order by place
