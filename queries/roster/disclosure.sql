-- asks: How small may a group be that is shown, to whom, and how are open figures rounded?
-- reads: disclosure, build
-- takes:
-- grain: viewer
-- columns:
--   viewer      VARCHAR  planner, reader or viewer
--   min_group   INTEGER  smallest group shown, people
--   widest      INTEGER  widest interval from which a difference is read, percentage points
--   base        INTEGER  what every cell of open figures is rounded to a multiple of, people
--   edge        INTEGER  a share nearer to none or to all is not told apart from it, per cent
--   filters     INTEGER  filters that may be chosen at once beside the period
--   quarter     INTEGER  months from one published month of a year to the next
--   years_open  INTEGER  years for which months are published
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
select viewer, min_group, widest, base, edge, filters, quarter, years_open, document, clause, confirmed
from disclosure
cross join build
where valid_from <= data_month and (valid_to is null or valid_to > data_month)
order by viewer
