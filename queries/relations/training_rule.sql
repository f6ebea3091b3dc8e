-- makes: What training is asked of whom, and after how many years without any it is told.
-- reads: given.training_rule
-- scope: everyone
-- grain: rule_id, valid_from
-- columns:
--   rule_id     VARCHAR  the rule
--   place       INTEGER  place in the list
--   name_en     VARCHAR  its name
--   name_zh     VARCHAR  its name in Chinese
--   basis       VARCHAR  hours: so many within the years; silence: not without any for the years
--   years       INTEGER  calendar years, the year asked for the last of them
--   hours       INTEGER  hours asked; null for silence
--   levels      VARCHAR  post levels, joined by |; null means any
--   kinds       VARCHAR  kinds of training that count, joined by |; null means any
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    rule_id, place, name_en, name_zh, basis, years, hours, levels, kinds, document, clause, confirmed, valid_from, valid_to
from given.training_rule
