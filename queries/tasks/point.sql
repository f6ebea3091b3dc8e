-- asks: How many measures of each point of the two policies are served here, in part, or not at all?
-- reads: measure
-- takes: as_of
-- grain: paper, point
-- columns:
--   paper     VARCHAR  the policy: opinions or two_duties
--   point     INTEGER  number of the point, or of the highlight, in the policy
--   measures  INTEGER  measures of the point
--   whole     INTEGER  of them, served
--   part      INTEGER  served in part
--   unserved  INTEGER  not served, for a reason that is told
select
    paper, point, cast(count(*) as integer) as measures,
    cast(count(*) filter (where served = 'yes') as integer) as whole,
    cast(count(*) filter (where served = 'partly') as integer) as part,
    cast(count(*) filter (where served = 'no') as integer) as unserved
from measure
where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
group by paper, point
order by paper, point
