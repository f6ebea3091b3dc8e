-- asks: How many records does each rule doubt, of how many people, what can they move and how are they mended?
-- reads: record_rule, doubt, record_place, extent
-- takes: unit?
-- grain: rule_id
-- columns:
--   rule_id    VARCHAR  the rule
--   doubt_en   VARCHAR  its name
--   doubt_zh   VARCHAR  its name in Chinese
--   concerns   VARCHAR  age, service, party, career or assessment
--   records    INTEGER  records in doubt
--   people     INTEGER  people they are of
--   in_post    INTEGER  of these, people now in post
--   share      DOUBLE   part of all people now in post
--   figures    VARCHAR  what they can move, joined by |; null for nothing here
--   mend_en    VARCHAR  how to mend them
--   mend_zh    VARCHAR  how to mend them, in Chinese
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with span as (
    select first_no, last_no from extent where unit_id = coalesce($unit, '*')
),
everyone as (
    select count(*) as people
    from record_place
    inner join span on record_place.unit_no between span.first_no and span.last_no
    where record_place.in_post
),
counted as (
    select
        doubt.rule_id, count(*) as records, count(distinct doubt.person_id) as people,
        count(distinct doubt.person_id) filter (doubt.in_post) as in_post
    from doubt
    left join span on doubt.unit_no between span.first_no and span.last_no
    where span.first_no is not null or ($unit is null and doubt.unit_no is null)
    group by doubt.rule_id
)
select
    rule.rule_id, rule.name_en as doubt_en, rule.name_zh as doubt_zh, rule.about as concerns,
    cast(coalesce(counted.records, 0) as integer) as records,
    cast(coalesce(counted.people, 0) as integer) as people,
    cast(coalesce(counted.in_post, 0) as integer) as in_post,
    coalesce(counted.in_post, 0) / nullif(everyone.people, 0)::double as share,
    rule.moves as figures, rule.mend_en, rule.mend_zh, rule.document, rule.clause, rule.confirmed
from record_rule as rule
cross join everyone
left join counted on rule.rule_id = counted.rule_id
order by rule.place
