-- makes: How the open figures are rounded and withheld, by the rule in force in the month the data stand at.
-- reads: disclosure, build
-- scope: everyone
-- grain: viewer
-- columns:
--   viewer      VARCHAR  viewer: who sees rounded figures only
--   base        INTEGER  what every cell is a multiple of, people
--   min_group   INTEGER  smallest number shown, people
--   edge        INTEGER  a share nearer to none or to all is not told apart from it, per cent
--   filters     INTEGER  filters that may be chosen at once beside the period
--   quarter     INTEGER  months from one published month of a year to the next
--   years_open  INTEGER  years for which months are published
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
select viewer, base, min_group, edge, filters, quarter, years_open, document, clause, confirmed
from disclosure
cross join build
where viewer = 'viewer' and valid_from <= data_month and (valid_to is null or valid_to > data_month)
