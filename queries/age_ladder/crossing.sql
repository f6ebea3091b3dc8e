-- asks: Who passes a target's age line after one month and up to another, while in one of its posts?
-- reads: target_spell, age_target, standing, unit, extent
-- takes: since, until, target?, level?, sex?, unit?
-- grain: month, target_id, person_id, unit_id
-- columns:
--   month      INTEGER  month the line is reached, YYYYMM: from then on the person no longer counts
--   target_id  VARCHAR  the target
--   upper_age  INTEGER  the line, completed years
--   person_id  VARCHAR  who
--   name       VARCHAR  name
--   sex        VARCHAR  male or female
--   birth      INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   unit_id    VARCHAR  where
--   unit_name  VARCHAR  name of the unit
--   post       VARCHAR  post held in the month; of several the one taken last
with person as (
    select
        target.target_id, target.place, target.roles, target.posts, target.upper_age,
        spell.unit_no, spell.person_id, spell.name, spell.sex, spell.birth, spell.crosses as month
    from target_spell as spell
    inner join age_target as target using (target_no)
    inner join extent on spell.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and spell.asked
        and spell.crosses > $since and spell.crosses <= $until
        and spell.crosses > spell.start_month and spell.crosses < spell.end_month
        and target.upper_age is not null
        and target.valid_from <= spell.crosses and (target.valid_to is null or target.valid_to > spell.crosses)
        and ($target is null or target.target_id = $target)
        and ($sex is null or spell.sex = $sex)
)
select
    person.month, person.target_id, person.upper_age, person.person_id, person.name, person.sex, person.birth,
    unit.unit_id, unit.name as unit_name, held.post
from person
inner join standing as held
    on person.person_id = held.person_id
    and person.unit_no = held.unit_no
    and held.start_month <= person.month and held.end_month > person.month
    and list_contains(string_split(person.roles, '|'), held.role)
    and (person.posts = 'any' or held.is_primary)
inner join unit on person.unit_no = unit.unit_no
qualify row_number() over (
        partition by person.month, person.target_id, person.person_id, person.unit_no
        order by held.start_date desc, held.post desc
    ) = 1
    and ($level is null or held.level = $level)
order by person.month, person.place, person.unit_no, person.person_id
