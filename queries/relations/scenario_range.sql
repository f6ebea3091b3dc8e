-- makes: How far each lever of a scenario may be moved, each dated row with its clause.
-- reads: given.scenario_range
-- scope: everyone
-- grain: lever, valid_from
-- columns:
--   lever         VARCHAR       exits, entry_age, slip, early or plan
--   place         INTEGER       order on screens
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
--   valid_from    INTEGER       first month it holds, YYYYMM
--   valid_to      INTEGER       first month it no longer holds, YYYYMM; 999912 while in force
select
    lever, place, written_as, least, most, step_size, usual, low_setting, high_setting,
    document, clause, confirmed, valid_from, coalesce(valid_to, 999912) as valid_to
from given.scenario_range
