-- makes: The age at which each leading role is left; a row that names organs goes before one that does not.
-- reads: retirement_rule, given.unit, given.posting
-- scope: everyone
-- grain: role, organ
-- columns:
--   role     VARCHAR  role in the team
--   organ    VARCHAR  nature of the organ, or none
--   rule_id  VARCHAR  the rule
--   age      INTEGER  age at which the post is left, years
with place as (
    select role.role, organ.organ
    from (select distinct role from given.posting) as role
    cross join (select distinct coalesce(organ, 'none') as organ from given.unit) as organ
),
fit as (
    select
        place.role, place.organ, rule.rule_id, rule.age,
        row_number() over (
            partition by place.role, place.organ
            order by case when rule.organs is null then 1 else 0 end, rule.rule_id
        ) as choice
    from place
    inner join retirement_rule as rule
        on rule.kind = 'post_line'
        and (rule.roles is null or '|' || rule.roles || '|' like '%|' || place.role || '|%')
        and (rule.organs is null or '|' || rule.organs || '|' like '%|' || place.organ || '|%')
)
select role, organ, rule_id, age from fit where choice = 1
