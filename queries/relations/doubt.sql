-- makes: Every record of a person that a rule doubts, with the two months that do not fit.
-- reads: given.member, given.assessment, member, posting, standing, unassessed, record_rule, record_place, build
-- scope: unit_no
-- names: name
-- grain: rule_id, person_id, at_unit_id, post, start_date, stated_month
-- person: person_id
-- columns:
--   rule_id        VARCHAR  the rule
--   person_id      VARCHAR  who
--   name           VARCHAR  name
--   unit_no        INTEGER  where the person's records belong; null without a post in a unit that is known
--   in_post        BOOLEAN  holds a primary post in the month the data stand at
--   at_unit_id     VARCHAR  unit of the post in doubt; null where it is about the person
--   post           VARCHAR  the post in doubt
--   start_date     INTEGER  its appointment, YYYYMMDD with zeros for unknown parts
--   stated_month   INTEGER  month that the record states, YYYYMM
--   against_month  INTEGER  month that it does not fit with, YYYYMM
with part as (
    select
        given.*, cast(floor(given.birth / 10000) as integer) as birth_year, cast(floor(given.birth / 100) as integer) as born,
        cast(floor(given.work_start / 10000) as integer) as work_year, cast(floor(given.work_start / 100) as integer) as began,
        cast(floor(given.joined / 10000) as integer) as joined_year, cast(floor(given.joined / 100) as integer) as entered
    from given.member as given
),
person as (
    select
        person_id, party, joined, work_start,
        greatest(born, birth_year * 100 + 1) as birth_month,
        greatest(began, work_year * 100 + 1) as work_month,
        case when mod(began, 100) = 0 then work_year * 100 + 12 else began end as work_by,
        case when mod(entered, 100) = 0 then joined_year * 100 + 12 else entered end as joined_by
    from part
),
spell as (
    select
        *,
        max(end_month) over (
            partition by person_id order by start_month, start_date, unit_id, post
            rows between unbounded preceding and 1 preceding
        ) as held_until,
        max(case when is_primary then end_month end) over (
            partition by person_id order by start_month, start_date, unit_id, post
            rows between unbounded preceding and 1 preceding
        ) as primary_until,
        max(case when is_primary and role <> 'other' then end_month end) over (
            partition by person_id order by start_month, start_date, unit_id, post
            rows between unbounded preceding and 1 preceding
        ) as leading_until,
        row_number() over (partition by person_id order by start_month, start_date, unit_id, post) as place
    from posting
    where end_month > start_month
),
gone as (
    select spell.person_id, max(spell.end_month) as left_month
    from spell
    cross join record_rule as rule
    where rule.rule_id = 'post_open_though_gone' and '|' || rule.reasons || '|' like '%|' || spell.end_reason || '|%'
    group by spell.person_id
),
year_over as (
    select cast(floor(data_month / 100) as integer) - case when mod(data_month, 100) = 12 then 0 else 1 end as year
    from build
),
assessed_year as (
    select distinct given.person_id, given.year
    from given.assessment as given
    where given.kind = 'annual'
),
found as (
    select 'birth_missing' as rule_id, person_id, null as unit_id, null as post, null as start_date,
        null as stated_month, null as against_month
    from member
    where birth_known = 'none'
    union all
    select 'birth_month_missing', person_id, null, null, null, null, null
    from member
    where birth_known = 'year'
    union all
    select 'posted_before_age', spell.person_id, spell.unit_id, spell.post, spell.start_date,
        spell.start_month, person.birth_month + 100 * rule.age
    from spell
    inner join person on spell.person_id = person.person_id
    inner join record_rule as rule on rule.rule_id = 'posted_before_age'
    where spell.place = 1 and spell.start_month < person.birth_month + 100 * rule.age
    union all
    select distinct 'past_retirement', standing.person_id, null, null, null, build.data_month, standing.statutory_month
    from standing
    cross join build
    where standing.is_primary
        and standing.start_month <= build.data_month and standing.end_month > build.data_month
        and standing.statutory_month <= build.data_month
    union all
    select 'work_start_missing', person_id, null, null, null, null, null
    from person
    where work_start is null
    union all
    select 'worked_before_age', person.person_id, null, null, null, person.work_by, person.birth_month + 100 * rule.age
    from person
    inner join record_rule as rule on rule.rule_id = 'worked_before_age'
    where person.work_by < person.birth_month + 100 * rule.age
    union all
    select 'posted_before_work', spell.person_id, spell.unit_id, spell.post, spell.start_date,
        spell.start_month, person.work_month
    from spell
    inner join person on spell.person_id = person.person_id
    where spell.place = 1 and spell.start_month < person.work_month
    union all
    select 'assessed_before_work', assessed_year.person_id, null, null, null, assessed_year.year * 100 + 12, person.work_month
    from assessed_year
    inner join person on assessed_year.person_id = person.person_id
    where assessed_year.year * 100 + 12 < person.work_month
    union all
    select 'party_missing', person_id, null, null, null, null, null
    from person
    where party is null
    union all
    select 'joined_before_age', person.person_id, null, null, null, person.joined_by, person.birth_month + 100 * rule.age
    from person
    inner join record_rule as rule on rule.rule_id = 'joined_before_age'
    where person.joined_by < person.birth_month + 100 * rule.age
    union all
    select 'joined_but_outside', person_id, null, null, null, joined_by, null
    from person
    where joined is not null and party not in ('01', '02', '03')
    union all
    select 'without_post', person_id, null, null, null, null, null
    from person
    where person_id not in (select person_id from posting)
    union all
    select 'post_overlap', person_id, unit_id, post, start_date,
        start_month, case when role = 'other' then leading_until else primary_until end
    from spell
    where is_primary and case when role = 'other' then leading_until else primary_until end > start_month
    union all
    select 'career_gap', spell.person_id, spell.unit_id, spell.post, spell.start_date, spell.start_month, spell.held_until
    from spell
    inner join record_rule as rule on rule.rule_id = 'career_gap'
    where months_between(spell.held_until, spell.start_month) > rule.months
    union all
    select 'post_open_though_gone', spell.person_id, spell.unit_id, spell.post, spell.start_date,
        spell.start_month, gone.left_month
    from spell
    inner join gone on spell.person_id = gone.person_id
    cross join build
    where spell.end_month > build.data_month and spell.start_month < gone.left_month
    union all
    select 'assessment_missing', unassessed.person_id, null, null, null, unassessed.year * 100 + 12, null
    from unassessed
    inner join year_over on unassessed.year = year_over.year
)
select
    found.rule_id, found.person_id, member.name, place.unit_no, place.in_post,
    found.unit_id as at_unit_id, found.post, cast(found.start_date as integer) as start_date,
    cast(found.stated_month as integer) as stated_month, cast(found.against_month as integer) as against_month
from found
inner join record_rule as rule on found.rule_id = rule.rule_id
inner join member on found.person_id = member.person_id
inner join record_place as place on found.person_id = place.person_id
order by place.unit_no
