-- asks: How has the share that had the hours asked of them gone, year by year?
-- reads: training_claim, training_rule, training_year, extent
-- takes: unit?
-- grain: rule_id, year
-- columns:
--   rule_id         VARCHAR  the rule
--   requirement_en  VARCHAR  its name
--   requirement_zh  VARCHAR  its name in Chinese
--   year            INTEGER  year
--   month           INTEGER  its last month, in the running year the data month, YYYYMM
--   people          INTEGER  people of whom the hours are asked
--   met             INTEGER  of them, people who had them, as far as training was reported
--   share           DOUBLE   met over people
--   span            INTEGER  years that the rule looks back on, this one the last
--   reported        INTEGER  of these, years of which any training was reported
--   document        VARCHAR  source
--   clause          VARCHAR  clause of the source
--   confirmed       VARCHAR  who stands behind it
with counted as (
    select claim.rule_id, claim.year, count(*) as people, count(*) filter (claim.hours >= claim.asked) as met
    from training_claim as claim
    inner join extent
        on claim.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    group by claim.rule_id, claim.year
)
select
    counted.rule_id, rule.name_en as requirement_en, rule.name_zh as requirement_zh, counted.year, training_year.month,
    cast(counted.people as integer) as people, cast(counted.met as integer) as met,
    counted.met / counted.people::double as share, rule.years as span,
    cast((
        select count(*) from training_year as back where back.year between counted.year - rule.years + 1 and counted.year
    ) as integer) as reported,
    rule.document, rule.clause, rule.confirmed
from counted
inner join training_year on counted.year = training_year.year
inner join training_rule as rule
    on counted.rule_id = rule.rule_id
    and rule.valid_from <= training_year.year_end and (rule.valid_to is null or rule.valid_to > training_year.year_end)
order by rule.place, counted.year
