-- makes: Who was in post at the end of a year that others were assessed in, and long enough, yet has no annual assessment.
-- reads: given.assessment, given.record_rule, annual_year, holding, unit, assessment_place
-- scope: unit_no
-- grain: year, person_id
-- person: person_id
-- columns:
--   year        INTEGER  year that assessments of others are known of
--   person_id   VARCHAR  who
--   unit_no     INTEGER  unit of the primary post at the end of the year; null where it is not known
--   about       VARCHAR  leaders with a leading post, people without
--   peer_group  VARCHAR  assessment group of the unit whose result stands for theirs; null outside every group
with given_year as (
    select distinct person_id, year from given.assessment where kind = 'annual'
),
year_end as (
    select annual_year.year, annual_year.year * 100 + 12 as month, rule.months
    from annual_year
    inner join given.record_rule as rule
        on rule.rule_id = 'assessment_missing'
        and rule.valid_from <= annual_year.year * 100 + 12
        and (rule.valid_to is null or rule.valid_to > annual_year.year * 100 + 12)
),
stayed as (
    select year_end.year, held.person_id, held.unit_id, held.role
    from year_end
    inner join holding as held
        on held.is_primary and held.start_month <= year_end.month and held.end_month > year_end.month
    inner join holding as before
        on held.person_id = before.person_id
        and before.is_primary
        and before.start_month <= add_months(year_end.month, -year_end.months)
        and before.end_month > add_months(year_end.month, -year_end.months)
),
county as (
    select unit_no, parent_no as county_no
    from unit
    where body = 'county_leadership' and organ in ('party', 'government')
)
select
    stayed.year, stayed.person_id, unit.unit_no,
    case when stayed.role in ('secretary', 'chief', 'deputy', 'member') then 'leaders' else 'people' end as about,
    coalesce(own.peer_group, above.peer_group) as peer_group
from stayed
left join given_year on stayed.person_id = given_year.person_id and stayed.year = given_year.year
left join unit on stayed.unit_id = unit.unit_id
left join assessment_place as own on unit.unit_no = own.unit_no and stayed.year = own.year
left join county on unit.unit_no = county.unit_no
left join assessment_place as above on county.county_no = above.unit_no and stayed.year = above.year
where given_year.person_id is null
order by stayed.year, unit.unit_no
