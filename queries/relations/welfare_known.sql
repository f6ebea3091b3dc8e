-- makes: Which items of welfare were reported of which year, by anyone; of all others nothing is known.
-- reads: given.welfare_use
-- scope: everyone
-- grain: year, item
-- columns:
--   year  INTEGER  year
--   item  VARCHAR  the item
select distinct year, item from given.welfare_use
