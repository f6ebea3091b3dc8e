-- makes: Who counts for a target only if what is not known of them turns out so: the birth, or the political status.
-- reads: target_spell, target_unit, age_target
-- scope: unit_no
-- grain: target_no, side, person_id, place_no, start_month
-- person: person_id
-- columns:
--   target_no    INTEGER  the dated target row
--   side         VARCHAR  have: would count; base: would count in what a share within another target is taken of
--   person_id    VARCHAR  who
--   place_no     INTEGER  unit of the posts
--   unit_no      INTEGER  where they are counted: that unit, or its county
--   start_month  INTEGER  first month in which it is not known, YYYYMM
--   end_month    INTEGER  first month no longer, YYYYMM
--   birth_known  VARCHAR  day, month, year or none
--   upper_age    INTEGER  completed years the band stays below; 999 without an age line
--   band_end     INTEGER  first month by which anybody with such a birth has left the band, YYYYMM; 999912 where none
--   by_party     BOOLEAN  would have to turn out to be outside the Party
with stay as (
    select
        spell.target_no, spell.person_id, spell.unit_no as place_no, place.group_no, spell.birth_known,
        spell.start_month, spell.end_month, not spell.asked as by_party, coalesce(target.upper_age, 999) as upper_age,
        case when spell.asked then coalesce(spell.crosses, spell.start_month) else spell.start_month end as sure_until,
        case
            when spell.birth_known = 'year' and target.upper_age is not null then spell.crosses + 11
            else coalesce(spell.crosses, 999912)
        end as band_end
    from target_spell as spell
    inner join age_target as target on spell.target_no = target.target_no
    inner join target_unit as place on spell.target_no = place.target_no and spell.unit_no = place.unit_no
    where spell.may_be_asked
),
either as (
    select
        target_no, person_id, place_no, group_no, birth_known, upper_age, band_end, by_party,
        greatest(start_month, sure_until) as start_month, least(end_month, band_end) as end_month
    from stay
    where greatest(start_month, sure_until) < least(end_month, band_end)
)
select
    target_no, 'have' as side, person_id, place_no, cast(group_no as integer) as unit_no,
    start_month, end_month, birth_known, upper_age, band_end, by_party
from either
union all
select
    child.target_no, 'base', either.person_id, either.place_no, cast(either.group_no as integer),
    greatest(either.start_month, parent.counted_from), least(either.end_month, coalesce(parent.valid_to, 999912)),
    either.birth_known, either.upper_age, either.band_end, either.by_party
from either
inner join age_target as parent on either.target_no = parent.target_no
inner join age_target as child on parent.target_id = child.parent_id and child.denominator = 'parent'
where greatest(either.start_month, parent.counted_from) < least(either.end_month, coalesce(parent.valid_to, 999912))
order by target_no, unit_no, start_month
