-- makes: Every rule of entitlement, pay in lieu and talks, by its code.
-- reads: given.welfare_entitlement, given.talk_rule
-- scope: everyone
-- grain: rule_id, valid_from
-- columns:
--   rule_id     VARCHAR  the rule
--   place       INTEGER  place in the list; null outside the rules of talks
--   name_en     VARCHAR  name of a rule of talks
--   name_zh     VARCHAR  its name in Chinese
--   item        VARCHAR  the item it is about
--   kind        VARCHAR  right, excluded, pay, extra_pay, interval; of talks: round, trigger
--   years_from  INTEGER  full years of work from; null means any
--   years_to    INTEGER  full years of work below; null means any
--   bodies      VARCHAR  kinds of body, joined by |; null means any
--   levels      VARCHAR  post levels, joined by |; null means any
--   roles       VARCHAR  roles, joined by |; null means any
--   trigger     VARCHAR  what calls for the talk
--   amount      INTEGER  days, times or years a year; of pay: per cent of a day's wage
--   days        INTEGER  days within which a talk answers
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    rule_id, cast(null as integer) as place, cast(null as string) as name_en, cast(null as string) as name_zh,
    item, kind, years_from, years_to, bodies, cast(null as string) as levels, cast(null as string) as roles,
    cast(null as string) as trigger, amount, cast(null as integer) as days,
    document, clause, confirmed, valid_from, valid_to
from given.welfare_entitlement
union all
select
    rule_id, place, name_en, name_zh, 'talk', kind, null, null, null, levels, roles, trigger, times, days,
    document, clause, confirmed, valid_from, valid_to
from given.talk_rule
