-- asks: How many came into township teams each year, and from which kind of staff?
-- reads: township_entry, extent, township_rule
-- takes: unit?
-- grain: year
-- columns:
--   year               INTEGER  year
--   appointed          INTEGER  people who came into a township team
--   reported           INTEGER  of them, people whose origin was reported
--   career_staff       INTEGER  career staff of the township
--   village_cadre      INTEGER  village cadres
--   graduate_official  INTEGER  graduates serving in villages
--   civil_servant      INTEGER  civil servants
--   share              DOUBLE   career staff, village cadres and graduates over reported; null where nothing was reported
--   median_years       DOUBLE   median of the full years in townships before, of career staff
--   document           VARCHAR  source
--   clause             VARCHAR  clause of the source
--   confirmed          VARCHAR  who stands behind it
with counted as (
    select
        cast(floor(entry.month / 100) as integer) as year, count(*) as appointed, count(entry.origin) as reported,
        count(*) filter (origin = 'career_staff') as career_staff, count(*) filter (origin = 'village_cadre') as village_cadre,
        count(*) filter (origin = 'graduate_official') as graduate_official,
        count(*) filter (origin = 'civil_servant') as civil_servant,
        median(township_years) filter (origin = 'career_staff') as median_years
    from township_entry as entry
    inner join extent
        on entry.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    group by year
)
select
    counted.year,
    cast(appointed as integer) as appointed, cast(reported as integer) as reported,
    cast(career_staff as integer) as career_staff, cast(village_cadre as integer) as village_cadre,
    cast(graduate_official as integer) as graduate_official, cast(civil_servant as integer) as civil_servant,
    case when reported > 0 then (career_staff + village_cadre + graduate_official) / reported::double end as share,
    cast(median_years as double) as median_years,
    rule.document, rule.clause, rule.confirmed
from counted
left join township_rule as rule
    on rule.concern = 'origin'
    and rule.valid_from <= counted.year * 100 + 12 and (rule.valid_to is null or rule.valid_to > counted.year * 100 + 12)
order by counted.year
