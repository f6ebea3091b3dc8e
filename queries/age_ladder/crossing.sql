-- asks: Who passes a target's age line after one month and up to another, while in one of its posts?
-- reads: target_spell, age_target, unit
-- takes: since, until, target?, sex?, unit?
-- grain: target_id, person_id, unit_id
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
--   post       VARCHAR  post
with area as (
    select min(unit_no) as first_no, max(last_no) as last_no
    from unit
    where $unit is null or unit_id = $unit
)
select
    spell.crosses as month, target.target_id, target.upper_age,
    spell.person_id, spell.name, spell.sex, spell.birth, unit.unit_id, unit.name as unit_name, spell.post
from target_spell as spell
inner join age_target as target using (target_no)
inner join area on spell.unit_no between area.first_no and area.last_no
inner join unit on spell.unit_no = unit.unit_no
where spell.asked
    and spell.crosses > $since and spell.crosses <= $until
    and spell.crosses > spell.start_month and spell.crosses < spell.end_month
    and target.upper_age is not null
    and target.valid_from <= spell.crosses and (target.valid_to is null or target.valid_to > spell.crosses)
    and ($target is null or target.target_id = $target)
    and ($sex is null or spell.sex = $sex)
order by spell.crosses, target.place, unit.unit_no, spell.person_id
