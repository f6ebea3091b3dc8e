-- makes: Who counts for which target, when: one row for each unbroken stay of a person in the target's posts of one unit.
-- reads: standing, age_target
-- scope: unit_no
-- names: name
-- grain: target_no, person_id, unit_no, start_month
-- person: person_id
-- columns:
--   target_no     INTEGER  the dated target row
--   person_id     VARCHAR  who
--   name          VARCHAR  name
--   sex           VARCHAR  male or female
--   birth         INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   birth_month   INTEGER  month of birth, YYYYMM; January where only the year is known
--   birth_known   VARCHAR  day, month, year or none
--   unit_no       INTEGER  where
--   start_month   INTEGER  first month, YYYYMM
--   end_month     INTEGER  first month no longer, YYYYMM; 999912 while open
--   before_month  INTEGER  month the primary post before the stay ended, YYYYMM; null where it began beside one
--   after_month   INTEGER  month the primary post after the stay began, YYYYMM; null where it ended beside one
--   asked         BOOLEAN  has the sex or political status that the target asks for
--   may_be_asked  BOOLEAN  has it, or would if a political status that is not known turned out so
--   crosses       INTEGER  month the person passes the age line, YYYYMM; 999912 without a line, null without a birth
--   band_end      INTEGER  first month no longer in the band or no longer in post, YYYYMM; start_month where never in it
with candidate as (
    select
        target.target_no, standing.person_id, standing.name, standing.sex, standing.birth, standing.birth_month,
        standing.birth_known, standing.unit_no, standing.post, standing.is_primary,
        standing.start_month, standing.end_month, standing.before_month, standing.after_month,
        coalesce(
            (target.sex is null or standing.sex = target.sex) and (target.party is null or standing.outside_party), false
        ) as asked,
        coalesce(
            (target.sex is null or standing.sex = target.sex) and (target.party is null or standing.outside_party), true
        ) as may_be_asked,
        case when target.upper_age is null then 999912 else standing.birth_month + 100 * target.upper_age end as crosses
    from standing
    inner join age_target as target
        on standing.body = target.body
        and (target.organ is null or standing.organ = target.organ)
        and '|' || target.roles || '|' like '%|' || standing.role || '|%'
        and (target.posts = 'any' or standing.is_primary)
),
repeated as (
    select target_no, person_id, unit_no from candidate group by target_no, person_id, unit_no having count(*) > 1
),
held as (
    select
        candidate.*,
        max(end_month) over (
            partition by target_no, person_id, unit_no order by start_month, end_month, post
            rows between unbounded preceding and 1 preceding
        ) as held_until
    from candidate
    semi join repeated using (target_no, person_id, unit_no)
),
numbered as (
    select
        *,
        sum(case when held_until >= start_month then 0 else 1 end) over (
            partition by target_no, person_id, unit_no order by start_month, end_month, post
            rows between unbounded preceding and current row
        ) as stay
    from held
),
merged as (
    select
        target_no, person_id, min(name) as name, min(sex) as sex, min(birth) as birth, min(birth_month) as birth_month,
        min(birth_known) as birth_known, unit_no, min(start_month) as start_month, max(end_month) as end_month,
        nullif(min_by(coalesce(before_month, 0), 2 * start_month + case when is_primary then 0 else 1 end), 0)
            as before_month,
        nullif(max_by(coalesce(after_month, 0), 2 * end_month + case when is_primary then 1 else 0 end), 0)
            as after_month,
        bool_and(asked) as asked, bool_and(may_be_asked) as may_be_asked, min(crosses) as crosses
    from numbered
    group by target_no, person_id, unit_no, stay
    union all
    select
        target_no, person_id, name, sex, birth, birth_month, birth_known, unit_no, start_month, end_month,
        before_month, after_month, asked, may_be_asked, crosses
    from candidate
    anti join repeated using (target_no, person_id, unit_no)
)
select
    target_no, person_id, name, sex, birth, birth_month, birth_known, unit_no, start_month, end_month,
    before_month, after_month, asked, may_be_asked, crosses,
    case when asked and crosses > start_month then least(crosses, end_month) else start_month end as band_end
from merged
order by target_no, unit_no, start_month
