-- asks: In which units do those with a rank only stand, and how many of them have the tasks asked for them?
-- reads: rank_only, rank_claim, unit, extent, build
-- takes: year, unit?
-- grain: unit_id
-- columns:
--   unit_id       VARCHAR  the unit
--   unit_name     VARCHAR  its name
--   body          VARCHAR  kind of body
--   people        INTEGER  people with a rank only at the end of the year
--   stepped_down  INTEGER  of them, people who held a leading post before
--   tasked        INTEGER  of them, people with as many tasks as are asked; null where no tasks were reported of the year
--   share         DOUBLE   tasked over people
with point as (
    select least($year * 100 + 12, data_month) as month from build
),
counted as (
    select
        held.unit_no, count(*) as people, count(*) filter (held.left_month is not null) as stepped_down,
        count(*) filter (claim.times >= claim.least) as tasked, count(claim.person_id) as told
    from rank_only as held
    inner join point on held.start_month <= point.month and held.end_month > point.month
    inner join extent
        on held.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    left join rank_claim as claim
        on claim.year = $year and claim.aspect = 'task' and not claim.is_leading and held.person_id = claim.person_id
    group by held.unit_no
)
select
    unit.unit_id, unit.name as unit_name, unit.body,
    cast(people as integer) as people, cast(stepped_down as integer) as stepped_down,
    cast(case when told > 0 then tasked end as integer) as tasked, case when told > 0 then tasked / people::double end as share
from counted
inner join unit on counted.unit_no = unit.unit_no
order by share nulls last, people desc, counted.unit_no
