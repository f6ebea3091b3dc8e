-- makes: The measures of the two policies, each with what serves it here, or why nothing does, its owner and its cycle.
-- reads: given.measure
-- scope: everyone
-- grain: measure_id, valid_from
-- columns:
--   measure_id  VARCHAR  the measure
--   place       INTEGER  place in the list
--   paper       VARCHAR  the policy: opinions or two_duties
--   point       INTEGER  number of the point, or of the highlight, in the policy
--   name_en     VARCHAR  the measure in words
--   name_zh     VARCHAR  the measure in words, in Chinese
--   served      VARCHAR  yes, partly or no
--   questions   VARCHAR  questions that serve it, joined by |; null where none does
--   rules       VARCHAR  tables of the rules that they follow, joined by |; null where none
--   why_en      VARCHAR  why it is not served, or not whole; null where it is
--   why_zh      VARCHAR  the same in Chinese
--   owner_en    VARCHAR  who answers for it
--   owner_zh    VARCHAR  who answers for it, in Chinese
--   every       INTEGER  it is due once in so many months, counted from January
--   notice      INTEGER  days before its last day from which it is due soon
--   indicator   VARCHAR  what is counted of it; null where nothing is
--   most        INTEGER  per cent of what the indicator counts that may be open; null without an indicator
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    measure_id, place, paper, point, name_en, name_zh, served, questions, rules, why_en, why_zh, owner_en, owner_zh,
    every, notice, indicator, most, document, clause, confirmed, valid_from, valid_to
from given.measure
