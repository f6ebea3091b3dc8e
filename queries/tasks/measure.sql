-- asks: Which question and rule serves each clause of the two policies, or why does none, and whose task is it until when?
-- reads: measure
-- takes: as_of
-- grain: measure_id
-- columns:
--   paper       VARCHAR  the policy: opinions or two_duties
--   point       INTEGER  number of the point, or of the highlight, in the policy
--   measure_id  VARCHAR  the measure
--   task_en     VARCHAR  the measure in words
--   task_zh     VARCHAR  the measure in words, in Chinese
--   coverage    VARCHAR  yes, partly or no
--   questions   VARCHAR  questions that serve it, joined by |; null where none does
--   rules       VARCHAR  tables of the rules that they follow, joined by |; null where none
--   why_en      VARCHAR  why it is not served, or not whole; null where it is
--   why_zh      VARCHAR  the same in Chinese
--   owner_en    VARCHAR  who answers for it
--   owner_zh    VARCHAR  who answers for it, in Chinese
--   every       INTEGER  it is due once in so many months, counted from January
--   notice      INTEGER  days before its last day from which it is due soon
--   watched     VARCHAR  what is counted of it; null where nothing is
--   most        INTEGER  per cent of what the indicator counts that may be open; null without an indicator
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
select
    paper, point, measure_id, name_en as task_en, name_zh as task_zh, served as coverage, questions, rules,
    why_en, why_zh, owner_en, owner_zh, every, notice, indicator as watched, most, document, clause, confirmed
from measure
where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
order by place, measure_id
