-- makes: The years of which welfare is known, each with the month that says who belongs to it.
-- reads: given.welfare_use, build
-- scope: everyone
-- grain: year
-- columns:
--   year       INTEGER  year
--   month      INTEGER  its last month, in the running year the data month, YYYYMM: who is in post then belongs to it
--   year_end   INTEGER  its December, YYYYMM: years of work are counted to it
select distinct
    used.year,
    least(used.year * 100 + 12, build.data_month) as month,
    used.year * 100 + 12 as year_end
from given.welfare_use as used
cross join build
where used.year * 100 + 1 <= build.data_month
