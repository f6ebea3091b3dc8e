-- asks: Who in post in a month has reached the statutory month or the post age line by another, or can not serve a full term from the next term change?
-- reads: standing, age_target, term_change, unit, build
-- takes: as_of, until, target?, level?, sex?, unit?
-- grain: reason, person_id
-- columns:
--   reason     VARCHAR  statutory, post_line or full_term
--   month      INTEGER  month it happens, YYYYMM: retirement, the age line, or the retirement that cuts the term short
--   person_id  VARCHAR  who
--   name       VARCHAR  name
--   sex        VARCHAR  male or female
--   birth      INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   unit_id    VARCHAR  where
--   unit_name  VARCHAR  name of the unit
--   post       VARCHAR  primary post
--   level      VARCHAR  post level
with area as (
    select min(unit_no) as first_no, max(last_no) as last_no
    from unit
    where $unit is null or unit_id = $unit
),
target as (
    select * from age_target
    where target_id = $target and valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
tier as (
    select distinct body, tier from age_target
),
next_term as (
    select tier.body, term_change.month, term_change.month + 100 * term_change.term_years as full_term
    from tier
    inner join term_change using (tier)
    where term_change.month > $as_of
    qualify row_number() over (partition by tier.body order by term_change.month) = 1
),
person as (
    select standing.*, unit.unit_id, unit.name as unit_name, next_term.month as term_month, next_term.full_term
    from standing
    cross join build
    inner join area on standing.unit_no between area.first_no and area.last_no
    inner join unit on standing.unit_no = unit.unit_no
    left join next_term on standing.body = next_term.body
    where standing.is_primary
        and standing.role <> 'other'
        and standing.start_month <= least($as_of, build.data_month)
        and standing.end_month > least($as_of, build.data_month)
        and ($level is null or standing.level = $level)
        and ($sex is null or standing.sex = $sex)
        and ($target is null or exists (
            select 1 from target
            where standing.body = target.body
                and (target.organ is null or standing.organ = target.organ)
                and list_contains(string_split(target.roles, '|'), standing.role)
        ))
),
reason as (
    select 'statutory' as reason, statutory_month as month, * from person
    where statutory_month <= $until
    union all
    select 'post_line', post_line_month, * from person
    where post_line_month <= $until
    union all
    select 'full_term', statutory_month, * from person
    where statutory_month > term_month and statutory_month < full_term and term_month <= $until
)
select reason, month, person_id, name, sex, birth, unit_id, unit_name, post, level
from reason
order by month, reason, unit_no, person_id
