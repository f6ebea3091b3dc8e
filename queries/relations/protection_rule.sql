-- makes: Within how many days each stage of a case of protection follows the one before it.
-- reads: given.protection_rule
-- scope: everyone
-- grain: rule_id, valid_from
-- columns:
--   rule_id     VARCHAR  the rule
--   place       INTEGER  place in the list
--   kind        VARCHAR  tolerance, correction or clearing
--   stage       VARCHAR  the stage
--   after_kind  VARCHAR  kind of the stage before it
--   after       VARCHAR  the stage before it
--   if_upheld   BOOLEAN  only where the stage before it was a decision that upheld the case
--   days        INTEGER  days from the one to the other
--   trigger     VARCHAR  talk that the stage before it calls for; null for none
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    rule_id, place, kind, stage, after_kind, after, if_upheld, days, trigger, document, clause, confirmed,
    valid_from, valid_to
from given.protection_rule
