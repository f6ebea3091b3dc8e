-- asks: How small may a group be that is shown, and to whom?
-- reads: disclosure, build
-- takes:
-- grain: viewer
-- columns:
--   viewer     VARCHAR  planner or reader
--   min_group  INTEGER  smallest group shown, people
--   widest     INTEGER  widest interval from which a difference is read, percentage points
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
select viewer, min_group, widest, document, clause, confirmed
from disclosure
cross join build
where valid_from <= data_month and (valid_to is null or valid_to > data_month)
order by viewer
