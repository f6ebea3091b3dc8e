-- asks: How many people have a record in doubt, of how many?
-- reads: doubt, record_place, extent
-- takes: unit?
-- grain: people
-- columns:
--   people    INTEGER  people now in post
--   in_doubt  INTEGER  of these, people with a record in doubt
--   gone      INTEGER  people no longer in post with a record in doubt
--   unplaced  INTEGER  people with a record in doubt and no post in a unit that is known
--   records   INTEGER  records in doubt
with person as (
    select place.unit_no, place.in_post, count(doubt.rule_id) as records
    from record_place as place
    left join doubt on place.person_id = doubt.person_id
    left join extent
        on extent.unit_id = coalesce($unit, '*') and place.unit_no between extent.first_no and extent.last_no
    where extent.unit_id is not null or ($unit is null and place.unit_no is null)
    group by place.person_id, place.unit_no, place.in_post
)
select
    cast(count(*) filter (in_post) as integer) as people,
    cast(count(*) filter (in_post and records > 0) as integer) as in_doubt,
    cast(count(*) filter (not in_post and unit_no is not null and records > 0) as integer) as gone,
    cast(count(*) filter (unit_no is null and records > 0) as integer) as unplaced,
    cast(coalesce(sum(records), 0) as integer) as records
from person
