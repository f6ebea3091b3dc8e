-- makes: The years of which anything of welfare is known, each with the month that says who belongs to it.
-- reads: welfare_known, build
-- scope: everyone
-- grain: year
-- columns:
--   year       INTEGER  year
--   month      INTEGER  its last month, in the running year the data month, YYYYMM: who is in post then belongs to it
--   year_end   INTEGER  its December, YYYYMM: years of work are counted to it
select distinct
    known.year,
    least(known.year * 100 + 12, build.data_month) as month,
    known.year * 100 + 12 as year_end
from welfare_known as known
cross join build
where known.year * 100 + 1 <= build.data_month
