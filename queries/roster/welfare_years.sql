-- asks: Of which years is which item of welfare known?
-- reads: welfare_year, welfare_known
-- takes:
-- grain: year, item
-- columns:
--   year   INTEGER  year
--   month  INTEGER  its last month, in the running year the data month, YYYYMM
--   item   VARCHAR  an item that was reported of it
select welfare_year.year, welfare_year.month, welfare_known.item
from welfare_year
inner join welfare_known using (year)
order by welfare_year.year, welfare_known.item
