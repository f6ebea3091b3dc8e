-- makes: The experience that the reserve is looked at for, each dated row with what is counted.
-- reads: given.reserve_experience
-- scope: everyone
-- grain: rule_no
-- columns:
--   rule_no     INTEGER  number of the dated row
--   rule_id     VARCHAR  the rule
--   place       INTEGER  place in the list
--   name_en     VARCHAR  its name
--   name_zh     VARCHAR  its name in Chinese
--   basis       VARCHAR  what is counted: posts, programmes or bodies
--   least       INTEGER  how many different ones are asked
--   bodies      VARCHAR  kinds of body they are in, joined by |; null means any
--   roles       VARCHAR  roles, joined by |; null means any
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    cast(row_number() over (order by place, rule_id, valid_from) as integer) as rule_no,
    rule_id, place, name_en, name_zh, basis, least, bodies, roles, document, clause, confirmed, valid_from, valid_to
from given.reserve_experience
