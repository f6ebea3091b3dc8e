-- asks: How many had the hours of training that a rule asks of them by the end of a year, by kind of body, level, sex and age band?
-- reads: training_claim, trainee, training_rule, training_year, age_band, extent
-- takes: year, unit?
-- grain: rule_id, side, body, level, sex, band_id
-- columns:
--   rule_id         VARCHAR  the rule
--   requirement_en  VARCHAR  its name
--   requirement_zh  VARCHAR  its name in Chinese
--   side            VARCHAR  what people are told apart by: all, body, level, sex or band
--   body            VARCHAR  kind of body; null on another side
--   level           VARCHAR  post level; null on another side and where unknown
--   sex             VARCHAR  male or female; null on another side
--   band_id         VARCHAR  age band at the end of the year, or unknown; null on another side
--   band_en         VARCHAR  its name
--   band_zh         VARCHAR  its name in Chinese
--   people          INTEGER  people of whom the hours are asked
--   met             INTEGER  of them, people who had them, as far as training was reported
--   share           DOUBLE   met over people
--   hours           DOUBLE   hours that people took within the rule's years, on average
--   asked           INTEGER  hours asked
--   span            INTEGER  years that the rule looks back on, this one the last
--   reported        INTEGER  of these, years of which any training was reported
--   document        VARCHAR  source
--   clause          VARCHAR  clause of the source
--   confirmed       VARCHAR  who stands behind it
with counted as (
    select
        claim.rule_id,
        case
            when grouping(trainee.body) = 0 then 'body' when grouping(trainee.level) = 0 then 'level'
            when grouping(trainee.sex) = 0 then 'sex' when grouping(trainee.band_id) = 0 then 'band' else 'all'
        end as side,
        coalesce(trainee.body, trainee.level, trainee.sex, trainee.band_id, 'all') as code,
        count(*) as people, count(*) filter (claim.hours >= claim.asked) as met, avg(claim.hours) as hours
    from training_claim as claim
    inner join trainee on claim.year = trainee.year and claim.person_id = trainee.person_id
    inner join extent
        on claim.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where claim.year = $year
    group by grouping sets (
        (claim.rule_id), (claim.rule_id, trainee.body), (claim.rule_id, trainee.level),
        (claim.rule_id, trainee.sex), (claim.rule_id, trainee.band_id)
    )
),
rule as (
    select
        training_rule.*,
        (
            select count(*) from training_year where year between $year - training_rule.years + 1 and $year
        ) as reported
    from training_rule
    where valid_from <= $year * 100 + 12 and (valid_to is null or valid_to > $year * 100 + 12)
)
select
    counted.rule_id, rule.name_en as requirement_en, rule.name_zh as requirement_zh, counted.side,
    case when counted.side = 'body' then counted.code end as body,
    case when counted.side = 'level' then nullif(counted.code, 'unknown') end as level,
    case when counted.side = 'sex' then counted.code end as sex,
    case when counted.side = 'band' then counted.code end as band_id,
    age_band.name_en as band_en, age_band.name_zh as band_zh,
    cast(counted.people as integer) as people, cast(counted.met as integer) as met,
    counted.met / counted.people::double as share, counted.hours,
    rule.hours as asked, rule.years as span, cast(rule.reported as integer) as reported,
    rule.document, rule.clause, rule.confirmed
from counted
inner join rule on counted.rule_id = rule.rule_id
left join age_band on counted.side = 'band' and counted.code = age_band.band_id
order by rule.place, counted.side, age_band.lower_age nulls last, counted.code
