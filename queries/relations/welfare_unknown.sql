-- makes: Of whom it is not known what they were entitled to at the end of a year: the rule counts years of work, their start is not known and the file is silent.
-- reads: standing, member, welfare, welfare_year, welfare_known, welfare_rule, age_band
-- scope: unit_no
-- grain: year, item, person_id
-- person: person_id
-- columns:
--   year       INTEGER  year
--   item       VARCHAR  the item
--   person_id  VARCHAR  who
--   unit_no    INTEGER  where, at the end of the year
--   body       VARCHAR  kind of body
--   level      VARCHAR  post level, or unknown
--   sex        VARCHAR  male or female
--   band_id    VARCHAR  age band at the end of the year, or unknown
with by_years as (
    select distinct welfare_year.year, welfare_year.month, rule.item
    from welfare_year
    inner join welfare_rule as rule
        on rule.kind = 'right' and rule.years_from is not null
        and rule.valid_from <= welfare_year.year_end and (rule.valid_to is null or rule.valid_to > welfare_year.year_end)
    inner join welfare_known on welfare_year.year = welfare_known.year and rule.item = welfare_known.item
)
select
    by_years.year, by_years.item, standing.person_id, standing.unit_no, standing.body,
    coalesce(standing.level, 'unknown') as level, standing.sex, coalesce(age_band.band_id, 'unknown') as band_id
from by_years
inner join standing
    on standing.is_primary and standing.start_month <= by_years.month and standing.end_month > by_years.month
inner join member on standing.person_id = member.person_id and member.work_month is null
left join welfare
    on standing.person_id = welfare.person_id and by_years.year = welfare.year and by_years.item = welfare.item
left join age_band
    on by_years.month - standing.birth_month >= 100 * age_band.lower_age
    and by_years.month - standing.birth_month < 100 * age_band.upper_age
where welfare.stored is null and welfare.rule_id is null
order by by_years.year, standing.unit_no
