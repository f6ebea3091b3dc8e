-- asks: Which steps lead to each term change, how long before must each begin, and who usually does it?
-- reads: timetable_step, term_change
-- takes: as_of, tier?, organ?
-- grain: tier, round, step_id
-- columns:
--   tier        VARCHAR  township, county or city
--   round       INTEGER  year the round is named for
--   term_month  INTEGER  month of the term change, YYYYMM; without an organ, the earliest of the tier's organs
--   step_id     VARCHAR  the step
--   place       INTEGER  place in the list
--   step_en     VARCHAR  what the step is called
--   step_zh     VARCHAR  what the step is called, in Chinese
--   lead        INTEGER  how long before it must begin; below zero, how long after it ends
--   measure     VARCHAR  months or working_days
--   before      VARCHAR  the step that it is counted to; null means the term change
--   notice      INTEGER  days before its last day from which it is due soon
--   owner_en    VARCHAR  who usually does it
--   owner_zh    VARCHAR  who usually does it, in Chinese
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
select
    term.tier, term.round, term.month as term_month,
    step.step_id, step.place, step.name_en as step_en, step.name_zh as step_zh, step.lead, step.measure, step.before,
    step.notice, step.owner_en, step.owner_zh, step.document, step.clause, step.confirmed
from term_change as term
inner join timetable_step as step on step.tiers is null or '|' || step.tiers || '|' like '%|' || term.tier || '|%'
where term.organ is not distinct from $organ
    and ($tier is null or term.tier = $tier)
    and step.valid_from <= $as_of and (step.valid_to is null or step.valid_to > $as_of)
order by term.month, term.tier, step.place
