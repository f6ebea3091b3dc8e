-- asks: Of which years was any training reported?
-- reads: training_year
-- grain: year
-- columns:
--   year   INTEGER  year
--   month  INTEGER  its last month, in the running year the data month, YYYYMM
select year, month from training_year order by year
