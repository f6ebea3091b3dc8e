-- makes: The indicators that each unit's results of a year are made of.
-- reads: given.unit_indicator, unit
-- scope: unit_no
-- grain: unit_no, year, indicator
-- columns:
--   unit_no    INTEGER       which unit
--   year       INTEGER       year assessed
--   indicator  VARCHAR       the indicator
--   score      DECIMAL(9,4)  its score
--   weight     DECIMAL(9,4)  its weight among the unit's indicators of the year
select unit.unit_no, given.year, given.indicator, given.score, given.weight
from given.unit_indicator as given
inner join unit on given.unit_id = unit.unit_id
order by given.year, unit.unit_no
