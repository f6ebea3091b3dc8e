-- makes: What the duties of each unit ask of its team: so many people with a field.
-- reads: given.duty_need, unit
-- scope: everyone
-- grain: rule_id, valid_from, unit_no
-- columns:
--   rule_id     VARCHAR  the rule
--   place       INTEGER  place in the list
--   unit_no     INTEGER  the unit
--   roles       VARCHAR  roles that make up the team, joined by |
--   field       VARCHAR  the field
--   known_by    VARCHAR  study or work; null where either will do
--   people      INTEGER  people asked
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    rule.rule_id, rule.place, unit.unit_no, rule.roles, rule.field, rule.basis as known_by, rule.people,
    rule.document, rule.clause, rule.confirmed, rule.valid_from, rule.valid_to
from given.duty_need as rule
inner join unit
    on '|' || rule.bodies || '|' like '%|' || unit.body || '|%'
    and (rule.organs is null or '|' || rule.organs || '|' like '%|' || unit.organ || '|%')
    and (rule.unit_word is null or position(rule.unit_word in unit.name) > 0)
