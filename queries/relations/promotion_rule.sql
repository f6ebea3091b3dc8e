-- makes: From which posts a post is filled and the time required there, each dated row with its clause; a rule that names one on the grass roots holds while both do.
-- reads: given.promotion_rule, rotation_rule
-- scope: everyone
-- grain: rule_no
-- columns:
--   rule_no      INTEGER  number of the dated row
--   rule_id      VARCHAR  the rule
--   place        INTEGER  place in the list
--   name_en      VARCHAR  its name
--   name_zh      VARCHAR  its name in Chinese
--   bodies       VARCHAR  kinds of body whose posts are filled, joined by |
--   roles        VARCHAR  roles that are filled, joined by |
--   from_bodies  VARCHAR  kinds of body they are filled from, joined by |; null means any
--   from_roles   VARCHAR  roles they are filled from, joined by |
--   from_levels  VARCHAR  post levels they are filled from, joined by |; null means any
--   months       INTEGER  months required in such posts, added up; null means none
--   work_months  INTEGER  months required since beginning work; null means none
--   ground_no    INTEGER  rotation rule that says which months at the grass roots are required; null means none
--   document     VARCHAR  source
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
--   valid_from   INTEGER  first month it holds, YYYYMM
--   valid_to     INTEGER  first month it no longer holds, YYYYMM; 999912 while in force
with dated as (
    select
        given.*, ground.rule_no as ground_no,
        greatest(given.valid_from, coalesce(ground.valid_from, given.valid_from)) as first_month,
        least(coalesce(given.valid_to, 999912), coalesce(ground.valid_to, 999912)) as last_month
    from given.promotion_rule as given
    left join rotation_rule as ground on given.grassroots_rule = ground.rule_id and ground.basis = 'grassroots'
    where given.grassroots_rule is null or ground.rule_no is not null
)
select
    cast(row_number() over (order by place, rule_id, first_month) as integer) as rule_no,
    rule_id, place, name_en, name_zh, bodies, roles, from_bodies, from_roles, from_levels,
    months, work_months, ground_no, document, clause, confirmed, first_month as valid_from, last_month as valid_to
from dated
where first_month < last_month
