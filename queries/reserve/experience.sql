-- asks: How many of those in the reserve have each experience that postings show?
-- reads: reserve_spell, reserve_kind, reserve_past, reserve_experience, extent
-- takes: as_of, unit?
-- grain: reserve, rule_id
-- columns:
--   reserve        VARCHAR  what they are kept for
--   rule_id        VARCHAR  the rule on the experience
--   experience_en  VARCHAR  its name
--   experience_zh  VARCHAR  its name in Chinese
--   people         INTEGER  people in the reserve in the month
--   met            INTEGER  of them, people who have the experience
--   share          DOUBLE    met over people
--   document       VARCHAR  source
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with kind as (
    select reserve, place from reserve_kind where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
)
select
    kind.reserve, rule.rule_id, rule.name_en as experience_en, rule.name_zh as experience_zh,
    cast(count(*) as integer) as people,
    cast(count(*) filter (past.have_month <= $as_of) as integer) as met,
    count(*) filter (past.have_month <= $as_of) / count(*)::double as share,
    rule.document, rule.clause, rule.confirmed
from kind
inner join reserve_spell as spell
    on kind.reserve = spell.reserve and spell.start_month <= $as_of and spell.end_month > $as_of
inner join extent
    on spell.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join reserve_experience as rule
    on rule.valid_from <= $as_of and (rule.valid_to is null or rule.valid_to > $as_of)
left join reserve_past as past
    on spell.reserve = past.reserve and spell.person_id = past.person_id and spell.start_month = past.start_month
    and rule.rule_no = past.rule_no
group by
    kind.place, kind.reserve, rule.place, rule.rule_id, rule.name_en, rule.name_zh,
    rule.document, rule.clause, rule.confirmed
order by kind.place, rule.place
