-- asks: Whose band hangs on the day of birth, a missing month or year, or the reading of the band's name?
-- reads: target_spell, age_target, unit
-- takes: as_of, target?, unit?
-- grain: target_id, person_id, unit_id, reason
-- columns:
--   target_id  VARCHAR  the target
--   reason     VARCHAR  day, month_missing, birth_missing or definition
--   counted    BOOLEAN  counts towards the target as the house counts
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
),
person as (
    select
        target.target_id, target.place, target.upper_age, target.other_upper_age,
        unit.unit_no, unit.unit_id, unit.name as unit_name,
        spell.person_id, spell.name, spell.sex, spell.birth, spell.birth_month, spell.birth_known, spell.post,
        coalesce($as_of - spell.birth_month < 100 * target.upper_age, false) as counted
    from target_spell as spell
    inner join age_target as target using (target_no)
    inner join area on spell.unit_no between area.first_no and area.last_no
    inner join unit on spell.unit_no = unit.unit_no
    where spell.start_month <= $as_of and spell.end_month > $as_of
        and spell.asked
        and target.upper_age is not null
        and target.valid_from <= $as_of and (target.valid_to is null or target.valid_to > $as_of)
        and ($target is null or target.target_id = $target)
),
reason as (
    select 'birth_missing' as reason, * from person where birth_known = 'none'
    union all
    select 'month_missing', * from person
    where birth_known = 'year' and not counted and $as_of - (birth_month + 11) < 100 * upper_age
    union all
    select 'day', * from person
    where birth_known in ('day', 'month') and $as_of - birth_month = 100 * upper_age and mod(birth, 100) <> 1
    union all
    select 'definition', * from person
    where counted <> ($as_of - birth_month < 100 * other_upper_age)
)
select target_id, reason, counted, person_id, name, sex, birth, unit_id, unit_name, post
from reason
order by place, unit_no, person_id, reason
