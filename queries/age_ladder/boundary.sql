-- asks: Whose band hangs on the day of birth, a missing month or year, or the reading of the band's name?
-- reads: target_spell, age_target, standing, unit, extent
-- takes: as_of, target?, level?, sex?, unit?
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
--   post       VARCHAR  post held in the month; of several the one taken last
with person as (
    select
        target.target_id, target.place, target.roles, target.posts, target.upper_age, target.other_upper_age,
        spell.unit_no, spell.person_id, spell.name, spell.sex, spell.birth, spell.birth_month, spell.birth_known,
        coalesce($as_of - spell.birth_month < 100 * target.upper_age, false) as counted
    from target_spell as spell
    inner join age_target as target using (target_no)
    inner join extent on spell.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and spell.start_month <= $as_of and spell.end_month > $as_of
        and spell.asked
        and target.upper_age is not null
        and target.valid_from <= $as_of and (target.valid_to is null or target.valid_to > $as_of)
        and ($target is null or target.target_id = $target)
        and ($sex is null or spell.sex = $sex)
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
select
    reason.target_id, reason.reason, reason.counted, reason.person_id, reason.name, reason.sex, reason.birth,
    unit.unit_id, unit.name as unit_name, held.post
from reason
inner join standing as held
    on reason.person_id = held.person_id
    and reason.unit_no = held.unit_no
    and held.start_month <= $as_of and held.end_month > $as_of
    and list_contains(string_split(reason.roles, '|'), held.role)
    and (reason.posts = 'any' or held.is_primary)
inner join unit on reason.unit_no = unit.unit_no
qualify row_number() over (
        partition by reason.target_id, reason.person_id, reason.unit_no, reason.reason
        order by held.start_date desc, held.post desc
    ) = 1
    and ($level is null or held.level = $level)
order by reason.place, reason.unit_no, reason.person_id, reason.reason
