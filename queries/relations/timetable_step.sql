-- makes: The steps before and after a term change, each with its lead, its usual owner and the rule it comes from.
-- reads: given.timetable_step
-- scope: everyone
-- grain: step_id, valid_from
-- columns:
--   step_id     VARCHAR  the step
--   place       INTEGER  place in the list
--   name_en     VARCHAR  its name
--   name_zh     VARCHAR  its name in Chinese
--   tiers       VARCHAR  tiers it is for, joined by |; null means every tier
--   lead        INTEGER  how long before it must begin; below zero, how long after it ends
--   measure     VARCHAR  months or working_days
--   before      VARCHAR  the step that it is counted to; null means the term change
--   notice      INTEGER  days before its last day from which it is due soon
--   owner_en    VARCHAR  who usually does it
--   owner_zh    VARCHAR  who usually does it, in Chinese
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    step_id, place, name_en, name_zh, tiers, lead, measure, before, notice, owner_en, owner_zh,
    document, clause, confirmed, valid_from, valid_to
from given.timetable_step
