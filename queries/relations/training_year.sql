-- makes: The years of which any training was reported, each with the month that says who belongs to it.
-- reads: given.training, build
-- scope: everyone
-- grain: year
-- columns:
--   year      INTEGER  year
--   month     INTEGER  its last month, in the running year the data month, YYYYMM: who is in post then belongs to it
--   year_end  INTEGER  its December, YYYYMM: the rules in force then hold
with reported as (
    select distinct cast(floor(course.start / 10000) as integer) as year, build.data_month
    from given.training as course
    cross join build
    where floor(course.start / 100) <= build.data_month
)
select year, least(year * 100 + 12, data_month) as month, year * 100 + 12 as year_end from reported
