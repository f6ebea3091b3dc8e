-- makes: How small a group may be that is shown, how wide an interval that is read, and how open figures are rounded, by who is looking.
-- reads: given.disclosure
-- scope: everyone
-- grain: viewer, valid_from
-- columns:
--   viewer      VARCHAR  planner, reader, or viewer: who sees rounded figures only
--   min_group   INTEGER  smallest group shown, people
--   widest      INTEGER  widest interval from which a difference is read, percentage points
--   base        INTEGER  what every cell is rounded to a multiple of, people; null where figures are exact
--   edge        INTEGER  a share nearer to none or to all is not told apart from it, per cent; null likewise
--   filters     INTEGER  filters that may be chosen at once beside the period; null means any
--   quarter     INTEGER  months from one published month of a year to the next; null where every month is shown
--   years_open  INTEGER  years for which months are published; null likewise
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select viewer, min_group, widest, base, edge, filters, quarter, years_open, document, clause, confirmed, valid_from, valid_to
from given.disclosure
