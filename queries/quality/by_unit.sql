-- asks: Where under a unit are records in doubt, and of how many of the people in post?
-- reads: doubt, record_place, unit_below
-- takes: unit?, doubt?
-- grain: unit_id
-- columns:
--   unit_id     VARCHAR  a unit right under the one asked for
--   unit_name   VARCHAR  its name
--   people      INTEGER  people in post in it and under it
--   in_doubt    INTEGER  of these, people with a record in doubt
--   share       DOUBLE   part of the people in post
--   gone        INTEGER  people no longer in post with a record in doubt
--   records     INTEGER  records in doubt, those of people no longer in post among them
with below as (
    select unit_no, last_no, unit_id, name from unit_below where upper_id = coalesce($unit, '*')
),
person as (
    select
        place.person_id, below.unit_no, place.in_post, count(doubt.rule_id) as records
    from record_place as place
    asof inner join below on place.unit_no >= below.unit_no
    left join doubt on place.person_id = doubt.person_id and ($doubt is null or doubt.rule_id = $doubt)
    where place.unit_no <= below.last_no
    group by all
)
select
    below.unit_id, below.name as unit_name,
    cast(count(*) filter (person.in_post) as integer) as people,
    cast(count(*) filter (person.in_post and person.records > 0) as integer) as in_doubt,
    count(*) filter (person.in_post and person.records > 0) / nullif(count(*) filter (person.in_post), 0)::double as share,
    cast(count(*) filter (not person.in_post and person.records > 0) as integer) as gone,
    cast(sum(person.records) as integer) as records
from person
inner join below on person.unit_no = below.unit_no
group by below.unit_id, below.name, below.unit_no
order by below.unit_no
