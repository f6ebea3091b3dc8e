-- asks: Of which years is anything of welfare known?
-- reads: welfare_year
-- takes:
-- grain: year
-- columns:
--   year   INTEGER  year
--   month  INTEGER  its last month, in the running year the data month, YYYYMM
select year, month from welfare_year order by year
