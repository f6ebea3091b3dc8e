-- asks: How much does each source count in a year, by scheme and class?
-- reads: assessment_weight
-- takes: year
-- grain: scheme, category, source
-- columns:
--   scheme     VARCHAR  nominal makes the score; the other schemes ask how far a place hangs on the weights
--   category   VARCHAR  class: team, chief, deputy or dispatched
--   source     VARCHAR  democratic, leader, panel or results
--   percent    INTEGER  weight, per cent
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
select scheme, category, source, percent, document, clause, confirmed
from assessment_weight
where valid_from <= $year * 100 + 12 and valid_to > $year * 100 + 12
order by scheme <> 'nominal', scheme, category, source
