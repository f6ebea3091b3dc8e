-- makes: How long each measure has effect.
-- reads: given.effect_rule
-- scope: everyone
-- grain: rule_id, valid_from
-- columns:
--   rule_id        VARCHAR  the rule
--   place          INTEGER  place in the list
--   name_en        VARCHAR  its name
--   name_zh        VARCHAR  its name in Chinese
--   ways           VARCHAR  measures, joined by |
--   reasons        VARCHAR  reasons, joined by |; null for any
--   months         INTEGER  months of effect
--   notice_months  INTEGER  months before the end in which it counts as ending
--   document       VARCHAR  source
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
--   valid_from     INTEGER  first month it holds, YYYYMM
--   valid_to       INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    rule_id, place, name_en, name_zh, ways, reasons, months, notice_months, document, clause, confirmed,
    valid_from, valid_to
from given.effect_rule
