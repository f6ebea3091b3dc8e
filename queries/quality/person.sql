-- asks: Whose records are in doubt, by which rule, and which two months do not fit?
-- reads: doubt, record_rule, record_place, unit, extent
-- takes: unit?, doubt?
-- grain: rule_id, person_id, at_unit_id, post, start_month, stated_month
-- columns:
--   rule_id        VARCHAR  the rule
--   doubt_en       VARCHAR  its name
--   doubt_zh       VARCHAR  its name in Chinese
--   unit_id        VARCHAR  where the person's records belong; null without a post in a unit that is known
--   unit_name      VARCHAR  name of the unit
--   person_id      VARCHAR  who
--   name           VARCHAR  name
--   serving        BOOLEAN  now in post
--   at_unit_id     VARCHAR  unit of the post in doubt; null where it is about the person
--   post           VARCHAR  the post in doubt, else the one held last
--   start_month    INTEGER  month of its appointment, YYYYMM
--   stated_month   INTEGER  month that the record states, YYYYMM
--   against_month  INTEGER  month that it does not fit with, YYYYMM
--   mend_en        VARCHAR  how to mend it
--   mend_zh        VARCHAR  how to mend it, in Chinese
--   document       VARCHAR  source
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with span as (
    select first_no, last_no from extent where unit_id = coalesce($unit, '*')
)
select
    rule.rule_id, rule.name_en as doubt_en, rule.name_zh as doubt_zh,
    unit.unit_id, unit.name as unit_name, doubt.person_id, doubt.name, doubt.in_post as serving,
    doubt.at_unit_id, coalesce(doubt.post, place.post) as post,
    cast(floor(doubt.start_date / 100) as integer) as start_month, doubt.stated_month, doubt.against_month,
    rule.mend_en, rule.mend_zh, rule.document, rule.clause, rule.confirmed
from doubt
inner join record_rule as rule on doubt.rule_id = rule.rule_id
inner join record_place as place on doubt.person_id = place.person_id
left join span on doubt.unit_no between span.first_no and span.last_no
left join unit on doubt.unit_no = unit.unit_no
where ($doubt is null or rule.rule_id = $doubt)
    and (span.first_no is not null or ($unit is null and doubt.unit_no is null))
order by rule.place, not doubt.in_post, doubt.unit_no, doubt.person_id, doubt.start_date, doubt.post, doubt.stated_month, doubt.against_month
